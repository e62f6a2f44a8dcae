from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from tradewatch.history.days import DAY, Span, by_day, joined, without

STEPS = st.sampled_from([1, 7, 60, 299])


@st.composite
def spans(draw: st.DrawFn, step: int, most: int = 3_000) -> Span:
    first = draw(st.integers(0, most))
    return Span(first * step, (first + draw(st.integers(0, most))) * step)


@st.composite
def a_span_and_what_is_done(draw: st.DrawFn) -> tuple[int, Span, list[Span]]:
    step = draw(STEPS)
    return step, draw(spans(step)), draw(st.lists(spans(step), max_size=5))


def moments(several: list[Span], step: int) -> list[int]:
    return [each for span in several for each in span.steps(step)]


@given(a_span_and_what_is_done())
def test_what_is_left_is_all_that_is_not_done_once_and_in_order(given: tuple[int, Span, list[Span]]) -> None:
    step, span, done = given
    left = moments(without(span, done, step), step)
    assert left == sorted(set(span.steps(step)) - set(moments(done, step)))


@given(a_span_and_what_is_done())
def test_days_are_all_of_a_span_the_newest_first_and_each_of_one_day(given: tuple[int, Span, list[Span]]) -> None:
    step, span, _ = given
    days = list(by_day(span, step))
    assert moments(days[::-1], step) == list(span.steps(step))
    assert all(day.first // DAY == day.last // DAY for day in days)
    assert len({day.first // DAY for day in days}) == len(days)


@given(a_span_and_what_is_done())
def test_joined_spans_are_the_same_moments_and_touch_nowhere(given: tuple[int, Span, list[Span]]) -> None:
    step, span, done = given
    found = joined([span, *done], step)
    assert moments(found, step) == sorted({*span.steps(step), *moments(done, step)})
    assert all(later.first > sooner.last + step for sooner, later in pairwise(found))
