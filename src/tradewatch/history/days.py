"""Steps of time, and the days they are written by."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

DAY = 86_400
"""Seconds."""


class Span(NamedTuple):
    """Steps from the first to the last, both Unix seconds and multiples of the step."""

    first: int
    last: int

    def steps(self, step: int) -> range:
        """Return its moments."""
        return range(self.first, self.last + 1, step)


def by_day(span: Span, step: int) -> Iterator[Span]:
    """Yield the parts of a span that lie in one UTC day each, the newest first.

    >>> [tuple(each) for each in by_day(Span(86_340, 86_460), 60)]
    [(86400, 86460), (86340, 86340)]
    """
    last = span.last
    while last >= span.first:
        begin = -(-(last - last % DAY) // step) * step
        first = max(span.first, begin)
        yield Span(first, last)
        last = first - step


def without(span: Span, done: Sequence[Span], step: int) -> list[Span]:
    """Return what is left of a span, in order of time.

    >>> without(Span(0, 600), [Span(120, 240)], 60)
    [Span(first=0, last=60), Span(first=300, last=600)]
    """
    left, first = [], span.first
    for each in sorted(done):
        if first <= min(each.first - step, span.last):
            left.append(Span(first, min(each.first - step, span.last)))
        first = max(first, each.last + step)
    if first <= span.last:
        left.append(Span(first, span.last))
    return left


def joined(spans: Sequence[Span], step: int) -> list[Span]:
    """Return the same steps in as few spans as there can be.

    >>> joined([Span(120, 180), Span(0, 60)], 60)
    [Span(first=0, last=180)]
    """
    found: list[Span] = []
    for each in sorted(spans):
        if found and each.first <= found[-1].last + step:
            found[-1] = Span(found[-1].first, max(found[-1].last, each.last))
        else:
            found.append(each)
    return found
