"""Mix or real: how much of a change happened within segments, and how much because other people answered."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from nps_utils.checks import BadValue, check_columns, check_fraction
from nps_utils.columns import codes_of
from nps_utils.scale import COUNTS
from nps_utils.stats.arithmetic.intervals import FloatArray, normal_quantile
from nps_utils.stats.arithmetic.parts import Cells, Wave, clustered_errors, errors, parts_of
from nps_utils.stats.counts import Codes, apart, count_bands
from nps_utils.stats.score import bands_of
from nps_utils.stats.verdicts.independence import UNIT, hang_together, units_of, with_numbers

TOTAL: Final = "total"
# Of each wave so large a part must be in groups that answered in both, or group and wave are the same thing.
LEAST_SHARED: Final = 0.1


def mix_change(
    counts: pd.DataFrame,
    *,
    segment: str,
    across: str = "wave",
    before: Hashable,
    after: Hashable,
    cluster: str | None = None,
    confidence_level: float = 0.95,
) -> pd.DataFrame:
    """Split a change into what happened within segments and what their changed shares did.

    change = sum(change within segment * average share) + sum(change of share * average score), Kitagawa (1955), Journal
    of the American Statistical Association 50:1168. In the second sum scores are taken relative to the average of both
    waves, which leaves the sum as it is and makes a segment's part positive where a well-scoring segment grew.
    Intervals are by the delta method: both the scores and the shares are estimates from the counts. With `cluster` they
    know that answers of one account are not independent, neither in their scores nor in the segment they are in.

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
    cluster
        The column of accounts (or people), with counts that are by account too: `count_bands(by=[wave, segment,
        account])`. Answers without an account each stand alone. Intervals are then by Student's t with an error by
        account, see `nps_utils.stats.arithmetic.parts`, and never narrower than those of independent answers. Simulated
        coverage of both parts with 8 to 40 accounts of unequal size that correlate by .1 to .3, up to 92 % promoters:
        .93 and more (of independent answers there: .60 for the part within, .38 for the part by mix). One account in a
        wave says nothing: -200..200.
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
    known = [segment, across] if cluster is None else [segment, across, cluster]
    check_columns(list(counts.columns), known, what="the table of counts")
    taken = _Taken.of(counts, segment, across, cluster)
    segments, (one, two), sides = taken.waves(before, after)
    within, mix, half = _split(one, two, sides, normal_quantile(confidence_level))
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
    for name, part, reach in (("within", within, half[0]), ("mix", mix, half[1])):
        point = np.append(part, part.sum())
        table[name], table[f"{name}_low"], table[f"{name}_high"] = (
            100 * point,
            np.maximum(100 * (point - reach), -200.0),
            np.minimum(100 * (point + reach), 200.0),
        )
    warnings = [""] * len(segments) + [_warning(100 * change[-1], 100 * within.sum())]
    return table.assign(change=100 * change, warning=warnings)


def mix_of(
    responses: pd.DataFrame, *, segment: str, across: str = "wave", before: Hashable, after: Hashable
) -> pd.DataFrame:
    """Split a change as `mix_change` does, by account (or person) where both waves hold more than 1.2 answers each.

    Parameters
    ----------
    responses
        One row per answer, with `account_id` and `respondent_id` where they are known.
    segment, across, before, after
        As for `mix_change`.

    Returns
    -------
    The table of `mix_change` and `design` (`independent` or `clustered`).

    Raises
    ------
    MissingColumn, BadValue
        As `mix_change`.

    Examples
    --------
    >>> answers = pd.DataFrame({
    ...     "wave": ["Q1"] * 4 + ["Q2"] * 4, "size": ["s", "s", "m", "m"] * 2, "score": [9, 3, 10, 8, 9, 9, 10, 7],
    ...     "account_id": [*"aabb"] * 2,
    ... })
    >>> mix_of(answers, segment="size", before="Q1", after="Q2")[["size", "within", "mix", "design"]]
        size  within  mix     design
    0      m     0.0  0.0  clustered
    1      s    50.0  0.0  clustered
    2  total    50.0  0.0  clustered
    """
    check_columns(list(responses.columns), [segment, across], what="the responses")
    table = with_numbers(responses[responses[across].isin([before, after])])
    together = bool(hang_together(len(table), units_of(table)))
    counts = count_bands(table, by=[across, segment, UNIT] if together else [across, segment])
    parts = mix_change(
        counts, segment=segment, across=across, before=before, after=after, cluster=UNIT if together else None
    )
    return parts.assign(design="clustered" if together else "independent")


