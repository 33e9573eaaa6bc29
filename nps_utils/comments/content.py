"""Which comments say nothing: counted and kept in the NPS, never clustered."""

from __future__ import annotations

import re
import string
from functools import cache, lru_cache

import numpy as np

from nps_utils.comments.text import Texts, normalise, text_list, words
from nps_utils.comments.word_files import no_content_phrases

_ONE_CHARACTER = re.compile(r"(.)\1*")
_PLAIN = frozenset(string.ascii_lowercase)
_LONGEST = 200  # characters; whoever writes more says something


def is_without_content(texts: Texts) -> np.ndarray:
    r"""Say for each comment whether it says nothing.

    No content: empty, no letters at all ("-", "10/10", emoji alone), one letter repeated ("xxx"), or a whole comment
    on the list of the language files ("ok", "inga kommentarer", "geen", "ras"). "Good" has content: it is a verdict.

    Returns
    -------
    Booleans in the order of the comments.

    Examples
    --------
    >>> is_without_content(["-", "ok!", "Inga kommentarer.", "\U0001F600", "Too slow"]).tolist()
    [True, True, True, True, False]
    """
    cells = text_list(texts)
    known = {
        text: len(text) <= _LONGEST and not _is_longer_than_any(text) and _says_nothing(text) for text in set(cells)
    }
    return np.array([known[text] for text in cells], dtype=bool)


def _is_longer_than_any(text: str) -> bool:
    """Say whether a text has more plain letters, and not one alone, than any phrase that says nothing: most have."""
    if "[" in text or "&" in text or not _enough_letters().match(text):
        return False
    return len(_PLAIN.intersection(text.lower())) > 1


@cache
def _enough_letters() -> re.Pattern[str]:
    longest = max(map(len, no_content_phrases()))
    return re.compile(rf"(?:[^A-Za-z]*[A-Za-z]){{{longest + 1}}}")


@lru_cache(maxsize=1 << 16)  # a page asks several times about the same comments
def _says_nothing(text: str) -> bool:
    phrases = no_content_phrases()
    letters = [word for word in words(normalise(text)) if not word.isdigit()]
    joined = " ".join(letters)
    return not letters or joined in phrases or _ONE_CHARACTER.fullmatch("".join(letters)) is not None
