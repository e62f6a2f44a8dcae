"""The page of a followed database: whole or not ready, and right again after whatever became of the file."""

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.support.books import ledger_of
from tests.support.facts import at, closed, started
from tests.support.pages import Series, parsed, sample
from tests.support.velocityptrader import CLOSED, ERROR, OPEN, START, Database
from tradewatch.exporter import DatabaseFeed, Format, PathFeed, Service
from tradewatch.sources.gathering import Account
from tradewatch.sources.velocityptrader.following import MOST_ROWS
from tradewatch.systems.velocitytrader.metrics import VELOCITYTRADER

NOW = datetime(2023, 12, 1, tzinfo=UTC)
LIVE = {metric.name for metric in VELOCITYTRADER.metrics if metric.concept.live}


class Desk:
    """A path, and what is needed to export whatever is there."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "trading_logs.db"
        self.state = folder / "state"
        self.open()

    def open(self) -> None:
        account = Account(starting_equity=1_000.0, currency="USD")
        self.feed = PathFeed(self.path, lambda: DatabaseFeed(self.path, self.state / "followed", account, lambda: NOW))
        self.service = Service(self.path, state=self.state, feed=self.feed, clock=lambda: NOW)

    def restart(self) -> None:
        self.service.close()
        self.open()

    def page(self) -> Series:
        return parsed(self.service.page(Format.TEXT), Format.TEXT)

    def settled(self) -> Series:
        """Return the page once everything was brought and compared."""
        while not self.service.refresh():
            assert self.service.problem is None
        while not self.feed.sweep(1.0):
            assert self.feed.problem is None
            self.service.refresh()
        assert self.feed.problem is None
        return self.page()

    def is_up(self, page: Series) -> float | None:
        return sample(page, "tradewatch_source_up", source=str(self.path))


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path)
    yield made
    made.service.close()


def fill(path: Path, count: int, first: float = 0.0, **changed: Any) -> Path:
    """Make a database with so many closed trades of 1.0 each, one that is open, and an error."""
    database = Database(path)
    rows: list[Mapping[str, Any]] = [
        {**CLOSED, "timestamp": START + first + number, "pnl": 1.0, **changed} for number in range(count)
    ]
    database.insert_many(rows)
    database.insert(OPEN, timestamp=START + first + count, **changed)
    database.insert(ERROR, table="error_logs")
    database.close()
    return path


def ours(page: Series) -> Series:
    """Return what the facts say, without how long it took to read them."""
    timed = "velocitytrader_db_query_latency_seconds"
    return {key: value for key, value in page.items() if key[0].startswith("velocitytrader_") and key[0] != timed}


def is_live(name: str) -> bool:
    return name in LIVE or name.removesuffix("_total") in LIVE  # the parser calls every counter a total


def names(page: Series) -> set[str]:
    return {name for name, _ in page}


def test_a_page_is_ready_only_when_the_whole_database_was_brought(desk: Desk) -> None:
    fill(desk.path, 2 * MOST_ROWS + 1)
    unready = 0
    while not sample(page := desk.page(), "tradewatch_ready"):
        unready += 1
        assert ours(page) == {}
        assert desk.is_up(page) == 1
    assert unready >= 2
    assert sample(page, "velocitytrader_trades_total") == 2 * MOST_ROWS + 1
    assert sample(page, "velocitytrader_account_balance") == 1_000 + 2 * MOST_ROWS + 1


class Harm(NamedTuple):
    """What is done to a database, and how it is undone; ``words``: of the problem."""

    do: Callable[[Path], object]
    words: str


def cut(part: float) -> Callable[[Path], None]:
    return lambda path: os.truncate(path, int(path.stat().st_size * part))


def put_a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def overwrite(begin: int) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        size = path.stat().st_size
        with path.open("r+b") as file:
            file.seek(begin)
            file.write(b"\xa5" * (size - begin))

    return write


def put_another_applications(path: Path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE notes (text)")


HARMS = {
    "missing": Harm(lambda path: path.unlink(), "there is no database"),
    "a folder": Harm(put_a_folder, "is a folder"),
    "empty": Harm(cut(0), "is empty"),
    "cut to 100 bytes": Harm(lambda path: os.truncate(path, 100), ""),
    "cut in half": Harm(cut(0.5), ""),
    "garbage": Harm(overwrite(0), "is not a SQLite database"),
    "garbage after the header": Harm(overwrite(100), "is damaged"),
    "garbage after the first page": Harm(overwrite(4096), "is damaged"),
    "text": Harm(lambda path: path.write_text("hello"), ""),
    "another application's": Harm(put_another_applications, "there is no table trade_logs"),
}


@pytest.mark.parametrize("harm", HARMS)
def test_while_a_database_cannot_be_read_facts_stay_and_live_readings_go(desk: Desk, harm: str) -> None:
    fill(desk.path, 300)
    before = desk.settled()
    assert any(map(is_live, names(before)))
    copy = Path(shutil.copy(desk.path, desk.path.with_suffix(".copy")))
    HARMS[harm].do(desk.path)
    for _ in range(2):
        page = desk.page()
        desk.feed.sweep(1.0)
        assert (desk.is_up(page), sample(page, "tradewatch_ready")) == (0, 1)
        assert ours(page) == {key: value for key, value in ours(before).items() if not is_live(key[0])}
        assert HARMS[harm].words in (desk.service.problem or "")
        assert str(desk.path) in (desk.service.problem or "")
    if desk.path.is_dir():
        desk.path.rmdir()
    copy.replace(desk.path)
    assert ours(desk.settled()) == ours(before)
    with closing(sqlite3.connect(desk.path)) as connection:
        connection.execute("UPDATE trade_logs SET pnl = 5.0 WHERE id = 1")
        connection.commit()
    page = desk.settled()
    assert desk.is_up(page) == 1
    assert sample(page, "velocitytrader_pnl_total") == 304.0


@pytest.mark.parametrize("harm", [name for name in HARMS if name != "another application's"])
def test_one_that_cannot_be_read_from_the_start_is_down_and_found_later(desk: Desk, harm: str) -> None:
    fill(desk.path, 3)
    copy = Path(shutil.copy(desk.path, desk.path.with_suffix(".copy")))
    HARMS[harm].do(desk.path)
    page = desk.page()
    assert (desk.is_up(page), sample(page, "tradewatch_ready")) == (0, 0)
    assert ours(page) == {}
    if desk.path.is_dir():
        desk.path.rmdir()
    copy.replace(desk.path)
    page = desk.settled()
    assert (desk.is_up(page), sample(page, "velocitytrader_trades_total")) == (1, 3)


def test_a_locked_database_is_down_until_it_is_let_go(desk: Desk) -> None:
    fill(desk.path, 3)
    before = desk.settled()
    with closing(sqlite3.connect(desk.path, isolation_level=None)) as bot:
        bot.execute("BEGIN EXCLUSIVE")
        bot.execute("UPDATE trade_logs SET pnl = 2.0 WHERE pnl IS NOT NULL")
        page = desk.page()
        assert desk.is_up(page) == 0
        assert ours(page) == {key: value for key, value in ours(before).items() if not is_live(key[0])}
        assert "is locked by another program" in (desk.service.problem or "")
        bot.execute("COMMIT")
    page = desk.settled()
    assert (desk.is_up(page), sample(page, "velocitytrader_pnl_total")) == (1, 6.0)


def test_a_database_that_is_locked_at_the_start_is_called_locked(desk: Desk) -> None:
    fill(desk.path, 3)
    with closing(sqlite3.connect(desk.path, isolation_level=None)) as bot:
        bot.execute("BEGIN EXCLUSIVE")
        page = desk.page()
        assert (desk.is_up(page), sample(page, "tradewatch_ready")) == (0, 0)
        assert "is locked by another program" in (desk.service.problem or "")
    assert sample(desk.settled(), "velocitytrader_trades_total") == 3


@pytest.mark.parametrize("count", [1, 4, MOST_ROWS + 1])
def test_another_database_in_its_place_has_numbers_of_its_own(desk: Desk, tmp_path: Path, count: int) -> None:
    fill(desk.path, 300)
    desk.settled()
    fill(tmp_path / "other.db", count, 1_000_000.0, instrument="XAUUSD").replace(desk.path)
    while True:
        page = desk.page()
        if sample(page, "tradewatch_ready"):
            break
        assert ours(page) == {}
        assert "tradewatch_facts_total" not in names(page)
    assert sample(page, "velocitytrader_trades_total") == count
    assert sample(page, "velocitytrader_account_balance") == 1_000.0 + count
    assert {dict(labels)["symbol"] for name, labels in page if name == "velocitytrader_symbol_pnl"} == {"XAUUSD"}
    desk.restart()
    assert ours(desk.settled()) == ours(page)


def test_the_first_one_may_come_back(desk: Desk, tmp_path: Path) -> None:
    first = fill(desk.path, 300)
    before = desk.settled()
    kept = first.rename(tmp_path / "kept.db")
    fill(desk.path, 4, 1_000_000.0)
    assert sample(desk.settled(), "velocitytrader_trades_total") == 4
    kept.replace(desk.path)
    assert ours(desk.settled()) == ours(before)


def test_a_copy_put_in_its_place_is_the_same_database(desk: Desk, tmp_path: Path) -> None:
    fill(desk.path, 30)
    before = desk.settled()
    Path(shutil.copy(desk.path, tmp_path / "copy.db")).replace(desk.path)
    assert ours(desk.settled()) == ours(before)
    assert len(list(desk.state.glob("followed/*/*.db"))) == 1


def test_a_restart_tells_nothing_twice(desk: Desk) -> None:
    fill(desk.path, 300)
    before = desk.settled()
    desk.restart()
    after = desk.settled()
    assert ours(after) == ours(before)
    facts = {key: value for key, value in before.items() if key[0] == "tradewatch_facts_total"}
    assert {key: value for key, value in after.items() if key[0] == "tradewatch_facts_total"} == facts


def test_the_file_decides_when_it_appears(desk: Desk) -> None:
    assert sample(desk.page(), "tradewatch_ready") == 0
    ledger_of(desk.path, [at(0, started(5.0)), at(1, closed("a", pnl=1.0))])
    assert sample(desk.page(), "bot_pnl") == 1.0
    assert not desk.state.joinpath("followed").exists()


def test_a_ledger_that_gives_way_to_a_database_is_not_mistaken_for_it(desk: Desk, tmp_path: Path) -> None:
    ledger_of(desk.path, [at(0, started(5.0)), at(1, closed("a", pnl=1.0))])
    assert sample(desk.page(), "bot_pnl") == 1.0
    fill(tmp_path / "other.db", MOST_ROWS + 1).replace(desk.path)
    while not sample(page := desk.page(), "tradewatch_ready"):
        assert not [name for name in names(page) if name.startswith(("bot_", "velocitytrader_"))]
    assert sample(page, "velocitytrader_trades_total") == MOST_ROWS + 1
    assert "bot_pnl" not in names(page)


def test_two_databases_of_one_name_have_ledgers_of_their_own(desk: Desk, tmp_path: Path) -> None:
    fill(desk.path, 3)
    other = Desk.__new__(Desk)
    (tmp_path / "other").mkdir()
    other.path, other.state = fill(tmp_path / "other" / desk.path.name, 5), desk.state
    other.open()
    assert sample(desk.settled(), "velocitytrader_trades_total") == 3
    assert sample(other.settled(), "velocitytrader_trades_total") == 5
    other.service.close()


def test_a_state_folder_that_cannot_be_had_is_named_and_found_later(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    fill(desk.path, 3)
    desk.state.write_text("no folder")
    for _ in range(3):
        page = desk.page()
        assert (desk.is_up(page), sample(page, "tradewatch_ready")) == (0, 0)
    assert f"the folder {desk.state / 'followed'}" in (desk.service.problem or "")
    assert "--state" in (desk.service.problem or "")
    assert len(caplog.records) == 1
    desk.state.unlink()
    assert sample(desk.settled(), "velocitytrader_trades_total") == 3


def test_a_stray_file_in_the_state_folder_does_no_harm(desk: Desk) -> None:
    fill(desk.path, 3)
    desk.settled()
    (folder,) = desk.state.glob("followed/*")
    (folder / "1-copy.db").touch()
    desk.restart()
    assert sample(desk.settled(), "velocitytrader_trades_total") == 3


def test_a_followed_ledger_that_is_damaged_is_named(desk: Desk) -> None:
    fill(desk.path, 300)
    desk.settled()
    desk.restart()
    (ledger,) = desk.state.glob("followed/*/1.db")
    ledger.write_bytes(b"no database " * 1000)
    page = desk.page()
    assert (desk.is_up(page), sample(page, "tradewatch_ready")) == (0, 0)
    assert str(ledger) in (desk.service.problem or "")
    ledger.unlink()
    assert sample(desk.settled(), "velocitytrader_trades_total") == 300


def test_counters_of_errors_and_trades_never_go_down(desk: Desk) -> None:
    fill(desk.path, 30)
    before = desk.settled()
    with closing(sqlite3.connect(desk.path)) as connection:
        connection.execute("DELETE FROM trade_logs WHERE id < 11")
        connection.execute("DELETE FROM error_logs")
        connection.commit()
    after = desk.settled()
    for name, labels in before:
        if name.endswith("_total") and name != "velocitytrader_pnl_total" and "agent_pnl" not in name:
            assert after[name, labels] >= before[name, labels]
    assert sample(after, "velocitytrader_pnl_total") == 20.0
    assert sample(after, "velocitytrader_closed_trades") == 20


def test_rows_that_are_no_trades_are_counted_on_the_page(desk: Desk) -> None:
    fill(desk.path, 3)
    with closing(sqlite3.connect(desk.path)) as bot, bot:
        bot.execute("UPDATE trade_logs SET timestamp = '2023-11-20T10:00:00' WHERE id = 2")
    page = desk.settled()
    assert sample(page, "velocitytrader_trades_total") == 2
    refused = [value for (name, _), value in page.items() if name == "tradewatch_facts_rejected_total"]
    assert refused == [1]
    desk.restart()
    again = desk.settled()
    assert [value for (name, _), value in again.items() if name == "tradewatch_facts_rejected_total"] == refused


def test_a_row_from_the_far_future_spoils_nothing(desk: Desk) -> None:
    fill(desk.path, 30)
    before = desk.settled()
    with closing(sqlite3.connect(desk.path)) as bot, bot:
        bot.execute("INSERT INTO trade_logs (timestamp, instrument, action, pnl) VALUES (4.09e9, 'X', 'BUY', 5.0)")
    after = desk.settled()
    assert sample(after, "velocitytrader_daily_returns") == sample(before, "velocitytrader_daily_returns")
    assert sample(after, "tradewatch_facts_rejected_total", kind="trade_closed", reason="in_the_future") == 1


def test_a_column_that_vanishes_takes_nothing_back(desk: Desk) -> None:
    fill(desk.path, 5)
    desk.settled()
    with closing(sqlite3.connect(desk.path)) as bot, bot:
        bot.execute("ALTER TABLE trade_logs RENAME COLUMN pnl TO pnl2")
    page = desk.page()
    assert desk.is_up(page) == 0
    assert desk.service.problem == (
        f"{desk.path} has no column pnl in trade_logs: give a database of VelocityPTrader's"
    )
    assert sample(page, "velocitytrader_trades_total") == sample(page, "velocitytrader_closed_trades") == 5


def test_rows_that_damage_hides_are_not_taken_back(desk: Desk) -> None:
    """Pages that are overwritten in part look like rows that are gone, or whose values changed."""
    fill(desk.path, 500)
    desk.settled()
    whole = desk.path.read_bytes()
    for position in (904, 2_000, 3_500):
        spoilt = bytearray(whole)
        for page in range(4_096, len(spoilt), 4_096):
            spoilt[page + position : page + position + 200] = os.urandom(200)
        desk.path.write_bytes(bytes(spoilt))
        for _ in range(5):
            desk.feed.sweep(1.0)
            desk.service.refresh()
        page_then = desk.page()
        assert desk.is_up(page_then) == 0 or sample(page_then, "velocitytrader_closed_trades") == 500
        desk.path.write_bytes(whole)
        assert sample(desk.settled(), "velocitytrader_trades_total") == 500


def test_a_state_folder_that_is_deleted_is_made_anew(desk: Desk) -> None:
    fill(desk.path, 4)
    desk.settled()
    shutil.rmtree(desk.state)
    assert sample(desk.settled(), "velocitytrader_trades_total") == 4


def test_a_restart_shows_at_once_what_was_known_before(desk: Desk) -> None:
    fill(desk.path, 2 * MOST_ROWS)
    desk.settled()
    desk.restart()
    assert desk.service.refresh()
    assert sample(desk.page(), "velocitytrader_trades_total") == 2 * MOST_ROWS


def test_the_overview_is_of_real_trades(desk: Desk) -> None:
    fill(desk.path, 3)
    desk.settled()
    shown = [metric.name for metric, _ in desk.service.overview().numbers]
    assert "velocitytrader_trades_total" in shown
    assert not [name for name in shown if "virtual" in name]
