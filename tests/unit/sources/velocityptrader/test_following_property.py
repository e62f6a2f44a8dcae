"""Whatever happens to a database while it is followed, the ledger's standing trades are its rows with a P&L."""

import math
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from tests.support.velocityptrader import CLOSE, CLOSED, OPEN, START, Database
from tradewatch.ledger import SqliteReader
from tradewatch.report.verification import verify
from tradewatch.sources.gathering import Account
from tradewatch.sources.velocityptrader.following import Following

SYSTEM = "velocitytrader"
KEPT = {"key": "id INTEGER PRIMARY KEY AUTOINCREMENT"}
USED_AGAIN = {"key": "id INTEGER PRIMARY KEY"}

amounts = st.sampled_from([-2.0, -1.0, 0.0, 1.0, 2.5, 1e6])
durations = st.sampled_from([None, 0.0, 1.0, 60.0])
names = st.sampled_from(["a", "b"])
prices = st.sampled_from([None, 0.0, 1.0, 2.0])
seconds = st.sampled_from([0.0, 1.0, 60.0])


class Followed(RuleBasedStateMachine):
    """A bot that writes, and one that follows, in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory()
        self.path, self.ledger = (Path(self.folder.name) / name for name in ("trading_logs.db", "ledger.db"))

    @initialize(
        unique=st.booleans(), keys=st.sampled_from([KEPT, USED_AGAIN]), journal=st.sampled_from(["wal", "delete"])
    )
    def begin(self, *, unique: bool, keys: dict[str, Any], journal: str) -> None:
        self.unique = unique
        self.database = Database(self.path, unique=unique, journal=journal, **keys)
        self.database.insert(CLOSED, instrument="KEPT", timestamp=START - 1_000)
        self.following = self.opened()

    def opened(self) -> Following:
        clock = lambda: datetime(2024, 1, 31, tzinfo=UTC)  # noqa: E731
        return Following(self.path, self.ledger, system=SYSTEM, account=Account(), clock=clock)

    def ids(self) -> list[int]:
        return [row_id for (row_id,) in self.database.execute("SELECT id FROM trade_logs WHERE instrument <> 'KEPT'")]

    @rule(after=seconds, name=names, price=prices)
    def open(self, after: float, name: str, price: float | None) -> None:
        trade_id = None if self.unique else name
        self.database.insert(OPEN, timestamp=START + after, trade_id=trade_id, entry_price=price)

    @rule(after=seconds, pnl=amounts, name=names, duration=durations)
    def close_by_a_row(self, after: float, pnl: float, name: str, duration: float | None) -> None:
        trade_id = None if self.unique else name
        self.database.insert(CLOSE, timestamp=START + after, pnl=pnl, trade_id=trade_id, trade_duration=duration)

    @rule(after=seconds, pnl=amounts)
    def insert_closed(self, after: float, pnl: float) -> None:
        self.database.insert(CLOSED, timestamp=START + after, pnl=pnl)

    @rule(data=st.data(), pnl=st.none() | amounts, duration=durations)
    def set_profit(self, data: st.DataObject, pnl: float | None, duration: float | None) -> None:
        for row_id in self.ids():
            if data.draw(st.booleans()):
                self.database.update(row_id, pnl=pnl, trade_duration=duration)

    @rule(data=st.data(), after=seconds, name=names, price=prices)
    def correct(self, data: st.DataObject, after: float, name: str, price: float | None) -> None:
        for row_id in self.ids():
            if data.draw(st.booleans()):
                trade_id = {} if self.unique else {"trade_id": name}
                self.database.update(row_id, timestamp=START + after, entry_price=price, **trade_id)

    @rule(data=st.data())
    def delete(self, data: st.DataObject) -> None:
        for row_id in self.ids():
            if data.draw(st.booleans()):
                self.database.delete(row_id)

    @rule()
    def look(self) -> None:
        self.following.look()

    @rule()
    def sweep(self) -> None:
        self.following.sweep(0.0)

    @rule()
    def restart(self) -> None:
        self.following.close()
        self.following = self.opened()

    @rule()
    def agree(self) -> None:
        self.following.look()
        while not self.following.is_swept:
            self.following.sweep(1.0)
            self.following.look()
        with closing(SqliteReader(self.ledger)) as reader:
            told = reader.profits(SYSTEM)
        profits = self.database.profits()
        assert len(told) == len(profits)
        assert math.fsum(told) == math.fsum(profits)

    @invariant()
    def there_is_no_problem(self) -> None:
        if hasattr(self, "following"):
            assert (self.following.problem, self.following.replaced) == (None, False)

    def teardown(self) -> None:
        if hasattr(self, "following"):
            self.agree()
            assert verify(self.ledger, SYSTEM).findings == []
            self.following.close()
            self.database.close()
        self.folder.cleanup()


TestFollowed = Followed.TestCase
TestFollowed.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)
