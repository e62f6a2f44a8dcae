"""How late the 5 ms ticks of a trading loop are beside 10,000 series, beside no exporter and the client library."""

from collections.abc import Iterator
from statistics import median

from benchmarks.apparatus.histories import Histories
from benchmarks.apparatus.results import Beside, Row, compared
from benchmarks.apparatus.ticking import SERVERS, Ticked, ticked
from benchmarks.apparatus.trades import TEN_THOUSAND_SERIES

ROUNDS = 3
SECONDS = 6.0

_TRADES = 20_000
_LIMIT = 1.3


def rows(histories: Histories, rounds: int = ROUNDS, seconds: float = SECONDS) -> Iterator[Row]:
    """Yield the 99th percentile of lateness."""
    ledger = histories.ledger(_TRADES, TEN_THOUSAND_SERIES)
    turns = [{name: ticked(name, seconds, ledger) for name in SERVERS} for _ in range(rounds)]
    ours, alone, client = (_median([turn[name] for turn in turns]) for name in ("tradewatch", "alone", "client"))
    yield compared(
        f"lateness of a tick, p99, {turns[0]['tradewatch'].samples:,} samples",
        ours,
        peer=Beside("client library", client),
        floor=Beside("no exporter", alone),
        target=f"<= {_LIMIT} x no exporter",
        met=ours <= _LIMIT * alone,
    )


def _median(turns: list[Ticked]) -> float:
    return median(turn.lateness for turn in turns)
