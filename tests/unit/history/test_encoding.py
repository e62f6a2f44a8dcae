import struct
from collections.abc import Sequence
from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.remote_write import STALE as STALE_BITS
from tests.support.remote_write import decoded
from tradewatch.history.encoding import STALE, Instants, framed, labels, series

NOW = 1_767_225_600_000
AN_HOUR_IN_1970 = 3_600_000


def bits(value: float) -> int:
    return int.from_bytes(struct.pack("<d", value), "little")


def told(milliseconds: Sequence[int], begin: int, values: Sequence[float]) -> list[tuple[int, int]]:
    """Return what a server reads of one series."""
    message = series(labels((("__name__", "up"),)), Instants(milliseconds).samples(begin, values))
    return decoded(framed(message))[("__name__", "up"),]


@given(st.lists(st.floats(), min_size=1, max_size=40), st.integers(1, 10**12), st.integers(1, 299_000))
def test_every_number_arrives_bit_by_bit_at_its_moment(values: list[float], first: int, step: int) -> None:
    moments = list(accumulate([step] * (len(values) - 1), initial=first))
    assert told(moments, 0, values) == [(at, bits(value)) for at, value in zip(moments, values, strict=True)]


@given(st.integers(0, 20), st.integers(1, 20))
def test_a_series_may_have_samples_from_some_moment_on(begin: int, count: int) -> None:
    moments, values = [NOW + number * 60_000 for number in range(40)], [float(number) for number in range(count)]
    found = told(moments, begin, values)
    assert found == [(moments[begin + number], bits(value)) for number, value in enumerate(values)]


@pytest.mark.parametrize("count", [1, 10])
def test_the_mark_of_a_series_that_is_gone_keeps_its_bits(count: int) -> None:
    moments = [NOW + number for number in range(count)]
    assert told(moments, 0, [STALE] * count) == [(at, STALE_BITS) for at in moments]


def test_moments_of_different_width_stand_side_by_side() -> None:
    moments = [AN_HOUR_IN_1970, NOW] * 4
    assert [at for at, _ in told(moments, 0, [1.0] * 8)] == moments


def test_a_request_of_nothing_is_one() -> None:
    assert decoded(framed(b"")) == {}


def test_a_large_request_is_read_whole() -> None:
    message = series(labels((("__name__", "x" * 300_000),)), b"")
    ((found,),) = decoded(framed(message))
    assert len(found[1]) == 300_000
