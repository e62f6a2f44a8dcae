"""Real servers for tests, on free ports of this machine, stopped by number when the test is over."""

import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.support.patience import SECONDS
from tradewatch.stack import loopback, processes, prometheus
from tradewatch.stack.ports import LOOPBACK
from tradewatch.stack.servers import locate
from tradewatch.stack.waiting import wait_until


def free_port() -> int:
    """Return a port on which nothing listens now."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
    return port


def answer_of(address: str) -> bytes:
    """Return what a server answers with status 200; one that is busy is asked again."""
    found: list[bytes | None] = []

    def has_answered() -> bool:
        found.append(loopback.fetch(address))
        return found[-1] is not None

    assert wait_until(has_answered, seconds=SECONDS), address
    return found[-1] or b""


@contextmanager
def occupied_port() -> Iterator[int]:
    """Yield a port on which a server listens meanwhile."""
    with socket.create_server((LOOPBACK, 0)) as server:
        yield server.getsockname()[1]


@contextmanager
def running_prometheus(configuration: str, folder: Path, without: str = "", port: int | None = None) -> Iterator[str]:
    """Yield the address of a Prometheus that runs with ``configuration`` and keeps its data below ``folder``.

    ``without``: an option that it is not started with.
    """
    port = port or free_port()
    file = folder / "prometheus.yml"
    file.write_text(configuration)
    command = prometheus.command(locate("prometheus"), file, folder / "data", port)
    words = [word for word in command if not without or not word.startswith(without)]
    with _running(words, f"http://{LOOPBACK}:{port}", "/-/ready", folder / "prometheus.log") as address:
        yield address


@contextmanager
def running_victoria_metrics(folder: Path, *options: str) -> Iterator[str]:
    """Yield the address of a VictoriaMetrics that keeps its data below ``folder``."""
    port = free_port()
    words = [
        str(locate("victoria-metrics")),
        f"-storageDataPath={folder / 'data'}",
        f"-httpListenAddr={LOOPBACK}:{port}",
        *options,
    ]
    with _running(words, f"http://{LOOPBACK}:{port}", "/health", folder / "victoria-metrics.log") as address:
        yield address


@contextmanager
def _running(command: Sequence[str], address: str, health: str, log: Path) -> Iterator[str]:
    process = processes.start(command, log)
    try:
        over = wait_until(
            lambda: loopback.answers(f"{address}{health}") or not processes.is_alive(process), seconds=SECONDS
        )
        assert over, log.read_text()
        assert processes.is_alive(process), log.read_text()
        yield address
    finally:
        processes.stop([process])
