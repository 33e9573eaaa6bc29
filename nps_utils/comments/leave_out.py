"""What each theme adds to or takes from the score: the score of all less that of who does not mention it."""

from __future__ import annotations

from typing import Final, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

Floats: TypeAlias = npt.NDArray[np.float64]
Codes: TypeAlias = npt.NDArray[np.int64]
Mask: TypeAlias = npt.NDArray[np.bool_]

POINTS: Final = (-100.0, 0.0, 100.0)
BANDS: Final = ("detractors", "passives", "promoters")


class Heard(NamedTuple):
    """Answers with a score whose comment, if any, could be read; and those of them that may mention a theme."""

    points: Floats  # of every answer: -100, 0 or 100
    strata: Codes  # the touchpoint of every answer
    clusters: Codes | None  # the account of every answer
    place: npt.NDArray[np.intp]  # the places of the answers with themes
    told: Mask  # of these: whether they say something
    m: Mask  # of these, by theme: whether they mention it


def leave_out(heard: Heard) -> tuple[Floats, Floats]:
    """NPS less the NPS without the theme, and its error: that of the influence function, and never less than pooled.

    Pooled: as if those who mention the theme varied like all others of their touchpoint, which is what the test
    assumes of them. A dozen who are of one mind have no spread of their own, and would be taken as certain.

    Answers of one touchpoint and band that mention a theme have the same influence, and so have those that do not:
    they are counted, and most of millions mention nothing.
    """
    n, themes, values = len(heard.points), heard.m.shape[1], np.array(POINTS)
    kind = 3 * heard.strata + (heard.points / 100).astype(np.int64) + 1  # a touchpoint and a band are one number
    kinds = 3 * (int(heard.strata.max()) + 1)
    counts = np.bincount(kind, minlength=kinds).reshape(-1, 3)
    ours = kind[heard.place]
    mentioned = np.stack([np.bincount(ours[column], minlength=kinds) for column in heard.m.T]).reshape(themes, -1, 3)
    sizes = counts.sum(axis=1)
    means = counts @ values / sizes
    spread = float((counts * (values - means[:, None]) ** 2).sum()) / max(n - len(means), 1)
    effect, pooled, told = np.zeros(themes), np.zeros(themes), np.zeros(themes, dtype=bool)
    influence = np.zeros((2, len(means), 3, themes))  # of who does not mention the theme, and of who does
    for stratum, (size, mean) in enumerate(zip(sizes, means, strict=True)):
        here = mentioned[:, stratum]
        others, share, weight = size - here.sum(axis=1), here.sum(axis=1) / size, size / n
        usable = (others > 0) & (share > 0)
        with np.errstate(invalid="ignore", divide="ignore"):
            without = (counts[stratum] - here) @ values / others
            away = (values[:, None] - without) * (size / others)
            apart = (mean - without) / share
            error = share**2 * spread * (1 / (size - others) + 1 / others) + variance_of_share(apart, share, size)
        effect += np.where(usable, weight * (mean - without), 0.0)
        pooled += np.where(usable, weight**2 * error, 0.0)
        own = np.broadcast_to((values - mean)[:, None], away.shape)
        influence[:, stratum] = np.where(usable, [own - away, own], 0.0)
        told |= usable
    of_kind = influence.reshape(2, kinds, themes)
    squared = _squared(heard, kind, counts.reshape(-1), mentioned.reshape(themes, -1), of_kind)
    return np.where(told, effect, np.nan), np.sqrt(np.fmax(squared, pooled))


def _squared(heard: Heard, kind: Codes, counts: Codes, mentioned: Codes, influence: Floats) -> Floats:
    """Return the variance of each effect from the influences: of answers, or of their sums by account."""
    n = len(heard.points)
    silent, said = influence
    if heard.clusters is None:
        times = mentioned.T
        squares = ((counts[:, None] - times) * silent**2 + times * said**2).sum(axis=0)
        return np.asarray(squares / max(n - 1, 1) / n)
    groups, kinds = int(heard.clusters.max()) + 1, len(counts)
    by_account = np.bincount(heard.clusters * kinds + kind, minlength=groups * kinds).reshape(groups, kinds)
    ours, accounts = kind[heard.place], heard.clusters[heard.place]
    found = np.empty(len(mentioned))
    for theme, column in enumerate(heard.m.T):
        more = (said - silent)[ours[column], theme]
        sums = by_account @ silent[:, theme] + np.bincount(accounts[column], more, groups)
        found[theme] = float((sums**2).sum())
    return np.asarray(groups / max(groups - 1, 1) * found / n**2)


def variance_of_share(apart: Floats, share: Floats, n: int) -> Floats:
    """Variance that an effect has because the share of those who mention the theme is itself a sample's."""
    return np.asarray(apart**2 * share * (1 - share) / n, dtype=np.float64)
