"""Where the servers' programs are: on PATH, else unpacked from Debian's package into the project's own folder."""

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

from tradewatch.stack import debian
from tradewatch.stack.locking import exclusive
from tradewatch.stack.places import find_places
from tradewatch.stack.relocating import relocate

PACKAGES: Mapping[str, Sequence[str]] = {
    "prometheus": ("prometheus", "promtool"),
    "prometheus-alertmanager": ("prometheus-alertmanager", "amtool"),
    "victoria-metrics": ("victoria-metrics",),
}
"""Debian's package and the programs in its ``usr/bin``: a new server is one row."""

OTHER_NAMES: Mapping[str, str] = {"prometheus-alertmanager": "alertmanager"}
"""What the projects themselves call a program that Debian renamed."""

_PACKAGE_OF = {program: package for package, programs in PACKAGES.items() for program in programs}


def locate(program: str, folder: Path | None = None) -> Path:
    """Return the path of ``program``: the installed one, else one unpacked below ``folder``, by default the project's.

    Safe when several processes ask at once. Raises ConfigurationError when it is neither installed nor to be had.
    """
    installed = shutil.which(program) or shutil.which(OTHER_NAMES.get(program, program))
    if installed is not None:
        return Path(installed).absolute()
    return _unpacked(program, folder or find_places().servers)


def _unpacked(program: str, folder: Path) -> Path:
    package = _PACKAGE_OF[program]
    path = folder / package / "usr" / "bin" / program
    with exclusive(folder / f".{package}.lock"):
        if not path.exists():
            debian.unpack(package, folder / package, relocate)
    return path
