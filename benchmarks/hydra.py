"""What a closed bar costs HYDRA, for each asset: its way here, its regime, four votes, what they come to, its facts."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import talib

from benchmarks.apparatus import minutes
from benchmarks.apparatus.histories import Histories
from benchmarks.apparatus.results import Beside, Row, compared
from benchmarks.apparatus.timing import in_turns
from tradewatch.market.bars import Bar
from tradewatch.market.instruments import CRYPTO
from tradewatch.market.simulated import SimulatedFeed
from tradewatch.systems.hydra.consensus import consensus
from tradewatch.systems.hydra.engines import Engine, MarketView, ballot, engines
from tradewatch.systems.hydra.regime_detector import RegimeDetector

DAYS = 5
ROUNDS = 9
LOOK_BACK = 500
ASSET = "BTC-USD"

_START = datetime(2026, 1, 1, tzinfo=UTC)
_ENGINES_LIMIT_SECONDS = 15e-6
_GATEWAY_LIMIT = 4e-6
_LEDGER_LIMIT = 14e-6


def market(days: int) -> Sequence[Bar]:
    """Return the bars of a coin for so many days."""
    feed = SimulatedFeed({ASSET: CRYPTO[ASSET]}, seed=1, start=_START, warm_up=timedelta(0))
    return feed.advance(_START + timedelta(days=days))


def detected(bars: Sequence[Bar]) -> Callable[[], object]:
    """Return the work of following all bars."""

    def work() -> None:
        update = RegimeDetector([ASSET]).update
        for bar in bars:
            update(bar)

    return work


def views(bars: Sequence[Bar]) -> list[MarketView]:
    """Return what engines see at each bar that has a regime."""
    detector, seen = RegimeDetector([ASSET]), []
    for bar in bars:
        detector.update(bar)
        view = detector.view(ASSET)
        if view is not None:
            seen.append(view)
    return seen


def on_last_bars(bars: Sequence[Bar], times: int) -> Callable[[], object]:
    """Return the work of computing a bar's indicators anew from the last `LOOK_BACK` bars, so many times."""
    columns = [np.array([getattr(bar, name) for bar in bars]) for name in ("high", "low", "close")]

    def work() -> None:
        for end in range(LOOK_BACK, LOOK_BACK + times):
            high, low, close = (column[end - LOOK_BACK : end] for column in columns)
            atr, _ = talib.ATR(high, low, close, 14), talib.ADX(high, low, close, 14)
            talib.PLUS_DI(high, low, close, 14), talib.MINUS_DI(high, low, close, 14)
            upper, middle, lower = talib.BBANDS(close, 20, 2, 2)
            np.mean(atr[-50:]), np.median((upper - lower)[-100:] / middle[-100:])
            np.std(np.diff(np.log(close[-31:])))

    return work


def voted(all_engines: dict[str, Engine], seen: Sequence[MarketView]) -> Callable[[], object]:
    """Return the work of asking all engines about each view."""

    def work() -> None:
        for view in seen:
            ballot(all_engines, view)

    return work


def agreed(all_engines: dict[str, Engine], seen: Sequence[MarketView]) -> Callable[[], object]:
    """Return the work of telling what each round comes to."""
    weights = dict.fromkeys(all_engines, 25.0)
    rounds = [ballot(all_engines, view).votes for view in seen]

    def work() -> None:
        for votes in rounds:
            consensus(votes, weights)

    return work


def rows(histories: Histories, days: int = DAYS, rounds: int = ROUNDS) -> Iterator[Row]:
    """Yield what one asset's bar costs: regime, four votes and consensus; then its way here, and its facts."""
    bars, built_in = market(days), engines(()).engines
    seen, times = views(bars), len(bars) // 20
    works = detected(bars), on_last_bars(bars, times), voted(built_in, seen), agreed(built_in, seen)
    counts = len(bars), times, len(seen), len(seen)
    regime, last, votes, round_ = (t / count for t, count in zip(in_turns(works, rounds), counts, strict=True))
    peer = Beside(f"TA-Lib and numpy, last {LOOK_BACK}", last)
    yield compared("HYDRA's regime, a bar", regime, peer=peer, target="less", met=regime < last)
    met = votes <= _ENGINES_LIMIT_SECONDS
    yield compared("HYDRA's four engines, a bar", votes, target="<= 15 µs", met=met)
    yield compared("HYDRA's consensus, a round", round_, target="less than the votes", met=round_ < votes)
    yield from _way(histories.folder, rounds)


def _way(folder: Path, rounds: int) -> Iterator[Row]:
    """Yield what a bar of eight assets costs on its way through the terminal, and with its round on its way to disk."""
    bars = minutes.feed(1).advance(minutes.START + timedelta(days=1))
    entries = minutes.facts_of(bars)
    works = minutes.simulated(1), minutes.received(1), minutes.appended(entries, folder)
    made, got, written = (taken / len(bars) for taken in in_turns(works, rounds))
    floor = Beside("simulated", made)
    yield compared(
        "HYDRA's terminal and gateway, a bar",
        got - made,
        floor=floor,
        target="<= 4 µs",
        met=got - made <= _GATEWAY_LIMIT,
    )
    yield compared("HYDRA's bar and round into the ledger", written, target="<= 14 µs", met=written <= _LEDGER_LIMIT)
