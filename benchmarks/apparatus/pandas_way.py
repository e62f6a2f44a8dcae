"""The cost of the usual way, a page computed anew with pandas; measured in a process of its own."""

import json
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple


class Measured(NamedTuple):
    """What a page costs, and the peak memory of the process that made it."""

    seconds: float
    peak_bytes: int


def measured(database: Path, turns: int) -> Measured:
    """Return what the usual way costs for a database, in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.apparatus.pandas_page", str(database), str(turns)]
    answer = subprocess.run(command, check=True, capture_output=True, text=True).stdout  # noqa: S603 - ourselves
    return Measured(*json.loads(answer))
