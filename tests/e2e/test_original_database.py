"""The founding document's command on a database in the original's schema, against a calculation of its own."""

import http.client
import math
import shutil
import signal
import sqlite3
import statistics
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pytest

from tests.support.pages import Series, parsed
from tests.support.patience import SECONDS
from tests.support.servers import answer_of, free_port
from tests.support.velocityptrader import CLOSED, ERROR, OPEN, START, TRADE_COLUMNS, Database
from tradewatch.exporter import Format
from tradewatch.stack import loopback
from tradewatch.stack.ports import LOOPBACK
from tradewatch.stack.servers import locate
from tradewatch.stack.waiting import wait_until

ROOT = Path(__file__).parents[2]
SCRIPT = Path("monitoring/prometheus_exporter.py")
"""Within which changes must be seen; it takes about two."""

EQUITY = 10_000.0
DAY = 86_400
AWKWARD = 'quo"te\\back\nline'


class Bot(NamedTuple):
    """A trader's folder, the address of its exporter, and the process."""

    folder: Path
    port: int
    process: "subprocess.Popen[bytes]"

    @property
    def database(self) -> Path:
        return self.folder / "trading_logs.db"

    def page(self) -> Series:
        """Scrape; every judge accepts the page in both formats, and both say the same."""
        text = answer_of(f"http://{LOOPBACK}:{self.port}/metrics")
        checked = subprocess.run(
            [locate("promtool"), "check", "metrics"], input=text, capture_output=True, check=False, timeout=SECONDS
        )
        assert b"error while linting" not in checked.stderr.lower(), checked.stderr.decode()
        assert checked.returncode in {0, 3}, checked.stderr.decode()  # 3: lint, which tests/rules judge
        return parsed(text, Format.TEXT)

    def openmetrics(self) -> Series:
        with closing(http.client.HTTPConnection(LOOPBACK, self.port, timeout=SECONDS)) as connection:
            connection.request("GET", "/metrics", headers={"Accept": "application/openmetrics-text"})
            text = connection.getresponse().read()
        assert text.endswith(b"# EOF\n")
        return parsed(text, Format.OPENMETRICS)

    def becomes(self, condition: Callable[[Series], bool]) -> Series:
        """Wait until a page is as told, and return it."""
        pages: list[Series] = []

        def is_so() -> bool:
            pages[:] = [self.page()]
            return condition(pages[0])

        assert wait_until(is_so, seconds=SECONDS), pages
        return pages[0]

    def agrees(self, equity: float | None = None, *, amended: bool = False) -> Series:
        """Wait until the page says what the database does, every sample of it; return the page.

        ``amended``: rows were changed or deleted, so that counters say something else, as they must.
        """
        right = expected(self.database, equity)

        def is_right(page: Series) -> bool:
            return own(page, "tradewatch_source_up") == 1 and not differences(page, right, amended=amended)

        pages: list[Series] = []

        def has_come() -> bool:
            pages[:] = [self.page()]
            return is_right(pages[0])

        if not wait_until(has_come, seconds=SECONDS):
            assert differences(pages[0], right, amended=amended) == {}
        seen = pages[0]
        assert own(seen, "tradewatch_ready") == 1
        assert not any(value for (name, _), value in seen.items() if name == "tradewatch_reconciliation_error")
        return seen


@contextmanager
def exporting(folder: Path, *words: str) -> Iterator[Bot]:
    """Yield the command of the founding document at work in a copy of the project."""
    port = free_port()
    command = [sys.executable, str(SCRIPT), "--port", str(port), *words]
    with log_of(folder).open("ab") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output, cwd=folder)
    with process:
        try:
            healthy = f"http://{LOOPBACK}:{port}/-/healthy"
            assert wait_until(lambda: loopback.answers(healthy), seconds=SECONDS), log_of(folder).read_text()
            yield Bot(folder, port, process)
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
                assert process.wait(SECONDS) == 0
        finally:
            process.kill()
    assert "Traceback" not in log_of(folder).read_text()


def log_of(folder: Path) -> Path:
    return folder / "exporter.log"


def ours(page: Series) -> Series:
    return {key: value for key, value in page.items() if key[0].startswith("velocitytrader_")}


def own(page: Series, name: str) -> float | None:
    return next((value for (each, _), value in page.items() if each == name), None)


