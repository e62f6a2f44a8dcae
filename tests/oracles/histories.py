"""Histories of an account: plain rows, the facts that tell them, and what pandas makes of the rows without our book."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from math import isfinite, sqrt
from operator import attrgetter
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats as scipy_stats

from tests.support.facts import MIDNIGHT, at, closed, opened
from tradewatch.catalog import Concept, concepts
from tradewatch.facts import Calendar, CashFlowed, Direction, Entry, EquityMarked, Fact, Mode, RunStarted

Returns = NDArray[np.float64]

DAY = 86_400


class Move(NamedTuple):
    """What happened at one moment: a trade closed (``side`` 1 bought, -1 sold, 0 none), money flowed, a valuation."""

    seconds: float
    side: int = 0
    quantity: float = 1.0
    entry: float = 100.0
    exit: float = 100.0
    fees: float = 0.0
    flow: float = 0.0
    unrealised: float | None = None

    @property
    def pnl(self) -> float:
        """Profit of the trade after its fees; 0 without one."""
        return (self.exit - self.entry) * self.side * self.quantity - self.fees if self.side else 0.0


class History(NamedTuple):
    """An account's starting equity and its moves, in order.

    ``begin``: when its run starts, seconds after the tests' midnight, which begins a Thursday.
    """

    start: float
    moves: Sequence[Move]
    calendar: Calendar = Calendar.EVERY_DAY
    begin: float = 0.0


def facts_of(history: History) -> Iterator[Entry]:
    """Yield a history as facts. One position stays open, so that what is unrealised stays until it is marked anew."""
    run = RunStarted(
        run_id="run",
        mode=Mode.PAPER,
        starting_equity=history.start,
        currency="USD",
        calendar=history.calendar,
    )
    yield at(history.begin, run)
    yield at(history.begin, opened("stays open"))
    balance, number = history.start, 0
    for seconds, step in groupby(history.moves, attrgetter("seconds")):
        moves = list(step)
        balance += sum(move.pnl for move in moves)
        for move in moves:
            number += 1
            for kind, fact in _told(number, move, balance):
                yield at(history.begin + seconds, fact, f"{kind}-{number}")
        balance += sum(move.flow for move in moves)


def _told(number: int, move: Move, balance: float) -> Iterator[tuple[str, Fact]]:
    """Yield a move's facts; ``balance``: after all trades and before all flows of its moment, as a valuation is."""
    if move.side:
        yield (
            "trade",
            closed(
                str(number),
                direction=Direction.BUY if move.side > 0 else Direction.SELL,
                quantity=move.quantity,
                entry_price=move.entry,
                exit_price=move.exit,
                fees=move.fees,
            ),
        )
    if move.unrealised is not None:
        yield "mark", EquityMarked(equity=balance + move.unrealised)
    if move.flow:
        yield "flow", CashFlowed(amount=move.flow)


# The oracle: rows in columns, vectorised.


def _rows(history: History) -> pd.DataFrame:
    rows = pd.DataFrame(history.moves, columns=Move._fields)
    rows["time"] = MIDNIGHT + pd.to_timedelta(rows["seconds"] + history.begin, unit="s")
    rows["pnl"] = ((rows["exit"] - rows["entry"]) * rows["quantity"] * rows["side"] - rows["fees"]).where(
        rows["side"] != 0, 0.0
    )
    return rows


def _steps(history: History) -> pd.DataFrame:
    """Return equity at the end of each moment, before and after its flow, and the growth since the moment before."""
    rows = _rows(history)
    rows["unrealised"] = rows["unrealised"].astype(float).ffill().fillna(0.0)
    steps = rows.groupby("time").agg({"pnl": "sum", "flow": "sum", "unrealised": "last"})
    earned = history.start + steps["pnl"].cumsum() + steps["unrealised"]
    flows = steps["flow"].cumsum()
    steps["earned"] = earned
    steps["equity"] = earned + flows.shift(fill_value=0.0)
    steps["after"] = earned + flows
    steps["growth"] = steps["equity"] / steps["after"].shift(fill_value=history.start)
    return steps


