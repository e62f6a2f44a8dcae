import gzip
import json
import sys
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow as pa  # type: ignore[import-untyped]
import pytest
from pyarrow import parquet

from tradewatch.errors import ConfigurationError, SourceError
from tradewatch.market.aggregation import BarBuilder
from tradewatch.market.bars import Bar, Timeframe
from tradewatch.market.feed import Feed
from tradewatch.market.instruments import METATRADER
from tradewatch.market.replay import ReplayFeed, replay
from tradewatch.market.replay_values import Refusal

EVER = datetime.max.replace(tzinfo=UTC)
HEADER = "time,open,high,low,close,volume"
NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)


def row(minute: int, close: object = 1.5, **instead: str) -> str:
    """A bar that opens so many minutes after noon."""
    cells = {
        "time": (NOON + timedelta(minutes=minute)).isoformat(),
        "open": "1.25",
        "high": "2.0",
        "low": "1.0",
        "close": str(close),
        "volume": "10",
    }
    return ",".join((cells | instead).values())


def written(folder: Path, *lines: str, name: str = "BTC-USD.csv") -> Path:
    path = folder / name
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def every(feed: ReplayFeed) -> list[Bar]:
    return list(feed.advance(EVER))


def told(path: Path) -> list[tuple[str, float, float]]:
    return [(f"{bar.time:%H:%M}", bar.interval, bar.close) for bar in every(replay(path))]


def test_a_file_becomes_bars_that_end_when_they_close(tmp_path: Path) -> None:
    feed: Feed = replay(written(tmp_path, HEADER, row(0), row(1, 1.75)))
    assert feed.start == NOON
    [first, second] = feed.advance(EVER)
    assert first == Bar("BTC-USD", NOON + timedelta(minutes=1), 60.0, 1.25, 2.0, 1.0, 1.5, 10.0, first.spread)
    assert second.close == 1.75
    assert feed.is_over


def test_times_can_be_those_of_the_close(tmp_path: Path) -> None:
    feed = replay(written(tmp_path, HEADER, row(1), row(2)), time_of="close")
    assert [bar.time for bar in every(feed)] == [NOON + timedelta(minutes=1), NOON + timedelta(minutes=2)]


@pytest.mark.parametrize("unit", [1, 1_000, 1_000_000, 1_000_000_000])
def test_epoch_times_are_understood_in_any_unit(tmp_path: Path, unit: int) -> None:
    times = [str(int(NOON.timestamp() + 60 * minute) * unit) for minute in (0, 1)]
    path = written(tmp_path, HEADER, *(row(0, time=time) for time in times))
    assert [bar.time for bar in every(replay(path))] == [NOON + timedelta(minutes=1), NOON + timedelta(minutes=2)]


@pytest.mark.parametrize(
    "header",
    [
        "Open_Time,Open,High,Low,Close,Volume",
        "<DATE>,<OPEN>,<HIGH>,<LOW>,<CLOSE>,<VOL>",
        '"date","open","high","low","close","volume"',
        "\ufefftimestamp,open,high,low,close,tick_volume",
        "1767607200000,1.25,2,1,1.5,10",
    ],
)
def test_columns_are_recognised_by_name_or_by_order(tmp_path: Path, header: str) -> None:
    path = written(tmp_path, header, row(0), row(1))
    assert [bar[3:8] for bar in every(replay(path))][-1] == (1.25, 2.0, 1.0, 1.5, 10.0)


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_other_delimiters_are_seen(tmp_path: Path, delimiter: str) -> None:
    lines = [line.replace(",", delimiter) for line in (HEADER, row(0), row(1))]
    assert len(told(written(tmp_path, *lines))) == 2


BAD_ROWS = [
    (row(1, close="nan"), Refusal.NOT_FINITE),
    (row(1, high="inf"), Refusal.NOT_FINITE),
    (row(1, open="-1.25"), Refusal.NOT_POSITIVE),
    (row(1, open="0"), Refusal.NOT_POSITIVE),
    (row(1, volume="-3"), Refusal.NEGATIVE),
    (row(1, volume=""), Refusal.NO_VALUE),
    (row(1, high="0.5"), Refusal.HIGH_BELOW_LOW),
    (row(1, high="1.375"), Refusal.OUTSIDE_RANGE),
    (row(1, low="1.375"), Refusal.OUTSIDE_RANGE),
    (row(1, close="1.5 USD"), Refusal.NOT_A_NUMBER),
    (row(1, close="1_5"), Refusal.NOT_A_NUMBER),
    (row(1, close='"1,5"'), Refusal.DECIMAL_COMMA),
    (row(1, close="1,5"), Refusal.WRONG_LENGTH),
    (row(1) + ",7", Refusal.WRONG_LENGTH),
    (row(1, time="yesterday"), Refusal.NOT_A_TIME),
    (row(1, time="-5"), Refusal.NOT_A_TIME),
    (row(1, time="2026-01-05 12:01:00"), Refusal.TIME_WITHOUT_ZONE),
    (row(1, time=""), Refusal.NO_VALUE),
    (row(0), Refusal.DUPLICATE),
    (row(-5), Refusal.BACK_IN_TIME),
]


