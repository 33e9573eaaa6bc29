"""Askings counted where they lie say what tables in memory say; and of a frame only what is asked for is read."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from nps_utils import Study
from nps_utils.checks import MissingColumn, Undecidable
from nps_utils.exports import Recognised, scan_export
from nps_utils.report.summary import evidence
from nps_utils.stats.weighting.linking import linkage
from nps_utils.stats.weighting.silence import response_rates
from nps_utils.study import kept
from nps_utils.study.study import NotInStudy

SETTINGS = """title = "t"
timezone = "Europe/Oslo"
staff_domains = ["own.example"]
segments = ["size", "role"]
[[export]]
path = "raw/a.csv"
[frame]
path = "raw/frame.csv"
[accounts]
path = "raw/accounts.csv"
"""


def _study(folder: Path, *, touchpoint: bool = True, settings: str = SETTINGS) -> Study:
    """300 askings of 60 people (a few of own staff, some never asked) and 150 answers, several of one person a wave."""
    rng = np.random.default_rng(5)
    (folder / "raw").mkdir()
    person = rng.integers(0, 60, 300)
    day = pd.Timestamp("2026-01-01") + pd.to_timedelta(rng.integers(0, 300 * 24 * 60, 300), unit="min")
    frame = pd.DataFrame(
        {
            "respondent_id": [f"p{one}" if one % 9 else "" for one in person],
            "email": [f"P{one}@{'eu.own' if one % 20 == 7 else 'x'}.example" for one in person],
            "account_id": [f"a{one % 7}" if one % 11 else "" for one in person],
            "asked_at": ["" if rng.random() < 0.05 else f"{one:%Y-%m-%d %H:%M}" for one in day],
            "role": rng.choice(["user", "buyer", ""], 300),
            "touchpoint": rng.choice(["relationship", "order"], 300),
        }
    )
    asked = frame[frame["asked_at"] != ""].sample(150, random_state=1)
    later = pd.to_datetime(asked["asked_at"]) + pd.to_timedelta(rng.integers(1, 4 * 24 * 60, 150), unit="min")
    answers = pd.DataFrame(
        {
            "NPS": rng.integers(0, 11, 150),
            "Date": later.dt.strftime("%Y-%m-%d %H:%M"),
            "respondent_id": asked["respondent_id"].to_numpy(),
            "email": asked["email"].str.lower().to_numpy(),
            "touchpoint": asked["touchpoint"].to_numpy() if touchpoint else "relationship",
        }
    )
    frame = frame if touchpoint else frame.drop(columns="touchpoint")
    accounts = pd.DataFrame(
        {"account_id": [f"a{i}" for i in range(6)], "size": [*"smlsml"], "email": "office@x.example"}
    )
    for name, table in (("a", answers), ("frame", frame), ("accounts", accounts)):
        table.to_csv(folder / "raw" / f"{name}.csv", index=False)
    (folder / "study.toml").write_text(settings, "utf-8")
    return Study.open(folder)


@pytest.mark.parametrize("by", [[], ["wave"], ["touchpoint", "wave"], ["size"], ["size", "role", "wave"]])
def test_rates_are_those_of_the_tables(tmp_path: Path, by: list[str]) -> None:
    """Also for columns of the accounts, for missing groups, and with answers set aside within a wave."""
    study = _study(tmp_path)
    assert study.ledger()["reason"].str.contains("same_wave").any()
    expected = response_rates(study.frame(), study.answered(), by=by, wave=study.wave, timezone=study.timezone)
    pd.testing.assert_frame_equal(study.response_rates(by=by), expected, check_exact=True)
    assert expected["answered"].sum() > 50


def test_linkage_is_that_of_the_tables(tmp_path: Path) -> None:
    study = _study(tmp_path)
    expected = linkage(study.frame(), study.answered(), timezone=study.timezone)
    pd.testing.assert_frame_equal(study.linkage(), expected)


def test_a_frame_without_touchpoints_has_that_of_its_answers(tmp_path: Path) -> None:
    study = _study(tmp_path, touchpoint=False)
    rates = study.response_rates(by=["touchpoint"])
    assert rates["touchpoint"].tolist() == ["relationship"]
    assert rates["asked"].item() == study.response_rates()["asked"].item()


def test_columns_of_a_frame_are_those_of_the_whole(tmp_path: Path) -> None:
    """With the accounts joined, own staff left out or not, in the order of the frame; unknown names are passed over."""
    study = _study(tmp_path)
    for staff in (False, True):
        whole = study.frame(staff=staff)
        kept._MADE.clear()
        part = study.frame(staff=staff, columns=["size", "email", "asked_at", "colour"])
        pd.testing.assert_frame_equal(part, whole[["email", "asked_at", "size"]], check_exact=True)
    assert study.frame_columns() == list(study.frame().columns)
    assert len(study.frame()) < len(study.frame(staff=True)) == 300
    with pytest.raises(MissingColumn, match='the frame has no column "colour"; it has: respondent_id'):
        study.response_rates(by=["colour"])


def test_what_is_not_there_is_said(tmp_path: Path) -> None:
    """No frame; and a frame of other people."""
    study = _study(tmp_path)
    (tmp_path / "raw" / "frame.csv").write_text("respondent_id,asked_at,role\nz1,2026-01-02,user\n", "utf-8")
    with pytest.raises(Undecidable, match="none of 1"):
        Study.open(tmp_path).response_rates()
    bare = SETTINGS.replace('[frame]\npath = "raw/frame.csv"\n', "")
    (tmp_path / "study.toml").write_text(bare, "utf-8")
    for asked in (Study.linkage, Study.frame_columns):
        with pytest.raises(NotInStudy, match=r"no \[frame\]"):
            asked(Study.open(tmp_path))
    assert study.frame_columns()


def test_counts_are_those_of_the_answers(tmp_path: Path) -> None:
    """Against a plain count in pandas."""
    study = _study(tmp_path)
    answers = study.responses()
    band = pd.cut(answers["score"], [-1, 6, 8, 10], labels=["detractors", "passives", "promoters"]).astype(str)
    by_hand = pd.crosstab([answers["touchpoint"], answers["wave"]], band).reset_index()
    counts = study.counts(by=["touchpoint", "wave"])
    assert counts.drop(columns="n").to_numpy().tolist() == by_hand[counts.columns.drop("n")].to_numpy().tolist()
    assert study.counts()["n"].item() == len(answers)


def test_exports_are_parsed_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Other waves, and answers set aside, come from the table that is kept, though no file is opened."""
    study = _study(tmp_path)
    study.responses()
    monkeypatch.setattr("nps_utils.study.gather.unite", None)
    assert str(study.responses(wave="month")["wave"].iloc[0]).startswith("2026-0")
    assert len(study.answered()) > len(study.responses())


