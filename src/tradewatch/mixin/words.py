"""What a panel says about itself: its definitions, and why it may be empty."""

from tradewatch.catalog.concept import Unit
from tradewatch.catalog.metric import Metric
from tradewatch.catalog.view import Panel

UNDEFINED = "–"


def description(panel: Panel) -> str:
    """Return the note, the definition of every metric on a panel, and when it has nothing to show."""
    metrics = {metric.name: metric for target in panel.targets for metric in target.query.metrics}
    paragraphs = [panel.note, *map(_definition, metrics.values())]
    if panel.empty:
        paragraphs.append(f"May rightly be empty: {panel.empty}.")
    return "\n\n".join(filter(None, paragraphs))


def no_value(panel: Panel) -> str:
    """Return what is shown where there is no value: the declared reason, else the sign for undefined."""
    return f"{UNDEFINED} ({panel.empty})" if panel.empty else UNDEFINED


def _definition(metric: Metric) -> str:
    concept = metric.concept
    absent = "" if concept.undefined == "never" else f" Absent {concept.undefined}."
    percent = ", in percent" if metric.unit is Unit.PERCENT else ""
    return f"**{concept.name}** (`{metric.name}`): {concept.definition}{percent}.{absent}"
