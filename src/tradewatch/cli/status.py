"""``tradewatch status``."""

import sys

import click

from tradewatch.stack import records
from tradewatch.stack.overview import aligned, condition_table, conditions
from tradewatch.stack.places import find_places

NOT_WELL = 1


@click.command()
def command() -> None:
    """Show every process that `tradewatch up` started; the exit status is 1 when one of them does not run or answer."""
    places = find_places()
    stack = records.load(places.record)
    if stack is None:
        click.echo("Nothing is running; `make up` starts it.")
        return
    click.echo(f"Tradewatch shows {stack.subject}.\n")
    found = conditions(stack)
    click.echo(aligned(condition_table(found)))
    if not all(condition.is_good for condition in found):
        click.echo(f"\nSomething is wrong: read the logs in {places.logs}, then run `make up` again.")
        sys.exit(NOT_WELL)
