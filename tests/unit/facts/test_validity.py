"""What is refused before it reaches a ledger, and under which reason it is counted."""

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from numbers import Real
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.facts import MIDNIGHT, at, closed
from tradewatch.facts import BarClosed, Canonical, Entry, EquityMarked, Objection, TradeCorrected, canonical
from tradewatch.facts.validity import decode


def refused(entry: Entry) -> Objection:
    result = canonical(entry)
    assert isinstance(result, Objection), f"was accepted: {result}"
    return result


def accepted(entry: Entry) -> Canonical:
    result = canonical(entry)
    assert isinstance(result, Canonical), f"was refused: {result}"
    return result


@pytest.mark.parametrize(
    ("changes", "reason", "found"),
    [
        ({"pnl": float("nan")}, "not_finite", "pnl is nan"),
        ({"worst_unrealised": float("-inf")}, "not_finite", "worst_unrealised is -inf"),
        ({"pnl": Decimal("NaN")}, "not_finite", "pnl is NaN"),
        ({"pnl": 10**400}, "not_finite", "pnl is 1"),
        ({"quantity": -1.0}, "out_of_bounds", "quantity"),
        ({"quantity": 0.0}, "out_of_bounds", "quantity"),
        ({"entry_price": 1e31}, "out_of_bounds", "entry_price"),
        ({"confidence": 1.5}, "out_of_bounds", "confidence"),
        ({"asset": ""}, "out_of_bounds", "asset"),
        ({"asset": "x" * 3000}, "out_of_bounds", "asset"),
        ({"quantity": "1.5"}, "wrong_type", "got `str`"),
        ({"quantity": True}, "wrong_type", "got `bool`"),
        ({"asset": None}, "wrong_type", "got `null`"),
        ({"asset": "\ud800"}, "wrong_type", "surrogates"),
        ({"direction": "long"}, "wrong_type", "'long'"),
        ({"opened_at": datetime(2026, 1, 1)}, "wrong_type", "timezone"),  # noqa: DTZ001 - the point
        ({"opened_at": MIDNIGHT + timedelta(days=1)}, "closed_before_opened", "opened_at is 2026-01-02"),
    ],
)
def test_a_bad_field_is_refused_with_its_reason_and_what_was_found(
    changes: dict[str, Any],  # Any: fields of every type, wrong ones too
    reason: str,
    found: str,
) -> None:
    objection = refused(at(0, closed("t", **changes)))
    assert (objection.kind, objection.reason) == ("trade_closed", reason)
    assert found in objection.detail


def test_a_time_without_a_zone_is_refused() -> None:
    objection = refused(Entry(datetime(2026, 1, 1), "id", closed("t")))  # noqa: DTZ001 - the point
    assert objection.reason == "time_without_zone"


def test_a_time_in_another_zone_becomes_the_same_moment_in_utc() -> None:
    tokyo = datetime(2026, 1, 1, 9, tzinfo=timezone(timedelta(hours=9)))
    entry = accepted(Entry(tokyo, "id", closed("t"))).entry
    assert (entry.time, entry.time.tzinfo) == (MIDNIGHT, UTC)


@pytest.mark.parametrize("year", [202, 1969, 2101, 9999])
def test_a_mistyped_year_is_refused(year: int) -> None:
    assert refused(Entry(datetime(year, 6, 1, tzinfo=UTC), "id", closed("t"))).reason == "implausible_time"


def test_nan_inside_a_mapping_is_found() -> None:
    objection = refused(at(0, EquityMarked(equity=1.0, unrealised={"a": 1.0, "b": float("nan")})))
    assert objection == Objection("equity_marked", "not_finite", "unrealised[b] is nan")


@pytest.mark.parametrize(
    ("low", "high", "is_valid"), [(1.0, 2.0, True), (1.5, 1.5, True), (1.6, 2.0, False), (1.0, 1.4, False)]
)
def test_a_bar_spans_its_open_and_close(low: float, high: float, is_valid: bool) -> None:  # noqa: FBT001 - a table
    result = canonical(at(0, BarClosed(asset="BTC", interval=60.0, open=1.5, high=high, low=low, close=1.5)))
    assert isinstance(result, Canonical) == is_valid


class Scalar:
    """A number of another library, such as NumPy's."""

    def __init__(self, number: float) -> None:
        self.number = number

    def __float__(self) -> float:
        return self.number


Real.register(Scalar)


@pytest.mark.parametrize("number", [Decimal("1.25"), Scalar(1.25), 1.25])
def test_any_real_number_is_taken_as_a_float(number: Any) -> None:  # Any: what untyped bots pass
    fact = accepted(at(0, closed("t", pnl=number))).entry.fact
    assert fact == closed("t", pnl=1.25)


@given(st.text(min_size=1, max_size=50).filter(lambda text: text.isprintable() or "\n" in text))
def test_any_symbol_comes_back_as_it_was(symbol: str) -> None:
    body = accepted(at(0, closed("t", asset=symbol))).body
    assert decode(body) == closed("t", asset=symbol)


def test_the_same_fact_told_as_int_or_float_has_one_body() -> None:
    whole = accepted(at(0, closed("t", pnl=2.0, quantity=1.0))).body
    assert accepted(at(0, closed("t", pnl=2, quantity=1))).body == whole


PARTS = ("direction", "quantity", "entry_price", "exit_price")


@pytest.mark.parametrize("part", PARTS)
def test_a_closing_says_its_pnl_or_all_its_parts(part: str) -> None:
    accepted(at(0, closed("1", pnl=5.0, **{part: None})))
    assert refused(at(0, closed("1", **{part: None}))).reason == "missing_field"


def test_a_correction_is_as_sound_as_a_closing() -> None:
    objection = refused(at(0, TradeCorrected(trade_id="1", revision=1, replacement=closed("1", quantity=None))))
    assert (objection.kind, objection.reason) == ("trade_corrected", "missing_field")
