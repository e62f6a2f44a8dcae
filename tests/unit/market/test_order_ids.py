"""Used ids are kept small, and none is forgotten or made up."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradewatch.market.order_ids import OrderIds

TEXTS = st.one_of(
    st.text(alphabet="a0123-\n", max_size=5), st.integers(0, 30).map(str), st.integers(0, 99).map("b{:03}".format)
)


@given(used=st.lists(TEXTS), asked=TEXTS)
def test_they_are_a_set(used: list[str], asked: str) -> None:
    ids = OrderIds()
    for each in used:
        ids.add(each)
    restored = OrderIds()
    restored.restore(
        msgspec.convert(msgspec.msgpack.decode(msgspec.msgpack.encode(ids.state())), dict[str, list[tuple[int, int]]])
    )
    assert (asked in ids) == (asked in restored) == (asked in used)
    assert all(each in restored for each in used)


def test_ids_that_count_up_take_no_room() -> None:
    ids = OrderIds()
    for number in (*range(0, 50_000, 2), *range(1, 50_000, 2)):  # in whatever order
        ids.add(f"M5-{number}")
    assert ids.state() == {"M5-": [(0, 49_999)]}


@pytest.mark.parametrize("order_id", ["", "7", "07", "order", "9" * 40, "a-1\n", "٣"])
def test_any_text_is_an_id(order_id: str) -> None:
    ids = OrderIds()
    ids.add(order_id)
    assert order_id in ids
    assert f"{order_id}0" not in ids
    assert f"0{order_id}" not in ids