def returns_of(history: History) -> Returns:
    """Return the daily returns: flows removed as sub-period returns, days without facts filled, weekends rolled on."""
    steps, offset = _steps(history), pd.offsets.BDay(0)
    first = pd.Timestamp(MIDNIGHT) + pd.Timedelta(seconds=history.begin)
    days = pd.DatetimeIndex([first, *steps.index]).floor("D")
    if history.calendar is Calendar.WEEKDAYS:
        days = pd.DatetimeIndex([day + offset for day in days])
    every = pd.date_range(days[0], days[-1], freq="D" if history.calendar is Calendar.EVERY_DAY else "B")
    growth = pd.Series([1.0, *steps["growth"]], index=days)
    return growth.groupby(level=0).prod().reindex(every, fill_value=1.0).to_numpy(dtype=float) - 1


def expected_of(history: History) -> Mapping[Concept, float | None]:
    """Return what a book of this history must read."""
    account, returns = _of_account(history), returns_of(history)
    periods = history.calendar.days_a_year
    return {
        **_of_trades(_rows(history)),
        **account,
        **_of_returns(returns, periods, account[concepts.MAXIMUM_DRAWDOWN]),
        **_tail(returns[-periods:], account[concepts.EQUITY] or 0.0),
    }


def _of_trades(rows: pd.DataFrame) -> dict[Concept, float | None]:
    trades = rows[rows["side"] != 0]
    pnl = trades["pnl"]
    decided = trades[pnl.abs() > 1e-9 * trades["entry"] * trades["quantity"]]["pnl"]
    wins, losses = decided[decided > 0], decided[decided < 0]
    interval = scipy_stats.binomtest(len(wins), max(len(pnl), 1)).proportion_ci(method="wilson")
    return {
        concepts.CLOSED_TRADES: len(pnl),
        concepts.NET_PROFIT: pnl.sum(),
        concepts.EXPECTANCY: pnl.mean() if len(pnl) else None,
        concepts.WIN_RATE: len(wins) / len(pnl) if len(pnl) else None,
        concepts.WIN_RATE_LOWEST: interval.low if len(pnl) else None,
        concepts.WIN_RATE_HIGHEST: interval.high if len(pnl) else None,
        concepts.PROFIT_FACTOR: pnl[pnl > 0].sum() / -pnl[pnl < 0].sum() if len(losses) else None,
        concepts.PAYOFF_RATIO: wins.mean() / -losses.mean() if len(wins) and len(losses) else None,
    }


def _of_account(history: History) -> dict[Concept, float | None]:
    steps = _steps(history)
    level = pd.Series([1.0, *steps["growth"].cumprod()])
    drawdown = 1 - level / level.cummax()
    drawdown = drawdown.where(drawdown > 1e-12, 0.0)  # rounding
    earned = pd.Series([history.start, *steps["earned"]])
    fall = (earned.cummax() - earned).max()
    return {
        concepts.EQUITY: steps["after"].iloc[-1],
        concepts.MAXIMUM_DRAWDOWN: drawdown.max(),
        concepts.CURRENT_DRAWDOWN: drawdown.iloc[-1],
        concepts.LARGEST_FALL: fall,
        concepts.RECOVERY_FACTOR: _rows(history)["pnl"].sum() / fall if drawdown.any() else None,
    }


def _of_returns(returns: Returns, periods: int, fall: float | None) -> dict[Concept, float | None]:
    n, mean = len(returns), float(returns.mean())
    deviation = float(returns.std(ddof=1)) if n > 1 else 0.0
    downside = sqrt(np.mean(np.minimum(returns, 0.0) ** 2))
    with np.errstate(over="ignore"):
        cagr = float(np.prod(1 + returns) ** (periods / n) - 1)
    ratio = mean / deviation if deviation > 1e-14 * (1 + np.max(np.abs(returns))) else None
    return {
        concepts.RETURN_DAYS: n,
        concepts.SHARPE_RATIO: None if ratio is None else ratio * sqrt(periods),
        concepts.SORTINO_RATIO: mean / downside * sqrt(periods) if downside > 1e-14 else None,
        concepts.CAGR: cagr if isfinite(cagr) else None,
        concepts.CALMAR_RATIO: cagr / fall if fall and isfinite(cagr) else None,
        **_certainty(returns, ratio),
    }


def _tail(trailing: Returns, equity: float) -> dict[Concept, float | None]:
    quantile = np.quantile(trailing, 0.05, method="linear")
    risk, shortfall = max(0.0, -float(quantile)), max(0.0, -float(trailing[trailing <= quantile].mean()))
    defined = len(trailing) >= 20
    return {
        concepts.VALUE_AT_RISK_SHARE: risk if defined else None,
        concepts.VALUE_AT_RISK: risk * equity if defined else None,
        concepts.EXPECTED_SHORTFALL_SHARE: shortfall if defined else None,
        concepts.EXPECTED_SHORTFALL: shortfall * equity if defined else None,
    }


