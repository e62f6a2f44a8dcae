"""Serve a trading database's metrics: `python monitoring/prometheus_exporter.py --port 9090` in the project's folder.

Any Python since 3.7 will do: where the package is missing, the project's own environment takes over.
"""

from __future__ import annotations  # a Python that is too old for the package gets as far as the environment

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ENVIRONMENT = ROOT / ".venv"
PYTHON = ENVIRONMENT / "bin" / "python"
STATE = ROOT / ".tradewatch" / "state"
USER_ERROR = 2


def export(options: Sequence[str]) -> None:
    """Run `tradewatch export`; raises `ModuleNotFoundError` where the package or a part of it is missing."""
    from tradewatch.cli import main  # noqa: PLC0415 - may be missing

    sys.argv = ["tradewatch", "export", *options]
    main()


def export_options(words: Sequence[str]) -> Sequence[str]:
    """Return what `tradewatch export` is told; its own options are handed on, and come last so that they win."""
    parser = argparse.ArgumentParser(
        description="Serve a trading database's metrics for Prometheus.",
        epilog="Further options are those of `tradewatch export`.",
        allow_abbrev=False,
    )
    parser.add_argument("--port", type=int, default=9090, help="where to listen (%(default)s)")
    parser.add_argument("--host", default="127.0.0.1", help="where to listen (%(default)s)")
    parser.add_argument(
        "--database", "--db", metavar="FILE", default="trading_logs.db", help="what to read (%(default)s)"
    )
    known, further = parser.parse_known_args(words)
    host = f"[{known.host}]" if ":" in known.host else known.host
    return ["--ledger", known.database, "--listen", f"{host}:{known.port}", "--state", str(STATE), *further]


def start_again(words: Sequence[str]) -> None:
    """Become the project's own environment, with the same words; return when there is none, or this is it."""
    if os.access(PYTHON, os.X_OK) and Path(sys.prefix) != ENVIRONMENT:
        os.execv(PYTHON, [str(PYTHON), __file__, *words])  # noqa: S606 - the project's own program


if __name__ == "__main__":
    try:
        export(export_options(sys.argv[1:]))
    except ModuleNotFoundError as error:
        start_again(sys.argv[1:])
        sys.stderr.write(f"tradewatch: {error.name} is not installed for {sys.executable}: run make setup in {ROOT}\n")
        sys.exit(USER_ERROR)
