"""Letting Debian's servers find their own files where they were unpacked instead of installed.

Debian builds the folder of pages and templates into each program as a fixed text; Alertmanager does not even start
without them. The text is replaced, byte for byte as long, by the name that Linux has for a process's current
folder, and the program is started in a folder that links to those files: docs/decisions/0006-servers-without-root.md.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path

HERE = b"/proc/self/cwd"

FILES: Mapping[str, str] = {
    "prometheus": "usr/share/prometheus/web",
    "prometheus-alertmanager": "usr/share/prometheus/alertmanager",
}
"""Below the root, where each package's server looks for its files; the server has its package's name."""


def relocate(package: str, unpacked: Path) -> None:
    """Let the server of an unpacked package look for its files in its current folder; others are left as they are."""
    if package not in FILES:
        return
    program = unpacked / "usr" / "bin" / package
    fixed = f"/{FILES[package]}".encode()
    program.write_bytes(program.read_bytes().replace(fixed, HERE.ljust(len(fixed), b"/")))


def make_workplace(workplace: Path, programs: Iterable[Path], secrets: Path) -> None:
    """Make the folder that servers are started in: links to their files, and to the ``secrets`` configurations name.

    A program's files lie where its package has them: beside the ``usr/bin`` that it lies in.
    """
    workplace.mkdir(parents=True, exist_ok=True)
    for link in workplace.iterdir():
        link.unlink()
    for program in programs:
        for file in (program.parents[2] / FILES.get(program.name, program.name)).glob("*"):
            (workplace / file.name).symlink_to(file)
    (workplace / secrets.name).symlink_to(secrets)
