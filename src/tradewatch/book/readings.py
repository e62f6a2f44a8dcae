"""Every concept that can be read of a book, and how."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from math import isfinite

from tradewatch.book.account import Account
from tradewatch.book.batch import Labels
from tradewatch.book.checks import checks
from tradewatch.book.curve import EquityCurve
from tradewatch.book.groups import Values
from tradewatch.book.moment import Moment
from tradewatch.book.observed import OBSERVED
from tradewatch.book.periods import PeriodRatios
from tradewatch.book.reading import Reading
from tradewatch.book.trades import Trades
from tradewatch.book.wanted import TRADE_CONCEPTS
from tradewatch.catalog import Concept, Population, concepts, conduct
from tradewatch.facts import Severity


def read(
    moment: Moment,
    concept: Concept,
    labels: Labels,
    population: Population = Population.REAL,
    among: Iterable[Values] | None = None,
) -> Sequence[Reading]:
    """Return what is defined of a concept now, by label values; raises KeyError on one that no book has.

    ``population``: of which trades, and ``among`` which groups of them, where it is about closed trades; None is all.
    What is too large for a float is undefined.
    """
    found: Iterable[Reading]
    if concept in TRADE_CONCEPTS:
        found = _of_trades(moment.account, moment.book.trades_of(population), concept, labels, among)
    else:
        found = _readings(moment, concept, labels)
    return [reading for reading in found if isfinite(reading.value)]


def _of_trades(
    account: Account, trades: Trades, concept: Concept, labels: Labels, among: Iterable[Values] | None
) -> Sequence[Reading]:
    if concept is not concepts.NET_PROFIT_SHARE:
        return trades.readings(concept, labels, among)
    if (start := account.starting_equity) is None:
        return ()
    profits = trades.readings(concepts.NET_PROFIT, labels, among)
    return [Reading(values, profit / start) for values, profit in profits]


def _readings(moment: Moment, concept: Concept, labels: Labels) -> Iterable[Reading]:
    if concept in _BY_LABELS:
        return _BY_LABELS[concept](moment, labels)
    if concept in OBSERVED:
        return OBSERVED[concept](moment.book, moment.at)
    value = SINGLE[concept](moment)
    return () if value is None else (Reading((), value),)


def value(moment: Moment, concept: Concept) -> float | None:
    """Return a concept's value without labels, None while it is undefined."""
    return next((reading.value for reading in read(moment, concept, ())), None)


def _errors(moment: Moment, _labels: Labels) -> Iterator[Reading]:
    """Yield each component's errors of every severity: the first one is a step that can be seen."""
    errors = moment.book.activity.errors
    for component in sorted({component for _, component in errors}):
        for severity in Severity:
            yield Reading((severity.value, component), errors[severity.value, component])


def _run(moment: Moment, _labels: Labels) -> Iterator[Reading]:
    mode, days = moment.book.activity.mode, str(moment.account.calendar.days_a_year)
    if mode is not None:
        yield Reading((moment.book.activity.version, mode.value, moment.account.currency or "", days), 1)


def _monthly_returns(moment: Moment, _labels: Labels) -> Iterator[Reading]:
    curve = moment.account.curve
    if curve is not None and not curve.is_ruined and curve.days.ratios.is_defined:
        for (year, month), growth in curve.days.months.items():
            yield Reading((str(year), f"{month:02}"), growth - 1)


def _open_trades(moment: Moment, labels: Labels) -> Iterator[Reading]:
    """Yield how many trades are open, 0 for label values that have had some."""
    trades, is_known = moment.book.trades, labels in moment.book.trades.combinations()
    counts = Counter[Labels](dict.fromkeys(trades.of(labels) if is_known else (), 0))
    for values, count in moment.book.positions.count_by(labels).items():
        counts[trades.admitted(labels, values) if is_known else values] += count
    yield from (Reading(values, count) for values, count in counts.items())


def _account(moment: Moment, _labels: Labels) -> Iterator[Reading]:
    mode = moment.book.activity.mode
    days = str(moment.account.calendar.days_a_year)
    yield Reading((moment.account.currency or "", mode.value if mode else "", days), 1)


def _checks(moment: Moment, _labels: Labels) -> Iterator[Reading]:
    yield from checks(moment.book.trades, moment.account, moment.book.engines)


_BY_LABELS: Mapping[Concept, Callable[[Moment, Labels], Iterator[Reading]]] = {
    concepts.ERRORS: _errors,
    concepts.OPEN_TRADES: _open_trades,
    concepts.ACCOUNT: _account,
    concepts.RUN: _run,
    concepts.MONTHLY_RETURN: _monthly_returns,
    concepts.RECONCILIATION_ERROR: _checks,
}

Single = Callable[[Moment], float | None]


def _of_curve(get: Callable[[EquityCurve], float | None]) -> Single:
    return lambda moment: None if moment.account.curve is None else get(moment.account.curve)


def _of_ratios(get: Callable[[PeriodRatios], float | None]) -> Single:
    """Read a ratio of returns; there is none after ruin."""

    def of_curve(curve: EquityCurve) -> float | None:
        ratios = curve.days.ratios
        return None if curve.is_ruined or not ratios.is_defined else get(ratios)

    return _of_curve(of_curve)


def _per_equity(get: Callable[[Moment], float]) -> Single:
    def divided(moment: Moment) -> float | None:
        equity = moment.account.equity
        return get(moment) / equity if equity is not None and equity > 0 else None

    return divided


