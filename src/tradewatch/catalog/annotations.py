"""The moments that dashboards of several systems mark alike."""

from tradewatch.catalog.colours import WARNING
from tradewatch.catalog.query import Query, changes
from tradewatch.catalog.view import JUST_STARTED, Annotation

_SEEN_WITHIN = "2m"


def changed(name: str, query: Query, colour: str, text: str, *, is_on: bool = True) -> Annotation:
    """Return the marks of when a value changed."""
    return Annotation(name=name, query=changes(query, _SEEN_WITHIN) > 0, colour=colour, text=text, is_on=is_on)


def restarts(uptime: Query, text: str = "a run began on {{instance}}") -> Annotation:
    """Return the marks of when something began; ``uptime``: seconds since then."""
    return Annotation(name="Restarts", query=uptime < JUST_STARTED, colour=WARNING, text=text)
