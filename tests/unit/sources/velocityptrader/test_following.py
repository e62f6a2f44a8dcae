"""A database that is written, changed and damaged while it is followed."""

import json
import shutil
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.support.ledgers import kinds, rows
from tests.support.velocityptrader import CLOSE, CLOSED, ERROR, OPEN, START, Database
from tradewatch.errors import SourceError
from tradewatch.ledger import SqliteReader
from tradewatch.sources.gathering import Account
from tradewatch.sources.velocityptrader import importing as database_import
from tradewatch.sources.velocityptrader.following import MOST_ROWS, Following
from tradewatch.sources.velocityptrader.importing import keep_following

SYSTEM = "velocitytrader"
NOW = datetime(2024, 1, 31, tzinfo=UTC)

Made = Callable[..., Database]


class Desk:
    """A database, a ledger, and what follows one into the other."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "trading_logs.db"
        self.ledger = folder / "ledger.db"
        self.open()

    def open(self) -> None:
        account = Account(starting_equity=10_000.0, currency="USD")
        self.following = Following(self.path, self.ledger, system=SYSTEM, account=account, clock=lambda: NOW)

    def restart(self) -> None:
        self.following.close()
        self.open()

    def look(self) -> None:
        self.following.look()
        while not (self.following.is_caught_up or self.following.problem):
            self.following.look()

    def settle(self) -> None:
        """Look and sweep until nothing differs."""
        self.look()
        while not (self.following.is_swept or self.following.problem):
            self.following.sweep(1.0)
            self.look()

    @property
    def problem(self) -> str:
        """What is wrong with the database; empty when nothing is."""
        return self.following.problem or ""

    @property
    def kinds(self) -> list[str]:
        return kinds(self.ledger, SYSTEM)

    @property
    def profits(self) -> list[float]:
        with closing(SqliteReader(self.ledger)) as reader:
            return sorted(reader.profits(SYSTEM))

    def bodies(self, kind: str) -> list[dict[str, Any]]:
        return [json.loads(row.body) for row in rows(self.ledger, SYSTEM) if row.kind == kind]

    def times(self, kind: str) -> list[float]:
        return [row.time / 1_000_000 - START for row in rows(self.ledger, SYSTEM) if row.kind == kind]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path)
    yield made
    made.following.close()


@pytest.fixture
def make(desk: Desk) -> Iterator[Made]:
    opened: list[Database] = []

    def made(**options: Any) -> Database:
        opened.append(Database(desk.path, **options))
        return opened[-1]

    yield made
    for database in opened:
        database.close()


@pytest.mark.parametrize("journal", ["delete", "wal"])
def test_new_rows_are_brought_by_the_next_look(desk: Desk, make: Made, journal: str) -> None:
    database = make(journal=journal)
    desk.look()
    assert desk.kinds == ["run_started"]
    database.insert(CLOSED)
    desk.look()
    assert desk.kinds == ["run_started", "trade_opened", "trade_closed"]
    assert desk.profits == [50.0]


def test_a_look_and_a_sweep_without_changes_write_nothing(desk: Desk, make: Made) -> None:
    make().insert(CLOSED)
    desk.settle()
    before = rows(desk.ledger, SYSTEM)
    desk.settle()
    desk.restart()
    desk.settle()
    assert rows(desk.ledger, SYSTEM) == before


def test_the_run_stays_open_and_names_the_account(desk: Desk, make: Made) -> None:
    make().insert(CLOSED)
    desk.settle()
    (run,) = desk.bodies("run_started")
    assert (run["starting_equity"], run["currency"]) == (10_000.0, "USD")
    assert desk.times("run_started") == [-60.0]
    assert "run_ended" not in desk.kinds


def test_a_row_updated_in_place_closes_the_trade_it_opened(desk: Desk, make: Made) -> None:
    database = make()
    row_id = database.insert(OPEN)
    desk.settle()
    database.update(row_id, pnl=-3.0, exit_price=1.0, trade_duration=90.0)
    desk.settle()
    assert desk.kinds == ["run_started", "trade_opened", "trade_closed"]
    assert (desk.times("trade_opened"), desk.times("trade_closed")) == ([0.0], [90.0])
    before = rows(desk.ledger, SYSTEM)
    desk.restart()
    desk.settle()
    assert rows(desk.ledger, SYSTEM) == before


def test_a_changed_row_is_corrected_each_time_with_the_next_revision(desk: Desk, make: Made) -> None:
    database = make()
    row_id = database.insert(CLOSED)
    desk.settle()
    for pnl in (7.0, 50.0):
        database.update(row_id, pnl=pnl)
        desk.settle()
        assert desk.profits == [pnl]
        desk.restart()
    assert [body["revision"] for body in desk.bodies("trade_corrected")] == [1, 2]


@pytest.mark.parametrize("row", [OPEN, CLOSED])
def test_a_deleted_row_is_voided(desk: Desk, make: Made, row: dict[str, Any]) -> None:
    database = make()
    database.insert(CLOSED)
    row_id = database.insert(row)
    desk.settle()
    database.delete(row_id)
    desk.settle()
    assert [body["trade_id"] for body in desk.bodies("trade_voided")] == [f"row-{row_id}"]
    assert desk.profits == [50.0]


def test_what_changed_while_nobody_followed_is_found_by_the_first_sweep(desk: Desk, make: Made) -> None:
    database = make()
    kept, changed, gone = (database.insert(CLOSED, pnl=float(number)) for number in range(3))
    desk.settle()
    database.update(changed, pnl=9.0)
    database.delete(gone)
    desk.restart()
    desk.settle()
    assert desk.profits == [0.0, 9.0]
    assert kept == 1


def test_a_row_that_comes_back_is_a_trade_of_the_next_generation(desk: Desk, make: Made) -> None:
    database = make()
    database.insert(CLOSED)
    database.insert(CLOSED, id=7)
    desk.settle()
    for pnl in (1.0, 2.0):
        database.delete(7)
        desk.settle()
        database.insert(CLOSED, id=7, pnl=pnl)
        desk.settle()
        assert desk.profits == [pnl, 50.0]
    assert [body["trade_id"] for body in desk.bodies("trade_closed")] == ["row-1", "row-7", "row-7:2", "row-7:3"]


def test_a_closed_row_that_is_open_again_no_longer_counts(desk: Desk, make: Made) -> None:
    database = make()
    row_id = database.insert(CLOSED)
    desk.settle()
    database.update(row_id, pnl=None)
    desk.settle()
    assert desk.profits == []
    database.update(row_id, pnl=4.0)
    desk.settle()
    assert desk.profits == [4.0]


def test_another_closing_time_is_another_trade(desk: Desk, make: Made) -> None:
    database = make()
    row_id = database.insert(CLOSED)
    desk.settle()
    database.update(row_id, timestamp=START + 5)
    desk.settle()
    assert desk.profits == [50.0]
    assert desk.times("trade_closed") == [0.0, 5.0]


def test_a_closing_time_that_moves_back_and_forth_can_still_be_deleted(desk: Desk, make: Made) -> None:
    database = make()
    row_id = database.insert(CLOSED)
    database.insert(CLOSED, pnl=1.0)
    desk.settle()
    for later in (5, 0):
        database.update(row_id, timestamp=START + later)
        desk.settle()
    database.delete(row_id)
    desk.settle()
    assert desk.profits == [1.0]


def test_a_close_row_closes_the_trade_that_the_open_row_began(desk: Desk, make: Made) -> None:
    database = make(unique=False)
    database.insert(OPEN, trade_id="a", action="SELL")
    desk.settle()
    database.insert(CLOSE, trade_id="a", timestamp=START + 30)
    desk.settle()
    desk.restart()
    desk.settle()
    assert desk.kinds == ["run_started", "trade_opened", "trade_closed"]
    (closed,) = desk.bodies("trade_closed")
    assert (closed["trade_id"], closed["direction"], closed["confidence"]) == ("row-1", "SELL", 0.7)
    assert desk.times("trade_closed") == [30.0]


def test_a_pair_that_is_parted_is_told_as_it_is_now(desk: Desk, make: Made) -> None:
    database = make(unique=False)
    opened = database.insert(OPEN, trade_id="a")
    closing_row = database.insert(CLOSE, trade_id="a", timestamp=START + 30)
    desk.settle()
    database.update(closing_row, trade_id="b")
    desk.settle()
    assert desk.profits == [50.0]
    assert [body["trade_id"] for body in desk.bodies("trade_opened")] == ["row-1", "row-1:2"]
    database.update(closing_row, trade_id="a", pnl=8.0)
    desk.settle()
    assert desk.profits == [8.0]
    database.delete(opened)
    desk.settle()
    assert desk.profits == [8.0]
    database.delete(closing_row)
    desk.settle()
    assert desk.profits == []


def test_two_that_follow_into_one_ledger_agree(desk: Desk, make: Made) -> None:
    database = make()
    database.insert(CLOSED)
    desk.look()
    first = desk.following
    desk.open()
    database.insert(CLOSED, pnl=1.0)
    desk.look()
    with closing(first):
        first.sweep(1.0)
        assert desk.profits == [1.0, 50.0]
        first.look()
    desk.settle()
    assert desk.profits == [1.0, 50.0]
    assert "trade_voided" not in desk.kinds


def test_errors_are_told_once_and_never_taken_back(desk: Desk, make: Made) -> None:
    database = make()
    database.insert(ERROR, table="error_logs")
    database.insert(ERROR, table="error_logs", severity="WARNING", component=None)
    desk.settle()
    database.execute("DELETE FROM error_logs WHERE id = 1")
    database.execute("UPDATE error_logs SET severity = 'LOW'")
    database.insert(ERROR, table="error_logs", severity="ERROR")
    desk.restart()
    desk.settle()
    told = [(body["component"], body.get("severity", "medium")) for body in desk.bodies("error_occurred")]
    assert told == [("mt5", "critical"), ("unknown", "medium"), ("mt5", "high")]


def test_without_a_database_there_is_a_problem_until_there_is_one(desk: Desk, make: Made) -> None:
    desk.look()
    assert desk.problem.startswith(f"there is no database {desk.path}")
    make().insert(CLOSED)
    desk.look()
    assert not desk.problem
    assert desk.profits == [50.0]


def _empty(path: Path) -> None:
    path.write_bytes(b"")


def _cut_off(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:5_000])


def _zeros(path: Path) -> None:
    path.write_bytes(b"\0" * 50_000)


def _other_application(path: Path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE photographs (id)")


def _folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def _garbage_inside(path: Path) -> None:
    content = path.read_bytes()
    path.write_bytes(content[:4096] + b"\xff" * (len(content) - 4096))


@pytest.mark.parametrize("spoil", [Path.unlink, _empty, _cut_off, _zeros, _other_application, _folder, _garbage_inside])
def test_a_spoilt_database_is_a_problem_and_takes_nothing_back(
    desk: Desk, tmp_path: Path, spoil: Callable[[Path], None]
) -> None:
    with closing(Database(desk.path)) as database:
        database.insert_many([{**CLOSED, "trade_id": str(number)} for number in range(500)])
    desk.settle()
    before = rows(desk.ledger, SYSTEM)
    copy = shutil.copy(desk.path, tmp_path / "copy")
    spoil(desk.path)
    for _ in range(3):
        desk.following.look()
        desk.following.sweep(1.0)
    assert str(desk.path) in desk.problem
    assert "\n" not in desk.problem
    assert not desk.following.replaced
    assert rows(desk.ledger, SYSTEM) == before
    if desk.path.is_dir():
        desk.path.rmdir()
    shutil.move(copy, desk.path)
    with closing(sqlite3.connect(desk.path)) as connection:
        connection.execute("DELETE FROM trade_logs WHERE id = 1")
        connection.commit()
    desk.settle()
    assert not desk.problem
    assert len(desk.profits) == 499


def test_a_locked_database_is_a_problem_until_it_is_free(desk: Desk, make: Made) -> None:
    database = make()
    database.insert(CLOSED)
    desk.settle()
    database.execute("BEGIN EXCLUSIVE")
    desk.following.look()
    assert "is locked by another program" in desk.problem
    database.execute("COMMIT")
    database.insert(CLOSED, pnl=1.0)
    desk.settle()
    assert not desk.problem
    assert desk.profits == [1.0, 50.0]


def test_a_copy_in_its_place_is_the_same_database(desk: Desk, tmp_path: Path) -> None:
    with closing(Database(desk.path)) as database:
        database.insert(CLOSED)
        desk.settle()
        shutil.copy(desk.path, tmp_path / "copy")
    shutil.move(tmp_path / "copy", desk.path)
    desk.settle()
    assert (desk.following.replaced, desk.problem) == (False, "")
    assert desk.profits == [50.0]


@pytest.mark.parametrize("is_restarted", [False, True])
def test_another_database_in_its_place_is_told_apart_and_not_brought(
    desk: Desk, tmp_path: Path, *, is_restarted: bool
) -> None:
    with closing(Database(desk.path)) as database:
        database.insert(CLOSED)
    desk.settle()
    with closing(Database(tmp_path / "other.db")) as other:
        other.insert_many([{**CLOSED, "timestamp": START + 1_000}] * 3)
    shutil.move(tmp_path / "other.db", desk.path)
    if is_restarted:
        desk.restart()
    desk.look()
    desk.following.sweep(1.0)
    assert desk.following.replaced
    assert "is another database than the one in" in desk.problem
    assert desk.profits == [50.0]


def test_another_database_written_over_it_is_told_apart_too(desk: Desk, tmp_path: Path) -> None:
    with closing(Database(desk.path)) as database:
        database.insert_many([{**CLOSED, "trade_id": str(number)} for number in range(50)])
    desk.settle()
    with closing(Database(tmp_path / "other.db")) as other:
        other.insert_many([{**CLOSED, "timestamp": START + 1_000, "trade_id": str(number)} for number in range(90)])
    desk.path.write_bytes((tmp_path / "other.db").read_bytes())
    desk.look()
    assert desk.following.replaced
    assert len(desk.profits) == 50


def test_the_first_rows_may_all_be_pruned(desk: Desk, make: Made) -> None:
    database = make()
    database.insert_many([{**CLOSED, "trade_id": str(number)} for number in range(50)])
    desk.settle()
    database.execute("DELETE FROM trade_logs")
    database.insert(CLOSED, pnl=2.0)
    desk.settle()
    assert not desk.following.replaced
    assert desk.profits == [2.0]


def test_a_ledger_that_cannot_be_written_is_raised_and_made_up_for(desk: Desk, make: Made) -> None:
    database = make()
    database.insert(CLOSED)
    desk.settle()
    database.insert(CLOSED, pnl=3.0)
    with closing(sqlite3.connect(desk.ledger, isolation_level=None)) as blocker:
        blocker.execute("CREATE TRIGGER full BEFORE INSERT ON facts BEGIN SELECT RAISE(ABORT, 'full'); END")
        with pytest.raises(SourceError, match="the ledger"):
            desk.following.look()
        blocker.execute("DROP TRIGGER full")
    desk.settle()
    assert desk.profits == [3.0, 50.0]


def test_many_rows_take_several_looks_of_bounded_work(desk: Desk, make: Made) -> None:
    database = make()
    database.insert_many([{**CLOSED, "timestamp": START + number, "pnl": 1.0} for number in range(20_000)])
    desk.following.look()
    assert not desk.following.is_caught_up
    assert len(desk.profits) == MOST_ROWS
    desk.settle()
    database.execute("UPDATE trade_logs SET pnl = 2 WHERE id % 2")
    database.execute("DELETE FROM trade_logs WHERE id % 10 = 0")
    desk.settle()
    assert desk.profits == sorted(database.profits())


def test_trouble_is_said_once_and_so_is_its_end(desk: Desk, make: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database_import, "_PAUSE", 0.001)
    stopped = threading.Event()
    said = keep_following(desk.following, stopped)
    assert next(said) == f"{desk.problem}; trying again"
    make().insert(CLOSED)
    with closing(sqlite3.connect(desk.ledger, isolation_level=None)) as blocker:
        blocker.execute("CREATE TRIGGER full BEFORE INSERT ON facts BEGIN SELECT RAISE(ABORT, 'full'); END")
        trouble = next(said)
        assert trouble.startswith(f"the ledger {desk.ledger} cannot be used")
        assert trouble.endswith("; trying again")
        blocker.execute("DROP TRIGGER full")
    assert next(said) == "reading it is well again"
    assert desk.profits == [50.0]
    stopped.set()
    assert list(said) == []


def test_a_database_that_was_replaced_ends_following_with_an_error(desk: Desk, tmp_path: Path) -> None:
    with closing(Database(desk.path)) as database:
        database.insert(CLOSED)
    desk.settle()
    with closing(Database(tmp_path / "other.db")) as other:
        other.insert(CLOSED, instrument="BTCUSD+")
    shutil.move(tmp_path / "other.db", desk.path)
    with pytest.raises(SourceError, match="is another database than the one in"):
        list(keep_following(desk.following, threading.Event()))
