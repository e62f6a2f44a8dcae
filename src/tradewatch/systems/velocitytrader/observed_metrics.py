"""VelocityPTrader's metrics of its market, physics, agents, learning, limits and connections."""

from tradewatch.catalog import Concept, Kind, Metric, Stability, Unit, conduct, market
from tradewatch.facts import Stance

_PREFIX = "velocitytrader_"
_STANCES = {"direction": tuple(stance.value for stance in Stance)}


def _contract(name: str, concept: Concept, unit: Unit, words: str, labels: tuple[str, ...] = ()) -> Metric:
    return Metric(
        name=_PREFIX + name,
        concept=concept,
        kind=Kind.COUNTER if name.endswith("_total") else Kind.GAUGE,
        unit=unit,
        help=words,
        labels=labels,
        closed=_STANCES if "direction" in labels else {},
        stability=Stability.STABLE,
    )


def _beyond(name: str, concept: Concept, unit: Unit, words: str, labels: tuple[str, ...] = ()) -> Metric:
    kind = Kind.COUNTER if name.endswith("_total") else Kind.GAUGE
    return Metric(name=_PREFIX + name, concept=concept, kind=kind, unit=unit, help=words, labels=labels)


_BY_SYMBOL = ("symbol",)
_BY_AGENT = ("agent",)

_MARKET = (
    _contract("ticks_processed_total", market.TICKS, Unit.COUNT, "Quotes seen"),
    _contract(
        "active_symbols", market.ACTIVE_ASSETS, Unit.COUNT, "Symbols with a bar in the last 5 minutes, or 3 bars"
    ),
    _beyond("symbol_price", market.PRICE, Unit.PRICE, "Mid price at the newest bar's close", _BY_SYMBOL),
    _beyond("symbol_spread", market.SPREAD, Unit.PRICE, "Ask - bid at the newest bar's close, in price", _BY_SYMBOL),
    _beyond(
        "last_tick_timestamp_seconds", market.LAST_BAR_TIME, Unit.SECONDS, "Unix time of the newest bar", _BY_SYMBOL
    ),
    _beyond(
        "quotes_refused_total",
        market.QUOTES_REFUSED,
        Unit.COUNT,
        "Quotes that were no use, by reason",
        ("symbol", "reason"),
    ),
)

_PHYSICS = (
    _contract("physics_velocity", market.VELOCITY, Unit.TIMES, "Velocity of the price on M5", _BY_SYMBOL),
    _contract("physics_acceleration", market.ACCELERATION, Unit.TIMES, "Acceleration of the price on M5", _BY_SYMBOL),
    _contract("physics_momentum", market.MOMENTUM, Unit.TIMES, "Mass * velocity on M5", _BY_SYMBOL),
    _contract("physics_energy", market.ENERGY, Unit.TIMES, "Kinetic and potential energy on M5", _BY_SYMBOL),
    _contract("physics_natural_frequency", market.NATURAL_FREQUENCY, Unit.HERTZ, "Natural frequency on M5", _BY_SYMBOL),
    _contract("physics_damping_ratio", market.DAMPING_RATIO, Unit.TIMES, "Damping ratio on M5; 1 critical", _BY_SYMBOL),
    _beyond("physics_displacement", market.DISPLACEMENT, Unit.TIMES, "Log price from its equilibrium, M5", _BY_SYMBOL),
    _beyond(
        "physics_variance_explained_ratio",
        market.VARIANCE_EXPLAINED,
        Unit.RATIO,
        "Share of the displacement's variance that the oscillator explains, on M5",
        _BY_SYMBOL,
    ),
)

