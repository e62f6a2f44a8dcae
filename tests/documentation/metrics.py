"""Makes docs/metrics.md: every metric of every system and of the exporter, from the catalogue.

``python -m tests.documentation.metrics`` writes the page; with ``--check`` it only says whether it is up to date.
"""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from tradewatch.catalog import Metric, Unit
from tradewatch.exporter.metrics import ALL
from tradewatch.systems import SYSTEMS, System

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs/metrics.md"
_HEAD = Path(__file__).with_name("metrics_head.md")

_TABLE = """
| metric | kind | unit | labels | definition | absent | source | stability |
|---|---|---|---|---|---|---|---|
"""


def page(systems: Sequence[System] = SYSTEMS) -> str:
    """Return what the page should say."""
    return "".join((_HEAD.read_text(), *map(_system, systems), _part("The exporter about itself", ALL)))


def _system(system: System) -> str:
    return _part(f"The system `{system.name}`", system.metrics)


def _part(title: str, metrics: Sequence[Metric]) -> str:
    return f"\n## {title}\n" + _TABLE + "".join(_row(metric) for metric in metrics)


def _row(metric: Metric) -> str:
    cells = (
        f"`{metric.name}`",
        metric.kind.value,
        unit(metric.unit),
        "<br>".join(_labels(metric)),
        "<br>".join(_definition(metric)),
        metric.concept.undefined,
        metric.concept.source or "arithmetic",
        metric.stability.value,
    )
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |\n"


def unit(of: Unit) -> str:
    """Return what a unit counts in, and what it makes of a definition in base units."""
    meaning = of.meaning or of.name.lower()
    return meaning if of.scale == 1 else f"{meaning}: {of.scale:g} times the definition"


def _labels(metric: Metric) -> Iterator[str]:
    for label in metric.labels:
        values = ", ".join(metric.closed.get(label, ()))
        yield f"`{label}`: {values}" if values else f"`{label}`"


def _definition(metric: Metric) -> Iterator[str]:
    yield f"{metric.concept.definition} (*live*)" if metric.concept.live else metric.concept.definition
    for reason in metric.lint_exceptions.values():
        yield f"promtool complains about the name: {reason}"


def main() -> None:
    """Write the page, or check it."""
    text = page()
    if "--check" not in sys.argv:
        PAGE.write_text(text)
    elif text != PAGE.read_text():
        sys.exit(f"{PAGE.relative_to(ROOT)} is not up to date: run `make fix`, then read the diff")


if __name__ == "__main__":
    main()
