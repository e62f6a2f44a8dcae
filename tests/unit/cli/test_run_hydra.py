"""`tradewatch run hydra`: its assets, timeframes, limits and prices; what it cannot use is one sentence."""

import json
import socket
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.support.calls import Call, refusal
from tests.support.ledgers import kinds, rows
from tradewatch.stack.ports import LOOPBACK

SYSTEM = "hydra"
SHORT = ("--start", "2026-01-01", "--fast", "--days", "0.003")
FEW = ("--assets", "BTC-USD,ETH-USD", *SHORT)
"""A run of some minutes."""


def limit(text: str) -> tuple[str, ...]:
    return ("--limit", text, *SHORT)


REFUSED = {
    ("--assets", "NOPE-USD", *SHORT): "--symbols NOPE-USD is not simulated: choose among BTC-USD, ETH-USD",
    ("--symbols", "BTC-USD,EURUSD+", *SHORT): "--symbols EURUSD+ is not simulated: choose among BTC-USD",
    ("--timeframe", "M2", *SHORT): "'M2' is not one of 'M1', 'M5', 'M15', 'H1'",
    ("--feed", "mt5", *SHORT): "--feed mt5 is not known to hydra: give simulated, martingale, replay:PATH or ccxt:",
    limit("nope=1"): "--limit nope is not known: choose among daily_loss, drawdown, kill_switch_pause",
    limit("daily_loss"): "--limit daily_loss names no value: give NAME=VALUE, such as daily_loss=0.02",
    limit("daily_loss="): "--limit daily_loss= is not a number: give a number, such as daily_loss=0.5",
    limit("daily_loss=2%"): "--limit daily_loss=2% is not a number",
    limit("daily_loss=nan"): "--limit daily_loss=nan is not a number",
    limit("daily_loss=none"): "--limit daily_loss=none is not a number",
    limit("daily_loss=-0.1"): "the limit daily_loss is -0.1: set a share above 0 and at most 1",
    limit("drawdown=0"): "the limit drawdown is 0.0: set a share above 0 and at most 1",
    limit("drawdown=1.5"): "the limit drawdown is 1.5: set a share above 0 and at most 1",
    limit("positions=1.5"): "--limit positions=1.5 is not a whole number: give a whole number, such as positions=4",
    limit("positions=0"): "the limit positions is 0: set a whole number from 1 to 1000000000",
    limit(f"positions={'9' * 400}"): "set a whole number from 1 to 1000000000",
    limit("pause=soon"): "--limit pause=soon is not hours: give hours, such as pause=0.5",
    limit("pause=0"): "the limit pause is 0:00:00: set a time above 0",
    limit("pause=-1"): "set a time above 0, at most ten years",
    limit("pause=1e8"): "set a time above 0, at most ten years",
    limit("pause=1e300"): "--limit pause=1e300 is not hours",
    limit("losses_to_pause=2"): "the limit losses_to_pause is 2: set at least 3",
    ("--metrics", "nonsense", *SHORT): "--metrics nonsense",
    ("--metrics", "127.0.0.1:99999", *SHORT): "--metrics 127.0.0.1:99999",
}


@pytest.mark.parametrize("arguments", REFUSED, ids=" ".join)
def test_what_is_wrong_on_the_command_line_is_one_sentence(
    call_hydra: Call, tmp_path: Path, arguments: tuple[str]
) -> None:
    assert REFUSED[arguments] in refusal(call_hydra, *arguments)
    assert list(tmp_path.iterdir()) == []


def test_what_a_ledger_keeps_of_one_feed_is_not_asked_of_another(call_hydra: Call) -> None:
    call_hydra(*FEW)
    assert "there is no exchange nowhere" in refusal(call_hydra, "--feed", "ccxt:nowhere")


@pytest.mark.parametrize("feed", ["ccxt:binance", "ccxt:"])
def test_an_exchange_is_not_for_velocitytrader(call: Call, tmp_path: Path, feed: str) -> None:
    assert f"--feed {feed} is not known to velocitytrader: give simulated" in refusal(call, "--feed", feed)
    assert list(tmp_path.iterdir()) == []


def test_a_port_that_is_taken_is_one_sentence(call_hydra: Call, tmp_path: Path) -> None:
    with closing(socket.create_server((LOOPBACK, 0))) as other:
        port = other.getsockname()[1]
        told = refusal(call_hydra, *FEW, "--metrics", f"{LOOPBACK}:{port}")
    assert f"port {port} on {LOOPBACK} is in use: stop its owner, or choose another" in told
    assert not (tmp_path / "h.db").exists() or kinds(tmp_path / "h.db", SYSTEM) == []


def of_kind(path: Path, kind: str) -> list[dict[str, Any]]:  # Any: JSON
    return [json.loads(row.body) for row in rows(path, SYSTEM) if row.kind == kind]


def test_a_run_trades_the_assets_it_is_given(call_hydra: Call, tmp_path: Path) -> None:
    status, output, errors = call_hydra(*FEW)
    assert (status, errors) == (None, "")
    assert "hydra traded until 2026-01-01 00:04 UTC, on paper" in output
    assert {body["asset"] for body in of_kind(tmp_path / "h.db", "bar_closed")} == {"BTC-USD", "ETH-USD"}


