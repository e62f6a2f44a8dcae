"""A viewer in a thread of a test's own process, and servers behind it that answer what the test says."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx

from tests.support.patience import SECONDS
from tradewatch.exporter import Address
from tradewatch.stack.waiting import wait_until
from tradewatch.viewer.application import Settings
from tradewatch.viewer.server import listening_at, server_of

Answer = Callable[[str], tuple[int, bytes]]
"""The status and body for a path with its query."""


@contextmanager
def answering(answer: Answer) -> Iterator[tuple[str, list[str]]]:
    """Yield the address of a server, and the paths it was asked for."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            status, body = answer(self.path)
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Set-Cookie", "secret=1")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Stay quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", asked
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def page(folder: Path) -> Path:
    """Return a folder that looks like a built page."""
    built = folder / "page"
    (built / "assets").mkdir(parents=True)
    (built / "index.html").write_text("<!doctype html><title>Tradewatch</title>")
    (built / "dashboard.html").write_text("<!doctype html><title>A dashboard of Tradewatch</title>")
    (built / "favicon.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    (built / "assets" / "a-1.js").write_text("1")
    (folder / "secret.txt").write_text("not to be served")
    return built


NOWHERE = "http://127.0.0.1:1"


@contextmanager
def viewing(folder: Path, **settings: Any) -> Iterator[httpx.Client]:
    """Yield a client of a viewer. Any: settings beside the page and a folder of dashboards."""
    dashboards = folder / "dashboards"
    dashboards.mkdir(exist_ok=True)
    with (
        shown_by(page(folder), dashboards, **settings) as address,
        httpx.Client(base_url=address, trust_env=False) as client,
    ):
        yield client


@contextmanager
def shown_by(front_end: Path, dashboards: Path, **settings: Any) -> Iterator[str]:
    """Yield the address of a viewer of a folder of dashboards. Any: settings beside these."""
    chosen = {"prometheus": NOWHERE, "alertmanager": NOWHERE, "ledgers": (), "dashboards": (dashboards,)} | settings
    server = server_of(Settings(front_end=front_end, **chosen))
    with listening_at(Address("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            assert wait_until(lambda: server.started, seconds=SECONDS)
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()
