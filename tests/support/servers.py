"""Real servers for tests, on free ports of this machine, stopped by number when the test is over."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tradewatch.stack import loopback, processes, prometheus
from tradewatch.stack.ports import LOOPBACK
from tradewatch.stack.servers import locate
from tradewatch.stack.waiting import wait_until

READY_SECONDS = 30


def free_port() -> int:
    """Return a port on which nothing listens now."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
    return port


@contextmanager
def occupied_port() -> Iterator[int]:
    """Yield a port on which a server listens meanwhile."""
    with socket.create_server((LOOPBACK, 0)) as server:
        yield server.getsockname()[1]


@contextmanager
def running_prometheus(configuration: str, folder: Path, port: int | None = None) -> Iterator[str]:
    """Yield the address of a Prometheus that runs with ``configuration`` and keeps its data below ``folder``."""
    port = port or free_port()
    file = folder / "prometheus.yml"
    file.write_text(configuration)
    address = f"http://{LOOPBACK}:{port}"
    log = folder / "prometheus.log"
    process = processes.start(prometheus.command(locate("prometheus"), file, folder / "data", port), log)
    try:
        assert wait_until(lambda: loopback.answers(f"{address}/-/ready"), seconds=READY_SECONDS), log.read_text()
        yield address
    finally:
        processes.stop([process])
