from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta

from tradewatch.facts import CashFlowed, Direction, Entry, Mode, RunEnded, RunStarted, TradeClosed, TradeOpened
from tradewatch.sources.gathering import Account, Gathered
from tradewatch.sources.source import BadRow, Reason, Trade

START = datetime(2024, 1, 31, tzinfo=UTC)
USD = Account(starting_equity=100.0, currency="USD")


def trade(name: str, opens: int, closes: int | None) -> Trade:
    """Return a trade that opens and closes these hours after `START`."""
    terms = {"trade_id": name, "asset": "a", "direction": Direction.BUY, "quantity": 1.0, "entry_price": 1.0}
    opening = Entry(START + timedelta(hours=opens), f"{name}/opened", TradeOpened(**terms))  # type: ignore[arg-type]
    if closes is None:
        return Trade(opening, None)
    closed = TradeClosed(exit_price=2.0, pnl=0.5, **terms)  # type: ignore[arg-type]  # mixed values
    return Trade(opening, Entry(START + timedelta(hours=closes), f"{name}/closed", closed))


def run_of(rows: Sequence[Trade | BadRow], account: Account = USD) -> list[tuple[Entry, bool]]:
    with closing(Gathered(rows)) as gathered:
        return list(gathered.run(account, "csv"))


def run_id_of(rows: Sequence[Trade | BadRow], account: Account = USD) -> str:
    fact = run_of(rows, account)[0][0].fact
    assert isinstance(fact, RunStarted)
    return fact.run_id


def test_a_run_holds_all_facts_in_event_order_between_its_start_and_its_end() -> None:
    run = run_of([trade("b", 2, 9), trade("a", 1, 5)])
    assert [entry.id.rpartition("/")[2] for entry, _ in run] == ["started", *["opened"] * 2, *["closed"] * 2, "ended"]
    assert [(entry.time - START) // timedelta(hours=1) for entry, _ in run] == [1, 1, 2, 5, 9, 9]


def flow(hours: int, amount: float = 50.0) -> Entry:
    return Entry(START + timedelta(hours=hours), f"deal-{hours}/cash", CashFlowed(amount=amount))


def test_cash_flows_stand_where_they_happened_also_outside_of_all_trades() -> None:
    with closing(Gathered([trade("a", 2, 5)], cash_flows=[flow(9), flow(3), flow(1)])) as gathered:
        run = list(gathered.run(USD, "mt5-history"))
        assert gathered.facts == len(run)
    names = ["started", "cash", "opened", "cash", "closed", "cash", "ended"]
    assert [entry.id.rpartition("/")[2] for entry, _ in run] == names
    assert [(entry.time - START) // timedelta(hours=1) for entry, _ in run] == [1, 1, 2, 3, 5, 9, 9]
    assert [entry.id for entry, is_newest in run if is_newest] == ["a/closed"]


def test_cash_flows_alone_are_no_run_and_with_trades_another_one() -> None:
    with closing(Gathered([], cash_flows=[flow(1)])) as gathered:
        assert list(gathered.run(USD, "mt5-history")) == []
    with closing(Gathered([trade("a", 2, 5)], cash_flows=[flow(3)])) as gathered:
        start = next(gathered.run(USD, "csv"))[0].fact
    assert isinstance(start, RunStarted)
    assert start.run_id != run_id_of([trade("a", 2, 5)])


def test_the_newest_fact_of_each_trade_is_flagged() -> None:
    assert [entry.id for entry, is_newest in run_of([trade("a", 1, 5), trade("b", 2, None)]) if is_newest] == [
        "b/opened",
        "a/closed",
    ]


def test_the_run_says_what_is_known_of_the_account() -> None:
    start, end = run_of([trade("a", 1, 5)])[0][0].fact, run_of([trade("a", 1, 5)])[-1][0].fact
    assert isinstance(start, RunStarted)
    assert start == RunStarted(
        run_id=start.run_id, mode=Mode.IMPORTED, starting_equity=100.0, currency="USD", label="csv"
    )
    assert end == RunEnded(run_id=start.run_id)


def test_the_same_content_is_the_same_run_whatever_the_order_of_its_rows() -> None:
    rows = [trade("a", 1, 5), trade("b", 2, 9)]
    bad = BadRow("trades.csv", 2, "asset", "", Reason.MISSING)
    assert run_id_of(rows) == run_id_of([bad, *rows[::-1]])


def test_more_trades_or_another_account_are_another_run() -> None:
    rows = [trade("a", 1, 5), trade("b", 2, None)]
    runs = {
        run_id_of(rows),
        run_id_of([*rows, trade("c", 3, 4)]),
        run_id_of([rows[0], trade("b", 2, 7)]),
        run_id_of(rows, Account(starting_equity=200.0, currency="USD")),
        run_id_of(rows, Account(starting_equity=100.0)),
    }
    assert len(runs) == 5


def test_without_trades_there_is_no_run() -> None:
    assert run_of([BadRow("trades.csv", 2, "asset", "", Reason.MISSING)]) == []


def test_the_number_of_facts_is_known_beforehand() -> None:
    for rows in ([], [trade("a", 1, 5)], [trade("a", 1, 5), trade("b", 2, None)]):
        with closing(Gathered(rows)) as gathered:
            assert gathered.facts == len(list(gathered.run(USD, "csv")))


def test_reported_profit_is_left_out_on_request() -> None:
    with closing(Gathered([trade("a", 1, 5)], with_reported_pnl=False)) as gathered:
        *_, (entry, _), _ = gathered.run(USD, "csv")
    assert isinstance(entry.fact, TradeClosed)
    assert entry.fact.pnl is None


def test_bad_rows_are_counted_by_reason_and_few_are_kept() -> None:
    def rows() -> Iterator[BadRow]:
        for row in range(1_000):
            yield BadRow("trades.csv", row, "asset", "", Reason.MISSING)
        yield BadRow("trades.csv", 1_000, "pnl", "x", Reason.NOT_A_NUMBER)

    with closing(Gathered(rows())) as gathered:
        assert gathered.bad_rows.by_reason == {Reason.MISSING: 1_000, Reason.NOT_A_NUMBER: 1}
        assert [row.row for row in gathered.bad_rows.examples] == list(range(20))
