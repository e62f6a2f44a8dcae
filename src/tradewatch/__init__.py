"""Tradewatch: observability for algorithmic trading."""

__version__ = "0.1.0"
