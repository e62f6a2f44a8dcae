"""The command line as a person uses it: a process, its output and its exit status."""

import json
import os
import signal
import subprocess
import sys
import threading
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.support.books import ledger_of
from tests.support.facts import at, closed, started
from tests.support.patience import SECONDS
from tradewatch.cli import COMMANDS
from tradewatch.cli.sample import command
from tradewatch.errors import SourceError
from tradewatch.ledger import SqliteReader, from_microseconds

BIN = Path(sys.executable).parent / "tradewatch"


def run(*arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [BIN, *arguments], capture_output=True, text=True, check=False, env=os.environ | environment, timeout=SECONDS
    )


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    return ledger_of(tmp_path / "bot.db", [at(0, started(1000.0)), at(1, closed("a", pnl=12.5))])


def test_help_lists_every_command() -> None:
    text = run("--help").stdout
    assert all(f"  {name} " in text for name in COMMANDS)


def test_help_waits_for_nothing_that_it_does_not_need() -> None:
    code = "import sys, tradewatch.cli; print({'sqlite3', 'msgspec', 'rich', 'logging'} & set(sys.modules))"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert result.stdout == "set()\n"


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help(name: str) -> None:
    result = run(name, "--help")
    assert (result.returncode, result.stderr) == (0, "")
    assert f"Usage: tradewatch {name}" in result.stdout


def test_dump_prints_a_fact_a_line_and_the_same_bytes_each_time(ledger: Path) -> None:
    first, second = run("dump", "--ledger", ledger), run("dump", "--ledger", ledger)
    assert first.stdout == second.stdout
    facts = [json.loads(line) for line in first.stdout.splitlines()]
    assert [each["fact"]["kind"] for each in facts] == ["run_started", "trade_closed"]
    assert facts[1]["time"] == "2026-01-01T00:00:01Z"


PRINTING = ["dump", "report", "report --json", "verify", "export --help"]


@pytest.mark.parametrize("command", PRINTING)
@pytest.mark.parametrize(
    ("where", "says"),
    [(">&-", "standard output is closed"), (">/dev/full", "standard output cannot be written (No sp")],
)
def test_a_standard_output_that_takes_nothing_is_one_sentence(
    ledger: Path, command: str, where: str, says: str
) -> None:
    result = _in_shell(f"{BIN} {command} {'' if '--help' in command else f'--ledger {ledger}'} {where}")
    assert (result.returncode, result.stderr.count("\n")) == (2, 1)
    assert result.stderr.startswith(f"tradewatch: {says}")


@pytest.mark.parametrize("command", PRINTING[:-1])
def test_a_reader_that_has_left_ends_a_command_quietly(ledger: Path, command: str) -> None:
    result = _in_shell(f"set -o pipefail; {BIN} {command} --ledger {ledger} | true")
    assert result.stderr == ""
    assert result.returncode in {0, 141}  # 0: all was written before the reader left


@pytest.mark.parametrize("command", PRINTING)
def test_a_terminal_that_shows_only_ascii_shows_all_that_it_can(ledger: Path, command: str) -> None:
    arguments = command.split() if "--help" in command else [*command.split(), "--ledger", str(ledger)]
    result = run(*arguments, PYTHONIOENCODING="ascii")
    assert (result.returncode, result.stderr) == (0, "")


def test_a_standard_error_that_takes_nothing_leaves_the_exit_status(tmp_path: Path) -> None:
    assert _in_shell(f"{BIN} dump --ledger {tmp_path}/missing.db 2>/dev/full").returncode == 2


def test_report_as_json_is_json(ledger: Path) -> None:
    report = json.loads(run("report", "--ledger", ledger, "--json").stdout)
    assert report["statistics"]["net_profit"]["value"] == 12.5


@pytest.mark.parametrize("command", ["report", "dump"])
def test_a_missing_ledger_is_one_sentence_and_exit_status_two(tmp_path: Path, command: str) -> None:
    result = run(command, "--ledger", tmp_path / "missing.db")
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr.count("\n") == 1
    assert str(tmp_path / "missing.db") in result.stderr
    assert not (tmp_path / "missing.db").exists()


def test_an_unsupported_ledger_url_is_one_sentence() -> None:
    result = run("report", "--ledger", "postgresql://localhost/x")
    assert (result.returncode, result.stderr.count("\n")) == (2, 1)
    assert "postgresql://" in result.stderr


@pytest.mark.parametrize("arguments", [("report", "--nonsense"), ("report",), ("nothing",), ("export", "--as-of", "x")])
def test_a_wrong_argument_is_one_sentence_and_exit_status_two(arguments: tuple[str, ...]) -> None:
    result = run(*arguments)
    assert (result.returncode, result.stdout, result.stderr.count("\n")) == (2, "", 1)


