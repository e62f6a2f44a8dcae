"""Telling the demo's own `trading_logs.db` from one that holds somebody's account."""

from contextlib import closing
from datetime import datetime
from pathlib import Path

from tradewatch.errors import ConfigurationError, TradewatchError
from tradewatch.ledger import SqliteReader
from tradewatch.systems.running import Kept

SIMULATED = "simulated"


def require_own(ledger: Path, system: str, seed: int) -> None:
    """Raise ConfigurationError for a file that is not of the demo's run: it is never written to, and never shown."""
    if not ledger.exists():
        return
    kept = _kept(ledger, system)
    found = "no simulated run" if kept is None or kept.reached is None else _differing(kept, seed)
    if found:
        message = (
            f"{ledger} is not the demo's: it holds {found}; move it away, or serve it with "
            "`python monitoring/prometheus_exporter.py --port 9090` instead"
        )
        raise ConfigurationError(message)


def first_start(ledger: Path, system: str) -> datetime | None:
    """Return when the run of a ledger began; None for one that there is not yet."""
    kept = _kept(ledger, system) if ledger.exists() else None
    start = None if kept is None else kept.parameter("--start")
    return None if start is None else datetime.fromisoformat(start)


def _kept(ledger: Path, system: str) -> Kept | None:
    try:
        with closing(SqliteReader(ledger)) as reader:
            return Kept(reader.kept(system), str(ledger))
    except TradewatchError:
        return None


def _differing(kept: Kept, seed: int) -> str | None:
    feed, its_seed = kept.parameter("--feed"), kept.parameter("--seed")
    if feed != SIMULATED:
        return f"a run with --feed {feed}"
    return None if its_seed == str(seed) else f"a run with --seed {its_seed}, not {seed}"
