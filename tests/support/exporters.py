"""Exporters for tests: one inside this process, on a free port of loopback."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from tradewatch.exporter import Address, Limits, MetricsServer, Service
from tradewatch.stack.ports import LOOPBACK


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
