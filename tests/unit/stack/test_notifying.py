from pathlib import Path

import pytest

from tests.support.servers import free_port
from tradewatch.errors import ConfigurationError
from tradewatch.stack import notifying
from tradewatch.stack.channels import Channels
from tradewatch.stack.notifying import Trial, filled, outcome_of
from tradewatch.stack.ports import Ports

ORIGINAL = """\
receivers:
- name: journal
  webhook_configs:
  - send_resolved: true
- name: slack
  slack_configs:
  - send_resolved: true
- name: email
- name: pagerduty
- name: webhook
  webhook_configs:
  - url: <secret>
templates:
"""


def counts(delivered: float, refused: float = 0) -> notifying.Counts:
    return notifying.Counts(delivered=delivered, refused=refused)


def test_the_channels_that_something_is_filled_in_for_are_found_in_what_runs() -> None:
    assert list(filled(ORIGINAL)) == ["slack", "webhook"]


def test_a_stack_without_an_alertmanager_is_named(tmp_path: Path) -> None:
    test = Trial(ports=Ports(alertmanager=free_port()), journal=tmp_path / "alerts.log", seconds=1)
    with pytest.raises(ConfigurationError, match="Alertmanager does not answer at http://127"):
        notifying.run(test, Channels())


@pytest.mark.parametrize(
    ("kind", "was", "now", "words"),
    [
        ("slack", counts(3), counts(4), "delivered"),
        ("slack", counts(3), counts(3), "not delivered yet"),
        ("slack", counts(3), counts(4, refused=1), "refused or out of reach"),
        ("webhook", counts(3), counts(4), "not delivered yet"),
        ("webhook", counts(3), counts(5), "delivered"),
        ("webhook", counts(3), counts(5, refused=1), "refused or out of reach"),
    ],
)
def test_what_alertmanagers_counters_did_is_the_answer(
    kind: str, was: notifying.Counts, now: notifying.Counts, words: str
) -> None:
    outcome = outcome_of(kind, was, now)
    assert outcome.words.startswith(words)
    assert outcome.is_delivered is (words == "delivered")
