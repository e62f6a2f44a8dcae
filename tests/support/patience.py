"""How long tests wait for what must come."""

from typing import Final

SECONDS: Final = 600.0
"""Far more than anything takes on a machine that is busy with much else: it only ends what hangs."""