CLOCK = (
    "velocitytrader_uptime_seconds",
    "velocitytrader_uptime_seconds_total",
    "velocitytrader_drawdown_duration_seconds",
    "velocitytrader_db_query_latency_seconds",
)
"""What changes while nothing happens."""

TOLD = (
    *(f"{name}_total" for name in ("trades", "trades_winning", "trades_losing", "trades_by_outcome", "errors")),
    "_bucket",
    "_count",
    "_sum",
)


def is_counter(name: str) -> bool:
    return name.endswith(TOLD)


def differences(page: Series, right: Series, *, amended: bool) -> dict[Any, Any]:
    """Return what is on a page and in a calculation, where they differ. Any: keys and pairs, to be read."""
    found = {key: value for key, value in ours(page).items() if key[0] not in CLOCK}
    return {
        key: (found.get(key), right.get(key))
        for key in found.keys() | right.keys()
        if not (amended and is_counter(key[0]))
        and not math.isclose(found.get(key, math.inf), right.get(key, -math.inf), rel_tol=1e-9, abs_tol=1e-9)
    }


def never_down(before: Series, after: Series) -> bool:
    """Whether no counter went down or away."""
    return all(after.get(key, -1) >= value for key, value in ours(before).items() if is_counter(key[0]))


# The calculation of its own: plain SQL, Python and pandas, nothing of the project.


MONEY = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000)
PNL_BOUNDS = (*(-bound for bound in reversed(MONEY)), 0, *MONEY)
DURATION_BOUNDS = (10, 60, 300, 900, 1_800, 3_600, 14_400, 43_200, 86_400, 259_200, 604_800)


class Trade(NamedTuple):
    """A closed row of the database."""

    time: float
    agent: str
    symbol: str
    timeframe: str
    pnl: float
    result: int
    confidence: float | None
    duration: float | None


def expected(database: Path, equity: float | None) -> Series:
    """Return every sample that a page must have for a database, apart from those that depend on the clock."""
    connection = sqlite3.connect(database)
    connection.row_factory = sqlite3.Row
    rows = list(map(dict, connection.execute("SELECT * FROM trade_logs ORDER BY id")))
    errors = list(map(dict, connection.execute("SELECT * FROM error_logs WHERE timestamp IS NOT NULL")))
    connection.close()
    series: dict[tuple[str, frozenset[tuple[str, str]]], float] = {}

    def put(name: str, value: float | None, **labels: str) -> None:
        if value is not None:
            series[f"velocitytrader_{name}", frozenset(labels.items())] = value

    timed = [row for row in rows if isinstance(row["timestamp"], float)]
    closed = sorted(
        (row for row in timed if isinstance(row["pnl"], float)), key=lambda row: (row["timestamp"], row["id"])
    )
    real = [trade_of(row) for row in closed if not row["virtual_trade"]]
    virtual = [trade_of(row) for row in closed if row["virtual_trade"]]
    still_open = [
        row for row in timed if row["pnl"] is None and row["action"] in {"BUY", "SELL"} and row["entry_price"]
    ]
    put_whole(put, real)
    put_parts(put, real, virtual, still_open)
    put_errors(put, errors)
    put("info", 1, currency="USD", mode="imported", days_a_year="365")
    if equity is not None:
        first = min(row["timestamp"] - (row["trade_duration"] or 0) for row in timed)
        put_account(put, real, still_open, equity, (first, max(row["timestamp"] for row in (*timed, *errors))))
    return series


Put = Callable[..., None]


def trade_of(row: Mapping[str, Any]) -> Trade:
    pnl = row["pnl"]
    names = [name for name in ("confidence_score", "confidence") if name in row]
    confidence = None if row["action"] == "CLOSE" and not row[names[0]] else row[names[0]]
    notional = (row["position_size"] or 0.0) * (row["entry_price"] or 0.0)
    result = 0 if abs(pnl) <= 1e-9 * notional else int(math.copysign(1, pnl)) if pnl else 0
    return Trade(
        time=row["timestamp"],
        agent=(row["agent_id"] or "UNKNOWN").lower() if row["agent_id"] else "UNKNOWN",
        symbol=row["instrument"] or "UNKNOWN",
        timeframe=row["timeframe"] or "UNKNOWN",
        pnl=pnl,
        result=result,
        confidence=confidence,
        duration=row["trade_duration"],
    )


