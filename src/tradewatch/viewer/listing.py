"""Trades as a page lists them: filtered, the newest first, with what there is to choose from."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final

import msgspec

from tradewatch.facts import TradeClosed, TradeCorrected, TradeOpened
from tradewatch.viewer.trades import LedgerTrades, Told, closing_of, state_of, terms_of


class Listed(msgspec.Struct, frozen=True, kw_only=True):
    """A trade as a row of the page. Times in milliseconds since 1970; what is not known is None."""

    ledger: str
    system: str
    id: str
    state: str
    asset: str
    direction: str | None
    who: str | None
    timeframe: str | None
    mode: str | None
    regime: str | None
    opened: int | None
    closed: int | None
    quantity: float | None
    entry: float | None
    exit: float | None
    pnl: float | None
    currency: str | None
    reason: str | None
    corrected: bool

    @property
    def outcome(self) -> str:
        """``open``, ``voided``, ``win``, ``loss`` or ``scratch``."""
        if self.state != "closed" or self.pnl is None:
            return self.state
        return "win" if self.pnl > 0 else "loss" if self.pnl < 0 else "scratch"


class Listing(msgspec.Struct, frozen=True, kw_only=True):
    """A part of the trades that fit a filter, how many fit, and the values that each filter may have."""

    trades: Sequence[Listed]
    total: int
    choices: Mapping[str, Sequence[str]]
    problems: Sequence[str]


FILTERS: Final = ("ledger", "system", "asset", "who", "direction", "outcome", "mode")
MOST: Final = 5_000


def listing(ledgers: Sequence[LedgerTrades], wanted: Mapping[str, str], limit: int) -> Listing:
    """Return the open trades and then the newest of the closed ones that fit, ``limit`` at most."""
    every = [listed for ledger in ledgers for listed in _of_ledger(ledger)]
    fitting = [each for each in every if all(str(getattr(each, name)) == value for name, value in wanted.items())]
    fitting.sort(key=lambda each: (each.state != "open", -(each.closed or each.opened or 0)))
    return Listing(
        trades=fitting[:limit],
        total=len(fitting),
        choices={name: _values(every, name) for name in FILTERS},
        problems=[ledger.problem for ledger in ledgers if ledger.problem is not None],
    )


def _of_ledger(ledger: LedgerTrades) -> Iterable[Listed]:
    for trades in ledger.systems().values():
        for told in trades.trades.values():
            listed = row(told, ledger.path.name)
            if listed is not None:
                yield listed


def _values(trades: Sequence[Listed], name: str) -> Sequence[str]:
    return sorted({str(value) for each in trades if (value := getattr(each, name)) is not None})


def row(told: Told, ledger: str) -> Listed | None:
    """Return a trade as a row; None where only votes or scores are known of it."""
    terms, closing = terms_of(told), closing_of(told)
    if terms is None:
        return None
    opening = told.time(TradeOpened)
    opened = opening if opening is not None else closing.opened_at if closing else None
    return Listed(
        ledger=ledger,
        system=told.system,
        id=told.id,
        state=state_of(told),
        asset=terms.asset,
        direction=terms.direction,
        who=terms.agent or terms.engine or terms.strategy,
        timeframe=terms.timeframe,
        mode=terms.mode,
        regime=told.regime,
        opened=milliseconds(opened),
        closed=milliseconds(told.time(TradeClosed)),
        quantity=terms.quantity,
        entry=terms.entry_price,
        exit=closing.exit_price if closing else None,
        pnl=_pnl(closing),
        currency=terms.currency,
        reason=closing.exit_reason if closing else None,
        corrected=told.newest(TradeCorrected) is not None,
    )


def _pnl(closing: TradeClosed | None) -> float | None:
    if closing is None:
        return None
    return closing.pnl if closing.pnl is not None else closing.recomputed_pnl


def milliseconds(moment: datetime | None) -> int | None:
    """Return a moment in milliseconds since 1970."""
    return None if moment is None else round(moment.timestamp() * 1000)
