from pathlib import Path

import pytest

from tradewatch.errors import ConfigurationError
from tradewatch.stack import settings
from tradewatch.stack.settings import KEYS, Settings


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "tradewatch.toml"


def load(file: Path, text: str = "", environment: dict[str, str] | None = None, **flags: object) -> Settings:
    file.write_text(text)
    return settings.load(file, environment or {}, flags)


def test_without_anything_set_defaults_hold(tmp_path: Path) -> None:
    found = settings.load(tmp_path / "no.toml", {})
    assert found["ports.hydra"] == 9101
    assert {each.origin for each in found.found.values()} == {"default"}
    assert set(found.found) == set(KEYS)


def test_flags_win_over_the_environment_which_wins_over_the_file(file: Path) -> None:
    text = "[ports]\nhydra = 1\nbot = 2\nprometheus = 3\n"
    environment = {"TRADEWATCH_PORTS_BOT": "20", "TRADEWATCH_PORTS_PROMETHEUS": "30"}
    found = load(file, text, environment, **{"ports.prometheus": 300})
    assert [found[f"ports.{name}"] for name in ("hydra", "bot", "prometheus")] == [1, 20, 300]
    assert [found.found[f"ports.{name}"].origin for name in ("hydra", "bot", "prometheus", "journal")] == [
        str(file),
        "environment, TRADEWATCH_PORTS_BOT",
        "command line",
        "default",
    ]
    assert found.ports.prometheus == 300


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[ports]\nhydr = 1", r"ports\.hydr is not known; did you mean ports\.hydra\?"),
        ("colour = 'red'", "colour is not known; `tradewatch config show` lists"),
        ("[ports]\nhydra = 0", r"ports\.hydra = 0 is wrong: give a port from 1 to 65535"),
        ("[ports]\nhydra = true", "give a whole number"),
        ("[ports]\nhydra = 'x'", "give a whole number"),
        ("[demo]\nsystems = ['hydra', 'medusa']", "give one or more of hydra, velocitytrader, bot"),
        ("[demo]\nsystems = []", "give one or more of hydra"),
        ("[demo]\ndays = 0", "give days from 1 to 3650"),
        ("[ports", "is not TOML"),
    ],
)
def test_what_is_wrong_is_named_with_its_file_and_the_mend(file: Path, text: str, said: str) -> None:
    with pytest.raises(ConfigurationError, match=said) as error:
        load(file, text)
    assert str(file) in str(error.value)
    assert "\n" not in str(error.value)


def test_a_wrong_variable_is_named(file: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"environment, TRADEWATCH_PORTS_HYDRA: ports\.hydra = 'x' is wrong"):
        load(file, environment={"TRADEWATCH_PORTS_HYDRA": "x"})


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[alerts.telegram]\ntoken_file = 'x'", "alerts.telegram.token_file is not known"),
        ("[alerts.email]\nrequire_tls = 7", "alerts.email.require_tls = 7 is wrong: give true or false"),
        ("[alerts.slack]\nchannel = ''", "alerts.slack.channel = '' is wrong: give a text"),
    ],
)
def test_a_mistake_in_the_alerts_settings_stops_nothing_and_is_named(file: Path, text: str, said: str) -> None:
    (problem,) = load(file, text).problems
    assert said in problem
    assert str(file) in problem


def test_a_folder_in_the_files_place_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="cannot be read"):
        settings.load(tmp_path, {})
