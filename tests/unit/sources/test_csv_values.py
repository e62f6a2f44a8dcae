from datetime import UTC, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

import pytest

from tradewatch.facts import Direction
from tradewatch.sources.csv_values import direction, moment, number, price_if_set
from tradewatch.sources.source import Reason

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("cell", "value"),
    [("1", 1.0), ("-1.5", -1.5), ("+.5", 0.5), ("2.", 2.0), ("1e-8", 1e-8), ("1.5E3", 1500.0), ("007", 7.0)],
)
def test_a_plain_number_is_read(cell: str, value: float) -> None:
    assert number(cell) == value


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("1,5", Reason.DECIMAL_COMMA),
        ("1.234,56", Reason.DECIMAL_COMMA),
        ("1,234.56", Reason.DECIMAL_COMMA),
        ("1 234,56", Reason.DECIMAL_COMMA),
        ("nan", Reason.NOT_A_NUMBER),
        ("inf", Reason.NOT_A_NUMBER),
        ("1_000", Reason.NOT_A_NUMBER),
        ("$5", Reason.NOT_A_NUMBER),
        ("٣", Reason.NOT_A_NUMBER),
        ("0x10", Reason.NOT_A_NUMBER),
        ("1e999", Reason.OUT_OF_BOUNDS),
    ],
)
def test_anything_else_is_never_guessed_at(cell: str, reason: Reason) -> None:
    assert number(cell) is reason


def test_a_price_of_0_says_that_there_is_none() -> None:
    assert price_if_set("0.00") is None
    assert price_if_set("1.5") == 1.5
    assert price_if_set("none") is Reason.NOT_A_NUMBER


@pytest.mark.parametrize("cell", ["BUY", "buy", "Long", "LONG"])
def test_buying_has_two_words_in_any_case(cell: str) -> None:
    assert direction(cell) is Direction.BUY


@pytest.mark.parametrize("cell", ["SELL", "sell", "Short", "SHORT"])
def test_selling_has_two_words_in_any_case(cell: str) -> None:
    assert direction(cell) is Direction.SELL


def test_other_words_are_no_direction() -> None:
    assert direction("hold") is Reason.NOT_A_DIRECTION


@pytest.mark.parametrize(
    ("cell", "zone", "utc"),
    [
        ("2024-01-31T17:30:00Z", None, "2024-01-31T17:30:00"),
        ("2024-01-31 17:30:00.5+02:00", None, "2024-01-31T15:30:00.500000"),
        ("2024-01-31T17:30", UTC, "2024-01-31T17:30:00"),
        ("2024-01-31 17:30:00", BERLIN, "2024-01-31T16:30:00"),
        ("2024-07-31 17:30:00", BERLIN, "2024-07-31T15:30:00"),
        ("2024-01-31", timezone(timedelta(hours=2)), "2024-01-30T22:00:00"),
        ("2024-01-31T17:30:00Z", BERLIN, "2024-01-31T17:30:00"),
    ],
)
def test_a_time_becomes_utc(cell: str, zone: tzinfo | None, utc: str) -> None:
    found = moment(cell, zone)
    assert not isinstance(found, Reason)
    assert found.isoformat() == f"{utc}+00:00"


@pytest.mark.parametrize(
    ("cell", "zone", "reason"),
    [
        ("2024-01-31 17:30:00", None, Reason.TIME_WITHOUT_ZONE),
        ("2024-10-27 02:30:00", BERLIN, Reason.AMBIGUOUS_TIME),
        ("2024-03-31 02:30:00", BERLIN, Reason.AMBIGUOUS_TIME),
        ("1706722200", UTC, Reason.NOT_A_TIME),
        ("31.01.2024 17:30", UTC, Reason.NOT_A_TIME),
        ("20240131T173000Z", UTC, Reason.NOT_A_TIME),
        ("2024-02-30", UTC, Reason.NOT_A_TIME),
        ("yesterday", UTC, Reason.NOT_A_TIME),
        ("0001-01-01T00:00:00+12:00", UTC, Reason.NOT_A_TIME),
        ("0001-01-01", BERLIN, Reason.NOT_A_TIME),
    ],
)
def test_a_time_that_can_be_read_in_two_ways_is_not_read(cell: str, zone: tzinfo | None, reason: Reason) -> None:
    assert moment(cell, zone) is reason
