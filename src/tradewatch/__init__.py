"""Tradewatch: observability for algorithmic trading."""

from tradewatch.recorder import Recorder

__all__ = ["Recorder", "__version__"]

__version__ = "0.1.0"
