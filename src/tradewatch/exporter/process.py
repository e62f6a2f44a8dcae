"""The running process as the kernel sees it; empty where there is no /proc."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

from tradewatch.catalog import Metric
from tradewatch.exporter import metrics

_STATUS = Path("/proc/self/statm")
_STARTED = time.time() - time.process_time()
"""Taken when this module is imported; a moment after the process began."""


def readings() -> Iterator[tuple[Metric, float]]:
    """Yield the process metrics and their values now."""
    yield metrics.CPU_SECONDS, time.process_time()
    yield metrics.START_SECONDS, _STARTED
    if _STATUS.exists():
        yield metrics.RESIDENT_BYTES, int(_STATUS.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
        yield metrics.OPEN_DESCRIPTORS, _entries("fd")
        yield metrics.THREADS, _entries("task")


def _entries(folder: str) -> int:
    return sum(1 for _ in Path("/proc/self", folder).iterdir())
