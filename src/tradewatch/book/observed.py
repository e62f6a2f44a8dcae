"""How the concepts of market, conduct, learning and the running program are read of a book."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from itertools import islice

from tradewatch.book import observed_engines
from tradewatch.book.book import Book
from tradewatch.book.groups import LARGEST
from tradewatch.book.market import AssetMarket
from tradewatch.book.reading import Reading, distributed
from tradewatch.catalog import Concept, concepts, conduct, distributions, market
from tradewatch.facts import KIND_OF, Heartbeat, LearningStepped, RiskAction, Stance

ByLabels = Callable[[Book, datetime], Iterator[Reading]]

_MT5 = "mt5"


def _per_asset(get: Callable[[AssetMarket], float | None], *, of_now: bool = True) -> ByLabels:
    """Read of each asset; ``of_now``: not of one whose bars have stopped, for that would look alive."""

    def readings(book: Book, at: datetime) -> Iterator[Reading]:
        for asset, seen in book.market.assets():
            if (seen.is_fresh(at.timestamp()) or not of_now) and (value := get(seen)) is not None:
                yield Reading((asset,), value)

    return readings


def _per_agent(get: Callable[[LearningStepped], float | None]) -> ByLabels:
    def readings(book: Book, _: datetime) -> Iterator[Reading]:
        for agent, step in book.learning.items():
            if (value := get(step)) is not None:
                yield Reading((agent,), value)

    return readings


def _indicator(name: str) -> ByLabels:
    return _per_asset(lambda seen: seen.indicators.get(name))


def _regime_code(seen: AssetMarket) -> float | None:
    return market.REGIME_CODES.get(seen.regime or "")


def _regime_state(book: Book, at: datetime) -> Iterator[Reading]:
    for asset, seen in book.market.assets():
        for regime in seen.time_in(at.timestamp()) if seen.is_fresh(at.timestamp()) else ():
            yield Reading((asset, regime), float(regime == seen.regime))


def _regime_time_share(book: Book, at: datetime) -> Iterator[Reading]:
    for asset, seen in book.market.assets():
        spent = seen.time_in(at.timestamp())
        whole = sum(spent.values())
        for regime, seconds in spent.items():
            share = seconds / whole if whole else float(regime == seen.regime)
            yield Reading((regime, asset), share)


def _regime_changes(book: Book, _: datetime) -> Iterator[Reading]:
    for asset, seen in book.market.assets():
        if seen.regime is not None:
            yield Reading((asset,), seen.changes)


def _regime_transitions(book: Book, _: datetime) -> Iterator[Reading]:
    for asset, seen in book.market.assets():
        for (before, after), count in seen.transitions.items():
            yield Reading((asset, before, after), count)


def _of_a_run(readings: ByLabels) -> ByLabels:
    """Read only of a system that runs, or ran, and so would have told: a file of trades tells nothing of these."""

    def of_a_run(book: Book, at: datetime) -> Iterator[Reading]:
        if book.activity.last_heartbeat is not None:
            yield from readings(book, at)

    return of_a_run


def _ticks(book: Book, _: datetime) -> Iterator[Reading]:
    yield Reading((), book.market.ticks)


def _active_assets(book: Book, at: datetime) -> Iterator[Reading]:
    priced = [seen for _, seen in book.market.assets() if seen.time is not None]
    if priced:
        yield Reading((), sum(seen.is_fresh(at.timestamp()) for seen in priced))


def _quotes_refused(book: Book, _: datetime) -> Iterator[Reading]:
    yield from (Reading(key, count) for key, count in book.market.refused.items())


def _signals(book: Book, _: datetime) -> Iterator[Reading]:
    asked = (Stance.BUY.value, Stance.SELL.value)
    yield Reading((), sum(count for (_, stance), count in book.conduct.signals.items() if stance in asked))


def _signals_by_agent(book: Book, _: datetime) -> Iterator[Reading]:
    yield from (Reading(key, count) for key, count in book.conduct.signals.items())


def _signals_taken(book: Book, _: datetime) -> Iterator[Reading]:
    yield from (Reading((agent,), count) for agent, count in book.conduct.taken.items())


def _signal_confidence(book: Book, _: datetime) -> Iterator[Reading]:
    for agent, mean in book.conduct.confidence.items():
        if mean.value is not None:
            yield Reading((agent,), mean.value)


def _orders_refused(book: Book, _: datetime) -> Iterator[Reading]:
    yield from (Reading((reason,), count) for reason, count in book.conduct.refused.items())


def _trading_allowed(book: Book, _: datetime) -> Iterator[Reading]:
    yield Reading((), float(book.conduct.is_allowed()))


def _agent_allowed(book: Book, _: datetime) -> Iterator[Reading]:
    for agent in book.learning:
        yield Reading((agent,), float(book.conduct.is_allowed(agent)))


def _asset_allowed(book: Book, _: datetime) -> Iterator[Reading]:
    stopped = book.conduct.stopped()
    for asset, seen in book.market.assets():
        if seen.price is not None:
            yield Reading((asset,), float(asset not in stopped))


def _state(get: Callable[[Book], bool]) -> ByLabels:
    def reading(book: Book, _: datetime) -> Iterator[Reading]:
        yield Reading((), float(get(book)))

    return _of_a_run(reading)


def _guardian_status(book: Book, at: datetime) -> Iterator[Reading]:
    yield Reading((), book.conduct.level if book.activity.is_alive(at) else 0)


def _limits(book: Book, _: datetime) -> Iterator[Reading]:
    yield from (Reading((limit,), allowed) for limit, allowed in islice(book.activity.limits.items(), LARGEST))


def _halts(book: Book, _: datetime) -> Iterator[Reading]:
    yield from (Reading(key, count) for key, count in book.conduct.halts.items())


def _size_multiplier(book: Book, _: datetime) -> Iterator[Reading]:
    yield Reading((), book.conduct.multiplier)


def _mt5_connected(book: Book, _: datetime) -> Iterator[Reading]:
    newest = book.activity.connections.get(_MT5)
    if newest is not None:
        yield Reading((), float(newest.connected and not book.activity.is_over))


def _connection_losses(book: Book, _: datetime) -> Iterator[Reading]:
    yield from (Reading((name,), count) for name, count in book.activity.losses.items())


def _buy_and_hold(book: Book, _: datetime) -> Iterator[Reading]:
    if (made := book.market.buy_and_hold) is not None:
        yield Reading((), made)


def _errors_by_type(book: Book, _: datetime) -> Iterator[Reading]:
    yield from (Reading(key, count) for key, count in book.activity.failures.items())


def _calls(book: Book, _: datetime) -> Iterator[Reading]:
    for key, took in book.activity.calls.items():
        yield from distributed(key, took)


def _calls_failed(book: Book, _: datetime) -> Iterator[Reading]:
    yield from (Reading(key, count) for key, count in book.activity.calls_failed.items())


def _feed_errors(book: Book, _: datetime) -> Iterator[Reading]:
    yield from (Reading((source,), count) for source, count in book.activity.feed_errors.items())


def _iterations(book: Book, _: datetime) -> Iterator[Reading]:
    yield Reading((), book.intake.folded[KIND_OF[Heartbeat]])


def _cycles(book: Book, _: datetime) -> Iterator[Reading]:
    if book.activity.cycles.value:
        yield from distributed((), book.activity.cycles)


def _reconnect_attempt(book: Book, _: datetime) -> Iterator[Reading]:
    for name, newest in book.activity.connections.items():
        yield Reading((name,), 0 if newest.connected else newest.attempt)


OBSERVED: Mapping[Concept, ByLabels] = {
    **{concept: _indicator(name) for concept, name in market.INDICATORS.items()},
    market.PRICE: _per_asset(lambda seen: seen.price),
    market.SPREAD: _per_asset(lambda seen: seen.spread),
    market.LAST_BAR_TIME: _per_asset(lambda seen: seen.time, of_now=False),
    market.STALE_AFTER: _per_asset(lambda seen: seen.patience, of_now=False),
    market.TICKS: _of_a_run(_ticks),
    market.ACTIVE_ASSETS: _active_assets,
    market.QUOTES_REFUSED: _quotes_refused,
    market.PRICE_CHANGE_24H: _per_asset(lambda seen: seen.change),
    market.BUY_AND_HOLD: _buy_and_hold,
    market.REGIME_CODE: _per_asset(_regime_code),
    market.REGIME_STATE: _regime_state,
    market.REGIME_CHANGES: _regime_changes,
    market.REGIME_TRANSITIONS: _regime_transitions,
    market.REGIME_TIME_SHARE: _regime_time_share,
    conduct.SIGNALS: _of_a_run(_signals),
    conduct.SIGNALS_BY_AGENT: _signals_by_agent,
    conduct.SIGNALS_TAKEN: _signals_taken,
    conduct.SIGNAL_CONFIDENCE: _signal_confidence,
    conduct.ORDERS_REFUSED: _orders_refused,
    conduct.TRADING_ALLOWED: _of_a_run(_trading_allowed),
    conduct.ASSET_ALLOWED: _asset_allowed,
    conduct.AGENT_ALLOWED: _agent_allowed,
    conduct.HALTS: _halts,
    conduct.GUARDIAN_STATUS: _of_a_run(_guardian_status),
    conduct.CIRCUIT_BREAKER: _state(lambda book: book.conduct.is_broken),
    conduct.KILL_SWITCH: _state(
        lambda book: book.conduct.is_on(RiskAction.KILL_SWITCH_ON) or book.conduct.is_on(RiskAction.EMERGENCY_ON)
    ),
    conduct.EMERGENCY: _state(lambda book: book.conduct.is_on(RiskAction.EMERGENCY_ON)),
    conduct.LIMIT: _limits,
    conduct.SIZE_MULTIPLIER: _of_a_run(_size_multiplier),
    conduct.EXPERIENCES: _per_agent(lambda step: step.experiences),
    conduct.EPISODES: _per_agent(lambda step: step.episodes),
    conduct.BUFFER_SIZE: _per_agent(lambda step: step.buffer_size),
    conduct.EXPLORATION_RATE: _per_agent(lambda step: step.exploration_rate),
    conduct.LEARNING_LOSS: _per_agent(lambda step: step.loss),
    conduct.MODEL_CONFIDENCE: _per_agent(lambda step: step.model_confidence),
    conduct.LEARNING_PROGRESS: _per_agent(lambda step: step.progress),
    conduct.MT5_CONNECTED: _mt5_connected,
    conduct.CONNECTION_LOSSES: _connection_losses,
    conduct.RECONNECT_ATTEMPT: _reconnect_attempt,
    **observed_engines.OBSERVED,
    conduct.CALLS_FAILED: _calls_failed,
    conduct.FEED_ERRORS: _feed_errors,
    concepts.ERRORS_BY_TYPE: _errors_by_type,
    concepts.ITERATIONS: _of_a_run(_iterations),
    distributions.CALL_SECONDS: _calls,
    distributions.CYCLE_SECONDS: _cycles,
}
"""Every concept of market, conduct, engines, learning and the running program, and how it is read at a moment."""
