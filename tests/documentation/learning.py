"""Makes docs/learning.md: how the agents learn, and how well they do in a market whose best policy is known.

``python -m tests.documentation.learning`` writes the page; with ``--check`` it only says whether it is up to date.
"""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import fmean

from tests.support.lessons import Interval, Lesson, interval, lessons
from tradewatch.systems.velocitytrader.temperament import BERSERKER, SNIPER, Temperament

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs/learning.md"
_HEAD = Path(__file__).with_name("learning_head.md")

_TABLE = """
| agent | R per decision | more than HOLD | more than chance | best policy | decisions traded | confidence | progress |
|---|---|---|---|---|---|---|---|
"""


def page() -> str:
    """Return what the page should say; takes some seconds."""
    return _HEAD.read_text() + _TABLE + "".join(map(_row, (BERSERKER, SNIPER)))


def _row(temperament: Temperament) -> str:
    return "| " + " | ".join((temperament.name, *_cells(lessons(temperament)))) + " |\n"


def _cells(taken: Sequence[Lesson]) -> Iterator[str]:
    scores = [lesson.score for lesson in taken]
    made = [score.agent for score in scores]
    yield f"{fmean(made):.3f}"
    yield _interval(interval(made))
    yield _interval(interval([score.agent - score.chance for score in scores]))
    yield f"{fmean(score.best for score in scores):.3f}"
    yield f"{fmean(score.traded for score in scores):.2f}"
    yield f"{fmean(lesson.fact.model_confidence or 0.0 for lesson in taken):.2f}"
    yield f"{fmean(lesson.fact.progress or 0.0 for lesson in taken):.3f}"


def _interval(of: Interval) -> str:
    return f"{of.low:.3f} to {of.high:.3f}"


def main() -> None:
    """Write the page, or check it."""
    text = page()
    if "--check" not in sys.argv:
        PAGE.write_text(text)
    elif text != PAGE.read_text():
        sys.exit(f"{PAGE.relative_to(ROOT)} is not up to date: run `python -m tests.documentation.learning`")


if __name__ == "__main__":
    main()
