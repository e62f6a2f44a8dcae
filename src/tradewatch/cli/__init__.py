"""The command line: one file per command, loaded only when it is called, so that ``--help`` stays quick."""

import importlib
import sys
from contextlib import suppress
from typing import NoReturn

import click

from tradewatch import __version__
from tradewatch.cli.output import ReaderLeftError, guard
from tradewatch.errors import USER_ERROR, TradewatchError

COMMANDS = {
    "backfill": "write a ledger's whole past into Prometheus",
    "check": "ask a live server what every panel and rule finds",
    "config": "show what is set, and where each value came from",
    "down": "stop everything that `up` started",
    "dump": "print the facts of a ledger",
    "export": "serve a ledger's metrics for Prometheus",
    "gen": "write dashboards, rules and pages from the catalogue",
    "guardian": "end a halt that waits for a person",
    "import": "bring trades from a file into a ledger",
    "journal": "write every alert into a file, a line each",
    "notify": "send a test alert through Alertmanager to every channel",
    "report": "show the statistics of a ledger",
    "run": "run a trading system on paper",
    "sample": "write simulated trades, to try things out",
    "status": "show what `up` started and where it answers",
    "up": "start the whole stack: systems, exporters, Prometheus, Alertmanager",
    "verify": "check a ledger: integrity and reconciliation",
    "viewer": "show the dashboards in a browser, without Grafana",
}
"""Every command and its line in the help; the command itself is ``command`` in ``tradewatch.cli.<name>``."""

MODULES = {"import": "import_"}
"""Commands whose name is a Python keyword."""

_READER_LEFT = 128 + 13
"""What a shell says of a program that a closed pipe ended (SIGPIPE)."""


class LazyGroup(click.Group):
    """A group that imports a command's module when the command is used."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"tradewatch.cli.{MODULES.get(cmd_name, cmd_name)}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="tradewatch")
def tradewatch() -> None:
    """Observability for algorithmic trading: facts, numbers a quant believes, metrics for Prometheus."""


def main() -> None:
    """Run the command line; an error becomes one sentence on standard error and its exit status: 2, the user's."""
    try:
        guard()
        status = _run()
        sys.stdout.flush()
    except click.ClickException as error:
        _end(error.format_message())
    except click.Abort:
        _end("interrupted")
    except TradewatchError as error:
        _end(str(error), error.exit_status)
    except ReaderLeftError:
        status = _READER_LEFT
    sys.exit(status)


def _run() -> int | str | None:
    try:
        status: int | None = tradewatch(standalone_mode=False)
    except SystemExit as ended:
        return ended.code
    return status


def _end(message: str, status: int = USER_ERROR) -> NoReturn:
    with suppress(OSError):  # nobody can be told
        click.echo(f"tradewatch: {message}", err=True)
    sys.exit(status)
