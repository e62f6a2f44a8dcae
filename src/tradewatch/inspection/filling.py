"""A dashboard's query as the server is asked it: macros and variables filled in as Grafana does."""

import re
from collections.abc import Mapping, Sequence

from tradewatch.catalog.query import RATE_INTERVAL, SHOWN_RANGE
from tradewatch.catalog.view import Variable

RATE_WINDOW = "4m"
"""What `$__rate_interval` is with a data source whose steps are a minute."""

_SPECIAL = re.compile(r"[\\^$*+?.()|\[\]{}]")
_VARIABLE = re.compile(r"\$(\w+)")


def filled(expression: str, span: str, choice: Mapping[str, str]) -> str:
    r"""Return a query with a regular expression for each variable.

    >>> filled('increase(x{symbol=~"$symbol"}[$__range])', "24h", {"symbol": exactly("EURUSD+")})
    'increase(x{symbol=~"EURUSD\\\\+"}[24h])'
    """
    timed = expression.replace(RATE_INTERVAL, RATE_WINDOW).replace(SHOWN_RANGE, span)
    return _VARIABLE.sub(lambda found: choice[found[1]], timed)


def exactly(value: str) -> str:
    """Return what matches one value, inside a string of PromQL."""
    return _SPECIAL.sub(lambda found: "\\" + found[0], value).replace("\\", "\\\\").replace('"', '\\"')


def everything(variable: Variable, values: Sequence[str]) -> str:
    """Return what "All" matches."""
    return ".*" if variable.takes_all else "(" + "|".join(map(exactly, values)) + ")"


def asked_for(expression: str) -> frozenset[str]:
    """Return the names of the variables in a query."""
    return frozenset(name for name in _VARIABLE.findall(expression) if not name.startswith("__"))


def seconds(span: str) -> float:
    """Return the length of a span in Prometheus' notation.

    >>> seconds("7d")
    604800.0
    """
    units = {"s": 1, "m": 60, "h": 3_600, "d": 86_400, "w": 604_800}
    return float(span[:-1]) * units[span[-1]]
