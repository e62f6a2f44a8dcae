"""Runs every benchmark, or those that are named, and prints one table of what they measured.

``TRADES`` in the environment: how many trades the long history has, a million unless told otherwise.
"""

import importlib
import os
import platform
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.apparatus.histories import Histories
from benchmarks.apparatus.results import Row, table

_TRADES = 1_000_000
ALL = tuple(path.stem for path in sorted(Path(__file__).parent.glob("[!_]*.py")))
"""Every benchmark."""


def main() -> None:
    """Measure; compare ratios within one run, never seconds between machines."""
    trades = int(os.environ.get("TRADES") or _TRADES)
    print(f"Python {platform.python_version()} on {platform.machine()}, {os.cpu_count()} processors, {trades:,} trades")
    print("ratios within one run are what counts\n")
    with tempfile.TemporaryDirectory() as folder:
        measured = list(_measured(sys.argv[1:] or ALL, Histories(Path(folder), trades)))
    print(table(measured))


def _measured(names: Sequence[str], histories: Histories) -> Iterator[Row]:
    for name in names:
        module = importlib.import_module(f"benchmarks.{name}")
        print(f"== {name}: {(module.__doc__ or '').splitlines()[0]}", flush=True)
        for row in module.rows(histories):
            print(f"{row.what}: {row.ours}  {row.ratio}", flush=True)
            yield row
        print()


if __name__ == "__main__":
    main()
