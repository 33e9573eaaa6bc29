"""What the distinct texts of the score and label columns mean, and what a file's answers say about its scale."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from nps_utils.checks import BadValue
from nps_utils.scale import BANDS, Band, Problem, is_weight_scale, read_answer, suspicion

# The code of a score cell that is empty, apart from those that say NA or the like.
EMPTY: Final = -5
PROBLEMS: Final[tuple[Problem, ...]] = (
    "missing_score",
    "unreadable_score",
    "fractional_score",
    "score_out_of_range",
)
# Beginnings of the labels of the bands, lower case without accents, in the languages exports come in.
LABELS: Final[Mapping[Band, tuple[str, ...]]] = {
    "promoter": ("promot", "ambassad", "foresprak", "arrangor", "anbefal"),
    "passive": ("passiv", "passief", "passif", "pasiv", "neutr", "noytral", "nøytral"),
    "detractor": ("detra", "detrat", "kriti", "critic", "tegenstand", "motstand", "negativ"),
}
_BAND_CODES: Final[Mapping[Band, int]] = {"detractor": 0, "passive": 1, "promoter": 2}


@dataclass
class Answers:
    """What the distinct texts of the score and label columns mean."""

    codes: dict[str, int] = field(default_factory=dict)  # a score 0..10, -1.. -4: a problem, or EMPTY
    labels: dict[str, int] = field(default_factory=dict)  # 0, 1, 2: detractor, passive, promoter
    notes: list[tuple[str | None, str, str]] = field(default_factory=list)  # file, topic, sentence


def read_label(text: str) -> Band | None:
    """Read a tool's band label in any of our languages, mistranslations included; None where it is something else.

    Examples
    --------
    >>> [read_label(text) for text in ("PROMOTER", "Ambassadør", "arrangör", "Passief", "Criticaster", "n/a")]
    ['promoter', 'promoter', 'promoter', 'passive', 'detractor', None]
    """
    decomposed = unicodedata.normalize("NFKD", text.strip().casefold())
    plain = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    for band, beginnings in LABELS.items():
        if plain.startswith(beginnings):
            return band
    return None


def read_answers(seen: Sequence[Mapping[str, Any]]) -> Answers:
    """Read the distinct answers of a table.

    Parameters
    ----------
    seen
        Rows of source_file, score, n, and survey_type and score_label where the table has them.

    Raises
    ------
    BadValue
        A file's scores are a tool's weights (-100, 0, 100).
    """
    answers = Answers()
    for row in seen:
        if (text := row["score"]) is not None and text not in answers.codes:
            answer = read_answer(text)
            code = answer.score if answer.problem is None else -1 - PROBLEMS.index(answer.problem)
            answers.codes[text] = EMPTY if code is None or not text.strip() else code
        if (label := row.get("score_label")) is not None and (band := read_label(label)):
            answers.labels[label] = _BAND_CODES[band]
    for name in dict.fromkeys(row["source_file"] for row in seen):
        mine = [row for row in seen if row["source_file"] == name and is_nps(row.get("survey_type"))]
        _check_scale(answers, name, mine)
        _check_labels(answers, name, mine)
    return answers


def _check_scale(answers: Answers, name: str, seen: Sequence[Mapping[str, Any]]) -> None:
    scores: dict[int, int] = {}
    numbers: dict[float, int] = {}
    for row in seen:
        text = row["score"]
        if text is None or answers.codes[text] in (-1, EMPTY):
            continue
        if (code := answers.codes[text]) >= 0:
            scores[code] = scores.get(code, 0) + row["n"]
        try:
            number = float(text.strip().replace(",", ".").replace("−", "-"))
        except ValueError:
            number = float(code)
        numbers[number] = numbers.get(number, 0) + row["n"]
    if is_weight_scale(numbers):
        raise BadValue(
            f'{name}, column "score": all values are -100, 0 or 100. These are the tool\'s weights of detractor, '
            "passive and promoter, from which no score can be read back. Export the answers 0 to 10 instead."
        )
    if sentence := suspicion(scores):
        answers.notes.append((name, "scale_suspicion", sentence))


def _check_labels(answers: Answers, name: str, seen: Sequence[Mapping[str, Any]]) -> None:
    labelled = [row for row in seen if (row.get("score_label") or "").strip()]
    if not labelled:
        return
    unknown = sorted({row["score_label"] for row in labelled if row["score_label"] not in answers.labels})
    both = [
        row for row in labelled if row["score_label"] in answers.labels and answers.codes.get(row["score"], -1) >= 0
    ]
    n = sum(row["n"] for row in both)
    wrong = sum(
        row["n"] for row in both if answers.labels[row["score_label"]] != _band_code(answers.codes[row["score"]])
    )
    if n:
        sentence = (
            f"{wrong:,} of {n:,} labels of the tool disagree with the score; the bands are computed from the score."
        )
        answers.notes.append((name, "labels", sentence))
    if unknown:
        answers.notes.append((name, "labels", f"labels not understood and not compared: {', '.join(unknown[:10])}."))


def _band_code(score: int) -> int:
    return next(_BAND_CODES[band] for band, (low, high) in BANDS.items() if low <= score <= high)
