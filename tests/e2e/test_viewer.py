"""The viewer in a real browser, on a real Prometheus."""

import json
import re
import subprocess
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.browsers import ROOT, opened
from tests.support.panels import dashboard, of_names, panel
from tests.support.patience import SECONDS
from tests.support.servers import free_port, running_prometheus
from tests.support.viewers import shown_by
from tradewatch.stack import loopback, processes, prometheus
from tradewatch.stack.servers import locate
from tradewatch.stack.waiting import wait_until
from tradewatch.viewer.frontend import install, node_environment

CONFIGURATION = """
global: {scrape_interval: 1s, evaluation_interval: 1s}
rule_files: [rules.yml]
scrape_configs:
  - job_name: prometheus
    static_configs: [{targets: ["127.0.0.1:PORT"]}]
  - job_name: nobody
    static_configs: [{targets: ["127.0.0.1:1"]}]
"""
RULES = """
groups:
  - name: tests
    rules:
      - {alert: NobodyAnswers, expr: 'up{job="nobody"} == 0', labels: {severity: critical},
         annotations: {summary: "{{ $labels.instance }} does not answer", runbook_url: "https://runbooks.example/nobody"}}
      - {alert: AlwaysPending, expr: 'vector(1) > 0', for: 1h, labels: {severity: warning}}
"""
KINDS = (
    panel("timeseries", "Lines", "prometheus_tsdb_head_series"),
    panel("timeseries", "Many Lines", "{__name__=~'prometheus_http.*_count|go_.*'}"),
    panel("stat", "Number", of_names(a=1234.567)),
    panel("stat", "Numbers", of_names(a=1, b=20, c=-3.5)),
    panel("gauge", "Dial", of_names(a=42), unit="percent", field={"min": 0, "max": 100}),
    panel("bargauge", "Levels", of_names(a=5, b=50), options={"orientation": "horizontal", "displayMode": "gradient"}),
    panel("barchart", "Bars", of_names(a=5, b=-50)),
    panel("piechart", "Shares", of_names(a=1, b=3), options={"pieType": "donut", "legend": {"values": ["percent"]}}),
    panel("heatmap", "Heat", "up", options={"color": {"scheme": "RdYlGn"}, "cellGap": 1}),
    panel("state-timeline", "States", "up", field={"mappings": [{"type": "value", "options": {"1": {"text": "up"}}}]}),
    panel("table", "Table", of_names(a=1.5, b=2), transformations=[{"id": "merge"}]),
    panel("histogram", "Spread", "prometheus_tsdb_head_series"),
    {"type": "text", "title": "Words", "options": {"mode": "markdown", "content": "**bold** <b>not markup</b>"}},
)


def drawn(page: Page, count: int) -> None:
    page.wait_for_function("count => document.querySelectorAll('.panel[data-state]').length >= count", arg=count)


def states(page: Page) -> dict[str, str]:
    found: dict[str, str] = page.evaluate(
        "Object.fromEntries([...document.querySelectorAll('.panel')].map("
        "each => [each.querySelector('.panel-title').textContent, each.dataset.state]))"
    )
    return found


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("prometheus")
    (folder / "rules.yml").write_text(RULES)
    with running_prometheus(CONFIGURATION, folder) as address:
        (folder / "prometheus.yml").write_text(CONFIGURATION.replace("PORT", address.rpartition(":")[2]))
        urllib.request.urlopen(urllib.request.Request(f"{address}/-/reload", method="POST")).close()  # noqa: S310
        asked = f"{address}/api/v1/query?query={quote('count_over_time(prometheus_tsdb_head_series[1m]) > 3')}"
        assert wait_until(lambda: b'"value"' in (loopback.fetch(asked) or b""), seconds=SECONDS)
        yield address


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_kind_of_panel_is_drawn(
    theme: str,
    browser: Browser,
    server: str,
    page_folder: Path,
    tmp_path: Path,
) -> None:
    dashboard(tmp_path / "kinds.json", *KINDS)
    with (
        shown_by(page_folder, tmp_path, prometheus=server, scrape_seconds=2) as address,
        opened(browser, f"{address}/d/kinds", height=2400, dark=theme == "dark") as page,
    ):
        drawn(page, len(KINDS))
        assert states(page) == {each["title"]: "drawn" for each in KINDS}
        assert page.locator(".text strong").inner_text() == "bold"
        assert "<b>not markup</b>" in page.locator(".text").inner_text()


