"""Accounts that exports write in several ways are told, and blanks behind the name of a group make no other group."""

from __future__ import annotations

from pathlib import Path

from nps_utils.report.start import start_study
from nps_utils.study.study import Study

SCORES = (10, 9, 3, 8, 10, 6, 9, 7, 10, 2)


def export(path: Path, month: int, accounts: list[str]) -> Path:
    rows = [f"2026-{month:02d}-{1 + at % 28:02d},{SCORES[at % 10]},{account}" for at, account in enumerate(accounts)]
    path.write_text("\n".join(["Date,NPS,Account ID", *rows]), encoding="utf-8")
    return path


def test_ids_that_one_export_writes_with_a_fraction_are_told_and_the_line_makes_them_one(tmp_path: Path) -> None:
    """Forty accounts left and forty came: a rise was said to be of other respondents, or of nobody known."""
    ids = [f"{1001 + at % 15}" for at in range(45)]
    paths = [export(tmp_path / "a.csv", 2, ids), export(tmp_path / "b.csv", 5, [f"{one}.0" for one in ids])]
    said = list(start_study(tmp_path / "study", paths, timezone="Europe/Stockholm"))
    assert any('15 accounts are written in several ways in several exports ("1001", "1001.0")' in one for one in said)
    toml = tmp_path / "study" / "study.toml"
    toml.write_text(toml.read_text("utf-8").replace("[answers]", '[answers]\naccount_ids = "alike"'), encoding="utf-8")
    study = Study.open(tmp_path / "study")
    assert study.responses()["account_id"].nunique() == 15
    assert "accounts_otherwise" not in set(study.ledger()["reason"])


def test_other_accounts_in_another_export_are_others(tmp_path: Path) -> None:
    paths = [
        export(tmp_path / "a.csv", 2, [f"{1001 + at % 15}" for at in range(45)]),
        export(tmp_path / "b.csv", 5, [f"{2001 + at % 15}" for at in range(45)]),
    ]
    said = list(start_study(tmp_path / "study", paths, timezone="Europe/Stockholm"))
    assert not any("several ways" in one for one in said)


def test_blanks_behind_the_name_of_a_group_make_no_other_group(tmp_path: Path) -> None:
    """A page had two groups that were written alike, each with a score of half of the answers."""
    rows = [f"2026-02-{1 + at % 28:02d},{SCORES[at % 10]},{('North', 'North ', ' South')[at % 3]}" for at in range(60)]
    (tmp_path / "a.csv").write_text("\n".join(["Date,NPS,Region", *rows]), encoding="utf-8")
    list(start_study(tmp_path / "study", [tmp_path / "a.csv"], timezone="Europe/Stockholm"))
    study = Study.open(tmp_path / "study")
    assert list(study.settings.segments) == ["Region"]
    assert study.responses()["Region"].astype(str).value_counts().to_dict() == {"North": 40, "South": 20}
    assert study.counts(by=["Region"])["n"].tolist() == [40, 20]
