"""History in real servers: at every moment what a live exporter would have shown, with rates that count the facts."""

import subprocess
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import urlencode

import msgspec
import pytest

from tests.support.books import ledger_of
from tests.support.eventful import as_told, eventful
from tests.support.exporters import running_exporter
from tests.support.facts import closed, started
from tests.support.pages import Series
from tests.support.past import OF_THE_PROCESS, compared, differences, facts_of, folded, served
from tests.support.patience import SECONDS
from tests.support.servers import answer_of, free_port, running_prometheus, running_victoria_metrics
from tradewatch.exporter import metrics
from tradewatch.facts import KIND_OF, Entry, Heartbeat
from tradewatch.history import Order, Result, Surroundings, backfill
from tradewatch.stack import loopback
from tradewatch.stack.plan import TRADEWATCH
from tradewatch.stack.ports import LOOPBACK
from tradewatch.stack.waiting import wait_until

CONFIGURATION = """\
storage:
  tsdb:
    out_of_order_time_window: 10y
"""
INSTANCES = {"bot": "127.0.0.1:9102", "hydra": "127.0.0.1:9101", "velocitytrader": "127.0.0.1:9090"}
INSTANTS = 100
STEP = 60
SCRAPES = """\
scrape_configs:
  - job_name: live
    scrape_interval: 1s
    static_configs:
      - targets: ["{target}"]
        labels: {{desk: "one"}}
"""
SCRAPED = {"up", "scrape_duration_seconds", "scrape_samples_scraped", "scrape_series_added"} | {
    "scrape_samples_post_metric_relabeling"
}
"""What Prometheus itself says of a scrape."""

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
BY_BLOCKS = {False: "sent", True: "by blocks"}
WAYS = [("prometheus", False), ("prometheus", True), ("victoria metrics", False)]
"""Which server, and whether its history comes by blocks, which it finds when it is started again."""


def ask(address: str, expression: str, at: float | None = None) -> Answer:
    words = urlencode({"query": expression, "nocache": 1} | ({} if at is None else {"time": at}))
    result: Answer = msgspec.json.decode(answer_of(f"{address}/api/v1/query?{words}"))["data"]["result"]
    return result


def name(series: Mapping[str, Any]) -> tuple[str, frozenset[tuple[str, str]]]:
    """Return the name and the labels of a series; Any: JSON."""
    labels = dict(series["metric"])
    return labels.pop("__name__"), frozenset(labels.items())


def two_hours_until_now() -> Iterator[Entry]:
    """Yield facts of a run that began two hours ago and is open."""
    begin = datetime.now(UTC) - timedelta(hours=2)
    run = started()
    yield Entry(begin, run.identity, run)
    for number in range(20):
        trade = closed(str(number), pnl=1.0)
        yield Entry(begin + timedelta(minutes=number), trade.identity, trade)
    yield Entry(begin + timedelta(hours=1.9), "beat", Heartbeat(interval=3_600.0))


def shown_at(address: str, at: int, job: str = "bot") -> Series:
    """Return every series that a server shows of a job at a moment."""
    found: Series = {}
    for each in ask(address, f'{{job="{job}"}}', at):
        labels = dict(each["metric"])
        assert (labels.pop("job"), labels.pop("instance")) == (job, INSTANCES[job])
        found[labels.pop("__name__"), frozenset(labels.items())] = float(each["value"][1])
    return compared(found)


def written(ledger: Path, address: str, folder: Path, **changes: Any) -> Result:
    """Write a ledger's history, day by day from checkpoints; Any: an order's fields."""
    order = Order(ledger=ledger, url=f"{address}/api/v1/write", step=STEP, **changes)
    return backfill(order, Surroundings(state=folder / "state", facts_apart=100, samples_together=20_000))


BEYOND_DECIMALS = {"bot_cagr_percent", "bot_calmar_ratio"}
"""VictoriaMetrics keeps twelve decimal digits of the largest of many samples: the growth of minutes, taken for a year,
hides what comes later."""

SHARE = {"prometheus": 0.0, "victoria metrics": 1e-11}
"""How exactly a server keeps numbers."""


def as_kept(server: str, pages: Mapping[int, Series]) -> Mapping[int, Series]:
    """Return pages without the numbers that a server does not keep."""
    lost = BEYOND_DECIMALS if server == "victoria metrics" else ()
    return {at: {key: value for key, value in page.items() if key[0] not in lost} for at, page in pages.items()}


