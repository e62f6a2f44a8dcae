"""What docs/markets.md says is so."""

import re
from pathlib import Path

from tradewatch.market.replay_columns import NAMES
from tradewatch.market.replay_values import Refusal
from tradewatch.market.simulated_kinds import Kind

PAGE = (Path(__file__).parents[3] / "docs/markets.md").read_text(encoding="utf-8")


def first_cells(heading: str) -> list[str]:
    """The names in the first column of the table with this heading."""
    table = PAGE.split(f"| {heading} |")[1].split("\n\n")[0]
    return re.findall(r"`(\w+)`", " ".join(line.split("|")[1] for line in table.splitlines()[2:]))


def test_every_reason_for_which_a_row_is_refused_is_told() -> None:
    assert first_cells("reason") == [reason.value for reason in Refusal]


def test_every_kind_of_behaviour_is_told() -> None:
    assert first_cells("kind") == [kind.value for kind in Kind]


def test_every_column_is_told() -> None:
    assert [name for name in NAMES if f"`{name}`" not in PAGE] == []
