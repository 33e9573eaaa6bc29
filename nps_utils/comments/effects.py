"""What each theme does to the score."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd
from statsmodels.regression.linear_model import OLS

from nps_utils.checks import BadValue, check_columns, check_fraction, check_whole
from nps_utils.comments.leave_out import BANDS, POINTS, Codes, Floats, Heard, Mask, leave_out, variance_of_share
from nps_utils.comments.mentions import mentions_of
from nps_utils.comments.themes import NOT_COVERED
from nps_utils.scale import BANDS as SCORES
from nps_utils.stats.arithmetic.intervals import normal_quantile, two_sided
from nps_utils.stats.arithmetic.multiplicity import Adjustment, adjusted
from nps_utils.stats.arithmetic.proportions import proportion_limits
from nps_utils.stats.score import score as score_counts

WITHIN: Final = "within"  # the note on a table of effects: the column whose answers were compared with each other only


def theme_effects(
    responses: pd.DataFrame,
    themes: pd.DataFrame,
    *,
    score: str = "score",
    cluster: str | None = None,
    within: str | None = None,
    at: npt.NDArray[np.intp] | None = None,
    confidence_level: float = 0.95,
    adjust: Adjustment = "holm",
    at_least: int = 10,
) -> pd.DataFrame:
    """Estimate for each theme how often it is mentioned and how many points of the total NPS go with it.

    `leave_out` is the NPS of all responses less the NPS without the responses that mention the theme: negative means
    that the theme costs points. Its standard error is that of the influence function
    (y - NPS) - (1 - m)(y - NPS without) / (1 - share), where y is -100, 0 or 100 and m says whether the theme is
    mentioned. `adjusted` holds the other themes still: the coefficient of the theme in a linear regression of y on
    all themes among the comments with content, times the theme's share of all responses, which is a sample's too.
    No standard error is less than the plain one of a common spread, nor than HC2, nor than that of accounts where they
    are given: at 12 mentions among 200 answers with 90 % promoters the size of the test at 5 % is below .01 so, and
    .29 by HC2 alone; with 15 / 30 / 55 % it is .03 to .05. Both describe who writes what, not what would happen if a
    problem were solved.

    `within` compares only answers of the same touchpoint, so that a theme of a touchpoint with low scores is not given
    the level of that touchpoint: `leave_out` is then the mean over touchpoints, by their responses, of the NPS less
    the NPS without the theme, and `adjusted` has a term for each touchpoint. A touchpoint where all or none mention a
    theme tells nothing of it. `nps_with` and `nps_without` stay those of all touchpoints together.

    Detractors are often asked what to improve and promoters what they value. Where the question differs by band, a
    theme's effect is partly the question's: read `share_detractors` and `share_promoters` with that in mind.

    Parameters
    ----------
    responses
        One row per response with an integer score 0..10; rows without a score are left out.
    themes
        What `assign_themes` gave for the comments of these rows, in the same order.
    score
        Name of the score column.
    cluster
        Column of accounts whose people may think alike; standard errors then allow for it.
    within
        Column of touchpoints; None compares all answers with each other. Those without one are a touchpoint.
    at
        Where most answers have no comment: the places of the responses that the rows of `themes` are of. The others say
        nothing.
    confidence_level
        Between 0 and 1.
    adjust
        How p-values are adjusted for the number of themes.
    at_least
        Themes mentioned by fewer responses are listed with their share, without effects.

    Returns
    -------
    One row per theme, the most costly first: `theme`; `n` mentions; `share` of the comments with content with
    `share_low`, `share_high` (Wilson; proportions); `share_detractors`, `share_passives`, `share_promoters` (of each
    band's comments with content); `nps_with`, `nps_with_low`, `nps_with_high`, `nps_without` among all other
    responses (points); `leave_out` and `adjusted`, each with `_low`, `_high`, `_pvalue`, `_pvalue_adjusted`.

    Raises
    ------
    MissingColumn, BadValue
        Tables of different length, no scored comment with content, scores that are not 0..10.

    Examples
    --------
    >>> responses = pd.DataFrame({"score": [2, 3, 10, 9, 10, 9] * 10})
    >>> themes = pd.DataFrame({"main_theme": ["price", "price", "rest", "rest", "rest", "rest"] * 10,
    ...                        "price": [1.0, 1.0, 0.0, 0.0, 0.0, 0.0] * 10})
    >>> theme_effects(responses, themes)[["theme", "n", "nps_with", "nps_without", "leave_out"]].round(1)
       theme   n  nps_with  nps_without  leave_out
    0  price  20    -100.0        100.0      -66.7
    """
    check_fraction("confidence_level", confidence_level)
    check_whole("at_least", at_least, least=2)
    heard, names = _read(responses, themes, score, (cluster, within), at)
    m = heard.m
    z = float(normal_quantile(confidence_level))
    shares = _shares(heard, names, confidence_level)
    left_out, left_out_se = leave_out(heard)
    held, held_se, of_share = _regression(heard, at_least)
    enough = (m.sum(axis=0) >= at_least) & (len(heard.points) - m.sum(axis=0) >= at_least)
    table = pd.concat(
        [
            shares,
            _scores_with(heard, confidence_level),
            _estimates("leave_out", left_out, left_out_se, np.zeros(len(names)), enough, z, adjust),
            _estimates("adjusted", held, held_se, of_share, enough, z, adjust),
        ],
        axis=1,
    )
    table = table.sort_values(["leave_out", "n", "theme"], ascending=[True, False, True]).reset_index(drop=True)
    table.attrs[WITHIN] = within if heard.strata.max(initial=0) > 0 else None
    return table


def touchpoints(responses: pd.DataFrame) -> str | None:
    """Return the column of touchpoints where there are several, for `within`; None where all answers are of one.

    Examples
    --------
    >>> touchpoints(pd.DataFrame({"touchpoint": ["support", "yearly"]})), touchpoints(pd.DataFrame({"score": [9]}))
    ('touchpoint', None)
    """
    name = "touchpoint"
    return name if name in responses.columns and len(responses[name].unique()) > 1 else None


def _read(
    responses: pd.DataFrame,
    themes: pd.DataFrame,
    score: str,
    columns: tuple[str | None, str | None],
    at: npt.NDArray[np.intp] | None,
) -> tuple[Heard, list[str]]:
    cluster, within = columns
    check_columns(list(responses.columns), [score, *(name for name in columns if name)], what="responses")
    told, mentions = mentions_of(responses if at is None else responses.index[at], themes)
    places = np.arange(len(responses)) if at is None else at
    scores = pd.to_numeric(responses[score], errors="coerce").to_numpy(dtype=float, na_value=np.nan)
    wrong = np.isfinite(scores) & ~np.isin(scores, np.arange(11))
    if wrong.any():
        row = int(np.flatnonzero(wrong)[0])
        raise BadValue(f'responses, row {row}, column "{score}": {scores[row]:g} is not an integer from 0 to 10.')
    # An answer whose comment could not be read may have mentioned anything: it tells nothing of themes.
    scored = np.isfinite(scores)
    scored[places[(themes["main_theme"] == NOT_COVERED).to_numpy(dtype=bool)]] = False
    kept = scored[places]
    if not told[kept].any():
        raise BadValue(
            "no response has both a score and a comment that says something in a language of the themes:"
            " there are no effects to estimate."
        )
    low, high = SCORES["detractor"][1], SCORES["promoter"][0]
    points = 100.0 * ((scores >= high).astype(float) - (scores <= low))[scored]
    clusters = None
    if cluster is not None:
        named, names = pd.factorize(responses[cluster].array[scored])
        # A response without an account is a cluster of its own.
        clusters = pd.factorize(np.where(named < 0, len(names) + np.arange(len(named)), named))[0]
    strata = np.zeros(len(points), dtype=np.int64)
    if within is not None:
        strata = pd.factorize(pd.factorize(responses[within].array[scored])[0])[0]  # those without one are one
    among = (np.cumsum(scored) - 1)[places[kept]]
    m = mentions.to_numpy(dtype=bool)[kept]
    return Heard(points, strata, clusters, among, told[kept], m), list(mentions.columns)


def _shares(heard: Heard, names: Sequence[str], confidence_level: float) -> pd.DataFrame:
    n, base = heard.m.sum(axis=0), int(heard.told.sum())
    low, high = proportion_limits(n, base, confidence_level=confidence_level)
    table = pd.DataFrame({"theme": names, "n": n, "share": n / base, "share_low": low, "share_high": high})
    for value, name in zip(POINTS, BANDS, strict=True):
        band = heard.told & (heard.points[heard.place] == value)
        table[f"share_{name}"] = heard.m[band].mean(axis=0) if band.any() else np.nan
    return table


def _scores_with(heard: Heard, confidence_level: float) -> pd.DataFrame:
    ours = heard.points[heard.place]
    of_band = {name: heard.m[ours == value].sum(axis=0) for value, name in zip(POINTS, BANDS, strict=True)}
    every = {name: int((heard.points == value).sum()) for value, name in zip(POINTS, BANDS, strict=True)}
    with_theme = score_counts(pd.DataFrame(of_band), confidence_level=confidence_level)
    others = pd.DataFrame({name: every[name] - n for name, n in of_band.items()})
    without = score_counts(others, confidence_level=confidence_level)
    return pd.DataFrame(
        {
            "nps_with": with_theme["nps"],
            "nps_with_low": with_theme["low"],
            "nps_with_high": with_theme["high"],
            "nps_without": without["nps"],
        }
    )


def _regression(heard: Heard, at_least: int) -> tuple[Floats, Floats, Floats]:
    """Coefficient of each theme times its share; its standard error by the coefficient, and by the share.

    NaN where a theme cannot be told from the others.
    """
    at, m = heard.place[heard.told], heard.m[heard.told]
    y, x, strata = heard.points[at], m.astype(float), heard.strata[at]
    places = pd.get_dummies(strata, dtype=float).to_numpy()  # one constant for each touchpoint
    effect, se, of_share = (np.full(m.shape[1], np.nan) for _ in range(3))
    usable = [
        column
        for column in range(m.shape[1])
        if x[:, column].sum() >= at_least and (1 - x[:, column]).sum() >= at_least
    ]
    kept = _told_apart(m, strata, usable)
    if not kept or len(y) <= len(kept) + places.shape[1]:
        return effect, se, of_share
    model = OLS(y, np.hstack([x[:, kept], places]))
    fits = [model.fit(), model.fit(cov_type="HC2")]
    if heard.clusters is not None:
        fits.append(model.fit(cov_type="cluster", cov_kwds={"groups": heard.clusters[at]}))
    # The plain error assumes one spread for all, as the test does: see `leave_out`.
    # Where all who mention a theme agree, a robust variance is zero but for rounding, on either side of it.
    variances = [np.diag(fitted.cov_params())[: len(kept)] for fitted in fits]
    error = np.sqrt(np.fmax.reduce([np.maximum(variance, 0.0) for variance in variances]))
    slope, share = fits[0].params[: len(kept)], heard.m[:, kept].sum(axis=0) / len(heard.points)
    effect[kept], se[kept] = share * slope, share * error
    of_share[kept] = np.sqrt(variance_of_share(slope, share, len(heard.points)))
    return effect, se, of_share


def _told_apart(m: Mask, strata: Codes, usable: Sequence[int]) -> list[int]:
    """Return the themes that do not follow from others: one always mentioned together with another has no effect.

    Rows that are alike are taken once, so many times as long: the singular values are the same.
    """
    alike = strata
    for column in usable:
        alike = np.unique(2 * alike + m[:, column], return_inverse=True)[1]
    _, first, n = np.unique(alike, return_index=True, return_counts=True)
    weighted = np.sqrt(n)[:, None]
    places = weighted * pd.get_dummies(strata[first], dtype=float).to_numpy()
    themes = weighted * m[first][:, usable]
    kept: list[int] = []
    for at in range(len(usable)):
        design = np.hstack([themes[:, [*kept, at]], places])
        values = np.linalg.svd(design, compute_uv=False)
        least = values.max(initial=0.0) * max(len(m), design.shape[1]) * np.finfo(float).eps
        if design.shape[0] >= design.shape[1] and (values > least).all():
            kept.append(at)
    return [usable[at] for at in kept]


def _estimates(
    name: str, estimate: Floats, se: Floats, of_share: Floats, enough: Mask, z: float, adjust: Adjustment
) -> pd.DataFrame:
    """Return limits and p-values; the share of a theme widens an interval, and says nothing of whether there is one."""
    estimate, se = np.where(enough, estimate, np.nan), np.where(enough & (se > 0), se, np.nan)
    pvalue = two_sided(estimate / se)
    half = z * np.hypot(se, of_share)
    low, high = estimate - half, estimate + half
    # A product: where zero is left by the coefficient its limits are those of the logarithm, which cannot cross zero.
    size = np.abs(estimate)
    with np.errstate(invalid="ignore", divide="ignore"):
        share_part = z * of_share / size
        near = size * np.exp(-np.hypot(np.log(size / (size - z * se)), share_part))
        far = size * np.exp(np.hypot(np.log((size + z * se) / size), share_part))
    sure, up = size > z * se, estimate > 0
    low = np.where(sure, np.where(up, near, -far), low)
    high = np.where(sure, np.where(up, far, -near), high)
    return pd.DataFrame(
        {
            name: estimate,
            f"{name}_low": low,
            f"{name}_high": high,
            f"{name}_pvalue": pvalue,
            f"{name}_pvalue_adjusted": adjusted(pvalue, adjust=adjust),
        }
    )


def held(found: pd.DataFrame, *, alpha: float = 0.05) -> pd.DataFrame:
    """Return the themes that go with a higher or lower score beside the others and by themselves, after adjusting.

    Themes that are mentioned together share what goes with both in any way a regression likes: one whose writers score
    as all do, or higher, may cost many points "beside the others", and the others bring as many. Of such a theme
    nothing can be said.

    Parameters
    ----------
    found
        Output of `theme_effects`.
    alpha
        What both p-values, adjusted for all themes, must be below.

    Examples
    --------
    >>> held(pd.DataFrame({
    ...     "theme": ["dear", "told with praise"], "adjusted": [-3.0, -9.0], "adjusted_pvalue_adjusted": [0.001, 0.001],
    ...     "leave_out": [-2.5, 7.0], "leave_out_pvalue_adjusted": [0.001, 0.001],
    ... }))["theme"].tolist()
    ['dear']
    """
    sure = (found["adjusted_pvalue_adjusted"] < alpha) & (found["leave_out_pvalue_adjusted"] < alpha)
    told: pd.DataFrame = found[sure & (found["adjusted"] * found["leave_out"] > 0)]
    return told
