"""What can be gone on with after a restart."""

from typing import Any, Protocol


class Stateful(Protocol):
    """Something that a run goes on with after a restart."""

    def state(self) -> object:
        """Return plain lists, numbers, texts and mappings."""

    def restore(self, state: Any) -> None:  # noqa: ANN401 - what its own `state` returned
        """Go on from there."""
