"""What differs from one installation to another."""

from dataclasses import dataclass

LOCAL = "http://localhost:3000/public/runbooks/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """``runbooks``: the address below which the runbooks are served."""

    runbooks: str = LOCAL

    def runbook(self, alert: str) -> str:
        """Return the address of an alert's runbook."""
        return f"{self.runbooks.rstrip('/')}/{alert}.md"
