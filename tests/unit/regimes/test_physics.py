"""The rules of VelocityPTrader's regimes, one by one and in their order."""

import pytest

from tradewatch.indicators import Physics
from tradewatch.regimes import PhysicalRegime, physical_regime

CALM = Physics(
    displacement=0.001,
    deviation=0.002,
    velocity=0.1,
    acceleration=0.0,
    mass=1.0,
    momentum=0.1,
    kinetic_energy=0.005,
    potential_energy=0.001,
    energy_rank=0.5,
    natural_frequency=0.1,
    damping_ratio=1.0,
    explained=0.9,
    unstable=False,
    burst=False,
)


def test_codes_are_those_of_the_contract() -> None:
    codes = {regime.value: regime.code for regime in PhysicalRegime}
    assert codes == {"CHAOTIC": 1, "UNDERDAMPED": 2, "CRITICALLY_DAMPED": 3, "OVERDAMPED": 4}


@pytest.mark.parametrize(
    ("damping", "expected"),
    [
        (0.01, PhysicalRegime.UNDERDAMPED),
        (0.6499, PhysicalRegime.UNDERDAMPED),
        (0.65, PhysicalRegime.CRITICALLY_DAMPED),
        (1.5, PhysicalRegime.CRITICALLY_DAMPED),
        (1.5001, PhysicalRegime.OVERDAMPED),
        (40.0, PhysicalRegime.OVERDAMPED),
    ],
)
def test_the_damping_ratio_decides(damping: float, expected: PhysicalRegime) -> None:
    assert physical_regime(CALM._replace(damping_ratio=damping)) is expected


def test_the_band_can_be_set() -> None:
    assert physical_regime(CALM, critical_band=(1.1, 2.0)) is PhysicalRegime.UNDERDAMPED
    assert physical_regime(CALM, critical_band=(0.1, 0.9)) is PhysicalRegime.OVERDAMPED


@pytest.mark.parametrize("damping", [0.1, 1.0, 5.0])
def test_a_burst_comes_first(damping: float) -> None:
    assert physical_regime(CALM._replace(damping_ratio=damping, burst=True)) is PhysicalRegime.CHAOTIC


def test_an_unstable_pole_is_chaotic_however_low_the_energy() -> None:
    undefined = CALM._replace(natural_frequency=None, damping_ratio=None, potential_energy=None, unstable=True)
    assert physical_regime(undefined._replace(energy_rank=0.0)) is PhysicalRegime.CHAOTIC


@pytest.mark.parametrize(
    ("rank", "expected"),
    [(0.0, PhysicalRegime.OVERDAMPED), (0.9, PhysicalRegime.OVERDAMPED), (0.91, PhysicalRegime.CHAOTIC)],
)
def test_without_poles_the_energy_decides(rank: float, expected: PhysicalRegime) -> None:
    undefined = CALM._replace(natural_frequency=None, damping_ratio=None, potential_energy=None, energy_rank=rank)
    assert physical_regime(undefined) is expected


def test_high_energy_alone_is_not_chaotic() -> None:
    assert physical_regime(CALM._replace(energy_rank=1.0)) is PhysicalRegime.CRITICALLY_DAMPED
