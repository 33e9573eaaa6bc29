"""Hazard ratios from counts: PHReg says the same, row by row, and who is followed briefly is no obstacle."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray
from scipy import stats
from statsmodels.duration.hazard_regression import PHReg

from nps_utils.checks import BadValue
from nps_utils.revenue import hazard_by_band
from nps_utils.revenue.cox import cox_by_band


def followed(n: int, seed: int) -> tuple[NDArray[np.float64], NDArray[np.bool_], NDArray[np.intp]]:
    """Return whole days, so that many tie, whether they end by leaving, and three bands that leave unlike fast."""
    rng = np.random.default_rng(seed)
    band = rng.integers(0, 3, n)
    leaves = np.ceil(rng.exponential(100 / np.array([2, 1.3, 1])[band]))
    ends = rng.integers(1, 150, n)
    return np.minimum(leaves, ends).astype(float), leaves <= ends, band


@pytest.mark.parametrize(("n", "accounts"), [(60, 60), (200, 50), (2000, 2000), (3000, 700)])
def test_ratios_and_errors_are_those_of_a_library_that_goes_row_by_row(n: int, accounts: int) -> None:
    """Coefficients, errors by account and the test of constant ratios; PHReg needs rows up to the first leaver gone."""
    days, left, band = followed(n, n)
    account = np.random.default_rng(n).integers(0, accounts, n) if accounts < n else np.arange(n)
    found = cox_by_band(days, left, band, account)
    long = days >= days[left].min()
    design = np.column_stack([band == place for place in (0, 1)]).astype(float)
    fit = PHReg(days[long], design[long], status=left[long].astype(int), ties="efron").fit(groups=account[long])
    assert found.coefficients == pytest.approx(fit.params, abs=1e-9)
    assert found.errors == pytest.approx(fit.bse, rel=1e-9)
    gone = left[long]
    ranks = stats.rankdata(days[left])
    constant = [stats.pearsonr(column, ranks).pvalue for column in fit.schoenfeld_residuals[gone].T]
    assert found.proportional == pytest.approx(constant, rel=1e-9)


def test_whoever_is_followed_for_less_than_the_first_leaver_is_no_obstacle() -> None:
    """They say nothing of the ratios: with them and without them the numbers are the same."""
    days, left, band = followed(400, 1)
    table = pd.DataFrame({"account_id": range(400), "band": np.array(["detractor", "passive", "promoter"])[band]})
    table = table.assign(days=days + 10, left=left)
    brief = table.head(9).assign(days=3, left=False, account_id=range(400, 409))
    ratios = ["hazard_ratio", "low", "high", "pvalue", "proportional_pvalue"]
    with_brief = hazard_by_band(pd.concat([table, brief], ignore_index=True))
    pd.testing.assert_frame_equal(with_brief[ratios], hazard_by_band(table)[ratios])
    assert (with_brief["limit"] == "").all()
    assert with_brief[ratios].notna().all(axis=None)


def test_bands_that_were_never_followed_side_by_side_have_no_ratio() -> None:
    """Promoters leave only when nobody else is left: the likelihood rises for ever, and it is said."""
    early = pd.DataFrame({"band": ["detractor", "passive"] * 10, "days": np.arange(20) // 2 + 1, "left": True})
    promoters = pd.DataFrame({"band": "promoter", "days": range(30, 40), "left": True})
    table = pd.concat([early, promoters], ignore_index=True)
    found = hazard_by_band(table.assign(account_id=range(len(table))))
    assert found["hazard_ratio"].isna().all()
    assert found["limit"].str.contains("did not settle").all()
    assert found["logrank_pvalue"].notna().all()


@pytest.mark.parametrize(("band", "told"), [(None, "is empty"), ("happy", "is 'happy'")])
def test_a_row_without_a_band_is_no_group_of_its_own(band: str | None, told: str) -> None:
    """The log-rank test of lifelines 0.30.3 takes those of no group for one; here whoever asks is told."""
    table = pd.DataFrame({"account_id": range(4), "days": [5, 9, 9, 9], "left": [True, False, False, False]})
    with pytest.raises(BadValue, match=told):
        hazard_by_band(table.assign(band=np.array(["detractor", "passive", "promoter", band], dtype=object)))
