"""Chunks, read again by a reader of the tests' own; e2e tests let Prometheus read them."""

import struct
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.chunks import read
from tests.support.remote_write import STALE as STALE_BITS
from tradewatch.history.blocks.chunks import LONGEST, chunk
from tradewatch.history.encoding import STALE

NOW = 1_767_225_600_000
MINUTE = 60_000


def bits(value: float) -> int:
    return int.from_bytes(struct.pack("<d", value), "little")


def expected(first: int, step: int, values: Sequence[float]) -> list[tuple[int, int]]:
    return [(first + number * step, bits(value)) for number, value in enumerate(values)]


numbers = st.floats() | st.integers(-5, 5).map(float) | st.just(STALE)


@given(st.lists(numbers, min_size=1, max_size=LONGEST), st.integers(-(10**13), 10**13), st.integers(1, 299_000))
def test_every_number_is_there_bit_by_bit_at_its_moment(values: list[float], first: int, step: int) -> None:
    assert read(chunk(first, step, values)) == expected(first, step, values)


@given(st.lists(st.tuples(numbers, st.integers(1, 40)), min_size=1, max_size=10))
def test_stretches_of_the_same_number_too(stretches: list[tuple[float, int]]) -> None:
    values = [value for value, times in stretches for _ in range(times)][:LONGEST]
    assert read(chunk(NOW, MINUTE, values)) == expected(NOW, MINUTE, values)


@pytest.mark.parametrize(
    ("named", "values"),
    [
        ("one sample", [1.5]),
        ("two", [1.5, 1.5]),
        ("both zeros", [0.0, -0.0, 0.0]),
        ("all 64 bits differ", [struct.unpack("<d", bytes(8))[0], struct.unpack("<d", b"\xff" * 8)[0]]),
        ("the last bit only", [1.0, 1.0000000000000002, 1.0]),
        ("the first bit only", [1.0, -1.0, 1.0]),
        ("more zeros in front than five bits count", [1e-323, 5e-324, 1e-323]),
        ("the mark of a series that is gone", [1.0, STALE]),
        ("infinities", [float("inf"), float("-inf"), 0.0]),
    ],
)
def test_numbers_at_the_edges(named: str, values: list[float]) -> None:
    assert read(chunk(NOW, MINUTE, values)) == expected(NOW, MINUTE, values), named


def test_the_mark_of_a_series_that_is_gone_keeps_its_bits() -> None:
    assert read(chunk(NOW, MINUTE, [1.0, STALE]))[1] == (NOW + MINUTE, STALE_BITS)


def test_what_does_not_change_takes_two_bits_a_sample() -> None:
    assert len(chunk(NOW, MINUTE, [42.0] * LONGEST)) == 2 + 6 + 8 + 3 + (2 * LONGEST - 3 + 7) // 8
