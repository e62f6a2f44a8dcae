"""What HYDRA's dashboards ask, and what their readers can choose."""

from tradewatch.catalog.colours import GOOD, NEUTRAL, UNKNOWN, WARNING, states
from tradewatch.catalog.query import changes
from tradewatch.catalog.scope import scope_of
from tradewatch.catalog.view import JUST_STARTED, Annotation, Meaning, Variable
from tradewatch.regimes import TrendRegime
from tradewatch.systems.hydra.metrics import HYDRA

METRICS = HYDRA.metrics
PREFIX = "hydra_"
_all = scope_of(PREFIX, METRICS)

MODE = Variable(name="mode", title="Mode", label="mode", metric=_all.metric("info"))
INSTANCE = Variable(
    name="instance", title="Exporter", label="instance", metric=_all.metric("info"), within=MODE, takes_all=False
)
ASSET = Variable(name="asset", title="Asset", label="asset", metric=_all.metric("asset_price_usd"))
ENGINE = Variable(name="engine", title="Engine", label="engine", metric=_all.metric("engine_active"))
REGIME = Variable(name="regime", title="Regime", label="regime", metric=_all.metric("regime"))
WHERE = (MODE, INSTANCE)

REGIMES = states({each.value: each.code for each in TrendRegime})
GUARDIAN = {
    0: Meaning("NOT RUNNING", UNKNOWN),
    1: Meaning("normal", GOOD),
    2: Meaning("warning", WARNING),
    3: Meaning("CRITICAL", "#F2495C"),
}
VOTES = {1: Meaning("BUY", "#37872D"), 0: Meaning("HOLD", UNKNOWN), -1: Meaning("SELL", "#C4162A")}
NO_TRADE = "no trade was closed yet"
NO_LOSS = "there is no loss yet"
NO_SCORE = "no vote was scored yet"

_here = scope_of(PREFIX, METRICS, INSTANCE)
ANNOTATIONS = (
    Annotation(
        name="Trades closed",
        query=changes(_here("asset_trade_count"), "2m") > 0,
        colour=NEUTRAL,
        text="{{asset}}",
    ),
    Annotation(
        name="Regime changes",
        query=changes(_here("regime_current"), "2m") > 0,
        colour="#B877D9",
        text="{{asset}}",
        is_on=False,
    ),
    Annotation(
        name="Guardian",
        query=changes(_here("guardian_status"), "2m") > 0,
        colour="#F2495C",
        text="the guardian's status changed",
    ),
    Annotation(
        name="Restarts",
        query=_here("uptime_seconds") < JUST_STARTED,
        colour=WARNING,
        text="a run began on {{instance}}",
    ),
)
"""What is marked on every time series; regime changes are many, and wait to be switched on."""
