"""Event order with little memory: sorted pieces on disk, merged while they are read."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from heapq import merge
from operator import attrgetter
from tempfile import TemporaryFile
from typing import IO

import msgspec
from msgspec import Struct

from tradewatch.errors import SourceError
from tradewatch.facts import Entry, TradeClosed, TradeOpened

_LENGTH = 4
_PIECE = 50_000


class Step(Struct, frozen=True, array_like=True):
    """One fact of a trade; ``is_newest``: nothing is known that happened to the trade later."""

    time: datetime
    is_newest: bool
    fact: TradeOpened | TradeClosed

    @property
    def entry(self) -> Entry:
        """The fact as a ledger takes it."""
        return Entry(self.time, self.fact.identity, self.fact)


_TIME = attrgetter("time")
_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(Step)


class EventOrder:
    """Takes steps in any order and gives them back by event time, those of one instant as they came, repeatedly."""

    def __init__(self, piece: int = _PIECE) -> None:
        """``piece``: how many steps are held in memory."""
        self._piece = piece
        self._held: list[Step] = []
        self._sorted: list[IO[bytes]] = []

    def add(self, step: Step) -> None:
        """Take a step."""
        self._held.append(step)
        if len(self._held) >= self._piece:
            self._put_away()

    def __iter__(self) -> Iterator[Step]:
        return merge(*map(_read, self._sorted), sorted(self._held, key=_TIME), key=_TIME)

    def close(self) -> None:
        """Remove what lies on the disk."""
        for file in self._sorted:
            with suppress(OSError):  # what could not be written is not wanted any more
                file.close()

    def _put_away(self) -> None:
        with _explained():
            file = TemporaryFile(prefix="tradewatch-import-")  # noqa: SIM115 - closed by close()
            self._sorted.append(file)
            for step in sorted(self._held, key=_TIME):
                body = _ENCODER.encode(step)
                file.write(len(body).to_bytes(_LENGTH, "big") + body)
            file.flush()
        self._held.clear()


@contextmanager
def _explained() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        message = (
            f"a large file is sorted in the folder {tempfile.tempdir or 'for temporary files'}, which takes no more "
            f"({error.strerror}): free some space, or name another folder with TMPDIR"
        )
        raise SourceError(message) from error


def _read(file: IO[bytes]) -> Iterator[Step]:
    file.seek(0)
    while length := file.read(_LENGTH):
        yield _DECODER.decode(file.read(int.from_bytes(length, "big")))