def test_a_run_tells_its_limits_those_given_and_those_of_the_demo(call_hydra: Call, tmp_path: Path) -> None:
    assert call_hydra(*FEW, "--limit", "daily_loss=0.01", "--limit", " positions = 2 ")[0] is None
    (started,) = of_kind(tmp_path / "h.db", "run_started")
    assert started["limits"]["daily_loss"] == 0.01
    assert started["limits"]["positions"] == 2.0
    assert started["limits"]["drawdown"] == 0.06


def test_a_run_goes_on_with_the_same_limits_and_timeframe_only(call_hydra: Call, tmp_path: Path) -> None:
    assert call_hydra(*FEW, "--limit", "kill_switch_pause=none", "--limit", "pause=0.5")[0] is None
    assert "holds a run with --limit kill_switch_pause=none,pause=0.5: give the same" in refusal(call_hydra, *FEW)
    assert call_hydra(*FEW, "--limit", "pause=0.5", "--limit", "kill_switch_pause=none")[0] is None
    assert "holds a run with --timeframe M1" in refusal(
        call_hydra, *FEW, "--timeframe", "M5", "--limit", "pause=0.5", "--limit", "kill_switch_pause=none"
    )
    assert kinds(tmp_path / "h.db", SYSTEM).count("run_started") == 1


def test_a_run_on_longer_bars_has_cycles_as_long(call_hydra: Call, tmp_path: Path) -> None:
    words = ("--assets", "BTC-USD", "--start", "2026-01-01", "--fast", "--days", "0.25", "--timeframe", "M15")
    assert call_hydra(*words)[0] is None
    beats, bars = of_kind(tmp_path / "h.db", "heartbeat"), of_kind(tmp_path / "h.db", "bar_closed")
    assert {beat["interval"] for beat in beats} == {bar["interval"] for bar in bars} == {900.0}
    assert len(bars) == 24
    assert len(of_kind(tmp_path / "h.db", "votes_cast")) == 24


HEAD = "time,open,high,low,close,volume"


def line(minute: int, close: float = 100.0, **changes: str) -> str:
    price = close + (minute % 7) / 10
    fields = {"open": price, "high": price + 0.5, "low": price - 0.5, "close": price + 0.1, "volume": 3}
    time = f"2026-01-{1 + minute // 1440:02d}T{minute // 60 % 24:02d}:{minute % 60:02d}:00Z"
    return ",".join([time, *(str(value) for value in (fields | changes).values())])


def replayed(call: Call, folder: Path, **files: list[str]) -> tuple[object, str, str]:
    folder.mkdir()
    for name, lines in files.items():
        (folder / f"{name}-USD.csv").write_text("\n".join([HEAD, *lines]))
    return call("--fast", "--feed", f"replay:{folder}")


def test_a_replay_trades_every_file_as_an_asset(call_hydra: Call, tmp_path: Path) -> None:
    lines = [line(minute) for minute in range(200)]
    status, output, errors = replayed(call_hydra, tmp_path / "prices", BTC=lines, NEW=lines)
    assert (status, errors) == (None, "")
    assert "no use" not in output
    assert {body["asset"] for body in of_kind(tmp_path / "h.db", "votes_cast")} == {"BTC-USD", "NEW-USD"}


def test_rows_of_a_replay_that_are_no_use_are_counted_and_the_other_asset_goes_on(
    call_hydra: Call, tmp_path: Path
) -> None:
    good = [line(minute) for minute in range(200)]
    bad = good.copy()
    bad[20], bad[21] = bad[21], bad[20]  # unsorted
    bad[30] = line(30, low="-1")  # negative
    bad[40] = line(40, volume="0")  # nobody traded, which is no fault
    bad[50] = bad[49]  # twice
    bad[60] = line(60, volume="nan")
    bad[70] = "2026-01-01T01:10:00Z,1,2"
    status, output, _ = replayed(call_hydra, tmp_path / "prices", BTC=good, ETH=bad)
    assert status is None
    told = output.partition("rows that were no use: ")[2].strip().split(", ")
    assert {each.partition(" ")[2] for each in told} >= {"back_in_time", "duplicate", "wrong_length"}
    bars = [body["asset"] for body in of_kind(tmp_path / "h.db", "bar_closed")]
    assert bars.count("BTC-USD") > 190
    assert bars.count("BTC-USD") - bars.count("ETH-USD") == sum(int(each.split()[0]) for each in told)


def test_a_gap_of_a_day_in_one_file_stops_nobody(call_hydra: Call, tmp_path: Path) -> None:
    long = [line(minute) for minute in range(1_900)]
    status, _, errors = replayed(call_hydra, tmp_path / "prices", BTC=long, ETH=long[:200] + long[-200:])
    assert (status, errors) == (None, "")
    votes = [body["asset"] for body in of_kind(tmp_path / "h.db", "votes_cast")]
    assert votes.count("BTC-USD") - votes.count("ETH-USD") == 1_500
    assert of_kind(tmp_path / "h.db", "error_occurred") == []


def test_a_file_without_a_column_is_one_sentence_that_names_it(call_hydra: Call, tmp_path: Path) -> None:
    (tmp_path / "ETH-USD.csv").write_text("time,open,high,close\n2026-01-01T00:00:00Z,1,1,1\n")
    told = refusal(call_hydra, "--fast", "--feed", f"replay:{tmp_path / 'ETH-USD.csv'}")
    assert "ETH-USD.csv" in told
    assert "time, open, high, close" in told
