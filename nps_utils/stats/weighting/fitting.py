"""Iterative proportional fitting: weights that meet several margins at once, and none above a limit.

Written here because it is a page of arithmetic; `svy`, which is checked against R's survey package, is the independent
check of the tests: the same weights to nine digits, trimmed or not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Weights = NDArray[np.float64]

# Fitting stops when every margin is met to this share of itself.
TOLERANCE = 1e-10
TOLERANCE_TRIMMED = 1e-6  # trimming and raking in turn come closer slowly
ROUNDS = 1_000


class Unsettled(ArithmeticError):
    """The rounds ended before every margin was met."""


class Unreachable(ArithmeticError):
    """A category has too few answers to stand for its people when no weight may pass the limit."""


@dataclass(frozen=True)
class Margin:
    """One column: which category each answer is in, and how many people each category has."""

    column: str
    names: tuple[str, ...]
    codes: NDArray[np.intp]
    people: Weights

    @classmethod
    def of(cls, cells: pd.Series[str], people: Mapping[str, float]) -> Self:
        """Number the categories of the answers."""
        names = sorted(people)
        codes = pd.Index(names).get_indexer(pd.Index(cells))
        return cls(str(cells.name), tuple(names), codes, np.array([people[name] for name in names]))

    def sums(self, weights: Weights) -> Weights:
        """Return how many people the answers of each category stand for."""
        return np.asarray(np.bincount(self.codes, weights, minlength=len(self.names)), dtype=np.float64)

    def error(self, weights: Weights) -> float:
        """Return the largest miss, as a share of the people of its category."""
        return float(np.max(np.abs(self.sums(weights) - self.people) / self.people))


def fitted(start: Weights, margins: Sequence[Margin], *, limit: float | None = None) -> Weights:
    """Return weights that meet every margin, by fitting in turn; with a limit, by trimming and fitting in turn.

    Raises
    ------
    Unsettled
        The margins contradict the pattern of answers.
    Unreachable
        A category cannot reach its people under the limit.

    Examples
    --------
    >>> side = Margin.of(pd.Series(["a", "a", "b"], name="segment"), {"a": 200.0, "b": 400.0})
    >>> fitted(np.ones(3), [side]).tolist()
    [100.0, 100.0, 400.0]
    """
    if limit is None:
        weights = _raked(start, margins, TOLERANCE)
        if _miss(weights, margins) <= TOLERANCE:
            return weights
        raise Unsettled(f"raking did not settle in {ROUNDS:,} rounds.")
    weights = _raked(start, margins, TOLERANCE_TRIMMED)
    for _ in range(ROUNDS):
        if _miss(weights, margins) <= TOLERANCE_TRIMMED and weights.max() <= limit * (1 + TOLERANCE_TRIMMED):
            return weights
        _check_reachable(start, margins, limit)  # only here: a limit that no weight meets harms nobody
        weights = _raked(_trimmed(weights, limit), margins, TOLERANCE_TRIMMED)
    raise Unsettled(f"raking did not settle in {ROUNDS:,} rounds.")


def _miss(weights: Weights, margins: Sequence[Margin]) -> float:
    return max(margin.error(weights) for margin in margins)


def _raked(weights: Weights, margins: Sequence[Margin], tolerance: float) -> Weights:
    """Scale the categories of one column after the other, until a round changes nothing or the rounds are over."""
    for _ in range(ROUNDS):
        change = 0.0
        for margin in margins:
            sums = margin.sums(weights)
            # A category whose weights are all zero cannot be scaled; its miss stays, and is reported.
            factors = np.divide(margin.people, sums, out=np.ones_like(sums), where=sums > 0)
            change = max(change, float(np.abs(factors - 1).max()))
            weights = weights * factors[margin.codes]
        if change <= tolerance:
            break
    return weights


def _trimmed(weights: Weights, limit: float) -> Weights:
    """Cut what is above the limit and give it to the others, in proportion, until nothing is above.

    Where the others cannot carry it all, every weight ends at the limit.
    """
    total = weights.sum()
    cut = weights > limit
    while cut.any():
        others = weights[~cut].sum()
        rest = total - limit * cut.sum()
        factor = rest / others if others > 0 else 0.0
        trimmed = np.where(cut, limit, weights * factor)
        more = cut | (trimmed > limit)
        if (more == cut).all():
            return trimmed
        cut = more
    return weights


def _check_reachable(start: Weights, margins: Sequence[Margin], limit: float) -> None:
    for margin in margins:
        answers = margin.sums((start > 0).astype(float))
        for name, people, n in zip(margin.names, margin.people, answers, strict=True):
            if people > n * limit * (1 + TOLERANCE_TRIMMED):
                raise Unreachable(
                    f'{margin.column} "{name}" has {people:,.6g} people, and its {n:,.0f} '
                    f"{'answer' if n == 1 else 'answers'} can stand for at most {n * limit:,.6g} "
                    f"when no weight may pass {limit:.6g}."
                )
