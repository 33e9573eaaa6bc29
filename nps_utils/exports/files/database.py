"""Answers from a database: `duckdb:///file.db::SELECT ...`, `sqlite:///file.db::SELECT ...`, or any SQLAlchemy URL.

A query only reads: it must begin with SELECT or WITH, files are opened read-only, and nothing is ever committed. User
and password come from the environment, never from the address, which ends up in shell histories and in the ledger:
from what the driver itself knows (`PGUSER`, `PGPASSWORD`, `~/.pgpass`), or from `NPS_DATABASE_USER` and
`NPS_DATABASE_PASSWORD`.

`nps new` asks the database once and keeps what came back in raw/, so that a study stays what it was.
"""

from __future__ import annotations

import datetime as dt
import os
import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final, NamedTuple, TypeAlias
from urllib.parse import quote

import polars as pl

from nps_utils.checks import BadFile, closest
from nps_utils.exports.files.grid import Grid
from nps_utils.exports.files.optional import needed
from nps_utils.exports.files.parquet import ORIGIN, typed_grid
from nps_utils.exports.files.record_grids import records_grid
from nps_utils.exports.files.records import Record
from nps_utils.exports.files.sources import SQLITE, is_query
from nps_utils.exports.files.values import EXACT, flatten
from nps_utils.exports.headers import unique

USER: Final = "NPS_DATABASE_USER"
PASSWORD: Final = "NPS_DATABASE_PASSWORD"
_BATCH: Final = 10_000
_READS: Final = re.compile(r"\s*(?:--[^\n]*\n\s*|/\*.*?\*/\s*|\(\s*)*(?:SELECT|WITH|FROM|VALUES|TABLE)\b", re.I | re.S)
_SECRET: Final = re.compile(r"[?&](?:password|passwd|pwd|token|secret|api_?key|user|username|uid)=", re.I)
_AFTER_FROM: Final = re.compile(r"\bFROM\s+([\w.\"\[\]`]+)", re.I)


Answer: TypeAlias = tuple[list[str], Iterator[Sequence[object]]]


class Query(NamedTuple):
    """The address of a database, and what it is asked."""

    url: str
    sql: str

    @property
    def name(self) -> str:
        """What a copy of the answers is called: the table that is asked, or the database."""
        found = _AFTER_FROM.search(self.sql)
        base = found[1].split(".")[-1] if found else Path(self.url.partition("://")[2].partition("?")[0]).stem
        return re.sub(r"\W+", "_", base).strip("_") or "answers"


def parse(text: str) -> Query:
    """Part an address from its query.

    Raises
    ------
    BadFile
        The address holds a password, is that of a page, or the query does something else than read.

    Examples
    --------
    >>> parse("sqlite:///shop.db::SELECT * FROM answers WHERE score IS NOT NULL").name
    'answers'
    """
    url, _, sql = text.partition("::")
    scheme = url.partition("://")[0]
    if scheme.lower() in ("http", "https", "ftp", "s3", "gs", "file", "abfs"):
        raise BadFile(f"{text.partition('?')[0]} is no database. Download the file and name it here.")
    is_file = scheme.lower() in ("sqlite", "duckdb")
    if ("@" in url and not is_file) or _SECRET.search(url):
        shown = re.sub(r"://.*@", "://", url).partition("?")[0]
        raise BadFile(
            "The address of a database must not hold a user or a password: it would stay in the shell's history and in"
            f" the ledger. Write {shown}::SELECT ... and set {USER} and {PASSWORD} in the environment (or what the"
            " driver reads, such as PGUSER and PGPASSWORD)."
        )
    sql = sql.strip().rstrip(";").strip()
    if sql and not _READS.match(sql):
        raise BadFile(f'A query must begin with SELECT or WITH, as nothing is written to a database; this is "{sql}".')
    return Query(url, sql)


class _Connection(NamedTuple):
    """A way to ask a database, and how its tables are called."""

    ask: Callable[[str], Answer]
    tables: Callable[[], list[str]]


