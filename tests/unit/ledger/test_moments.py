"""Event times keep every microsecond."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from tradewatch.ledger import LATEST, from_microseconds, moments_of, to_microseconds


@given(st.datetimes(timezones=st.just(UTC)))
def test_a_moment_comes_back_exactly(moment: datetime) -> None:
    assert from_microseconds(to_microseconds(moment)) == moment


@given(st.lists(st.integers(0, LATEST - 1)))
def test_many_moments_are_those_that_each_alone_would_be(microseconds: list[int]) -> None:
    assert moments_of(microseconds) == [from_microseconds(each) for each in microseconds]
