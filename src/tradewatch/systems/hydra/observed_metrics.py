"""HYDRA's metrics of its market, regimes, engines, guardian and of the running program."""

from tradewatch.catalog import Unit, concepts, conduct, distributions, engines, market
from tradewatch.systems.hydra.declaring import STABLE, counter, gauge, histogram

_MARKET = (
    gauge("asset_price_usd", market.PRICE, Unit.PRICE, "Close of the newest bar", "asset", stability=STABLE),
    gauge(
        "indicator_adx",
        concepts.AVERAGE_DIRECTIONAL_INDEX,
        Unit.TIMES,
        "Strength of the trend, ADX of 14 bars, 0 to 100",
        "asset",
        stability=STABLE,
    ),
    gauge(
        "indicator_atr",
        concepts.AVERAGE_TRUE_RANGE,
        Unit.PRICE,
        "Average true range of 14 bars, in price",
        "asset",
        stability=STABLE,
    ),
    gauge(
        "indicator_bb_width",
        concepts.BOLLINGER_WIDTH,
        Unit.RATIO,
        "(upper - lower) / middle of the Bollinger bands of 20 bars",
        "asset",
        stability=STABLE,
    ),
    gauge(
        "indicator_volatility",
        concepts.VOLATILITY,
        Unit.RATIO,
        "Annualised volatility of the last 30 bars",
        "asset",
        stability=STABLE,
    ),
    gauge(
        "price_change_24h_percent",
        market.PRICE_CHANGE_24H,
        Unit.PERCENT,
        "Price against 24 hours before, in percent",
        "asset",
    ),
    gauge("spread_usd", market.SPREAD, Unit.PRICE, "Ask - bid at the newest bar's close", "asset"),
    gauge("last_bar_timestamp_seconds", market.LAST_BAR_TIME, Unit.SECONDS, "Unix time of the newest bar", "asset"),
    gauge("stale_after_seconds", market.STALE_AFTER, Unit.SECONDS, "How old the newest bar may be", "asset"),
    gauge("active_assets", market.ACTIVE_ASSETS, Unit.COUNT, "Assets with a bar in the last 5 minutes, or 3 bars"),
    gauge(
        "buy_and_hold_percent",
        market.BUY_AND_HOLD,
        Unit.PERCENT,
        "What holding equal parts of the assets since the start would have made, in percent",
    ),
    counter("quotes_refused_total", market.QUOTES_REFUSED, "Quotes that were no use, by reason", "asset", "reason"),
)

_REGIMES = (
    gauge(
        "regime_current",
        market.REGIME_CODE,
        Unit.COUNT,
        "0 CHOPPY, 1 RANGING, 2 TRENDING_UP, 3 TRENDING_DOWN, 4 VOLATILE",
        "asset",
        stability=STABLE,
    ),
    gauge(
        "regime_time_percent",
        market.REGIME_TIME_SHARE,
        Unit.PERCENT,
        "Share of the time in a regime, in percent",
        "regime",
        "asset",
        stability=STABLE,
    ),
    gauge("regime", market.REGIME_STATE, Unit.STATE, "1 for the regime an asset is in, else 0", "asset", "regime"),
    gauge(
        "regime_confidence",
        market.REGIME_CONFIDENCE,
        Unit.RATIO,
        "Share of the last 20 bars that had the regime",
        "asset",
    ),
    counter("regime_transitions_total", market.REGIME_TRANSITIONS, "Changes of regime, by both", "asset", "from", "to"),
)

_ENGINES = (
    gauge("engine_rank", engines.RANK, Unit.COUNT, "Rank by points, 1 is best", "engine", stability=STABLE),
    gauge(
        "engine_weight", engines.WEIGHT, Unit.PERCENT, "Weight of its votes, together 100", "engine", stability=STABLE
    ),
    gauge("engine_points", engines.POINTS, Unit.COUNT, "Right votes", "engine", stability=STABLE),
    gauge(
        "engine_win_rate",
        engines.ACCURACY,
        Unit.PERCENT,
        "Right votes in percent of scored votes",
        "engine",
        stability=STABLE,
    ),
    gauge(
        "engine_asset_accuracy",
        engines.ASSET_ACCURACY,
        Unit.PERCENT,
        "Right votes in percent of scored votes on an asset",
        "engine",
        "asset",
        stability=STABLE,
    ),
    gauge(
        "engine_asset_pnl",
        engines.PROFIT_SHARED,
        Unit.MONEY,
        "Shares of the P&L of closed trades, in {currency}",
        "engine",
        "asset",
        stability=STABLE,
    ),
    counter(
        "engine_votes_total",
        engines.VOTES,
        "Votes per engine",
        "engine",
        "direction",
        closed="direction",
        stability=STABLE,
    ),
    gauge(
        "engine_agreement_rate",
        engines.AGREEMENT,
        Unit.PERCENT,
        "Pairs of engines that voted the same, in percent, in the last 100 rounds",
        stability=STABLE,
    ),
    gauge("engine_active", engines.ENGINE_ACTIVE, Unit.STATE, "1 while an engine votes, else 0", "engine"),
    gauge("engine_last_vote", engines.LAST_VOTE, Unit.COUNT, "Newest vote: 1 BUY, 0 HOLD, -1 SELL", "engine"),
    counter(
        "engine_votes_scored_total",
        engines.VOTES_SCORED,
        "Votes of rounds whose trade has closed, right or wrong",
        "engine",
        "result",
        closed="result",
    ),
    gauge(
        "engine_pair_agreement_ratio",
        engines.PAIR_AGREEMENT,
        Unit.RATIO,
        "Share of the last 100 rounds in which two engines voted the same",
        "engine",
        "other",
    ),
)

