"""``tradewatch down``."""

import click

from tradewatch.stack import containers, lifecycle
from tradewatch.stack.locking import exclusive
from tradewatch.stack.places import find_places, writable


@click.command()
def command() -> None:
    """Stop everything that `tradewatch up` started; its ledgers and histories stay."""
    places = find_places()
    with writable(places), exclusive(places.lock):
        if containers.are_up(places):
            containers.stop(places)
            click.echo("Stopped all containers.")
            return
        stopped = lifecycle.stop(places)
    click.echo(f"Stopped {', '.join(stopped)}." if stopped else "Nothing was running.")
