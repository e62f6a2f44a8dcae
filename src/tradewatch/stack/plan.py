"""What `up` runs: whose trades, and which processes, each after those that it needs."""

import importlib.util
import shutil
import sys
import sysconfig
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

from tradewatch.stack import alertmanager, prometheus, servers
from tradewatch.stack.channels import channels
from tradewatch.stack.own_ledger import first_start, require_own
from tradewatch.stack.places import Places
from tradewatch.stack.ports import LOOPBACK, Ports
from tradewatch.stack.relocating import make_workplace
from tradewatch.stack.service import Reaching, Service
from tradewatch.stack.settings import SYSTEMS, Settings
from tradewatch.stack.supervisor import Plan

TRADEWATCH = Path(sysconfig.get_path("scripts"), "tradewatch")
"""The command line of the environment that runs now."""

BOT, HYDRA, VELOCITYTRADER = "bot", "hydra", "velocitytrader"
LAST_DAY = timedelta(days=1)

SHORTEST_GAP = timedelta(minutes=6)
"""Without numbers; shorter ones cannot be seen, because a series is drawn on for five minutes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A system that is shown: its ledger, and what brings its facts, a command beforehand or a process throughout."""

    system: str
    subject: str
    ledger: Path
    import_command: Sequence[str] | None = None
    recorder: Service | None = None
    is_needed: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is to run. ``history``: the name of Prometheus' data; ``last_seen``: when it ran last, None for never."""

    shown: Sequence[Shown]
    history: str
    settings: Settings
    now: datetime
    last_seen: datetime | None = None

    @property
    def ports(self) -> Ports:
        """Where everything listens."""
        return self.settings.ports

    @property
    def subject(self) -> str:
        """Whose trades are shown."""
        return ", ".join(shown.subject for shown in self.shown)

    def ports_in_use(self) -> dict[str, int]:
        """Return the ports that something will listen on, by name."""
        always = ("journal", "alertmanager", "prometheus", *(("viewer",) if has_viewer() else ()))
        names = (*always, *(shown.system for shown in self.shown))
        return {name: self.ports.by_name()[name] for name in names}


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """A plan, and what is wrong with the alerts' settings: a sentence each."""

    plan: Plan
    problems: Sequence[str] = field(default=())


def demo(settings: Settings, places: Places, now: datetime) -> Sequence[Shown]:
    """Return the systems of the demo, which go on where they were stopped.

    Raises ConfigurationError when `trading_logs.db` is somebody else's.
    """
    chosen = settings["demo.systems"]
    return [_simulated(system, settings, places, now) for system in chosen]


def _simulated(system: str, settings: Settings, places: Places, now: datetime) -> Shown:
    ledger = places.ledger(system)
    seed, days = settings["demo.seed"], settings["demo.days"]
    if system == BOT:
        words: tuple[str, ...] = ("sample", "--ledger", str(ledger), "--seed", str(seed), "--days", str(days), "--live")
        subject = "a sample bot"
    else:
        require_own(ledger, system, seed)
        start = first_start(ledger, system) or (now - timedelta(days=days)).replace(second=0, microsecond=0)
        words = ("run", system, "--ledger", str(ledger), "--seed", str(seed), f"--start={start:%Y-%m-%dT%H:%M:%S}")
        subject = {HYDRA: "HYDRA", VELOCITYTRADER: "VelocityPTrader"}[system]
    recorder = Service(
        name=system,
        progress=f"simulating the past of {subject}",
        command=(str(TRADEWATCH), *words),
        reaching=Reaching(ledger=ledger, system=None if system == BOT else system),
        is_needed=False,
    )
    return Shown(system=system, subject=f"{subject} (simulated)", ledger=ledger, recorder=recorder, is_needed=False)


def imported(trades: Path, starting_equity: str | None, places: Places) -> Shown:
    """Return the trades of a file, in a ledger of their own for each path and equity: a ledger keeps its first one."""
    path = trades.resolve()
    words = (str(path), *(() if starting_equity is None else ("--starting-equity", starting_equity)))
    ledger = places.ledgers / f"{path.stem}-{sha256(repr(words).encode()).hexdigest()[:8]}.db"
    command = (str(TRADEWATCH), "import", *words, "--ledger", str(ledger))
    return Shown(system=BOT, subject=f"trades of {path.name}", ledger=ledger, import_command=command)


def planned(wanted: Wanted, places: Places) -> Planned:
    """Return what to start; may fetch a server's program, and writes the copies of configurations that it needs."""
    set_up = alertmanager.configuration_for(
        wanted.ports, channels(wanted.settings), places, servers.locate("amtool", places.servers)
    )
    services = (
        _journal(wanted, places),
        _alertmanager(wanted, places, set_up.file),
        _prometheus(wanted, places),
        *(service for shown in wanted.shown for service in _shown(shown, wanted, places)),
        *((_viewer(wanted),) if has_viewer() else ()),
    )
    programs = [servers.locate(name, places.servers) for name in ("prometheus", "prometheus-alertmanager")]
    make_workplace(places.workplace, programs, places.secrets)
    plan = Plan(subject=wanted.subject, ports=wanted.ports, folder=places.workplace, services=services)
    return Planned(plan=plan, problems=set_up.problems)


def _journal(wanted: Wanted, places: Places) -> Service:
    listen, patience = f"{LOOPBACK}:{wanted.ports.journal}", wanted.settings["journal.patience"]
    words = ("--listen", listen, "--file", str(places.journal), "--patience", str(patience))
    asked = ("--alertmanager", wanted.ports.address("alertmanager"))
    return Service(
        name="journal",
        progress="starting the journal of alerts",
        command=(str(TRADEWATCH), "journal", *words, *asked),
        health=f"http://{listen}/-/healthy",
    )


