"""What VelocityPTrader's owner is told of: the founding document's alerts on current values, each with its n."""

from tradewatch.catalog.query import Query, new_in
from tradewatch.catalog.rule import Alert, RuleFile, Urgency
from tradewatch.catalog.scope import scope_of
from tradewatch.systems.velocitytrader.temperament import BERSERKER, SNIPER, Temperament
from tradewatch.systems.velocitytrader.views import runbooks
from tradewatch.systems.velocitytrader.views.asking import METRICS, PREFIX
from tradewatch.systems.velocitytrader.views.risk import DRAWDOWN_CRITICAL, DRAWDOWN_WARNING
from tradewatch.systems.velocitytrader.views.system import CONFIDENCE_FLOOR, QUERY_SECONDS_LIMIT

TARGET = ("job", "instance")
AGENT = (*TARGET, "agent")
ENOUGH_TRADES = 20
"""Below this n no rate is judged."""
EARLY_EXPERIENCES = 10_000
"""So long exploring is what an agent should do."""
TIMES_FLOOR = 2
LEAST_WIN_RATE = 40
ERRORS_IN_5_MINUTES = 10

_NO_START = "the starting equity is not known"
_NO_HEARTBEATS = "the source has no heartbeats: an import, or a database of the original"
_NO_TRADE = "no trade was closed yet"

_ask = scope_of(PREFIX, METRICS)
_enough = _ask("closed_trades") >= ENOUGH_TRADES


def _new(errors: Query, window: str) -> Query:
    return new_in(errors, window, beside=_ask("closed_trades"), by=TARGET)


def _drawdown(name: str, percent: float, hold: str, urgency: Urgency) -> Alert:
    return Alert(
        name=name,
        query=_ask("current_drawdown") > percent,
        hold=hold,
        keep="10m",
        urgency=urgency,
        family="velocitytrader-drawdown",
        summary=f'equity is {{{{ $value | printf "%.1f" }}}} % below its peak, and {percent} % is the limit',
        runbook=runbooks.DRAWDOWN,
        absent=_NO_START,
    )


def _underperforming(name: str, agent: str, percent: float) -> Alert:
    enough = _ask("agent_trades_total", agent=agent) >= ENOUGH_TRADES
    return Alert(
        name=name,
        query=(_ask("agent_win_rate", agent=agent) < percent).where(enough, on=AGENT),
        hold="1h",
        urgency=Urgency.WARNING,
        family=f"velocitytrader-{agent}",
        summary=f'{agent.upper()} wins {{{{ $value | printf "%.1f" }}}} % of its trades, less than {percent} %',
        runbook=runbooks.AGENT,
        absent=_NO_TRADE,
    )


def _exploring(agent: Temperament) -> Query:
    floor = agent.exploration.floor
    return _ask("rl_exploration_rate", agent=agent.name) > TIMES_FLOOR * floor


_SYSTEM = (
    Alert(
        name="VelocityTraderDown",
        query=_ask("system_status").equals(0),
        hold="1m",
        keep="5m",
        urgency=Urgency.CRITICAL,
        family="velocitytrader-down",
        summary="VelocityPTrader on {{ $labels.instance }} does not run: its heartbeats have stopped",
        runbook=runbooks.DOWN,
        absent=_NO_HEARTBEATS,
    ),
    Alert(
        name="VelocityTraderMT5Disconnected",
        query=_ask("mt5_connection").equals(0).where(_ask("system_status").equals(1), on=TARGET),
        hold="2m",
        keep="5m",
        urgency=Urgency.CRITICAL,
        family="velocitytrader-mt5",
        summary="the MetaTrader 5 terminal of {{ $labels.instance }} is not connected: no prices, no orders",
        runbook=runbooks.DISCONNECTED,
        absent="the source tells of no connection",
    ),
    Alert(
        name="VelocityTraderErrorsCritical",
        query=_new(_ask("errors_total", severity="critical"), "1h") > 0,
        hold="1m",
        urgency=Urgency.CRITICAL,
        family="velocitytrader-errors",
        summary='{{ $value | printf "%.0f" }} critical errors in the last hour',
        runbook=runbooks.ERRORS,
        absent="there was no error yet",
    ),
    Alert(
        name="VelocityTraderErrorsMany",
        query=_new(_ask("errors_total"), "5m") > ERRORS_IN_5_MINUTES,
        hold="5m",
        urgency=Urgency.WARNING,
        family="velocitytrader-errors",
        summary='{{ $value | printf "%.0f" }} errors in 5 minutes',
        runbook=runbooks.ERRORS,
        absent="there was no error yet",
    ),
    Alert(
        name="VelocityTraderDatabaseSlow",
        query=_ask("db_query_latency_seconds") > QUERY_SECONDS_LIMIT,
        hold="5m",
        urgency=Urgency.WARNING,
        family="velocitytrader-database",
        summary="reading the ledger takes {{ $value | humanizeDuration }}",
        runbook=runbooks.DATABASE,
        absent="nothing is read now, as in history",
    ),
)

