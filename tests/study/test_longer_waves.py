"""Answers in longer waves are those of cleaning in these waves, row for row; where they may be others, it cleans."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import numpy as np
import pandas as pd
import pytest

from nps_utils.checks import Undecidable
from nps_utils.study import coded
from nps_utils.study.study import Study
from nps_utils.waves import Calendar, Wave

PEOPLE = ["17", " 17", "K-3", "4.41E+17", "anonymous", "", "bb", "Bb", *[f"c{i}" for i in range(20)]]
MAILS = ["a@x.example", "A@X.example ", *[f"b{i}@y.example" for i in range(20)], "", "n/a", "desk@x.example"]
PLACES = ["relationship", "after_order", " relationship", ""]

KINDS: list[tuple[bool, Literal["", "odd", "clean"], bool]] = [
    (True, "odd", True),
    (True, "clean", True),
    (True, "", False),
    (False, "odd", True),
    (False, "", False),
]


def export(seed: int, n: int, *, ids: bool, mails: Literal["", "odd", "clean"], places: bool) -> pd.DataFrame:
    """Return answers of few people in three years: several at one time, at one minute, without a name, or twice."""
    rng = np.random.default_rng(seed)
    days = pd.Timestamp("2024-01-05") + pd.to_timedelta(rng.integers(0, 26_000, n) // 4 * 60, unit="min")
    table = pd.DataFrame({"Response ID": [f"r{seed}-{i:05d}" for i in range(n)], "NPS": rng.integers(0, 11, n)})
    table["Date"] = days.strftime("%Y-%m-%d %H:%M:%S")
    table["Comment"] = rng.choice(["", "good", "A sentence that is long enough to be told by", "-"], n)
    odd = rng.random(n) < 0.15
    person = rng.integers(0, n // 2, n)
    if ids:
        table["Respondent ID"] = np.where(odd & (mails != "clean"), rng.choice(PEOPLE, n), [f"p{i}" for i in person])
    if mails:  # most people have one address and one id; some ids are not known
        table["Email"] = np.where(odd & (mails != "clean"), rng.choice(MAILS, n), [f"M{i}@x.example" for i in person])
    if ids and mails == "odd":
        table.loc[rng.random(n) < 0.1, "Respondent ID"] = ""
    if places:
        table["Touchpoint"] = rng.choice(PLACES, n)
    again = table.sample(max(n // 20, 1), random_state=seed)
    return pd.concat([table, again], ignore_index=True)


def study(
    folder: Path, tables: list[pd.DataFrame], answers: str = 'repeats = "latest"', waves: str = "quarter"
) -> Study:
    """Write exports and a study of them."""
    exports = ""
    for place, table in enumerate(tables):
        table.to_csv(folder / f"e{place}.csv", index=False)
        columns = {"Respondent ID": "respondent_id", "Email": "email", "Touchpoint": "touchpoint"}
        own = ", ".join(f'{ours} = "{name}"' for name, ours in columns.items() if name in table.columns)
        told = f'score = "NPS", response_id = "Response ID", comment = "Comment"{", " * bool(own)}{own}'
        dated = ', responded_at = "Date"' * ("Date" in table.columns)
        exports += f'[[export]]\npath = "e{place}.csv"\ncolumns = {{ {told}{dated} }}\n'
    shared = 'shared = ["desk@x.example", "17"]\none_person = ["K-3", "bb", "Bb", "a@x.example"]\n'
    (folder / "study.toml").write_text(
        f'title = "T"\ntimezone = "Europe/Oslo"\n[waves]\nby = "{waves}"\n[answers]\n{answers}\n{shared}{exports}',
        "utf-8",
    )
    return Study.open(folder)


def cleaned_again(one: Study, wave: Wave, monkeypatch: pytest.MonkeyPatch) -> pd.DataFrame:
    """Return the responses that are cleaned in other waves."""
    with monkeypatch.context() as patch:
        patch.setattr(Study, "_in_longer_waves", lambda *_: None)
        return one.responses(wave=wave)


@pytest.mark.parametrize(
    ("waves", "wave", "repeats", "many"),
    [
        ("quarter", "year", "latest", False),
        ("quarter", "year", "latest", True),
        ("quarter", "year", "first", False),
        ("quarter", "year", "all", True),
        ("month", "quarter", "latest", False),
        ("month", "year", "first", True),
    ],
)
def test_they_are_those_of_cleaning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, waves: str, wave: Calendar, repeats: str, *, many: bool
) -> None:
    """Whoever is named by id or by address, in one export or two, at equal times, with times that name no zone."""
    monkeypatch.setattr(coded, "MANY", 0 if many else coded.MANY)
    for seed, (ids, mails, places) in enumerate(KINDS):
        folder = tmp_path / str(seed)
        folder.mkdir()
        tables = [export(10 * seed + part, 400, ids=ids, mails=mails, places=places) for part in range(2)]
        one = study(folder, tables, f'repeats = "{repeats}"', waves)
        found = one._in_longer_waves(one.changed(wave=wave).settings)
        # Where an id is not known, who an address is depends on all answers.
        assert (found is None) == (ids and mails == "odd" and repeats != "all"), seed
        expected = cleaned_again(one, wave, monkeypatch)
        told = one.responses(wave=wave)
        pd.testing.assert_frame_equal(told, expected)
        assert len(told) < len(one.responses()) or repeats == "all" or not (ids or mails)


def test_a_week_is_in_two_years_and_a_year_in_no_month(tmp_path: Path) -> None:
    for waves, wave in (("week", "year"), ("year", "month"), ("quarter", "week"), ("quarter", ["2024-04-01"])):
        one = study(tmp_path, [export(3, 100, ids=True, mails="", places=False)], waves=waves)
        assert one._in_longer_waves(one.changed(wave=wave).settings) is None


def test_many_rows_are_no_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a study as it comes, with a frame that names people and rows that are rejected."""
    monkeypatch.setattr(coded, "MANY", 0)
    one = study(tmp_path, [export(1, 3000, ids=True, mails="clean", places=True)])
    found = one.responses(wave="year")
    assert found["wave"].cat.categories.tolist() == sorted(found["wave"].unique())
    pd.testing.assert_frame_equal(found, cleaned_again(one, "year", monkeypatch))


