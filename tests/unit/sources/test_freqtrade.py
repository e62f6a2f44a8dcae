import json
import math
import zipfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tradewatch.errors import ConfigurationError, SourceError
from tradewatch.facts import Direction, TradeClosed, TradeOpened
from tradewatch.sources.freqtrade import FreqtradeBacktestSource
from tradewatch.sources.source import BadRow, Options, Reason, Trade

Json = dict[str, Any]  # Any: a JSON value

LONG: Json = {
    "pair": "ETH/BTC",
    "amount": 2.0,
    "open_rate": 0.05,
    "close_rate": 0.06,
    "open_date": "2024-01-31 09:00:00+00:00",
    "close_date": "2024-01-31 10:30:00+00:00",
    "open_timestamp": 1706691600000,
    "close_timestamp": 1706697000000,
    "is_open": False,
    "is_short": False,
    "fee_open": 0.001,
    "fee_close": 0.002,
    "funding_fees": 0.0003,
    "profit_abs": 0.0199,
    "initial_stop_loss_abs": 0.045,
    "min_rate": 0.048,
    "max_rate": 0.065,
    "enter_tag": "dip",
    "exit_reason": "roi",
    "orders": [{"amount": 2.0}],
}


def result(*trades: object, **strategy: object) -> Json:
    return {"strategy": {"Trend": {"trades": list(trades), "stake_currency": "BTC", **strategy}}}


def write(tmp_path: Path, content: object, name: str = "result.json") -> Path:
    path = tmp_path / name
    path.write_text(json.dumps(content))
    return path


def rows_of(tmp_path: Path, *trades: object) -> Sequence[Trade | BadRow]:
    return list(FreqtradeBacktestSource().read(write(tmp_path, result(*trades)), Options()).trades)


def closing_of(tmp_path: Path, **changed: object) -> TradeClosed:
    (row,) = rows_of(tmp_path, LONG | changed)
    assert isinstance(row, Trade)
    assert row.closing is not None
    assert isinstance(row.closing.fact, TradeClosed)
    return row.closing.fact


def without(*names: str) -> Json:
    return {name: value for name, value in LONG.items() if name not in names}


def test_a_trade_arrives_with_everything_freqtrade_knows(tmp_path: Path) -> None:
    (row,) = rows_of(tmp_path, LONG)
    assert isinstance(row, Trade)
    trade_id = "Trend:ETH/BTC:2024-01-31T09:00:00Z"
    opened_at, closed_at = datetime(2024, 1, 31, 9, tzinfo=UTC), datetime(2024, 1, 31, 10, 30, tzinfo=UTC)
    terms: Json = {
        "trade_id": trade_id,
        "asset": "ETH/BTC",
        "direction": Direction.BUY,
        "quantity": 2.0,
        "entry_price": 0.05,
        "stop": 0.045,
        "strategy": "Trend",
        "tag": "dip",
    }
    assert row.opening == (opened_at, f"{trade_id}/opened", TradeOpened(**terms))
    assert row.closing is not None
    assert (row.closing.time, row.closing.id) == (closed_at, f"{trade_id}/closed")
    closing = row.closing.fact
    assert isinstance(closing, TradeClosed)
    assert (closing.exit_price, closing.pnl, closing.exit_reason) == (0.06, 0.0199, "roi")
    assert closing.opened_at == opened_at
    assert closing.fees == pytest.approx(0.001 * 0.05 * 2 + 0.002 * 0.06 * 2)
    assert closing.funding == -0.0003  # a gain in their sign is a negative cost in ours


def test_the_extremes_of_a_long_trade_come_from_its_lowest_and_highest_price(tmp_path: Path) -> None:
    closing = closing_of(tmp_path)
    assert closing.worst_unrealised == pytest.approx((0.048 - 0.05) * 2)
    assert closing.best_unrealised == pytest.approx((0.065 - 0.05) * 2)


