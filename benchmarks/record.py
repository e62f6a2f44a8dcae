"""Recording a fact: what a call costs the bot's thread at a realistic pace, and when the fact is acknowledged."""

import random
import resource
import subprocess
import sys
import tempfile
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from benchmarks.apparatus.histories import Histories
from benchmarks.apparatus.results import Beside, Row, compared, duration, megabytes
from benchmarks.apparatus.timing import seconds, share
from tradewatch import Recorder
from tradewatch.facts import Direction, TradeClosed
from tradewatch.ledger import Durability, SqliteReader

CALLS = 5_000
ACKNOWLEDGED = 200
WAITING = 100_000

_PACE_SECONDS = 0.001
_LIMIT_SECONDS = 20e-6
_PROMISE_SECONDS = 0.25
_PROMISED = 0.99

_Call = Callable[[str], object]


def rows(
    _histories: Histories, calls: int = CALLS, acknowledged: int = ACKNOWLEDGED, waiting: int = WAITING
) -> Iterator[Row]:
    """Yield the cost of a call, quiet and busy, the time to an acknowledgement, and the memory of what waits."""
    yield from _costs_of_a_call(calls)
    for durability in Durability:
        yield _time_to_acknowledgement(durability, acknowledged)
    yield Row(f"memory of {waiting:,} trades that wait", megabytes(_memory_of_what_waits(waiting)))


@contextmanager
def _recorder(durability: Durability = Durability.PROCESS) -> Iterator[tuple[Recorder, Path]]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "bot.db")
        with Recorder(path, mode="paper", durability=durability) as record:
            record.flush()
            yield record, path


def _trade(name: str, told: Callable[..., object]) -> object:
    return told(
        trade_id=name,
        asset="BTC-USD",
        direction=Direction.BUY,
        quantity=0.5,
        entry_price=100.0,
        exit_price=104.0,
        fees=0.2,
        strategy="trend",
    )


def _costs_of_a_call(calls: int) -> Iterator[Row]:
    """Yield the cost of a call every millisecond, commits under way meanwhile, and of calls without a pause."""
    floor: deque[object] = deque()
    with _recorder() as (record, _):
        alone: _Call = lambda name: floor.append((datetime.now(UTC), _trade(name, TradeClosed)))  # noqa: E731 - beside the others
        told: dict[str, _Call] = {
            "record.trade_closed": lambda name: _trade(name, record.trade_closed),
            "record.heartbeat": lambda _: record.heartbeat(interval=60.0),
        }
        for pace, measure in (("a call a millisecond", _paced), ("no pause", _without_pause)):
            least = measure(alone, calls)
            for name, call in told.items():
                yield _cost(f"{name}, {pace}", measure(call, calls), least)


def _cost(what: str, taken: list[float], least: list[float]) -> Row:
    p99 = share(taken, 0.99)
    print(f"  {what}: p50 {duration(share(taken, 0.5))}, most {duration(share(taken, 0.9999))}")
    floor = Beside("clock and fact", share(least, 0.99))
    return compared(f"{what}, p99", p99, floor=floor, target="<= 20 µs", met=p99 <= _LIMIT_SECONDS)


def _paced(call: _Call, calls: int) -> list[float]:
    taken, due = [], time.perf_counter()
    for number in range(calls):
        taken.append(seconds(partial(call, f"paced {number} {due}")))
        due += _PACE_SECONDS
        time.sleep(max(0.0, due - time.perf_counter()))
    return taken


def _without_pause(call: _Call, calls: int) -> list[float]:
    return [seconds(partial(call, f"{time.monotonic_ns()}")) for _ in range(calls)]


def _time_to_acknowledgement(durability: Durability, facts: int) -> Row:
    """Tell single facts at random moments, and look until another connection sees them."""
    chance = random.Random(7)  # noqa: S311 - chance, not a secret
    with _recorder(durability) as (record, path), closing(SqliteReader(path)) as reader:
        alone, flushed = [], []
        for _ in range(facts):
            time.sleep(chance.uniform(0, 0.06))
            alone.append(seconds(partial(_seen, record, reader)))
            record.heartbeat(interval=60.0)
            flushed.append(seconds(record.flush))
    in_time = sum(each <= _PROMISE_SECONDS for each in alone) / len(alone)
    return Row(
        f"acknowledged within 250 ms, durability {durability.value}",
        f"{in_time:.1%}, p99 {duration(share(alone, 0.99))}",
        peer=f"flush p99 {duration(share(flushed, 0.99))}",
        target=f">= {_PROMISED:.0%}",
        met=in_time >= _PROMISED,
    )


def _seen(record: Recorder, reader: SqliteReader) -> None:
    """Tell a fact, and wait until another connection sees it."""
    last = reader.last_sequence()
    record.heartbeat(interval=60.0)
    while reader.last_sequence() == last:
        time.sleep(0.0005)


def _memory_of_what_waits(waiting: int) -> int:
    """Let a bot of its own tell, so that its memory is not mixed with what was measured before."""
    memory = f"import benchmarks.record; print(benchmarks.record.memory_of({waiting}), flush=True)"
    program = f"import os; {memory}; os._exit(0)"
    answer = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)  # noqa: S603 - ourselves
    return int(answer.stdout)


def memory_of(waiting: int) -> int:
    """Return by how many bytes a process grows whose trades wait for a ledger that cannot be written."""
    record = Recorder("/dev/null/no folder/bot.db", capacity=waiting)
    before = _resident_bytes()
    for number in range(waiting):
        _trade(f"{number}", record.trade_closed)
    return _resident_bytes() - before


def _resident_bytes() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()
