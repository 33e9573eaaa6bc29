"""One row per question: a column of questions beside a column of answers becomes one column for each question.

Databases and survey warehouses keep answers so. Taken for one row per answer, the answers to all questions would be
mixed into one score.
"""

from __future__ import annotations

import itertools
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import polars as pl

from nps_utils.exports import wording
from nps_utils.exports.files.grid import Grid
from nps_utils.exports.layouts.answer_columns import answer_columns, idle_columns
from nps_utils.exports.layouts.derived import (
    SOURCE_PARTS,
    Transform,
    body_of,
    derived,
    header_of,
    text_of,
)
from nps_utils.exports.shapes import EMAIL, is_date
from nps_utils.exports.tools.tool import key

MOST_QUESTIONS: Final = 300
# Of the rows, how many must be the only ones of their question and answer: others repeat, and are a row of their own.
ALL_ALIKE: Final = 0.995
MOST_ALIKE: Final = 0.9
# A row whose question is not the recommend question, where nothing says which rows are one answer.
OTHER_QUESTION: Final = "other_question"
_QUESTION: Final = frozenset(
    {"question", "questiontext", "questiontitle", "questionname", "questionlabel", "questioncode", "questionid",
     "questionkey", "questions", "item", "itemtext", "variable", "fråga", "frågetext", "frågor", "spørsmål",
     "spørsmålstekst", "spørgsmål", "spørgsmålstekst", "vraag", "vraagtekst", "frage", "fragetext", "pregunta",
     "pergunta", "domanda", "kysymys", "prompt", "field", "fieldname", "fieldtitle", "attribute"}
)  # fmt: skip
_ID_FIRST: Final = (
    frozenset(wording.HEADERS["response_id"]),
    frozenset({*wording.HEADERS["respondent_id"], *wording.HEADERS["email"]}),
)


@dataclass(frozen=True)
class _Long:
    """Which column holds what; `idle` are, for each question, the columns of answers of other kinds."""

    question: int
    answers: tuple[int, ...]
    keys: tuple[int, ...]
    kept: tuple[int, ...]
    left_out: tuple[int, ...]
    idle: Mapping[str, frozenset[int]] = field(default_factory=dict)

    def cells(self, at: int) -> pl.Expr:
        """The cells of a column of answers, null where the question is answered in another one."""
        asked = [text for text, columns in self.idle.items() if at in columns]
        cells = text_of(at)
        return (
            pl.when(text_of(self.question).is_in(asked).fill_null(value=False).not_()).then(cells) if asked else cells
        )


def from_long(grid: Grid) -> Grid | None:
    """Return the table with one row per answer, or None where it is not one row per question."""
    names, rows = header_of(grid), body_of(grid)
    found = _find(names, rows)
    if found is None:
        return None
    asked = grid.scan(1).select(text_of(found.question).alias("q")).unique().collect()["q"].drop_nulls()
    if len(asked) > MOST_QUESTIONS:
        return None
    order = list(dict.fromkeys(row[found.question] for row in rows if row[found.question]))
    questions = [*order, *sorted(set(asked) - set(order))]
    recommend = [text for text in questions if _asks(text)]
    header = [*(names[at] for at in found.kept), *questions]
    by = " and ".join(f'"{names[at]}"' for at in found.keys)
    told = f'shape is one row per question: "{names[found.question]}" names {len(questions):,} questions'
    answer = " and ".join(f'"{names[at]}"' for at in found.answers)
    made = f"rows with the same {by} are one answer" if found.keys else "nothing says which rows are one answer"
    shape = f"{told}, {answer} {'hold' if len(found.answers) > 1 else 'holds'} the answers; {made}."
    notes = [f"the table has one row per question; {made}, and source_row is that of the answer to recommend."]
    if not found.keys:
        notes = ["the table has one row per question and no column that says which rows are one answer: only the rows"
                 " of the recommend question were read."]  # fmt: skip
    if found.left_out:
        gone = ", ".join(f'"{names[at]}"' for at in found.left_out)
        notes.append(f"{gone}: only told the questions apart, so not kept.")
    transform = _joined(found, questions, recommend) if found.keys else _spread(found, questions, recommend)
    long = derived(grid, header, transform, shape=shape, notes=notes)
    known = found.keys[0] if len(found.keys) == 1 and not _of_dates(rows, found.keys[0]) else None
    return long if known is None else replace(long, answer_id=names[known])


