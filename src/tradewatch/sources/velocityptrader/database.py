"""VelocityPTrader's database, opened read-only: the one place beside the ledger that knows SQLite."""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

from tradewatch.errors import SourceError

Value = str | int | float | bytes | None
"""What SQLite holds in any column, whatever type the column declares."""

_TABLES_NAMED = 5
_NEEDED = ("timestamp", "pnl")
"""Columns without which nothing can be said of a trade; a table that lost one has not lost its trades."""

_LOWEST_ID, _HIGHEST_ID = -(2**63), 2**63 - 1
_ASKED_AT_ONCE = 500
_TOO_LATE = 4_102_444_800
"""2100-01-01 as Unix time."""

_MEANINGS = {
    "SQLITE_BUSY": "is locked by another program: wait for it to finish",
    "SQLITE_LOCKED": "is locked by another program: wait for it to finish",
    "SQLITE_READONLY": "holds an unfinished transaction that only its own program can undo: start VelocityPTrader once",
    "SQLITE_NOTADB": "is not a SQLite database: give the path of VelocityPTrader's trading_logs.db",
    "SQLITE_CORRUPT": "is damaged: restore a copy, or save what is readable with `sqlite3 FILE .recover`",
    "SQLITE_CANTOPEN": "cannot be opened: check the path and the permissions of its folder",
    "SQLITE_IOERR": "cannot be read, it is cut off or the disk reports an error: restore a copy",
    "SQLITE_PERM": "cannot be read: check its permissions",
}


class DatabaseError(SourceError):
    """A followed database cannot be read now; what was told of it stands, and reading may go well later."""


class TradeRow(NamedTuple):
    """A row of ``trade_logs``; what has no column is None."""

    id: int
    timestamp: Value = None
    agent_id: Value = None
    instrument: Value = None
    timeframe: Value = None
    action: Value = None
    entry_price: Value = None
    exit_price: Value = None
    position_size: Value = None
    pnl: Value = None
    mae: Value = None
    mfe: Value = None
    trade_duration: Value = None
    market_conditions: Value = None
    confidence: Value = None
    trade_id: Value = None
    virtual_trade: Value = None


class ErrorRow(NamedTuple):
    """A row of ``error_logs``; what has no column is None."""

    id: int
    timestamp: Value = None
    error_type: Value = None
    error_message: Value = None
    component: Value = None
    severity: Value = None


_OTHER_NAMES = {"confidence": ("confidence_score", "confidence")}


class _Table(NamedTuple):
    """How a table is read. ``key``: the column of its ids; ``columns``: an expression for each of our fields."""

    name: str
    key: str
    columns: Mapping[str, str]

    @property
    def selection(self) -> str:
        return f"SELECT {', '.join(self.columns.values())} FROM {self.name} WHERE typeof({self.key}) = 'integer'"  # noqa: S608


def is_velocityptraders(path: Path) -> bool:
    """Whether a path leads to a database with VelocityPTrader's tables, also one that is locked or damaged now."""
    try:
        VelocityPTraderDatabase(path).close()
    except DatabaseError:
        return _seems_to_have_trades(path)
    return True


def _seems_to_have_trades(path: Path) -> bool:
    """Whether a file names the table without being asked for more, past every lock."""
    try:
        with closing(_opened(path, 0, "ro&immutable=1")) as connection:
            return bool(connection.execute("SELECT 1 FROM sqlite_schema WHERE lower(name) = 'trade_logs'").fetchone())
    except sqlite3.Error:
        return False