_GUARDIAN = (
    gauge(
        "guardian_status",
        conduct.GUARDIAN_STATUS,
        Unit.COUNT,
        "0 not running, 1 normal, 2 warning, 3 critical",
        stability=STABLE,
    ),
    gauge(
        "kill_switch_active",
        conduct.KILL_SWITCH,
        Unit.STATE,
        "1 while the drawdown limit or an emergency stops all trading, else 0",
        stability=STABLE,
    ),
    gauge(
        "circuit_breaker_active",
        conduct.CIRCUIT_BREAKER,
        Unit.STATE,
        "1 while losses in a row reduce sizes or pause trading, else 0",
        stability=STABLE,
    ),
    gauge(
        "emergency_shutdown_active",
        conduct.EMERGENCY,
        Unit.STATE,
        "1 while the daily drawdown limit stops all trading, else 0",
    ),
    gauge("trading_allowed", conduct.TRADING_ALLOWED, Unit.STATE, "1 while nothing halts all trading, else 0"),
    gauge("asset_trading_allowed", conduct.ASSET_ALLOWED, Unit.STATE, "1 while an asset is not blocked", "asset"),
    gauge("position_size_multiplier", conduct.SIZE_MULTIPLIER, Unit.TIMES, "Factor on the size of new positions"),
    gauge(
        "loss_budget_used_ratio",
        conduct.LOSS_BUDGET_USED,
        Unit.RATIO,
        "Today's loss as a share of the daily loss limit",
    ),
    gauge(
        "guardian_limit",
        conduct.LIMIT,
        Unit.TIMES,
        "What the guardian allows, by limit: shares 0 to 1, or counts",
        "limit",
    ),
    counter("halts_total", conduct.HALTS, "Halts of trading, by scope and reason", "scope", "reason"),
    counter("orders_rejected_total", conduct.ORDERS_REFUSED, "Orders refused, by reason, as often as told", "reason"),
)

_PROGRAM = (
    gauge("uptime_seconds", concepts.UPTIME, Unit.SECONDS, "Time since the newest run began", stability=STABLE),
    gauge("system_status", concepts.SYSTEM_STATUS, Unit.STATE, "1 while heartbeats come in time, else 0"),
    histogram(
        "cycle_duration_seconds",
        distributions.CYCLE_SECONDS,
        Unit.SECONDS,
        "Time that a cycle took",
        stability=STABLE,
    ),
    gauge(
        "last_cycle_timestamp_seconds",
        concepts.LAST_HEARTBEAT_TIME,
        Unit.SECONDS,
        "Unix time of the newest cycle's heartbeat",
    ),
    counter("iterations_total", concepts.ITERATIONS, "Cycles completed"),
    counter(
        "errors_total",
        concepts.ERRORS_BY_TYPE,
        "Errors the system told of, by type and component",
        "type",
        "component",
        stability=STABLE,
    ),
    histogram(
        "api_latency_seconds", distributions.CALL_SECONDS, Unit.SECONDS, "Time that calls took", "api", "endpoint"
    ),
    counter("api_errors_total", conduct.CALLS_FAILED, "Calls that failed", "api", "endpoint", "error"),
    counter(
        "data_feed_errors_total",
        conduct.FEED_ERRORS,
        "Calls to a source that failed, and connections to it that went down",
        "source",
    ),
    gauge(
        "info",
        concepts.RUN,
        Unit.COUNT,
        "The running version, how real its money is, the account's currency, days a year",
        "version",
        "mode",
        "currency",
        "days_a_year",
    ),
)

OBSERVED = (*_MARKET, *_REGIMES, *_ENGINES, *_GUARDIAN, *_PROGRAM)
"""Every one of them."""
