"""The stack's Prometheus: its command, its configuration, and what it has seen."""

import re
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlencode

import msgspec

from tradewatch.stack import loopback
from tradewatch.stack.places import Places
from tradewatch.stack.ports import LOOPBACK, Ports

RETENTION = "10y"
REPEATED_EVERY = "30s"
"""Alertmanager takes an alert for over that was not repeated for four times as long: two minutes."""

COMMITTED_PORTS = Ports()
"""The ports that the committed configuration names."""


def command(program: Path, configuration: Path, data: Path, port: int) -> Sequence[str]:
    """Return the words that start Prometheus on loopback; an edited configuration is taken up by a reload."""
    return (
        str(program),
        f"--config.file={configuration}",
        f"--storage.tsdb.path={data}",
        f"--storage.tsdb.retention.time={RETENTION}",
        f"--web.listen-address={LOOPBACK}:{port}",
        "--web.enable-lifecycle",
        f"--rules.alert.resend-delay={REPEATED_EVERY}",
        "--web.enable-remote-write-receiver",
    )


def configuration_for(ports: Ports, places: Places, left_out: Sequence[str] = ()) -> Path:
    """Return the committed file, so that an edit of it is what runs; a copy for other ports or systems ``left_out``."""
    if ports == COMMITTED_PORTS and not left_out:
        return places.configuration
    copy = places.rendered_configuration
    copy.parent.mkdir(parents=True, exist_ok=True)
    marked = marking(places.configuration.read_text(), left_out)
    copy.write_text(anchored(render(marked, ports), places.configuration.parent))
    return copy


def marking(configuration: str, left_out: Sequence[str]) -> str:
    """Return ``configuration`` with the targets of some jobs marked by a label, so that nobody is called for them.

    ``up`` has the label ``left_out``, what a target publishes has not. A job that somebody has edited stays as it is.
    """
    for job in left_out:
        whole = re.compile(
            rf"^(?P<head>  - job_name: {job}\n)(?P<targets>    static_configs:\n      - targets:\n          - .+\n)"
            r"(?=  - |\S|\Z)",
            re.MULTILINE,
        )
        configuration = whole.sub(rf"\g<head>{_NOT_PUBLISHED}\g<targets>{_LEFT_OUT}", configuration)
    return configuration


_LEFT_OUT = '        labels: {left_out: "yes"}\n'
_NOT_PUBLISHED = "    metric_relabel_configs: [{action: labeldrop, regex: left_out}]\n"


def anchored(configuration: str, folder: Path) -> str:
    r"""Return ``configuration`` with its rule files below ``folder``, so that a copy of it elsewhere finds them.

    >>> anchored('rule_files:\n  - "rules/*.yml"\nalerting: {}', Path("/p"))
    'rule_files:\n  - "/p/rules/*.yml"\nalerting: {}'
    """
    block = re.compile(r"^rule_files:\n(?: +- .*\n)+", re.MULTILINE)
    entry = re.compile(r'^( +- "?)(?!/)', re.MULTILINE)
    return block.sub(lambda found: entry.sub(rf"\g<1>{folder}/", found[0]), configuration)


def render(configuration: str, ports: Ports) -> str:
    """Return ``configuration`` with the committed ports replaced by ``ports``.

    >>> render("targets: ['127.0.0.1:9102', '127.0.0.1:9091']", Ports(bot=9091, prometheus=9102))
    "targets: ['127.0.0.1:9091', '127.0.0.1:9102']"
    """
    wanted = {committed: ports.by_name()[name] for name, committed in COMMITTED_PORTS.by_name().items()}
    address = re.compile(rf"{re.escape(LOOPBACK)}:({'|'.join(map(str, wanted))})\b")
    return address.sub(lambda found: f"{LOOPBACK}:{wanted[int(found[1])]}", configuration)


def query_address(port: int, expression: str) -> str:
    """Return the address of Prometheus' answer to ``expression``, evaluated now."""
    return f"http://{LOOPBACK}:{port}/api/v1/query?{urlencode({'query': expression})}"


def has_scraped_bot(port: int, since: float) -> bool:
    """Return whether a scrape after ``since`` (Unix seconds) brought series of the bot; older ones prove nothing."""
    fresh = f'(up{{job="bot"}} == 1) and on() (timestamp(up{{job="bot"}}) >= {since})'
    body = loopback.fetch(query_address(port, f'count({{__name__=~"bot_.+"}}) and on() ({fresh})'))
    return body is not None and bool(msgspec.json.decode(body)["data"]["result"])
