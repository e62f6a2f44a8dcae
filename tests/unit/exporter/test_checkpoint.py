"""A checkpoint saves time; whatever becomes of it, the numbers are right."""

import json
import logging
import os
import re
import shutil
import signal
import stat
import tempfile
from collections.abc import Callable, Iterator, Sequence
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import tradewatch
from tests.support import bots
from tests.support.books import ledger_of
from tests.support.facts import at, closed, opened, started
from tests.support.pages import Series, parsed
from tradewatch.book import Book, ProfitSource, Snapshots
from tradewatch.exporter import AsOf, Format, Service
from tradewatch.exporter.checkpoint import Checkpoint
from tradewatch.facts import Entry, Fact, TradeCorrected, TradeVoided

TOLD = 60


class Desk:
    """A ledger, a folder of checkpoints, and how many facts were folded since it was last asked."""

    def __init__(self, folder: Path) -> None:
        self.ledger = folder / "bot.db"
        self.state = folder / "state"
        self.folded = 0

    @property
    def checkpoint(self) -> Path:
        """The only checkpoint that there is."""
        (found,) = (self.state / "checkpoints").glob("*.checkpoint")
        return found

    @property
    def aside(self) -> Path:
        return self.checkpoint.with_suffix(".set-aside")

    def run(self, *, profit: ProfitSource = ProfitSource.REPORTED) -> Series:
        """Start an exporter, scrape it and stop it; return the system's samples."""
        self.folded = 0
        service = Service(self.ledger, as_of=AsOf.LAST, profit=profit, state=self.state)
        try:
            while not service.refresh():
                assert service.problem is None
            return numbers(service)
        finally:
            service.close()

    def truth(self) -> Series:
        """Return what an exporter without checkpoints says."""
        folded = self.folded
        service = Service(self.ledger, as_of=AsOf.LAST)
        try:
            return numbers(service)
        finally:
            service.close()
            self.folded = folded

    def tell(self, *entries: Entry) -> None:
        ledger_of(self.ledger, entries)


def numbers(service: Service) -> Series:
    page = parsed(service.page(Format.TEXT), Format.TEXT)
    return {key: value for key, value in page.items() if key[0].startswith("bot_")}


def trade(number: int) -> Entry:
    return at(100 * number, closed(f"t{number}", pnl=float(number % 7 - 3), asset=("BTC", "ETH")[number % 2]))


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    made = Desk(tmp_path)
    fold, close_many = Book.fold, Book.close_many

    def counted(book: Book, entry: Entry) -> None:
        made.folded += 1
        fold(book, entry)

    def counted_closings(book: Book, times: Sequence[float], facts: Sequence[Fact]) -> bool:
        is_taken = close_many(book, times, facts)
        made.folded += is_taken * len(facts)
        return is_taken

    monkeypatch.setattr(Book, "fold", counted)
    monkeypatch.setattr(Book, "close_many", counted_closings)
    made.tell(at(0, started(1000.0)), *map(trade, range(1, TOLD)))
    return made


@pytest.fixture
def warnings(caplog: pytest.LogCaptureFixture) -> Callable[[], list[str]]:
    """Return what brings the warnings that were logged since it was last asked."""

    def take() -> list[str]:
        found = [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]
        caplog.clear()
        return found

    return take


Warnings = Callable[[], list[str]]


def test_a_restart_folds_nothing_again(desk: Desk, warnings: Warnings) -> None:
    first = desk.run()
    assert desk.folded == TOLD
    assert desk.run() == first == desk.truth()
    assert desk.folded == 0
    assert warnings() == []


def test_a_restart_folds_only_what_is_new(desk: Desk) -> None:
    desk.run()
    desk.tell(*map(trade, range(TOLD, TOLD + 5)))
    assert desk.run() == desk.truth()
    assert desk.folded == 5


def test_facts_of_the_instant_that_was_newest_are_not_lost(desk: Desk) -> None:
    desk.run()
    newest = trade(TOLD - 1).time
    desk.tell(trade(TOLD)._replace(time=newest))
    assert desk.run() == desk.truth()


def test_trades_that_were_open_are_closed_after_a_restart(desk: Desk) -> None:
    desk.tell(at(10_000, opened("open", asset="SOL")), at(10_001, opened("other")))
    desk.run()
    desk.tell(at(10_002, closed("open", pnl=5.0, asset="SOL")))
    assert desk.run() == desk.truth()
    assert desk.folded == 1


