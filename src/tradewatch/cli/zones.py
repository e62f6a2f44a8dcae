"""A time zone as an option."""

from datetime import UTC, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import click

from tradewatch.errors import ConfigurationError


class Zone(click.ParamType[tzinfo]):
    """The name of a time zone."""

    name = "zone"

    def convert(self, value: str | tzinfo, _param: click.Parameter | None, _ctx: click.Context | None) -> tzinfo:
        """Return the zone; raises `ConfigurationError` when there is none of that name."""
        if isinstance(value, tzinfo):
            return value
        if value.upper() == "UTC":
            return UTC  # also where the system has no time zone data
        try:
            return ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            message = f"--timezone {value} is not a time zone: give a name such as UTC or Europe/Berlin"
            raise ConfigurationError(message) from error
