"""Grafana's names for what numbers count in."""

from collections.abc import Mapping

from tradewatch.catalog.concept import Unit
from tradewatch.catalog.view import Panel

MONEY = "locale"
DOLLARS = "currencyUSD"
BYTES = "bytes"

UNITS: Mapping[Unit, str] = {
    Unit.COUNT: "short",
    Unit.MONEY: MONEY,
    Unit.PRICE: "none",
    Unit.RATIO: "percentunit",
    Unit.PERCENT: "percent",
    Unit.TIMES: "none",
    Unit.SECONDS: "s",
    Unit.STATE: "none",
    Unit.HERTZ: "hertz",
}
"""The account's currency is the ledger's, so money is a plain number unless it can only be in USD."""

DECIMALS: Mapping[Unit, int] = {Unit.MONEY: 2, Unit.PERCENT: 1, Unit.RATIO: 1, Unit.TIMES: 2}


def unit_of(panel: Panel) -> Unit | None:
    """Return what a panel's numbers count in; None for a text, and where arithmetic made something without a unit."""
    return panel.unit or next((target.query.unit for target in panel.targets), None)


def grafana_unit(panel: Panel) -> str:
    """Return Grafana's name of a panel's unit."""
    unit = unit_of(panel)
    metrics = [metric for target in panel.targets for metric in target.query.metrics]
    if unit is Unit.MONEY and all(metric.currency == "USD" for metric in metrics):
        return DOLLARS
    if unit is Unit.COUNT and all(metric.name.endswith("_bytes") for metric in metrics):
        return BYTES
    return "none" if unit is None else UNITS[unit]


def decimals(panel: Panel) -> int | None:
    """Return how many decimals a panel shows; None leaves it to the viewer."""
    unit = unit_of(panel)
    return panel.decimals if panel.decimals is not None or unit is None else DECIMALS.get(unit)
