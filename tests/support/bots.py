"""Bots that tests run as processes of their own: `python -m tests.support.bots MODULE.FUNCTION ARGUMENTS`.

Each program prints what became of it as lines of JSON. The process that forks bots only to kill them never opens a
ledger itself: SQLite's locks do not cross a fork.
"""

import importlib
import itertools
import json
import os
import random
import select
import signal
import struct
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from io import FileIO
from pathlib import Path
from typing import Any, NamedTuple

from tests.support.patience import SECONDS
from tradewatch import Recorder
from tradewatch.facts import Direction

ROOT = Path(__file__).parents[2]


def command(program: str, *arguments: object) -> list[str]:
    """Return what starts a program: a function of a module in this folder."""
    return [sys.executable, "-m", "tests.support.bots", program, *map(str, arguments)]


def run(program: str, *arguments: object, prefix: Sequence[str] = (), seconds: float = SECONDS) -> list[dict[str, Any]]:
    """Run a program to its end and return what it printed. Any: JSON."""
    done = subprocess.run(
        [*prefix, *command(program, *arguments)], cwd=ROOT, capture_output=True, text=True, timeout=seconds, check=False
    )
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


@contextmanager
def started(program: str, *arguments: object) -> Iterator["subprocess.Popen[str]"]:
    """Start a program, and see to it that it does not outlive the test."""
    pipe = subprocess.PIPE
    process = subprocess.Popen(command(program, *arguments), cwd=ROOT, stdout=pipe, stderr=pipe, text=True)
    with process:
        try:
            yield process
        finally:
            process.kill()


def say(**values: object) -> None:
    """Print what the test wants to know."""
    print(json.dumps(values), flush=True)  # noqa: T201 - how a program answers


class Told(NamedTuple):
    """What a killed bot had said: how much it had told by when, and how much of it was acknowledged."""

    run_id: str
    times: list[float]
    """Of fact 1, 2, ...: the moment at which telling it had returned."""
    flushed: int
    """So many facts had been acknowledged by a flush."""
    in_flush: bool
    """Whether the kill came while it waited for a flush."""
    killed: float
    lateness: float
    """By how much a plain wait was late meanwhile: what the machine itself does to any promise."""


_REPORT = struct.Struct("<cqdd")
"""What it did, the number of the fact, the moment, and by how much the pause before was late."""
_TOLD, _FLUSHING, _FLUSHED = b"t", b"f", b"a"
_LONGEST_LIFE = 700
"""In facts: a bot on a busy machine tells as many before it is killed, it only takes longer."""
_BEGINNERS = 0.1
"""The share of bots that are killed while they begin."""
_BEGINNING = 0.05
_PACE = 0.001
_FLUSHES = 1 / 15
"""How often a bot flushes, if it is one that does: only the others show what is kept without."""
_TICK = 0.01


def kill_bots(ledger: str, rounds: str, seed: str) -> None:
    """Start bots on one ledger, one after the other, and kill each at a random moment."""
    chance = random.Random(int(seed))  # noqa: S311 - chance, not a secret
    for number in range(int(rounds)):
        say(**_killed_bot(Path(ledger), f"run{number}", chance)._asdict())


def _killed_bot(ledger: Path, run_id: str, chance: random.Random) -> Told:
    flushes, seed = chance.choice((0.0, _FLUSHES)), chance.getrandbits(32)
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            _trade_for_ever(ledger, run_id, writing, flushes, random.Random(seed))  # noqa: S311 - chance, not a secret
        except BaseException:  # noqa: BLE001 - a forked child must not go on with the parent's work
            traceback.print_exc()
        finally:
            os._exit(1)
    os.close(writing)
    with os.fdopen(reading, "rb", buffering=0) as reports:
        said, lateness = _wait(reports, chance)
        if flushes and chance.random() < 1 / 2:
            said += _until_it_flushes(reports)
        killed = time.monotonic()
        os.kill(pid, signal.SIGKILL)
        _, status = os.waitpid(pid, 0)
        assert os.WTERMSIG(status) == signal.SIGKILL, "the bot ended by itself"
        said += reports.readall()
    return _told(run_id, killed, lateness, list(_REPORT.iter_unpack(said)))


