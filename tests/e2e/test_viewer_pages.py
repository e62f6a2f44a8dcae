"""The viewer's own pages: whether anybody can read them, and what they say while the servers behind are in trouble."""

import json
import time
from pathlib import Path
from threading import Event
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.browsers import ROOT, opened, violations
from tests.support.panels import dashboard, panel
from tests.support.viewers import Answer, answering, shown_by
from tradewatch.viewer.glance import HYDRA

MINUS = "\N{MINUS SIGN}"
NUMBERS = {"alive": 1, "pnl": -1234.5, "pnl_percent": -0.5, "equity": 98765.432, "drawdown": 12.5, "open": 3}
RULES = {
    "name": "HydraDown",
    "type": "alerting",
    "query": "up == 0",
    "health": "ok",
    "state": "firing",
    "labels": {"severity": "critical"},
    "annotations": {
        "summary": "HYDRA does not run",
        "runbook_url": "http://localhost:3000/public/runbooks/HydraDown.md",
    },
    "alerts": [
        {
            "labels": {"alertname": "HydraDown", "job": "hydra", "severity": "critical"},
            "annotations": {
                "summary": "HYDRA does not run",
                "runbook_url": "http://localhost:3000/public/runbooks/HydraDown.md",
            },
            "state": "firing",
            "activeAt": "2026-01-01T00:00:00Z",
            "value": "1e+00",
        }
    ],
}
TARGET = {
    "labels": {"job": "hydra", "instance": "127.0.0.1:9101"},
    "health": "down",
    "lastError": "connection refused",
    "lastScrape": "2026-01-01T00:00:00Z",
    "lastScrapeDuration": 0.001,
    "scrapePool": "hydra",
    "scrapeUrl": "http://127.0.0.1:9101/metrics",
}


def success(data: object) -> tuple[int, bytes]:
    return 200, json.dumps({"status": "success", "data": data}).encode()


def of_hydra(numbers: dict[str, float], course: int = 0) -> Answer:
    """Answer as a Prometheus that knows HYDRA alone: its numbers now, and its equity until some seconds ago."""

    def answer(path: str) -> tuple[int, bytes]:
        url = urlsplit(path)
        asked = parse_qs(url.query).get("query", [""])[0]
        if url.path.endswith("/rules"):
            return success({"groups": [{"rules": [RULES]}]})
        if url.path.endswith("/targets"):
            return success({"activeTargets": [TARGET]})
        if url.path.endswith("/query_range"):
            points = [[time.time() - course - 900 * ago, f"{100 + ago}"] for ago in (2, 1, 0)]
            is_known = asked == HYDRA.questions["course"]
            return success({"resultType": "matrix", "result": [{"metric": {}, "values": points}] if is_known else []})
        known = numbers if "hydra_" in asked else {}
        result = [{"metric": {"question": name}, "value": [1, str(value)]} for name, value in known.items()]
        return success({"resultType": "vector", "result": result})

    return answer


def test_a_card_shows_the_numbers_of_its_system(browser: Browser, page_folder: Path, tmp_path: Path) -> None:
    with (
        answering(of_hydra(NUMBERS)) as (prometheus, _),
        shown_by(page_folder, tmp_path, prometheus=prometheus, subject="HYDRA (simulated)") as address,
        opened(browser, address) as page,
    ):
        expect(page.locator(".side-subject")).to_have_text("Shows HYDRA (simulated).")
        card = page.locator(".card", has_text="HYDRA")
        expect(card.locator(".card-number")).to_have_text(f"{MINUS}1,234.50")
        expect(card).to_contain_text(f"{MINUS}0.50%")
        expect(card.locator(".card-facts")).to_have_text("Equity98,765.43Drawdown12.50%Open3Trades–Alerts1 firing")
        expect(card.locator(".state").first).to_have_text("alive")
        expect(card.locator(".spark")).to_be_visible()
        expect(page.locator(".card")).to_have_count(1)
        expect(page.locator(".page-head")).to_contain_text("1 system · 1 alert fires")


def test_a_system_that_must_not_trade_says_so(browser: Browser, page_folder: Path, tmp_path: Path) -> None:
    for allowed, told in ((0, 1), (1, 0)):
        with (
            answering(of_hydra({**NUMBERS, "trading": allowed})) as (prometheus, _),
            shown_by(page_folder, tmp_path, prometheus=prometheus) as address,
            opened(browser, address) as page,
        ):
            expect(page.locator(".card-number")).to_be_visible()
            expect(page.locator(".card .state", has_text="trading halted")).to_have_count(told)


def test_a_system_whose_numbers_have_stopped_keeps_its_card(
    browser: Browser, page_folder: Path, tmp_path: Path
) -> None:
    with (
        answering(of_hydra({}, course=3_600)) as (prometheus, _),
        shown_by(page_folder, tmp_path, prometheus=prometheus) as address,
        opened(browser, address) as page,
    ):
        expect(page.locator(".card", has_text="HYDRA").locator(".state")).to_have_text("no numbers for 1 h")
        expect(page.locator(".page-head")).to_contain_text("1 system, 1 not alive")