def test_a_ledger_that_is_a_pipe_is_named(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    result = run("report", "--ledger", tmp_path / "pipe")
    assert (result.returncode, "no regular file" in result.stderr) == (2, True)


@pytest.mark.parametrize("kilobytes", [1, 8, 30])
def test_a_limit_of_file_sizes_is_named_and_nothing_is_left_behind(tmp_path: Path, kilobytes: int) -> None:
    result = _in_shell(f"ulimit -f {kilobytes}; {BIN} sample --ledger {tmp_path}/new.db 2>&1 | cat")
    assert "may not grow beyond" in result.stdout
    assert list(tmp_path.iterdir()) == []


def _in_shell(command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False, timeout=SECONDS)  # noqa: S607 - wherever it is


@pytest.mark.parametrize("command", ["verify", "report", "report --json", "dump"])
def test_a_file_name_of_any_bytes_works(ledger: Path, command: str) -> None:
    ledger.rename(os.fsdecode(os.fsencode(ledger.parent) + b"/\xff.db"))
    result = _in_shell(f"cd {ledger.parent}; {BIN} {command} --ledger $'\\xff.db'")
    assert (result.returncode, result.stderr) == (0, "")


@pytest.mark.parametrize(
    ("command", "option"),
    [
        ("verify", "--system"),
        ("report", "--system"),
        ("import trades.csv", "--system"),
        ("import trades.csv", "--currency"),
        ("import trades.csv", "--strategy"),
        ("run velocitytrader", "--feed"),
        ("run velocitytrader", "--symbols"),
        ("run velocitytrader", "--currency"),
    ],
)
def test_a_name_that_is_no_text_is_one_sentence(ledger: Path, command: str, option: str) -> None:
    result = _in_shell(f"{BIN} {command} --ledger {ledger} {option} $'\\xff'")
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr == f"tradewatch: {option} \\udcff is not text in UTF-8: write it in UTF-8\n"


def test_export_refuses_a_name_that_can_be_no_label(tmp_path: Path) -> None:
    result = _in_shell(f"cd {tmp_path}; {BIN} export --ledger $'\\xff.db' --listen 127.0.0.1:0")
    assert (result.returncode, result.stderr.count("\n")) == (2, 1)
    assert "rename the file" in result.stderr


def test_export_says_when_its_address_is_no_address(ledger: Path) -> None:
    result = run("export", "--ledger", ledger, "--listen", "nowhere")
    assert (result.returncode, result.stderr.count("\n")) == (2, 1)


def test_sample_is_deterministic_and_refuses_a_ledger_of_others(tmp_path: Path, ledger: Path) -> None:
    dumps = []
    for name in ("one.db", "two.db"):
        made = run("sample", "--ledger", tmp_path / name, "--start", "2026-01-01", "--days", "2")
        assert "simulated" in made.stdout
        dumps.append(run("dump", "--ledger", tmp_path / name).stdout)
    assert dumps[0] == dumps[1]
    assert len(dumps[0].splitlines()) > 500
    refused = run("sample", "--ledger", ledger)
    assert refused.returncode == 2
    assert "not the sample's" in refused.stderr


@pytest.mark.parametrize("start", ["9999-12-31", "2100-01-01", "1969-12-31"])
def test_sample_names_the_times_that_it_can_begin_at(tmp_path: Path, start: str) -> None:
    result = run("sample", "--ledger", tmp_path / "new.db", "--start", start)
    assert (result.returncode, result.stderr.count("\n")) == (2, 1)
    assert "give a --start from 1970-01-01 to 2099-12-02" in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_live_sample_does_not_follow_a_future_one(tmp_path: Path) -> None:
    path = tmp_path / "bot.db"
    run("sample", "--ledger", path, "--start", "2099-01-01", "--days", "1")
    result = run("sample", "--ledger", path, "--live")
    assert (result.returncode, "which is in the future" in result.stderr) == (2, True)


def test_a_live_sample_goes_on_from_now_and_ends_when_its_ledger_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "bot.db"
    run("sample", "--ledger", path, "--days", "1")
    waited = []

    def wait(_event: threading.Event, _seconds: float) -> bool:
        with closing(SqliteReader(path)) as reader:
            waited.append(from_microseconds(reader.newest_time("bot") or 0))
        path.unlink()
        return False

    monkeypatch.setattr(threading.Event, "wait", wait)
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    with pytest.raises(SourceError, match="was deleted or replaced"):
        command.main(["--ledger", str(path), "--live"], standalone_mode=False)
    assert waited[0] <= datetime.now(UTC)


@pytest.mark.skipif(os.getuid() != 0, reason="another user's rights are needed")
def test_a_ledger_in_a_folder_that_cannot_be_written_says_what_to_do(ledger: Path) -> None:
    ledger.parent.chmod(0o555)
    code = (
        "import os, pathlib, sys; from tradewatch.ledger import SqliteReader, SqliteAppender\n"
        f"os.chdir({str(ledger.parent)!r}); os.setuid(65534); SqliteReader(pathlib.Path('bot.db')).last_sequence()"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "make the folder writable, or copy the ledger to one that is" in result.stderr
