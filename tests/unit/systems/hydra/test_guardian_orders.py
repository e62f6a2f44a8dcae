"""What the guardian says of a trade: how large it may be, how many there may be, and on which asset."""

from math import exp, nan, nextafter, sin
from typing import Any

import pytest
from msgspec import structs

from tests.support.guardians import (
    HOUR,
    MINUTE,
    NOON,
    ROOMY,
    SECOND,
    START,
    acted,
    again,
    ended,
    request,
    step,
    watched,
)
from tradewatch.facts import Direction, RiskActed, RiskAction
from tradewatch.market.orders import Order
from tradewatch.systems.hydra.guardian.guardian import Guardian
from tradewatch.systems.hydra.guardian.limits import GuardianLimits
from tradewatch.systems.hydra.guardian.order_check import Request

BUY, SELL = Direction.BUY, Direction.SELL


@pytest.mark.parametrize(
    ("quantity", "size", "reasons"),
    [(9.99, 9.99, ()), (10.0, 10.0, ()), (10.01, 10.0, ("risk_per_trade",)), (1e6, 10.0, ("risk_per_trade",))],
)
def test_a_stop_may_cost_one_percent_of_equity(quantity: float, size: float, reasons: tuple[str, ...]) -> None:
    guardian, _ = watched(START)
    verdict = guardian.check(request(quantity=quantity), [])
    assert verdict[:3] == (True, size, reasons)


def test_the_risk_is_of_the_equity_of_now_after_flows() -> None:
    guardian = Guardian(START, ROOMY)
    guardian.take(step(NOON, 9_000.0, flows=[-4_000.0]))
    assert guardian.check(request(quantity=99.0), []).size == 5.0


def test_a_size_never_costs_more_than_its_share_not_even_by_rounding() -> None:
    guardian, _ = watched(START)
    for risk in [number / 100 for number in range(1, 2_000)]:
        size = guardian.check(request(quantity=1e18, risk_per_unit=risk), []).size
        assert size * risk <= 100.0
        assert size * risk == pytest.approx(100.0, rel=1e-15)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"risk_per_unit": None}, "no_stop"),
        ({"risk_per_unit": 0.0}, "no_stop"),
        ({"risk_per_unit": nan}, "no_stop"),
        ({"quantity": 0.0}, "no_size"),
        ({"quantity": -1.0}, "no_size"),
        ({"quantity": nan}, "no_size"),
    ],
)
def test_a_trade_whose_risk_is_unknown_is_refused(changes: dict[str, Any], reason: str) -> None:
    guardian, _ = watched(START)
    assert guardian.check(request(**changes), []) == (False, 0.0, (reason,), ())


def test_a_size_that_is_cut_to_nothing_is_refused() -> None:
    guardian, _ = watched(START)
    smallest = nextafter(0.0, 1.0)
    held = [request()]
    assert guardian.check(request(quantity=smallest), held) == (False, 0.0, ("no_size",), ())


@pytest.mark.parametrize("equity", [0.0, -5.0])
def test_nothing_trades_without_equity(equity: float) -> None:
    guardian = Guardian(START, GuardianLimits(kill_switch_pause=HOUR, emergency=HOUR))
    guardian.take(step(NOON, equity))
    guardian.take(step(NOON + 36 * HOUR, equity))
    assert guardian.check(request(), []).reasons == ("no_size",)


def test_the_fourth_position_is_refused() -> None:
    guardian, _ = watched(START)
    held = [request(asset=f"{name}-USD") for name in ("ETH", "SOL", "LTC")]
    assert guardian.check(request(), held[:2]).allowed
    assert guardian.check(request(), held) == (False, 0.0, ("position_limit",), ())


def test_a_refusal_names_every_limit() -> None:
    guardian, _ = watched(START, 9_800.0)
    guardian.take(step(NOON + HOUR, 9_800.0, regimes={"BTC-USD": "CHOPPY"}))
    guardian.take(step(NOON + 4 * HOUR, 9_800.0))
    verdict = guardian.check(request(risk_per_unit=None), [request()] * 3)
    assert verdict.reasons == ("daily_loss", "choppy", "position_limit", "no_stop")


def test_an_asset_that_is_choppy_for_more_than_two_hours_is_blocked_until_it_is_not() -> None:
    guardian = Guardian(START)
    guardian.take(step(NOON, regimes={"BTC-USD": "CHOPPY", "ETH-USD": "RANGING"}))
    assert acted(guardian.take(step(NOON + 2 * HOUR, regimes={"BTC-USD": "CHOPPY"}))) == []
    assert guardian.check(request(), []).allowed
    assert acted(guardian.take(step(NOON + 2 * HOUR + SECOND))) == ["halt choppy BTC-USD"]
    assert guardian.check(request(), []).reasons == ("choppy",)
    assert guardian.check(request(asset="ETH-USD"), []).allowed
    assert guardian.is_trading_allowed
    assert guardian.level == 1
    assert guardian.get_status()["blocked_assets"] == ["BTC-USD"]
    assert acted(again(guardian).take(step(NOON + 3 * HOUR, regimes={"BTC-USD": "CHOPPY"}))) == []
    assert acted(guardian.take(step(NOON + 4 * HOUR, regimes={"BTC-USD": "VOLATILE"}))) == [
        "resume no_longer_choppy BTC-USD"
    ]
    assert guardian.check(request(), []).allowed


