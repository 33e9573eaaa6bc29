"""The published tables are complete and sourced, and what follows from them does."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from statsmodels.stats.proportion import proportion_confint

from nps_utils.checks import BadInput
from nps_utils.stats.validation.published import (
    attenuation,
    best_of_useless,
    needed_correlations,
    points_per_percent,
    read_reference,
    recompute_barometer,
    recompute_ratios,
)

FOLDER = Path(__file__).parents[3] / "data" / "reference"
TABLES = sorted(path.stem for path in FOLDER.glob("*.csv"))
PAGES = {"00-plan", "01-clean", "02-nps", "03-change", "04-revenue", "05-comments", "06-act", "07-method-check"}


@pytest.mark.parametrize("name", TABLES)
def test_every_figure_has_its_source(name: str) -> None:
    """Each table reads, has rows, no row twice, and a citation in each row."""
    table = read_reference(FOLDER, name)
    assert len(table)
    assert not table.duplicated().any()
    assert table["citation"].str.len().min() > 10


def test_the_readme_names_every_table() -> None:
    """A table that the README does not explain is a table nobody finds."""
    text = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert [name for name in TABLES if f"`{name}.csv`" not in text] == []


def test_claims_name_a_page_that_shows_them() -> None:
    """Each claim says what is so, its verdict is one of those explained, and its page exists in the plan."""
    claims = read_reference(FOLDER, "claims")
    assert set(claims["page"]) <= PAGES
    assert claims["what_is_so"].str.len().min() > 20
    text = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert all(f"`{verdict}`" in text for verdict in set(claims["verdict"]))


def test_printed_p_values_follow_from_r_and_df() -> None:
    """Banking and gasoline by scipy's distribution of r; where no df is printed nothing is made up."""
    found = recompute_barometer(read_reference(FOLDER, "norwegian_barometer")).set_index("industry")
    for industry in ("banking", "gasoline"):
        r, df = float(found["r"][industry]), float(found["df"][industry])
        # The density of r under no correlation, scipy's own parametrisation, integrated from |r| outward.
        exact = 2 * stats.beta(df / 2, df / 2, loc=-1, scale=2).sf(abs(r))
        assert found["pvalue"][industry] == pytest.approx(exact)
        assert round(found["pvalue"][industry], 2) == found["pvalue_printed"][industry]
        assert abs(r) < found["critical_r"][industry]
    silent = found.loc[["furnishings", "security", "transport"]]
    assert silent["pvalue"].isna().all()
    assert (silent["limit"] == "no degrees of freedom are printed.").all()


def test_needed_correlations_are_those_of_the_tables() -> None:
    """.95, .58 and .44 for 4, 12 and 20 pairs; .59 and .32 can be seen with 20 and 76."""
    assert needed_correlations()["critical_r"].round(2).tolist() == [0.95, 0.58, 0.44]
    assert needed_correlations((20, 76))["detectable_r"].round(2).tolist() == [0.59, 0.32]


def test_one_of_eleven_useless_metrics_is_often_best_or_second() -> None:
    """Ranks drawn at random, and the full enumeration of small cases."""
    row = best_of_useless().iloc[0]
    ranks = np.random.default_rng(1).random((20_000, 14, 11)).argsort(axis=2).argsort(axis=2)
    best = (ranks[:, :, 0] < 2).sum(axis=1)
    assert row["in_one_industry"] == pytest.approx(2 / 11)
    assert row["expected"] == pytest.approx(best.mean(), abs=0.05)
    small = best_of_useless(metrics=3, places=1, industries=4, wins=2).iloc[0]
    orders = list(itertools.product(range(3), repeat=4))
    assert small["at_least_wins"] == pytest.approx(np.mean([order.count(0) >= 2 for order in orders]))


