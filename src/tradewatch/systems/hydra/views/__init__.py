"""How HYDRA is seen: six dashboards, its alerts, their runbooks."""

from tradewatch.catalog.rule import Views
from tradewatch.systems.hydra.metrics import HYDRA
from tradewatch.systems.hydra.views.advanced import ADVANCED
from tradewatch.systems.hydra.views.alerts import RULES
from tradewatch.systems.hydra.views.assets import ASSETS
from tradewatch.systems.hydra.views.engines import ENGINES
from tradewatch.systems.hydra.views.overview import OVERVIEW
from tradewatch.systems.hydra.views.regimes import REGIME_ANALYTICS
from tradewatch.systems.hydra.views.risk import RISK

VIEWS = Views(
    name="hydra",
    metrics=HYDRA.metrics,
    dashboards=(OVERVIEW, RISK, ASSETS, REGIME_ANALYTICS, ENGINES, ADVANCED),
    rules=(RULES,),
    unseen={
        "hydra_cash_flows_usd": "paper accounts have none; equity and drawdown leave them out anyway",
        "hydra_starting_equity_usd": "P&L in percent is shown instead",
        "hydra_engine_led_regime_trades_total": "the engines' trades by regime are too few to be a panel of their own",
        "hydra_trades_corrected_total": "corrections are seen in the numbers; the fleet's dashboard has refused facts",
        "hydra_trades_voided_total": "as corrections",
        "hydra_stale_after_seconds": "the limit that HydraFeedStale compares ages with",
        "hydra_info": "the choice of mode and exporter is made of it",
    },
)
"""HYDRA."""
