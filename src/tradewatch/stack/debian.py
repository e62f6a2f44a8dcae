"""Debian's and Ubuntu's packages without root: downloaded by apt, unpacked into a folder of ours, never installed."""

import shutil
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from tradewatch.errors import ConfigurationError

TOOLS = ("apt-get", "dpkg-deb")


def unpack(package: str, target: Path, prepare: Callable[[str, Path], None] = lambda _, __: None) -> None:
    """Put the files of ``package`` below ``target``, which appears complete and after ``prepare``, or not at all.

    Raises ConfigurationError when this machine has no apt or apt cannot get the package.
    """
    _require_tools(package)
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=f".{package}-") as temporary:
        archive = _download(package, Path(temporary))
        files = Path(temporary, "files")
        _run(package, ["dpkg-deb", "--extract", str(archive), str(files)], folder=Path(temporary))
        prepare(package, files)
        files.rename(target)


def _require_tools(package: str) -> None:
    missing = [tool for tool in TOOLS if shutil.which(tool) is None]
    if missing:
        message = (
            f"{package} is not on PATH, and without {missing[0]} it cannot be fetched; install {package} and try again"
        )
        raise ConfigurationError(message)


def _download(package: str, folder: Path) -> Path:
    """Download with the machine's package lists; where they are missing or old, with fresh ones of our own."""
    download = ["apt-get", "--quiet=2", "--option=APT::Sandbox::User=", "download", package]
    try:
        _run(package, download, folder=folder)
    except ConfigurationError:
        own_lists = _own_lists(folder)
        _run(package, ["apt-get", "--quiet=2", *own_lists, "update"], folder=folder)
        _run(package, [*download, *own_lists], folder=folder)
    return next(folder.glob(f"{package}_*.deb"))


def _own_lists(folder: Path) -> Sequence[str]:
    """Return the options that let apt run without root, on lists in ``folder``."""
    (folder / "apt" / "lists" / "partial").mkdir(parents=True)
    (folder / "apt" / "archives" / "partial").mkdir(parents=True)
    settings = {
        "APT::Sandbox::User": "",
        "Dir::State": folder / "apt",
        "Dir::State::status": "/var/lib/dpkg/status",
        "Dir::Cache": folder / "apt",
    }
    return [f"--option={name}={value}" for name, value in settings.items()]


def _run(package: str, command: Sequence[str], *, folder: Path) -> None:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)  # noqa: S603  our own words
    if done.returncode != 0:
        reason = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        message = f"Debian's package {package} could not be fetched ({reason}); install {package} and try again"
        raise ConfigurationError(message)
