"""The page says what the code does: every option, column and reason, and its own examples work."""

import re
from pathlib import Path

import click
import pytest

from tradewatch.cli.import_ import command
from tradewatch.sources.csv_header import COLUMNS
from tradewatch.sources.formats import SOURCES
from tradewatch.sources.source import Options, Reason, Trade

PAGE = (Path(__file__).parents[3] / "docs" / "importing.md").read_text(encoding="utf-8")

OPTIONS = [name for option in command.params if isinstance(option, click.Option) for name in option.opts]


def first_cells() -> set[str]:
    """Return what is set in code in the first cells of the page's tables."""
    cells = re.findall(r"^\| (`[^|]*) \|", PAGE, re.MULTILINE)
    return {word for cell in cells for word in re.findall(r"`([^`]+)`", cell)}


def test_the_tables_hold_every_option_column_and_reason_and_nothing_else() -> None:
    assert first_cells() == {*OPTIONS, *COLUMNS, *Reason}


@pytest.mark.parametrize("reason", Reason)
def test_the_mend_of_a_reason_is_the_one_that_is_printed(reason: Reason) -> None:
    assert f"| `{reason}` | {reason.mend} |" in PAGE


@pytest.mark.parametrize("name", SOURCES)
def test_every_format_is_named(name: str) -> None:
    assert f"`{name}`" in PAGE
    assert all(f"`{suffix}`" in PAGE for suffix in SOURCES[name].suffixes)


def test_the_example_of_a_csv_file_holds_a_closed_and_an_open_trade(tmp_path: Path) -> None:
    example = re.search(r"```\n(asset,.*?)```", PAGE, re.DOTALL)
    assert example is not None
    path = tmp_path / "trades.csv"
    path.write_text(example[1], encoding="utf-8")
    rows = list(SOURCES["csv"].read(path, Options()).trades)
    assert [len(row.entries) for row in rows if isinstance(row, Trade)] == [2, 1]


def test_the_profit_in_the_example_is_what_its_parts_add_up_to() -> None:
    assert pytest.approx(398.79) == (42840 - 42000) * 0.5 - 21.21
    assert "0.5,42000,42840" in PAGE
    assert "21.21,398.79" in PAGE
