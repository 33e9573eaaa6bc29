"""The simulation: what it writes is reproducible, and what it says is true is true."""

from __future__ import annotations

import csv
import re
import tomllib
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from nps_utils import Study, clean, read_export, simulate
from nps_utils.checks import BadValue
from nps_utils.simulate import plan as planned
from nps_utils.simulate.dirt import another
from nps_utils.simulate.plan import Plan, bands_at, mean_for, nps_at, scores_of, targets
from nps_utils.simulate.remarks import LANGUAGES, pools
from nps_utils.simulate.truth import as_toml
from tests.simulate import other_layouts, quick

DEMO = Path(__file__).parents[2] / "data" / "demo"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[simulate.Company, Path]:
    """The demo's company, written anew."""
    folder = tmp_path_factory.mktemp("demo")
    return simulate.study(folder), folder


@pytest.fixture(scope="module")
def study() -> Study:
    """The committed demo, cleaned."""
    return Study.open(DEMO)


@pytest.fixture(scope="module")
def truth() -> dict[str, Any]:
    """What truth.toml says."""
    return tomllib.loads((DEMO / "truth.toml").read_text(encoding="utf-8"))


def test_the_demo_is_written_byte_for_byte(made: tuple[simulate.Company, Path]) -> None:
    """Every committed file is what the seed gives, none is missing and none is left over."""
    _, folder = made
    written = {p.relative_to(folder): p.read_bytes() for p in folder.rglob("*") if p.is_file()}
    committed = {p.relative_to(DEMO): p.read_bytes() for p in [*DEMO.glob("*.toml"), *DEMO.glob("raw/*")]}
    assert written.keys() == committed.keys()
    assert [str(name) for name, data in written.items() if committed[name] != data] == []
    assert sum(map(len, committed.values())) < 3_000_000


def test_another_seed_gives_another_study() -> None:
    """The seed moves everything; the same seed moves nothing."""
    first = simulate.company(Plan(seed=5, accounts=30))
    again = simulate.company(Plan(seed=5, accounts=30))
    other = simulate.company(Plan(seed=6, accounts=30))
    pd.testing.assert_frame_equal(first.answers, again.answers)
    assert first.answers["score"].tolist() != other.answers["score"].tolist()


@pytest.mark.parametrize("mean", [-0.8, 0.0, 0.3, 1.1])
def test_true_nps_is_that_of_very_many_answers(mean: float) -> None:
    """Monte Carlo: a million drawn answers, counted, against the formula."""
    score = scores_of(np.random.default_rng(1).normal(mean, 1.0, 1_000_000))
    points = 100 * (np.mean(score >= 9) - np.mean(score <= 6))
    assert points == pytest.approx(float(nps_at(mean)), abs=0.35)  # four standard errors
    assert score.min() >= 0
    assert score.max() == 10
    assert sum(float(share) for share in bands_at(mean)) == pytest.approx(1.0)
    assert float(mean_for(nps_at(mean))) == pytest.approx(mean, abs=1e-6)


def asking(**changes: str) -> pd.DataFrame:
    """One asking of the relationship survey."""
    row = {"touchpoint": "relationship", "wave": "2025-Q2", "size": "medium", "segment": "retail", "early_fix": "no"}
    return pd.DataFrame([row | changes])


def test_effects_are_where_the_plan_puts_them() -> None:
    """Drop, fix and the lonely segment move exactly their own cells, by their own size."""
    plan = Plan(drop=20.0, fix_effect=15.0, alone=30.0)

    def at(**changes: str) -> float:
        return float(targets(asking(**changes), plan)[0])

    calm = at()
    assert at(wave="2025-Q3") == calm - 20
    assert at(wave="2025-Q4") == calm - 20
    assert at(wave="2025-Q4", early_fix="yes") == calm - 5
    assert at(wave="2026-Q1", early_fix="yes") == at(wave="2026-Q1") == calm
    assert at(wave="2026-Q2", segment="public sector") == at(segment="public sector") - 30
    for moment in ("after_order", "after_delivery"):
        cells = {at(touchpoint=moment, wave=w, segment=s) for w in planned.WAVES for s in planned.SEGMENTS}
        assert len(cells) == 1