def shared_part(parts: pd.DataFrame) -> float:
    """Return which part of a wave (0..1), of that which has less, is in groups with answers in both waves.

    Without such groups nothing says what happened within one: a wave asked by SMS and the next by e-mail differ by the
    channel and by all that happened meanwhile, and a segment whose groups were renamed has no mix.

    Parameters
    ----------
    parts
        Output of `mix_change` or `mix_of`.

    Examples
    --------
    >>> shared_part(pd.DataFrame({"channel": ["SMS", "mail", "total"], "n_before": [9, 0, 9], "n_after": [0, 8, 8]}))
    0.0
    """
    groups = parts.iloc[:-1]
    return _shared(*(groups[name].to_numpy(dtype=float) for name in ("n_before", "n_after")))


def _shared(before: FloatArray, after: FloatArray) -> float:
    both = (before > 0) & (after > 0)
    return min(float(side[both].sum() / side.sum()) for side in (before, after))


def swapped(responses: pd.DataFrame, segments: Sequence[str], *, before: Hashable, after: Hashable) -> str | None:
    """Return the first of the segments that changed with the wave, so that neither can be told from the other.

    Parameters
    ----------
    responses
        One row per answer of one touchpoint, with `wave`.
    segments
        Columns; those that are not there, or known of less than half of either wave, are passed over.
    before, after
        The two waves.

    Examples
    --------
    >>> answers = pd.DataFrame({"wave": [1, 1, 2, 2], "score": [3, 9, 9, 10], "channel": [*["sms"] * 2, *["mail"] * 2]})
    >>> swapped(answers, ["size", "channel"], before=1, after=2)
    'channel'
    """
    rows = responses[responses["wave"].isin([before, after])]
    for segment in (name for name in segments if name in rows.columns):
        known = rows[rows[segment].notna()]
        told = known["wave"].value_counts() / rows["wave"].value_counts()
        if not (told.reindex([before, after]).fillna(0.0) > 0.5).all():
            continue
        counts = count_bands(known, by=["wave", segment])
        if shared_part(mix_change(counts, segment=segment, before=before, after=after)) < LEAST_SHARED:
            return segment
    return None


def mix_totals(
    counts: pd.DataFrame,
    pairs: Sequence[tuple[Hashable, Hashable]],
    *,
    segment: str,
    across: str = "wave",
    confidence_level: float = 0.95,
) -> pd.DataFrame:
    """Split many changes as `mix_of` does, from counts that are taken apart once; of each the row "total".

    Parameters
    ----------
    counts
        Counts by wave, segment and `unit`, which is missing where nobody is known.
    pairs
        The waves before and after of each change.
    segment, across, confidence_level
        As for `mix_change`.

    Returns
    -------
    One row per pair: `before`, `after`, the columns of `mix_of` but for the segment, and `shared` as `shared_part`.
    """
    check_columns(list(counts.columns), [segment, across, UNIT], what="the table of counts")
    alone, by_unit = (_Taken.of(counts, segment, across, cluster) for cluster in (None, UNIT))
    z, rows = normal_quantile(confidence_level), []
    for before, after in pairs:
        together = by_unit.hangs_together(before, after)
        _, (one, two), sides = (by_unit if together else alone).waves(before, after)
        within, mix, half = _split(one, two, sides, z)
        change = 100 * float((two.total.nps - one.total.nps)[0])
        row: dict[str, object] = {"before": before, "after": after}
        row |= {"n_before": int(one.n.sum()), "n_after": int(two.n.sum()), "share_before": 1.0, "share_after": 1.0}
        row |= {"nps_before": 100 * one.total.nps[0], "nps_after": 100 * two.total.nps[0]}
        for name, point, reach in (("within", within.sum(), half[0][-1]), ("mix", mix.sum(), half[1][-1])):
            low, high = max(100 * (point - reach), -200.0), min(100 * (point + reach), 200.0)
            row |= {name: 100 * point, f"{name}_low": low, f"{name}_high": high}
        row |= {"change": change, "warning": _warning(change, 100 * within.sum()), "shared": _shared(one.n, two.n)}
        rows.append(row | {"design": "clustered" if together else "independent"})
    return pd.DataFrame(rows)


