import pytest

from tests.support.servers import free_port, occupied_port
from tradewatch.errors import ConfigurationError
from tradewatch.stack.ports import is_free, require_free


def test_a_port_is_free_until_somebody_listens() -> None:
    with occupied_port() as port:
        assert not is_free(port)
    assert is_free(port)


def test_free_ports_are_accepted() -> None:
    require_free({"--one-port": free_port()})


def test_a_port_in_use_is_named_with_its_option() -> None:
    with occupied_port() as port, pytest.raises(ConfigurationError, match=rf"port {port} .* --other-port") as refusal:
        require_free({"--one-port": free_port(), "--other-port": port})
    assert "--one-port" not in str(refusal.value)


def test_two_options_cannot_share_a_port() -> None:
    port = free_port()
    with pytest.raises(ConfigurationError, match=rf"port {port} is asked for twice"):
        require_free({"--one-port": port, "--other-port": port})