def mean(values: Sequence[float]) -> float | None:
    return statistics.fmean(values) if values else None


def win_rate(trades: Sequence[Trade]) -> float | None:
    return mean([100.0 * (trade.result == 1) for trade in trades])


def longest(trades: Sequence[Trade], result: int) -> int:
    runs = groupby(trade.result for trade in trades if trade.result)
    return max((len(list(run)) for value, run in runs if value == result), default=0)


def put_whole(put: Put, trades: Sequence[Trade]) -> None:
    wins = [trade.pnl for trade in trades if trade.result == 1]
    losses = [trade.pnl for trade in trades if trade.result == -1]
    gains = math.fsum(trade.pnl for trade in trades if trade.pnl > 0)
    pains = -math.fsum(trade.pnl for trade in trades if trade.pnl < 0)
    put("trades_total", len(trades))
    put("trades_winning_total", len(wins))
    put("trades_losing_total", len(losses))
    put("closed_trades", len(trades))
    put("win_rate", win_rate(trades))
    put("pnl_total", math.fsum(trade.pnl for trade in trades))
    put("gross_profit", gains)
    put("gross_loss", pains)
    put("profit_factor", gains / pains if losses else None)
    put("avg_trade_pnl", mean([trade.pnl for trade in trades]))
    put("avg_win", mean(wins))
    put("avg_loss", mean(losses))
    put("largest_win", max(wins, default=None))
    put("largest_loss", min(losses, default=None))
    put("trade_duration_avg_seconds", mean([trade.duration for trade in trades if trade.duration is not None]))
    put("consecutive_wins_max", longest(trades, 1))
    put("consecutive_losses_max", longest(trades, -1))
    put("last_trade_timestamp_seconds", max((trade.time for trade in trades), default=None))
    for name, sign in (("lower", -1), ("upper", 1)):
        put(f"win_rate_{name}_bound_percent", wilson(len(wins), len(trades), sign))


def wilson(wins: int, count: int, sign: int) -> float | None:
    if not count:
        return None
    z, share = statistics.NormalDist().inv_cdf(0.975), wins / count
    centre, half = share + z * z / (2 * count), z * math.sqrt(share * (1 - share) / count + z * z / (4 * count**2))
    return 100 * (centre + sign * half) / (1 + z * z / count)


def divided(trades: Sequence[Trade], name: str) -> Mapping[str, list[Trade]]:
    parts = defaultdict(list)
    for trade in trades:
        parts[getattr(trade, name)].append(trade)
    return parts


def put_parts(
    put: Put, real: Sequence[Trade], virtual: Sequence[Trade], still_open: Sequence[Mapping[str, Any]]
) -> None:
    opened = [row for row in still_open if not row["virtual_trade"]]
    told = [*real, *[trade_of_open(row) for row in opened]]
    for prefix, name, pnl in (
        ("agent", "agent", "pnl_total"),
        ("symbol", "symbol", "pnl"),
        ("timeframe", "timeframe", "pnl"),
    ):
        for value, trades in divided(told, name).items():
            put_part(
                put, f"{prefix}_", pnl, [trade for trade in trades if not math.isnan(trade.pnl)], **{prefix: value}
            )
    put_part(put, "regime_", "pnl", real, regime="UNKNOWN")
    for agent, trades in divided(told, "agent").items():
        closed = [trade for trade in trades if not math.isnan(trade.pnl)]
        put_part(put, "agent_regime_", "pnl", closed, agent=agent, regime="UNKNOWN")
    put_spread(put, "trade_pnl", PNL_BOUNDS, [trade.pnl for trade in real])
    put_spread(put, "trade_duration_seconds", DURATION_BOUNDS, [t.duration for t in real if t.duration is not None])
    put_part(put, "virtual_", "pnl", virtual)
    opened_virtually = [trade_of_open(row) for row in still_open if row["virtual_trade"]]
    for value, trades in divided([*virtual, *opened_virtually], "agent").items():
        put_part(put, "virtual_agent_", "pnl", [trade for trade in trades if not math.isnan(trade.pnl)], agent=value)
    for agent, trades in divided(told, "agent").items():
        put(
            "agent_avg_confidence",
            mean([each.confidence for each in trades if each.confidence is not None and not math.isnan(each.pnl)]),
            agent=agent,
        )
        put("agent_active_positions", sum(math.isnan(each.pnl) for each in trades), agent=agent)
        for symbol, part in divided(trades, "symbol").items():
            results = Counter(trade.result for trade in part if not math.isnan(trade.pnl))
            for outcome, result in (("win", 1), ("loss", -1), ("scratch", 0)):
                put("trades_by_outcome_total", results[result], agent=agent, symbol=symbol, outcome=outcome)


