import pytest

from tests.support.servers import free_port, occupied_port
from tradewatch.errors import ConfigurationError
from tradewatch.stack.ports import Ports, is_free, require_free


def test_a_port_is_free_until_somebody_listens() -> None:
    with occupied_port() as port:
        assert not is_free(port)
    assert is_free(port)


def test_free_ports_are_accepted() -> None:
    require_free({"hydra": free_port()})


def test_a_port_in_use_is_named_with_its_option() -> None:
    with occupied_port() as port, pytest.raises(ConfigurationError, match=rf"port {port} .* --port bot=") as refusal:
        require_free({"hydra": free_port(), "bot": port})
    assert "hydra" not in str(refusal.value)


def test_two_servers_cannot_share_a_port() -> None:
    port = free_port()
    with pytest.raises(ConfigurationError, match=rf"port {port} is asked for twice"):
        require_free({"hydra": port, "bot": port})


def test_the_ports_are_the_documents() -> None:
    ports = Ports()
    named = ("velocitytrader", "prometheus", "alertmanager", "viewer", "hydra")
    assert [ports.by_name()[name] for name in named] == [9090, 9091, 9093, 3000, 9101]
    assert ports.address("hydra") == "http://127.0.0.1:9101"