@pytest.mark.parametrize(
    "told_meanwhile",
    [
        at(150, closed("late", pnl=-2.0)),
        at(9_999, TradeVoided(trade_id="t3", reason="never was")),
        at(200, TradeCorrected(trade_id="t2", revision=1, replacement=closed("t2", pnl=9.0), reason="wrong")),
        at(9_999, TradeVoided(trade_id=f"t{TOLD - 1}", reason="never was")),
    ],
    ids=["late", "voided", "corrected", "newest voided"],
)
def test_what_changes_the_past_while_nobody_follows_is_folded_all_the_same(desk: Desk, told_meanwhile: Entry) -> None:
    desk.run()
    desk.tell(told_meanwhile)
    assert desk.run() == desk.truth()
    assert desk.run() == desk.truth()
    assert desk.folded == 0


def test_only_its_owner_may_read_it(desk: Desk) -> None:
    before = os.umask(0)
    try:
        desk.run()
    finally:
        os.umask(before)
    assert stat.S_IMODE(desk.checkpoint.stat().st_mode) == 0o600
    assert stat.S_IMODE(desk.checkpoint.parent.stat().st_mode) == 0o700


def test_what_a_killed_process_left_does_not_decide_who_may_read_it(desk: Desk) -> None:
    desk.run()
    left = desk.checkpoint.with_suffix(".new")
    left.write_bytes(b"half a checkpoint")
    left.chmod(0o666)
    desk.tell(trade(TOLD))
    desk.run()
    assert stat.S_IMODE(desk.checkpoint.stat().st_mode) == 0o600
    assert not left.exists()


def test_checkpoints_of_both_kinds_of_profit_are_kept_apart(desk: Desk, warnings: Warnings) -> None:
    desk.run()
    desk.run(profit=ProfitSource.RECOMPUTED)
    assert desk.folded == TOLD
    assert desk.run() == desk.truth()
    assert desk.folded == 0
    assert warnings() == []


def flipped(part: float) -> Callable[[bytes], bytes]:
    def flip(data: bytes) -> bytes:
        place = min(int(len(data) * part), len(data) - 1)
        return data[:place] + bytes([data[place] ^ 0x20]) + data[place + 1 :]

    return flip


def with_header(**changed: str) -> Callable[[bytes], bytes]:
    def change(data: bytes) -> bytes:
        first, header, content = data.split(b"\n", 2)
        return b"\n".join([first, json.dumps(json.loads(header) | changed).encode(), content])

    return change


def with_content(make: Callable[[bytes], bytes]) -> Callable[[bytes], bytes]:
    """Return what changes the content, and says so in the header as if it were our own."""

    def change(data: bytes) -> bytes:
        first, header, content = data.split(b"\n", 2)
        made = make(content)
        told = json.loads(header) | {"digest": blake2b(made).hexdigest()}
        return b"\n".join([first, json.dumps(told).encode(), made])

    return change