def query_grid(text: str) -> Grid:
    """Ask a database, and return what it answers as a grid of text.

    Raises
    ------
    BadFile
        It cannot be reached or refuses the query, the query is missing or would write, or a library is not installed.
    """
    query = parse(text)
    if not query.sql:
        raise BadFile(_which(query))
    path = Path(query.name)
    note = f"read from {query.url}::{' '.join(query.sql.split())} on {dt.datetime.now(dt.UTC):%Y-%m-%d %H:%M} UTC."
    if query.url.startswith("duckdb:"):
        with _duckdb(query) as connection:
            return typed_grid(path, _frame(connection.sql(query.sql).to_arrow_table(), path).lazy(), notes=(note,))
    with _connected(query) as connection:
        return _rows_grid(path, *connection.ask(query.sql), note)


def local_copy(export: str, folder: Path) -> Path:
    """Return the path of an export; what a query returns is written to `folder` first, with where it came from.

    Parameters
    ----------
    export
        The path of a file, or the address of a database with a query.
    folder
        Where the answers of a database go.
    """
    if not is_query(export):
        return Path(export)
    grid = query_grid(export)
    names = unique(grid.head[0].cells)
    table = grid.scan(1).select(pl.col(f"c{at}").alias(name) for at, name in enumerate(names)).collect()
    path = next(
        path for n in range(1, 1_000) if not (path := folder / f"{grid.path}{n if n > 1 else ''}.parquet").exists()
    )
    table.write_parquet(path, metadata={ORIGIN: grid.notes[0]})
    return path


def _which(query: Query) -> str:
    """Return the message for an address without a query: which tables there are."""
    if query.url.startswith("duckdb:"):
        with _duckdb(query) as connection:
            found = connection.sql("SELECT table_name FROM information_schema.tables ORDER BY ALL").fetchall()
            tables = [name for (name,) in found]
    else:
        with _connected(query) as connection:
            tables = connection.tables()
    return (
        f"{query.url} is a database: say which answers to take. Its tables: {', '.join(tables[:20]) or 'none'}. Write,"
        f' for instance, "{query.url}::SELECT * FROM {tables[0] if tables else "..."}".'
    )


@contextmanager
def _duckdb(query: Query) -> Iterator[Any]:
    library = needed("duckdb", "duckdb", "DuckDB databases are read by duckdb")
    file = _file_of(query)
    try:
        # Nothing is downloaded. Times with a zone are points in time: in UTC no clock is set back.
        config = {"autoinstall_known_extensions": False, "TimeZone": "UTC"}
        name = ":memory:" if file is None else str(file)
        with library.connect(name, read_only=file is not None, config=config) as connection:
            yield connection
    except library.Error as error:
        raise BadFile(_refusal(query, error)) from error


@contextmanager
def _connected(query: Query) -> Iterator[_Connection]:
    with _sqlite(query) if query.url.startswith("sqlite:") else _sqlalchemy(query) as connection:
        yield connection


@contextmanager
def _sqlite(query: Query) -> Iterator[_Connection]:
    file = _file_of(query)
    if file is None:
        raise BadFile(f"{query.url} names no file; write sqlite:///answers.db::SELECT ...")
    try:
        with closing(sqlite3.connect(f"file:{quote(str(file.resolve()))}?mode=ro", uri=True)) as connection:

            def ask(sql: str) -> Answer:
                cursor = connection.execute(sql)
                return [about[0] for about in cursor.description], cursor

            listed = "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite_%'"
            yield _Connection(ask, lambda: [str(name) for (name,) in connection.execute(listed)])
    except sqlite3.Error as error:
        raise BadFile(_refusal(query, error)) from error


