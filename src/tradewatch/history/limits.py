"""Whether a server keeps and takes what is to be written."""

import shutil
from ipaddress import ip_address

from tradewatch.errors import ConfigurationError
from tradewatch.history.remote import Address
from tradewatch.history.server import Limits
from tradewatch.history.spans import shown

BYTES_A_SAMPLE = 30
"""What a Prometheus needs on its disk at the most, until it has packed what came out of order."""

BYTES_IN_A_BLOCK = 12
"""What a sample needs in a block at the most, where no number is like the one before; one or two is usual."""


def require_reach(limits: Limits, first: int, now: float, address: Address) -> None:
    """Raise `ConfigurationError` when a server does not keep, or not take, what is as old as a moment (Unix)."""
    known = [each.total_seconds() for each in (limits.retention, limits.window) if each is not None]
    oldest = now - min(known, default=now)
    if first >= oldest:
        return
    message = (
        f"the history begins {shown(first)}, but the server at {address} keeps {_told(limits.retention)} "
        f"(--storage.tsdb.retention.time) and takes samples that are up to {_told(limits.window)} old "
        "(storage.tsdb.out_of_order_time_window in prometheus.yml): set both to 10y and start it again, or begin later "
        "with --from"
    )
    raise ConfigurationError(message)


def require_room(limits: Limits, samples: int, address: Address, each: int = BYTES_A_SAMPLE) -> None:
    """Raise `ConfigurationError` when the disk of a server on this machine has no room for so many samples."""
    if limits.data is None or not is_here(address.host) or not limits.data.is_dir():
        return
    free, needed = shutil.disk_usage(limits.data).free, samples * each
    if needed > free:
        message = (
            f"{samples:,} samples need some {needed / 1e6:,.0f} MB in {limits.data}, where {free / 1e6:,.0f} MB are "
            "free: free some space, or write less with --from, --step or --metrics"
        )
        raise ConfigurationError(message)


def is_here(host: str) -> bool:
    """Whether a host is this machine."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _told(limit: object) -> str:
    return "as much as it is told" if limit is None else str(limit)
