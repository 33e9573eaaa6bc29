"""What to say where no column, or more than one, is the recommend question: which might be, and the line to write."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Final

from nps_utils.checks import BadFile, BadInput, Undecidable
from nps_utils.exports import wording
from nps_utils.exports.headers import Column
from nps_utils.exports.layouts.count_table import are_counts
from nps_utils.scale import read_answer
from nps_utils.scale.other_scales import of_another_scale
from nps_utils.scale.ways_on import for_shell

_OF_A_SCORE: Final = re.compile(
    r"nps|score|recommend|rating|anbefal|rekommend|aanbevel|betyg|karakter|cijfer", re.IGNORECASE
)
FEWEST_CODES: Final = 4
_NUMBER_FIRST: Final = re.compile(r"^\s*(?:10|\d)\s*(?:$|[-–—:;,./|)]\s*\S|\s\D)")
_LONGEST_NUMBER: Final = 12
_OPTION: Final = re.compile(r"(?<!\d)(\d{1,2})\D*$")
FEWEST_PAIRS: Final = 5  # rows with an answer in two columns, had they been answered without regard to each other


def quoted(names: Sequence[str]) -> str:
    """Return headers as a list for a sentence, the first twelve."""
    shown = ", ".join(f'"{name}"' for name in names[:12])
    return shown + (f" and {len(names) - 12:,} more" if len(names) > 12 else "")


def _line(name: str) -> str:
    return f'columns = {{ score = "{_escaped(name)}" }}'


def _escaped(name: str) -> str:
    return name.replace("\\", "\\\\").replace('"', '\\"')


def _are_ticks(columns: Sequence[Column]) -> bool:
    """Say whether columns are the options of one question, each with a mark (1, x) where it was chosen."""
    options = [found[1] for column in columns if (found := _OPTION.search(column.name))]
    marks = set[str]().union(*(column.distinct for column in columns)) - {"0"}
    return len(columns) >= FEWEST_CODES and len(set(options)) == len(columns) and len(marks) == 1


def _each_saw_one(columns: Sequence[Column]) -> bool:
    """Say whether no row has an answer in two of the columns, and that this is hardly by chance."""
    rows = [sum(bool(cell.strip()) for cell in cells) for cells in zip(*(c.cells for c in columns), strict=True)]
    filled = [len(column.filled) for column in columns]
    pairs = sum(a * b for at, a in enumerate(filled) for b in filled[at + 1 :])
    wide = all(len(column.distinct) > 2 for column in columns)
    return wide and max(rows, default=0) == 1 and pairs >= FEWEST_PAIRS * len(rows)


def of_several(columns: Sequence[Column], file: str) -> BadInput:
    """Return the error of a table in which several columns fit equally well."""
    if _are_ticks(columns):
        return BadFile(
            f"{file}: the question has a column for each of its answers, in which a mark says which was given:"
            f" {quoted([column.name for column in columns])}. Export it with one column a question (condensed, or with"
            " the answers as text), or make one column of these in a spreadsheet."
        )
    listed = "\n".join(f"  {_line(column.name)}" for column in columns)
    if _each_saw_one(columns):
        names = ", ".join(f'"{_escaped(column.name)}"' for column in columns)
        options = " ".join(f"--column {for_shell(f'score={column.name}')}" for column in columns)
        return Undecidable(
            f"{file}: {len(columns)} columns could be the score, and no row has an answer in two of them: versions of"
            f" one question, as for its languages, or questions of their own. If they are one question, write under"
            f" [[export]] in study.toml:\n  columns = {{ score = [{names}] }}\n(to nps new: {options})\nIf only one of"
            f" them is NPS, write its line:\n{listed}"
        )
    return Undecidable(
        f"{file}: {len(columns)} columns could be the score, and only you know which question is NPS."
        f" Write one of these lines under [[export]] in study.toml (or pass columns=):\n{listed}"
    )


def of_none(columns: Sequence[Column], possible: Sequence[Column], named: Sequence[Column], file: str) -> str:
    """Say that no column is the question: which might be, or why none can be.

    Parameters
    ----------
    columns
        All of them.
    possible
        Those whose answers are from 0 to 10.
    named
        Those whose headers ask the question.
    file
        The name of the file.
    """
    text = f"{file}: no column is the 0-10 question by its wording (recommend, NPS), its name or its shape."
    counts = [column for column in columns if are_counts(column.name, column.filled)]
    means = [column for column in columns if _OF_A_SCORE.search(column.wording) and _are_means(column)]
    if counts and means:
        return (
            f'{file}: "{means[0].name}" holds averages ({", ".join(means[0].filled[:3])}) and "{counts[0].name}"'
            " numbers of answers, so each row sums up many: an average is no answer from 0 to 10, and has no NPS."
            ' Export the answers themselves, one row each; or how often each score was given, in two columns "score"'
            ' and "count".'
        )
    possible = [column for column in possible if column not in counts]
    if possible:
        listed = "\n".join(f"  {_line(column.name)}" for column in possible[:12])
        todo = "If one of these is, write its line under [[export]] in study.toml (or pass columns=):"
        return f"{text}\n{todo}\n{listed}"
    asked = [column for column in named if column.filled]
    scores = [column for column in columns if column.key in wording.SCORE]
    for column in (*asked, *scores, *columns):
        if said := of_another_scale(Counter(column.filled), known=column in asked or column in scores):
            return f'{file}, column "{column.name}": {said} The other columns hold no answers from 0 to 10 either.'
    it_has = f"It has: {quoted([column.name for column in columns])}."
    if asked:
        read = [read_answer(cell) for cell in asked[0].filled]
        bad = [cell for cell, one in zip(asked[0].filled, read, strict=True) if one.score is None]
        example = f'"{bad[0][:40]}" is not. ' if bad else ""
        text += (
            f' Column "{asked[0].name}" is named like it, but only {len(read) - len(bad):,} of {len(read):,} cells'
            f" are whole numbers from 0 to 10; {example}Nothing is rescaled."
        )
    for column in (*asked, *scores, *columns):
        if _number_then_words(column.filled):
            example = next(cell for cell in column.filled if len(cell) > _LONGEST_NUMBER)[:40]
            return (
                f'{file}: the cells of "{column.name}" begin with a number from 0 to 10 and go on with words, as'
                f' "{example}". Put number and words into two columns (in a spreadsheet program: text to columns),'
                " such as NPS and Comment, and use that file."
            )
    return (
        f"{text} No column holds whole numbers from 0 to 10, so there is no score to name, and without the answers"
        f" themselves there is no NPS. {it_has} Give the file or the sheet that has the answers."
    )


def _are_means(column: Column) -> bool:
    """Say whether most cells are numbers from 0 to 10 and not whole."""
    means = sum(read_answer(cell).problem == "fractional_score" for cell in column.filled)
    return 2 * means > len(column.filled) > 0


def _number_then_words(cells: Sequence[str]) -> bool:
    """Say whether nearly all cells hold an answer, and many of them the reason behind it."""
    with_words = sum(len(cell) > _LONGEST_NUMBER for cell in cells)
    answers = sum(bool(_NUMBER_FIRST.match(cell)) for cell in cells)
    return with_words >= 0.2 * len(cells) and answers >= 0.9 * len(cells) > 0
