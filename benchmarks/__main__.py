"""Runs every benchmark, one after the other, in this one process."""

import importlib
import platform
from pathlib import Path


def main() -> None:
    """Run what is there; compare ratios within one run, never seconds between machines."""
    print(f"Python {platform.python_version()} on {platform.machine()}; ratios within one run are what counts\n")
    for path in sorted(Path(__file__).parent.glob("[!_]*.py")):
        module = importlib.import_module(f"benchmarks.{path.stem}")
        print(f"== {path.stem}: {(module.__doc__ or '').splitlines()[0]}")
        module.main()
        print()


if __name__ == "__main__":
    main()
