"""What `up` runs: whose trades, and which processes in which order."""

import sysconfig
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from pathlib import Path

from tradewatch.stack import loopback, prometheus, servers
from tradewatch.stack.places import Places
from tradewatch.stack.ports import LOOPBACK, Ports

TRADEWATCH = Path(sysconfig.get_path("scripts"), "tradewatch")
"""The command line of the environment that runs now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A process to start, announced by ``progress``; it is up once ``is_ready``. ``health`` as in Member."""

    name: str
    progress: str
    command: Sequence[str]
    is_ready: Callable[[], bool]
    health: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Whose trades are shown, where they lie, and what brings them: a command beforehand or processes throughout."""

    subject: str
    ledger: Path
    import_command: Sequence[str] | None = None
    recorders: Sequence[Service] = ()


def simulated(places: Places) -> Source:
    """Return the sample bot, which goes on where it was stopped."""
    ledger = places.ledgers / "sample.db"
    command = (str(TRADEWATCH), "sample", "--ledger", str(ledger), "--live")
    recorder = Service(name="sample", progress="starting the sample bot", command=command, is_ready=ledger.exists)
    return Source(subject="simulated trades of a sample bot", ledger=ledger, recorders=(recorder,))


def imported(trades: Path, starting_equity: str | None, places: Places) -> Source:
    """Return the trades of a file, in a ledger of their own for each path and equity: a ledger keeps its first one."""
    path = trades.resolve()
    words = (str(path), *(() if starting_equity is None else ("--starting-equity", starting_equity)))
    ledger = places.ledgers / f"{path.stem}-{sha256(repr(words).encode()).hexdigest()[:8]}.db"
    command = (str(TRADEWATCH), "import", *words, "--ledger", str(ledger))
    return Source(subject=f"trades of {path.name}", ledger=ledger, import_command=command)


def services(source: Source, ports: Ports, places: Places) -> Sequence[Service]:
    """Return what to start, each after the one before it is ready; may fetch a server's program."""
    return (
        *source.recorders,
        _exporter(source.ledger, ports, places),
        _prometheus(source.ledger, ports, places),
        _viewer(source.ledger, ports),
    )


def _exporter(ledger: Path, ports: Ports, places: Places) -> Service:
    listen = f"{LOOPBACK}:{ports.exporter}"
    health = f"http://{listen}/-/ready"
    command = (str(TRADEWATCH), "export", "--ledger", str(ledger), "--listen", listen, "--state", str(places.state))
    return Service(
        name="exporter",
        progress="starting the exporter",
        command=command,
        is_ready=partial(loopback.answers, health),
        health=health,
    )


def _prometheus(ledger: Path, ports: Ports, places: Places) -> Service:
    """Return Prometheus with a history per ledger, so that simulated and real trades never share a series."""
    return Service(
        name="prometheus",
        progress="starting Prometheus and waiting for its first scrape, up to 15 s",
        command=prometheus.command(
            servers.locate("prometheus", places.servers),
            prometheus.configuration_for(ports, places),
            places.prometheus_data / ledger.stem,
            ports.prometheus,
        ),
        is_ready=partial(prometheus.has_scraped_bot, ports.prometheus, since=time.time()),
        health=f"http://{LOOPBACK}:{ports.prometheus}/-/ready",
    )


def _viewer(ledger: Path, ports: Ports) -> Service:
    """Return the dashboards, whose page is built first where it has changed."""
    listen = f"{LOOPBACK}:{ports.viewer}"
    health = f"http://{listen}/viewer/health"
    server = f"http://{LOOPBACK}:{ports.prometheus}"
    command = (str(TRADEWATCH), "viewer", "--listen", listen, "--prometheus", server, "--ledger", str(ledger))
    return Service(
        name="viewer",
        progress="starting the dashboards",
        command=command,
        is_ready=partial(loopback.answers, health),
        health=health,
    )
