"""Random valid trades, written as CSV and imported, are the same trades."""

import csv
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given
from hypothesis import strategies as st

from tradewatch.facts import Direction, Entry, TradeClosed
from tradewatch.sources.csv_file import CsvSource
from tradewatch.sources.csv_header import COLUMNS
from tradewatch.sources.source import Options, Trade

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

names = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20).map(str.strip).filter(bool)
assets = names | st.sampled_from(['BTC/"USDT"', "EUR\nUSD", "gold, spot;\t1 oz", "🚀", "'", "=1+1", "a\r\nb", "\x00"])
sizes = st.floats(1e-12, 1e12)
money = st.floats(-1e12, 1e12)
moments = st.datetimes(datetime(1971, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - bounds


@st.composite
def closings(draw: st.DrawFn, trade_id: str) -> Entry:
    opened_at = draw(st.none() | moments)
    closed_at = draw(moments if opened_at is None else st.timedeltas(timedelta(), timedelta(99)).map(opened_at.__add__))
    fact = TradeClosed(
        trade_id=trade_id,
        asset=draw(assets),
        direction=draw(st.sampled_from(Direction)),
        quantity=draw(sizes),
        entry_price=draw(sizes),
        exit_price=draw(sizes),
        contract_value=draw(sizes),
        stop=draw(st.none() | sizes),
        strategy=draw(st.none() | names),
        tag=draw(st.none() | names),
        confidence=draw(st.none() | st.floats(0, 1)),
        fees=draw(money),
        funding=draw(money),
        pnl=draw(st.none() | money),
        exit_reason=draw(st.none() | names),
        worst_unrealised=draw(st.none() | money),
        opened_at=opened_at,
    )
    return Entry(closed_at, fact.identity, fact)


histories = st.integers(0, 5).flatmap(lambda count: st.tuples(*(closings(str(number)) for number in range(count))))


def write(path: Path, entries: Sequence[Entry], delimiter: str) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, COLUMNS, delimiter=delimiter)
        writer.writeheader()
        for entry in entries:
            cells = {name: getattr(entry.fact, name, None) for name in COLUMNS}
            writer.writerow(cells | {"closed_at": entry.time.isoformat()})


@given(entries=histories, delimiter=st.sampled_from([",", ";", "\t"]))
def test_trades_come_back_as_they_were(entries: Sequence[Entry], delimiter: str) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder, "trades.csv")
        write(path, entries, delimiter)
        rows = list(CsvSource().read(path, Options()).trades)
    assert [row.closing for row in rows if isinstance(row, Trade)] == list(entries)
    assert len(rows) == len(entries)
