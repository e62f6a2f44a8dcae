"""What `tradewatch check` says of real servers: with our data, without it, none, and one that wants a password."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.support.patience import SECONDS
from tests.support.servers import free_port, running_prometheus
from tradewatch.catalog import Concept, Kind, Metric, Unit, concepts
from tradewatch.catalog.panels import lines, named, number
from tradewatch.catalog.query import increase, select
from tradewatch.catalog.rule import Alert, RuleFile, Runbook, Urgency, Views
from tradewatch.catalog.view import Dashboard, Row, Variable
from tradewatch.errors import ConfigurationError
from tradewatch.inspection import Outcome, Server, Verdict, inspect
from tradewatch.stack import loopback
from tradewatch.stack.waiting import wait_until

UP = Metric(name="up", concept=concepts.SYSTEM_STATUS, kind=Kind.GAUGE, unit=Unit.STATE, help="up")
SAMPLES = Metric(
    name="scrape_samples_scraped", concept=concepts.CLOSED_TRADES, kind=Kind.GAUGE, unit=Unit.COUNT, help="samples"
)
NEVER = Metric(name="never_told", concept=concepts.WIN_RATE, kind=Kind.GAUGE, unit=Unit.PERCENT, help="never")
GONE = Metric(
    name="gone",
    concept=Concept(name="gone", definition="what only a scrape would tell", only_scraped=True),
    kind=Kind.GAUGE,
    unit=Unit.STATE,
    help="gone",
)
NOW = 1_700_000_000.0


def views(*panels: object, alerts: tuple[Alert, ...] = ()) -> Views:
    job = Variable(name="job", title="Job", label="job", metric=UP)
    page = Dashboard(
        uid="page",
        title="Page",
        description="d",
        variables=(job,),
        rows=(Row(panels=panels, height=4),),  # type: ignore[arg-type]  # panels
    )
    rules = RuleFile(path="rules.yml", name="rules", alerts=alerts)
    return Views(name="x", metrics=(UP, NEVER), dashboards=(page,), rules=(rules,))


def alert(metric: Metric, absent: str = "") -> Alert:
    runbook = Runbook(meaning="m", impact="i", diagnosis=("d",))
    return Alert(
        name=f"On{metric.name}",
        query=select(metric) > 1e9,
        hold="1m",
        urgency=Urgency.INFO,
        summary="s",
        runbook=runbook,
        family="f",
        absent=absent,
    )


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Yield a Prometheus that scrapes itself, and a target that is not there."""
    port = free_port()
    configuration = f"""
global: {{scrape_interval: 1s}}
scrape_configs:
  - job_name: gone+
    static_configs: [{{targets: ["127.0.0.1:{port}"]}}]
"""
    with running_prometheus(configuration, tmp_path_factory.mktemp("prometheus")) as url:
        seen = f"{url}/api/v1/label/job/values"
        assert wait_until(lambda: b"gone+" in (loopback.fetch(seen) or b""), seconds=SECONDS)
        yield url


def told(address: str, asked: Views) -> dict[str, Outcome]:
    return {each.what: each for each in inspect(Server(address), (asked,), NOW)}


def test_panels_are_asked_with_every_value_of_a_variable(address: str) -> None:
    asked = views(
        number("Up", select(UP, job="=~$job")),
        number("Never", select(NEVER)),
        number("Not yet", select(NEVER), empty="no halt yet"),
        number("Only of another", select(UP, job="=~$job|nobody")),
        lines("Both", 4, named(select(UP), "a"), named(select(NEVER), "b")),
    )
    found = told(address, asked)
    assert {what: (each.verdict, each.series) for what, each in found.items()} == {
        "Up": (Verdict.FOUND, 1),
        "Never": (Verdict.EMPTY, 0),
        "Not yet": (Verdict.DECLARED, 0),
        "Only of another": (Verdict.FOUND, 1),
        "Both": (Verdict.EMPTY, 1),
    }
    assert found["Not yet"].reason == "no halt yet"
    assert found["Never"].reason == "nothing for never_told"
    assert [what for what, each in found.items() if not each.is_well] == ["Never", "Both"]


def test_a_query_that_is_refused_is_an_error_with_the_servers_own_words(address: str) -> None:
    odd = Metric(name="up{", concept=concepts.WIN_RATE, kind=Kind.GAUGE, unit=Unit.PERCENT, help="odd")
    found = told(address, views(number("Odd", select(odd))))
    assert found["Odd"].verdict is Verdict.ERROR
    assert "parse error" in found["Odd"].reason


