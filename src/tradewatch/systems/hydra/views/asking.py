"""What HYDRA's dashboards ask, and what their readers can choose."""

from tradewatch.catalog.annotations import changed, restarts
from tradewatch.catalog.colours import GOOD, NEUTRAL, UNKNOWN, WARNING, states
from tradewatch.catalog.scope import mode_and_instance, scope_of
from tradewatch.catalog.view import Meaning, Variable
from tradewatch.regimes import TrendRegime
from tradewatch.systems.hydra.metrics import HYDRA

METRICS = HYDRA.metrics
PREFIX = "hydra_"
_all = scope_of(PREFIX, METRICS)

MODE, INSTANCE = mode_and_instance(_all.metric("info"))
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
    changed("Trades closed", _here("asset_trade_count"), NEUTRAL, "{{asset}}"),
    changed("Regime changes", _here("regime_current"), "#B877D9", "{{asset}}", is_on=False),
    changed("Guardian", _here("guardian_status"), "#F2495C", "the guardian's status changed"),
    restarts(_here("uptime_seconds")),
)
"""What is marked on every time series; regime changes are many, and wait to be switched on."""