def test_numbers_are_those_that_prometheus_answers(
    browser: Browser, server: str, page_folder: Path, tmp_path: Path
) -> None:
    dashboard(
        tmp_path / "numbers.json",
        panel("stat", "Short", of_names(a=1234.567)),
        panel("stat", "Money", of_names(a=-98765.432), unit="currencyUSD"),
        panel("gauge", "Share", of_names(a=0.4567), unit="percentunit", field={"min": 0, "max": 1, "decimals": 1}),
        panel("stat", "Seconds", of_names(a=5400), unit="s"),
        panel("table", "Cells", of_names(x=1.5, y=2000000), unit="locale"),
        panel("stat", "Nothing", "absent_metric", field={"noValue": "– (there is none)"}),
    )
    with (
        shown_by(page_folder, tmp_path, prometheus=server, scrape_seconds=2) as address,
        opened(browser, f"{address}/d/numbers") as page,
    ):
        drawn(page, 6)
        shown = {
            title: page.locator(f'section[aria-label="{title}"] .figure').inner_text()
            for title in ("Short", "Money", "Share", "Seconds")
        }
        assert shown == {"Short": "1.23 K", "Money": "-$98.8K", "Share": "45.7%", "Seconds": "1.50 hours"}
        cells = page.locator('section[aria-label="Cells"] tbody td.is-number').all_inner_texts()
        assert cells[1::2] == ["1.5", "2,000,000"]
        assert page.locator('section[aria-label="Nothing"] .panel-note').inner_text() == "There is none."


def test_one_broken_panel_and_one_broken_file_harm_no_other(
    browser: Browser, server: str, page_folder: Path, tmp_path: Path
) -> None:
    dashboard(
        tmp_path / "mixed.json",
        panel("geomap", "Map", "up"),
        panel("table", "Joined", "up", transformations=[{"id": "joinByField"}]),
        panel("stat", "Wrong", "sum("),
        panel("stat", "Right", of_names(a=1)),
    )
    (tmp_path / "broken.json").write_text("{")
    with (
        shown_by(page_folder, tmp_path, prometheus=server, scrape_seconds=2) as address,
        opened(browser, f"{address}/d/mixed") as page,
    ):
        drawn(page, 4)
        assert states(page) == {"Map": "unsupported", "Joined": "unsupported", "Wrong": "failed", "Right": "drawn"}
        assert "geomap" in page.locator('section[aria-label="Map"] .panel-note').inner_text()
        assert "joinByField" in page.locator('section[aria-label="Joined"] .panel-note').inner_text()
        page.locator(".rail a", has_text="broken.json").click()
        expect(page.locator("main")).to_contain_text("broken.json cannot be drawn: it is no JSON")


def test_a_file_that_is_dropped_in_appears(browser: Browser, server: str, page_folder: Path, tmp_path: Path) -> None:
    with (
        shown_by(page_folder, tmp_path, prometheus=server, scrape_seconds=2) as address,
        opened(browser, address) as page,
    ):
        expect(page.locator(".page-head h1")).to_have_text("Overview")
        dashboard(tmp_path / "dropped.json", panel("stat", "Number", of_names(a=1)))
        expect(page.locator(".rail a", has_text="Dropped")).to_be_visible()


def test_variables_time_and_full_screen_stand_in_the_address(
    browser: Browser, server: str, page_folder: Path, tmp_path: Path
) -> None:
    jobs = {"type": "query", "name": "job", "label": "Job", "query": "label_values(up, job)", "multi": True}
    variable = jobs | {"includeAll": True, "current": {"value": "$__all"}, "sort": 1}
    chosen = panel("table", "Chosen", 'up{job=~"$job"}', transformations=[{"id": "merge"}])
    dashboard(tmp_path / "chosen.json", chosen, templating={"list": [variable]})
    with (
        shown_by(page_folder, tmp_path, prometheus=server, scrape_seconds=2) as address,
        opened(browser, f"{address}/d/chosen") as page,
    ):
        rows = page.locator('section[aria-label="Chosen"] tbody tr')
        expect(rows).to_have_count(2)
        page.locator('[data-variable="job"]').click()
        page.get_by_label("nobody", exact=True).check()
        expect(rows).to_have_count(1)
        assert "var-job=nobody" in page.url
        page.keyboard.press("Escape")
        page.locator(".choice.time").click()
        page.get_by_role("button", name="Last hour", exact=True).click()
        assert "from=now-1h" in page.url
        page.reload()
        expect(rows).to_have_count(1)
        page.locator('section[aria-label="Chosen"]').hover()
        page.get_by_role("button", name="Full screen: Chosen").click()
        assert "viewPanel=0" in page.url
        page.keyboard.press("Escape")
        assert "viewPanel" not in page.url


