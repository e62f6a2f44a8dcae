"""The page a person sees at the exporter's address: is it alive, what does it read, what are the main numbers."""

from datetime import UTC, datetime, timedelta
from html import escape
from math import isfinite

from tradewatch.catalog import Metric, Unit
from tradewatch.exporter.service import Overview, Service

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
    overview = service.overview()
    rows = "".join(_row(metric, value, overview.currency) for metric, value in overview.numbers)
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Tradewatch exporter</title><style>{_STYLE}</style></head><body>
<h1>Tradewatch exporter</h1>
{_state(overview)}
<table>{rows}</table>
<nav><a href="/metrics">metrics</a><a href="/-/ready">readiness</a><a href="/-/healthy">health</a></nav>
</body></html>
"""


def _state(overview: Overview) -> str:
    if overview.problem is not None:
        known = "<p>Below is what was known before; readings of now are left out.</p>" if overview.numbers else ""
        return f'<p class="down">{escape(overview.problem)}</p>{known}'
    mode = f" · {overview.mode}" if overview.mode else ""
    newest = f" · newest fact {_time(overview.newest)}" if overview.newest else " · no facts yet"
    return f'<p><span class="up">reading</span> {escape(overview.source)}{escape(mode)}{newest}</p>'


def _row(metric: Metric, value: float | None, currency: str | None) -> str:
    concept = metric.concept
    known = value is not None and isfinite(value)
    definition = concept.definition if known else f"undefined {concept.undefined}"
    text = _text(metric, value, currency) if value is not None and known else _UNDEFINED
    return (
        f"<tr><th>{escape(concept.name)}<div class=definition>{escape(definition)}</div></th>"
        f'<td class="value">{escape(text)}</td></tr>'
    )


_UNDEFINED = "–"


def _text(metric: Metric, value: float, currency: str | None) -> str:
    if metric.unit is Unit.PERCENT:
        return f"{value:.2%}"
    if metric.unit is Unit.SECONDS:
        return _time(datetime.fromtimestamp(value, UTC)) if "timestamp" in metric.name else _duration(value)
    if metric.unit in {Unit.COUNT, Unit.STATE}:
        return f"{value:,.0f}"
    digits = f"{value:,.2f}" if abs(value) >= 1 or value == 0 else f"{value:.6g}"
    return f"{digits} {currency}" if metric.unit is Unit.MONEY and currency else digits


def _duration(seconds: float) -> str:
    return str(timedelta(seconds=round(seconds)))


def _time(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S} UTC"
