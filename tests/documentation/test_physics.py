"""The page about physics is what its command writes, and its matrix is one of shares."""

import pytest

from tests.documentation.physics import PAGE, page, share, trials
from tradewatch.regimes import PhysicalRegime


def test_the_page_is_what_the_simulation_says() -> None:
    assert PAGE.read_text() == page(), "docs/physics.md is not up to date: run `make fix`, then read the diff"


def test_every_row_adds_up() -> None:
    for trial in trials():
        assert sum(share(trial.all, regime) for regime in PhysicalRegime) == pytest.approx(1)


def test_the_right_regime_is_told_most_often() -> None:
    for trial in trials():
        assert trial.right is None or trial.all.most_common(1)[0][0] is trial.right
