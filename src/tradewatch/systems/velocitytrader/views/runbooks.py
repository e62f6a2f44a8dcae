"""What to do about each of VelocityPTrader's alerts."""

from tradewatch.catalog.rule import Runbook

_LOG = "Read the run's own output, and the newest errors: `tradewatch dump --ledger trading_logs.db | tail`."

DOWN = Runbook(
    meaning="The newest heartbeat is older than three of its intervals, or the run has ended.",
    impact="Nobody watches the open positions: their stops are not moved, and no new trade is made.",
    diagnosis=("Does the process run? `tradewatch status` shows what `up` started.", _LOG),
    questions={
        'up{job="velocitytrader"}': "0 means that the exporter is gone too, and the machine may be",
        "velocitytrader_agent_active_positions": "how many positions are open without a watch",
        "time() - velocitytrader_last_trade_timestamp_seconds": "since when nothing was closed",
    },
    mend=(
        "If you stopped it on purpose, silence the alert and go back to sleep.",
        "Start it again, `tradewatch run velocitytrader --ledger trading_logs.db`: it goes on where it was.",
        "If it stops again at once, read the last error and mend what it names.",
    ),
)
DISCONNECTED = Runbook(
    meaning="The system runs, but has no connection to its MetaTrader 5 terminal.",
    impact="It sees no prices and sends no orders. Stops that lie with the broker still hold.",
    diagnosis=(
        "Is the terminal open and logged in?",
        "Is the broker's server in maintenance, as at the weekend?",
        _LOG,
    ),
    questions={
        "velocitytrader_reconnect_attempts": "how often it has tried; it waits longer after each try",
        "velocitytrader_connection_losses_total": "whether this happens often",
    },
    mend=(
        "Start the terminal, log in, and allow algorithmic trading; the system reconnects by itself.",
        "If it stays away and positions are open, close them in the broker's own application.",
    ),
)
ERRORS = Runbook(
    meaning="The system told of errors: any critical one within an hour, or more than ten of any kind in five minutes.",
    impact="A critical error means that a part has given up. Many small ones mean that a part may soon.",
    diagnosis=("Which component, and since when?", _LOG),
    questions={
        "sum by (component, severity) (velocitytrader_errors_total)": "who complains, and how loudly",
        "velocitytrader_mt5_connection": "whether the connection is what fails",
    },
    mend=(
        "Mend what the error's text names; it is one sentence with the mend.",
        "If the component is one that trading needs, stop the run until it works.",
    ),
)
DATABASE = Runbook(
    meaning="Looking for new facts in the ledger takes longer than half a second.",
    impact="The numbers on the page are late. Trading is not: it does not wait for readers.",
    diagnosis=("Is the disk full, or busy with something else?", "Is the ledger on a network drive?"),
    questions={
        "velocitytrader_db_query_latency_seconds": "how long it takes now, and since when",
        'rate(process_cpu_seconds_total{job="velocitytrader"}[5m])': "near 1: the exporter itself is busy",
    },
    mend=("Free the disk, or move the ledger to a local one.", "`tradewatch verify --ledger FILE` checks the file."),
)
DRAWDOWN = Runbook(
    meaning="Equity is further below its peak than the limit. Cash flows are taken out: a withdrawal is no drawdown.",
    impact="At 30 % the risk manager halts all trading until a person resets it. "
    "A loss of 25 % needs a gain of 33 % to be made good.",
    diagnosis=(
        "Did it come at once, or little by little? See *Drawdown* on the dashboard *Risk Management*.",
        "One symbol, one agent, one regime, or all of them?",
    ),
    questions={
        "velocitytrader_symbol_pnl": "which symbol lost it",
        "velocitytrader_agent_pnl_total": "which agent lost it",
        "velocitytrader_risk_exposure": "how much is still at risk",
        "velocitytrader_account_equity - velocitytrader_account_balance": "what open positions lose now",
    },
    mend=(
        "Decide whether to close what is open: nothing here does it for you.",
        "If one symbol or agent is to blame, start the run without it.",
        'After a halt: `tradewatch guardian reset --ledger trading_logs.db --reason "..."`, once you know why.',
    ),
)
WIN_RATE = Runbook(
    meaning="Fewer than 40 % of at least 20 closed trades have won.",
    impact="It need not lose money: few large wins can pay for many small losses. Read it with the profit factor.",
    diagnosis=("Is the profit factor below 1 too?", "Is the upper bound of the interval below 40 % as well?"),
    questions={
        "velocitytrader_win_rate_upper_bound_percent": "below 40: it is hardly chance",
        "velocitytrader_avg_win / -velocitytrader_avg_loss": "how many losses a win pays for",
        "velocitytrader_regime_win_rate": "in which regime it fails",
    },
    mend=("If the profit factor is above 1, accept the win rate.", "Else stop the agent or symbol that loses."),
)
UNPROFITABLE = Runbook(
    meaning="Over at least 20 trades the losses add up to more than the wins.",
    impact="Every further trade is expected to cost money.",
    diagnosis=("Do costs make the loss? Compare the average win with spread and fees.", "Which part of it loses?"),
    questions={
        "velocitytrader_profit_factor": "how far below 1",
        "velocitytrader_timeframe_pnl": "which timeframe loses",
        "velocitytrader_agent_regime_pnl": "which agent loses in which regime",
    },
    mend=("Stop what loses; trade it virtually until it has earned its place.",),
)
HALTED = Runbook(
    meaning="The risk manager has stopped all new trades: the day's loss, or the drawdown, is at its limit.",
    impact="No new trades. Open positions are still watched.",
    diagnosis=("Which limit was it? See *Halts* on the dashboard *Risk Management*.",),
    questions={
        "velocitytrader_halts_total": "which limit, and how often",
        "velocitytrader_current_drawdown": "30 or more: the halt waits for a person",
    },
    mend=(
        "A daily loss: do nothing, it ends at 00:00 UTC.",
        'The drawdown: find out why first, then `tradewatch guardian reset --ledger trading_logs.db --reason "..."`.',
    ),
)
AGENT = Runbook(
    meaning="The agent has closed at least 20 trades and wins fewer than it must: BERSERKER 35 %, SNIPER 45 %.",
    impact="It may lose money; the other agent is not affected.",
    diagnosis=("In which regime does it lose?", "Does it still explore, and trade at random?"),
    questions={
        "velocitytrader_agent_regime_win_rate": "where it fails",
        "velocitytrader_rl_exploration_rate": "above twice its floor: it still tries things out",
        "velocitytrader_agent_pnl_total": "whether it costs money at all",
    },
    mend=("If it earns, accept it.", "Else run without it until it has learned; virtual trades teach it too."),
)
LEARNING = Runbook(
    meaning="After 10,000 experiences an agent is still unsure (confidence below 0.3), "
    "or still acts at random more than twice as often as it finally should.",
    impact="Its decisions are little better than chance. Trades with real money need more than that, so they are few.",
    diagnosis=("Does it learn at all? Progress that stays at 0 says no.", "Does the loss grow?"),
    questions={
        "velocitytrader_rl_learning_progress": "0 means that the values have not improved",
        "velocitytrader_rl_loss": "growing: the learning rate is too high for this market",
        "velocitytrader_rl_experiences_total": "how much it has seen",
    },
    mend=("Let it learn on a replay of this market before it trades.", "Check that its quotes are real."),
)
