"""Which files were generated, and as what: only those are compared, overwritten and deleted."""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

PATH = "monitoring/.generated.json"


def digest(text: str) -> str:
    """Return what a text is told by.

    >>> digest("")[:8]
    'e3b0c442'
    """
    return sha256(text.encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """The digest of each generated file as it was written, and the address of the runbooks that it names."""

    files: Mapping[str, str]
    runbooks: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What there is to do, by path: ``written`` and ``deleted`` are safe; the others a person has changed.

    ``edited``: differs from what was generated. ``taken``: was never generated, but lies where a file is to be written.
    """

    written: tuple[str, ...]
    deleted: tuple[str, ...]
    edited: tuple[str, ...]
    taken: tuple[str, ...]

    @property
    def is_done(self) -> bool:
        """Whether every generated file is as it should be."""
        return not (self.written or self.deleted or self.edited or self.taken)


def plan(wanted: Mapping[str, str], found: Mapping[str, str], manifest: Manifest) -> Plan:
    """Compare what should be there with what is; ``found``: the texts of wanted and once generated files that exist.

    A file that already says what it should is fine, however it came about.
    """
    known = manifest.files
    different = {path for path, text in wanted.items() if found.get(path) != text}
    orphans = {path for path in known if path not in wanted and path in found}
    changed = {path for path in different | orphans if path in found and digest(found[path]) != known.get(path)}
    edited = {path for path in changed if path in known}
    return Plan(
        written=tuple(sorted(different - changed)),
        deleted=tuple(sorted(orphans - changed)),
        edited=tuple(sorted(edited)),
        taken=tuple(sorted(changed - edited)),
    )
