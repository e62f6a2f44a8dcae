"""A value that a reader chooses is matched exactly, whatever signs it has."""

import json
import re

from hypothesis import given
from hypothesis import strategies as st

from tests.support.catalogue import CATALOGUE
from tradewatch.catalog.view import Variable
from tradewatch.inspection.filling import asked_for, everything, exactly, filled, seconds

METRIC = next(iter(CATALOGUE.values()))
SIGNS = st.text(alphabet="aZ0+.*?()[]{}|^$\\-_/ €", max_size=12)


def as_read(inside: str) -> str:
    """Return what Prometheus reads of the inside of a quoted string."""
    text: str = json.loads(f'"{inside}"')
    return text


@given(value=SIGNS, other=SIGNS)
def test_a_choice_matches_itself_alone(value: str, other: str) -> None:
    pattern = as_read(exactly(value))
    assert re.fullmatch(pattern, value)
    assert bool(re.fullmatch(pattern, other)) == (value == other)


@given(values=st.lists(SIGNS, min_size=1, max_size=4), other=SIGNS)
def test_all_matches_what_there_is(values: list[str], other: str) -> None:
    variable = Variable(name="v", title="V", label="job", metric=METRIC, takes_all=False)
    pattern = as_read(everything(variable, values))
    assert all(re.fullmatch(pattern, each) for each in values)
    assert bool(re.fullmatch(pattern, other)) == (other in values)


def test_all_includes_what_comes_later_where_it_should() -> None:
    assert everything(Variable(name="v", title="V", label="job", metric=METRIC), ["a"]) == ".*"


def test_macros_and_variables_are_filled_in() -> None:
    query = 'sum(rate(x{a=~"$a"}[$__rate_interval])) + increase(y{b=~"$b"}[$__range])'
    assert asked_for(query) == {"a", "b"}
    assert filled(query, "7d", {"a": "1", "b": ".*"}) == 'sum(rate(x{a=~"1"}[4m])) + increase(y{b=~".*"}[7d])'


def test_spans_have_their_length() -> None:
    assert [seconds(each) for each in ("30s", "5m", "24h", "7d", "2w")] == [30, 300, 86_400, 604_800, 1_209_600]