@contextmanager
def _sqlalchemy(query: Query) -> Iterator[_Connection]:
    """Connect by SQLAlchemy; nothing is committed."""
    library = needed("sqlalchemy", "sql", "Databases are read by SQLAlchemy")
    engine = _engine(library, query)
    read_only = {"postgresql_readonly": True} if engine.dialect.name == "postgresql" else {}
    try:
        with engine.connect().execution_options(no_parameters=True, **read_only) as connection:

            def ask(sql: str) -> Answer:
                # A server keeps the rows until they are fetched, batch by batch.
                result = connection.execution_options(stream_results=True).exec_driver_sql(sql)
                return list(result.keys()), (row for part in result.partitions(_BATCH) for row in part)

            def tables() -> list[str]:
                inspected = library.inspect(engine)
                return [*inspected.get_table_names(), *inspected.get_view_names()]

            yield _Connection(ask, tables)
            connection.rollback()
    except library.exc.SQLAlchemyError as error:
        raise BadFile(_refusal(query, getattr(error, "orig", None) or error)) from error
    finally:
        engine.dispose()


def _engine(library: Any, query: Query) -> Any:
    scheme = query.url.partition(":")[0]
    try:
        url = library.engine.make_url(query.url)
        if scheme in ("postgresql", "postgres"):
            url = url.set(drivername="postgresql+psycopg")
        told = {
            part: os.environ[name]
            for part, name in (("username", USER), ("password", PASSWORD))
            if os.environ.get(name)
        }
        return library.create_engine(url.set(**told))
    except (library.exc.NoSuchModuleError, library.exc.ArgumentError) as error:
        known = ("duckdb", "sqlite", "postgresql", "mysql", "mssql", "oracle")
        raise BadFile(
            f"{scheme}:// is no database that SQLAlchemy knows here ({_first(error)}).{closest(scheme, known)}"
            " For another database install the dialect that its documentation names."
        ) from error
    except ModuleNotFoundError as error:
        install = " (in the folder of this project: .venv/bin/python -m pip install -e '.[sql]')"
        brings = install if scheme.startswith("postgres") else ""
        raise BadFile(f"{scheme}:// needs the driver {error.name}, which is not installed here{brings}.") from error


def _file_of(query: Query) -> Path | None:
    """Return the file of an address with three slashes, which must be there: nothing is ever made."""
    name = query.url.partition("://")[2].removeprefix("/").partition("?")[0]
    if name in ("", ":memory:"):
        return None
    if not Path(name).is_file():
        raise BadFile(f"{name} of {query.url} is not there. Check the spelling and the folder.")
    with Path(name).open("rb") as file:
        is_sqlite = file.read(len(SQLITE)) == SQLITE
    if is_sqlite and query.url.startswith("duckdb:"):
        raise BadFile(f"{name} is an SQLite database. Write sqlite:///{name}::SELECT ... instead of duckdb:///.")
    return Path(name)


def _refusal(query: Query, error: object) -> str:
    asked = f" Asked: {query.sql[:200]}" if query.sql else ""
    return f"{query.url} cannot be read: {_first(error)}.{asked}"


def _first(error: object) -> str:
    return " ".join(str(error).strip().splitlines()[:2]).rstrip(".") or type(error).__name__


def _frame(table: Any, path: Path) -> pl.DataFrame:
    for name in table.schema.names:
        if "interval" in str(table.schema.field(name).type):
            raise BadFile(f'{path}, column "{name}" is an interval, which has no text of its own: CAST it AS VARCHAR.')
    return pl.DataFrame(pl.from_arrow(table))


def _rows_grid(path: Path, names: Sequence[str], rows: Iterable[Sequence[object]], note: str) -> Grid:
    """Return rows of Python values as a grid; objects in them (JSON) are flattened as in a file of JSON."""
    table, rounded = list[dict[str, str]](), set[str]()
    headers = unique(names)
    for row in rows:
        record = dict(zip(headers, row, strict=True))
        rounded |= {name for name, value in record.items() if isinstance(value, float) and abs(value) >= EXACT}
        table.append(dict(flatten(record)))
    columns = list(dict.fromkeys(name for record in table for name in record)) or headers
    records = [Record(at, [one.get(name, "") for name in columns], None, None) for at, one in enumerate(table, start=1)]
    large = [at for at, name in enumerate(columns) if name in rounded]
    return records_grid(path, columns, lambda: records, rounded=large, notes=[note])