def test_a_slow_prometheus_is_named_while_it_is_waited_for_and_then_its_answer_is_shown(
    browser: Browser, page_folder: Path, tmp_path: Path
) -> None:
    ready, answer = Event(), of_hydra(NUMBERS)

    def slow(path: str) -> tuple[int, bytes]:
        ready.wait(20)
        return answer(path)

    with (
        answering(slow) as (prometheus, _),
        shown_by(page_folder, tmp_path, prometheus=prometheus) as address,
        opened(browser, address) as page,
    ):
        expect(page.locator(".card.is-awaited", has_text="HYDRA")).to_contain_text("asking…")
        expect(page.locator(".banner")).to_contain_text("Prometheus is slow, asked at", timeout=10_000)
        ready.set()
        expect(page.locator(".card-number")).to_have_text(f"{MINUS}1,234.50")
        expect(page.locator(".banner")).to_have_count(0)


NONSENSE = (
    ((200, b"<html>"), "something that is no JSON"),
    ((200, b"{}"), "no answer of Prometheus"),
    ((503, b'{"a":1}'), "no answer of Prometheus"),
)


@pytest.mark.parametrize("nonsense", NONSENSE, ids=lambda each: each[1])
def test_nonsense_is_named_with_its_time_what_was_shown_stays_and_it_recovers_by_itself(
    nonsense: tuple[tuple[int, bytes], str], browser: Browser, page_folder: Path, tmp_path: Path
) -> None:
    wrong, answer = Event(), of_hydra(NUMBERS)
    with (
        answering(lambda path: nonsense[0] if wrong.is_set() else answer(path)) as (prometheus, _),
        shown_by(page_folder, tmp_path, prometheus=prometheus) as address,
        opened(browser, f"{address}/targets") as page,
    ):
        expect(page.locator("tbody tr")).to_contain_text("connection refused")
        wrong.set()
        expect(page.locator(".banner")).to_contain_text("Prometheus is not to be had since", timeout=20_000)
        expect(page.locator(".banner")).to_contain_text(nonsense[1])
        expect(page.locator("tbody tr")).to_contain_text("connection refused")
        wrong.clear()
        expect(page.locator(".banner")).to_have_count(0, timeout=20_000)


def test_without_alertmanager_the_alerts_are_shown_and_it_is_named(
    browser: Browser, page_folder: Path, tmp_path: Path
) -> None:
    with (
        answering(of_hydra(NUMBERS)) as (prometheus, _),
        shown_by(page_folder, tmp_path, prometheus=prometheus, runbooks=ROOT / "docs" / "runbooks") as address,
        opened(browser, f"{address}/alerts") as page,
    ):
        expect(page.locator(".alert")).to_contain_text("HYDRA does not run")
        expect(page.locator(".banner")).to_contain_text("Alertmanager is not to be had since")
        link = page.locator(".alert").get_by_role("link", name="Runbook")
        expect(link).to_have_attribute("href", "/public/runbooks/HydraDown.md")
        link.click()
        expect(page.locator("main h1")).to_have_text("HydraDown")


def settled(page: Page) -> None:
    expect(page.locator("main h1")).to_be_visible()
    expect(page.locator(".is-awaited, .calm[role]")).to_have_count(0)


@pytest.mark.parametrize("is_dark", [False, True], ids=["light", "dark"])
def test_every_page_can_be_read_by_everybody(
    *, is_dark: bool, browser: Browser, page_folder: Path, tmp_path: Path
) -> None:
    with (
        answering(of_hydra(NUMBERS)) as (prometheus, _),
        shown_by(page_folder, tmp_path, prometheus=prometheus, runbooks=ROOT / "docs" / "runbooks") as address,
    ):
        for path in ("/", "/alerts", "/targets", "/trades", "/public/runbooks/HydraDown.md", "/nowhere"):
            with opened(browser, f"{address}{path}", dark=is_dark) as page:
                settled(page)
                assert (path, violations(page)) == (path, [])


def test_the_frame_can_be_walked_with_the_keyboard(browser: Browser, page_folder: Path, tmp_path: Path) -> None:
    with (
        answering(of_hydra(NUMBERS)) as (prometheus, _),
        shown_by(page_folder, tmp_path, prometheus=prometheus) as address,
        opened(browser, address) as page,
    ):
        settled(page)
        page.keyboard.press("Tab")
        expect(page.locator(".skip")).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.locator("main")).to_be_focused()
        page.keyboard.press("Tab")
        expect(page.locator(".card h2 a")).to_be_focused()
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline == "solid"


def test_a_dashboard_whose_prometheus_stops_answering_says_so_in_every_panel_and_fills_itself_later(
    browser: Browser, page_folder: Path, tmp_path: Path
) -> None:
    hangs, answer = Event(), of_hydra({"alive": 1})
    hangs.set()
    dashboard(tmp_path / "hanging.json", panel("stat", "Number", "hydra_up"), panel("timeseries", "Lines", "hydra_up"))
    with (
        answering(lambda path: (503, b"busy") if hangs.is_set() else answer(path)) as (prometheus, _),
        shown_by(page_folder, tmp_path, prometheus=prometheus) as address,
        opened(browser, f"{address}/d/hanging") as page,
    ):
        for title in ("Number", "Lines"):
            note = page.locator(f'section[aria-label="{title}"] .panel-note')
            expect(note).to_contain_text("Prometheus: it answered 503 with something that is no JSON")
        hangs.clear()
        expect(page.locator('section[aria-label="Number"] .figure')).to_have_text("1", timeout=20_000)
        expect(page.locator(".banner")).to_have_count(0)
