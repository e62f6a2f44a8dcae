"""Where samples go: into requests that a server takes, or into blocks beside those that it has made itself."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

from tradewatch.history.blocks import Block
from tradewatch.history.columns import Columns
from tradewatch.history.days import Span
from tradewatch.history.encoding import Instants, framed, labels, series
from tradewatch.history.record import Record
from tradewatch.history.remote import RemoteWrite, TargetError
from tradewatch.history.series import Pairs, Samples

SAMPLES_TOGETHER = 100_000
"""Some 2 MB."""

_LARGEST_REQUEST = 4_000_000
"""Bytes, about: far below what servers take at once."""

_MOMENTS_TOGETHER = 240
"""Two chunks of a series."""

_LARGEST_BLOCK = 4_000_000
"""Samples, about: some 60 MB at the most, while it is made."""


class Destination(Protocol):
    """Takes spans one after the other, each in order of time; what it has for certain is recorded."""

    def is_enough(self, waiting: Columns) -> bool:
        """Whether what waits should be written now."""
        ...

    def write(self, span: Span, samples: Samples) -> None:
        """Write what belongs to a span; it may not be there yet afterwards."""
        ...

    def finish(self) -> None:
        """See to it that all is there."""
        ...


class Requests:
    """Sends samples to a server. ``sequence``: the newest fact that is known; ``together``: samples of a request."""

    def __init__(self, remote: RemoteWrite, record: Record, sequence: int, together: int = SAMPLES_TOGETHER) -> None:
        self._remote = remote
        self._record = record
        self._sequence = sequence
        self._together = together
        self._sent: Span | None = None
        self._labels: dict[Pairs, bytes] = {}

    def is_enough(self, waiting: Columns) -> bool:
        """Whether what waits fills a request."""
        return waiting.samples >= self._together

    def write(self, span: Span, samples: Samples) -> None:
        """Send what belongs to a span, after the one before was taken; the server may still be at it afterwards."""
        for request in self.encoded(samples):
            self._remote.send(request)  # waits for the answer to the last one
            self._record_sent()
        self._sent = span

    def finish(self) -> None:
        """Wait until all is taken."""
        self._remote.finish()
        self._record_sent()

    def encoded(self, samples: Samples) -> Iterator[bytes]:
        """Yield requests with these series, of about the largest size."""
        instants, part, size = Instants(samples.moments), list[bytes](), 0
        for each in samples.series:
            encoded = series(self._named(each.labels), b"".join([instants.samples(*run) for run in each.runs]))
            part.append(encoded)
            size += len(encoded)
            if size >= _LARGEST_REQUEST:
                yield framed(b"".join(part))
                part, size = [], 0
        if part:
            yield framed(b"".join(part))

    def _record_sent(self) -> None:
        if self._sent is not None:
            self._record.add(self._sent, self._sequence)
            self._sent = None

    def _named(self, pairs: Pairs) -> bytes:
        known = self._labels.get(pairs)
        if known is None:
            known = self._labels[pairs] = labels(pairs)
        return known


class Blocks:
    """Puts samples into blocks in the folder of data of a Prometheus, which finds them there within a minute.

    ``step``: seconds between two moments. ``largest``: samples of a block, about. Raises `TargetError` where the folder
    takes nothing.
    """

    def __init__(  # noqa: PLR0913 - where, what, and how it is recorded
        self,
        data: Path,
        step: int,
        record: Record,
        sequence: int,
        clock: Callable[[], float] = time.time,
        *,
        largest: int = _LARGEST_BLOCK,
    ) -> None:
        self._largest = largest
        self._data = data
        self._step = step
        self._record = record
        self._sequence = sequence
        self._clock = clock
        self._block = Block(step * 1_000)
        self._span: Span | None = None

    def is_enough(self, waiting: Columns) -> bool:
        """Whether what waits fills chunks."""
        return len(waiting.moments) >= _MOMENTS_TOGETHER or waiting.samples >= self._largest

    def write(self, span: Span, samples: Samples) -> None:
        """Put what belongs to a span into the block that is made."""
        for each in samples.series:
            for run in each.runs:
                self._block.add(each.labels, samples.moments[run.begin], run.values)
        self._span = span if self._span is None else Span(self._span.first, span.last)
        if self._block.samples >= self._largest:
            self.finish()

    def finish(self) -> None:
        """Give the block that was made to Prometheus."""
        block, span = self._block, self._span
        self._block, self._span = Block(self._step * 1_000), None
        if block.samples:
            self._save(block)
        if span is not None:
            self._record.add(span, self._sequence)

    def _save(self, block: Block) -> None:
        try:
            block.save(self._data, int(self._clock() * 1_000))
        except OSError as error:
            message = (
                f"no block can be made in {self._data} ({error.strerror}): see to its room, and whether the user who "
                "runs this may write there; the same command goes on where it was"
            )
            raise TargetError(message) from error
