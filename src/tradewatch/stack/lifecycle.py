"""The stack as a whole: what runs now, start all of it or nothing, stop all of it.

The caller holds the lock of the places for as long as it decides and acts.
"""

import subprocess
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import replace

from tradewatch.errors import TradewatchError
from tradewatch.stack import processes, records
from tradewatch.stack.places import Places
from tradewatch.stack.plan import Service, Source
from tradewatch.stack.records import Member, Stack
from tradewatch.stack.waiting import wait_until

READY_SECONDS = 120.0

Report = Callable[[str], None]
"""Receives a line on every step."""


class StartError(TradewatchError):
    """A part of the stack did not come up, and nothing runs: read its log."""


def running(places: Places) -> Stack | None:
    """Return the stack that runs, None when nothing or only a part of it does."""
    stack = records.load(places.record)
    if stack is None or not stack.is_complete:
        return None
    return stack if all(processes.is_alive(member.process) for member in stack.members) else None


def bring_trades(source: Source) -> None:
    """Make room for the ledger of ``source`` and run its import, if it has one; raises StartError when that fails."""
    source.ledger.parent.mkdir(parents=True, exist_ok=True)
    if source.import_command is None:
        return
    if subprocess.run(source.import_command, check=False).returncode != 0:  # noqa: S603  our own command line
        message = f"nothing was started, because the {source.subject} could not be imported"
        raise StartError(message)


def start(stack: Stack, services: Sequence[Service], places: Places, report: Report) -> Stack:
    """Start the services in order and return ``stack`` with them as members; whatever goes wrong, nothing stays."""
    with ExitStack() as undo:
        undo.callback(stop, places)
        for service in services:
            report(service.progress)
            stack = replace(stack, members=(*stack.members, _launch(service, places)))
            records.save(places.record, stack)
            _wait_until_ready(service, stack, places)
        stack = replace(stack, is_complete=True)
        records.save(places.record, stack)
        undo.pop_all()
    return stack


def stop(places: Places) -> Sequence[str]:
    """Stop all that is recorded, the last started first, and return the names of what still ran."""
    stack = records.load(places.record)
    if stack is None:
        return ()
    living = [member for member in reversed(stack.members) if processes.is_alive(member.process)]
    processes.stop(member.process for member in living)
    records.forget(places.record)
    return [member.name for member in living]


def _launch(service: Service, places: Places) -> Member:
    process = processes.start(service.command, places.log(service.name))
    return Member(name=service.name, process=process, health=service.health)


def _wait_until_ready(service: Service, stack: Stack, places: Places) -> None:
    def is_ready() -> bool:
        for member in stack.members:
            _require_alive(member, places)
        return service.is_ready()

    if not wait_until(is_ready, seconds=READY_SECONDS):
        message = f"{service.name} was not ready after {READY_SECONDS:.0f} s; {_evidence(service.name, places)}"
        raise StartError(message)


def _require_alive(member: Member, places: Places) -> None:
    if not processes.is_alive(member.process):
        message = f"{member.name} ended while the stack was starting; {_evidence(member.name, places)}"
        raise StartError(message)


def _evidence(name: str, places: Places) -> str:
    log = places.log(name)
    return f"the end of {log}:\n{processes.last_lines(log)}"
