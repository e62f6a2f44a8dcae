"""Values that are of no use to a fact but make their own trouble: each is an objection, never an exception."""

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest

from tests.support.facts import at, closed
from tradewatch.facts import Canonical, Entry, EquityMarked, Heartbeat, Objection, TradeClosed, canonical


class Text(str):
    """What NumPy's and pandas' texts are: a subclass."""

    __slots__ = ()


def _endless() -> dict[str, Any]:  # Any: it contains itself
    mapping: dict[str, Any] = {}
    mapping["itself"] = mapping
    return mapping


def test_a_signalling_nan_is_not_finite() -> None:
    objection = canonical(at(1, closed("a", quantity=Decimal("sNaN"))))
    assert objection == Objection("trade_closed", "not_finite", "quantity is sNaN")


def test_a_value_that_contains_itself_is_refused() -> None:
    objection = canonical(at(1, EquityMarked(equity=1.0, unrealised=_endless()), "id"))
    assert isinstance(objection, Objection)
    assert objection.reason == "wrong_type"


@pytest.mark.parametrize(
    "time",
    [
        datetime.max.replace(tzinfo=timezone(timedelta(hours=-1))),
        datetime.min.replace(tzinfo=timezone(timedelta(hours=1))),
    ],
    ids=["after the last", "before the first"],
)
def test_a_time_that_utc_does_not_reach_is_out_of_bounds(time: datetime) -> None:
    objection = canonical(Entry(time, "id", Heartbeat(interval=1.0)))
    assert isinstance(objection, Objection)
    assert objection.reason == "out_of_bounds"


def test_any_kind_of_text_is_a_text() -> None:
    checked = canonical(Entry(datetime(2026, 1, 1, tzinfo=UTC), "id", closed("a", asset=Text("BTC"))))
    assert isinstance(checked, Canonical)
    assert isinstance(checked.entry.fact, TradeClosed)
    assert type(checked.entry.fact.asset) is str