@pytest.mark.parametrize(("bad", "reason"), BAD_ROWS, ids=[f"{reason.value}: {bad}" for bad, reason in BAD_ROWS])
def test_a_bad_row_is_refused_with_its_reason_and_the_rest_is_used(tmp_path: Path, bad: str, reason: Refusal) -> None:
    feed = replay(written(tmp_path, HEADER, row(0), bad, row(2), row(3)))
    assert [f"{bar.time:%H:%M}" for bar in every(feed)] == ["12:01", "12:03", "12:04"]
    assert feed.refused == Counter({reason: 1})


def test_a_bar_that_begins_before_the_last_one_ended_is_refused(tmp_path: Path) -> None:
    first = [row(minute) for minute in range(0, 25_005, 5)]
    feed = replay(written(tmp_path, HEADER, *first, row(25_003), row(25_010)))
    bars = every(feed)
    assert {bar.interval for bar in bars} == {300.0}
    assert (len(bars), feed.refused) == (5_002, Counter({Refusal.OVERLAPPING: 1}))


def test_blank_lines_are_no_rows(tmp_path: Path) -> None:
    feed = replay(written(tmp_path, HEADER, row(0), "", " , , , , , ", row(1), ""))
    assert (len(every(feed)), feed.refused) == (2, Counter())


def test_gaps_stay_gaps_and_the_interval_is_the_smallest_step(tmp_path: Path) -> None:
    lines = [row(minute) for minute in (0, 30, 35, 40, 300)]
    path = written(tmp_path, HEADER, *lines)
    assert told(path) == [(time, 300.0, 1.5) for time in ("12:05", "12:35", "12:40", "12:45", "17:05")]


def test_coarse_bars_pass_through_builders_upward(tmp_path: Path) -> None:
    bars = every(replay(written(tmp_path, HEADER, *(row(minute) for minute in range(0, 60, 5)))))
    made = {frame: [each for bar in bars for each in BarBuilder(frame).update(bar)] for frame in (Timeframe.M1,)}
    assert made[Timeframe.M1] == []
    for frame, count in ((Timeframe.M5, 12), (Timeframe.M15, 4), (Timeframe.H1, 1)):
        builder = BarBuilder(frame)
        assert len([each for bar in bars for each in builder.update(bar)]) == count


def test_gzip_is_read(tmp_path: Path) -> None:
    path = tmp_path / "ADA_BTC-5m.csv.gz"
    path.write_bytes(gzip.compress("\n".join((HEADER, row(0), row(5))).encode()))
    assert [(bar.asset, bar.interval) for bar in every(replay(path))] == [("ADA_BTC", 300.0)] * 2


def test_a_file_cut_short_says_so_when_that_is_reached(tmp_path: Path) -> None:
    whole = gzip.compress("\n".join((HEADER, *(row(minute, 1 + minute % 7 / 7) for minute in range(9_000)))).encode())
    path = tmp_path / "BTC.csv.gz"
    path.write_bytes(whole[: len(whole) - 2_000])
    feed = replay(path)
    assert feed.advance(NOON + timedelta(minutes=100))
    with pytest.raises(SourceError, match=r"BTC\.csv\.gz cannot be read"):
        feed.advance(EVER)


def test_a_folder_is_merged_in_order_of_time_and_then_of_assets(tmp_path: Path) -> None:
    written(tmp_path, HEADER, row(0), row(2), row(3), name="ZEC.csv")
    written(tmp_path, HEADER, row(0), row(5), name="ADA-5m.csv")
    written(tmp_path, "nothing to do with it", name="notes.txt")
    feed = replay(tmp_path)
    assert list(feed.instruments) == ["ADA", "ZEC"]
    merged = [(bar.asset, f"{bar.time:%H:%M}") for bar in every(feed)]
    assert merged == [
        ("ZEC", "12:01"), ("ZEC", "12:03"), ("ZEC", "12:04"), ("ADA", "12:05"), ("ADA", "12:10")
    ]  # fmt: skip


def test_files_of_one_asset_follow_one_another(tmp_path: Path) -> None:
    written(tmp_path, HEADER, row(0), row(1), name="BTC-1m-2026-01.csv")
    written(tmp_path, HEADER, row(1), row(2), name="BTC-1m-2026-02.csv")
    feed = replay(tmp_path / "BTC-1m-*.csv")
    assert [bar.asset for bar in every(feed)] == ["BTC"] * 3
    assert feed.refused == Counter({Refusal.DUPLICATE: 1})


