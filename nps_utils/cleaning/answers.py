"""What the distinct texts of the score and label columns mean, and what a file's answers say about its scale."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal, TypeAlias

from nps_utils.checks import BadAnswers, BadValue
from nps_utils.scale import BANDS, SCALES, Band, Problem, Scale, band, is_nps, is_weight_scale, suspicion
from nps_utils.scale.cells import Seen, Told
from nps_utils.scale.evidence import check_scale
from nps_utils.scale.labels import tidy

Groups: TypeAlias = Literal["check", "ignore"]
# A tool's groups may be wrong in so many rows without the answers being something else.
GROUPS_MAY_ERR: Final = 0.02

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
    "promoter": (
        "promot",
        "ambassad",
        "foresprak",
        "arrangor",
        "anbefal",
        "fursprech",
        "befurwort",
        "suosittel",
        "embajad",
    ),
    "passive": ("passiv", "passief", "passif", "pasiv", "neutr", "noytral", "nøytral"),
    "detractor": ("detra", "detrat", "kriti", "critic", "tegenstand", "motstand", "negativ", "arvostel", "belack"),
}
_BAND_CODES: Final[Mapping[Band, int]] = {"detractor": 0, "passive": 1, "promoter": 2}


@dataclass
class Answers:
    """What the distinct texts of the score and label columns mean."""

    # For each reading of the numbers: a score 0..10, -1.. -4: a problem, or EMPTY.
    codes: dict[Scale, dict[str, int]] = field(default_factory=dict)
    scales: dict[Scale, list[str]] = field(default_factory=dict)  # the files of each
    labels: dict[str, int] = field(default_factory=dict)  # 0, 1, 2: detractor, passive, promoter
    notes: list[tuple[str | None, str, str]] = field(default_factory=list)  # file, topic, sentence


# Returns the numbers of the first rows of a file whose score is one of some texts, and its label one of others.
RowsOf: TypeAlias = Callable[[str, Sequence[str], Sequence[str] | None], Sequence[int]]


def read_label(text: str) -> Band | None:
    """Read a tool's band label in any of our languages, mistranslations included; None where it is something else.

    Examples
    --------
    >>> [read_label(text) for text in ("PROMOTER", "Ambassadør", "arrangör", "Passief", "Criticaster", "n/a")]
    ['promoter', 'promoter', 'promoter', 'passive', 'detractor', None]
    """
    decomposed = unicodedata.normalize("NFKD", text.strip().casefold())
    plain = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    plain = re.sub(r"^(?:nps|[\W\d_])+", "", plain)
    for name, beginnings in LABELS.items():
        if plain.startswith(beginnings):
            return name
    return None


def read_answers(
    seen: Sequence[Mapping[str, Any]],
    *,
    scale: Scale | Mapping[str, Scale] | None = None,
    labels: Mapping[str, int | None] | None = None,
    groups: Groups = "check",
    rows: RowsOf,
) -> Answers:
    """Read the distinct answers of a table.

    Parameters
    ----------
    seen
        Rows of source_file, score, n, and survey_type and score_label where the table has them.
    scale
        What the numbers stand for, in all files or by file; None where they must show it themselves.
    labels
        Scores of labels, None for no answer; see `nps_utils.scale.cells.Told`.
    groups
        "check" takes the tool's groups for evidence of what the answers are.
    rows
        Finds rows, for messages.

    Raises
    ------
    BadValue
        A file's scores are a tool's weights (-100, 0, 100).
    BadAnswers
        They are on another scale, contradict their groups, or cannot be read.
    """
    answers = Answers()
    for name in dict.fromkeys(row["source_file"] for row in seen):
        said = scale if isinstance(scale, str) or scale is None else scale.get(name)
        told = Told(said, labels or {})
        every = [row for row in seen if row["source_file"] == name]
        mine = [row for row in every if is_nps(row.get("survey_type"))]
        codes = answers.codes.setdefault(said or "0-10", {})
        answers.scales.setdefault(said or "0-10", []).append(name)
        for row in every:
            _read_row(answers, codes, row, told)
        _check_scale(answers, codes, name, mine, told, rows)
        _check_labels(answers, codes, name, mine, groups, rows)
    return answers


def _read_row(answers: Answers, codes: dict[str, int], row: Mapping[str, Any], told: Told) -> None:
    if (text := row["score"]) is not None and text not in codes:
        answer = told.read(text)
        code = answer.score if answer.problem is None else -1 - PROBLEMS.index(answer.problem)
        codes[text] = EMPTY if code is None or not text.strip() else code
    if (label := row.get("score_label")) is not None and (band := read_label(label)):
        answers.labels[label] = _BAND_CODES[band]


def _check_scale(
    answers: Answers,
    codes: Mapping[str, int],
    name: str,
    seen: Sequence[Mapping[str, Any]],
    told: Told,
    rows: RowsOf,
) -> None:
    counts: dict[str, int] = {}
    scores: dict[int, int] = {}
    numbers: dict[float, int] = {}
    for row in seen:
        text = row["score"]
        if text is None or codes[text] in (-1, EMPTY):
            continue
        counts[text] = counts.get(text, 0) + row["n"]
        if (code := codes[text]) >= 0:
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
    check_scale(Seen(f'{name}, column "score"', counts, lambda texts: rows(name, texts, None), told))
    answers.notes += [(name, "scale", sentence) for sentence in _as_told(seen, told)]
    if told.scale is None and (sentence := suspicion(scores)):
        settle = 'If you know which it was, write scale = "1-10" or scale = "0-10" under its [[export]] in study.toml.'
        answers.notes.append((name, "scale_suspicion", f"{sentence} {settle}"))


def _as_told(seen: Sequence[Mapping[str, Any]], told: Told) -> Iterator[str]:
    """Say what was read by the study's own word."""
    if told.scale is not None:
        yield f'scale = "{told.scale}": {SCALES[told.scale]}, as the study says.'
    named: dict[str, int] = {}
    for row in seen:
        if row["score"] is not None and told.names(row["score"]):
            named[row["score"]] = named.get(row["score"], 0) + row["n"]
    for cell, n in named.items():
        score = told.read(cell).score
        yield f'"{tidy(cell)}" is {"no answer" if score is None else score}, as the study says: {n:,} cells.'


