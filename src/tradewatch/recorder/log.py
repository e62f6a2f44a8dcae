"""The recorder's log. A program whose logging fails loses the message, not its facts."""

import logging
from contextlib import suppress

_log = logging.getLogger("tradewatch.recorder")


def warn(message: str, *values: object, error: BaseException | None = None) -> None:
    """Log a warning, with the trace of an error that is no known one."""
    with suppress(Exception):
        _log.warning(message, *values, exc_info=error)


def inform(message: str, *values: object) -> None:
    """Log good news."""
    with suppress(Exception):
        _log.info(message, *values)
