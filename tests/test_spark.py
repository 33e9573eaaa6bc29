"""The same functions on a real local Spark: every cell as the embedded engine has it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from typing import Any

import polars as pl
import pytest

from nps_utils.checks import BadValue, MissingColumn
from nps_utils.cleaning import spark_engine
from nps_utils.cleaning.clean import clean
from nps_utils.stats.counts import count_bands

pytestmark = [
    pytest.mark.spark,
    # Said when pyspark is imported beside pandas 3; nothing here turns Spark tables into pandas by pyspark.
    pytest.mark.filterwarnings("ignore:PySpark does not yet fully support pandas:FutureWarning"),
]

ROWS: list[dict[str, str | None]] = [
    {"response_id": "1", "email": "A@x.example", "score": "9", "responded_at": "2024-03-31 02:30", "seg": "é"},
    {"response_id": "2", "email": "b@x.example", "score": "11", "responded_at": "24.02.2024 11.35"},
    {"response_id": "3", "email": "c@x.example", "score": "8", "responded_at": "1/2/2024 8:00"},
    {"response_id": "4", "email": "c@x.example", "score": "8/10", "responded_at": "1/2/2024 8:03"},
    {"response_id": "5", "email": "d@x.example", "score": "3", "responded_at": "1424777707", "score_label": "Promoter"},
    {"response_id": "6", "email": "own@us.example", "score": "10", "responded_at": "2024-01-01T00:00:00Z"},
    {"response_id": "7", "email": "a@x.example", "score": "Likely - 7", "responded_at": "2024-03-01T10:00:00+02:00"},
    {"response_id": "8", "email": None, "score": "0", "responded_at": "12/25/2024 8:51:12 PM", "comment": "so, so"},
    {"response_id": "8", "email": None, "score": "0", "responded_at": "12/25/2024 8:51:12 PM", "comment": "so, so"},
    {"response_id": "1", "email": "A@x.example", "score": "9", "responded_at": "2024-03-31 02:30", "seg": "f"},
    {"response_id": "9", "email": "e@x.example", "score": None, "responded_at": "45000.5", "comment": ""},
    {"response_id": "10", "email": "e@x.example", "score": "NA", "responded_at": "soon", "comment": "late"},
    {"response_id": "11", "email": "f@x.example", "score": "10", "responded_at": "2024-10-27 02:30"},
    {"response_id": "12", "email": "g@x.example", "score": "6,5", "responded_at": None},
    {"response_id": "13", "email": "g@x.example", "score": "6", "responded_at": "45000.5", "score_label": "kritiker"},
    {"response_id": "14", "email": "h@x.example", "score": "9", "responded_at": "7. okt. 2023 9:05"},
    {"response_id": "15", "email": "i@x.example", "score": "9", "responded_at": "\u00a020231007 "},
    {"response_id": "16", "email": "j@x.example", "score": "9", "responded_at": "2024-02-24\u202f9:05 pm GMT+1"},
    {"response_id": "17", "email": "k@x.example", "score": "9", "responded_at": "1424777707123"},
    {"response_id": "18", "email": "l@x.example", "score": "9", "responded_at": "24.februar 2024 11:35"},
    # White space of spreadsheets and web pages around and within the words that rules read.
    {"response_id": "19", "email": "m@x.example", "score": "1", "status": "\u00a0test\u2003"},
    {"response_id": "20", "email": "n@x.example", "score": "1", "status": "screened\u00a0out"},
    {"response_id": "21", "email": "o@us.example\u00a0", "score": "1", "comment": "\u202f"},
    {"response_id": "22", "email": "p@x.example", "score": "9", "comment": "NA\u00a0", "status": "\u00a0"},
    {"response_id": "\u3000", "email": "P@x.example\u00a0", "score": "8", "responded_at": "2024-03-31 02:30"},
    {"response_id": "23", "email": "q@x.example", "score": "9", "responded_at": "den 26/2 2024 kl. 14.30"},
    {"response_id": "24", "email": "r@x.example", "score": "9", "responded_at": "27/2 2024"},
    {"response_id": "25", "email": "s@x.example", "score": "9", "responded_at": "28022024"},
    {"response_id": "26", "email": "t@x.example", "score": "9", "responded_at": "240229 14:30"},
]
FILES = ["a.csv"] * 7 + ["b.csv"] * 3 + ["a.csv"] * 19
NAMES = ("response_id", "email", "score", "responded_at", "comment", "score_label", "seg", "status")
# One group contradicts its score on purpose: that is a flag where groups are ignored.
OPTIONS: dict[str, Any] = {"timezone": "Europe/Oslo", "staff_domains": ["us.example"], "groups": "ignore"}


@pytest.fixture(scope="module")
def spark() -> Iterator[Any]:
    """Start a local Spark session, or skip and say what is missing."""
    sql = pytest.importorskip("pyspark.sql", reason='pyspark absent: install the extra, "nps-utils[spark]"')
    if shutil.which("java") is None:
        pytest.skip("Java absent: Spark needs Java 17")
    builder = sql.SparkSession.builder.master("local[2]").appName("nps_utils tests")
    for key, value in {
        "spark.ui.enabled": "false",
        "spark.sql.shuffle.partitions": "2",
        "spark.sql.session.timeZone": "America/New_York",  # results must not depend on it
        "spark.sql.codegen.wholeStage": "false",  # compiling costs more than these few rows
        "spark.log.level": "ERROR",
    }.items():
        builder = builder.config(key, value)
    session = builder.getOrCreate()
    yield session
    session.stop()


@pytest.fixture(scope="module")
def text_table() -> pl.DataFrame:
    """A table with rows of most fates, in two files."""
    cells = {name: [row.get(name) for row in ROWS] for name in NAMES}
    frame = pl.DataFrame(cells | {"source_file": FILES}, schema=dict.fromkeys([*NAMES, "source_file"], pl.String))
    return frame.with_columns(source_row=pl.int_range(2, pl.len() + 2, dtype=pl.Int64))


def to_spark(session: Any, frame: pl.DataFrame) -> Any:
    """Make a Spark table of the same cells."""
    kinds: dict[pl.DataType, str] = {pl.Int64(): "long", pl.Int8(): "tinyint"}
    schema = ", ".join(f"{name} {kinds.get(kind, 'string')}" for name, kind in frame.schema.items())
    return session.createDataFrame(frame.rows(), schema)


def from_spark(table: Any) -> pl.DataFrame:
    """Collect a Spark table into Polars, times in UTC."""
    collected = pl.from_arrow(table.toArrow())
    assert isinstance(collected, pl.DataFrame)
    return collected.with_columns(pl.col(pl.Datetime).dt.convert_time_zone("UTC"))


@pytest.mark.parametrize("few", [True, False])
def test_cleaning_on_spark_gives_the_same_cells(
    spark: Any, text_table: pl.DataFrame, few: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Responses and ledger of a Spark table equal those of the embedded engine, whatever the session's zone.

    So they do where more rows repeat others than are brought together or sent round.
    """
    if not few:
        monkeypatch.setattr(spark_engine, "_SENT", 0)
        monkeypatch.setattr(spark_engine, "_TOGETHER", 0)
    expected, expected_ledger = clean(text_table, **OPTIONS)
    responses, ledger = clean(to_spark(spark, text_table), **OPTIONS)
    assert from_spark(responses).sort("source_row").equals(expected.sort("source_row"))
    by = ["action", "source_file", "source_row", "reason", "value"]
    assert from_spark(ledger).sort(by).equals(expected_ledger.sort(by))
    assert expected_ledger["reason"].n_unique() > 8


def test_counts_on_spark(spark: Any, text_table: pl.DataFrame) -> None:
    """Band counts of a Spark table equal those of Polars, missing groups included."""
    expected, _ = clean(text_table, **OPTIONS)
    kept = expected.select("score", "wave", "seg")
    table = to_spark(spark, kept)
    for by in ([], ["wave"], ["wave", "seg"]):
        assert count_bands(table, by=by).equals(count_bands(kept, by=by))


def test_wrong_spark_tables_are_named(spark: Any) -> None:
    """Without row numbers, or with a score that is none, Spark tables are refused like others."""
    with pytest.raises(MissingColumn, match="source_file"):
        clean(to_spark(spark, pl.DataFrame({"score": ["9"]})), timezone="UTC")
    with pytest.raises(BadValue, match="11"):
        count_bands(to_spark(spark, pl.DataFrame({"score": [11]})))
