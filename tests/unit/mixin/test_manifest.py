"""Only what was generated and nobody has edited is overwritten or deleted."""

from tradewatch.mixin.manifest import Manifest, digest, plan

OLD, NEW, MINE = "old", "new", "mine"


def manifest(**files: str) -> Manifest:
    return Manifest(files={path: digest(text) for path, text in files.items()}, runbooks="")


def test_a_file_that_is_missing_or_stale_is_written() -> None:
    todo = plan({"a": NEW, "b": NEW}, {"b": OLD}, manifest(b=OLD))
    assert (todo.written, todo.deleted, todo.edited, todo.taken) == (("a", "b"), (), (), ())


def test_a_file_that_is_no_longer_generated_is_deleted() -> None:
    assert plan({}, {"a": OLD}, manifest(a=OLD)).deleted == ("a",)


def test_a_file_that_a_person_edited_is_kept() -> None:
    todo = plan({"a": NEW}, {"a": MINE, "b": MINE}, manifest(a=OLD, b=OLD))
    assert (todo.written, todo.deleted, todo.edited) == ((), (), ("a", "b"))


def test_a_file_that_was_never_generated_is_not_taken() -> None:
    assert plan({"a": NEW}, {"a": MINE}, manifest()).taken == ("a",)


def test_a_file_that_already_says_what_it_should_is_fine_however_it_came_about() -> None:
    assert plan({"a": NEW}, {"a": NEW}, manifest()).is_done
    assert plan({"a": NEW}, {"a": NEW}, manifest(a=OLD)).is_done


def test_a_file_that_is_gone_and_no_longer_generated_is_no_matter() -> None:
    assert plan({}, {}, manifest(a=OLD)).is_done
