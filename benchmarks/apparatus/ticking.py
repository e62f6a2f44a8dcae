"""How late the 5 ms ticks of a trading loop are whose process also serves metrics.

``python -m benchmarks.apparatus.ticking {alone,tradewatch,client} SECONDS LEDGER`` prints as JSON the 99th percentile
of lateness in seconds, and how many samples the served page had.
"""

import json
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import NamedTuple

from prometheus_client import CollectorRegistry, Gauge, start_http_server

from benchmarks.apparatus.timing import share
from tradewatch.exporter import Address, AsOf, MetricsServer, Service

TICK_SECONDS = 0.005
SERIES = 10_000
_HOST = "127.0.0.1"
_SCRAPER = """
import sys, time, urllib.request
request = urllib.request.Request(sys.argv[1], headers={"Accept-Encoding": "gzip"})
while True:
    urllib.request.urlopen(request).read()
    time.sleep(1)
"""

Server = Callable[[Path], AbstractContextManager[str | None]]


class Ticked(NamedTuple):
    """The 99th percentile of lateness, and the samples of the page that was served meanwhile."""

    lateness: float
    samples: int


@contextmanager
def _tradewatch(ledger: Path) -> Iterator[str]:
    service = Service(ledger, as_of=AsOf.LAST)
    while not service.refresh():
        pass
    with MetricsServer(Address(_HOST, 0), service) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield f"{server.url}metrics"
        server.shutdown()
        thread.join()
    service.close()


@contextmanager
def _client_library(_ledger: Path) -> Iterator[str]:
    registry = CollectorRegistry()
    gauge = Gauge("bot_thing", "A thing", ["asset", "side"], registry=registry)
    for number in range(SERIES):
        gauge.labels(f"ASSET-{number}", "BUY").set(number / 7)
    server, thread = start_http_server(0, _HOST, registry)
    yield f"http://{_HOST}:{server.server_port}/metrics"
    server.shutdown()
    thread.join()
    server.server_close()


SERVERS: Mapping[str, Server] = {
    "alone": lambda _: nullcontext(),
    "tradewatch": _tradewatch,
    "client": _client_library,
}


def ticked(server: str, seconds: float, ledger: Path) -> Ticked:
    """Return how a loop ticks beside a server, in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.apparatus.ticking", server, str(seconds), str(ledger)]
    answer = subprocess.run(command, check=True, capture_output=True, text=True).stdout  # noqa: S603 - ourselves
    return Ticked(*json.loads(answer))


def tick(server: Server, seconds: float, ledger: Path) -> Ticked:
    """Tick in this process beside a server that a child process scrapes once a second."""
    with server(ledger) as url:
        if url is None:
            return Ticked(share(_lateness(seconds), 0.99), 0)
        samples = _samples(url)  # a first page, so that what is only once is done before
        with _scraped(url):
            return Ticked(share(_lateness(seconds), 0.99), samples)


@contextmanager
def _scraped(url: str) -> Iterator[None]:
    scraper = subprocess.Popen([sys.executable, "-c", _SCRAPER, url])  # noqa: S603 - ourselves
    yield
    scraper.kill()
    scraper.wait()


def _samples(url: str) -> int:
    with urllib.request.urlopen(url) as answer:  # noqa: S310 - our own server
        return sum(not line.startswith(b"#") for line in answer)


def _lateness(seconds: float) -> list[float]:
    late, due = [], time.perf_counter()
    for _ in range(int(seconds / TICK_SECONDS)):
        due += TICK_SECONDS
        time.sleep(max(0.0, due - time.perf_counter()))
        late.append(time.perf_counter() - due)
    return late


def main() -> None:
    """Tick, and print how it went."""
    server, seconds, ledger = sys.argv[1:]
    print(json.dumps(tick(SERVERS[server], float(seconds), Path(ledger))))


if __name__ == "__main__":
    main()