def _wait(reports: FileIO, chance: random.Random) -> tuple[bytes, float]:
    """Wait for some facts, and return what was said and by how much the latest of many short waits was late."""
    if chance.random() < _BEGINNERS:
        return b"", _lateness(chance.uniform(0, _BEGINNING))
    life, said, lateness = chance.randrange(1, _LONGEST_LIFE) * _REPORT.size, b"", 0.0
    while len(said) < life and (more := reports.read(life - len(said))):
        said += more
        lateness = max(lateness, _lateness(_TICK))
    return said, max(lateness, _lateness(chance.uniform(0, _TICK)))


def _lateness(seconds: float) -> float:
    """Wait, and return by how much that was late."""
    end = time.monotonic() + seconds
    select.select([], [], [], seconds)
    return time.monotonic() - end


def _until_it_flushes(reports: FileIO) -> bytes:
    """Read until the last that was said is that a flush begins."""
    said = b""
    while (more := reports.read(1_000 * _REPORT.size)) and more[-_REPORT.size :][:1] != _FLUSHING:
        said += more
    return said + (more or b"")


def _told(run_id: str, killed: float, lateness: float, reports: list[tuple[bytes, int, float, float]]) -> Told:
    return Told(
        run_id=run_id,
        times=[moment for what, _, moment, _ in reports if what == _TOLD],
        flushed=max((number for what, number, _, _ in reports if what == _FLUSHED), default=0),
        in_flush=bool(reports) and reports[-1][0] == _FLUSHING,
        killed=killed,
        lateness=max([lateness, *(late for _, _, _, late in reports)]),
    )


def _trade_for_ever(ledger: Path, run_id: str, reports: int, flushes: float, chance: random.Random) -> None:
    record = Recorder(ledger, mode="paper", starting_equity=1_000.0, currency="USD", run_id=run_id)
    late = 0.0

    def report(what: bytes, number: int) -> None:
        os.write(reports, _REPORT.pack(what, number, time.monotonic(), late))

    for number in itertools.count(1):
        tell(record, run_id, number)
        report(_TOLD, number)
        if chance.random() < flushes:
            report(_FLUSHING, number)
            if record.flush():
                report(_FLUSHED, number)
        late = _lateness(chance.expovariate(1 / _PACE))


def tell(record: Recorder, run_id: str, number: int) -> None:
    """Tell a fact that carries its number, of one kind after the other."""
    _KINDS[number % len(_KINDS)](record, run_id, number)


def number_of(body: dict[str, Any]) -> int | None:
    """Return the number that a fact of `tell` carries. Any: a fact as JSON."""
    match body:
        case {"trade_id": str(trade_id)}:
            return int(trade_id.rpartition(":")[2])
        case {"kind": "equity_marked", "equity": float(number)} | {"kind": "heartbeat", "interval": float(number)}:
            return int(number)
        case {"kind": "error_occurred", "message": str(number)}:
            return int(number)
    return None


def _opens(record: Recorder, run_id: str, number: int) -> None:
    record.trade_opened(
        trade_id=f"{run_id}:{number}",
        asset="BTC-USD",
        direction=Direction.BUY,
        quantity=1.0,
        entry_price=100.0,
        fees=0.1,
    )


def _closes(record: Recorder, run_id: str, number: int) -> None:
    record.trade_closed(
        trade_id=f"{run_id}:{number}",
        asset=("BTC-USD", "ETH-USD")[number % 2],
        direction=Direction.SELL,
        quantity=0.1,
        entry_price=100.0,
        exit_price=100.0 + (number * 7919 % 199 - 99) / 10,
        strategy=f"strategy {number % 3}",
    )


_KINDS: tuple[Callable[[Recorder, str, int], None], ...] = (
    _closes,
    lambda record, _, number: record.equity_marked(equity=float(number)),
    _opens,
    lambda record, _, number: record.heartbeat(interval=float(number)),
    _closes,
    lambda record, _, number: record.error_occurred(component="feed", type="timeout", message=str(number)),
)


if __name__ == "__main__":
    module, _, name = sys.argv[1].partition(".")
    getattr(importlib.import_module(f"tests.support.{module}"), name)(*sys.argv[2:])
