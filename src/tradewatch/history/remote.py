"""Requests to the server that history is written into: one connection that is kept, tried again when it is busy."""

import http.client
import time
from base64 import b64encode
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import NamedTuple, Self
from urllib.parse import unquote, urlsplit, urlunsplit

import tradewatch
from tradewatch.errors import FAILED_FOR_NOW, ConfigurationError, TradewatchError

_TIMEOUT = 60.0
"""Seconds for an answer; a server that is writing its files may take some."""

_PAUSES = (0.0, 0.5, 1.0, 2.0, 4.0, 8.0, 15.0, 30.0, 30.0, 30.0)
"""Seconds between tries: at once, because a server may have closed a connection that was idle; then two minutes, in
which it may be started again."""

_LONGEST_PAUSE = 60.0
"""Seconds, whatever a server asks for."""

_HEADERS = {
    "Content-Type": "application/x-protobuf",
    "Content-Encoding": "snappy",
    "X-Prometheus-Remote-Write-Version": "0.1.0",
    "User-Agent": f"tradewatch/{tradewatch.__version__}",
}

_PORTS = {"http": 80, "https": 443}


class TargetError(TradewatchError):
    """The server that history is written into cannot be used now: go on later, what was written stays."""

    exit_status = FAILED_FOR_NOW


class RefusedError(TradewatchError):
    """The server refuses what is written, and will again: ``status`` and ``words`` are its answer."""

    def __init__(self, status: int, words: str) -> None:
        super().__init__(f"{status} {words}")
        self.status = status
        self.words = words


class Address(NamedTuple):
    """A URL taken to pieces; ``authorization``: the header's value, None without a user."""

    scheme: str
    host: str
    port: int
    path: str
    authorization: str | None

    @classmethod
    def parse(cls, url: str) -> Self:
        """Return the parts of a URL; raises `ConfigurationError` for one that nothing can be written to."""
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:
            parts, port = urlsplit(""), None
        if parts.scheme not in _PORTS or not parts.hostname or parts.fragment:
            message = f"--remote-write {url} is no address: give one such as http://127.0.0.1:9091/api/v1/write"
            raise ConfigurationError(message)
        path = urlunsplit(("", "", parts.path or "/", parts.query, ""))
        user = None if parts.username is None else f"{unquote(parts.username)}:{unquote(parts.password or '')}"
        authorization = None if user is None else f"Basic {b64encode(user.encode()).decode()}"
        return cls(parts.scheme, parts.hostname, port or _PORTS[parts.scheme], path, authorization)

    def __str__(self) -> str:
        """Return the URL, without what is secret in it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}:{self.port}{self.path}"

    @property
    def headers(self) -> Mapping[str, str]:
        """What every request to it says."""
        return {} if self.authorization is None else {"Authorization": self.authorization}

    def connection(self, timeout: float) -> http.client.HTTPConnection:
        """Return a connection that is made with the first request."""
        kind = http.client.HTTPSConnection if self.scheme == "https" else http.client.HTTPConnection
        return kind(self.host, self.port, timeout=timeout)


class _Busy(NamedTuple):
    """Why a request is tried again, and after how many seconds at least."""

    reason: str
    seconds: float = 0.0


class RemoteWrite:
    """Hands requests over, one after the other; while the server is at one, the next can be made.

    A server that is busy or away is asked again for two minutes. What it refuses raises `RefusedError`, what it does
    not take at all `TargetError`: of a request before that, when the next one is sent.
    """

    def __init__(self, address: Address, pause: Callable[[float], None] = time.sleep) -> None:
        self._address = address
        self._pause = pause
        self._connection = address.connection(_TIMEOUT)
        self._waiting: bytes | None = None
        self._problem: str | None = None  # why the request could not be sent

    def greet(self, request: bytes) -> None:
        """Send the first request; where nobody listens, raise `TargetError` at once: there is nothing to wait for."""
        self._begin(request)
        if self._problem is not None:
            message = f"no server answers at {self._address} ({self._problem}): start it, or check --remote-write"
            raise TargetError(message)
        self._waiting = request
        self.finish()

    def send(self, request: bytes) -> None:
        """Send a request, after the answer to the last one."""
        self.finish()
        self._waiting = request
        self._begin(request)

    def finish(self) -> None:
        """Wait for the answer to the last request."""
        if self._waiting is None:
            return
        request, self._waiting = self._waiting, None
        busy = self._answer()
        for seconds in _PAUSES:
            if busy is None:
                return
            self._connection.close()
            self._pause(min(max(seconds, busy.seconds), _LONGEST_PAUSE))
            self._begin(request)
            busy = self._answer()
        if busy is not None:
            message = (
                f"the server at {self._address} takes nothing more ({busy.reason}): see to it and run this again, "
                "it goes on where it was"
            )
            raise TargetError(message)

    def close(self) -> None:
        """Leave the server."""
        self._connection.close()

    def _begin(self, request: bytes) -> None:
        try:
            self._connection.request("POST", self._address.path, request, {**_HEADERS, **self._address.headers})
        except OSError as error:
            self._problem = error.strerror or str(error)
        else:
            self._problem = None

    def _answer(self) -> _Busy | None:
        """Return why the request has to be sent again, None when it was taken."""
        if self._problem is not None:
            return _Busy(self._problem)
        try:
            response = self._connection.getresponse()
            words = response.read().decode(errors="replace").strip()
        except (OSError, http.client.HTTPException) as error:
            return _Busy(str(error) or type(error).__name__)
        if response.status < HTTPStatus.MULTIPLE_CHOICES:
            return None
        if is_passing(response.status, words):
            return _Busy(f"{response.status} {words}", _seconds(response.getheader("Retry-After")))
        raise RefusedError(response.status, words or response.reason)


def is_passing(status: int, words: str) -> bool:
    """Whether an answer says that the same request may be taken later."""
    is_refused = "too old sample" in words or "out of bounds" in words  # Prometheus 2.42 says so with a status of 500
    return not is_refused and (status >= HTTPStatus.INTERNAL_SERVER_ERROR or status == HTTPStatus.TOO_MANY_REQUESTS)


def _seconds(header: str | None) -> float:
    return float(header) if header is not None and header.isdecimal() else 0.0
