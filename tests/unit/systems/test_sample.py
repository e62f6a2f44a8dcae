"""The simulated trades of the sample."""

from itertools import islice, pairwise

from tests.support.facts import MIDNIGHT
from tradewatch.facts import Canonical, Mode, RunStarted, TradeClosed, canonical
from tradewatch.systems.bot.sample import simulated_trades


def test_the_same_seed_and_start_give_the_same_facts() -> None:
    one, again, other = (list(islice(simulated_trades(seed, MIDNIGHT), 500)) for seed in (1, 1, 2))
    assert one == again
    assert one != other


def test_facts_are_valid_in_event_order_and_say_that_they_are_simulated() -> None:
    entries = list(islice(simulated_trades(7, MIDNIGHT), 2000))
    assert all(isinstance(canonical(entry), Canonical) for entry in entries)
    assert all(earlier.time <= later.time for earlier, later in pairwise(entries))
    first = entries[0].fact
    assert isinstance(first, RunStarted)
    assert first.mode is Mode.SIMULATED


def test_both_wins_and_losses_occur_for_every_strategy() -> None:
    closings = [
        entry.fact for entry in islice(simulated_trades(7, MIDNIGHT), 4000) if isinstance(entry.fact, TradeClosed)
    ]
    for strategy in ("trend", "reversion", "breakout"):
        results = [fact.recomputed_pnl or 0.0 for fact in closings if fact.strategy == strategy]
        assert min(results) < 0 < max(results)
