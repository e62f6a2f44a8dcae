"""What a trader looks at first: is it alive, does it earn, what does the market do."""

from tradewatch.catalog.colours import SIGN, YES_BAD, falling, rising
from tradewatch.catalog.panels import levels, lines, named, number, trend
from tradewatch.catalog.query import highest, seconds_since, total
from tradewatch.catalog.scope import scope_of
from tradewatch.catalog.view import Dashboard, Row
from tradewatch.systems.hydra.views.asking import (
    ANNOTATIONS,
    ASSET,
    ENGINE,
    METRICS,
    NO_SCORE,
    NO_TRADE,
    PREFIX,
    REGIMES,
    WHERE,
)

_ask = scope_of(PREFIX, METRICS, *WHERE, ASSET, ENGINE)

_HEADLINES = Row(
    height=4,
    panels=(
        trend("Total P&L", _ask("pnl_total_percent"), 4, thresholds=SIGN, decimals=2),
        number("Daily P&L", _ask("pnl_daily_percent"), 3, thresholds=SIGN, decimals=2),
        number("Win Rate (24 h)", _ask("win_rate_24h"), 3, thresholds=falling(40, 50), empty="no trade closed today"),
        number("Kill Switch", _ask("kill_switch_active"), 3, meanings=YES_BAD, alerts=("HydraKillSwitch",)),
        number(
            "Daily Drawdown",
            _ask("daily_drawdown_percent"),
            4,
            thresholds=rising(2, 3),
            decimals=2,
            alerts=("HydraDailyDrawdownNear", "HydraDailyDrawdownReached"),
        ),
        number("Uptime", _ask("uptime_seconds"), 3, empty="no run is under way", alerts=("HydraDown",)),
        number(
            "Oldest Price",
            highest(seconds_since(_ask("last_bar_timestamp_seconds"))),
            4,
            note="How long ago the newest bar closed, of the asset that is most behind.",
            thresholds=rising(180, 600),
            alerts=("HydraFeedStale",),
        ),
    ),
)

_REGIMES = Row(
    height=4,
    panels=(number("Current Regime", named(_ask("regime_current"), "{{asset}}"), 24, meanings=REGIMES),),
)

_COURSE = Row(
    height=9,
    panels=(
        lines(
            "Equity Curve with Trades",
            12,
            named(_ask("equity_usd"), "equity"),
            note="Closed trades are marked.",
            fill=10,
        ),
        lines(
            "Account Balance with its Peak",
            12,
            named(_ask("account_balance_usd"), "balance"),
            named(_ask("peak_balance_usd"), "peak"),
        ),
    ),
)

_MARKET = Row(
    title="Market",
    height=8,
    panels=(
        lines(
            "Price Changes in 24 h",
            12,
            named(_ask("price_change_24h_percent"), "{{asset}}"),
            note="All assets on one scale.",
            empty="there are no prices of 24 hours yet",
        ),
        lines("Prices", 12, named(_ask("asset_price_usd"), "{{asset}}"), note="Choose one asset above for its scale."),
    ),
)

_ENGINES = Row(
    title="Engines",
    height=8,
    panels=(
        levels("Engine Weights", 8, named(_ask("engine_weight"), "{{engine}}"), minimum=0, maximum=100),
        levels("Engine Points", 8, named(_ask("engine_points"), "{{engine}}"), minimum=0),
        levels(
            "Engine Win Rates",
            8,
            named(_ask("engine_win_rate"), "{{engine}}"),
            minimum=0,
            maximum=100,
            empty=NO_SCORE,
        ),
    ),
)

_MORE = Row(
    title="Trades",
    height=4,
    panels=(
        number("Closed Trades", _ask("closed_trades"), 4, note="The n behind the win rate."),
        number("Win Rate", _ask("win_rate_total"), 4, thresholds=falling(40, 50), empty=NO_TRADE),
        number("Expectancy, a Trade", _ask("expectancy"), 4, thresholds=SIGN, empty=NO_TRADE),
        number("Open Trades", _ask("open_trades"), 3),
        number(
            "Open Positions",
            named(total(_ask("open_positions"), by=("asset",)), "{{asset}}"),
            6,
            empty="nothing was opened yet",
        ),
        number(
            "Last Trade",
            seconds_since(_ask("last_trade_timestamp_seconds")),
            3,
            note="How long ago the newest trade closed.",
            empty=NO_TRADE,
            alerts=("HydraNoTrades",),
        ),
    ),
)

OVERVIEW = Dashboard(
    uid="hydra-overview",
    title="HYDRA Overview",
    description="Whether HYDRA lives, what it earns, what its engines and its market do.",
    variables=(*WHERE, ASSET, ENGINE),
    annotations=ANNOTATIONS,
    rows=(_HEADLINES, _REGIMES, _COURSE, _MARKET, _ENGINES, _MORE),
    tags=("hydra",),
)
