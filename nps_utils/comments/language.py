"""The language of each comment: what the survey says first, then identification; unknown stays unknown."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Final, TypeAlias

import numpy as np
import pandas as pd
from lingua import Language, LanguageDetector, LanguageDetectorBuilder

from nps_utils.checks import BadValue, closest
from nps_utils.comments.text import MARKS, Texts, is_missing, normalise, text_list, words

LanguageLike: TypeAlias = str | Sequence[str | None] | pd.Series | np.ndarray | None

STUDY_LANGUAGES: Final = ("en", "sv", "nb", "da", "nl")
UNKNOWN: Final = "unknown"
DANISH_OR_NORWEGIAN: Final = "da/nb"  # too short to tell the two apart
FEW_WORDS: Final = 5
_LONG: Final = 2000  # characters; more does not make the language clearer, only the wait longer

_DETECTABLE: Final = {
    "en": Language.ENGLISH, "sv": Language.SWEDISH, "nb": Language.BOKMAL, "da": Language.DANISH, "nl": Language.DUTCH,
    "de": Language.GERMAN, "fi": Language.FINNISH, "fr": Language.FRENCH, "es": Language.SPANISH,
    "it": Language.ITALIAN, "pl": Language.POLISH, "pt": Language.PORTUGUESE,
}  # fmt: skip
_NAMES: Final = {
    "english": "en", "engelska": "en", "engelsk": "en", "engels": "en", "swedish": "sv", "svenska": "sv",
    "svensk": "sv", "zweeds": "sv", "norwegian": "nb", "norska": "nb", "norsk": "nb", "noors": "nb", "bokmål": "nb",
    "norsk bokmål": "nb", "no": "nb", "nn": "nb", "nynorsk": "nb", "nob": "nb", "nor": "nb", "danish": "da",
    "danska": "da", "dansk": "da", "deens": "da", "dk": "da", "dan": "da", "se": "sv", "swe": "sv", "eng": "en",
    "dutch": "nl", "nederländska": "nl", "nederlandsk": "nl", "hollandsk": "nl", "nederlands": "nl", "nld": "nl",
    "german": "de", "deutsch": "de", "tyska": "de", "tysk": "de", "duits": "de", "finnish": "fi", "suomi": "fi",
    "finska": "fi", "finsk": "fi", "fins": "fi", "french": "fr", "français": "fr", "franska": "fr", "fransk": "fr",
}  # fmt: skip


def read_language(value: object) -> str | None:
    """Read one cell of a language column: "sv-SE", "Swedish", "svenska", "NO"; None where it says no language.

    Examples
    --------
    >>> read_language("sv-SE"), read_language("Norwegian"), read_language("??")
    ('sv', 'nb', None)
    """
    if is_missing(value):
        return None
    cell = str(value).strip().casefold().replace("_", "-")
    if cell in (DANISH_OR_NORWEGIAN, UNKNOWN):
        return cell if cell == DANISH_OR_NORWEGIAN else None
    named = _NAMES.get(cell) or _NAMES.get(cell.split(" (")[0])
    if named:
        return named
    code = cell.split("-")[0]
    return _NAMES.get(code) or (code if len(code) == 2 and code.isalpha() else None)


def detect_language(
    texts: Texts, *, language: LanguageLike = None, languages: Sequence[str] = STUDY_LANGUAGES
) -> np.ndarray:
    """Return the language of each comment as a two-letter code, `da/nb` or `unknown`.

    The survey's own column wins where it is readable. Elsewhere the lingua library decides among `languages` only:
    the fewer, the surer. Danish and Norwegian share most short sentences; below five words they are `da/nb`. A comment
    without letters, or in a script none of the languages uses, stays `unknown`.

    Parameters
    ----------
    texts
        The comments.
    language
        One code for all, or one per comment (missing where the survey does not say), or None.
    languages
        The languages of the study.

    Raises
    ------
    BadValue
        `language` has another length than `texts`, or a language of the study cannot be identified.

    Examples
    --------
    >>> detect_language(["The delivery was late again", "Leveransen kom för sent igen", "???"]).tolist()
    ['en', 'sv', 'unknown']
    """
    comments = text_list(texts)
    said = _said(language, len(comments))
    result = np.array([code or UNKNOWN for code in said], dtype=object)
    open_rows = [row for row, code in enumerate(said) if code is None]
    plain = [" ".join(words(_without_marks(comments[row]))) for row in open_rows]
    for row, text, code in zip(open_rows, plain, _identify(plain, tuple(languages)), strict=True):
        if code in ("da", "nb") and {"da", "nb"} <= set(languages) and len(text.split()) < FEW_WORDS:
            code = DANISH_OR_NORWEGIAN
        result[row] = code
    return result


def _said(language: LanguageLike, n: int) -> list[str | None]:
    if language is None:
        return [None] * n
    if isinstance(language, str):
        code = read_language(language)
        if code is None:
            raise BadValue(f'language = "{language}" is not a language; write a code like "sv", or leave it out.')
        return [code] * n
    cells = list(language)
    if len(cells) != n:
        raise BadValue(f"language has {len(cells)} values for {n} comments.")
    known: dict[object, str | None] = {}
    return [known.setdefault(cell, read_language(cell)) if isinstance(cell, str) else None for cell in cells]


def _without_marks(text: str) -> str:
    text = normalise(text[:_LONG])
    for mark in MARKS.values():
        text = text.replace(mark, " ")
    return text


def _identify(plain: list[str], languages: tuple[str, ...]) -> list[str]:
    for code in languages:
        if code not in _DETECTABLE:
            raise BadValue(
                f'languages: "{code}" cannot be identified; known: {", ".join(_DETECTABLE)}.'
                f"{closest(code, _DETECTABLE)}"
            )
    if len(languages) == 1:
        return [languages[0] if any(char.isalpha() for char in text) else UNKNOWN for text in plain]
    if not plain:
        return []
    codes = {_DETECTABLE[code]: code for code in languages}
    return [
        UNKNOWN if found is None else codes[found]
        for found in _detector(languages).detect_languages_in_parallel_of(plain)
    ]


@cache
def _detector(languages: tuple[str, ...]) -> LanguageDetector:
    """Built once: its models take a second to load. In high-accuracy mode it reads 10,000 comments a second."""
    return LanguageDetectorBuilder.from_languages(*(_DETECTABLE[code] for code in languages)).build()