def test_a_prometheus_that_stops_is_named_and_one_that_comes_back_is_taken_up(
    browser: Browser, page_folder: Path, tmp_path: Path
) -> None:
    file, port = tmp_path / "prometheus.yml", free_port()
    file.write_text("scrape_configs: []\n")
    command = prometheus.command(locate("prometheus"), file, tmp_path / "data", port)
    address_of_it = f"http://127.0.0.1:{port}"
    first = processes.start(command, tmp_path / "log")
    second = None
    try:
        assert wait_until(lambda: loopback.answers(f"{address_of_it}/-/ready"), seconds=SECONDS)
        dashboard(tmp_path / "kept.json", panel("stat", "Number", of_names(a=7)))
        with (
            shown_by(page_folder, tmp_path, prometheus=address_of_it) as address,
            opened(browser, f"{address}/d/kept") as page,
        ):
            figure = page.locator('section[aria-label="Number"] .figure')
            expect(figure).to_have_text("7")
            processes.stop([first])
            expect(page.locator(".banner")).to_contain_text("Prometheus is not to be had")
            expect(figure).to_have_text("7")
            second = processes.start(command, tmp_path / "log")
            expect(page.locator(".banner")).to_have_count(0)
    finally:
        processes.stop([each for each in (first, second) if each is not None])


def test_alerts_and_targets_are_told(browser: Browser, server: str, page_folder: Path, tmp_path: Path) -> None:
    with (
        shown_by(page_folder, tmp_path, prometheus=server, scrape_seconds=2) as address,
        opened(browser, f"{address}/alerts") as page,
    ):
        card = page.locator(".alert.is-critical")
        expect(card).to_contain_text("NobodyAnswers")
        expect(card).to_contain_text("127.0.0.1:1 does not answer")
        expect(card.get_by_role("link", name="Runbook")).to_have_attribute("href", re.compile("runbooks.example"))
        expect(page.locator(".alert.is-pending")).to_contain_text("AlwaysPending")
        with opened(browser, f"{address}/targets") as targets:
            expect(targets.locator("tbody tr").first).to_contain_text("down")
            expect(targets.locator("tbody tr")).to_have_count(2)


@pytest.mark.parametrize("path", ["/", "/alerts", "/targets", "/trades", "/d/kinds"])
def test_no_page_is_wider_than_a_phone(
    path: str, browser: Browser, server: str, page_folder: Path, tmp_path: Path
) -> None:
    dashboard(tmp_path / "kinds.json", *KINDS)
    with (
        shown_by(page_folder, tmp_path, prometheus=server, scrape_seconds=2) as address,
        opened(browser, f"{address}{path}", width=360, height=740) as page,
    ):
        expect(page.locator("main h1")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= 360


COMMITTED = sorted((ROOT / "monitoring" / "grafana" / "dashboards").glob("*.json"))


@pytest.mark.parametrize("file", COMMITTED, ids=lambda file: file.stem)
def test_every_committed_dashboard_is_understood(file: Path, browser: Browser, server: str, page_folder: Path) -> None:
    titles = [each for each in json.loads(file.read_text())["panels"] if each["type"] != "row"]
    with (
        shown_by(page_folder, file.parent, prometheus=server) as address,
        opened(browser, f"{address}/d/{file.stem}", height=5000) as page,
    ):
        drawn(page, len(titles))
        assert set(states(page).values()) <= {"drawn", "empty"}


def test_the_page_passes_its_own_tests() -> None:
    install(ROOT / "frontend")
    for command in (["node_modules/typescript/bin/tsc", "--noEmit"], ["node_modules/vitest/vitest.mjs", "run"]):
        done = subprocess.run(
            ["node", *command],  # noqa: S607
            cwd=ROOT / "frontend",
            env=dict(node_environment()),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
