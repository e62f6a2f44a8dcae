"""A trader that tries all that a paper broker can do, at random."""

import math
import random

from tests.support.trading import ask_to_close, bar, order
from tradewatch.facts import VIRTUAL, Direction, Entry
from tradewatch.market.broker import PaperBroker


def chance(seed: int) -> random.Random:
    """Return a generator of chance for a trader."""
    return random.Random(seed)  # noqa: S311 - chance, not a secret


def trade(broker: PaperBroker, randomness: random.Random, minute: int) -> list[Entry]:
    """Do what a busy trader might do in a minute, one that lasts a quarter of a day; return the facts."""
    told: list[Entry | None] = []
    for asset, price in (("EURUSD+", 1.1), ("USDJPY", 150.0), ("EURJPY", 165.0), ("BTCUSD", 50_000.0)):
        levels = sorted(price * math.exp(randomness.gauss(0.0, 0.01)) for _ in range(4))
        first, last = randomness.sample(levels, 2)
        told += broker.on_bar(bar(asset, minute * 360, (first, levels[-1], levels[0], last), spread=price * 1e-4))
        side = randomness.choice((1, -1))
        asked = order(
            f"{asset}-{minute}",
            asset,
            Direction.BUY if side > 0 else Direction.SELL,
            randomness.choice((0.02, 0.05, 0.015)),
            last,
            time=bar("", minute * 360, 1.0).time,
            stop=last * (1 - side * 0.02),
            take_profit=last * (1 + side * 0.03),
            mode=randomness.choice((None, VIRTUAL)),
        )
        told.append(broker.submit(asked))
    for position in broker.positions:
        broker.move_stop(position.trade_id, position.entry_price * randomness.uniform(0.98, 1.02))
        if randomness.random() < 0.2:
            ask_to_close(broker, position.trade_id, minute * 360, quantity=randomness.choice((None, 0.01)))
    if randomness.random() < 0.05:
        told.append(broker.deposit(randomness.gauss(0.0, 100.0), time=bar("", minute * 360, 1.0).time))
    return [*(each for each in told if each is not None), broker.mark(bar("", minute * 360, 1.0).time)]
