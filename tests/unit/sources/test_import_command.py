"""The command as a person meets it: what it prints, and its exit status."""

import json
import sqlite3
import sys
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

import pytest

from tests.support.mt5_reports import mt5_report
from tradewatch.cli import main
from tradewatch.cli.import_ import LONG_FILE

HEADER = "trade_id,asset,direction,quantity,entry_price,exit_price,opened_at,closed_at,pnl"


def row(trade_id: int, **changed: str) -> str:
    cells = {
        "trade_id": str(trade_id),
        "asset": "EURUSD",
        "direction": "BUY",
        "quantity": "100",
        "entry_price": "1.10",
        "exit_price": "1.12",
        "opened_at": "2024-01-31T09:00:00Z",
        "closed_at": f"2024-01-31T10:00:{trade_id:02}Z",
        "pnl": "1.5",
    }
    return ",".join((cells | changed).values())


OPEN = {"exit_price": "", "closed_at": "", "pnl": ""}

Run = Callable[..., tuple[int, list[str], str]]


@pytest.fixture(autouse=True)
def in_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    def run(*arguments: str) -> tuple[int, list[str], str]:
        monkeypatch.setattr(sys, "argv", ["tradewatch", "import", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        printed = capsys.readouterr()
        return int(ended.value.code or 0), printed.out.splitlines(), printed.err.strip()

    return run


def write(*lines: str, name: str = "trades.csv") -> None:
    Path(name).write_text("\n".join(lines), encoding="utf-8")


def query(question: str) -> Sequence[tuple[object, ...]]:
    with closing(sqlite3.connect("my.db")) as connection:
        return connection.execute(question).fetchall()


def runs(*names: str) -> Sequence[tuple[object, ...]]:
    values = ", ".join(f"json_extract(body, '$.{name}')" for name in names)
    return query(f"SELECT {values} FROM facts WHERE kind = 'run_started' ORDER BY sequence")  # noqa: S608 - our names


def test_a_clean_import_is_one_line(run: Run) -> None:
    write(HEADER, row(1), row(2))
    equity = ("--starting-equity", "1000", "--currency", "USD")
    assert run("trades.csv", "--ledger", "my.db", *equity) == (
        0,
        ["2 trades imported into my.db (system bot, USD)"],
        "",
    )
    assert query("SELECT system, trade_id, pnl FROM trades") == [("bot", "1", 1.5), ("bot", "2", 1.5)]
    assert runs("mode", "starting_equity") == [("imported", 1000)]


def test_a_second_import_finds_nothing_new(run: Run) -> None:
    write(HEADER, row(1), row(2))
    run("trades.csv", "--ledger", "my.db", "--starting-equity", "1000")
    facts = query("SELECT * FROM facts")
    assert run("trades.csv", "--ledger", "sqlite:///my.db", "--starting-equity", "1000") == (
        0,
        ["nothing new: 2 trades were already in my.db (system bot)"],
        "",
    )
    assert query("SELECT * FROM facts") == facts


def test_everything_that_can_be_said_is_said_in_order(run: Run) -> None:
    write(HEADER, row(1), row(2))
    run("trades.csv", "--ledger", "my.db", "--starting-equity", "1000")
    bad = [row(9, quantity="many", pnl=str(number)) for number in range(6)]
    lines = [row(1), row(2, pnl="2.5"), row(3), row(4, **OPEN), *bad, row(5, direction="HOLD"), "1,2"]
    write(HEADER + ",Magic,Comment", *(line if line == "1,2" else line + ",7,x" for line in lines))
    assert run("trades.csv", "--ledger", "my.db", "--starting-equity", "2000") == (
        0,
        [
            "2 trades imported into my.db (system bot), 1 of them still open",
            "1 trade was there already",
            "1 trade told before with another content; the first telling stands: 2",
            "8 rows not imported:",
            "  6  not_a_number           write a plain number such as 1234.5",
            "  1  not_a_direction        write BUY, SELL, long or short",
            "  1  wrong_number_of_cells  quote cells that contain the delimiter",
            *(f"  trades.csv, row {number}, quantity: found 'many'" for number in range(6, 11)),
            "  and 3 more",
            "columns that mean nothing here: Magic, Comment",
            "the ledger keeps the starting equity it was told first: 1000",
        ],
        "",
    )


def test_a_bad_row_as_a_whole_names_no_column(run: Run) -> None:
    write(HEADER, row(1), "1,2", row(2, asset=""))
    assert run("trades.csv", "--ledger", "my.db", "--quiet")[1][3:] == [
        "  trades.csv, row 3: 2 cells, the header has 9",
        "  trades.csv, row 4, asset: found nothing",
    ]


def test_quiet_leaves_only_what_went_wrong(run: Run) -> None:
    write(HEADER + ",Magic", row(1) + ",7")
    assert run("trades.csv", "--ledger", "my.db", "--quiet") == (0, [], "")
    write(HEADER, row(1, pnl="7"), row(2, pnl="x"))
    status, lines, _ = run("trades.csv", "--ledger", "my.db", "--quiet")
    assert status == 0
    assert lines[0].startswith("1 trade told before with another content")
    assert lines[1] == "1 row not imported:"


def test_without_a_starting_equity_the_mend_is_said(run: Run) -> None:
    write(HEADER, row(1))
    assert run("trades.csv", "--ledger", "my.db")[1] == [
        "1 trade imported into my.db (system bot)",
        "the account's starting equity is unknown: give --starting-equity, for drawdown and returns",
    ]


def test_a_starting_equity_can_be_told_later(run: Run) -> None:
    write(HEADER, row(1))
    run("trades.csv", "--ledger", "my.db")
    assert run("trades.csv", "--ledger", "my.db", "--starting-equity", "5")[1] == [
        "nothing new: 1 trade was already in my.db (system bot)"
    ]
    assert runs("starting_equity") == [(None,), (5.0,)]


def test_when_no_row_is_a_trade_nothing_is_written(run: Run) -> None:
    write(HEADER, row(1, quantity="many"))
    status, lines, error = run("trades.csv", "--ledger", "my.db")
    assert status == 2
    assert lines[-1] == "  trades.csv, row 2, quantity: found 'many'"
    assert error == "tradewatch: no trades to import in trades.csv, none of its rows is one: nothing was written"
    assert not Path("my.db").exists()


def test_a_header_alone_holds_no_trades(run: Run) -> None:
    write(HEADER)
    assert run("trades.csv", "--ledger", "my.db") == (
        2,
        [],
        "tradewatch: no trades to import in trades.csv, it has no rows: nothing was written",
    )


def test_names_of_columns_and_a_zone_can_be_given(run: Run) -> None:
    header = HEADER.replace("asset", "Symbol").replace("direction", "Side").replace("trade_id", "Ticket")
    write(header, row(1, opened_at="2024-01-31 09:00", closed_at="2024-01-31 10:00"))
    names = ("--column", "asset=Symbol", "--column", "direction = Side", "--column", "trade_id=Ticket")
    assert run("trades.csv", "--ledger", "my.db", "--timezone", "Europe/Berlin", *names)[0] == 0
    assert query("SELECT trade_id, asset, closed_at FROM trades") == [("1", "EURUSD", "2024-01-31T09:00:00.000000Z")]


def test_the_profit_can_be_computed_from_the_parts(run: Run) -> None:
    write(HEADER, row(1))
    run("trades.csv", "--ledger", "my.db", "--pnl", "recomputed")
    ((reported, profit),) = query("SELECT reported_pnl, pnl FROM trades")
    assert reported is None
    assert profit == pytest.approx(2.0)


def test_systems_share_a_ledger(run: Run) -> None:
    write(HEADER, row(1))
    for system in ("bot", "other"):
        assert run("trades.csv", "--ledger", "my.db", "--system", system)[1][0].startswith("1 trade imported")
    assert query("SELECT system FROM trades ORDER BY 1") == [("bot",), ("other",)]


def test_a_backtest_tells_its_account_unless_the_person_does(run: Run) -> None:
    trade = {
        "pair": "ETH/BTC",
        "amount": 1.0,
        "open_rate": 1.0,
        "close_rate": 2.0,
        "fee_open": 0.0,
        "fee_close": 0.0,
        "open_date": "2024-01-31 09:00:00+00:00",
        "close_date": "2024-01-31 10:00:00+00:00",
        "profit_abs": 1.0,
    }
    part = {"trades": [trade], "stake_currency": "BTC", "starting_balance": 0.01}
    write(json.dumps({"strategy": {"Trend": part, "Grid": part}}), name="result.json")
    status, _, error = run("result.json", "--ledger", "my.db")
    assert status == 2
    assert error == "tradewatch: result.json holds the strategies Trend, Grid: choose one with --strategy NAME"
    assert run("result.json", "--ledger", "my.db", "--strategy", "Grid")[1] == [
        "1 trade imported into my.db (system bot, BTC)"
    ]
    assert runs("starting_equity") == [(0.01,)]
    said = ("--starting-equity", "5", "--currency", "XBT", "--system", "other")
    assert run("result.json", "--ledger", "my.db", "--strategy", "Grid", *said)[1] == [
        "1 trade imported into my.db (system other, XBT)"
    ]
    assert runs("starting_equity", "currency") == [(0.01, "BTC"), (5.0, "XBT")]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["no.csv"], "there is no file no.csv: check the path"),
        (["."], ". is a folder: give the path of a file"),
        (["notes.txt"], "the ending of notes.txt does not tell its format: give --format, one of csv, freqtrade-back"),
        (["trades.csv", "--format", "freqtrade-backtest"], "trades.csv is not a backtest result of freqtrade, it is "),
        (["trades.csv", "--strategy", "Grid"], "--strategy does nothing for the format csv: leave it out"),
        (["trades.csv", "--timezone", "Mars"], "--timezone Mars is not a time zone: give a name such as UTC or "),
        (["trades.csv", "--column", "asset"], "--column asset does not name two columns: write --column asset=Symbol"),
        (["trades.csv", "--column", "=Symbol"], "--column =Symbol does not name two columns"),
        (["trades.csv", "--starting-equity", "nan"], "--starting-equity nan cannot be an account's equity"),
        (
            ["trades.csv", "--starting-equity", "1e308"],
            "--starting-equity 1e+308 cannot be an account's equity: give an amount above 0, 1e+30 at most",
        ),
        (["trades.csv", "--starting-equity", "0"], "--starting-equity 0.0 cannot be an account's equity"),
        (["trades.csv", "--system", " "], "--system is empty: give a name or leave it out"),
        (["trades.csv", "--ledger", "."], "the ledger . is a folder: give the path of a file"),
        (["trades.csv", "--ledger", "postgresql://x"], "a ledger at postgresql:// is not supported"),
    ],
)
def test_what_is_wrong_is_one_sentence_with_the_mend(run: Run, arguments: list[str], sentence: str) -> None:
    write(HEADER, row(1))
    write("x", name="notes.txt")
    status, lines, error = run("--ledger", "my.db", *arguments)
    assert (status, lines) == (2, [])
    assert error.startswith(f"tradewatch: {sentence}")
    assert "\n" not in error


