"""Exporters for tests on free ports of loopback: inside this process, and as the command that a person starts."""

import subprocess
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.support.patience import SECONDS
from tradewatch.exporter import Address, Limits, MetricsServer, Service
from tradewatch.stack import loopback
from tradewatch.stack.plan import TRADEWATCH
from tradewatch.stack.ports import LOOPBACK
from tradewatch.stack.waiting import wait_until


@contextmanager
def serving(service: Service, limits: Limits | None = None) -> Iterator[MetricsServer]:
    """Yield a server that answers meanwhile; closes the service at the end."""
    with MetricsServer(Address(LOOPBACK, 0), service, limits or Limits()) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
            service.close()


@contextmanager
def running_exporter(ledger: Path, port: int) -> Iterator["subprocess.Popen[bytes]"]:
    """Yield a `tradewatch export` that is ready; it is killed at the end. What it prints goes beside the ledger."""
    command = (TRADEWATCH, "export", "--ledger", ledger, "--listen", f"{LOOPBACK}:{port}")
    with running(command, port, ledger.with_suffix(".log")) as process:
        yield process


@contextmanager
def running(
    command: Sequence[str | Path], port: int, log: Path, folder: Path | None = None
) -> Iterator["subprocess.Popen[bytes]"]:
    """Yield the process of a command once it is ready at a port; it is killed at the end."""
    with log.open("ab") as output, subprocess.Popen(command, stdout=output, stderr=output, cwd=folder) as process:
        try:
            ready = f"http://{LOOPBACK}:{port}/-/ready"
            over = wait_until(lambda: loopback.answers(ready) or process.poll() is not None, seconds=SECONDS)
            assert over, log.read_text()
            assert process.poll() is None, log.read_text()
            yield process
        finally:
            process.kill()
