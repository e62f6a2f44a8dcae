"""The page as a browser gets it: built from `frontend/` with Node, once for each state of its files."""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from tradewatch.errors import ConfigurationError

_LEFT_OUT: Final = frozenset({"node_modules", "dist", "test", "oracle"})
_MINUTES: Final = 10


def built(source: Path, target: Path) -> Path:
    """Return a folder below ``target`` with the page built from ``source``; it is built when there is none.

    Raises ConfigurationError when it cannot be: the sentence says what is missing.
    """
    folder = target / state_of(source)
    if not (folder / "index.html").exists():
        with _alone(target):
            _build_once(source, folder)
    return folder


@contextmanager
def _alone(target: Path) -> Iterator[None]:
    """Let others who would build the same wait."""
    target.mkdir(parents=True, exist_ok=True)
    with (target / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _build_once(source: Path, folder: Path) -> None:
    """Build into a draft that takes its place complete or not at all; one that another built meanwhile stays."""
    if (folder / "index.html").exists():
        return
    target = folder.parent
    draft = target / f".draft-{os.getpid()}"
    shutil.rmtree(draft, ignore_errors=True)
    try:
        build(source, draft)
        draft.rename(folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    _forget_others(target, folder)


def build(source: Path, target: Path) -> None:
    """Build the page into ``target``, with the packages that its lock file names."""
    environment = node_environment()
    install(source)
    _run(
        ["node", "node_modules/vite/bin/vite.js", "build", f"--outDir={target}", "--emptyOutDir", "--logLevel=error"],
        source,
        environment,
    )


def install(source: Path) -> None:
    """Install the packages that the lock file names, unless they are there."""
    if _must_install(source):
        _run(["npm", "ci", "--no-audit", "--no-fund", "--loglevel=error"], source, node_environment())
        (source / "node_modules" / ".lock-state").write_text(_digest([source / "package-lock.json"], source))


def _must_install(source: Path) -> bool:
    known = source / "node_modules" / ".lock-state"
    return not known.exists() or known.read_text() != _digest([source / "package-lock.json"], source)


def state_of(source: Path) -> str:
    """Return what tells this state of the page's files from any other."""
    return _digest(sorted(_files(source)), source)


def _files(source: Path) -> Iterator[Path]:
    for path in source.rglob("*"):
        if path.is_file() and not _LEFT_OUT.intersection(path.relative_to(source).parts):
            yield path


def _digest(paths: Sequence[Path], root: Path) -> str:
    digest = hashlib.blake2b(digest_size=12)
    for path in paths:
        digest.update(str(path.relative_to(root)).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def node_environment() -> Mapping[str, str]:
    """Return an environment in which ``node`` and ``npm`` are found: the machine's, else those of the Python wheel.

    Raises ConfigurationError when there are neither.
    """
    for folders in ("", str(Path(sys.executable).parent) + os.pathsep):
        path = folders + os.environ.get("PATH", "")
        if shutil.which("node", path=path) and shutil.which("npm", path=path):
            return {**os.environ, "PATH": path}
    message = "the viewer's page is built with Node, and there is none: install Node 20 or newer, or run `make setup`"
    raise ConfigurationError(message)


def _run(command: Sequence[str], folder: Path, environment: Mapping[str, str]) -> None:
    program = shutil.which(command[0], path=environment["PATH"]) or command[0]
    try:
        done = subprocess.run(  # noqa: S603  our own words
            [program, *command[1:]],
            cwd=folder,
            env=dict(environment),
            capture_output=True,
            text=True,
            check=False,
            timeout=60 * _MINUTES,
        )
    except subprocess.TimeoutExpired as error:
        message = f"the viewer's page could not be built: {command[0]} did not end within {_MINUTES} minutes"
        raise ConfigurationError(message) from error
    if done.returncode != 0:
        reason = (done.stderr.strip() or done.stdout.strip() or "no reason given").splitlines()[-1]
        message = (
            f"the viewer's page could not be built ({reason}); run `npm ci && npm run build` in {folder} to see all"
        )
        raise ConfigurationError(message)


def _forget_others(target: Path, kept: Path) -> None:
    for folder in target.iterdir():
        if folder != kept and (folder / "index.html").exists():
            shutil.rmtree(folder, ignore_errors=True)
