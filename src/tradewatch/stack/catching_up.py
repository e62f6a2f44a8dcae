"""How far a run's ledger has come on its way to the present: `python -m tradewatch.stack.catching_up LEDGER SYSTEM`."""

import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tradewatch.errors import TradewatchError
from tradewatch.ledger import SqliteReader
from tradewatch.stack.service import Reaching
from tradewatch.systems.running import Kept

PRESENT = timedelta(minutes=3)
"""A run that is this close to now goes at the clock's pace: it waits for the end of a bar, a minute at most."""


def reached(ledger: Path, system: str) -> datetime | None:
    """Return the time that the run of ``system`` has reached; None while there is nothing to read."""
    if not ledger.exists():
        return None
    try:
        with closing(SqliteReader(ledger)) as reader:
            return Kept(reader.kept(system), str(ledger)).reached
    except TradewatchError:  # it is being made just now, or its run says what is wrong with it
        return None


def missing(reaching: Reaching, now: datetime) -> timedelta | None:
    """Return by how much a ledger is behind ``now``, zero when it has reached it; None while it says nothing."""
    if reaching.system is None:
        return timedelta(0) if reaching.ledger.exists() else None
    moment = reached(reaching.ledger, reaching.system)
    if moment is None:
        return None
    behind = now - moment
    return timedelta(0) if behind <= PRESENT else behind


if __name__ == "__main__":  # a container's health check: the exit status says whether the present is reached
    place, name = sys.argv[1:]
    sys.exit(0 if missing(Reaching(ledger=Path(place), system=name), datetime.now(UTC)) == timedelta(0) else 1)
