"""A ledger that is locked, full, read-only, missing, deleted or replaced: the bot trades on, no loss goes unsaid."""

import shutil
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from tests.support import bots
from tests.support.disasters import DISASTERS
from tests.support.ledgers import bodies, kinds, losses, rows
from tests.support.patience import SECONDS
from tradewatch import Recorder
from tradewatch.exporter import Format, Service
from tradewatch.recorder import committer
from tradewatch.stack.waiting import wait_until

SLOWEST_SECONDS = 20.0
"""Far above what a busy machine does to a call, far below what a disk here keeps the writer waiting."""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "bot.db"


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Keep everybody else from writing a ledger."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("BEGIN EXCLUSIVE")
        yield
        connection.execute("ROLLBACK")


class Bot:
    """Tells numbered facts, and knows how long the slowest call took."""

    def __init__(self, path: Path, capacity: int = 100_000) -> None:
        self.path = path
        self.record = Recorder(path, mode="paper", capacity=capacity)
        self.told = 0
        self.slowest = 0.0

    def trade(self, count: int = 100) -> None:
        """Tell so many facts."""
        for _ in range(count):
            self.told += 1
            began = time.perf_counter()
            self.record.error_occurred(component="feed", type="timeout", message=str(self.told))
            self.slowest = max(self.slowest, time.perf_counter() - began)

    @property
    def written(self) -> list[int]:
        """The numbers in the ledger, in its order."""
        return [int(body["message"]) for body in bodies(self.path, "error_occurred")]

    def everything_is_written_once(self, after: int = 0) -> bool:
        """Wait for the ledger; whether all is there that was told after a number, in order."""
        return self.record.flush(SECONDS) and self.written == list(range(after + 1, self.told + 1))


@pytest.fixture
def bot(path: Path) -> Iterator[Bot]:
    bot = Bot(path)
    yield bot
    bot.record.close()
    assert bot.record.refused == bot.record.dropped == {}
    assert bot.slowest < SLOWEST_SECONDS


def has_said(caplog: pytest.LogCaptureFixture, words: str) -> bool:
    """Wait until the recorder has said why it cannot write: then it has tried."""
    return wait_until(lambda: any(words in message for message in caplog.messages), seconds=SECONDS)


def test_a_locked_ledger_gets_all_facts_when_it_is_free_again(
    path: Path, bot: Bot, caplog: pytest.LogCaptureFixture
) -> None:
    assert bot.record.flush(SECONDS)
    with locked(path):
        bot.trade()
        assert has_said(caplog, "is locked by another program")
        bot.trade()
        assert not bot.record.flush(0.01)
        assert bot.written == []
    assert bot.everything_is_written_once()


