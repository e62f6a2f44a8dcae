"""``ccxt``, an optional dependency: how it is found, and what its errors mean. The only place that imports it."""

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any, NamedTuple

from tradewatch.errors import ConfigurationError

# Any: ccxt has no types that mypy could read.
Package = Any
Exchange = Any

_FAMOUS = ("binance", "coinbase", "kraken", "okx")

_CODES: Mapping[str, tuple[str, str]] = {
    "RequestTimeout": ("timeout", "did not answer in time"),
    "RateLimitExceeded": ("rate_limit", "was asked too often"),
    "DDoSProtection": ("rate_limit", "was asked too often"),
    "OnMaintenance": ("maintenance", "is being maintained"),
    "ExchangeNotAvailable": ("not_available", "is not available"),
    "NetworkError": ("not_available", "is not available"),
    "ClientError": ("not_available", "broke off"),
    "BadSymbol": ("unknown_symbol", "does not know the symbol"),
    "AuthenticationError": ("not_allowed", "does not allow it"),
    "RestrictedLocation": ("not_allowed", "does not allow it from here"),
    "NotSupported": ("not_supported", "does not offer it"),
    "BadResponse": ("bad_answer", "gave an answer that makes no sense"),
}
"""Name of an error's class, the nearest of its ancestors first, to our code and what the exchange did."""

_ITS_OWN = ("exchange_error", "refused")

_OF_THE_NETWORK = frozenset({"NetworkError", "ClientError"})
"""ccxt's, and that of the library which it asks with, for an answer that broke off."""

_SHOWN = 120
"""Characters of what an exchange says; some say it with a whole page."""


class BadAnswer(Exception):  # noqa: N818 - what happened
    """An answer that is no JSON, or not of the shape it should be."""


class Failure(NamedTuple):
    """Why a question has no answer. ``is_network``: the exchange may be out of reach for every other one too."""

    code: str
    sentence: str
    is_network: bool


def package_for(feed: str) -> Package:
    """Return ccxt; raises `ConfigurationError` naming ``feed``, which asks for it, where it is not installed."""
    try:
        import ccxt.async_support as ccxt  # type: ignore[import-untyped] # noqa: PLC0415 - optional, and takes seconds
    except ImportError as error:
        message = f"{feed} needs ccxt, which is not installed: run pip install 'tradewatch[ccxt]'"
        raise ConfigurationError(message) from error
    return ccxt


def kind_of_exchange(package: Package, name: str) -> Package:
    """Return ccxt's class of an exchange; raises `ConfigurationError` for one that it does not have."""
    if name not in package.exchanges:
        near = get_close_matches(name, package.exchanges) or [each for each in _FAMOUS if each in package.exchanges]
        message = f"there is no exchange {name}: there are {', '.join(near)} and {len(package.exchanges)} in all"
        raise ConfigurationError(message)
    return getattr(package, name)


def failure_of(name: str, error: BaseException) -> Failure:
    """Return what an error is to us. What is not one of ccxt's own came out of its reading of an odd answer."""
    kinds = [kind.__name__ for kind in (*type(error).__mro__, *type(error.__cause__).__mro__)]
    other = _ITS_OWN if "BaseError" in kinds else _CODES["BadResponse"]
    code, did = next((_CODES[kind] for kind in kinds if kind in _CODES), other)
    said = " ".join(str(error).split())[:_SHOWN]
    return Failure(code, f"{name} {did}{f'; ccxt says {said!r}' if said else ''}", bool(_OF_THE_NETWORK & {*kinds}))
