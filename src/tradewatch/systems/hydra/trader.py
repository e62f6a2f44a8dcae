"""HYDRA's trading: bars in, facts out. It knows no clock, no ledger and no terminal."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from msgspec.structs import replace

from tradewatch.facts import Direction, Entry, ErrorOccurred, OrderRefused, RegimeEntered, Stance, TradeClosed, stamp
from tradewatch.facts.bounds import LONGEST_TEXT
from tradewatch.market.bars import Bar
from tradewatch.market.broker import PaperBroker
from tradewatch.market.orders import Order
from tradewatch.market.quantities import lots
from tradewatch.systems.hydra.consensus import Consensus, consensus
from tradewatch.systems.hydra.engines import Engine, MarketView, ballot
from tradewatch.systems.hydra.guardian.guardian import Guardian, Step
from tradewatch.systems.hydra.guardian.order_check import Request
from tradewatch.systems.hydra.regime_detector import RegimeDetector
from tradewatch.systems.hydra.repeats import Repeats
from tradewatch.systems.hydra.tournament import Tournament
from tradewatch.systems.hydra.vote_tracker import VoteTracker

STOP_RANGES = 9.0
"""Average true ranges between the price and the stop."""

TARGET_RANGES = 6.0
"""Average true ranges between the price and the take-profit."""

OUTVOTING = 0.75
"""The part of all engines that must agree on the opposite to close a trade: half would close it on a whim."""

LONGEST_HELD = timedelta(hours=8)
"""After which a trade is closed at the market."""

LONGEST_WAITING = 5
"""Bars that an order waits for a price before it is taken back."""

TIMED_OUT = "timeout"
OUTVOTED = "outvoted"
NO_PRICE = "no_price"

_HOLD = Stance.HOLD  # to look one up in its class is slow

# Any in this file: a state is what `state` of the same version returned.


class Held(NamedTuple):
    """An open trade, or an order that waits: of what, on which side, and when it must be over."""

    asset: str
    direction: Direction
    until: datetime


@dataclass(slots=True)
class Round:
    """A round of votes on an asset; ``trade_id``: of the trade that it led to."""

    id: str
    view: MarketView
    outcome: Consensus
    trade_id: str | None = None

    @property
    def strength(self) -> float:
        """How much stands behind it, to choose among several: the agreeing engines' weight * confidence, by its size.

        0 for HOLD.
        """
        outcome = self.outcome
        return outcome.size * sum([outcome.strength(engine) for engine in outcome.agreeing])


class Trader:
    """Follows all assets, lets the engines vote, and sends what they agree on to the broker, as the guardian allows.

    In every cycle call `settle` with each of the newest bars, `observe` with each, `guard`, then `decide`. Nothing here
    looks at what comes later. One trade an asset is open at a time. ``interval``: of the bars.
    """

    def __init__(
        self,
        broker: PaperBroker,
        detector: RegimeDetector,
        engines: Mapping[str, Engine],
        guardian: Guardian,
        interval: timedelta,
    ) -> None:
        self.broker = broker
        self.detector = detector
        self.engines = engines
        self.guardian = guardian
        self.tournament = Tournament(engines)
        self.votes = VoteTracker(engines)
        self._repeats = Repeats()
        self._held: dict[str, Held] = {}
        self._closed: list[TradeClosed] = []
        self._closes: dict[str, float] = {}
        self._prices: dict[str, float] = {}
        self._patience = LONGEST_WAITING * interval
        self._number = 0

    @property
    def assets(self) -> Sequence[str]:
        """What is traded."""
        return tuple(self.broker.instruments)

    def settle(self, now: datetime, bar: Bar) -> list[Entry]:
        """Show the broker a newest bar; return what was filled and closed, and how the votes for it are scored."""
        entries: list[Entry] = []
        for entry in self.broker.on_bar(bar):
            entries.append(entry)
            if isinstance(entry.fact, TradeClosed):
                self._held.pop(entry.fact.trade_id, None)
                self._closed.append(entry.fact)
                entries += self.tournament.settle(now, entry.fact)
        self._closes[bar.asset] = self._prices[bar.asset] = bar.close
        return entries

    def observe(self, bar: Bar) -> Entry | None:
        """Take a closed bar of an asset; return the change of regime that it brought, if any."""
        return self.detector.update(bar)

    def told(self, bar: Bar) -> Entry:
        """Return an asset's newest bar with the indicators at its close."""
        fact = bar.fact_with(self.detector.indicators(bar.asset))
        return Entry(bar.time, f"bar/{bar.asset}/{stamp(bar.time)}", fact)

    def regime_told(self, now: datetime, asset: str) -> Iterator[Entry]:
        """Yield the regime that an asset is in when it begins to be told of."""
        detected = self.detector.detect_regime(asset)
        if (regime := detected["regime"]) is not None:
            fact = RegimeEntered(asset=asset, regime=regime.value, confidence=detected["confidence"])
            yield Entry(now, f"regime/{asset}/{stamp(now)}", fact)

    def guard(self, now: datetime) -> list[Entry]:
        """Tell the guardian all of this instant; return what it did."""
        step = Step(
            time=now,
            equity=self.broker.equity,
            balance=self.broker.balance,
            closed=tuple(self._closed),
            regimes=self.detector.regimes,
            closes=dict(self._closes),
        )
        self._closed.clear()
        self._closes.clear()
        return self.guardian.take(step)

    def decide(self, now: datetime, assets: Iterable[str], *, halted: bool = False) -> Iterator[Entry]:
        """Let the engines vote on assets with a newest bar; yield rounds, refusals and errors.

        The strongest wish is tried first, for there may not be room for all. ``halted``: no trade is opened.
        """
        self._close_overdue(now)
        yield from self.take_back(now)
        rounds: list[Round] = []
        weights = self.tournament.weights
        for asset in assets:
            yield from self._vote(now, asset, weights, rounds)
        wishes = [each for each in rounds if each.outcome.decision is not _HOLD]
        for each in sorted(wishes, key=lambda each: -each.strength):
            yield from self._follow(now, each, halted=halted)
        for each in rounds:
            fact = each.outcome.fact(each.id, each.view.asset, each.trade_id)
            self.tournament.take(fact)
            self.votes.take(now, fact)
            yield Entry(now, fact.identity, fact)

    def take_back(self, now: datetime) -> Iterator[Entry]:
        """Take back orders that have waited for too long, for their asset has no prices; in a halt, all of them.

        Yield what came of them. Call it after `guard`.
        """
        for order in self.broker.waiting:
            late = [NO_PRICE] if now - order.time > self._patience else []
            for reason in [*self.guardian.halts, *late][:1]:
                self.broker.cancel(order.id)
                del self._held[order.id]
                self.tournament.forget(order.id)
                fact = OrderRefused(asset=order.asset, reason=reason, engine=order.engine)
                yield Entry(now, f"refused/{order.id}/{reason}", fact)

    def fault(self, now: datetime, fact: ErrorOccurred) -> Iterator[Entry]:
        """Yield an error, if it is not one that was told lately."""
        silent = self._repeats.take(now, fact.component, fact.type)
        if silent is not None:
            words = f" (and {silent} more like it)" if silent else ""
            told = replace(fact, message=fact.message[: LONGEST_TEXT - len(words)] + words)
            yield Entry(now, f"error/{told.component}/{told.type}/{stamp(now)}", told)

    def state(self) -> dict[str, Any]:
        """Return what `restore` needs, apart from broker, detector, guardian, tournament and votes."""
        return {
            "held": {
                trade_id: [held.asset, held.direction.value, held.until.isoformat()]
                for trade_id, held in self._held.items()
            },
            "number": self._number,
            "prices": dict(self._prices),
            "repeats": self._repeats.state(),
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Go on from where ``state`` was taken."""
        self._held = {
            trade_id: Held(asset, Direction(direction), datetime.fromisoformat(until))
            for trade_id, (asset, direction, until) in state["held"].items()
        }
        self._number, self._prices = state["number"], dict(state["prices"])
        self._repeats.restore(state["repeats"])

    def _vote(self, now: datetime, asset: str, weights: Mapping[str, float], rounds: list[Round]) -> Iterator[Entry]:
        """Hold a round on an asset, if it has a regime; yield the engines' errors."""
        view = self.detector.view(asset)
        if view is None:
            return
        cast = ballot(self.engines, view)
        for error in cast.errors:
            yield from self.fault(now, error)
        outcome = consensus(cast.votes, weights)
        rounds.append(Round(f"round/{asset}/{stamp(view.bars[-1].time)}", view, outcome))

    def _follow(self, now: datetime, voted: Round, *, halted: bool) -> Iterator[Entry]:
        """Do what a round decided, which is to buy or to sell."""
        decision, asset = voted.outcome.decision, voted.view.asset
        held = [(trade_id, each) for trade_id, each in self._held.items() if each.asset == asset]
        for trade_id, each in held:
            if each.direction.value != decision.value and voted.outcome.size >= OUTVOTING:
                self.broker.close(trade_id, time=now, reason=OUTVOTED, reference_price=voted.view.close)
        if not (held or halted):
            yield from self._open(now, voted)

    def _open(self, now: datetime, voted: Round) -> Iterator[Entry]:
        """Ask the guardian, then the broker; yield what came of it."""
        wanted = self._order(now, voted)
        verdict = self.guardian.check(Request.of(wanted, self._value(wanted.asset)), list(self._held.values()))
        if not verdict.allowed:
            yield from self._refused(now, voted, verdict.reasons)
            return
        order = replace(wanted, quantity=lots(self.broker.instruments[wanted.asset], verdict.size))
        refusal = self.broker.submit(order)
        if refusal is not None:
            why: Any = refusal.fact  # Any: an `OrderRefused`
            yield from self._refused(now, voted, (why.reason,), why.detail)
            return
        self._number += 1
        self._held[order.id] = Held(order.asset, order.direction, now + LONGEST_HELD)
        voted.trade_id = order.id
        yield from verdict.entries

    def _order(self, now: datetime, voted: Round) -> Order:
        """Return the order that a round wants: worth the equity when all engines agree, less when fewer do."""
        view, outcome = voted.view, voted.outcome
        direction = Direction(outcome.decision.value)
        away = direction.sign * view.indicators.atr
        return Order(
            id=f"hydra-{self._number + 1}",
            asset=view.asset,
            direction=direction,
            quantity=max(0.0, self.broker.equity) * outcome.size / (view.close * self._value(view.asset)),
            time=now,
            reference_price=view.close,
            stop=view.close - STOP_RANGES * away,
            take_profit=view.close + TARGET_RANGES * away,
            engine=outcome.leading,
            confidence=None if outcome.leading is None else outcome.votes[outcome.leading].confidence,
            round_id=voted.id,
        )

    def _value(self, asset: str) -> float:
        """Return what a unit makes when the price rises by 1, account currency."""
        return self.broker.contract_value(asset) or self.broker.instruments[asset].contract_size

    def _refused(self, now: datetime, voted: Round, reasons: Sequence[str], detail: str = "") -> Iterator[Entry]:
        """Yield a refusal for each reason; what is wanted again at every bar is told once an hour."""
        asset, leading = voted.view.asset, voted.outcome.leading
        for reason in reasons:
            if self._repeats.take(now, asset, reason) is not None:
                fact = OrderRefused(asset=asset, reason=reason, detail=detail, engine=leading)
                yield Entry(now, f"refused/{asset}/{reason}/{stamp(now)}", fact)

    def _close_overdue(self, now: datetime) -> None:
        for trade_id, held in self._held.items():
            if now >= held.until:
                price = self._prices[held.asset]
                self.broker.close(trade_id, time=now, reason=TIMED_OUT, reference_price=price)
