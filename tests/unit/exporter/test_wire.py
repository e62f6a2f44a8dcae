"""Both text formats, judged by the client library's parsers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.pages import parsed
from tradewatch.book.reading import distributed
from tradewatch.catalog import Concept, Kind, Metric, Unit
from tradewatch.exporter import Format
from tradewatch.exporter.wire import Family, Renderer, Sample
from tradewatch.stats import Histogram

both_formats = pytest.mark.parametrize("wire_format", list(Format), ids=lambda each: each.name.lower())
CONCEPT = Concept(name="thing", definition="a thing")
# The parsers split pages at line ends of every kind Python knows inside a label; Prometheus and the formats know "\n".
NASTY = ['a"b', "a\\b", "a\nb", "a\\nb", "{}", 'x{y="z"} 1', "日本 🚀", " ", "a,b", "\\", '"', "a\r\nb", "a\tb", "a#b"]


def metric(name: str = "bot_things", kind: Kind = Kind.GAUGE, labels: tuple[str, ...] = ()) -> Metric:
    return Metric(name=name, concept=CONCEPT, kind=kind, unit=Unit.COUNT, help="Things", labels=labels)


def page(wire_format: Format, *families: Family) -> bytes:
    return Renderer().render(families, wire_format)


def test_a_text_page_by_hand() -> None:
    things = metric("bot_things_total", Kind.COUNTER, ("asset",))
    text = page(Format.TEXT, Family(things, "Things\\ of\nmine", [Sample(("BTC",), 3), Sample(('E"T\nH',), 0.5)]))
    assert text.decode() == (
        "# HELP bot_things_total Things\\\\ of\\nmine\n"
        "# TYPE bot_things_total counter\n"
        'bot_things_total{asset="BTC"} 3\n'
        'bot_things_total{asset="E\\"T\\nH"} 0.5\n'
    )


def test_an_openmetrics_page_by_hand() -> None:
    things = metric("bot_things_total", Kind.COUNTER)
    text = page(Format.OPENMETRICS, Family(things, 'Say "things"', [Sample((), 3)]))
    assert text.decode() == (
        '# HELP bot_things Say \\"things\\"\n# TYPE bot_things counter\nbot_things_total 3\n# EOF\n'
    )


@both_formats
def test_a_distribution_by_hand(wire_format: Format) -> None:
    histogram = Histogram((0.5, 2.0))
    histogram.extend([0.5, 1.0, 3.0])
    sizes = metric("bot_sizes", Kind.HISTOGRAM, ("asset",))
    text = page(wire_format, Family(sizes, "Sizes", [Sample(*each) for each in distributed(("BTC",), histogram)]))
    assert text.decode().removesuffix("# EOF\n") == (
        "# HELP bot_sizes Sizes\n"
        "# TYPE bot_sizes histogram\n"
        'bot_sizes_bucket{asset="BTC",le="0.5"} 1\n'
        'bot_sizes_bucket{asset="BTC",le="2.0"} 2\n'
        'bot_sizes_bucket{asset="BTC",le="+Inf"} 3\n'
        'bot_sizes_sum{asset="BTC"} 4.5\n'
        'bot_sizes_count{asset="BTC"} 3\n'
    )
    assert parsed(text, wire_format)["bot_sizes_bucket", frozenset({("asset", "BTC"), ("le", "2.0")})] == 2


@both_formats
@pytest.mark.parametrize("value", NASTY)
def test_a_named_nasty_label_comes_through_unchanged(wire_format: Format, value: str) -> None:
    family = Family(metric(labels=("asset",)), "Things", [Sample((value,), 1.5)])
    assert parsed(page(wire_format, family), wire_format) == {("bot_things", frozenset({("asset", value)})): 1.5}


@both_formats
@given(
    values=st.lists(st.text(max_size=20), unique=True, max_size=8),
    number=st.floats(allow_nan=False, allow_infinity=False),
)
def test_any_label_and_any_number_come_through_unchanged(wire_format: Format, values: list[str], number: float) -> None:
    family = Family(metric(labels=("asset",)), "Things", [Sample((value,), number) for value in values])
    expected = {("bot_things", frozenset({("asset", value)})): number for value in values}
    assert parsed(page(wire_format, family), wire_format) == expected


@both_formats
@given(words=st.text(max_size=40))
def test_any_help_leaves_the_page_whole(wire_format: Format, words: str) -> None:
    families = [Family(metric(name), words, [Sample((), 1)]) for name in ("bot_one", "bot_two")]
    assert len(parsed(page(wire_format, *families), wire_format)) == 2


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_a_number_that_is_not_finite_is_absent(value: float) -> None:
    family = Family(metric(labels=("asset",)), "Things", [Sample(("a",), value), Sample(("b",), 1)])
    assert page(Format.TEXT, family).decode().count("bot_things{") == 1
    assert page(Format.TEXT, Family(metric(), "Things", [Sample((), value)])) == b""


def test_a_family_without_samples_is_absent() -> None:
    assert page(Format.TEXT, Family(metric(), "Things", [])) == b""


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0, "0"), (3, "3"), (-0.1, "-0.1"), (1e15, "1000000000000000"), (1e16, "1e16"), (5.8e-06, "5.8e-6")],
)
def test_numbers_are_short_and_exact(value: float, text: str) -> None:
    line = page(Format.TEXT, Family(metric(), "Things", [Sample((), value)])).decode().splitlines()[-1]
    assert line == f"bot_things {text}"
    assert float(text) == value


def test_the_wrong_number_of_label_values_is_a_programmers_error() -> None:
    with pytest.raises(ValueError, match="shorter"):
        page(Format.TEXT, Family(metric(labels=("asset", "side")), "Things", [Sample(("BTC",), 1)]))
