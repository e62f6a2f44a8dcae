"""Calls that are timed, and told once a cycle."""

from collections.abc import Callable
from itertools import count

import pytest

from tests.support.terminals import clock_at
from tradewatch.facts import CallTimed
from tradewatch.market.terminal import TerminalLost, TerminalRefused
from tradewatch.market.terminal.telling import Telling, TimedCalls


def timed(stopwatch: Callable[[], float] | None) -> tuple[TimedCalls, Telling]:
    telling = Telling(clock_at(0), "exchange")
    return TimedCalls(telling, "exchange", stopwatch), telling


def told(calls: TimedCalls, telling: Telling) -> list[tuple[str, str | None, list[float]]]:
    calls.tell()
    facts = [entry.fact for entry in telling.take() if isinstance(entry.fact, CallTimed)]
    return [(fact.endpoint, fact.error, [fact.seconds, *fact.others]) for fact in facts]


def test_calls_to_one_endpoint_that_end_alike_are_one_fact() -> None:
    ticks = count()
    calls, telling = timed(lambda: next(ticks) ** 2 / 100)  # 0, 0.01, 0.04, 0.09, 0.16, 0.25
    assert [calls.make("bars", str.upper, "a"), calls.make("account", int), calls.make("bars", str.upper, "b")] == [
        "A",
        0,
        "B",
    ]
    bars, account = told(calls, telling)
    assert (bars[0], account[0]) == ("bars", "account")
    assert [*bars[2], *account[2]] == pytest.approx([0.01, 0.09, 0.05])
    assert told(calls, telling) == []


def refuse() -> None:
    code, sentence = "busy", "asked too often"
    raise TerminalRefused(code, sentence)


def lose() -> None:
    message = "the line is cut"
    raise TerminalLost(message)


def test_a_call_that_failed_is_told_apart_with_what_it_ended_with() -> None:
    ticks = count()
    calls, telling = timed(lambda: float(next(ticks)))
    calls.make("bars", str)
    for _ in range(2):
        with pytest.raises(TerminalRefused):
            calls.make("bars", refuse)
    with pytest.raises(TerminalLost):
        calls.make("bars", lose)
    assert told(calls, telling) == [("bars", None, [1.0]), ("bars", "busy", [1.0, 1.0]), ("bars", "lost", [1.0])]


def test_a_stopwatch_that_goes_back_tells_no_negative_time() -> None:
    seconds = iter([5.0, 3.0])
    calls, telling = timed(lambda: next(seconds))
    calls.make("bars", str)
    assert told(calls, telling) == [("bars", None, [0.0])]


def test_without_a_stopwatch_no_call_is_told() -> None:
    calls, telling = timed(None)
    assert calls.make("bars", str) == ""
    assert told(calls, telling) == []