def test_zero_removes_an_effect() -> None:
    """With drop, fix and alone at zero all waves are alike, and no comment names a cause."""
    plan = Plan(seed=3, accounts=40, drop=0.0, fix_effect=0.0, alone=0.0)
    assert len({float(targets(asking(wave=w), plan)[0]) for w in planned.WAVES}) == 1
    assert set(simulate.company(plan).answers["cause"]) == {""}


def test_the_mix_changes_and_nothing_else(made: tuple[simulate.Company, Path]) -> None:
    """In the campaign wave small accounts are most of those asked; without the campaign they are not."""
    answers = made[0].answers
    delivered = answers[answers["touchpoint"] == "after_delivery"]
    share = delivered["size"].eq("small").groupby(delivered["wave"]).mean()
    assert share[planned.MIX_WAVE] > 0.6
    assert share.drop(planned.MIX_WAVE).max() < 0.25
    calm = simulate.company(Plan(seed=3, accounts=60, mix=False)).answers
    calm = calm[(calm["touchpoint"] == "after_delivery") & (calm["wave"] == planned.MIX_WAVE)]
    assert calm["size"].eq("small").mean() < 0.25


def growth_and_score(company: simulate.Company) -> pd.DataFrame:
    """Growth of recurring revenue in the quarters before, of and after each true score."""
    money = company.revenue[company.revenue["revenue_type"] == "recurring"]
    quarter = money["period_start"].dt.to_period("Q").astype(str).str.replace("Q", "-Q")
    wide = money.assign(wave=quarter).pivot_table(index="account_id", columns="wave", values="amount")
    growth = wide.pct_change(axis=1, fill_method=None)
    parts = {"before": growth.shift(1, axis=1), "same": growth, "after": growth.shift(-1, axis=1)}
    table = company.moods
    for name, part in parts.items():
        long = part.reset_index().melt(id_vars="account_id", var_name="wave", value_name=name)
        table = table.merge(long, on=["account_id", "wave"])
    return table


def test_growth_follows_the_true_score_by_one_quarter(
    made: tuple[simulate.Company, Path], truth: dict[str, Any]
) -> None:
    """Least squares finds slope and intercept after the score; before it only what lasting differences leave."""
    table = growth_and_score(made[0])
    plan = made[0].plan
    after = table.dropna(subset=["after"])
    fit = sm.OLS(after["after"].to_numpy(), sm.add_constant(after["nps_true"].to_numpy())).fit()
    assert abs(fit.params[0] - plan.growth_at_zero) < 3 * fit.bse[0]
    assert abs(fit.params[1] - plan.revenue_slope) < 3 * fit.bse[1]
    assert fit.tvalues[1] > 5
    before = table.dropna(subset=["before"])
    fit = sm.OLS(before["before"].to_numpy(), sm.add_constant(before["nps_true"].to_numpy())).fit()
    assert abs(fit.params[1]) < plan.revenue_slope / 4
    written = truth["revenue"]["realised_slope"]
    assert written["before"] == pytest.approx(float(fit.params[1]), rel=1e-3)


def test_without_slope_money_and_churn_ignore_the_score() -> None:
    """revenue_slope = 0 removes the link of growth and of churn; other parts of the company stay as they were."""
    plan = Plan(seed=8, revenue_slope=0.0)
    none = simulate.company(plan)
    after = growth_and_score(none).dropna(subset=["after"])
    fit = sm.OLS(after["after"].to_numpy(), sm.add_constant(after["nps_true"].to_numpy())).fit()
    assert abs(fit.tvalues[1]) < 2.5
    assert plan.churn_per_point == 0
    linked = simulate.company(Plan(seed=8))
    pd.testing.assert_frame_equal(none.moods, linked.moods)


def test_the_fix_was_drawn_within_pairs(made: tuple[simulate.Company, Path]) -> None:
    """Half of the accounts of every size have it, and about half of the people."""
    accounts = made[0].accounts
    had = accounts["early_fix"] == "yes"
    by_size = had.groupby(accounts["size"]).agg(["sum", "size"])
    assert (by_size["sum"] - by_size["size"] / 2).abs().max() <= 1
    assert accounts.loc[had, "people"].sum() / accounts["people"].sum() == pytest.approx(0.5, abs=0.06)


