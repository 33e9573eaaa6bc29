"""Ratings as numbers: 1 to 5 as tools write them, words of known scales, yes and no; anything else is refused."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Final, TypeAlias

import numpy as np
import pandas as pd

from nps_utils.checks import BadValue, check_columns
from nps_utils.columns import NO, YES
from nps_utils.scale import is_no_answer
from nps_utils.scale.labels import read_numbered, tidy
from nps_utils.stats.drivers.steps import steps_of

# What cells stand for, of all items, or by the name of one; None for what is no answer.
Labels: TypeAlias = Mapping[str, float | Mapping[str, float | None] | None]

# What tools write for "don't know" beside the steps of a scale.
_CODES: Final = frozenset({-999, -99, -98, -97, -96, -90, -88, -77, -66, -9, -8, -7, -2, -1, 66, 77, 88, 90, 95, 96, 97,
                           98, 99, 888, 997, 998, 999, 9999, 99999})  # fmt: skip
_LIST: Final = re.compile(r"[;|]\s*\S")
_LARGEST_STEP: Final = 11
_SHOWN: Final = 12


def read_ratings(responses: pd.DataFrame, items: Sequence[str], *, labels: Labels | None = None) -> pd.DataFrame:
    """Read further closed questions as numbers, one column each, missing where nothing was answered.

    Numbers are read as tools write them (`4`, `4 - Satisfied`, `4/5`, `3,5`), yes and no as 1 and 0, and words where
    they belong to one known scale: its worst step is 1. Nothing is rescaled or turned round.

    Parameters
    ----------
    responses
        One row per response.
    items
        Names of the columns.
    labels
        What further cells stand for, such as `{"Great": 5, "Item": {"9": None}}`: of all items, or of one; None for
        what is no answer. Goes before everything else.

    Returns
    -------
    The columns as floats, in the index of `responses`.

    Raises
    ------
    MissingColumn, BadValue
        No such column; cells that cannot be read, or that look like a code for "don't know". The message shows the
        cells and what to write.

    Examples
    --------
    >>> answers = pd.DataFrame({"Ease": ["4", "5 - Easy", "N/A"], "Help": ["Satisfied", "Neutral", ""]})
    >>> read_ratings(answers, ["Ease", "Help"])
       Ease  Help
    0   4.0   4.0
    1   5.0   3.0
    2   NaN   NaN
    """
    check_columns(list(map(str, responses.columns)), items, what="responses")
    said = {name: _said(labels or {}, name) for name in items}
    if twice := [name for name in items if list(responses.columns).count(name) > 1]:
        raise BadValue(f'responses has several columns "{twice[0]}"; rename them.')
    texts = {name: _texts(responses[name]) for name in items}
    # What one question leaves open, such as whether anybody may choose a middle, the others beside it may settle.
    together = steps_of(sorted({cell for name in items for cell in _worded(texts[name], said[name])}))
    table = {name: _read_one(name, column, said[name], together or {}) for name, column in texts.items()}
    return pd.DataFrame(table, index=responses.index, columns=list(items), dtype=float)


def _said(labels: Labels, item: str) -> dict[str, float | None]:
    """Return what is said of one item's cells: what is said of it alone goes before what is said of all."""
    everywhere = {tidy(text): value for text, value in labels.items() if not isinstance(value, Mapping)}
    own = labels.get(item)
    return everywhere | ({tidy(text): value for text, value in own.items()} if isinstance(own, Mapping) else {})


def _texts(column: pd.Series) -> pd.Series:
    """Return cells as text, whole numbers without a decimal; an empty cell is missing."""
    if pd.api.types.is_bool_dtype(column):
        column = column.astype("Int64")
    if pd.api.types.is_numeric_dtype(column):
        values = column.astype("Float64")
        return values.map(lambda value: f"{value:.10g}", na_action="ignore").astype("string")
    text = column.astype("string").str.strip()
    return text.mask(text == "")


def _worded(column: pd.Series, said: Mapping[str, float | None]) -> list[str]:
    """Return the distinct cells that hold neither a number nor what labels say nor nothing."""
    cells = [str(cell) for cell in column.dropna().unique()]
    return [
        cell
        for cell in cells
        if tidy(cell) not in said and read_numbered(cell).value is None and not is_no_answer(cell)
    ]


