"""The agents learn: in a market with a known best policy they beat doing nothing and doing anything."""

import re
from collections.abc import Sequence

import pytest

from tests.documentation.learning import PAGE, page
from tests.support.lessons import Lesson, interval, lessons
from tradewatch.systems.velocitytrader.temperament import BERSERKER, SNIPER, Temperament

BOTH = pytest.mark.parametrize("temperament", [BERSERKER, SNIPER], ids=lambda each: each.name)
NUMBER = re.compile(r"-?\d+\.\d+")


def made(taken: Sequence[Lesson]) -> list[float]:
    return [lesson.score.agent for lesson in taken]


def least_advantage(one: Sequence[float], other: Sequence[float]) -> float:
    """Return what one makes more than the other, as little as that may be with 95 % confidence."""
    return interval([mine - theirs for mine, theirs in zip(one, other, strict=True)]).low


@BOTH
def test_an_agent_beats_hold_and_chance_where_it_has_not_been(temperament: Temperament) -> None:
    taken = lessons(temperament)
    assert interval(made(taken)).low > 0
    assert least_advantage(made(taken), [lesson.score.chance for lesson in taken]) > 0
    assert least_advantage([lesson.score.best for lesson in taken], made(taken)) > 0


@BOTH
def test_a_trained_agent_is_confident_and_knows_its_first_trades_better(temperament: Temperament) -> None:
    facts = [lesson.fact for lesson in lessons(temperament)]
    assert min(fact.model_confidence or 0.0 for fact in facts) > 0.4
    assert interval([fact.progress or 0.0 for fact in facts]).low > 0.005


@BOTH
def test_without_learning_there_is_no_progress_and_nothing_better_than_hold(temperament: Temperament) -> None:
    taken = lessons(temperament, learns=False, seeds=4)
    assert {lesson.fact.progress for lesson in taken} == {0.0}
    assert {lesson.fact.loss for lesson in taken} == {None}
    assert set(made(taken)) == {0.0}


@BOTH
def test_where_nothing_can_be_known_an_agent_gains_nothing_and_learns_to_keep_out(temperament: Temperament) -> None:
    taken = lessons(temperament, edge=0.0, seeds=8)
    assert interval(made(taken)).low <= 0
    known = lessons(temperament)[:8]
    assert least_advantage([each.score.traded for each in known], [each.score.traded for each in taken]) > 0.05
    assert (
        least_advantage([each.fact.progress or 0.0 for each in known], [each.fact.progress or 0.0 for each in taken])
        > 0
    )


def test_the_page_has_the_results_of_today() -> None:
    written, found = PAGE.read_text(), page()
    assert NUMBER.sub("", written) == NUMBER.sub("", found), "run `python -m tests.documentation.learning`"
    numbers = [[float(each) for each in NUMBER.findall(text)] for text in (written, found)]
    assert numbers[0] == pytest.approx(numbers[1], abs=0.02)  # another machine's tanh may differ in its last digit