def test_ledger_finds_exactly_the_planted_rows(study: Study, truth: dict[str, Any]) -> None:
    """Cleaning rejects what was planted: each file, each reason, each number, and nothing else."""
    ledger = study.ledger()
    rejected = ledger[ledger["action"] == "rejected"]
    found = Counter(zip(rejected["source_file"], rejected["reason"], strict=True))
    wanted = {
        (f"{stem}.csv", reason): n
        for stem, reasons in truth["rejected_by_file"].items()
        for reason, n in reasons.items()
    }  # fmt: skip
    assert dict(found) == wanted
    assert int((ledger["reason"] == "label_disagrees").sum()) == truth["kept"]["label_disagrees"]
    assert len(study.responses()) == truth["rows"]["responses"]
    assert len(study.responses()) + len(rejected) == truth["rows"]["rows_in"]


def test_kept_answers_are_the_true_ones(made: tuple[simulate.Company, Path], study: Study) -> None:
    """Id, score, time, wave and account survive writing, reading and cleaning."""
    kept = study.responses().set_index("response_id")
    said = made[0].answers.query("answered").set_index("response_id")
    # Of a repeated submission the later one is kept: the same answer under another id, minutes later.
    twins = {another(first): first for first in said.index}
    repeated = kept.index.difference(said.index)
    assert len(repeated) == 7
    kept = kept.rename(index={name: twins[name] for name in repeated})
    assert set(kept.index) == set(said.index)
    kept = kept.loc[said.index]
    assert kept["score"].astype(int).tolist() == said["score"].tolist()
    assert kept["wave"].tolist() == said["wave"].tolist()
    assert kept["touchpoint"].tolist() == said["touchpoint"].tolist()
    known = kept["account_id"].notna()
    assert kept.loc[known, "account_id"].tolist() == said.loc[known, "account_id"].tolist()
    assert int((~known).sum()) == 12
    local = kept["responded_at"].dt.tz_convert("Europe/Stockholm").dt.tz_localize(None)
    assert (local - said["responded_at"]).abs().max() < pd.Timedelta(minutes=5)


def test_written_truth_agrees_with_the_answers(study: Study, truth: dict[str, Any]) -> None:
    """The observed scores of truth.toml are those of the kept answers, by plain counting."""
    kept = study.responses()
    points = 100.0 * (kept["score"].astype(int) >= 9) - 100.0 * (kept["score"].astype(int) <= 6)
    seen = points.groupby([kept["touchpoint"], kept["wave"]]).agg(["mean", "size"])
    for row in truth["wave"]:
        mean, n = seen.loc[(row["touchpoint"], row["wave"])]
        assert (row["nps_observed"], row["answered"]) == (pytest.approx(mean, abs=0.01), n)
        assert row["nps_answering"] > row["nps_asked"]  # the unhappy answer less
    changes = {row["wave"]: row["nps_asked"] for row in truth["wave"] if row["touchpoint"] == "relationship"}
    assert changes["2025-Q3"] - changes["2025-Q2"] == pytest.approx(-22, abs=4)
    assert abs(truth["noise"]["observed_change"]) > 10


def test_planted_words_appear_in_their_waves_only(made: tuple[simulate.Company, Path], truth: dict[str, Any]) -> None:
    """The broken export is written about when it was broken, the moved support by the segment that lost it."""
    counts = pd.DataFrame(truth["cause"]).set_index("wave")
    assert (counts["invoice_export"] > 0).tolist() == [w in ("2025-Q3", "2025-Q4") for w in counts.index]
    assert (counts["public_support"] > 0).tolist() == [w >= "2026-Q1" for w in counts.index]
    written = made[0].answers.query("cause == 'public_support' and answered")
    assert set(written["segment"]) == {"public sector"}


