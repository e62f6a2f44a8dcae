"""The page a person sees at the exporter's address: is it alive, what does it read, what are the main numbers."""

from datetime import UTC, datetime
from html import escape
from math import isfinite

from tradewatch.book import Moment, read
from tradewatch.catalog import Metric, Unit
from tradewatch.exporter.service import Service

_STYLE = """
:root { color-scheme: light dark; --line: #8884; --good: #1a7f37; --bad: #cf222e }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 46rem; margin: 3rem auto; padding: 0 1rem }
h1 { font-size: 1.4rem; margin-bottom: .25rem }
table { border-collapse: collapse; width: 100%; margin: 1.5rem 0 }
th, td { text-align: left; padding: .35rem .5rem; border-bottom: 1px solid var(--line); font-weight: normal }
td.value { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap }
.definition { color: #8a8a8a; font-size: .85rem }
.up { color: var(--good) } .down { color: var(--bad) }
nav a { margin-right: 1.25rem }
"""


def landing_page(service: Service) -> str:
    """Return the page as HTML; everything that comes from a ledger is escaped."""
    moment = service.refresh()
    rows = "".join(_row(metric, moment) for metric in service.published if not metric.labels)
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Tradewatch exporter</title><style>{_STYLE}</style></head><body>
<h1>Tradewatch exporter</h1>
{_state(service, moment)}
<table>{rows}</table>
<nav><a href="/metrics">metrics</a><a href="/-/ready">readiness</a><a href="/-/healthy">health</a></nav>
</body></html>
"""


def _state(service: Service, moment: Moment) -> str:
    source = escape(service.source)
    if service.problem is not None:
        known = "<p>Below is what was known before; readings of now are left out.</p>" if service.ready else ""
        return f'<p class="down">{escape(service.problem)}</p>{known}'
    mode = f" · {moment.book.activity.mode.value}" if moment.book.activity.mode else ""
    last = f" · newest fact {_time(moment.book.time)}" if moment.book.time else " · no facts yet"
    return f'<p><span class="up">reading</span> {source}{escape(mode)}{last}</p>'


def _row(metric: Metric, moment: Moment) -> str:
    found = next(read(moment, metric.concept, ()), None)
    value = _UNDEFINED if found is None or not isfinite(found.value) else _text(metric, found.value)
    currency = moment.account.currency if metric.unit is Unit.MONEY and found else None
    definition = metric.concept.definition if found else f"undefined {metric.concept.undefined}"
    return (
        f"<tr><th>{escape(metric.concept.name)}<div class=definition>{escape(definition)}</div></th>"
        f'<td class="value">{escape(value)}{f" {escape(currency)}" if currency else ""}</td></tr>'
    )


_UNDEFINED = "–"


def _text(metric: Metric, value: float) -> str:
    if metric.unit is Unit.PERCENT:
        return f"{value:.2%}"
    if metric.unit is Unit.SECONDS:
        return _time(datetime.fromtimestamp(value, UTC))
    if metric.unit in {Unit.COUNT, Unit.STATE}:
        return f"{value:,.0f}"
    return f"{value:,.2f}" if abs(value) >= 1 or value == 0 else f"{value:.6g}"


def _time(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S} UTC"
