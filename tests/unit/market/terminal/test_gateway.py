import json
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from itertools import count, pairwise

import pytest

from tests.support.terminals import EURUSD, MINUTE, START, USDJPY, TableFeed, clock_at, order, rising
from tradewatch.facts import (
    CallTimed,
    Canonical,
    ConnectionChanged,
    Entry,
    ErrorOccurred,
    Fact,
    QuotesRefused,
    canonical,
)
from tradewatch.market.bars import Timeframe
from tradewatch.market.clock import SimulatedClock
from tradewatch.market.terminal import (
    BreakerState,
    Faults,
    Gateway,
    Outages,
    Receipt,
    SimulatedTerminal,
    TerminalRefused,
    Unanswered,
)

SECOND = timedelta(seconds=1)
TEN_MINUTES = Outages(scheduled=((START + MINUTE * 5, START + MINUTE * 15),))


def terminal_of(
    clock: SimulatedClock, outages: Outages | None = None, faults: Faults | None = None, minutes: int = 60
) -> SimulatedTerminal:
    feed = TableFeed(rising(minutes) + rising(minutes, USDJPY, 150.0))
    return SimulatedTerminal(feed, clock, seed=1, outages=outages or Outages(), faults=faults or Faults())


def facts_of(entries: Sequence[Entry], kind: type[Fact]) -> list[Fact]:
    return [entry.fact for entry in entries if isinstance(entry.fact, kind)]


def test_the_first_connection_is_a_fact_and_standing_is_none() -> None:
    clock = clock_at(1)
    gateway = Gateway(terminal_of(clock), clock)
    assert gateway.poll()
    (entry,) = gateway.take_entries()
    assert entry.time == START + MINUTE
    assert entry.fact == ConnectionChanged(connection="mt5", connected=True, attempt=1, detail="a demo account in USD")
    assert gateway.poll()
    assert gateway.take_entries() == []
    assert gateway.account is not None
    assert EURUSD in gateway.instruments


def test_a_terminal_that_was_never_there_is_told_as_not_connected() -> None:
    clock = clock_at(5)
    gateway = Gateway(terminal_of(clock, TEN_MINUTES), clock)
    assert not gateway.poll()
    sentence = "the simulated terminal has an outage: connect again later"
    assert [entry.fact for entry in gateway.take_entries()] == [
        ErrorOccurred(component="mt5", type="connect_lost", message=sentence),
        ConnectionChanged(connection="mt5", connected=False, detail=sentence),
        ConnectionChanged(connection="mt5", connected=False, attempt=1, detail=sentence),
    ]


def test_without_a_connection_nothing_is_asked_and_nothing_raised() -> None:
    clock = clock_at(5)
    gateway = Gateway(terminal_of(clock, TEN_MINUTES), clock)
    gateway.poll()
    gateway.take_entries()
    assert gateway.quotes([EURUSD]) == {}
    assert gateway.new_bars(EURUSD, Timeframe.M1) == []
    assert gateway.warm_up(EURUSD, Timeframe.M1, 9) is None
    for answer in (gateway.send(order()), gateway.close("t-1"), gateway.positions()):
        assert answer == Unanswered("lost", "there is no connection to the terminal", may_have_happened=False)
    assert gateway.take_entries() == []


def test_a_loss_is_noticed_in_whatever_call_it_happens() -> None:
    clock = clock_at(4)
    gateway = Gateway(terminal_of(clock, TEN_MINUTES), clock)
    gateway.poll()
    gateway.take_entries()
    clock.wait_until(START + MINUTE * 5)
    sent = gateway.send(order())
    assert isinstance(sent, Unanswered)
    assert sent.may_have_happened
    types = [type(entry.fact) for entry in gateway.take_entries()]
    assert types == [ErrorOccurred, ConnectionChanged]


