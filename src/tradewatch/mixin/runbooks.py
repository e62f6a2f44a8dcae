"""A page for each alert, for a person who was just woken; and one that lists them all."""

import re
from collections.abc import Iterable, Iterator, Sequence

from tradewatch.catalog.rule import Alert, RuleFile, Views

_TEMPLATE = re.compile(r"\{\{.*?\}\}")
_TABLE = """
| alert | severity | fires when | for | silent while | runbook |
|---|---|---|---|---|---|
"""
_HEAD = """\
# Alerts

Made from the catalogue by `make fix`; do not edit. Every alert is tried in the tests by Prometheus' own tool: with
values at which it fires, with values just inside its limit, and without its series.

A *critical* alert wants a person now, a *warning* today, *info* at leisure. A critical alert silences the warnings of
its own `family`. *Silent while* says why a healthy system may not have what the alert asks for; it stays silent then,
and the alerts about the monitoring itself watch that the series do not vanish. Rules of your own go to
`monitoring/prometheus/rules/custom/*.yml`.
"""


def runbook_page(alert: Alert) -> str:
    """Return the page of an alert in Markdown."""
    return "\n".join(_page(alert)) + "\n"


def alerts_page(views: Iterable[Views]) -> str:
    """Return the reference of all alerts in Markdown."""
    return _HEAD + "".join(_file(file) for each in views for file in each.rules)


def _page(alert: Alert) -> Iterator[str]:
    runbook = alert.runbook
    yield f"# {alert.name}"
    summary = _TEMPLATE.sub("…", alert.summary)
    yield f"\n*{alert.urgency.value}* · {summary}\n"
    yield from ("## What it means", "", runbook.meaning, "", "It fires when this is true", "")
    yield from ("```promql", alert.query.text, "```", "")
    yield _timing(alert)
    yield from ("", "## What it costs", "", runbook.impact, "", "## What to look at", "")
    yield from (f"{number}. {step}" for number, step in enumerate(runbook.diagnosis, start=1))
    yield from ("", "Ask Prometheus (<http://localhost:9091>):", "") if runbook.questions else ()
    yield from (f"- `{question}`: {answer}" for question, answer in runbook.questions.items())
    yield from ("", "## What to do", "")
    yield from (f"{number}. {step}" for number, step in enumerate(runbook.mend, start=1))


def _timing(alert: Alert) -> str:
    held = f"for {alert.hold}" if alert.hold else "at once"
    kept = f", and goes on for {alert.keep} after it has ended" if alert.keep else ""
    absent = f" It stays silent while {alert.absent}." if alert.absent else ""
    return f"It has to hold {held}{kept}.{absent}"


def _file(file: RuleFile) -> str:
    return f"\n## `{file.path}`\n" + _TABLE + "".join(_rows(file.alerts)) + _recordings(file)


def _rows(alerts: Sequence[Alert]) -> Iterator[str]:
    for alert in alerts:
        query = alert.query.text.replace("|", "\\|")
        cells = (
            f"`{alert.name}`",
            alert.urgency.value,
            f"`{query}`",
            alert.hold or "at once",
            alert.absent or "–",
            f"[what to do](runbooks/{alert.name}.md)",
        )
        yield "| " + " | ".join(cells) + " |\n"


def _recordings(file: RuleFile) -> str:
    if not file.recordings:
        return ""
    rows = (f"| `{each.name}` | `{each.query.text}` |\n" for each in file.recordings)
    return "\nRecorded:\n\n| name | query |\n|---|---|\n" + "".join(rows)
