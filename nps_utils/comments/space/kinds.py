"""Which words can be nouns, by a stored table: "export" says what a comment is about, "saves" and "least" do not."""

from __future__ import annotations

from functools import cache, lru_cache
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from nps_utils.comments.language import DANISH_OR_NORWEGIAN
from nps_utils.comments.space.words import LANGUAGES, word_space

KINDS: Final = Path(__file__).parent / "kinds.npz"
NOUN: Final = 1
OTHER: Final = 2  # a verb, an adjective, an adverb
UNSAID: Final = 0  # the frequency of a word that a language does not have
_LEAST_FIRST, _LEAST_END = 3, 4  # letters of the parts of a compound


@lru_cache(maxsize=1 << 16)
def kind_of(word: str, language: str) -> int:
    """Return whether a word can be a noun (1), something else (2), both (3); 0 where it is not known.

    A compound is of the kind of its longest known end: "fakturaexporten" of "exporten".

    Examples
    --------
    >>> [kind_of(word, "en") for word in ("portal", "helpful", "export")]
    [1, 2, 3]
    >>> kind_of("klantportaal", "nl") & NOUN
    1
    """
    columns = _columns(language)
    if not columns:
        return 0
    for start in (0, *range(_LEAST_FIRST, len(word) - _LEAST_END + 1)):
        at = word_space().place(word[start:])
        found = 0 if at is None else _in_columns(int(_kinds()[at]), columns)
        if found and (start == 0 or found == NOUN):
            return found
        if start and found:
            return 0
    return 0


def _columns(language: str) -> tuple[int, ...]:
    codes = ("da", "nb") if language == DANISH_OR_NORWEGIAN else (language,)
    return tuple(LANGUAGES.index(code) for code in codes if code in LANGUAGES)


def _in_columns(bits: int, columns: tuple[int, ...]) -> int:
    found = 0
    for column in columns:
        found |= bits >> (2 * column) & (NOUN | OTHER)
    return found


@cache
def _kinds() -> npt.NDArray[np.uint16]:
    """Return the stored table, read once."""
    with np.load(KINDS, allow_pickle=False) as stored:
        kinds: npt.NDArray[np.uint16] = stored["kinds"]
    return kinds
