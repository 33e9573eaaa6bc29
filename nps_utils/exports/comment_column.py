"""Which column is the open answer: asked for by its wording, or the only free text there is."""

from __future__ import annotations

import re
from collections.abc import Sequence

from nps_utils.exports import wording
from nps_utils.exports.headers import Column
from nps_utils.exports.score_column import is_open
from nps_utils.exports.shapes import EMAIL, has_no_letters, like_date, share


def find_comment(columns: Sequence[Column], score: Column) -> tuple[tuple[Column, ...], str] | None:
    """Return the column of comments, or the two of which each person saw one, and a sentence why; None where none fits.

    Parameters
    ----------
    columns
        Those not yet used for something else.
    score
        Of several that ask for a comment, the nearest to it counts.
    """
    texts = [c for c in columns if c.filled and is_open(c) and not like_date(c) and share(c, EMAIL.match) < 0.5]
    if pair := _exclusive_pair(texts):
        shown = " and ".join(f'"{column.name}"' for column in pair)
        return pair, f"comment is {shown}: two questions of which no answer has both; comment_question says which."
    # A question why may be answered in single words, or not yet at all.
    terse = [c for c in columns if share(c, has_no_letters) < 0.5 and not like_date(c)]
    named = [c for c in texts if _asks(c) or c.key in wording.RESPONSE] or [c for c in terse if _asks(c)]
    asked = named or [c for c in texts if wording.IMPROVE.search(c.wording) or wording.RECOMMEND_FOR.search(c.wording)]
    if asked:
        best = min(asked, key=lambda c: (not wording.WHY.search(c.wording), c.at < score.at, abs(c.at - score.at)))
        nearest = ", nearest to the score" if len(asked) > 1 else ""
        return (best,), f'comment is "{best.name}": its wording asks for one{nearest}.'
    long = [c for c in texts if len(c.distinct) > 0.8 * len(c.filled) and sum(map(len, c.filled)) > 25 * len(c.filled)]
    if len(long) == 1:
        return (long[0],), f'comment is "{long[0].name}": the only column of free text.'
    return None


def _asks(column: Column) -> bool:
    words = re.sub(r"(?<=[a-z])(?=[A-Z])|_", " ", column.wording)
    return bool(wording.WHY.search(column.wording) or wording.COMMENT.search(words))


def _exclusive_pair(texts: Sequence[Column]) -> tuple[Column, Column] | None:
    """What one would recommend us for, asked of some, and what to improve, asked of the others."""
    praise = [c for c in texts if wording.RECOMMEND_FOR.search(c.wording) and not wording.IMPROVE.search(c.wording)]
    improve = [c for c in texts if wording.IMPROVE.search(c.wording)]
    if len(praise) != 1 or len(improve) != 1:
        return None
    both = sum(bool(a.strip() and b.strip()) for a, b in zip(praise[0].cells, improve[0].cells, strict=True))
    return None if both > 0.02 * praise[0].rows else (praise[0], improve[0])
