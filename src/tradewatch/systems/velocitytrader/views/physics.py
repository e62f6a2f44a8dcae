"""What kind of market it is, by the physics of a driven oscillator."""

from tradewatch.catalog.colours import BAD, GOOD, NEUTRAL, WARNING, falling, states
from tradewatch.catalog.panels import bars, heat_map, levels, lines, matrix, named, number, shares, timeline
from tradewatch.catalog.query import SHOWN_RANGE, increase, mean, total
from tradewatch.catalog.scope import scope_of
from tradewatch.catalog.view import Dashboard, Row, Threshold
from tradewatch.regimes import PhysicalRegime
from tradewatch.systems.velocitytrader.views.asking import ANNOTATIONS, METRICS, PREFIX, REGIME, SYMBOL, WHERE

_ask = scope_of(PREFIX, METRICS, *WHERE, SYMBOL, REGIME)
_MEANINGS = states({each.value: each.code for each in PhysicalRegime})
_BANDS = (Threshold(None, WARNING), Threshold(0.65, GOOD), Threshold(1.5, NEUTRAL))
"""Below 0.65 the market swings, from 1.5 on it drags back: the bands that tell the regimes apart."""
_UNSTABLE = "the oscillator is unstable on every symbol"

_NOW = Row(
    height=6,
    panels=(number("Current Regime", named(_ask("regime_current"), "{{symbol}}"), 24, meanings=_MEANINGS),),
)

_REGIMES = Row(
    height=9,
    panels=(
        timeline("Regime Timeline", 16, named(_ask("regime_current"), "{{symbol}}"), meanings=_MEANINGS),
        shares(
            "Time in Each Regime",
            8,
            named(mean(_ask("regime_time_percent"), by=("regime",)), "{{regime}}"),
            note="Mean over the symbols.",
        ),
    ),
)

_MOTION = Row(
    title="Motion",
    height=8,
    panels=(
        lines("Momentum", 8, named(_ask("physics_momentum"), "{{symbol}}")),
        lines("Velocity", 8, named(_ask("physics_velocity"), "{{symbol}}")),
        lines("Acceleration", 8, named(_ask("physics_acceleration"), "{{symbol}}")),
    ),
)

_OSCILLATOR = Row(
    title="Oscillator",
    height=8,
    panels=(
        lines("Market Energy", 8, named(_ask("physics_energy"), "{{symbol}}"), minimum=0),
        lines("Natural Frequency", 8, named(_ask("physics_natural_frequency"), "{{symbol}}"), empty=_UNSTABLE),
        lines(
            "Damping Ratio",
            8,
            named(_ask("physics_damping_ratio"), "{{symbol}}"),
            thresholds=_BANDS,
            note="Below 0.65 underdamped, up to 1.5 critically damped, above overdamped; a random walk is near 1.",
            empty=_UNSTABLE,
        ),
        lines("Displacement", 12, named(_ask("physics_displacement"), "{{symbol}}"), decimals=5),
        levels(
            "Variance Explained",
            12,
            named(_ask("physics_variance_explained_ratio"), "{{symbol}}"),
            minimum=0,
            maximum=1,
            thresholds=(Threshold(None, BAD), Threshold(0.5, WARNING), Threshold(0.9, GOOD)),
            note="How well the oscillator describes the symbol.",
        ),
    ),
)

_PERFORMANCE = Row(
    title="Performance by regime",
    height=8,
    panels=(
        bars("P&L by Regime", 6, named(total(_ask("regime_pnl"), by=("regime",)), "{{regime}}")),
        levels(
            "Win Rate by Regime",
            6,
            named(_ask("regime_win_rate"), "{{regime}}"),
            minimum=0,
            maximum=100,
            thresholds=falling(40, 50),
        ),
        bars("Trades by Regime", 6, named(total(_ask("regime_trades_total"), by=("regime",)), "{{regime}}")),
        heat_map(
            "Win Rate by Regime Over Time", 6, named(_ask("regime_win_rate"), "{{regime}}"), minimum=0, maximum=100
        ),
    ),
)

_CHANGES = Row(
    title="Changes",
    height=9,
    panels=(
        matrix(
            "Regime Transitions, from Row to Column",
            12,
            total(_ask("regime_transitions_total"), by=("from", "to")),
            "from",
            "to",
            thresholds=(),
        ),
        bars(
            "Changes in the Time Shown",
            6,
            named(total(increase(_ask("regime_changes_total"), SHOWN_RANGE), by=("symbol",)), "{{symbol}}"),
        ),
        bars(
            "Symbols in Each Regime Now",
            6,
            named(total(_ask("regime"), by=("regime",)), "{{regime}}"),
        ),
    ),
)

PHYSICS = Dashboard(
    uid="velocitytrader-physics",
    title="Market Regime & Physics",
    description="The regime each symbol is in, the physics behind it, and what trades made in each regime.",
    variables=(*WHERE, SYMBOL, REGIME),
    annotations=ANNOTATIONS,
    rows=(_NOW, _REGIMES, _MOTION, _OSCILLATOR, _PERFORMANCE, _CHANGES),
    tags=("velocitytrader",),
)
