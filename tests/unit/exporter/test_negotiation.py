"""Which format a client is given, and whether it is gzipped."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradewatch.exporter import Format
from tradewatch.exporter.negotiation import Clause, parsed, preferred_format, prefers_gzip

OPENMETRICS = "application/openmetrics-text"
PROMETHEUS_2 = (
    "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,"
    "text/plain;version=0.0.4;q=0.5,*/*;q=0.1"
)
PROMETHEUS_3 = (
    "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,"
    "application/openmetrics-text;version=0.0.1;q=0.4,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.3,"
    "text/plain;version=0.0.4;q=0.2,*/*;q=0.1"
)
PROMETHEUS_WITH_PROTOBUF = (
    "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited;q=0.7,"
    "text/plain;version=0.0.4;q=0.3,*/*;q=0.1"
)
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"


@pytest.mark.parametrize(
    "accept",
    [
        "",
        "*/*",
        "*",
        "text/plain",
        "text/*",
        "text/plain;version=0.0.4",
        BROWSER,
        PROMETHEUS_WITH_PROTOBUF,
        "text/html, *; q=.2, */*; q=.2",
        f"{OPENMETRICS};q=0.4,text/plain;q=0.5",
        f"{OPENMETRICS};q=0.5,*/*;q=0.9",
        f"{OPENMETRICS};q=0",
        f"{OPENMETRICS};q=0.000,*/*;q=0.1",
        f"{OPENMETRICS};version=1.0.0;q=0,{OPENMETRICS};q=1,text/plain;q=0.1",
        f"{OPENMETRICS};version=2.0.0,text/plain;q=0.1",
        f"{OPENMETRICS};q=high,text/plain;q=0.1",
        f'text/plain;note="a,{OPENMETRICS};q=1"',
        "application/json",
    ],
)
def test_text_is_what_everybody_else_is_given(accept: str) -> None:
    assert preferred_format(accept) is Format.TEXT


@pytest.mark.parametrize(
    "accept",
    [
        PROMETHEUS_2,
        PROMETHEUS_3,
        OPENMETRICS,
        "Application/OpenMetrics-Text; Version=1.0.0",
        f"{OPENMETRICS};version=1.0.0",
        f"{OPENMETRICS};version=0.0.1",
        f'{OPENMETRICS};version="1.0.0";q=1.0',
        f"{OPENMETRICS},text/plain",
        f"text/plain;q=0.5,{OPENMETRICS};q=0.5",
        f"*/*,{OPENMETRICS}",
        f"text/plain;q=0.4 , {OPENMETRICS} ; q=0.5",
        f"{OPENMETRICS};q=0.001",
        "application/*",
        "text/plain;q=0,*/*",
    ],
)
def test_openmetrics_is_for_those_who_name_it_and_want_nothing_more(accept: str) -> None:
    assert preferred_format(accept) is Format.OPENMETRICS


@pytest.mark.parametrize(
    "accepted",
    ["gzip", "GZIP", "x-gzip", "*", "br, gzip;q=0.8", "gzip;q=0.001", "gzip, identity", "deflate, gzip;q=1.0, *;q=0"],
)
def test_gzip_is_for_those_who_accept_it(accepted: str) -> None:
    assert prefers_gzip(accepted)


@pytest.mark.parametrize(
    "accepted",
    [
        "",
        "identity",
        "br",
        "gzip;q=0",
        "gzip;q=0.000",
        "gzip; q=0.",
        "gzip;q=no",
        "gzip;q=0, *",
        "*;q=0",
        "gzip;q=0.5, identity",
        "identity;q=0.6, *;q=0.5",
        "gzippy",
    ],
)
def test_plain_bytes_are_for_those_who_do_not(accepted: str) -> None:
    assert not prefers_gzip(accepted)


def test_a_weight_is_at_most_one_and_a_clause_without_a_name_is_none() -> None:
    assert parsed(" , ;q=1,;level=1, a/b;q=7;Level=1") == [Clause("a/b", {"level": "1"}, 1.0)]


@given(
    st.text()
    | st.lists(st.sampled_from(["gzip", "*/*", OPENMETRICS, "q", "=", ";", ",", '"', "\\", "0", "."])).map("".join)
)
def test_no_header_is_too_odd(header: str) -> None:
    assert isinstance(preferred_format(header), Format)
    assert isinstance(prefers_gzip(header), bool)
    assert all(0 <= clause.weight <= 1 for clause in parsed(header))
