"""What has been written of a history, so that a run that was stopped goes on where it was."""

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import msgspec

from tradewatch.errors import SourceError
from tradewatch.history.days import Span, joined

FRESH = 120.0
"""Seconds in which a server may not have found yet what was put into its folder: Prometheus looks once a minute."""


class Subject(msgspec.Struct, frozen=True, kw_only=True):
    """Of which history: the ledger's identity, what is read of it and how, where it is written and as what."""

    ledger: str
    system: str
    profit: str
    metrics: str
    url: str
    step: int
    labels: dict[str, str]


class _Content(msgspec.Struct, kw_only=True):
    """``sequence``: the newest fact that was known when it was last written; ``written``: first and last moments."""

    subject: Subject
    sequence: int
    written: list[tuple[int, int]]


class Record:
    """A file that names the spans that were written; ``sequence``: of which facts.

    One of another subject, or that cannot be read, is begun anew: writing again what was written changes nothing.
    """

    def __init__(self, path: Path, subject: Subject) -> None:
        self._path = path
        self._subject = subject
        found = _read(path)
        self.sequence = 0
        self.written: list[Span] = []
        if found is not None and found.subject == subject:
            self.sequence, self.written = found.sequence, [Span(*each) for each in found.written]

    def is_fresh(self, now: float) -> bool:
        """Whether something was recorded so shortly before a moment (Unix) that the server may not have found it."""
        with suppress(OSError):
            return 0 <= now - self._path.stat().st_mtime <= FRESH
        return False

    def add(self, span: Span, sequence: int) -> None:
        """Note that a span was written of the facts up to a sequence number; raises `SourceError`."""
        self.written, self.sequence = joined([*self.written, span], self._subject.step), sequence
        self._save()

    def forget(self, spans: Sequence[Span]) -> None:
        """Note that spans are not written after all; raises `SourceError`."""
        if not spans:
            return
        self.written = [each for each in self.written if each not in spans]
        self._save()

    def _save(self) -> None:
        content = _Content(
            subject=self._subject, sequence=self.sequence, written=[(each.first, each.last) for each in self.written]
        )
        fresh = self._path.with_suffix(".new")
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            fresh.write_bytes(msgspec.json.encode(content))
            fresh.replace(self._path)
        except OSError as error:
            message = (
                f"{self._path} cannot be written ({error.strerror}): free some space, or name a folder with --state"
            )
            raise SourceError(message) from error


def _read(path: Path) -> _Content | None:
    try:
        return msgspec.json.decode(path.read_bytes(), type=_Content)
    except (OSError, msgspec.DecodeError):
        return None
