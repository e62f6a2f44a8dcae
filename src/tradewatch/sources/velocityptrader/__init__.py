"""Databases in the schema of VelocityPTrader: imported once, or followed while their owner goes on writing."""

FORMAT = "velocityptrader"
"""The name of the format."""

SYSTEM = "velocitytrader"
"""The system whose facts they bring."""

CURRENCY = "USD"
"""Of all their amounts."""
