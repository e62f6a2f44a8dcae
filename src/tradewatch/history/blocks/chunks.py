"""A series' samples as Prometheus keeps them: each the bits in which it differs from the one before.

Source: https://github.com/prometheus/prometheus/blob/main/tsdb/docs/format/chunks.md and, for the bits of a value,
https://www.vldb.org/pvldb/vol8/p1816-teller.pdf (Gorilla, 4.1.2).
"""

from array import array
from collections.abc import Sequence
from operator import xor
from struct import Struct

from tradewatch.history.varints import signed_varint, varint

LONGEST = 120
"""Samples of a chunk, as Prometheus makes them: reading one means reading its chunk."""

_HEAD = Struct(">H")
_FIRST = Struct(">Q")
_WORD = 64
_MOST_LEADING = 31
"""What five bits hold of the zeros before a difference."""

_SAME = 2
"""Bits of a sample after a step like the last one, with the value of the one before: both are zeros."""

_WITHIN, _WITHIN_BITS = 0b010, 3
"""A step like the last one, a difference, and where the last one was: its bits follow."""

_ANEW, _ANEW_BITS = 0b011 << 11, 14
"""The same with a place of its own: five bits for the zeros before it, six for its width, then its bits."""


def chunk(first: int, step: int, values: Sequence[float]) -> bytes:
    """Return the samples of a series at regular moments, both in milliseconds: `LONGEST` at the most, one at least."""
    words = memoryview(array("d", values)).cast("B").cast("Q").tolist()
    head = _HEAD.pack(len(words)) + signed_varint(first) + _FIRST.pack(words[0])
    if len(words) == 1:
        return head
    bits, count = _differences(words)
    padding = -count % 8
    return head + varint(step) + (bits << padding).to_bytes((count + padding) // 8, "big")


def _differences(words: Sequence[int]) -> tuple[int, int]:
    """Return what comes after the second sample's moment as one number, and how many bits it has."""
    bits = count = told = 0
    leading = trailing = _WORD  # of the last difference, none was yet
    for number, different in enumerate(map(xor, words[1:], words)):
        if different:
            zeros, ending = _zeros_around(different)
            if leading <= zeros and trailing <= ending:
                code, width = _WITHIN, _WITHIN_BITS
            else:
                leading, trailing = zeros, ending
                code, width = _ANEW | leading << 6 | (_WORD - leading - trailing) & 0x3F, _ANEW_BITS
            significant = _WORD - leading - trailing
            more = _SAME * (number - told) + width + significant
            bits = bits << more | code << significant | different >> trailing
            count, told = count + more, number + 1
    rest = _SAME * (len(words) - 1 - told)
    return bits << rest, count + rest - 1  # the second sample has a step of its own in front, and not this zero


def _zeros_around(different: int) -> tuple[int, int]:
    """Return the zeros before and after the bits of a difference."""
    return min(_WORD - different.bit_length(), _MOST_LEADING), (different & -different).bit_length() - 1
