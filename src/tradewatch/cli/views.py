"""Everything that is seen, handed to the generators and to `check`; they know no system by name."""

from tradewatch.catalog.rule import Views
from tradewatch.systems.velocitytrader.views import VIEWS as VELOCITYTRADER

VIEWS: tuple[Views, ...] = (VELOCITYTRADER,)
"""In the order in which the documentation has them."""
