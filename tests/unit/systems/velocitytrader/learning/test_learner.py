"""The learner finds values that can be worked out, and forgets nothing at a restart."""

import json

import pytest

from tests.support.toy_market import draws
from tradewatch.systems.velocitytrader.learning import BUY, HOLD, SELL, Chance, Features, Learner, Shape, Values

SHAPE = Shape(blocks=3, even=1, odd=1)
FIRST, SECOND, LAST = (Features(block, (1.0,), (0.0,)) for block in range(3))


def learner(*, discount: float = 0.5, rate: float = 0.01, seed: int = 1, learns: bool = True) -> Learner:
    return Learner(SHAPE, discount=discount, rate=rate, chance=Chance(seed, "test"), learns=learns)


def leaning(odd: float) -> Features:
    return Features(0, (1.0,), (odd,))


def test_waiting_is_worth_the_discounted_best_of_what_comes() -> None:
    model = learner()
    for _ in range(4_000):
        model.traded(LAST, BUY, 2.0)
        model.waited(SECOND, LAST)
        model.waited(FIRST, SECOND)
        model.waited(LAST, LAST)
        model.waited(LAST, LAST)  # five in a round, so that every block is updated
    assert model.values(LAST) == pytest.approx((1.0, 2.0, 2.0), abs=0.01)
    assert model.values(SECOND).hold == pytest.approx(1.0, abs=0.01)
    assert model.values(FIRST).hold == pytest.approx(0.5, abs=0.01)


def test_what_buying_teaches_of_a_state_selling_teaches_of_its_mirror() -> None:
    model = learner()
    for number in range(4_000):
        side = 1.0 if number % 2 else -1.0
        model.traded(leaning(side), BUY if number % 2 else SELL, 0.8)
        model.traded(leaning(side), SELL if number % 2 else BUY, -1.2)
    assert model.values(leaning(1.0)) == pytest.approx((0.0, 0.8, -1.2), abs=0.05)
    assert model.values(leaning(-1.0)) == pytest.approx((0.0, -1.2, 0.8), abs=0.05)


def test_where_every_trade_loses_waiting_is_worth_nothing_and_is_best() -> None:
    model, random = learner(discount=0.9), draws("losing")
    for _ in range(3_000):
        model.traded(FIRST, random.choice((BUY, SELL)), random.choice((-1.1, 0.9)))
        model.waited(FIRST, FIRST)
    assert model.values(FIRST).best == HOLD
    assert model.values(FIRST).hold == pytest.approx(0.0, abs=0.05)
    assert model.values(FIRST).buy == pytest.approx(-0.1, abs=0.1)


def test_an_update_follows_every_fourth_experience_and_a_new_copy_every_fiftieth_update() -> None:
    model = learner()
    updates, copies = [], []
    for number in range(1, 402):
        before, target = model.state()["updates"], model.state()["target"]
        model.traded(FIRST, BUY, 1.0)
        updates += [number] if model.state()["updates"] > before else []
        copies += [number] if model.state()["target"] != target else []
    assert updates == list(range(4, 401, 4))
    assert copies == [200, 400]


def test_progress_is_the_share_of_the_error_on_the_first_500_trades_that_is_gone() -> None:
    model = learner()
    for number in range(499):
        model.traded(FIRST, BUY, 3.0 if number % 2 else 1.0)
    too_early = model.progress
    assert too_early is None
    model.traded(FIRST, BUY, 3.0)
    value = model.values(FIRST).buy
    before, now = (250 * 9 + 250 * 1) / 500, (250 * (3 - value) ** 2 + 250 * (1 - value) ** 2) / 500
    assert model.progress == pytest.approx(1 - now / before)
    for _ in range(1_000):
        model.traded(FIRST, BUY, -5.0)  # what is learned now makes the first trades a riddle
    assert model.progress == 0.0


def test_progress_is_absent_where_there_is_nothing_to_explain() -> None:
    model = learner()
    for _ in range(600):
        model.traded(FIRST, BUY, 0.0)
    assert model.progress is None


def test_an_agent_that_does_not_learn_stays_at_0_but_counts() -> None:
    model = learner(learns=False)
    for _ in range(600):
        model.traded(FIRST, BUY, 2.0)
        model.waited(FIRST, FIRST)
    assert (model.progress, model.loss, model.values(FIRST)) == (0.0, None, Values(0.0, 0.0, 0.0))
    assert (model.experiences, model.episodes) == (1_200, 600)


def test_memory_is_bounded_in_every_block() -> None:
    model = learner(learns=False)
    for _ in range(1_000):
        model.traded(FIRST, BUY, 2.0)
        model.waited(FIRST, FIRST)
        model.traded(LAST, BUY, 2.0)
    assert model.remembered == 750 + 250 + 750
    assert model.experiences == 3_000


def test_the_loss_is_the_mean_squared_error_of_the_last_batch() -> None:
    model = learner()
    for _ in range(4):
        model.traded(FIRST, BUY, 2.0)
    assert model.loss == pytest.approx(4.0)  # nothing was known
    model.waited(FIRST, LAST)  # worth 0, as thought
    for _ in range(3):
        model.waited(FIRST, LAST)
    known = 0.01  # the first step of Adam is as long as the rate
    assert model.loss == pytest.approx((16 * (2 - known) ** 2 + 4 * 0) / 20, rel=0.01)


def test_a_restart_changes_nothing_and_another_seed_does() -> None:
    def lived(model: Learner, purpose: str) -> Learner:
        random = draws(purpose)
        for _ in range(2_000):
            state, after = (Features(random.randrange(3), (1.0,), (random.gauss(0, 1),)) for _ in range(2))
            if random.random() < 0.6:
                model.traded(state, random.choice((BUY, SELL)), random.gauss(0, 1))
            else:
                model.waited(state, after)
        return model

    through, again = lived(learner(), "first"), learner()
    again.restore(json.loads(json.dumps(through.state())))
    assert lived(again, "then").state() == lived(through, "then").state()
    assert lived(lived(learner(seed=2), "first"), "then").state() != through.state()
