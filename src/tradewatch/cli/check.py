"""``tradewatch check``: every panel and every rule asked of a live server; the exit status says."""

import json
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict

import click

from tradewatch.inspection import Outcome, Server, Verdict, inspect, present

_NOT_WELL = 1
_WIDE = 200
"""Columns of a table that goes to a file."""


@click.command("check")
@click.option(
    "--prometheus",
    default="http://localhost:9091",
    show_default=True,
    metavar="URL",
    help="The server to ask, as http://USER:PASSWORD@HOST:PORT where it wants a password.",
)
@click.option(
    "--only-history",
    is_flag=True,
    help="The server holds what `tradewatch backfill` wrote and has scraped nothing: what only scrapes tell may be "
    "missing, and is counted apart.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
def command(*, prometheus: str, only_history: bool, as_json: bool) -> None:
    """Ask a live server every query of every dashboard and rule, with each value of each variable.

    Lists the panels that are empty and the rules that cannot fire. What a healthy system may lack is declared, and is
    no fault. The exit status is 0 when nothing is wrong, 1 when something is.
    """
    from tradewatch.cli.views import VIEWS  # noqa: PLC0415  takes time to import

    server = Server(prometheus)
    outcomes = list(inspect(server, VIEWS, time.time(), only_history=only_history))
    known = {each.name for each in present(server, VIEWS)}
    if as_json:
        click.echo(json.dumps([asdict(each) for each in outcomes], indent=1, ensure_ascii=False))
    else:
        _show(outcomes)
        if absent := [each.name for each in VIEWS if each.name not in known]:
            click.echo(f"Not asked, because the server has no series of it: {', '.join(absent)}.")
    if not all(each.is_well for each in outcomes):
        sys.exit(_NOT_WELL)


def _show(outcomes: Sequence[Outcome]) -> None:
    from rich.console import Console  # noqa: PLC0415  only where something is drawn
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    table = Table(box=None, pad_edge=False, header_style="dim")
    for column in ("where", "what", "series", "verdict"):
        table.add_column(column, justify="right" if column == "series" else "left")
    for each in outcomes:
        table.add_row(Text(each.where), Text(each.what), str(each.series), Text(_words(each)))
    console = Console()
    console.width = console.width if console.is_terminal else _WIDE
    console.print(table)
    faults = [each for each in outcomes if not each.is_well]
    apart = sum(each.verdict is Verdict.ONLY_SCRAPED for each in outcomes)
    of_scrapes = f"{apart} of them about scraping, which no history has, " if apart else ""
    click.echo(f"\n{len(outcomes)} panels and rules asked, {of_scrapes}{len(faults)} faults")
    for each in faults:
        click.echo(f"  {each.where}, {each.what}: {each.verdict}: {each.reason}")


def _words(outcome: Outcome) -> str:
    if outcome.without:
        return f"{outcome.verdict}; nothing for {', '.join(outcome.without)}"
    return f"{outcome.verdict}: {outcome.reason}" if outcome.reason else outcome.verdict
