"""Which column is the open answer: asked for by its wording, or the only free text there is.

Questions of which each person saw one belong together, whatever they are called: one for promoters and one for
detractors, one in each version of a form. What was not chosen is named, so that no comments are lost in silence.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from nps_utils.exports import wording
from nps_utils.exports.closed import is_closed
from nps_utils.exports.headers import MOST_BOTH, Column
from nps_utils.exports.score_column import is_open
from nps_utils.exports.shapes import EMAIL, has_no_letters, like_date, share
from nps_utils.scale import band, read_answer

_MOST_QUESTIONS: Final = 4
_MOST_VERSIONS: Final = 12


class Comment(NamedTuple):
    """The columns of the comment, a sentence why, and sentences on what else it might have been."""

    columns: tuple[Column, ...]
    why: str
    notes: tuple[str, ...]


def find_comment(columns: Sequence[Column], score: Column) -> Comment:
    """Return the column of comments, or those of which each person saw one; no column where none fits.

    Parameters
    ----------
    columns
        Those not yet used for something else.
    score
        Of several that ask for a comment, the nearest to it counts.
    """
    open_columns = [c for c in columns if not is_closed(c)]
    texts = [c for c in open_columns if c.filled and is_open(c) and not like_date(c) and share(c, EMAIL.match) < 0.5]
    closed = [c for c in columns if c.filled and _asks(c) and is_closed(c)]
    several = _of_bands(texts, score) or _exclusive_pair(texts)
    single = _one(open_columns, texts, score)
    # A question why that everybody saw goes before questions that some saw.
    all_saw = (
        several
        and single
        and _filled(single[0]) > _filled(several[0])
        and not {c.at for c in single[0]} & {c.at for c in several[0]}
    )
    chosen = single if all_saw or not several else several
    taken, why = chosen or ((), "")
    return Comment(taken, why, (*_others(taken, texts), *_closed(closed)))


def _one(columns: Sequence[Column], texts: Sequence[Column], score: Column) -> tuple[tuple[Column, ...], str] | None:
    # A question why may be answered in single words, or not yet at all.
    terse = [c for c in columns if share(c, has_no_letters) < 0.5 and not like_date(c)]
    named = [c for c in texts if _asks(c) or c.key in wording.RESPONSE] or [c for c in terse if _asks(c)]
    asked = named or [c for c in texts if wording.IMPROVE.search(c.wording) or wording.RECOMMEND_FOR.search(c.wording)]
    if asked:
        best = min(asked, key=lambda c: (not wording.WHY.search(c.wording), c.at < score.at, abs(c.at - score.at)))
        nearest = ", nearest to the score" if len(asked) > 1 else ""
        if others := _apart_from(best, asked):
            together = tuple(sorted((best, *others), key=lambda c: c.at))
            return together, f"comment is {_listed(together)}: questions of which no answer has two; {_SAYS}."
        return (best,), f'comment is "{best.name}": its wording asks for one{nearest}.'
    long = [c for c in texts if _is_long(c)]
    if len(long) == 1:
        return (long[0],), f'comment is "{long[0].name}": the only column of free text.'
    return None


def _filled(columns: Sequence[Column]) -> int:
    return sum(len(column.filled) for column in columns)


_SAYS: Final = "comment_question says which"


def _is_long(column: Column) -> bool:
    filled = column.filled
    return len(column.distinct) > 0.8 * len(filled) and sum(map(len, filled)) > 25 * len(filled)


def _asks(column: Column) -> bool:
    words = re.sub(r"(?<=[a-z])(?=[A-Z])|_", " ", column.wording)
    return bool(wording.WHY.search(column.wording) or wording.COMMENT.search(words))


def _listed(columns: Sequence[Column]) -> str:
    names = [f'"{column.name}"' for column in columns]
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else names[0]


def _rows(column: Column) -> set[int]:
    return {row for row, cell in enumerate(column.cells) if cell.strip()}


def _apart(one: set[int], other: set[int]) -> bool:
    """Say whether hardly any row is filled in both."""
    return bool(one) and bool(other) and len(one & other) <= MOST_BOTH * min(len(one), len(other))


def _apart_from(best: Column, asked: Sequence[Column]) -> list[Column]:
    """Return the other questions for a comment that were only answered where it was not, and so often that it shows."""
    mine, found, pairs = _rows(best), list[Column](), 0
    for column in asked:
        rows = _rows(column)
        if column is best or not _apart(mine, rows):
            continue
        found.append(column)
        pairs += len(mine) * len(rows)
        mine |= rows
    # Rows with both, had the questions been answered without regard to each other.
    return found if len(found) < _MOST_VERSIONS and pairs >= 5 * max(best.rows, 1) else []


def _of_bands(texts: Sequence[Column], score: Column) -> tuple[tuple[Column, ...], str] | None:
    """What promoters were asked and what detractors were, however it was put: no band answered both."""
    bands = [band(read) if (read := read_answer(cell).score) is not None else None for cell in score.cells]
    answered: list[tuple[Column, set[str]]] = []
    for column in texts:
        mine = [bands[row] for row in _rows(column) if bands[row] is not None]
        kept = {name for name in ("promoter", "passive", "detractor") if mine.count(name) > 0.05 * len(mine)}
        if len(mine) >= 3 and 1 <= len(kept) <= 2:
            answered.append((column, kept))
    if len(answered) < 2:
        return None
    together = [pair for pair in answered if _fits(pair, answered)]
    if not 2 <= len(together) <= _MOST_QUESTIONS or not _all_apart([column for column, _ in together]):
        return None
    said = ", ".join(
        f'"{column.name}" by {" and ".join(sorted(f"{one}s" for one in kept))}' for column, kept in together
    )
    return tuple(column for column, _ in together), f"comment is in questions for different bands: {said}; {_SAYS}."


def _fits(one: tuple[Column, set[str]], answered: Sequence[tuple[Column, set[str]]]) -> bool:
    """Say whether some other column was answered by the other bands only."""
    return any(not one[1] & other[1] for other in answered if other is not one)


def _all_apart(columns: Sequence[Column]) -> bool:
    rows = [_rows(column) for column in columns]
    return all(_apart(one, other) for at, one in enumerate(rows) for other in rows[at + 1 :])


def _exclusive_pair(texts: Sequence[Column]) -> tuple[tuple[Column, ...], str] | None:
    """What one would recommend us for, asked of some, and what to improve, asked of the others."""
    praise = [c for c in texts if wording.RECOMMEND_FOR.search(c.wording) and not wording.IMPROVE.search(c.wording)]
    improve = [c for c in texts if wording.IMPROVE.search(c.wording)]
    if len(praise) != 1 or len(improve) != 1:
        return None
    both = sum(bool(a.strip() and b.strip()) for a, b in zip(praise[0].cells, improve[0].cells, strict=True))
    if both > 0.02 * praise[0].rows:
        return None
    pair = (praise[0], improve[0])
    return pair, f"comment is {_listed(pair)}: two questions of which no answer has both; {_SAYS}."


def _others(taken: Sequence[Column], texts: Sequence[Column]) -> list[str]:
    """Name the open questions that were not chosen, with what would add them."""
    rest = [c for c in texts if c not in taken and (_asks(c) or _is_long(c) or _improves(c))]
    if not rest:
        return []
    counted = ", ".join(f'"{c.name}" ({len(c.filled):,} texts)' for c in rest[:6])
    names = ", ".join(f'"{_escaped(c.name)}"' for c in (*taken, rest[0]))
    return [
        f"other open answers, not read as the comment: {counted}. To read another, name it: comment ="
        f' "{_escaped(rest[0].name)}"; to read them together: comment = [{names}].'
    ]


def _improves(column: Column) -> bool:
    return bool(wording.IMPROVE.search(column.wording) or wording.RECOMMEND_FOR.search(column.wording))


def _closed(columns: Sequence[Column]) -> list[str]:
    return [
        f'"{c.name}" is named like a comment, but its answers were chosen from few'
        f" ({', '.join(sorted(c.distinct)[:3])}, ...), so it is none."
        for c in columns
    ]


def _escaped(name: str) -> str:
    return name.replace("\\", "\\\\").replace('"', '\\"')
