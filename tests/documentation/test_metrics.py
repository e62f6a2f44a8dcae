"""The metric reference is what the catalogue says, whatever systems there are."""

from tests.documentation.metrics import PAGE, page, unit
from tradewatch.catalog import Kind, Metric, Stability, Unit, concepts
from tradewatch.exporter.metrics import ALL
from tradewatch.systems import SYSTEMS, System

STATUS = Metric(
    name="other_votes_total",
    concept=concepts.WIN_RATE_LOWEST,
    kind=Kind.COUNTER,
    unit=Unit.PERCENT,
    help="Votes",
    labels=("engine", "stance"),
    closed={"stance": ("BUY", "SELL")},
    stability=Stability.STABLE,
    lint_exceptions={"suffix": "the founding document's name"},
)


def test_the_page_is_what_the_catalogue_says() -> None:
    assert PAGE.read_text() == page(), "docs/metrics.md is not up to date: run `make fix`, then read the diff"


def test_every_metric_of_every_system_has_one_row() -> None:
    rows = [line.split(" | ")[0] for line in page().splitlines() if line.startswith("| `")]
    metrics = [metric for system in SYSTEMS for metric in system.metrics]
    assert rows == [f"| `{metric.name}`" for metric in (*metrics, *ALL)]


def test_a_further_system_is_picked_up_with_all_that_is_declared() -> None:
    text = page((*SYSTEMS, System(name="other", metrics=(STATUS,))))
    row = next(line for line in text.splitlines() if line.startswith("| `other_votes_total`"))
    assert "\n## The system `other`\n" in text
    assert row.removeprefix("| ").removesuffix(" |").split(" | ") == [
        "`other_votes_total`",
        "counter",
        "percent, 0 to 100: 100 times the definition",
        "`engine`<br>`stance`: BUY, SELL",
        f"{concepts.WIN_RATE_LOWEST.definition}<br>promtool complains about the name: the founding document's name",
        "before the first closed trade",
        concepts.WIN_RATE_LOWEST.source,
        "stable",
    ]


def test_a_sign_that_would_end_a_cell_is_escaped() -> None:
    row = next(line for line in page().splitlines() if line.startswith("| `bot_expectancy_r`"))
    assert row.replace("\\|", "").count("|") == 9
    assert concepts.EXPECTANCY_R.definition in row.replace("\\|", "|")


def test_every_unit_has_words() -> None:
    assert [each.name for each in Unit if not unit(each)] == []
