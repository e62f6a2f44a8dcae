"""Only what is on the list is passed on, and a server behind that fails is named."""

from pathlib import Path

import httpx
import pytest

from tests.support.viewers import answering, viewing
from tradewatch.errors import ConfigurationError
from tradewatch.viewer.headers import is_known_host
from tradewatch.viewer.upstream import address_of

UP = b'{"status":"success","data":{"resultType":"vector","result":[]}}'
PERMITTED = (
    "/prometheus/api/v1/query?query=up",
    "/prometheus/api/v1/query_range?query=up&start=0&end=60&step=15",
    "/prometheus/api/v1/series?match[]=up",
    "/prometheus/api/v1/labels",
    "/prometheus/api/v1/label/job/values",
    "/prometheus/api/v1/rules",
    "/prometheus/api/v1/alerts",
    "/prometheus/api/v1/targets?state=active",
    "/prometheus/api/v1/status/buildinfo",
    "/alertmanager/api/v2/alerts",
    "/alertmanager/api/v2/silences",
    "/alertmanager/api/v2/status",
)
REFUSED = (
    "/prometheus/api/v1/admin/tsdb/delete_series?match[]=up",
    "/prometheus/api/v1/write",
    "/prometheus/api/v1/status/config",
    "/prometheus/api/v1/label/job/../../admin/values",
    "/prometheus/api/v1/label/jo%2Fb/values",
    "/prometheus/api/v1/query%2F..%2Fadmin",
    "/prometheus/api/v1/",
    "/alertmanager/api/v2/silence/1",
    "/alertmanager/api/v2/receivers",
)


@pytest.mark.parametrize("path", PERMITTED)
def test_what_is_on_the_list_is_passed_on_as_it_came(path: str, tmp_path: Path) -> None:
    with answering(lambda _: (200, UP)) as (address, asked):
        with viewing(tmp_path, prometheus=address, alertmanager=address) as client:
            answer = client.get(path)
        assert answer.status_code == 200
        assert answer.content == UP
        (one,) = asked
        assert httpx.URL(one).path == path.partition("?")[0].replace("/prometheus", "").replace("/alertmanager", "")
        assert dict(httpx.URL(one).params) == dict(httpx.URL(path).params)


@pytest.mark.parametrize("path", REFUSED)
def test_nothing_else_is_asked(path: str, tmp_path: Path) -> None:
    with answering(lambda _: (200, UP)) as (address, asked):
        with viewing(tmp_path, prometheus=address, alertmanager=address) as client:
            assert client.get(path).content != UP
        assert asked == []


def test_a_parameter_that_is_not_known_is_refused(tmp_path: Path) -> None:
    with viewing(tmp_path) as client:
        answer = client.get("/prometheus/api/v1/query?query=up&db=other")
    assert (answer.status_code, answer.json()["problem"]) == (400, "query of Prometheus has no parameter db")


def test_headers_of_the_server_behind_are_its_own_affair(tmp_path: Path) -> None:
    with answering(lambda _: (200, UP)) as (address, _), viewing(tmp_path, prometheus=address) as client:
        assert "set-cookie" not in client.get("/prometheus/api/v1/labels").headers


def test_a_refusal_in_promethues_own_words_arrives(tmp_path: Path) -> None:
    wrong = b'{"status":"error","errorType":"bad_data","error":"parse error"}'
    with answering(lambda _: (400, wrong)) as (address, _), viewing(tmp_path, prometheus=address) as client:
        answer = client.get("/prometheus/api/v1/query?query=(")
    assert (answer.status_code, answer.content) == (400, wrong)


@pytest.mark.parametrize("body", [b"<html>busy</html>", b"", b"{", b'"text"', b"12"])
def test_nonsense_is_named(body: bytes, tmp_path: Path) -> None:
    with answering(lambda _: (200, body)) as (address, _), viewing(tmp_path, prometheus=address) as client:
        answer = client.get("/prometheus/api/v1/labels")
    assert (answer.status_code, answer.json()["problem"]) == (502, "it answered 200 with something that is no JSON")


def test_an_answer_that_is_too_large_is_cut_off(tmp_path: Path) -> None:
    body = b'{"a":"' + b"x" * (33 * 1024 * 1024) + b'"}'
    with answering(lambda _: (200, body)) as (address, _), viewing(tmp_path, prometheus=address) as client:
        answer = client.get("/prometheus/api/v1/labels")
    assert (answer.status_code, answer.json()["problem"]) == (502, "its answer is larger than 32 MB: ask for less")