def trade_of_open(row: Mapping[str, Any]) -> Trade:
    """Return an open row as a trade whose P&L is not a number: its groups are there, at 0."""
    return trade_of({**dict(row), "pnl": math.nan, "position_size": 0})._replace(pnl=math.nan)


def put_part(put: Put, prefix: str, pnl: str, trades: Sequence[Trade], **labels: str) -> None:
    put(f"{prefix}trades_total", len(trades), **labels)
    put(f"{prefix}win_rate", win_rate(trades), **labels)
    put(f"{prefix}{pnl}", math.fsum(trade.pnl for trade in trades), **labels)


def put_spread(put: Put, name: str, bounds: Sequence[float], values: Sequence[float]) -> None:
    """Put a histogram; sum and count of what may be negative are not published."""
    for bound in bounds:
        put(f"{name}_bucket", sum(value <= bound for value in values), le=str(float(bound)))
    put(f"{name}_bucket", len(values), le="+Inf")
    if bounds[0] >= 0:
        put(f"{name}_count", len(values))
        put(f"{name}_sum", math.fsum(values))


def put_errors(put: Put, errors: Sequence[Mapping[str, Any]]) -> None:
    severities = {"CRITICAL": "critical", "ERROR": "high", "WARNING": "medium", "INFO": "low", None: "medium"}
    counts = Counter((row["component"] or "unknown", severities[row["severity"]]) for row in errors)
    for component in {component for component, _ in counts}:
        for severity in ("critical", "high", "medium", "low"):
            put("errors_total", counts[component, severity], component=component, severity=severity)


def put_account(
    put: Put, trades: Sequence[Trade], still_open: Sequence[Mapping[str, Any]], start: float, span: tuple[float, float]
) -> None:
    profits = pd.Series(
        [trade.pnl for trade in trades], index=pd.to_datetime([trade.time for trade in trades], unit="s")
    )
    steps = profits.groupby(level=0).sum().cumsum() + start
    curve = np.concatenate([[start], steps.to_numpy()])
    peaks = np.maximum.accumulate(curve)
    days = pd.date_range(day(span[0]), day(span[1]), freq="D")
    ends = steps.groupby(pd.DatetimeIndex(steps.index).floor("D")).last().reindex(days).ffill().fillna(start)
    returns = ends / ends.shift(fill_value=start) - 1
    put("account_balance", curve[-1])
    put("account_equity", curve[-1])
    put("current_drawdown", 100 * (1 - curve[-1] / peaks[-1]))
    put("max_drawdown", 100 * (1 - curve / peaks).max())
    put("recovery_factor", profits.sum() / (peaks - curve).max())
    exposure = sum(row["entry_price"] * row["position_size"] for row in still_open if not row["virtual_trade"])
    put("risk_exposure", 100 * exposure / curve[-1])
    put("daily_returns", len(returns))
    put("ruined", 0)
    put("sharpe_ratio", returns.mean() / returns.std(ddof=1) * math.sqrt(365))
    put("sortino_ratio", returns.mean() / math.sqrt((returns.clip(upper=0) ** 2).mean()) * math.sqrt(365))
    put("probabilistic_sharpe_ratio", probabilistic(returns))
    growth = (curve[-1] / start) ** (365 / len(returns)) - 1
    put("calmar_ratio", growth / (1 - curve / peaks).max())
    returns = returns.tail(365)
    quantile = np.quantile(returns, 0.05)
    put("var_95", max(0.0, -quantile) * curve[-1])
    put("cvar_95", max(0.0, -returns[returns <= quantile].mean()) * curve[-1])