class VelocityPTraderDatabase:
    """The tables of a ``trading_logs.db``. Use it from one thread; each call reads one state of the database."""

    def __init__(self, path: Path, *, busy_timeout: float = 0.25) -> None:
        """Open it; ``busy_timeout``: seconds to wait for a writer. Raises `DatabaseError` on what cannot be read."""
        self._path = path
        _require_database(path)
        with _explained(path):
            self._connection = _opened(path, busy_timeout)
        try:
            self._read_schema()
        except BaseException:
            self._connection.close()
            raise

    def _read_schema(self) -> None:
        trades = self._table("trade_logs", TradeRow._fields)
        if trades is None:
            raise DatabaseError(_another_application(self._path, self._names()))
        for column in _NEEDED:
            if trades.columns[column] == "NULL":
                message = f"{self._path} has no column {column} in trade_logs: give a database of VelocityPTrader's"
                raise DatabaseError(message)
        self._trades = trades
        self._errors = self._table("error_logs", ErrorRow._fields)
        self._schema = self._pragma("schema_version")
        self.has_pairs = trades.columns["trade_id"] != "NULL" and not self._is_unique("trade_id")
        """Whether two rows may have one ``trade_id``."""

    def version(self) -> int:
        """Return a number that changes with every commit of others, for as long as the database stays open."""
        return self._pragma("data_version")

    def require_undamaged(self) -> None:
        """Raise `DatabaseError` when SQLite finds damage; a damaged page may look like rows that are gone."""
        ((found,),) = self._query("PRAGMA quick_check(1)", ())
        if found != "ok":
            message = f"{self._path} {_MEANINGS['SQLITE_CORRUPT']}"
            raise DatabaseError(message)

    @property
    def has_new_schema(self) -> bool:
        """Whether tables or columns came or went since it was opened: open it again."""
        return self._pragma("schema_version") != self._schema

    def trades(self, after: int | None = None, until: int | None = None, limit: int = 5_000) -> Sequence[TradeRow]:
        """Return up to ``limit`` rows with ids after one and up to another, by id."""
        return [TradeRow(*row) for row in self._rows(self._trades, after, until, limit)]

    def errors(self, after: int | None, limit: int) -> Sequence[ErrorRow]:
        """Return up to ``limit`` errors with ids after one, by id; none where there is no such table."""
        if self._errors is None:
            return []
        return [ErrorRow(*row) for row in self._rows(self._errors, after, None, limit)]

    def trades_with(self, ids: Sequence[int]) -> Sequence[TradeRow]:
        """Return the rows with these ids, as far as there are any."""
        found: list[TradeRow] = []
        for start in range(0, len(ids), _ASKED_AT_ONCE):
            asked = ids[start : start + _ASKED_AT_ONCE]
            marks = ", ".join("?" * len(asked))
            rows = self._query(f"{self._trades.selection} AND {self._trades.key} IN ({marks})", asked)
            found += [TradeRow(*row) for row in rows]
        return found

    def earliest(self) -> float | None:
        """Return the earliest plausible opening or closing, Unix time; None without one."""
        time, duration = self._trades.columns["timestamp"], self._trades.columns["trade_duration"]
        known = f"typeof({duration}) IN ('real', 'integer') AND {duration} BETWEEN 0 AND {time}"
        query = (
            f"SELECT min({time} - CASE WHEN {known} THEN {duration} ELSE 0 END) FROM trade_logs "  # noqa: S608
            f"WHERE typeof({time}) IN ('real', 'integer') AND {time} >= 0 AND {time} < {_TOO_LATE}"
        )
        ((found,),) = self._query(query, ())
        return None if found is None else float(found)

    def close(self) -> None:
        """Release the file."""
        self._connection.close()

    def _rows(self, table: _Table, after: int | None, until: int | None, limit: int) -> Sequence[tuple[Any, ...]]:
        first = _LOWEST_ID if after is None else after
        last = _HIGHEST_ID if until is None else until
        condition = f"{table.key} {'>=' if after is None else '>'} ? AND {table.key} <= ?"
        return self._query(f"{table.selection} AND {condition} ORDER BY {table.key} LIMIT ?", (first, last, limit))

    def _query(self, query: str, values: Sequence[int]) -> Sequence[tuple[Any, ...]]:  # Any: rows of every table
        with _explained(self._path):
            return self._connection.execute(query, values).fetchall()

    def _pragma(self, name: str) -> int:
        with _explained(self._path):
            (value,) = self._connection.execute(f"PRAGMA {name}").fetchone()
        return int(value)

    def _names(self) -> list[str]:
        with _explained(self._path):
            return [name for (name,) in self._connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]

    def _table(self, name: str, fields: Sequence[str]) -> _Table | None:
        with _explained(self._path):
            found = self._connection.execute(f"SELECT name FROM pragma_table_info('{name}')").fetchall()  # noqa: S608
        columns = {str(column).lower() for (column,) in found}
        if not columns:
            return None
        key = "id" if "id" in columns else "rowid"
        return _Table(name, key, {"id": key} | {field: _expression(field, columns) for field in fields[1:]})

    def _is_unique(self, column: str) -> bool:
        query = (
            "SELECT list.name FROM pragma_index_list('trade_logs') AS list, pragma_index_info(list.name) AS info "
            'WHERE list."unique" AND NOT list.partial GROUP BY list.name '
            "HAVING count(*) = 1 AND lower(max(info.name)) = ?"
        )
        with _explained(self._path):
            return self._connection.execute(query, (column,)).fetchone() is not None


def _expression(field: str, columns: set[str]) -> str:
    names = [name for name in _OTHER_NAMES.get(field, (field,)) if name in columns]
    return f"coalesce({', '.join(names)})" if len(names) > 1 else (names or ["NULL"])[0]


def _require_database(path: Path) -> None:
    with _explained(path):
        if path.is_dir():
            message = f"{path} is a folder: give the path of VelocityPTrader's trading_logs.db"
        elif not path.exists():
            message = f"there is no database {path}: check the path, or start VelocityPTrader first"
        elif not path.is_file():
            message = f"{path} is no regular file: give the path of VelocityPTrader's trading_logs.db"
        elif not path.stat().st_size:
            message = f"{path} is empty: start VelocityPTrader first, or restore a copy"
        else:
            return
    raise DatabaseError(message)


def _opened(path: Path, busy_timeout: float, mode: str = "ro") -> sqlite3.Connection:
    uri = f"file:{quote(str(path.absolute()))}?mode={mode}"
    connection = sqlite3.connect(uri, uri=True, timeout=busy_timeout, isolation_level=None, check_same_thread=False)
    connection.text_factory = _text
    return connection


def _text(found: bytes) -> str:
    return found.decode(errors="replace")


def _another_application(path: Path, names: Sequence[str]) -> str:
    tables = f"it has the tables {', '.join(sorted(names)[:_TABLES_NAMED])}" if names else "it has no tables"
    return f"{path} is not VelocityPTrader's database, there is no table trade_logs ({tables}): give another path"


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    """Turn an error of SQLite or the system into a `DatabaseError` that a person understands."""
    try:
        yield
    except sqlite3.Error as error:
        message = f"{path} {_meaning(error)}"
        raise DatabaseError(message) from error
    except OSError as error:
        message = f"{path} cannot be read ({error.strerror}): check the path and its permissions"
        raise DatabaseError(message) from error


def _meaning(error: sqlite3.Error) -> str:
    name = getattr(error, "sqlite_errorname", None) or ""  # None: an error of the Python module itself
    for code, meaning in _MEANINGS.items():
        if name == code or name.startswith(f"{code}_"):
            return meaning
    return f"cannot be read: {error}"
