"""The cleaning rules of single rows: an ordered list of reasons, read from top to bottom.

The first reason that holds rejects the row. What the cells of a column mean (which text is which score, which label is
which band) is read once per distinct text, in Python, and becomes a lookup.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import narwhals as nw

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
# Words of status, channel and yes-or-no columns in lower case, as the tools write them.
PREVIEW: Final = (
    "preview", "test", "spam", "survey preview", "survey test", "survey preview spam", "offline preview",
    "umfragevorschau",
)  # fmt: skip
# Qualtrics: 1 preview, 2 test, 8 spam, 9 preview spam, 12 imported spam, 17 offline preview, 40 spam.
PREVIEW_CODES: Final = ("1", "2", "8", "9", "12", "17", "40")
YES: Final = ("true", "1", "1.0", "yes", "y", "t", "ja", "oui", "sim", "sí", "si", "wahr", "vrai", "x")
NO: Final = (
    "false",
    "0",
    "0.0",
    "no",
    "n",
    "f",
    "nei",
    "nej",
    "nee",
    "nein",
    "non",
    "falsch",
    "faux",
    "partial",
    "incomplete",
)
# What an empty comment looks like in exports of R, Python and spreadsheets.
MISSING_COMMENT: Final = ("", "NA", "N/A", "NaN", "nan", "NULL", "null", "None", "#N/A")
# Beginnings of the labels of the bands, lower case without accents, in the languages exports come in.
LABELS: Final[Mapping[Band, tuple[str, ...]]] = {
    "promoter": ("promot", "ambassad", "foresprak", "arrangor", "anbefal"),
    "passive": ("passiv", "passief", "passif", "pasiv", "neutr", "noytral", "nøytral"),
    "detractor": ("detra", "detrat", "kriti", "critic", "tegenstand", "motstand", "negativ"),
}
_BAND_CODES: Final[Mapping[Band, int]] = {"detractor": 0, "passive": 1, "promoter": 2}


@dataclass(frozen=True)
class Rule:
    """A reason, the rows it holds for, and the column whose cell shows it."""

    reason: str | nw.Expr
    holds: nw.Expr
    shows: str | None = None

    @property
    def why(self) -> nw.Expr:
        """The reason as an expression."""
        return nw.lit(self.reason) if isinstance(self.reason, str) else self.reason

    @property
    def cell(self) -> nw.Expr:
        """The cell that shows it, or nothing."""
        return nw.col(self.shows) if self.shows else nw.lit(None, nw.String)


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


def is_nps(survey_type: str | None) -> bool:
    """Whether a survey type is NPS; an empty one is taken for it.

    Examples
    --------
    >>> is_nps("NPS"), is_nps(None), is_nps("csat")
    (True, True, False)
    """
    word = (survey_type or "").strip().casefold()
    return not word or "nps" in word or "promoter" in word


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


def looked_up(column: str, meaning: Mapping[str, int]) -> nw.Expr:
    """The meaning of each cell; null where it has none."""
    if not meaning:
        return nw.lit(None).cast(nw.Int64)
    return nw.col(column).replace_strict(list(meaning), list(meaning.values()), default=None, return_dtype=nw.Int64)


def lower(column: str) -> nw.Expr:
    """The cell in lower case without spaces around it."""
    return nw.col(column).str.strip_chars().str.to_lowercase()


def blank(column: str) -> nw.Expr:
    """Whether the cell is empty."""
    return nw.col(column).is_null() | (nw.col(column).str.strip_chars() == "")


def row_rules(
    columns: Collection[str], *, staff_domains: Sequence[str], partials: str, dated: Collection[str]
) -> list[Rule]:
    """Return the rules that reject single rows, in order.

    Parameters
    ----------
    columns
        What the table has; a rule about another column does not apply. `_answer` (see `Answers.codes`) and
        `responded_at:utc` are there already.
    staff_domains
        Mail domains whose people are not customers.
    partials
        "reject" or "keep" answers of people who did not finish the survey.
    dated
        The files in which rows have dates.
    """
    rules = []
    if "source_problem" in columns:
        rules.append(Rule(nw.col("source_problem"), ~blank("source_problem")))
    if "status" in columns:
        rules.append(Rule("preview_or_test", lower("status").is_in([*PREVIEW, *PREVIEW_CODES]), "status"))
    if "channel" in columns:
        rules.append(Rule("preview_or_test", lower("channel").is_in(list(PREVIEW)), "channel"))
    for column in ("email", "respondent_id"):
        if column in columns and staff_domains:
            rules.append(Rule("own_staff", _of_domain(column, staff_domains), column))
    if "excluded" in columns:
        rules.append(Rule("excluded_by_tool", lower("excluded").is_in(list(YES)), "excluded"))
    if "survey_type" in columns:
        other = ~lower("survey_type").str.contains("nps|promoter") & ~blank("survey_type")
        rules.append(Rule("not_nps", other, "survey_type"))
    answered = nw.col("_answer")
    seen = [~blank(column) for column in ("asked_at", "responded_at", "status", "finished") if column in columns]
    if seen:
        silent = (answered.is_null() | (answered == EMPTY)) & (
            blank("comment") if "comment" in columns else nw.lit(True)
        )
        rules.append(Rule("unanswered_view", silent & nw.any_horizontal(*seen, ignore_nulls=True), "score"))
    if "finished" in columns and partials == "reject":
        rules.append(Rule("unfinished", lower("finished").is_in(list(NO)), "finished"))
    rules.append(Rule("missing_score", answered.is_null() | answered.is_in([-1, EMPTY]), "score"))
    rules += [Rule(problem, answered == -1 - place, "score") for place, problem in enumerate(PROBLEMS) if place]
    if "responded_at" in columns and dated:
        in_dated = nw.col("source_file").is_in(sorted(dated))
        undated = in_dated & nw.col("responded_at:utc").is_null()
        rules.append(Rule("missing_date", undated & nw.col("responded_at:missing"), "responded_at"))
        rules.append(Rule("unreadable_date", undated, "responded_at"))
    return rules


def _of_domain(column: str, domains: Sequence[str]) -> nw.Expr:
    """Whether the address ends with one of the domains, or with a subdomain of one."""
    names = "|".join(re.escape(domain.strip().lower().lstrip("@")) for domain in domains)
    return nw.col(column).str.contains(rf"(?i)@(?:[^@]*\.)?(?:{names})\s*$")


def flag_rules(columns: Collection[str]) -> list[Rule]:
    """Return what makes a row worth a note without rejecting it."""
    rules = []
    if "source_flag" in columns:
        rules.append(Rule(nw.col("source_flag"), ~blank("source_flag")))
    if "score_label" in columns:
        score = nw.col("_answer")
        band = (
            nw.when(score >= BANDS["promoter"][0])
            .then(2)
            .otherwise(nw.when(score >= BANDS["passive"][0]).then(1).otherwise(0))
        )
        rules.append(Rule("label_disagrees", (score >= 0) & (nw.col("_label") != band), "score_label"))
    for column in ("responded_at", "asked_at"):
        if column in columns:
            rules.append(Rule("local_time_moved", nw.col(f"{column}:moved"), column))
    if "asked_at" in columns:
        lost = nw.col("asked_at:utc").is_null() & ~nw.col("asked_at:missing")
        rules.append(Rule("unreadable_asked_at", lost, "asked_at"))
    return rules


def first_that_holds(rules: Sequence[Rule]) -> nw.Expr:
    """The number of the first rule that holds for each row; null where none does."""
    place = nw.lit(None).cast(nw.Int64)
    for number, rule in reversed(list(enumerate(rules))):
        place = nw.when(rule.holds).then(nw.lit(number)).otherwise(place)
    return place


def with_reasons(frame: nw.LazyFrame[Any], rules: Sequence[Rule]) -> nw.LazyFrame[Any]:
    """Add `_reason` and `_shown` (the cell that shows it) of the rule whose number is in `_rule`; else null."""
    reason = shown = nw.lit(None, nw.String)
    for number, rule in enumerate(rules):
        mine = nw.col("_rule") == number
        reason = nw.when(mine).then(rule.why).otherwise(reason)
        shown = nw.when(mine).then(rule.cell).otherwise(shown)
    return frame.with_columns(_reason=reason, _shown=shown)
