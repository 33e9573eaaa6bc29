"""Which column is the 0-10 recommend question. Every 0-10 question is not NPS: one must say so, or show its shape."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from nps_utils.checks import BadFile, MissingColumn
from nps_utils.exports import wording
from nps_utils.exports.asked_scale import asked_scale
from nps_utils.exports.headers import Column
from nps_utils.exports.no_score import of_none, of_several, quoted
from nps_utils.exports.tools.tool import Tool, key
from nps_utils.scale import HIGHEST, MISSING, band, is_no_answer, is_weight_scale, read_answer
from nps_utils.scale.cells import NOTHING_TOLD, Told
from nps_utils.scale.labels import LONGEST
from nps_utils.scale.likelihood import end_of
from nps_utils.scale.names import are_names

# How many of the answers in a column must read as 0 to 10: fewer where the header says what it is.
READABLE: Final = 0.8
READABLE_IF_NAMED: Final = 0.5
AGREES: Final = 0.95
FEW_ROWS: Final = 30
MOST_CHOICES: Final = 40  # eleven answers in a few spellings and languages
MOST_YES_NO: Final = 3
FEWEST_CODES: Final = 4
MOST_CODES: Final = 13  # eleven answers and two that are none
# What tools call the options of a question: A1, AO07, n10, SQ003.
_CODED: Final = re.compile(r"(?P<letters>[A-Za-z_]{1,6}?[_-]?)0*(?P<number>\d{1,2})")
MOST_LABELS: Final = 50  # three bands in a few spellings and languages


@dataclass(frozen=True)
class Answers:
    """How the cells of a column read as answers from 0 to 10."""

    column: Column
    scores: Counter[int]
    asked: int
    weights: bool

    @property
    def readable(self) -> float:
        """The share of answers that are whole numbers from 0 to 10."""
        return sum(self.scores.values()) / self.asked if self.asked else 0.0

    @property
    def beyond_five(self) -> bool:
        """Whether an answer above 5 occurs: otherwise the scale may end there."""
        return any(score > 5 for score in self.scores)


def read_answers(column: Column, told: Told = NOTHING_TOLD) -> Answers:
    """Read the first cells of a column as answers."""
    cells = Counter(column.filled)
    scores: Counter[int] = Counter()
    missing = 0
    for cell, n in cells.items():
        score, problem = told.read(cell)
        if score is not None:
            scores[score] += n
        missing += n if problem == "missing_score" or (score is None and is_no_answer(cell)) else 0
    asked = sum(cells.values()) - missing
    if not any(map(told.names, cells)) and are_names(cells, asked=_says_answers(column)):
        scores.clear()
    return Answers(column, scores, asked, _are_weights(cells))


def _are_weights(cells: Counter[str]) -> bool:
    values: Counter[float] = Counter()
    for cell, n in cells.items():
        if read_answer(cell).problem == "missing_score":
            continue
        try:
            values[float(cell.replace(",", ".").replace("−", "-"))] += n
        except ValueError:
            return False
    return is_weight_scale(values)


def refuse_weights(column: Column, file: str) -> None:
    """Raise `BadFile` when a column holds a tool's weights instead of answers."""
    if read_answers(column).weights:
        raise BadFile(
            f'{file}, column "{column.name}": all values are -100, 0 or 100. These are weights of detractors, passives'
            " and promoters; the answers 0 to 10 cannot be read back from them. Export the answers themselves"
            " (in SurveyMonkey: actual answer text)."
        )


def find_score(
    columns: Sequence[Column], tool: Tool, file: str, told: Told = NOTHING_TOLD
) -> tuple[Column, str, tuple[str, ...]]:
    """Return the score column, a sentence why, and sentences on other columns that look alike.

    Raises
    ------
    Undecidable
        Several columns fit equally well; the text lists them and shows the line to write.
    BadFile
        The answers are weights -100, 0, 100.
    MissingColumn
        No column fits; the text lists what there is.
    """
    search = _Search(columns, tool, {column.at: read_answers(column, told) for column in columns}, told)
    for look in (search.beside_group, search.by_wording, search.by_label, search.by_name, search.by_pair):
        found = look()
        if len(found) > 1:
            raise of_several([candidate.column for candidate in found], file)
        if found and look in (search.by_name, search.by_pair) and (hidden := search.in_words()):
            # The question itself is there, in words: what only looks like a score is no stand-in for it.
            return hidden, f'score is "{hidden.name}": it asks for the likelihood to recommend.', ()
        if found:
            refuse_weights(found[0].column, file)
            return found[0].column, found[0].why, search.others(found[0].column)
    if hidden := search.in_codes():
        return hidden, f'score is "{hidden.name}": its name says so, and its cells are codes.', ()
    if (hidden := search.in_words(sure=False)) and not search.possible():
        return hidden, f'score is "{hidden.name}": it asks for the likelihood to recommend.', ()
    for column in columns:
        if search.answers[column.at].weights and (
            names_the_question(column) or column.key in wording.SCORE or len(columns) < 4
        ):
            refuse_weights(column, file)
    label, named = find_label(columns), [column for column in columns if names_the_question(column)]
    if label is not None and not search.possible():
        raise BadFile(
            f'{file}, column "{label.name}": {", ".join(sorted(label.distinct)[:4])} are bands, and no column holds the'
            " answers 0 to 10 from which they were made. Export the answers themselves."
        )
    raise MissingColumn(of_none(columns, search.possible(), named, file))