_REGIMES = (
    _contract(
        "regime_current",
        market.REGIME_CODE,
        Unit.COUNT,
        "1 CHAOTIC, 2 UNDERDAMPED, 3 CRITICALLY_DAMPED, 4 OVERDAMPED, on M5",
        _BY_SYMBOL,
    ),
    _contract("regime_changes_total", market.REGIME_CHANGES, Unit.COUNT, "Changes of regime on M5", _BY_SYMBOL),
    _beyond("regime", market.REGIME_STATE, Unit.STATE, "1 for the regime on M5, else 0", ("symbol", "regime")),
    _beyond(
        "regime_transitions_total",
        market.REGIME_TRANSITIONS,
        Unit.COUNT,
        "Changes of regime on M5, by both",
        ("symbol", "from", "to"),
    ),
    _beyond(
        "regime_time_percent",
        market.REGIME_TIME_SHARE,
        Unit.PERCENT,
        "Share of the time in a regime, in percent",
        ("regime", "symbol"),
    ),
)

_AGENTS = (
    _contract("signals_generated_total", conduct.SIGNALS, Unit.COUNT, "Requests to buy or sell, taken or not"),
    _contract(
        "agent_signals_total",
        conduct.SIGNALS_BY_AGENT,
        Unit.COUNT,
        "Requests per agent, taken or not",
        ("agent", "direction"),
    ),
    _beyond("agent_signals_taken_total", conduct.SIGNALS_TAKEN, Unit.COUNT, "Requests that became orders", _BY_AGENT),
    _beyond(
        "agent_signal_confidence_ratio",
        conduct.SIGNAL_CONFIDENCE,
        Unit.RATIO,
        "Mean confidence of all signals",
        _BY_AGENT,
    ),
    _beyond("orders_refused_total", conduct.ORDERS_REFUSED, Unit.COUNT, "Orders refused, by reason", ("reason",)),
)

_LIMITS = (
    _beyond("trading_allowed", conduct.TRADING_ALLOWED, Unit.STATE, "1 while nothing halts all trading, else 0"),
    _beyond("agent_trading_allowed", conduct.AGENT_ALLOWED, Unit.STATE, "1 while an agent is not halted", _BY_AGENT),
    _beyond("halts_total", conduct.HALTS, Unit.COUNT, "Halts of trading, by scope and reason", ("scope", "reason")),
)

_LEARNING = (
    _contract("rl_learning_progress", conduct.LEARNING_PROGRESS, Unit.RATIO, "Learning progress, 0 to 1", _BY_AGENT),
    _contract("rl_exploration_rate", conduct.EXPLORATION_RATE, Unit.RATIO, "Epsilon, 0 to 1", _BY_AGENT),
    _contract("rl_model_confidence", conduct.MODEL_CONFIDENCE, Unit.RATIO, "Model confidence, 0 to 1", _BY_AGENT),
    _contract("rl_experience_buffer_size", conduct.BUFFER_SIZE, Unit.COUNT, "Experiences kept for replay", _BY_AGENT),
    _contract("rl_experiences_total", conduct.EXPERIENCES, Unit.COUNT, "Experiences learned from", _BY_AGENT),
    _contract("rl_training_episodes_total", conduct.EPISODES, Unit.COUNT, "Episodes: trades learned from", _BY_AGENT),
    _beyond("rl_loss", conduct.LEARNING_LOSS, Unit.TIMES, "Mean squared error of the last batch, in R^2", _BY_AGENT),
)

_CONNECTIONS = (
    _contract("mt5_connection", conduct.MT5_CONNECTED, Unit.STATE, "1 while the MT5 terminal is connected, else 0"),
    _contract("db_query_latency_seconds", conduct.QUERY_SECONDS, Unit.SECONDS, "Time of the newest ledger query"),
    _beyond(
        "connection_losses_total", conduct.CONNECTION_LOSSES, Unit.COUNT, "Connections that went down", ("connection",)
    ),
    _beyond(
        "reconnect_attempts",
        conduct.RECONNECT_ATTEMPT,
        Unit.COUNT,
        "Tries since the connection went down, 0 while it is up",
        ("connection",),
    ),
)

OBSERVED = (*_MARKET, *_PHYSICS, *_REGIMES, *_AGENTS, *_LIMITS, *_LEARNING, *_CONNECTIONS)
"""Every one of them."""
