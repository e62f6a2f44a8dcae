"""The ledger on SQLite: one order, told twice is once, never changed, and honest about what it is not."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.support.facts import at, closed, opened, started
from tradewatch.errors import SourceError
from tradewatch.facts import CashFlowed, EquityMarked, TradeCorrected, TradeVoided
from tradewatch.ledger import SqliteAppender, SqliteReader, entry_of
from tradewatch.ledger.schema import APPLICATION_ID


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "bot.db"


@pytest.fixture
def appender(path: Path) -> Iterator[SqliteAppender]:
    appender = SqliteAppender(path)
    yield appender
    appender.close()


@pytest.fixture
def reader(path: Path, appender: SqliteAppender) -> Iterator[SqliteReader]:
    assert appender.is_current
    reader = SqliteReader(path)
    yield reader
    reader.close()


def test_facts_come_back_in_the_order_they_were_appended(appender: SqliteAppender, reader: SqliteReader) -> None:
    entries = [at(2, closed("b")), at(1, closed("a")), at(3, started())]
    assert appender.append(entries, "bot").new == 3
    assert [entry_of(row) for row in reader.tail("bot", 0)] == entries


def test_event_order_is_by_time_and_then_by_arrival(appender: SqliteAppender, reader: SqliteReader) -> None:
    appender.append([at(2, closed("c")), at(1, closed("b")), at(1, closed("a"))], "bot")
    assert [row.id for row in reader.in_event_order("bot", 3)] == ["b/closed", "a/closed", "c/closed"]


def test_a_cursor_yields_only_what_came_after_it(appender: SqliteAppender, reader: SqliteReader) -> None:
    appender.append([at(1, closed("a"))], "bot")
    (first,) = reader.tail("bot", 0)
    appender.append([at(2, closed("b"))], "bot")
    assert [row.id for row in reader.tail("bot", first.sequence)] == ["b/closed"]


def test_systems_are_apart_even_with_the_same_ids(appender: SqliteAppender, reader: SqliteReader) -> None:
    appender.append([at(1, closed("a"))], "bot")
    assert appender.append([at(1, closed("a", pnl=5.0))], "other").new == 1
    assert reader.systems() == ["bot", "other"]
    assert len(reader.tail("bot", 0)) == 1


def test_a_fact_told_twice_is_there_once(appender: SqliteAppender, reader: SqliteReader) -> None:
    appender.append([at(1, closed("a"))], "bot")
    again = appender.append([at(1, closed("a")), at(2, closed("b"))], "bot")
    assert (again.new, again.repeated, again.conflicting) == (1, 1, [])
    assert len(reader.tail("bot", 0)) == 2


@pytest.mark.parametrize("other", [at(1, closed("a", pnl=2.0)), at(9, closed("a", pnl=1.0))], ids=["content", "time"])
def test_another_content_under_the_same_id_is_a_conflict_and_the_first_stands(
    appender: SqliteAppender, reader: SqliteReader, other: tuple[object, ...]
) -> None:
    first = at(1, closed("a", pnl=1.0))
    appender.append([first], "bot")
    assert appender.append([other], "bot").conflicting == ["a/closed"]  # type: ignore[list-item]  # an Entry is a tuple
    assert [entry_of(row) for row in reader.tail("bot", 0)] == [first]


def test_bad_facts_are_refused_and_the_rest_goes_on(appender: SqliteAppender, reader: SqliteReader) -> None:
    result = appender.append([at(1, closed("a", pnl=float("nan"))), at(2, closed("b"))], "bot")
    assert (result.new, [objection.reason for objection in result.refused]) == (1, ["not_finite"])
    assert [row.id for row in reader.tail("bot", 0)] == ["b/closed"]


@pytest.mark.parametrize("statement", ["DELETE FROM facts", "UPDATE facts SET body = '{}'"])
def test_nobody_changes_a_fact(path: Path, appender: SqliteAppender, statement: str) -> None:
    appender.append([at(1, closed("a"))], "bot")
    with sqlite3.connect(path) as connection, pytest.raises(sqlite3.IntegrityError, match="append-only"):
        connection.execute(statement)
    connection.close()


def test_a_reader_cannot_write(reader: SqliteReader) -> None:
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        reader._connection.execute("INSERT INTO ledger VALUES ('x')")  # noqa: SLF001 - the guard under test


def test_a_replaced_ledger_is_noticed(path: Path, tmp_path: Path) -> None:
    for name in ("bot.db", "other.db"):
        SqliteAppender(tmp_path / name).close()
    with closing(SqliteReader(path)) as reader:
        identity = reader.identity()
        seen = [reader.is_current]
        path.unlink()
        seen.append(reader.is_current)
        shutil.move(tmp_path / "other.db", path)
        seen.append(reader.is_current)
    assert seen == [True, False, False]
    with closing(SqliteReader(path)) as reader:
        assert reader.identity() != identity


def test_two_programs_may_make_the_same_ledger(path: Path) -> None:
    one, two = SqliteAppender(path), SqliteAppender(path)
    one.append([at(1, closed("a"))], "bot")
    assert two.append([at(1, closed("a")), at(2, closed("b"))], "bot").repeated == 1
    one.close()
    two.close()


@pytest.mark.parametrize("open_ledger", [SqliteReader, SqliteAppender])
@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda path: path.write_text("hello, this is some text, long enough to be no header" * 20), "not a SQLite"),
        (lambda path: path.mkdir(), "is a folder"),
        (lambda path: _database(path, "CREATE TABLE orders (id)"), "another application's SQLite.* orders"),
        (lambda path: _database(path, "CREATE VIEW orders AS SELECT 1"), "another application's SQLite.* orders"),
        (lambda path: _database(path, "PRAGMA application_id = 5"), "another application's SQLite database, not"),
        (lambda path: _database(path, "PRAGMA user_version = 99", ours=True), "schema version 99, newer"),
        (lambda path: _database(path, "PRAGMA user_version = 0", ours=True), "version is 0, which there never was"),
        (lambda path: _database(path, "PRAGMA user_version = -5", ours=True), "version is -5, which there never was"),
    ],
    ids=["text", "folder", "another application", "views", "a mark", "a newer version", "no version", "a negative one"],
)
def test_what_is_no_ledger_is_named(path: Path, open_ledger: type, make: object, says: str) -> None:
    make(path)  # type: ignore[operator]  # each case of the table makes its own file
    with pytest.raises(SourceError, match=says) as error:
        open_ledger(path)
    assert str(path) in str(error.value)


def _database(path: Path, statement: str, *, ours: bool = False) -> None:
    if ours:
        SqliteAppender(path).close()
    connection = sqlite3.connect(path)
    connection.execute(statement)
    connection.commit()
    connection.close()


def test_a_missing_ledger_is_named_and_not_made_by_a_reader(path: Path) -> None:
    with pytest.raises(SourceError, match="no ledger at"):
        SqliteReader(path)
    assert not path.exists()


def test_an_empty_file_is_no_ledger_to_a_reader_and_becomes_one_for_a_writer(path: Path) -> None:
    path.touch()
    with pytest.raises(SourceError, match="empty file"):
        SqliteReader(path)
    SqliteAppender(path).close()
    with closing(SqliteReader(path)) as reader:
        assert reader.last_sequence() == 0


def test_a_locked_ledger_says_so(path: Path, appender: SqliteAppender) -> None:
    assert appender.is_current
    blocker = sqlite3.connect(path, isolation_level=None)
    blocker.execute("BEGIN EXCLUSIVE")
    with pytest.raises(SourceError, match="locked by another program"):
        SqliteAppender(path, busy_timeout=0.01)
    blocker.execute("ROLLBACK")
    blocker.close()


def test_a_ledger_carries_the_mark_of_the_application(path: Path, appender: SqliteAppender) -> None:
    assert appender.is_current
    connection = sqlite3.connect(path)
    assert connection.execute("PRAGMA application_id").fetchone() == (APPLICATION_ID,)
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    connection.close()


def test_the_views_show_trades_as_they_stand(path: Path, appender: SqliteAppender) -> None:
    appender.append(
        [
            at(0, started(100.0)),
            at(1, closed("kept", pnl=5.0)),
            at(2, closed("corrected", pnl=7.0)),
            at(3, closed("voided", pnl=1e6)),
            at(4, TradeCorrected(trade_id="corrected", revision=1, replacement=closed("corrected", pnl=-3.0))),
            at(5, TradeCorrected(trade_id="corrected", revision=2, replacement=closed("corrected", pnl=-2.0))),
            at(6, TradeVoided(trade_id="voided")),
            at(7, CashFlowed(amount=50.0)),
            at(86_400, EquityMarked(equity=160.0)),
        ],
        "bot",
    )
    connection = sqlite3.connect(path)
    trades = connection.execute("SELECT trade_id, pnl, revision FROM trades ORDER BY trade_id").fetchall()
    assert trades == [("corrected", -2.0, 2), ("kept", 5.0, 0)]
    days = connection.execute("SELECT day, realised_pnl, cash_flow, balance, equity FROM daily_equity").fetchall()
    assert days == [("2026-01-01", 3.0, 50.0, 153.0, None), ("2026-01-02", 0.0, 0.0, 153.0, 160.0)]
    connection.close()


def test_every_view_can_be_read(path: Path, appender: SqliteAppender) -> None:
    appender.append([at(0, started()), at(1, opened("a")), at(2, closed("a"))], "bot")
    connection = sqlite3.connect(path)
    views = [name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'view'")]
    assert {"trades", "daily_equity", "regime_history", "votes", "errors", "cash_flows", "equity_marks"} == set(views)
    for view in views:
        connection.execute(f"SELECT * FROM {view}").fetchall()  # noqa: S608 - a name from the schema
    connection.close()
