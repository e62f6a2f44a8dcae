import json
import math
from datetime import timedelta
from typing import Any

import pytest

from tests.support.terminals import EURUSD, MINUTE, START, USDJPY, minute
from tradewatch.facts import Canonical, Entry, QuotesRefused, canonical
from tradewatch.market.bars import Bar
from tradewatch.market.quotes import Quote
from tradewatch.market.terminal import QuoteGate, Refusal

SECOND = timedelta(seconds=1)


def quote(bid: float = 1.1, ask: float = 1.1002, age: float = 0.0, symbol: str = EURUSD) -> Quote:
    return Quote(symbol, START - SECOND * age, bid, ask)


def gate() -> QuoteGate:
    return QuoteGate([EURUSD, USDJPY])


@pytest.mark.parametrize("passing", [quote(), quote(1.1, 1.1), quote(age=120), quote(age=-5)])
def test_a_fresh_quote_passes_also_a_locked_one(passing: Quote) -> None:
    assert gate().check(passing, START) is None


@pytest.mark.parametrize(
    ("refused", "reason"),
    [
        (quote(1.1003, 1.1002), Refusal.CROSSED),
        (quote(0.0, 1.1), Refusal.NOT_POSITIVE),
        (quote(-1.1, 1.1), Refusal.NOT_POSITIVE),
        (quote(0.0, 0.0), Refusal.NOT_POSITIVE),
        (quote(math.nan, 1.1), Refusal.NOT_FINITE),
        (quote(1.1, math.nan), Refusal.NOT_FINITE),
        (quote(1.1, math.inf), Refusal.NOT_FINITE),
        (quote(age=120.001), Refusal.STALE),
        (quote(age=-5.001), Refusal.FROM_THE_FUTURE),
        (quote(symbol="EURUSD"), Refusal.UNKNOWN_SYMBOL),
    ],
)
def test_a_bad_quote_is_refused_with_its_reason(refused: Quote, reason: Refusal) -> None:
    assert gate().check(refused, START) is reason


def test_a_quote_must_be_news() -> None:
    watched = gate()
    assert watched.check(quote(age=10), START) is None
    assert watched.check(quote(age=10), START) is Refusal.DUPLICATE
    assert watched.check(quote(1.1001, age=10), START) is None  # another price in the same instant is news
    assert watched.check(quote(age=11), START) is Refusal.TIME_BACKWARDS
    assert watched.check(quote(age=9), START) is None


def test_a_refused_quote_does_not_stand_in_the_way_of_the_next() -> None:
    watched = gate()
    watched.check(quote(age=-1000), START)
    watched.check(quote(1.2, 1.1), START)
    assert watched.check(quote(age=1), START) is None


def test_one_symbol_does_not_judge_another() -> None:
    watched = gate()
    assert watched.check(quote(age=1), START) is None
    assert watched.check(quote(age=2, symbol=USDJPY), START) is None


def test_refusals_are_counted_by_symbol_and_reason_once() -> None:
    watched = gate()
    for refused in (quote(1.2, 1.1), quote(math.nan), quote(1.2, 1.1), quote(1.2, 1.1, symbol=USDJPY), quote()):
        watched.check(refused, START)
    facts = watched.take_facts()
    assert facts == [
        QuotesRefused(asset=EURUSD, reason="crossed", count=2),
        QuotesRefused(asset=EURUSD, reason="not_finite", count=1),
        QuotesRefused(asset=USDJPY, reason="crossed", count=1),
    ]
    assert all(isinstance(canonical(Entry(START, "id", fact)), Canonical) for fact in facts)
    assert watched.take_facts() == []


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"low": 1.1001}, Refusal.OUT_OF_ORDER),
        ({"high": 1.0999}, Refusal.OUT_OF_ORDER),
        ({"open": 1.2}, Refusal.OUT_OF_ORDER),
        ({"low": 0.0}, Refusal.NOT_POSITIVE),
        ({"high": math.inf}, Refusal.NOT_FINITE),
        ({"close": math.nan}, Refusal.NOT_FINITE),
        ({"spread": -0.1}, Refusal.NOT_POSITIVE),
        ({"volume": math.nan}, Refusal.NOT_FINITE),
    ],
)
def test_a_bad_bar_is_refused_with_its_reason(changes: dict[str, Any], reason: Refusal) -> None:
    assert gate().check_bar(minute(0, **changes), START) is reason


def test_a_bar_may_be_old_but_not_older_than_the_last_of_its_kind() -> None:
    watched = gate()
    assert watched.check_bar(minute(-100), START) is None
    assert watched.check_bar(minute(-100), START) is Refusal.DUPLICATE
    assert watched.check_bar(minute(-101), START) is Refusal.TIME_BACKWARDS
    assert watched.check_bar(minute(-101, interval=300), START) is None
    assert watched.check_bar(minute(1), START) is Refusal.FROM_THE_FUTURE
    assert watched.check_bar(minute(0, symbol="DAX"), START) is Refusal.UNKNOWN_SYMBOL


def test_a_gate_that_is_restored_judges_as_before() -> None:
    watched = gate()
    watched.check(quote(age=10), START)
    watched.check(quote(1.2, 1.1), START)
    watched.check_bar(minute(0), START)
    again = gate()
    again.restore(json.loads(json.dumps(watched.state())))
    assert again.check(quote(age=10), START) is Refusal.DUPLICATE
    assert again.check_bar(Bar(*minute(0)), START + MINUTE) is Refusal.DUPLICATE
    assert [(fact.reason, fact.count) for fact in again.take_facts()] == [("crossed", 1), ("duplicate", 2)]