def _certainty(returns: Returns, ratio: float | None) -> dict[Concept, float | None]:
    if ratio is None or len(returns) < 4:
        return {concepts.PROBABILISTIC_SHARPE_RATIO: None, concepts.MINIMUM_TRACK_RECORD: None}
    skewness = float(scipy_stats.skew(returns, bias=False))
    kurtosis = float(scipy_stats.kurtosis(returns, bias=False, fisher=False))
    variance = 1 - skewness * ratio + (kurtosis - 1) / 4 * ratio**2
    probability = float(scipy_stats.norm.cdf(ratio * sqrt(len(returns) - 1) / sqrt(variance)))
    normal_95 = float(scipy_stats.norm.ppf(0.95))
    return {
        concepts.PROBABILISTIC_SHARPE_RATIO: probability,
        concepts.MINIMUM_TRACK_RECORD: 1 + variance * (normal_95 / ratio) ** 2 if ratio > 0 else None,
    }


# Histories of every awkward kind.


def _market(seed: int, days: int, trades_a_day: int, *, drift: float = 0.0, scale: float = 1.0) -> list[Move]:
    """Return moves of random sides, prices, quantities and fees; a mark every other day, a flow every tenth."""
    random = np.random.default_rng(seed)
    moves = []
    for day in range(days):
        for trade in range(trades_a_day):
            entry = float(random.uniform(50, 150))
            move = Move(
                seconds=day * DAY + (trade + 1) * 3_000,
                side=int(random.choice([-1, 1])),
                quantity=float(random.uniform(0.5, 2.0)) * scale,
                entry=entry,
                exit=entry * (1 + float(random.normal(drift, 0.02))),
                fees=float(random.uniform(0, 0.05)) * scale,
            )
            moves.append(move)
        if day % 2:
            moves.append(Move(seconds=day * DAY + 80_000, unrealised=float(random.normal(0, 5)) * scale))
        if day % 10 == 5:
            moves.append(Move(seconds=day * DAY + 82_000, flow=float(random.uniform(-300, 500)) * scale))
    return moves


def _trades(*pnl: float, every: float = DAY) -> list[Move]:
    """Return trades of one unit bought at 100, one each so many seconds."""
    return [Move(seconds=every * number + 60, side=1, exit=100.0 + each) for number, each in enumerate(pnl)]


_SATURDAY = 2 * DAY

HISTORIES: Mapping[str, History] = {
    "ten months, every day": History(1_000.0, _market(1, 300, 3)),
    "two years on weekdays, from a Saturday": History(1_000.0, _market(2, 730, 1), Calendar.WEEKDAYS, _SATURDAY),
    "weekdays, to a Sunday": History(1_000.0, _market(3, 25, 2), Calendar.WEEKDAYS, DAY),
    "one trade": History(1_000.0, _trades(12.5)),
    "one losing trade": History(1_000.0, _trades(-12.5)),
    "all wins": History(1_000.0, _trades(5.0, 1.25, 10.0, 2.5, 7.5)),
    "all losses": History(1_000.0, _trades(-5.0, -1.25, -10.0, -2.5, -7.5)),
    "scratches": History(1_000.0, _trades(0.0, 5.0, 0.0, -2.5, 1e-9, -1e-9, 0.0)),
    "a scratch and no loss": History(1_000.0, _trades(10.0, -1e-9)),
    "a loss on the first day": History(1_000.0, _trades(-50.0, 20.0, 10.0, 5.0, 40.0)),
    "constant returns": History(1_024.0, [*_trades(*(1_024.0 * 0.5**2 * 1.25**day for day in range(6)))]),
    "years without trades": History(1_000.0, _trades(20.0, -5.0, 12.5, -2.5, every=400 * DAY)),
    "many in one moment": History(
        1_000.0, [move._replace(seconds=60.0 * (number // 7)) for number, move in enumerate(_market(4, 40, 2))]
    ),
    "very small": History(1e-5, _market(5, 60, 2, scale=1e-8)),
    "very large": History(1e15, _market(6, 60, 2, scale=1e12)),
}