def test_the_extremes_of_a_short_trade_are_the_other_way_round(tmp_path: Path) -> None:
    closing = closing_of(tmp_path, is_short=True)
    assert closing.direction is Direction.SELL
    assert closing.worst_unrealised == pytest.approx((0.05 - 0.065) * 2)
    assert closing.best_unrealised == pytest.approx((0.05 - 0.048) * 2)


def test_the_parts_add_up_to_the_profit_of_freqtrade(tmp_path: Path) -> None:
    # freqtrade: a future's profit = (close - open) * amount - fees + funding fees
    profit = (0.06 - 0.05) * 2 - 0.001 * 0.05 * 2 - 0.002 * 0.06 * 2 + 0.0003
    assert closing_of(tmp_path, profit_abs=profit).recomputed_pnl == pytest.approx(profit)


@pytest.mark.parametrize("name", ["profit_abs", "min_rate", "max_rate", "initial_stop_loss_abs", "enter_tag"])
@pytest.mark.parametrize("nothing", [None, math.nan])
def test_what_need_not_be_there_may_be_null(tmp_path: Path, name: str, nothing: object) -> None:
    ours = {"profit_abs": "pnl", "min_rate": "worst_unrealised", "max_rate": "best_unrealised"}
    ours |= {"initial_stop_loss_abs": "stop", "enter_tag": "tag"}
    assert getattr(closing_of(tmp_path, **{name: nothing}), ours[name]) is None


def test_a_stop_of_0_is_none(tmp_path: Path) -> None:
    assert closing_of(tmp_path, initial_stop_loss_abs=0.0).stop is None


def test_older_files_have_timestamps_and_other_names(tmp_path: Path) -> None:
    renamed = {"buy_tag": "dip", "sell_reason": "roi"}
    older = without("open_date", "close_date", "is_short", "funding_fees", "enter_tag", "exit_reason") | renamed
    (old,), (new,) = rows_of(tmp_path, older), rows_of(tmp_path, LONG | {"funding_fees": 0})
    assert old == new


@pytest.mark.parametrize(
    ("changed", "column", "found", "reason"),
    [
        ({"amount": "2.0"}, "amount", "2.0", Reason.NOT_A_NUMBER),
        ({"amount": math.nan}, "amount", "nan", Reason.NOT_A_NUMBER),
        ({"amount": None}, "amount", "", Reason.MISSING),
        ({"amount": -2.0}, "amount", "-2.0", Reason.OUT_OF_BOUNDS),
        ({"open_rate": 0}, "open_rate", "0.0", Reason.OUT_OF_BOUNDS),
        ({"close_rate": None}, "close_rate", "", Reason.MISSING),
        ({"fee_open": None}, "fee_open", "", Reason.MISSING),
        ({"profit_abs": "0.1"}, "profit_abs", "0.1", Reason.NOT_A_NUMBER),
        ({"pair": None}, "pair", "", Reason.MISSING),
        ({"pair": 7}, "pair", "7", Reason.NOT_A_TEXT),
        ({"is_short": "yes"}, "is_short", "yes", Reason.NOT_TRUE_OR_FALSE),
        ({"is_open": 1}, "is_open", "1", Reason.NOT_TRUE_OR_FALSE),
        ({"open_date": None, "open_timestamp": None}, "open_date", "", Reason.MISSING),
        ({"close_date": "soon"}, "close_date", "soon", Reason.NOT_A_TIME),
        ({"close_date": None, "close_timestamp": 1706697000}, "close_date", "1706697000", Reason.NOT_A_TIME),
        (
            {"close_date": "2024-01-31 08:00:00+00:00"},
            "close_date",
            "2024-01-31T08:00:00+00:00, opened 2024-01-31T09:00:00+00:00",
            Reason.CLOSED_BEFORE_OPENED,
        ),
    ],
)
def test_a_bad_trade_does_not_hurt_the_ones_beside_it(
    tmp_path: Path, changed: Json, column: str, found: str, reason: Reason
) -> None:
    first, bad, third = rows_of(tmp_path, LONG, LONG | changed, LONG | {"pair": "ADA/BTC"})
    assert isinstance(first, Trade)
    assert bad == BadRow("result.json", 1, column, found, reason)
    assert isinstance(third, Trade)


