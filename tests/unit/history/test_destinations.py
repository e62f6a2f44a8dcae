"""Blocks as a destination: several for much, none where the folder takes none, and what is recorded of them."""

from pathlib import Path

import msgspec
import pytest

from tests.support.chunks import read
from tradewatch.history.days import Span
from tradewatch.history.destinations import Blocks
from tradewatch.history.record import FRESH, Record, Subject
from tradewatch.history.remote import TargetError
from tradewatch.history.series import Run, Samples, Series

NOW = 1_767_225_600
STEP = 60
LABELS = (("__name__", "up"), ("job", "bot"))


@pytest.fixture
def record(tmp_path: Path) -> Record:
    subject = Subject(ledger="l", system="bot", profit="reported", metrics="*", url="u", step=STEP, labels={})
    return Record(tmp_path / "state" / "record.json", subject)


def hour(number: int) -> tuple[Span, Samples]:
    """Return an hour of one series: a run, a gap of a minute, a run."""
    first = NOW + number * 3_600
    moments = [(first + minute * STEP) * 1_000 for minute in range(60)]
    runs = [Run(0, [float(number)] * 30), Run(31, [float(number)] * 29)]
    return Span(first, first + 59 * STEP), Samples(moments, [Series(LABELS, runs)])


def stored(folder: Path) -> list[tuple[int, int, int]]:
    """Return of each block its beginning and end, in seconds, and its samples."""
    found = [msgspec.json.decode(each.read_bytes()) for each in folder.glob("*/meta.json")]
    return sorted((each["minTime"] // 1_000, each["maxTime"] // 1_000, each["stats"]["numSamples"]) for each in found)


def test_what_was_written_is_recorded_when_its_block_is_there(record: Record, tmp_path: Path) -> None:
    blocks = Blocks(tmp_path, STEP, record, 7)
    blocks.write(*hour(0))
    assert (stored(tmp_path), record.written) == ([], [])
    blocks.write(*hour(1))
    blocks.finish()
    assert stored(tmp_path) == [(NOW, NOW + 7_140, 118)]
    assert (record.written, record.sequence) == ([Span(NOW, NOW + 7_140)], 7)
    blocks.finish()
    assert len(stored(tmp_path)) == 1


def test_much_becomes_several_blocks(record: Record, tmp_path: Path) -> None:
    blocks = Blocks(tmp_path, STEP, record, 7, largest=59)
    for number in range(3):
        blocks.write(*hour(number))
    blocks.finish()
    assert [samples for *_, samples in stored(tmp_path)] == [59, 59, 59]
    assert record.written == [Span(NOW, NOW + 3 * 3_600 - STEP)]


def test_a_gap_begins_another_chunk(record: Record, tmp_path: Path) -> None:
    blocks = Blocks(tmp_path, STEP, record, 7)
    blocks.write(*hour(2))
    blocks.finish()
    (file,) = tmp_path.glob("*/chunks/000001")
    content, found, place = file.read_bytes(), [], 8
    while place < len(content):
        length = content[place]
        found += read(content[place + 2 : place + 2 + length])
        place += 2 + length + 4
    moments = [(at // 1_000 - NOW - 7_200) // STEP for at, _ in found]
    assert moments == [*range(30), *range(31, 60)]


def test_where_no_block_can_be_made_nothing_is_recorded_and_nothing_is_left(record: Record, tmp_path: Path) -> None:
    blocks = Blocks(tmp_path / "file", STEP, record, 7)
    (tmp_path / "file").write_text("no folder")
    blocks.write(*hour(0))
    with pytest.raises(TargetError, match=r"no block can be made in .*file .*the same command goes on"):
        blocks.finish()
    assert record.written == []


def test_a_record_is_fresh_after_something_was_added_and_not_after_nothing_was_forgotten(
    record: Record, tmp_path: Path
) -> None:
    file = tmp_path / "state" / "record.json"
    assert not record.is_fresh(NOW)
    record.add(Span(NOW, NOW), 1)
    written = file.stat().st_mtime
    record.forget([])
    assert file.stat().st_mtime == written
    assert [record.is_fresh(written + after) for after in (0.0, FRESH, FRESH + 1)] == [True, True, False]
