"""``tradewatch export``: serve a ledger's metrics for Prometheus."""

import logging
import signal
import threading
from pathlib import Path

import click

from tradewatch.book import ProfitSource
from tradewatch.cli.options import (
    ledger_option,
    profit_option,
    starting_equity_option,
    state_option,
    system_option,
)
from tradewatch.errors import ConfigurationError
from tradewatch.exporter import Address, AsOf, DatabaseFeed, MetricsServer, PathFeed, Service, utc_now
from tradewatch.sources import velocityptrader
from tradewatch.sources.gathering import Account
from tradewatch.stack.places import state_folder


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
@state_option
@starting_equity_option
def command(  # noqa: PLR0913 - one parameter an option
    *,
    ledger: Path,
    system: str | None,
    listen: str,
    as_of: str,
    profit: str,
    state: Path | None,
    starting_equity: float | None,
) -> None:
    """Serve a ledger's metrics for Prometheus until stopped.

    A ledger that is missing or broken is reported on the page (tradewatch_source_up 0) and tried again. A
    VelocityPTrader database is followed into a ledger of its own, in the state folder; --starting-equity belongs to it.
    """
    _require_text(ledger)
    logging.basicConfig(level=logging.INFO, format="tradewatch: %(message)s")
    folder = state or state_folder()
    account = Account(starting_equity=starting_equity, currency=velocityptrader.CURRENCY)
    feed = PathFeed(ledger, lambda: DatabaseFeed(ledger, folder / "followed", account, utc_now))
    service = Service(ledger, system=system, as_of=AsOf(as_of), profit=ProfitSource(profit), state=folder, feed=feed)
    with MetricsServer(Address.parse(listen), service) as server:
        click.echo(f"metrics of {ledger} at {server.url}metrics (stop with Ctrl-C)")
        service.start()
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
