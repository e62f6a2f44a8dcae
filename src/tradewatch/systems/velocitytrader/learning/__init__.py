"""How agents learn what HOLD, BUY and SELL are worth; it knows nothing of prices."""

from tradewatch.systems.velocitytrader.learning.action_values import ACTIONS, BUY, HOLD, SELL, Shape, Values
from tradewatch.systems.velocitytrader.learning.chance import Chance
from tradewatch.systems.velocitytrader.learning.confidence import TEMPERATURE, ModelConfidence, confidence
from tradewatch.systems.velocitytrader.learning.exploration import Exploration
from tradewatch.systems.velocitytrader.learning.learner import LARGEST_REWARD, Learner
from tradewatch.systems.velocitytrader.learning.memory import features_of
from tradewatch.systems.velocitytrader.learning.vectors import Features, Vector

__all__ = [
    "ACTIONS",
    "BUY",
    "HOLD",
    "LARGEST_REWARD",
    "SELL",
    "TEMPERATURE",
    "Chance",
    "Exploration",
    "Features",
    "Learner",
    "ModelConfidence",
    "Shape",
    "Values",
    "Vector",
    "confidence",
    "features_of",
]
