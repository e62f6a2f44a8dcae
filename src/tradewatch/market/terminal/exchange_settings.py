"""What an exchange is asked, and how patiently."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from tradewatch.errors import ConfigurationError
from tradewatch.market.bars import Timeframe
from tradewatch.market.terminal.exchange_line import TIMEFRAMES
from tradewatch.market.terminal.exchange_package import Exchange


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangeSettings:
    """What is asked, and how patiently.

    ``exchange``: under ccxt's name. ``assets``: such as ``BTC-USD``. ``dollars``: what an asset in USD may be traded
    in, the first that the exchange has. ``deadline``: of all that is asked in one cycle, a third of the interval or so;
    ``timeout``: of one request. ``balance``: of the account on paper, USD. ``given``: settings for ccxt's object as
    they are, such as a proxy or another address.
    """

    exchange: str
    assets: tuple[str, ...]
    dollars: tuple[str, ...] = ("USD", "USDT", "USDC")
    deadline: timedelta = timedelta(seconds=20)
    timeout: timedelta = timedelta(seconds=10)
    balance: float = 10_000.0
    given: Mapping[str, Any] = field(default_factory=dict)  # Any: ccxt's

    @property
    def feed(self) -> str:
        """How a person asks for it."""
        return f"--feed ccxt:{self.exchange}"


def timeframes_of(settings: ExchangeSettings, described: Exchange) -> tuple[Timeframe, ...]:
    """Return those that an exchange has candles of; raises `ConfigurationError` where there are none of a minute."""
    names = described.timeframes or ()
    if described.has.get("fetchOHLCV") is not True or TIMEFRAMES[Timeframe.M1] not in names:
        message = f"{settings.feed} cannot be used: it offers no bars of a minute; give another exchange"
        raise ConfigurationError(message)
    return tuple(each for each, name in TIMEFRAMES.items() if name in names)


def given_of(settings: ExchangeSettings, described: Exchange) -> dict[str, Any]:  # Any: ccxt's settings
    """Return what ccxt's object is made with: its own rate limiter, the machine's proxies and certificates, no keys."""
    options: dict[str, Any] = {"include_OS_certificates": True}  # Any: ccxt's
    markets = described.options.get("fetchMarkets")
    if isinstance(markets, dict) and "spot" in markets.get("types", ()):
        options["fetchMarkets"] = {"types": ["spot"]}  # thousands of others would be asked for and kept
    return {
        "enableRateLimit": True,
        "timeout": int(settings.timeout.total_seconds() * 1000),
        "timeout_on_exit": 10,
        "aiohttp_trust_env": True,
        "options": options,
    } | dict(settings.given)
