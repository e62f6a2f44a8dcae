"""HYDRA's trader by itself, without terminal, clock and ledger."""

from datetime import datetime

from tests.support.guardians import MINUTE, step
from tests.support.runs import COINS
from tests.unit.systems.hydra.markets import bars
from tradewatch.facts import Entry, OrderRefused, Stance
from tradewatch.market.broker import PaperBroker
from tradewatch.systems.hydra.engines import MarketView, Vote
from tradewatch.systems.hydra.guardian.guardian import Guardian
from tradewatch.systems.hydra.regime_detector import RegimeDetector
from tradewatch.systems.hydra.trader import Trader

ASSET = "BTC-USD"
EQUITY = 10_000.0


class Buyer:
    """An engine that always buys."""

    def vote(self, _: MarketView) -> Vote:
        return Vote(Stance.BUY, 1.0, "")


def with_a_waiting_order() -> tuple[Trader, datetime]:
    """Return a trader that has just sent an order, and when that was."""
    coins = {ASSET: COINS[ASSET]}
    buyers = {"X": Buyer(), "Y": Buyer()}
    trader = Trader(PaperBroker(coins, "USD", EQUITY), RegimeDetector(coins, 60.0), buyers, Guardian(EQUITY), MINUTE)
    seen = bars(ASSET)[:200]
    for bar in seen:
        trader.settle(bar.time, bar)
        trader.observe(bar)
    now = seen[-1].time
    trader.guard(now)
    assert list(trader.decide(now, [ASSET]))
    assert [order.asset for order in trader.broker.waiting] == [ASSET]
    return trader, now


def refusals(entries: list[Entry]) -> list[tuple[str, str]]:
    return [(entry.id, entry.fact.reason) for entry in entries if isinstance(entry.fact, OrderRefused)]


def test_an_order_that_waits_is_let_be_while_trading_goes_on() -> None:
    trader, now = with_a_waiting_order()
    trader.guardian.take(step(now + MINUTE, EQUITY))
    assert list(trader.take_back(now + 5 * MINUTE)) == []
    assert refusals(list(trader.take_back(now + 6 * MINUTE))) == [("refused/hydra-1/no_price", "no_price")]


def test_an_order_that_still_waits_when_trading_halts_is_taken_back() -> None:
    trader, now = with_a_waiting_order()
    trader.guardian.take(step(now + MINUTE, 0.975 * EQUITY))
    assert refusals(list(trader.take_back(now + MINUTE))) == [("refused/hydra-1/daily_loss", "daily_loss")]
    assert (trader.broker.waiting, list(trader.take_back(now + MINUTE))) == ([], [])
    assert trader.state()["held"] == {}