def test_the_frame_gives_eligibility_something_to_say(made: tuple[simulate.Company, Path]) -> None:
    """Own staff, people who left, the very new, and people asked twice within 90 days are all in it."""
    frame = pd.read_csv(DEMO / "raw" / "frame.csv", dtype=str, keep_default_na=False)
    assert frame["email"].str.endswith("@fjordlogic.example").sum() == 8
    assert 0.01 < (frame["active"] == "no").mean() < 0.2
    asked = pd.to_datetime(frame["asked_at"])
    since = pd.to_datetime(frame["customer_since"].replace("", None))
    assert not (asked < since).any()
    assert ((asked - since) < pd.Timedelta(days=30)).sum() >= 5
    gap = asked.groupby(frame["respondent_id"]).diff()
    assert (gap.to_numpy() < np.timedelta64(90, "D")).sum() > 100
    rate = len(made[0].answers.query("answered")) / len(frame)
    assert 0.25 < rate < 0.42
    assert frame["respondent_id"].str.startswith("0").any()


def test_no_address_or_number_could_be_anybodys() -> None:
    """Every address ends in .example; every number that looks like a telephone lies in a range kept for fiction."""
    text = "\n".join(
        path.read_bytes().decode("cp1252" if path.stem == "superoffice" else "utf-8")
        for path in sorted((DEMO / "raw").glob("*.csv"))
        if path.stem != "revenue"
    )
    for address in re.findall(r"[\w.+-]+@[\w.-]+\w", text):
        assert address.endswith(".example"), address
    for number in re.findall(r"\+\d[\d ]{7,}\d", text):
        assert re.match(r"\+46 ?70 ?174 ?06 ?\d\d$|\+44 7700 900\d{3}$", number), number
    for number in re.findall(r"\b070[\d -]{7,}", text):
        assert re.match(r"070-174 06 (0[5-9]|[1-9]\d)", number), number


@pytest.mark.parametrize("language", LANGUAGES)
def test_comments_are_many_and_not_copies(language: str) -> None:
    """The pool is as large as asked for, and 300 comments hold few repeats of more than a few words."""
    pool = pools()[language]
    assert sum(len(texts) for texts in pool["full"].values()) >= 25
    assert all(len(pool[tone]) == 9 and min(map(len, pool[tone].values())) >= 4 for tone in ("praise", "wish"))
    texts = quick.comments(300, language=language, rng=2)["comment"]
    long = texts[texts.str.len() >= 40]
    assert long.nunique() / len(long) > 0.8
    assert texts.str.len().max() > 120
    assert not texts.str.contains("[{}]", regex=True).any()


def test_promoters_praise_and_detractors_wish() -> None:
    """Whole comments and clauses of one band do not stand in the other's mouth."""
    table = quick.comments(600, language="en", rng=4)
    wish = [text for texts in pools()["en"]["wish"].values() for text in texts if "{" not in text]
    said = table["comment"].str.contains("|".join(map(re.escape, wish)))
    assert said[table["band"] == "detractor"].mean() > 5 * said[table["band"] == "promoter"].mean()


WRITERS: dict[str, Callable[[pd.DataFrame, Path], None]] = {
    "hubspot": simulate.write_hubspot,
    "superoffice": simulate.write_superoffice,
    "trustmary": simulate.write_trustmary,
    "surveymonkey": simulate.write_surveymonkey,
    "qualtrics": other_layouts.write_qualtrics,
    "typeform": other_layouts.write_typeform,
    "google_forms": other_layouts.write_google_forms,
    "delighted": other_layouts.write_delighted,
    "asknicely": other_layouts.write_asknicely,
    "retently": other_layouts.write_retently,
    "wootric": other_layouts.write_wootric,
    "survicate": other_layouts.write_survicate,
}


