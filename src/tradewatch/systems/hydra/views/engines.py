"""Which engine is right, on which asset, and whether they agree."""

from tradewatch.catalog.colours import SIGN, YES_GOOD, falling
from tradewatch.catalog.panels import bars, dial, heat_map, levels, lines, matrix, named, number, timeline
from tradewatch.catalog.query import best, mean, total
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
    REGIME,
    VOTES,
    WHERE,
)

_ask = scope_of(PREFIX, METRICS, *WHERE, ASSET, ENGINE, REGIME)

_NOW = Row(
    height=6,
    panels=(
        number("Engine Ranks", named(_ask("engine_rank"), "{{engine}}"), 6, note="1 is best."),
        dial(
            "Engine Agreement",
            _ask("engine_agreement_rate"),
            6,
            minimum=0,
            maximum=100,
            thresholds=falling(25, 50),
            empty="there was no round with two votes yet",
            alerts=("HydraEnginesDisagree",),
        ),
        number("Newest Votes", named(_ask("engine_last_vote"), "{{engine}}"), 6, meanings=VOTES),
        number(
            "Engines that Vote",
            named(_ask("engine_active"), "{{engine}}"),
            6,
            meanings=YES_GOOD,
            alerts=("HydraEngineOffline",),
        ),
    ),
)

_MATRIX = Row(
    height=11,
    panels=(
        heat_map(
            "Engine x Asset Matrix",
            14,
            named(_ask("engine_asset_accuracy"), "{{engine}} · {{asset}}"),
            minimum=0,
            maximum=100,
            note="How often an engine was right on an asset, over time.",
            empty=NO_SCORE,
        ),
        matrix(
            "Accuracy by Engine and Asset, Now",
            10,
            mean(_ask("engine_asset_accuracy"), by=("engine", "asset")),
            "asset",
            "engine",
            thresholds=falling(40, 50),
            empty=NO_SCORE,
        ),
    ),
)

_MONEY = Row(
    title="What they earn",
    height=9,
    panels=(
        matrix(
            "P&L by Engine and Asset",
            12,
            total(_ask("engine_asset_pnl"), by=("engine", "asset")),
            "asset",
            "engine",
            thresholds=SIGN,
            empty=NO_TRADE,
        ),
        bars(
            "Best Engine for Each Asset, by P&L",
            12,
            named(
                best(total(_ask("engine_asset_pnl"), by=("asset", "engine")), by=("asset",)), "{{asset}}: {{engine}}"
            ),
            empty=NO_TRADE,
        ),
    ),
)

_VOTES = Row(
    title="Votes",
    height=8,
    panels=(
        bars(
            "Vote Distribution",
            10,
            named(total(_ask("engine_votes_total"), by=("engine", "direction")), "{{engine}} {{direction}}"),
        ),
        matrix(
            "Agreement of Pairs",
            7,
            mean(_ask("engine_pair_agreement_ratio"), by=("engine", "other")),
            "engine",
            "other",
            thresholds=falling(0.25, 0.5),
            empty="no pair has voted yet",
        ),
        levels(
            "Accuracy",
            4,
            named(_ask("engine_win_rate"), "{{engine}}"),
            minimum=0,
            maximum=100,
            thresholds=falling(40, 50),
            note="Of the scored votes beside it.",
            empty=NO_SCORE,
        ),
        bars(
            "Scored Votes",
            3,
            named(total(_ask("engine_votes_scored_total"), by=("engine",)), "{{engine}}"),
            note="The n behind the accuracy.",
            empty=NO_SCORE,
        ),
    ),
)

_COURSE = Row(
    title="Tournament",
    height=8,
    panels=(
        lines("Points Over Time", 8, named(_ask("engine_points"), "{{engine}}"), minimum=0),
        lines("Weights Over Time", 8, named(_ask("engine_weight"), "{{engine}}"), minimum=0, maximum=100),
        lines("Agreement Over Time", 8, named(_ask("engine_agreement_rate"), "agreement"), minimum=0, maximum=100),
        timeline("Votes Over Time", 12, named(_ask("engine_last_vote"), "{{engine}}"), meanings=VOTES),
        bars(
            "P&L of Trades It Led", 6, named(_ask("engine_led_pnl_percent"), "{{engine}}"), decimals=2, empty=NO_TRADE
        ),
        levels(
            "Win Rate of Trades It Led",
            6,
            named(_ask("engine_led_win_rate"), "{{engine}}"),
            minimum=0,
            maximum=100,
            thresholds=falling(40, 50),
            empty=NO_TRADE,
        ),
        matrix(
            "P&L of Trades It Led, by Regime, Percent",
            10,
            total(_ask("engine_led_regime_pnl_percent"), by=("engine", "regime")),
            "regime",
            "engine",
            thresholds=SIGN,
            decimals=2,
            empty=NO_TRADE,
        ),
        matrix(
            "Win Rate of Trades It Led, by Regime",
            10,
            mean(_ask("engine_led_regime_win_rate"), by=("engine", "regime")),
            "regime",
            "engine",
            thresholds=falling(40, 50),
            empty=NO_TRADE,
        ),
        bars(
            "Trades It Led",
            4,
            named(total(_ask("engine_led_trades_total"), by=("engine",)), "{{engine}}"),
            empty=NO_TRADE,
        ),
    ),
)

ENGINES = Dashboard(
    uid="hydra-engine-analytics",
    title="HYDRA Engine Analytics",
    description="How often each engine is right, what it earns, and how the engines vote together.",
    variables=(*WHERE, ASSET, ENGINE, REGIME),
    annotations=ANNOTATIONS,
    rows=(_NOW, _MATRIX, _MONEY, _VOTES, _COURSE),
    tags=("hydra",),
)
