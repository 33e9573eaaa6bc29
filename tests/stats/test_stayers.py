"""Stayers, leavers and joiners: parts added up with pandas alone, intervals as those of the functions they rest on."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest

from nps_utils import change_parts, clustered_change, paired_change
from nps_utils.checks import BadInput


def drawn(seed: int, *, unnamed: int = 0, once: bool = False, waves: int = 2) -> pd.DataFrame:
    """Draw waves of 30 of 50 accounts; each answers once or up to five times."""
    rng = np.random.default_rng(seed)
    parts = []
    for wave in range(waves):
        account = rng.choice(50, 30, replace=False)
        account = account if once else np.repeat(account, rng.integers(1, 6, 30))
        parts.append(pd.DataFrame({"wave": wave, "account_id": account.astype(str)}))
    answers = pd.concat(parts, ignore_index=True)
    answers["score"] = rng.choice([10, 9, 8, 7, 5, 2], len(answers))
    answers["weight"] = rng.uniform(0.5, 2, len(answers))
    answers.loc[rng.choice(len(answers), unnamed, replace=False), "account_id"] = None
    return answers


def by_pandas(answers: pd.DataFrame, weight: str | None) -> dict[str, float]:
    """The four parts by plain means over sets of names."""
    net = 100.0 * ((answers["score"] >= 9).astype(int) - (answers["score"] <= 6).astype(int))
    w = answers[weight] if weight else pd.Series(1.0, index=answers.index)
    one, two = answers["wave"] == 0, answers["wave"] == 1
    both = set(answers.loc[one, "account_id"].dropna()) & set(answers.loc[two, "account_id"].dropna())
    stays, known = answers["account_id"].isin(both), answers["account_id"].notna()

    def mean(rows: pd.Series[bool]) -> float:
        return float((net * w)[rows].sum() / w[rows].sum())

    left = float(w[one & known & ~stays].sum() / w[one & known].sum())
    joined = float(w[two & known & ~stays].sum() / w[two & known].sum())
    parts = {
        "stayers": mean(two & stays) - mean(one & stays),
        "leavers": left * (mean(one & stays) - mean(one & known & ~stays)),
        "joiners": joined * (mean(two & known & ~stays) - mean(two & stays)),
    }
    # What answers without a name move in each wave.
    unnamed = (mean(two) - mean(two & known)) - (mean(one) - mean(one & known))
    return parts | {"unnamed": unnamed, "total": mean(two) - mean(one)}


@pytest.mark.parametrize("weight", [None, "weight"])
@pytest.mark.parametrize("unnamed", [0, 12])
@pytest.mark.parametrize("once", [True, False])
def test_parts_are_those_of_plain_means_and_add_up(weight: str | None, unnamed: int, once: bool) -> None:
    """Each part by sets and means; their sum is the change."""
    answers = drawn(1, unnamed=unnamed, once=once)
    found = change_parts(answers, weight=weight).set_index("part")["points"]
    assert found.to_dict() == pytest.approx(by_pandas(answers, weight), abs=1e-9)
    assert found.drop("total").sum() == pytest.approx(found["total"], abs=1e-9)


def test_intervals_are_those_of_the_comparisons_they_are() -> None:
    """Stayers before and after, leavers against stayers, stayers against joiners, all against all."""
    answers = drawn(2, unnamed=5)
    names = [set(answers.loc[answers["wave"] == wave, "account_id"].dropna()) for wave in (0, 1)]
    stays, known = answers["account_id"].isin(names[0] & names[1]), answers["account_id"].notna()
    first, last = answers["wave"] == 0, answers["wave"] == 1
    found = change_parts(answers, confidence_level=0.9).set_index("part")
    left = (first & known & ~stays).sum() / (first & known).sum()
    joined = (last & known & ~stays).sum() / (last & known).sum()
    sides = {
        "stayers": (first & stays, last & stays, 1.0),
        "leavers": (first & known & ~stays, first & stays, left),
        "joiners": (last & stays, last & known & ~stays, joined),
        "total": (first, last, 1.0),
    }
    for part, (one, two, factor) in sides.items():
        told = pd.concat([answers[one].assign(wave="a"), answers[two].assign(wave="b")])
        wanted = clustered_change(told, confidence_level=0.9).iloc[0]
        row = found.loc[part]
        assert (row["low"], row["high"]) == pytest.approx((factor * wanted["low"], factor * wanted["high"])), part
        assert row["pvalue"] == pytest.approx(wanted["pvalue"]), part


def test_people_with_one_answer_a_wave_are_paired() -> None:
    """`paired_change` of those in both; where an account stands behind them, the accounts decide."""
    answers = drawn(3, once=True)
    names = [set(answers.loc[answers["wave"] == wave, "account_id"]) for wave in (0, 1)]
    both = answers[answers["account_id"].isin(names[0] & names[1])]
    wanted = paired_change(both, person="account_id", before=0, after=1).iloc[0]
    found = change_parts(answers).iloc[0]
    assert (found["points"], found["low"], found["high"]) == pytest.approx(
        (wanted["change"], wanted["low"], wanted["high"])
    )
    assert found["pvalue"] == pytest.approx(wanted["pvalue"], abs=1e-6)
    assert found["units_before"] == found["n_after"] == wanted["n_both"]
    grouped = answers.assign(company=answers["account_id"].str[0])
    by_company = change_parts(grouped, cluster="company").iloc[0]
    assert by_company["points"] == found["points"]
    assert by_company["high"] - by_company["low"] > found["high"] - found["low"]


def test_a_rise_that_is_the_unhappy_leaving_is_no_change_of_heart() -> None:
    """All 12 of 40 that left were detractors, nobody changed: the whole rise is theirs and the stayers' part is 0."""
    names = [f"a{at}" for at in range(40)]
    first = pd.DataFrame({"wave": 1, "respondent_id": names, "score": [2] * 12 + [8] * 10 + [10] * 18})
    answers = pd.concat([first, first.iloc[12:].assign(wave=2)])
    rows = change_parts(answers, unit="respondent_id").set_index("part").to_dict("index")
    total, leavers, stayers, joiners = (rows[name] for name in ("total", "leavers", "stayers", "joiners"))
    assert total["points"] == pytest.approx(100 * (18 / 28 - 6 / 40))
    assert leavers["points"] == pytest.approx(total["points"])
    assert leavers["low"] > 0
    assert (stayers["points"], stayers["pvalue"]) == (0, 1)
    assert stayers["low"] < -1 < 1 < stayers["high"]
    assert [joiners[name] for name in ("points", "low", "high", "n_after")] == [0, 0, 0, 0]


