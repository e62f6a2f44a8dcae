"""The cards that every source of trades must pass. A new source needs one line in `SPECIMENS`."""

import csv
import json
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple
from zlib import crc32

import pytest

from tests.support.mt5_reports import mt5_report, mt5_time
from tradewatch.errors import SourceError
from tradewatch.facts import Canonical, RunEnded, RunStarted, TradeOpened, canonical
from tradewatch.ledger import Row, SqliteAppender, SqliteReader
from tradewatch.sources.formats import SOURCES
from tradewatch.sources.gathering import Account, Gathered
from tradewatch.sources.importing import Told, append
from tradewatch.sources.source import BadRow, Options, Reason, Source, Trade

START = datetime(2024, 1, 31, 12, tzinfo=UTC)


class Example(NamedTuple):
    """A trade to be written; ``hours``: its opening and closing after `START`. ``quantity`` may be nonsense."""

    hours: tuple[float, float | None]
    asset: str = "BTC/USDT"
    quantity: float | str = 2.0

    @property
    def opened_at(self) -> str:
        return (START + timedelta(hours=self.hours[0])).isoformat()

    @property
    def closed_at(self) -> str | None:
        return None if self.hours[1] is None else (START + timedelta(hours=self.hours[1])).isoformat()


CSV_COLUMNS = ["asset", "direction", "quantity", "entry_price", "exit_price", "opened_at", "closed_at", "fees", "pnl"]


def write_csv(folder: Path, examples: Sequence[Example]) -> Path:
    path = folder / "trades.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(CSV_COLUMNS)
        for example in examples:
            ending = (example.opened_at, example.closed_at, 0.1, 9.9 if example.closed_at else None)
            writer.writerow((example.asset, "BUY", example.quantity, 100, 105 if example.closed_at else None, *ending))
    return path


def write_freqtrade(folder: Path, examples: Sequence[Example]) -> Path:
    path = folder / "backtest-result.json"
    trades = [
        {
            "pair": example.asset,
            "amount": example.quantity,
            "open_rate": 100.0,
            "close_rate": 105.0 if example.closed_at else None,
            "fee_open": 0.001,
            "fee_close": 0.001,
            "open_date": example.opened_at,
            "close_date": example.closed_at,
            "profit_abs": 9.59 if example.closed_at else None,
            "is_open": example.closed_at is None,
            "is_short": False,
        }
        for example in examples
    ]
    path.write_text(json.dumps({"strategy": {"Trend": {"trades": trades, "stake_currency": "USDT"}}}), encoding="utf-8")
    return path


def write_mt5_history(folder: Path, examples: Sequence[Example]) -> Path:
    path = folder / "ReportHistory.html"
    closed, still_open = [], []
    for number, example in enumerate(examples):
        twins = examples[:number].count(example)
        ticket = crc32(f"{example.hours[0]} {example.asset} {twins}".encode())
        opened_at = mt5_time(START + timedelta(hours=example.hours[0]))
        opening = (opened_at, ticket, example.asset, "buy", example.quantity, "100.00", "", "")
        if example.hours[1] is None:
            still_open.append((*opening, "101.00", "0.00", "2.00", ""))
        else:
            closed_at = mt5_time(START + timedelta(hours=example.hours[1]))
            closed.append((*opening, closed_at, "105.00", "- 0.10", "0.00", "10.00"))
    path.write_bytes(mt5_report(closed=closed, still_open=still_open).encode("utf-16"))
    return path


SPECIMENS: dict[str, Callable[[Path, Sequence[Example]], Path]] = {
    "csv": write_csv,
    "freqtrade-backtest": write_freqtrade,
    "mt5-history": write_mt5_history,
}

EXAMPLES = (Example((3, 5)), Example((0, 4), "ETH/USDT"), Example((1, 2)), Example((6, None)))
SPOILED = (Example((0, 1)), Example((1, 2), quantity="many"), Example((2, 3)), Example((5, 4)))


class Desk(NamedTuple):
    """A source with a folder to write its specimens into."""

    source: Source
    folder: Path

    def rows(self, examples: Sequence[Example]) -> list[Trade | BadRow]:
        path = SPECIMENS[self.source.name](self.folder, examples)
        return list(self.source.read(path, Options()).trades)

    def trades(self, examples: Sequence[Example]) -> list[Trade]:
        return [row for row in self.rows(examples) if isinstance(row, Trade)]

    def ids(self, examples: Sequence[Example]) -> set[str]:
        return {entry.id for trade in self.trades(examples) for entry in trade.entries}

    def tell(self, examples: Sequence[Example]) -> Told:
        ledger = self.folder / "ledger.db"
        with closing(SqliteAppender(ledger)) as appender, closing(SqliteReader(ledger)) as reader:
            run = Gathered(self.rows(examples)).run(Account(), self.source.name)
            return append(run, appender, reader, "bot")

    def ledger(self) -> list[Row]:
        with closing(SqliteReader(self.folder / "ledger.db")) as reader:
            return list(reader.all_rows("bot"))


@pytest.fixture(params=list(SOURCES))
def desk(request: pytest.FixtureRequest, tmp_path: Path) -> Desk:
    return Desk(SOURCES[request.param], tmp_path)


def test_no_source_escapes_the_cards() -> None:
    assert SPECIMENS.keys() == SOURCES.keys()