def test_a_server_that_is_down_is_named(tmp_path: Path) -> None:
    with viewing(tmp_path) as client:
        answer = client.get("/prometheus/api/v1/labels")
    assert (answer.status_code, answer.json()["problem"]) == (502, "nothing answers at http://127.0.0.1:1")


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND"])
@pytest.mark.parametrize("path", ["/prometheus/api/v1/query", "/alertmanager/api/v2/silences", "/viewer/trades", "/"])
def test_the_viewer_only_reads(method: str, path: str, tmp_path: Path) -> None:
    with answering(lambda _: (200, UP)) as (address, asked):
        with viewing(tmp_path, prometheus=address, alertmanager=address) as client:
            assert client.request(method, path).status_code == 405
        assert asked == []


@pytest.mark.parametrize("header", ["X-HTTP-Method-Override", "X-Method-Override", "X-Original-URL"])
def test_no_header_makes_a_question_another_one(header: str, tmp_path: Path) -> None:
    with answering(lambda _: (200, UP)) as (address, asked):
        with viewing(tmp_path, prometheus=address) as client:
            client.get("/prometheus/api/v1/labels", headers={header: "/api/v1/admin/tsdb/snapshot"})
        assert asked == ["/api/v1/labels"]


def test_line_ends_in_an_address_add_no_header(tmp_path: Path) -> None:
    with answering(lambda _: (200, UP)) as (address, asked):
        with viewing(tmp_path, prometheus=address) as client:
            answer = client.get("/prometheus/api/v1/labels?start=1%0d%0aX-Added:%201%0d%0a%0d%0aGET%20/-/quit")
        assert "x-added" not in answer.headers
        (one,) = asked
        assert httpx.URL(one).params["start"] == "1\r\nX-Added: 1\r\n\r\nGET /-/quit"


def test_headers_larger_than_any_browser_sends_are_refused(tmp_path: Path) -> None:
    with viewing(tmp_path) as client:
        try:
            status = client.get("/viewer/settings", headers={"x-large": "x" * 200_000}).status_code
        except httpx.TransportError:  # the connection is closed while they are still sent
            status = 400
        assert status == 400
        assert client.get("/viewer/health").status_code == 200


def test_a_body_is_never_read(tmp_path: Path) -> None:
    with answering(lambda _: (200, UP)) as (address, asked):
        with viewing(tmp_path, prometheus=address) as client:
            client.request("GET", "/prometheus/api/v1/labels", content=b"match[]=up")
        assert asked == ["/api/v1/labels"]


@pytest.mark.parametrize("path", ["/", "/assets/a-1.js", "/viewer/settings", "/assets/none.js", "/prometheus/api/v1/x"])
def test_every_answer_has_the_headers(path: str, tmp_path: Path) -> None:
    with viewing(tmp_path) as client:
        headers = client.get(path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    assert (headers["x-content-type-options"], headers["x-frame-options"]) == ("nosniff", "DENY")


@pytest.mark.parametrize(
    "path",
    [
        "/assets/../../secret.txt",
        "/assets/..%2f..%2fsecret.txt",
        "/assets/%2e%2e/%2e%2e/secret.txt",
        "/assets//etc/passwd",
    ],
)
def test_no_file_outside_the_page_is_served(path: str, tmp_path: Path) -> None:
    with viewing(tmp_path) as client:
        answer = client.get(path)
    assert "not to be served" not in answer.text
    assert "root:" not in answer.text


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example:3000", "", "localhost.evil"])
def test_a_name_that_somebody_points_at_this_machine_is_refused(host: str, tmp_path: Path) -> None:
    with viewing(tmp_path) as client:
        assert client.get("/viewer/settings", headers={"host": host}).status_code == 421


def test_the_name_it_listens_on_is_its_own() -> None:
    assert is_known_host("viewer.lan:3000", "viewer.lan")


def test_an_address_longer_than_any_query_is_refused(tmp_path: Path) -> None:
    with viewing(tmp_path) as client:
        assert client.get("/prometheus/api/v1/query?query=" + "x" * 40_000).status_code == 414


@pytest.mark.parametrize("text", ["127.0.0.1:9091", "ftp://host", "http://", "http://host/?a=1", "http://[::1"])
def test_what_is_no_address_is_named_with_its_option(text: str) -> None:
    with pytest.raises(ConfigurationError, match="--prometheus"):
        address_of(text, "--prometheus")
