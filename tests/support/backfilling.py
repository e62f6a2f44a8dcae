"""A backfill in many small requests, as a process that may be killed; it is told ledger, URL and state."""

import sys
from pathlib import Path

from tradewatch.history import Order, Surroundings, backfill

if __name__ == "__main__":
    ledger, url, state = sys.argv[1:]
    backfill(
        Order(ledger=Path(ledger), url=url, step=60),
        Surroundings(state=Path(state), facts_apart=100, samples_together=2_000),
    )
