"""Everything that is seen, handed to the generators and to `check`; they know no system by name."""

from tradewatch.catalog.rule import Views
from tradewatch.exporter.views import VIEWS as FLEET
from tradewatch.systems.bot.views import VIEWS as BOT
from tradewatch.systems.hydra.views import VIEWS as HYDRA
from tradewatch.systems.velocitytrader.views import VIEWS as VELOCITYTRADER

VIEWS: tuple[Views, ...] = (HYDRA, VELOCITYTRADER, BOT, FLEET)
"""In the order in which the documentation has them."""
