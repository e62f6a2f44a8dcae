"""Where the stack's files lie: the committed configuration below the project root, what it writes in one folder."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from tradewatch.errors import ConfigurationError

CONFIGURATION = Path("monitoring", "prometheus", "prometheus.yml")
ALERTMANAGER = CONFIGURATION.with_name("alertmanager.yml")
STATE_VARIABLE = "TRADEWATCH_STATE"
HOME_VARIABLE = "TRADEWATCH_HOME"


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """``root`` is the project's folder, in which only the demo's `trading_logs.db` is written; ``home`` holds the rest.

    ``private`` holds what has secrets in it.
    """

    root: Path
    home: Path
    private: Path

    @property
    def configuration(self) -> Path:
        """Prometheus' committed configuration, which people edit."""
        return self.root / CONFIGURATION

    @property
    def rendered_configuration(self) -> Path:
        """The copy of it that names other ports."""
        return self.home / "run" / CONFIGURATION.name

    @property
    def alertmanager_configuration(self) -> Path:
        """Alertmanager's committed configuration, which people edit."""
        return self.root / ALERTMANAGER

    @property
    def rendered_alertmanager(self) -> Path:
        """The copy of it that names other ports."""
        return self.home / "run" / ALERTMANAGER.name

    @property
    def private_alertmanager(self) -> Path:
        """The copy of it that holds secrets, outside the project and readable by its owner only."""
        mark = sha256(str(self.home).encode()).hexdigest()[:12]
        return self.private / f"stack-{mark}" / ALERTMANAGER.name

    @property
    def settings(self) -> Path:
        """What a person has set, see ``settings``."""
        return self.root / "tradewatch.toml"

    @property
    def trading_logs(self) -> Path:
        """The ledger of the demo's VelocityPTrader, where its exporter looks by itself."""
        return self.root / "trading_logs.db"

    @property
    def compose_file(self) -> Path:
        """What runs in containers."""
        return self.root / "monitoring" / "docker-compose.yml"

    @property
    def containers(self) -> Path:
        """Exists from the start of containers to their stop."""
        return self.home / "run" / "containers"

    @property
    def plan(self) -> Path:
        """What the supervisor runs."""
        return self.home / "run" / "plan.json"

    @property
    def workplace(self) -> Path:
        """The folder that servers are started in."""
        return self.home / "run" / "workplace"

    @property
    def secrets(self) -> Path:
        """Where secrets that the committed configuration names may lie."""
        return self.configuration.with_name("secrets")

    @property
    def record(self) -> Path:
        """What runs now, see ``records``."""
        return self.home / "run" / "stack.json"

    @property
    def lock(self) -> Path:
        """Held by whoever starts or stops the stack."""
        return self.home / "run" / "lock"

    @property
    def servers(self) -> Path:
        """Programs unpacked from packages, see ``servers``."""
        return self.home / "servers"

    @property
    def ledgers(self) -> Path:
        """The ledgers that `up` fills."""
        return self.home / "demo"

    def ledger(self, system: str) -> Path:
        """Return the ledger of a system of the demo."""
        return self.trading_logs if system == "velocitytrader" else self.ledgers / f"{system}.db"

    @property
    def state(self) -> Path:
        """The exporter's checkpoints and followed databases."""
        return self.home / "state"

    @property
    def prometheus_data(self) -> Path:
        """Prometheus' histories, a folder for each ledger."""
        return self.home / "prometheus"

    @property
    def alertmanager_data(self) -> Path:
        """What Alertmanager has told whom, and its silences, a folder for each history."""
        return self.home / "alertmanager"

    @property
    def journal(self) -> Path:
        """Every notification, a line each, kept for good."""
        return self.home / "alerts.log"

    @property
    def logs(self) -> Path:
        """What the processes print."""
        return self.home / "logs"

    def log(self, name: str) -> Path:
        """Return the file for the output of the process ``name``."""
        return self.logs / f"{name}.log"


def find_places() -> Places:
    """Return the places for the current folder; TRADEWATCH_HOME moves what is written elsewhere."""
    root = find_root(Path.cwd(), Path(__file__))
    home = Path(os.environ.get(HOME_VARIABLE) or root / ".tradewatch").absolute()
    return Places(root=root, home=home, private=Path(os.environ.get(STATE_VARIABLE) or state_folder()).absolute())


def state_folder() -> Path:
    """Return where the XDG base directory specification puts state: https://specifications.freedesktop.org/basedir/."""
    return Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state", "tradewatch")


def find_root(*starts: Path) -> Path:
    """Return the nearest folder with ``monitoring/prometheus/prometheus.yml`` at or above the first start that has one.

    Raises ConfigurationError when no start lies in a project.
    """
    for start in starts:
        for folder in (start, *start.parents):
            if (folder / CONFIGURATION).is_file():
                return folder
    message = f"no {CONFIGURATION} in {starts[0]} or above it; change into the folder of a Tradewatch checkout"
    raise ConfigurationError(message)


@contextmanager
def writable(places: Places) -> Iterator[None]:
    """Let what cannot be written end in one sentence: raises ConfigurationError for every OSError."""
    try:
        yield
    except OSError as error:
        where = error.filename or places.home
        message = f"{where} cannot be written ({error.strerror}): make room for it, or set {HOME_VARIABLE}"
        raise ConfigurationError(message) from error
