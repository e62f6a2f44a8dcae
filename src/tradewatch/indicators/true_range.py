"""How far the price travelled in a bar, the gap before it included."""

from tradewatch.indicators.indicator import Bar


def true_range(bar: Bar, previous_close: float | None) -> float:
    """Return the true range in price: the bar's range, stretched to the close before it; None: there was no bar before.

    max(high, previous close) - min(low, previous close), the largest of Wilder's three distances (Wilder 1978, "New
    Concepts in Technical Trading Systems"). Without a bar before it is high - low, as in StockCharts ChartSchool.
    """
    if previous_close is None:
        return bar.high - bar.low
    high, low = bar.high, bar.low
    # Comparing takes a fraction of the time of calling max and min, at every bar of every asset.
    top = high if high > previous_close else previous_close  # noqa: FURB136 - see above
    bottom = low if low < previous_close else previous_close  # noqa: FURB136 - see above
    return top - bottom
