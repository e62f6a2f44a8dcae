"""kill -9 at 200 random moments: what was acknowledged is there, once, and the metrics are those of a new start."""

import json
import random
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from statistics import quantiles
from typing import NamedTuple

from tests.support import bots
from tests.support.bots import Told
from tests.support.patience import SECONDS
from tradewatch.exporter import AsOf, Format, Service
from tradewatch.ledger import SqliteReader
from tradewatch.stack.waiting import wait_until

LEDGERS = 4
ROUNDS = 50
"""Bots killed on each ledger, all ledgers at a time."""

PROMISE_SECONDS = 0.25
PROMISED_SHARE = 0.99

ITS_OWN = (
    "tradewatch_scrape_duration_seconds",
    "tradewatch_refolds_total",
    "tradewatch_facts_late_total",
    "process_",
)
"""What an exporter says about its own process, which a new one cannot know."""


class Slot(NamedTuple):
    """A ledger, what follows it, and the process that starts and kills bots on it."""

    ledger: Path
    service: Service
    killer: "subprocess.Popen[bytes]"
    output: Path

    def is_over(self) -> bool:
        """Scrape once more, and say whether the last bot is dead."""
        self.service.page(Format.TEXT)
        return self.killer.poll() is not None

    def told(self) -> list[Told]:
        assert self.killer.returncode == 0, self.output.with_suffix(".err").read_text()
        return [Told(**json.loads(line)) for line in self.output.read_text().splitlines()]

    def written(self) -> dict[str, list[int]]:
        """Return the numbers of each run's facts in the order of the ledger."""
        runs: dict[str, list[int]] = {}
        with closing(SqliteReader(self.ledger)) as reader:
            for row in reader.all_rows("bot"):
                body = json.loads(row.body)
                if row.kind == "run_started":
                    runs[body["run_id"]] = []
                elif (number := bots.number_of(body)) is not None:
                    list(runs.values())[-1].append(number)
        return runs


@contextmanager
def _slot(folder: Path, seed: int) -> Iterator[Slot]:
    folder.mkdir()
    ledger, output = folder / "bot.db", folder / "told.json"
    service = Service(ledger, as_of=AsOf.LAST)
    with output.open("wb") as out, output.with_suffix(".err").open("wb") as err, closing(service):
        killer = subprocess.Popen(
            bots.command("bots.kill_bots", ledger, ROUNDS, seed), cwd=bots.ROOT, stdout=out, stderr=err
        )
        try:
            yield Slot(ledger, service, killer, output)
        finally:
            killer.kill()
            killer.wait()


def _page(service: Service) -> list[str]:
    assert wait_until(service.refresh, seconds=SECONDS)
    return [line for line in service.page(Format.TEXT).decode().splitlines() if not line.startswith(ITS_OWN)]


def test_no_kill_loses_what_was_acknowledged(tmp_path: Path) -> None:
    seed = random.SystemRandom().getrandbits(32)
    with ExitStack() as stack:
        slots = [stack.enter_context(_slot(tmp_path / str(number), seed + number)) for number in range(LEDGERS)]
        assert wait_until(lambda: all([slot.is_over() for slot in slots]), seconds=SECONDS)  # noqa: C419 - scrape each
        for slot in slots:
            _check(slot, seed)
        _check_the_promise(slots, seed)


def _check(slot: Slot, seed: int) -> None:
    written = slot.written()
    for told in slot.told():
        numbers = written.get(told.run_id, [])
        assert numbers == list(range(1, len(numbers) + 1)), (
            f"{told.run_id} has holes, repetitions or disorder ({seed=})"
        )
        assert len(numbers) >= told.flushed, f"{told.run_id} lost acknowledged facts ({seed=})"
    with closing(Service(slot.ledger, as_of=AsOf.LAST)) as new:
        assert _page(slot.service) == _page(new), f"seed={seed}"
    assert slot.service.problem is None


def _check_the_promise(slots: list[Slot], seed: int) -> None:
    """Nearly all of what was told 250 ms before a kill is there; the machine's own lateness is not the recorder's."""
    judged = lost = in_flush = 0
    lateness = []
    for slot in slots:
        written = slot.written()
        for told in slot.told():
            kept = len(written.get(told.run_id, []))
            deadline = told.killed - PROMISE_SECONDS - told.lateness
            promised = sum(moment <= deadline for moment in told.times)
            judged, lost, in_flush = judged + promised, lost + max(0, promised - kept), in_flush + told.in_flush
            lateness.append(told.lateness)
    print(  # noqa: T201 - shown with -s, and when the test fails
        f"{seed=}: {len(lateness)} kills, {in_flush} inside a flush; of {judged} facts told in time {lost} were lost; "
        f"waits were late by {quantiles(lateness)[1] * 1000:.0f} ms (median), {max(lateness) * 1000:.0f} ms (most)"
    )
    assert in_flush > 0
    assert judged > 1_000
    assert lost <= (1 - PROMISED_SHARE) * judged
