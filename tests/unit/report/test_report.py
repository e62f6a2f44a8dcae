"""What a report says, in data and on the terminal."""

from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from tests.support.books import ledger_of
from tests.support.facts import at, closed, started
from tradewatch.book import ProfitSource
from tradewatch.errors import SourceError
from tradewatch.facts import Mode, RunStarted
from tradewatch.ledger import SqliteAppender
from tradewatch.report import Report, read_report
from tradewatch.report.table import show


def report_of(tmp_path: Path, *pnls: float, profit: ProfitSource = ProfitSource.REPORTED, **changes: float) -> Report:
    trades = [at(number + 1, closed(str(number), pnl=pnl, **changes)) for number, pnl in enumerate(pnls)]
    path = ledger_of(tmp_path / "bot.db", [at(0, started(1000.0)), *trades])
    return read_report(path, None, profit)


def value(report: Report, name: str) -> float | None:
    return report.statistics[name].value


def test_ratios_stand_with_their_n(tmp_path: Path) -> None:
    report = report_of(tmp_path, 10.0, -5.0, 20.0)
    assert (value(report, "profit_factor"), report.statistics["profit_factor"].n) == (6.0, 3)
    assert value(report, "win_rate") == pytest.approx(2 / 3)
    assert value(report, "maximum_drawdown") == pytest.approx(5 / 1010)


def test_what_is_undefined_is_null_and_says_when(tmp_path: Path) -> None:
    line = report_of(tmp_path, 10.0).statistics["profit_factor"]
    assert (line.value, line.undefined) == (None, "while there is no loss")


def test_profit_reported_before_fees_is_said_to_be_gross(tmp_path: Path) -> None:
    report = report_of(tmp_path, 10.0, 10.0, exit_price=110.0, fees=0.25)
    assert report.notes == [
        "reported P&L is gross of 0.5 USD of fees (2 trades differ; --pnl recomputed counts the parts)"
    ]


def test_profit_reported_before_funding_is_said_to_be_gross(tmp_path: Path) -> None:
    assert "gross of 0.5 USD of funding" in report_of(tmp_path, 10.0, exit_price=110.0, funding=0.5).notes[0]


def test_an_unexplained_difference_is_told_by_its_amount(tmp_path: Path) -> None:
    assert "is 3 USD above its parts" in report_of(tmp_path, 13.0, exit_price=110.0, fees=0.25, funding=-0.25).notes[0]


def test_a_report_that_counts_the_parts_still_says_what_was_reported(tmp_path: Path) -> None:
    report = report_of(tmp_path, 10.0, profit=ProfitSource.RECOMPUTED, exit_price=110.0, fees=0.5)
    assert value(report, "net_profit") == 9.5
    assert report.notes == ["reported P&L is gross of 0.5 USD of fees (1 trades differ; the parts are counted here)"]


def test_a_profit_below_its_parts_is_told_as_below(tmp_path: Path) -> None:
    assert "is 4 USD below its parts" in report_of(tmp_path, 6.0, exit_price=110.0).notes[0]


def test_profit_that_adds_up_needs_no_note(tmp_path: Path) -> None:
    assert report_of(tmp_path, 9.75, exit_price=110.0, fees=0.25).notes == []


def test_simulated_is_said_first(tmp_path: Path) -> None:
    run = RunStarted(run_id="r", mode=Mode.SIMULATED, starting_equity=1.0, currency="USD")
    path = ledger_of(tmp_path / "bot.db", [at(0, run)])
    assert "simulated" in read_report(path, None, ProfitSource.REPORTED).notes[0]


def test_an_unknown_starting_equity_is_said(tmp_path: Path) -> None:
    path = ledger_of(tmp_path / "bot.db", [at(0, started(None)), at(1, closed("a"))])
    assert "starting equity is unknown" in read_report(path, None, ProfitSource.REPORTED).notes[0]


def test_a_ledger_without_facts_is_said_to_be_empty(tmp_path: Path) -> None:
    SqliteAppender(tmp_path / "bot.db").close()
    with pytest.raises(SourceError, match="holds no facts"):
        read_report(tmp_path / "bot.db", None, ProfitSource.REPORTED)


@pytest.mark.parametrize("width", [80, 140])
def test_the_table_fits_the_terminal_and_shows_a_dash_for_undefined(tmp_path: Path, width: int) -> None:
    console = Console(width=width, record=True, file=StringIO())
    show(report_of(tmp_path, 10.0), console)
    text = console.export_text()
    assert max(map(len, text.splitlines())) <= width
    assert "–" in text
