"""The terminal vanishes for ten minutes while a runtime asks it every second."""

from datetime import datetime
from itertools import pairwise
from typing import NamedTuple

import pytest

from tests.support.terminals import EURUSD, MINUTE, START, TableFeed, clock_at, rising
from tradewatch.facts import ConnectionChanged, Entry, ErrorOccurred, Severity
from tradewatch.market.bars import Timeframe
from tradewatch.market.quotes import Quote
from tradewatch.market.terminal import BreakerState, Gateway, Outages, ReceivedBar, SimulatedTerminal

GONE, BACK = START + MINUTE * 5, START + MINUTE * 15
END = START + MINUTE * 25


class Diary(NamedTuple):
    """What a runtime saw: second by second, and each thing when it came."""

    states: dict[datetime, BreakerState]
    quotes: list[tuple[datetime, Quote]]
    bars: list[tuple[datetime, ReceivedBar]]
    entries: list[Entry]

    def errors(self, kind: str) -> list[Entry]:
        return [each for each in self.entries if isinstance(each.fact, ErrorOccurred) and each.fact.type == kind]

    def told(self) -> list[tuple[datetime, ConnectionChanged]]:
        return [(each.time, each.fact) for each in self.entries if isinstance(each.fact, ConnectionChanged)]

    def changes(self) -> list[tuple[datetime, ConnectionChanged]]:
        return [(time, fact) for time, fact in self.told() if fact.connected or fact.attempt == 0]


@pytest.fixture(scope="module")
def diary() -> Diary:
    clock = clock_at(0)
    outages = Outages(scheduled=((GONE, BACK),))
    terminal = SimulatedTerminal(TableFeed(rising(30)), clock, seed=1, outages=outages)
    gateway = Gateway(terminal, clock)
    diary = Diary({}, [], [], [])
    while clock.now() < END:
        now = clock.now()
        gateway.poll()
        diary.states[now] = gateway.breaker
        diary.quotes.extend((now, quote) for quote in gateway.quotes([EURUSD]).values())
        diary.bars.extend((now, received) for received in gateway.new_bars(EURUSD, Timeframe.M1))
        diary.entries.extend(gateway.take_entries())
        clock.wait_until(now + MINUTE / 60)
    return diary


def test_that_it_is_gone_and_back_is_told_once_each(diary: Diary) -> None:
    (_, first), (gone_at, gone), (back_at, back) = diary.changes()
    assert first.connected
    assert (gone_at, gone.connected) == (GONE, False)
    assert back.connected
    assert back_at >= BACK
    assert back.attempt == len(diary.errors("connect_lost")) + 1
    failed = [fact.attempt for _, fact in diary.told() if not fact.connected and fact.attempt]
    assert failed == list(range(1, back.attempt))
    assert back.detail == "a demo account in USD; the breaker is closed again"


def test_it_is_tried_ever_more_seldom(diary: Diary) -> None:
    tries = [each.time for each in diary.errors("connect_lost")]
    waits = [(after - before).total_seconds() for before, after in pairwise(tries)]
    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256]
    assert diary.changes()[2][0] - tries[-1] == MINUTE * 5  # the longest wait


def test_the_breaker_opens_and_says_so_and_closes(diary: Diary) -> None:
    (opened,) = diary.errors("breaker_open")
    assert isinstance(opened.fact, ErrorOccurred)
    assert opened.fact.severity is Severity.HIGH
    assert opened.fact.message == "the breaker is open after 5 failures in a row to connect"
    assert opened.time == GONE + MINUTE * 15 / 60  # tries after 0, 1, 3, 7 and 15 seconds
    open_for = [now for now, state in diary.states.items() if state is BreakerState.OPEN]
    assert min(open_for) == opened.time
    assert max(open_for) < diary.changes()[2][0]
    assert diary.states[END - MINUTE / 60] is BreakerState.CLOSED


def test_no_stale_quote_is_seen(diary: Diary) -> None:
    back_at = diary.changes()[2][0]
    assert not [now for now, _ in diary.quotes if GONE <= now < back_at]
    assert all(now - quote.time < MINUTE for now, quote in diary.quotes)


def test_the_bars_that_were_missed_come_late_once_and_marked_as_old(diary: Diary) -> None:
    assert [received.bar.time for _, received in diary.bars] == [START + MINUTE * number for number in range(1, 25)]
    back_at = diary.changes()[2][0]
    at_once = [received for now, received in diary.bars if now == back_at]
    assert [received.bar.time for received in at_once if received.is_old] == [
        START + MINUTE * number for number in range(5, 5 + len(at_once) - 1)
    ]
    assert not at_once[-1].is_old
    assert all(received.is_old is (now - received.bar.time >= MINUTE) for now, received in diary.bars)