def test_answers_without_a_date_are_in_no_year(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An export with dates and one without: of the other the last row of a person counts, in either wave."""
    tables = [export(place, 200, ids=True, mails="", places=False) for place in (1, 2)]
    tables[1] = tables[1].drop(columns="Date")
    one = study(tmp_path, tables)
    expected = cleaned_again(one, "year", monkeypatch)
    assert "all" in set(expected["wave"])
    assert one._in_longer_waves(one.changed(wave="year").settings) is not None
    pd.testing.assert_frame_equal(one.responses(wave="year"), expected)


def test_a_name_behind_many_answers_of_a_year_is_asked_about(tmp_path: Path) -> None:
    """In four quarters three answers each are no crowd; twelve in a year are one, as cleaning says."""
    table = export(5, 300, ids=True, mails="", places=False)
    days = pd.date_range("2024-01-10", periods=12, freq="30D").strftime("%Y-%m-%d 12:00:00")
    keen = pd.DataFrame({"Response ID": [f"k{i}" for i in range(12)], "NPS": 9, "Date": days, "Comment": ""})
    one = study(tmp_path, [pd.concat([table, keen.assign(**{"Respondent ID": "keen"})])])
    assert "keen" in set(one.responses()["respondent_id"])
    assert one._in_longer_waves(one.changed(wave="year").settings) is None
    with pytest.raises(Undecidable, match="keen"):
        one.responses(wave="year")


def test_weights_and_waves_of_the_export_are_cleaned_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An answer without a weight sets another aside; an export's own waves are no calendar's."""
    table = export(7, 300, ids=True, mails="", places=False)
    told = table.assign(Weight=np.where(np.arange(len(table)) % 3, "1.5", ""))
    weighted = study(tmp_path, [told])
    toml = (tmp_path / "study.toml").read_text("utf-8")
    (tmp_path / "study.toml").write_text(toml.replace('title = "T"', 'title = "T"\nweight = "Weight"'), "utf-8")
    weighted = Study.open(tmp_path)
    assert weighted._in_longer_waves(weighted.changed(wave="year").settings) is None
    pd.testing.assert_frame_equal(weighted.responses(wave="year"), cleaned_again(weighted, "year", monkeypatch))
