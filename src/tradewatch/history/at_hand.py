"""A Prometheus whose folder of data is at hand: whether it is that folder, and up to when blocks may reach."""

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tradewatch.errors import ConfigurationError
from tradewatch.history.limits import is_here
from tradewatch.history.remote import Address
from tradewatch.history.server import Limits, Server

SEEN_AT_ONCE = 3_600
"""Seconds before now of which nothing comes as blocks: a server finds those within a minute only.

What was sent out of order is read anew when Prometheus is started again: for six hours of two systems it took 13 s.
"""

_PACKED_AFTER = 3 * 3_600
"""Seconds of samples with which Prometheus begins to pack those that it holds in memory."""

_LOOKS, _BETWEEN_LOOKS = 24, 5.0
"""It packs within a minute of its start."""


def require_data(folder: Path, limits: Limits, address: Address) -> None:
    """Raise `ConfigurationError` when a folder is not where the server keeps its data."""
    if not is_here(address.host):
        message = f"--blocks is for a Prometheus on this machine, and {address} is elsewhere: leave --blocks out"
        raise ConfigurationError(message)
    if limits.data is None:
        message = (
            f"the server at {address} does not say where it keeps its data: start Prometheus with a "
            "--storage.tsdb.path that begins with /, or leave --blocks out"
        )
        raise ConfigurationError(message)
    if not limits.data.is_dir() or limits.data.resolve() != folder.resolve():
        message = f"the server at {address} keeps its data in {limits.data}, not in {folder}: give --blocks that folder"
        raise ConfigurationError(message)


def sent_since(server: Server, now: Callable[[], float], pause: Callable[[float], None]) -> float:
    """Return since when samples have to be sent (Unix): what is older may come as blocks.

    No block may reach into what Prometheus holds in memory. It merges blocks, and at its next start takes for written
    whatever in its log is older than the newest of them: it would drop what it has scraped itself and was sent.
    """
    head = server.head()
    for _ in range(_LOOKS):
        if head is None or head.last - head.first <= _PACKED_AFTER:
            break
        pause(_BETWEEN_LOOKS)
        head = server.head()
    recent = now() - SEEN_AT_ONCE
    return recent if head is None else min(recent, head.first)


@contextmanager
def one_at_a_time(folder: Path) -> Iterator[None]:
    """Let nobody else who says so of the same folder go on meanwhile; who dies lets the next one go on."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
