"""Mix or real: how much of a change happened within segments, and how much because other people answered."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Final, NamedTuple

import numpy as np
import pandas as pd

from nps_utils.checks import BadValue, check_columns, check_fraction
from nps_utils.scale import COUNTS
from nps_utils.stats.arithmetic import intervals
from nps_utils.stats.arithmetic.intervals import Bands, FloatArray
from nps_utils.stats.score import bands_of

TOTAL: Final = "total"
_CODES: Final = np.array([-1.0, 0.0, 1.0])


class _Wave(NamedTuple):
    """One wave by segment: answers, share of all answers, score (NaN where nobody answered), band shares."""

    n: FloatArray
    share: FloatArray
    nps: FloatArray
    bands: FloatArray
    total: Bands

    @classmethod
    def of(cls, counts: FloatArray) -> _Wave:
        """Build from counts of shape (segments, 3).

        The band shares serve variances only and hold the pseudo-answers of the adjusted Wald interval, so that five
        promoters of five are not taken as certain.
        """
        bands = Bands(*counts.T)
        more = np.column_stack(bands.adjusted())
        total = Bands(*counts.sum(axis=0)[:, np.newaxis])
        shares = more / more.sum(axis=1, keepdims=True)
        return cls(bands.n, bands.n / bands.n.sum(), bands.nps, shares, total)


def mix_change(
    counts: pd.DataFrame,
    *,
    segment: str,
    across: str = "wave",
    before: Hashable,
    after: Hashable,
    confidence_level: float = 0.95,
) -> pd.DataFrame:
    """Split a change into what happened within segments and what their changed shares did.

    change = sum(change within segment * average share) + sum(change of share * average score), Kitagawa (1955), Journal
    of the American Statistical Association 50:1168. In the second sum scores are taken relative to the average of both
    waves, which leaves the sum as it is and makes a segment's part positive where a well-scoring segment grew.
    Intervals are by the delta method: both the scores and the shares are estimates from the counts.

    Parameters
    ----------
    counts
        Band counts with the columns `segment` and `across`; further groups are added up.
    segment
        The column of segments. Choose it before looking: among many columns one will explain any change.
    across
        The column of waves.
    before, after
        The two waves.
    confidence_level
        Between 0 and 1.

    Returns
    -------
    One row per segment and a last row "total": the segment, `n_before`, `n_after`, `share_before`, `share_after`
    (0..1), `nps_before`, `nps_after`, `within`, `within_low`, `within_high`, `mix`, `mix_low`, `mix_high`, `change`
    (within + mix; in the total row the change of the pooled score), all in points, and `warning`: empty, or in the
    total row that the pooled change and the change within segments have opposite signs (Simpson's paradox). A segment
    with answers in one wave only has no change within: its part is mix, and its `within` limits are NaN.

    Raises
    ------
    MissingColumn, BadValue
        A wave without answers; a segment called "total"; counts that are no counts; a level like 95.

    Examples
    --------
    >>> counts = pd.DataFrame({
    ...     "wave": ["Q1", "Q1", "Q2", "Q2"], "size": ["large", "small"] * 2,
    ...     "detractors": [10, 20, 4, 50], "passives": [30, 20, 12, 60], "promoters": [60, 10, 24, 40],
    ... })
    >>> parts = mix_change(counts, segment="size", before="Q1", after="Q2")
    >>> parts[["size", "within", "mix", "change"]].round(1)
        size  within   mix  change
    0  large     0.0 -15.5   -15.5
    1  small     7.5 -13.4    -5.9
    2  total     7.5 -28.9   -21.4
    >>> parts["warning"].iloc[-1]
    'pooled change -21.4, within segments +7.5: the signs differ, so who answered decides the pooled change'
    """
    check_fraction("confidence_level", confidence_level)
    check_columns(list(counts.columns), [segment, across], what="the table of counts")
    segments, one, two = _two_waves(counts, segment, across, before, after)
    within, mix, errors = _split(one, two)
    z = intervals.normal_quantile(confidence_level)
    change = np.append(within + mix, (two.total.nps - one.total.nps)[0])
    table = pd.DataFrame(
        {
            segment: [*segments, TOTAL],
            "n_before": np.append(one.n, one.n.sum()).astype(int),
            "n_after": np.append(two.n, two.n.sum()).astype(int),
            "share_before": np.append(one.share, 1.0),
            "share_after": np.append(two.share, 1.0),
            "nps_before": 100 * np.append(one.nps, one.total.nps),
            "nps_after": 100 * np.append(two.nps, two.total.nps),
        }
    )
    for name, part, se in (("within", within, errors[0]), ("mix", mix, errors[1])):
        point = np.append(part, part.sum())
        table[name], table[f"{name}_low"], table[f"{name}_high"] = (
            100 * point,
            100 * (point - z * se),
            100 * (point + z * se),
        )
    warnings = [""] * len(segments) + [_warning(100 * change[-1], 100 * within.sum())]
    return table.assign(change=100 * change, warning=warnings)


def _two_waves(
    counts: pd.DataFrame, segment: str, across: str, before: Hashable, after: Hashable
) -> tuple[list[Hashable], _Wave, _Wave]:
    bands_of(counts)
    chosen = counts[counts[across].isin([before, after])]
    summed = chosen.groupby([segment, across], observed=True, dropna=False)[list(COUNTS)].sum()
    for wave in (before, after):
        if not summed[summed.index.get_level_values(across) == wave].to_numpy().sum():
            there = ", ".join(map(str, counts[across].unique()))
            raise BadValue(f'no answers with {across} = {wave!r}; "{across}" holds: {there}.')
    if before == after:
        raise BadValue(f"before and after are both {before!r}; a change needs two waves.")
    every = summed[summed.sum(axis=1) > 0].index.get_level_values(segment).unique()
    if TOTAL in every:
        raise BadValue(f'a segment of "{segment}" is called "{TOTAL}", which names the last row; rename the segment.')
    waves = [
        _Wave.of(summed.xs(wave, level=across).reindex(every, fill_value=0).to_numpy(dtype=float))
        for wave in (before, after)
    ]
    return list(every), waves[0], waves[1]


def _split(one: _Wave, two: _Wave) -> tuple[FloatArray, FloatArray, tuple[FloatArray, FloatArray]]:
    """Return within and mix by segment, and their standard errors by segment and for the sum."""
    both = (one.n > 0) & (two.n > 0)
    # A segment of one wave only: its score stands for both, so its change is all mix.
    filled = [np.where(wave.n > 0, wave.nps, other.nps) for wave, other in ((one, two), (two, one))]
    share, moved = (one.share + two.share) / 2, filled[1] - filled[0]
    average = (filled[0] + filled[1]) / 2 - (one.total.nps + two.total.nps) / 2
    within, mix = share * moved, (two.share - one.share) * average
    variance = np.zeros((2, len(share) + 1))
    for wave, sign in ((one, -1.0), (two, 1.0)):
        on_share = np.array([moved / 2, sign * average])
        on_score = np.array([sign * share * both, (two.share - one.share) * np.where(both, 0.5, 1.0)])
        on_total = np.array([np.zeros_like(share), -(two.share - one.share) / 2])
        variance += _delta_variance(wave, on_share, on_score, on_total)
    se = np.sqrt(variance)
    se[0, :-1] = np.where(both, se[0, :-1], np.nan)
    return within, mix, (se[0], se[1])


def _delta_variance(wave: _Wave, on_share: FloatArray, on_score: FloatArray, on_total: FloatArray) -> FloatArray:
    """Return variances due to one wave, shape (2 parts, segments + 1), from derivatives of shape (2, segments).

    What one more answer in segment j and band k does to each part of segment i, its influence, has the variance of
    the part times n.
    """
    size = len(wave.share)
    own = np.eye(size)[:, :, np.newaxis]
    score = np.where(wave.n > 0, np.nan_to_num(wave.nps), 0.0)
    weight = np.divide(1.0, wave.share, out=np.zeros(size), where=wave.share > 0)
    share_moves = own - wave.share[:, np.newaxis, np.newaxis]
    score_moves = own * weight[:, np.newaxis, np.newaxis] * (_CODES - score[:, np.newaxis, np.newaxis])
    total_moves = np.broadcast_to(_CODES - wave.total.nps, (size, size, 3))
    influence = (
        on_share[:, :, np.newaxis, np.newaxis] * share_moves
        + on_score[:, :, np.newaxis, np.newaxis] * score_moves
        + on_total[:, :, np.newaxis, np.newaxis] * total_moves
    )
    influence = np.concatenate([influence, influence.sum(axis=1, keepdims=True)], axis=1)
    chance = wave.share[:, np.newaxis] * wave.bands
    mean = (influence * chance).sum(axis=(2, 3), keepdims=True)
    variance: FloatArray = ((influence - mean) ** 2 * chance).sum(axis=(2, 3)) / wave.n.sum()
    return variance


def _warning(change: float, within: float) -> str:
    if change * within >= 0:
        return ""
    return (
        f"pooled change {change:+.1f}, within segments {within:+.1f}: the signs differ, so who answered decides the "
        "pooled change"
    )


class Split(NamedTuple):
    """One change between neighbouring waves, and its parts by segment with a last row "total"."""

    change: pd.Series
    parts: pd.DataFrame