@pytest.mark.parametrize("item", [None, 5, "trade", [LONG]])
def test_what_is_no_trade_at_all_is_a_bad_row(tmp_path: Path, item: object) -> None:
    first, bad = rows_of(tmp_path, LONG, item)
    assert isinstance(first, Trade)
    assert isinstance(bad, BadRow)
    assert (bad.row, bad.column, bad.reason) == (1, "row", Reason.UNREADABLE)


def test_an_open_trade_has_no_closing_whatever_its_rate_was(tmp_path: Path) -> None:
    (row,) = rows_of(tmp_path, LONG | {"is_open": True, "exit_reason": None})
    assert isinstance(row, Trade)
    assert row.opening is not None
    assert row.closing is None


@pytest.mark.parametrize("reason", [{"exit_reason": "force_exit"}, {"exit_reason": None, "sell_reason": "force_sell"}])
def test_a_trade_that_the_end_of_the_data_closed_counts_as_closed(tmp_path: Path, reason: Json) -> None:
    assert closing_of(tmp_path, is_open=True, **reason).pnl == 0.0199


def test_without_a_closing_rate_the_end_of_the_data_closed_nothing(tmp_path: Path) -> None:
    (row,) = rows_of(tmp_path, LONG | {"is_open": True, "exit_reason": "force_exit", "close_rate": None})
    assert isinstance(row, Trade)
    assert row.closing is None


def test_trades_of_one_pair_and_opening_time_are_numbered_by_their_closing(tmp_path: Path) -> None:
    later = LONG | {"close_date": "2024-01-31 12:00:00+00:00"}
    rows = rows_of(tmp_path, later, LONG)
    closings = [row.closing for row in rows if isinstance(row, Trade) and row.closing is not None]
    assert [(closing.id, closing.time.hour) for closing in closings] == [
        ("Trend:ETH/BTC:2024-01-31T09:00:00Z/closed", 10),
        ("Trend:ETH/BTC:2024-01-31T09:00:00Z:2/closed", 12),
    ]


@pytest.mark.parametrize(
    ("strategy", "equity"),
    [
        ({"starting_balance": 0.01, "dry_run_wallet": 5}, 0.01),
        ({"dry_run_wallet": 5}, 5.0),
        ({"starting_balance": 0, "dry_run_wallet": "5"}, None),
        ({}, None),
    ],
)
def test_the_account_begins_with_the_balance_of_the_backtest(
    tmp_path: Path, strategy: Json, equity: float | None
) -> None:
    contents = FreqtradeBacktestSource().read(write(tmp_path, result(LONG, **strategy)), Options())
    assert (contents.starting_equity, contents.currency) == (equity, "BTC")


def test_one_of_several_strategies_must_be_chosen(tmp_path: Path) -> None:
    part = result(LONG)["strategy"]["Trend"]
    path = write(tmp_path, {"strategy": {"Trend": part, "Grid": part | {"trades": []}}})
    source = FreqtradeBacktestSource()
    with pytest.raises(ConfigurationError, match=r"holds the strategies Trend, Grid: choose one with --strategy NAME"):
        source.read(path, Options())
    with pytest.raises(ConfigurationError, match=r"has no strategy Scalp, but Trend, Grid: choose one"):
        source.read(path, Options(strategy="Scalp"))
    assert list(source.read(path, Options(strategy="Grid")).trades) == []
    assert len(list(source.read(path, Options(strategy="Trend")).trades)) == 1


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"<html></html>", r"it is not JSON \(line 1, column 1"),
        (b'{"strategy": {"Trend": {"trades": [{"pair": "ETH', "it ends in the middle, after 48 bytes"),
        (b'{"strategy": {"Trend": {"trades": [{"pair": "ETH"}', "it ends in the middle, after 50 bytes"),
        (b"[1, 2]", "its JSON is something else"),
        (b'{"latest_backtest": "x.json"}', "its JSON is something else .*strategy"),
        (b'{"strategy": {"Trend": {"trades": 5}}}', "its JSON is something else"),
        (b'{"strategy": {}}', "it holds no strategy"),
        (b"\xff\xfe\x00", "it is not JSON"),
        (b"[" * 100_000, "it is not JSON"),
    ],
)
def test_what_is_no_result_is_told_in_one_sentence(tmp_path: Path, content: bytes, why: str) -> None:
    path = tmp_path / "result.json"
    path.write_bytes(content)
    with pytest.raises(SourceError, match=rf"is not a backtest result of freqtrade, {why}.*: give the \.json or \.zip"):
        FreqtradeBacktestSource().read(path, Options())


