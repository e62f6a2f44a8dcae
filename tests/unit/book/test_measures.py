"""What is measured of a single trade, and of trades in a row."""

from datetime import timedelta

import pytest

from tests.support.books import book_of, reading
from tests.support.definitions import checks
from tests.support.facts import MIDNIGHT, at, closed, opened, started
from tradewatch.catalog import Concept, concepts
from tradewatch.facts import Direction, RegimeEntered, RunStarted


def of(concept: Concept, *trades: object) -> float | None:
    entries = [at(number + 1, trade) for number, trade in enumerate(trades)]  # type: ignore[arg-type]  # facts
    return reading(book_of(at(0, started()), *entries), concept)


def results(*pnls: float) -> list[object]:
    return [closed(str(number), pnl=pnl) for number, pnl in enumerate(pnls)]


@checks(concepts.LONGEST_WINS, concepts.LONGEST_LOSSES, concepts.CURRENT_WINS, concepts.CURRENT_LOSSES, within="exact")
@pytest.mark.parametrize(
    ("pnls", "longest_wins", "longest_losses", "wins", "losses"),
    [
        ((), 0, 0, 0, 0),
        ((1, 1, -1), 2, 1, 0, 1),
        ((1, 0, 1), 2, 0, 2, 0),
        ((-1, -1, 0, -1, 1), 1, 3, 1, 0),
    ],
)
def test_a_scratch_ends_no_streak(
    pnls: tuple[float, ...], longest_wins: int, longest_losses: int, wins: int, losses: int
) -> None:
    streaks = (concepts.LONGEST_WINS, concepts.LONGEST_LOSSES, concepts.CURRENT_WINS, concepts.CURRENT_LOSSES)
    assert [of(each, *results(*pnls)) for each in streaks] == [longest_wins, longest_losses, wins, losses]


@checks(concepts.AVERAGE_WIN, concepts.AVERAGE_LOSS, concepts.PAYOFF_RATIO, within="exact")
def test_average_risk_reward_leaves_scratches_out() -> None:
    trades = results(30.0, 10.0, 1e-9, -8.0)
    assert of(concepts.AVERAGE_WIN, *trades) == 20.0
    assert of(concepts.AVERAGE_LOSS, *trades) == -8.0
    assert of(concepts.PAYOFF_RATIO, *trades) == 2.5


@checks(concepts.LARGEST_WIN, concepts.LARGEST_LOSS, within="exact")
def test_largest_win_and_loss_are_a_win_and_a_loss() -> None:
    assert of(concepts.LARGEST_WIN, *results(-5.0, -1.0)) is None
    assert of(concepts.LARGEST_LOSS, *results(5.0, 1.0)) is None
    assert of(concepts.LARGEST_WIN, *results(3.0, 7.0, -9.0)) == 7.0
    assert of(concepts.LARGEST_LOSS, *results(3.0, 7.0, -9.0)) == -9.0


@checks(concepts.EXPECTANCY_R, within="exact")
@pytest.mark.parametrize(
    ("changes", "r"),
    [
        ({"pnl": 20.0, "stop": 90.0}, 2.0),
        ({"pnl": -10.0, "stop": 110.0, "direction": Direction.SELL}, -1.0),
        ({"pnl": 20.0, "stop": 90.0, "quantity": 2.0, "contract_value": 5.0}, 0.2),
        ({"pnl": 20.0}, None),
        ({"pnl": 20.0, "stop": 100.0}, None),
    ],
    ids=["long", "short", "contracts", "without a stop", "a stop at the entry"],
)
def test_expectancy_in_r_is_by_initial_risk(changes: dict[str, float], r: float | None) -> None:
    assert of(concepts.EXPECTANCY_R, closed("a", **changes)) == r


@checks(concepts.MEAN_ADVERSE, concepts.MEAN_FAVOURABLE, within="exact")
def test_excursions_are_in_r() -> None:
    trade = closed("a", pnl=5.0, stop=90.0, worst_unrealised=-4.0, best_unrealised=8.0)
    assert of(concepts.MEAN_ADVERSE, trade) == -0.4
    assert of(concepts.MEAN_FAVOURABLE, trade) == 0.8


@checks(concepts.ENTRY_SLIPPAGE, concepts.EXIT_SLIPPAGE, within="1e-6 relative")
@pytest.mark.parametrize(("direction", "entry", "exit_"), [(Direction.BUY, 10.0, -20.0), (Direction.SELL, -10.0, 20.0)])
def test_slippage_is_a_cost_when_it_is_positive(direction: Direction, entry: float, exit_: float) -> None:
    trade = closed(
        "a",
        direction=direction,
        entry_reference_price=1000.0,
        entry_price=1001.0,
        exit_reference_price=1000.0,
        exit_price=1002.0,
    )
    assert of(concepts.ENTRY_SLIPPAGE, trade) == pytest.approx(entry)
    assert of(concepts.EXIT_SLIPPAGE, trade) == pytest.approx(exit_)


@checks(concepts.MEAN_DURATION, within="exact")
def test_duration_is_from_opening_to_closing() -> None:
    assert of(concepts.MEAN_DURATION, closed("a", opened_at=MIDNIGHT - timedelta(seconds=89))) == 90.0
    assert of(concepts.MEAN_DURATION, closed("a")) is None


@checks(concepts.FEES, within="exact")
def test_fees_add_up() -> None:
    assert of(concepts.FEES, closed("a", fees=1.5), closed("b", fees=-0.25), closed("c")) == 1.25


def test_the_regime_of_a_trade_is_its_assets_when_it_was_opened() -> None:
    book = book_of(
        at(0, started()),
        at(1, RegimeEntered(asset="BTC", regime="RANGING")),
        at(2, opened("a")),
        at(2, opened("other asset", asset="ETH")),
        at(3, RegimeEntered(asset="BTC", regime="VOLATILE")),
        at(4, closed("a", pnl=5.0)),
        at(5, closed("other asset", pnl=7.0, asset="ETH")),
    )
    profits = {
        regime: reading(book, concepts.NET_PROFIT, regime, labels=("regime",))
        for regime in ("RANGING", "VOLATILE", "UNKNOWN")
    }
    assert profits == {"RANGING": 5.0, "VOLATILE": None, "UNKNOWN": 7.0}


def test_an_asset_the_run_does_not_trade_and_a_currency_that_is_not_the_accounts_are_refused() -> None:
    run = RunStarted(run_id="r", mode=started().mode, starting_equity=1000.0, currency="USD", assets=("BTC",))
    book = book_of(
        at(0, run),
        at(1, closed("a", pnl=1.0)),
        at(2, closed("b", pnl=10.0, asset="DOGE")),
        at(3, closed("c", pnl=100.0, currency="EUR")),
        at(4, closed("d", pnl=1.0, currency="USD")),
    )
    assert reading(book, concepts.NET_PROFIT) == 2.0
    assert reading(book, concepts.BALANCE) == 1002.0
    assert dict(book.intake.refused) == {("trade_closed", "unknown_asset"): 1, ("trade_closed", "other_currency"): 1}
