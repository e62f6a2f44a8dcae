"""A backfill in many small requests, as a process that may be killed: given ledger, URL, state and where blocks go."""

import sys
from pathlib import Path

from tradewatch.history import Order, Surroundings, backfill

if __name__ == "__main__":
    ledger, url, state, *blocks = sys.argv[1:]
    backfill(
        Order(ledger=Path(ledger), url=url, step=60, blocks=Path(blocks[0]) if blocks else None),
        Surroundings(state=Path(state), facts_apart=100, samples_together=2_000),
    )
