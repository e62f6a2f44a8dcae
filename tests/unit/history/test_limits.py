"""Whether a server has room is asked of its disk before anything is written, and only where that disk is ours."""

import shutil
from pathlib import Path

import pytest

from tradewatch.errors import ConfigurationError
from tradewatch.history.limits import BYTES_A_SAMPLE, require_room
from tradewatch.history.remote import Address
from tradewatch.history.server import Limits

HERE = Address.parse("http://127.0.0.1:9091/api/v1/write")


def too_many(folder: Path) -> int:
    """Return samples of twice what is free now, so that others may free some meanwhile."""
    return 2 * shutil.disk_usage(folder).free // BYTES_A_SAMPLE


def test_a_disk_without_room_is_one_sentence_with_what_is_needed_and_what_is_free(tmp_path: Path) -> None:
    samples = too_many(tmp_path)
    with pytest.raises(ConfigurationError) as raised:
        require_room(Limits(data=tmp_path), samples, HERE)
    words = str(raised.value)
    assert words.startswith(
        f"{samples:,} samples need some {samples * BYTES_A_SAMPLE / 1e6:,.0f} MB in {tmp_path}, where"
    )
    assert words.endswith("MB are free: free some space, or write less with --from, --step or --metrics")
    assert "\n" not in words


@pytest.mark.parametrize("host", ["localhost", "127.0.0.2", "[::1]"])
def test_every_name_of_this_machine_is_asked(tmp_path: Path, host: str) -> None:
    with pytest.raises(ConfigurationError):
        require_room(Limits(data=tmp_path), too_many(tmp_path), Address.parse(f"http://{host}:9091/api/v1/write"))


def test_enough_room_is_no_fault(tmp_path: Path) -> None:
    require_room(Limits(data=tmp_path), 1_000, HERE)


@pytest.mark.parametrize("host", ["192.0.2.1", "metrics.example.org"])
def test_the_disk_of_another_machine_is_not_looked_for_here(tmp_path: Path, host: str) -> None:
    require_room(Limits(data=tmp_path), too_many(tmp_path), Address.parse(f"http://{host}:9091/api/v1/write"))


def test_a_server_that_does_not_tell_its_disk_is_written_to(tmp_path: Path) -> None:
    require_room(Limits(), too_many(tmp_path), HERE)
    require_room(Limits(data=tmp_path / "elsewhere"), too_many(tmp_path), HERE)
