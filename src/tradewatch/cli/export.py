"""``tradewatch export``."""
