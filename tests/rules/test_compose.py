"""The containers, as far as that can be judged without an engine: by docker-compose itself, and by what must hold."""

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.support.compose import PYTHON, compose, configuration
from tradewatch.stack.places import find_places
from tradewatch.stack.ports import Ports
from tradewatch.stack.servers import locate

FOLDER = find_places().root / "monitoring"
WATCHING = ["alertmanager", "grafana", "prometheus"]
PORTS = Ports().by_name()
PASSWORD = "GF_SECURITY_ADMIN_PASSWORD"  # noqa: S105 - the name of a variable

pytestmark = pytest.mark.skipif(not PYTHON.exists(), reason="docker-compose is a program of Debian's Python")


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:  # Any: YAML
    found: dict[str, Any] = configuration(FOLDER)["services"]
    return found


def test_plain_up_starts_what_watches_and_nothing_else(services: dict[str, Any]) -> None:
    assert sorted(name for name, service in services.items() if "profiles" not in service) == WATCHING
    assert {tuple(service["profiles"]) for service in services.values() if "profiles" in service} == {("systems",)}


def test_the_documents_names_are_the_containers(services: dict[str, Any]) -> None:
    assert {services[name]["container_name"] for name in WATCHING} == {f"velocitytrader-{name}" for name in WATCHING}
    names = [service["container_name"] for service in services.values()]
    assert all(name.startswith("velocitytrader-") for name in names)
    assert len(set(names)) == len(names)


def test_everything_is_in_the_machines_network_and_on_loopback(services: dict[str, Any]) -> None:
    for service in services.values():
        assert service["network_mode"] == "host"
        assert "ports" not in service
    said = " ".join(word for service in services.values() for word in service.get("command") or [])
    listens = re.findall(r"listen(?:-address)?[= ](\S*:\d+)", said)
    assert sorted(listens) == sorted(
        f"127.0.0.1:{PORTS[name]}" for name in ("prometheus", "alertmanager", "journal", "hydra", "velocitytrader")
    )
    assert services["grafana"]["environment"]["GF_SERVER_HTTP_ADDR"] == "127.0.0.1"
    assert services["grafana"]["environment"]["GF_SERVER_HTTP_PORT"] == str(PORTS["viewer"])


def test_no_container_is_root_or_may_write_where_it_need_not(services: dict[str, Any]) -> None:
    own = "\n".join((FOLDER / "Dockerfile").read_text().splitlines())
    assert re.search(r"^USER tradewatch$", own, re.MULTILINE)
    for name, service in services.items():
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
        if service["image"] != "tradewatch:local":
            assert service["user"].split(":")[0] != "0", name


def test_every_container_that_stays_says_whether_it_is_well(services: dict[str, Any]) -> None:
    without = [name for name, service in services.items() if "healthcheck" not in service]
    assert without == [name for name in services if name.endswith("-history")]


def test_images_are_pinned(services: dict[str, Any]) -> None:
    images = {service["image"] for service in services.values()} - {"tradewatch:local"}
    assert all(re.fullmatch(r"[\w/]+:v?\d+\.\d+\.\d+", image) for image in images)
    assert any(image.startswith("prom/prometheus:v3.") for image in images)
    assert any(image.startswith("grafana/grafana:12.") for image in images)


def test_every_mounted_path_exists_and_cannot_be_written(services: dict[str, Any]) -> None:
    mounts = [mount.split(":") for service in services.values() for mount in service.get("volumes", ())]
    paths = [mount for mount in mounts if mount[0].startswith("/")]
    assert paths
    for path, _, mode in paths:
        assert (FOLDER / path).exists(), path
        assert mode == "ro"


def test_what_a_container_is_built_of_exists() -> None:
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", (FOLDER / "Dockerfile").read_text(), re.MULTILINE)
    names = [name for words in copied for name in words.split()]
    assert [name for name in names if not (FOLDER.parent / name).exists()] == []
    ignored = (FOLDER.parent / ".dockerignore").read_text()
    assert [name for name in names if f"!{name.removesuffix('/run-system')}" not in ignored] == []


def test_grafanas_password_is_the_documents_unless_the_environment_says_otherwise(services: dict[str, Any]) -> None:
    assert services["grafana"]["environment"][PASSWORD] == "velocitytrader"
    other = configuration(FOLDER, **{PASSWORD: "mine"})["services"]["grafana"]["environment"]
    assert other[PASSWORD] == "mine"


def test_a_key_that_docker_compose_does_not_know_would_be_noticed(tmp_path: Path) -> None:
    (tmp_path / "docker-compose.yml").write_text("services:\n  a:\n    image: x\n    colour: red\n")
    assert "colour" in compose(tmp_path, "config").stderr


def test_prometheus_and_alertmanager_take_what_is_mounted() -> None:
    folder = FOLDER / "prometheus"
    for command in (
        [str(locate("promtool")), "check", "config", str(folder / "prometheus.yml")],
        [str(locate("amtool")), "check-config", str(folder / "alertmanager.yml")],
    ):
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr


def test_the_script_that_runs_a_system_begins_once_in_the_past(tmp_path: Path) -> None:
    (tmp_path / "tradewatch").write_text('#!/bin/sh\necho "$@"\n')
    (tmp_path / "tradewatch").chmod(0o755)
    ledger = tmp_path / "hydra.db"

    def said() -> str:
        command = [str(FOLDER / "docker" / "run-system"), "hydra", str(ledger), "30"]
        environment = {"PATH": f"{tmp_path}:/usr/bin:/bin"}
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout

    assert re.fullmatch(
        rf"run hydra --ledger {re.escape(str(ledger))} --seed 7 --start=\d{{4}}-\d\d-\d\dT\d\d:\d\d:00 --quiet\n",
        said(),
    )
    ledger.write_text("a run")
    assert "--start" not in said()
