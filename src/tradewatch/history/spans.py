"""Which moments are written: from the ledger's beginning to where the server's own scrapes begin."""

from datetime import UTC, datetime
from math import ceil, floor

from tradewatch.errors import ConfigurationError
from tradewatch.history.days import Span
from tradewatch.history.order import Opened, Order
from tradewatch.history.server import Labels, Server

SETTLED = 5
"""Seconds that history stays away from a scrape and from now: a fact may be on its way to the ledger for so long."""


def beginning(order: Order, source: Opened) -> int:
    """Return the first moment: the step before the first fact, at which every counter is still 0, or ``--from``."""
    first = max((ceil(source.oldest / order.step) - 1) * order.step, 0)
    if order.begin is None:
        return first
    return max(first, ceil(order.begin.timestamp() / order.step) * order.step)


def span_of(order: Order, source: Opened, now: float, *, is_over: bool) -> Span:
    """Return what is asked for; raises `ConfigurationError` for a range without facts.

    Nothing is written of the time after the newest fact of a ledger all of whose runs have ended (``is_over``), unless
    ``--to`` says so.
    """
    newest = ceil(source.newest / order.step) * order.step if is_over else now
    end = newest if order.end is None else order.end.timestamp()
    span = Span(beginning(order, source), floor(min(end, now - SETTLED) / order.step) * order.step)
    if span.first > span.last or end < source.oldest:
        given = [
            f"{option} {moment:%Y-%m-%d %H:%M:%S}"
            for option, moment in (("--from", order.begin), ("--to", order.end))
            if moment is not None
        ]
        message = (
            f"{' '.join(given) or 'now'} is outside of the ledger {order.ledger}, whose facts of {source.name} reach "
            f"from {shown(source.oldest)} to {shown(source.newest)}: choose a time between them"
        )
        raise ConfigurationError(message)
    return span


def before_scrapes(order: Order, span: Span, server: Server, labels: Labels) -> Span | None:
    """Return the part of a span before the server's own scrapes of the ledger begin; None when nothing is before.

    Raises `ConfigurationError` when ``--to`` reaches into them.
    """
    scraped = server.first_scraped(labels, span.first - 1, span.last + SETTLED)
    if scraped is None:
        return span
    if order.end is not None and scraped <= order.end.timestamp():
        message = (
            f"--to {order.end:%Y-%m-%d %H:%M:%S} reaches into what the server has scraped of this ledger itself, since "
            f"{shown(scraped)}: end before it, or leave --to out"
        )
        raise ConfigurationError(message)
    last = floor((scraped - SETTLED) / order.step) * order.step
    return Span(span.first, last) if last >= span.first else None


def shown(seconds: float) -> str:
    """Return a moment (Unix) as a person reads it.

    >>> shown(0)
    '1970-01-01 00:00:00 UTC'
    """
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M:%S} UTC"
