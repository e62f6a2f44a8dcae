"""The quantities that say how a system trades: signals, limits, learning, connections."""

from tradewatch.catalog.concept import Concept

# Signals and orders.

_NO_RUN = "for a source without heartbeats"

SIGNALS = Concept(name="signals", definition="requests of agents to buy or sell, taken or not", undefined=_NO_RUN)
SIGNALS_BY_AGENT = Concept(
    name="signals by agent", definition="requests of an agent, taken or not, by what was asked for"
)
SIGNALS_TAKEN = Concept(name="signals taken", definition="requests of an agent that became orders")
SIGNAL_CONFIDENCE = Concept(
    name="signal confidence",
    definition="mean confidence of all signals of an agent, taken or not, 0 to 1",
    undefined="before the first signal with a confidence",
)
ORDERS_REFUSED = Concept(name="refused orders", definition="orders that were not sent or not accepted, by reason")

# Limits.

TRADING_ALLOWED = Concept(
    name="trading allowed",
    definition="1 while no halt, kill switch or emergency of the account is on, else 0",
)
ASSET_ALLOWED = Concept(
    name="asset allowed",
    definition="0 while new trades on an asset are halted, else 1",
    undefined="before its first bar",
)
AGENT_ALLOWED = Concept(name="agent allowed", definition="0 while an agent that has ever been halted is halted, else 1")
HALTS = Concept(name="halts", definition="how often trading was stopped, by scope and reason")
SIZE_MULTIPLIER = Concept(
    name="position size multiplier",
    definition="factor on the size of new positions, 1 when nothing reduces it",
)
GUARDIAN_STATUS = Concept(
    name="guardian status",
    definition="0 while heartbeats are missing or the run has ended; 3 while anything stops all trading; 2 while a "
    "limit of the account is warned of or sizes are reduced; else 1",
    undefined=_NO_RUN,
)
CIRCUIT_BREAKER = Concept(
    name="circuit breaker",
    definition="1 while sizes are reduced or trading is paused because of losses in a row, else 0",
    undefined=_NO_RUN,
)
KILL_SWITCH = Concept(
    name="kill switch",
    definition="1 while the limit of the total drawdown or an emergency stops all trading, else 0",
    undefined=_NO_RUN,
)
EMERGENCY = Concept(
    name="emergency shutdown",
    definition="1 while the limit of the daily drawdown stops all trading, else 0",
    undefined=_NO_RUN,
)
LOSS_BUDGET_USED = Concept(
    name="loss budget used",
    definition="today's loss / (daily loss limit * equity at 00:00 UTC), 0 for a gain, above 1 beyond the limit",
    undefined="while the run has told no daily loss limit, and while the daily P&L in percent is undefined",
    live=True,
)
LIMIT = Concept(
    name="limit",
    definition="what the newest run said its guardian or risk manager allows, by limit: shares 0 to 1, or counts",
    undefined="where a run tells none",
)

# Learning: what an agent said of itself at its newest step.

_NO_STEP = "before the agent's first learning step"

EXPERIENCES = Concept(name="experiences", definition="transitions an agent has learned from since it was made")
EPISODES = Concept(name="training episodes", definition="trades that ended and were learned from")
BUFFER_SIZE = Concept(name="experience buffer", definition="transitions kept for replay", undefined=_NO_STEP, live=True)
EXPLORATION_RATE = Concept(
    name="exploration rate",
    definition="epsilon: probability of a random action; it falls from 1 to the agent's floor",
    source="C. Watkins (1989), Learning from Delayed Rewards",
    undefined=_NO_STEP,
    live=True,
)
LEARNING_LOSS = Concept(
    name="learning loss",
    definition="mean squared temporal-difference error of the last batch",
    source="V. Mnih et al. (2015), Human-level control through deep reinforcement learning",
    undefined="before the first batch",
    live=True,
)
MODEL_CONFIDENCE = Concept(
    name="model confidence",
    definition="(p - 1/k) / (1 - 1/k), p the softmax probability of the chosen of k actions; mean of the last 100 "
    "decisions, not below 0",
    undefined="before the first decision",
    live=True,
)
LEARNING_PROGRESS = Concept(
    name="learning progress",
    definition="1 - E / E0, 0 to 1: E the mean squared error of the values against realised R on a frozen probe set, "
    "E0 the same at the start",
    undefined="before the probe set is full",
    live=True,
)

# Connections.

MT5_CONNECTED = Concept(
    name="MT5 connection",
    definition="1 while the connection to the MetaTrader 5 terminal is up, else 0; 0 once the run has ended",
    undefined="for a source that tells of none",
    live=True,
)
CONNECTION_LOSSES = Concept(name="connection losses", definition="how often a connection went down, by connection")
RECONNECT_ATTEMPT = Concept(
    name="reconnect attempts", definition="tries since a connection went down, 0 while it is up", live=True
)

CALLS_FAILED = Concept(
    name="failed calls", definition="calls to an outside service that failed, by api, endpoint, error"
)
FEED_ERRORS = Concept(
    name="feed errors",
    definition="calls to a service that failed, and connections to it that went down; "
    "0 from the first call or connection",
)

# Reading.

QUERY_SECONDS = Concept(
    name="ledger query time",
    definition="time of the newest look for new facts in the ledger",
    undefined="where nothing is read now, as in history",
    live=True,
    only_scraped=True,
)