def test_groups_baselines_and_frames() -> None:
    """Five rows per comparison, in order; a group by itself gives the same; Polars too; nobody stayed: no split."""
    answers = drawn(4, waves=3).assign(segment=lambda rows: np.where(rows.index % 2, "x", "y"))
    found = change_parts(answers, by="segment", baseline=0)
    assert found["part"].tolist() == ["stayers", "leavers", "joiners", "unnamed", "total"] * 4
    assert found["after"].tolist() == [1] * 5 + [2] * 5 + [1] * 5 + [2] * 5
    alone = change_parts(pl.from_pandas(answers[answers["segment"] == "y"]), baseline=0)
    columns = ["n_before", "units_before", "units_after", "points", "low", "high", "pvalue"]
    pd.testing.assert_frame_equal(found.loc[10:, columns].reset_index(drop=True), alone[columns])
    strangers = answers.assign(account_id=answers["account_id"] + answers["wave"].astype(str))
    none = change_parts(strangers).set_index("part").iloc[:5]
    assert none.loc[["stayers", "leavers", "joiners", "unnamed"], "points"].isna().all()
    assert none.loc["total", "points"] == pytest.approx(clustered_change(strangers)["change"].iloc[0])


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"unit": "person"}, 'no column "person"'),
        ({"unit": "nobody"}, 'column "nobody" is empty in all'),
        ({"baseline": "rest"}, "have no before"),
        ({"cluster": "compny"}, 'no column "compny"'),
        ({"confidence_level": 95}, r"Write 0\.95"),
        ({"across": "nobody"}, 'column "nobody" is empty'),
    ],
)
def test_nonsense_is_refused(options: dict[str, Any], message: str) -> None:
    """The message names the column, or the argument."""
    with pytest.raises(BadInput, match=message):
        change_parts(drawn(5).assign(nobody=None), **options)


def test_intervals_of_the_parts_hold_the_truth() -> None:
    """300 pairs of waves, 40 people, of whom the unhappy leave: each part's interval holds its truth, .93 or more."""
    rng, draws = np.random.default_rng(6), 300
    parts = []
    for draw in range(draws):
        stays = rng.random(40) < 0.7
        first = np.where(
            stays, rng.choice([2, 8, 10], 40, p=[0.1, 0.3, 0.6]), rng.choice([2, 8, 10], 40, p=[0.5, 0.3, 0.2])
        )
        moved = np.where(rng.random(40) < 0.5, first, rng.choice([2, 8, 10], 40, p=[0.1, 0.3, 0.6]))
        names = np.arange(40)
        joined = rng.choice([2, 8, 10], 12, p=[0.2, 0.2, 0.6])
        parts += [
            pd.DataFrame({"draw": draw, "wave": 1, "respondent_id": names, "score": first}),
            pd.DataFrame({"draw": draw, "wave": 2, "respondent_id": names[stays], "score": moved[stays]}),
            pd.DataFrame({"draw": draw, "wave": 2, "respondent_id": 100 + np.arange(12), "score": joined}),
        ]
    found = change_parts(pd.concat(parts, ignore_index=True), unit="respondent_id", by="draw")
    table = found.pivot_table(index="draw", columns="part", values=["low", "high", "n_before", "n_after"])
    stayed = table[("n_before", "stayers")]
    truths = {
        "stayers": 0.0 * stayed,  # .1/.3/.6 before and after
        "leavers": (50 - -30) * (1 - stayed / 40),
        "joiners": (40 - 50) * 12 / (12 + stayed),
    }
    for part, truth in truths.items():
        held = (table[("low", part)] <= truth) & (truth <= table[("high", part)])
        assert held.mean() >= 0.93, part
