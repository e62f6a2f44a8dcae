"""The stack as a whole: what runs now, start it or leave nothing, stop all of it.

The caller holds the lock of the places for as long as it decides and acts.
"""

import subprocess
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime

from tradewatch.errors import TradewatchError
from tradewatch.stack import processes, records, supervisor
from tradewatch.stack.places import Places
from tradewatch.stack.plan import Shown, supervisor_command
from tradewatch.stack.records import Member, Stack, State
from tradewatch.stack.supervisor import Plan
from tradewatch.stack.waiting import wait_until

READY_SECONDS = 180.0
"""What the stack cannot do without has this long to answer."""

PATIENCE_SECONDS = 35.0
"""So long `up` waits for what may follow: a past that is simulated, a history that is written."""

SUPERVISOR_SECONDS = processes.GRACE_SECONDS + processes.KILL_SECONDS + 5.0

Report = Callable[[str], None]
"""Receives a line on every step."""


class StartError(TradewatchError):
    """A part of the stack did not come up, and nothing runs: read its log."""


def running(places: Places) -> Stack | None:
    """Return the stack that is watched over; None when nothing is, whatever may be left of one."""
    stack = records.load(places.record)
    if stack is None or stack.supervisor is None:
        return None
    return stack if processes.is_alive(stack.supervisor) else None


def last_seen(places: Places, history: str) -> datetime | None:
    """Return when numbers were last collected in this history; None for never."""
    newest = [file.stat().st_mtime for file in (places.prometheus_data / history).glob("**/wal/*")]
    return datetime.fromtimestamp(max(newest), UTC) if newest else None


def bring_trades(shown: Shown) -> None:
    """Make room for a ledger and run its import, if it has one; raises StartError when that fails."""
    shown.ledger.parent.mkdir(parents=True, exist_ok=True)
    if shown.import_command is None:
        return
    if subprocess.run(shown.import_command, check=False).returncode != 0:  # noqa: S603  our own command line
        message = f"nothing was started, because the {shown.subject} could not be imported"
        raise StartError(message)


def start(plan: Plan, places: Places, report: Report) -> Stack:
    """Start the plan's supervisor, wait until all that is needed is ready, and return how everything is.

    What may follow later is waited for a while. Whatever goes wrong, nothing stays.
    """
    supervisor.save(places.plan, plan)
    with ExitStack() as undo:
        undo.callback(stop, places)
        process = processes.start(supervisor_command(places), places.log("supervisor"), marked=places.home)

        def is_there() -> bool:
            if not processes.is_alive(process):
                message = f"the supervisor ended while the stack was starting; {_evidence('supervisor', places)}"
                raise StartError(message)
            return records.load(places.record) is not None

        wait_until(is_there, seconds=READY_SECONDS)
        _Start(plan, places, report).wait()
        undo.pop_all()
    stack = records.load(places.record)
    assert stack is not None  # noqa: S101  it was there just now, and the caller holds the lock
    return stack


class _Start:
    """Waits for a plan to come up, and tells what is waited for."""

    def __init__(self, plan: Plan, places: Places, report: Report) -> None:
        self._progress = {service.name: service.progress for service in plan.services}
        self._hints = {service.name: service.hint for service in plan.services}
        self._places = places
        self._report = report
        self._told: set[str] = set()
        self._members: Sequence[Member] = ()

    def wait(self) -> None:
        if not wait_until(self._is_up, seconds=READY_SECONDS):
            name = next(member.name for member in self._members if not is_settled(member) and member.is_needed)
            message = f"{name} was not ready after {READY_SECONDS:.0f} s; {_evidence(name, self._places)}"
            raise StartError("; ".join(filter(None, (message, self._hints[name]))))
        wait_until(self._has_all, seconds=PATIENCE_SECONDS)

    def _is_up(self) -> bool:
        self._look()
        return all(is_settled(member) for member in self._members if member.is_needed)

    def _has_all(self) -> bool:
        self._look()
        return all(is_settled(member) for member in self._members if not member.name.endswith("-history"))

    def _look(self) -> None:
        stack = records.load(self._places.record)
        self._members = () if stack is None else stack.members
        for member in self._members:
            self._require_well(member)
            if member.state is State.STARTING and member.name not in self._told:
                self._told.add(member.name)
                self._report(self._progress[member.name])

    def _require_well(self, member: Member) -> None:
        if member.is_needed and (member.restarts or member.state is State.FAILED):
            message = (
                f"{member.name} {member.ended.split(' at ')[0]} while the stack was starting; "
                f"{_evidence(member.name, self._places)}"
            )
            raise StartError(message)


def is_settled(member: Member) -> bool:
    """Return whether there is nothing to wait for: a member is ready, or has done its work, or never will."""
    return member.state in {State.READY, State.DONE, State.FAILED}


def stop(places: Places) -> Sequence[str]:
    """Stop all that is recorded, and whatever else is left of it; return the names of what still ran."""
    stack = records.load(places.record)
    living = [] if stack is None else [member for member in reversed(stack.members) if _runs(member)]
    if stack is not None and stack.supervisor is not None:
        processes.stop([stack.supervisor], grace=SUPERVISOR_SECONDS)
    processes.stop([member.process for member in living if member.process is not None])
    left = processes.marked(places.home)
    processes.stop(left)
    records.forget(places.record)
    places.private_alertmanager.unlink(missing_ok=True)
    return [member.name for member in living] or (["what was left"] if left else [])


def _runs(member: Member) -> bool:
    return member.process is not None and processes.is_alive(member.process)


def _evidence(name: str, places: Places) -> str:
    log = places.log(name)
    return f"the end of {log}:\n{processes.last_lines(log)}"
