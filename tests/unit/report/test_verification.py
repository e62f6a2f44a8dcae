"""What verification finds, each fault planted on purpose."""

import sqlite3
from pathlib import Path

import pytest

from tests.support.books import ledger_of
from tests.support.facts import at, closed, opened, started
from tests.support.ledgers import rows
from tradewatch.book import ProfitSource
from tradewatch.errors import SourceError
from tradewatch.facts import FactsRefused, RunStarted, TradeCorrected, TradeVoided
from tradewatch.report import read_report
from tradewatch.report.verification import verify

FACTS = (
    at(0, started(1000.0)),
    at(1, opened("a", fees=1.0)),
    at(2, closed("a", pnl=10.0)),
    at(3, closed("b", pnl=-4.0, asset="ETH")),
    at(4, TradeCorrected(trade_id="b", revision=1, replacement=closed("b", pnl=-5.0, asset="ETH"))),
    at(5, closed("c", pnl=100.0)),
    at(6, TradeVoided(trade_id="c")),
)

NO_TEXTS = (
    "UPDATE facts SET body = CAST(x'7bff7d' AS TEXT) WHERE id = 'a/closed'",
    "UPDATE facts SET body = CAST(replace(body, 'BTC', CAST(x'ff' AS TEXT)) AS TEXT) WHERE id = 'a/closed'",
    "UPDATE facts SET body = CAST(body AS BLOB) WHERE id = 'a/closed'",
    "UPDATE facts SET kind = x'ff' WHERE id = 'a/closed'",
    "UPDATE facts SET kind = CAST(x'ff' AS TEXT) WHERE id = 'a/closed'",
    "UPDATE facts SET kind = CAST(x'ff' AS TEXT), body = x'ff' WHERE id = 'a/closed'",
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return ledger_of(tmp_path / "bot.db", FACTS)


def test_a_sound_ledger_has_no_findings(path: Path) -> None:
    result = verify(path, None)
    assert (result.findings, result.facts, result.system) == ([], len(FACTS), "bot")


def test_what_a_recorder_refused_is_no_fault_of_the_ledger(path: Path) -> None:
    ledger_of(path, [at(9, FactsRefused(fact_kind="trade_closed", reason="not_finite", count=1))])
    assert verify(path, None).findings == []


def test_a_system_that_is_not_there_is_said(path: Path) -> None:
    with pytest.raises(SourceError, match="no facts of nosuch"):
        verify(path, "nosuch")


def test_a_ledger_without_facts_has_none_either(tmp_path: Path) -> None:
    assert verify(ledger_of(tmp_path / "bot.db", []), None).findings == []


def _tampered(path: Path, *statements: str) -> list[str]:
    connection = sqlite3.connect(path)
    connection.execute("DROP TRIGGER facts_are_never_changed")
    connection.execute("DROP TRIGGER facts_are_never_deleted")
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()
    return verify(path, None).findings


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        ("UPDATE facts SET body = 'x' WHERE id = 'a/closed'", "a/closed): is no known fact"),
        ("UPDATE facts SET kind = 'heartbeat' WHERE id = 'a/closed'", "is a trade_closed"),
        ("UPDATE facts SET id = 'z' WHERE id = 'a/closed'", "should have the id a/closed"),
        (
            "UPDATE facts SET body = json_set(body, '$.quantity', -1) WHERE id = 'a/closed'",
            "no known fact: Expected `float` > 0",
        ),
        (
            "UPDATE facts SET body = json_set(body, '$.opened_at', '2030-01-01T00:00:00Z') WHERE id = 'a/closed'",
            "closed_before_opened",
        ),
    ],
)
def test_a_tampered_fact_is_found(path: Path, statement: str, says: str) -> None:
    (finding, *_) = _tampered(path, statement)
    assert says in finding