@pytest.mark.parametrize(("server", "by_blocks"), WAYS, ids=lambda value: BY_BLOCKS.get(value, value))
def test_every_series_at_random_instants_is_what_a_live_exporter_shows_then(
    server: str, *, by_blocks: bool, tmp_path: Path
) -> None:
    ledger = ledger_of(tmp_path / "bot.db", as_told(eventful()))
    with SERVERS[server](tmp_path) as address:
        result = written(ledger, address, tmp_path, blocks=tmp_path / "data" if by_blocks else None)
        loopback.fetch(f"{address}/internal/force_flush")
    assert result.span is not None
    with SERVERS[server](tmp_path) as address:
        moments = sorted(Random(1).sample(result.span.steps(STEP), INSTANTS))  # noqa: S311 - a choice of moments
        found = as_kept(server, {at: shown_at(address, at) for at in moments})
    assert min(map(len, found.values())) > 50
    in_order = facts_of(ledger, "bot")
    assert differences(found, as_kept(server, folded(in_order, "bot", moments)), SHARE[server]) == []
    live = served(in_order, "bot", moments, tmp_path / "until.db")
    assert differences(found, as_kept(server, live), SHARE[server]) == []


@pytest.mark.parametrize(("system", "by_blocks"), [("velocitytrader", False), ("hydra", True)])
def test_the_history_of_a_trading_system_is_what_its_exporter_shows(
    system: str, *, by_blocks: bool, tmp_path: Path
) -> None:
    ledger = tmp_path / "run.db"
    words = ("--start", "2026-01-01", "--days", "0.3", "--fast", "--seed", "7", "--quiet", "--ledger", str(ledger))
    subprocess.run([TRADEWATCH, "run", system, *words], check=True, capture_output=True)
    with prometheus_in(tmp_path) as address:
        result = written(ledger, address, tmp_path, blocks=tmp_path / "data" if by_blocks else None)
    assert result.span is not None
    with prometheus_in(tmp_path) as address:
        moments = sorted(Random(2).sample(result.span.steps(STEP), 20))  # noqa: S311 - a choice of moments
        found = {at: shown_at(address, at, system) for at in moments}
    assert min(map(len, found.values())) > 50
    assert differences(found, folded(facts_of(ledger, system), system, moments)) == []


def test_counters_count_the_ledgers_facts_and_never_fall(tmp_path: Path) -> None:
    entries = eventful()
    ledger = ledger_of(tmp_path / "bot.db", as_told(entries))
    end = entries[-1].time.timestamp()
    with prometheus_in(tmp_path) as address:
        written(ledger, address, tmp_path)
        facts = ask(address, "tradewatch_facts_total[3d]", end + STEP)
        trades = ask(address, "bot_trades_total[3d]", end + STEP)
        counters = '{__name__=~".+_total|.+_bucket|.+_count|.+_duration_seconds_sum"}'
        names = [each["metric"]["__name__"] for each in ask(address, f"count by (__name__) ({counters})", end)]
        resets = [each for name in names for each in ask(address, f"resets({name}[3d]) > 0", end + STEP)]
    told = Counter(KIND_OF[type(entry.fact)] for entry in entries)
    first = {each["metric"]["kind"]: float(each["values"][0][1]) for each in facts}
    last = {each["metric"]["kind"]: float(each["values"][-1][1]) for each in facts}
    assert (set(first.values()), {kind: count for kind, count in last.items() if count}) == ({0.0}, dict(told))
    assert sum(float(each["values"][-1][1]) for each in trades) == told["trade_closed"]
    assert {"bot_trades_total", "tradewatch_facts_total"} <= set(names)
    assert resets == []


def test_history_meets_live_scrapes_in_the_same_series_without_an_overlap(tmp_path: Path) -> None:
    port, ledger = free_port(), ledger_of(tmp_path / "bot.db", two_hours_until_now())
    scrapes = SCRAPES.format(target=f"{LOOPBACK}:{port}")
    with running_exporter(ledger, port), running_prometheus(CONFIGURATION + scrapes, tmp_path) as address:
        assert wait_until(lambda: bool(ask(address, "bot_trades_total")), seconds=SECONDS)
        result = written(ledger, address, tmp_path)
        assert result.span is not None
        raw = ask(address, '{job="live"}[3h]')
        again = written(ledger, address, tmp_path)
    kept = {name(each): [at for at, _ in each["values"]] for each in raw}
    assert len(kept) == len(raw)
    of_facts = {key: times for key, times in kept.items() if min(times) < result.span.last}
    live_only = {key[0] for key in kept.keys() - of_facts.keys()}
    assert {metrics.SOURCE_UP.name, metrics.REFOLDS.name, "up"} <= live_only <= OF_THE_PROCESS | SCRAPED
    for key, times in of_facts.items():
        apart = [after - before for before, after in pairwise(times)]
        assert all(0 < each <= STEP + 6 for each in apart), key
        assert times[-1] > result.span.last or times[-1] == result.span.first, key  # what was gone at the second moment
    assert again.span is None
