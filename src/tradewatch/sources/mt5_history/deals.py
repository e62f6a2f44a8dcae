"""The deals of a MetaTrader 5 account: what each changed, and the money that came and went."""

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime, tzinfo
from functools import partial
from typing import NamedTuple

from tradewatch.facts import CashFlowed, Entry
from tradewatch.sources.mt5_history.tables import Table
from tradewatch.sources.mt5_history.text import Row
from tradewatch.sources.mt5_history.values import moment, number
from tradewatch.sources.source import Reason
from tradewatch.sources.telling import Fault, Field, Record, values_of

TRADES = frozenset({"buy", "sell"})
COSTS = ("Commission", "Fee", "Swap")
"""Columns of what a trade cost, negative where it did."""

_CASH = frozenset({"balance", "correction"})
_DIGITS = 8
"""Of sums of money: sums of decimals are not exact in binary, and no account has more."""


class Deal(NamedTuple):
    """A row of the table. ``values``: its columns, typed. ``amount``: what it changed of the balance."""

    row: Row
    kind: str
    time: datetime
    number: str
    amount: float
    values: Record


class Money(NamedTuple):
    """What the deals say of an account: what it began with, what came and went, and the sums of other kinds."""

    starting_equity: float | None
    flows: tuple[Entry, ...]
    others: dict[str, float]


def deals_of(table: Table, zone: tzinfo) -> Iterator[Deal | tuple[Row, Fault]]:
    """Yield the deals of a table, and what is wrong with the rows that are none."""
    fields = (
        Field("Time", "Time", partial(moment, zone=zone)),
        Field("Deal", "Deal", str),
        Field("Type", "Type", str.lower),
        *(Field(name, name, str) for name in ("Symbol", "Direction", "Order", "Position", "Comment")),
        *(Field(name, name, number) for name in ("Volume", "Price", *COSTS, "Profit", "Balance")),
    )
    for row in table.rows:
        values = values_of(fields, partial(_cell, table, row))
        if isinstance(values, Fault):
            yield row, values
        elif values.keys() >= {"Deal", "Type"}:
            amount = total(values, *COSTS, "Profit")
            yield Deal(row, values["Type"], values["Time"], values["Deal"], amount, values)
        else:
            yield row, Fault("Deal" if "Type" in values else "Type", "", Reason.MISSING)


def money_of(deals: Sequence[Deal]) -> Money:
    """Return what deals in order of time say of an account; one that was empty begins with its first deposit."""
    flows = [deal for deal in deals if deal.kind in _CASH]
    starting_equity = _balance_before(deals[0]) if deals else None
    if flows and deals[0] is flows[0] and starting_equity == 0:
        starting_equity = flows.pop(0).amount
    others: defaultdict[str, float] = defaultdict(float)
    for deal in deals:
        if deal.kind not in _CASH | TRADES:
            others[deal.kind] += deal.amount
    is_told = starting_equity is not None and starting_equity > 0
    return Money(starting_equity if is_told else None, tuple(map(_flow, flows)), dict(others))


def total(record: Record, *names: str) -> float:
    """Return the sum of the amounts that are there."""
    return round(math.fsum(record.get(name, 0.0) for name in names), _DIGITS)


def _cell(table: Table, row: Row, field: Field) -> str | None:
    return table.cell(row, field.theirs)


def _balance_before(deal: Deal) -> float | None:
    balance = deal.values.get("Balance")
    return None if balance is None else round(balance - deal.amount, _DIGITS)


def _flow(deal: Deal) -> Entry:
    fact = CashFlowed(amount=deal.amount, reason=deal.values.get("Comment", deal.kind))
    return Entry(deal.time, f"deal-{deal.number}/cash", fact)