def probabilistic(returns: "pd.Series[float]") -> float:
    """Bailey and López de Prado (2012), equation 11."""
    sharpe = returns.mean() / returns.std(ddof=1)
    skewness, kurtosis = float(str(returns.skew())), float(str(returns.kurt())) + 3  # else typed as any scalar
    deviation = math.sqrt((1 - skewness * sharpe + (kurtosis - 1) / 4 * sharpe**2) / (len(returns) - 1))
    return statistics.NormalDist().cdf(sharpe / deviation)


def day(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC).replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)


# A database with everything in it.


def fill(path: Path, *, confidence: str = "confidence_score", days: int = 60, first: float = START) -> Path:
    """Make a database in the original's schema that a bot has written to for some days."""
    columns = tuple(confidence if name == "confidence_score" else name for name in TRADE_COLUMNS)
    database = Database(path, columns=columns)

    def insert(row: Mapping[str, Any], **changed: Any) -> None:
        cells = {confidence if name == "confidence_score" else name: value for name, value in row.items()}
        database.insert(cells | changed)

    chance = np.random.default_rng(1)
    symbols = ("EURUSD", "EURUSD+", "BTCUSD+", AWKWARD, "XAUUSD+ ", None)
    for number in range(days * 4):
        insert(
            CLOSED,
            timestamp=first + number * DAY / 4 + float(chance.integers(3_000)),
            agent_id=("BERSERKER", "SNIPER", None)[number % 3],
            instrument=symbols[number % len(symbols)],
            timeframe=("M5", "H1", "D1", None)[number % 4],
            action=("BUY", "SELL", "CLOSE", None)[number % 4],
            pnl=0.0 if number % 11 == 5 else round(float(chance.normal(2, 60)), 2),
            trade_duration=None if number % 5 == 2 else float(chance.integers(1, 9_000)),
            virtual_trade=(0, 0, 0, 1, None)[number % 5],
            trade_id=None if number % 4 else f"id-{number}",
            **{confidence: None if number % 7 == 3 else (number % 10) / 10},
        )
    newest = first + days * DAY
    for number, symbol in enumerate(("EURUSD+", "GBPUSD", AWKWARD)):
        insert(OPEN, timestamp=newest + number, instrument=symbol, position_size=0.25)
    insert(OPEN, timestamp=newest, agent_id="SHADOW", virtual_trade=1)
    insert(OPEN, timestamp=newest, entry_price=None)
    insert(OPEN, timestamp=newest, action="HOLD")
    insert(CLOSED, timestamp=None)
    insert(CLOSED, timestamp=newest, pnl="much")
    database.execute("INSERT INTO trade_logs DEFAULT VALUES")
    for severity in ("CRITICAL", "ERROR", "WARNING", "INFO", None):
        database.insert(ERROR, table="error_logs", timestamp=first + DAY, severity=severity)
    database.insert(ERROR, table="error_logs", component=None, timestamp=first + DAY)
    database.insert(ERROR, table="error_logs", timestamp=None)
    database.close()
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a copy of the project with the script, this environment, and the trader's database in it."""
    (tmp_path / SCRIPT).parent.mkdir()
    shutil.copy(ROOT / SCRIPT, tmp_path / SCRIPT)
    (tmp_path / ".venv").symlink_to(sys.prefix)
    return tmp_path


@contextmanager
def writing(path: Path) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(path)
    with connection:
        yield connection
    connection.close()


ACCOUNT = (
    *("account_balance", "account_equity", "current_drawdown", "max_drawdown", "risk_exposure", "var_95", "cvar_95"),
    *("sharpe_ratio", "sortino_ratio", "calmar_ratio", "recovery_factor", "drawdown_duration_seconds"),
    *("probabilistic_sharpe_ratio", "daily_returns", "ruined"),
)


@pytest.mark.parametrize(("confidence", "equity"), [("confidence_score", None), ("confidence", EQUITY)])
def test_every_sample_is_what_the_database_says(folder: Path, confidence: str, equity: float | None) -> None:
    fill(folder / "trading_logs.db", confidence=confidence)
    words = () if equity is None else ("--starting-equity", str(equity))
    with exporting(folder, *words) as bot:
        page = bot.agrees(equity)
        assert differences(bot.openmetrics(), ours(without_clock(page)), amended=False) == {}
    names = {name.removeprefix("velocitytrader_") for name, _ in ours(page)}
    assert names & set(ACCOUNT) == (set() if equity is None else set(ACCOUNT))
    assert "system_status" not in names
    symbols = {dict(labels).get("symbol") for _, labels in page}
    assert {"EURUSD", "EURUSD+", AWKWARD, "UNKNOWN"} <= symbols


