"""A real Prometheus counts every trade once, whatever happens to the exporter that it scrapes."""

import itertools
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.support.exporters import running_exporter
from tests.support.ledgers import kinds
from tests.support.patience import SECONDS
from tests.support.servers import answer_of, free_port, running_prometheus
from tradewatch import Recorder
from tradewatch.facts import Direction
from tradewatch.stack import prometheus
from tradewatch.stack.ports import LOOPBACK
from tradewatch.stack.waiting import wait_until

RESTARTS = 4

CONFIGURATION = """\
global:
  scrape_interval: 1s
scrape_configs:
  - job_name: bot
    static_configs:
      - targets: ["{target}"]
"""

OUTCOMES = {"win": 101.0, "loss": 99.0, "scratch": 100.0}
"""The exit price of a long trade that entered at 100."""


class Bot:
    """Trades that end in every way in turn, and how many of each there were."""

    def __init__(self, record: Recorder) -> None:
        self.closed: Counter[str] = Counter()
        self._record = record
        self._turns = enumerate(itertools.cycle(OUTCOMES.items()))

    def trade(self, count: int) -> None:
        for number, (outcome, price) in itertools.islice(self._turns, count):
            self._record.trade_closed(
                trade_id=str(number),
                asset="BTC-USD",
                direction=Direction.BUY,
                quantity=1.0,
                entry_price=100.0,
                exit_price=price,
            )
            self.closed[outcome] += 1


def ask(address: str, expression: str) -> Sequence[Mapping[str, Any]]:
    """Return the series of Prometheus' answer. Any: JSON."""
    answer = answer_of(prometheus.query_address(int(address.rpartition(":")[2]), expression))
    series: Sequence[Mapping[str, Any]] = json.loads(answer)["data"]["result"]
    return series


def now(address: str, expression: str) -> dict[str, float]:
    """Return the value of each outcome's series now."""
    return {each["metric"]["outcome"]: float(each["value"][1]) for each in ask(address, expression)}


def samples(address: str, expression: str) -> dict[str, list[float]]:
    """Return all samples of each outcome's series, as they were scraped."""
    found = [(each["metric"]["outcome"], each["values"]) for each in ask(address, expression)]
    assert len(dict(found)) == len(found), "an outcome has more than one series"
    return {outcome: [float(value) for _, value in values] for outcome, values in found}


def increase(values: Iterable[float]) -> float:
    """Return a counter's increase as Prometheus reckons it before it extrapolates: a fall is a start at 0."""
    return sum(after - before if after >= before else after for before, after in itertools.pairwise(values))


@pytest.mark.parametrize(("values", "expected"), [([3.0], 0.0), ([3.0, 5.0, 5.0], 2.0), ([3.0, 5.0, 1.0, 2.0], 4.0)])
def test_an_increase_counts_on_after_a_reset(values: Sequence[float], expected: float) -> None:
    assert increase(values) == expected


def test_no_restart_of_the_exporter_loses_or_repeats_a_trade(tmp_path: Path) -> None:
    ledger, port = tmp_path / "bot.db", free_port()
    configuration = CONFIGURATION.format(target=f"{LOOPBACK}:{port}")
    with Recorder(ledger, mode="paper", starting_equity=1_000.0, currency="USD") as record:
        bot = Bot(record)
        bot.trade(10)
        assert record.flush()
        before = dict(bot.closed)
        with running_prometheus(configuration, tmp_path) as address:
            trade_through_restarts(bot, ledger, port, address)
            scraped = samples(address, "bot_trades_total[10m]")
            resets = now(address, "resets(bot_trades_total[10m])")
    assert kinds(ledger).count("trade_closed") == bot.closed.total()
    assert {outcome: values[0] for outcome, values in scraped.items()} == before
    assert {outcome: before[outcome] + increase(values) for outcome, values in scraped.items()} == bot.closed
    assert resets == dict.fromkeys(OUTCOMES, 0.0)
    assert all(values == sorted(values) for values in scraped.values())


def trade_through_restarts(bot: Bot, ledger: Path, port: int, address: str) -> None:
    """Trade before, while and after the exporter is killed, several times; each time until Prometheus has seen it."""
    for restart in range(1 + RESTARTS):
        with running_exporter(ledger, port) as exporter:
            assert_seen(bot, address)
            bot.trade(10 + restart)
            assert_seen(bot, address)
            bot.trade(10)
            exporter.kill()
            bot.trade(10)
    with running_exporter(ledger, port):
        assert_seen(bot, address)


def assert_seen(bot: Bot, address: str) -> None:
    expected = dict(bot.closed)
    assert wait_until(lambda: now(address, "bot_trades_total") == expected, seconds=SECONDS), (
        now(address, "bot_trades_total"),
        expected,
    )
