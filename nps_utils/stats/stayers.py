"""A change split: those who answered both times, those who left and those who joined."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Final, NamedTuple

import narwhals as nw
import numpy as np
import numpy.typing as npt
import pandas as pd
from narwhals.typing import IntoFrame

from nps_utils.checks import BadValue, check_columns, check_fraction
from nps_utils.columns import text_of
from nps_utils.remembering import remembered
from nps_utils.stats.account_change import Rows, group_columns, listed, pairs_of, rows_of
from nps_utils.stats.arithmetic.effective import (
    Cells,
    Codes,
    Samples,
    change_limits,
    change_pvalue,
    of_change,
    samples_of,
)
from nps_utils.stats.arithmetic.intervals import FloatArray, edge, normal_quantile, two_sided
from nps_utils.stats.arithmetic.paired_counts import Panel
from nps_utils.stats.change import check_baseline
from nps_utils.stats.weighting.weighted_interval import answers_of

PARTS: Final = ("stayers", "leavers", "joiners", "unnamed", "total")
_BANDS: Final = ("detractors", "passives", "promoters")


class _Side(NamedTuple):
    """Answers of one side of all pairs: the cell of each (its sample is the pair), and its unit, -1 for no name."""

    cells: Cells
    unit: Codes

    def part(self, rows: npt.NDArray[np.bool_], size: int) -> Samples:
        return samples_of(self.cells.pick(np.flatnonzero(rows)), size)


class _Part(NamedTuple):
    """One part of every change: what is subtracted from what, and its share of the change."""

    one: Samples
    two: Samples
    factor: FloatArray


@remembered("score", named=["across", "unit", "by", "cluster", "weight"])
def change_parts(
    responses: IntoFrame,
    *,
    across: str = "wave",
    unit: str = "account_id",
    by: Sequence[str] | str | None = None,
    cluster: str | None = None,
    weight: str | None = None,
    baseline: str | Hashable = "previous",
    confidence_level: float = 0.95,
) -> pd.DataFrame:
    """Split a change into the stayers' change, what leavers took away and what joiners brought.

    With S, L and J the scores of stayers, leavers and joiners, s the stayers' share of the answers of a wave:

        score after - score before = (S2 - S1) + (1 - s1) (S1 - L) + (1 - s2) (J - S2)

    exactly, so the parts add up to the change. Better service shows in the stayers; the other two parts are different
    customers. Answers without a unit can be none of the three: what they add is a part of its own.

    Intervals are square-and-add intervals (Zou and Donner 2008, Statistics in Medicine 27:1693) of score intervals, by
    cluster as in `clustered_change`; shares of answers count as known. Where no unit answers twice in a wave and
    clusters are units, the stayers' interval is the paired one of `paired_change`. p-values are not adjusted.

    Parameters
    ----------
    responses
        One row per answer; `score` holds whole numbers 0..10. Any frame that Narwhals understands; it is collected.
    across, by, weight
        As for `clustered_change`.
    unit
        Who stays, leaves or joins: `account_id` or `respondent_id`. With accounts the stayers' part also holds who of
        an account answered.
    cluster
        What varies as one, such as the account of a respondent; None takes the units.
    baseline
        As for `compare`, except `rest`, from which nobody can have come.
    confidence_level
        Between 0 and 1.

    Returns
    -------
    Five rows per comparison: columns of `by`, `before`, `after`, `part` (`stayers`, `leavers`, `joiners`, `unnamed`,
    `total`), `n_before`, `n_after` (answers of those people), `units_before`, `units_after`, `points` (the part of the
    change, which add up to that of `total`), `low`, `high`, `pvalue`. `unnamed` has no interval. Without stayers, or
    without the baseline, nothing can be split and the parts are missing.

    Raises
    ------
    MissingColumn, BadValue
        A column is not there; no answer has a unit; an empty level; fewer than two levels; scores outside 0..10.

    Examples
    --------
    >>> answers = pd.DataFrame({
    ...     "wave": [1] * 4 + [2] * 4, "account_id": [*"abcd", *"abef"], "score": [9, 8, 3, 2, 9, 8, 9, 10],
    ... })
    >>> change_parts(answers)[["part", "n_before", "n_after", "points"]].head(3)
          part  n_before  n_after  points
    0  stayers         2        2     0.0
    1  leavers         2        0    75.0
    2  joiners         0        2    25.0
    """
    check_fraction("confidence_level", confidence_level)
    if baseline == "rest":
        raise BadValue('baseline = "rest": all other waves together have no before; use "previous" or name a wave.')
    table = responses if isinstance(responses, pd.DataFrame) else nw.from_native(responses).lazy().collect().to_pandas()
    groups = group_columns(table, across, by)
    check_columns(list(table.columns), [unit, *([cluster] if cluster else [])], what="responses")
    named, _ = pd.factorize(text_of(table, unit))
    if (named < 0).all():
        raise BadValue(f'column "{unit}" is empty in all {len(table)} responses, so that nobody can be known again.')
    answers, _ = answers_of(table, weight=weight, cluster=cluster or unit, stratum=None)
    levels, row = rows_of(table, across, groups)
    check_baseline(levels.levels, across, baseline)
    pairs = pairs_of(levels, baseline)
    size = len(pairs.after)
    order = np.argsort(row, kind="stable")
    answers, units = answers.pick(order)._replace(sample=row[order]), np.asarray(named[order], dtype=np.int64)
    before = _side(answers, units, pairs.pair, pairs.row)
    after = _side(answers, units, np.arange(size), pairs.after)
    keys = levels.groups.loc[levels.group[pairs.after]].reset_index(drop=True)
    keys = keys.assign(before=pairs.before, after=[levels.levels[at] for at in levels.level[pairs.after]])
    found = _split(before, after, size, normal_quantile(confidence_level), paired=cluster in (None, unit))
    whole = keys.loc[np.tile(np.arange(size), len(PARTS))].reset_index(drop=True).join(found)
    return whole.iloc[np.arange(len(whole)).reshape(len(PARTS), size).T.ravel()].reset_index(drop=True)


def _side(answers: Cells, units: Codes, pair: Rows, row: Rows) -> _Side:
    at, of_pair = listed(answers.sample, pair, row)
    return _Side(answers.pick(at)._replace(sample=of_pair), units[at])


def _split(before: _Side, after: _Side, size: int, z: float, *, paired: bool) -> pd.DataFrame:
    """Return the rows of all pairs, one part after the other."""
    sides = (before, after)
    keys = [side.cells.sample * (max(side.unit.max(initial=-1) for side in sides) + 1) + side.unit for side in sides]
    known = [side.unit >= 0 for side in sides]
    stays = [known[at] & np.isin(keys[at], keys[1 - at][known[1 - at]]) for at in (0, 1)]
    moves = [known[at] & ~stays[at] for at in (0, 1)]
    every = [np.ones(len(side.unit), dtype=bool) for side in sides]
    stayed, others, whole = (
        [side.part(rows, size) for side, rows in zip(sides, chosen, strict=True)] for chosen in (stays, moves, every)
    )
    numbers = _estimates(stayed, others, whole, z)
    once = np.logical_and(*(_once(side, rows, size) for side, rows in zip(sides, stays, strict=True)))
    exact = once & paired & (stayed[0].n > 0)
    numbers["stayers"] = np.where(exact, _paired(before, after, stays, keys, size, z), numbers["stayers"])
    answers = _who(*([part.n for part in parts] for parts in (stayed, others, whole)))
    units = _who(
        *(
            [_units(side, rows, key, size) for side, rows, key in zip(sides, chosen, keys, strict=True)]
            for chosen in (stays, moves, known)
        )
    )
    rest = numbers["total"][0] - sum(numbers[name][0] for name in PARTS[:3])
    all_named = (answers["unnamed"][0] + answers["unnamed"][1] == 0) & (stayed[0].n > 0)
    numbers["unnamed"] = np.stack([np.where(all_named, 0.0, rest), *np.full((3, size), np.nan)])
    return pd.concat([_rows(name, answers[name], units[name], numbers[name]) for name in PARTS], ignore_index=True)


def _estimates(stayed: list[Samples], others: list[Samples], every: list[Samples], z: float) -> dict[str, FloatArray]:
    """Return points, limits and p-values of the parts that have some; without stayers there are no parts."""
    share = [_ratio(other.bands.n, stay.bands.n + other.bands.n) for other, stay in zip(others, stayed, strict=True)]
    ones = np.ones(len(share[0]))
    numbers = {
        "stayers": _numbers(_Part(stayed[0], stayed[1], ones), z),
        "leavers": _numbers(_Part(others[0], stayed[0], share[0]), z),
        "joiners": _numbers(_Part(stayed[1], others[1], share[1]), z),
        "total": _numbers(_Part(every[0], every[1], ones), z),
    }
    for name in PARTS[:3]:
        numbers[name][:, stayed[0].n == 0] = np.nan
    return numbers


def _who(stayed: list[Codes], others: list[Codes], every: list[Codes]) -> dict[str, tuple[Codes, Codes]]:
    """Arrange counts before and after by part."""
    none = np.zeros_like(every[0])
    return {
        "stayers": (stayed[0], stayed[1]),
        "leavers": (others[0], none),
        "joiners": (none, others[1]),
        "unnamed": (every[0] - stayed[0] - others[0], every[1] - stayed[1] - others[1]),
        "total": (every[0], every[1]),
    }


def _rows(name: str, answers: tuple[Codes, Codes], units: tuple[Codes, Codes], numbers: FloatArray) -> pd.DataFrame:
    points, low, high, pvalue = numbers
    return pd.DataFrame(
        {
            "part": name,
            "n_before": answers[0],
            "n_after": answers[1],
            "units_before": units[0],
            "units_after": units[1],
            "points": 100 * points,
            "low": 100 * low,
            "high": 100 * high,
            "pvalue": pvalue,
        }
    )


def _numbers(part: _Part, z: float) -> FloatArray:
    """Return points, low, high (shares) and p-value of one part; nobody of that kind adds nothing."""
    worth = of_change(part.one, part.two)
    low, high = change_limits(part.one, part.two, worth, z)
    told, nobody = np.isfinite(worth.variance), part.factor == 0
    points = np.where(nobody, 0.0, part.factor * (part.two.bands.nps - part.one.bands.nps))
    low = np.where(nobody, 0.0, part.factor * np.where(told, low, -2.0))
    high = np.where(nobody, 0.0, part.factor * np.where(told, high, 2.0))
    pvalue = np.where(told & ~nobody, change_pvalue(part.one, part.two, worth), np.nan)
    return np.stack([points, low, high, pvalue])


def _paired(
    before: _Side, after: _Side, stays: list[npt.NDArray[np.bool_]], keys: list[Codes], size: int, z: float
) -> FloatArray:
    """Return the same for people with one answer in each wave: the paired change."""
    one, two = np.flatnonzero(stays[0]), np.flatnonzero(stays[1])
    _, first, second = np.intersect1d(keys[0][one], keys[1][two], return_indices=True)
    one, two = one[first], two[second]
    moves = np.zeros((size, 3, 3))
    np.add.at(moves, (before.cells.sample[one], _band(before.cells)[one], _band(after.cells)[two]), 1.0)
    panel = Panel(moves, np.zeros((size, 3)), np.zeros((size, 3)))
    with np.errstate(divide="ignore", invalid="ignore"):  # pairs without stayers
        waves = panel.waves()
        change = waves[1].nps - waves[0].nps
        low, high = panel.limits(z)

        def apart(at: FloatArray) -> npt.NDArray[np.bool_]:
            least, most = panel.limits(at)
            return np.asarray(np.where(change > 0, least > 0, most < 0))

        reached = edge(apart, inside=np.zeros(size), outside=37.0)
    pvalue = np.where(np.isnan(change), np.nan, np.where(change == 0, 1.0, two_sided(reached)))
    return np.stack([change, low, high, pvalue])


def _once(side: _Side, rows: npt.NDArray[np.bool_], size: int) -> npt.NDArray[np.bool_]:
    """Whether the chosen answers of each pair are one a unit, of one weight."""
    picked = side.cells.pick(np.flatnonzero(rows))
    pair_of, times = np.unique(np.stack([picked.sample, side.unit[rows]]), axis=1, return_counts=True)
    once = np.ones(size, dtype=bool)
    once[pair_of[0][times > 1]] = False
    kish = samples_of(picked, size)
    return once & (np.abs(kish.kish - kish.n) < 1e-9 * np.maximum(kish.n, 1))


def _band(cells: Cells) -> npt.NDArray[np.intp]:
    return np.asarray(np.argmax(np.stack([getattr(cells, name) for name in _BANDS]), axis=0), dtype=np.intp)


def _units(side: _Side, rows: npt.NDArray[np.bool_], keys: Codes, size: int) -> Codes:
    _, first = np.unique(keys[rows], return_index=True)
    return np.asarray(np.bincount(side.cells.sample[rows][first], minlength=size), dtype=np.int64)


def _ratio(part: FloatArray, whole: FloatArray) -> FloatArray:
    return np.asarray(np.divide(part, whole, out=np.zeros(len(whole)), where=whole > 0))
