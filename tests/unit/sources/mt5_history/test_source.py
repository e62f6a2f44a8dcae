from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.support.mt5_reports import CLOSED, DEALS, OPEN, Cells, mt5_report, mt5_text
from tradewatch.errors import SourceError
from tradewatch.facts import CashFlowed, Direction, Entry, TradeClosed, TradeOpened
from tradewatch.sources.mt5_history.source import Mt5HistorySource
from tradewatch.sources.source import BadRow, Contents, Options, Reason, Trade

LONG = (
    "2024.01.31 12:00:00", 101, "EURUSD+", "buy", "0.50", "1.08000", "1.07000", "1.10000",
    "2024.01.31 14:30:00", "1.08400", "- 3.00", "- 1.25", "200.00",
)  # fmt: skip
SHORT = (
    "2024.01.31 13:00:00", 102, "XAUUSD", "sell", "1", "2 040.50", "", "",
    "2024.02.01 09:00:00", "2 052.75", "-6.00", "2.50", "- 1 225.00",
)  # fmt: skip
STILL_OPEN = ("2024.02.01 10:00:00", 103, "US500", "buy", "2", "4 900.00", "", "", "4 910.00", "-1.00", "20.00", "")

DEPOSIT = (
    "2024.01.30 08:00:00",
    1,
    "",
    "balance",
    "",
    "",
    "",
    "",
    "0.00",
    "0.00",
    "0.00",
    "10 000.00",
    "10 000.00",
    "in",
)
IN = (
    "2024.01.31 12:00:00",
    2,
    "EURUSD+",
    "buy",
    "in",
    "0.50",
    "1.08000",
    101,
    "-1.50",
    "-0.10",
    "0.00",
    "0.00",
    "9 998.40",
    "",
)
OUT = (
    "2024.01.31 14:30:00", 3, "EURUSD+", "sell", "out", "0.50", "1.08400", 201,
    "-1.50", "-0.15", "-1.25", "200.00", "10 195.50", "",
)  # fmt: skip
PAID_OUT = ("2024.02.02 08:00:00", 4, "", "balance", "", "", "", "", "0", "0", "0", "-500.00", "9 695.50", "paid out")


def read(tmp_path: Path, content: str, name: str = "report.html", zone: str | None = None) -> Contents:
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    return Mt5HistorySource().read(path, Options(timezone=ZoneInfo(zone) if zone else None))


def rows_of(tmp_path: Path, **tables: Any) -> list[Trade | BadRow]:
    return list(read(tmp_path, mt5_report(**tables)).trades)


def trade_of(rows: Iterable[Trade | BadRow]) -> tuple[Entry, TradeClosed]:
    (row,) = rows
    assert isinstance(row, Trade)
    assert row.opening is not None
    assert row.closing is not None
    assert isinstance(row.closing.fact, TradeClosed)
    return row.opening, row.closing.fact


def changed(cells: Cells, **changes: object) -> Cells:
    """Return a row with other cells, by their positions: ``_4="many"``."""
    return [changes.get(f"_{position}", cell) for position, cell in enumerate(cells)]


def test_a_position_arrives_with_costs_that_are_positive(tmp_path: Path) -> None:
    opening, closing = trade_of(rows_of(tmp_path, closed=[LONG]))
    assert opening.time == datetime(2024, 1, 31, 12, tzinfo=UTC)
    assert opening.fact == TradeOpened(
        trade_id="101", asset="EURUSD+", direction=Direction.BUY, quantity=0.5, entry_price=1.08
    )
    assert closing.opened_at == opening.time
    assert (closing.exit_price, closing.fees, closing.funding) == (1.084, 3.0, 1.25)
    assert closing.pnl == 195.75  # 200.00 - 3.00 - 1.25
    assert closing.stop is None  # theirs is the last one, not the first


def test_a_short_position_with_thousands_and_a_swap_that_was_paid(tmp_path: Path) -> None:
    _, closing = trade_of(rows_of(tmp_path, closed=[SHORT]))
    assert (closing.direction, closing.quantity) == (Direction.SELL, 1.0)
    assert (closing.entry_price, closing.exit_price) == (2040.5, 2052.75)
    assert (closing.fees, closing.funding, closing.pnl) == (6.0, -2.5, -1228.5)


