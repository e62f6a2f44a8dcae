"""The read-only part of Prometheus and Alertmanager that a browser may ask for, and what it is told when they fail."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import httpx
import msgspec
from starlette.requests import Request
from starlette.responses import Response

from tradewatch.errors import ConfigurationError

_LARGEST_ANSWER: Final = 32 * 1024 * 1024
_SECONDS: Final = 25.0
_CONNECT_SECONDS: Final = 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Permitted:
    """Paths below ``prefix`` that may be read, and the parameters that go with them."""

    prefix: str
    paths: Mapping[str, frozenset[str]]
    patterns: Mapping[re.Pattern[str], frozenset[str]]

    def parameters(self, path: str) -> frozenset[str] | None:
        """Return the parameters that a path may have, None for a path that may not be read."""
        if path in self.paths:
            return self.paths[path]
        return next((names for pattern, names in self.patterns.items() if pattern.fullmatch(path)), None)


_SPAN = frozenset({"start", "end", "match[]", "limit"})

PROMETHEUS: Final = Permitted(
    prefix="/api/v1/",
    paths={
        "query": frozenset({"query", "time", "timeout"}),
        "query_range": frozenset({"query", "start", "end", "step", "timeout"}),
        "series": _SPAN,
        "labels": _SPAN,
        "rules": frozenset({"type"}),
        "alerts": frozenset(),
        "targets": frozenset({"state"}),
        "status/buildinfo": frozenset(),
    },
    patterns={re.compile(r"label/[a-zA-Z_][a-zA-Z0-9_]*/values"): _SPAN},
)

ALERTMANAGER: Final = Permitted(
    prefix="/api/v2/",
    paths={
        "alerts": frozenset({"active", "silenced", "inhibited", "unprocessed", "filter", "receiver"}),
        "silences": frozenset({"filter"}),
        "status": frozenset(),
    },
    patterns={},
)


def address_of(text: str, option: str) -> str:
    """Return a server's address without a slash at its end; raises `ConfigurationError` for what is none."""
    try:
        url = httpx.URL(text)
    except httpx.InvalidURL as error:
        message = f"{option} {text} is no address ({error}): give http://HOST:PORT"
        raise ConfigurationError(message) from error
    if url.scheme not in {"http", "https"} or not url.host or url.query or url.fragment:
        message = f"{option} {text} is no address of a server: give http://HOST:PORT"
        raise ConfigurationError(message)
    return text.rstrip("/")


class Upstream:
    """A server whose read-only part is passed on; what it answers is JSON or trouble."""

    def __init__(self, name: str, address: str, permitted: Permitted, client: httpx.AsyncClient) -> None:
        self._name = name
        self._address = address
        self._permitted = permitted
        self._client = client

    async def answer(self, request: Request) -> Response:
        """Pass a request on; a path or parameter that is not permitted is refused before anything is asked."""
        path = request.path_params["path"]
        names = self._permitted.parameters(path)
        if names is None:
            return problem(403, f"{path} of {self._name} is not passed on")
        parameters = request.query_params.multi_items()
        unknown = sorted({name for name, _ in parameters} - names)
        if unknown:
            return problem(400, f"{path} of {self._name} has no parameter {unknown[0]}")
        return await self._asked(path, parameters)

    async def _asked(self, path: str, parameters: Sequence[tuple[str, str]]) -> Response:
        request = self._client.build_request(
            "GET",
            f"{self._address}{self._permitted.prefix}{path}",
            params=list(parameters),
            headers={"accept": "application/json"},
        )
        try:
            answer = await self._client.send(request, stream=True)
            try:
                return await self._read(answer)
            finally:
                await answer.aclose()
        except httpx.TimeoutException:
            return problem(504, f"it does not answer within {_SECONDS:.0f} s")
        except httpx.ConnectError:
            return problem(502, f"nothing answers at {self._address}")
        except httpx.HTTPError as error:
            return problem(502, f"the connection to {self._address} broke ({type(error).__name__})")

    async def _read(self, answer: httpx.Response) -> Response:
        body = bytearray()
        async for part in answer.aiter_bytes():
            body += part
            if len(body) > _LARGEST_ANSWER:
                return problem(502, f"its answer is larger than {_LARGEST_ANSWER >> 20} MB: ask for less")
        content = bytes(body)
        if not _is_json(content):
            return problem(502, f"it answered {answer.status_code} with something that is no JSON")
        return Response(
            content, answer.status_code, media_type="application/json", headers={"cache-control": "no-store"}
        )


def _is_json(content: bytes) -> bool:
    try:
        msgspec.json.decode(content, type=msgspec.Raw)
    except msgspec.DecodeError:
        return False
    return content.lstrip()[:1] in {b"{", b"["}


def problem(status: int, sentence: str) -> Response:
    """Return an answer that says in one sentence what is wrong."""
    body = msgspec.json.encode({"problem": sentence})
    return Response(body, status, media_type="application/json", headers={"cache-control": "no-store"})


def client() -> httpx.AsyncClient:
    """Return what the servers are asked with: never by way of a proxy of the environment, and without redirects."""
    return httpx.AsyncClient(
        timeout=httpx.Timeout(_SECONDS, connect=_CONNECT_SECONDS),
        limits=httpx.Limits(max_connections=32, max_keepalive_connections=16),
        follow_redirects=False,
        trust_env=False,
    )
