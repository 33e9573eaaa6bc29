"""The language of each comment: what the survey says first, then identification; unknown stays unknown."""

from __future__ import annotations

from collections import Counter
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
MARGIN: Final = 3.5  # a short comment stays unknown unless one language is so many times likelier than the next
_SHARPNESS: Final = 4  # the odds of the library are per letter group, hence flat: a short comment has a few of them
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
    the fewer, the surer. Two or three words are not enough ("Poor signal" reads as Dutch too), so below five words the
    library's odds are weighed with how common each language is among the longer comments and the column's cells: in a
    survey of one language the short comments are in it. A short comment stays `unknown` unless one language is 3.5
    times as likely as the next; Danish and Norwegian, which share most short sentences, are then `da/nb`. A comment
    without letters, or in a script none of the languages uses, is `unknown`.

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
    plain = {row: " ".join(words(_without_marks(comments[row]))) for row in open_rows}
    short = [row for row in open_rows if len(plain[row].split()) < FEW_WORDS]
    long = [row for row in open_rows if len(plain[row].split()) >= FEW_WORDS]
    result[long] = _identify([plain[row] for row in long], tuple(languages))
    result[short] = _identify_short([plain[row] for row in short], tuple(languages), Counter(result.tolist()))
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


def _identify_short(plain: list[str], languages: tuple[str, ...], others: Counter[str]) -> list[str]:
    """Weigh the odds of the words with the shares of the languages elsewhere in the survey, each counted once more."""
    if not plain or len(languages) == 1:
        return _identify(plain, languages)
    _check(languages)
    names = [
        DANISH_OR_NORWEGIAN if code in ("da", "nb") and {"da", "nb"} <= set(languages) else code for code in languages
    ]
    seen = dict.fromkeys(names, 1.0)
    for code, n in others.items():
        name = DANISH_OR_NORWEGIAN if code in ("da", "nb") and DANISH_OR_NORWEGIAN in seen else code
        if name in seen:
            seen[name] += n
    distinct = list(dict.fromkeys(plain))
    codes = {_DETECTABLE[code]: name for code, name in zip(languages, names, strict=True)}
    found: dict[str, str] = {}
    for text, odds in zip(
        distinct, _detector(languages).compute_language_confidence_values_in_parallel(distinct), strict=True
    ):
        weight = dict.fromkeys(names, 0.0)
        for one in odds:
            name = codes[one.language]
            weight[name] = max(weight[name], one.value**_SHARPNESS * seen[name])
        best, next_best = sorted(weight, key=lambda name: -weight[name])[:2]
        certain = weight[best] > 0 and weight[best] >= MARGIN * weight[next_best]
        found[text] = best if certain and any(char.isalpha() for char in text) else UNKNOWN
    return [found[text] for text in plain]


def _check(languages: Sequence[str]) -> None:
    for code in languages:
        if code not in _DETECTABLE:
            raise BadValue(
                f'languages: "{code}" cannot be identified; known: {", ".join(_DETECTABLE)}.'
                f"{closest(code, _DETECTABLE)}"
            )


def _identify(plain: list[str], languages: tuple[str, ...]) -> list[str]:
    _check(languages)
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