class _Taken(NamedTuple):
    """Counts taken apart into arrays: codes of waves, segments and accounts (None: not asked for), and bands."""

    across: str
    names: tuple[str, pd.Index, pd.Index]  # of the column of segments, of waves, of segments in order
    wave: Codes
    segment: Codes
    account: Codes | None
    bands: FloatArray

    @classmethod
    def of(cls, counts: pd.DataFrame, segment: str, across: str, cluster: str | None) -> _Taken:
        """Take a table apart."""
        bands = np.column_stack(bands_of(counts))
        column = counts[segment]
        place, ordered = pd.factorize(column, sort=True, use_na_sentinel=False)
        wave, waves = pd.factorize(counts[across])
        account = None if cluster is None else codes_of(counts, cluster)
        return cls(across, (segment, pd.Index(waves), pd.Index(ordered)), wave, place, account, bands)

    def hangs_together(self, before: Hashable, after: Hashable) -> bool:
        """Say whether the answers of two waves are to be judged by account."""
        rows = self._at(before) | self._at(after)
        assert self.account is not None
        account, answers = self.account[rows], self.bands[rows].sum(axis=1)
        accounts = np.count_nonzero(np.bincount(account[account >= 0]))
        return bool(hang_together(answers.sum(), accounts + answers[account < 0].sum()))

    def waves(
        self, before: Hashable, after: Hashable
    ) -> tuple[list[Hashable], tuple[Wave, Wave], tuple[Cells, Cells] | None]:
        """Return the segments that answered in either wave, and both waves: by segment, and by account and segment."""
        name, known, ordered = self.names
        at = [self._at(wave) for wave in (before, after)]
        for wave, rows in zip((before, after), at, strict=True):
            if not self.bands[rows].sum():
                there = ", ".join(map(str, known))
                raise BadValue(f'no answers with {self.across} = {wave!r}; "{self.across}" holds: {there}.')
        if before == after:
            raise BadValue(f"before and after are both {before!r}; a change needs two waves.")
        sums = np.zeros((2, len(ordered), len(COUNTS)))
        for side, rows in zip(sums, at, strict=True):
            for band, told in enumerate(self.bands[rows].T):
                side[:, band] = np.bincount(self.segment[rows], told, len(ordered))
        every = np.flatnonzero(sums.any(axis=(0, 2)))
        segments = list(ordered[every])
        if TOTAL in segments:
            raise BadValue(f'a segment of "{name}" is called "{TOTAL}", which names the last row; rename the segment.')
        return segments, (Wave.of(sums[0][every]), Wave.of(sums[1][every])), self._cells(at[0] | at[1], at[0], every)

    def _at(self, wave: Hashable) -> npt.NDArray[np.bool_]:
        return np.asarray(self.wave == self.names[1].get_indexer(pd.Index([wave]))[0]) & (self.wave >= 0)

    def _cells(
        self, rows: npt.NDArray[np.bool_], before: npt.NDArray[np.bool_], every: Codes
    ) -> tuple[Cells, Cells] | None:
        """Return the answers of both waves by account and segment; each answer of nobody known is its own account."""
        if self.account is None:
            return None
        account = np.where(self.account[rows] < 0, np.nan, self.account[rows])
        row, code, bands = apart(pd.factorize(account)[0], self.bands[rows])
        place, one = np.searchsorted(every, self.segment[rows])[row], before[rows][row]
        return Cells(code[one], place[one], bands[one]), Cells(code[~one], place[~one], bands[~one])


def _split(
    one: Wave, two: Wave, sides: tuple[Cells, Cells] | None, z: float
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return the parts within and by mix of each segment, and how far their intervals reach, with those of the sums."""
    parts = parts_of(one, two)
    if sides is None:
        return parts.within, parts.mix, z * errors(parts, (one, two))
    half = np.multiply(*clustered_errors(parts, (one, two), sides, z))
    if min(np.count_nonzero(np.bincount(side.account)) for side in sides) < 2:
        half = np.where(np.isnan(half), half, np.inf)
    return parts.within, parts.mix, half


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
