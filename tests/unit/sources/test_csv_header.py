from pathlib import Path

import pytest

from tradewatch.errors import ConfigurationError, SourceError
from tradewatch.sources.csv_header import Header, read_header

NAMES = ["asset", "direction", "quantity", "entry_price", "exit_price", "closed_at"]


def header_of(tmp_path: Path, text: str, **renamed: str) -> Header:
    path = tmp_path / "trades.csv"
    path.write_bytes(text.encode())
    return read_header(path, renamed)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_delimiter_is_seen_in_the_header(tmp_path: Path, delimiter: str) -> None:
    header = header_of(tmp_path, delimiter.join(NAMES) + "\n")
    assert header.delimiter == delimiter
    assert header.positions == {name: position for position, name in enumerate(NAMES)}


def test_a_quoted_delimiter_does_not_confuse_it(tmp_path: Path) -> None:
    assert header_of(tmp_path, ";".join([*NAMES, '"a,b,c,d,e,f,g,h"'])).delimiter == ";"


@pytest.mark.parametrize("start", ["\ufeff", "\n\n", " ; ;\n"])
def test_a_byte_order_mark_and_blank_lines_before_it_are_skipped(tmp_path: Path, start: str) -> None:
    assert header_of(tmp_path, start + ";".join(NAMES)).names == tuple(NAMES)


def test_names_may_be_in_any_case_and_order_with_blanks_around(tmp_path: Path) -> None:
    header = header_of(tmp_path, ", ".join(name.upper() for name in reversed(NAMES)))
    assert header.positions["asset"] == 5
    assert header.theirs["asset"] == "ASSET"


def test_a_column_can_have_another_name_in_the_file(tmp_path: Path) -> None:
    header = header_of(tmp_path, ",".join(["Symbol", *NAMES[1:]]), asset="symbol")
    assert header.theirs["asset"] == "Symbol"
    assert header.ignored == ()


def test_a_renamed_column_wins_over_one_of_our_name(tmp_path: Path) -> None:
    header = header_of(tmp_path, ",".join([*NAMES, "Symbol"]), asset="Symbol")
    assert header.positions["asset"] == 6
    assert header.ignored == ("asset",)


def test_other_columns_are_ignored_and_named(tmp_path: Path) -> None:
    assert header_of(tmp_path, ",".join([*NAMES, "Magic", "", "Comment"])).ignored == ("Magic", "Comment")


def test_missing_columns_are_named_with_those_found_and_the_mend(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError) as caught:
        header_of(tmp_path, "Symbol;direction;entry_price;exit_price;closed_at")
    expected = (
        f"{tmp_path / 'trades.csv'} has no column asset, quantity; its columns are "
        "Symbol, direction, entry_price, exit_price, closed_at: say which one it is with --column asset=NAME"
    )
    assert str(caught.value) == expected


def test_a_renaming_to_a_column_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"has no column Fee; its columns are asset, .* --column fees=NAME"):
        header_of(tmp_path, ",".join(NAMES), fees="Fee")


def test_a_renaming_of_a_column_we_do_not_know_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="--column names symbol, which is not one of our columns: asset, "):
        header_of(tmp_path, ",".join(NAMES), symbol="asset")


def test_two_columns_of_one_name_are_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="has 2 columns quantity: rename all but one"):
        header_of(tmp_path, ",".join([*NAMES, "Quantity"]))


def test_two_columns_that_are_ignored_may_have_one_name(tmp_path: Path) -> None:
    assert header_of(tmp_path, ",".join([*NAMES, "x", "x"])).ignored == ("x", "x")


def test_a_file_of_blanks_is_told(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="holds nothing but blanks"):
        header_of(tmp_path, "\n , \n")


def test_a_file_without_lines_is_told(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="is not a CSV file"):
        header_of(tmp_path, "x" * 200_000)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_another_encoding_is_named(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "trades.csv"
    path.write_text("asset,direction\n", encoding=encoding)
    with pytest.raises(SourceError, match=r"is not text in UTF-8: save it again with the encoding UTF-8"):
        read_header(path, {})