def _of_dates(rows: Sequence[Sequence[str]], at: int) -> bool:
    return any(is_date(row[at]) for row in rows)


def _asks(text: str) -> bool:
    return bool(wording.RECOMMEND.search(text) or wording.NPS.search(text))


def _find(names: Sequence[str], rows: Sequence[Sequence[str]]) -> _Long | None:
    if len(rows) < 2 or len(names) < 2:
        return None
    best: _Long | None = None
    for at in sorted(range(len(names)), key=lambda at: _rank(names, rows, at)):
        if (found := _with_question(names, rows, at)) is not None:
            best = found
            break
    return best


def _rank(names: Sequence[str], rows: Sequence[Sequence[str]], at: int) -> tuple[bool, bool, int]:
    """Questions in words before their codes."""
    texts = {row[at] for row in rows}
    asks = any(wording.RECOMMEND.search(text) for text in texts)
    return not asks, key(names[at]) not in _QUESTION, -sum(map(len, texts))


def _with_question(names: Sequence[str], rows: Sequence[Sequence[str]], at: int) -> _Long | None:
    texts = Counter(row[at] for row in rows if row[at])
    if not 2 <= len(texts) <= MOST_QUESTIONS or len(texts) > 0.5 * texts.total() + 1 or _no_question(texts):
        return None
    recommend = {text for text in texts if _asks(text)}
    named = key(names[at]) in _QUESTION
    asked = any(wording.RECOMMEND.search(text) and len(text) > 12 and texts[text] > 1 for text in recommend)
    if not named and not asked:
        return None
    if len(recommend) == len(texts) and not named:
        return None
    answers = answer_columns(names, rows, at, recommend)
    if not answers:
        return None
    others = [
        other for other in range(len(names)) if other != at and other not in answers and any(r[other] for r in rows)
    ]
    left_out = tuple(other for other in others if _tells_questions_apart(rows, at, other))
    kept = tuple(other for other in others if other not in left_out)
    keys = _keys(names, rows, at, kept)
    idle = idle_columns(rows, at, answers)
    if keys:
        return _Long(at, answers, keys, kept, left_out, idle)
    # Without groups a column beside the answer, such as its comment, is no other question's answer.
    single = answers[:1]
    rest = tuple(other for other in range(len(names)) if other != at and other not in single)
    has_others = len(recommend) < len(texts)
    return _Long(at, single, (), rest, ()) if recommend and has_others and (named or asked) else None


def _no_question(texts: Counter[str]) -> bool:
    """Numbers, dates and addresses are no questions."""
    odd = sum(n for text, n in texts.items() if EMAIL.match(text) or is_date(text) or not any(map(str.isalpha, text)))
    return odd > 0.5 * texts.total()


def _tells_questions_apart(rows: Sequence[Sequence[str]], at: int, other: int) -> bool:
    """Whether a column is the same for each question and not for all: its number, its kind."""
    seen: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        seen[row[at]].add(row[other])
    return all(len(cells) == 1 for cells in seen.values()) and len(set().union(*seen.values())) > 1


def _keys(names: Sequence[str], rows: Sequence[Sequence[str]], at: int, kept: Sequence[int]) -> tuple[int, ...]:
    """Return the columns by which the rows of one answer are known: with each value a question comes once."""
    few = [other for other in kept if len({row[other] for row in rows if row[other]}) > 1]
    # Where every row has a response id of its own, rows that share a day are still answers of their own.
    if any(key(names[other]) in _ID_FIRST[0] and len({row[other] for row in rows}) == len(rows) for other in few):
        return ()
    single = [(other,) for other in few]
    pairs = list(itertools.combinations(few, 2)) if len(few) <= 12 else []
    groups = [group for group in [*single, *pairs, tuple(few)] if group]
    for alike in (ALL_ALIKE, MOST_ALIKE):
        if fits := [group for group in groups if _groups(rows, at, group, alike)]:
            return min(fits, key=lambda group: (len(group), *_id_rank(names, rows, group)))
    return ()


