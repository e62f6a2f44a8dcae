from tradewatch.stack.waiting import wait_until


def test_a_condition_that_holds_is_asked_once() -> None:
    answers = iter([True])
    assert wait_until(lambda: next(answers), seconds=0)


def test_a_condition_that_comes_true_is_awaited() -> None:
    answers = iter([False, False, True])
    assert wait_until(lambda: next(answers), seconds=60)


def test_a_condition_that_stays_false_is_given_up() -> None:
    assert not wait_until(lambda: False, seconds=0.2)
