"""How the markets change, and what is earned in which regime."""

from tradewatch.catalog.colours import SIGN, falling
from tradewatch.catalog.panels import bars, heat_map, levels, matrix, named, shares, timeline
from tradewatch.catalog.query import mean, total
from tradewatch.catalog.scope import scope_of
from tradewatch.catalog.view import Dashboard, Row
from tradewatch.systems.hydra.views.asking import (
    ANNOTATIONS,
    ASSET,
    METRICS,
    NO_TRADE,
    PREFIX,
    REGIME,
    REGIMES,
    WHERE,
)

_ask = scope_of(PREFIX, METRICS, *WHERE, ASSET, REGIME)

_NOW = Row(
    height=9,
    panels=(
        timeline("Regime Transitions", 16, named(_ask("regime_current"), "{{asset}}"), meanings=REGIMES),
        shares(
            "Regime Distribution",
            8,
            named(mean(_ask("regime_time_percent"), by=("regime",)), "{{regime}}"),
            note="Mean over the assets.",
        ),
    ),
)

_PERFORMANCE = Row(
    title="Performance by regime",
    height=8,
    panels=(
        heat_map(
            "Regime Performance Heatmap",
            12,
            named(_ask("regime_win_rate"), "{{regime}}"),
            minimum=0,
            maximum=100,
            note="The win rate, by the regime in which a trade was opened.",
            empty=NO_TRADE,
        ),
        bars("P&L by Regime", 12, named(_ask("regime_pnl_percent"), "{{regime}}"), decimals=2, empty=NO_TRADE),
        levels(
            "Win Rate by Regime",
            8,
            named(_ask("regime_win_rate"), "{{regime}}"),
            minimum=0,
            maximum=100,
            thresholds=falling(40, 50),
            empty=NO_TRADE,
        ),
        bars(
            "Trades by Regime",
            8,
            named(total(_ask("regime_trades_total"), by=("regime",)), "{{regime}}"),
            empty=NO_TRADE,
        ),
        bars(
            "Average P&L by Regime, Percent of the Starting Equity a Trade",
            8,
            named(_ask("regime_pnl_percent") / _ask("regime_trade_count"), "{{regime}}"),
            decimals=3,
            empty=NO_TRADE,
        ),
    ),
)

_ASSETS = Row(
    title="By asset",
    height=9,
    panels=(
        matrix(
            "P&L by Asset and Regime, Percent",
            12,
            total(_ask("asset_regime_pnl_percent"), by=("asset", "regime")),
            "asset",
            "regime",
            thresholds=SIGN,
            decimals=2,
            empty=NO_TRADE,
        ),
        matrix(
            "Win Rate by Asset and Regime",
            12,
            mean(_ask("asset_regime_win_rate"), by=("asset", "regime")),
            "asset",
            "regime",
            thresholds=falling(40, 50),
            empty=NO_TRADE,
        ),
        matrix(
            "Trades by Asset and Regime",
            8,
            total(_ask("asset_regime_trades_total"), by=("asset", "regime")),
            "asset",
            "regime",
            note="The n behind the other two.",
            empty=NO_TRADE,
        ),
        matrix(
            "Transition Matrix, from Row to Column",
            8,
            total(_ask("regime_transitions_total"), by=("from", "to")),
            "from",
            "to",
            empty="no regime has changed yet",
        ),
        levels(
            "Confidence in the Regime",
            8,
            named(_ask("regime_confidence"), "{{asset}}"),
            minimum=0,
            maximum=1,
            empty="regimes are warming up",
        ),
    ),
)

_MORE = Row(
    title="Time and direction",
    height=8,
    panels=(
        bars("Assets in Each Regime Now", 8, named(total(_ask("regime"), by=("regime",)), "{{regime}}")),
        bars(
            "P&L by Direction",
            8,
            named(_ask("direction_pnl_percent"), "{{direction}}"),
            decimals=2,
            empty=NO_TRADE,
        ),
        levels(
            "Win Rate by Direction",
            4,
            named(_ask("direction_win_rate"), "{{direction}}"),
            minimum=0,
            maximum=100,
            thresholds=falling(40, 50),
            empty=NO_TRADE,
        ),
        bars(
            "Trades by Direction",
            4,
            named(total(_ask("direction_trades_total"), by=("direction",)), "{{direction}}"),
            empty=NO_TRADE,
        ),
    ),
)

REGIME_ANALYTICS = Dashboard(
    uid="hydra-regime-analytics",
    title="HYDRA Regime Analytics",
    description="Which regimes the assets are in and were in, and what was earned in each.",
    variables=(*WHERE, ASSET, REGIME),
    annotations=ANNOTATIONS,
    rows=(_NOW, _PERFORMANCE, _ASSETS, _MORE),
    tags=("hydra",),
)
