"""The index of a block: which series there are, where their chunks lie, and which have a label's value.

Source: https://github.com/prometheus/prometheus/blob/main/tsdb/docs/format/index.md (version 2)
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import NamedTuple

from tradewatch.history.blocks.sections import checksum, fixed, section
from tradewatch.history.series import Pairs
from tradewatch.history.varints import signed_varint, varint

_HEAD = bytes.fromhex("baaad700") + b"\x02"
_ALIGNED = 16
"""A series is known by its place in units of so many bytes."""

_ALL = ("", "")
"""The label that every series has."""


class Placed(NamedTuple):
    """A chunk: the moments of its first and last samples (ms), and where it lies."""

    first: int
    last: int
    place: int


def index(series: Mapping[Pairs, Sequence[Placed]]) -> bytes:
    """Return the file for these series, each with its chunks in order of time."""
    names = sorted(set(chain.from_iterable(chain.from_iterable(series))))
    symbols = {symbol: number for number, symbol in enumerate(names)}
    file = bytearray(_HEAD)
    symbols_at = len(file)
    file += section(fixed(len(names)) + b"".join(map(_text, names)))
    _align(file, _ALIGNED)
    series_at = len(file)
    having = _add_series(file, series, symbols)
    _align(file, 4)
    postings_at, places = len(file), _add_postings(file, having)
    table_at = len(file)
    file += section(fixed(len(places)) + b"".join(_entry(label, place) for label, place in places))
    contents = b"".join(each.to_bytes(8, "big") for each in (symbols_at, series_at, 0, 0, postings_at, table_at))
    file += contents + checksum(contents)
    return bytes(file)


def _add_series(
    file: bytearray, series: Mapping[Pairs, Sequence[Placed]], symbols: Mapping[str, int]
) -> Mapping[tuple[str, str], Sequence[int]]:
    """Add the series; return by label the numbers of those that have it."""
    having: dict[tuple[str, str], list[int]] = defaultdict(list)
    for pairs, chunks in sorted(series.items()):
        _align(file, _ALIGNED)
        number = len(file) // _ALIGNED
        for label in (_ALL, *pairs):
            having[label].append(number)
        content = b"".join(chain(_labels(pairs, symbols), _chunks(chunks)))
        file += varint(len(content)) + content + checksum(content)
    return having


def _labels(pairs: Pairs, symbols: Mapping[str, int]) -> Iterator[bytes]:
    yield varint(len(pairs))
    yield from (varint(symbols[text]) for text in chain.from_iterable(pairs))


def _chunks(chunks: Iterable[Placed]) -> Iterator[bytes]:
    found = list(chunks)
    yield varint(len(found))
    before: Placed | None = None
    for each in found:
        yield signed_varint(each.first) if before is None else varint(each.first - before.last)
        yield varint(each.last - each.first)
        yield varint(each.place) if before is None else signed_varint(each.place - before.place)
        before = each


def _add_postings(
    file: bytearray, having: Mapping[tuple[str, str], Sequence[int]]
) -> Sequence[tuple[tuple[str, str], int]]:
    """Add for each label the numbers of its series; return where each list begins."""
    places = []
    for label, numbers in sorted(having.items()):
        places.append((label, len(file)))
        file += section(fixed(len(numbers)) + b"".join(map(fixed, numbers)))
    return places


def _entry(label: tuple[str, str], place: int) -> bytes:
    return b"\x02" + b"".join(map(_text, label)) + varint(place)


def _text(text: str) -> bytes:
    encoded = text.encode()
    return varint(len(encoded)) + encoded


def _align(file: bytearray, size: int) -> None:
    file += bytes(-len(file) % size)
