"""What an earlier run left in its ledger, to be gone on with."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from tradewatch.errors import ConfigurationError

# Any in this file: a state is what the same version wrote.


class Kept:
    """What a ledger kept of an earlier run, nothing for a new one. ``ledger``: its name, for messages."""

    def __init__(self, bodies: Mapping[str, bytes], ledger: str) -> None:
        self.bodies = bodies
        self._ledger = ledger
        self._run: Mapping[str, Any] = msgspec.msgpack.decode(bodies["run"]) if bodies else {}

    @property
    def reached(self) -> datetime | None:
        """Where the run goes on; None for a new one."""
        return datetime.fromisoformat(self._run["reached"]) if self._run else None

    def parameter(self, name: str) -> str | None:
        """Return what a flag of the earlier run was; None for a new one."""
        found = self._run.get("parameters", {}).get(name)
        return None if found is None else str(found)

    def require(self, parameters: Mapping[str, str]) -> None:
        """Raise `ConfigurationError` when the earlier run had other parameters."""
        before = {name: self.parameter(name) for name in parameters} if self._run else {}
        differing = [f"{name} {value}" for name, value in before.items() if value != parameters[name]]
        if differing:
            message = (
                f"the ledger {self._ledger} holds a run with {', '.join(differing)}: "
                "give the same, or another path with --ledger"
            )
            raise ConfigurationError(message)
