"""A server that speaks Prometheus' HTTP API, asked over one address."""

import base64
import http.client
import ipaddress
import json
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

from tradewatch.errors import ConfigurationError

TIMEOUT_SECONDS = 30.0
_UNAUTHORISED = (401, 403)
_REFUSED = (400, 422)


class QueryRefusedError(Exception):
    """The server understood the question and could not answer it; the text is its own."""


class Server:
    """A server at an address, which may have a user and a password: ``http://USER:PASSWORD@HOST:PORT``.

    Each question raises `ConfigurationError`, one sentence, where no server answers, where it wants a password, and
    where it is no Prometheus; `QueryRefusedError` where it refuses the question itself.
    """

    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            message = f"--prometheus {address} is not an address: set one such as http://localhost:9091"
            raise ConfigurationError(message)
        self.address = urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path.rstrip("/"), "", ""))
        self._headers = _credentials(parts.username, parts.password)
        proxies: dict[str, str] | None = {} if _is_local(parts.hostname) else None
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler(proxies))

    def count(self, expression: str) -> int:
        """Return how many series an expression has now."""
        return len(self._ask("query", query=expression, _part="result"))

    def count_within(self, expression: str, seconds: float, now: float) -> int:
        """Return how many series an expression had at some moment of the last ``seconds``."""
        step = max(seconds / 200, 15.0)
        span = {"start": f"{now - seconds}", "end": f"{now}", "step": f"{step}"}
        found = self._ask("query_range", query=expression, _part="result", **span)
        return len(found)

    def label_values(self, label: str, selector: str | None = None) -> Sequence[str]:
        """Return the values that a label has, among the series of a selector."""
        values = self._ask(f"label/{label}/values", **({"match[]": selector} if selector else {}))
        return [str(value) for value in values]

    def _ask(self, what: str, _part: str | None = None, **question: str) -> Sequence[Any]:  # Any: JSON
        """Return the list that an answer holds, as a whole or as a part of it."""
        body = self._fetch(f"{self.address}/api/v1/{what}?{urlencode(question)}")
        try:
            data = json.loads(body)["data"]
            return list(data if _part is None else data[_part])
        except (ValueError, KeyError, TypeError) as error:
            message = f"{self.address} answers, but is no Prometheus: set its address with --prometheus"
            raise ConfigurationError(message) from error

    def _fetch(self, url: str) -> bytes:
        request = urllib.request.Request(url, headers=dict(self._headers))  # noqa: S310 - http or https, see above
        try:
            with self._opener.open(request, timeout=TIMEOUT_SECONDS) as response:
                body: bytes = response.read()
        except urllib.error.HTTPError as error:
            with error:
                raise self._refusal(error) from error
        except (OSError, http.client.HTTPException) as error:
            reason = getattr(error, "reason", error)
            message = f"no server answers at {self.address} ({reason}): start it with `make up`, or set --prometheus"
            raise ConfigurationError(message) from error
        return body

    def _refusal(self, error: urllib.error.HTTPError) -> Exception:
        if error.code in _UNAUTHORISED:
            given = "refuses this user and password" if self._headers else "asks for a user and a password"
            return ConfigurationError(
                f"{self.address} {given}: put them into the address, --prometheus http://USER:PASSWORD@HOST:PORT"
            )
        reason = _reason(error.read())
        if error.code in _REFUSED and reason is not None:
            return QueryRefusedError(reason)
        return ConfigurationError(
            f"{self.address} answers with status {error.code}, and is no Prometheus: set its address with --prometheus"
        )


def _reason(body: bytes) -> str | None:
    try:
        return str(json.loads(body)["error"])
    except (ValueError, KeyError, TypeError):
        return None


def _credentials(user: str | None, password: str | None) -> Mapping[str, str]:
    if user is None:
        return {}
    token = base64.b64encode(f"{user}:{password or ''}".encode()).decode()
    return {"Authorization": f"Basic {token}"}


def _is_local(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
