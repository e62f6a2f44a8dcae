"""Debian's docker-compose, unpacked without root, to ask it what it makes of a file; no engine is needed for that."""

import json
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.support.patience import SECONDS
from tradewatch.stack import debian
from tradewatch.stack.locking import exclusive
from tradewatch.stack.places import find_places

PACKAGES = (
    *("docker-compose", "python3-attr", "python3-cached-property", "python3-certifi", "python3-chardet"),
    *("python3-distro", "python3-docker", "python3-dockerpty", "python3-docopt", "python3-dotenv", "python3-idna"),
    *("python3-jsonschema", "python3-pkg-resources", "python3-pyrsistent", "python3-requests", "python3-setuptools"),
    *("python3-six", "python3-texttable", "python3-urllib3", "python3-websocket", "python3-yaml"),
)
PYTHON = Path("/usr/bin/python3")
AS_JSON = "import json, sys, yaml; print(json.dumps(yaml.safe_load(sys.stdin)))"


def environment(**variables: str) -> Mapping[str, str]:
    """Return an environment in which Debian's Python finds the packages."""
    folder = find_places().servers
    with exclusive(folder / ".docker-compose.lock"):
        for package in PACKAGES:
            if not (folder / package).exists():
                debian.unpack(package, folder / package)
    paths = [str(folder / package / "usr" / "lib" / "python3" / "dist-packages") for package in PACKAGES]
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("GF_", "PYTHON"))}
    return {**inherited, "PYTHONPATH": ":".join(paths), "PYTHONDONTWRITEBYTECODE": "1", **variables}


def compose(folder: Path, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Call docker-compose in ``folder``."""
    found = environment(**variables)
    program = find_places().servers / "docker-compose" / "usr" / "bin" / "docker-compose"
    return subprocess.run(
        [PYTHON, program, *words], cwd=folder, env=found, capture_output=True, text=True, check=False, timeout=SECONDS
    )


def configuration(folder: Path, **variables: str) -> Any:  # Any: YAML
    """Return the file in ``folder`` as docker-compose understands it."""
    understood = compose(folder, "config", **variables)
    assert understood.returncode == 0, understood.stderr
    parsed = subprocess.run(
        [PYTHON, "-c", AS_JSON],
        input=understood.stdout,
        env=environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(parsed.stdout)
