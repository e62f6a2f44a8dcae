"""``tradewatch verify``: reconciliation and integrity of a ledger; the exit status says."""

import sys
from pathlib import Path

import click

from tradewatch.cli.options import ledger_option, system_option
from tradewatch.report.verification import Verification, verify

_FOUND = 1


@click.command("verify")
@ledger_option
@system_option
def command(ledger: Path, system: str | None) -> None:
    """Check a ledger: the file, every fact, and that all sums agree.

    The exit status is 0 when nothing is found, 1 when something is.
    """
    result = verify(ledger, system)
    click.echo(_headline(ledger, result))
    for finding in result.findings:
        click.echo(f"  {finding}")
    for note in result.notes:
        click.echo(f"note: {note}")
    if result.findings:
        sys.exit(_FOUND)


def _headline(ledger: Path, result: Verification) -> str:
    verdict = f"{len(result.findings)} findings" if result.findings else "nothing found"
    whose = f", system {result.system}" if result.system else ""
    until = f", up to {result.newest:%Y-%m-%d %H:%M:%S} UTC" if result.newest else ""
    return f"{ledger}{whose}: {result.facts} facts{until}: {verdict}"
