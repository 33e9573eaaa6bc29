"""A report of Salesforce writes fifteen signs of an id, other ways out of it eighteen: one account."""

from __future__ import annotations

from pathlib import Path

import pytest

from nps_utils.study.further import alike, by_likeness
from nps_utils.study.study import Study

FULL = ("0015g00000AbCdEAAV", "0015g00000abCdEAAU", "0015g000001XyzQAAS")


@pytest.mark.parametrize("one", FULL)
def test_the_check_is_left_off_where_it_is_right(one: str) -> None:
    assert alike(one) == alike(one[:15])
    wrong = one[:17] + ("A" if one[17] != "A" else "B")
    assert alike(wrong) != alike(one[:15])


def test_two_ids_that_differ_in_capitals_are_never_taken_for_one() -> None:
    assert alike("0015g00000AbCdEAAV") == alike("0015g00000abCdEAAU")
    assert by_likeness(FULL[:2]) == {}


def test_a_study_says_what_to_write_and_then_joins(tmp_path: Path) -> None:
    (tmp_path / "answers.csv").write_text(
        "Email,Account ID,Date,NPS\n"
        + "".join(f"p{i}@x.example,{FULL[i % 3][:15]},2026-0{1 + i % 6}-1{i % 9},{i % 11}\n" for i in range(60)),
        "utf-8",
    )
    (tmp_path / "accounts.csv").write_text("Account ID,Region\n" + "".join(f"{one},R{one[14]}\n" for one in FULL[1:]))
    toml = (
        'title = "T"\ntimezone = "Europe/London"\nsegments = ["Region"]\n[answers]\n{more}[[export]]\n'
        'path = "answers.csv"\n[accounts]\npath = "accounts.csv"\n'
    )
    (tmp_path / "study.toml").write_text(toml.replace("{more}", ""))
    said = " ".join(Study.open(tmp_path).ledger()["value"].astype(str))
    assert 'account_ids = "alike"' in said
    (tmp_path / "study.toml").write_text(toml.replace("{more}", 'account_ids = "alike"\n'))
    assert Study.open(tmp_path).responses()["Region"].notna().sum() >= 20