def _id_rank(names: Sequence[str], rows: Sequence[Sequence[str]], group: Sequence[int]) -> tuple[int, int]:
    """Ids before other columns, the id of the answer first; of the rest the one with most values."""
    ranks = [next((r for r, ids in enumerate(_ID_FIRST) if key(names[at]) in ids), None) for at in group]
    by_name = [
        rank if rank is not None else 2 if key(names[at]).endswith("id") else 3
        for rank, at in zip(ranks, group, strict=True)
    ]
    return sum(by_name), -len({tuple(row[at] for at in group) for row in rows})


def _groups(rows: Sequence[Sequence[str]], at: int, group: Sequence[int], alike: float) -> bool:
    whole = [(tuple(row[other] for other in group), row[at]) for row in rows if all(row[other] for other in group)]
    if len(whole) < 0.9 * len(rows):
        return False
    groups = len({values for values, _ in whole})
    return len(set(whole)) >= alike * len(whole) and len(whole) >= 1.3 * groups


def _joined(found: _Long, questions: Sequence[str], recommend: Sequence[str]) -> Transform:
    """Make one row of the rows with the same keys; what comes a second time begins a second row."""

    def transform(rows: pl.LazyFrame) -> pl.LazyFrame:
        keys = [text_of(at).alias(f"_k{at}") for at in found.keys]
        names = [f"_k{at}" for at in found.keys]
        rows = rows.with_columns(
            *keys, _q=text_of(found.question), _v=pl.coalesce(list(map(found.cells, found.answers)))
        )
        odd = pl.any_horizontal([pl.col(name).is_null() for name in names]) | pl.col("source_problem").is_not_null()
        rows = rows.with_columns(_alone=pl.when(odd).then(pl.col("source_row")))
        again = pl.int_range(pl.len()).over([*names, "_alone", "_q"])
        rows = rows.with_columns(_again=again, _asks=pl.col("_q").is_in(list(recommend)).fill_null(value=False))

        def told(column: pl.Expr) -> pl.Expr:
            return pl.coalesce(column.filter(pl.col("_asks")).drop_nulls().first(), column.drop_nulls().first())

        width = len(found.kept)
        kept = [told(pl.col(f"c{at}").replace("", None)).alias(f"n{place}") for place, at in enumerate(found.kept)]
        asked = [
            pl.col("_v").filter(pl.col("_q") == text).drop_nulls().first().alias(f"n{width + place}")
            for place, text in enumerate(questions)
        ]
        source = [told(pl.col(name)).alias(name) for name in SOURCE_PARTS]
        one = rows.group_by([*names, "_alone", "_again"], maintain_order=True).agg(*kept, *asked, *source)
        return _named(one, width + len(questions))

    return transform


def _spread(found: _Long, questions: Sequence[str], recommend: Sequence[str]) -> Transform:
    """Give every row the column of its question; the rows of other questions are no answers to recommend."""

    def transform(rows: pl.LazyFrame) -> pl.LazyFrame:
        asked = text_of(found.question)
        other = ~asked.is_in(list(recommend)).fill_null(value=True)
        width = len(found.kept)
        kept = [pl.col(f"c{at}").alias(f"n{place}") for place, at in enumerate(found.kept)]
        spread = [
            pl.when(asked == text).then(found.cells(found.answers[0])).alias(f"n{width + place}")
            for place, text in enumerate(questions)
        ]
        problem = pl.coalesce("source_problem", pl.when(other).then(pl.lit(OTHER_QUESTION))).alias("source_problem")
        rest = [name for name in SOURCE_PARTS if name != "source_problem"]
        return _named(rows.select(*kept, *spread, problem, *rest), width + len(questions))

    return transform


def _named(rows: pl.LazyFrame, width: int) -> pl.LazyFrame:
    cells = [pl.col(f"n{place}").alias(f"c{place}") for place in range(width)]
    return rows.select(*cells, *SOURCE_PARTS)
