"""``tradewatch dump``: print the facts of a ledger."""

import sys
from pathlib import Path

import click
import msgspec

from tradewatch.book import only_system
from tradewatch.cli.options import ledger_option, system_option
from tradewatch.ledger import Row, SqliteReader, from_microseconds


@click.command("dump")
@ledger_option
@system_option
def command(ledger: Path, system: str | None) -> None:
    """Print the facts of a ledger in their global order, one JSON object a line.

    The same facts give the same bytes.
    """
    reader = SqliteReader(ledger)
    chosen = system or only_system(reader, ledger)
    if chosen is not None:
        for row in reader.all_rows(chosen):
            sys.stdout.buffer.write(_line(row))
    reader.close()


def _line(row: Row) -> bytes:
    head = {"system": row.system, "time": from_microseconds(row.time), "id": row.id}
    return msgspec.json.encode(head | {"fact": msgspec.Raw(row.body)}) + b"\n"
