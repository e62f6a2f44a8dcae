"""How a bot writes facts: queue, writer thread, and `Recorder`, which is all a bot needs."""

from tradewatch.recorder.recorder import Recorder

__all__ = ["Recorder"]
