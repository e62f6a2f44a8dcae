"""How many bars an indicator looks at."""


def checked_period(period: int, least: int = 1) -> int:
    """Return the period, in bars; raises ValueError when it is shorter than the indicator can be computed from.

    >>> checked_period(14)
    14
    """
    if period < least:
        message = f"a period of {period} bars is too short for this indicator: set {least} or more"
        raise ValueError(message)
    return period
