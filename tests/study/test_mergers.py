"""Accounts that became part of another are that one in answers, accounts, revenue and frame."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from nps_utils.checks import BadInput
from nps_utils.study.money import money_of
from nps_utils.study.study import Study


def study(folder: Path, merged: str, ids: tuple[str, str] = ("17", "23"), answered: tuple[str, ...] = ()) -> Study:
    old, new = ids
    said = answered or (old, new, "31")
    rows = [f"p{i}@x.example,{said[i % len(said)]},2026-0{1 + i % 6}-1{i % 9},{i % 11}" for i in range(60)]
    (folder / "answers.csv").write_text("\n".join(["Email,Account ID,Date,NPS", *rows]), "utf-8")
    accounts = [f"{old},Old Fish,north", f"{new},New Fish,south", "31,Steel,west"]
    (folder / "accounts.csv").write_text("\n".join(["Account ID,Name,Region", *accounts]), "utf-8")
    money = [f"{one},2026-0{m}-01,2026-0{m}-28,100,SEK" for one in (old, new, "31") for m in (1, 2, 3)]
    header = "Account ID,Period start,Period end,Amount,Currency"
    (folder / "revenue.csv").write_text("\n".join([header, *money]), "utf-8")
    asked = [f"p{i}@x.example,{said[i % len(said)]},2026-01-0{1 + i % 9}" for i in range(90)]
    (folder / "frame.csv").write_text("\n".join(["Email,Account ID,Asked at", *asked]), "utf-8")
    (folder / "study.toml").write_text(
        f'title = "T"\ntimezone = "UTC"\nsegments = ["Region"]\n[answers]\n{merged}\n[[export]]\npath = "answers.csv"\n'
        '[accounts]\npath = "accounts.csv"\n[revenue]\npath = "revenue.csv"\nlayout = "periods"\nrepeated = "sum"\n'
        '[frame]\npath = "frame.csv"\ncolumns = { asked_at = "Asked at" }\n'
    )
    return Study.open(folder)


def test_answers_accounts_and_money_are_those_of_the_account_that_is_left(tmp_path: Path) -> None:
    before = study(tmp_path, "").responses()
    one = study(tmp_path, 'merged = { "17" = "23" }')
    answers = one.responses()
    assert len(answers) == len(before)
    assert answers["account_id"].value_counts().to_dict() == {"23": 40, "31": 20}
    assert set(answers.loc[answers["account_id"] == "23", "Region"]) == {"south"}
    assert one.accounts()["account_id"].tolist() == ["23", "31"]
    money, _ = money_of(one.folder, one.settings, one.revenue_settings())
    assert money.groupby("account_id")["amount"].sum().to_dict() == {"23": 600.0, "31": 300.0}


def test_who_was_asked_at_the_old_account_was_asked_at_the_new_one(tmp_path: Path) -> None:
    """Also where the study was read before the merger was declared."""
    before = study(tmp_path, "").frame()
    assert set(before["account_id"]) == {"17", "23", "31"}
    one = study(tmp_path, 'merged = { "17" = "23" }')
    for frame in (one.frame(), one.frame(columns=["account_id"]), one.frame(columns=["account_id", "Region"])):
        assert frame["account_id"].value_counts().to_dict() == {"23": 60, "31": 30}
    assert set(one.frame().loc[lambda rows: rows["account_id"] == "23", "Region"]) == {"south"}
    assert one.response_rates(by=["Region"])["asked"].tolist() == [60, 30]


def test_by_its_name_the_old_account_is_the_new_one(tmp_path: Path) -> None:
    answers = study(tmp_path, 'merged = { "17" = "23" }', answered=("Old Fish", "New Fish", "Steel")).responses()
    assert answers["account_id"].value_counts().to_dict() == {"23": 40, "31": 20}


def test_ids_that_are_only_alike_are_merged_too(tmp_path: Path) -> None:
    toml = 'merged = { "K-17" = "K-23" }\naccount_ids = "alike"'
    answers = study(tmp_path, toml, ids=("K-17", "K-23"), answered=("k17", "K 23", "31")).responses()
    assert pd.Series(answers["account_id"]).value_counts().to_dict() == {"K-23": 40, "31": 20}


def test_a_merger_of_a_merger_is_written_to_its_end(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="left in the end"):
        study(tmp_path, 'merged = { "17" = "23", "23" = "31" }')


def test_a_merger_of_an_account_that_is_nowhere_is_refused_with_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r'account "K-71" is in no export .* Did you mean "K-17"') as refused:
        study(tmp_path, 'merged = { "K-71" = "K-23" }', ids=("K-17", "K-23")).responses()
    assert "merged under [answers] in study.toml" in str(refused.value)
