"""Outages within a minute, history that comes late, bars that are longer than a minute."""

import json
from collections.abc import Sequence
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.support.ledgers import rows
from tests.support.runs import FEW, START, feed_of, traded
from tests.unit.cli.test_commands import run
from tradewatch.facts import Mode
from tradewatch.ledger import Row, SqliteAppender
from tradewatch.market.aggregation import BarBuilder
from tradewatch.market.bars import Bar, Timeframe
from tradewatch.market.clock import SimulatedClock
from tradewatch.market.simulated import SimulatedFeed
from tradewatch.market.terminal import Outages, SimulatedTerminal, TerminalRefused
from tradewatch.systems.running import Settings, Source
from tradewatch.systems.velocitytrader.assembly import SYSTEM, assembled


def of_kind(found: list[Row], kind: str) -> list[dict[str, Any]]:  # Any: JSON
    return [json.loads(row.body) for row in found if row.kind == kind]


def late(found: list[Row]) -> list[Row]:
    newest, behind = 0, []
    for row in found:
        if row.time < newest:
            behind.append(row)
        newest = max(newest, row.time)
    return behind


def test_after_an_outage_that_ends_within_a_minute_nothing_comes_late(tmp_path: Path) -> None:
    begins = [START + timedelta(minutes=minute) for minute in range(31, 300, 30)]
    outages = Outages(scheduled=tuple((begin, begin + timedelta(minutes=9, seconds=20)) for begin in begins))
    found = traded(tmp_path / "v.db", feed_of(0.25), outages=outages)
    assert len(of_kind(found, "connection_changed")) > 20
    assert late(found) == []


def test_an_order_that_was_decided_within_a_bar_is_not_filled_at_its_open(tmp_path: Path) -> None:
    begins = [START + timedelta(minutes=minute) for minute in range(31, 300, 30)]
    outages = Outages(scheduled=tuple((begin, begin + timedelta(minutes=9, seconds=20)) for begin in begins))
    found = traded(tmp_path / "v.db", feed_of(0.25), outages=outages)
    taken = {row.time for row in found if row.kind == "signal_given"}
    opened = [row.time for row in found if row.kind == "trade_opened"]
    minute = 60 * 10**6
    for time in opened:
        assert any(decided <= time - minute for decided in taken)


class ForgetfulTerminal(SimulatedTerminal):
    """A terminal that tells no history at first, as one that is still downloading it."""

    answers = 0

    def history(self, symbol: str, timeframe: Timeframe, count: int) -> Sequence[Bar]:
        self.answers += 1
        if self.answers <= 5:
            sentence = "the history is being downloaded"
            msg = "busy"
            raise TerminalRefused(msg, sentence)
        return super().history(symbol, timeframe, count)


def test_history_that_is_not_told_at_once_is_asked_for_again(tmp_path: Path) -> None:
    feed, clock = feed_of(0.05), SimulatedClock(START)
    terminal = ForgetfulTerminal(feed, clock, seed=3)
    with closing(SqliteAppender(tmp_path / "v.db")) as appender:
        source = Source(
            terminal=terminal,
            instruments=feed.instruments,
            mode=Mode.SIMULATED,
            label="simulated",
            is_over=lambda: feed.is_over,
            terminal_state=terminal,
        )
        assembled(source, Settings(seed=3), {}, clock=clock, appender=appender).run()
    found = rows(tmp_path / "v.db", SYSTEM)
    measured = {body["asset"] for body in of_kind(found, "bar_closed") if body.get("indicators")}
    assert measured == set(FEW)


@pytest.mark.parametrize(("minutes", "timeframe"), [(5, "M5"), (15, "M15"), (60, "H1")])
def test_a_replay_of_longer_bars_has_its_physics(tmp_path: Path, minutes: int, timeframe: str) -> None:
    feed = SimulatedFeed(FEW, seed=3, start=START, days=minutes / 5, warm_up=timedelta(0))
    bars = feed.advance(START + timedelta(days=400))
    builder = BarBuilder(Timeframe[timeframe])
    for symbol in FEW:
        lines = [
            f"{bar.time.isoformat()},{bar.open},{bar.high},{bar.low},{bar.close},{bar.volume}"
            for minute in bars
            if minute.asset == symbol
            for bar in builder.update(minute)
        ]
        (tmp_path / f"{symbol}-{timeframe}.csv").write_text("\n".join(["time,open,high,low,close,volume", *lines]))
    done = run("run", "velocitytrader", "--feed", f"replay:{tmp_path}", "--fast", "--ledger", tmp_path / "v.db")
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    found = rows(tmp_path / "v.db", SYSTEM)
    assert any(body.get("indicators") for body in of_kind(found, "bar_closed"))
    assert {body["timeframe"] for body in of_kind(found, "regime_entered")} == {timeframe}
    told = [row.id for row in found if row.kind == "bar_closed"]
    assert len(told) == len(set(told))
    assert late(found) == []
