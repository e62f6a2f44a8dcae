"""How the tests themselves are shared out."""

from pathlib import Path

import pytest

from tests.support.distribution import APART, FIRST, place, portion

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("path", sorted({*FIRST, *APART}))
def test_what_is_named_exists(path: str) -> None:
    assert (ROOT / path).exists()


def test_what_takes_longest_begins_first() -> None:
    assert place("tests/e2e/test_faults.py") < place("tests/e2e/test_views.py") == place("tests/e2e/test_viewer.py")
    assert place("tests/e2e/test_views.py") < place("tests/unit/systems/test_honesty.py") < place("src/tradewatch/x.py")


@pytest.mark.parametrize(
    ("test", "expected"),
    [
        ("tests/e2e/test_views.py::test_a", "tests/e2e/test_views.py"),
        ("tests/unit/book/test_groups.py::test_a[b::c]", "tests/unit/book/test_groups.py"),
        ("tests/e2e/test_stack.py::test_a[b::c]", "tests/e2e/test_stack.py::test_a[b::c]"),
    ],
)
def test_modules_stay_together_unless_each_test_starts_servers_of_its_own(test: str, expected: str) -> None:
    assert portion(test) == expected