# Microsoft Forms writes them beside each question of a quiz.
_OF_A_QUIZ: Final = re.compile(
    r"\s*(?:points?|poeng|poäng|pointtal|punten|punkte?|puntos|pisteet|feedback|tilbakemelding|återkoppling)\s*[-–—:]\s*",
    re.I,
)


class _Candidate(NamedTuple):
    column: Column
    why: str


# An NPS survey has numbers that are no answers: its id, its round, the weight of the answer.
_ABOUT_NPS: Final = re.compile(
    r"\b(?:id|groups?|categor\w*|segment|round|wave|weights?|type|version|date|month|year|quarter|count|average|avg"
    r"|complete|completed|finished|status|started|timestamp|previous|prior|förra|föregående|forrige|vorige|vorher\w*)\b",
    re.IGNORECASE,
)


def _spaced(text: str) -> str:
    """Part a header into words: `customerNPS_score`."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|_", " ", text)


def names_the_question(column: Column) -> bool:
    """Say whether a header asks how likely one is to recommend, or says NPS."""
    says_nps = wording.NPS.search(_spaced(column.wording)) and not _ABOUT_NPS.search(_spaced(column.name))
    return bool(wording.RECOMMEND.search(column.wording) or says_nps)


# Marks that are a score where the header says that they go to ten: `Cijfer (0-10)`.
_MARKS: Final = wording.SCORE | {"cijfer", "note", "rating", "npsscore"}
_BRACKETED: Final = re.compile(r"[(\[][^()\[\]]*[)\]]")


def _marks(column: Column, question: Column) -> bool:
    """Say whether a column holds the points or the feedback that a quiz gave to an answer: `Poeng - the question`."""
    before, _, rest = column.wording.rpartition(question.wording)
    return column.at != question.at and not rest and bool(_OF_A_QUIZ.fullmatch(before))


def _is_bracketed(column: Column) -> bool:
    """Say whether a header is a mark and, in brackets, its scale up to ten."""
    asked, scale = asked_scale(column.wording), _BRACKETED.search(column.name)
    out_of_ten = asked is not None and asked.high == HIGHEST and not asked.turned
    return out_of_ten and scale is not None and key(_BRACKETED.sub(" ", column.name)) in _MARKS


def _says_answers(column: Column) -> bool:
    """Say whether a header is that of answers: a word that each of its cells repeats is then no name."""
    asked = asked_scale(column.wording)
    out_of_ten = asked is not None and asked.high == HIGHEST
    return names_the_question(column) or column.key in wording.SCORE or out_of_ten


def _is_numbering(column: Column) -> bool:
    """Say whether cells are numbers of people or things: 007 is no answer."""
    return any(cell[0] == "0" and cell[1:].isdigit() for cell in column.distinct)


@dataclass(frozen=True)
class _Search:
    """The ways to tell the score column, surest first; each returns every column that fits."""

    columns: Sequence[Column]
    tool: Tool
    answers: dict[int, Answers]
    told: Told

    def beside_group(self) -> list[_Candidate]:
        """The tool writes a column of groups beside its NPS questions and beside no other."""
        suffix = self.tool.group_suffix
        if suffix is None:
            return []
        bases = {column.name.removesuffix(suffix) for column in self.columns if column.name.endswith(suffix)}
        return [
            _Candidate(c, f'score is "{c.name}": "{c.name}{suffix}" is written only beside an NPS question.')
            for c in self.columns
            if c.name in bases
        ]

    def by_wording(self) -> list[_Candidate]:
        """A question how likely one is to recommend, or a header that says NPS."""
        asked = [column for column in self.columns if names_the_question(column)]
        named = [column for column in asked if not any(_marks(column, other) for other in asked)]
        fits = [column for column in named if self.answers[column.at].readable >= READABLE_IF_NAMED]
        # Where the ends of the scale are words that we do not know, the rest still shows what it is.
        fits = fits or [c for c in named if self.answers[c.at].scores and _is_closed(c) and not _has_other_numbers(c)]
        # An export of nobody's answers still has its question.
        return [
            _Candidate(column, f'score is "{column.name}": {self._why_named(column)}, {self._range(column)}.')
            for column in fits or [column for column in named if not self.answers[column.at].asked]
        ]

    @staticmethod
    def _why_named(column: Column) -> str:
        asks = wording.RECOMMEND.search(column.wording)
        return "it asks for the likelihood to recommend" if asks else "its name says NPS"

    def by_label(self) -> list[_Candidate]:
        """A column of promoter, passive, detractor gives away the column whose bands it names."""
        label = find_label(self.columns)
        if label is None:
            return []
        named = [wording.band_of_label(word) for word in label.cells]
        found = []
        for column in self._readable():
            scores = [self.told.read(cell).score for cell in column.cells]
            pairs = zip(scores, named, strict=True)
            both = [band(score) == name for score, name in pairs if score is not None and name]
            if both and sum(both) >= AGREES * len(both):
                why = f'its bands are those of "{label.name}" in {sum(both):,} of {len(both):,} rows'
                found.append(_Candidate(column, f'score is "{column.name}": {why}.'))
        return found

    def by_name(self) -> list[_Candidate]:
        """A header that is the word score, over answers that go beyond 5; or the word answer, over many of them."""
        return [
            _Candidate(column, f'score is "{column.name}" by its name, {self._range(column)}.')
            for column in self._readable()
            if (
                (column.key in wording.SCORE or _is_bracketed(column))
                and (self.answers[column.at].beyond_five or column.rows < FEW_ROWS)
            )
            or (column.key in wording.ANSWER and self._wide(column))
        ]

    def by_pair(self) -> list[_Candidate]:
        """NPS is a pair: a 0-10 question and, right after it, the open question why. Satisfaction is not NPS."""
        found = []
        for column in self._readable():
            after = next((other for other in self.columns if other.at == column.at + 1), None)
            says_scale = wording.OUT_OF_TEN.search(column.wording)
            if after is None or not says_scale or wording.OTHER_MEASURE.search(column.wording):
                continue
            if wording.WHY.search(after.wording) and is_open(after):
                why = (
                    'no question says "recommend", but this is the only 0-10 question that is followed at once by an'
                    f' open question why ("{after.name}"), the two questions that make an NPS survey'
                )
                found.append(_Candidate(column, f'score is "{column.name}": {why}.'))
        return found

    def in_words(self, *, sure: bool = True) -> Column | None:
        """The question how likely one is to recommend, in words or codes; `sure` where some are words of likelihood."""
        return next(
            (
                column
                for column in self.columns
                if names_the_question(column)
                and not self.answers[column.at].scores
                and _is_closed(column)
                and (not sure or len({end_of(cell) for cell in column.distinct}) > 1)
                and not _has_other_numbers(column)
                and len(column.distinct) > MOST_YES_NO
            ),
            None,
        )

    def in_codes(self) -> Column | None:
        """The question whose answers are codes behind the same letters: what A1 to A11 stand for its owner knows."""
        named = [c for c in self.columns if names_the_question(c) and not self.answers[c.at].scores]
        for column in named:
            found = [_CODED.fullmatch(cell) for cell in column.distinct]
            letters = {match["letters"].casefold() for match in found if match}
            if all(found) and len(letters) == 1 and FEWEST_CODES <= len(found) <= MOST_CODES:
                return column
        return None

    def others(self, chosen: Column) -> tuple[str, ...]:
        """Say which other columns hold answers from 0 to 10."""
        alike = [column.name for column in self._readable() if column is not chosen and self._wide(column)]
        return (f"also from 0 to 10, but not the NPS question: {quoted(alike)}; kept as they are.",) if alike else ()

    def possible(self) -> list[Column]:
        """Columns that a user might mean."""
        readable = self._readable()
        several = [
            column for column in readable if len(self.answers[column.at].scores) > 1 and not _is_numbering(column)
        ]
        # A header that states the scale goes first.
        return sorted(several or readable, key=lambda column: not wording.OUT_OF_TEN.search(column.wording))

    def _readable(self) -> list[Column]:
        return [column for column in self.columns if self.answers[column.at].readable >= READABLE]

    def _wide(self, column: Column) -> bool:
        answers = self.answers[column.at]
        return answers.beyond_five and len(answers.scores) > 5 and not _is_numbering(column)

    def _range(self, column: Column) -> str:
        answers = self.answers[column.at]
        if not answers.scores:
            return "and nothing was answered in the rows looked at"
        n, low, high = sum(answers.scores.values()), min(answers.scores), max(answers.scores)
        return f"{n:,} of {answers.asked:,} answers looked at are whole numbers from {low} to {high}"


def _is_closed(column: Column) -> bool:
    """Say whether the cells are a few that were chosen from, not texts that people wrote."""
    return bool(column.filled) and len(column.distinct) <= MOST_CHOICES and max(map(len, column.distinct)) <= LONGEST


def _has_other_numbers(column: Column) -> bool:
    """Say whether most of what cannot be read are numbers that are no answers, not words."""
    problems = Counter(read_answer(cell).problem for cell in column.filled)
    return problems["score_out_of_range"] + problems["fractional_score"] > problems["unreadable_score"]


def is_open(column: Column) -> bool:
    """Say whether cells hold free text: some with several words, and no number in place of words."""
    if not column.filled:
        return True
    words = sum(" " in cell or len(cell) > 20 for cell in column.filled)
    return words >= 0.2 * len(column.filled)


def find_label(columns: Sequence[Column]) -> Column | None:
    """Return the column of promoters, passives and detractors, if there is one."""
    for column in columns:
        if len(column.distinct) > MOST_LABELS:
            continue
        bands = {wording.band_of_label(cell) for cell in column.distinct if cell.casefold() not in MISSING}
        if bands and None not in bands and bands & {"promoter", "detractor"}:
            return column
    return None
