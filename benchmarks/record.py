"""Recording a fact: what a call costs the bot's thread at a realistic pace, and when the fact is acknowledged."""

import os
import random
import resource
import tempfile
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from tradewatch import Recorder
from tradewatch.facts import Direction, TradeClosed
from tradewatch.ledger import Durability, SqliteReader

_PACE_SECONDS = 0.001
_CALLS = 5_000
_ACKNOWLEDGED = 200
_PROMISE_SECONDS = 0.25
_WAITING = 100_000


def main() -> None:
    """Print the cost of a call, quiet and busy, the time to an acknowledgement, and the memory of what waits."""
    _costs_of_a_call()
    for durability in Durability:
        _time_to_acknowledgement(durability)
    _memory_of_what_waits()


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


def _costs_of_a_call() -> None:
    floor: deque[object] = deque()
    with _recorder() as (record, _):
        calls: dict[str, Callable[[str], object]] = {
            "the clock and the fact alone": lambda name: floor.append((datetime.now(UTC), _trade(name, TradeClosed))),
            "record.trade_closed": lambda name: _trade(name, record.trade_closed),
            "record.heartbeat": lambda _: record.heartbeat(interval=60.0),
        }
        print(f"a call every {_PACE_SECONDS * 1e3:.0f} ms, commits under way meanwhile:")
        _print_costs(calls, _paced)
        print("calls without a pause:")
        _print_costs(calls, lambda call: [_seconds(call, f"{time.monotonic_ns()}") for _ in range(_CALLS)])


def _print_costs(
    calls: dict[str, Callable[[str], object]], measure: Callable[[Callable[[str], object]], list[float]]
) -> None:
    base: float | None = None
    for name, call in calls.items():
        seconds = sorted(measure(call))
        p50, p99, most = (seconds[int(len(seconds) * share)] * 1e6 for share in (0.5, 0.99, 0.9999))
        base = base or p50
        print(f"  {name:30} p50 {p50:6.1f} µs ({p50 / base:.1f} x)   p99 {p99:6.1f} µs   most {most:7.1f} µs")


def _paced(call: Callable[[str], object]) -> list[float]:
    seconds, due = [], time.perf_counter()
    for number in range(_CALLS):
        seconds.append(_seconds(call, f"paced {number} {due}"))
        due += _PACE_SECONDS
        time.sleep(max(0.0, due - time.perf_counter()))
    return seconds


def _seconds(call: Callable[[str], object], name: str) -> float:
    began = time.perf_counter()
    call(name)
    return time.perf_counter() - began


def _time_to_acknowledgement(durability: Durability) -> None:
    """Tell single facts at random moments, and look until another connection sees them."""
    chance = random.Random(7)  # noqa: S311 - chance, not a secret
    with _recorder(durability) as (record, path), closing(SqliteReader(path)) as reader:
        alone, flushed = [], []
        for _ in range(_ACKNOWLEDGED):
            time.sleep(chance.uniform(0, 0.06))
            last, began = reader.last_sequence(), time.perf_counter()
            record.heartbeat(interval=60.0)
            while reader.last_sequence() == last:
                time.sleep(0.0005)
            alone.append(time.perf_counter() - began)
            record.heartbeat(interval=60.0)
            flushed.append(_seconds(lambda _: record.flush(), ""))
    in_time = sum(each <= _PROMISE_SECONDS for each in alone) / len(alone)
    print(
        f"acknowledged, durability {durability.value}: by itself p50 {_share(alone, 0.5):.0f} ms, "
        f"p99 {_share(alone, 0.99):.0f} ms, {in_time:.1%} within {_PROMISE_SECONDS * 1e3:.0f} ms; "
        f"by flush p50 {_share(flushed, 0.5):.1f} ms, p99 {_share(flushed, 0.99):.1f} ms"
    )


def _share(seconds: list[float], share: float) -> float:
    return sorted(seconds)[int(len(seconds) * share)] * 1e3


def _memory_of_what_waits() -> None:
    """Fork a bot whose ledger cannot be written, so that its memory is not mixed with what was measured before."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.write(writing, f"{_memory_of(_WAITING)}".encode())
        os._exit(0)
    os.waitpid(pid, 0)
    grown = int(os.read(reading, 99))
    print(f"{_WAITING:,} trades that wait: {grown / 1e6:.0f} MB")


def _memory_of(waiting: int) -> int:
    record = Recorder("/dev/null/no folder/bot.db", capacity=waiting)
    before = _resident_bytes()
    for number in range(waiting):
        _trade(f"{number}", record.trade_closed)
    return _resident_bytes() - before


def _resident_bytes() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()
