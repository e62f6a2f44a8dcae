"""``tradewatch dump``: print the facts of a ledger."""

import sys
from datetime import datetime
from pathlib import Path

import click
import msgspec

from tradewatch.book import only_system
from tradewatch.cli.options import ledger_option, system_option
from tradewatch.errors import SourceError
from tradewatch.ledger import Row, SqliteReader, from_microseconds


@click.command("dump")
@ledger_option
@system_option
def command(ledger: Path, system: str | None) -> None:
    """Print the facts of a ledger in their global order, one JSON object a line.

    The same facts give the same bytes.
    """
    reader = SqliteReader(ledger)
    if system is not None and system not in reader.systems():
        message = f"the ledger {ledger} holds no facts of {system}: choose another one with --system"
        raise SourceError(message)
    chosen = system or only_system(reader, ledger)
    if chosen is not None:
        for row in reader.all_rows(chosen):
            sys.stdout.buffer.write(_line(row))
    reader.close()


def _line(row: Row) -> bytes:
    head = {"system": row.system, "time": _time(row), "id": row.id}
    return msgspec.json.encode(head | {"fact": _body(row)}) + b"\n"


def _time(row: Row) -> datetime | str:
    """Return when it happened; what is no time as it stands there."""
    try:
        return from_microseconds(row.time)
    except (OverflowError, TypeError):
        return str(row.time)


def _body(row: Row) -> msgspec.Raw | str:
    """Return the fact's JSON; what is no JSON becomes a string, so that every line is an object."""
    try:
        msgspec.json.decode(row.body)
    except msgspec.DecodeError:
        return str(row.body)
    return msgspec.Raw(row.body.encode())
