"""Mix or real: how much of a change happened within segments, and how much because other people answered."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Final, NamedTuple

import numpy as np
import pandas as pd

from nps_utils.checks import BadValue, check_columns, check_fraction
from nps_utils.scale import COUNTS
from nps_utils.stats.arithmetic.intervals import normal_quantile
from nps_utils.stats.arithmetic.parts import Cells, Wave, clustered_errors, errors, parts_of
from nps_utils.stats.counts import by_account, count_bands
from nps_utils.stats.score import bands_of
from nps_utils.stats.verdicts.independence import UNIT, hang_together, units_of, with_units

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
    segments, one, two = _two_waves(counts, segment, across, before, after)
    parts, z = parts_of(one, two), normal_quantile(confidence_level)
    if cluster is None:
        half = z * errors(parts, (one, two))
    else:
        sides = _cells(counts, segments, segment, across, (before, after), cluster)
        half = np.multiply(*clustered_errors(parts, (one, two), sides, z))
        if min(len(np.unique(side.account)) for side in sides) < 2:
            half = np.where(np.isnan(half), half, np.inf)
    within, mix = parts.within, parts.mix
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
    table = with_units(responses[responses[across].isin([before, after])])
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
    groups, total = parts.iloc[:-1], parts.iloc[-1]
    both = groups[(groups["n_before"] > 0) & (groups["n_after"] > 0)]
    return min(float(both[name].sum() / total[name]) for name in ("n_before", "n_after"))


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


def _two_waves(
    counts: pd.DataFrame, segment: str, across: str, before: Hashable, after: Hashable
) -> tuple[list[Hashable], Wave, Wave]:
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
        Wave.of(summed.xs(wave, level=across).reindex(every, fill_value=0).to_numpy(dtype=float))
        for wave in (before, after)
    ]
    return list(every), waves[0], waves[1]


def _cells(
    counts: pd.DataFrame,
    segments: list[Hashable],
    segment: str,
    across: str,
    waves: tuple[Hashable, Hashable],
    cluster: str,
) -> tuple[Cells, Cells]:
    """Return the answers of both waves by account and segment, with each answer of nobody known as its own account."""
    rows = counts[counts[across].isin(waves)]
    row, account, bands = by_account(rows, cluster)
    place = pd.Index(segments).get_indexer(pd.Index(rows[segment]))[row].astype(np.int64)
    one, two = ((rows[across] == wave).to_numpy()[row] for wave in waves)
    return Cells(account[one], place[one], bands[one]), Cells(account[two], place[two], bands[two])


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
