"""Answers of a question that was not asked from 0 to 10: numbers up to 100, and scales of a few words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from nps_utils.scale.labels import read_numbered, tidy
from nps_utils.scale.likelihood import is_place
from nps_utils.scale.question import HIGHEST, is_no_answer

_HUNDRED: Final = 100
# Codes of no answer stand above all answers: 96 to 99.
_CODES: Final = 90
_FEWEST: Final = 3
_MOST_WORDS: Final = 9


def of_another_scale(counts: Mapping[str, int], *, known: bool = True) -> str | None:
    """Return what answers are if they are of 0 to 100 or of a few words: neither can be made 0 to 10; else None.

    Parameters
    ----------
    counts
        How often each cell occurs.
    known
        Whether the header says that these are answers to the question; words of likelihood say so themselves.

    Examples
    --------
    >>> of_another_scale({"80": 4, "100": 5, "35": 2, "8": 1})[:36]
    'the answers are on a scale of 0 to 1'
    >>> of_another_scale({"Likely": 4, "Very likely": 5, "Unlikely": 2})[:38]
    'the answers are 3 different words, and'
    >>> of_another_scale({"8": 4, "9": 5, "99": 2}) is None
    True
    """
    answered = {tidy(cell): n for cell, n in counts.items() if not is_no_answer(cell)}
    found = {cell: read_numbered(cell) for cell in answered}
    values = {cell: one.value for cell, one in found.items() if one.value is not None and one.out_of is None}
    if not values:
        return _few_words(answered, known=known)
    above = [cell for cell, value in values.items() if value > HIGHEST]
    many = 2 * sum(answered[cell] for cell in above) > sum(answered.values())
    apart = len({values[cell] for cell in above}) >= _FEWEST and min(values[cell] for cell in above) < _CODES
    if not (known and many and apart and min(values.values()) >= 0 and max(values.values()) <= _HUNDRED):
        return None
    shown = ", ".join(f'"{cell}"' for cell in sorted(above, key=lambda cell: -answered[cell])[:4])
    return (
        f"the answers are on a scale of 0 to 100 ({shown}), and cannot be turned into NPS: where 9 and 10 begin on it"
        " is nothing that was asked. No setting makes them answers from 0 to 10, and nothing is rescaled."
    )


def _few_words(answered: Mapping[str, int], *, known: bool) -> str | None:
    if not _FEWEST <= len(answered) <= _MOST_WORDS:
        return None
    places = sum(n for cell, n in answered.items() if is_place(cell))
    if 2 * places <= sum(answered.values()) or not known:
        return None
    shown = ", ".join(f'"{cell[:40]}"' for cell in sorted(answered, key=lambda cell: -answered[cell]))
    return (
        f"the answers are {len(answered)} different words, and none has a number ({shown}). {len(answered)} words are"
        " no scale of 0 to 10: which of its numbers each stands for was not asked, so none is filled in, and there is"
        " no NPS of them."
    )
