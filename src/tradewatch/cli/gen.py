"""``tradewatch gen``: dashboards, rules, configuration, runbooks and reference pages from the catalogue."""

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click

from tradewatch.errors import ConfigurationError
from tradewatch.mixin.manifest import PATH, Manifest, Plan, digest, plan
from tradewatch.mixin.site import LOCAL, Site
from tradewatch.stack.places import find_root

_STALE = 1


@click.command("gen")
@click.option("--check", is_flag=True, help="Only say what differs; the exit status is 1 when something does.")
@click.option("--force", is_flag=True, help="Overwrite and delete files that were edited by hand, too.")
@click.option(
    "--runbooks",
    metavar="URL",
    help=f"Where the runbooks are served; kept for the next time.  [default: as before, at first {LOCAL}]",
)
def command(*, check: bool, force: bool, runbooks: str | None) -> None:
    """Write dashboards, rules, configuration, runbooks and reference pages from the catalogue.

    Only files that were generated are overwritten or deleted, and only while nobody has edited them: the folder's own
    dashboards and rules/custom/*.yml are yours.
    """
    root = find_root(Path.cwd(), Path(__file__))
    manifest = _read_manifest(root)
    site = Site(runbooks=runbooks or manifest.runbooks)
    wanted = _generated(site)
    todo = plan(wanted, _found(root, {*wanted, *manifest.files}), manifest)
    if check:
        _say_what_differs(todo, is_same_site=site.runbooks == manifest.runbooks)
        return
    if not force:
        _refuse(todo)
    _write(root, todo, wanted)
    _write_manifest(root, Manifest(files={path: digest(text) for path, text in wanted.items()}, runbooks=site.runbooks))
    click.echo(_summary(todo, len(wanted)))


def _generated(site: Site) -> Mapping[str, str]:
    try:
        from tradewatch.mixin.files import generated  # noqa: PLC0415  an optional dependency
    except ModuleNotFoundError as error:
        if not (error.name or "").startswith("grafana_foundation_sdk"):
            raise
        message = "dashboards are made with grafana-foundation-sdk, which is not installed: pip install tradewatch[gen]"
        raise ConfigurationError(message) from error
    from tradewatch.cli.views import VIEWS  # noqa: PLC0415  takes time to import

    return generated(VIEWS, site)


def _found(root: Path, paths: set[str]) -> dict[str, str]:
    return {path: (root / path).read_text() for path in paths if (root / path).is_file()}


def _read_manifest(root: Path) -> Manifest:
    try:
        content: Any = json.loads((root / PATH).read_text())  # Any: JSON
        return Manifest(files=dict(content["files"]), runbooks=str(content["runbooks"]))
    except FileNotFoundError:
        return Manifest(files={}, runbooks=LOCAL)
    except (ValueError, KeyError, TypeError) as error:
        message = f"{PATH} is not what `tradewatch gen` wrote ({error}): restore it, or delete it and use --force"
        raise ConfigurationError(message) from error


def _write_manifest(root: Path, manifest: Manifest) -> None:
    content = {"files": dict(manifest.files), "runbooks": manifest.runbooks}
    (root / PATH).write_text(json.dumps(content, indent=0, sort_keys=True) + "\n")


def _say_what_differs(todo: Plan, *, is_same_site: bool) -> None:
    if todo.is_done and is_same_site:
        click.echo("every generated file is up to date")
        return
    for line in _differences(todo):
        click.echo(line)
    sys.exit(_STALE)


def _differences(todo: Plan) -> Iterator[str]:
    yield from (f"{path} is not up to date: run `make fix`, then read the diff" for path in todo.written)
    yield from (f"{path} is no longer generated: run `make fix`, which deletes it" for path in todo.deleted)
    yield from (
        f"{path} was edited by hand: change the catalogue instead, or keep it elsewhere" for path in todo.edited
    )
    yield from (f"{path} lies where a generated file belongs: move it" for path in todo.taken)


def _refuse(todo: Plan) -> None:
    kept = (*todo.edited, *todo.taken)
    if kept:
        message = f"{', '.join(kept)} was edited by hand, and would be lost: keep a copy elsewhere and use --force"
        raise ConfigurationError(message)


def _write(root: Path, todo: Plan, wanted: Mapping[str, str]) -> None:
    for path in (*todo.written, *todo.edited, *todo.taken):
        if path in wanted:
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(wanted[path])
        else:
            (root / path).unlink()
    for path in todo.deleted:
        (root / path).unlink()


def _summary(todo: Plan, total: int) -> str:
    changed = len(todo.written) + len(todo.edited) + len(todo.taken)
    return f"{changed} of {total} generated files written, {len(todo.deleted)} deleted"
