"""Runs of a trading system as a person starts them, and what came of them."""

import http.client
import json
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

from tests.support.exporters import running_exporter
from tests.support.ledgers import rows
from tests.support.pages import Series
from tests.support.patience import SECONDS
from tests.support.servers import free_port
from tradewatch.exporter import Format
from tradewatch.stack.plan import TRADEWATCH
from tradewatch.stack.ports import LOOPBACK

CONTRACT = json.loads(Path(__file__).parents[2].joinpath("docs/releases/contract.json").read_text())


def command(system: str, ledger: Path, *words: str) -> list[str]:
    return [str(TRADEWATCH), "run", system, "--feed", "simulated", "--ledger", str(ledger), *words]


def finished(*words: str | Path) -> str:
    """Return what a command prints that ends well."""
    done = subprocess.run([TRADEWATCH, *words], capture_output=True, text=True, check=False, timeout=SECONDS)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def dump(ledger: Path) -> str:
    return finished("dump", "--ledger", ledger)


@contextmanager
def running(system: str, ledger: Path, *words: str) -> Iterator["subprocess.Popen[str]"]:
    """Yield a run that is under way; it is killed at the end."""
    with subprocess.Popen(
        command(system, ledger, *words), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def number(ledger: Path, question: str) -> int:
    """Return what a ledger that may not be there yet answers, 0 without one."""
    with suppress(sqlite3.Error):
        return int(ask(ledger, question)[0][0])
    return 0


def newest(ledger: Path) -> int:
    """Return the number of the newest fact, 0 while there is none."""
    return number(ledger, "SELECT coalesce(max(sequence), 0) FROM facts")


def ask(ledger: Path, question: str) -> list[tuple[Any, ...]]:  # Any: SQL's values
    with closing(sqlite3.connect(f"file:{ledger}?mode=ro", uri=True)) as connection:
        return connection.execute(question).fetchall()


def of_kind(system: str, ledger: Path, kind: str) -> list[dict[str, Any]]:  # Any: JSON
    return [json.loads(row.body) for row in rows(ledger, system) if row.kind == kind]


def page(ledger: Path, wire_format: Format = Format.TEXT) -> bytes:
    """Return the page that an exporter serves of a ledger."""
    port = free_port()
    with running_exporter(ledger, port):
        return fetched(port, wire_format)


def fetched(port: int, wire_format: Format = Format.TEXT) -> bytes:
    with closing(http.client.HTTPConnection(LOOPBACK, port, timeout=SECONDS)) as connection:
        connection.request("GET", "/metrics", headers={"Accept": wire_format.value.partition(";")[0]})
        answer = connection.getresponse()
        assert answer.headers["Content-Type"] == wire_format.value
        return answer.read()


def values(system: str, series: Series, name: str) -> dict[tuple[str, ...], float]:
    """Return the values of one of a system's metrics, by the values of its labels in order of their names."""
    return {
        tuple(value for _, value in sorted(labels)): number
        for (found, labels), number in series.items()
        if found == f"{system}_{name}"
    }


def promised(system: str) -> dict[str, set[str]]:
    """Return the labels of each of a system's metrics in the contract."""
    return {name: set(terms["labels"]) for name, terms in CONTRACT.items() if name.startswith(f"{system}_")}
