"""Which one group moved otherwise than the rest, and that the first page says so."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from nps_utils.checks import BadValue
from nps_utils.report import summary
from nps_utils.report.start import start_study
from nps_utils.report.summary.moved import group_moved
from nps_utils.stats import verdicts
from nps_utils.study.study import Study
from nps_utils.words.limits import Limit


def answers(shift: float, *, seed: int = 5, n: int = 110) -> pd.DataFrame:
    """Six areas of a town, asked twice; only home care moves, and by so much."""
    draw = np.random.default_rng(seed)
    means = {"home care": 7.3, "library": 9.0, "permits": 5.6, "jobs": 5.0, "school": 8.2, "desk": 7.8}
    rows = [
        (wave, area, draw.normal(mean + (shift if area == "home care" and wave == "2026-Q3" else 0), 2.2))
        for wave in ("2025-Q3", "2026-Q3")
        for area, mean in means.items()
        for _ in range(n)
    ]
    table = pd.DataFrame(rows, columns=["wave", "area", "score"])
    return table.assign(score=table["score"].clip(0, 10).round().astype(int))


def by_hand(table: pd.DataFrame, wave: str, *, care: bool) -> tuple[float, float]:
    """Mean and variance of the mean of +1, 0, -1."""
    rows = table[(table["wave"] == wave) & ((table["area"] == "home care") == care)]
    value = np.where(rows["score"] >= 9, 1, np.where(rows["score"] <= 6, -1, 0))
    return float(value.mean()), float(value.var() / len(value))


def test_the_group_that_fell_alone_is_named_with_its_change_and_that_of_the_others() -> None:
    table = answers(-2.0)
    row = group_moved(table, ["area"], before="2025-Q3", after="2026-Q3")
    (b, vb), (a, va) = (by_hand(table, wave, care=True) for wave in ("2025-Q3", "2026-Q3"))
    (ob, vob), (oa, voa) = (by_hand(table, wave, care=False) for wave in ("2025-Q3", "2026-Q3"))
    assert row["group"] == "home care"
    assert row["change"] == pytest.approx(100 * (a - b))
    assert row["others"] == pytest.approx(100 * (oa - ob))
    # Wald by hand beside square-and-add of score limits: alike where there are hundreds.
    error = 100 * np.sqrt(vb + va + vob + voa)
    assert row["difference_low"] == pytest.approx(row["difference"] - 1.96 * error, abs=2)
    wald = 2 * stats.norm.sf(abs(row["difference"]) / error)
    assert row["pvalue"] == pytest.approx(wald, rel=0.9)
    assert row["pvalue_adjusted"] == pytest.approx(6 * row["pvalue"])


def test_no_group_is_named_where_none_moved_otherwise() -> None:
    shown = 0
    for seed in range(20):
        try:
            group_moved(answers(0.0, seed=seed), ["area"], before="2025-Q3", after="2026-Q3")
        except BadValue:
            continue
        shown += 1
    assert shown <= 3  # of 300 such towns 13 named one: 4.3 %


def of_accounts(seed: int) -> pd.DataFrame:
    """Six areas of eight companies each; every company has a mood of its own in each wave, and no area moves."""
    draw, rows = np.random.default_rng(seed), []
    for account in range(48):
        usual = draw.normal(7.5, 1)
        for wave in ("2025-Q3", "2026-Q3"):
            mood = usual + draw.normal(0, 0.8)
            scores = draw.normal(mood, 2, draw.integers(4, 14)).clip(0, 10).round().astype(int)
            rows += [(wave, "abcdef"[account % 6], f"k{account}", score) for score in scores]
    return pd.DataFrame(rows, columns=["wave", "area", "account_id", "score"])


def test_no_group_is_named_where_its_companies_are_of_a_mood() -> None:
    """Answers taken as independent would name one more often."""
    shown, independent = 0, 0
    for seed in range(1000, 1040):
        table = of_accounts(seed)
        for alone in (False, True):
            answered = table.drop(columns="account_id") if alone else table
            try:
                group_moved(answered, ["area"], before="2025-Q3", after="2026-Q3")
            except BadValue:
                continue
            shown, independent = (shown, independent + 1) if alone else (shown + 1, independent)
    assert shown <= 5  # of forty, at 5 %, more in 1.4 % of such tests
    assert independent > shown


def ward(n: tuple[int, int], fell: bool, *, others: int = 60, wards: int = 8, seed: int = 1) -> pd.DataFrame:
    """Wards of a hospital; the first has so many answers in each wave, and falls or not."""
    draw = np.random.default_rng(seed)
    rows = []
    for at in range(wards):
        for wave in (0, 1):
            size = n[wave] if at == 0 else others
            mix = (0.75, 0.15, 0.10) if fell and at == 0 and wave else (0.10, 0.20, 0.70)
            rows += [(f"2026-Q{wave + 1}", f"ward {at}", score) for score in draw.choice([3, 7, 10], size=size, p=mix)]
    return pd.DataFrame(rows, columns=["wave", "ward", "score"])


@pytest.mark.parametrize("n", [(36, 27), (20, 18), (60, 14)])
def test_a_small_ward_that_surely_fell_is_named(n: tuple[int, int]) -> None:
    """It fell from +60 to -65 and was not told, because its 27 answers were not thirty."""
    row = group_moved(ward(n, fell=True), ["ward"], before="2026-Q1", after="2026-Q2")
    assert row["group"] == "ward 0"
    assert (row["n_before"], row["n_after"]) == n
    assert row["pvalue_adjusted"] == pytest.approx(5 * row["pvalue"])


@pytest.mark.parametrize("others", [12, 40])
def test_small_wards_of_which_none_moved_are_hardly_ever_named(others: int) -> None:
    """At 5 %, of thirty such hospitals more than five would be named in 0.3 % of such tests."""
    named = 0
    for seed in range(30):
        table = ward((12, 12), fell=False, others=others, seed=seed)
        try:
            group_moved(table, ["ward"], before="2026-Q1", after="2026-Q2")
        except BadValue:
            continue
        named += 1
    assert named <= 5


def test_small_groups_and_single_ones_are_not_named() -> None:
    with pytest.raises(BadValue, match="answers enough"):
        group_moved(answers(-3.0, n=9), ["area"], before="2025-Q3", after="2026-Q3")
    with pytest.raises(BadValue, match="answers enough"):
        group_moved(answers(-3.0).assign(area="all"), ["area"], before="2025-Q3", after="2026-Q3")


def hospital(*, fell: bool, seed: int = 3) -> list[str]:
    """Five quarters of eight wards, forty answers each; the first ward falls in the third and stays there, or not."""
    draw = np.random.default_rng(seed)
    days = ("2025-05-12", "2025-08-12", "2025-11-12", "2026-02-12", "2026-06-28")
    lines = []
    for at, day in enumerate(days):
        for number in range(8):
            mix = (0.72, 0.16, 0.12) if fell and number == 0 and at > 1 else (0.12, 0.22, 0.66)
            lines += [f"{day},ward {number},{score}" for score in draw.choice([3, 7, 10], size=40, p=mix)]
    return [f"h{at:05x},{line}" for at, line in enumerate(lines)]


def of_hospital(folder: Path, *, fell: bool) -> tuple[Study, summary.Story]:
    folder.mkdir()
    path = folder / "answers.csv"
    path.write_text("\n".join(["response_id,date,ward,score", *hospital(fell=fell)]) + "\n", "utf-8")
    list(start_study(folder / "s", [path], timezone="Europe/Stockholm"))
    study = Study.open(folder / "s")
    return study, summary.tell(study)


def test_a_ward_that_fell_against_last_year_is_told_where_the_last_wave_is_steady(tmp_path: Path) -> None:
    """It was looked at since the last wave only: a hundred points in a year, and nothing of it on the first page."""
    study, story = of_hospital(tmp_path / "fell", fell=True)
    assert story.judged.previous is not None
    assert verdicts.verdict_of(story.judged.previous) == "none"
    assert not isinstance(story.moved, Limit)
    assert (story.moved["group"], story.moved["before"], story.moved["after"]) == ("ward 0", "2025-Q2", "2026-Q2")
    page = summary.pages(study, story, ["01-clean"], made_on=dt.date(2026, 7, 1)).index
    assert "Ward 0 (ward): -102.5 points since 2025-Q2 (" in page
    _, steady = of_hospital(tmp_path / "steady", fell=False)
    assert isinstance(steady.moved, Limit)


def test_a_second_look_is_paid_for() -> None:
    table = answers(-2.0)
    alone = group_moved(table, ["area"], before="2025-Q3", after="2026-Q3")
    second = group_moved(table, ["area"], before="2025-Q3", after="2026-Q3", level=0.2)
    assert second["pvalue_adjusted"] == pytest.approx(5 * alone["pvalue_adjusted"])


def test_the_group_behind_the_change_of_another_touchpoint_is_named(tmp_path: Path) -> None:
    """Deliveries of one shop fell from +60 to -70; that all deliveries fell by 49 was all that was said."""
    draw, lines = np.random.default_rng(11), []
    for quarter, day in enumerate(("2026-02-12", "2026-06-28")):
        for touchpoint, n in (("after_order", 60), ("after_delivery", 35)):
            for shop in ("North", "South", "East"):
                fell = quarter and touchpoint == "after_delivery" and shop == "East"
                mix = (0.8, 0.1, 0.1) if fell else (0.1, 0.2, 0.7)
                scores = draw.choice([3, 7, 10], size=n, p=mix)
                lines += [f"{day},{touchpoint},{shop},{score}" for score in scores]
    path = tmp_path / "answers.csv"
    rows = [f"s{at:05x},{line}" for at, line in enumerate(lines)]
    path.write_text("\n".join(["response_id,date,touchpoint,shop,score", *rows]) + "\n", "utf-8")
    list(start_study(tmp_path / "s", [path], timezone="Europe/Stockholm"))
    study = Study.open(tmp_path / "s")
    page = summary.pages(study, summary.tell(study), ["01-clean"], made_on=dt.date(2026, 7, 1)).index
    assert "After order, 2026-Q2" in page
    assert "After delivery, East (shop): -" in page
