"""Groups that many clusterings agree on: atoms, runs over subsamples, average linkage of what went together."""

from __future__ import annotations

from typing import Final, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt
from scipy import sparse
from sklearn.cluster import KMeans

from nps_utils.comments.space.words import Floats, unit_rows
from nps_utils.comments.threads import one_thread

Ints: TypeAlias = npt.NDArray[np.intp]
Counts: TypeAlias = npt.NDArray[np.float64]  # points of each atom in each group

ATOMS: Final = 200
_PER_ATOM: Final = 4  # points per atom, at least on average
_MOST: Final = 4_000  # points in the consensus; the others go to the nearest centre
_RUNS: Final = 16
_ROUNDS: Final = 30  # of k-means in a run
_FEW_ROUNDS: Final = 8  # for atoms, which need not be the best ones
_SUBSAMPLE: Final = 0.8
_FEWER, _MORE = 1.0, 2.2  # times as many groups in the runs: finer ones keep small tight groups apart from their like
_SMALLEST: Final = 0.2  # of the mean size: what is smaller is no group
_MOVES: Final = 3  # times that every point moves to the nearest centre


class Consensus(NamedTuple):
    """Which group each point is in, and how far to trust each group."""

    labels: Ints
    stability: npt.NDArray[np.float64]  # per group, 0..1: how much it overlaps with the nearest group of another run


