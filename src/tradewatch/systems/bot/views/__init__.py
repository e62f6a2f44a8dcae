"""How any bot is seen: one dashboard, its alerts, their runbooks."""

from tradewatch.catalog.rule import Views
from tradewatch.systems.bot.metrics import BOT
from tradewatch.systems.bot.views.alerts import RULES
from tradewatch.systems.bot.views.overview import OVERVIEW

_IN_THE_TABLE = "the table by this label has the closed trades; the counter is for rates"

VIEWS = Views(
    name="bot",
    metrics=BOT.metrics,
    dashboards=(OVERVIEW,),
    rules=(RULES,),
    unseen={
        "bot_strategy_trades_total": _IN_THE_TABLE,
        "bot_tag_trades_total": _IN_THE_TABLE,
        "bot_direction_trades_total": _IN_THE_TABLE,
        "bot_exit_reason_trades_total": _IN_THE_TABLE,
        "bot_starting_equity": "P&L in percent is shown instead",
        "bot_cash_flows": "equity and drawdown leave them out",
        "bot_trades_corrected_total": "corrections are seen in the numbers",
        "bot_trades_voided_total": "corrections are seen in the numbers",
    },
)
"""Any bot."""
