"""Makes docs/definitions.md: every definition, its source, the tests that check it and how exactly.

``python -m tests.documentation.definitions`` writes the page; with ``--check`` it only says whether it is up to date.
"""

import contextlib
import io
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tradewatch.catalog import Concept, concepts, conduct, distributions, engines, market

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs/definitions.md"

_MARKER = "from tests.support.definitions import checks"

_HEAD = """# What every number means

Made from the catalogue and the tests by `make fix`; do not edit. A number whose definition does not hold is absent:
never 0, NaN or infinity. Inside, ratios are 0 to 1 and times are seconds; percent is made at the edge. A trade counts
when it closes; facts of one instant are one step; daily returns are taken on UTC days. Where a reference library
follows another convention, [decision 8](decisions/0008-conventions-and-oracles.md) names it.

| number | definition | undefined | source | checked by, within |
|---|---|---|---|---|
"""


class _Collector:
    """Gathers which test checks which definition, while pytest collects."""

    def __init__(self) -> None:
        self.checked: dict[str, set[tuple[str, str]]] = {}

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        for item in session.items:
            for mark in item.iter_markers("checks"):
                path = item.path.relative_to(ROOT)
                name = item.name.partition("[")[0].removeprefix("test_").replace("_", " ")
                for concept in mark.kwargs["concepts"]:
                    self.checked.setdefault(concept.name, set()).add((f"{path}: {name}", mark.kwargs["within"]))


def page() -> str:
    """Return what the page should say."""
    collector = _Collector()
    with contextlib.redirect_stdout(io.StringIO()):
        status = pytest.main(
            ["--collect-only", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", *marking()],
            plugins=[collector],
        )
    if status is not pytest.ExitCode.OK:
        message = f"the tests cannot be collected ({status!r}): run pytest"
        raise SystemExit(message)
    return _HEAD + "".join(_row(concept, collector.checked.get(concept.name, set())) for concept in every_concept())


def marking() -> list[str]:
    """Return the modules in which a test may be marked: to import all others takes half a minute."""
    return sorted(str(module) for module in (ROOT / "tests").rglob("test_*.py") if _MARKER in module.read_text())


def every_concept() -> Iterator[Concept]:
    """Yield the catalogue's concepts in their order."""
    for page_of in (concepts, market, conduct, engines, distributions):
        yield from (each for each in vars(page_of).values() if isinstance(each, Concept))


def _row(concept: Concept, tests: set[tuple[str, str]]) -> str:
    cells = (concept.name, concept.definition, concept.undefined, concept.source or "arithmetic", _checked_by(tests))
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |\n"


def _checked_by(tests: set[tuple[str, str]]) -> str:
    return "<br>".join(f"{test} ({within})" for test, within in sorted(tests))


def main() -> None:
    """Write the page, or check it."""
    text = page()
    if "--check" not in sys.argv:
        PAGE.write_text(text)
    elif text != PAGE.read_text():
        sys.exit(f"{PAGE.relative_to(ROOT)} is not up to date: run `make fix`, then read the diff")


if __name__ == "__main__":
    main()