def test_a_byte_order_mark_is_skipped(tmp_path: Path) -> None:
    path = tmp_path / "result.json"
    path.write_text(json.dumps(result(LONG)), encoding="utf-8-sig")
    assert len(list(FreqtradeBacktestSource().read(path, Options()).trades)) == 1


def zipped(path: Path, **members: object) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "."), json.dumps(content))
    return path


def test_the_zip_of_freqtrade_holds_the_result_of_its_own_name(tmp_path: Path) -> None:
    path = zipped(tmp_path / "bt-1.zip", **{"bt-1__json": result(LONG), "bt-1_config__json": {}, "bt-1_Trend__py": ""})
    assert len(list(FreqtradeBacktestSource().read(path, Options()).trades)) == 1


def test_a_zip_that_was_renamed_still_is_understood(tmp_path: Path) -> None:
    path = zipped(tmp_path / "mine.zip", **{"bt-1_config__json": {}, "bt-1__json": result(LONG), "bt-1_Trend__py": ""})
    assert len(list(FreqtradeBacktestSource().read(path, Options()).trades)) == 1


@pytest.mark.parametrize("members", [{}, {"readme__txt": "x"}, {"a__json": {}, "b__json": {}}])
def test_a_zip_without_a_result_is_told(tmp_path: Path, members: Json) -> None:
    path = zipped(tmp_path / "bt-1.zip", **members)
    with pytest.raises(SourceError, match=r"the ZIP file has no bt-1\.json in it"):
        FreqtradeBacktestSource().read(path, Options())


def test_a_damaged_zip_is_told(tmp_path: Path) -> None:
    path = zipped(tmp_path / "bt-1.zip", **{"bt-1__json": result(LONG)})
    body = bytearray(path.read_bytes())
    body[60:80] = bytes(20)
    path.write_bytes(body)
    with pytest.raises(SourceError, match="is a damaged or protected ZIP file"):
        FreqtradeBacktestSource().read(path, Options())


def test_a_zip_that_was_cut_off_is_told(tmp_path: Path) -> None:
    path = zipped(tmp_path / "bt-1.zip", **{"bt-1__json": result(LONG)})
    path.write_bytes(path.read_bytes()[:100])
    with pytest.raises(SourceError, match="is a damaged or protected ZIP file"):
        FreqtradeBacktestSource().read(path, Options())


@pytest.mark.parametrize(
    ("name", "value", "mend"),
    [
        ("starting_balance", "1000", "--starting-equity"),
        ("starting_balance", -5, "--starting-equity"),
        ("starting_balance", 1e300, "--starting-equity"),
        ("dry_run_wallet", 0, "--starting-equity"),
        ("stake_currency", 7, "--currency"),
        ("stake_currency", "", "--currency"),
    ],
)
def test_what_cannot_be_taken_of_the_account_is_named(tmp_path: Path, name: str, value: object, mend: str) -> None:
    content = result(LONG, **{name: value})
    contents = FreqtradeBacktestSource().read(write(tmp_path, content), Options())
    (remark,) = contents.remarks
    assert remark.startswith(f"the file's {name} is {value!r}, which ")
    assert remark.endswith(f"give {mend}")
    assert contents.starting_equity is None
