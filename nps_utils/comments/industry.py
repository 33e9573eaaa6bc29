"""Which trade comments are from: counted by words that only one trade uses, and no guess where the count is close."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
import pandas as pd

from nps_utils.comments.content import is_without_content
from nps_utils.comments.language import DANISH_OR_NORWEGIAN, LanguageLike, detect_language
from nps_utils.comments.lexicon import Matcher
from nps_utils.comments.packs import CORE, check_industry, industries, packs
from nps_utils.comments.text import Texts, normalise, text_list, words
from nps_utils.comments.word_files import Lexicon, Term

LEAST: Final = 10  # comments with a sign of the trade
LEAST_SHARE: Final = 0.03  # of the comments that say something
LEAD: Final = 1.5  # times as many as the next trade has, and more than chance would give
_CHANCE: Final = 3.0  # standard errors between the two counts
_LONGEST: Final = 300  # words of one comment that are read
_SHOWN: Final = 3


@dataclass(frozen=True)
class Industry:
    """The trade whose themes are used, and why.

    `counts` has one row per trade, the most frequent first: `industry`, `n` comments with a sign of it, `share` of the
    comments that say something, `words` (the most frequent signs). It is empty where study.toml says the trade.
    """

    name: str
    said: bool
    counts: pd.DataFrame
    comments: int


def find_industry(texts: Texts, *, language: LanguageLike = None, industry: str | None = None) -> Industry:
    """Return the trade of comments: the one said, or the one whose own words are in clearly most of them.

    A trade is taken when its words are in at least 10 comments and 3 % of them, in 1.5 times as many as those of the
    next trade, and the two counts differ by three standard errors. Otherwise it is `core`: themes of any company.

    Parameters
    ----------
    texts
        The comments.
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
    >>> found.name, found.counts.iloc[0]["n"]
    ('travel', 15)
    """
    if industry is not None:
        empty = pd.DataFrame(columns=["industry", "n", "share", "words"])
        return Industry(check_industry(industry), True, empty, 0)
    comments = [normalise(text) for text in text_list(texts)]
    codes = detect_language(comments, language=language)
    return industry_of(comments, codes, is_without_content(comments))


def industry_of(comments: Sequence[str], codes: np.ndarray, silent: np.ndarray) -> Industry:
    """Return the trade of normalised comments whose languages are known."""
    told = 0
    n: Counter[str] = Counter()
    said: Counter[tuple[str, str]] = Counter()
    for text, code, nothing in zip(comments, codes, silent, strict=True):
        matcher = None if nothing else _matcher(str(code))
        if matcher is None:
            continue
        told += 1
        found = set(matcher.spans(words(text)[:_LONGEST]))
        said.update(found)
        n.update({trade for trade, _ in found})
    rows = [(trade, n[trade], n[trade] / max(told, 1), _most(said, trade)) for trade in industries()]
    counts = pd.DataFrame(rows, columns=["industry", "n", "share", "words"])
    counts = counts.sort_values("n", ascending=False, kind="stable").reset_index(drop=True)
    return Industry(_clear(counts), False, counts, told)


def _clear(counts: pd.DataFrame) -> str:
    first, second = counts.iloc[0], counts.iloc[1]
    ahead = (first["n"] - second["n"]) / max(np.sqrt(first["n"] + second["n"]), 1.0)
    enough = first["n"] >= LEAST and first["share"] >= LEAST_SHARE
    return str(first["industry"]) if enough and first["n"] >= LEAD * second["n"] and ahead >= _CHANCE else CORE


def _most(said: Counter[tuple[str, str]], trade: str) -> tuple[str, ...]:
    ranked = sorted(((-n, word) for (of, word), n in said.items() if of == trade))
    return tuple(word for _, word in ranked[:_SHOWN])


@lru_cache(maxsize=16)
def _matcher(code: str) -> Matcher | None:
    """Return what finds the signs of a language; None for a language we have none for."""
    languages = ("da", "nb") if code == DANISH_OR_NORWEGIAN else (code,)
    lexicons = [_signs(one) for one in languages]
    return Matcher(lexicons) if all(lexicon.terms for lexicon in lexicons) else None


def _signs(code: str) -> Lexicon:
    terms = [
        Term(trade, trade, word, 1.0, False) for trade in industries() for word in packs()[trade].signs.get(code, ())
    ]
    return Lexicon(code, tuple(terms), (), (), (), (), {})
