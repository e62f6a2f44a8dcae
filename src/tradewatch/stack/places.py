"""Where the stack's files lie: the committed configuration below the project root, all it writes in one folder."""

import os
from dataclasses import dataclass
from pathlib import Path

from tradewatch.errors import ConfigurationError

CONFIGURATION = Path("monitoring", "prometheus", "prometheus.yml")
HOME_VARIABLE = "TRADEWATCH_HOME"


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """``root`` is the project's folder and only read; ``home`` holds everything that the stack writes."""

    root: Path
    home: Path

    @property
    def configuration(self) -> Path:
        """Prometheus' committed configuration, which people edit."""
        return self.root / CONFIGURATION

    @property
    def rendered_configuration(self) -> Path:
        """The copy of it that names other ports."""
        return self.home / "run" / CONFIGURATION.name

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

    @property
    def state(self) -> Path:
        """The exporter's checkpoints and followed databases."""
        return self.home / "state"

    @property
    def prometheus_data(self) -> Path:
        """Prometheus' histories, a folder for each ledger."""
        return self.home / "prometheus"

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
    return Places(root=root, home=Path(os.environ.get(HOME_VARIABLE) or root / ".tradewatch").absolute())


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
