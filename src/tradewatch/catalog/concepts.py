"""The quantities that every system has, each with its one definition."""

from tradewatch.catalog.concept import Concept

# Sources that several definitions share.

_WILSON = "E. B. Wilson (1927), Probable Inference, the Law of Succession, and Statistical Inference"
_SWEENEY = "J. Sweeney (1996), Maximum Adverse Excursion"
_HISTORICAL = (
    "historical simulation; quantile type 7 of R. Hyndman and Y. Fan (1996), Sample Quantiles in Statistical Packages"
)
_ACERBI = "C. Acerbi and D. Tasche (2002), On the Coherence of Expected Shortfall"
_BAILEY = "D. Bailey and M. López de Prado (2012), The Sharpe Ratio Efficient Frontier"

# Trades, counted when they close.

CLOSED_TRADES = Concept(name="closed trades", definition="trades closed and not voided; the n behind every trade ratio")
TRADES_TOLD = Concept(
    name="trades told", definition="closings as first told; later corrections leave it alone, so it never goes down"
)
TRADES_TOLD_BY_OUTCOME = Concept(
    name="trades told by outcome",
    definition="closings as first told, by their outcome then; later corrections leave it alone, so it never goes down",
)
WINS_TOLD = Concept(
    name="wins told", definition="wins as first told; corrections leave it alone, so it never goes down"
)
LOSSES_TOLD = Concept(
    name="losses told", definition="losses as first told; corrections leave it alone, so it never goes down"
)
TRADES_CORRECTED = Concept(name="corrected trades", definition="corrections of closed trades that were told")
TRADES_VOIDED = Concept(name="voided trades", definition="trades that were told and later taken back")
WINS = Concept(name="wins", definition="closed trades with P&L above 1e-9 of their notional value, after costs")
LOSSES = Concept(name="losses", definition="closed trades with P&L below -1e-9 of their notional value, after costs")
SCRATCHES = Concept(name="scratches", definition="closed trades that are neither a win nor a loss")
WIN_RATE = Concept(name="win rate", definition="wins / closed trades", undefined="before the first closed trade")
NET_PROFIT = Concept(name="net profit", definition="sum of the P&L of closed trades")
NET_PROFIT_SHARE = Concept(
    name="net profit in percent",
    definition="net profit / starting equity, so that the parts add up to the whole",
    undefined="while the starting equity is unknown",
)
GROSS_PROFIT = Concept(name="gross profit", definition="sum of the positive P&L of closed trades")
GROSS_LOSS = Concept(name="gross loss", definition="absolute sum of the negative P&L of closed trades")
PROFIT_FACTOR = Concept(
    name="profit factor", definition="gross profit / gross loss", undefined="while there is no loss"
)
EXPECTANCY = Concept(
    name="expectancy", definition="mean P&L per closed trade", undefined="before the first closed trade"
)
WIN_RATE_LOWEST = Concept(
    name="win rate, lower bound",
    definition="lower end of the 95 % Wilson interval of the win rate",
    source=_WILSON,
    undefined="before the first closed trade",
)
WIN_RATE_HIGHEST = Concept(
    name="win rate, upper bound",
    definition="upper end of the 95 % Wilson interval of the win rate",
    source=_WILSON,
    undefined="before the first closed trade",
)
WIN_RATE_24H = Concept(
    name="win rate of 24 hours",
    definition="wins / trades closed in the last 24 hours",
    undefined="when none closed in the last 24 hours",
)
EXPECTANCY_R = Concept(
    name="expectancy in R",
    definition="mean of P&L / initial risk; initial risk = |entry - stop| * quantity * contract value",
    source="V. Tharp (1998), Trade Your Way to Financial Freedom",
    undefined="before the first closed trade with a stop",
)
AVERAGE_WIN = Concept(name="average win", definition="mean P&L of wins", undefined="before the first win")
AVERAGE_LOSS = Concept(name="average loss", definition="mean P&L of losses", undefined="before the first loss")
PAYOFF_RATIO = Concept(
    name="average risk/reward",
    definition="average win / absolute average loss",
    undefined="before there is a win and a loss",
)
LARGEST_WIN = Concept(name="largest win", definition="largest P&L of a win", undefined="before the first win")
LARGEST_LOSS = Concept(name="largest loss", definition="smallest P&L of a loss", undefined="before the first loss")
LONGEST_WINS = Concept(name="longest winning streak", definition="most wins in a row; a scratch ends no streak")
LONGEST_LOSSES = Concept(name="longest losing streak", definition="most losses in a row; a scratch ends no streak")
CURRENT_WINS = Concept(name="current winning streak", definition="wins since the last loss")
CURRENT_LOSSES = Concept(name="current losing streak", definition="losses since the last win")
MEAN_CONFIDENCE = Concept(
    name="average confidence",
    definition="mean confidence with which closed trades were opened, 0 to 1",
    undefined="before the first closed trade whose confidence is known",
)
MEAN_DURATION = Concept(
    name="average trade duration",
    definition="mean time from opening to closing",
    undefined="before the first closed trade whose opening is known",
)
FEES = Concept(name="fees", definition="sum of the fees of closed trades")
MEAN_ADVERSE = Concept(
    name="average MAE",
    definition="mean of the worst unrealised P&L while open, in R (maximum adverse excursion)",
    source=_SWEENEY,
    undefined="before the first closed trade with a stop and its extremes",
)
MEAN_FAVOURABLE = Concept(
    name="average MFE",
    definition="mean of the best unrealised P&L while open, in R (maximum favourable excursion)",
    source=_SWEENEY,
    undefined="before the first closed trade with a stop and its extremes",
)
ENTRY_SLIPPAGE = Concept(
    name="average entry slippage",
    definition="mean of (fill - decision price) / decision price * direction, in basis points; a cost is above 0",
    undefined="before the first closed trade with a decision price",
)
EXIT_SLIPPAGE = Concept(
    name="average exit slippage",
    definition="as for the entry, in the direction of the closing order",
    undefined="before the first closed trade with a closing decision price",
)
LAST_TRADE_TIME = Concept(
    name="last closing", definition="when the newest trade closed", undefined="before the first closed trade"
)
OPEN_TRADES = Concept(name="open trades", definition="trades opened and neither closed nor voided", live=True)

