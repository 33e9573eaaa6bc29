"""A folder of Parquet files is one export: each row keeps its file, and what differs among files is told by name."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from urllib.parse import quote

import polars as pl
import pytest

from nps_utils.checks import BadFile
from nps_utils.exports import scan_export
from nps_utils.exports.files.parquet_folder import folder_grid
from nps_utils.exports.files.parquet_parts import places_of


def answers(start: int, n: int) -> pl.DataFrame:
    """Answers of which no two are alike, numbered from `start`."""
    at = range(start, start + n)
    return pl.DataFrame(
        {
            "Response ID": [f"r-{i:06d}" for i in at],
            "NPS score": [(i * 7) % 11 for i in at],
            "Comment": [f"Answer {i} of many, each in words of its own" if i % 3 else None for i in at],
            "Date": [dt.date(2025, 1, 1) + dt.timedelta(days=i % 300) for i in at],
        }
    )


def write(folder: Path, **parts: pl.DataFrame) -> Path:
    """Write each table to the file of its name."""
    for name, table in parts.items():
        folder.mkdir(parents=True, exist_ok=True)
        table.write_parquet(folder / f"{name}.parquet")
    return folder


def test_rows_and_their_files_are_those_of_the_parts(tmp_path: Path) -> None:
    """Read by Polars file by file, the rows are the same, and each is found at its place."""
    sizes = [3, 0, 400, 1, 7000]
    for at, n in enumerate(sizes):
        write(tmp_path / "in", **{f"part-{at}": answers(1000 * at, n)})
    table = scan_export(tmp_path / "in")[0].collect()
    whole = pl.concat([pl.read_parquet(tmp_path / "in" / f"part-{at}.parquet") for at in range(len(sizes))])
    assert table["response_id"].to_list() == whole["Response ID"].to_list()
    assert table["score"].to_list() == [str(score) for score in whole["NPS score"]]
    assert table["comment"].to_list() == whole["Comment"].to_list()
    places = places_of(tmp_path / "in")
    for row, said in zip(table["source_row"], table["response_id"], strict=True):
        name, there = places.place(row)
        if there in (1, 400, 7000):
            assert pl.read_parquet(tmp_path / "in" / name)["Response ID"][there - 1] == said
    found = table.select(at=places.file_at(pl.col("source_row")))["at"].to_list()
    assert found == [at for at, n in enumerate(sizes) for _ in range(n)]


def test_signs_beside_the_rows_are_not_read(tmp_path: Path) -> None:
    """What Spark and Hadoop leave in the folder is no table."""
    folder = write(tmp_path / "in", **{"part-0": answers(0, 30)})
    (folder / "_SUCCESS").touch()
    (folder / "_metadata").write_bytes(b"PAR1")
    (folder / ".part-0.parquet.crc").write_bytes(b"crc")
    (folder / "again").symlink_to(folder)
    assert len(scan_export(folder)[0].collect()) == 30


def test_names_of_folders_are_columns(tmp_path: Path) -> None:
    """Texts as they are written, percent signs decoded; what has no value is missing."""
    values = ["01", "São Paulo/X", "a=b", None]
    for at, value in enumerate(values):
        said = "__HIVE_DEFAULT_PARTITION__" if value is None else quote(value, safe="")
        write(tmp_path / "in" / f"place={said}" / "_day=1", part=answers(2000 * at, 2000))
    lazy, recognised = scan_export(tmp_path / "in")
    table = lazy.collect()
    ids = table["response_id"].to_list()
    assert table["place"].to_list() == [values[int(one.removeprefix("r-")) // 2000] for one in ids]
    assert set(table["_day"]) == {"1"}
    assert "place" in recognised.segments
    assert any('"place", "_day": from the names of its folders' in note for note in recognised.notes)


def test_all_folders_are_seen_among_the_first_rows(tmp_path: Path) -> None:
    """Where the first folder alone has more rows than are looked at, groups of the others are offered still."""
    for country in ("DK", "NO", "SE"):
        write(tmp_path / "in" / f"country={country}", part=answers(10_000 * ord(country[0]), 9000))
    grid = folder_grid(tmp_path / "in")
    assert {record.cells[-1] for record in grid.head[1:]} == {"DK", "NO", "SE"}
    assert scan_export(tmp_path / "in")[1].segments == ("country",)


def test_the_number_of_a_row_is_no_person_in_parts_either(tmp_path: Path) -> None:
    """`Respondent ID` counts the rows of all parts: it identifies nobody, as in one file."""
    counted = pl.int_range(1, 60_001).alias("Respondent ID")
    whole = answers(0, 60_000).with_columns(counted).drop("Response ID")
    write(tmp_path, whole=whole)
    for at in range(60):
        write(tmp_path / "in", **{f"part-{at}": whole.slice(1000 * at, 1000)})
    one, parts = (scan_export(tmp_path / name)[1] for name in ("whole.parquet", "in"))
    assert one.columns == parts.columns
    assert parts.columns["response_id"] == "Respondent ID"


def test_types_that_have_the_same_texts_may_differ(tmp_path: Path) -> None:
    """Of pandas, whole numbers are floats where one is missing, and a column without a value has no type."""
    folder = write(
        tmp_path / "in",
        a=answers(0, 30),
        b=answers(30, 30).with_columns(pl.col("NPS score").cast(pl.Float64)).select("Comment", pl.exclude("Comment")),
        c=answers(60, 30).with_columns(pl.lit(None).alias("Comment"), pl.col("NPS score").cast(pl.Int8)),
    )
    table = scan_export(folder)[0].collect()
    assert table["score"].to_list() == [str((i * 7) % 11) for i in range(90)]
    assert table["comment"].to_list() == [*answers(0, 60)["Comment"], *[None] * 30]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (pl.exclude("Comment"), 'c.parquet has no column "Comment", which a.parquet has'),
        ([pl.all(), pl.lit("1").alias("zip")], 'c.parquet has column "zip", which a.parquet has not'),
        (
            [pl.exclude("Date"), pl.col("Date").cast(pl.String)],
            'column "Date" holds texts in c.parquet and dates in a.parquet',
        ),
    ],
)
def test_columns_that_differ_are_told_by_file_and_column(tmp_path: Path, change: pl.Expr, said: str) -> None:
    """What the message asks for works: the file that differs in a folder of its own."""
    folder = write(tmp_path / "in", a=answers(0, 30), b=answers(30, 30), c=answers(60, 30).select(change))
    with pytest.raises(BadFile, match="write its files anew") as refused:
        scan_export(folder)
    assert said in str(refused.value)
    (tmp_path / "other").mkdir()
    (folder / "c.parquet").rename(tmp_path / "other" / "c.parquet")
    assert [len(scan_export(tmp_path / name)[0].collect()) for name in ("in", "other")] == [60, 30]


def test_folders_that_cannot_be_read_are_refused_by_what_is_wrong(tmp_path: Path) -> None:
    """Each says what to do."""

    def refused(name: str) -> str:
        with pytest.raises(BadFile) as error:
            scan_export(tmp_path / name)
        return str(error.value)

    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / "_SUCCESS").touch()
    assert "Put the Parquet files of the export into it" in refused("empty")
    (tmp_path / "text").mkdir()
    (tmp_path / "text" / "a.csv").write_text("NPS\n9\n")
    assert "It holds: a.csv." in refused("text")
    write(tmp_path / "both", a=answers(0, 30))
    (tmp_path / "both" / "late.csv").write_text("NPS\n9\n")
    assert "late.csv" in refused("both")
    write(tmp_path / "damaged", a=answers(0, 30))
    (tmp_path / "damaged" / "b.parquet").write_bytes((tmp_path / "damaged" / "a.parquet").read_bytes()[:200])
    assert "b.parquet is a Parquet file but damaged" in refused("damaged")
    write(tmp_path / "delta", a=answers(0, 30))
    (tmp_path / "delta" / "_delta_log").mkdir()
    assert "a Delta table" in refused("delta")
    write(tmp_path / "unfinished", a=answers(0, 30))
    (tmp_path / "unfinished" / "_temporary").mkdir()
    assert "half-written" in refused("unfinished")
    write(tmp_path / "none", a=answers(0, 0))
    assert "no row" in refused("none")
    write(tmp_path / "some" / "year=2025", a=answers(0, 30))
    write(tmp_path / "some", b=answers(30, 30))
    assert 'the folders of year=2025/a.parquet name the column "year", those of b.parquet do not' in refused("some")
