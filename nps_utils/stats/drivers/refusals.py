"""What cannot drive a score, or cannot be told apart from another: each with a sentence on what to leave out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from nps_utils.checks import BadValue

Floats: TypeAlias = NDArray[np.float64]

# Below so many answers an interval of R2 does not keep its promise, and so many are needed for each item.
LEAST_ANSWERS: Final = 50
PER_ITEM: Final = 10
# From this correlation on, two columns are one; and so is a column that others foretell so well.
_SAME: Final = 0.99
_MOST_INFLATED: Final = 50.0
_OUT: Final = "Leave it out of items (in a study: of ratings in study.toml)"


def check_enough(names: Sequence[str], values: Floats, *, scored: int) -> None:
    """Raise where an item has too few answers; `values` holds scored answers, NaN where an item was not answered."""
    answered = np.isfinite(values).sum(axis=0)
    few = [(name, int(n)) for name, n in zip(names, answered, strict=True) if n < LEAST_ANSWERS]
    if few:
        listed = ", ".join(f'"{name}" {n:,}' for name, n in few)
        raise BadValue(
            f"Too few of the {scored:,} scored answers have {listed}; each needs {LEAST_ANSWERS} at least. Leave these"
            " out of items (in a study: of ratings in study.toml)."
        )


def check_complete(names: Sequence[str], values: Floats) -> NDArray[np.bool_]:
    """Return which answers have all items; raise where these are too few, with the item that costs most."""
    there = np.isfinite(values)
    whole: NDArray[np.bool_] = np.asarray(there.all(axis=1))
    need = needed(len(names))
    if whole.sum() >= need:
        return whole
    without = [int(np.delete(there, place, axis=1).all(axis=1).sum()) for place in range(len(names))]
    worst = int(np.argmax(without))
    way = (
        f' Without "{names[worst]}", which {int(there[:, worst].sum()):,} answered, there would be {without[worst]:,}.'
        if len(names) > 1
        else ""
    )
    raise BadValue(
        f"{int(whole.sum()):,} of {len(values):,} scored answers have all {len(names)} items; {need} are needed"
        f" ({PER_ITEM} for each item, {LEAST_ANSWERS} at least).{way} Leave items out (in a study: of ratings in"
        " study.toml), or, where items are missing by chance, compare each two items over the answers that have"
        ' both (in Python: missing="pairwise").'
    )


def needed(items: int) -> int:
    """Return how many answers so many items need."""
    return max(LEAST_ANSWERS, PER_ITEM * items)


def check_pairs(names: Sequence[str], values: Floats) -> None:
    """Raise where two items have too few answers in common."""
    there = np.isfinite(values).astype(float)
    both = there.T @ there
    least = np.unravel_index(int(np.argmin(both)), both.shape)
    need = needed(len(names))
    if both[least] < need:
        one, two = (names[int(place)] for place in least)
        raise BadValue(
            f'{int(both[least]):,} scored answers have both "{one}" and "{two}"; {need} are needed. Leave one of them'
            " out of items (in a study: of ratings in study.toml)."
        )


def check_varies(names: Sequence[str], values: Floats) -> None:
    """Raise for an item that all answered alike."""
    for name, column in zip(names, values.T, strict=True):
        known = column[np.isfinite(column)]
        if len(known) and known.min() == known.max():
            raise BadValue(
                f'"{name}" is {known[0]:g} in all {len(known):,} answers that are compared: what never differs drives'
                f" nothing. {_OUT}."
            )


def follows_from_score(column: Floats, score: Floats) -> bool:
    """Say whether an item is the score by another name: all but the same, or one answer for each score.

    Examples
    --------
    >>> score = np.array([9.0, 10.0, 3.0, 9.0])
    >>> [follows_from_score(np.array(item), score) for item in ([1.0, 1.0, 0.0, 1.0], [5.0, 4.0, 1.0, 4.0])]
    [True, False]
    """
    known = np.isfinite(column) & np.isfinite(score)
    order = np.lexsort((column[known], score[known]))
    scores, cells = score[known][order], column[known][order]
    if len(np.unique(scores)) < 2 or len(np.unique(cells)) < 2:
        return False
    steady = (scores[1:] != scores[:-1]) | (cells[1:] == cells[:-1])
    return bool(steady.all() or abs(np.corrcoef(scores, cells)[0, 1]) >= _SAME)


def check_no_score(names: Sequence[str], values: Floats, score: Floats) -> None:
    """Raise for an item that is the score by another name, or follows from it."""
    for name, column in zip(names, values.T, strict=True):
        if follows_from_score(column, score):
            raise BadValue(
                f'"{name}" is the score by another name, or follows from it: it would explain everything and tell'
                f" nothing. {_OUT}."
            )


def check_apart(names: Sequence[str], matrix: Floats) -> None:
    """Raise for items that say the same, in pairs or as a total beside its parts; `matrix` is that of the items."""
    among = np.abs(np.triu(matrix, 1))
    if len(names) > 1 and among.max() >= _SAME:
        one, two = (int(place) for place in np.unravel_index(int(np.argmax(among)), among.shape))
        raise BadValue(
            f'"{names[one]}" and "{names[two]}" say the same (correlation {matrix[one, two]:.3f}): which of them drives'
            " the score cannot be told. Keep one of them in items (in a study: in ratings of study.toml)."
        )
    values, vectors = np.linalg.eigh(matrix)
    if values[0] < -1e-9:
        raise BadValue(
            "The items' correlations over pairs of answers contradict each other: too much is missing, and not by"
            ' chance. Leave out the items with most missing, or use missing="complete".'
        )
    inflated = np.diag(np.linalg.pinv(matrix, rcond=1e-12, hermitian=True))
    if values[0] < 1.0 / _MOST_INFLATED and (values[0] < 1e-9 or inflated.max() > _MOST_INFLATED):
        parts = [f'"{name}"' for name, share in zip(names, vectors[:, 0], strict=True) if abs(share) > 0.1]
        raise BadValue(
            f"One of {', '.join(parts)} nearly follows from the others, as a total or mean does from its parts: which"
            " of them drives the score cannot be told. Leave out the total, or its parts, from items (in a study: from"
            " ratings in study.toml)."
        )
