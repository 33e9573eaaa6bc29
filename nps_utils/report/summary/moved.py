"""Which one group moved otherwise than the rest: a fall of all may be the fall of one department."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

from nps_utils.checks import BadValue
from nps_utils.report.summary.evidence import ALPHA
from nps_utils.scale import BANDS
from nps_utils.stats import verdicts
from nps_utils.stats.verdicts.by_design import groups_of
from nps_utils.stats.verdicts.newest import LEAST_ANSWERS
from nps_utils.words.limits import Limit, attempt

BoolArray: TypeAlias = npt.NDArray[np.bool_]
Whole: TypeAlias = npt.NDArray[np.int64]
# So many answers in each wave: a small ward can fall so far that it is sure, and is told where it is.
FEWEST: Final = 10
_LEVEL: Final = 0.95
# Groups of fewer answers than a headline needs share so much of the level of all groups: many of them take little
# from the others, and each must be surer by far.
OF_SMALL: Final = 0.2
# Of two looks, since the wave before and since a year ago, the second has so much of the level.
OF_SECOND: Final = 0.2
_INSIDE: Final = "inside"
# By counts alone, standard errors apart: the first look at a group, which costs nothing. Pairs may be surer than that.
_WORTH_A_LOOK: Final = 1.2
_NOTHING: Final = 1e-12  # of answers in one band the variance is 0, but for rounding


def group_moved(
    responses: pd.DataFrame, segments: Iterable[str], *, before: str, after: str, level: float = 1.0
) -> pd.Series:
    """Return the group whose change differs from that of all others most surely, adjusted for all groups (Bonferroni).

    Each change is judged by how its answers hang together (`verdicts.changes`); the difference of both has the limits
    of square-and-add (Zou and Donner 2008), which are wide where accounts have people in both. Groups of fewer than 30
    answers in a wave, down to 10, are looked at as well, all of them together at a fifth of the level. Where no group
    moved otherwise, one is named in about the 5 % of studies that it is set to, also where the answers of accounts hang
    together (tests/report/test_moved.py has both).

    Parameters
    ----------
    responses
        Answers of one touchpoint, with `wave` and the segments.
    segments
        Columns whose groups are looked at.
    before, after
        The two waves.
    level
        The share of the 5 % that this comparison has, where others are looked at beside it.

    Returns
    -------
    `before`, `after`; `segment`, `group`; `change`, `low`, `high`, `n_before`, `n_after` of the group; `others`, the
    change of all others; `difference`, `difference_low`, `difference_high`, `pvalue`, `pvalue_adjusted`.

    Raises
    ------
    BadValue
        No group has answers enough, or none is shown to have moved otherwise than the rest.

    Examples
    --------
    >>> answers = pd.DataFrame({
    ...     "wave": ["Q1"] * 120 + ["Q2"] * 120, "area": (["care"] * 60 + ["school"] * 60) * 2,
    ...     "score": [9] * 160 + [2] * 20 + [9] * 60,
    ... })
    >>> row = group_moved(answers, ["area"], before="Q1", after="Q2")
    >>> row["group"], round(float(row["change"]), 1), float(row["others"])
    ('care', -66.7, 0.0)
    """
    both = responses[responses["wave"].isin([before, after])]
    found = [row for segment in segments for row in _groups(both, segment, after)]
    if not found:
        raise BadValue("No group has answers enough in both waves.")
    table = pd.DataFrame(found)
    small = table.pop("small").to_numpy(dtype=bool)
    table["pvalue_adjusted"] = np.minimum(1.0, _weighted(table["pvalue"].to_numpy(dtype=float), small) / level)
    row: pd.Series = table.sort_values(["pvalue_adjusted", "pvalue"], kind="stable").iloc[0]
    if not row["pvalue_adjusted"] < ALPHA:
        raise BadValue("No group is shown to have moved otherwise than the rest.")
    told: pd.Series = pd.concat([row, pd.Series({"before": before, "after": after})])
    return told


def _weighted(pvalue: npt.NDArray[np.float64], small: BoolArray) -> npt.NDArray[np.float64]:
    """Return p-values adjusted for all groups; where there are both, the small ones share a part of the level."""
    part = OF_SMALL if 0 < small.sum() < len(small) else 1.0
    times: npt.NDArray[np.float64] = np.where(small, small.sum() / part, (~small).sum() / (1 - part if part < 1 else 1))
    found: npt.NDArray[np.float64] = np.minimum(1.0, pvalue * times)
    return found


def _groups(both: pd.DataFrame, segment: str, after: str) -> Iterable[dict[str, object]]:
    rows = both[both[segment].notna()].reset_index(drop=True)
    cells = groups_of(rows[segment])
    code = cells.cat.codes.to_numpy().astype(np.int64)
    counts = _counts(rows["score"].to_numpy(dtype=int), (rows["wave"] == after).to_numpy(), code)
    levels = np.flatnonzero(counts.any(axis=(1, 2)))
    # Of two groups one is the rest of the other.
    for level in levels[: 1 if len(levels) == 2 else None]:
        bands = np.stack([counts[level], counts.sum(axis=0) - counts[level]])
        fewest = int(bands.sum(axis=2).min())
        if fewest < FEWEST:
            continue
        named = {"segment": segment, "group": str(cells.cat.categories[level]), "small": fewest < LEAST_ANSWERS}
        if abs(_apart(bands)) < _WORTH_A_LOOK:
            yield {**named, "pvalue": 1.0}
            continue
        changes = attempt(verdicts.changes, rows.assign(**{_INSIDE: code == level}), by=[_INSIDE], adjust="none")
        if isinstance(changes, Limit) or len(changes) != 2:
            continue
        of_group, others = (changes[changes[_INSIDE].eq(side)].iloc[0] for side in (True, False))
        yield {**named, **_difference(of_group, others)}


def _counts(score: Whole, later: BoolArray, group: Whole) -> Whole:
    """Return how many answers of each group are in each band: group, before or after, band."""
    band = np.searchsorted([top for _, top in BANDS.values()], score)
    counted = np.bincount(
        (group * 2 + later) * len(BANDS) + band, minlength=(group.max(initial=-1) + 1) * 2 * len(BANDS)
    )
    return counted.reshape(-1, 2, len(BANDS))


def _apart(bands: Whole) -> float:
    """Return by how many standard errors a group moved apart from the others."""
    n = bands.sum(axis=2)
    values = np.arange(len(BANDS))
    mean = bands @ values / n
    spread = bands @ values**2 / n - mean**2
    moved = float((mean[0, 1] - mean[0, 0]) - (mean[1, 1] - mean[1, 0]))
    variance = float((np.maximum(spread, 0) / n).sum())
    return moved / float(np.sqrt(variance)) if variance > _NOTHING else float(np.sign(moved) * np.inf)


def _difference(group: pd.Series, others: pd.Series) -> dict[str, object]:
    """Return a group's change, that of the others, and their difference with its limits and p-value."""
    point = float(group["change"] - others["change"])
    low = point - np.hypot(group["change"] - group["low"], others["high"] - others["change"])
    high = point + np.hypot(group["high"] - group["change"], others["change"] - others["low"])
    towards_zero = point - low if point > 0 else high - point
    scaled = stats.norm.ppf((1 + _LEVEL) / 2) * abs(point) / towards_zero if towards_zero else 0.0
    return {
        **{name: group[name] for name in ("change", "low", "high", "n_before", "n_after")},
        "others": float(others["change"]),
        "difference": point,
        "difference_low": float(low),
        "difference_high": float(high),
        "pvalue": float(2 * stats.norm.sf(scaled)),
    }
