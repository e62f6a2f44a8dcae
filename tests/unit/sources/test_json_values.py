import math

import pytest

from tradewatch.sources.json_values import moment, number, price_if_set, text, truth
from tradewatch.sources.source import Reason


@pytest.mark.parametrize("value", ["1.5", None, True, [1], math.nan, math.inf])
def test_what_is_not_a_finite_number_is_refused(value: object) -> None:
    assert number(value) is Reason.NOT_A_NUMBER


def test_a_number_beyond_floats_is_out_of_bounds() -> None:
    assert number(10**400) is Reason.OUT_OF_BOUNDS


def test_a_whole_number_is_a_number() -> None:
    assert number(3) == 3.0


def test_a_price_of_0_says_that_there_is_none() -> None:
    assert price_if_set(0) is None


def test_an_empty_text_says_that_there_is_none() -> None:
    assert (text("roi"), text(""), text(5)) == ("roi", None, Reason.NOT_A_TEXT)


def test_only_true_and_false_are_truths() -> None:
    assert (truth(value=False), truth(0), truth("false")) == (False, Reason.NOT_TRUE_OR_FALSE, Reason.NOT_TRUE_OR_FALSE)


@pytest.mark.parametrize("value", ["2018-01-10 07:15:00+00:00", "2018-01-10 07:15:00", 1515568500000, 1515568500000.0])
def test_a_time_is_a_text_in_utc_or_milliseconds(value: object) -> None:
    found = moment(value)
    assert not isinstance(found, Reason)
    assert found.isoformat() == "2018-01-10T07:15:00+00:00"


@pytest.mark.parametrize("value", [1515568500, True, 1e300, "soon", [], math.nan])
def test_seconds_and_nonsense_are_no_time(value: object) -> None:
    assert moment(value) is Reason.NOT_A_TIME
