"""VelocityPTrader: two agents on many symbols and timeframes."""