def test_a_refusal_is_a_fact_and_the_connection_stands() -> None:
    clock = clock_at(1)
    gateway = Gateway(terminal_of(clock), clock)
    gateway.poll()
    gateway.take_entries()
    answer = gateway.close("t-1")
    assert answer == Unanswered("10036", "there is no open position of the order t-1 (10036)", may_have_happened=False)
    (entry,) = gateway.take_entries()
    assert entry.fact == ErrorOccurred(component="mt5", type="close_refused", message=answer.sentence)
    assert gateway.poll()
    assert isinstance(gateway.send(order()), Receipt)


def test_a_terminal_that_refuses_to_log_in_is_tried_again_as_one_that_is_lost() -> None:
    class Refusing(SimulatedTerminal):
        def connect(self) -> None:
            code, sentence = "-6", "the terminal does not accept the password"
            raise TerminalRefused(code, sentence)

    clock = clock_at(1)
    gateway = Gateway(Refusing(TableFeed([]), clock, seed=1), clock)
    tries = 0
    for _ in range(60):
        gateway.poll()
        tries += len(facts_of(gateway.take_entries(), ErrorOccurred))
        clock.wait_until(clock.now() + SECOND)
    assert tries == 6 + 1  # at 0, 1, 3, 7, 15 and 31 seconds; one more fact says that the breaker opened


def test_calls_are_timed_where_there_is_a_stopwatch() -> None:
    clock, ticks = clock_at(4), count()
    gateway = Gateway(terminal_of(clock, TEN_MINUTES), clock, stopwatch=lambda: float(next(ticks)))
    gateway.poll()
    gateway.quotes(["EURUSD"])
    clock.wait_until(START + MINUTE * 5)
    gateway.quotes([EURUSD])
    timed = facts_of(gateway.take_entries(), CallTimed)
    assert timed == [
        CallTimed(api="mt5", endpoint="connect", seconds=1.0),
        CallTimed(api="mt5", endpoint="account", seconds=1.0),
        CallTimed(api="mt5", endpoint="symbols", seconds=1.0),
        CallTimed(api="mt5", endpoint="quote", seconds=1.0, error="unknown_symbol"),
        CallTimed(api="mt5", endpoint="quote", seconds=1.0, error="lost"),
    ]


def test_refused_quotes_are_told_once_a_cycle() -> None:
    clock = clock_at(1)
    gateway = Gateway(terminal_of(clock, faults=Faults(crossed=1.0)), clock)
    gateway.poll()
    assert gateway.quotes([EURUSD, USDJPY]) == {}
    refused = facts_of(gateway.take_entries(), QuotesRefused)
    assert refused == [QuotesRefused(asset=asset, reason="crossed", count=1) for asset in (EURUSD, USDJPY)]
    assert gateway.take_entries() == []


def test_bars_come_once_and_the_ones_before_the_start_by_warming_up() -> None:
    clock = clock_at(3)
    gateway = Gateway(terminal_of(clock), clock)
    gateway.poll()
    bars = gateway.warm_up(EURUSD, Timeframe.M1, 2) or ()
    assert [bar.time for bar in bars] == [
        START + MINUTE * 2,
        START + MINUTE * 3,
    ]
    assert gateway.new_bars(EURUSD, Timeframe.M1) == []
    assert gateway.new_bars(USDJPY, Timeframe.M1) == []
    clock.wait_until(START + MINUTE * 4)
    for symbol in (EURUSD, USDJPY):
        (received,) = gateway.new_bars(symbol, Timeframe.M1)
        assert (received.bar.asset, received.bar.time, received.is_old) == (symbol, START + MINUTE * 4, False)
        assert gateway.new_bars(symbol, Timeframe.M1) == []
    assert facts_of(gateway.take_entries(), QuotesRefused) == []  # none was asked for twice


def test_a_bar_is_old_from_a_minute_after_its_end() -> None:
    clock = clock_at(1)
    gateway = Gateway(terminal_of(clock), clock)
    gateway.poll()
    clock.wait_until(START + MINUTE * 3)
    assert [received.is_old for received in gateway.new_bars(EURUSD, Timeframe.M1)] == [True, False]


