"""`tradewatch run` with arguments and prices that it cannot use: one sentence, exit status 2, and nothing written."""

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.support.calls import SHORT, Call, refusal
from tests.support.ledgers import kinds, rows
from tradewatch.cli import main

REFUSED = {
    (
        "--feed",
        "nonsense",
    ): "--feed nonsense is not known to velocitytrader: give simulated, martingale, replay:PATH or mt5",
    ("--feed", "simulated", "--symbols", "EURUSD+,NOPE"): "--symbols NOPE is not simulated: choose among EURUSD+",
    ("--feed", "martingale", "--symbols", "EURUSD"): "--symbols EURUSD is not simulated",
    ("--feed", "mt5"): "the package MetaTrader5 cannot be imported",
    ("--feed", "mt5", "--days", "1"): "leave out --start, --days and --fast",
    ("--feed", "replay:"): "there are no prices at",
    ("--feed", "replay:missing.csv"): "there are no prices at missing.csv",
    ("--fast",): "--fast would never end: give --days too",
    (*SHORT, "--days", "0"): "--days 0 is no time that a run can last",
    (*SHORT, "--days", "-1"): "--days -1 is no time that a run can last",
    (*SHORT, "--days", "nan"): "--days nan is no time that a run can last",
    (*SHORT, "--days", "inf"): "--days inf is no time that a run can last",
    (*SHORT, "--days", "3651"): "--days 3651 is no time that a run can last",
    (*SHORT, "--start", "0001-01-01"): "give one from 1970-01-01 to 2089-12-31",
    (*SHORT, "--start", "1800-01-01"): "--start 1800-01-01 cannot be told of: give one from 1970-01-01",
    (*SHORT, "--start", "2500-01-01"): "--start 2500-01-01 cannot be told of: give one from 1970-01-01",
    (*SHORT, "--start", "9999-12-31"): "--start 9999-12-31 cannot be told of",
    (*SHORT, "--start", "yesterday"): "'yesterday' does not match the formats",
    ("--start", "2089-12-31"): "the run would begin in the future, 2089-12-31 00:00 UTC: add --fast",
    (*SHORT, "--seed", str(2**63)): "is not in the range",
    (*SHORT, "--seed", str(-(10**30))): "is not in the range",
    (*SHORT, "--seed", "1.5"): "'1.5' is not a valid integer",
    (*SHORT, "--starting-equity", "0"): "--starting-equity 0.0 cannot be an account's equity",
    (*SHORT, "--starting-equity", "-5"): "--starting-equity -5.0 cannot be an account's equity",
    (*SHORT, "--starting-equity", "nan"): "--starting-equity nan cannot be an account's equity",
    (*SHORT, "--starting-equity", "1e40"): "--starting-equity 1e+40 cannot be an account's equity",
    (*SHORT, "--currency", "NONSENSE"): "EURUSD+ is priced in USD, which no symbol converts to NONSENSE",
    (*SHORT, "--symbols", "BTCUSD", "--currency", "EUR"): "BTCUSD is priced in USD, which no symbol converts to EUR",
    ("--nonsense",): "No such option",
}


@pytest.mark.parametrize("arguments", REFUSED, ids=" ".join)
def test_what_is_wrong_on_the_command_line_is_one_sentence(call: Call, tmp_path: Path, arguments: tuple[str]) -> None:
    assert REFUSED[arguments] in refusal(call, *arguments)
    assert list(tmp_path.iterdir()) == []


