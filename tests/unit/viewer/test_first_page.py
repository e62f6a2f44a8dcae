"""The page at a dashboard's address names what will be asked, so that a browser asks for it at once."""

from pathlib import Path

import pytest

from tests.support.viewers import viewing

SETTINGS = "</viewer/settings>; rel=preload; as=fetch; crossorigin"


@pytest.mark.parametrize("address", ["/d/hydra-risk", "/d/hydra-risk/the-risk-of-hydra", "/d/hydra-risk?from=now-6h"])
def test_a_dashboards_page_names_its_file_and_the_settings(address: str, tmp_path: Path) -> None:
    with viewing(tmp_path) as client:
        answer = client.get(address)
    assert "A dashboard of Tradewatch" in answer.text
    assert answer.headers["link"] == f"{SETTINGS}, </viewer/dashboards/hydra-risk>; rel=preload; as=fetch; crossorigin"
    assert answer.headers["cache-control"] == "no-cache"


@pytest.mark.parametrize("uid", ["a%3E,%3Chttps:evil.example", "a%0D%0Aset-cookie:x=1", "%2e%2e", "a" * 129, "%C3%A9"])
def test_what_can_be_no_uid_is_not_named(uid: str, tmp_path: Path) -> None:
    with viewing(tmp_path) as client:
        answer = client.get(f"/d/{uid}")
    assert answer.headers["link"] == SETTINGS
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("address", ["/", "/alerts", "/d", "/d/"])
def test_other_pages_name_nothing(address: str, tmp_path: Path) -> None:
    with viewing(tmp_path) as client:
        answer = client.get(address)
    assert answer.status_code == 200
    assert "link" not in answer.headers


def test_a_file_of_the_page_is_packed_for_who_can_read_that(tmp_path: Path) -> None:
    with viewing(tmp_path) as client:
        answers = [
            client.get("/assets/a-1.js", headers={"accept-encoding": each}) for each in ("gzip", "gzip", "identity")
        ]
        known = client.get("/assets/a-1.js", headers={"if-none-match": answers[0].headers["etag"]})
    assert [each.headers.get("content-encoding") for each in answers] == ["gzip", "gzip", None]
    assert {(each.text, each.headers["cache-control"], each.headers["content-type"]) for each in answers} == {
        ("1", "public, max-age=31536000, immutable", "text/javascript; charset=utf-8")
    }
    assert known.status_code == 304
