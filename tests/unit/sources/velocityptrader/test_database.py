"""Databases that are not quite as the original makes them."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.support.velocityptrader import CLOSED, TRADE_COLUMNS, Database
from tradewatch.errors import SourceError
from tradewatch.sources.velocityptrader.database import TradeRow, VelocityPTraderDatabase


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "trading_logs.db"


def read(path: Path) -> list[TradeRow]:
    with closing(VelocityPTraderDatabase(path)) as database:
        return list(database.trades())


def without(*names: str) -> tuple[str, ...]:
    return tuple(column for column in TRADE_COLUMNS if column not in names)


def test_missing_and_other_columns_are_tolerated(path: Path) -> None:
    with closing(Database(path, columns=(*without("mae", "trade_id", "confidence_score"), "mood"))) as bot:
        bot.insert({"timestamp": 1.0, "pnl": 2.0, "mood": "good"})
    (found,) = read(path)
    assert (found.id, found.timestamp, found.pnl, found.mae, found.trade_id, found.confidence) == (
        *(1, 1.0, 2.0, None, None, None),
    )


@pytest.mark.parametrize(
    ("columns", "told", "expected"),
    [
        (("confidence",), {"confidence": 0.4}, 0.4),
        (("confidence_score",), {"confidence_score": 0.5}, 0.5),
        (("confidence", "confidence_score"), {"confidence": 0.4, "confidence_score": 0.5}, 0.5),
        (("confidence", "confidence_score"), {"confidence": 0.4}, 0.4),
    ],
)
def test_either_name_of_the_confidence(
    path: Path, columns: tuple[str, ...], told: dict[str, float], expected: float
) -> None:
    with closing(Database(path, columns=(*without("confidence_score"), *columns))) as bot:
        bot.insert({"timestamp": 1.0, **told})
    assert read(path)[0].confidence == expected


def test_without_ids_the_rowid_is_one(path: Path) -> None:
    with closing(Database(path, key="")) as bot:
        bot.insert({"timestamp": 1.0})
        bot.insert({"timestamp": 2.0})
    assert [(row.id, row.timestamp) for row in read(path)] == [(1, 1.0), (2, 2.0)]


def test_ids_that_are_no_numbers_are_passed_over(path: Path) -> None:
    with closing(Database(path, key="id")) as bot:
        bot.insert({"id": "first"})
        bot.insert({"id": 4})
    assert [row.id for row in read(path)] == [4]


def test_text_that_is_not_utf8_is_read(path: Path) -> None:
    with closing(Database(path)) as bot:
        bot.insert(CLOSED)
        bot.execute("UPDATE trade_logs SET instrument = CAST(x'45ff' AS TEXT)")
    assert read(path)[0].instrument == "E\N{REPLACEMENT CHARACTER}"


@pytest.mark.parametrize("unique", [True, False])
def test_pairs_can_be_where_the_trade_id_is_not_unique(path: Path, *, unique: bool) -> None:
    Database(path, unique=unique).close()
    with closing(VelocityPTraderDatabase(path)) as database:
        assert database.has_pairs is not unique


def test_errors_need_no_table(path: Path) -> None:
    Database(path, errors=False).close()
    with closing(VelocityPTraderDatabase(path)) as database:
        assert database.errors(None, 10) == []


def test_another_application_is_named_by_its_tables(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE photographs (id)")
    with pytest.raises(SourceError, match=r"no table trade_logs \(it has the tables photographs\): give another path"):
        read(path)


def test_a_writer_that_does_not_commit_blocks_no_reader(path: Path) -> None:
    with closing(Database(path, journal="wal")) as bot:
        bot.insert(CLOSED)
        bot.execute("BEGIN IMMEDIATE")
        bot.insert(CLOSED)
        assert len(read(path)) == 1


def test_nothing_can_be_written(path: Path) -> None:
    Database(path).close()
    with closing(VelocityPTraderDatabase(path)) as database, pytest.raises(SourceError):
        database._query("DELETE FROM trade_logs", ())  # noqa: SLF001 - no public way asks for more than reading
