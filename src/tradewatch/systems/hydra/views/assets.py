"""What each asset does, and what it earns."""

from tradewatch.catalog import Unit
from tradewatch.catalog.colours import SIGN, YES_BAD, YES_GOOD, falling, rising
from tradewatch.catalog.panels import bars, levels, lines, named, number
from tradewatch.catalog.query import seconds_since, total
from tradewatch.catalog.scope import scope_of
from tradewatch.catalog.view import Dashboard, Row
from tradewatch.systems.hydra.views.asking import ANNOTATIONS, ASSET, METRICS, NO_TRADE, PREFIX, REGIMES, WHERE

_ask = scope_of(PREFIX, METRICS, *WHERE, ASSET)
_WARMING = "indicators are warming up"

_HEADLINES = Row(
    height=5,
    panels=(
        number("Current Regime Indicator", named(_ask("regime_current"), "{{asset}}"), 14, meanings=REGIMES),
        number("Daily P&L", _ask("daily_pnl_usd"), 4, thresholds=SIGN),
        number("Circuit Breaker", _ask("circuit_breaker_active"), 3, meanings=YES_BAD, alerts=("HydraCircuitBreaker",)),
        number("Trading", _ask("trading_allowed"), 3, meanings=YES_GOOD, note="Whether new trades may be opened."),
    ),
)

_PERFORMANCE = Row(
    height=9,
    panels=(
        bars("P&L by Asset", 10, named(_ask("asset_pnl_percent"), "{{asset}}"), decimals=2, empty=NO_TRADE),
        levels(
            "Win Rate by Asset",
            7,
            named(_ask("asset_win_rate"), "{{asset}}"),
            minimum=0,
            maximum=100,
            thresholds=falling(40, 50),
            note="Read it with the number of trades.",
            empty=NO_TRADE,
        ),
        levels("Closed Trades by Asset", 7, named(_ask("asset_trade_count"), "{{asset}}"), minimum=0, empty=NO_TRADE),
    ),
)

_BALANCE = Row(
    height=8,
    panels=(
        lines(
            "Account Balance",
            12,
            named(_ask("account_balance_usd"), "balance"),
            named(_ask("peak_balance_usd"), "peak"),
        ),
        bars(
            "Trades by Asset and Direction",
            12,
            named(total(_ask("asset_trades_total"), by=("asset", "direction")), "{{asset}} {{direction}}"),
            empty=NO_TRADE,
        ),
    ),
)

_INDICATORS = Row(
    title="Indicators of each asset",
    height=8,
    panels=(
        lines(
            "Technical Indicators: ADX",
            12,
            named(_ask("indicator_adx"), "{{asset}}"),
            minimum=0,
            maximum=100,
            note="Above 25 there is a trend, below 20 there is none.",
            empty=_WARMING,
        ),
        lines(
            "Technical Indicators: Volatility",
            12,
            named(_ask("indicator_volatility"), "{{asset}}"),
            minimum=0,
            empty=_WARMING,
        ),
        lines(
            "Technical Indicators: ATR",
            8,
            named(_ask("indicator_atr"), "{{asset}}"),
            minimum=0,
            note="In price: choose one asset above.",
            empty=_WARMING,
        ),
        lines(
            "Technical Indicators: ATR as a Share of the Price",
            8,
            named(
                (_ask("indicator_atr") / _ask("asset_price_usd")).counted_in(Unit.RATIO),
                "{{asset}}",
            ),
            note="So that assets can be compared.",
            minimum=0,
            decimals=4,
            empty=_WARMING,
        ),
        lines(
            "Technical Indicators: Bollinger Band Width",
            8,
            named(_ask("indicator_bb_width"), "{{asset}}"),
            minimum=0,
            decimals=2,
            empty=_WARMING,
        ),
    ),
)

_MARKET = Row(
    title="Market data",
    height=7,
    panels=(
        number("Active Assets", _ask("active_assets"), 4, note="With a bar in the last 5 minutes, or 3 bars."),
        levels(
            "Age of the Newest Bar",
            7,
            named(seconds_since(_ask("last_bar_timestamp_seconds")), "{{asset}}"),
            thresholds=rising(180, 600),
            alerts=("HydraFeedStale",),
        ),
        bars("Spread", 7, named(_ask("spread_usd"), "{{asset}}"), empty="no spread was told"),
        bars(
            "Quotes Refused",
            6,
            named(total(_ask("quotes_refused_total"), by=("reason",)), "{{reason}}"),
            empty="no quote was refused yet",
        ),
    ),
)

ASSETS = Dashboard(
    uid="hydra-asset-performance",
    title="HYDRA Asset Performance",
    description="Every asset's regime, indicators and P&L.",
    variables=(*WHERE, ASSET),
    annotations=ANNOTATIONS,
    rows=(_HEADLINES, _PERFORMANCE, _BALANCE, _INDICATORS, _MARKET),
    tags=("hydra",),
)
