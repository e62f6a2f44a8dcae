"""Series for trials of alerts, as promtool writes them."""

from collections.abc import Callable

HOURS = "x180"
"""After a value: it stays for three hours."""


def series_of(prefix: str, job: str, port: int) -> Callable[..., str]:
    """Return what names a series of an exporter: the metric without its prefix, and labels."""

    def of(name: str, /, **labels: str) -> str:
        more = "".join(f',{label}="{value}"' for label, value in labels.items())
        return f'{prefix}{name}{{job="{job}",instance="127.0.0.1:{port}"{more}}}'

    return of
