"""The file in which an exporter keeps what its book remembers, so that a restart folds only what is new."""

import logging
from collections.abc import Iterator
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path

import msgspec

import tradewatch
from tradewatch.book import Snapshots

_log = logging.getLogger(__name__)

_FIRST_LINE = b"tradewatch checkpoint\n"
_LARGEST = 1 << 30
"""Bytes beyond any checkpoint."""

_FOLDING = ("book", "catalog", "facts", "stats", "systems")
"""The packages that decide what a book remembers."""


class _Header(msgspec.Struct, frozen=True, kw_only=True):
    """Of what a checkpoint is: ``code``: of the program that made it; ``digest``: of the content."""

    version: str
    code: str
    subject: str
    digest: str


class Checkpoint:
    """A checkpoint file. ``subject`` says what was folded and how: one of another subject is of no use.

    Losing it costs time and nothing else: what cannot be read is named, set aside under another name and made anew.
    """

    def __init__(self, path: Path, subject: str) -> None:
        self._path = path
        self._subject = subject

    def load(self) -> Snapshots | None:
        """Return what was kept, None when there is nothing of use."""
        try:
            if self._path.exists() and not self._is_plausible():
                self._set_aside("is no file, or far too large to be a checkpoint")
                return None
            data = self._path.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            self._set_aside(f"cannot be read ({error.strerror})")
            return None
        try:
            return self._decoded(data)
        except ValueError as error:
            self._set_aside(str(error))
            return None

    def _is_plausible(self) -> bool:
        return self._path.is_dir() or (self._path.is_file() and self._path.stat().st_size <= _LARGEST)

    def save(self, snapshots: Snapshots) -> None:
        """Write what is remembered, all of it or nothing; a disk that fails is only named."""
        content = snapshots.encoded()
        header = _Header(
            version=tradewatch.__version__, code=_CODE, subject=self._subject, digest=blake2b(content).hexdigest()
        )
        fresh = self._path.with_suffix(".new")
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            fresh.unlink(missing_ok=True)  # what a killed process left there may belong to anybody
            fresh.touch(mode=0o600, exist_ok=False)
            fresh.write_bytes(_FIRST_LINE + msgspec.json.encode(header) + b"\n" + content)
            fresh.replace(self._path)
        except OSError as error:
            with suppress(OSError):
                fresh.unlink(missing_ok=True)
            _log.warning("the checkpoint %s cannot be written (%s)", self._path, error.strerror)

    def _decoded(self, data: bytes) -> Snapshots:
        """Return the snapshots of a checkpoint's bytes; raises `ValueError` that says why they are of no use."""
        if not data.startswith(_FIRST_LINE):
            message = "is no checkpoint"
            raise ValueError(message)
        line, _, content = data.removeprefix(_FIRST_LINE).partition(b"\n")
        try:
            header = msgspec.json.decode(line, type=_Header)
        except (msgspec.DecodeError, RecursionError) as error:
            message = "is damaged"
            raise ValueError(message) from error
        for reason in self._objections(header, content):
            raise ValueError(reason)
        try:
            return Snapshots.decoded(content)
        except ValueError as error:
            message = "is damaged"
            raise ValueError(message) from error

    def _objections(self, header: _Header, content: bytes) -> Iterator[str]:
        if header.subject != self._subject:
            yield f"is of {header.subject}, not of {self._subject}"
        if header.version != tradewatch.__version__:
            yield f"is of version {header.version}, this is {tradewatch.__version__}"
        if header.code != _CODE:
            yield "was made by another state of the program"
        if header.digest != blake2b(content).hexdigest():
            yield "is damaged"

    def _set_aside(self, reason: str) -> None:
        aside = self._path.with_suffix(".set-aside")
        try:
            self._path.replace(aside)
        except OSError as error:
            _log.warning("the checkpoint %s %s, and it cannot be set aside (%s)", self._path, reason, error.strerror)
        else:
            _log.warning("the checkpoint %s %s: it is set aside as %s and made anew", self._path, reason, aside.name)


def _code() -> str:
    """Return what tells this state of the program's folding from any other."""
    digest = blake2b(digest_size=16)
    root = Path(tradewatch.__file__).parent
    for package in _FOLDING:
        for file in sorted((root / package).rglob("*.py")):
            digest.update(file.read_bytes())
    return digest.hexdigest()


_CODE = _code()
"""Read when the program begins: an upgrade that comes later changes the files, not what this process folds with."""