def run(outages: Outages, seconds: int, step: int = 1) -> list[Entry]:
    clock = clock_at(1)
    gateway = Gateway(terminal_of(clock, outages), clock)
    entries = []
    for _ in range(seconds // step):
        gateway.poll()
        gateway.quotes([EURUSD])
        gateway.new_bars(EURUSD, Timeframe.M1)
        entries += gateway.take_entries()
        clock.wait_until(clock.now() + SECOND * step)
    return entries


def test_the_same_run_tells_the_same_facts_under_the_same_ids_each_fit_for_a_ledger() -> None:
    entries = run(TEN_MINUTES, 1200)
    assert entries == run(TEN_MINUTES, 1200)
    assert max(Counter(entry.id for entry in entries).values()) == 1
    assert all(isinstance(canonical(entry), Canonical) for entry in entries)


def test_a_gateway_that_is_restored_goes_on_without_a_word() -> None:
    clock = clock_at(2)
    terminal = terminal_of(clock)
    gateway = Gateway(terminal, clock)
    gateway.poll()
    gateway.new_bars(EURUSD, Timeframe.M1)
    gateway.take_entries()
    state = json.loads(json.dumps({"terminal": terminal.state(), "gateway": gateway.state()}))
    clock.wait_until(START + MINUTE * 4)
    restored_terminal = terminal_of(clock)
    restored_terminal.restore(state["terminal"])
    restored = Gateway(restored_terminal, clock)
    restored.restore(state["gateway"])
    assert restored.poll()
    assert EURUSD in restored.quotes([EURUSD])
    assert restored.new_bars(EURUSD, Timeframe.M1) == gateway.new_bars(EURUSD, Timeframe.M1)
    assert restored.take_entries() == []


def test_a_gateway_restored_beside_a_new_terminal_connects_again() -> None:
    clock = clock_at(2)
    gateway = Gateway(terminal_of(clock), clock)
    gateway.poll()
    state = gateway.state()
    restored = Gateway(terminal_of(clock), clock)
    restored.restore(state)
    assert restored.poll()
    changes = facts_of([*gateway.take_entries(), *restored.take_entries()], ConnectionChanged)
    assert [change.connected for change in changes if isinstance(change, ConnectionChanged)] == [True, False, True]


def test_a_back_off_survives_a_restart() -> None:
    clock = clock_at(5)
    gateway = Gateway(terminal_of(clock, TEN_MINUTES), clock)
    for _ in range(20):
        gateway.poll()
        clock.wait_until(clock.now() + SECOND)
    restored = Gateway(terminal_of(clock, TEN_MINUTES), clock)
    restored.restore(json.loads(json.dumps(gateway.state())))
    assert restored.breaker is gateway.breaker is BreakerState.OPEN
    assert not restored.poll()
    assert restored.take_entries() == []


@pytest.mark.parametrize("step", [1, 60])
def test_the_terminal_vanishes_for_ten_minutes(step: int) -> None:
    entries = run(TEN_MINUTES, 1500, step)
    told = [(entry.time, entry.fact) for entry in entries if isinstance(entry.fact, ConnectionChanged)]
    changes = [(time, change) for time, change in told if change.connected or not change.attempt]  # else a failed try
    assert [change.connected for _, change in changes] == [True, False, True]
    assert changes[1][0] == START + MINUTE * 5
    assert START + MINUTE * 15 <= changes[2][0] <= START + MINUTE * 20
    failed = [
        entry.time for entry in entries if facts_of([entry], ErrorOccurred) and "connect_lost" in repr(entry.fact)
    ]
    waits = [(later - earlier).total_seconds() for earlier, later in pairwise(failed)]
    assert waits == sorted(waits)
    assert waits == ([1, 2, 4, 8, 16, 32, 64, 128, 256] if step == 1 else [60, 60, 60, 60, 60, 60, 120])
