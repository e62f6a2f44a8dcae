"""``tradewatch export``: serve a ledger's metrics for Prometheus."""

import logging
import signal
import threading
from pathlib import Path

import click

from tradewatch.book import ProfitSource
from tradewatch.cli.options import ledger_option, profit_option, system_option
from tradewatch.errors import ConfigurationError
from tradewatch.exporter import Address, AsOf, MetricsServer, Service


@click.command("export")
@ledger_option
@system_option
@click.option(
    "--listen",
    default="127.0.0.1:9102",
    show_default=True,
    metavar="HOST:PORT",
    help="Where to listen.",
)
@click.option(
    "--as-of",
    type=click.Choice([each.value for each in AsOf]),
    default=AsOf.AUTO.value,
    show_default=True,
    help="Read the ledger as of the clock, or of its newest fact; auto: the newest once all runs have ended.",
)
@profit_option
def command(ledger: Path, system: str | None, listen: str, as_of: str, profit: str) -> None:
    """Serve a ledger's metrics for Prometheus until stopped.

    A ledger that is missing or broken is reported on the page (tradewatch_source_up 0) and tried again.
    """
    _require_text(ledger)
    logging.basicConfig(level=logging.INFO, format="tradewatch: %(message)s")
    service = Service(ledger, system=system, as_of=AsOf(as_of), profit=ProfitSource(profit))
    with MetricsServer(Address.parse(listen), service) as server:
        click.echo(f"metrics of {ledger} at {server.url}metrics (stop with Ctrl-C)")
        service.refresh()
        _serve_until_stopped(server)
    service.close()


def _require_text(ledger: Path) -> None:
    """Raise `ConfigurationError` for a name that cannot be a label's value."""
    try:
        str(ledger).encode()
    except UnicodeEncodeError as error:
        message = f"the ledger's name {ledger} is not text in UTF-8, and cannot be a label's value: rename the file"
        raise ConfigurationError(message) from error


def _serve_until_stopped(server: MetricsServer) -> None:
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: threading.Thread(target=server.shutdown).start())
    server.serve_forever()