def _alertmanager(wanted: Wanted, places: Places, configuration: Path) -> Service:
    program = servers.locate("prometheus-alertmanager", places.servers)
    data = places.alertmanager_data / wanted.history
    return Service(
        name="alertmanager",
        progress="starting Alertmanager",
        command=tuple(alertmanager.command(program, configuration, data, wanted.ports.alertmanager)),
        health=f"{wanted.ports.address('alertmanager')}/-/ready",
    )


def _prometheus(wanted: Wanted, places: Places) -> Service:
    """Return Prometheus with a history of its own for other trades."""
    program = servers.locate("prometheus", places.servers)
    shown = {each.system for each in wanted.shown}
    left_out = [system for system in SYSTEMS if system not in shown]
    configuration = prometheus.configuration_for(wanted.ports, places, left_out)
    data = _data(wanted, places)
    return Service(
        name="prometheus",
        progress="starting Prometheus, which reads the history that it keeps",
        command=tuple(prometheus.command(program, configuration, data, wanted.ports.prometheus)),
        health=f"{wanted.ports.address('prometheus')}/-/ready",
        hint=(
            "Prometheus 2.42 can hang when it reads much anew that it was sent out of order: "
            f"delete {places.prometheus_data} and start again, the history is written from the ledgers once more"
        ),
    )


def _data(wanted: Wanted, places: Places) -> Path:
    """Return where Prometheus keeps its data: simulated and real trades never share a series."""
    return places.prometheus_data / wanted.history


def has_viewer() -> bool:
    """Return whether this installation has dashboards of its own."""
    return importlib.util.find_spec("tradewatch.viewer") is not None


def _viewer(wanted: Wanted) -> Service:
    address, ports = wanted.ports.address("viewer"), wanted.ports
    servers = ("--prometheus", ports.address("prometheus"), "--alertmanager", ports.address("alertmanager"))
    ledgers = tuple(word for shown in wanted.shown for word in ("--ledger", str(shown.ledger)))
    return Service(
        name="viewer",
        progress="starting the dashboards",
        command=(
            *(str(TRADEWATCH), "viewer", "--listen", address.removeprefix("http://"), *servers, *ledgers),
            *("--subject", wanted.subject),
        ),
        health=f"{address}/viewer/health",
        after=("prometheus",),
        is_needed=False,
    )


def _shown(shown: Shown, wanted: Wanted, places: Places) -> Iterator[Service]:
    if shown.recorder is not None:
        yield shown.recorder
    yield _exporter(shown, wanted, places)
    yield from _history(shown, wanted, places)


def _exporter(shown: Shown, wanted: Wanted, places: Places) -> Service:
    """Return the exporter, which begins when the ledger has reached the present: a page of last week is no page."""
    address = wanted.ports.address(shown.system)
    words = ("--ledger", str(shown.ledger), "--listen", address.removeprefix("http://"), "--state", str(places.state))
    return Service(
        name=f"{shown.system}-exporter",
        progress=f"starting the exporter of {shown.subject}",
        command=(str(TRADEWATCH), "export", *words, "--system", shown.system),
        health=f"{address}/-/ready",
        after=() if shown.recorder is None else (shown.recorder.name,),
        is_needed=shown.is_needed,
    )


def _history(shown: Shown, wanted: Wanted, places: Places) -> Iterator[Service]:
    """Yield the tasks that write the past into Prometheus: first the last day, or what was missed, then all of it.

    What is older comes by blocks: Prometheus would have to read all of it anew at its next start, had it been sent.
    """
    url = f"{wanted.ports.address('prometheus')}/api/v1/write"
    words = ("--ledger", str(shown.ledger), "--system", shown.system, "--step", "60s", "--remote-write", url)
    # As it is scraped, which it may not have been yet.
    target = ("--job", shown.system, "--instance", wanted.ports.address(shown.system).removeprefix("http://"))
    command = (str(TRADEWATCH), "backfill", *words, *target, "--state", str(places.state), "--quiet")
    blocks = ("--blocks", str(_data(wanted, places)))
    recent = f"{shown.system}-last-day"
    ready: tuple[str, ...] = (f"{shown.system}-exporter", "prometheus")
    begin = _missing_since(wanted)
    if begin is not None and shown.recorder is not None:
        yield Service(
            name=recent,
            progress=f"writing the last day of {shown.subject} into Prometheus",
            command=(*command, *blocks, f"--from={begin:%Y-%m-%dT%H:%M:%S}"),
            after=ready,
            is_task=True,
            is_needed=False,
        )
        ready = (*ready, recent)
    yield Service(
        name=f"{shown.system}-history",
        progress=f"writing the past of {shown.subject} into Prometheus",
        command=(*_giving_way(), *command, *blocks),
        after=ready,
        is_task=True,
        is_needed=False,
    )


def _giving_way() -> tuple[str, ...]:
    """Return the words before a command that lets everybody else go first, if this machine has them."""
    nice = shutil.which("nice")
    return () if nice is None else (nice, "-n", "10")


def _missing_since(wanted: Wanted) -> datetime | None:
    """Return since when Prometheus has no numbers, a day at the start of all; None when it is too short to be seen."""
    if wanted.last_seen is None:
        return wanted.now - LAST_DAY
    gap = wanted.now - wanted.last_seen
    return wanted.last_seen + timedelta(minutes=1) if gap > SHORTEST_GAP else None


def supervisor_command(places: Places) -> Sequence[str]:
    """Return the words that start the supervisor."""
    return (
        sys.executable,
        "-m",
        "tradewatch.stack.supervisor",
        str(places.plan),
        str(places.record),
        str(places.logs),
    )


def now_utc() -> datetime:
    """Return the time."""
    return datetime.now(UTC)
