"""Reads a chunk of Prometheus bit by bit, after its documentation and without the code that wrote it."""

from collections.abc import Iterator

Samples = list[tuple[int, int]]
"""Milliseconds, and the bits of the value."""


class _Bits:
    def __init__(self, data: bytes) -> None:
        self._left: Iterator[str] = iter("".join(f"{byte:08b}" for byte in data))

    def take(self, count: int) -> int:
        return int("".join(next(self._left) for _ in range(count)) or "0", 2)

    def varint(self) -> int:
        byte = self.take(8)
        return byte if byte < 0x80 else byte - 0x80 + self.varint() * 0x80

    @property
    def rest(self) -> str:
        return "".join(self._left)


def read(data: bytes) -> Samples:
    """Return the samples; the bits behind them must be padding. Steps that change are none of ours."""
    bits = _Bits(data)
    count, folded = bits.take(16), bits.varint()
    moment, value = folded // 2 if folded % 2 == 0 else -(folded + 1) // 2, bits.take(64)
    samples, step, place = [(moment, value)], 0, (0, 0)
    for number in range(1, count):
        if number == 1:
            step = bits.varint()
        else:
            assert bits.take(1) == 0, "a step that changes"
        if bits.take(1):
            if bits.take(1):
                leading, width = bits.take(5), bits.take(6) or 64
                place = leading, width
            leading, width = place
            value ^= bits.take(width) << 64 - leading - width
        moment += step
        samples.append((moment, value))
    rest = bits.rest
    assert len(rest) < 8
    assert "1" not in rest
    return samples
