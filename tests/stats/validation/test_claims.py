"""What is printed about NPS, against arithmetic by hand, statsmodels, scipy and simulation."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from statsmodels.stats.proportion import proportion_confint

from nps_utils.checks import BadFile, BadInput
from nps_utils.stats.validation import claims
from nps_utils.tables import claims as said

FOLDER = Path(__file__).parents[3] / "data" / "reference"
TABLES = sorted(path.stem for path in FOLDER.glob("*.csv"))
PAGES = {"00-plan", "01-clean", "02-nps", "03-change", "04-revenue", "05-comments", "06-act", "07-method-check"}
# 70 promoters, 10 passives, 20 detractors: +50; by size the small are +0 of two and the large +51.02 of 98.
ANSWERS = pd.DataFrame(
    {"score": [10] * 70 + [8] * 10 + [0] * 20, "size": ["small"] + ["large"] * 98 + ["small"], "country": "SE"}
)


@pytest.fixture(scope="module")
def rows() -> pd.DataFrame:
    return claims.worked_out(ANSWERS, ["country", "size"])


def found(rows: pd.DataFrame, about: str, words: str = "") -> pd.DataFrame:
    """Return the rows of a claim whose words hold these."""
    return rows[(rows["about"] == about) & rows["what"].str.contains(words, regex=False)]


@pytest.mark.parametrize("name", TABLES)
def test_every_figure_has_its_source(name: str) -> None:
    """Each table reads, has rows, no row twice, and a citation in each row."""
    table = claims.read_reference(FOLDER, name)
    assert len(table)
    assert not table.duplicated().any()
    assert table["citation"].str.len().min() > 10


def test_the_readme_names_every_table_and_verdict() -> None:
    """A table that the README does not explain is a table nobody finds."""
    text = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert [name for name in TABLES if f"`{name}.csv`" not in text] == []
    register = claims.register()
    assert set(register["page"]) <= PAGES
    assert register["what_is_so"].str.len().min() > 20
    assert all(f"`{verdict}`" in text for verdict in set(register["verdict"]))


def test_every_number_belongs_to_one_claim_and_a_known_source(rows: pd.DataFrame) -> None:
    """The key of a row is that of exactly one claim, and every row says something."""
    assert claims.register()["about"].is_unique
    assert set(rows["about"]) <= set(claims.register()["about"])
    assert set(rows["source"]) <= {*claims.read_reference(FOLDER, "sources")["source"], "arithmetic", "this study"}
    assert rows[["printed", "found"]].notna().any(axis="columns").all()
    assert not rows.duplicated(["about", "what", "source"]).any()


def test_published_intervals_are_found_again(tmp_path: Path) -> None:
    """All of them, to the last digit; a limit that is off by .02 is not equal."""
    table = claims.reproduced_intervals()
    assert len(table) >= 10
    assert table["equal"].all()
    (tmp_path / "score_intervals.csv").write_text(
        "detractors,passives,promoters,method,low,high,source\n20,30,50,wald,14.71,45.31,published\n", "utf-8"
    )
    (tmp_path / "sources.csv").write_text("source,citation\npublished,somewhere\n", "utf-8")
    assert not claims.reproduced_intervals(tmp_path)["equal"].any()


def test_examples_by_hand(rows: pd.DataFrame) -> None:
    """70/10/20: 70 - 20 = 50, 50/90 without passives, margin 1.96 sqrt((.9 - .25) / 100); 40/50/10: 30/50."""
    nps, margin, without = (row for _, row in found(rows, "70/10/20").iterrows())
    assert (nps["printed"], nps["found"]) == (50, 50.0)
    assert (nps["low"], nps["high"]) == (pytest.approx(33, abs=1), pytest.approx(64, abs=1))
    assert margin["found"] == pytest.approx(196 * (0.65 / 100) ** 0.5, abs=0.01)
    assert without["found"] == pytest.approx(5000 / 90)
    assert found(rows, "40/50/10", "without")["found"].item() == pytest.approx(60.0)
    assert found(rows, "sign")["found"].tolist() == [-50.0, -30.0, -100.0]


def test_the_copied_table_is_yamane_rounded_by_hand_for_one_share(rows: pd.DataFrame) -> None:
    """Multiples of five at most 10 from N / (1 + N e^2); 80 of 500 are fewer than needed, by statsmodels' interval."""
    table = claims.read_reference(FOLDER, "sample_sizes")
    share, nps, worst = (found(rows, "sizes", words) for words in ("share", "70/10/20", "worst"))
    assert len(table) == len(share) == len(nps) == len(worst) == 21
    population, error = table["population"], table["margin_percent"] / 100
    off = (table["answers"] - population / (1 + population * error**2)).abs()
    assert (table["answers"] % 5 == 0).all()
    assert (off < 3.5).sum() == 20
    assert off.max() == pytest.approx(9.9, abs=0.05)  # 1,100 printed for 1,109.9
    for size, margin, needed in zip(population, error, share["found"], strict=True):
        endless = (1.959964 / margin) ** 2 / 4
        low, high = proportion_confint(endless / 2, endless, method="normal")
        assert (high - low) / 2 == pytest.approx(margin)
        assert needed == np.ceil(endless / (1 + (endless - 1) / size))
    assert share.loc[share["printed"] < share["found"], ["printed", "found"]].to_numpy().tolist() == [[80, 81]]
    assert (nps["found"].to_numpy() > share["found"].to_numpy()).all()
    assert (worst["found"].to_numpy() > nps["found"].to_numpy()).all()
    assert nps["found"].iloc[-2] / share["found"].iloc[-2] == pytest.approx(2.6, abs=0.01)


