"""Limits as the command line gives them: read, checked, told."""

from dataclasses import dataclass, fields
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradewatch.errors import ConfigurationError
from tradewatch.systems.hydra.guardian.limits import GuardianLimits
from tradewatch.systems.running.limits import LONGEST, MOST, checked, limits_of, told
from tradewatch.systems.velocitytrader.risk import Limits

KINDS = [GuardianLimits, Limits]


@dataclass(frozen=True, slots=True, kw_only=True)
class Few:
    """One limit of each kind."""

    share: float = 0.5
    count: int = 3
    pause: timedelta = timedelta(hours=1)
    patience: timedelta | None = None

    def __post_init__(self) -> None:
        checked(self)


def test_what_is_not_given_is_the_default_and_then_the_class_s_own() -> None:
    found = limits_of(Few, {"share": "0.25", "pause": "1.5"}, {"count": 7, "pause": timedelta(hours=9)})
    assert found == Few(share=0.25, count=7, pause=timedelta(minutes=90))


def test_none_is_for_a_limit_that_may_be_absent() -> None:
    assert limits_of(Few, {"patience": "none"}, {"patience": timedelta(hours=24)}).patience is None
    assert limits_of(Few, {"patience": "24"}, {}).patience == timedelta(hours=24)
    with pytest.raises(ConfigurationError, match="--limit share=none is not a number"):
        limits_of(Few, {"share": "none"}, {})


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("spare", "1", "--limit spare is not known: choose among share, count, pause, patience"),
        ("", "1", "is not known: choose among"),
        ("count", "3.0", "--limit count=3.0 is not a whole number: give a whole number, such as count=4"),
        ("share", "1e-400", "the limit share is 0.0: set a share above 0 and at most 1"),
        ("share", "inf", "--limit share=inf is not a number: give a number, such as share=0.5"),
        ("pause", "1e-30", "the limit pause is 0:00:00: set a time above 0"),
        ("patience", "-1", "set a time above 0, at most ten years"),
        ("pause", "9" * 400, "is not hours: give hours, such as pause=0.5"),
    ],
)
def test_what_cannot_be_a_limit_is_one_sentence(name: str, text: str, sentence: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        limits_of(Few, {name: text}, {})
    assert sentence in str(refused.value)
    assert "\n" not in str(refused.value)


@given(share=st.floats(0, 1, exclude_min=True), count=st.integers(1, MOST), hours=st.floats(0.001, 87_600))
def test_whatever_can_be_meant_is_read_as_it_was_written(share: float, count: int, hours: float) -> None:
    found = limits_of(Few, {"share": repr(share), "count": str(count), "pause": repr(hours)}, {})
    assert (found.share, found.count, found.pause) == (share, count, timedelta(hours=hours))
    assert told(found) == {"share": share, "count": float(count)}


@given(text=st.text(max_size=30), name=st.sampled_from([field.name for field in fields(Few)]))
def test_any_text_is_a_limit_or_one_sentence(text: str, name: str) -> None:
    try:
        found = limits_of(Few, {name: text}, {})
    except ConfigurationError:
        return
    assert timedelta(0) < found.pause <= LONGEST
    assert 0 < found.share <= 1


@pytest.mark.parametrize("kind", KINDS)
def test_a_system_tells_its_shares_and_counts(kind: type[GuardianLimits | Limits]) -> None:
    found = told(kind())
    assert {"daily_loss", "drawdown"} <= set(found)
    assert all(isinstance(value, float) for value in found.values())
    assert "pause" not in found


@pytest.mark.parametrize("kind", KINDS)
def test_each_limit_of_a_system_can_be_given_by_name(kind: type[GuardianLimits | Limits]) -> None:
    for field in fields(kind):
        text = "1" if "timedelta" in str(field.type) else "5" if "int" in str(field.type) else "0.5"
        assert getattr(limits_of(kind, {field.name: text}, {}), field.name) in {timedelta(hours=1), 5, 0.5}
