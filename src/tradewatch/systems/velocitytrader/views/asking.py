"""What VelocityPTrader's dashboards ask, and what their readers can choose."""

from tradewatch.catalog.query import changes
from tradewatch.catalog.scope import scope_of
from tradewatch.catalog.servers import UP
from tradewatch.catalog.view import JUST_STARTED, Annotation, Variable
from tradewatch.systems.velocitytrader.metrics import VELOCITYTRADER

METRICS = (*VELOCITYTRADER.metrics, UP)
PREFIX = "velocitytrader_"
_all = scope_of(PREFIX, METRICS)

MODE = Variable(name="mode", title="Mode", label="mode", metric=_all.metric("info"))
INSTANCE = Variable(
    name="instance", title="Exporter", label="instance", metric=_all.metric("info"), within=MODE, takes_all=False
)
SYMBOL = Variable(name="symbol", title="Symbol", label="symbol", metric=_all.metric("symbol_price"))
AGENT = Variable(name="agent", title="Agent", label="agent", metric=_all.metric("agent_trades_total"))
REGIME = Variable(name="regime", title="Regime", label="regime", metric=_all.metric("regime"))
TIMEFRAME = Variable(
    name="timeframe", title="Timeframe", label="timeframe", metric=_all.metric("timeframe_trades_total")
)

WHERE = (MODE, INSTANCE)
_here = scope_of(PREFIX, METRICS, INSTANCE)

ANNOTATIONS = (
    Annotation(
        name="Trades closed",
        query=changes(_here("symbol_trades_total"), "2m") > 0,
        colour="#5794F2",
        text="{{symbol}}",
        is_on=False,
    ),
    Annotation(
        name="Regime changes",
        query=changes(_here("regime_changes_total"), "2m") > 0,
        colour="#B877D9",
        text="{{symbol}}",
        is_on=False,
    ),
    Annotation(
        name="Halts", query=changes(_here("halts_total"), "2m") > 0, colour="#F2495C", text="{{scope}}: {{reason}}"
    ),
    Annotation(
        name="Restarts",
        query=_here("uptime_seconds") < JUST_STARTED,
        colour="#FF9830",
        text="a run began on {{instance}}",
    ),
)
"""What is marked on every time series; trades and regime changes are many, and wait to be switched on."""