# The account.

_NO_START = "while the starting equity is unknown"

STARTING_EQUITY = Concept(
    name="starting equity", definition="equity at the start of the ledger's first run", undefined="while nobody told it"
)
CASH_FLOWS = Concept(name="cash flows", definition="deposits less withdrawals")
BALANCE = Concept(
    name="balance",
    definition="starting equity + cash flows + realised P&L, partial closings and fees of open trades included",
    undefined=_NO_START,
    live=True,
)
PEAK_BALANCE = Concept(
    name="peak balance", definition="running peak of the balance; cash flows scale it", undefined=_NO_START, live=True
)
EQUITY = Concept(name="equity", definition="balance + unrealised P&L at the last mark", undefined=_NO_START, live=True)
CURRENT_DRAWDOWN = Concept(
    name="current drawdown",
    definition="1 - equity / its running peak; the peak begins with the starting equity, and cash flows scale it",
    undefined="while the starting equity is unknown, and while the account is empty",
    live=True,
)
MAXIMUM_DRAWDOWN = Concept(
    name="maximum drawdown",
    definition="the largest current drawdown so far; facts of one instant are one step",
    undefined=_NO_START,
)
LARGEST_FALL = Concept(
    name="largest fall",
    definition="the largest fall of (equity - net cash flows) from its own running peak, in money",
    undefined=_NO_START,
)
DRAWDOWN_SECONDS = Concept(
    name="drawdown duration",
    definition="0 at the peak of equity, else the time since equity was last at it",
    undefined=_NO_START,
    live=True,
)
LONGEST_DRAWDOWN_SECONDS = Concept(
    name="longest drawdown", definition="the longest drawdown duration so far", undefined=_NO_START
)
RECOVERY_FACTOR = Concept(
    name="recovery factor",
    definition="net profit / largest fall",
    undefined="while the starting equity is unknown, and before the first fall",
)
DAILY_PROFIT = Concept(
    name="daily P&L",
    definition="equity - equity at 00:00 UTC - today's cash flows",
    undefined=_NO_START,
    live=True,
)
DAILY_PROFIT_SHARE = Concept(
    name="daily P&L in percent",
    definition="daily P&L / equity at 00:00 UTC",
    undefined="while the starting equity is unknown, and on a day that began without equity",
    live=True,
)
DAILY_DRAWDOWN = Concept(
    name="daily drawdown",
    definition="1 - equity / the day's running peak, which begins at 00:00 UTC",
    undefined="while the starting equity is unknown, and while the account is empty",
    live=True,
)
EXPOSURE = Concept(
    name="exposure",
    definition="sum of absolute position values / equity; positions at the newest bar's close, else at their entry",
    undefined="while equity is unknown or not above 0",
    live=True,
)
NET_EXPOSURE = Concept(
    name="net exposure",
    definition="(value bought - value sold) / equity",
    undefined="while equity is unknown or not above 0",
    live=True,
)
LARGEST_EXPOSURE = Concept(
    name="largest exposure",
    definition="largest absolute net value in one asset / equity",
    undefined="while equity is unknown or not above 0",
    live=True,
)
RUIN = Concept(name="ruin", definition="1 once trading has brought equity to 0 or below, else 0", undefined=_NO_START)
ACCOUNT = Concept(name="account", definition="what the numbers are about: currency, mode of the run, recorded system")

