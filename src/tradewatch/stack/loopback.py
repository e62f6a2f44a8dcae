"""Questions to the servers on this machine, past every proxy that the environment names."""

import http.client
import urllib.request

from tradewatch.errors import SourceError

TIMEOUT_SECONDS = 2.0

_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def fetch(url: str) -> bytes | None:
    """Return the body that ``url`` answers with status 200, None when it does not."""
    try:
        with _OPENER.open(url, timeout=TIMEOUT_SECONDS) as response:
            body: bytes = response.read()
    except (OSError, http.client.HTTPException):
        return None
    return body


def answers(url: str) -> bool:
    """Return whether ``url`` answers with status 200, after redirects."""
    return fetch(url) is not None


def send(request: urllib.request.Request) -> None:
    """Send ``request``; raises SourceError when it is not taken."""
    try:
        _OPENER.open(request, timeout=TIMEOUT_SECONDS).close()
    except (OSError, http.client.HTTPException) as error:
        message = f"{request.full_url} does not take what is sent to it ({error})"
        raise SourceError(message) from error
