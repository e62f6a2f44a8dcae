"""Files of rules, valid for Prometheus 2.42 and 3."""

from collections.abc import Iterator, Mapping

from tradewatch.catalog.rule import Alert, Recording, RuleFile
from tradewatch.mixin.site import Site
from tradewatch.mixin.yaml import Value, yaml

_HEAD = """\
# Made by `tradewatch gen` from the catalogue. An edit here is what runs, after
#   curl -X POST http://localhost:9091/-/reload
# and `tradewatch gen` leaves an edited file alone unless it is called with --force.
# Rules of your own are safer in rules/custom/*.yml.
"""


def rules_yaml(file: RuleFile, site: Site) -> str:
    """Return a file's text."""
    return _HEAD + yaml({"groups": list(_groups(file, site))})


def _groups(file: RuleFile, site: Site) -> Iterator[Mapping[str, Value]]:
    if file.recordings:
        yield {"name": f"{file.name}-recordings", "rules": [_recording(each) for each in file.recordings]}
    yield {"name": file.name, "rules": [_alert(each, file.name, site) for each in file.alerts]}


def _recording(recording: Recording) -> Mapping[str, Value]:
    return {"record": recording.name, "expr": recording.query.text}


def _alert(alert: Alert, system: str, site: Site) -> Mapping[str, Value]:
    timing: dict[str, Value] = {"for": alert.hold} if alert.hold else {}
    if alert.keep:
        timing["keep_firing_for"] = alert.keep
    return {
        "alert": alert.name,
        "expr": alert.query.text,
        **timing,
        "labels": {"severity": alert.urgency.value, "system": system, "family": alert.family},
        "annotations": {
            "summary": alert.summary,
            "description": f"{alert.runbook.meaning} {alert.runbook.impact}",
            "runbook_url": site.runbook(alert.name),
        },
    }