# Daily returns: UTC days from the first to the newest fact, N a year (365, or 261 where only weekdays count).

_NO_RETURNS = "for fewer than 2 daily returns, without any deviation, and after ruin"

RETURN_DAYS = Concept(
    name="daily returns",
    definition="how many daily returns there are: the n behind the ratios below",
    undefined=_NO_START,
)
SHARPE_RATIO = Concept(
    name="Sharpe ratio",
    definition="mean(r) / std(r, ddof 1) * sqrt(N) of daily returns r, risk-free rate 0",
    source="W. F. Sharpe (1994), The Sharpe Ratio",
    undefined=_NO_RETURNS,
)
SORTINO_RATIO = Concept(
    name="Sortino ratio",
    definition="mean(r) / sqrt(mean(min(r, 0)^2)) * sqrt(N) of daily returns r, over all days",
    source="F. Sortino and L. Price (1994), Performance Measurement in a Downside Risk Framework",
    undefined="before the first daily return, while none is below 0, and after ruin",
)
CAGR = Concept(
    name="CAGR",
    definition="(last / first equity, cash flows removed)^(N / daily returns) - 1",
    undefined="before the first daily return, and after ruin",
)
CALMAR_RATIO = Concept(
    name="Calmar ratio",
    definition="CAGR / maximum drawdown",
    source="T. Young (1991), Calmar Ratio: A Smoother Tool",
    undefined="while CAGR is undefined or there was no drawdown",
)
MONTHLY_RETURN = Concept(
    name="monthly return",
    definition="product of (1 + daily return) over the days of a UTC month - 1; the newest month as far as it has come",
    undefined="before the first daily return, and after ruin",
)
VALUE_AT_RISK_SHARE = Concept(
    name="daily VaR 95",
    definition="max(0, -quantile(r, 0.05, linear)) of the trailing N daily returns, as a return",
    source=_HISTORICAL,
    undefined="for fewer than 20 daily returns, and after ruin",
)
VALUE_AT_RISK = Concept(
    name="daily VaR 95 in money",
    definition="daily VaR 95 * current equity",
    source=_HISTORICAL,
    undefined="for fewer than 20 daily returns, and after ruin",
    live=True,
)
EXPECTED_SHORTFALL_SHARE = Concept(
    name="daily CVaR 95",
    definition="max(0, -mean of the daily returns at or below that quantile), as a return",
    source=_ACERBI,
    undefined="for fewer than 20 daily returns, and after ruin",
)
EXPECTED_SHORTFALL = Concept(
    name="daily CVaR 95 in money",
    definition="daily CVaR 95 * current equity",
    source=_ACERBI,
    undefined="for fewer than 20 daily returns, and after ruin",
    live=True,
)
PROBABILISTIC_SHARPE_RATIO = Concept(
    name="probabilistic Sharpe ratio",
    definition="probability that the true Sharpe ratio is above 0, given n, skewness and kurtosis of daily returns",
    source=_BAILEY,
    undefined="for fewer than 4 daily returns, without deviation, and after ruin",
)
MINIMUM_TRACK_RECORD = Concept(
    name="minimum track record",
    definition="daily returns it would take to be 95 % sure that the true Sharpe ratio is above 0",
    source=_BAILEY,
    undefined="as for the probabilistic Sharpe ratio, and for a Sharpe ratio not above 0",
)

