from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tradewatch.errors import SourceError
from tradewatch.facts import Direction, TradeClosed, TradeOpened
from tradewatch.sources.csv_file import CsvSource
from tradewatch.sources.source import BadRow, Options, Reason, Trade

HEADER = "asset,direction,quantity,entry_price,exit_price,opened_at,closed_at"
OPENED = "2024-01-31T09:00:00Z"
CLOSED = "2024-01-31T10:00:00Z"
GOOD = f"EURUSD,BUY,2,1.10,1.12,{OPENED},{CLOSED}"


def rows_of(tmp_path: Path, *lines: str, options: Options | None = None) -> Sequence[Trade | BadRow]:
    path = tmp_path / "trades.csv"
    path.write_bytes("\n".join(lines).encode())
    return list(CsvSource().read(path, options or Options()).trades)


def test_every_column_arrives_in_the_facts(tmp_path: Path) -> None:
    (row,) = rows_of(
        tmp_path,
        "trade_id,asset,direction,quantity,entry_price,exit_price,opened_at,closed_at,fees,funding,pnl,strategy,tag,"
        "exit_reason,stop,take_profit,contract_value,engine,agent,timeframe,mode,confidence,worst_unrealised,"
        "best_unrealised",
        f"7,EURUSD,short,2,1.10,1.08,{OPENED},{CLOSED},0.5,-0.1,3.3,trend,dip,target,1.2,1.08,100,A,SNIPER,M5,"
        "virtual,0.7,-1,4",
    )
    assert isinstance(row, Trade)
    terms: dict[str, Any] = {  # Any: what the facts declare
        "trade_id": "7",
        "asset": "EURUSD",
        "direction": Direction.SELL,
        "quantity": 2.0,
        "entry_price": 1.1,
        "contract_value": 100.0,
        "stop": 1.2,
        "take_profit": 1.08,
        "strategy": "trend",
        "tag": "dip",
        "engine": "A",
        "agent": "SNIPER",
        "timeframe": "M5",
        "mode": "virtual",
        "confidence": 0.7,
    }
    opened_at, closed_at = datetime(2024, 1, 31, 9, tzinfo=UTC), datetime(2024, 1, 31, 10, tzinfo=UTC)
    assert row.opening == (opened_at, "7/opened", TradeOpened(**terms))
    closing = TradeClosed(
        **terms,
        opened_at=opened_at,
        exit_price=1.08,
        fees=0.5,
        funding=-0.1,
        pnl=3.3,
        exit_reason="target",
        worst_unrealised=-1.0,
        best_unrealised=4.0,
    )
    assert row.closing == (closed_at, "7/closed", closing)


def test_what_a_file_does_not_say_is_not_made_up(tmp_path: Path) -> None:
    (row,) = rows_of(tmp_path, HEADER, f"EURUSD,BUY,2,1.10,1.12,,{CLOSED}")
    assert isinstance(row, Trade)
    assert row.opening is None
    assert row.closing is not None
    assert isinstance(row.closing.fact, TradeClosed)
    assert (row.closing.fact.opened_at, row.closing.fact.pnl, row.closing.fact.stop) == (None, None, None)


def test_without_exit_and_closing_time_a_trade_is_open(tmp_path: Path) -> None:
    (row,) = rows_of(tmp_path, HEADER, f"EURUSD,BUY,2,1.10,,{OPENED},")
    assert isinstance(row, Trade)
    assert row.closing is None