def without_clock(page: Series) -> Series:
    return {key: value for key, value in page.items() if key[0] not in CLOCK}


def test_what_is_written_while_it_runs_is_seen_and_counters_never_go_down(folder: Path) -> None:
    path = fill(folder / "trading_logs.db", days=30)
    words = ("--starting-equity", str(EQUITY))
    with exporting(folder, *words) as bot:
        first = bot.agrees(EQUITY)
        with writing(path) as bots:
            bots.execute(
                "INSERT INTO trade_logs (timestamp, agent_id, instrument, timeframe, action, entry_price, "
                "position_size, pnl, trade_duration, virtual_trade) "
                "VALUES (?, 'SNIPER', 'EURUSD', 'M5', 'BUY', 1.1, 0.5, 25.5, 60, 0)",
                (START + 31 * DAY,),
            )
            error = "INSERT INTO error_logs (timestamp, severity) VALUES (?, 'ERROR')"
            bots.execute(error, (START + 31 * DAY,))
        inserted = bot.agrees(EQUITY)
        assert never_down(first, inserted)
        with writing(path) as bots:
            bots.execute("UPDATE trade_logs SET pnl = pnl + 100 WHERE pnl IS NOT NULL AND id % 20 = 3")
            bots.execute("DELETE FROM trade_logs WHERE id IN (10, 20, 30)")
        changed = bot.agrees(EQUITY, amended=True)
        assert never_down(inserted, changed)
        assert own(changed, "tradewatch_refolds_total") != 0
    with exporting(folder, *words) as bot:
        again = bot.agrees(EQUITY, amended=True)
        assert {key: value for key, value in ours(again).items() if is_counter(key[0])} == {
            key: value for key, value in ours(changed).items() if is_counter(key[0])
        }


def test_the_file_may_be_truncated_missing_replaced_and_back_again(folder: Path) -> None:
    path = fill(folder / "trading_logs.db", days=30)
    with exporting(folder, "--starting-equity", str(EQUITY)) as bot:
        before = bot.agrees(EQUITY)
        kept = shutil.copy(path, folder / "kept.db")
        for spoil in (path.unlink, lambda: path.write_bytes(path.read_bytes()[:5000]), lambda: path.write_text("")):
            spoil()
            down = bot.becomes(lambda page: own(page, "tradewatch_source_up") == 0)
            assert own(down, "tradewatch_ready") == 1
            assert never_down(before, down)
            assert down["velocitytrader_pnl_total", frozenset()] == before["velocitytrader_pnl_total", frozenset()]
            assert ("velocitytrader_account_balance", frozenset()) not in down
            shutil.copy(kept, folder / "copy.db")
            (folder / "copy.db").replace(path)
            assert never_down(before, bot.agrees(EQUITY))
        fill(folder / "other.db", days=40, first=START + 100 * DAY).replace(path)
        bot.agrees(EQUITY)


def test_the_starting_equity_may_be_told_later(folder: Path) -> None:
    fill(folder / "trading_logs.db", days=30)
    with exporting(folder) as bot:
        bot.agrees()
    with exporting(folder, "--starting-equity", str(EQUITY)) as bot:
        bot.agrees(EQUITY)


def test_an_exporter_that_is_killed_in_the_middle_goes_on_where_it_was(folder: Path) -> None:
    fill(folder / "trading_logs.db", days=1_500, first=START - 1_500 * DAY)
    words = ("--starting-equity", str(EQUITY))
    for _ in range(2):
        with exporting(folder, *words) as bot:
            assert wait_until(lambda: any((folder / ".tradewatch").rglob("*.db")), seconds=SECONDS)
            bot.process.kill()
            bot.process.wait()
    with exporting(folder, *words) as bot:
        page = bot.agrees(EQUITY)
        assert page["velocitytrader_trades_total", frozenset()] == page["velocitytrader_closed_trades", frozenset()]
