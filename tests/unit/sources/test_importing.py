from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tradewatch.facts import Direction, Entry, Mode, RunStarted, TradeClosed, TradeOpened
from tradewatch.ledger import SqliteAppender, SqliteReader
from tradewatch.sources import importing
from tradewatch.sources.importing import append, standing_equity

START = datetime(2024, 1, 31, tzinfo=UTC)

Told = tuple[Entry, bool]


class Ledger:
    """A ledger open for both."""

    def __init__(self, path: Path) -> None:
        self.appender = SqliteAppender(path)
        self.reader = SqliteReader(path)

    def tell(self, *facts: Told) -> importing.Told:
        return append(facts, self.appender, self.reader, "bot")

    def close(self) -> None:
        self.reader.close()
        self.appender.close()


@pytest.fixture(params=[1, 2, 5_000])
def ledger(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Ledger]:
    monkeypatch.setattr(importing, "BATCH", request.param)
    opened = Ledger(tmp_path / "ledger.db")
    yield opened
    opened.close()


def opening(trade_id: str, price: float = 1.0, *, newest: bool = False) -> Told:
    fact = TradeOpened(trade_id=trade_id, asset="a", direction=Direction.BUY, quantity=1.0, entry_price=price)
    return Entry(START, fact.identity, fact), newest


def closed(trade_id: str, price: float = 2.0) -> Told:
    fact = TradeClosed(
        trade_id=trade_id, asset="a", direction=Direction.BUY, quantity=1.0, entry_price=1.0, exit_price=price
    )
    return Entry(START + timedelta(hours=1), fact.identity, fact), True


def started(equity: float | None, hours: int = 0) -> Told:
    fact = RunStarted(run_id=f"{equity} {hours}", mode=Mode.IMPORTED, starting_equity=equity)
    return Entry(START + timedelta(hours=hours), fact.identity, fact), False


def test_trades_are_counted_once_whatever_they_are_made_of(ledger: Ledger) -> None:
    told = ledger.tell(started(1.0), opening("1"), opening("2", newest=True), closed("1"))
    assert (told.new, told.still_open, told.repeated) == (2, 1, 0)


def test_what_is_there_already_is_told_apart_from_what_is_new(ledger: Ledger) -> None:
    ledger.tell(opening("1"), opening("2"), closed("1"), closed("2"))
    told = ledger.tell(opening("1"), opening("3"), opening("2"), closed("1"), closed("3"), closed("2"))
    assert (told.new, told.still_open, told.repeated, list(told.conflicting)) == (1, 0, 2, [])


def test_a_trade_that_is_told_twice_is_new_once(ledger: Ledger) -> None:
    told = ledger.tell(closed("1"), closed("1"))
    assert (told.new, told.repeated) == (1, 1)


def test_an_open_trade_that_has_closed_is_new_again(ledger: Ledger) -> None:
    ledger.tell(opening("1", newest=True))
    told = ledger.tell(opening("1"), closed("1"))
    assert (told.new, told.still_open, told.repeated, list(told.conflicting)) == (1, 0, 0, [])


def test_another_content_under_the_same_id_is_named_and_not_taken(ledger: Ledger) -> None:
    ledger.tell(opening("1"), opening("2"), closed("1"), closed("2"))
    told = ledger.tell(opening("1", price=9.0), opening("2"), closed("1", price=9.0), closed("2"))
    assert (told.new, told.repeated, list(told.conflicting)) == (0, 1, ["1"])
    assert ledger.reader.last_sequence() == 4


def test_another_telling_of_a_run_is_no_conflict_of_a_trade(ledger: Ledger) -> None:
    ledger.tell(started(1.0))
    later = started(1.0)[0]._replace(time=START + timedelta(days=1))
    assert list(ledger.tell((later, False)).conflicting) == []


def test_what_the_ledger_refuses_is_counted_by_reason_and_is_no_trade(ledger: Ledger) -> None:
    told = ledger.tell(closed("1", price=-1.0), closed("2"))
    assert told.refused == {"out_of_bounds": 1}
    assert (told.new, told.repeated) == (1, 0)


def test_facts_of_another_system_do_not_count(ledger: Ledger) -> None:
    append([closed("1")], ledger.appender, ledger.reader, "other")
    assert ledger.tell(closed("1")).new == 1


def test_the_first_starting_equity_in_event_order_stands(ledger: Ledger) -> None:
    ledger.tell(started(None), started(5.0, hours=2))
    assert standing_equity(ledger.reader, "bot") == 5.0
    ledger.tell(started(7.0, hours=1))
    assert standing_equity(ledger.reader, "bot") == 7.0


def test_without_one_there_is_no_starting_equity(ledger: Ledger) -> None:
    ledger.tell(started(None), closed("1"))
    assert standing_equity(ledger.reader, "bot") is None
