"""Columns that the score decides: its bands under other names, its text once more, a question asked of some scores.

As a segment such a column would stand out from all others, and as a rating it would drive the score like nothing else.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Hashable, Iterable
from typing import Final

from nps_utils.exports.headers import Column
from nps_utils.scale import read_answer

DECIDED: Final = "the score decides which value it has"
ASKED_BY: Final = "the score decides whether it is filled"
# By chance among columns that have nothing to do with the score.
_SELDOM: Final = 1e-4


def decided(column: Column, score: Column) -> str:
    """Return why the score decides a column, or nothing where it does not.

    Examples
    --------
    >>> score = Column(0, "nps", "nps", 40, [str(at % 11) for at in range(40)])
    >>> alert = Column(1, "alert", "alert", 40, ["red" if at % 11 < 7 else "green" for at in range(40)])
    >>> decided(alert, score), decided(Column(2, "shop", "shop", 40, ["north", "south", "west", "east"] * 10), score)
    ('the score decides which value it has', '')
    """
    cells = ((given.strip(), cell.strip()) for given, cell in zip(score.cells, column.cells, strict=True))
    scores = {given: read_answer(given).score for given in score.distinct}
    answered = [(answer, cell) for given, cell in cells if (answer := scores.get(given)) is not None]
    if follows((given, cell) for given, cell in answered if cell):
        return DECIDED
    return ASKED_BY if follows((given, bool(cell)) for given, cell in answered) else ""


def follows(pairs: Iterable[tuple[Hashable, Hashable]]) -> bool:
    """Say whether each first thing has one second thing only, where chance would seldom have it so.

    Of all ways to deal out as many of each second thing, at most `values ** firsts` give each first thing one.
    """
    counted = Counter(pairs)
    firsts = {first for first, _ in counted}
    if len(counted) > len(firsts):
        return False
    sizes = Counter[Hashable]()
    for (_, second), n in counted.items():
        sizes[second] += n
    if len(sizes) < 2:
        return False
    ways = math.lgamma(sizes.total() + 1) - sum(math.lgamma(n + 1) for n in sizes.values())
    return len(firsts) * math.log(len(sizes)) - ways < math.log(_SELDOM)
