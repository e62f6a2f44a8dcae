"""``tradewatch status``."""

import sys

import click

from tradewatch.stack import containers, processes, records
from tradewatch.stack.halts import halts
from tradewatch.stack.overview import aligned, condition_table, conditions
from tradewatch.stack.places import find_places
from tradewatch.stack.records import State

NOT_WELL = 1


@click.command()
def command() -> None:
    """Show every process that `tradewatch up` started; the exit status is 1 when one of them does not run or answer."""
    places = find_places()
    if containers.are_up(places):
        containers.show(places)
        return
    stack = records.load(places.record)
    if stack is None:
        click.echo("Nothing is running; `make up` starts it.")
        return
    click.echo(f"Tradewatch shows {stack.subject}.\n")
    found = conditions(stack)
    click.echo(aligned(condition_table(found)))
    for halt in halts(stack, places):
        click.echo(f"\n{halt}")
    if stack.supervisor is None or not processes.is_alive(stack.supervisor):
        click.echo("\nNobody watches over these processes: run `make up` again, which starts them anew.")
        sys.exit(NOT_WELL)
    failed = [condition.member.name for condition in found if condition.member.state is State.FAILED]
    if failed:
        click.echo(
            f"\n{', '.join(failed)} cannot succeed and is not tried again: mend it, then `make down` and `make up`."
        )
    if not all(condition.is_good or condition.member.state is State.FAILED for condition in found):
        click.echo(f"\nSomething is wrong, and is being started again: the logs are in {places.logs}.")
    if not all(condition.is_good for condition in found):
        sys.exit(NOT_WELL)
