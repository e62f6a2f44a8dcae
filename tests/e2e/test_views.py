"""Two days of trading, scraped by a real Prometheus with the committed rules: panels have data, rules can fire.

The built-in viewer is held against the same Prometheus: every value of every dashboard, on the page as in the answer.
"""

import json
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.support.browsers import built_page, opened, violations
from tests.support.exporters import running_exporter
from tests.support.patience import SECONDS
from tests.support.servers import free_port, running_prometheus
from tests.support.shown import MARKUP, Questions, differences
from tests.support.viewers import shown_by
from tradewatch.cli.views import VIEWS
from tradewatch.stack import loopback
from tradewatch.stack.plan import TRADEWATCH
from tradewatch.stack.waiting import wait_until

ROOT = Path(__file__).parents[2]
DASHBOARDS = sorted((ROOT / "monitoring" / "grafana" / "dashboards").glob("*.json"))
SETTLED_SECONDS = 5
MINUTES_SHOWN = 2
TWO_DAYS = ("--feed", "simulated", "--start", "2026-01-01", "--days", "2", "--fast", "--seed", "7", "--quiet")
COMMANDS = {
    "velocitytrader": ("run", "velocitytrader", *TWO_DAYS),
    "hydra": ("run", "hydra", *TWO_DAYS),
    "bot": ("sample", "--days", "30"),
}
CONFIGURATION = """
global: {{scrape_interval: 1s, evaluation_interval: 1s}}
rule_files: ["{rules}/alert_rules.yml", "{rules}/rules/*.yml"]
alerting: {{alertmanagers: [{{static_configs: [{{targets: ["127.0.0.1:{nobody}"]}}]}}]}}
scrape_configs: {jobs}
"""


def run(*words: str | Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([TRADEWATCH, *words], capture_output=True, text=True, check=False, timeout=SECONDS)


def jobs(ports: dict[str, int]) -> str:
    return json.dumps(
        [{"job_name": job, "static_configs": [{"targets": [f"127.0.0.1:{port}"]}]} for job, port in ports.items()]
    )


@pytest.fixture(scope="module")
def prometheus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("views")
    ports = {system: free_port() for system in COMMANDS}
    with ExitStack() as running:
        for system, words in COMMANDS.items():
            ledger = folder / f"{system}.db"
            made = run(*words, "--ledger", ledger)
            assert made.returncode == 0, made.stderr
            running.enter_context(running_exporter(ledger, ports[system]))
        own = free_port()
        every = {**ports, "prometheus": own}
        rules = ROOT / "monitoring/prometheus"
        configuration = CONFIGURATION.format(rules=rules, nobody=free_port(), jobs=jobs(every))
        url = running.enter_context(running_prometheus(configuration, folder, port=own))
        asked = f"{url}/api/v1/query?query=min_over_time(up%5B20s%5D)%20and%20count_over_time(up%5B20s%5D)%20%3E%2015"
        assert wait_until(lambda: (loopback.fetch(asked) or b"").count(b'"job"') == len(every), seconds=SECONDS)
        yield url


@pytest.fixture(scope="module")
def outcomes(prometheus: str) -> list[dict[str, Any]]:
    checked = run("check", "--prometheus", prometheus, "--json")
    assert checked.stderr == ""
    found: list[dict[str, Any]] = json.loads(checked.stdout)
    return found


def test_no_panel_is_empty_that_is_not_declared_and_every_rule_can_fire(outcomes: list[dict[str, Any]]) -> None:
    assert [each for each in outcomes if each["verdict"] in {"empty", "error"}] == []


def test_everything_is_asked_for(outcomes: list[dict[str, Any]]) -> None:
    asked = {(each["where"], each["what"]) for each in outcomes}
    panels = {(page.uid, panel.title) for views in VIEWS for page in views.dashboards for panel in page.panels}
    rules = {(file.path, alert.name) for views in VIEWS for file in views.rules for alert in file.alerts}
    assert panels | rules <= asked


def test_most_panels_have_data_now(outcomes: list[dict[str, Any]]) -> None:
    declared = [each for each in outcomes if each["verdict"] == "empty, as it may be"]
    assert len(declared) < len(outcomes) / 10


def test_the_table_names_each_panel_and_the_exit_status_says_that_all_is_well(prometheus: str) -> None:
    checked = run("check", "--prometheus", prometheus)
    assert (checked.returncode, checked.stderr) == (0, "")
    assert "velocitytrader-performance" in checked.stdout
    assert checked.stdout.endswith(" panels and rules asked, 0 faults\n")


def test_prometheus_evaluates_the_rules_and_fires_what_is_true(prometheus: str) -> None:
    def fired() -> dict[str, str]:
        found = json.loads(loopback.fetch(f"{prometheus}/api/v1/alerts") or b'{"data": {"alerts": []}}')
        return {each["labels"]["alertname"]: each["annotations"]["summary"] for each in found["data"]["alerts"]}

    assert wait_until(lambda: {"Watchdog", "VelocityTraderDown"} <= set(fired()), seconds=SECONDS)
    assert fired()["VelocityTraderDown"].startswith("VelocityPTrader on 127.0.0.1:")
    groups = json.loads(loopback.fetch(f"{prometheus}/api/v1/rules") or b"{}")["data"]["groups"]
    assert [rule["name"] for group in groups for rule in group["rules"] if rule["health"] == "err"] == []


@pytest.fixture(scope="module")
def viewer(prometheus: str) -> Iterator[str]:
    with shown_by(built_page(), DASHBOARDS[0].parent, prometheus=prometheus, scrape_seconds=1) as address:
        yield address


@pytest.mark.parametrize("file", DASHBOARDS, ids=lambda file: file.stem)
def test_the_viewer_shows_every_value_as_prometheus_answers_it_and_no_panel_is_empty(
    file: Path, browser: Browser, viewer: str, prometheus: str
) -> None:
    panels = [each for each in json.loads(file.read_text())["panels"] if each["type"] not in {"row", "text"}]
    until = int(time.time()) - SETTLED_SECONDS
    span = f"from={(until - 60 * MINUTES_SHOWN) * 1000}&to={until * 1000}"
    with opened(browser, "about:blank", height=6000) as page:
        questions = Questions(page, prometheus)
        page.goto(f"{viewer}/d/{file.stem}?{span}&refresh=")
        page.wait_for_function(
            "count => document.querySelectorAll('.panel[data-state]').length >= count", arg=len(panels)
        )
        wrong: dict[str, list[str]] = {}
        for panel in panels:
            shown, values = page.evaluate(MARKUP, panel["id"]), questions.values(panel)
            says_why = (
                len(panel["fieldConfig"]["defaults"]["noValue"]) > 1
            )  # it may be empty, and the dashboard says when
            if shown["state"] == "empty" and says_why and not values:
                continue
            found = differences(panel, shown, values) if shown["state"] == "drawn" else [shown["state"], shown["note"]]
            wrong |= {panel["title"]: found} if found else {}
        assert wrong == {}
        assert violations(page) == []
