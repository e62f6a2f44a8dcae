"""VelocityPTrader's trading: bars in, facts out. It knows no clock, no ledger and no terminal."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from tradewatch.facts import (
    VIRTUAL,
    Direction,
    Entry,
    OrderRefused,
    RegimeEntered,
    SignalGiven,
    Stance,
    TradeClosed,
    stamp,
)
from tradewatch.market.bars import Bar, Timeframe
from tradewatch.market.broker import PaperBroker
from tradewatch.market.orders import Order
from tradewatch.market.quotes import Quote
from tradewatch.regimes import PhysicalRegime
from tradewatch.systems.velocitytrader.agents import Agent
from tradewatch.systems.velocitytrader.decision import Decision
from tradewatch.systems.velocitytrader.friction import Terms, friction
from tradewatch.systems.velocitytrader.risk import RiskManager
from tradewatch.systems.velocitytrader.situation import Friction, Situation
from tradewatch.systems.velocitytrader.sizing import lots
from tradewatch.systems.velocitytrader.watch import Watch

PRIMARY = Timeframe.M5
"""The timeframe whose physics and regimes are recorded; a longer one where prices come in longer bars."""

LONGEST_HELD = 48
"""Bars of its timeframe after which a trade is closed at the market."""

LARGEST_LEVERAGE = 3.0
"""Value of one position / equity, at most: ten of them are what the account may have open."""

TIMED_OUT = "timeout"

_SCRATCH = 1e-9
_SECONDS_A_DAY = 86_400

# Any in this file: a state is what `state` of the same version returned.


class Seat(NamedTuple):
    """Where one trade with money and one imagined trade at a time may be open: an agent on a symbol and a timeframe."""

    agent: str
    symbol: str
    timeframe: str


class Held(NamedTuple):
    """An open or waiting trade: where, whether it is imagined, and when it must be over."""

    seat: Seat
    is_virtual: bool
    until: datetime


class Trader:
    """Follows all symbols on all timeframes, lets the agents decide, and sends their orders to the broker.

    In every cycle call `settle` with each of the newest one-minute bars, `observe` with every closed bar of every
    timeframe, then `decide`. Nothing here looks at what comes later.
    """

    def __init__(
        self, broker: PaperBroker, agents: Sequence[Agent], risk: RiskManager, timeframes: Sequence[Timeframe]
    ) -> None:
        self.broker = broker
        self.agents = {agent.temperament.name: agent for agent in agents}
        self.risk = risk
        self.watches = {
            (symbol, timeframe): Watch(symbol, timeframe) for symbol in broker.instruments for timeframe in timeframes
        }
        self._seats = {
            (symbol, timeframe, regime): [
                Seat(name, symbol, timeframe.name)
                for name, agent in self.agents.items()
                if regime in agent.temperament.regimes
            ]
            for symbol, timeframe in self.watches
            for regime in PhysicalRegime
        }
        """Those of the agents who decide in a regime."""
        self.primary = next(each for each in timeframes if each.seconds >= PRIMARY.seconds)
        self._held: dict[str, Held] = {}
        self._taken: set[tuple[Seat, bool]] = set()
        self._numbers = dict.fromkeys(self.agents, 0)
        self._regimes: dict[str, str] = {}
        self._prices: dict[str, float] = {}

    def settle(self, now: datetime, bar: Bar) -> list[Entry]:
        """Show the broker a newest one-minute bar; return what was filled and closed, and what that led to."""
        self._prices[bar.asset] = bar.close
        entries: list[Entry] = []
        for entry in self.broker.on_bar(bar):
            entries.append(entry)
            if isinstance(entry.fact, TradeClosed):
                entries += self._learn(now, entry.fact)
        return entries

    def observe(self, bar: Bar, timeframe: Timeframe) -> Watch:
        """Take a closed bar of a symbol on a timeframe, and return what is watched there."""
        watch = self.watches[bar.asset, timeframe]
        watch.take(bar)
        return watch

    def tell(self, watch: Watch, base: Timeframe) -> Iterator[Entry]:
        """Yield the newest bar of the primary timeframe with its indicators, and the regime if it is another one.

        Its quotes are counted here only where prices come in no shorter bars: where the primary one is the ``base``.
        """
        bar = watch.bar
        if watch.timeframe is not self.primary or bar is None:
            return
        place = f"{watch.symbol}/{watch.timeframe.name}/{stamp(bar.time)}"
        fact_of = bar.fact_with if watch.timeframe is base else bar.fact_of
        yield Entry(bar.time, f"bar/{place}", fact_of(watch.indicators))
        regime, previous = watch.regime, self._regimes.get(watch.symbol)
        if regime is not None and regime != previous:
            self._regimes[watch.symbol] = regime
            fact = RegimeEntered(
                asset=watch.symbol, regime=regime.value, previous=previous, timeframe=watch.timeframe.name
            )
            yield Entry(bar.time, f"regime/{place}", fact)

    def decide(self, now: datetime, watch: Watch, quote: Quote, *, halted: bool = False) -> Iterator[Entry]:
        """Let every agent decide that has no trade there; yield signals and refusals. ``halted``: all trading is."""
        seats = () if watch.regime is None else self._seats[watch.symbol, watch.timeframe, watch.regime]
        free = [seat for seat in seats if (seat, False) not in self._taken]
        situation = self._situation(watch, quote, free[0]) if free else None
        if situation is None:
            return
        for seat in free:
            is_halted = halted or not self.risk.allows(seat.agent)
            imagines = (seat, True) not in self._taken
            decision = self.agents[seat.agent].decide(situation, halted=is_halted, explores=imagines)
            if decision.stance is not Stance.HOLD and (imagines or not decision.virtual):
                yield from self._act(now, seat, quote, decision, situation.friction)

    def close_overdue(self, now: datetime) -> None:
        """Ask the broker to close what has been held for too long."""
        for trade_id, held in self._held.items():
            if now >= held.until:
                price = self._prices[held.seat.symbol]
                self.broker.close(trade_id, time=now, reason=TIMED_OUT, reference_price=price)

    def state(self) -> dict[str, Any]:
        """Return what `restore` needs, apart from broker, agents, risk manager and watches."""
        return {
            "held": {
                trade_id: [*held.seat, held.is_virtual, held.until.isoformat()] for trade_id, held in self._held.items()
            },
            "numbers": dict(self._numbers),
            "regimes": dict(self._regimes),
            "prices": dict(self._prices),
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Go on from where ``state`` was taken."""
        self._held = {
            trade_id: Held(Seat(*seat), is_virtual, datetime.fromisoformat(until))
            for trade_id, (*seat, is_virtual, until) in state["held"].items()
        }
        self._taken = {(held.seat, held.is_virtual) for held in self._held.values()}
        self._numbers = dict(state["numbers"])
        self._regimes = dict(state["regimes"])
        self._prices = dict(state["prices"])

    def _situation(self, watch: Watch, quote: Quote, seat: Seat) -> Situation | None:
        """Return what the agents are asked about; None while warming up. ``seat``: whose usual size costs are for."""
        physics, regime, volatility = watch.physics, watch.regime, watch.volatility
        value = self.broker.contract_value(watch.symbol)
        if physics is None or regime is None or volatility is None or value is None:
            return None
        instrument = self.broker.instruments[watch.symbol]
        terms = Terms(
            price=quote.mid,
            spread=quote.spread,
            quantity=self._lots(seat, quote, volatility * self.agents[seat.agent].temperament.stop_volatilities),
            days=LONGEST_HELD / 2 * watch.timeframe.seconds / _SECONDS_A_DAY,
            conversion=value / instrument.contract_size,
        )
        return Situation(
            symbol=watch.symbol,
            timeframe=seat.timeframe,
            regime=regime,
            physics=physics,
            volatility=volatility,
            friction=friction(instrument, terms),
        )

    def _act(self, now: datetime, seat: Seat, quote: Quote, decision: Decision, costs: Friction) -> Iterator[Entry]:
        refusal = self._send(now, seat, quote, decision, costs) if decision.opens else None
        signal = SignalGiven(
            asset=seat.symbol,
            stance=decision.stance,
            taken=decision.taken and refusal is None,
            confidence=decision.confidence,
            agent=seat.agent,
            timeframe=seat.timeframe,
            reason=decision.reason,
        )
        yield Entry(now, f"signal/{'/'.join(seat)}/{stamp(now)}", signal)
        if refusal is not None:
            yield refusal

    def _send(self, now: datetime, seat: Seat, quote: Quote, decision: Decision, costs: Friction) -> Entry | None:
        order = self._order(now, seat, quote, decision, costs)
        if order is None:
            fact = OrderRefused(asset=seat.symbol, reason="quantity_too_small", agent=seat.agent)
            return Entry(now, f"refused/{'/'.join(seat)}/{stamp(now)}", fact)
        self._numbers[seat.agent] += 1
        refusal = self.broker.submit(order)
        if refusal is None:
            self.agents[seat.agent].opened(order.id, decision)
            until = now + LONGEST_HELD * Timeframe[seat.timeframe].length
            self._held[order.id] = Held(seat, decision.virtual, until)
            self._taken.add((seat, decision.virtual))
        return refusal

    def _order(self, now: datetime, seat: Seat, quote: Quote, decision: Decision, costs: Friction) -> Order | None:
        direction = Direction(decision.stance.value)
        quantity = self._quantity(seat, quote, decision, costs.toward(direction))
        if quantity == 0:
            return None
        stop, target = (quote.mid * distance for distance in (decision.stop_distance, decision.target_distance))
        return Order(
            id=f"{seat.agent}-{self._numbers[seat.agent] + 1}",
            asset=seat.symbol,
            direction=direction,
            quantity=quantity,
            time=now,
            reference_price=quote.mid,
            stop=quote.mid - direction.sign * stop,
            take_profit=quote.mid + direction.sign * target,
            mode=VIRTUAL if decision.virtual else None,
            agent=seat.agent,
            timeframe=seat.timeframe,
            confidence=decision.confidence,
        )

    def _quantity(self, seat: Seat, quote: Quote, decision: Decision, cost: float) -> float:
        """Return lots that lose no more than the agent's risk at the stop, costs included.

        An imagined trade has the smallest lot at least.
        """
        quantity = self._lots(seat, quote, decision.stop_distance + cost)
        return max(quantity, self.broker.instruments[seat.symbol].smallest_lot) if decision.virtual else quantity

    def _lots(self, seat: Seat, quote: Quote, distance: float) -> float:
        """Return lots for the agent's risk at a distance, a share of the price.

        Or fewer, so that the margin suffices for as many trades as there may be.
        """
        instrument, equity = self.broker.instruments[seat.symbol], self.broker.equity
        value = self.broker.contract_value(seat.symbol) or instrument.contract_size
        share = self.agents[seat.agent].temperament.risk_share
        largest = equity * LARGEST_LEVERAGE / (quote.mid * value)
        return lots(equity, share, quote.mid * distance, value, instrument, largest)

    def _learn(self, now: datetime, fact: TradeClosed) -> list[Entry]:
        held = self._held.pop(fact.trade_id, None)
        if held is None:
            return []
        self._taken.discard((held.seat, held.is_virtual))
        pnl, risk = fact.pnl or 0.0, fact.initial_risk
        if risk:
            self.agents[held.seat.agent].closed(fact.trade_id, pnl / risk)
        if fact.mode == VIRTUAL:
            return []
        scratch = _SCRATCH * (fact.notional or 0.0)
        return self.risk.settle(now, held.seat.agent, won=pnl > scratch, lost=pnl < -scratch)
