"""A study of a folder of Parquet files: the same answers as of one file, each row under its own file and number."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pandas as pd
import polars as pl
import pytest

from nps_utils import tables
from nps_utils.checks import BadAnswers, BadStudy
from nps_utils.report import unchanged
from nps_utils.report.build import _input_names
from nps_utils.report.start import start_study
from nps_utils.study.parts import told_by_file
from nps_utils.study.study import Study


def answers() -> pl.DataFrame:
    """Answers with rows that cannot be used, and people who answer twice."""
    n = 3000
    scores = [None if i % 50 == 7 else 11 if i % 83 == 5 else (i * 7) % 11 for i in range(n)]
    return pl.DataFrame(
        {
            "Response ID": [f"r-{i:06d}" for i in range(n)],
            "Email": [f"person{i % 2800}@customer{i % 40}.example" for i in range(n)],
            "NPS score": scores,
            "Comment": [f"Answer {i} of many, each in words of its own" if i % 3 else None for i in range(n)],
            "Date": [dt.date(2025, 1, 1) + dt.timedelta(days=i % 300) for i in range(n)],
            "country": [("NO", "SE", "DK")[i % 3] for i in range(n)],
        }
    )


def started(folder: Path, *exports: Path) -> Study:
    """Start a study of exports, as the command does."""
    list(start_study(folder, exports, timezone="Europe/Oslo", title="t"))
    return Study.open(folder)


def parted(folder: Path, table: pl.DataFrame) -> Path:
    """Write a table in parts, a folder for each country, with signs beside them."""
    for (country,), rows in table.group_by("country"):
        inner = folder / f"country={country}"
        inner.mkdir(parents=True)
        for at, part in enumerate(rows.drop("country").iter_slices(350)):
            part.write_parquet(inner / f"data_{at}.parquet")
    (folder / "_SUCCESS").touch()
    return folder


@pytest.fixture(scope="module")
def studies(tmp_path_factory: pytest.TempPathFactory) -> tuple[Study, Study, pl.DataFrame]:
    """The study of one file, that of the same rows in parts, and these rows."""
    place = tmp_path_factory.mktemp("folders")
    folder = parted(place / "answers", answers())
    rows = pl.concat(
        pl.read_parquet(path, hive_partitioning=False).with_columns(
            country=pl.lit(path.parent.name.removeprefix("country=")),
            file=pl.lit(f"answers/{path.relative_to(folder).as_posix()}"),
            row=pl.int_range(1, pl.len() + 1),
        )
        for path in sorted(folder.rglob("*.parquet"))
    )
    rows.drop("file", "row").write_parquet(place / "whole.parquet")
    return started(place / "one", place / "whole.parquet"), started(place / "many", folder), rows


def test_the_answers_are_those_of_one_file(studies: tuple[Study, Study, pl.DataFrame]) -> None:
    """All columns but the place of the row; and all of the ledger but what is said of a file."""
    one, many, _ = studies
    places = ["source_file", "source_row"]
    pd.testing.assert_frame_equal(one.responses().drop(columns=places), many.responses().drop(columns=places))
    ledgers = [study.ledger().query("action != 'noted'").drop(columns=places) for study in (one, many)]
    of_one, of_many = (ledger.reset_index(drop=True) for ledger in ledgers)
    pd.testing.assert_frame_equal(of_one, of_many)
    assert many.settings.segments == one.settings.segments == ("country",)
    assert many.counts(by=["country"]).equals(one.counts(by=["country"]))


def test_every_row_is_found_in_its_file(studies: tuple[Study, Study, pl.DataFrame]) -> None:
    """By file and number, each response and each entry of the ledger is the row that was written there."""
    _, many, rows = studies
    written = {(file, row): said for file, row, said in rows.select("file", "row", "Response ID").rows()}
    answered = many.responses()
    told = zip(answered["source_file"], answered["source_row"], answered["response_id"], strict=True)
    assert all(written[file, row] == said for file, row, said in told)
    lost = many.ledger().query("action == 'rejected'")
    places = [*zip(lost["source_file"], lost["source_row"], strict=True)]
    seen = {*zip(answered["source_file"], answered["source_row"], strict=True), *places}
    assert seen == set(written)
    scores = {(file, row): score for file, row, score in rows.select("file", "row", "NPS score").rows()}
    out = lost[lost["reason"] == "score_out_of_range"]
    assert {scores[place] for place in zip(out["source_file"], out["source_row"], strict=True)} == {11}


def test_a_file_that_comes_or_moves_makes_other_results(tmp_path: Path) -> None:
    """The hash of the input, and whether a report is still that of the input, rest on all files and their folders."""
    study = started(tmp_path / "study", parted(tmp_path / "answers", answers()))
    raw = study.folder / "raw" / "answers"
    assert not (raw / "_SUCCESS").exists()

    def state() -> tuple[str, str]:
        return study.input_hash(), unchanged.key(study.folder, _input_names(study), contacts_in_site=False)

    before, n = state(), len(study.responses())
    assert state() == before
    (raw / "_SUCCESS").touch()
    assert state() == before
    moved = raw / "country=SE" / "moved.parquet"
    (raw / "country=NO" / "data_1.parquet").rename(moved)
    assert not set(state()) & set(before)
    assert len(Study.open(study.folder).responses()) == n
    assert not Study.open(study.folder).counts(by=["country"]).equals(study.__class__.open(tmp_path / "study").counts())
    moved.unlink()
    assert len(Study.open(study.folder).responses()) < n


def test_messages_say_in_which_file_a_row_is(studies: tuple[Study, Study, pl.DataFrame]) -> None:
    """Cleaning counts rows through all files; whoever looks for one needs its file."""
    _, many, rows = studies
    with pytest.raises(BadAnswers) as told, told_by_file(many.folder, many.settings):
        raise BadAnswers('answers, column "score": "70", first in row 1,351')
    file, row = rows.select("file", "row").row(1350)
    assert str(told.value).endswith(f"row 1,351 is row {row} of {file.removeprefix('answers/')}.")


def test_nothing_is_left_of_a_study_that_cannot_be(tmp_path: Path) -> None:
    """Groups that contradict the scores are refused once all rows are read, and the copy of the folder goes again."""
    group = pl.when(pl.col("NPS score") > 8).then(pl.lit("Detractor")).otherwise(pl.lit("Promoter"))
    folder = parted(tmp_path / "answers", answers().with_columns(group.alias("NPS group")))
    with pytest.raises(BadAnswers, match=r"Rows of answers are counted through .* of country=DK/data_0"):
        started(tmp_path / "study", folder)
    assert not (tmp_path / "study").exists()


def test_a_pattern_is_answered_with_its_folder(tmp_path: Path) -> None:
    """What study.toml is told to name instead works."""
    study = started(tmp_path / "study", parted(tmp_path / "answers", answers()))
    toml = study.folder / "study.toml"
    said = toml.read_text("utf-8")
    toml.write_text(said.replace('"raw/answers"', '"raw/answers/**/*.parquet"'), "utf-8")
    with pytest.raises(BadStudy, match='as one export: path = "raw/answers"'):
        Study.open(study.folder)


def test_a_page_has_a_line_for_the_export_and_none_for_each_file(studies: tuple[Study, Study, pl.DataFrame]) -> None:
    """Folders may hold thousands of files; the first row of each reason is still to be found."""
    one, many, _ = studies
    whole, parts = (tables.cleaning.rejected(study.ledger()).data for study in (one, many))
    assert parts["rows"].tolist() == whole["rows"].tolist()
    assert parts["source_file"].str.startswith("answers, first in answers/country=").all()
