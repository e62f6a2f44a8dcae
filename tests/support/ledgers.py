"""What a ledger holds, as tests ask for it."""

import json
from contextlib import closing
from pathlib import Path
from typing import Any

from tradewatch.ledger import Row, SqliteReader


def rows(path: Path, system: str = "bot") -> list[Row]:
    """Return a system's rows in the ledger's order."""
    with closing(SqliteReader(path)) as reader:
        return list(reader.all_rows(system))


def kinds(path: Path, system: str = "bot") -> list[str]:
    """Return the kinds of a system's facts in the ledger's order."""
    return [row.kind for row in rows(path, system)]


def bodies(path: Path, kind: str) -> list[dict[str, Any]]:
    """Return the facts of a kind in the ledger's order. Any: JSON."""
    return [json.loads(row.body) for row in rows(path) if row.kind == kind]


def losses(path: Path, kind: str) -> dict[tuple[str, str], int]:
    """Return how many facts the ledger says were dropped or refused, by kind and reason."""
    counts: dict[tuple[str, str], int] = {}
    for body in bodies(path, kind):
        key = (body["fact_kind"], body["reason"])
        counts[key] = counts.get(key, 0) + body["count"]
    return counts
