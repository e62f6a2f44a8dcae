import subprocess
from pathlib import Path

import msgspec
import pytest

from tests.support.servers import free_port, running_prometheus
from tradewatch.stack import loopback, prometheus
from tradewatch.stack.places import Places, find_places
from tradewatch.stack.ports import Ports
from tradewatch.stack.servers import locate
from tradewatch.stack.waiting import wait_until

OTHER_PORTS = Ports(bot=19102, prometheus=19091)


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places(root=find_places().root, home=tmp_path / "home", private=tmp_path)


def test_with_the_committed_ports_the_committed_file_runs(places: Places) -> None:
    assert prometheus.configuration_for(Ports(), places) == places.configuration
    assert not places.home.exists()


def test_with_other_ports_a_copy_runs_and_the_committed_file_stays(places: Places) -> None:
    committed = places.configuration.read_text()
    copy = prometheus.configuration_for(OTHER_PORTS, places)
    assert copy.is_relative_to(places.home)
    moved = committed.replace(":9102", ":19102").replace(":9091", ":19091")
    rules = places.configuration.parent
    assert copy.read_text().replace(f"{rules}/", "") == moved != committed
    assert f"- {rules}/alert_rules.yml" in copy.read_text()
    assert places.configuration.read_text() == committed


def test_only_the_whole_address_is_replaced() -> None:
    kept = "9102 127.0.0.1:91020 10.0.0.1:9102"
    assert prometheus.render(kept, OTHER_PORTS) == kept


JOB = """\
scrape_configs:
  - job_name: hydra
    static_configs:
      - targets:
          - "127.0.0.1:9101"
"""
MARKED = """\
scrape_configs:
  - job_name: hydra
    metric_relabel_configs: [{action: labeldrop, regex: left_out}]
    static_configs:
      - targets:
          - "127.0.0.1:9101"
        labels: {left_out: "yes"}
"""


def test_a_system_that_is_left_out_is_marked_and_stays_a_target() -> None:
    assert prometheus.marking(JOB, ["hydra", "bot"]) == MARKED
    assert prometheus.marking(JOB, ["bot"]) == JOB


@pytest.mark.parametrize("more", ['          - "10.0.0.7:9101"\n', "    scheme: https\n"])
def test_a_job_that_somebody_edited_stays_as_it_is(more: str) -> None:
    assert prometheus.marking(JOB + more, ["hydra"]) == JOB + more


def test_with_systems_left_out_a_copy_runs(places: Places) -> None:
    copy = prometheus.configuration_for(Ports(), places, ["velocitytrader", "bot"])
    assert copy.is_relative_to(places.home)
    assert copy.read_text().count('left_out: "yes"') == 2


@pytest.mark.parametrize("left_out", [[], ["velocitytrader"], ["velocitytrader", "hydra", "bot"]])
@pytest.mark.parametrize("ports", [Ports(), OTHER_PORTS])
def test_prometheus_accepts_the_configuration(ports: Ports, left_out: list[str], places: Places) -> None:
    file = prometheus.configuration_for(ports, places, left_out)
    done = subprocess.run([locate("promtool"), "check", "config", file], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_mark_is_on_what_prometheus_says_of_the_target_and_not_on_what_the_target_says(tmp_path: Path) -> None:
    port = free_port()
    itself = JOB.replace("hydra", "itself").replace("9101", str(port))
    itself = f"global: {{scrape_interval: 1s}}\n{itself}"
    with running_prometheus(prometheus.marking(itself, ["itself"]), tmp_path, port=port):
        assert wait_until(lambda: bool(labels_of(port, 'up{left_out="yes"} == 1')), seconds=20)
        assert [each.get("left_out") for each in labels_of(port, "prometheus_build_info")] == [None]


def labels_of(port: int, query: str) -> list[dict[str, str]]:
    body = loopback.fetch(prometheus.query_address(port, query))
    assert body is not None
    return [series["metric"] for series in msgspec.json.decode(body)["data"]["result"]]


def test_a_real_prometheus_scrapes_itself(tmp_path: Path) -> None:
    with running_prometheus("{}", tmp_path) as address:
        assert loopback.answers(f"{address}/api/v1/targets")
    assert not loopback.answers(f"{address}/api/v1/targets")
