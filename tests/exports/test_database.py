"""Answers from databases: DuckDB, SQLite, and a real PostgreSQL where Debian's package is installed."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from typer.testing import CliRunner

from nps_utils import Study
from nps_utils.checks import BadFile
from nps_utils.cli import app
from nps_utils.exports import read_export
from nps_utils.exports.files.database import PASSWORD, USER, local_copy, parse

# Two ids that one float cannot tell apart, a missing answer, a per cent sign.
ROWS = [
    (900719925474099301, "2025-08-04 10:00:00+02:00", 10, "Quick and 50% off"),
    (900719925474099302, "2025-08-05 23:30:00+00:00", 0, None),
    (900719925474099303, "2025-08-06 10:00:00+02:00", None, "No score, but words"),
]


def values(table: pd.DataFrame, column: str) -> list[str]:
    """The cells of a column, empty ones as empty text."""
    return [str(cell) for cell in table[column].fillna("")]


def check_rows(table: pd.DataFrame) -> None:
    """Nothing of `ROWS` is lost."""
    assert values(table, "respondent_id") == [str(row[0]) for row in ROWS]
    assert values(table, "score") == ["10", "0", ""]
    assert values(table, "comment") == ["Quick and 50% off", "", "No score, but words"]
    assert [pd.Timestamp(cell) for cell in table["responded_at"]] == [pd.Timestamp(row[1]) for row in ROWS]


@pytest.fixture
def lite(tmp_path: Path) -> Path:
    """An SQLite file, whose columns hold what they like."""
    path = tmp_path / "shop & co.db"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE answers (customer_id INTEGER, answered_at TEXT, nps, comment TEXT)")
    connection.executemany("INSERT INTO answers VALUES (?, ?, ?, ?)", ROWS)
    connection.commit()
    connection.close()
    return path


@pytest.fixture
def duck(tmp_path: Path) -> Path:
    """A DuckDB file with types."""
    path = tmp_path / "shop.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute(
            "CREATE TABLE answers (customer_id BIGINT, answered_at TIMESTAMPTZ, nps DECIMAL(4, 1), comment VARCHAR,"
            " tags VARCHAR[], who STRUCT(email VARCHAR), n HUGEINT)"
        )
        connection.executemany(
            "INSERT INTO answers VALUES (?, ?, ?, ?, ['a', 'b'], {'email': 'a@b.example'}, 12345678901234567890)", ROWS
        )
    return path


def test_sqlite(lite: Path) -> None:
    """By the standard library, read-only."""
    table, recognised = read_export(f"sqlite:///{lite}::SELECT * FROM answers ORDER BY customer_id;")
    check_rows(table)
    assert recognised.notes[0].startswith(f"read from sqlite:///{lite}::SELECT * FROM answers")
    before = lite.read_bytes()
    with pytest.raises(BadFile, match="begin with SELECT or WITH"):
        read_export(f"sqlite:///{lite}::DELETE FROM answers")
    assert lite.read_bytes() == before


def test_duckdb(duck: Path) -> None:
    """Every type as text; a column under a name of its own."""
    table, _ = read_export(f"duckdb:///{duck}::SELECT * FROM answers ORDER BY customer_id")
    check_rows(table)
    assert values(table, "tags") == ["a; b"] * 3
    assert values(table, "who.email") == ["a@b.example"] * 3
    assert values(table, "n") == ["12345678901234567890"] * 3


def test_an_address_alone_lists_the_tables(lite: Path, duck: Path) -> None:
    """And the line it shows works."""
    for url in (f"sqlite:///{lite}", f"duckdb:///{duck}"):
        with pytest.raises(BadFile, match="Its tables: answers") as raised:
            read_export(url)
        line = str(raised.value).split('"')[1]
        assert len(read_export(line)[0]) == 3
    with pytest.raises(BadFile, match=r'an SQLite database.*"sqlite:///.* alone lists its tables'):
        read_export(lite)


REFUSED = [
    ("postgresql://ann:secret@db.example/shop::SELECT 1", USER),
    ("postgresql://ann@db.example/shop::SELECT 1", PASSWORD),
    ("postgresql://db.example/shop?password=secret::SELECT 1", PASSWORD),
    ("https://tool.example/answers.csv", "Download the file"),
    ("sqlite:///nowhere.db::SELECT 1", "nowhere.db of sqlite:///nowhere.db is not there"),
    ("sqlite://::SELECT 1", "names no file"),
    ("duckdb:///nowhere.db::SELECT 1", "is not there"),
    ("postgresql:///shop::UPDATE answers SET nps = 10", "begin with SELECT or WITH"),
]


@pytest.mark.parametrize(("text", "message"), REFUSED)
def test_what_is_refused(text: str, message: str) -> None:
    """A password is never repeated in the message."""
    with pytest.raises(BadFile, match=message) as raised:
        read_export(text)
    assert "secret" not in str(raised.value)


def test_a_query_that_the_database_refuses(lite: Path, duck: Path) -> None:
    """Its own words, and what was asked."""
    with pytest.raises(BadFile, match=r"no such table: answer.*Asked: SELECT"):
        read_export(f"sqlite:///{lite}::SELECT * FROM answer")
    with pytest.raises(BadFile, match=r"answer does not exist.*Asked: SELECT"):
        read_export(f"duckdb:///{duck}::SELECT * FROM answer")
    with pytest.raises(BadFile, match="is an SQLite database"):
        read_export(f"duckdb:///{lite}::SELECT 1")
    with pytest.raises(BadFile, match="not a database"):
        read_export(f"sqlite:///{duck}::SELECT * FROM answers")
    with pytest.raises(BadFile, match="but no row"):
        read_export(f"sqlite:///{lite}::SELECT * FROM answers WHERE nps > 10")


def test_names_of_copies(lite: Path, tmp_path: Path) -> None:
    """After the table; twice the same table gives two files; a file stays where it is."""
    folder = tmp_path / "copies"
    folder.mkdir()
    text = f"sqlite:///{lite}::SELECT * FROM answers"
    assert [local_copy(text, folder).name for _ in range(2)] == ["answers.parquet", "answers2.parquet"]
    assert local_copy("raw/answers.csv", folder) == Path("raw/answers.csv")
    assert parse("postgresql:///shop::WITH a AS (SELECT 1) SELECT 2").name == "shop"


def test_nps_new_keeps_what_the_database_said(duck: Path, tmp_path: Path) -> None:
    """The study has a copy: it needs no database later, and says where the copy came from."""
    query = f"duckdb:///{duck}::SELECT * FROM answers"
    told = CliRunner().invoke(app, ["new", str(tmp_path / "study"), query, "--timezone", "Europe/Oslo"])
    assert told.exit_code == 0, told.output
    duck.unlink()
    study = Study.open(tmp_path / "study")
    assert sorted(study.responses()["score"]) == [0, 10]
    ledger = study.ledger()
    assert any(query in str(value) for value in ledger["value"])
    assert (tmp_path / "study" / "raw" / "answers.parquet").exists()


def programs() -> Path | None:
    """Where Debian keeps the programs of PostgreSQL's server."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return found[-1].parent if found else None


