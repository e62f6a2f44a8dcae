"""What VelocityPTrader's dashboards ask, and what their readers can choose."""

from tradewatch.catalog.annotations import changed, restarts
from tradewatch.catalog.scope import mode_and_instance, scope_of
from tradewatch.catalog.servers import UP
from tradewatch.catalog.view import Variable
from tradewatch.systems.velocitytrader.metrics import VELOCITYTRADER

METRICS = (*VELOCITYTRADER.metrics, UP)
PREFIX = "velocitytrader_"
_all = scope_of(PREFIX, METRICS)

MODE, INSTANCE = mode_and_instance(_all.metric("info"))
SYMBOL = Variable(name="symbol", title="Symbol", label="symbol", metric=_all.metric("symbol_price"))
AGENT = Variable(name="agent", title="Agent", label="agent", metric=_all.metric("agent_trades_total"))
REGIME = Variable(name="regime", title="Regime", label="regime", metric=_all.metric("regime"))
TIMEFRAME = Variable(
    name="timeframe", title="Timeframe", label="timeframe", metric=_all.metric("timeframe_trades_total")
)

WHERE = (MODE, INSTANCE)
_here = scope_of(PREFIX, METRICS, INSTANCE)

ANNOTATIONS = (
    changed("Trades closed", _here("symbol_trades_total"), "#5794F2", "{{symbol}}", is_on=False),
    changed("Regime changes", _here("regime_changes_total"), "#B877D9", "{{symbol}}", is_on=False),
    changed("Halts", _here("halts_total"), "#F2495C", "{{scope}}: {{reason}}"),
    restarts(_here("uptime_seconds")),
)
"""What is marked on every time series; trades and regime changes are many, and wait to be switched on."""
