"""What the overview asks of each system: one question of PromQL for each thing a person wants to know at a glance."""

from collections.abc import Mapping
from typing import Final

import msgspec


class Glance(msgspec.Struct, frozen=True, kw_only=True):
    """A system's card. ``questions``: what is shown to PromQL; ``$midnight`` stands for 00:00 UTC in Unix seconds.

    ``market`` is the Unix time of the newest price, ``trading`` 0 while a limit or a person halts all trading; money is
    in the account's currency, shares in percent.
    """

    name: str
    title: str
    dashboard: str
    job: str
    questions: Mapping[str, str]
    feeds: str | None = None


HYDRA: Final = Glance(
    name="hydra",
    title="HYDRA",
    dashboard="hydra-overview",
    job="hydra",
    questions={
        "alive": "min(hydra_system_status)",
        "market": "max(hydra_last_bar_timestamp_seconds)",
        "trading": "min(hydra_trading_allowed)",
        "pnl": "sum(hydra_daily_pnl_usd)",
        "pnl_percent": "max(hydra_pnl_daily_percent)",
        "equity": "sum(hydra_equity_usd)",
        "drawdown": "max(hydra_total_drawdown_percent)",
        "open": "sum(hydra_open_positions)",
        "trades": "sum(hydra_closed_trades)",
        "course": "sum(hydra_equity_usd)",
    },
)

VELOCITYTRADER: Final = Glance(
    name="velocitytrader",
    title="VelocityPTrader",
    dashboard="velocitytrader-performance",
    job="velocitytrader",
    questions={
        "alive": "min(velocitytrader_system_status)",
        "market": "max(velocitytrader_last_tick_timestamp_seconds)",
        "trading": "min(velocitytrader_trading_allowed)",
        "pnl": "sum(velocitytrader_account_equity) - sum(velocitytrader_account_equity @ $midnight)",
        "pnl_percent": (
            "100 * (sum(velocitytrader_account_equity) / sum(velocitytrader_account_equity @ $midnight) - 1)"
        ),
        "equity": "sum(velocitytrader_account_equity)",
        "drawdown": "max(velocitytrader_current_drawdown)",
        "open": "sum(velocitytrader_agent_active_positions)",
        "trades": "sum(velocitytrader_closed_trades)",
        "course": "sum(velocitytrader_account_equity)",
    },
)

BOT: Final = Glance(
    name="bot",
    title="Bots",
    dashboard="bot-overview",
    job="bot",
    questions={
        "alive": "min(bot_system_status)",
        "market": "max(bot_last_heartbeat_timestamp_seconds)",
        "pnl": "sum(bot_daily_pnl)",
        "pnl_percent": "max(bot_daily_pnl_percent)",
        "equity": "sum(bot_equity)",
        "drawdown": "max(bot_drawdown_percent)",
        "open": "sum(bot_open_trades)",
        "trades": "sum(bot_closed_trades)",
        "course": "sum(bot_equity)",
    },
)

GLANCES: Final = (HYDRA, VELOCITYTRADER, BOT)
