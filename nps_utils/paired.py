"""The same people twice: who moved between bands, and a change that knows it is partly the same people."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Final, NamedTuple

import narwhals as nw
import numpy as np
import pandas as pd
from narwhals.typing import IntoFrame
from scipy import optimize

from nps_utils.checks import BadValue, check_columns, check_fraction
from nps_utils.intervals import FloatArray, normal_quantile, two_sided
from nps_utils.means import lower_limit
from nps_utils.scale import BANDS, HIGHEST, LOWEST

_NAMES: Final = list(BANDS)
_CODES: Final = np.array([-1.0, 0.0, 1.0])
# Beyond this z a p-value is zero to the last digit of a float.
_LARGEST_Z: Final = 38.0


class _Part(NamedTuple):
    """People with one sampling scheme: what each adds to the change, and how many did."""

    values: FloatArray
    counts: FloatArray

    @property
    def mean(self) -> float:
        return float(self.values @ self.counts / self.counts.sum())

    @property
    def variance(self) -> float:
        """Plug-in variance of the mean."""
        n = self.counts.sum()
        return float((self.values - self.mean) ** 2 @ self.counts / n / n)


class _Panel(NamedTuple):
    """Moves of those in both waves (before x after), and the bands of those in one only."""

    moves: FloatArray
    left: FloatArray
    joined: FloatArray

    @property
    def n(self) -> tuple[float, float, float]:
        """Answers before, after, and people in both."""
        both = self.moves.sum()
        return both + self.left.sum(), both + self.joined.sum(), both

    def parts(self) -> list[_Part]:
        """Split the change into independent parts: after mean - before mean is the sum of their means."""
        n_before, n_after, both = self.n
        weighted = (_CODES / n_after)[np.newaxis, :] - (_CODES / n_before)[:, np.newaxis]
        parts = [
            _Part(both * weighted.ravel(), self.moves.ravel()),
            _Part(-self.left.sum() / n_before * _CODES, self.left),
            _Part(self.joined.sum() / n_after * _CODES, self.joined),
        ]
        return [part for part in parts if part.counts.sum()]


def paired_change(
    responses: IntoFrame,
    *,
    person: str,
    across: str = "wave",
    before: Hashable,
    after: Hashable,
    score: str = "score",
    confidence_level: float = 0.95,
) -> pd.DataFrame:
    """Compare two waves in which some or all people are the same.

    The change is the score of all answers after less that of all before. People in both waves enter once, with their
    move: this is the variance of two waves less the covariance of their overlap. The change is the sum of three
    independent parts (people in both, people who left, people who joined), each with the score interval of its mean,
    combined by square-and-add (Zou and Donner 2008, Statistics in Medicine 27:1693). With everybody in both waves
    this is the score interval of the mean move; with nobody it is `compare`.

    Parameters
    ----------
    responses
        One row per response; any frame that Narwhals understands.
    person
        The column that names people, such as `respondent_id`. Rows without a name count as people of their wave only.
    across
        The column of waves.
    before, after
        The two waves.
    score
        The column of answers, integers 0..10.
    confidence_level
        Between 0 and 1.

    Returns
    -------
    One row: `before`, `after`, `n_before`, `n_after`, `n_both`, `up` and `down` (people in both who moved to a better
    or worse band), `correlation` (of the bands of those in both), `change`, `se`, `low`, `high` (points), `pvalue`
    (the level at which the interval touches zero), and `change_both` (points, of those in both alone; those who stay
    may differ from those who come and go).

    Raises
    ------
    MissingColumn, BadValue
        A wave without answers, a person twice in a wave, an answer outside 0..10, a level like 95.

    Examples
    --------
    >>> responses = pd.DataFrame({
    ...     "respondent_id": ["a", "b", "c", "d", "a", "b", "c", "e"],
    ...     "wave": ["Q1"] * 4 + ["Q2"] * 4, "score": [3, 7, 9, 5, 8, 9, 10, 9],
    ... })
    >>> row = paired_change(responses, person="respondent_id", before="Q1", after="Q2").iloc[0]
    >>> int(row.n_both), int(row.up), float(row.change), float(row.change_both.round(1))
    (3, 2, 100.0, 66.7)
    """
    check_fraction("confidence_level", confidence_level)
    panel = _panel(responses, person, across, before, after, score)
    low, high, pvalue = _interval(panel.parts(), normal_quantile(confidence_level))
    n_before, n_after, both = (int(n) for n in panel.n)
    moved = panel.moves
    row = {
        "before": before,
        "after": after,
        "n_before": n_before,
        "n_after": n_after,
        "n_both": both,
        "up": int(np.triu(moved, 1).sum()),
        "down": int(np.tril(moved, -1).sum()),
        "correlation": _correlation(moved),
        "change": 100 * sum(part.mean for part in panel.parts()),
        "se": 100 * float(np.sqrt(sum(part.variance for part in panel.parts()))),
        "low": 100 * low,
        "high": 100 * high,
        "pvalue": pvalue,
        "change_both": 100 * float((_CODES @ moved.sum(axis=0) - _CODES @ moved.sum(axis=1)) / both)
        if both
        else np.nan,
    }
    return pd.DataFrame([row])


def moves(
    responses: IntoFrame,
    *,
    person: str,
    across: str = "wave",
    before: Hashable,
    after: Hashable,
    score: str = "score",
) -> pd.DataFrame:
    """Count how people moved between bands from one wave to the other.

    Parameters
    ----------
    responses, person, across, before, after, score
        As for `paired_change`.

    Returns
    -------
    Nine rows: `band_before`, `band_after` (detractor, passive, promoter), `n`. People of one wave only are left out.

    Raises
    ------
    MissingColumn, BadValue
        As `paired_change`.

    Examples
    --------
    >>> responses = pd.DataFrame({"id": ["a", "b", "a", "b"], "wave": [1, 1, 2, 2], "score": [3, 9, 8, 9]})
    >>> moves(responses, person="id", before=1, after=2).query("n > 0")
      band_before band_after  n
    1   detractor    passive  1
    8    promoter   promoter  1
    """
    table = _panel(responses, person, across, before, after, score).moves
    rows = [(one, two, int(table[i, j])) for i, one in enumerate(_NAMES) for j, two in enumerate(_NAMES)]
    return pd.DataFrame(rows, columns=["band_before", "band_after", "n"])


def _panel(responses: IntoFrame, person: str, across: str, before: Hashable, after: Hashable, score: str) -> _Panel:
    one, two = _waves(responses, person, across, (before, after), score)
    everyone = one[one.index.notna()].to_frame("before").join(two[two.index.notna()].rename("after"), how="outer")
    both = everyone.notna().all(axis=1)
    table = np.zeros((3, 3))
    np.add.at(table, tuple(everyone.loc[both, side].to_numpy(dtype=int) for side in ("before", "after")), 1)
    left = np.bincount(one.to_numpy(dtype=int), minlength=3) - table.sum(axis=1)
    joined = np.bincount(two.to_numpy(dtype=int), minlength=3) - table.sum(axis=0)
    return _Panel(table, left, joined)


def _waves(
    responses: IntoFrame, person: str, across: str, waves: tuple[Hashable, Hashable], score: str
) -> list[pd.Series[int]]:
    """Return the band (0, 1, 2) of each answer of both waves, indexed by person."""
    frame = nw.from_native(responses)
    check_columns(frame.collect_schema().names(), [person, across, score], what="the table of responses")
    if waves[0] == waves[1]:
        raise BadValue(f"before and after are both {waves[0]!r}; a change needs two waves.")
    table = frame.lazy().select(person, across, score).collect().to_pandas()
    found = []
    for wave in waves:
        rows = table[table[across] == wave]
        if rows.empty:
            there = ", ".join(map(str, table[across].dropna().unique()))
            raise BadValue(f'no response has {across} = {wave!r}; "{across}" holds: {there}.')
        found.append(_banded(rows, person, wave, score))
    return found


def _banded(rows: pd.DataFrame, person: str, wave: Hashable, score: str) -> pd.Series[int]:
    twice = rows[person].notna() & rows[person].duplicated()
    if twice.any():
        raise BadValue(
            f"{person} = {rows.loc[twice, person].iloc[0]!r} answered more than once in {wave!r}. Keep one answer per "
            "person and wave, and compare one touchpoint at a time."
        )
    answers = pd.to_numeric(rows[score], errors="coerce").to_numpy(dtype=float, na_value=np.nan)
    wrong = ~np.isin(answers, np.arange(LOWEST, HIGHEST + 1))
    if wrong.any():
        raise BadValue(f'column "{score}": {rows.loc[wrong, score].iloc[0]!r} is not an integer from 0 to 10.')
    code = np.searchsorted([top for _, top in BANDS.values()], answers)
    return pd.Series(code, index=pd.Index(rows[person]))


def _interval(parts: list[_Part], z: float) -> tuple[float, float, float]:
    """Return low, high (shares) and p-value of the sum of independent means."""
    change = sum(part.mean for part in parts)
    turned = [_Part(-part.values, part.counts) for part in parts]
    towards_zero = parts if change > 0 else turned
    if change == 0:
        pvalue = 1.0
    elif _reach(towards_zero, _LARGEST_Z) < abs(change):
        pvalue = 0.0
    else:
        touching = optimize.brentq(lambda at: _reach(towards_zero, at) - abs(change), 0.0, _LARGEST_Z, xtol=1e-10)
        pvalue = float(two_sided(np.array(touching)))
    return change - _reach(parts, z), change + _reach(turned, z), pvalue


def _reach(parts: list[_Part], z: float) -> float:
    """Return how far the lower limit of the sum lies below it: the root of the parts' summed squares."""
    distances = [part.mean - lower_limit(part.values, part.counts[np.newaxis, :], z)[0] for part in parts]
    return float(np.linalg.norm(distances))


def _correlation(table: FloatArray) -> float:
    """Return the correlation of bands before and after; NaN where one side does not vary."""
    n = table.sum()
    if not n:
        return np.nan
    one, two = table.sum(axis=1) / n, table.sum(axis=0) / n
    covariance = _CODES @ table @ _CODES / n - (_CODES @ one) * (_CODES @ two)
    spread = np.sqrt(((_CODES**2 @ one) - (_CODES @ one) ** 2) * ((_CODES**2 @ two) - (_CODES @ two) ** 2))
    return float(covariance / spread) if spread > 0 else np.nan
