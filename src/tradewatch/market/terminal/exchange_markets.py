"""An exchange's markets as our assets, and their terms."""

import logging
import math
from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from difflib import get_close_matches
from typing import Any

from tradewatch.market.instruments import CRYPTO, Instrument
from tradewatch.market.terminal.exchange_candles import number
from tradewatch.market.terminal.terminal import TerminalRefused

# Any: ccxt's mappings, as an exchange told them.
Market = Mapping[str, Any]
Ticker = Mapping[str, Any]

_log = logging.getLogger(__name__)

_DOLLAR = "USD"
_LIKE_A_SMALL_COIN = CRYPTO["DOT-USD"]
"""Whose terms, as shares of the price, are taken for an asset that we have none of."""

_SIGNIFICANT_DIGITS, _TICK_SIZE = 3, 4
"""How ccxt writes a precision: in digits that are not leading zeroes, or as the smallest step; else in decimals."""

_MOST_DIGITS = 12


def markets_of(
    exchange: str, assets: Iterable[str], markets: Mapping[str, Market], dollars: tuple[str, ...]
) -> dict[str, Market]:
    """Return the spot market of each asset; an asset in dollars is traded in the first of ``dollars`` that there is.

    Raises `TerminalRefused` naming the first asset that the exchange does not have, and some that it has.
    """
    spot = {name: each for name, each in markets.items() if each.get("spot") and each.get("active") is not False}
    chosen = {asset: _market(asset, spot, dollars) for asset in assets}
    for asset, market in chosen.items():
        if market is None:
            code = "unknown_symbol"
            raise TerminalRefused(code, f"{exchange} has no market for {asset}: it has {_some(asset, spot, dollars)}")
    return {asset: market for asset, market in chosen.items() if market is not None}


def tell(exchange: str, markets: Mapping[str, Market]) -> None:
    """Say in the log which assets are traded in something else than what they are called after."""
    for asset, market in markets.items():
        if asset.replace("-", "/") != market["symbol"]:
            _log.warning("%s is %s on %s, counted as if it were dollars", asset, market["symbol"], exchange)
        if asset not in CRYPTO:
            _log.warning("slippage and swap of %s are not known: a small coin's are used", asset)


def _market(asset: str, markets: Mapping[str, Market], dollars: tuple[str, ...]) -> Market | None:
    base, _, quote = asset.partition("-")
    quotes = dollars if quote == _DOLLAR else (quote,)
    return next((markets[name] for each in quotes if (name := f"{base}/{each}") in markets), None)


def _some(asset: str, markets: Mapping[str, Market], dollars: tuple[str, ...]) -> str:
    """Return a few assets that there are: those that look like the one that is not, else well-known ones."""
    there = {
        f"{each['base']}-{_DOLLAR if each['quote'] in dollars else each['quote']}": None for each in markets.values()
    }
    known = [each for each in CRYPTO if each in there]
    return ", ".join(get_close_matches(asset, there, n=3) or known[:4] or list(there)[:4]) or "none at all"


def instrument(asset: str, market: Market, ticker: Ticker, precision_mode: int) -> Instrument:
    """Return an asset's terms: digits, lots and fee as the exchange tells them, the spread as it is now.

    What it does not tell is as for our own assets, in shares of the price. Raises `TerminalRefused` where nothing
    tells a price.
    """
    known = CRYPTO.get(asset, _LIKE_A_SMALL_COIN)
    price = _price(ticker) or (known.price if asset in CRYPTO else None)
    if price is None:
        code = "bad_answer"
        raise TerminalRefused(code, f"the exchange tells no price of {asset}: leave it out")
    digits = _digits(market, precision_mode, price, known)
    points_of = price / known.price * 10.0 ** (digits - known.digits)
    spread = spread_of(ticker)
    return replace(
        known,
        symbol=asset,
        base_currency=asset.partition("-")[0],
        quote_currency=asset.partition("-")[2],
        digits=digits,
        price=price,
        spread_points=round(known.spread_points * points_of if spread is None else spread * 10.0**digits, 6),
        swap_long_points=known.swap_long_points * points_of,
        slippage_points=known.slippage_points * points_of,
        commission_rate=_or(number(market.get("taker")), known.commission_rate, least=0.0),
        **_lots(market, precision_mode, known),
    )


def spread_of(ticker: Ticker) -> float | None:
    """Return ask - bid; None where they are missing or crossed."""
    bid, ask = number(ticker.get("bid")), number(ticker.get("ask"))
    return ask - bid if 0 < bid <= ask < math.inf else None


def _price(ticker: Ticker) -> float | None:
    told = (number(ticker.get(each)) for each in ("last", "close", "bid"))
    return next((each for each in told if 0 < each < math.inf), None)


def _digits(market: Market, mode: int, price: float, known: Instrument) -> int:
    told = number((market.get("precision") or {}).get("price"))
    if not 0 <= told < math.inf:
        return known.digits
    digits = _decimals(told, mode)
    if mode == _SIGNIFICANT_DIGITS:
        digits -= 1 + math.floor(math.log10(price))
    return min(max(digits, 0), _MOST_DIGITS)


def _decimals(told: float, mode: int) -> int:
    """Return the decimals that a step of this size needs, or that were told.

    >>> [_decimals(step, _TICK_SIZE) for step in (0.1, 0.05, 1e-05, 10.0)], _decimals(2.0, 2)
    ([1, 2, 5, -1], 2)
    """
    if mode != _TICK_SIZE or not told:
        return int(told)
    return -int(Decimal(repr(told)).normalize().as_tuple().exponent)


def _lots(market: Market, mode: int, known: Instrument) -> dict[str, float]:
    told = number((market.get("precision") or {}).get("amount"))
    step = told if mode == _TICK_SIZE else 10.0**-told
    limits = (market.get("limits") or {}).get("amount") or {}
    return {
        "lot_step": _or(step, known.lot_step, least=10.0**-_MOST_DIGITS),
        "smallest_lot": _or(number(limits.get("min")), known.smallest_lot, least=10.0**-_MOST_DIGITS),
        "largest_lot": _or(number(limits.get("max")), known.largest_lot, least=10.0**-_MOST_DIGITS),
    }


def _or(told: float, known: float, *, least: float) -> float:
    return told if least <= told < math.inf else known
