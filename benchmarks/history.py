"""A ledger's past written into a running Prometheus: what a sample costs, and the memory, whatever the length."""

import os
import re
import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from time import perf_counter
from typing import NamedTuple

from benchmarks.apparatus.histories import Histories, append
from benchmarks.apparatus.processes import TRADEWATCH, RefusedToStartError
from benchmarks.apparatus.results import Beside, Row, compared, megabytes, skipped
from benchmarks.apparatus.trades import START, Variety, closing, run_started
from tradewatch.errors import TradewatchError
from tradewatch.facts import Entry
from tradewatch.stack import loopback, processes, prometheus
from tradewatch.stack.ports import LOOPBACK
from tradewatch.stack.servers import locate
from tradewatch.stack.waiting import wait_until

DAYS = (1, 10, 100)
TRADES_A_DAY = 100
BUSY_TRADES = 100_000
QUIET_DAYS = 30

_FEW = Variety(assets=8, strategies=3, tags=3, exit_reasons=3)
_LIMIT_SECONDS = 4.5e-6
_SAME = 1.2
_CONFIGURATION = "storage: {tsdb: {out_of_order_time_window: 10y}}\n"
_READY_SECONDS = 60


class _Written(NamedTuple):
    """What a process wrote, and what that took."""

    samples: int
    seconds: float
    peak_bytes: int

    @property
    def per_sample(self) -> float:
        return self.seconds / self.samples


def rows(
    histories: Histories,
    days: Sequence[int] = DAYS,
    busy: int = BUSY_TRADES,
    quiet: int = QUIET_DAYS,
    step: str = "60s",
) -> Iterator[Row]:
    """Yield the cost of a sample and the memory for histories of several lengths, of a busy day and of quiet ones."""
    try:
        program = locate("prometheus")
    except TradewatchError as error:
        yield skipped("history", str(error))
        return
    folder = histories.folder / "history"
    found = [_written(program, folder, _History(count, TRADES_A_DAY, step)) for count in days]
    shortest = found[0]
    for count, each in zip(days, found, strict=True):
        beside = None if each is shortest else Beside(f"{days[0]} days", shortest.per_sample)
        yield compared(
            f"history, a sample of {count} days ({each.samples:,})",
            each.per_sample,
            peer=beside,
            target="<= 4.5 µs",
            met=each.per_sample <= _LIMIT_SECONDS,
        )
    yield compared(
        f"memory for {days[-1]} days",
        found[-1].peak_bytes,
        peer=Beside(f"{days[0]} days", shortest.peak_bytes),
        target="within 20 %",
        met=found[-1].peak_bytes <= _SAME * shortest.peak_bytes,
        shown=megabytes,
    )
    middle = len(days) // 2
    packed = _written(program, folder, _History(days[middle], TRADES_A_DAY, step), as_blocks=True)
    yield compared(
        f"history as blocks, a sample of {days[middle]} days",
        packed.per_sample,
        peer=Beside("sent", found[middle].per_sample),
        target="<= 4.5 µs",
        met=packed.per_sample <= _LIMIT_SECONDS,
    )
    crowded = _written(program, folder, _History(1, busy, step))
    yield compared(
        f"history, a sample of a day of {busy:,} trades",
        crowded.per_sample,
        peer=Beside(f"{TRADES_A_DAY} trades", shortest.per_sample),
        target="<= 4.5 µs",
        met=crowded.per_sample <= _LIMIT_SECONDS,
    )
    calm = _written(program, folder, _History(quiet, 1, step))
    yield compared(
        f"history, a sample of {quiet} days of one trade",
        calm.per_sample,
        peer=Beside(f"{TRADES_A_DAY} trades", shortest.per_sample),
        target="<= 4.5 µs",
        met=calm.per_sample <= _LIMIT_SECONDS,
    )


class _History(NamedTuple):
    """A ledger of so many days, each with so many trades, and the step of its history."""

    days: int
    trades_a_day: int
    step: str

    @property
    def end(self) -> datetime:
        return START + timedelta(days=self.days)

    def closings(self) -> Iterator[Entry]:
        random, count = Random(7), self.days * self.trades_a_day  # noqa: S311 - a simulation, not a secret
        for number in range(count):
            yield closing(number, START + (self.end - START) * ((number + 1) / count), random, _FEW)


def _written(program: Path, folder: Path, history: _History, *, as_blocks: bool = False) -> _Written:
    here = folder / "-".join(map(str, (*history, "blocks" if as_blocks else "sent")))
    here.mkdir(parents=True, exist_ok=True)
    ledger = here / "ledger"
    append(ledger, [run_started(), *history.closings()])
    with _prometheus(program, here) as url:
        words = ["backfill", "--ledger", str(ledger), "--remote-write", url, "--step", history.step, "--quiet"]
        words += ["--to", f"{history.end:%Y-%m-%dT%H:%M:%S}", "--state", str(here / "state")]
        words += ["--blocks", str(here / "data")] if as_blocks else []
        return _backfilled([TRADEWATCH, *words], here / "output")


def _backfilled(command: list[str], output: Path) -> _Written:
    """Run a backfill to its end; raises `RefusedToStartError` with what it said when it failed."""
    began = perf_counter()
    with output.open("wb") as file:
        streams = [(os.POSIX_SPAWN_DUP2, file.fileno(), number) for number in (1, 2)]
        pid = os.posix_spawn(command[0], command, os.environ, file_actions=streams)
        _, status, usage = os.wait4(pid, 0)
    seconds, said = perf_counter() - began, output.read_text()
    found = re.match(r"([\d,]+) samples", said)
    if status or found is None:
        raise RefusedToStartError(said)
    return _Written(int(found[1].replace(",", "")), seconds, usage.ru_maxrss * 1024)


@contextmanager
def _prometheus(program: Path, folder: Path) -> Iterator[str]:
    """Yield where a Prometheus takes remote write that holds nothing yet."""
    configuration = folder / "prometheus.yml"
    configuration.write_text(_CONFIGURATION)
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
    server = processes.start(
        prometheus.command(program, configuration, folder / "data", port), folder / "prometheus.log"
    )
    try:
        wait_until(lambda: loopback.answers(f"http://{LOOPBACK}:{port}/-/ready"), seconds=_READY_SECONDS)
        yield f"http://{LOOPBACK}:{port}/api/v1/write"
    finally:
        processes.stop([server])