def test_an_asset_that_leaves_choppy_in_between_starts_over() -> None:
    guardian = Guardian(START)
    for hours, regime in ((0, "CHOPPY"), (1, "RANGING"), (2, "CHOPPY"), (4, "CHOPPY")):
        assert guardian.take(step(NOON + hours * HOUR, regimes={"BTC-USD": regime})) == []


def moved(correlated: float) -> Guardian:
    """Return a guardian that saw ETH move as BTC does, mixed with something else, and SOL the other way."""
    guardian = Guardian(START)
    for minute in range(121):
        own, other = 0.01 * sin(2.0 * minute), 0.01 * sin(3.1 * minute)
        mixed = correlated * own + (1 - correlated**2) ** 0.5 * other
        closes = {"BTC-USD": exp(own), "ETH-USD": exp(mixed), "SOL-USD": 5 * exp(-own)}
        guardian.take(step(NOON + minute * MINUTE, closes=closes))
    return guardian


def test_a_position_that_moves_as_an_open_one_has_half_the_size_and_a_fact_says_so() -> None:
    guardian = moved(0.99)
    verdict = guardian.check(request(), [request(asset="ETH-USD")])
    assert verdict[:3] == (True, 0.5, ("correlation",))
    fact = RiskActed(
        action=RiskAction.REDUCE_SIZE, reason="correlation", scope="BTC-USD", size_multiplier=0.5, detail="order-1"
    )
    assert [(entry.time, entry.id, entry.fact) for entry in verdict.entries] == [
        (NOON, "guardian/order/order-1/correlation", fact)
    ]
    assert again(guardian).check(request(), [request(asset="ETH-USD")]) == verdict


@pytest.mark.parametrize(
    ("asset", "direction", "held", "size"),
    [
        ("ETH-USD", BUY, BUY, 0.5),
        ("ETH-USD", BUY, SELL, 1.0),
        ("ETH-USD", SELL, SELL, 0.5),
        ("SOL-USD", BUY, BUY, 1.0),
        ("SOL-USD", BUY, SELL, 0.5),
        ("BTC-USD", BUY, BUY, 0.5),
        ("BTC-USD", BUY, SELL, 1.0),
        ("XRP-USD", BUY, BUY, 1.0),
    ],
)
def test_it_is_the_positions_that_are_alike_not_the_assets(
    asset: str, direction: Direction, held: Direction, size: float
) -> None:
    verdict = moved(0.99).check(request(direction=direction), [request(asset=asset, direction=held)])
    assert verdict.size == size


def test_the_size_is_cut_above_the_limit_not_at_it() -> None:
    guardian = moved(0.7)
    found = guardian.correlations.between("BTC-USD", "ETH-USD")
    assert found is not None
    held = [request(asset="ETH-USD")]
    for limit, size in ((nextafter(found, 0.0), 0.5), (found, 1.0), (nextafter(found, 1.0), 1.0)):
        other = Guardian(START, GuardianLimits(correlation=limit))
        other.restore(guardian.state())
        assert other.check(request(), held).size == size


def test_every_cut_counts_on_top_of_what_the_stop_allows() -> None:
    guardian = moved(0.99)
    guardian.take(step(NOON + 4 * HOUR, closed=ended(-1.0, -1.0, -1.0)))
    verdict = guardian.check(request(quantity=40.0), [request(asset="ETH-USD"), request(asset="BTC-USD")])
    assert verdict[:3] == (True, 2.5, ("risk_per_trade", "correlation", "losses_in_a_row"))
    assert [entry.fact.size_multiplier for entry in verdict.entries if isinstance(entry.fact, RiskActed)] == [0.25, 0.5]


def test_asking_changes_nothing() -> None:
    guardian = moved(0.99)
    before = guardian.state()
    for _ in range(3):
        guardian.check(request(quantity=1e6), [request(asset="ETH-USD")])
    assert guardian.state() == before


def test_a_request_is_made_of_an_order() -> None:
    order = Order(id="7", asset="BTC-USD", direction=SELL, quantity=2.0, time=NOON, reference_price=100.0, stop=104.0)
    assert Request.of(order, 0.5) == Request("7", NOON, "BTC-USD", SELL, 2.0, 2.0)
    assert Request.of(structs.replace(order, stop=None), 0.5).risk_per_unit is None
