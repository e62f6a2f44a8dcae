"""What a system keeps beside its facts, to go on from the newest one."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.support.facts import at, closed
from tradewatch.errors import SourceError
from tradewatch.ledger import SqliteAppender, SqliteReader
from tradewatch.ledger.schema import APPLICATION_ID, MIGRATIONS


def test_what_is_kept_is_replaced_by_name_and_is_each_systems_own(tmp_path: Path) -> None:
    with closing(SqliteAppender(tmp_path / "a.db")) as ledger:
        assert ledger.kept("bot") == {}
        ledger.append([at(1, closed("1", 1.0))], "bot", {"broker": b"one", "clock": b"two"})
        ledger.append([], "bot", {"broker": b"three"})
        ledger.append([], "other", {"broker": b"four"})
        assert ledger.kept("bot") == {"broker": b"three", "clock": b"two"}


def test_nothing_is_kept_of_a_step_that_was_not_committed(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    with closing(SqliteAppender(path, busy_timeout=0.01)) as ledger:
        ledger.append([], "bot", {"broker": b"one"})
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(SourceError):
                ledger.append([at(1, closed("1", 1.0))], "bot", {"broker": b"two"})
            other.execute("ROLLBACK")
        assert ledger.kept("bot") == {"broker": b"one"}
    with closing(SqliteReader(path)) as reader:
        assert reader.last_sequence() == 0


def test_a_ledger_of_the_first_version_is_read_as_it_is_and_brought_up_to_date_by_writing(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    with closing(sqlite3.connect(path)) as old:
        old.executescript(MIGRATIONS[0])
        old.executescript(f"PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = 1")
    with closing(SqliteReader(path)) as reader:
        assert reader.last_sequence() == 0
    with closing(SqliteAppender(path)) as ledger:
        ledger.append([at(1, closed("1", 1.0))], "bot", {"broker": b"one"})
        assert ledger.kept("bot") == {"broker": b"one"}


def test_what_is_kept_can_be_read_and_a_ledger_of_the_first_version_has_none(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    with closing(SqliteAppender(path)) as ledger:
        ledger.append([at(1, closed("1", 1.0))], "bot", {"broker": b"one"})
    with closing(SqliteReader(path)) as reader:
        assert (reader.kept("bot"), reader.kept("other")) == ({"broker": b"one"}, {})
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript("DROP TABLE kept; PRAGMA user_version = 1")
    with closing(SqliteReader(path)) as reader:
        assert reader.kept("bot") == {}
