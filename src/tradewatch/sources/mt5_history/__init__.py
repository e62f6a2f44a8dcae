"""Account histories as MetaTrader 5 exports them."""
