"""Which trade comments are from: counted by words that only one trade uses, and no guess where the count is close."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
import pandas as pd

from nps_utils.comments.content import is_without_content
from nps_utils.comments.language import DANISH_OR_NORWEGIAN, LanguageLike, detect_language
from nps_utils.comments.packs import check_industry, industries, packs
from nps_utils.comments.text import Texts, normalised, words

LEAST: Final = 10  # comments with a sign of the trade
LEAST_SHARE: Final = 0.03  # of the comments that say something
LEAD: Final = 1.5  # times as many as the next trade has, and more than chance would give
BOTH: Final = 0.15  # of the comments: two trades that are each in so many are both taken
_CHANCE: Final = 2.5  # standard errors between the two counts
_MOST: Final = 2_000  # comments, evenly spread; more do not tell more
_LONGEST: Final = 300  # words of one comment that are read
_SHOWN: Final = 3


@dataclass(frozen=True)
class Industry:
    """The trades whose themes are used, none where they are those of any company, and why.

    `counts` has one row per trade, the most frequent first: `industry`, `n` comments with a sign of it, `share` of the
    comments read, `words` (the most frequent signs). It is empty where study.toml says the trade.
    """

    names: tuple[str, ...]
    said: bool
    counts: pd.DataFrame
    comments: int


def find_industry(
    texts: Texts, *, language: LanguageLike = None, industry: str | Sequence[str] | None = None
) -> Industry:
    """Return the trade of comments: the one said, or the one whose own words are in clearly most of them.

    A trade is taken when its words are in at least 10 comments and 3 % of them, in 1.5 times as many as those of the
    next trade, and the two counts differ by 2.5 standard errors. Two trades are taken when both are in 15 % or more
    and the third is so far behind. Otherwise it is none: the themes are those of any company.

    Parameters
    ----------
    texts
        The comments; of more than 2,000 so many are read, evenly spread.
    language
        The survey's own column, or one code for all; what it does not say is identified.
    industry
        What study.toml says; None finds it by the words.

    Raises
    ------
    BadValue
        An industry that has no pack; the message lists those that have.

    Examples
    --------
    >>> texts = ["The room was dirty", "Breakfast at the hotel was late", "Our flight was late"] * 5
    >>> found = find_industry(texts, language="en")
    >>> found.names, int(found.counts.iloc[0]["n"])
    (('travel',), 15)
    """
    if industry is not None:
        empty = pd.DataFrame(columns=["industry", "n", "share", "words"])
        return Industry(check_industry(industry), True, empty, 0)
    comments = normalised(texts)
    codes = detect_language(comments, language=language)
    return industry_of(comments, codes, is_without_content(comments))


def industry_of(comments: Sequence[str], codes: np.ndarray, silent: np.ndarray) -> Industry:
    """Return the trade of normalised comments whose languages are known."""
    known = {str(code): _signs(str(code)) for code in set(codes)}
    rows = [row for row in map(int, np.flatnonzero(~silent)) if known[str(codes[row])] is not None]
    rows = rows if len(rows) <= _MOST else [rows[at] for at in np.linspace(0, len(rows) - 1, _MOST).round().astype(int)]
    n: Counter[str] = Counter()
    said: Counter[tuple[str, str]] = Counter()
    for row in rows:
        signs = known[str(codes[row])]
        found = set(signs.find(words(comments[row])[:_LONGEST])) if signs else set()
        said.update(found)
        n.update({trade for trade, _ in found})
    table = [(trade, n[trade], n[trade] / max(len(rows), 1), _most(said, trade)) for trade in industries()]
    counts = pd.DataFrame(table, columns=["industry", "n", "share", "words"])
    counts = counts.sort_values("n", ascending=False, kind="stable").reset_index(drop=True)
    return Industry(_clear(counts), False, counts, len(rows))


def _clear(counts: pd.DataFrame) -> tuple[str, ...]:
    n, share, name = counts["n"].tolist(), counts["share"].tolist(), counts["industry"].tolist()
    if n[0] < LEAST or share[0] < LEAST_SHARE:
        return ()
    if _ahead(n[0], n[1]):
        return (name[0],)
    return (name[0], name[1]) if share[1] >= BOTH and _ahead(n[1], n[2]) else ()


def _ahead(n: int, other: int) -> bool:
    return n >= LEAST and n >= LEAD * other and n - other >= _CHANCE * float(np.sqrt(n + other))


def _most(said: Counter[tuple[str, str]], trade: str) -> tuple[str, ...]:
    ranked = sorted(((-n, word) for (of, word), n in said.items() if of == trade))
    return tuple(word for _, word in ranked[:_SHOWN])


class _Signs:
    """The signs of one language, as written or by their beginning or end; every distinct word is looked up once."""

    def __init__(self, signs: Sequence[tuple[str, str]]) -> None:
        self._phrases: dict[str, list[tuple[tuple[str, ...], str]]] = defaultdict(list)
        self._single: dict[str, str] = {}
        # By their beginning, their end, or what they hold; each with its place among all, of which the first counts.
        self._beginnings: dict[str, tuple[int, str]] = {}
        self._ends: dict[str, tuple[int, str]] = {}
        self._inner: list[tuple[str, tuple[int, str]]] = []
        self._seen: dict[str, str | None] = {}
        for place, (trade, written) in enumerate(signs):
            parts = words(written)
            if "*" in written:
                self._add_open(written.strip(), (place, trade))
            elif len(parts) > 1:
                self._phrases[parts[0]].append((tuple(parts), trade))
            else:
                self._single[parts[0]] = trade

    def find(self, tokens: Sequence[str]) -> Iterator[tuple[str, str]]:
        """Yield each sign as trade and words."""
        for at, token in enumerate(tokens):
            if (trade := self._trade(token)) is not None:
                yield trade, token
            for parts, trade in self._phrases.get(token, ()):
                if tuple(tokens[at : at + len(parts)]) == parts:
                    yield trade, " ".join(parts)

    def _add_open(self, sign: str, at: tuple[int, str]) -> None:
        bare = sign.strip("*=")
        if not sign.startswith("*"):
            self._beginnings.setdefault(bare, at)
        elif not sign.endswith("*"):
            self._ends.setdefault(bare, at)
        else:
            self._inner.append((bare, at))

    def _trade(self, token: str) -> str | None:
        if token not in self._seen:
            self._seen[token] = self._single.get(token) or self._by_part(token)
        return self._seen[token]

    def _by_part(self, token: str) -> str | None:
        found = [at for bare, at in self._inner if bare in token]
        for size in range(len(token) + 1):
            for known, part in ((self._beginnings, token[:size]), (self._ends, token[len(token) - size :])):
                if part in known:
                    found.append(known[part])
        return min(found)[1] if found else None


@lru_cache(maxsize=16)
def _signs(code: str) -> _Signs | None:
    """Return what finds the signs of a language; None for a language we have none for."""
    languages = ("da", "nb") if code == DANISH_OR_NORWEGIAN else (code,)
    signs = [(trade, sign) for trade in industries() for one in languages for sign in packs()[trade].signs.get(one, ())]
    return _Signs(signs) if signs else None
