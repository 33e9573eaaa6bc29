"""Who gave each answer, where exports know people by address alone."""

from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
import pytest

from nps_utils.report import summary
from nps_utils.report.start import start_study
from nps_utils.study.people import with_people_of_addresses
from nps_utils.study.study import Study


def who(**cells: list[str | None]) -> list[str | None]:
    shared = ("info@x.se",)
    answers = pl.LazyFrame(cells, schema=dict.fromkeys(cells, pl.String))
    return with_people_of_addresses(answers, shared).collect()["respondent_id"].to_list()


def test_an_address_is_a_person_whatever_its_case() -> None:
    assert who(email=["A@x.se", " a@x.se", "b@x.se", None]) == ["a@x.se", "a@x.se", "b@x.se", None]


def test_nobody_and_shared_addresses_are_no_person() -> None:
    assert who(email=["anonymous", "info@x.se", "Info@x.se", "-"]) == [None] * 4


def test_ids_go_before_addresses_and_an_address_finds_its_id() -> None:
    assert who(respondent_id=["7", "7", None, None], email=["a@x.se", "a@x.se", "a@x.se", "b@x.se"]) == [
        *("7", "7", "7", "b@x.se")
    ]


def test_ids_that_never_repeat_while_addresses_do_are_ids_of_answers() -> None:
    assert who(respondent_id=["1", "2", "3"], email=["a@x.se", "a@x.se", None]) == ["a@x.se", "a@x.se", "3"]


def test_an_id_that_a_spreadsheet_rounded_names_nobody() -> None:
    assert who(respondent_id=["4.41E+17", "4.41E+17"]) == [None, None]


@pytest.mark.parametrize("header", ["Email", "E-post", "person_email"])
def test_the_same_addresses_twice_lead_with_the_paired_change(tmp_path: Path, header: str) -> None:
    """Most tools know people by e-mail alone: who answered twice is still one person."""
    rng = np.random.default_rng(3)
    first = rng.integers(0, 11, 60)
    score = np.concatenate([first, np.clip(first + rng.integers(0, 4, 60), 0, 10)])
    day = ["2024-02-03"] * 30 + ["2024-03-20"] * 30 + ["2024-05-03"] * 30 + ["2024-06-20"] * 30
    people = [f"p{i}@kund.example" for i in range(60)] * 2
    ids = [f"r{i:05d}" for i in range(120)]
    table = pd.DataFrame({"Response ID": ids, "Date": day, "NPS": score, header: people})
    table.to_csv(tmp_path / "answers.csv", index=False)
    list(start_study(tmp_path / "study", [tmp_path / "answers.csv"], timezone="UTC"))
    verdict = summary.summarise(Study.open(tmp_path / "study"))["verdict"]
    assert verdict["design"] == "paired"
    assert verdict["stayers"] is not None


def test_a_frame_of_addresses_has_segments_as_one_of_ids(tmp_path: Path) -> None:
    """It was said that no table has the column, beside a list of columns in which it stood."""
    answers = [f"P{i}@X.example ,{i % 11},2026-03-{1 + i % 28:02d}" for i in range(40)]
    (tmp_path / "a.csv").write_text("\n".join(["Email,NPS,Date", *answers]) + "\n", "utf-8")
    list(start_study(tmp_path / "s", [tmp_path / "a.csv"], timezone="UTC"))
    asked = [f"p{i}@x.example,2026-02-01,{'owner' if i % 4 else 'clerk'}" for i in range(60)]
    (tmp_path / "s" / "raw" / "f.csv").write_text("\n".join(["Email,asked_at,Role", *asked]) + "\n", "utf-8")
    toml = tmp_path / "s" / "study.toml"
    text = toml.read_text("utf-8").replace("segments = []", 'segments = ["Role"]')
    toml.write_text(f'{text}\n[frame]\npath = "raw/f.csv"\n', "utf-8")
    found = Study.open(tmp_path / "s").responses()["Role"]
    assert found.value_counts().to_dict() == {"owner": 30, "clerk": 10}
