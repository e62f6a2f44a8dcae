"""``tradewatch config``."""

import click

from tradewatch.stack import settings
from tradewatch.stack.channels import channels
from tradewatch.stack.places import find_places
from tradewatch.stack.settings import KEYS, Found, Settings

NOT_SET = "–"


@click.group()
def command() -> None:
    """Show what is set."""


@command.command("show")
def show() -> None:
    """Print every setting, its value and where that came from; what is wrong with the alerts' settings comes after."""
    found = settings.load(find_places().settings)
    click.echo(_listed(found))
    for problem in channels(found).problems:
        click.echo(f"tradewatch: {problem}", err=True)


def _listed(found: Settings) -> str:
    r"""Return the settings as a file of them would say it, with the origin of each as a comment."""
    lines = [f"# {found.file}{'' if found.file.exists() else ', which does not exist'}"]
    table = None
    for name, key in KEYS.items():
        before, _, last = name.rpartition(".")
        if before != table:
            lines += ["", f"[{before}]"]
            table = before
        lines.append(f"{_assignment(last, found.found[name]):40} # {found.found[name].origin}; {key.words}")
    return "\n".join(lines)


def _assignment(name: str, found: Found) -> str:
    if found.value is None:
        return f"# {name} = {NOT_SET}"
    return f"{name} = {_toml(found.value)}"


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return f"[{', '.join(map(_toml, value))}]"
    return str(value) if isinstance(value, int) else '"' + str(value).replace("\\", "\\\\").replace('"', '\\"') + '"'
