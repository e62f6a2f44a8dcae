"""Waiting for a condition, never for a while."""

import time
from collections.abc import Callable

INTERVAL_SECONDS = 0.1


def wait_until(condition: Callable[[], bool], *, seconds: float) -> bool:
    """Return whether ``condition`` came true within ``seconds``; it is asked at least once."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() >= deadline:
            return False
        time.sleep(INTERVAL_SECONDS)
    return True
