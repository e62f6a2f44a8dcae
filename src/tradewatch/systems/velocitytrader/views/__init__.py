"""How VelocityPTrader is seen: five dashboards, its alerts, their runbooks."""

from tradewatch.catalog.rule import Views
from tradewatch.systems.velocitytrader.metrics import VELOCITYTRADER
from tradewatch.systems.velocitytrader.views.agents import AGENTS
from tradewatch.systems.velocitytrader.views.alerts import RULES
from tradewatch.systems.velocitytrader.views.performance import PERFORMANCE
from tradewatch.systems.velocitytrader.views.physics import PHYSICS
from tradewatch.systems.velocitytrader.views.risk import RISK
from tradewatch.systems.velocitytrader.views.system import SYSTEM

VIEWS = Views(
    name="velocitytrader",
    metrics=VELOCITYTRADER.metrics,
    dashboards=(PERFORMANCE, AGENTS, PHYSICS, RISK, SYSTEM),
    rules=(RULES,),
    unseen={
        "velocitytrader_reconnect_attempts": "the MT5 timeline shows the outage; the runbook asks how often it tried",
        "velocitytrader_virtual_agent_trades_total": "virtual trades are shown as a whole, and as P&L by agent",
        "velocitytrader_virtual_agent_win_rate": "virtual trades are shown as a whole, and as P&L by agent",
    },
)
"""VelocityPTrader."""
