"""What to do about each of HYDRA's alerts."""

from tradewatch.catalog.rule import Runbook

_LOG = "Read the run's own output, and the newest errors: `tradewatch dump --ledger LEDGER | tail`."
_RESET = 'Once you know why: `tradewatch guardian reset --ledger LEDGER --reason "..."`.'

DOWN = Runbook(
    meaning="The newest cycle's heartbeat is older than three intervals, or the run has ended.",
    impact="Nobody watches the open positions, and no new trade is made.",
    diagnosis=("Does the process run? `tradewatch status` shows what `up` started.", _LOG),
    questions={
        'up{job="hydra"}': "0 means that the exporter is gone too, and the machine may be",
        "sum by (asset) (hydra_open_positions)": "what is open without a watch",
        "time() - hydra_last_cycle_timestamp_seconds": "since when it is still",
    },
    mend=(
        "If you stopped it on purpose, silence the alert and go back to sleep.",
        "Start it again with the same ledger, `tradewatch run hydra --ledger LEDGER`: it goes on where it was.",
        "If it stops again at once, read the last error and mend what it names.",
    ),
)
ENGINE = Runbook(
    meaning="An engine has cast no vote in the last 100 rounds, while HYDRA runs.",
    impact="The others decide without it. Two have to agree, so fewer trades are made.",
    diagnosis=("Is it a plug-in whose service is out of reach?", _LOG),
    questions={
        "sum by (engine) (increase(hydra_engine_votes_total[1h]))": "who votes at all",
        "sum by (type, component) (hydra_errors_total)": "whether it fails with an error",
    },
    mend=("Mend what its errors name.", "Else restart the run; the tournament's points are kept."),
)
FEED = Runbook(
    meaning="Prices come late or not at all, or calls to their source fail or are slow.",
    impact="HYDRA decides on old prices, or not at all. Stops of open positions are checked late.",
    diagnosis=("One asset or all? One alone is the exchange's, all are the connection's.", _LOG),
    questions={
        "time() - hydra_last_bar_timestamp_seconds": "how old each asset's price is",
        "hydra_stale_after_seconds": "how old it may be: 5 minutes, or 3 bars",
        "sum by (source) (hydra_data_feed_errors_total)": "which source fails",
        "sum by (api, endpoint, error) (hydra_api_errors_total)": "with which error",
    },
    mend=(
        "Is the exchange in maintenance? Then wait: what was missed is asked for again.",
        "Is the network out? Mend it. If positions are open, watch them in the exchange's own application.",
        "Too many calls? Trade fewer assets.",
    ),
)
NO_TRADES = Runbook(
    meaning="Cycles run and trading is allowed, but nothing was closed for a day.",
    impact="No loss, and no gain. Often a sign that a gate refuses everything.",
    diagnosis=("Do the engines vote HOLD, disagree, or are their orders rejected?",),
    questions={
        "sum by (direction) (increase(hydra_engine_votes_total[1d]))": "whether they vote for anything",
        "hydra_engine_agreement_rate": "low: they never agree",
        "sum by (reason) (hydra_orders_rejected_total)": "why orders were rejected",
        "hydra_asset_trading_allowed": "0: the guardian has blocked the asset",
    },
    mend=("In a quiet market, do nothing.", "If one reason rejects all orders, change that limit or its cause."),
)
LIMITS = Runbook(
    meaning="A loss of the account is near the guardian's limit (80 % of it), or has reached it.",
    impact="At the daily loss limit no trade is opened until 00:00 UTC; at the daily drawdown's, for 24 hours; at the "
    "total drawdown's the kill switch stops all trading until a person resets it.",
    diagnosis=("Did it come at once, or little by little?", "Is it realised, or still open?"),
    questions={
        "hydra_asset_pnl_percent": "which asset lost it",
        "sum by (engine) (hydra_engine_asset_pnl)": "which engine lost it",
        "hydra_equity_usd - hydra_account_balance_usd": "what open positions lose now",
        "hydra_guardian_limit": "what the limits are",
    },
    mend=(
        "Near a limit: decide whether to close what is open; nothing here does it for you.",
        f"At a limit: find out why it happened before anything trades again. {_RESET}",
    ),
)
BURN = Runbook(
    meaning="The guardian's daily loss limit is a budget, and losses use it much faster than a day's worth a day.",
    impact="At this pace the limit is reached before the day is over, and trading stops then.",
    diagnosis=("Is it one position, or a series of losses?", "Did the market change its regime?"),
    questions={
        "hydra_loss_budget_used_ratio": "how much is used: 1 is the limit",
        "sum by (asset) (hydra_open_positions)": "what is still open",
        "hydra_consecutive_losses": "whether loss follows loss",
    },
    mend=("Close the position that loses, or let its stop do it.", "Stop the run if the engines misread the market."),
)
KILL_SWITCH = Runbook(
    meaning="The guardian has stopped all trading: the total drawdown is at its limit, or the day's is.",
    impact="No new trades. Open positions are still watched.",
    diagnosis=("Which limit was it?", "What was lost, and where?"),
    questions={
        "hydra_halts_total": "which limit stopped it",
        "hydra_total_drawdown_percent": "how deep it is",
        "hydra_asset_pnl_percent": "which asset lost it",
    },
    mend=("Find out why, and change what was wrong.", _RESET, "An emergency shutdown ends by itself after 24 hours."),
)
LOSSES = Runbook(
    meaning="Several trades in a row have lost; the guardian halves sizes after three and pauses after five.",
    impact="Smaller positions, or none for a day.",
    diagnosis=("Is it one asset or engine, or all?", "Is such a streak likely for this win rate?"),
    questions={
        "hydra_consecutive_losses": "how many",
        "hydra_consecutive_losses_max": "whether that happened before",
        "hydra_regime_win_rate": "whether this regime is a bad one",
    },
    mend=("Usually nothing: the guardian does what it should.", "If one engine leads all the losses, run without it."),
)
UNPROFITABLE = Runbook(
    meaning="Over at least 30 trades, more is lost than won: the win rate is too low for what an average win pays.",
    impact="Every further trade is expected to cost money.",
    diagnosis=("Do fees and slippage make the loss?", "Which asset, engine or regime loses?"),
    questions={
        "100 / (1 + hydra_avg_risk_reward)": "the win rate at which it would break even",
        "hydra_fees_usd_total": "what fees have cost",
        "hydra_regime_pnl_percent": "which regime loses",
    },
    mend=("Stop what loses.", "Go on with the rest only if it is more than luck: see the probabilistic Sharpe ratio."),
)
DISAGREE = Runbook(
    meaning="Less than a quarter of the pairs of engines have voted the same in the last 100 rounds.",
    impact="Two have to agree, so hardly anything is traded.",
    diagnosis=("Does one engine always vote against the others?",),
    questions={"hydra_engine_pair_agreement_ratio": "who agrees with whom"},
    mend=("Nothing, if the market is undecided.", "An engine that is always wrong should be left out."),
)
STUCK = Runbook(
    meaning="An asset's regime has not changed for more than a day.",
    impact="None by itself. If prices moved, the detector does not see it.",
    diagnosis=("Does the price move? Does its bar come?",),
    questions={
        "time() - hydra_last_bar_timestamp_seconds": "whether there are new bars",
        "hydra_indicator_adx": "whether indicators move",
    },
    mend=("A market that is closed or very calm may stay as it is.", "If the feed stands still, mend that."),
)