@pytest.fixture(scope="module")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A server of our own behind a socket in a folder of our own; it does not run as root."""
    pytest.importorskip("sqlalchemy", reason="PostgreSQL is read by the extra sql, which is not installed")
    pytest.importorskip("psycopg", reason="PostgreSQL is read by the extra sql, which is not installed")
    where = programs()
    if where is None:
        pytest.skip("no PostgreSQL server here: apt-get install postgresql")
    folder = tmp_path_factory.mktemp("pg")
    as_other: list[str] = []
    if os.geteuid() == 0:
        if shutil.which("setpriv") is None:
            pytest.skip("PostgreSQL does not run as root, and there is no setpriv to run it as another")
        as_other = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"]
        folder = Path(subprocess.check_output(["mktemp", "-d"], text=True).strip())
        shutil.chown(folder, "nobody", "nogroup")
    control = [*as_other, str(where / "pg_ctl"), "-D", str(folder / "data")]
    options = f"-k {folder} -c listen_addresses='' -c fsync=off"
    make = [*as_other, str(where / "initdb"), "-D", str(folder / "data"), "-U", "nps", "-A", "scram-sha-256"]
    (folder / "word").write_text("s3cret/@:")
    subprocess.run([*make, f"--pwfile={folder / 'word'}"], check=True, capture_output=True)
    subprocess.run([*control, "-o", options, "-l", str(folder / "log"), "-w", "start"], check=True, capture_output=True)
    try:
        yield folder
    finally:
        subprocess.run([*control, "-m", "immediate", "-w", "stop"], check=True, capture_output=True)
        if as_other:
            shutil.rmtree(folder)


def test_postgresql(postgres: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Types as text, JSON flattened, the password from the environment, and nothing written."""
    psycopg = pytest.importorskip("psycopg", reason="PostgreSQL is read by the extra sql, which is not installed")
    monkeypatch.setenv("PGHOST", str(postgres))
    with pytest.raises(BadFile, match="cannot be read"):
        read_export("postgresql:///postgres::SELECT 1")
    monkeypatch.setenv(USER, "nps")
    monkeypatch.setenv(PASSWORD, "s3cret/@:")
    with psycopg.connect(host=str(postgres), user="nps", password="s3cret/@:", dbname="postgres") as connection:
        connection.execute(
            "CREATE TABLE answers (customer_id bigint, answered_at timestamptz, nps numeric(4, 1), comment text,"
            ' more jsonb DEFAULT \'{"plan": "gold", "seats": 5}\', tags text[] DEFAULT \'{a,b}\','
            " key uuid DEFAULT '550e8400-e29b-41d4-a716-446655440000')"
        )
        connection.execute("CREATE SEQUENCE n")
        rows = connection.cursor()
        rows.executemany("INSERT INTO answers (customer_id, answered_at, nps, comment) VALUES (%s, %s, %s, %s)", ROWS)
    table, recognised = read_export("postgresql:///postgres::SELECT * FROM answers ORDER BY customer_id")
    check_rows(table)
    assert values(table, "more.plan") == ["gold"] * 3
    assert values(table, "more.seats") == ["5"] * 3
    assert values(table, "tags") == ["a; b"] * 3
    assert values(table, "key") == ["550e8400-e29b-41d4-a716-446655440000"] * 3
    assert "s3cret" not in "".join(recognised.notes)
    assert len(read_export("postgresql:///postgres::SELECT * FROM answers WHERE comment LIKE '%50\\%%'")[0]) == 1
    with pytest.raises(BadFile, match="Its tables: answers"):
        read_export("postgresql:///postgres")
    for writes in ("WITH x AS (DELETE FROM answers RETURNING *) SELECT * FROM x", "SELECT nextval('n') AS nps"):
        with pytest.raises(BadFile, match="cannot be read"):
            read_export(f"postgresql:///postgres::{writes}")
    assert len(read_export("postgresql:///postgres::SELECT * FROM answers")[0]) == 3
