"""A query says what it asks for, in which unit, and refuses what cannot be."""

from collections.abc import Callable

import pytest

from tradewatch.catalog import Kind, Metric, Unit, concepts, distributions
from tradewatch.catalog.query import (
    Query,
    QueryError,
    best,
    buckets,
    constant,
    delta,
    increase,
    quantile,
    rate,
    seconds_since,
    select,
    total,
)
from tradewatch.catalog.scope import scope_of
from tradewatch.catalog.view import Variable

TRADES = Metric(
    name="x_trades_total",
    concept=concepts.TRADES_TOLD,
    kind=Kind.COUNTER,
    unit=Unit.COUNT,
    help="Trades",
    labels=("asset", "outcome"),
    closed={"outcome": ("win", "loss")},
)
WIN_RATE = Metric(
    name="x_win_rate", concept=concepts.WIN_RATE, kind=Kind.GAUGE, unit=Unit.PERCENT, help="w", labels=("asset",)
)
SECONDS = Metric(
    name="x_seconds", concept=distributions.CYCLE_SECONDS, kind=Kind.HISTOGRAM, unit=Unit.SECONDS, help="d"
)
trades, win_rate = select(TRADES), select(WIN_RATE)


@pytest.mark.parametrize(
    ("query", "text"),
    [
        (trades, "x_trades_total"),
        (select(TRADES, asset='a"b\\c'), 'x_trades_total{asset="a\\"b\\\\c"}'),
        (select(TRADES, asset="=~$asset", outcome="!=win"), 'x_trades_total{asset=~"$asset", outcome!="win"}'),
        (total(increase(trades, "1h"), by=("asset",)), "sum by (asset) (increase(x_trades_total[1h]))"),
        ((win_rate > 40).where(total(trades) >= 20), "(x_win_rate > 40) and on() (sum(x_trades_total) >= 20)"),
        (win_rate.unless(trades, on=("asset",)), "x_win_rate unless on(asset) x_trades_total"),
        ((trades - 1) / (trades + 2), "(x_trades_total - 1) / (x_trades_total + 2)"),
        (seconds_since(trades) < 5, "(time() - x_trades_total) < 5"),
        (best(win_rate, by=("asset",)), "topk by (asset) (1, x_win_rate)"),
        (
            quantile(0.95, total(rate(buckets(SECONDS), "5m"), by=("le",))),
            "histogram_quantile(0.95, sum by (le) (rate(x_seconds_bucket[5m])))",
        ),
        ((win_rate + 1).under(100), "100 / (x_win_rate + 1)"),
        (constant(1), "vector(1)"),
        (win_rate.joined_on(">=", trades * 80, ("asset",)), "x_win_rate >= on(asset) (x_trades_total * 80)"),
    ],
)
def test_a_query_is_written_as_promql(query: Query, text: str) -> None:
    assert query.text == text


@pytest.mark.parametrize(
    ("query", "unit"),
    [
        (win_rate, Unit.PERCENT),
        (total(win_rate) > 3, Unit.PERCENT),
        (delta(win_rate, "1h"), Unit.PERCENT),
        (trades / total(trades), Unit.RATIO),
        (trades / total(trades) * 100, Unit.PERCENT),
        (win_rate * 3, None),
        (rate(trades), None),
        (seconds_since(trades), Unit.SECONDS),
        (buckets(SECONDS), Unit.COUNT),
        (quantile(0.5, rate(buckets(SECONDS))), Unit.SECONDS),
    ],
)
def test_a_query_knows_what_it_counts_in(query: Query, unit: Unit | None) -> None:
    assert query.unit is unit


@pytest.mark.parametrize(
    ("ask", "sentence"),
    [
        (lambda: select(TRADES, asset="BTC", colour="red"), "has the labels asset, outcome, not colour"),
        (lambda: select(TRADES, outcome="Win"), "the label outcome of x_trades_total is win or loss, never Win"),
        (lambda: select(TRADES, outcome="=~Win|Loss"), "never Win|Loss"),
        (lambda: total(trades, by=("agent",)), "x_trades_total has no label agent"),
        (lambda: total(total(trades), by=("asset",)), "has no label asset"),
        (lambda: buckets(WIN_RATE), "x_win_rate is a gauge, and has no buckets"),
        (lambda: scope_of("x_", (TRADES,))("trade_total"), "the catalogue has no metric x_trade_total"),
    ],
)
def test_what_cannot_be_is_refused_when_it_is_written(ask: Callable[[], object], sentence: str) -> None:
    with pytest.raises(QueryError) as refused:
        ask()
    assert sentence in str(refused.value)


def test_a_scope_asks_for_what_the_reader_has_chosen() -> None:
    mode = Variable(name="mode", title="Mode", label="mode", metric=TRADES)
    asset = Variable(name="asset", title="Asset", label="asset", metric=TRADES, within=mode)
    scope = scope_of("x_", (TRADES, WIN_RATE), mode, asset, job="x")
    assert scope("win_rate").text == 'x_win_rate{job="x", asset=~"$asset"}'
    assert asset.source == 'x_trades_total{mode=~"$mode"}'


def test_a_query_lists_everything_that_it_asks_for_once() -> None:
    both = (win_rate > 3).where(trades, on=("asset",)).where(trades, on=("asset",))
    assert both.selectors == ("x_win_rate", "x_trades_total")
    assert [metric.name for metric in both.metrics] == ["x_win_rate", "x_trades_total"]
