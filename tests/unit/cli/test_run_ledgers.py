"""`tradewatch run` with a ledger that it cannot use, or somebody else uses: one sentence, and it is left as it is."""

import os
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.support.books import ledger_of
from tests.support.calls import SHORT, Call, refusal
from tests.support.facts import at, closed, started
from tests.support.ledgers import kinds
from tests.support.patience import SECONDS
from tradewatch.cli import run
from tradewatch.errors import ConfigurationError
from tradewatch.ledger import SqliteAppender, claimed


def _command(ledger: Path) -> str:
    return f"{Path(sys.executable).parent}/tradewatch run velocitytrader --ledger {ledger} {' '.join(SHORT)}"


def _a_folder(path: Path) -> None:
    path.mkdir()


def _another_applications_database(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE precious (x)")


def _garbage(path: Path) -> None:
    path.write_bytes(bytes(range(256)) * 100)


def _damaged(path: Path) -> None:
    ledger_of(path, [at(number, closed(str(number), pnl=1.0)) for number in range(1_000)])
    with path.open("r+b") as file:
        file.seek(5_000)
        file.write(b"\xff" * 100_000)


def _of_a_bot(path: Path) -> None:
    ledger_of(path, [at(0, started(1000.0)), at(1, closed("a", pnl=12.5))])


def _imported(path: Path) -> None:
    ledger_of(path, [at(1, closed("a", pnl=12.5))], "velocitytrader")


def _imported_long_ago(path: Path) -> None:
    _imported(path)
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript("DROP TABLE kept; PRAGMA user_version = 1")


LEDGERS: dict[Callable[[Path], None], str] = {
    _a_folder: "is a folder: give the path of a file",
    _another_applications_database: "is another application's SQLite database (it holds precious)",
    _garbage: "is not a SQLite database",
    _damaged: "is damaged: restore a copy",
    _of_a_bot: "holds facts of bot that are not of such a run: give another path",
    _imported: "holds facts of velocitytrader that are not of such a run: give another path",
    _imported_long_ago: "holds facts of velocitytrader that are not of such a run: give another path",
    os.mkfifo: "is no regular file",
}


@pytest.mark.parametrize("make", LEDGERS)
def test_a_ledger_that_is_none_of_ours_is_left_as_it_is(
    call: Call, tmp_path: Path, make: Callable[[Path], None]
) -> None:
    path = tmp_path / "v.db"
    make(path)
    before = path.read_bytes() if path.is_file() else None
    assert LEDGERS[make] in refusal(call, *SHORT)
    assert {each.name for each in tmp_path.iterdir()} <= {"v.db", "v.db-shm", "v.db-wal"}  # a reader's own
    assert before == (path.read_bytes() if path.is_file() else None)


def test_a_folder_that_is_missing_is_one_sentence(call: Call, tmp_path: Path) -> None:
    assert "cannot be opened" in refusal(call, *SHORT, ledger=tmp_path / "missing" / "v.db")


@pytest.mark.parametrize("place", ["postgresql://localhost/x", "http://localhost"])
def test_a_ledger_that_is_no_file_is_one_sentence(call: Call, place: str) -> None:
    assert "is not supported: give a file's path" in refusal(call, *SHORT, ledger=place)


def test_a_ledger_that_is_locked_is_one_sentence(call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "v.db"
    SqliteAppender(path).close()
    monkeypatch.setattr(run, "SqliteAppender", lambda ledger: SqliteAppender(ledger, busy_timeout=0.01))
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        assert "is locked by another program" in refusal(call, *SHORT)
    assert kinds(path, "velocitytrader") == []


def test_two_runs_do_not_write_one_ledger(call: Call, tmp_path: Path) -> None:
    path, other_name = tmp_path / "v.db", tmp_path / "link.db"
    other_name.symlink_to(path)
    with claimed(path):
        assert "another run writes the ledger" in refusal(call, *SHORT)
        assert "another run writes the ledger" in refusal(call, *SHORT, ledger=other_name)
        assert not path.exists()
    assert call(*SHORT)[0] is None
    assert sorted(each.name for each in tmp_path.iterdir()) == ["link.db", "v.db"]


@pytest.mark.parametrize(
    ("where", "says"),
    [(">&-", "standard output is closed"), (">/dev/full", "standard output cannot be written (No sp")],
)
def test_a_standard_output_that_takes_nothing_is_one_sentence(tmp_path: Path, where: str, says: str) -> None:
    command = f"{_command(tmp_path / 'v.db')} {where}"
    result = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False, timeout=SECONDS)  # noqa: S607 - wherever it is
    assert (result.returncode, result.stderr.count("\n")) == (2, 1)
    assert result.stderr.startswith(f"tradewatch: {says}")


def test_a_limit_of_file_sizes_is_named_and_nothing_is_left_behind(tmp_path: Path) -> None:
    command = f"ulimit -f 8; {_command(tmp_path / 'v.db')} 2>&1 | cat"
    result = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False, timeout=SECONDS)  # noqa: S607 - wherever it is
    assert "may not grow beyond" in result.stdout
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.getuid() != 0, reason="a disk of its own needs root")
def test_a_full_disk_is_one_sentence(tmp_path: Path) -> None:
    command = (
        f"mount -t tmpfs -o size=16k none {tmp_path} || exit 77; "
        f"{_command(tmp_path / 'v.db')}; status=$?; ls {tmp_path}; exit $status"
    )
    result = subprocess.run(
        ["unshare", "--mount", "bash", "-c", command],  # noqa: S607 - wherever it is
        capture_output=True,
        text=True,
        check=False,
        timeout=SECONDS,
    )
    if result.returncode == 77 or result.stderr.startswith("unshare:"):
        pytest.skip("no file system can be mounted here")
    assert (result.returncode, result.stdout) == (2, "")
    assert "the disk is full: free some space" in result.stderr
    assert result.stderr.count("\n") == 1


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """Yield a folder that others can look into; those of pytest are its user's alone."""
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


@pytest.mark.skipif(os.getuid() != 0, reason="another user's rights are needed")
@pytest.mark.parametrize(
    ("rights", "says"),
    [(0o777, "cannot be written: make the file"), (0o755, "(Permission denied)"), (0o700, "(Permission denied)")],
)
def test_a_ledger_that_may_not_be_written_is_one_sentence(
    call: Call, open_folder: Path, rights: int, says: str
) -> None:
    assert call(*SHORT, ledger=open_folder / "v.db")[0] is None
    before = (open_folder / "v.db").read_bytes()
    open_folder.chmod(rights)
    words = ["run", "velocitytrader", "--ledger", f"{open_folder}/v.db", *SHORT]
    code = (
        "import _strptime, os, sys, tradewatch.cli.run; from tradewatch.cli import main\n"
        f"os.setuid(65534); sys.argv[1:] = {words!r}; main()"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (result.returncode, result.stdout, result.stderr.count("\n")) == (2, "", 1)
    assert says in result.stderr
    assert (open_folder / "v.db").read_bytes() == before


def test_a_claim_raises_only_for_the_second_and_ends_with_the_first(tmp_path: Path) -> None:
    path = tmp_path / "v.db"
    with claimed(path), pytest.raises(ConfigurationError, match=r"another run writes the ledger .*v\.db: stop it"):
        claimed(path).__enter__()
    assert list(tmp_path.iterdir()) == []
    with claimed(path):
        pass
