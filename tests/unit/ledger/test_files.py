"""A ledger whose files are moved, deleted or replaced while it is open: nothing is lost, nothing is overwritten.

Each case leaves a write-ahead log behind that SQLite would read into whatever takes the ledger's place.
"""

import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from tests.support.facts import at, closed
from tradewatch.errors import SourceError
from tradewatch.ledger import SqliteAppender, SqliteReader

_PAGE = 4096


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "bot.db"


def _appended(path: Path, *trades: str) -> SqliteAppender:
    appender = SqliteAppender(path)
    appender.append([at(1, closed(trade)) for trade in trades], "bot")
    return appender


def _ids(path: Path) -> list[str]:
    with closing(SqliteReader(path)) as reader:
        return [row.id for row in reader.all_rows("bot")]


def _database_of_another_application(path: Path) -> bytes:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE precious AS SELECT 1")
        connection.commit()
    return path.read_bytes()


def test_a_ledger_that_was_moved_away_keeps_what_was_appended(path: Path, tmp_path: Path) -> None:
    appender = _appended(path, "a", "b")
    path.rename(tmp_path / "archive.db")
    appender.close()
    assert [file.name for file in tmp_path.iterdir()] == ["archive.db"]
    assert _ids(tmp_path / "archive.db") == ["a/closed", "b/closed"]


def test_another_applications_database_in_a_ledgers_place_stays_as_it_is(path: Path, tmp_path: Path) -> None:
    appender = _appended(path, "a")
    content = _database_of_another_application(tmp_path / "precious.db")
    (tmp_path / "precious.db").rename(path)
    for open_ledger in (SqliteAppender, SqliteReader):
        with pytest.raises(SourceError, match=r"another application's SQLite database \(it holds precious\)"):
            open_ledger(path)
    appender.close()
    assert path.read_bytes() == content


def test_a_text_in_a_ledgers_place_stays_as_it_is(path: Path, tmp_path: Path) -> None:
    appender = _appended(path, "a")
    (tmp_path / "notes.txt").write_text("notes\n" * 1000)
    (tmp_path / "notes.txt").rename(path)
    with pytest.raises(SourceError, match="not a SQLite database"):
        SqliteAppender(path)
    appender.close()
    assert path.read_text() == "notes\n" * 1000


def test_another_ledger_in_a_ledgers_place_gets_nothing_of_the_first(path: Path, tmp_path: Path) -> None:
    appender = _appended(path, "a")
    _appended(tmp_path / "other.db", "b").close()
    (tmp_path / "other.db").rename(path)
    appender.close()
    assert _ids(path) == ["b/closed"]


def test_a_log_that_was_deleted_is_noticed_and_its_facts_are_saved(path: Path) -> None:
    appender = _appended(path, "a")
    path.with_name("bot.db-wal").unlink()
    assert not appender.is_current
    appender.close()
    assert _ids(path) == ["a/closed"]


def test_a_ledger_whose_maker_was_killed_before_its_first_checkpoint_is_still_a_ledger(path: Path) -> None:
    code = (
        "import os, pathlib; from tradewatch.ledger import SqliteAppender\n"
        f"appender = SqliteAppender(pathlib.Path({str(path)!r})); os.kill(os.getpid(), 9)"
    )
    subprocess.run([sys.executable, "-c", code], check=False)
    assert path.stat().st_size < path.with_name("bot.db-wal").stat().st_size
    appender = _appended(path, "a")
    appender.close()
    assert _ids(path) == ["a/closed"]


def test_a_ledger_whose_owner_was_killed_inside_a_checkpoint_is_not_damaged(path: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy" / "bot.db"
    copy.parent.mkdir()
    appender = _appended(path, "a")
    for file in (path, path.with_name("bot.db-wal")):
        shutil.copy(file, copy.parent)
    appender.close()
    copy.write_bytes(path.read_bytes()[:_PAGE])  # the first page is copied first, and says how many there are
    assert _ids(copy) == ["a/closed"]
    _appended(copy, "b").close()
    assert _ids(copy) == ["a/closed", "b/closed"]


def test_opening_a_ledger_a_second_time_does_not_take_the_first_ones_lock_away(path: Path) -> None:
    """POSIX locks end when their process closes *any* descriptor of the file; then others would delete the log."""
    appender = _appended(path, "a")
    SqliteReader(path).close()
    code = "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute('SELECT * FROM ledger').close(); c.close()"
    subprocess.run([sys.executable, "-c", code, str(path)], check=True)
    assert path.with_name("bot.db-wal").exists()
    appender.close()
    assert not path.with_name("bot.db-wal").exists()


def test_a_folder_that_may_not_be_searched_is_a_source_that_is_down(tmp_path: Path) -> None:
    name = "x" * 300  # longer than any file system's names: the system's error comes before SQLite's
    with pytest.raises(SourceError, match=r"cannot be opened .*name too long"):
        SqliteReader(tmp_path / name)
