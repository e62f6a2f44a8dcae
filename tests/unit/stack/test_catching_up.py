import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from tests.support.facts import at, closed
from tradewatch.errors import ConfigurationError
from tradewatch.ledger import SqliteAppender
from tradewatch.stack.catching_up import missing, reached
from tradewatch.stack.own_ledger import first_start, require_own
from tradewatch.stack.service import Reaching

REACHED = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)


def run_of(ledger: Path, moment: datetime = REACHED, **parameters: str) -> Path:
    """Write what a run keeps of itself."""
    flags = {"--feed": "simulated", "--seed": "7", "--start": "2026-01-01T00:00:00+00:00"} | {
        f"--{name}": value for name, value in parameters.items()
    }
    kept = msgspec.msgpack.encode({"parameters": flags, "reached": moment.isoformat()})
    with closing(SqliteAppender(ledger)) as appender:
        appender.append([at(0, closed("1"))], "hydra", {"run": kept})
    return ledger


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    return tmp_path / "hydra.db"


def test_a_run_that_is_behind_says_by_how_much(ledger: Path) -> None:
    reaching = Reaching(ledger=run_of(ledger), system="hydra")
    assert missing(reaching, REACHED + timedelta(days=2)) == timedelta(days=2)
    assert missing(reaching, REACHED + timedelta(minutes=2)) == timedelta(0)


def test_a_ledger_that_is_not_there_or_says_nothing_is_not_there_yet(ledger: Path) -> None:
    assert missing(Reaching(ledger=ledger, system="hydra"), REACHED) is None
    assert missing(Reaching(ledger=ledger), REACHED) is None
    ledger.write_text("no ledger")
    assert reached(ledger, "hydra") is None
    assert missing(Reaching(ledger=ledger), REACHED) == timedelta(0)


@pytest.mark.parametrize(("behind", "status"), [(timedelta(0), 0), (timedelta(hours=1), 1)])
def test_a_containers_health_is_its_exit_status(ledger: Path, behind: timedelta, status: int) -> None:
    run_of(ledger, datetime.now(UTC) - behind)
    asked = [sys.executable, "-m", "tradewatch.stack.catching_up", str(ledger), "hydra"]
    assert subprocess.run(asked, check=False).returncode == status


def test_the_demos_own_ledger_goes_on_from_its_first_start(ledger: Path) -> None:
    require_own(ledger, "hydra", 7)
    assert first_start(ledger, "hydra") is None
    run_of(ledger)
    require_own(ledger, "hydra", 7)
    assert first_start(ledger, "hydra") == datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("parameters", "said"),
    [({"feed": "mt5"}, "a run with --feed mt5"), ({"seed": "8"}, "a run with --seed 8, not 7")],
)
def test_another_run_is_somebody_elses(ledger: Path, parameters: dict[str, str], said: str) -> None:
    run_of(ledger, REACHED, **parameters)
    with pytest.raises(ConfigurationError, match=said):
        require_own(ledger, "hydra", 7)
