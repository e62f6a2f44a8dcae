"""History in real servers: at every moment what a live exporter would have shown, with rates that count the facts."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import urlencode

import msgspec
import pytest

from tests.support.books import ledger_of
from tests.support.eventful import as_told, eventful
from tests.support.pages import Series
from tests.support.past import compared, facts_of, folded, served
from tests.support.servers import running_prometheus, running_victoria_metrics
from tradewatch.history import Order, Result, Surroundings, backfill
from tradewatch.stack import loopback

CONFIGURATION = """\
storage:
  tsdb:
    out_of_order_time_window: 10y
"""
INSTANTS = 100
STEP = 60
TARGET = {"job": "bot", "instance": "127.0.0.1:9102"}

Answer = Sequence[Mapping[str, Any]]  # Any: JSON


@contextmanager
def prometheus_in(folder: Path) -> Iterator[str]:
    with running_prometheus(CONFIGURATION, folder) as address:
        yield address


@contextmanager
def victoria_metrics_in(folder: Path) -> Iterator[str]:
    with running_victoria_metrics(folder, "-retentionPeriod=10y", "-dedup.minScrapeInterval=1ms") as address:
        yield address


SERVERS = {"prometheus": prometheus_in, "victoria metrics": victoria_metrics_in}


def ask(address: str, expression: str, at: float) -> Answer:
    words = urlencode({"query": expression, "time": at, "nocache": 1})
    answer = loopback.fetch(f"{address}/api/v1/query?{words}")
    assert answer is not None, expression
    result: Answer = msgspec.json.decode(answer)["data"]["result"]
    return result


def shown_at(address: str, at: int) -> Series:
    """Return every series that a server shows of the bot at a moment."""
    found: Series = {}
    for each in ask(address, f'{{job="{TARGET["job"]}"}}', at):
        labels = dict(each["metric"])
        assert {name: labels.pop(name) for name in TARGET} == TARGET
        found[labels.pop("__name__"), frozenset(labels.items())] = float(each["value"][1])
    return compared(found)


def written(ledger: Path, address: str, folder: Path, **changes: Any) -> Result:
    """Write a ledger's history, day by day from checkpoints; Any: an order's fields."""
    order = Order(ledger=ledger, url=f"{address}/api/v1/write", step=STEP, **changes)
    return backfill(order, Surroundings(state=folder / "state", facts_apart=100, samples_together=20_000))


@pytest.mark.parametrize("server", SERVERS)
def test_every_series_at_random_instants_is_what_a_live_exporter_shows_then(server: str, tmp_path: Path) -> None:
    entries = eventful()
    ledger = ledger_of(tmp_path / "bot.db", as_told(entries))
    with SERVERS[server](tmp_path) as address:
        result = written(ledger, address, tmp_path)
        loopback.fetch(f"{address}/internal/force_flush")
        assert result.span is not None
        moments = sorted(
            Random(1).sample(  # noqa: S311 - a choice of moments
                result.span.steps(STEP), INSTANTS
            )
        )
        found = {at: shown_at(address, at) for at in moments}
    assert min(map(len, found.values())) > 50
    in_order = facts_of(ledger, "bot")
    assert found == folded(in_order, "bot", moments)
    assert found == served(in_order, "bot", moments, tmp_path / "until.db")