# Whether the book agrees with itself.

RECONCILIATION_ERROR = Concept(
    name="reconciliation error", definition="by how much what must add up does not; 0 when all is well"
)
"""By check."""

# Whether the system is alive.

SYSTEM_STATUS = Concept(
    name="system status",
    definition="1 while the newest heartbeat is younger than 3 of its intervals, else 0; 0 once the run has ended",
    undefined="for a source without heartbeats",
)
UPTIME = Concept(
    name="uptime",
    definition="seconds since the newest run began",
    undefined="before the first run, once all have ended, and of imported facts",
    live=True,
)
LAST_HEARTBEAT_TIME = Concept(
    name="last heartbeat", definition="when the newest heartbeat was", undefined="before the first heartbeat"
)
ERRORS = Concept(name="errors", definition="errors the system told of")
"""Counted by severity and component."""

ERRORS_BY_TYPE = Concept(name="errors by type", definition="errors the system told of, by type and component")
ITERATIONS = Concept(
    name="iterations", definition="heartbeats: cycles that were completed", undefined="for a source without heartbeats"
)
RUN = Concept(
    name="run",
    definition="what runs: its version, how real its money is, the account's currency, days a year",
    undefined="before the first run",
)


STALE = "once the asset's newest bar is older than 5 minutes or 3 of its bars"
"""When what an asset last told is true of now no more."""

# Indicators: of closed bars, for one asset.

AVERAGE_TRUE_RANGE = Concept(
    name="ATR",
    definition="Wilder's average of the true range over 14 bars, in price; begins with the mean of the first 14",
    source="J. W. Wilder (1978), New Concepts in Technical Trading Systems",
    undefined=f"before 14 closed bars, and {STALE}",
    live=True,
)
AVERAGE_DIRECTIONAL_INDEX = Concept(
    name="ADX",
    definition="Wilder's average of DX over 14 bars, 0 to 100; DX = 100 * |+DI - -DI| / (+DI + -DI), 0 when both are 0",
    source="J. W. Wilder (1978), New Concepts in Technical Trading Systems",
    undefined=f"before 28 closed bars, and {STALE}",
    live=True,
)
BOLLINGER_WIDTH = Concept(
    name="Bollinger width",
    definition="(upper - lower) / middle; mean of 20 closes and 2 population deviations around it",
    source="J. Bollinger (2001), Bollinger on Bollinger Bands",
    undefined=f"before 20 closed bars, and {STALE}",
    live=True,
)
VOLATILITY = Concept(
    name="volatility",
    definition="standard deviation (ddof 1) of the last 30 log returns * sqrt(bars in 365 days)",
    undefined=f"before 31 closed bars, and {STALE}",
    live=True,
)