def test_a_position_that_is_still_open_is_an_open_trade(tmp_path: Path) -> None:
    closed, still_open = rows_of(tmp_path, closed=[LONG], still_open=[STILL_OPEN])
    assert isinstance(closed, Trade)
    assert isinstance(still_open, Trade)
    assert still_open.closing is None
    assert still_open.opening is not None
    assert still_open.opening.id == "103/opened"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8", "utf-8-sig"])
def test_reports_come_in_the_encodings_that_terminals_write(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "ReportHistory-4711.html"
    path.write_bytes(mt5_report(closed=[LONG]).encode(encoding))
    contents = Mt5HistorySource().read(path, Options())
    assert contents.currency == "USD"
    assert trade_of(contents.trades)[1].pnl == 195.75


@pytest.mark.parametrize("delimiter", ["\t", ";", ","])
def test_positions_come_as_text_too(tmp_path: Path, delimiter: str) -> None:
    text = mt5_text(("Positions", CLOSED, [LONG]), ("Open Positions", OPEN, [STILL_OPEN]), delimiter=delimiter)
    contents = read(tmp_path, text, "history.csv")
    closed, still_open = contents.trades
    assert trade_of([closed])[1].pnl == 195.75
    assert isinstance(still_open, Trade)
    assert still_open.closing is None


def test_a_bare_table_without_its_title_is_enough(tmp_path: Path) -> None:
    header, row = mt5_text(("Positions", CLOSED, [LONG])).splitlines()[2:]
    assert trade_of(read(tmp_path, f"{header}\n{row}\n", "history.txt").trades)[1].pnl == 195.75


def test_the_first_deposit_is_the_starting_equity_and_later_money_flows(tmp_path: Path) -> None:
    contents = read(tmp_path, mt5_report(closed=[LONG], deals=[DEPOSIT, IN, OUT, PAID_OUT]))
    assert contents.starting_equity == 10_000
    paid_out = CashFlowed(amount=-500.0, reason="paid out")
    assert contents.remarks[1:] == (
        "deposits and withdrawals that are imported as cash flows: 1",
        "the deals name fees of -0.25 in all, which the table of positions leaves out, and so does the P&L",
    )
    assert contents.cash_flows == (Entry(datetime(2024, 2, 2, 8, tzinfo=UTC), "deal-4/cash", paid_out),)
    assert len(list(contents.trades)) == 1


def test_an_account_that_had_money_before_the_report_starts_with_it(tmp_path: Path) -> None:
    contents = read(tmp_path, mt5_report(closed=[LONG], deals=[IN, OUT, PAID_OUT]))
    assert contents.starting_equity == 10_000  # 9,998.40 after costs of 1.60
    more = changed(DEPOSIT, _11="1 000.00", _12="3 000.00")
    contents = read(tmp_path, mt5_report(closed=[LONG], deals=[more]))
    assert contents.starting_equity == 2_000
    assert [entry.fact for entry in contents.cash_flows] == [CashFlowed(amount=1000.0, reason="in")]


def test_an_account_in_debt_has_no_starting_equity(tmp_path: Path) -> None:
    rescued = changed(DEPOSIT, _11="1 000.00", _12="900.00")
    contents = read(tmp_path, mt5_report(closed=[LONG], deals=[rescued]))
    assert contents.starting_equity is None
    assert [entry.fact for entry in contents.cash_flows] == [CashFlowed(amount=1000.0, reason="in")]


def test_without_deals_nothing_is_said_of_the_equity(tmp_path: Path) -> None:
    contents = read(tmp_path, mt5_report(closed=[LONG]))
    assert (contents.starting_equity, contents.cash_flows) == (None, ())


def test_the_zone_of_the_server_is_assumed_aloud_or_given(tmp_path: Path) -> None:
    report = mt5_report(closed=[LONG])
    assumed = "times are taken as UTC: if the broker's server has another clock, say which with --timezone"
    assert read(tmp_path, report).remarks == (assumed,)
    given = read(tmp_path, report, zone="Europe/Helsinki")
    assert given.remarks == ()
    opening, closing = trade_of(given.trades)
    assert opening.time == datetime(2024, 1, 31, 10, tzinfo=UTC)
    assert closing.opened_at == opening.time


def test_an_hour_that_came_twice_is_not_guessed_at(tmp_path: Path) -> None:
    twice = changed(LONG, _0="2024.10.27 03:30:00", _8="2024.10.28 03:30:00")
    (bad,) = read(tmp_path, mt5_report(closed=[twice]), zone="Europe/Helsinki").trades
    assert isinstance(bad, BadRow)
    assert (bad.column, bad.reason) == ("Time", Reason.AMBIGUOUS_TIME)


def test_deals_of_other_kinds_and_fees_are_said(tmp_path: Path) -> None:
    tax = changed(PAID_OUT, _1="5", _3="tax", _11="-12.50")
    contents = read(tmp_path, mt5_report(closed=[LONG], deals=[DEPOSIT, IN, OUT, tax, tax]), zone="UTC")
    assert contents.remarks == (
        "deals of the type tax are neither trades nor cash flows and are left out: -25.00 in all",
        "the deals name fees of -0.25 in all, which the table of positions leaves out, and so does the P&L",
    )
    assert contents.cash_flows == ()


@pytest.mark.parametrize(
    ("changes", "column", "reason"),
    [
        ({"_1": ""}, "Position", Reason.MISSING),
        ({"_2": ""}, "Symbol", Reason.MISSING),
        ({"_3": "buy limit"}, "Type", Reason.NOT_A_DIRECTION),
        ({"_4": "many"}, "Volume", Reason.NOT_A_NUMBER),
        ({"_4": "0"}, "Volume", Reason.OUT_OF_BOUNDS),
        ({"_4": "1 / 1"}, "Volume", Reason.NOT_A_NUMBER),
        ({"_5": "1 08"}, "Price", Reason.NOT_A_NUMBER),
        ({"_0": "31.01.2024 12:00"}, "Time", Reason.NOT_A_TIME),
        ({"_8": "2024.01.31 11:59:59"}, "Time 2", Reason.CLOSED_BEFORE_OPENED),
        ({"_9": ""}, "Price 2", Reason.MISSING),
        ({"_10": "x"}, "Commission", Reason.NOT_A_NUMBER),
        ({"_12": ""}, "Profit", Reason.MISSING),
    ],
)
def test_a_bad_row_costs_one_row(tmp_path: Path, changes: dict[str, object], column: str, reason: Reason) -> None:
    bad, good = rows_of(tmp_path, closed=[changed(LONG, **changes), SHORT])
    assert isinstance(bad, BadRow)
    assert (bad.file, bad.column, bad.reason) == ("report.html", column, reason)
    content = (tmp_path / "report.html").read_text(encoding="utf-8").splitlines()
    assert "EURUSD+" in content[bad.row - 1] or "_2" in changes
    assert isinstance(good, Trade)


@pytest.mark.parametrize("cell", ["1,08000", "1 234,5", "1,234.50", "-0,5"])
def test_a_comma_in_a_number_is_refused_for_the_whole_file(tmp_path: Path, cell: str) -> None:
    contents = read(tmp_path, mt5_report(closed=[SHORT, changed(LONG, _9=cell)]))
    with pytest.raises(SourceError) as caught:
        list(contents.trades)
    lines = (tmp_path / "report.html").read_text(encoding="utf-8").splitlines()
    line = next(number for number, each in enumerate(lines, start=1) if "EURUSD" in each)
    assert str(caught.value) == (
        f"{tmp_path / 'report.html'} writes numbers with a comma (line {line}, Price 2: '{cell}'), which is not "
        "guessed at: set the terminal to English under View, Languages, and export again"
    )


def test_a_comma_in_the_deals_is_refused_too(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="writes numbers with a comma"):
        list(read(tmp_path, mt5_report(closed=[LONG], deals=[changed(DEPOSIT, _11="10 000,00")])).trades)


def test_headings_in_another_language_are_refused(tmp_path: Path) -> None:
    german = mt5_report(closed=[LONG]).replace("<b>Time</b>", "<b>Zeit</b>")
    with pytest.raises(SourceError) as caught:
        read(tmp_path, german)
    assert str(caught.value) == (
        f"{tmp_path / 'report.html'} has no table with the English headings of positions or deals (its widest row "
        "begins Zeit, Position, Symbol, Type): set the terminal to English under View, Languages, and export again"
    )


@pytest.mark.parametrize("content", ["<html><table><tr><td>hello</td></tr></table>", "a,b,c\n1,2,3\n", "hello"])
def test_another_file_is_refused_in_one_sentence(tmp_path: Path, content: str) -> None:
    with pytest.raises(SourceError, match="is not an account history of MetaTrader 5, it has no table of positions"):
        read(tmp_path, content)


def from_deals(tmp_path: Path, *deals: Cells, heading: str = DEALS) -> list[Trade | BadRow]:
    return list(read(tmp_path, mt5_text(("Deals", heading, deals)), "deals.txt").trades)


def test_deals_alone_make_trades_with_all_their_costs(tmp_path: Path) -> None:
    opening, closing = trade_of(from_deals(tmp_path, DEPOSIT, IN, OUT, PAID_OUT))
    assert opening.id == "101/opened"  # the order that opened it, as the table of positions calls it
    assert (closing.entry_price, closing.exit_price, closing.quantity) == (1.08, 1.084, 0.5)
    assert (closing.fees, closing.funding, closing.pnl) == (3.25, 1.25, 195.5)


def test_a_position_that_is_closed_in_parts_is_one_trade(tmp_path: Path) -> None:
    half = changed(OUT, _5="0.20", _6="1.08200", _11="40.00", _8="0", _9="0", _10="0")
    rest = changed(
        OUT, _0="2024.01.31 15:00:00", _1="4", _5="0.30", _6="1.08400", _11="120.00", _8="0", _9="0", _10="0"
    )
    (still_open,) = from_deals(tmp_path, IN, half)
    assert isinstance(still_open, Trade)
    assert still_open.closing is None
    opening, closing = trade_of(from_deals(tmp_path, rest, half, IN))
    assert opening == still_open.opening
    assert closing.exit_price == pytest.approx((1.082 * 0.2 + 1.084 * 0.3) / 0.5)
    assert closing.pnl == 158.4  # 40 + 120 - 1.50 - 0.10


def test_which_of_several_positions_a_deal_closes_is_not_guessed(tmp_path: Path) -> None:
    second = changed(IN, _0="2024.01.31 12:30:00", _1="9", _7="109")
    other = changed(IN, _1="10", _2="GBPUSD", _7="110")
    rows = from_deals(tmp_path, IN, second, other, OUT)
    bad = [row for row in rows if isinstance(row, BadRow)]
    assert [(row.column, row.found, row.reason) for row in bad] == [
        ("Deal", found, Reason.UNPAIRED_DEAL) for found in ("3", "2", "9")
    ]
    (good,) = (row for row in rows if isinstance(row, Trade))
    assert good.opening is not None
    assert good.opening.id == "110/opened"


def test_deals_that_name_their_position_are_told_apart(tmp_path: Path) -> None:
    heading = f"{DEALS} Position"
    second = changed(IN, _0="2024.01.31 12:30:00", _1="9", _7="109")
    rows = from_deals(tmp_path, (*IN, 101), (*second, 109), (*OUT, 101), heading=heading)
    closed, still_open = rows
    assert trade_of([closed])[0].id == "101/opened"
    assert isinstance(still_open, Trade)
    assert still_open.opening is not None
    assert still_open.opening.id == "109/opened"


@pytest.mark.parametrize(
    "deal", [OUT, changed(IN, _4="in/out"), changed(OUT, _5="0.60"), changed(OUT, _3="buy"), changed(OUT, _2="GBPUSD")]
)
def test_a_deal_that_closes_nothing_known_is_a_bad_row(tmp_path: Path, deal: Sequence[object]) -> None:
    before = [] if deal is OUT else [IN]
    rows = from_deals(tmp_path, *before, changed(deal, _1="7"))
    assert [row.found for row in rows if isinstance(row, BadRow)] == ["7"]


def test_a_deal_that_turns_a_position_round_is_not_taken_apart(tmp_path: Path) -> None:
    rows = from_deals(tmp_path, IN, changed(OUT, _4="in/out"))
    assert [row.found for row in rows if isinstance(row, BadRow)] == ["3", "2"]
    assert len(rows) == 2


def test_a_deal_that_cannot_be_read_is_a_bad_row(tmp_path: Path) -> None:
    rows = from_deals(
        tmp_path, IN, OUT, changed(PAID_OUT, _0="yesterday"), changed(PAID_OUT, _1=""), changed(IN, _5="")
    )
    found = [(row.column, row.reason) for row in rows if isinstance(row, BadRow)]
    assert found == [("Volume", Reason.MISSING), ("Time", Reason.NOT_A_TIME), ("Deal", Reason.MISSING)]