@pytest.mark.parametrize(
    ("line", "column", "found", "reason"),
    [
        (f",BUY,2,1.10,1.12,{OPENED},{CLOSED}", "asset", "", Reason.MISSING),
        (f"EURUSD,BUY,2,1.10,1.12,{OPENED},", "closed_at", "", Reason.MISSING),
        (f"EURUSD,BUY,2,1.10,,{OPENED},{CLOSED}", "exit_price", "", Reason.MISSING),
        ("EURUSD,BUY,2,1.10,,,", "exit_price", "", Reason.MISSING),
        (f"EURUSD,HOLD,2,1.10,1.12,{OPENED},{CLOSED}", "direction", "HOLD", Reason.NOT_A_DIRECTION),
        (f"EURUSD,BUY,two,1.10,1.12,{OPENED},{CLOSED}", "quantity", "two", Reason.NOT_A_NUMBER),
        (f'EURUSD,BUY,2,"1,10",1.12,{OPENED},{CLOSED}', "entry_price", "1,10", Reason.DECIMAL_COMMA),
        (f"EURUSD,BUY,-2.50,1.10,1.12,{OPENED},{CLOSED}", "quantity", "-2.50", Reason.OUT_OF_BOUNDS),
        (f"EURUSD,BUY,2,0,1.12,{OPENED},{CLOSED}", "entry_price", "0", Reason.OUT_OF_BOUNDS),
        (f"EURUSD,BUY,2,1.10,1e40,{OPENED},{CLOSED}", "exit_price", "1e40", Reason.OUT_OF_BOUNDS),
        (f"{'E' * 3000},BUY,2,1.10,1.12,{OPENED},{CLOSED}", "asset", f"{'E' * 60}…", Reason.OUT_OF_BOUNDS),
        (f"EURUSD,BUY,2,1.10,1.12,{OPENED},noon", "closed_at", "noon", Reason.NOT_A_TIME),
        (f"EURUSD,BUY,2,1.10,1.12,{OPENED},2024-02-01", "closed_at", "2024-02-01", Reason.TIME_WITHOUT_ZONE),
        (
            f"EURUSD,BUY,2,1.10,1.12,{CLOSED},{OPENED}",
            "closed_at",
            "2024-01-31T09:00:00+00:00, opened 2024-01-31T10:00:00+00:00",
            Reason.CLOSED_BEFORE_OPENED,
        ),
        ("EURUSD,BUY,2", "row", "3 cells, the header has 7", Reason.WRONG_NUMBER_OF_CELLS),
        (f"{GOOD},12", "row", "8 cells, the header has 7", Reason.WRONG_NUMBER_OF_CELLS),
        ("x" * 200_000, "row", "field larger than field limit (131072)", Reason.UNREADABLE),
    ],
)
def test_a_bad_row_does_not_hurt_the_ones_beside_it(
    tmp_path: Path, line: str, column: str, found: str, reason: Reason
) -> None:
    before, bad, after = rows_of(tmp_path, HEADER, GOOD, line, GOOD.replace("EURUSD", "GBPUSD"))
    assert isinstance(before, Trade)
    assert bad == BadRow("trades.csv", 3, column, found, reason)
    assert isinstance(after, Trade)


def test_a_bad_row_names_the_column_as_the_file_does(tmp_path: Path) -> None:
    options = Options(columns={"asset": "Symbol"})
    (row,) = rows_of(tmp_path, HEADER.replace("asset", "Symbol"), GOOD.replace("EURUSD", ""), options=options)
    assert isinstance(row, BadRow)
    assert row.column == "Symbol"


def test_rows_are_counted_by_the_line_on_which_they_begin(tmp_path: Path) -> None:
    two_lines = GOOD.replace("EURUSD", '"EUR\nUSD"')
    rows = rows_of(tmp_path, HEADER, "", two_lines, "", "bad,row", ",,,,,,", two_lines, "bad,row")
    assert [row.row for row in rows if isinstance(row, BadRow)] == [6, 10]


def test_trailing_delimiters_are_harmless(tmp_path: Path) -> None:
    (row,) = rows_of(tmp_path, HEADER, f"{GOOD},,")
    assert isinstance(row, Trade)


def test_windows_line_ends_a_byte_order_mark_and_semicolons_are_read(tmp_path: Path) -> None:
    path = tmp_path / "trades.csv"
    path.write_bytes(f"{HEADER}\r\n{GOOD}\r\n".replace(",", ";").encode("utf-8-sig"))
    (row,) = CsvSource().read(path, Options()).trades
    assert isinstance(row, Trade)


def test_times_without_a_zone_are_in_the_one_that_is_given(tmp_path: Path) -> None:
    options = Options(timezone=ZoneInfo("Europe/Berlin"))
    (row,) = rows_of(tmp_path, HEADER, GOOD.replace("Z", ""), options=options)
    assert isinstance(row, Trade)
    assert row.closing is not None
    assert row.closing.time == datetime(2024, 1, 31, 9, tzinfo=UTC)


def test_text_that_is_not_utf_8_is_told_in_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "trades.csv"
    lines = [HEADER, *[GOOD] * 2_000, GOOD.replace("EURUSD", "Düsseldorf")]
    path.write_bytes("\n".join(lines).encode("latin-1"))
    contents = CsvSource().read(path, Options())
    with pytest.raises(SourceError, match=r"trades.csv is not text in UTF-8: save it again with the encoding UTF-8"):
        list(contents.trades)


def test_a_number_is_the_same_however_it_is_written(tmp_path: Path) -> None:
    (first,) = rows_of(tmp_path, HEADER, GOOD)
    (second,) = rows_of(tmp_path, HEADER, f"EURUSD, long ,2.0,1.1,1.120,{OPENED},2024-01-31 11:00:00+01:00")
    assert first == second
