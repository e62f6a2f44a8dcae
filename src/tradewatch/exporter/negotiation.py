"""What a client accepts: which of the two formats it is given, and whether gzipped.

Source: RFC 9110, sections 12.4.2 (weights), 12.5.1 (Accept) and 12.5.3 (Accept-Encoding).
"""

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from tradewatch.exporter.wire import Format


class Clause(NamedTuple):
    """A media range or a coding in lower case, its parameters without the weight, and the weight from 0 to 1."""

    name: str
    parameters: Mapping[str, str]
    weight: float


_VERSIONS: Mapping[Format, tuple[str, frozenset[str]]] = {
    Format.TEXT: ("text/plain", frozenset({"0.0.4"})),
    Format.OPENMETRICS: ("application/openmetrics-text", frozenset({"1.0.0", "0.0.1"})),
}
"""Each format's media type, and the versions of it that our page is understood as."""

_UNNAMED, _FAMILY, _NAMED, _VERSIONED = range(4)
"""How precisely a range names a format, from ``*/*`` to one with a version; the most precise one decides."""


def preferred_format(accept: str) -> Format:
    """Return the format of the greatest weight; text when nothing decides, or nothing we have is accepted.

    >>> preferred_format("application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5").name
    'OPENMETRICS'
    >>> preferred_format("*/*").name
    'TEXT'
    """
    clauses = parsed(accept)
    text, _ = _wish(clauses, Format.TEXT)
    openmetrics, precision = _wish(clauses, Format.OPENMETRICS)
    named = precision > _UNNAMED
    wins = openmetrics >= text if named else openmetrics > text
    return Format.OPENMETRICS if openmetrics > 0 and wins else Format.TEXT


def prefers_gzip(accept_encoding: str) -> bool:
    """Return whether gzip is accepted, and plain bytes are not wanted more.

    >>> [prefers_gzip(header) for header in ("br, gzip;q=0.8", "gzip;q=0", "")]
    [True, False, False]
    """
    weights = {clause.name: clause.weight for clause in parsed(accept_encoding)}
    gzip = weights.get("gzip", weights.get("x-gzip", weights.get("*", 0.0)))
    return gzip > 0 and gzip >= weights.get("identity", 0.0)


def parsed(header: str) -> Sequence[Clause]:
    """Return a header's clauses in its order; those without a name or with a weight that is no number are left out."""
    clauses = (_clause(text) for text in _COMMAS.findall(header))
    return [clause for clause in clauses if clause is not None]


def _wish(clauses: Sequence[Clause], wire_format: Format) -> tuple[float, int]:
    """Return a format's weight and how precisely it was named; the greatest weight of the most precise ranges."""
    wishes = [(_precision(clause, wire_format), clause.weight) for clause in clauses]
    precision, weight = max(((precision, weight) for precision, weight in wishes if precision is not None), default=_NO)
    return weight, precision


_NO = (_UNNAMED, 0.0)


def _precision(clause: Clause, wire_format: Format) -> int | None:
    """Return how precisely a clause names a format, None when it names another one."""
    media_type, versions = _VERSIONS[wire_format]
    version = clause.parameters.get("version")
    if clause.name == media_type and version is not None:
        return _VERSIONED if version in versions else None
    family = media_type.partition("/")[0]
    return {media_type: _NAMED, f"{family}/*": _FAMILY, "*/*": _UNNAMED, "*": _UNNAMED}.get(clause.name)


def _clause(text: str) -> Clause | None:
    name, *rest = (part.strip() for part in _SEMICOLONS.findall(f" {text}"))  # a name that is missing is empty
    pairs = (part.partition("=") for part in rest)
    parameters = {key.strip().lower(): value.strip().strip('"') for key, _, value in pairs}
    weight = parameters.pop("q", "1")
    if not name or _WEIGHT.fullmatch(weight) is None:
        return None
    return Clause(name.lower(), parameters, min(float(weight), 1.0))


_QUOTED = r'"(?:\\.|[^"\\])*"?'
_COMMAS = re.compile(rf'(?:[^,"]|{_QUOTED})+')
_SEMICOLONS = re.compile(rf'(?:[^;"]|{_QUOTED})+')
"""Split outside of quotation marks, where a separator is part of a value."""

_WEIGHT = re.compile(r"[0-9]+\.?[0-9]*|\.[0-9]+")
"""Wider than the source, which wants a digit before the point and three behind it at most: clients differ."""