def test_a_source_is_known_by_its_name_and_by_endings_of_its_own() -> None:
    assert all(name == source.name for name, source in SOURCES.items())
    suffixes = [suffix for source in SOURCES.values() for suffix in source.suffixes]
    assert len(set(suffixes)) == len(suffixes)
    assert all(suffix.startswith(".") and suffix == suffix.lower() for suffix in suffixes)


def test_every_trade_of_the_file_is_read(desk: Desk) -> None:
    assert len(desk.trades(EXAMPLES)) == len(EXAMPLES)


def test_every_entry_is_canonical_under_the_identity_of_its_fact(desk: Desk) -> None:
    for trade in desk.trades(EXAMPLES):
        for entry in trade.entries:
            checked = canonical(entry)
            assert isinstance(checked, Canonical)
            assert checked.entry == entry
            assert entry.id == entry.fact.identity


def test_a_closed_trade_has_both_facts_and_pays_its_fees_at_its_closing(desk: Desk) -> None:
    (trade,) = desk.trades([Example((3, 5))])
    assert trade.opening is not None
    assert trade.closing is not None
    assert isinstance(trade.opening.fact, TradeOpened)
    assert trade.opening.fact.fees == 0
    assert trade.opening.time == START + timedelta(hours=3)
    assert trade.closing.time == START + timedelta(hours=5)
    assert trade.closing.fact.fees > 0  # type: ignore[attr-defined]  # a closing
    assert trade.closing.fact.pnl is not None  # type: ignore[attr-defined]  # a closing


def test_an_open_trade_has_an_opening_alone(desk: Desk) -> None:
    (trade,) = desk.trades([Example((3, None))])
    assert trade.opening is not None
    assert trade.closing is None


def test_a_trade_keeps_its_id_and_its_opening_when_it_is_closed(desk: Desk) -> None:
    (before,) = desk.trades([Example((3, None))])
    (after,) = desk.trades([Example((3, 5))])
    assert after.opening == before.opening


def test_importing_twice_changes_nothing(desk: Desk) -> None:
    assert desk.tell(EXAMPLES).new == len(EXAMPLES)
    before = desk.ledger()
    again = desk.tell(EXAMPLES)
    assert (again.new, again.repeated, list(again.conflicting)) == (0, len(EXAMPLES), [])
    assert desk.ledger() == before


def test_a_file_that_has_grown_adds_only_what_is_new(desk: Desk) -> None:
    desk.tell(EXAMPLES)
    told = desk.tell((Example((0.5, 9)), *EXAMPLES, Example((7, 8), "ETH/USDT")))
    assert (told.new, told.repeated, list(told.conflicting)) == (2, len(EXAMPLES), [])


def test_ids_depend_neither_on_the_row_nor_on_the_rows_around(desk: Desk) -> None:
    ids = desk.ids(EXAMPLES)
    assert desk.ids(EXAMPLES[::-1]) == ids
    assert desk.ids((Example((9, 10)), *EXAMPLES)) > ids
    assert desk.ids((Example((0, 1), quantity="many"), *EXAMPLES)) == ids


def test_identical_rows_are_distinct_trades(desk: Desk) -> None:
    twin = Example((3, 5))
    assert desk.tell((twin, twin, twin)).new == 3
    assert desk.tell((twin, twin, twin)).repeated == 3


def test_a_bad_row_says_where_and_what_was_found(desk: Desk) -> None:
    bad_rows = [row for row in desk.rows(SPOILED) if isinstance(row, BadRow)]
    assert [row.reason for row in bad_rows] == [Reason.NOT_A_NUMBER, Reason.CLOSED_BEFORE_OPENED]
    assert [row.row for row in bad_rows] == sorted({row.row for row in bad_rows})
    for row in bad_rows:
        assert row.file == SPECIMENS[desk.source.name](desk.folder, SPOILED).name
        assert row.column
    assert bad_rows[0].found == "many"


def test_the_rows_beside_bad_ones_are_imported(desk: Desk) -> None:
    good = (SPOILED[0], SPOILED[2])
    assert desk.ids(SPOILED) == desk.ids(good)
    assert len(desk.trades(SPOILED)) == len(good)


def test_the_ledger_is_one_run_in_event_order(desk: Desk) -> None:
    desk.tell(EXAMPLES)
    rows = desk.ledger()
    assert [row.time for row in rows] == sorted(row.time for row in rows)
    kinds = [row.kind for row in rows]
    assert kinds[0] == RunStarted.__struct_config__.tag
    assert kinds[-1] == RunEnded.__struct_config__.tag
    assert kinds.count("trade_opened") == 4
    assert kinds.count("trade_closed") == 3


@pytest.mark.parametrize(
    "content", [None, b"", b"\xff\xfe\x00junk" * 40, b"\x00" * 200_000], ids=["folder", "empty", "not text", "zeros"]
)
def test_what_is_no_such_file_is_told_in_one_sentence(desk: Desk, content: bytes | None) -> None:
    path = desk.folder / "file"
    if content is None:
        path.mkdir()
    else:
        path.write_bytes(content)
    with pytest.raises(SourceError) as caught:
        list(desk.source.read(path, Options()).trades)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_missing_file_is_told_in_one_sentence(desk: Desk) -> None:
    with pytest.raises(SourceError, match=r"there is no file .*nowhere: check the path"):
        desk.source.read(desk.folder / "nowhere", Options())
