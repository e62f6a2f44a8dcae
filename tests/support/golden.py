"""Golden files: what was printed once, read by a person and kept."""

from pathlib import Path


def compare(path: Path, text: str, *, update: bool) -> None:
    """Fail when a text is not what its golden file holds; with ``update``, write it instead."""
    if update:
        path.write_text(text)
    assert path.exists(), f"{path} is missing: run pytest with --update-golden, then read the diff"
    assert text == path.read_text(), f"{path} differs: if it should, run pytest with --update-golden and read the diff"