def test_a_column_can_tell_the_asset(tmp_path: Path) -> None:
    lines = [f"{row(minute)},{asset}" for minute in (0, 1) for asset in ("ETH", "BTC")]
    feed = replay(written(tmp_path, HEADER + ",symbol", *lines, row(2) + ", "))
    assert [bar.asset for bar in every(feed)] == ["BTC", "ETH"] * 2
    assert feed.refused == Counter({Refusal.NO_ASSET: 1})


def test_ticks_become_bars_of_a_minute(tmp_path: Path) -> None:
    lines = [
        "time,bid,ask",
        "2026-01-05T12:00:00Z,1.0,1.5",
        "2026-01-05T12:00:20Z,2.0,2.5",
        "2026-01-05T12:00:40Z,3.0,2.5",
        "2026-01-05T12:00:40Z,1.5,1.5",
        "2026-01-05T12:00:40Z,1.5,1.75",
        "2026-01-05T12:01:00Z,7.0,8.0",
        "2026-01-05T12:05:10Z,9.0,9.0",
    ]
    feed = replay(written(tmp_path, *lines))
    bars = every(feed)
    assert [f"{bar.time:%H:%M}" for bar in bars] == ["12:01", "12:02", "12:06"]
    assert bars[0][2:] == (60.0, 1.25, 2.25, 1.25, 1.625, 4.0, 0.25, 4)
    assert feed.refused == Counter({Refusal.CROSSED: 1})


def test_ticks_of_several_assets_close_together(tmp_path: Path) -> None:
    lines = [
        "2026-01-05T12:00:00Z,1.0,1.5,A",
        "2026-01-05T12:00:20Z,1.0,1.5,B",
        "2026-01-05T12:03:00Z,1.0,1.5,B",
        "2026-01-05T12:09:00Z,1.0,1.5,A",
    ]
    bars = every(replay(written(tmp_path, "time,bid,ask,asset", *lines)))
    assert [(bar.asset, bar.time.minute) for bar in bars] == [("A", 1), ("B", 1), ("B", 4), ("A", 10)]


def arrow(folder: Path, times: pa.Array, name: str = "BTC.parquet") -> Path:
    prices = pa.array([1.5, 1.75, float("nan")])
    table = pa.table({"date": times, "open": prices, "high": prices, "low": prices, "close": prices})
    parquet.write_table(table, folder / name)
    return folder / name


@pytest.mark.parametrize("kind", [pa.timestamp("ns", "UTC"), pa.timestamp("ms", "+02:00"), pa.int64()])
def test_parquet_is_read(tmp_path: Path, kind: pa.DataType) -> None:
    seconds = int(NOON.timestamp())
    factor = {"timestamp[ns, tz=UTC]": 10**9}.get(str(kind), 1_000)
    feed = replay(arrow(tmp_path, pa.array([(seconds + 60 * n) * factor for n in range(3)], kind)))
    assert [(bar.time, bar.close) for bar in every(feed)] == [
        (NOON + timedelta(minutes=1), 1.5),
        (NOON + timedelta(minutes=2), 1.75),
    ]
    assert feed.refused == Counter({Refusal.NOT_FINITE: 1})


def test_without_pyarrow_a_sentence_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    (tmp_path / "BTC.parquet").write_bytes(b"PAR1")
    with pytest.raises(ConfigurationError, match=r"pip install 'tradewatch\[parquet\]'"):
        replay(tmp_path / "BTC.parquet")


def test_what_is_no_parquet_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "BTC.parquet").write_bytes(b"date,open\n" * 100)
    with pytest.raises(SourceError, match="is not a Parquet file"):
        replay(tmp_path / "BTC.parquet")


def test_what_cannot_be_replayed_is_one_sentence(tmp_path: Path) -> None:
    cases: list[tuple[Path, type[Exception], str]] = [
        (tmp_path / "missing.csv", SourceError, "there are no prices at"),
        (tmp_path / "*.csv.gz", SourceError, "there are no prices at"),
        (written(tmp_path, "a", name="X.txt"), ConfigurationError, "is no kind of file"),
        (written(tmp_path, "date,price", name="Y.csv"), ConfigurationError, "has the columns date, price"),
        (written(tmp_path, HEADER, row(0, close=-1), row(1, time="x"), name="Z.csv"), SourceError, "no row that can"),
        (written(tmp_path, HEADER, name="H.csv"), SourceError, "there are none"),
        (written(tmp_path, HEADER, row(0), name="S.csv"), ConfigurationError, "or the interval"),
        (written(tmp_path, HEADER, row(0, time="2026-01-05"), name="T.csv"), SourceError, "which zone"),
    ]
    (tmp_path / "E.csv").write_text("")
    (tmp_path / "B.csv").write_bytes(b"time,open\xff\xfe")
    cases += [
        (tmp_path / "E.csv", SourceError, "is empty"),
        (tmp_path / "B.csv", SourceError, "is not a CSV file"),
    ]
    for path, kind, sentence in cases:
        with pytest.raises(kind, match=sentence):
            replay(path)