def test_slope_by_hand(rows: pd.DataFrame) -> None:
    """1/.147 = 6.8 points; 7 points are 1.029 %; 7 percent of +50 are 3.5 points and .51 %."""
    assert found(rows, "7 % of NPS")["found"].round(3).tolist() == [6.803, 1.029, 3.5, 0.515]


def test_ratios_and_how_they_are_retold(rows: pd.DataFrame) -> None:
    """92/18, 67/9 and 62/7; one article rounds them, the other has numbers that follow from nothing printed."""
    rounded, odd = found(rows, "5, 7 and 9 times"), found(rows, "4.2, 5.6 and 7.2 times")
    study = rounded[(rounded["source"] == "temkin2016") & (rounded["unit"] == "times")]
    assert study["found"].round(1).tolist() == study["printed"].tolist()
    assert rounded.loc[rounded["unit"] == "% points", "found"].tolist() == [74, 58, 55]
    retold = rounded[rounded["source"] == "E-nb"]
    assert (retold["printed"] == retold["found"].round()).all()
    assert (odd["printed"] - odd["found"]).abs().min() > 0.5


def test_printed_p_values_follow_from_r_and_df(rows: pd.DataFrame) -> None:
    """Banking and gasoline by scipy's distribution of r; where no df is printed nothing is made up."""
    for industry, r, df in (("banking", 0.40, 10), ("gasoline", -0.45, 2)):
        # The density of r under no correlation, scipy's own parametrisation, integrated from |r| outward.
        exact = 2 * stats.beta(df / 2, df / 2, loc=-1, scale=2).sf(abs(r))
        pvalue = found(rows, "growth", f"p of r = {r:g} in {industry}").iloc[0]
        assert pvalue["found"] == pytest.approx(exact)
        assert round(pvalue["found"], 2) == pvalue["printed"]
        needed = found(rows, "growth", f"firms, {industry}").iloc[0]
        assert needed["printed"] == r
        assert abs(r) < needed["found"]
    silent = found(rows, "growth", "without degrees of freedom")
    assert len(silent) == 3
    assert silent["found"].isna().all()


def test_needed_correlations_are_those_of_the_tables(rows: pd.DataFrame) -> None:
    """.58, .95 and .44 for 12, 4 and 20 pairs; .59 can be seen with 20."""
    assert found(rows, "growth", "p < 0.05")["found"].round(2).tolist() == [0.58, 0.95, 0.44]
    assert found(rows, "growth", "20 firms show")["found"].round(2).tolist() == [0.59]


def test_few_answers_flatten_a_slope_as_least_squares_shows(rows: pd.DataFrame) -> None:
    """Simulated firms: polyfit gives the slope found; what the reference reports lies within its own error."""
    rng = np.random.default_rng(2)
    true = rng.normal(30, 15, 200_000)
    growth = 0.147 * true + rng.normal(0, 3, true.size)
    seen = found(rows, "growth", "slope seen")
    for answers, slope in zip((20, 50, 100, 400, 500), seen["found"], strict=True):
        measured = true + rng.normal(0, 75 / np.sqrt(answers), true.size)
        assert np.polyfit(measured, growth, 1)[0] == pytest.approx(slope, abs=0.002)
    assert (seen["printed"] - seen["found"]).abs().max() < 0.006
    share = found(rows, "growth", "reliability").dropna(subset="printed")
    assert share["found"].round(2).tolist() == share["printed"].tolist()


