"""The journal's HTTP: Alertmanager posts to /, a person reads there, and /-/healthy says that it works."""

import threading
from collections.abc import Sequence
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Protocol, cast

from tradewatch.errors import ConfigurationError, SourceError
from tradewatch.stack.journal.journal import Journal
from tradewatch.stack.journal.notifications import notification

LARGEST = 16 * 1024 * 1024
"""Bytes of a notification; one of ten thousand alerts has a third of it."""

_CLIENT_SECONDS = 10.0
_LOOK_SECONDS = 1.0
_HEALTH = "/-/healthy"


class Watch(Protocol):
    """Something to look at again and again."""

    def look(self) -> None:
        """Look, and write into the journal what there is to say; raises OSError when that cannot be done."""


class JournalServer(ThreadingHTTPServer):
    """Serves a journal at ``host`` and ``port`` and keeps ``watches``; raises ConfigurationError for a taken port."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, host: str, port: int, journal: Journal, watches: Sequence[Watch]) -> None:
        self.journal = journal
        self._watches = watches
        self._looked = threading.Event()
        try:
            super().__init__((host, port), _Handler)
        except OSError as error:
            message = f"--listen {host}:{port} cannot be had ({error.strerror}): stop what listens there"
            raise ConfigurationError(message) from error

    def keep_watch(self) -> None:
        """Look until the server is closed; a disk that is full now is tried again."""
        while not self._looked.wait(_LOOK_SECONDS):
            for watch in self._watches:
                self._look(watch)

    def _look(self, watch: Watch) -> None:
        try:
            watch.look()
        except OSError as error:
            self.log(f"the journal cannot be written ({error.strerror}); trying again")

    def server_close(self) -> None:
        """Stop looking, and close."""
        self._looked.set()
        super().server_close()

    def log(self, words: str) -> None:
        """Say something on standard output."""
        print(words, flush=True)  # noqa: T201  the process's log


class _Handler(BaseHTTPRequestHandler):
    timeout = _CLIENT_SECONDS

    @property
    def _owner(self) -> JournalServer:
        return cast("JournalServer", self.server)

    def do_GET(self) -> None:
        if self.path == _HEALTH:
            self._answer(HTTPStatus.OK, "healthy\n")
        elif self.path == "/":
            self._answer(HTTPStatus.OK, self._owner.journal.last_lines() or "nothing was told yet\n")
        else:
            self._answer(HTTPStatus.NOT_FOUND, f"there is only / and {_HEALTH}\n")

    def do_POST(self) -> None:
        """Write a notification down. A failure is told as such, and Alertmanager comes again."""
        size = self.headers.get("Content-Length", "")
        if not size.isdecimal() or int(size) > LARGEST:
            self._answer(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"say a Content-Length of at most {LARGEST}\n")
            return
        try:
            self._owner.journal.tell(notification(self.rfile.read(int(size))))
        except SourceError as error:
            self._answer(HTTPStatus.BAD_REQUEST, f"{error}\n")
        except OSError as error:
            self._owner.log(f"the journal cannot be written ({error.strerror})")
            self._answer(HTTPStatus.INTERNAL_SERVER_ERROR, "the journal cannot be written\n")
        else:
            self._answer(HTTPStatus.OK, "written\n")

    def _answer(self, status: HTTPStatus, text: str) -> None:
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the name is the standard library's
        """Say nothing of each request."""