def _check_labels(
    answers: Answers,
    codes: Mapping[str, int],
    name: str,
    seen: Sequence[Mapping[str, Any]],
    groups: Groups,
    rows: RowsOf,
) -> None:
    labelled = [row for row in seen if (row.get("score_label") or "").strip()]
    if not labelled:
        return
    unknown = sorted({row["score_label"] for row in labelled if row["score_label"] not in answers.labels})
    known = [row for row in labelled if row["score_label"] in answers.labels and row["score"] is not None]
    both = [row for row in known if codes[row["score"]] >= 0]
    unread = [row for row in labelled if _lost(row, answers, codes)]
    wrong = [row for row in both if answers.labels[row["score_label"]] != _band_code(codes[row["score"]])]
    against, n = (sum(row["n"] for row in part) for part in (wrong + unread, both + unread))
    if groups == "check" and against > GROUPS_MAY_ERR * n:
        raise BadAnswers(_contradiction(name, wrong + unread, codes, against, n, rows))
    if both:
        sentence = (
            f"{sum(row['n'] for row in wrong):,} of {sum(row['n'] for row in both):,} labels of the tool disagree with"
            " the score; the bands are computed from the score."
        )
        answers.notes.append((name, "labels", sentence))
    if unknown:
        answers.notes.append((name, "labels", f"labels not understood and not compared: {', '.join(unknown[:10])}."))


def _lost(row: Mapping[str, Any], answers: Answers, codes: Mapping[str, int]) -> bool:
    """Whether a row has a group but no score; a formula makes detractors of empty cells, but no others."""
    code, group = codes.get(row["score"], EMPTY), answers.labels.get(row["score_label"])
    if group is None or code >= 0:
        return False
    return group > 0 or code not in (-1, EMPTY)


def _contradiction(
    name: str, against: Sequence[Mapping[str, Any]], codes: Mapping[str, int], n: int, of: int, rows: RowsOf
) -> str:
    shown = []
    for row in sorted(against, key=lambda row: -int(row["n"]))[:6]:
        first = next(iter(rows(name, [row["score"]], [row["score_label"]])), None) if row["score"] is not None else None
        place = "" if first is None else f", first in row {first:,}"
        code = codes.get(row["score"], EMPTY)
        read = f"read as {code}, {band(code)}" if code >= 0 else "no answer that can be read"
        shown.append(
            f'  "{tidy(row["score"] or "")}" ({read}) beside "{row["score_label"]}": {row["n"]:,} times{place}'
        )
    lines = "\n".join(shown)
    return (
        f'{name}, column "score": {n:,} of {of:,} answers contradict the group that the tool wrote beside them (0-6'
        f" detractor, 7-8 passive, 9-10 promoter):\n{lines}\nSo the numbers or the groups are not what they seem:"
        " codes, a scale the other way round, or the groups of another question. What the numbers stand for is said by"
        ' scale = "1-11" or "10-0" under its [[export]] in study.toml (to nps new: --scale 1-11; in Python:'
        ' scale="1-11"). If the groups are wrong, write groups = "ignore" under [answers] in study.toml (to nps new:'
        ' --ignore-groups; in Python: groups="ignore").'
    )


def _band_code(score: int) -> int:
    return next(_BAND_CODES[band] for band, (low, high) in BANDS.items() if low <= score <= high)
