"""The process that keeps the stack running: `python -m tradewatch.stack.supervisor PLAN RECORD LOGS`.

It starts each service in its turn, writes down how all are, and stops them when it is asked to end.
"""

import os
import signal
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from tradewatch.stack import processes, records
from tradewatch.stack.ports import Ports
from tradewatch.stack.processes import Process
from tradewatch.stack.records import Stack
from tradewatch.stack.service import Service
from tradewatch.stack.watched import Watched, moment

STEP_SECONDS = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is to run, and what a person is told of it; ``folder``: where all of it is started."""

    subject: str
    ports: Ports
    folder: Path
    services: tuple[Service, ...]


def save(path: Path, plan: Plan) -> None:
    """Write ``plan`` to ``path``."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(msgspec.json.format(msgspec.json.encode(plan, enc_hook=str)))


def load(path: Path) -> Plan:
    """Return the plan at ``path``."""
    return msgspec.json.decode(path.read_bytes(), type=Plan, dec_hook=lambda wanted, found: wanted(found))


class Supervisor:
    """Runs a plan until `stop` is called. ``record``: where it writes how everything is."""

    def __init__(self, plan: Plan, record: Path, logs: Path) -> None:
        self._watched = [Watched(service, logs / f"{service.name}.log", say) for service in plan.services]
        self._stack = Stack(subject=plan.subject, ports=plan.ports, supervisor=this_process())
        self._record = record
        self._stopping = threading.Event()

    def run(self) -> None:
        """Keep everything running; returns, with all of it stopped and the record gone, after `stop`."""
        while not self._stopping.is_set():
            self._step()
            self._stopping.wait(STEP_SECONDS)
        say("everything is stopped")
        processes.stop(reversed([member.process for member in self._stack.members if member.process is not None]))
        records.forget(self._record)

    def stop(self) -> None:
        """Let `run` end soon; safe in a signal handler."""
        self._stopping.set()

    def _step(self) -> None:
        for watched in self._watched:
            ready = {each.service.name for each in self._watched if each.has_been_ready or each.has_failed}
            watched.step(moment(time.monotonic()), ready)
            self._write_down()
            if self._stopping.is_set():
                return

    def _write_down(self) -> None:
        stack = replace(self._stack, members=tuple(watched.member for watched in self._watched))
        if stack != self._stack:
            self._stack = stack
            records.save(self._record, stack)


def this_process() -> Process:
    """Return the process that runs this."""
    return Process(pid=os.getpid(), birth=processes.birth_of(os.getpid()) or "")


def say(words: str) -> None:
    """Print ``words`` after the time."""
    sys.stdout.write(f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC  {words}\n")
    sys.stdout.flush()


def main(words: Sequence[str]) -> None:
    """Supervise what the plan says until SIGTERM or SIGINT."""
    plan, record, logs = map(Path, words)
    supervisor = Supervisor(load(plan), record, logs)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_: supervisor.stop())
    os.chdir(load(plan).folder)
    supervisor.run()


if __name__ == "__main__":
    main(sys.argv[1:])
