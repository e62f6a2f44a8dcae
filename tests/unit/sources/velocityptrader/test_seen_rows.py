import tracemalloc

from tradewatch.sources.velocityptrader.seen_rows import SeenRows, digest_of


def test_the_digest_of_minus_one_is_not_that_of_minus_two() -> None:
    assert hash((-1.0,)) == hash((-2.0,))
    assert digest_of((-1.0,)) != digest_of((-2.0,))


def test_rows_are_known_until_they_are_gone_and_again_when_they_are_back() -> None:
    seen = SeenRows()
    for row_id in (1, 5, 9):
        seen.put(row_id, row_id * 10)
    seen.remove(5)
    assert (5 in seen, seen.last, seen.between(None, 9)) == (False, 9, {1: 10, 9: 90})
    seen.put(5, 51)
    seen.put(3, 30)
    assert (3 in seen, 5 in seen, seen.between(1, 5)) == (True, True, {3: 30, 5: 51})


def test_the_highest_id_is_remembered_when_its_row_is_gone() -> None:
    seen = SeenRows()
    seen.put(7, 1)
    seen.remove(7)
    assert seen.last == 7
    assert seen.between(None, 7) == {}


def test_whether_another_row_closed_it_moves_with_the_row() -> None:
    seen = SeenRows()
    seen.put(5, 1)
    seen.note_closed_by_another(5, is_so=True)
    seen.put(2, 1)
    assert (seen.is_closed_by_another(5), seen.is_closed_by_another(2), seen.is_closed_by_another(4)) == (
        True,
        False,
        False,
    )


def test_a_row_takes_some_20_bytes() -> None:
    tracemalloc.start()
    try:
        seen = SeenRows()
        for row_id in range(20_000):
            seen.put(row_id, -(2**62) + row_id)
        size, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert size / 20_000 < 22
    assert seen.last == 19_999
