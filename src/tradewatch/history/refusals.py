"""What a server's refusal means for a person: one sentence with the setting and the mend."""

from http import HTTPStatus

from tradewatch.errors import ConfigurationError
from tradewatch.history.remote import Address, RefusedError

_TOO_OLD = ("out of bounds", "too old sample", "out of order")
_MEANINGS = {
    HTTPStatus.NOT_FOUND: "takes no remote write there: start Prometheus with --web.enable-remote-write-receiver, or "
    "give --remote-write the address under which your server takes it",
    HTTPStatus.METHOD_NOT_ALLOWED: "takes no remote write there: give --remote-write the address under which it does, "
    "Prometheus' ends in /api/v1/write",
    HTTPStatus.UNAUTHORIZED: "asks who you are: give --remote-write as http://USER:PASSWORD@HOST:PORT/PATH",
    HTTPStatus.FORBIDDEN: "does not let you write: give --remote-write a user who may, http://USER:PASSWORD@HOST:PORT/PATH",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "takes only smaller requests: raise its limit to 16 MB",
}


def explained(address: Address, error: RefusedError) -> ConfigurationError:
    """Return what to raise when a server refuses."""
    meaning = _MEANINGS.get(HTTPStatus(error.status)) if error.status in set(HTTPStatus) else None
    if any(words in error.words for words in _TOO_OLD):
        meaning = (
            f"does not take samples of the past ({error.words}): set storage.tsdb.out_of_order_time_window in "
            "prometheus.yml to 10y, or what your server calls it, and reload it"
        )
    elif "duplicate sample" in error.words:
        meaning = f"has other numbers of the same moments ({error.words}): end before them with --to"
    words = meaning or f"refuses what is written ({error.status} {error.words}): check --remote-write"
    return ConfigurationError(f"the server at {address} {words}")
