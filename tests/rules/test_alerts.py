"""Every alert fires when it should, is quiet just inside its limit, and is quiet without its series."""

import itertools
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.rules.trials import bot, hydra, tradewatch, velocitytrader
from tests.support.catalogue import CATALOGUE
from tests.support.dashboards import impossible
from tests.support.rules import ALERTS, Case, Trial, failures, outside
from tradewatch.catalog.rule import RuleFile
from tradewatch.cli import COMMANDS
from tradewatch.cli.views import VIEWS
from tradewatch.mixin.prometheus.rules import rules_yaml
from tradewatch.mixin.runbooks import runbook_page
from tradewatch.mixin.site import Site

TRIALS: Mapping[str, list[Trial]] = {
    **hydra.TRIALS,
    **velocitytrader.TRIALS,
    **bot.TRIALS,
    **tradewatch.TRIALS,
}
FILES = [file for views in VIEWS for file in views.rules]
ALWAYS_FIRES = {"Watchdog"}
FIRES_WITHOUT_SERIES: set[str] = set()


def cases_of(alert: str) -> Iterator[Case]:
    for number, trial in enumerate(TRIALS[alert]):
        yield Case(f"{alert} fires, {number}", trial.fires, trial.minute, (alert,), (alert,))
        yield Case(f"{alert} is quiet, {number}", trial.quiet, trial.minute, (), (alert,))


def test_every_alert_is_tried_and_nothing_else_is() -> None:
    assert set(TRIALS) | ALWAYS_FIRES == set(ALERTS)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_every_alert_fires_and_is_quiet_just_inside_its_limit(tmp_path: Path, file: RuleFile) -> None:
    cases = itertools.chain.from_iterable(cases_of(alert.name) for alert in file.alerts if alert.name in TRIALS)
    assert failures(cases, tmp_path, {file.path: rules_yaml(file, Site())}) == ""


def test_no_alert_fires_without_its_series(tmp_path: Path) -> None:
    names = sorted(set(ALERTS) - ALWAYS_FIRES - FIRES_WITHOUT_SERIES)
    assert failures([Case("nothing is there", {}, 200, (), names)], tmp_path) == ""


@pytest.mark.parametrize("alert", sorted(TRIALS))
def test_the_values_of_trials_can_occur(alert: str) -> None:
    for trial in TRIALS[alert]:
        assert outside(trial.fires, CATALOGUE) == []
        assert outside(trial.quiet, CATALOGUE) == []
        for series in (*trial.fires, *trial.quiet):
            assert list(impossible(series, CATALOGUE)) == []


@pytest.mark.parametrize("alert", sorted(ALERTS))
def test_alerts_ask_for_what_there_is(alert: str) -> None:
    _, rule = ALERTS[alert]
    assert list(impossible(rule.query.text, CATALOGUE)) == []
    for question in rule.runbook.questions:
        assert list(impossible(question, CATALOGUE)) == []


@pytest.mark.parametrize("alert", sorted(ALERTS))
def test_a_runbook_shows_the_first_error_too(alert: str) -> None:
    """`increase` says 0 of a series that comes with its first count, just when somebody was woken by it."""
    for question in ALERTS[alert][1].runbook.questions:
        if "prometheus_" not in question:  # which begin at 0
            assert not re.search(r"increase\(\w+_(errors|rejected|halts|dropped)_total", question)


@pytest.mark.parametrize("alert", sorted(ALERTS))
def test_a_runbook_names_commands_that_there_are(alert: str) -> None:
    page = runbook_page(ALERTS[alert][1])
    assert set(re.findall(r"`tradewatch ([a-z]+)", page)) <= set(COMMANDS)
    for part in ("## What it means", "## What it costs", "## What to look at", "## What to do"):
        assert re.search(rf"{part}\n\n\S", page), f"{part} is empty"


@pytest.mark.parametrize("alert", ["VelocityTraderDrawdownHigh", "VelocityTraderWinRateLow"])
def test_a_flipped_threshold_is_noticed(tmp_path: Path, alert: str) -> None:
    file, rule = ALERTS[alert]
    text = rules_yaml(file, Site())
    operator = "<" if " < " in rule.query.text else ">"
    flipped = rule.query.text.replace(f" {operator} ", f" {'>' if operator == '<' else '<'} ", 1)
    assert failures(cases_of(alert), tmp_path, {file.path: text.replace(rule.query.text, flipped)}) != ""
