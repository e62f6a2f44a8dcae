"""A thousand scrapes of a real exporter, while its ledger grows, leave nothing behind in its process."""

import http.client
import itertools
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import NamedTuple
from uuid import uuid4

import pytest

from tests.support.exporters import running_exporter
from tests.support.patience import SECONDS
from tests.support.servers import free_port
from tradewatch import Recorder
from tradewatch.facts import Direction
from tradewatch.stack.ports import LOOPBACK
from tradewatch.stack.waiting import wait_until

WARM_UP = 100
SCRAPES = 1_000
CONNECTIONS = 8
SCRAPES_A_TRADE = 10

MEMORY_MARGIN = 3_000
"""kB. A page kept for each scrape would be some 11 MB; a hundred trades more are 1 MB."""

ALONE = 2
"""The exporter's threads when it has no clients."""

OPENMETRICS = "application/openmetrics-text"
REQUESTS = tuple(
    itertools.product(("GET", "HEAD"), ("/metrics", "/metrics", "/", "/nothing"), ("*/*", OPENMETRICS), ("gzip", ""))
)


class Usage(NamedTuple):
    """What a process holds: open descriptors, threads, and memory in kB."""

    descriptors: int
    threads: int
    memory: int


def usage(pid: int) -> Usage:
    process = Path("/proc", str(pid))
    status = dict(line.split(":", 1) for line in (process / "status").read_text().splitlines())
    descriptors = sum(1 for _ in (process / "fd").iterdir())
    return Usage(descriptors, int(status["Threads"]), int(status["VmRSS"].split()[0]))


def settled(pid: int) -> Usage:
    """Return what a process holds once it has let its clients go."""
    assert wait_until(lambda: usage(pid).threads == ALONE, seconds=SECONDS), usage(pid)
    return usage(pid)


def scrape(port: int, count: int) -> Iterator[int]:
    """Make so many scrapes of every kind over some connections, some kept and some not; yield each one's number."""
    with ExitStack() as stack:
        connections = [
            stack.enter_context(closing(http.client.HTTPConnection(LOOPBACK, port, timeout=SECONDS)))
            for _ in range(CONNECTIONS)
        ]
        turns = zip(itertools.cycle(connections), itertools.cycle(REQUESTS), strict=False)
        for number, (connection, (method, path, accept, coding)) in enumerate(itertools.islice(turns, count)):
            kept = {} if number % 3 else {"Connection": "close"}
            connection.request(method, path, headers={"Accept": accept, "Accept-Encoding": coding, **kept})
            response = connection.getresponse()
            response.read()
            assert response.status == (404 if path == "/nothing" else 200)
            yield number


def scrape_and_trade(port: int, count: int, record: Recorder) -> None:
    for number in scrape(port, count):
        if number % SCRAPES_A_TRADE == 0:
            record.trade_closed(
                trade_id=str(uuid4()),
                asset="BTC-USD",
                direction=Direction.BUY,
                quantity=1.0,
                entry_price=100.0,
                exit_price=101.0,
            )


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="there is no /proc to look into")
def test_a_thousand_scrapes_leave_nothing_behind(tmp_path: Path) -> None:
    port, ledger = free_port(), tmp_path / "bot.db"
    with Recorder(ledger, mode="paper", starting_equity=1_000.0, currency="USD") as record:
        assert record.flush()
        with running_exporter(ledger, port) as exporter:
            scrape_and_trade(port, WARM_UP, record)
            before = settled(exporter.pid)
            scrape_and_trade(port, SCRAPES, record)
            after = settled(exporter.pid)
    assert after.descriptors == before.descriptors
    assert after.memory - before.memory < MEMORY_MARGIN, (before, after)