def test_a_rule_needs_its_series_unless_it_is_declared_not_to(address: str) -> None:
    found = told(address, views(alerts=(alert(UP), alert(NEVER))))
    assert (found["Onup"].verdict, found["Onup"].series) == (Verdict.FOUND, 1)
    assert found["Onnever_told"].verdict is Verdict.EMPTY
    assert found["Onnever_told"].reason == "it cannot fire: nothing for never_told"
    declared = told(address, views(alerts=(alert(NEVER, absent="no error yet"),)))
    assert declared["Onnever_told"].verdict is Verdict.DECLARED


def in_a_history(address: str, asked: Views) -> dict[str, Outcome]:
    return {each.what: each for each in inspect(Server(address), (asked,), NOW, only_history=True)}


def test_what_only_scrapes_tell_may_be_missing_where_there_is_only_history_and_nothing_else_may(address: str) -> None:
    asked = views(
        number("Scrapes", select(GONE, job="=~$job")),
        number("Scrapes of what is there", select(UP).where(select(GONE), on=("job",))),
        number("Facts", select(NEVER)),
        number("Both", select(GONE).otherwise(select(NEVER))),
        lines("One of each", 4, named(select(GONE), "a"), named(select(NEVER), "b")),
        number("There, and not for each other", select(UP).where(select(UP, job="x"), on=("job",))),
        alerts=(alert(GONE), alert(NEVER)),
    )
    found = in_a_history(address, asked)
    apart = [what for what, each in found.items() if each.verdict is Verdict.ONLY_SCRAPED]
    assert apart == ["Scrapes", "Scrapes of what is there", "Ongone"]
    assert found["Scrapes"].reason == 'gone{job=~"$job"}'
    assert all(found[what].is_well for what in apart)
    others = [each.verdict for what, each in found.items() if what not in apart]
    assert others == [Verdict.EMPTY] * 5
    assert {each.verdict for each in told(address, asked).values()} == {Verdict.EMPTY}


def test_a_window_is_filled_in(address: str) -> None:
    found = told(address, views(number("Grown", increase(select(UP)))))
    assert found["Grown"].verdict in {Verdict.FOUND, Verdict.EMPTY}


def refused(address: str, *asked: Views) -> str:
    with pytest.raises(ConfigurationError) as error:
        list(inspect(Server(address), asked, NOW))
    return str(error.value)


def test_a_server_without_our_data_is_one_sentence(address: str) -> None:
    other = Views(name="x", metrics=(NEVER,), dashboards=(), rules=())
    assert refused(address, other) == (
        f"{address} has none of our metrics: start an exporter, and ask again once it was scraped"
    )


def test_no_server_is_one_sentence() -> None:
    url = f"http://127.0.0.1:{free_port()}"
    assert refused(url, views()).startswith(f"no server answers at {url} (")
    assert refused(url, views()).endswith(": start it with `make up`, or set --prometheus")


@pytest.mark.parametrize("word", ["", "localhost:9091", "ftp://localhost", "http://"])
def test_what_is_no_address_is_one_sentence(word: str) -> None:
    assert refused(word).startswith(f"--prometheus {word} is not an address: set one")


class _Locked(BaseHTTPRequestHandler):
    """A server that wants a password, and is no Prometheus behind it."""

    says = b"<html>hello</html>"

    def do_GET(self) -> None:
        is_welcome = self.headers.get("Authorization") == "Basic bWU6c2VjcmV0"
        self.send_response(200 if is_welcome else 401)
        self.end_headers()
        self.wfile.write(self.says)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        del format, args


@contextmanager
def locked() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Locked) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()


def test_a_server_that_wants_a_password_is_one_sentence_that_never_shows_it() -> None:
    with locked() as host:
        assert refused(f"http://{host}", views()).startswith(f"http://{host} asks for a user and a password: put them")
        wrong = refused(f"http://me:wrong@{host}", views())
        assert wrong.startswith(f"http://{host} refuses this user and password")
        assert "wrong" not in wrong
        assert refused(f"http://me:secret@{host}", views()) == (
            f"http://{host} answers, but is no Prometheus: set its address with --prometheus"
        )


@pytest.mark.parametrize("says", [b'{"data": null}', b"{}", b"[]", b'{"data": {"result": null}}', b'{"data": 1}'])
def test_an_answer_without_what_was_asked_for_is_no_prometheus(says: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_Locked, "says", says)
    with locked() as host:
        server = Server(f"http://me:secret@{host}")
        with pytest.raises(ConfigurationError, match="answers, but is no Prometheus"):
            server.count("up")
        with pytest.raises(ConfigurationError, match="answers, but is no Prometheus"):
            server.count_within("up", 60, NOW)


def test_a_course_is_looked_for_in_the_past_too(address: str) -> None:
    server = Server(address)
    assert server.count_within("up", 60, time.time()) == 1
    assert server.count_within("up", 86_400, NOW) == 0
