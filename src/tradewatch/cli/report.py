"""``tradewatch report``: the statistics of a ledger, with definitions and n."""

from pathlib import Path

import click
import msgspec
from rich.console import Console

from tradewatch.book import ProfitSource
from tradewatch.cli.options import ledger_option, profit_option, system_option
from tradewatch.report import read_report
from tradewatch.report.table import show


@click.command("report")
@ledger_option
@system_option
@profit_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON for programs; ratios are 0 to 1.")
def command(ledger: Path, system: str | None, profit: str, *, as_json: bool) -> None:
    """Show the statistics of a ledger, each with its definition and n."""
    found = read_report(ledger, system, ProfitSource(profit))
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(found), indent=2))
    else:
        show(found, Console())
