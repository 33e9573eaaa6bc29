"""Comments as text: any column in, clean Unicode out, words for counting."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any, Final, TypeAlias

import numpy as np
import pandas as pd

from nps_utils.checks import BadValue

Texts: TypeAlias = Sequence[str | None] | pd.Series | np.ndarray

MARKS: Final = {
    "link": "[link]",
    "email": "[email]",
    "account_number": "[account number]",
    "card_number": "[card number]",
    "id_number": "[id number]",
    "phone": "[phone]",
    "handle": "[handle]",
    "ip_address": "[ip address]",
    "date_of_birth": "[date of birth]",
    "address": "[address]",
    "licence_plate": "[licence plate]",
    "name": "[name]",
}

# Control characters (NUL among them) would break XML, terminals and CSV; zero-width and direction marks hide text.
# The joiner U+200D stays: emoji are built with it.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_INVISIBLE = re.compile("[\u00ad\u200b\u200e\u200f\u2028-\u202e\u2060\u2066-\u2069\ufeff]")
_HYPHEN = re.compile("[\u2010\u2011\u2212\ufe63]")
_APOSTROPHE = re.compile(r"(?<=\w)['’ʼ´`](?=\w)")
_WORD = re.compile(r"[^\W_]+")
_MARK = re.compile("|".join(re.escape(mark) for mark in MARKS.values()))


def word_set(text: str) -> frozenset[str]:
    """Return the words of a list written as one text.

    Examples
    --------
    >>> sorted(word_set("by with"))
    ['by', 'with']
    """
    return frozenset(text.split())


def text_list(texts: Any) -> list[str]:
    """Return the comments as a list of strings; a missing comment becomes the empty string.

    Raises
    ------
    BadValue
        A single string was given where a column of comments is needed.
    """
    if isinstance(texts, (str, bytes)):
        raise BadValue("texts is one string; give a list or a column of comments.")
    if isinstance(texts, pd.Series) and isinstance(texts.dtype, pd.StringDtype):
        cells: list[str] = texts.to_numpy(dtype=object, na_value="").tolist()
        return cells
    return ["" if is_missing(text) else text if isinstance(text, str) else str(text) for text in _cells(texts)]


def normalised(texts: Any) -> list[str]:
    """Return the comments as `text_list` does, each normalised; what is said twice is normalised once."""
    cells = text_list(texts)
    known = {text: normalise(text) for text in set(cells)}
    return [known[text] for text in cells]


def _cells(texts: Any) -> Iterable[Any]:
    """Polars and pandas columns as plain lists: iterating them directly is slow."""
    cells: Iterable[Any] = texts.to_list() if hasattr(texts, "to_list") else texts
    return cells


def is_missing(value: object) -> bool:
    """Say whether a cell is empty: None, NaN or pandas' NA."""
    return value is None or value is pd.NA or (isinstance(value, float) and np.isnan(value))


def normalise(text: str) -> str:
    r"""Unescape HTML, bring Unicode to one form (NFKC) and drop control and zero-width characters; emoji stay.

    Examples
    --------
    >>> normalise("caf&eacute; &amp; \uff11\uff12\x00\U0001F600")
    'café & 12 😀'
    """
    if "&" in text:
        text = html.unescape(text)
    if text.isascii():
        return _CONTROL.sub(" ", text).strip()
    text = unicodedata.normalize("NFKC", text)
    return _HYPHEN.sub("-", _INVISIBLE.sub("", _CONTROL.sub(" ", text))).strip()


def words(text: str) -> list[str]:
    """Return the words of a normalised text: lower case, without apostrophes, marks of masking and punctuation.

    Examples
    --------
    >>> words("Can't log-in, mail me: [email]")
    ['cant', 'log', 'in', 'mail', 'me']
    """
    if "[" in text:
        text = _MARK.sub(" ", text)
    return _WORD.findall(_APOSTROPHE.sub("", text.casefold()))
