"""Quotes of clusters: texts that may be shown, each under the cluster it lies nearest to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from nps_utils.checks import BadValue
from nps_utils.comments.cluster_rows import Corpus, Quote
from nps_utils.comments.consensus import Ints
from nps_utils.comments.content import is_without_content
from nps_utils.comments.masking import mask
from nps_utils.comments.space.words import Floats, unit_rows
from nps_utils.comments.text import Texts, normalise, text_list, words

Place = Callable[[list[str], Sequence[str]], Floats]

_READABLE: Final = (25, 240)  # characters
_NEAR: Final = 0.2  # cosine to the centre: a text further away belongs to no cluster


@dataclass(frozen=True)
class Quotable:
    """Texts that may be shown: whose each is, and whether it is the comment of that row or another text."""

    rows: list[int]
    texts: list[str]
    own: list[bool]

    @classmethod
    def read(cls, quotable: Texts | None, comments: list[str], corpus: Corpus) -> Quotable:
        """Return one text of each wording; where nothing is said of what may be quoted, the comments.

        Raises
        ------
        BadValue
            Another number of texts than of comments.
        """
        shown = comments if quotable is None else [normalise(text) for text in text_list(quotable)]
        if len(shown) != len(comments):
            raise BadValue(f"quotable has {len(shown):,} texts for {len(comments):,} comments; they must be the same.")
        seen: dict[tuple[str, ...], int] = {}
        for row in np.flatnonzero(~is_without_content(shown)):
            seen.setdefault(tuple(words(shown[row])), int(row))
        rows = list(seen.values())
        told = {row for together in corpus.rows for row in together}
        own = [row in told and words(shown[row]) == words(comments[row]) for row in rows]
        return cls(rows, [shown[row] for row in rows], own)


def quotes_of(
    quotable: Quotable, corpus: Corpus, codes: Sequence[str], labels: Ints, place: Place, n: int
) -> dict[int, list[Quote]]:
    """Return quotes by cluster, those nearest to its centre and of a readable length first, masked and cut.

    A text that is not the comment itself, such as a testimonial, goes to the cluster it lies nearest to.
    """
    kept = [int(label) for label in np.unique(labels) if label >= 0]
    if not kept or not quotable.rows or not n:
        return {}
    base = place(corpus.texts, corpus.languages)
    centres = unit_rows(np.array([base[labels == label].mean(axis=0) for label in kept]))
    nearness = place(quotable.texts, [codes[row] for row in quotable.rows]) @ centres.T
    label_of = {row: int(label) for rows, label in zip(corpus.rows, labels, strict=True) for row in rows}
    ranked: dict[int, list[tuple[bool, float, int, str]]] = {label: [] for label in kept}
    for near, row, text, own in zip(nearness, quotable.rows, quotable.texts, quotable.own, strict=True):
        label = label_of[row] if own else kept[int(near.argmax())]
        if label not in ranked:
            continue
        closeness = round(float(near[kept.index(label)]), 5)
        if own or closeness >= _NEAR:
            readable = _READABLE[0] <= len(text) <= _READABLE[1]
            ranked[label].append((not readable, -closeness, row, text))
    return {label: [Quote(row, _masked(text)) for _, _, row, text in sorted(ranked[label])[:n]] for label in kept}


def quote_of(text: str) -> str:
    """Return a text that may be shown as `quotes_of` shows it."""
    return _masked(normalise(text))


def _masked(text: str) -> str:
    once_more = str(mask([text])[0][0])
    most = _READABLE[1]
    return once_more if len(once_more) <= most else once_more[: most - 1].rstrip() + "…"
