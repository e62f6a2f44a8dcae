"""``tradewatch backfill``: write a ledger's whole past into Prometheus."""

import logging
import re
from datetime import UTC, datetime
from pathlib import Path

import click

from tradewatch.book import ProfitSource
from tradewatch.cli.options import ledger_option, profit_option, state_option, system_option
from tradewatch.cli.progress import long_work
from tradewatch.errors import ConfigurationError
from tradewatch.history import ALL, Order, Progress, Result, Surroundings, backfill, shown
from tradewatch.stack.places import state_folder

_MOMENTS = ["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%SZ"]
_UNITS = {"s": 1, "m": 60}


class Step(click.ParamType[int]):
    """A duration of whole seconds or minutes."""

    name = "duration"

    def convert(self, value: str | int, _param: click.Parameter | None, _ctx: click.Context | None) -> int:
        """Return seconds; raises `ConfigurationError` for what is no duration."""
        found = re.fullmatch(r"([0-9]{1,9})([sm]?)", str(value))
        if found is None:
            message = f"--step {value} is no duration: give one such as 60s or 1m"
            raise ConfigurationError(message)
        return int(found[1]) * _UNITS[found[2] or "s"]


@click.command("backfill")
@ledger_option
@system_option
@click.option("--step", type=Step(), default="60s", show_default=True, help="Time between two samples of a series.")
@click.option("--remote-write", "url", required=True, metavar="URL", help="Where the server takes remote write.")
@click.option(
    "--blocks",
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="The folder of data of that Prometheus: all but the last hours is put there as blocks, not sent.",
)
@click.option(
    "--from", "begin", type=click.DateTime(_MOMENTS), help="The first moment, UTC.  [default: the first fact]"
)
@click.option(
    "--to",
    "end",
    type=click.DateTime(_MOMENTS),
    help="The last moment, UTC.  [default: where the server's own scrapes begin, else now; the newest fact of a ledger "
    "whose runs have ended]",
)
@click.option("--metrics", default=ALL, metavar="PATTERN", help="Only metrics with such names, as in hydra_*.")
@click.option("--job", help="The label job.  [default: as the server scrapes the ledger, else the system's name]")
@click.option(
    "--instance",
    help="The label instance.  [default: as the server scrapes it, else where our prometheus.yml scrapes the system]",
)
@profit_option
@state_option
@click.option("--quiet", is_flag=True, help="Show no progress.")
def command(  # noqa: PLR0913 - one parameter an option
    *,
    ledger: Path,
    system: str | None,
    step: int,
    url: str,
    blocks: Path | None,
    begin: datetime | None,
    end: datetime | None,
    metrics: str,
    job: str | None,
    instance: str | None,
    profit: str,
    state: Path | None,
    quiet: bool,
) -> None:
    """Write a ledger's whole past into a server that takes Prometheus' remote write, the newest day first.

    What the exporter would have shown at every step, had every fact arrived on time. A run that was stopped goes on
    where it was; the same command later adds what is new.
    """
    logging.basicConfig(format="tradewatch: %(message)s")
    order = Order(
        ledger=ledger,
        url=url,
        blocks=blocks,
        step=step,
        system=system,
        begin=None if begin is None else begin.replace(tzinfo=UTC),
        end=None if end is None else end.replace(tzinfo=UTC),
        metrics=metrics,
        profit=ProfitSource(profit),
        job=job,
        instance=instance,
    )
    with long_work(is_shown=not quiet) as draw:

        def report(progress: Progress) -> None:
            draw(progress.work, progress.done, progress.total)

        around = Surroundings(state=state or state_folder(), report=report, note=_say)
        result = backfill(order, around)
    click.echo(_told(result, order))


def _told(result: Result, order: Order) -> str:
    if result.span is None:
        return f"the history of {order.ledger} is complete: nothing was left to write"
    soon = "" if order.blocks is None else "; Prometheus finds its new blocks within a minute"
    return (
        f"{result.samples:,} samples of {result.moments:,} moments from {shown(result.span.first)} to "
        f"{shown(result.span.last)} written{soon}"
    )


def _say(words: str) -> None:
    click.echo(f"tradewatch: {words}", err=True)
