"""Trades from a backtest result of freqtrade.

Its fields: https://www.freqtrade.io/en/stable/backtesting/ and ``BT_DATA_COLUMNS`` in its source.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

from tradewatch.errors import ConfigurationError
from tradewatch.facts import Direction
from tradewatch.facts.bounds import LARGEST
from tradewatch.sources.file import require_file
from tradewatch.sources.freqtrade_file import BacktestedTrade, Strategy, read_strategies
from tradewatch.sources.json_values import moment, number, price_if_set, text, truth
from tradewatch.sources.numbering import numbered
from tradewatch.sources.source import WHOLE_ROW, BadRow, Contents, Options, Reason
from tradewatch.sources.telling import Fault, Field, Record, Told, tell, values_of

_AT_OPENING = (
    Field("asset", "pair", text),
    Field("quantity", "amount", number),
    Field("entry_price", "open_rate", number),
    Field("opened_at", "open_date", moment),
    Field("is_short", "is_short", truth),
    Field("stop", "initial_stop_loss_abs", price_if_set),
    Field("tag", "enter_tag", text),
)
_AT_CLOSING = (
    Field("exit_price", "close_rate", number),
    Field("closed_at", "close_date", moment),
    Field("fee_open", "fee_open", number),
    Field("fee_close", "fee_close", number),
    Field("funding_fees", "funding_fees", number),
    Field("pnl", "profit_abs", number),
    Field("exit_reason", "exit_reason", text),
    Field("min_rate", "min_rate", price_if_set),
    Field("max_rate", "max_rate", price_if_set),
)
_THEIRS = {field.name: field.theirs for field in (*_AT_OPENING, *_AT_CLOSING)}
_NEEDED_FOR_ID = ("asset", "opened_at")
_NEEDED_FOR_FEES = ("quantity", "entry_price", "exit_price", "fee_open", "fee_close")

_OPTIONAL = {"is_short", "stop", "tag", "funding_fees", "pnl", "exit_reason", "min_rate", "max_rate"}
_TIMESTAMPS = {"open_date": "open_timestamp", "close_date": "close_timestamp"}
_OLDER_NAMES = {"enter_tag": "buy_tag", "exit_reason": "sell_reason"}
_CLOSED_BY_THE_END = ("force_exit", "force_sell")


class FreqtradeBacktestSource:
    """What ``freqtrade backtesting --export trades`` writes: a JSON file, or the ZIP file around it."""

    name = "freqtrade-backtest"
    suffixes = (".json", ".zip")
    uses = frozenset({"strategy"})

    def read(self, path: Path, options: Options) -> Contents:
        """Open a result; raises `ConfigurationError` when a strategy must be chosen."""
        require_file(path)
        name, strategy = _chosen(path, read_strategies(path), options.strategy)
        rows = partial(_rows, path.name, name, strategy.trades)
        return Contents(
            trades=numbered(rows, path.name, _THEIRS),
            starting_equity=_first_amount(strategy.starting_balance, strategy.dry_run_wallet),
            currency=_currency(strategy.stake_currency),
            remarks=tuple(_remarks(strategy)),
        )


def _chosen(path: Path, strategies: Mapping[str, Strategy], wanted: str | None) -> tuple[str, Strategy]:
    if wanted is None and len(strategies) == 1:
        return next(iter(strategies.items()))
    names = ", ".join(strategies)
    if wanted is None:
        message = f"{path} holds the strategies {names}: choose one with --strategy NAME"
        raise ConfigurationError(message)
    if wanted not in strategies:
        message = f"{path} has no strategy {wanted}, but {names}: choose one with --strategy NAME"
        raise ConfigurationError(message)
    return wanted, strategies[wanted]


def _first_amount(*values: object) -> float | None:
    return next((amount for value in values if (amount := _amount(value)) is not None), None)


def _amount(value: object) -> float | None:
    amount = number(value)
    return amount if isinstance(amount, float) and 0 < amount <= LARGEST else None


def _currency(value: object) -> str | None:
    return value if isinstance(value, str) and value.strip() else None


def _remarks(strategy: Strategy) -> Iterator[str]:
    for name in ("starting_balance", "dry_run_wallet"):
        value = getattr(strategy, name)
        if value is not None and _amount(value) is None:
            yield f"the file's {name} is {value!r:.60}, which cannot be an account's equity: give --starting-equity"
    if strategy.stake_currency is not None and _currency(strategy.stake_currency) is None:
        yield f"the file's stake_currency is {strategy.stake_currency!r:.60}, which is no currency: give --currency"


def _rows(file: str, strategy: str, trades: Sequence[object]) -> Iterator[Told | BadRow]:
    for index, trade in enumerate(trades):
        told = _told(index, trade, strategy)
        yield told.at(file, index, _THEIRS) if isinstance(told, Fault) else told


def _told(index: int, trade: object, strategy: str) -> Told | Fault:
    if not isinstance(trade, BacktestedTrade):
        return Fault(WHOLE_ROW, trade, Reason.UNREADABLE)
    is_open = _is_open(trade)
    if isinstance(is_open, Fault):
        return is_open
    found = values_of(_AT_OPENING if is_open else (*_AT_OPENING, *_AT_CLOSING), partial(_cell, trade))
    record = found if isinstance(found, Fault) else _completed(found, is_open=is_open)
    if isinstance(record, Fault):
        return record
    return tell(index, record | {"strategy": strategy}, _opening_name)


def _is_open(trade: BacktestedTrade) -> bool | Fault:
    """Tell an open trade from one that the end of the data closed; older versions of freqtrade call both open."""
    is_open = truth(False if trade.is_open is None else trade.is_open)
    if isinstance(is_open, Reason):
        return Fault("is_open", trade.is_open, is_open)
    closed_by_the_end = (trade.exit_reason or trade.sell_reason) in _CLOSED_BY_THE_END and trade.close_rate is not None
    return is_open and not closed_by_the_end


def _cell(trade: BacktestedTrade, field: Field) -> object:
    value = getattr(trade, field.theirs)
    if value is None and field.theirs in _OLDER_NAMES:
        value = getattr(trade, _OLDER_NAMES[field.theirs])
    if value is None and field.theirs in _TIMESTAMPS:
        value = getattr(trade, _TIMESTAMPS[field.theirs])
    is_no_number = isinstance(value, float) and math.isnan(value)
    return None if is_no_number and field.name in _OPTIONAL else value


def _completed(record: Record, *, is_open: bool) -> Record | Fault:
    needed = _NEEDED_FOR_ID if is_open else (*_NEEDED_FOR_ID, *_NEEDED_FOR_FEES)
    missing = next((name for name in needed if name not in record), None)
    if missing:
        return Fault(missing, "", Reason.MISSING)
    record["direction"] = Direction.SELL if record.pop("is_short", False) else Direction.BUY
    return record if is_open else _with_costs(record)


def _with_costs(record: Record) -> Record:
    fee_open, fee_close = record.pop("fee_open"), record.pop("fee_close")
    record["fees"] = (fee_open * record["entry_price"] + fee_close * record["exit_price"]) * record["quantity"]
    record["funding"] = -record.pop("funding_fees", 0.0)  # theirs is positive when the trade gained
    return record | _extremes(record)


def _extremes(record: Record) -> Record:
    low, high = record.pop("min_rate", None), record.pop("max_rate", None)
    worst, best = (low, high) if record["direction"] is Direction.BUY else (high, low)
    prices = {"worst_unrealised": worst, "best_unrealised": best}
    factor = record["direction"].sign * record["quantity"]
    return {name: (price - record["entry_price"]) * factor for name, price in prices.items() if price is not None}


def _opening_name(record: Record) -> str:
    opened_at = record["opened_at"].replace(tzinfo=None).isoformat()
    return f"{record['strategy']}:{record['asset']}:{opened_at}Z"