DAMAGES: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "empty": (lambda _: b"", "is no checkpoint"),
    "text": (lambda _: b"hello\nworld\n", "is no checkpoint"),
    "zeros": (lambda data: bytes(len(data)), "is no checkpoint"),
    "first line alone": (lambda data: data.split(b"\n")[0] + b"\n", "is damaged"),
    "cut in the first line": (lambda data: data[:7], "is no checkpoint"),
    "cut in the header": (lambda data: data[:60], "is damaged"),
    "without content": (lambda data: b"\n".join(data.split(b"\n", 2)[:2]) + b"\n", "is damaged"),
    "cut in half": (lambda data: data[: len(data) // 2], "is damaged"),
    "cut by one": (lambda data: data[:-1], "is damaged"),
    "longer by one": (lambda data: data + b"\0", "is damaged"),
    "twice": (lambda data: data * 2, "is damaged"),
    "header without end": (lambda data: data.split(b"\n")[0] + b'\n{"x":' + b"[" * 100_000, "is damaged"),
    "header is another thing": (lambda data: data.split(b"\n")[0] + b'\n["a"]\n', "is damaged"),
    **{f"flipped at {part}": (flipped(part), "is") for part in (0.0, 0.001, 0.02, 0.05, 0.1, 0.5, 0.9, 1.0)},
    "another version": (with_header(version="0.0.1"), f"is of version 0.0.1, this is {tradewatch.__version__}"),
    "another state of the program": (with_header(code="0" * 32), "was made by another state of the program"),
    "another ledger": (with_header(subject="system bot of the ledger x"), "is of system bot of the ledger x, not of"),
    "another digest": (with_header(digest="0"), "is damaged"),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_checkpoint_of_no_use_is_named_set_aside_and_made_anew(desk: Desk, warnings: Warnings, damage: str) -> None:
    desk.run()
    spoil, words = DAMAGES[damage]
    spoilt = spoil(desk.checkpoint.read_bytes())
    desk.checkpoint.write_bytes(spoilt)
    assert desk.run() == desk.truth()
    assert desk.folded == TOLD
    (warning,) = warnings()
    assert f"the checkpoint {desk.checkpoint} {words}" in warning
    assert desk.aside.name in warning
    assert desk.aside.read_bytes() == spoilt
    assert desk.run() == desk.truth()
    assert (desk.folded, warnings()) == (0, [])


def test_bytes_that_only_look_like_a_books_are_folded_anew(desk: Desk) -> None:
    desk.run()
    whole = desk.checkpoint.read_bytes()
    for make in (lambda _: b"", lambda _: b"\x90", lambda _: b"\xc0", lambda content: content[:-20] + bytes(20)):
        desk.checkpoint.write_bytes(with_content(make)(whole))
        assert desk.run() == desk.truth()
        assert desk.folded == TOLD


def test_what_was_set_aside_before_makes_room_for_the_next(desk: Desk) -> None:
    for content in (b"first", b"second"):
        desk.run()
        desk.checkpoint.write_bytes(content)
        desk.run()
        assert desk.aside.read_bytes() == content


def test_a_folder_in_its_place_is_set_aside(desk: Desk, warnings: Warnings) -> None:
    desk.run()
    place = desk.checkpoint
    place.unlink()
    place.mkdir()
    (place / "something").touch()
    assert desk.run() == desk.truth()
    (warning,) = warnings()
    assert f"the checkpoint {place} cannot be read (Is a directory)" in warning
    assert (desk.aside / "something").exists()
    desk.run()
    assert desk.folded == 0


def test_the_checkpoint_of_another_ledger_at_the_same_path_is_not_taken(desk: Desk, warnings: Warnings) -> None:
    desk.run()
    desk.ledger.unlink()
    desk.tell(at(0, started(5.0)), *[at(number, closed(f"t{number}", pnl=1.0)) for number in range(1, TOLD)])
    assert desk.run() == desk.truth()
    assert desk.folded == TOLD
    (warning,) = warnings()
    assert re.search(r"is of system bot of the ledger \S+, reported P&L, not of system bot of", warning)


def test_an_older_copy_of_the_ledger_is_folded_as_it_is(desk: Desk) -> None:
    copy = desk.ledger.with_suffix(".copy")
    shutil.copy(desk.ledger, copy)
    desk.tell(*map(trade, range(TOLD, TOLD + 5)))
    desk.run()
    copy.replace(desk.ledger)
    assert desk.run() == desk.truth()


def test_a_copy_that_went_another_way_is_folded_as_it_is(desk: Desk) -> None:
    copy = desk.ledger.with_suffix(".copy")
    shutil.copy(desk.ledger, copy)
    desk.tell(*map(trade, range(TOLD, TOLD + 5)))
    desk.run()
    copy.replace(desk.ledger)
    desk.tell(*[at(50_000 + number, closed(f"other{number}", pnl=77.0)) for number in range(9)])
    assert desk.run() == desk.truth()


def test_losing_the_folder_costs_time_alone(desk: Desk, warnings: Warnings) -> None:
    desk.run()
    shutil.rmtree(desk.state)
    assert desk.run() == desk.truth()
    assert warnings() == []


def test_a_file_in_the_folders_place_is_named(desk: Desk, warnings: Warnings) -> None:
    desk.state.write_text("not a folder")
    assert desk.run() == desk.truth()
    assert warnings()
    assert all(str(desk.state / "checkpoints") in warning and "Not a directory" in warning for warning in warnings())


# What the system forbids: in processes of their own, because permissions do not bind root, and limits are for ever.


@pytest.fixture
def open_desk() -> Iterator[Desk]:
    """Return a desk where other users may go, with a checkpoint of some size, and something new in the ledger."""
    with tempfile.TemporaryDirectory() as name:
        made = Desk(Path(name))
        made.tell(at(0, started(1000.0)), *[at(n, closed(f"t{n}", pnl=1.0, asset=f"A{n}")) for n in range(1, 601)])
        made.run()
        made.tell(at(10_000, closed("new", pnl=2.0, asset="A1")))
        yield made


def export(desk: Desk, hindrance: str) -> list[str]:
    """Run an exporter that is hindered; return what it logged. Its numbers are right."""
    (end,) = bots.run("checkpoints.export", hindrance, desk.ledger, desk.state)
    right = sorted([name, sorted(map(list, labels)), value] for (name, labels), value in desk.truth().items())
    assert end["numbers"] == right
    said: list[str] = end["said"]
    return said


def test_where_there_is_no_room_the_old_one_stands(open_desk: Desk) -> None:
    old = open_desk.checkpoint.read_bytes()
    (warning,) = export(open_desk, "no room")
    assert f"the checkpoint {open_desk.checkpoint} cannot be written (File too large)" in warning
    assert [file.name for file in open_desk.checkpoint.parent.iterdir()] == [open_desk.checkpoint.name]
    assert open_desk.checkpoint.read_bytes() == old


def test_an_exporter_that_is_killed_while_writing_leaves_the_old_one(desk: Desk, open_desk: Desk) -> None:
    old = open_desk.checkpoint.read_bytes()
    with bots.started("checkpoints.export", "killed", open_desk.ledger, open_desk.state) as process:
        process.communicate()
    assert process.returncode == -signal.SIGXFSZ
    half = open_desk.checkpoint.with_suffix(".new")
    assert 0 < half.stat().st_size < len(old)
    assert open_desk.checkpoint.read_bytes() == old
    desk.folded = 0
    found = open_desk.run()
    assert desk.folded == 1
    assert found == open_desk.truth()
    assert not half.exists()


def test_a_folder_that_may_not_be_written_is_named(open_desk: Desk) -> None:
    open_desk.checkpoint.parent.chmod(0o500)
    (warning,) = export(open_desk, "nobody")
    assert f"the checkpoint {open_desk.checkpoint} cannot be written (Permission denied)" in warning
    assert open_desk.checkpoint.exists()


def test_one_that_may_not_be_read_is_set_aside(open_desk: Desk) -> None:
    open_desk.checkpoint.chmod(0)
    (warning,) = export(open_desk, "nobody")
    assert f"the checkpoint {open_desk.checkpoint} cannot be read (Permission denied)" in warning
    assert open_desk.aside.name in warning
    assert open_desk.checkpoint.stat().st_size > 0
    assert stat.S_IMODE(open_desk.checkpoint.stat().st_mode) == 0o600


def test_a_spoilt_one_in_a_folder_that_may_not_be_written_does_no_harm(open_desk: Desk) -> None:
    open_desk.checkpoint.write_bytes(b"spoilt")
    open_desk.checkpoint.parent.chmod(0o500)
    found, unwritten = export(open_desk, "nobody")
    assert "is no checkpoint, and it cannot be set aside (Permission denied)" in found
    assert "cannot be written (Permission denied)" in unwritten


# Whatever the bytes are.


class Shared(NamedTuple):
    """A desk whose ledger went on since a checkpoint was written, the checkpoint, and the right numbers."""

    desk: Desk
    path: Path
    whole: bytes
    right: Series

    def starts_well_with(self, content: bytes) -> bool:
        """Whether an exporter with such a checkpoint is right, now and after a restart."""
        self.path.write_bytes(content)
        return self.desk.run() == self.right == self.desk.run()


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Shared:
    desk = Desk(tmp_path_factory.mktemp("shared"))
    desk.tell(at(0, started(1000.0)), *map(trade, range(1, 8)))
    desk.run()
    path, whole = desk.checkpoint, desk.checkpoint.read_bytes()
    desk.tell(trade(8))
    return Shared(desk, path, whole, desk.truth())


@settings(max_examples=40)
@given(content=st.binary(max_size=400))
@example(b"")
@example(b"tradewatch checkpoint")
@example(b"tradewatch checkpoint\n")
@example(b"tradewatch checkpoint\n\n")
@example(b'tradewatch checkpoint\n{"version":' + b"[" * 10_000)
def test_any_bytes_do_no_harm(shared: Shared, content: bytes) -> None:
    assert shared.starts_well_with(content)


@settings(max_examples=40)
@given(place=st.floats(0, 1), removed=st.integers(0, 30), put=st.binary(max_size=30))
def test_a_checkpoint_that_was_changed_anywhere_does_no_harm(
    shared: Shared, place: float, removed: int, put: bytes
) -> None:
    begin = int(len(shared.whole) * place)
    assert shared.starts_well_with(shared.whole[:begin] + put + shared.whole[begin + removed :])


@given(place=st.floats(0, 1), put=st.binary(min_size=1, max_size=8))
def test_content_that_was_changed_with_its_digest_is_read_without_an_error(
    shared: Shared, place: float, put: bytes
) -> None:
    def change(content: bytes) -> bytes:
        begin = int(len(content) * place)
        return content[:begin] + put + content[begin + len(put) :]

    shared.path.write_bytes(with_content(change)(shared.whole))
    subject = json.loads(shared.whole.split(b"\n")[1])["subject"]
    assert isinstance(Checkpoint(shared.path, subject).load(), Snapshots | None)