def _in_money(share: Single) -> Single:
    def amount(moment: Moment) -> float | None:
        found, equity = share(moment), moment.account.equity
        return None if found is None or equity is None else found * equity

    return amount


def _drawdown_seconds(moment: Moment) -> float | None:
    return None if moment.account.curve is None else moment.account.curve.below_peak.current_at(moment.at.timestamp())


def _longest_drawdown(moment: Moment) -> float | None:
    current = _drawdown_seconds(moment)
    if moment.account.curve is None or current is None:
        return None
    return max(moment.account.curve.below_peak.value or 0.0, current)


def _daily_profit_share(curve: EquityCurve) -> float | None:
    return curve.today.profit / curve.today.start if curve.today.start > 0 else None


def _recovery_factor(moment: Moment) -> float | None:
    fall = value(moment, concepts.LARGEST_FALL) if value(moment, concepts.MAXIMUM_DRAWDOWN) else None
    return (value(moment, concepts.NET_PROFIT) or 0.0) / fall if fall else None


def _calmar(moment: Moment) -> float | None:
    growth, fall = value(moment, concepts.CAGR), value(moment, concepts.MAXIMUM_DRAWDOWN)
    return growth / fall if growth is not None and fall else None


def _system_status(moment: Moment) -> float | None:
    alive = moment.book.activity.is_alive(moment.at)
    return None if alive is None else float(alive)


def _last_heartbeat(moment: Moment) -> float | None:
    last = moment.book.activity.last_heartbeat
    return None if last is None else last.timestamp()


def _loss_budget_used(moment: Moment) -> float | None:
    profit, limit = value(moment, concepts.DAILY_PROFIT_SHARE), moment.book.activity.limits.get(_DAILY_LOSS)
    return max(0.0, -profit) / limit if profit is not None and limit else None


_DAILY_LOSS = "daily_loss"
"""The limit whose use is told."""

_VALUE_AT_RISK_SHARE = _of_ratios(lambda ratios: ratios.risk.value)
_EXPECTED_SHORTFALL_SHARE = _of_ratios(lambda ratios: ratios.risk.expected_shortfall)

SINGLE: Mapping[Concept, Single] = {
    concepts.TRADES_CORRECTED: lambda moment: moment.book.intake.folded["trade_corrected"],
    concepts.TRADES_VOIDED: lambda moment: moment.book.intake.folded["trade_voided"],
    concepts.WIN_RATE_24H: lambda moment: moment.book.trades.last_day(moment.at).value,
    concepts.STARTING_EQUITY: lambda moment: moment.account.starting_equity,
    concepts.CASH_FLOWS: lambda moment: moment.account.flows.value,
    concepts.BALANCE: lambda moment: moment.account.balance,
    concepts.PEAK_BALANCE: lambda moment: moment.account.peak_balance,
    concepts.EQUITY: lambda moment: moment.account.equity,
    concepts.CURRENT_DRAWDOWN: _of_curve(lambda curve: curve.drawdown.current),
    concepts.MAXIMUM_DRAWDOWN: _of_curve(lambda curve: curve.drawdown.value),
    concepts.LARGEST_FALL: _of_curve(lambda curve: curve.fall.value),
    concepts.DRAWDOWN_SECONDS: _drawdown_seconds,
    concepts.LONGEST_DRAWDOWN_SECONDS: _longest_drawdown,
    concepts.RECOVERY_FACTOR: _recovery_factor,
    concepts.DAILY_PROFIT: _of_curve(lambda curve: curve.today.profit),
    concepts.DAILY_PROFIT_SHARE: _of_curve(_daily_profit_share),
    concepts.DAILY_DRAWDOWN: _of_curve(lambda curve: curve.today.drawdown),
    concepts.EXPOSURE: _per_equity(lambda moment: moment.book.positions.gross),
    concepts.NET_EXPOSURE: _per_equity(lambda moment: moment.book.positions.net),
    concepts.LARGEST_EXPOSURE: _per_equity(lambda moment: moment.book.positions.largest),
    concepts.RUIN: _of_curve(lambda curve: float(curve.is_ruined)),
    concepts.RETURN_DAYS: _of_curve(lambda curve: curve.days.ratios.days),
    concepts.SHARPE_RATIO: _of_ratios(lambda ratios: ratios.sharpe.value),
    concepts.SORTINO_RATIO: _of_ratios(lambda ratios: ratios.sortino.value),
    concepts.CAGR: _of_ratios(lambda ratios: ratios.growth.value),
    concepts.CALMAR_RATIO: _calmar,
    concepts.VALUE_AT_RISK_SHARE: _VALUE_AT_RISK_SHARE,
    concepts.VALUE_AT_RISK: _in_money(_VALUE_AT_RISK_SHARE),
    concepts.EXPECTED_SHORTFALL_SHARE: _EXPECTED_SHORTFALL_SHARE,
    concepts.EXPECTED_SHORTFALL: _in_money(_EXPECTED_SHORTFALL_SHARE),
    concepts.PROBABILISTIC_SHARPE_RATIO: _of_ratios(lambda ratios: ratios.certainty.value),
    concepts.MINIMUM_TRACK_RECORD: _of_ratios(lambda ratios: ratios.certainty.minimum_track_record),
    concepts.SYSTEM_STATUS: _system_status,
    concepts.UPTIME: lambda moment: moment.book.activity.uptime(moment.at),
    concepts.LAST_HEARTBEAT_TIME: _last_heartbeat,
    conduct.LOSS_BUDGET_USED: _loss_budget_used,
    conduct.QUERY_SECONDS: lambda moment: moment.query_seconds,
}
