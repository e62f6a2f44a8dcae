"""Every dashboard that is committed passes the linter, and the linter finds what is planted."""

import copy
import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.support.catalogue import CATALOGUE
from tests.support.dashboards import expressions, filled, findings, panels, selectors
from tests.support.rules import ALERTS
from tradewatch.catalog.rule import Views
from tradewatch.cli.views import VIEWS
from tradewatch.mixin.viewer_subset import DRAWN, PANEL, PANELS, UNITS, VARIABLE_TYPES
from tradewatch.mixin.viewing import refusals
from tradewatch.stack.servers import locate

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "monitoring/grafana/dashboards"
GENERATED = [FOLDER / f"{page.uid}.json" for views in VIEWS for page in views.dashboards]
SAMPLE = FOLDER / "velocitytrader-performance.json"


def read(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(path.read_text())
    return content


def check(path: Path) -> list[str]:
    dashboard = read(path)
    return [*findings(dashboard, CATALOGUE), *refusals(dashboard)]


@pytest.mark.parametrize("path", GENERATED, ids=lambda path: path.stem)
def test_a_dashboard_passes_the_linter(path: Path) -> None:
    assert check(path) == []


def test_no_two_dashboards_or_alerts_share_a_name() -> None:
    assert len({path.stem for path in GENERATED}) == len(GENERATED)
    assert len(ALERTS) == sum(len(file.alerts) for views in VIEWS for file in views.rules)


@pytest.mark.parametrize("views", VIEWS, ids=lambda views: views.name)
def test_every_metric_is_on_a_panel_or_is_declared_not_to_be(views: Views) -> None:
    shown = {
        metric.name
        for page in views.dashboards
        for panel in page.panels
        for target in panel.targets
        for metric in target.query.metrics
    }
    assert {metric.name for metric in views.metrics} - shown == set(views.unseen)
    assert all(views.unseen.values())


@pytest.mark.parametrize("views", VIEWS, ids=lambda views: views.name)
def test_panels_link_to_runbooks_that_there_are(views: Views) -> None:
    named = {alert for page in views.dashboards for panel in page.panels for alert in panel.alerts}
    assert named <= set(ALERTS)
    pages = {path.stem for path in (ROOT / "docs/runbooks").glob("*.md")}
    assert set(ALERTS) <= pages  # others may be the user's own; one that is no longer generated, the manifest knows


def test_an_entity_has_one_colour_on_every_dashboard() -> None:
    colours: dict[str, set[str]] = {}
    for path in GENERATED:
        for panel in panels(read(path)):
            for override in panel["fieldConfig"]["overrides"]:
                for each in override["properties"]:
                    if each["id"] == "color":
                        colours.setdefault(override["matcher"]["options"], set()).add(each["value"]["fixedColor"])
    assert colours
    assert {name: found for name, found in colours.items() if len(found) > 1} == {}


def test_prometheus_accepts_every_query(tmp_path: Path) -> None:
    asked = sorted({filled(each) for path in GENERATED for each in expressions(read(path))})
    rules = tmp_path / "asked.yml"
    records = [{"record": f"asked:{number}", "expr": each} for number, each in enumerate(asked)]
    rules.write_text(json.dumps({"groups": [{"name": "asked", "rules": records}]}))
    done = subprocess.run([locate("promtool"), "check", "rules", rules], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def first(dashboard: dict[str, Any], kind: str) -> dict[str, Any]:
    found: dict[str, Any] = next(panel for panel in panels(dashboard) if panel["type"] == kind)
    return found


def misspell(dashboard: dict[str, Any]) -> None:
    first(dashboard, "stat")["targets"][0]["expr"] = "velocitytrader_pnl_totl"


def ask_for_an_impossible_value(dashboard: dict[str, Any]) -> None:
    first(dashboard, "stat")["targets"][0]["expr"] = 'velocitytrader_trades_by_outcome_total{outcome="Win"}'


def ask_for_an_unknown_label(dashboard: dict[str, Any]) -> None:
    first(dashboard, "stat")["targets"][0]["expr"] = 'velocitytrader_pnl_total{agent="sniper"}'


def overlap(dashboard: dict[str, Any]) -> None:
    first(dashboard, "gauge")["gridPos"]["x"] -= 1


def overflow(dashboard: dict[str, Any]) -> None:
    dashboard["panels"][-1]["gridPos"]["w"] += 1


def share_an_id(dashboard: dict[str, Any]) -> None:
    dashboard["panels"][1]["id"] = dashboard["panels"][0]["id"]


def show_percent_as_a_ratio(dashboard: dict[str, Any]) -> None:
    first(dashboard, "gauge")["fieldConfig"]["defaults"]["unit"] = "percentunit"


def show_a_ratio_as_percent(dashboard: dict[str, Any]) -> None:
    panel = first(dashboard, "stat")
    panel["targets"][0]["expr"] = "velocitytrader_probabilistic_sharpe_ratio"
    panel["fieldConfig"]["defaults"]["unit"] = "percent"


def name_an_unknown_label(dashboard: dict[str, Any]) -> None:
    first(dashboard, "barchart")["targets"][0]["legendFormat"] = "{{symbl}}"


def ask_for_an_unknown_variable(dashboard: dict[str, Any]) -> None:
    first(dashboard, "stat")["targets"][0]["expr"] = 'velocitytrader_pnl_total{instance=~"$exporter"}'


def forget_the_description(dashboard: dict[str, Any]) -> None:
    del first(dashboard, "stat")["description"]


def draw_what_the_viewer_cannot(dashboard: dict[str, Any]) -> None:
    first(dashboard, "piechart")["type"] = "candlestick"


def use_an_option_the_viewer_ignores(dashboard: dict[str, Any]) -> None:
    first(dashboard, "timeseries")["fieldConfig"]["defaults"]["custom"]["drawStyle"] = "bars"


PLANTED: tuple[tuple[Callable[[dict[str, Any]], None], str], ...] = (
    (misspell, "no metric velocitytrader_pnl_totl is in the catalogue"),
    (ask_for_an_impossible_value, "the label outcome of velocitytrader_trades_by_outcome_total is never Win"),
    (ask_for_an_unknown_label, "velocitytrader_pnl_total has no label agent"),
    (overlap, "overlaps"),
    (overflow, "leaves the grid"),
    (share_an_id, "is not unique"),
    (show_percent_as_a_ratio, "shows velocitytrader_win_rate (percent) as percentunit"),
    (show_a_ratio_as_percent, "shows velocitytrader_probabilistic_sharpe_ratio (ratio) as percent"),
    (name_an_unknown_label, "names the label symbl"),
    (ask_for_an_unknown_variable, "asks for the variable exporter"),
    (forget_the_description, "has no description"),
    (draw_what_the_viewer_cannot, "is a candlestick, which the viewer does not draw"),
    (use_an_option_the_viewer_ignores, "drawStyle 'bars'"),
)


@pytest.mark.parametrize(("plant", "sentence"), PLANTED, ids=lambda each: getattr(each, "__name__", ""))
def test_a_planted_fault_is_found(plant: Callable[[dict[str, Any]], None], sentence: str) -> None:
    dashboard = copy.deepcopy(read(SAMPLE))
    plant(dashboard)
    found = [*findings(dashboard, CATALOGUE), *refusals(dashboard)]
    assert any(sentence in each for each in found), found


def test_the_linter_sees_inside_nested_queries() -> None:
    asked = "topk(1, sum by (a) (rate(x[5m]))) / on(a) group_left() (y unless z{b=~'c'}) > 3"
    assert [name for name, _ in selectors(asked)] == ["x", "y", "z"]


@pytest.mark.parametrize(
    ("ours", "drawn"),
    [
        ({*PANELS, "row"}, "panels"),
        (PANELS["table"]["transformations[].id"], "transformations"),
        (PANELS["stat"]["options.reduceOptions.calcs[]"], "calculations"),
        (PANELS["timeseries"]["options.legend.calcs[]"], "calculations"),
        (PANEL["fieldConfig.defaults.mappings[].type"], "mappings"),
        (PANEL["fieldConfig.overrides[].matcher.id"], "matchers"),
        (VARIABLE_TYPES, "variables"),
        (UNITS, "units"),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_what_our_dashboards_may_have_the_page_draws(ours: frozenset[str], drawn: str) -> None:
    assert set(ours) <= DRAWN[drawn]