def _read_one(
    name: str, column: pd.Series, said: Mapping[str, float | None], together: Mapping[str, int]
) -> pd.Series[float]:
    distinct = [str(cell) for cell in column.dropna().unique()]
    worded = _worded(column, said)
    found: dict[str, float] = {}
    for cell in distinct:
        known = said.get(tidy(cell), np.nan) if tidy(cell) in said else read_numbered(cell).value
        found[cell] = np.nan if known is None or (tidy(cell) not in said and is_no_answer(cell)) else float(known)
    numbers = [cell for cell in distinct if np.isfinite(found[cell]) and tidy(cell) not in said]
    if worded:
        steps = _steps(worded, together) if not numbers else None
        if steps is None:
            raise BadValue(_unread(name, worded, numbers))
        found |= steps
    _check_codes(name, sorted({found[cell] for cell in numbers}))
    return column.map(found).astype(float)


def _steps(worded: Sequence[str], together: Mapping[str, int]) -> dict[str, float] | None:
    plain = {word.casefold() for word in worded}
    if plain <= YES | NO and (plain & YES or plain & NO):
        return {word: float(word.casefold() in YES) for word in worded}
    steps = steps_of(worded) or (together if set(worded) <= together.keys() else None)
    return None if steps is None else {word: float(steps[word]) for word in worded}


def _unread(name: str, worded: Sequence[str], numbers: Sequence[str]) -> str:
    if sum(bool(_LIST.search(word)) for word in worded) >= 0.2 * len(worded):
        return (
            f'"{name}" holds lists of ticked options, such as "{max(worded, key=len)}": they are no steps of a scale.'
            " Leave it out of ratings and items, or make a column of 0 and 1 of each option."
        )
    shown = ", ".join(f'"{word}"' for word in worded[:_SHOWN]) + (", ..." if len(worded) > _SHOWN else "")
    beside = " beside numbers" if numbers else ""
    lines = ", ".join(f"{_quoted(tidy(word))} = STEP" for word in worded[:_SHOWN])
    python = ", ".join(f"{_quoted(tidy(word))}: STEP" for word in worded[:_SHOWN])
    return (
        f'"{name}" holds words{beside} whose place on a scale is not known for certain: {shown}. Say what each stands'
        f' for, a number for STEP (1 for the worst) or "none" for no answer, in study.toml above its first [table], in'
        f" one line for all ratings: rating_labels = {{ {_quoted(name)} = {{ {lines} }} }}. In Python:"
        f" labels={{{_quoted(name)}: {{{python}}}}}, with None for no answer. If it is no rating,"
        " leave it out of ratings and items."
    )


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _check_codes(name: str, values: Sequence[float]) -> None:
    """Raise where a value stands apart from the steps of a scale as a code for no answer does."""
    steps = [value for value in values if value not in _CODES and 0 <= value <= _LARGEST_STEP]
    mirrored = bool(values) and min(values) == -max(values)  # a scale from -2 to 2
    strange = [value for value in values if value in _CODES and not mirrored]
    if steps and len(steps) + len(strange) == len(values):
        top = max(steps)
        # An 8 or 9 behind a scale that ends at 5: nobody skips all steps between.
        if not strange and top in (8, 9) and len(steps) > 2 and steps[-2] <= 5:
            strange = [top]
        if strange:
            listed = ", ".join(f"{value:g}" for value in strange)
            kept = [value for value in steps if value not in strange]
            lines = ", ".join(f'"{value:g}" = "none"' for value in strange)
            python = ", ".join(f'"{value:g}": None' for value in strange)
            raise BadValue(
                f'"{name}" holds {min(kept):g} to {max(kept):g} and {listed}, which looks like a code for an answer'
                ' such as "don\'t know". If it is, write in study.toml above its first [table], in one line for all'
                f" ratings: rating_labels = {{ {_quoted(name)} = {{ {lines} }} }}; if it is an answer, say so there:"
                f' "{strange[0]:g}" = {strange[0]:g}. In Python: labels={{{_quoted(name)}: {{{python}}}}}.'
            )