def test_one_of_eleven_useless_metrics_is_often_best_or_second(
    rows: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ranks drawn at random, and the full enumeration of a small case."""
    share, number, _ = found(rows, "11 of 14")["found"]
    ranks = np.random.default_rng(1).random((20_000, 14, 11)).argsort(axis=2).argsort(axis=2)
    assert share == pytest.approx(2 / 11)
    assert number == pytest.approx((ranks[:, :, 0] < 2).sum(axis=1).mean(), abs=0.05)
    for name, value in {"METRICS": 3, "PLACES": 1, "INDUSTRIES": 4, "WINS": 2}.items():
        monkeypatch.setattr(claims, name, value)
    luck = found(claims.worked_out(ANSWERS), "11 of 14", "named beforehand")["found"].item()
    orders = list(itertools.product(range(3), repeat=4))
    assert luck == pytest.approx(np.mean([order.count(0) >= 2 for order in orders]))


def test_what_depends_on_the_study_by_hand(rows: pd.DataFrame) -> None:
    """Without five of twenty detractors 55 of 95; by size the mean of 0 and 50/98 lies furthest from +50."""
    assert found(rows, "leaving out")["found"].tolist() == [50.0, pytest.approx(5500 / 95)]
    assert found(rows, "average", "together")["found"].item() == 50.0
    assert found(rows, "average", "by size")["found"].item() == pytest.approx((0 + 100 * 50 / 98) / 2)
    assert found(rows, "benchmark")["printed"].tolist() == [32, 72, 36, 66]
    assert (found(rows, "benchmark")["found"] == 50.0).all()
    assert found(rows, "B2B")["found"].round(1).tolist() == [5.0, 10.0, 45.0, 20.0]
    assert found(claims.worked_out(ANSWERS), "average").empty
    weighted = claims.worked_out(ANSWERS.assign(survey_weight=1.0))  # these numbers leave weights aside, and say so
    assert found(weighted, "benchmark")["what"].str.startswith("this study, unweighted beside").all()


def test_the_register_states_computed_numbers(rows: pd.DataFrame) -> None:
    """A remark, and the numbers beside what is printed; remarks stay alone where nothing can be worked out."""
    numbers = said.register(claims.register(), rows).data.set_index("about")["numbers"]
    assert "NPS of 100 answers: +50.0, 95 % interval +32.6 to +63.9 (printed: +50.0)" in numbers["70/10/20"]
    assert "answers of 500 for ±10 % of one share: 81 (printed: 80)" in numbers["sizes"]
    assert "points of NPS with 1 % of growth: 6.8 (printed: 7)" in numbers["7 % of NPS"]
    assert "18.2 % (printed: 78.6 %)" in numbers["11 of 14"]
    assert not numbers.str.contains("nan|inf").any()
    assert set(numbers[~numbers.str.contains(":")].index) == {"scale", "keeping", "tenure", "closing"}


def test_the_table_writes_each_number_in_its_unit(rows: pd.DataFrame) -> None:
    """A score has its sign, a count none; limits that are not finite are said to be so."""
    written = said.beside(rows).written()
    assert written.iloc[0].tolist() == [
        *("70/10/20", "NPS of 100 answers", "+50.0", "+50.0, 95 % interval +32.6 to +63.9", "NPS", "H-nl")
    ]
    endless = rows.head(1).assign(low=-np.inf, high=np.inf)
    assert said.beside(endless).written()["Found"].item() == "+50.0, without a finite interval"


def test_without_the_tables_it_says_so(tmp_path: Path) -> None:
    """A missing table, as in an installed library, and a row whose source is unknown."""
    with pytest.raises(BadFile, match="checkout"):
        claims.worked_out(ANSWERS, folder=tmp_path)
    pd.DataFrame({"source": ["a"], "citation": ["A (2020)"]}).to_csv(tmp_path / "sources.csv", index=False)
    pd.DataFrame({"source": ["a; b"], "x": [1]}).to_csv(tmp_path / "odd.csv", index=False)
    with pytest.raises(BadInput, match=r'odd\.csv, row 2: source "b" is not in sources\.csv'):
        claims.read_reference(tmp_path, "odd")
