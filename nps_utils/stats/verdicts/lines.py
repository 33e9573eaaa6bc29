"""Lines through waves whose answers come in accounts: what `trend` does, with an error that knows the accounts."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

from nps_utils.checks import BadValue, check_fraction
from nps_utils.remembering import remembered
from nps_utils.stats.account_change import group_columns, rows_of
from nps_utils.stats.arithmetic.effective import Samples, samples_of, summed
from nps_utils.stats.arithmetic.intervals import FloatArray, normal_quantile
from nps_utils.stats.arithmetic.levels import ByLevel
from nps_utils.stats.arithmetic.multiplicity import Adjustment, adjusted, check_adjustment, family
from nps_utils.stats.each import ONE_WAVE
from nps_utils.stats.trend import LEAST_WAVES, lines_through
from nps_utils.stats.verdicts.independence import UNIT, hang_together, narrow, with_numbers
from nps_utils.stats.weighting.export_weights import WEIGHT, is_weighted
from nps_utils.stats.weighting.weighted_interval import answers_of


@remembered("score", WEIGHT, "account_id", "respondent_id", named=["by", "across"])
def trends(
    responses: pd.DataFrame,
    *,
    by: Sequence[str] = ("touchpoint",),
    across: str = "wave",
    incomplete: Collection[str] = (),
    confidence_level: float = 0.95,
    adjust: Adjustment = "holm",
) -> pd.DataFrame:
    """Fit a line through each group's waves; its error is that of accounts (or people) where they answer often.

    The line and its plain error are those of `trend`. Where all waves together hold more than 1.2 answers an account,
    the slope is a sum of residuals of accounts, each followed through its waves: CR2 of each wave's mean (Bell and
    McCaffrey 2002, Survey Methodology 28:169) times what the wave weighs in the slope, added up within the account and
    squared. By what factor that differs from independent answers is the design effect; Student's t has the accounts'
    effective number less one as degrees of freedom. The interval is never narrower than that of independent answers.

    Parameters
    ----------
    responses
        One row per answer, as for `scores`.
    by, across, confidence_level, adjust
        As for `changes`; p-values are adjusted for all groups.
    incomplete
        Waves to leave out, because their answers end within them.

    Returns
    -------
    The columns of `trend`, then `design` (`independent` or `clustered`), `clusters` and `design_effect` of the slope.
    `scatter` and `equal` are divided by their own, the mean of what accounts do to the variances they are made of,
    and compared with F (Rao and Scott 1981, JASA 76:221; Thomas and Rao 1987, JASA 82:630), where it is above one.

    Raises
    ------
    MissingColumn, BadValue
        As `trend`.

    Examples
    --------
    >>> answers = pd.DataFrame({
    ...     "touchpoint": "relationship", "wave": [f"2024-Q{q}" for q in (1, 2, 3) for _ in range(20)],
    ...     "score": ([9] * 6 + [3] * 14) + ([9] * 10 + [3] * 10) + ([9] * 14 + [3] * 6),
    ...     "account_id": [f"a{i}" for _ in range(3) for i in range(20)],
    ... })
    >>> trends(answers)[["per", "slope", "design", "clusters"]].round(1)
           per  slope     design  clusters
    0  quarter   40.0  clustered        20
    """
    check_fraction("confidence_level", confidence_level)
    check_adjustment(adjust)
    keys = group_columns(responses, across, list(by))
    table = with_numbers(narrow(responses, *keys, across)[~responses[across].isin(list(incomplete))])
    longest = table.groupby(keys, observed=True)[across].nunique().max() if keys else table[across].nunique()
    if not longest >= LEAST_WAVES:
        if (*keys, across) == ("touchpoint", "wave") and not longest > 1:
            raise BadValue(ONE_WAVE)
        whole = "complete " if len(incomplete) else ""
        raise BadValue(
            f"No {' x '.join(keys) or 'group'} has answers in {LEAST_WAVES} {whole}{across}s;"
            " a line through them needs so many."
        )
    weight = WEIGHT if is_weighted(responses) else None
    levels, row = rows_of(table, across, keys)
    answers, _ = answers_of(table, weight=weight, cluster=UNIT, stratum=None, sample=row)
    cells = summed(answers)
    samples = samples_of(cells, len(levels.group))
    # As many answers as they are worth if independent, in the shares of their weights.
    counts = np.column_stack(samples.counts(samples.kish))
    found, tilt = lines_through(levels._replace(bands=counts), across, confidence_level=confidence_level, adjust="none")
    told = pd.DataFrame([_of_group(at, levels, samples, tilt) for at in range(len(levels.groups))])
    result = _with_accounts(found.drop(columns="family").join(told), confidence_level)
    pvalue = result["pvalue"].to_numpy(dtype=float)
    within = f" within each {' x '.join(keys)}" if keys else ""
    return result.assign(
        pvalue_adjusted=adjusted(pvalue, adjust=adjust),
        family=family(f"the slope over {across}{within} with zero", pvalue, adjust=adjust),
    )


def _of_group(group: int, levels: ByLevel, samples: Samples, tilt: FloatArray) -> dict[str, object]:
    """Return how the accounts of one group move its slope: clusters, degrees of freedom, design effect."""
    rows = np.flatnonzero(levels.group == group)
    weigh = np.zeros(len(levels.group))
    weigh[rows] = tilt[group, levels.level[rows]]
    spread = samples.spread
    here = levels.group[spread.sample] == group
    account, pull = spread.account[here], weigh[spread.sample[here]]
    units = len(np.unique(account))
    residual = _added(account, pull * spread.residual[here])
    equal, scatter = _of_tests(rows, levels, samples, weigh, account, here)
    share = _added(account, (pull * spread.pull[here]) ** 2 * spread.variance[here])
    expected = float(np.sum((weigh[rows] ** 2 * samples.expected[rows])[samples.n[rows] > 0]))
    together = bool(hang_together(samples.n[rows].sum(), units))
    effect = float(np.sum(residual**2)) / expected if expected > 0 else np.nan
    df = float(share.sum() ** 2 / np.sum(share**2)) - 1 if np.any(share > 0) else 0.0
    return {
        "design": "clustered" if together else "independent",
        "clusters": units,
        "design_effect": effect,
        "_df": df,
        "_equal": equal,
        "_scatter": scatter,
    }


def _of_tests(
    rows: npt.NDArray[np.intp],
    levels: ByLevel,
    samples: Samples,
    weigh: FloatArray,
    account: npt.NDArray[np.int64],
    here: npt.NDArray[np.bool_],
) -> tuple[float, float]:
    """Return the mean of the two sums of squares by accounts, as a multiple of that of independent answers.

    With w the shares of the waves, the sum about the common score has the mean sum of w V less the variance of the
    common score; about the line that is less by the variance of the slope over sum of its weights squared by w.
    """
    share = np.zeros(len(levels.group))
    share[rows] = samples.kish[rows] / samples.kish[rows].sum()
    sample = samples.spread.sample[here]
    residual = samples.spread.residual[here]
    expected = np.where(samples.n[rows] > 0, samples.expected[rows], 0.0)
    by_account = np.sum(share[sample] * residual**2) - np.sum(_added(account, share[sample] * residual) ** 2)
    alone = np.sum(share[rows] * expected) - np.sum(share[rows] ** 2 * expected)
    there = share[rows] > 0
    line = 1 / np.sum(weigh[rows][there] ** 2 / share[rows][there]) if np.any(weigh[rows][there]) else 0.0
    of_line = line * np.sum(_added(account, weigh[sample] * residual) ** 2)
    line_alone = line * np.sum(weigh[rows] ** 2 * expected)
    equal = by_account / alone if alone > 0 else 1.0
    scatter = (by_account - of_line) / (alone - line_alone) if alone - line_alone > 1e-12 else 1.0
    return float(equal), float(scatter)


def _added(account: npt.NDArray[np.int64], values: FloatArray) -> FloatArray:
    return np.asarray(np.bincount(np.unique(account, return_inverse=True)[1], values), dtype=float)


def _with_accounts(table: pd.DataFrame, confidence_level: float) -> pd.DataFrame:
    """Widen the interval of clustered lines, and raise their p-values, by the design effect and Student's t."""
    z = normal_quantile(confidence_level)
    clustered = (table["design"] == "clustered").to_numpy()
    df = np.maximum(table["_df"].to_numpy(dtype=float), 0.5)
    effect = table["design_effect"].to_numpy(dtype=float)
    floor = np.maximum(np.nan_to_num(effect), df / (df + 1))
    slope, plain = table["slope"].to_numpy(dtype=float), table["se"].to_numpy(dtype=float)
    se = plain * np.sqrt(floor)
    half = np.maximum(z * plain, stats.t.ppf((1 + confidence_level) / 2, df) * se)
    with np.errstate(divide="ignore", invalid="ignore"):
        pvalue = np.maximum(table["pvalue"].to_numpy(dtype=float), 2 * stats.t.sf(np.abs(slope) / se, df))
    for name in ("scatter", "equal"):
        larger = np.where(clustered, np.maximum(table[f"_{name}"].to_numpy(dtype=float), 1.0), 1.0)
        q, own = table[name].to_numpy(dtype=float) / larger, table[f"{name}_df"].to_numpy(dtype=float)
        few = np.where(own > 0, stats.f.sf(q / np.where(own > 0, own, 1.0), own, own * df), np.nan)
        table[name] = q
        table[f"{name}_pvalue"] = np.where(clustered, few, table[f"{name}_pvalue"])
    return table.assign(
        se=np.where(clustered, se, plain),
        low=np.where(clustered, slope - half, table["low"]),
        high=np.where(clustered, slope + half, table["high"]),
        pvalue=np.where(clustered, pvalue, table["pvalue"]),
        design_effect=np.where(clustered, effect, 1.0),
    ).drop(columns=["_df", "_equal", "_scatter"])
