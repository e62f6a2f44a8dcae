"""The file around a backtest result of freqtrade: JSON, alone or in the ZIP file that is written today."""

import json
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

import msgspec
from msgspec import Struct

from tradewatch.errors import SourceError
from tradewatch.sources.file import explained

_MEND = "give the .json or .zip file that `freqtrade backtesting --export trades` wrote"


class BacktestedTrade(Struct, frozen=True, kw_only=True):
    """A trade as freqtrade writes it. Any: its values are checked one by one, so that a bad one costs one trade."""

    pair: Any = None
    amount: Any = None
    open_rate: Any = None
    close_rate: Any = None
    open_date: Any = None
    close_date: Any = None
    open_timestamp: Any = None
    close_timestamp: Any = None
    is_open: Any = None
    is_short: Any = None
    fee_open: Any = None
    fee_close: Any = None
    funding_fees: Any = None
    profit_abs: Any = None
    initial_stop_loss_abs: Any = None
    min_rate: Any = None
    max_rate: Any = None
    enter_tag: Any = None
    buy_tag: Any = None
    exit_reason: Any = None
    sell_reason: Any = None


class Strategy(Struct, frozen=True, kw_only=True):
    """One strategy's part of a result. Any: see `BacktestedTrade`."""

    trades: Sequence[Any]
    stake_currency: Any = None
    starting_balance: Any = None
    dry_run_wallet: Any = None


class _TypedStrategy(Strategy, frozen=True, kw_only=True):
    trades: list[BacktestedTrade]


class _TypedResult(Struct, frozen=True):
    strategy: dict[str, _TypedStrategy]


class _Result(Struct, frozen=True):
    strategy: dict[str, Strategy]


def read_strategies(path: Path) -> Mapping[str, Strategy]:
    """Return the strategies of a result by name, at least one; raises `SourceError` when the file holds no result.

    Their trades are `BacktestedTrade`, and whatever else stands in the list.
    """
    with explained(path):
        is_zip = path.suffix.lower() == ".zip" or zipfile.is_zipfile(path)
        body = _from_zip(path) if is_zip else path.read_bytes()
    strategies = _decoded(path, body)
    if not strategies:
        raise SourceError(_no_result(path, "it holds no strategy"))
    return strategies


def _from_zip(path: Path) -> bytes:
    try:
        with zipfile.ZipFile(path) as archive:
            return archive.read(_member(path, archive.namelist()))
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError) as error:
        message = f"{path} is a damaged or protected ZIP file ({error}): {_MEND}"
        raise SourceError(message) from error


def _member(path: Path, names: Sequence[str]) -> str:
    """Return the name of the result: the file's own, or, after the ZIP was renamed, what all other names begin with."""
    own = f"{path.stem}.json"
    stems = [name.removesuffix(".json") for name in names if PurePosixPath(name).suffix == ".json"]
    common = [f"{stem}.json" for stem in stems if all(name.startswith(stem) for name in names)]
    found = [own] if own in names else common
    if len(found) != 1:
        raise SourceError(_no_result(path, f"the ZIP file has no {own} in it"))
    return found[0]


def _decoded(path: Path, body: bytes) -> Mapping[str, Strategy]:
    try:
        return msgspec.json.decode(body, type=_TypedResult).strategy
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return _decoded_leniently(path, body)


def _decoded_leniently(path: Path, body: bytes) -> Mapping[str, Strategy]:
    """Decode what msgspec refuses: the NaN that freqtrade may write, and trades that are no objects."""
    try:
        found = msgspec.convert(json.loads(body), _Result).strategy
    except json.JSONDecodeError as error:
        raise SourceError(_no_result(path, _not_json(body, error))) from error
    except (UnicodeDecodeError, RecursionError) as error:
        raise SourceError(_no_result(path, "it is not JSON")) from error
    except msgspec.ValidationError as error:
        raise SourceError(_no_result(path, f"its JSON is something else ({error})")) from error
    return {name: _typed(strategy) for name, strategy in found.items()}


def _typed(strategy: Strategy) -> Strategy:
    trades = [
        msgspec.convert(trade, BacktestedTrade) if isinstance(trade, dict) else trade for trade in strategy.trades
    ]
    return msgspec.structs.replace(strategy, trades=trades)


def _not_json(body: bytes, error: json.JSONDecodeError) -> str:
    if error.pos >= len(error.doc.rstrip()) or "Unterminated" in error.msg:
        return f"it ends in the middle, after {len(body)} bytes"
    return f"it is not JSON (line {error.lineno}, column {error.colno}: {error.msg})"


def _no_result(path: Path, why: str) -> str:
    return f"{path} is not a backtest result of freqtrade, {why}: {_MEND}"
