"""A block in the making, and its folder."""

import os
from collections.abc import Sequence
from pathlib import Path
from shutil import rmtree

import msgspec

from tradewatch.history.blocks.chunks import LONGEST, chunk
from tradewatch.history.blocks.index import Placed, index
from tradewatch.history.blocks.sections import checksum
from tradewatch.history.series import Pairs
from tradewatch.history.varints import varint

_CHUNKS_HEAD = bytes.fromhex("85bd40dd") + b"\x01" + bytes(3)
_XOR = b"\x01"
_BASE_32 = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_UNFINISHED = ".tmp-for-creation"
"""Prometheus deletes folders whose names end so when it starts."""


class _Chunk(msgspec.Struct, frozen=True):
    first: int
    last: int
    data: bytes


class Block:
    """Takes samples at regular moments, ``step`` milliseconds apart, series by series in order of time.

    ``samples``: how many it has.
    """

    def __init__(self, step: int) -> None:
        self.samples = 0
        self._step = step
        self._series: dict[Pairs, list[_Chunk]] = {}

    def add(self, labels: Pairs, first: int, values: Sequence[float]) -> None:
        """Take the samples of a series from a moment (ms) on, without a gap; they come after what it has already."""
        chunks = self._series.setdefault(labels, [])
        for begin in range(0, len(values), LONGEST):
            part, moment = values[begin : begin + LONGEST], first + begin * self._step
            last = moment + (len(part) - 1) * self._step
            chunks.append(_Chunk(moment, last, chunk(moment, self._step, part)))
        self.samples += len(values)

    def save(self, data: Path, milliseconds: int) -> Path:
        """Make a folder of it in Prometheus' folder of data, whole or not at all; return it. Raises `OSError`.

        ``milliseconds``: the time now, which its name begins with, as Prometheus wants it.
        """
        name = _name(milliseconds)
        unfinished, finished = data / f"{name}{_UNFINISHED}", data / name
        try:
            (unfinished / "chunks").mkdir(parents=True)
            content, placed = self._placed()
            _write(unfinished / "chunks" / "000001", content)
            _write(unfinished / "index", index(placed))
            _write(unfinished / "meta.json", msgspec.json.encode(self._meta(name)))
            unfinished.rename(finished)
        except OSError:
            rmtree(unfinished, ignore_errors=True)
            raise
        return finished

    def _placed(self) -> tuple[bytes, dict[Pairs, Sequence[Placed]]]:
        """Return the file of all chunks, those of a series side by side, and where each lies."""
        file, found = bytearray(_CHUNKS_HEAD), dict[Pairs, Sequence[Placed]]()
        for labels, chunks in sorted(self._series.items()):
            placed = []
            for each in chunks:
                placed.append(Placed(each.first, each.last, len(file)))
                content = _XOR + each.data
                file += varint(len(each.data)) + content + checksum(content)
            found[labels] = placed
        return bytes(file), found

    def _meta(self, name: str) -> dict[str, object]:
        chunks = [each for of_one in self._series.values() for each in of_one]
        return {
            "ulid": name,
            "minTime": min(each.first for each in chunks),
            "maxTime": max(each.last for each in chunks) + 1,
            "stats": {"numSamples": self.samples, "numSeries": len(self._series), "numChunks": len(chunks)},
            # Without the hint Prometheus takes what it scraped before the block's end for written, and drops it.
            "compaction": {"level": 1, "sources": [name], "hints": ["from-out-of-order"]},
            "version": 1,
        }


def _write(path: Path, content: bytes) -> None:
    """Write a file, onto the disk itself: Prometheus may be stopped at any time."""
    with path.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _name(milliseconds: int) -> str:
    """Return a new ULID: the time and 80 random bits, five bits a letter (https://github.com/ulid/spec)."""
    number = milliseconds << 80 | int.from_bytes(os.urandom(10), "big")
    return "".join(_BASE_32[number >> shift & 0x1F] for shift in range(125, -1, -5))
