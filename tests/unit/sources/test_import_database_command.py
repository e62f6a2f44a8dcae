"""The import of a VelocityPTrader database as a person meets it."""

import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.support.ledgers import kinds
from tests.support.velocityptrader import CLOSED, ERROR, OPEN, START, Database
from tradewatch.cli import main
from tradewatch.ledger import SqliteReader

Run = Callable[..., tuple[int, list[str], str]]

IMPORT = ("trading_logs.db", "--format", "velocityptrader", "--ledger", "my.db")


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


def database(**options: bool) -> Database:
    return Database(Path("trading_logs.db"), **options)  # type: ignore[arg-type]  # those that are true or false


def profits() -> list[float]:
    with closing(SqliteReader(Path("my.db"))) as reader:
        return sorted(reader.profits("velocitytrader"))


def test_trades_and_errors_are_imported_for_the_systems_own_name(run: Run) -> None:
    with closing(database()) as bot:
        bot.insert(CLOSED)
        bot.insert(OPEN, timestamp=START + 10)
        bot.insert(ERROR, table="error_logs")
    status, printed, _ = run(*IMPORT, "--starting-equity", "10000")
    assert status == 0
    assert printed == [
        "2 trades imported into my.db (system velocitytrader, USD), 1 of them still open",
        "1 error imported",
    ]
    assert kinds(Path("my.db"), "velocitytrader") == [
        *("run_started", "trade_opened", "trade_closed", "trade_opened", "error_occurred", "run_ended")
    ]


def test_importing_again_adds_nothing(run: Run) -> None:
    with closing(database()) as bot:
        bot.insert(CLOSED)
    run(*IMPORT)
    before = kinds(Path("my.db"), "velocitytrader")
    _, printed, _ = run(*IMPORT)
    assert printed[0] == "nothing new: 1 trade was already in my.db (system velocitytrader, USD)"
    assert kinds(Path("my.db"), "velocitytrader") == before


def test_importing_a_changed_database_corrects_and_takes_back(run: Run) -> None:
    with closing(database()) as bot:
        for pnl in (1.0, 2.0, 3.0):
            bot.insert(CLOSED, pnl=pnl)
        run(*IMPORT)
        bot.update(1, pnl=10.0)
        bot.delete(2)
    _, printed, _ = run(*IMPORT, "--starting-equity", "5000")
    assert printed[1:] == [
        "1 trade corrected, as changed rows tell",
        "1 trade taken back: rows that are gone, or tell another trade",
    ]
    assert profits() == [3.0, 10.0]


def test_bad_rows_are_counted_by_reason_and_shown(run: Run) -> None:
    with closing(database()) as bot:
        bot.insert(CLOSED)
        bot.insert(CLOSED, timestamp="yesterday")
        bot.insert(CLOSED, pnl="much")
        bot.insert(OPEN, entry_price=None)
        bot.insert(OPEN, action=None)
    _, printed, _ = run(*IMPORT, "--quiet")
    assert printed[0] == "4 rows not imported:"
    assert "  trading_logs.db, row 2, timestamp: found 'yesterday'" in printed
    assert "  trading_logs.db, row 3, pnl: found 'much'" in printed
    assert "  trading_logs.db, row 4, entry_price: found nothing" in printed


def test_a_database_without_trades_writes_nothing(run: Run) -> None:
    database().close()
    status, _, error = run(*IMPORT)
    assert (status, error) == (
        2,
        "tradewatch: no trades to import in trading_logs.db, it has no rows: nothing was written",
    )
    assert not Path("my.db").exists()


def test_a_damaged_database_writes_nothing(run: Run) -> None:
    with closing(database()) as bot:
        bot.insert_many([{**CLOSED, "trade_id": str(number)} for number in range(2_000)])
    with Path("trading_logs.db").open("r+b") as file:
        file.seek(100_000)
        file.write(b"\xff" * 50_000)
    status, _, error = run(*IMPORT)
    assert (status, error.startswith("tradewatch: trading_logs.db is damaged")) == (2, True)
    assert not Path("my.db").exists()


def test_another_database_is_refused(run: Run) -> None:
    with closing(database()) as bot:
        bot.insert(CLOSED)
    run(*IMPORT)
    Path("trading_logs.db").unlink()
    with closing(database()) as other:
        other.insert(CLOSED, instrument="BTCUSD+")
    status, _, error = run(*IMPORT)
    assert status == 2
    assert error == "tradewatch: trading_logs.db is another database than the one in my.db: give another ledger"
    assert profits() == [50.0]


@pytest.mark.parametrize("flag", ["--timezone=UTC", "--column=asset=Symbol", "--strategy=a", "--pnl=recomputed"])
def test_options_that_would_do_nothing_are_refused(run: Run, flag: str) -> None:
    database().close()
    status, _, error = run(*IMPORT, flag)
    assert status == 2
    assert error.endswith("does nothing for the format velocityptrader: leave it out")


def test_a_file_is_not_followed(run: Run) -> None:
    Path("trades.csv").write_text("asset\n", encoding="utf-8")
    status, _, error = run("trades.csv", "--ledger", "my.db", "--follow")
    assert status == 2
    assert error == "tradewatch: --follow does nothing for the format csv: leave it out, and import the file again"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_following_goes_on_until_it_is_stopped(number: signal.Signals) -> None:
    program = [sys.executable, "-c", "from tradewatch.cli import main; main()", "import", *IMPORT, "--follow"]
    with subprocess.Popen(program, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        first, second = (process.stdout.readline().strip() for _ in range(2))
        assert first == "following trading_logs.db into my.db (system velocitytrader) (stop with Ctrl-C)"
        assert second.startswith("there is no database trading_logs.db")
        with closing(database()) as bot:
            bot.insert(CLOSED)
            assert process.stdout.readline().strip() == "reading it is well again"
            process.send_signal(number)
            rest = process.stdout.read().splitlines()
    assert process.returncode == 0
    assert rest == ["1 trade imported"]
    assert profits() == [50.0]


def test_the_database_is_opened_read_only(run: Run) -> None:
    with closing(database()) as bot:
        bot.insert(CLOSED)
    before = Path("trading_logs.db").read_bytes()
    Path("trading_logs.db").chmod(0o444)
    assert run(*IMPORT)[0] == 0
    assert Path("trading_logs.db").read_bytes() == before
    with closing(sqlite3.connect("trading_logs.db")) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("delete",)