@pytest.mark.parametrize("tool", WRITERS)
def test_what_is_written_is_in_the_file(tool: str, tmp_path: Path) -> None:
    """Read with the standard library only: every id, score and comment stands in one record of its own."""
    table = quick.responses(200, mix=(0.3, 0.3, 0.4), rng=3, comments="en")
    path = tmp_path / f"{tool}.csv"
    WRITERS[tool](table, path)
    delimiter, encoding = (";", "cp1252") if tool == "superoffice" else (",", "utf-8")
    with path.open(encoding=encoding, newline="") as file:
        rows = list(csv.reader(file, delimiter=delimiter))
    headers = {"surveymonkey": 2, "survicate": 2, "qualtrics": 3}.get(tool, 1)
    assert len(rows) == 200 + headers
    assert len({len(row) for row in rows}) == 1
    for row, (_, answer) in zip(rows[headers:], table.iterrows(), strict=True):
        comment = answer["comment"].encode(encoding, errors="xmlcharrefreplace").decode(encoding)
        assert comment in row
        assert any(re.search(rf"\b{answer['score']}\b", cell) for cell in row)
        assert tool == "google_forms" or answer["response_id"] in row


@pytest.mark.parametrize("tool", WRITERS)
def test_what_is_written_is_read_back(tool: str, tmp_path: Path) -> None:
    """Scores, comments, ids, addresses and times come back equal, through reader and cleaning."""
    table = quick.responses(200, mix=(0.3, 0.3, 0.4), rng=5, comments="nl")
    path = tmp_path / "export.csv"
    WRITERS[tool](table, path)
    columns = {"asknicely": {"score": "answer"}, "retently": {"responded_at": "Created Date"}}.get(tool)
    read, recognised = read_export(path, columns=columns)
    if tool in ("hubspot", "superoffice", "trustmary", "surveymonkey", "google_forms"):
        assert recognised.tool == tool
    plain = table["comment"].map(lambda c: c.encode("cp1252", "xmlcharrefreplace").decode("cp1252"))
    wanted = plain if tool == "superoffice" else table["comment"]
    assert read["comment"].fillna("").tolist() == wanted.tolist()
    if tool not in ("google_forms", "typeform"):
        assert read["response_id"].tolist() == table["response_id"].tolist()
    if tool != "google_forms":
        assert read["email"].tolist() == table["email"].tolist()
    zones = {"superoffice": "Europe/Oslo", "google_forms": "Europe/Stockholm", "surveymonkey": "Europe/Stockholm"}
    responses, _ = clean(read, timezone=zones.get(tool, "UTC"))
    assert responses["score"].astype(int).tolist() == table["score"].tolist()
    late = (responses["responded_at"].reset_index(drop=True) - table["responded_at"]).abs()
    assert late.max() < pd.Timedelta(minutes=1 if tool == "superoffice" else 1 / 60)


def test_impossible_arguments_are_named() -> None:
    """Too few accounts and points beyond the scale are errors that say so."""
    with pytest.raises(BadValue, match="accounts"):
        Plan(accounts=3)
    with pytest.raises(BadValue, match="drop"):
        Plan(drop=220.0)


def test_truth_is_written_as_toml_reads_it() -> None:
    """Quotes, nested tables, lists of tables and small rates survive; points keep two decimals."""
    values = {"a": 'say "å"', "b": 12.3456, "c": 0.00056789, "d": {"x": 1, "y z": [1, 2]}, "e": [{"k": True}, {"k": 2}]}
    wanted = values | {"b": 12.35, "c": 0.0005679}
    assert tomllib.loads(as_toml(values)) == wanted


def test_follow_up_names_answers_that_are_kept(study: Study) -> None:
    """Every row of followup.csv is a kept detractor of the relationship survey."""
    rows = pd.read_csv(DEMO / "raw" / "followup.csv", dtype=str)
    kept = study.responses().set_index("response_id")
    named = kept.loc[rows["response_id"]]
    assert (named["score"].astype(int) <= 6).all()
    assert set(named["touchpoint"]) == {"relationship"}
    assert rows["contacted_at"].notna().mean() == pytest.approx(0.5, abs=0.08)


def test_a_small_study_can_be_written_and_opened(tmp_path: Path) -> None:
    """Another number of accounts and no dirt: nothing is rejected."""
    simulate.study(tmp_path, seed=2, accounts=40, drop=0.0, revenue_slope=0.0, dirt=False)
    study = Study.open(tmp_path)
    ledger = study.ledger()
    assert (ledger["action"] == "rejected").sum() == 0
    assert len(study.responses()) > 300
