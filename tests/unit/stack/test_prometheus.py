import subprocess
from pathlib import Path

import pytest

from tests.support.servers import running_prometheus
from tradewatch.stack import loopback, prometheus
from tradewatch.stack.places import Places, find_places
from tradewatch.stack.ports import Ports
from tradewatch.stack.servers import locate

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


@pytest.mark.parametrize("ports", [Ports(), OTHER_PORTS])
def test_prometheus_accepts_the_configuration(ports: Ports, places: Places) -> None:
    file = prometheus.configuration_for(ports, places)
    done = subprocess.run([locate("promtool"), "check", "config", file], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_a_real_prometheus_scrapes_itself(tmp_path: Path) -> None:
    with running_prometheus("{}", tmp_path) as address:
        assert loopback.answers(f"{address}/api/v1/targets")
    assert not loopback.answers(f"{address}/api/v1/targets")