def test_a_system_that_there_is_not_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["tradewatch", "run", "nonsense", "--ledger", "v.db"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2


GOOD = "2026-01-01T00:{:02d}:00Z,1.1,1.2,1.0,1.1,3"
HEAD = "time,open,high,low,close,volume"
FILES = {
    "a.txt": (b"hello\n", "is no kind of file that can be replayed"),
    "text.csv": (b"dear diary\nnothing happened\n", "in which bars or ticks are not recognised"),
    "empty.csv": (b"", "is empty: export the prices again"),
    "garbage.csv": (bytes(range(256)) * 10, "is not a CSV file"),
    "garbage.parquet": (bytes(range(256)) * 10, "is not a Parquet file"),
    "columns.csv": (b"foo,bar,baz\n1,2,3\n2,3,4\n", "has the columns foo, bar, baz"),
    "comma.csv": (b"time;open;high;low;close\n2026-01-01T00:00:00Z;1,1;1,2;1,0;1,1\n", "1 decimal_comma"),
    "nan.csv": (f"{HEAD}\n2026-01-01T00:00:00Z,nan,1,1,1,1\n".encode(), "no row that can be used: 1 not_finite"),
    "single.csv": (f"{HEAD}\n{GOOD.format(1)}\n".encode(), "does not tell how long its bars are"),
    "zone.csv": (f"{HEAD}\n2026-01-01 00:00:00,1,1,1,1,1\n".encode(), "1 time_without_zone"),
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_cannot_be_replayed_is_one_sentence(call: Call, tmp_path: Path, name: str) -> None:
    content, words = FILES[name]
    (tmp_path / name).write_bytes(content)
    assert words in refusal(call, "--fast", "--feed", f"replay:{tmp_path / name}")
    assert [each.name for each in tmp_path.iterdir()] == [name]


def test_rows_that_are_no_use_are_counted_by_reason_and_the_others_are_traded(call: Call, tmp_path: Path) -> None:
    lines = [GOOD.format(minute) for minute in range(30)]
    lines += [GOOD.format(10), GOOD.format(29)]  # back in time, and twice
    lines += ["2026-01-01T00:30:00Z,nan,1.2,1.0,1.1,3", '2026-01-01T00:31:00Z,"1,1","1,2","1,0","1,1",3', "nonsense"]
    lines += [GOOD.format(minute) for minute in range(32, 60)]
    (tmp_path / "EURUSD+.csv").write_text("\n".join([HEAD, *lines]))
    status, output, _ = call("--fast", "--feed", f"replay:{tmp_path / 'EURUSD+.csv'}")
    assert status is None
    assert "no use: 1 back_in_time, 1 decimal_comma, 1 duplicate, 1 not_finite, 1 wrong_length\n" in output
    minutes = [row for row in rows(tmp_path / "v.db", "velocitytrader") if row.id.startswith("bar/EURUSD+/M1/")]
    assert len(minutes) == 58


def test_a_run_of_other_parameters_is_refused(call: Call, tmp_path: Path) -> None:
    assert call(*SHORT, "--starting-equity", "1234567.89")[0] is None
    assert "holds a run with --seed 7, --starting-equity 1234567.89: give the same" in refusal(
        call, *SHORT, "--seed", "8"
    )
    assert "holds a run with --starting-equity 1234567.89" in refusal(call, *SHORT, "--starting-equity", "1234567.88")
    assert kinds(tmp_path / "v.db", "velocitytrader").count("run_started") == 1


@pytest.mark.parametrize("seed", ["0", "-5", str(2**63 - 1), str(-(2**63))])
def test_every_seed_that_is_accepted_can_be_kept(call: Call, seed: str) -> None:
    assert call(*SHORT, "--seed", seed)[0] is None
    assert call(*SHORT, "--seed", seed)[0] is None


def test_symbols_may_have_spaces_between_them(call: Call, tmp_path: Path) -> None:
    assert call(*SHORT, "--symbols", "EURUSD+, BTCUSD")[0] is None
    assert any("BTCUSD" in row.id for row in rows(tmp_path / "v.db", "velocitytrader"))


def test_a_run_into_the_future_is_simulated_when_it_is_fast(call: Call, tmp_path: Path) -> None:
    tomorrow = f"{datetime.now(UTC) + timedelta(days=1):%Y-%m-%d}"
    assert call(*SHORT, "--start", tomorrow)[0] is None
    assert "heartbeat" in kinds(tmp_path / "v.db", "velocitytrader")
    assert "would begin in the future" in refusal(call, "--symbols", "EURUSD+", "--start", tomorrow, "--days", "0.01")


def test_quiet_prints_nothing(call: Call) -> None:
    assert call(*SHORT, "--quiet") == (None, "", "")
