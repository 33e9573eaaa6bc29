"""Looks at answers that come in accounts: what all answers so far are worth, and how alike those of a period are."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from nps_utils.checks import BadValue
from nps_utils.scale import COUNTS
from nps_utils.stats.arithmetic.effective import (
    Cells,
    Codes,
    Samples,
    independent,
    of_change,
    of_score,
    samples_of,
    sides,
)
from nps_utils.stats.arithmetic.intervals import Bands, FloatArray
from nps_utils.stats.counts import by_account

# Where nobody has answered yet, any z will do.
_SOME_Z = 2.0


class Looks(NamedTuple):
    """Counts by look and account: the columns that name the looks, and each entry's look, account and counts."""

    names: pd.DataFrame
    look: Codes
    account: Codes
    counts: FloatArray

    def pick(self, entries: npt.NDArray[np.bool_]) -> Looks:
        """Return the chosen entries, with all looks."""
        return Looks(self.names, self.look[entries], self.account[entries], self.counts[entries])


def looks_of(counts: pd.DataFrame, cluster: str, *, by: list[str] | None = None) -> Looks:
    """Return counts by look and account, in the order in which the looks come.

    Looks are named by the columns of `by`, else by all that are neither counts nor the account.
    """
    row, account, bands = by_account(counts, cluster)
    names = [name for name in counts.columns if name not in (*COUNTS, "n", cluster)] if by is None else by
    if not names:
        raise BadValue(f'counts by "{cluster}" need a column that names the look, such as "week".')
    look = counts.groupby(names, sort=False, dropna=False, observed=True).ngroup().to_numpy(dtype=np.int64)
    first = np.unique(look, return_index=True)[1]
    entries = look[row].astype(np.int64)
    return Looks(counts[names].iloc[first].reset_index(drop=True), entries, account, bands)


def so_far(looks: Looks) -> Samples:
    """Return all answers up to each look, by account: one sample a look."""
    total = np.zeros((int(looks.account.max(initial=-1)) + 1, len(COUNTS)))
    sample, account, counts = [], [], []
    for look in range(len(looks.names)):
        new = looks.look == look
        np.add.at(total, looks.account[new], looks.counts[new])
        seen = np.flatnonzero(total.any(axis=1))
        sample.append(np.full(len(seen), look))
        account.append(seen)
        counts.append(total[seen])
    return _samples(np.concatenate(sample), np.concatenate(account), np.concatenate(counts), len(looks.names))


def each_alone(looks: Looks) -> Samples:
    """Return the answers of each look by themselves, by account."""
    return _samples(looks.look, looks.account, looks.counts, len(looks.names))


def _samples(sample: Codes, account: Codes, counts: FloatArray, size: int) -> Samples:
    n, none = counts.sum(axis=1), np.zeros(len(sample), dtype=np.int64)
    return samples_of(Cells(sample.astype(np.int64), account.astype(np.int64), none, n, n, *counts.T), size)


def worth_of_score(samples: Samples, z: npt.ArrayLike) -> tuple[Bands, npt.NDArray[np.bool_]]:
    """Return counts of as many independent answers as each sample is worth at the level of `z`, and where one can tell.

    One account says nothing about others.
    """
    worth = of_score(samples)
    found = independent(samples, worth, _finite(z, samples), one_band=samples.one_band)
    return samples.counts(found), np.isfinite(worth.variance)


def worth_of_change(before: Samples, after: Samples, z: npt.ArrayLike) -> tuple[Bands, Bands, npt.NDArray[np.bool_]]:
    """Return both sides as in `worth_of_score`; what accounts in both have in common cancels."""
    worth = of_change(before, after)
    one, two = sides(before, after, worth, _finite(z, before))
    return one, two, np.isfinite(worth.variance)


def _finite(z: npt.ArrayLike, samples: Samples) -> FloatArray:
    reach = np.asarray(z, dtype=np.float64) + np.zeros(len(samples.n))
    return np.where(np.isfinite(reach), reach, _SOME_Z)


def alike_within(samples: Samples, variance: float) -> float:
    """Return the correlation of two answers of one account in one period, over all periods, 0..1.

    By moments: by how much CR2 variances of the periods' scores exceed those of independent answers of this variance,
    by how much those of accounts of one mind do. Each period weighs as its answers and accounts. 0 where no period has
    an account twice.
    """
    found = of_score(samples)
    told = np.isfinite(found.variance) & (samples.alike < samples.kish)
    if not told.any():
        return 0.0
    weight = (samples.kish * samples.accounts)[told]
    apart, together = variance / samples.kish[told], variance / samples.alike[told]
    correlation = np.sum(weight * (found.variance[told] - apart)) / np.sum(weight * (together - apart))
    return float(np.clip(correlation, 0.0, 1.0))


def worth_at(samples: Samples, correlation: float) -> FloatArray:
    """Return how many independent answers each sample is worth where answers of an account correlate so."""
    with np.errstate(divide="ignore"):
        return np.asarray(1 / (correlation / samples.alike + (1 - correlation) / samples.kish))
