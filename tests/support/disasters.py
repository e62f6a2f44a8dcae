"""Disks that refuse: what strikes a bot's ledger and how it is mended, and the bots that live through it."""

import itertools
import logging
import os
import resource
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from tests.support.bots import say, tell
from tests.support.ledgers import bodies, kinds
from tests.support.patience import SECONDS
from tradewatch import Recorder
from tradewatch.stack.waiting import wait_until


class Disaster(NamedTuple):
    """What happens to the disk under a bot's ledger, and how it is mended."""

    words: str
    """What the recorder says about it."""
    strike: Callable[[Path], None]
    mend: Callable[[Path], None]
    mounts: bool = False
    """Whether it needs a file system of its own."""
    first: bool = False
    """Whether it has happened before the bot starts."""


def endure(disaster: str, folder: str) -> None:
    """Record before, during and after a disaster."""
    what, place, messages = DISASTERS[disaster], Path(folder), _Messages()
    ledger = place / "bot.db"
    if what.mounts:
        _mount(place, "-t", "tmpfs", "-o", f"size={_DISK_BYTES}", "none")
    if what.first:
        what.strike(place)
    record, slowest, numbers = Recorder(ledger, mode="paper"), 0.0, itertools.count(1)
    told = 0

    def trade(count: int) -> None:
        nonlocal told, slowest
        for told in itertools.islice(numbers, count):
            began = time.perf_counter()
            record.error_occurred(component="feed", type="timeout", message=str(told))
            slowest = max(slowest, time.perf_counter() - began)

    trade(100)
    if not what.first:
        assert record.flush(SECONDS)
        what.strike(place)

    def has_struck() -> bool:
        trade(100)
        return messages.have(what.words)

    assert wait_until(has_struck, seconds=SECONDS), messages.texts
    trade(1_000)
    what.mend(place)
    assert record.flush(SECONDS), messages.texts
    say(
        said=" ".join(messages.texts),
        told=told,
        slowest=slowest,
        written=[int(body["message"]) for body in bodies(ledger, "error_occurred")],
        kinds=kinds(ledger),
        lost={**record.dropped, **record.refused},
    )


_DISK_BYTES = 4 * 1024 * 1024


class _Messages(logging.Handler):
    """What the recorder has logged."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        logging.getLogger("tradewatch.recorder").addHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        self.texts.append(record.getMessage())

    def have(self, words: str) -> bool:
        return any(words in text for text in self.texts)


def _mount(folder: Path, *options: str) -> None:
    subprocess.run(["mount", *options, str(folder)], check=True)  # noqa: S607 - it is elsewhere on each machine


def _fill_the_disk(folder: Path) -> None:
    with suppress(OSError), (folder / "filler").open("wb", buffering=0) as filler:
        while True:
            filler.write(bytes(1024))


def _empty_the_disk(folder: Path) -> None:
    (folder / "filler").unlink()


def _limit_files(folder: Path) -> None:
    longest = max(file.stat().st_size for file in folder.iterdir())
    resource.setrlimit(resource.RLIMIT_FSIZE, (longest, resource.RLIM_INFINITY))


def _unlimit_files(_: Path) -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


def _take_the_right_to_write(what: Path) -> None:
    what.chmod(0o555 if what.is_dir() else 0o444)
    if os.getuid() == 0:  # permissions do not bind root: be somebody else, whose it is
        os.chown(what, _NOBODY, _NOBODY)
        os.chown(what.parent, _NOBODY, _NOBODY)
        os.setresuid(_NOBODY, _NOBODY, _NOBODY)


_NOBODY = 65534


def _keep_an_old_ledger_read_only(folder: Path) -> None:
    Recorder(folder / "bot.db", mode="paper").close()
    _take_the_right_to_write(folder / "bot.db")


DISASTERS = {
    "a full disk": Disaster("the disk is full", _fill_the_disk, _empty_the_disk, mounts=True),
    "a file that may not grow": Disaster("may not grow beyond", _limit_files, _unlimit_files),
    "a folder that may not be written": Disaster(
        "cannot be opened", _take_the_right_to_write, lambda folder: folder.chmod(0o755), first=True
    ),
    "a file that may not be written": Disaster(
        "cannot be written",
        _keep_an_old_ledger_read_only,
        lambda folder: (folder / "bot.db").chmod(0o644),
        first=True,
    ),
    "a read-only mount": Disaster(
        "cannot be opened",
        lambda folder: _mount(folder, "-o", "remount,bind,ro"),
        lambda folder: _mount(folder, "-o", "remount,bind,rw"),
        mounts=True,
        first=True,
    ),
}


def hoard(ledger: str) -> None:
    """Tell very much to a ledger that cannot be written."""
    record = Recorder(ledger, capacity=_CAPACITY)
    for number in range(_CAPACITY):
        tell(record, "run", number)
    before = _resident_bytes()
    for number in range(_CAPACITY, 20 * _CAPACITY):
        tell(record, "run", number)
    say(
        told=20 * _CAPACITY,
        dropped=sum(record.dropped.values()),
        waiting=len(record._lineage.run._queue),  # noqa: SLF001 - the memory under test
        grown=_resident_bytes() - before,
    )
    os._exit(0)


_CAPACITY = 20_000


def _resident_bytes() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()
