"""Metrics from the process of a run itself."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tradewatch.exporter import Address, AsOf, MetricsServer, Service


@contextmanager
def serving(address: Address | None, ledger: Path, system: str, *, is_fast: bool) -> Iterator[str | None]:
    """Serve the ledger that a run writes while it runs, and yield the landing page's address; None serves nothing.

    The pages of a run that is faster than the clock are those of its newest fact. Raises `ConfigurationError` when the
    address cannot be had.
    """
    if address is None:
        yield None
        return
    service = Service(ledger, system=system, as_of=AsOf.LAST if is_fast else AsOf.AUTO)
    with MetricsServer(address, service) as server:
        service.start()
        thread = threading.Thread(target=server.serve_forever, name="metrics", daemon=True)
        thread.start()
        try:
            yield server.url
        finally:
            server.shutdown()
            service.close()
