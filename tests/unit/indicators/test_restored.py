"""What follows prices or numbers instead of bars goes on after a restart as if there had been none."""

import json
from collections.abc import Callable, Iterator, Sequence
from random import Random
from typing import Any, NamedTuple

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradewatch.indicators import Autoregression, Burst, Displacement, Motion, Oscillator
from tradewatch.indicators.rolling_mean import RollingMean
from tradewatch.indicators.sorted_window import SortedWindow

# Any in this file: each has its own update, state and readings.


class Card(NamedTuple):
    """How to try one that keeps a state: how to make it, and all that can be read from it."""

    make: Callable[[], Any]
    read: Callable[[Any], object]


CARDS = (
    Card(Displacement, lambda displacement: (displacement.value, displacement.level)),
    Card(lambda: RollingMean(9), lambda mean: mean.value),
    Card(lambda: SortedWindow(9), lambda window: (window.median, window.rank)),
    Card(lambda: Burst(innovations=4, window=9), lambda burst: burst.value),
    Card(lambda: Autoregression(9), lambda auto: (auto.fit, auto.innovation, auto.deviation, auto.full)),
    Card(lambda: Motion(9), lambda motion: (motion.value, motion.bars, motion.ready)),
    Card(lambda: Oscillator(3, 9), lambda oscillator: (oscillator.value, oscillator.ready)),
)
every_card = pytest.mark.parametrize("card", CARDS, ids=lambda card: type(card.make()).__name__)

STORAGES: Sequence[Callable[[Any], Any]] = (
    lambda state: json.loads(json.dumps(state)),
    lambda state: msgspec.msgpack.decode(msgspec.msgpack.encode(state)),
)
NUMBERS = st.lists(st.sampled_from([1.0, 1.0, 1.5, 2.0, 3.0, 1e-3, 1e6]) | st.floats(1e-8, 1e8), max_size=60)


def readings(card: Card, each: Any, numbers: Sequence[float]) -> Iterator[object]:
    for number in numbers:
        each.update(number)
        yield card.read(each)


@every_card
@pytest.mark.parametrize("again", STORAGES, ids=["json", "msgpack"])
@given(past=NUMBERS, future=NUMBERS)
def test_it_goes_on_to_the_last_bit(
    card: Card, again: Callable[[Any], Any], past: list[float], future: list[float]
) -> None:
    never_stopped, restored = card.make(), card.make()
    list(readings(card, never_stopped, past))
    restored.restore(again(never_stopped.state()))
    assert card.read(restored) == card.read(never_stopped)
    assert restored.state() == never_stopped.state()
    assert list(readings(card, restored, future)) == list(readings(card, never_stopped, future))


@every_card
@given(before=NUMBERS, past=NUMBERS, future=NUMBERS)
def test_what_it_saw_before_it_was_restored_is_forgotten(
    card: Card, before: list[float], past: list[float], future: list[float]
) -> None:
    never_stopped, restored = card.make(), card.make()
    list(readings(card, never_stopped, past))
    list(readings(card, restored, before))
    restored.restore(never_stopped.state())
    assert (card.read(restored), restored.state()) == (card.read(never_stopped), never_stopped.state())
    assert list(readings(card, restored, future)) == list(readings(card, never_stopped, future))


@every_card
@given(past=NUMBERS, future=NUMBERS)
def test_a_state_is_a_copy(card: Card, past: list[float], future: list[float]) -> None:
    each = card.make()
    list(readings(card, each, past))
    state = each.state()
    frozen = json.dumps(state)
    list(readings(card, each, future))
    assert json.dumps(state) == frozen


@every_card
def test_memory_is_bounded(card: Card) -> None:
    def size(count: int) -> int:
        random, each = Random(3), card.make()  # noqa: S311 - any numbers will do
        list(readings(card, each, [random.uniform(1, 2) for _ in range(count)]))
        return len(msgspec.msgpack.encode(each.state()))

    assert size(5_000) <= 1.1 * size(200)  # numbers that become None take fewer bytes


def test_the_state_of_an_oscillator_is_small() -> None:
    random, oscillator = Random(3), Oscillator()  # noqa: S311 - any numbers will do
    for _ in range(2_000):
        oscillator.update(random.uniform(1, 2), random.uniform(1, 2))
    assert len(msgspec.msgpack.encode(oscillator.state())) < 12_000
