"""Every fact has a kind, and no two the same."""

from tradewatch import facts
from tradewatch.facts import FACTS, KIND_OF, Fact


def test_every_fact_class_is_listed() -> None:
    classes = {each for each in vars(facts).values() if isinstance(each, type) and issubclass(each, Fact)}
    assert classes - {Fact, facts.TradeFact, facts.TradeTerms} == set(FACTS)


def test_a_kind_is_the_class_name_in_snake_case() -> None:
    assert KIND_OF[facts.TradePartlyClosed] == "trade_partly_closed"
    assert len(set(KIND_OF.values())) == len(FACTS)
