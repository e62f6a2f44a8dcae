import os
from pathlib import Path

import pytest

from tradewatch.errors import SourceError
from tradewatch.sources.file import explained, require_file


def test_a_file_with_something_in_it_is_fine(tmp_path: Path) -> None:
    path = tmp_path / "trades.csv"
    path.write_text("x")
    require_file(path)


def test_an_empty_file_is_told(tmp_path: Path) -> None:
    path = tmp_path / "trades.csv"
    path.touch()
    with pytest.raises(SourceError, match=r"trades\.csv is empty: export the trades again"):
        require_file(path)


def test_a_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"is a folder: give the path of a file"):
        require_file(tmp_path)


def test_a_pipe_cannot_be_read_twice(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(SourceError, match=r"pipe is not a regular file, and it is read more than once: save it"):
        require_file(tmp_path / "pipe")


def test_a_path_that_cannot_be_is_told(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"cannot be read \(File name too long\): check the path and its permissions"):
        require_file(tmp_path / ("x" * 300))


def test_a_file_that_may_not_be_read_is_told(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"cannot be read \(Permission denied\)"), explained(tmp_path):
        raise PermissionError(13, "Permission denied")
