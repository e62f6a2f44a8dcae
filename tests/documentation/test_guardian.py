"""The guardian's page names every limit of its configuration, with the numbers that are its defaults."""

from dataclasses import fields
from pathlib import Path

import pytest

from tradewatch.systems.hydra.guardian.correlations import FEWEST, WINDOW
from tradewatch.systems.hydra.guardian.limits import GuardianLimits
from tradewatch.systems.hydra.vote_tracker import COMPARED, KEPT

PAGE = (Path(__file__).parents[2] / "docs/guardian.md").read_text()
ROWS = {line.split("`")[1]: line for line in PAGE.splitlines() if line.startswith("| `")}
LIMITS = GuardianLimits()


@pytest.mark.parametrize("limit", [field.name for field in fields(GuardianLimits)])
def test_every_limit_is_on_the_page(limit: str) -> None:
    assert f"`{limit}`" in PAGE


@pytest.mark.parametrize(
    ("limit", "words"),
    [
        ("daily_loss", f"{LIMITS.daily_loss:.0%}".replace("%", " %")),
        ("daily_drawdown", f"{LIMITS.daily_drawdown:.0%}".replace("%", " %")),
        ("daily_drawdown", f"{LIMITS.emergency.total_seconds() / 3600:.0f} h later"),
        ("drawdown", f"{LIMITS.drawdown:.0%}".replace("%", " %")),
        ("losses_to_reduce", f"{LIMITS.losses_to_reduce} in a row"),
        ("losses_to_pause", f"{LIMITS.losses_to_pause} in a row"),
        ("losses_to_pause", f"{LIMITS.pause.total_seconds() / 3600:.0f} h later"),
        ("risk_per_trade", f"{LIMITS.risk_per_trade:.0%}".replace("%", " %")),
        ("positions", f"{LIMITS.positions}, open or waiting"),
        ("choppy", f"more than {LIMITS.choppy.total_seconds() / 3600:.0f} h"),
        ("correlation", f"above {LIMITS.correlation}"),
    ],
)
def test_the_page_says_the_default(limit: str, words: str) -> None:
    assert words in ROWS[limit]


def test_the_page_says_what_is_looked_back_on() -> None:
    for words in (
        f"last {WINDOW} returns",
        f"from {FEWEST} returns",
        f"last {KEPT:,} rounds",
        f"last {COMPARED} rounds",
    ):
        assert words in PAGE.replace("\n  ", " ").replace("\n", " ")
