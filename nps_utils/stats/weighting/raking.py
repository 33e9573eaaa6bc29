"""Weights: answers raked to the frame, so that those who like to answer do not speak for all.

The fitting itself is in `fitting`. Scores of weighted answers come from `clustered` and who was silent from `silence`;
both are offered here too, so that a page needs one import.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from nps_utils.checks import BadValue, check_columns, check_positive
from nps_utils.columns import numbered, numbered_people
from nps_utils.stats.arithmetic.effective import numbered_together
from nps_utils.stats.weighting.fitting import Margin, Unreachable, Unsettled, fitted
from nps_utils.stats.weighting.silence import bounds, response_rates
from nps_utils.stats.weighting.units import account_units
from nps_utils.stats.weighting.weighted_interval import weighted_score, weights_of

__all__ = [
    "account_units",
    "bounds",
    "frame_margins",
    "rake",
    "response_rates",
    "weighted_score",
]

Margins: TypeAlias = Mapping[str, Mapping[str, float]]


def frame_margins(
    frame: pd.DataFrame, columns: Sequence[str], *, missing: str | None = None
) -> dict[str, dict[str, float]]:
    """Count the people of the frame in each category of each column: the margins to rake to.

    A person with several rows counts once, with the last row. Own staff and others who are no customers do not belong
    into the frame; `eligible` knows them.

    Parameters
    ----------
    frame
        One row per person and asking.
    columns
        Columns to count.
    missing
        Name of the category of empty cells, such as "unknown"; None refuses them.

    Raises
    ------
    BadValue
        An empty cell: people without a category belong to no margin.

    Examples
    --------
    >>> frame = pd.DataFrame({"respondent_id": ["1", "2", "3", "3"], "segment": ["a", "a", "b", "b"]})
    >>> frame_margins(frame, ["segment"])
    {'segment': {'a': 2.0, 'b': 1.0}}
    """
    check_columns(list(frame.columns), columns, what="the frame")
    people = frame[~pd.Series(numbered_people(frame)[0]).duplicated(keep="last").to_numpy()]
    margins = {}
    for column in columns:
        codes, names = _categories(people, column, what="the frame", missing=missing)
        margins[column] = dict(zip(names, np.bincount(codes, minlength=len(names)).astype(float).tolist(), strict=True))
    return margins


def rake(
    responses: pd.DataFrame,
    *,
    margins: Margins,
    weight: str | None = None,
    trim: float | None = None,
    missing: str | None = None,
) -> pd.DataFrame:
    """Weight the answers so that each margin adds up to the frame's (iterative proportional fitting).

    Deming and Stephan (1940), Annals of Mathematical Statistics 11:427. Raking removes the bias of silence only so far
    as the silent think like those of their segment who answered.

    Parameters
    ----------
    responses
        One row per answer, with the columns named in `margins`.
    margins
        For each column, how many people of the frame are in each category; all columns with the same total.
        See `frame_margins`.
    weight
        Column of weights to start from; None starts from 1 each.
    trim
        No weight may pass this many times the mean weight; trimming and raking alternate until the margins hold
        again. None does not trim.
    missing
        Name of the category of empty cells; None refuses them.

    Returns
    -------
    `responses` with `weight`; the weights sum to the number of people.

    Raises
    ------
    BadValue
        A margin without answers, answers of a category without margin, totals that disagree, an empty cell,
        margins that no weights (or none within the trim) can meet.

    Examples
    --------
    >>> answers = pd.DataFrame({"segment": ["a", "a", "b"]})
    >>> rake(answers, margins={"segment": {"a": 200, "b": 400}})["weight"].tolist()
    [100.0, 100.0, 400.0]
    """
    if "weight" in responses.columns and weight != "weight":
        raise BadValue('the responses already have a column "weight"; drop it, or start from it with weight="weight".')
    if not margins:
        raise BadValue('margins = {} names no column; write {"segment": {"a": 200, "b": 400}}.')
    check_columns(list(responses.columns), margins, what="responses")
    cells = {column: _categories(responses, column, what="responses", missing=missing) for column in margins}
    targets = {column: _targets(column, cells[column][1], margin) for column, margin in margins.items()}
    totals = {column: sum(margin.values()) for column, margin in targets.items()}
    if max(totals.values()) - min(totals.values()) > 1e-6 * max(totals.values()):
        listed = ", ".join(f"{column} {total:,.10g}" for column, total in totals.items())
        raise BadValue(f"margins disagree on how many people there are: {listed}. Count all from the same frame.")
    start = weights_of(responses, weight)
    limit = None
    if trim is not None:
        check_positive("trim", trim)
        limit = trim * next(iter(totals.values())) / len(responses)
    # Answers of the same categories and start are one cell: however many there are, they end with the same weight.
    first, cell = numbered_together([pd.factorize(start)[0], *(codes for codes, _ in cells.values())])
    n = np.bincount(cell, minlength=len(first)).astype(np.float64)
    sides = [
        Margin(column, tuple(names), codes[first], np.array([targets[column][name] for name in names]))
        for column, (codes, names) in cells.items()
    ]
    advice = "Merge small categories, or rake to fewer columns"
    try:
        weights = fitted(start[first] * n, sides, n=n, limit=limit) / n
    except (Unreachable, Unsettled) as problem:
        raise BadValue(
            f"margins cannot be met by any weights: {problem} {advice}"
            f"{'' if trim is None else ', or allow a larger trim'}."
        ) from problem
    return responses.assign(weight=weights[cell])


def _targets(column: str, answered: Sequence[str], margin: Mapping[str, float]) -> dict[str, float]:
    """Return the margin with text keys, checked against the categories of the answers."""
    target = {str(name): float(total) for name, total in margin.items()}
    for name, total in target.items():
        if not (np.isfinite(total) and total >= 0):
            raise BadValue(f'margins, column "{column}", category "{name}": {total!r} is not a number of people.')
        if total > 0 and name not in answered:
            raise BadValue(
                f'margins, column "{column}": {total:,.10g} people in "{name}" and not one answer from them; no '
                "weight can speak for them. Merge it with a category that answered, in answers and margins."
            )
    for name in answered:
        if not target.get(name):
            raise BadValue(
                f'responses, column "{column}": answers from "{name}", for which the margin has no people. '
                f"It has: {', '.join(target)}."
            )
    return {name: total for name, total in target.items() if name in answered}


def _categories(
    table: pd.DataFrame, column: str, *, what: str, missing: str | None
) -> tuple[NDArray[np.int64], list[str]]:
    """Return the sorted categories of a column, and which of them each row has."""
    codes, texts = numbered(table, column)
    empty = codes < 0
    if missing is None and empty.any():
        row, n = int(np.flatnonzero(empty)[0]), int(empty.sum())
        raise BadValue(
            f'{what}, column "{column}": {n:,} of {len(codes):,} cells are empty, the first in row {row}. Leave '
            'them out, or give them a category of their own: missing="unknown", in answers and frame.'
        )
    # The last is that of empty cells, whose code is -1.
    own = [*texts, *([missing] if missing is not None and empty.any() else [])]
    names = sorted(set(own))
    rank = {name: place for place, name in enumerate(names)}
    return np.array([rank[name] for name in own], dtype=np.int64)[codes], names