def consensus(points: Floats, groups: int, rng: np.random.Generator) -> Consensus:
    """Group points, rows of length one, into about `groups` groups that do not depend on chance.

    Points are first put into up to 200 atoms. Sixteen times, k-means with up to twice as many groups clusters 80 %
    of the points; two atoms are as near as their points went together. Average linkage joins the atoms, each counting
    for its points, until `groups` groups are left that are large enough; every point then goes to the nearest centre.
    """
    core = np.arange(len(points))
    if len(points) > _MOST:
        core = np.sort(rng.choice(len(points), _MOST, replace=False))
    inner = points[core]
    most = max(distinct_points(inner) // 2, 2)  # k-means cannot make more groups than there are different points
    atoms = min(ATOMS, max(len(core) // _PER_ATOM, 2 * groups), most)
    atom = _k_means(inner, atoms, rng, rounds=_FEW_ROUNDS)
    runs = _runs(inner, atom, groups, most, rng)
    together = _together(runs)
    sizes = np.bincount(atom, minlength=len(together)).astype(np.float64)
    group_of_atom = _cut(together, sizes, groups)
    labels = _nearest(points, inner, group_of_atom[atom])
    found = np.unique(labels)
    labels = np.searchsorted(found, labels)
    held = np.zeros((len(together), len(found)))
    np.add.at(held, (atom, labels[core]), 1.0)
    return Consensus(labels, _stability(runs, held, groups))


def distinct_points(points: Floats) -> int:
    """Return how many different points there are."""
    return len({row.tobytes() for row in points.round(4)})


def _k_means(points: Floats, groups: int, rng: np.random.Generator, *, rounds: int) -> Ints:
    with one_thread():
        start = spread_starts if rounds == _ROUNDS else "random"
        model = KMeans(groups, init=start, n_init=1, max_iter=rounds, random_state=int(rng.integers(2**31)))
        labels: Ints = model.fit_predict(points).astype(np.intp)
    return labels


def spread_starts(points: Floats, groups: int, random_state: np.random.RandomState) -> Floats:
    """Choose the first centres of k-means far apart, as scikit-learn's `k-means++` does, to the last bit.

    Its distances are those of doubles, into which it turns all points again for each of the groups: here once.
    """
    precise = points.astype(np.float64)
    norms = np.einsum("ij,ij->i", precise, precise)

    def distances(rows: Ints) -> Floats:
        exact = -2 * (precise[rows] @ precise.T)
        exact += norms[rows, None]
        exact += norms
        return np.maximum(exact.astype(points.dtype), 0)

    alike = np.ones(len(points), dtype=points.dtype)
    trials = 2 + int(np.log(groups))
    chosen = [int(random_state.choice(len(points), p=alike / alike.sum()))]
    nearest = distances(np.array(chosen))
    total = nearest @ alike
    for _ in range(1, groups):
        drawn = random_state.uniform(size=trials) * total
        candidates = np.searchsorted(np.cumsum(alike * nearest), drawn)
        np.clip(candidates, None, nearest.size - 1, out=candidates)
        left = np.minimum(nearest, distances(candidates))
        totals = left @ alike[:, None]
        best = int(np.argmin(totals))
        total, nearest = totals[best], left[best]
        chosen.append(int(candidates[best]))
    return points[chosen]


def _runs(points: Floats, atom: Ints, groups: int, most: int, rng: np.random.Generator) -> list[Counts]:
    """Cluster subsamples, and return for each run how many points of each atom went to each of its groups."""
    runs = []
    for part in np.linspace(_FEWER, _MORE, _RUNS).tolist():
        sample = np.sort(rng.choice(len(points), max(int(_SUBSAMPLE * len(points)), 2), replace=False))
        k = min(max(round(part * groups), 2), most)
        counts = np.zeros((int(atom.max()) + 1, k))
        np.add.at(counts, (atom[sample], _k_means(points[sample], k, rng, rounds=_ROUNDS)), 1.0)
        runs.append(counts)
    return runs


def _together(runs: list[Counts]) -> Counts:
    """Return how often a point of one atom went with a point of another, over the runs that saw both."""
    same, seen = np.zeros((len(runs[0]), len(runs[0]))), np.zeros((len(runs[0]), len(runs[0])))
    for counts in runs:
        shares, there = _per_row(counts), counts.any(axis=1)
        same += shares @ shares.T
        seen += np.outer(there, there)
    together: Counts = np.divide(same, seen, out=np.zeros_like(same), where=seen > 0)
    return together


def _stability(runs: list[Counts], held: Counts, groups: int) -> npt.NDArray[np.float64]:
    """Return how much each group overlaps with the nearest one of the runs with about as many groups (Jaccard)."""
    alike = sorted(runs, key=lambda counts: abs(counts.shape[1] - groups))[: _RUNS // 2]
    found = []
    for counts in alike:
        common = _per_row(held).T @ counts
        union = common.sum(axis=1, keepdims=True) + common.sum(axis=0, keepdims=True) - common
        found.append(np.divide(common, union, out=np.zeros_like(common), where=union > 0).max(axis=1))
    mean: npt.NDArray[np.float64] = np.mean(found, axis=0)
    return mean


def _per_row(counts: Counts) -> Counts:
    total = counts.sum(axis=1, keepdims=True)
    shares: Counts = np.divide(counts, total, out=np.zeros_like(counts), where=total > 0)
    return shares


def _cut(together: Counts, sizes: npt.NDArray[np.float64], groups: int) -> Ints:
    """Join the two nearest groups of atoms until `groups` are left that are large enough; -1 for what is too small.

    Average linkage where an atom of many points counts for more (Lance and Williams 1967); ties go to the first pair.
    """
    m = len(sizes)
    least = _SMALLEST * sizes.sum() / groups
    near = together.round(9)
    np.fill_diagonal(near, -1.0)
    size = sizes.copy()
    label = np.arange(m)
    best = label.copy()
    for _ in range(m - 1):
        if int((size >= least).sum()) >= groups:
            best = label.copy()  # the last time that there are so many: later joins only leave fewer
        one, other = np.unravel_index(int(near.argmax()), near.shape)
        one, other = min(one, other), max(one, other)
        joined = (size[one] * near[one] + size[other] * near[other]) / (size[one] + size[other])
        near[one], near[:, one] = joined, joined
        near[one, one] = -1.0
        near[other], near[:, other] = -1.0, -1.0
        size[one] += size[other]
        size[other] = 0.0
        label[label == other] = one
    large = np.isin(best, [g for g in np.unique(best) if sizes[best == g].sum() >= least])
    return np.where(large, best, -1).astype(np.intp)


def _nearest(points: Floats, inner: Floats, labels: Ints) -> Ints:
    """Move every point to the nearest centre of the groups, and the centres with them, a few times."""
    found = [label for label in np.unique(labels) if label >= 0]
    centres = _centres(inner, np.searchsorted(found, np.maximum(labels, found[0])), labels >= 0, len(found))
    for move in range(_MOVES):
        every: Ints = (points @ centres.T).argmax(axis=1)
        if move < _MOVES - 1:
            centres = _centres(points, every, np.ones(len(points), dtype=bool), len(found))
    return every


def _centres(points: Floats, labels: Ints, used: npt.NDArray[np.bool_], n: int) -> Floats:
    rows = np.flatnonzero(used)
    of_group = sparse.csr_matrix((np.ones(len(rows)), (labels[rows], rows)), shape=(n, len(points)))
    return unit_rows((of_group @ points).astype(np.float32))