def test_no_call_waits_as_long_as_the_disk_does(path: Path, bot: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(committer, "BUSY_SECONDS", SECONDS)
    assert bot.record.flush(SECONDS)
    with locked(path):
        bot.trade(10_000)
    assert bot.everything_is_written_once()


def test_what_finds_no_room_is_counted_here_in_the_ledger_and_on_the_page(path: Path) -> None:
    bot = Bot(path, capacity=500)
    assert bot.record.flush(SECONDS)
    with locked(path):
        for _ in range(20):
            bot.record.equity_marked(equity=1_000.0)
            bot.trade(100)
        assert not bot.record.flush(0.01)
    assert wait_until(bot.record.flush, seconds=SECONDS)
    dropped = bot.record.dropped
    assert dropped == {("equity_marked", "queue_full"): 20, ("error_occurred", "queue_full"): 1_500}
    assert losses(path, "facts_dropped") == dropped
    assert bot.written == list(range(1, 501))
    service = Service(path)
    page = service.page(Format.TEXT).decode()
    service.close()
    for (kind, reason), count in dropped.items():
        assert f'tradewatch_facts_dropped_total{{kind="{kind}",reason="{reason}"}} {count}' in page
    bot.record.close()


def test_a_missing_folder_may_come_later(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    bot = Bot(tmp_path / "missing" / "folder" / "bot.db")
    bot.trade()
    assert has_said(caplog, "cannot be opened")
    bot.path.parent.mkdir(parents=True)
    assert bot.everything_is_written_once()
    assert kinds(bot.path)[0] == "run_started"
    bot.record.close()


def test_a_path_below_a_file_may_become_a_folder(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "file").write_text("no folder")
    bot = Bot(tmp_path / "file" / "bot.db")
    bot.trade()
    assert has_said(caplog, "cannot be opened")
    (tmp_path / "file").unlink()
    (tmp_path / "file").mkdir()
    assert bot.everything_is_written_once()
    bot.record.close()


def _delete_the_main_file(path: Path) -> None:
    path.unlink()


def _delete_all_files(path: Path) -> None:
    for file in sorted(path.parent.glob("bot.db*")):
        file.unlink()


def _delete_all_files_the_log_first(path: Path) -> None:
    for file in sorted(path.parent.glob("bot.db*"), reverse=True):
        file.unlink()


def _move_it_away(path: Path) -> None:
    path.rename(path.with_name("archive.db"))


@pytest.mark.parametrize(
    "vanish", [_delete_the_main_file, _delete_all_files, _delete_all_files_the_log_first, _move_it_away]
)
@pytest.mark.parametrize("followed", [False, True])
def test_a_ledger_that_vanishes_is_made_anew_and_begins_with_the_start_of_the_run(
    path: Path, bot: Bot, vanish: Callable[[Path], None], *, followed: bool
) -> None:
    bot.trade()
    assert bot.record.flush(SECONDS)
    service = Service(path)
    if followed:
        service.page(Format.TEXT)
    vanish(path)
    bot.trade()
    assert bot.everything_is_written_once(after=100)
    assert kinds(path)[0] == "run_started"
    assert 'tradewatch_facts_total{kind="error_occurred"} 100' in service.page(Format.TEXT).decode()
    assert service.problem is None
    service.close()


def test_a_ledger_that_is_moved_away_keeps_what_was_acknowledged(path: Path, bot: Bot) -> None:
    bot.trade()
    assert bot.record.flush(SECONDS)
    _move_it_away(path)
    bot.trade()
    assert bot.everything_is_written_once(after=100)
    assert [int(body["message"]) for body in bodies(path.with_name("archive.db"), "error_occurred")] == list(
        range(1, 101)
    )


def test_a_deleted_log_costs_nothing(path: Path, bot: Bot) -> None:
    bot.trade()
    assert bot.record.flush(SECONDS)
    path.with_name("bot.db-wal").unlink()
    bot.trade()
    assert bot.everything_is_written_once()


def test_a_folder_that_is_deleted_may_come_back(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "folder").mkdir()
    bot = Bot(tmp_path / "folder" / "bot.db")
    assert bot.record.flush(SECONDS)
    shutil.rmtree(tmp_path / "folder")
    bot.trade()
    assert has_said(caplog, "cannot be opened")
    (tmp_path / "folder").mkdir()
    assert bot.everything_is_written_once()
    bot.record.close()


def test_a_ledger_that_is_archived_again_and_again_loses_nothing(path: Path, bot: Bot) -> None:
    """A fact may be in two files, when the first was moved while it was written; in each it is once."""
    for number in range(20):
        bot.trade(number * 7)
        if number % 3:
            assert bot.record.flush(SECONDS)
        assert wait_until(path.exists, seconds=SECONDS)
        path.rename(path.with_name(f"archive-{number}.db"))
    assert bot.record.flush(SECONDS)
    seen: set[int] = set()
    for file in [*path.parent.glob("archive-*.db"), path]:
        numbers = _told_in(file)
        assert numbers == sorted(set(numbers))
        seen.update(numbers)
    assert seen == set(range(1, bot.told + 1))


def _told_in(file: Path) -> list[int]:
    with closing(sqlite3.connect(file)) as connection:
        if not connection.execute("SELECT * FROM sqlite_schema").fetchone():
            return []  # moved in the moment between its making and its first commit
    return [int(body["message"]) for body in bodies(file, "error_occurred")]


def _another_applications_database(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE precious (x)")
        connection.executemany("INSERT INTO precious VALUES (?)", [(number,) for number in range(1_000)])
        connection.commit()


def _a_text(path: Path) -> None:
    path.write_text("dear diary\n" * 1_000)


@pytest.mark.parametrize(
    ("make", "words"),
    [(_another_applications_database, "another application's SQLite database"), (_a_text, "not a SQLite database")],
)
def test_what_takes_the_ledgers_place_is_left_alone_until_it_is_gone(
    path: Path, bot: Bot, caplog: pytest.LogCaptureFixture, make: Callable[[Path], None], words: str
) -> None:
    bot.trade()
    assert bot.record.flush(SECONDS)
    make(path.with_name("other"))
    content = path.with_name("other").read_bytes()
    path.with_name("other").rename(path)
    bot.trade()
    assert has_said(caplog, words)
    bot.trade()
    assert path.read_bytes() == content
    path.unlink()
    assert bot.everything_is_written_once(after=100)
    assert kinds(path)[0] == "run_started"


def test_another_ledger_that_takes_its_place_is_gone_on_with(path: Path, bot: Bot) -> None:
    bot.trade()
    assert bot.record.flush(SECONDS)
    with Recorder(path.with_name("other.db"), run_id="another") as other:
        other.heartbeat(interval=1.0)
    path.with_name("other.db").rename(path)
    bot.trade()
    assert bot.everything_is_written_once(after=100)
    assert [row.kind for row in rows(path)][:4] == ["run_started", "heartbeat", "run_ended", "run_started"]


def _user_mounts() -> Sequence[str]:
    """Return what runs a command where it may mount file systems of its own, nothing where that is not allowed."""
    prefix = ("unshare", "--map-root-user", "--mount")
    probe = [*prefix, "mount", "-t", "tmpfs", "none", tempfile.gettempdir()]
    return (
        prefix
        if shutil.which("unshare") and subprocess.run(probe, capture_output=True, check=False).returncode == 0
        else ()
    )


@pytest.mark.parametrize("disaster", DISASTERS)
def test_a_disk_that_refuses_costs_nothing_when_it_is_mended(disaster: str) -> None:
    prefix = _user_mounts() if DISASTERS[disaster].mounts else ()
    if DISASTERS[disaster].mounts and not prefix:
        pytest.skip("this user may not mount file systems")
    with tempfile.TemporaryDirectory() as folder:  # not pytest's: it keeps other users out
        (end,) = bots.run("disasters.endure", disaster, folder, prefix=prefix)
    assert DISASTERS[disaster].words in end["said"]
    assert end["written"] == list(range(1, end["told"] + 1))
    assert end["kinds"][0] == "run_started"
    assert end["lost"] == {}
    assert end["slowest"] < SLOWEST_SECONDS


def test_memory_is_bounded_while_the_ledger_cannot_be_written(tmp_path: Path) -> None:
    (end,) = bots.run("disasters.hoard", tmp_path / "missing" / "bot.db")
    assert end["told"] == end["dropped"] + end["waiting"]
    assert end["grown"] < 20_000_000
