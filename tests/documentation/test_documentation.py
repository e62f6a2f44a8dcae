"""The documentation keeps up with the code: every command, option, metric and link is there, and examples run."""

import importlib
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest

from tradewatch.cli import COMMANDS, MODULES
from tradewatch.cli import tradewatch as group

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])


def fenced(page: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", (ROOT / page).read_text(), flags=re.DOTALL)


def command_of(name: str) -> click.Command:
    module = importlib.import_module(f"tradewatch.cli.{MODULES.get(name, name)}")
    command: click.Command = module.command
    return command


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_and_option_is_in_the_reference(name: str) -> None:
    reference = (ROOT / "docs/command-line.md").read_text()
    row = next(line for line in reference.splitlines() if f"`tradewatch {name}" in line)
    options = {option for each in command_of(name).params for option in each.opts if option.startswith("--")}
    assert {option for option in options if f"`{option}`" not in row} == set()
    if len(options) > 0:
        assert set(re.findall(r"--[a-z-]+", row)) <= options


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text())
    assert [target for target in targets if not (page.parent / target).exists()] == []


def test_the_readme_example_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (example,) = fenced("README.md", "python")
    names: dict[str, object] = {}
    exec(compile(example, "README.md", "exec"), names)  # noqa: S102 - our own documentation
    recorder = names["record"]
    assert recorder.flush()  # type: ignore[attr-defined]  # a Recorder, as the example makes it
    recorder.close()  # type: ignore[attr-defined]
    assert (tmp_path / "bot.db").exists()


def _commands_in(text: str) -> list[list[str]]:
    lines = [line.split("#")[0].strip() for line in text.splitlines()]
    return [line.split() for line in lines if line.startswith(("tradewatch ", "make "))]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_commands_in_shell_examples_exist(page: Path) -> None:
    verbs = re.findall(r"^([a-z]+):.*?## ", (ROOT / "Makefile").read_text(), flags=re.MULTILINE)
    for block in fenced(str(page.relative_to(ROOT)), "sh"):
        for program, name, *arguments in _commands_in(block):
            if program == "make":
                assert name in verbs
            else:
                options = {option for each in command_of(name).params for option in each.opts}
                used = {argument.split("=")[0] for argument in arguments if argument.startswith("--")}
                assert used <= options | {"--help"}


def test_the_group_lists_what_there_is() -> None:
    context = click.Context(group)
    assert group.list_commands(context) == sorted(COMMANDS)
    modules = {path.stem for path in (ROOT / "src/tradewatch/cli").glob("*.py")} - {
        "__init__",
        "options",
        "output",
        "progress",
        "views",
        "zones",
    }
    assert modules == {MODULES.get(name, name) for name in COMMANDS}


def test_the_changelog_has_an_unreleased_part() -> None:
    assert "## Unreleased" in (ROOT / "CHANGELOG.md").read_text()


def test_the_definitions_page_is_what_catalogue_and_tests_say() -> None:
    checked = subprocess.run(
        [sys.executable, "-m", "tests.documentation.definitions", "--check"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_every_definition_is_checked_by_a_test() -> None:
    rows = (ROOT / "docs/definitions.md").read_text().splitlines()
    rows = rows[rows.index("|---|---|---|---|---|") + 1 :]
    unchecked = [row.split(" | ")[0] for row in rows if row.endswith("|  |")]
    assert unchecked == []
