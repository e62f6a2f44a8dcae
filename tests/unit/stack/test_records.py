from pathlib import Path

import pytest

from tradewatch.errors import ConfigurationError
from tradewatch.stack import records
from tradewatch.stack.ports import Ports
from tradewatch.stack.processes import Process
from tradewatch.stack.records import Member, Stack, State

STACK = Stack(
    subject="trades of my.csv",
    ports=Ports(bot=1, prometheus=2),
    supervisor=Process(pid=5, birth="boot/6"),
    members=(
        Member(name="sample", process=Process(pid=7, birth="boot/8"), state=State.READY),
        Member(name="exporter", health="http://127.0.0.1:1/-/ready", restarts=2, ended="was ended", remark="waits"),
    ),
)


def test_a_saved_stack_is_loaded_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "run" / "stack.json"
    records.save(path, STACK)
    assert records.load(path) == STACK
    assert list(path.parent.iterdir()) == [path]


def test_without_a_record_there_is_no_stack(tmp_path: Path) -> None:
    assert records.load(tmp_path / "stack.json") is None


def test_a_forgotten_stack_is_gone_and_may_be_forgotten_again(tmp_path: Path) -> None:
    path = tmp_path / "stack.json"
    records.save(path, STACK)
    records.forget(path)
    records.forget(path)
    assert records.load(path) is None


@pytest.mark.parametrize("text", ["", "{", '{"subject": "x"}', '{"subject": 1, "ports": {}}'])
def test_an_unreadable_record_is_an_error_that_names_the_file(tmp_path: Path, text: str) -> None:
    path = tmp_path / "stack.json"
    path.write_text(text)
    with pytest.raises(ConfigurationError, match=rf"{path} is no record of a running stack"):
        records.load(path)
