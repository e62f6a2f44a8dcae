"""What every answer says to a browser, and which requests get one at all."""

import ipaddress
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; font-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""Nothing but what this server sends itself is run, drawn or asked; no script or style within the page."""

HEADERS: Final = (
    (b"content-security-policy", _POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
)

_LONGEST_TARGET = 32_768
"""Bytes of a path with its query; PromQL for a panel needs a hundredth of it."""


class Guard:
    """Refuses what no reader of dashboards asks for, and adds the headers to every answer.

    ``host``: where the server listens. A name that somebody points at this machine (DNS rebinding) is no host of ours.
    """

    def __init__(self, app: ASGIApp, host: str) -> None:
        self._app = app
        self._host = host

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer it with why not."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *HEADERS]
            await send(message)

        refusal = self._refusal(scope)
        if refusal is None:
            await self._app(scope, receive, guarded)
        else:
            await _refuse(guarded, *refusal)

    def _refusal(self, scope: Scope) -> tuple[int, str] | None:
        if scope["method"] not in {"GET", "HEAD"}:
            return 405, "the viewer only reads: ask with GET"
        if len(scope["raw_path"]) + len(scope["query_string"]) > _LONGEST_TARGET:
            return 414, f"the address is longer than {_LONGEST_TARGET} bytes"
        hosts = [value.decode("latin-1") for name, value in scope["headers"] if name == b"host"]
        if len(hosts) != 1 or not is_known_host(hosts[0], self._host):
            return 421, "this is no address of the viewer: open it by its IP address or as localhost"
        return None


def is_known_host(given: str, listening: str) -> bool:
    """Whether a Host header names this server by an IP address, localhost or what it listens on.

    >>> [is_known_host(each, "127.0.0.1") for each in ("127.0.0.1:3000", "localhost", "[::1]:3000", "evil.example")]
    [True, True, True, False]
    """
    name = given.rpartition(":")[0] if given.rpartition(":")[2].isdecimal() and not given.endswith("]") else given
    bare = name.removeprefix("[").removesuffix("]").casefold()
    if bare in {"localhost", listening.casefold()}:
        return True
    try:
        ipaddress.ip_address(bare)
    except ValueError:
        return False
    return True


async def _refuse(send: Send, status: int, sentence: str) -> None:
    body = sentence.encode()
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