@pytest.mark.parametrize("statement", NO_TEXTS)
def test_what_is_no_text_is_found_and_hides_no_other_fact(path: Path, statement: str) -> None:
    (finding, *_) = _tampered(path, statement)
    assert "is no known fact" in finding or "is a trade_closed" in finding
    assert sum(1 for _ in rows(path)) == len(FACTS)
    if "SET body" in statement:
        assert _statistic(path, "closed_trades") == 1


@pytest.mark.parametrize("system", ["x'ff'", "CAST(x'ff' AS TEXT)"])
def test_facts_of_a_system_that_is_no_text_are_found_and_passed_over(path: Path, system: str) -> None:
    assert _tampered(path, f"UPDATE facts SET system = {system} WHERE id = 'a/closed'") == [  # noqa: S608 - a value of the table
        "there are facts whose system is no text: nobody can ask for them"
    ]
    assert _statistic(path, "closed_trades") == 1


def test_a_ledger_with_no_known_fact_is_not_sound(path: Path) -> None:
    assert len(_tampered(path, "UPDATE facts SET body = x'00'")) == len(FACTS)


def _statistic(path: Path, key: str) -> float | None:
    return read_report(path, None, ProfitSource.REPORTED).statistics[key].value


def test_many_bad_facts_are_counted_not_listed(path: Path) -> None:
    ledger_of(path, [at(10 + number, closed(f"n{number}", pnl=1.0)) for number in range(30)])
    findings = _tampered(path, "UPDATE facts SET body = 'x' WHERE id LIKE 'n%'")
    assert "and 20 more facts" in findings


def test_sql_and_the_fold_must_agree(path: Path) -> None:
    findings = _tampered(
        path, "DROP VIEW trades", "CREATE VIEW trades AS SELECT 'bot' AS system, 3.0 AS pnl, NULL AS mode"
    )
    assert findings == ["SQL sees 1 closed trades, the fold 2", "SQL sees a net profit of 3, the fold 5"]


@pytest.mark.parametrize(
    ("run", "says"),
    [
        (RunStarted(run_id="r", mode=started().mode, currency="EUR"), None),
        (RunStarted(run_id="r", mode=started().mode, assets=("BTC",)), "unknown asset"),
    ],
)
def test_facts_that_contradict_their_run_are_found(tmp_path: Path, run: RunStarted, says: str | None) -> None:
    path = ledger_of(tmp_path / "bot.db", [at(0, run), at(1, closed("a", pnl=1.0, asset="DOGE"))])
    findings = verify(path, None).findings
    assert findings == [] if says is None else says in findings[0]


@pytest.mark.parametrize("page", range(9))
def test_damage_is_a_finding_of_one_line_wherever_it_is(path: Path, page: int) -> None:
    _damage(path, page * 4096 + (100 if page == 0 else 0), b"\xff" * 600)
    findings = verify(path, None).findings
    assert all("damaged" in finding and "\n" not in finding for finding in findings)
    assert len(findings) > 0


def test_a_schema_that_is_no_text_is_damage(path: Path) -> None:
    _damage(path, path.read_bytes().index(b"CREATE VIEW errors") + 7, b"\xff\xfe")
    assert "is damaged" in verify(path, None).findings[0]


def test_of_much_damage_a_few_lines_are_shown(path: Path) -> None:
    ledger_of(path, [at(10 + number, closed(f"n{number}", pnl=1.0)) for number in range(2000)])
    content = path.read_bytes()
    for page in range(20, len(content) // 4096, 2):
        _damage(path, page * 4096 + 8, b"\xff" * 40)
    findings = verify(path, None).findings
    assert len(findings) == 11
    assert findings[-1].endswith("more problems of the file")


def _damage(path: Path, place: int, content: bytes) -> None:
    with path.open("r+b") as file:
        file.seek(place)
        file.write(content)


def test_gross_profit_is_a_note_and_no_finding(tmp_path: Path) -> None:
    path = ledger_of(tmp_path / "bot.db", [at(0, started()), at(1, closed("a", pnl=10.0, exit_price=110.0, fees=1.0))])
    result = verify(path, None)
    assert result.findings == []
    assert "gross of 1 USD of fees" in result.notes[0]
