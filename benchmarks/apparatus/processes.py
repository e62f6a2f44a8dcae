"""A real `tradewatch export`, started, scraped and stopped; and the memory of processes."""

import http.client
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

TRADEWATCH = str(Path(sys.executable).with_name("tradewatch"))

_HOST = "127.0.0.1"
_PATIENCE_SECONDS = 600
_POLL_SECONDS = 0.002
_KIBI = 1024


class RefusedToStartError(Exception):
    """The program ended before it was ready; what it said is the message."""


def peak_bytes(process: str | int = "self") -> int:
    """Return the most memory that a process has had resident."""
    status = Path(f"/proc/{process}/status").read_text()
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    return int(found[1]) * _KIBI if found else 0


class Exporter:
    """An exporter that is ready, and a connection to it that is kept open as Prometheus keeps one."""

    def __init__(self, process: subprocess.Popen[str], port: int, ready_seconds: float) -> None:
        self.ready_seconds = ready_seconds
        self._process = process
        self._connection = http.client.HTTPConnection(_HOST, port, timeout=_PATIENCE_SECONDS)

    @property
    def peak_bytes(self) -> int:
        """The most memory it has had."""
        return peak_bytes(self._process.pid)

    def get(self, path: str, *, gzip: bool = False) -> bytes:
        """Return the body of an answer."""
        self._connection.request("GET", path, headers={"Accept-Encoding": "gzip" if gzip else "identity"})
        return self._connection.getresponse().read()

    def scrape(self) -> bytes:
        """Return a page, packed as Prometheus asks for it."""
        return self.get("/metrics", gzip=True)

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


@contextmanager
def exporting(ledger: Path, *options: str) -> Iterator[Exporter]:
    """Yield an exporter of a ledger once it is ready, and stop it in order; raises `RefusedToStartError`."""
    port = _free_port()
    if "--state" not in options:
        options = (*options, "--state", str(ledger.with_suffix(".state")))
    command = [
        TRADEWATCH,
        "export",
        "--ledger",
        str(ledger),
        "--listen",
        f"{_HOST}:{port}",
        "--as-of",
        "last",
        *options,
    ]
    began = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)  # noqa: S603
    try:
        _wait_until_ready(process, port)
        with closing(Exporter(process, port, time.perf_counter() - began)) as exporter:
            yield exporter
    finally:
        _stop(process)


def _wait_until_ready(process: subprocess.Popen[str], port: int) -> None:
    while not _is_ready(port):
        if process.poll() is not None:
            raise RefusedToStartError(process.communicate()[1].strip())
        time.sleep(_POLL_SECONDS)


def _is_ready(port: int) -> bool:
    connection = http.client.HTTPConnection(_HOST, port, timeout=_PATIENCE_SECONDS)
    with closing(connection), suppress(ConnectionRefusedError):
        connection.request("GET", "/-/ready")
        return connection.getresponse().status == http.client.OK
    return False


def _stop(process: subprocess.Popen[str]) -> None:
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=_PATIENCE_SECONDS)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((_HOST, 0))
        port: int = probe.getsockname()[1]
    return port
