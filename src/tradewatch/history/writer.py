"""Series into requests, and what was taken into the record."""

from collections.abc import Iterator, Sequence

from tradewatch.history.days import Span
from tradewatch.history.encoding import framed
from tradewatch.history.record import Record
from tradewatch.history.remote import RemoteWrite

_LARGEST = 4_000_000
"""Bytes of a request, about: far below what servers take at once."""


class Writer:
    """Sends spans one after the other; one is recorded once the server has taken all of it."""

    def __init__(self, remote: RemoteWrite, record: Record, sequence: int) -> None:
        self._remote = remote
        self._record = record
        self._sequence = sequence
        self._sent: Span | None = None

    def write(self, span: Span, series: Sequence[bytes]) -> None:
        """Send what belongs to a span, after the one before was taken; the server may still be at it afterwards."""
        for request in requests(series):
            self._remote.send(request)  # waits for the answer to the last one
            self._record_sent()
        self._sent = span

    def finish(self) -> None:
        """Wait until all is taken."""
        self._remote.finish()
        self._record_sent()

    def _record_sent(self) -> None:
        if self._sent is not None:
            self._record.add(self._sent, self._sequence)
            self._sent = None


def requests(series: Sequence[bytes]) -> Iterator[bytes]:
    """Yield requests with these series, of about the largest size."""
    part: list[bytes] = []
    size = 0
    for each in series:
        part.append(each)
        size += len(each)
        if size >= _LARGEST:
            yield framed(b"".join(part))
            part, size = [], 0
    if part:
        yield framed(b"".join(part))