def test_files_of_one_asset_with_bars_of_different_lengths_are_refused(tmp_path: Path) -> None:
    written(tmp_path, HEADER, row(0), row(1), name="A-1m.csv")
    written(tmp_path, HEADER, row(0), row(30), name="A-30m.csv")
    with pytest.raises(ConfigurationError, match="A has bars of 60 and 1800 seconds"):
        replay(tmp_path)


def test_a_start_without_a_zone_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="no time zone"):
        replay(written(tmp_path, HEADER, row(0), row(1)), start=NOON.replace(tzinfo=None))


def test_a_single_bar_has_the_interval_that_is_told(tmp_path: Path) -> None:
    [bar] = every(replay(written(tmp_path, HEADER, row(0)), interval=3_600))
    assert (bar.interval, bar.time) == (3_600, NOON + timedelta(hours=1))


def test_times_without_a_zone_are_read_in_the_one_that_is_told(tmp_path: Path) -> None:
    lines = [row(0, time=f"2026-01-05 12:0{minute}:00") for minute in (0, 1)]
    assert every(replay(written(tmp_path, HEADER, *lines), zone=UTC))[0].time == NOON + timedelta(minutes=1)


def test_terms_are_made_from_the_data(tmp_path: Path) -> None:
    lines = [row(0, 1.2345), row(1, 0.12344999999999999 + 1)]
    feed = replay(written(tmp_path, HEADER, *lines, name="ADA_BTC-1m.csv"), spread_points=3)
    made = feed.instruments["ADA_BTC"]
    assert (made.digits, made.base_currency, made.quote_currency, made.spread_points) == (5, "ADA", "BTC", 3)
    assert (made.contract_size, made.price) == (1.0, 1.2345)
    assert made.volatility > 0
    assert [bar.spread for bar in every(feed)] == [pytest.approx(0.00003)] * 2


def test_known_terms_are_used(tmp_path: Path) -> None:
    path = written(tmp_path, HEADER, row(0), row(1), name="EURUSD+.csv")
    feed = replay(path, known=METATRADER)
    assert feed.instruments["EURUSD+"] is METATRADER["EURUSD+"]
    assert every(feed)[0].spread == METATRADER["EURUSD+"].spread


def test_a_column_of_spreads_is_used(tmp_path: Path) -> None:
    feed = replay(written(tmp_path, HEADER + ",spread", row(0) + ",0", row(1) + ",0.25"))
    assert [bar.spread for bar in every(feed)] == [0.0, 0.25]


@pytest.mark.parametrize("minutes", [-1, 0, 1, 25, 99])
def test_a_restored_replay_goes_on_with_the_same_bars(tmp_path: Path, minutes: int) -> None:
    lines = [row(minute, 1 + minute / 60) for minute in range(60)]
    written(tmp_path, HEADER, lines[0], lines[0], *lines[1:], row(3), name="A.csv")
    written(tmp_path, HEADER, *(row(minute) for minute in range(0, 60, 5)), name="B.csv")
    feed, restored = replay(tmp_path), replay(tmp_path)
    feed.advance(NOON + timedelta(minutes=minutes))
    restored.restore(json.loads(json.dumps(feed.state())))
    assert restored.refused == feed.refused
    assert every(restored) == every(feed)
    assert restored.is_over
    assert restored.refused == feed.refused == Counter({Refusal.DUPLICATE: 1, Refusal.BACK_IN_TIME: 1})


def test_the_state_of_other_files_is_refused(tmp_path: Path) -> None:
    one = replay(written(tmp_path, HEADER, row(0), row(1), name="A.csv"))
    with pytest.raises(ConfigurationError, match="replay of A, not of B"):
        replay(written(tmp_path, HEADER, row(0), row(1), name="B.csv")).restore(one.state())


def test_what_comes_later_changes_nothing_before(tmp_path: Path) -> None:
    lines = [row(minute, 1 + minute / 60) for minute in range(60)]
    one = replay(written(tmp_path, HEADER, *lines, name="A.csv"))
    until = NOON + timedelta(minutes=30)
    before = one.advance(until)
    other = replay(written(tmp_path, HEADER, *lines[:30], row(45, 1.9), name="A.csv"))
    assert other.advance(until) == before


def test_trading_starts_when_it_is_told(tmp_path: Path) -> None:
    start = NOON + timedelta(minutes=30)
    feed = replay(written(tmp_path, HEADER, *(row(minute) for minute in range(60))), start=start)
    assert feed.start == start
    assert len(feed.advance(start)) == 30
