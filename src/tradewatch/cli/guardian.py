"""``tradewatch guardian``: what a person says to a system's risk manager, as facts."""

from contextlib import closing
from datetime import timedelta
from pathlib import Path

import click

from tradewatch.book.follow import only_system
from tradewatch.cli.options import Text, ledger_option, system_option
from tradewatch.errors import ConfigurationError
from tradewatch.ledger import SqliteAppender, SqliteReader, from_microseconds
from tradewatch.systems.releases import LISTENERS, release

_NEXT = timedelta(microseconds=1)


@click.group("guardian")
def command() -> None:
    """Say something to a trading system's risk manager."""


@command.command("reset")
@ledger_option
@system_option
@click.option("--reason", type=Text(), default="", help="Why, for those who read it later.")
def reset(ledger: Path, system: str | None, reason: str) -> None:
    """End the halt of the drawdown limit: trading goes on, and the peak starts anew.

    A running system takes it in with its next cycle, another one when it is started. The fact has the time of the
    system's newest one.
    """
    with closing(SqliteReader(ledger)) as reader:
        name = system or only_system(reader, ledger)
        newest = None if name is None else reader.newest_time(name)
    if name is None or newest is None:
        message = f"the ledger {ledger} holds no facts{f' of {name}' if name else ''}: check the path and --system"
        raise ConfigurationError(message)
    if name not in LISTENERS:
        message = f"nobody in {name} listens to a reset: it is for {', '.join(sorted(LISTENERS))}"
        raise ConfigurationError(message)
    with closing(SqliteAppender(ledger)) as appender:
        appender.append([release(from_microseconds(newest) + _NEXT, reason)], name)
    click.echo(f"{name} may trade again, if the drawdown limit had halted it: {ledger}")
