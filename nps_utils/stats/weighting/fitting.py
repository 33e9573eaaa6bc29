"""Iterative proportional fitting: weights that meet several margins at once, and none above a limit.

Written here because it is a page of arithmetic; `svy`, which is checked against R's survey package, is the independent
check of the tests: the same weights to nine digits, trimmed or not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
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
    """One column: which category each cell is in, and how many people each category has."""

    column: str
    names: tuple[str, ...]
    codes: NDArray[np.int64]
    people: Weights

    def sums(self, weights: Weights) -> Weights:
        """Return how many people the cells of each category stand for."""
        return np.asarray(np.bincount(self.codes, weights, minlength=len(self.names)), dtype=np.float64)

    def error(self, weights: Weights) -> float:
        """Return the largest miss, as a share of the people of its category."""
        return float(np.max(np.abs(self.sums(weights) - self.people) / self.people))


def fitted(start: Weights, margins: Sequence[Margin], *, n: Weights, limit: float | None = None) -> Weights:
    """Return weights that meet every margin, by fitting in turn; with a limit, by trimming and fitting in turn.

    Answers of the same categories and the same weight to start from are one cell, since they end with the same weight:
    of millions of answers there are few.

    Parameters
    ----------
    start
        The weight of each cell before, all its answers together.
    margins
        What to meet.
    n
        How many answers each cell has.
    limit
        What no answer may weigh more than.

    Raises
    ------
    Unsettled
        The margins contradict the pattern of answers.
    Unreachable
        A category cannot reach its people under the limit.

    Examples
    --------
    >>> side = Margin("segment", ("a", "b"), np.array([0, 1]), np.array([200.0, 400.0]))
    >>> fitted(np.array([2.0, 1.0]), [side], n=np.array([2.0, 1.0])).tolist()
    [200.0, 400.0]
    """
    if limit is None:
        weights = _raked(start, margins, TOLERANCE)
        if _miss(weights, margins) <= TOLERANCE:
            return weights
        raise Unsettled(f"raking did not settle in {ROUNDS:,} rounds.")
    most = limit * n
    weights = _raked(start, margins, TOLERANCE_TRIMMED)
    for _ in range(ROUNDS):
        if _miss(weights, margins) <= TOLERANCE_TRIMMED and (weights <= most * (1 + TOLERANCE_TRIMMED)).all():
            return weights
        _check_reachable(n, margins, limit)  # only here: a limit that no weight meets harms nobody
        weights = _raked(_trimmed(weights, most), margins, TOLERANCE_TRIMMED)
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


def _trimmed(weights: Weights, most: Weights) -> Weights:
    """Cut what is above the limit of its cell and give it to the others, in proportion, until nothing is above.

    Where the others cannot carry it all, every weight ends at its limit.
    """
    total = weights.sum()
    cut = weights > most
    while cut.any():
        others = weights[~cut].sum()
        rest = total - most[cut].sum()
        factor = rest / others if others > 0 else 0.0
        trimmed = np.where(cut, most, weights * factor)
        more = cut | (trimmed > most)
        if (more == cut).all():
            return trimmed
        cut = more
    return weights


def _check_reachable(n: Weights, margins: Sequence[Margin], limit: float) -> None:
    for margin in margins:
        for name, people, answers in zip(margin.names, margin.people, margin.sums(n), strict=True):
            if people > answers * limit * (1 + TOLERANCE_TRIMMED):
                raise Unreachable(
                    f'{margin.column} "{name}" has {people:,.6g} people, and its {answers:,.0f} '
                    f"{'answer' if answers == 1 else 'answers'} can stand for at most {answers * limit:,.6g} "
                    f"when no weight may pass {limit:.6g}."
                )
