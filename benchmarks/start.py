"""The start of the command line, beside an import of QuantStats and a Python that does nothing."""

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from benchmarks.apparatus.histories import Histories
from benchmarks.apparatus.processes import TRADEWATCH
from benchmarks.apparatus.results import Beside, Row, compared
from benchmarks.apparatus.timing import in_turns

TURNS = 3

_LIMIT_SECONDS = 0.3
_COMMANDS = (
    [TRADEWATCH, "--help"],
    [sys.executable, "-c", "import quantstats"],
    [sys.executable, "-c", "pass"],
)


def rows(histories: Histories, turns: int = TURNS) -> Iterator[Row]:
    """Yield the time of `tradewatch --help`."""
    ours, peer, floor = in_turns([partial(_run, command, histories.folder) for command in _COMMANDS], turns)
    yield compared(
        "tradewatch --help",
        ours,
        peer=Beside("import quantstats", peer),
        floor=Beside("python -c pass", floor),
        target=f"<= {_LIMIT_SECONDS} s",
        met=ours <= _LIMIT_SECONDS,
    )


def _run(command: Sequence[str], folder: Path) -> None:
    """Run a program; matplotlib, which QuantStats imports, keeps its list of fonts in a folder between the turns."""
    environment = os.environ | {"MPLCONFIGDIR": str(folder), "MPLBACKEND": "agg"}
    subprocess.run(command, check=True, capture_output=True, env=environment)  # noqa: S603 - our own programs