def test_an_interrupted_import_says_how_to_complete_it(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    write(HEADER, row(1))
    monkeypatch.setattr("tradewatch.cli.import_.append", interrupted)
    assert run("trades.csv", "--ledger", "my.db") == (
        2,
        [],
        "tradewatch: the import was interrupted: import again to complete it",
    )


def test_nothing_is_imported_into_a_damaged_ledger(run: Run) -> None:
    write(HEADER, *(row(number) for number in range(60)))
    run("trades.csv", "--ledger", "my.db")
    content = bytearray(Path("my.db").read_bytes())
    last_page = len(content) - 4096
    content[last_page : last_page + 200] = b"\xff" * 200
    Path("my.db").write_bytes(content)
    write(HEADER, row(61, closed_at="2024-02-01T10:00:00Z"))
    status, lines, error = run("trades.csv", "--ledger", "my.db")
    assert (status, lines) == (2, [])
    assert error.startswith("tradewatch: the ledger my.db is damaged: restore a copy")
    assert Path("my.db").read_bytes() == content


@pytest.mark.parametrize("arguments", [["--format", "velocityptrader"], ["--follow"]])
def test_what_does_not_work_yet_is_not_offered(run: Run, arguments: list[str]) -> None:
    write(HEADER, row(1))
    assert run("trades.csv", "--ledger", "my.db", *arguments)[0] == 2


def test_a_long_file_shows_its_progress_on_a_terminal(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    write(HEADER, row(1), "x" * LONG_FILE)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    status, lines, drawn = run("trades.csv", "--ledger", "my.db")
    assert status == 0
    assert lines[0] == "1 trade imported into my.db (system bot)"
    assert "reading trades.csv" in drawn
    assert "writing my.db" in drawn


def test_a_report_of_metatrader_brings_its_money_too_and_once(run: Run) -> None:
    none = ("0.00", "0.00", "0.00")
    deals = [
        ("2024.01.30 08:00:00", 1, "", "balance", "", "", "", "", *none, "1 000.00", "1 000.00", ""),
        ("2024.01.31 13:00:00", 2, "", "balance", "", "", "", "", *none, "- 250.00", "750.00", "rent"),
    ]
    opened = ("2024.01.31 12:00:00", 101, "EURUSD+", "buy", "0.50", "1.08000", "", "")
    closed = [(*opened, "2024.01.31 14:30:00", "1.08400", "- 3.00", "- 1.25", "200.00")]
    Path("history.html").write_bytes(mt5_report(closed=closed, deals=deals).encode("utf-16"))
    assert run("history.html", "--ledger", "my.db") == (
        0,
        [
            "1 trade imported into my.db (system bot, USD)",
            "times are taken as UTC: if the broker's server has another clock, say which with --timezone",
            "deposits and withdrawals that are imported as cash flows: 1",
        ],
        "",
    )
    kinds = [("run_started",), ("trade_opened",), ("cash_flowed",), ("trade_closed",), ("run_ended",)]
    assert query("SELECT kind FROM facts ORDER BY sequence") == kinds
    assert query("SELECT time, id, json_extract(body, '$.amount') FROM facts WHERE kind = 'cash_flowed'")[0][1:] == (
        "deal-2/cash",
        -250,
    )
    assert runs("starting_equity") == [(1000,)]
    assert query("SELECT trade_id, pnl FROM trades") == [("101", 195.75)]
    assert (
        run("history.html", "--ledger", "my.db")[1][0] == "nothing new: 1 trade was already in my.db (system bot, USD)"
    )
    assert query("SELECT kind FROM facts ORDER BY sequence") == kinds
