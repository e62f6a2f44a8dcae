"""Prometheus' remote write 1.0: series with their samples as protobuf, framed as a block of snappy.

Sources: https://prometheus.io/docs/specs/prw/remote_write_spec/ and, for the encodings,
https://protobuf.dev/programming-guides/encoding/ and https://github.com/google/snappy/blob/main/format_description.txt
"""

from array import array
from collections.abc import Sequence
from struct import Struct, unpack

from tradewatch.history.series import Pairs
from tradewatch.history.varints import varint

STALE: float = unpack("<d", bytes.fromhex("020000000000f07f"))[0]
"""The number that says that a series is gone: one of the many that are not a number, by its bits."""

_DOUBLE = Struct("<d")
_SERIES = _LABEL = _NAME = b"\x0a"  # field 1, length-delimited
_SAMPLE = _VALUE_TEXT = b"\x12"  # field 2, length-delimited
_VALUE = b"\x09"  # field 1, 64 bits
_TIME = b"\x10"  # field 2, varint
_VALUE_AT = 3  # bytes of a sample before its value: field, length, field
_VALUE_BYTES = 8


def labels(pairs: Pairs) -> bytes:
    """Return a series' labels."""
    return b"".join([_label(name, value) for name, value in pairs])


def _label(name: str, value: str) -> bytes:
    return _delimited(_LABEL, _delimited(_NAME, name.encode()) + _delimited(_VALUE_TEXT, value.encode()))


def series(named: bytes, samples: bytes) -> bytes:
    """Return a series of a request: its `labels` and its samples."""
    return b"".join((_SERIES, varint(len(named) + len(samples)), named, samples))


def _delimited(field: bytes, content: bytes) -> bytes:
    return field + varint(len(content)) + content


class Instants:
    """Moments at which many series have samples: what is around the values is made once for all of them."""

    def __init__(self, milliseconds: Sequence[int]) -> None:
        self._items = [_around(each) for each in milliseconds]
        self._all = b"".join(self._items)
        self._width = len(self._items[0]) if len({len(item) for item in self._items}) == 1 else None

    def samples(self, begin: int, values: Sequence[float]) -> bytes:
        """Return the samples of a series that has values from the moment of this number on, without a gap."""
        if self._width is None or len(values) < _FEW:
            return b"".join(map(_filled, self._items[begin : begin + len(values)], values))
        return _interleaved(self._all[begin * self._width : (begin + len(values)) * self._width], self._width, values)


_FEW = 4
"""Values that are sooner put into their places one by one."""


def _around(milliseconds: int) -> bytes:
    sample = _VALUE + bytes(_VALUE_BYTES) + _TIME + varint(milliseconds)
    return _delimited(_SAMPLE, sample)


def _filled(item: bytes, value: float) -> bytes:
    return item[:_VALUE_AT] + _DOUBLE.pack(value) + item[_VALUE_AT + _VALUE_BYTES :]


def _interleaved(items: bytes, width: int, values: Sequence[float]) -> bytes:
    """Return samples of one width with their values: byte by byte of all of them, a fraction of one by one."""
    filled, numbers = bytearray(items), _little_endian(values)
    for byte in range(_VALUE_BYTES):
        filled[_VALUE_AT + byte :: width] = numbers[byte::_VALUE_BYTES]
    return bytes(filled)


def _little_endian(values: Sequence[float]) -> bytes:
    numbers = array("d", values)
    if not _IS_LITTLE:
        numbers.byteswap()
    return numbers.tobytes()


_IS_LITTLE = array("d", [1.0]).tobytes() == _DOUBLE.pack(1.0)

_LITERAL = b"\xfc"
"""Bytes as they are, their number less one in the four bytes that follow."""


def framed(message: bytes) -> bytes:
    r"""Return a message as a block of snappy that holds it as it is: valid, and nothing has to be compressed.

    >>> framed(b"ab")
    b'\x02\xfc\x01\x00\x00\x00ab'
    """
    if not message:
        return b"\x00"
    return b"".join((varint(len(message)), _LITERAL, (len(message) - 1).to_bytes(4, "little"), message))
