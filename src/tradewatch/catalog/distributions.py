"""The quantities that are told as distributions: how often each size came."""

from collections.abc import Mapping

from tradewatch.catalog.concept import Concept

_AS_TOLD = "as closings were first told; later corrections leave it alone, so that it never goes down"

TRADE_PROFIT = Concept(name="P&L of a trade", definition=f"how the P&L of closed trades is spread, {_AS_TOLD}")
TRADE_DURATION = Concept(
    name="duration of a trade",
    definition=f"how the time from opening to closing is spread, {_AS_TOLD}",
    undefined="while there are closed trades, and none whose opening is known",
)
TRADE_SLIPPAGE = Concept(
    name="slippage of an entry",
    definition="how (fill - decision price) / decision price * direction, in basis points, is spread over entries, "
    + _AS_TOLD,
    undefined="while there are closed trades, and none with a decision price",
)
CYCLE_SECONDS = Concept(
    name="duration of a cycle",
    definition="how the time that a cycle of the system took is spread",
    undefined="before a heartbeat tells how long one took",
)
CALL_SECONDS = Concept(
    name="duration of a call",
    definition="how the time that calls to an outside service took is spread, failed ones included",
    undefined="before the first call",
)

_MONEY = (1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1_000.0, 2_000.0, 5_000.0)

BOUNDS: Mapping[Concept, tuple[float, ...]] = {
    TRADE_PROFIT: (*(-bound for bound in reversed(_MONEY)), 0.0, *_MONEY),
    TRADE_DURATION: (10.0, 60.0, 300.0, 900.0, 1_800.0, 3_600.0, 14_400.0, 43_200.0, 86_400.0, 259_200.0, 604_800.0),
    TRADE_SLIPPAGE: (-10.0, -5.0, -2.0, -1.0, -0.5, 0.0, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0),
    CYCLE_SECONDS: (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0),
    CALL_SECONDS: (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0),
}
"""The upper bounds of each distribution's buckets: account currency, seconds, basis points, seconds, seconds."""