def test_what_was_recognised_is_kept_whole(tmp_path: Path) -> None:
    _study(tmp_path)
    _, found = scan_export(tmp_path / "raw" / "a.csv")
    assert Recognised.from_json(found.as_json()) == found


WAVES = """title = "t"
timezone = "UTC"
[waves]
by = "column"
[[export]]
path = "raw/a.csv"
[frame]
path = "raw/frame.csv"
"""


@pytest.mark.parametrize("timed", [False, True])
@pytest.mark.parametrize(
    ("answered", "asked"),
    [
        (("Q4 2025", "Q1 2026"), ("Q4 2025", "Q1 2026")),
        (("2025-Q4", "2026-Q1"), ("Q4 2025", "q1 2026")),
        (("Wave 9", "Wave 10"), ("Wave 9", "wave 10")),
        (("Before", "After"), ("Before", "After")),
    ],
)
def test_waves_of_the_frame_are_named_as_those_of_the_answers(
    tmp_path: Path, answered: tuple[str, str], asked: tuple[str, str], *, timed: bool
) -> None:
    """Waves of an export got names that sort, those of the list of who was asked did not: every rate was missed."""
    (tmp_path / "raw").mkdir()
    rows = [(f"p{at}", wave) for wave in (0, 1) for at in range(80)]
    answers = "".join(f"{who},{answered[wave]},{9 if at % 3 else 2}\n" for at, (who, wave) in enumerate(rows[::2]))
    (tmp_path / "raw/a.csv").write_text("respondent_id,Wave,NPS\n" + answers, "utf-8")
    day = ("2025-11-03", "2026-02-03")
    frame = "".join(f"{who},{asked[wave]}{',' + day[wave] if timed else ''}\n" for who, wave in rows)
    header = "respondent_id,wave,asked_at" if timed else "respondent_id,Wave"
    (tmp_path / "raw/frame.csv").write_text(f"{header}\n{frame}", "utf-8")
    (tmp_path / "study.toml").write_text(WAVES, "utf-8")
    study = Study.open(tmp_path)
    waves = sorted(study.responses()["wave"].unique())
    assert not study.ledger()["reason"].eq("links").any()
    rates = study.response_rates(by=["wave"])
    assert sorted(rates["wave"]) == waves
    assert rates["asked"].tolist() == [80, 80]
    assert sorted(study.frame()["wave"].unique()) == waves
    assert sorted(study.frame(columns=["wave", "respondent_id"])["wave"].unique()) == waves
    assert rates["answered"].tolist() == [40, 40]
    told = evidence.rate(study, "not_stated", study.counts(by=["wave"]).assign(wave=waves).iloc[-1])
    assert (told.wave, told.asked) == (waves[-1], 80)
