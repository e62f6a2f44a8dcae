"""What Prometheus scrapes, which rules it follows, and to whom it hands alerts."""

from collections.abc import Mapping, Sequence

from tradewatch.mixin.yaml import yaml

JOBS: Mapping[str, int] = {
    "velocitytrader": 9090,
    "hydra": 9101,
    "bot": 9102,
    "prometheus": 9091,
    "alertmanager": 9093,
}
"""Each job and its port on loopback."""

CUSTOM_RULES = "rules/custom/*.yml"
_HEAD = """\
# Made by `tradewatch gen`: what Prometheus scrapes, and which rules it follows. After an edit:
#   curl -X POST http://127.0.0.1:9091/-/reload
"""


def instance_of(job: str) -> str:
    """Return the label ``instance`` of a job's target.

    >>> instance_of("hydra")
    '127.0.0.1:9101'
    """
    return _address(JOBS[job])


def configuration_yaml(jobs: Mapping[str, int], rule_files: Sequence[str]) -> str:
    """Return the configuration; rule files are relative to it."""
    return _HEAD + yaml(
        {
            "global": {"scrape_interval": "15s", "evaluation_interval": "15s"},
            "storage": {"tsdb": {"out_of_order_time_window": "10y"}},
            "rule_files": [*rule_files, CUSTOM_RULES],
            "alerting": {"alertmanagers": [{"static_configs": [{"targets": [_address(jobs["alertmanager"])]}]}]},
            "scrape_configs": [
                {"job_name": job, "static_configs": [{"targets": [_address(port)]}]} for job, port in jobs.items()
            ],
        }
    )


def _address(port: int) -> str:
    return f"127.0.0.1:{port}"
