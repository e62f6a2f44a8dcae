"""``tradewatch notify``."""

import sys

import click

from tradewatch.errors import ConfigurationError
from tradewatch.stack import alertmanager, records, servers, settings
from tradewatch.stack.channels import channels
from tradewatch.stack.notifying import Trial, run
from tradewatch.stack.places import find_places

NOT_DELIVERED = 1


@click.group()
def command() -> None:
    """Try whether alerts arrive."""


@command.command("test")
@click.option("--wait", type=click.FloatRange(1, 600), default=30, show_default=True, help="Seconds to wait for it.")
def test(wait: float) -> None:
    """Send one alert through the Alertmanager that runs to every channel, and report what was delivered.

    The exit status is 1 when a channel did not take it.
    """
    places = find_places()
    stack = records.load(places.record)
    if stack is None:
        message = "nothing is running, so no alert can be sent: start it with `make up`"
        raise ConfigurationError(message)
    asked = channels(settings.load(places.settings))
    amtool = servers.locate("amtool", places.servers)
    problems = alertmanager.check(stack.ports, asked, places, amtool).problems
    outcomes = run(Trial(ports=stack.ports, journal=places.journal, seconds=wait), asked)
    for outcome in outcomes:
        click.echo(f"  {outcome.channel:10} {outcome.words}")
    for problem in problems:
        click.echo(f"tradewatch: {problem}", err=True)
    if problems or not all(outcome.is_delivered for outcome in outcomes if outcome.is_configured):
        sys.exit(NOT_DELIVERED)
