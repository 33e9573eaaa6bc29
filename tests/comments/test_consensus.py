"""The parts of clustering that were made faster give what they gave, to the last bit."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.cluster import KMeans, kmeans_plusplus

from nps_utils.comments import consensus
from nps_utils.comments.space.words import unit_rows


@pytest.mark.parametrize("alike", [False, True])
@pytest.mark.parametrize(("n", "dimensions", "groups"), [(30, 3, 2), (400, 16, 15), (2_500, 96, 40)])
def test_first_centres_are_those_of_scikit_learn(n: int, dimensions: int, groups: int, alike: bool) -> None:
    """Also where half of the points are there twice; and the groups that follow from them are the same."""
    rng = np.random.default_rng(n + groups)
    points = unit_rows(rng.normal(size=(n, dimensions)).astype(np.float32))
    if alike:
        points = points[rng.integers(0, n // 2, n)]
    for seed in range(3):
        theirs, _ = kmeans_plusplus(points, groups, random_state=np.random.RandomState(seed))
        assert np.array_equal(consensus.spread_starts(points, groups, np.random.RandomState(seed)), theirs)
        ours, usual = (
            KMeans(groups, init=start, n_init=1, random_state=seed).fit_predict(points)
            for start in (consensus.spread_starts, "k-means++")
        )
        assert np.array_equal(ours, usual)


def test_centres_are_the_mean_directions_of_their_points() -> None:
    """Summed one by one; a point that is not used counts nowhere."""
    rng = np.random.default_rng(5)
    points = rng.normal(size=(60, 4)).astype(np.float32)
    labels, used = rng.integers(0, 3, 60).astype(np.intp), rng.random(60) < 0.8
    found = consensus._centres(points, labels, used, 3)
    for group in range(3):
        total = np.zeros(4)
        for point, label, counts in zip(points, labels, used, strict=True):
            if counts and label == group:
                total += point
        assert np.array_equal(found[group], unit_rows(total.astype(np.float32)[None])[0])
