"""What each release promised of its metrics: docs/releases/, a description of the catalogue per release.

``python -m tests.documentation.releases VERSION`` writes the description of a release that is about to be made.
``contract.json`` was written before the first release: the names that users of the founding systems know already.
"""

import json
import re
import sys
from collections.abc import Mapping
from pathlib import Path

from tradewatch.catalog.compatibility import Described, Description, described
from tradewatch.exporter.metrics import ALL
from tradewatch.systems import SYSTEMS

FOLDER = Path(__file__).parents[2] / "docs/releases"
CONTRACT = FOLDER / "contract.json"
_VERSION = re.compile(r"(\d+)\.(\d+)\.(\d+)")


def catalogue() -> dict[str, Described]:
    """Return the description of every metric there is today."""
    return described([*(metric for system in SYSTEMS for metric in system.metrics), *ALL])


def newest_release(folder: Path = FOLDER) -> Path | None:
    """Return the description of the newest release, None before the first one."""
    releases = [path for path in folder.glob("*.json") if _VERSION.fullmatch(path.stem)]
    return max(releases, key=lambda path: [int(part) for part in path.stem.split(".")], default=None)


def promises(path: Path) -> dict[str, Described]:
    """Return what a description says."""
    found: dict[str, Described] = json.loads(path.read_text())
    return found


def of_contract(today: Description, contract: Description) -> dict[str, Described]:
    """Return today's metrics without the labels that go beyond the contract, which names the least that there are."""
    return {name: _with_labels_of(metric, contract[name]) for name, metric in today.items() if name in contract}


def _with_labels_of(metric: Described, promised: Described) -> Described:
    labels = [label for label in metric["labels"] if label in promised["labels"]]
    return {**metric, "labels": labels}


def text(description: Mapping[str, Described]) -> str:
    """Return a description as it is kept: a line per metric, so that a difference is easy to read."""
    lines = (f"{json.dumps(name)}: {json.dumps(description[name], sort_keys=True)}" for name in sorted(description))
    return "{\n" + ",\n".join(lines) + "\n}\n"


def write(version: str, folder: Path = FOLDER) -> Path:
    """Write today's catalogue as the description of a release; exits with a sentence when that cannot be right."""
    if not _VERSION.fullmatch(version):
        sys.exit(f"{version} is no version: give three numbers, such as 1.2.0")
    path = folder / f"{version}.json"
    if path.exists():
        sys.exit(f"{path.name} is there already, and a release is made once: give the next version")
    path.write_text(text(catalogue()))
    return path


def main() -> None:
    """Write the description of the version on the command line."""
    if len(sys.argv) != 2:
        sys.exit("say which release: python -m tests.documentation.releases VERSION")
    print(write(sys.argv[1]))  # noqa: T201 - a command's answer


if __name__ == "__main__":
    main()
