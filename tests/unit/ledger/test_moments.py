"""Event times keep every microsecond."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from tradewatch.ledger import from_microseconds, to_microseconds


@given(st.datetimes(timezones=st.just(UTC)))
def test_a_moment_comes_back_exactly(moment: datetime) -> None:
    assert from_microseconds(to_microseconds(moment)) == moment