def test_attenuation_is_what_least_squares_shows() -> None:
    """Simulated firms: polyfit gives the observed slope, and dividing by the reliability the true one."""
    rng = np.random.default_rng(2)
    true = rng.normal(30, 15, 200_000)
    growth = 0.147 * true + rng.normal(0, 3, true.size)
    for row in attenuation().itertuples():
        measured = true + rng.normal(0, 75 / np.sqrt(float(str(row.answers))), true.size)
        assert np.polyfit(measured, growth, 1)[0] == pytest.approx(row.observed, abs=0.002)
        assert row.corrected == pytest.approx(0.147)


def test_simulated_slopes_of_the_reference_lie_near_the_arithmetic() -> None:
    """The reported simulation and the closed form agree within the simulation's own error."""
    table = read_reference(FOLDER, "attenuation").dropna(subset=["slope_observed"])
    found = attenuation([int(n) for n in table["answers_per_firm"]])
    np.testing.assert_allclose(found["observed"], table["slope_observed"], atol=0.006)
    reported = read_reference(FOLDER, "attenuation").dropna(subset=["reliability"])
    again = attenuation([int(n) for n in reported["answers_per_firm"]])
    assert again["reliability"].round(2).tolist() == reported["reliability"].tolist()


def test_temkins_ratios_follow_from_the_percentages() -> None:
    """5.1, 7.4 and 8.9; the article's 5, 7 and 9 are these rounded, the other article's are not."""
    table = recompute_ratios(read_reference(FOLDER, "temkin"))
    assert table["ratio"].round(1).tolist() == table["ratio_printed"].tolist()
    assert table["difference"].tolist() == [74, 58, 55]
    retold = read_reference(FOLDER, "temkin_retold").merge(
        table[["behaviour", "ratio"]], on="behaviour", suffixes=("", "_so")
    )
    rounded = (retold["ratio"] == retold["ratio_so"].round()).groupby(retold["source"]).all()
    assert rounded.to_dict() == {"E-nb": True, "T-sv": False}


def test_seven_points_are_one_divided_by_the_slope() -> None:
    """6.8 points, which the study rounds to 7."""
    table = read_reference(FOLDER, "marsden").set_index("quantity")["value"]
    assert points_per_percent(table["percent_growth_per_point"]) == pytest.approx(6.803, abs=1e-3)
    assert round(points_per_percent()) == table["points_per_percent_as_quoted"]


def test_the_copied_table_is_that_of_a_proportion_rounded() -> None:
    """Cochran's formula with finite population, as statsmodels inverts it: within its generous rounding."""
    table = read_reference(FOLDER, "sample_sizes")
    for row in table.itertuples():
        population, margin, answers = (float(str(value)) for value in (row.population, row.margin_percent, row.answers))
        endless = (1.959964 / (margin / 100)) ** 2 / 4
        low, high = proportion_confint(endless / 2, endless, method="normal")
        assert (high - low) / 2 == pytest.approx(margin / 100)
        needed = endless / (1 + (endless - 1) / population)
        assert answers == pytest.approx(needed, rel=0.08)


def test_worked_examples_are_promoters_less_detractors() -> None:
    """The two examples of the articles."""
    table = read_reference(FOLDER, "worked_examples")
    assert (table["promoters"] + table["passives"] + table["detractors"]).tolist() == [100, 100]
    assert (table["promoters"] - table["detractors"]).tolist() == table["nps_printed"].tolist()


def test_a_table_without_sources_is_refused(tmp_path: Path) -> None:
    """A missing table, a row whose source is unknown, more places than metrics."""
    pd.DataFrame({"source": ["a"], "citation": ["A (2020)"]}).to_csv(tmp_path / "sources.csv", index=False)
    pd.DataFrame({"source": ["a; b"], "x": [1]}).to_csv(tmp_path / "odd.csv", index=False)
    with pytest.raises(BadInput, match=r'odd\.csv, row 2: source "b" is not in sources\.csv'):
        read_reference(tmp_path, "odd")
    with pytest.raises(BadInput, match="it has: odd, sources"):
        read_reference(tmp_path, "temkin")
    with pytest.raises(BadInput, match="places = 3"):
        best_of_useless(metrics=2, places=3)