_TRADING = (
    _drawdown("VelocityTraderDrawdownCritical", DRAWDOWN_CRITICAL, "2m", Urgency.CRITICAL),
    _drawdown("VelocityTraderDrawdownHigh", DRAWDOWN_WARNING, "5m", Urgency.WARNING),
    Alert(
        name="VelocityTraderWinRateLow",
        query=(_ask("win_rate") < LEAST_WIN_RATE).where(_enough, on=TARGET),
        hold="30m",
        urgency=Urgency.WARNING,
        family="velocitytrader-win-rate",
        summary='{{ $value | printf "%.1f" }} % of the trades win',
        runbook=runbooks.WIN_RATE,
        absent=_NO_TRADE,
    ),
    Alert(
        name="VelocityTraderUnprofitable",
        query=(_ask("profit_factor") < 1).where(_enough, on=TARGET),
        hold="1h",
        urgency=Urgency.WARNING,
        family="velocitytrader-profit",
        summary='the profit factor is {{ $value | printf "%.2f" }}: losses are larger than wins',
        runbook=runbooks.UNPROFITABLE,
        absent="there is no loss yet",
    ),
    Alert(
        name="VelocityTraderHalted",
        query=_ask("trading_allowed").equals(0),
        hold="1m",
        keep="5m",
        urgency=Urgency.WARNING,
        family="velocitytrader-halt",
        summary="the risk manager of {{ $labels.instance }} has halted all trading",
        runbook=runbooks.HALTED,
    ),
)

_AGENTS = (
    _underperforming("BerserkerUnderperforming", BERSERKER.name, 35),
    _underperforming("SniperUnderperforming", SNIPER.name, 45),
    Alert(
        name="VelocityTraderModelConfidenceLow",
        query=(_ask("rl_model_confidence") < CONFIDENCE_FLOOR).where(
            _ask("rl_experiences_total") > EARLY_EXPERIENCES, on=AGENT
        ),
        hold="30m",
        urgency=Urgency.WARNING,
        family="velocitytrader-learning",
        summary='{{ $labels.agent }} decides with a confidence of {{ $value | printf "%.2f" }}',
        runbook=runbooks.LEARNING,
        absent="the agent has decided nothing yet",
    ),
    Alert(
        name="VelocityTraderExplorationHigh",
        query=_exploring(BERSERKER)
        .otherwise(_exploring(SNIPER))
        .where(_ask("rl_experiences_total") > EARLY_EXPERIENCES, on=AGENT),
        hold="1h",
        urgency=Urgency.WARNING,
        family="velocitytrader-learning",
        summary='{{ $labels.agent }} still acts at random with probability {{ $value | printf "%.2f" }}',
        runbook=runbooks.LEARNING,
        absent="the agent has not learned yet",
    ),
)

RULES = RuleFile(path="alert_rules.yml", name="velocitytrader", alerts=(*_SYSTEM, *_TRADING, *_AGENTS))
