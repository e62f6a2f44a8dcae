"""``tradewatch up``."""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from tradewatch.stack import lifecycle, plan
from tradewatch.stack.lifecycle import Report
from tradewatch.stack.locking import exclusive
from tradewatch.stack.overview import addresses, aligned, remarks
from tradewatch.stack.places import Places, find_places
from tradewatch.stack.plan import Source
from tradewatch.stack.ports import Ports, require_free
from tradewatch.stack.records import Stack

EXPORTER_OPTION = "--exporter-port"
PROMETHEUS_OPTION = "--prometheus-port"
VIEWER_OPTION = "--viewer-port"
PORT = click.IntRange(1, 65535)


@click.command()
@click.option(
    "--trades",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A file of your own trades to show; without it a sample bot trades on simulated prices.",
)
@click.option("--starting-equity", metavar="AMOUNT", help="The account's equity before the first trade of --trades.")
@click.option(EXPORTER_OPTION, type=PORT, default=Ports().exporter, show_default=True, help="Where the metrics answer.")
@click.option(
    PROMETHEUS_OPTION, type=PORT, default=Ports().prometheus, show_default=True, help="Where Prometheus answers."
)
@click.option(VIEWER_OPTION, type=PORT, default=Ports().viewer, show_default=True, help="Where the dashboards answer.")
def command(
    trades: Path | None, starting_equity: str | None, exporter_port: int, prometheus_port: int, viewer_port: int
) -> None:
    """Start the trades, the exporter, Prometheus and the dashboards in the background, and say where they answer."""
    if starting_equity is not None and trades is None:
        message = "--starting-equity belongs to --trades; the sample bot has an equity of its own"
        raise click.UsageError(message)
    places = find_places()
    source = plan.simulated(places) if trades is None else plan.imported(trades, starting_equity, places)
    with exclusive(places.lock):
        stack = lifecycle.running(places)
        if stack is not None:
            click.echo("Tradewatch already runs; after `make down` it can be started with something else.")
        else:
            stack = _start(
                source, Ports(exporter=exporter_port, prometheus=prometheus_port, viewer=viewer_port), places
            )
    _show(stack, places)


def _start(source: Source, ports: Ports, places: Places) -> Stack:
    _unwind_on_termination()
    lifecycle.stop(places)
    require_free(
        {
            f"{EXPORTER_OPTION} (make up EXPORTER_PORT=...)": ports.exporter,
            f"{PROMETHEUS_OPTION} (make up PROMETHEUS_PORT=...)": ports.prometheus,
            f"{VIEWER_OPTION} (make up VIEWER_PORT=...)": ports.viewer,
        }
    )
    with _progress() as report:
        report("finding Prometheus")
        services = plan.services(source, ports, places)
    lifecycle.bring_trades(source)
    with _progress() as report:
        return lifecycle.start(Stack(subject=source.subject, ports=ports), services, places, report)


def _show(stack: Stack, places: Places) -> None:
    pages = addresses(stack)
    click.echo(f"Tradewatch shows {stack.subject}.\n")
    click.echo(f"{aligned(pages)}\n")
    for remark in remarks(pages):
        click.echo(remark)
    click.echo(f"Logs are in {places.logs}; `make down` stops it.")


@contextmanager
def _progress() -> Iterator[Report]:
    """Yield where steps are told: in place on a terminal, a line each elsewhere."""
    if not sys.stdout.isatty():
        yield click.echo
        return
    from rich.console import Console  # noqa: PLC0415  only where something is drawn

    with Console().status("") as status:
        yield status.update


def _unwind_on_termination() -> None:
    """Let a request to end leave this process the way Ctrl-C does, so that what it started is stopped."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda received, _: sys.exit(128 + received))
