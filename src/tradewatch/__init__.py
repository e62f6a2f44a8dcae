"""Tradewatch: observability for algorithmic trading."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tradewatch.recorder import Recorder

__all__ = ["Recorder", "__version__"]

__version__ = "0.1.0"


def __getattr__(name: str) -> type:
    """Import `Recorder` when it is asked for, so that ``tradewatch --help`` does not wait for it."""
    if name == "Recorder":
        from tradewatch.recorder import Recorder  # noqa: PLC0415 - the point

        return Recorder
    message = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(message)
