"""What the first rows of a history tell of each asset, before it is replayed."""

import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import islice
from statistics import median

from msgspec import Struct

from tradewatch.errors import ConfigurationError, SourceError
from tradewatch.market.bars import Bar, Timeframe
from tradewatch.market.instruments import Instrument
from tradewatch.market.replay_files import PriceFile
from tradewatch.market.replay_values import Refusal

SURVEYED = 5_000
"""Usable rows that are looked at, in a file of one asset; a file that names assets in a column is read to its end."""

_SIGNIFICANT = 10
_MOST_DIGITS = 12
_SEPARATED = re.compile(r"([^-_/]+)[-_/]([^-_/:]+)")
_QUOTES = ("USDT", "USDC", "USD", "EUR", "GBP", "JPY", "BTC", "ETH")
_SECONDS_A_YEAR = 365 * 86_400.0


class Survey(Struct, kw_only=True):
    """An asset's first rows in a file.

    ``interval``: seconds of the smallest step, infinite while there is none, and a minute for ticks, which become
    such bars; ``spreads``: of each.
    """

    price: float
    digits: int = 0
    interval: float = math.inf
    squares: float = 0.0
    seconds: float = 0.0
    spreads: list[float] = []
    newest: Bar

    def see(self, bar: Bar) -> None:
        """Take the next row."""
        self.digits = max(self.digits, _digits(bar.close), _digits(bar.open))
        if len(self.spreads) < SURVEYED:
            self.spreads.append(bar.spread)
        step = (bar.time - self.newest.time).total_seconds()
        if step > 0:
            self.interval = min(self.interval, step)
            self.seconds += step
            self.squares += math.log(bar.close / self.newest.close) ** 2
        self.newest = bar

    @property
    def volatility(self) -> float:
        """The deviation of a year's log returns, with a mean of nothing; 0 for a single row."""
        return math.sqrt(self.squares / self.seconds * _SECONDS_A_YEAR) if self.seconds else 0.0


_NO_LIMIT = 1e12
"""Lots of an asset whose terms nobody told."""


def surveyed(files: Sequence[PriceFile]) -> dict[str, list[Survey]]:
    """Return each asset's surveys, one a file, in order of assets.

    Raises `SourceError` for a file without a usable row.
    """
    surveys: dict[str, list[Survey]] = {}
    for file in files:
        for asset, survey in _survey(file).items():
            surveys.setdefault(asset, []).append(survey)
    return dict(sorted(surveys.items()))


def interval_of(asset: str, surveys: Sequence[Survey]) -> float:
    """Return how long an asset's bars are, in seconds.

    Raises `ConfigurationError` where its files differ, and where there is no step from one row to the next.
    """
    steps = sorted({survey.interval for survey in surveys} - {math.inf})
    if len(steps) == 1:
        return steps[0]
    found = f"bars of {' and '.join(f'{step:g}' for step in steps)} seconds" if steps else "a single row"
    message = f"{asset} has {found}, which does not tell how long its bars are: give files of one kind, or the interval"
    raise ConfigurationError(message)


def instrument(asset: str, surveys: Sequence[Survey], spread_points: float, quote_currency: str) -> Instrument:
    """Return terms that the data tell: digits as many as are written, contracts of one unit, no fees.

    ``spread_points``: where no column tells a spread; ``quote_currency``: where the asset's name tells none.
    """
    base, quote = currencies(asset)
    survey, digits = surveys[0], max(survey.digits for survey in surveys)
    told = [each for each in survey.spreads if each >= 0]
    return Instrument(
        symbol=asset,
        digits=digits,
        contract_size=1.0,
        base_currency=base,
        quote_currency=quote or quote_currency,
        spread_points=round(median(told) * 10**digits, 3) if told else spread_points,
        price=survey.price,
        volatility=survey.volatility,
        largest_lot=_NO_LIMIT,
    )


def currencies(asset: str) -> tuple[str, str]:
    """Return what an asset's name says is bought and in what it is paid, empty where it does not.

    >>> currencies("ADA/BTC"), currencies("BTC-USD"), currencies("SOLUSDT"), currencies("EURCHF"), currencies("US500")
    (('ADA', 'BTC'), ('BTC', 'USD'), ('SOL', 'USDT'), ('EUR', 'CHF'), ('', ''))
    """
    if separated := _SEPARATED.match(asset):
        return separated[1], separated[2]
    letters = asset.rstrip("+")
    ending = next((each for each in _QUOTES if letters.endswith(each) and len(letters) > len(each)), None)
    if ending is None and len(letters) == len("EURCHF") and letters.isalpha():
        ending = letters[3:]
    return (letters.removesuffix(ending), ending) if ending else ("", "")


def _survey(file: PriceFile) -> dict[str, Survey]:
    surveys: dict[str, Survey] = {}
    for bar in _first_rows(file):
        surveys.setdefault(bar.asset, Survey(price=bar.close, newest=bar)).see(bar)
    for survey in surveys.values() if file.has_ticks else ():
        survey.interval = Timeframe.M1.seconds
    return surveys


def _first_rows(file: PriceFile) -> Iterator[Bar]:
    refused: Counter[Refusal] = Counter()
    rows = file.told(refused)
    first = next(rows, None)
    if first is None:
        reasons = ", ".join(f"{count} {reason.value}" for reason, count in refused.items()) or "there are none"
        message = f"{file.path} has no row that can be used: {reasons}{_mend(refused)}"
        raise SourceError(message)
    yield first
    yield from rows if file.has_assets else islice(rows, SURVEYED - 1)


def _mend(refused: Mapping[Refusal, int]) -> str:
    if Refusal.TIME_WITHOUT_ZONE in refused:
        return "; say which zone its times are in"
    return "; export the prices again"


def _digits(price: float) -> int:
    """Return the decimals of a price, without the noise that binary fractions bring (0.000052900000000000005)."""
    exponent = Decimal(f"{price:.{_SIGNIFICANT}g}").normalize().as_tuple().exponent
    return min(_MOST_DIGITS, max(0, -int(exponent)))
