"""The language of each comment: what the survey says first, then identification; unknown stays unknown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import Final, TypeAlias

import numpy as np
import pandas as pd

from nps_utils.checks import BadValue, closest
from nps_utils.comments.odds import DETECTABLE, LIKELY, odds_among, odds_of_all
from nps_utils.comments.text import MARKS, Texts, is_missing, normalise, text_list, words
from nps_utils.comments.word_files import function_words

LanguageLike: TypeAlias = str | Sequence[str | None] | pd.Series | np.ndarray | None

STUDY_LANGUAGES: Final = ("en", "sv", "nb", "da", "nl")
UNKNOWN: Final = "unknown"
DANISH_OR_NORWEGIAN: Final = "da/nb"  # too short to tell the two apart
FEW_WORDS: Final = 5
MARGIN: Final = 3.5  # how many times likelier than the next a language must be
_LEAD: Final = 2  # function words more than any other language has, to be sure without the library
_SHARPNESS: Final = 4  # the odds of the library are per letter group, hence flat: a short comment has a few of them
_LONG: Final = 2000  # characters; more does not make the language clearer, only the wait longer
_ELSEWHERE: Final = 0.2  # how likely a language is that the study does not expect, beside one that it does: 1
_MOST_OTHERS: Final = 10  # comments of a language that speak for it: a hundred more do not make German Swedish
_ELSEWHERE_ONLY: Final = frozenset("ßñłśżźćńąęşğıőűšžčřěůďťľāēīūģķļņțșăãõ")  # letters that none of the five writes
_FAR: Final = 0.02  # and one that is seldom met among the customers of these companies
_FEW_FAR: Final = 0.1  # of the other comments: fewer in such a language are read again beside these

_NAMES: Final = {
    "english": "en", "engelska": "en", "engelsk": "en", "engels": "en", "swedish": "sv", "svenska": "sv",
    "svensk": "sv", "zweeds": "sv", "norwegian": "nb", "norska": "nb", "norsk": "nb", "noors": "nb", "bokmål": "nb",
    "norsk bokmål": "nb", "no": "nb", "nn": "nb", "nynorsk": "nb", "nob": "nb", "nor": "nb", "danish": "da",
    "danska": "da", "dansk": "da", "deens": "da", "dk": "da", "dan": "da", "se": "sv", "swe": "sv", "eng": "en",
    "dutch": "nl", "nederländska": "nl", "nederlandsk": "nl", "hollandsk": "nl", "nederlands": "nl", "nld": "nl",
    "german": "de", "deutsch": "de", "tyska": "de", "tysk": "de", "duits": "de", "finnish": "fi", "suomi": "fi",
    "finska": "fi", "finsk": "fi", "fins": "fi",
    "ruotsi": "sv", "englanti": "en", "french": "fr", "français": "fr", "franska": "fr", "fransk": "fr",
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

    The survey's own column wins where it is readable. Elsewhere a comment of five words or more is recognised by its
    words of grammar where one language clearly leads, and by the lingua library where none does: by all 75 languages
    it knows, so that French is not read as Dutch. Two or three words are not enough ("Poor signal" reads as Dutch
    too), so below five words the library's odds are weighed with how common each language is among the longer comments
    and the column's cells: in a survey of one language the short comments are in it. A short comment stays `unknown`
    unless one language is 3.5 times as likely as the next; Danish and Norwegian, which share most short sentences, are
    then `da/nb`. A comment without letters is `unknown`.

    Parameters
    ----------
    texts
        The comments.
    language
        One code for all, or one per comment (missing where the survey does not say), or None.
    languages
        The languages that the study expects; any other needs clearer evidence.

    Raises
    ------
    BadValue
        `language` has another length than `texts`, or a language of the study cannot be identified.

    Examples
    --------
    >>> detect_language(["The delivery was late again", "Leveransen kom för sent igen", "???"]).tolist()
    ['en', 'sv', 'unknown']
    >>> detect_language(["La livraison était encore en retard", "Sehr gut"]).tolist()
    ['fr', 'de']
    """
    _check(languages)
    comments = text_list(texts)
    said = _said(language, len(comments))
    result = np.array([code or UNKNOWN for code in said], dtype=object)
    expected = tuple(languages)
    alike: dict[str, list[int]] = {}
    for row, code in enumerate(said):
        if code is None:
            alike.setdefault(comments[row], []).append(row)
    distinct: dict[str, list[int]] = {}
    for comment, rows in alike.items():
        tokens = words(_without_marks(comment))
        if any(map(_has_letters, tokens)):
            distinct.setdefault(" ".join(tokens), []).extend(rows)
    long = [text for text in distinct if text.count(" ") >= FEW_WORDS - 1]
    short = [text for text in distinct if text.count(" ") < FEW_WORDS - 1]
    for some, identify in ((long, _identify_long), (short, _identify_short)):
        for text, code in identify(some, expected, Counter(result.tolist())).items():
            result[distinct[text]] = code
    for text, code in _read_again(distinct, result, expected).items():
        result[distinct[text]] = code
    return result


def _read_again(
    distinct: Mapping[str, Sequence[int]], result: np.ndarray, languages: tuple[str, ...]
) -> dict[str, str]:
    """Read the few comments of a seldom language again, beside all that were found since.

    By groups of three letters "Lärare byts hela tiden" is Southern Sotho; among hundreds of Swedish ones it is Swedish.
    Where their words of grammar say so, or where many are in it, they stay.
    """
    seen = Counter(result.tolist())
    far = {code for code in seen if code in DETECTABLE and code not in (*languages, *LIKELY)}
    few = {code for code in far if seen[code] <= _FEW_FAR * sum(seen[one] for one in seen if one not in far)}
    ours = Counter({code: n for code, n in seen.items() if code not in few})
    texts = [text for text, rows in distinct.items() if result[rows[0]] in few] if few else []
    read = {text: _by_grammar(text.split()) for text in texts}
    doubtful = [text for text in texts if not read[text][str(result[distinct[text][0]])]]
    return _by_letters(doubtful, languages, ours, read, together=False) if sum(ours.values()) else {}


def covers(codes: np.ndarray, known: Collection[str]) -> np.ndarray:
    """Say for each code whether there are words for it: an unknown language is read with those of all."""
    ours = {*known, UNKNOWN, *([DANISH_OR_NORWEGIAN] if {"da", "nb"} & set(known) else [])}
    number, distinct = pd.factorize(codes)
    return np.array([code in ours for code in distinct], dtype=bool)[number]


def _said(language: LanguageLike, n: int) -> list[str | None]:
    if language is None:
        return [None] * n
    if isinstance(language, str):
        code = read_language(language)
        if code is None:
            raise BadValue(f'language = "{language}" is not a language; write a code like "sv", or leave it out.')
        return [code] * n
    cells = language.to_numpy(dtype=object).tolist() if isinstance(language, pd.Series) else list(language)
    if len(cells) != n:
        raise BadValue(f"language has {len(cells)} values for {n} comments.")
    known = {cell: read_language(cell) for cell in {cell for cell in cells if isinstance(cell, str)}}
    return [known[cell] if isinstance(cell, str) else None for cell in cells]


def _without_marks(text: str) -> str:
    text = normalise(text[:_LONG])
    for mark in MARKS.values():
        text = text.replace(mark, " ")
    return text


def _has_letters(token: str) -> bool:
    return not token.isdigit()


def _identify_long(texts: Sequence[str], languages: tuple[str, ...], others: Counter[str]) -> dict[str, str]:
    """By words of grammar, and by letters what these leave open, among the study's languages where they are ahead."""
    read = {text: _by_grammar(text.split()) for text in texts}
    found = {text: code for text, counted in read.items() if (code := _clear_leader(counted, len(text.split())))}
    left = [text for text in texts if text not in found]
    return found | _by_letters(left, languages, others + Counter(found.values()), read, together=False)


def _identify_short(texts: Sequence[str], languages: tuple[str, ...], others: Counter[str]) -> dict[str, str]:
    """By letters and the shares of the languages elsewhere, but never against words that the study's have not.

    These are two, or half of the words, or one of a language that the survey has elsewhere: "ny" is also French.
    """
    read = {text: _by_grammar(text.split()) for text in texts}
    found: dict[str, str] = {}
    for text, counted in read.items():
        ours = max((counted[code] for code in languages), default=0)
        enough = min(_LEAD, (len(text.split()) + 1) // 2)
        ahead = [
            code for code, n in counted.items() if code not in languages and n >= ours + (1 if others[code] else enough)
        ]
        if ahead:
            most = max(counted[code] for code in ahead)
            best = [code for code in ahead if counted[code] == most]
            found[text] = best[0] if len(best) == 1 else UNKNOWN
    left = [text for text in texts if text not in found]
    return found | _by_letters(left, languages, others, read, together=True)


def _by_grammar(tokens: Sequence[str]) -> Counter[str]:
    """Count the commonest words of each language."""
    counted: Counter[str] = Counter()
    known = function_words()
    for token in tokens:
        counted.update(known.get(token, ()))
    if "nn" in counted:  # Nynorsk is Norwegian to us
        counted["nb"] = max(counted["nb"], counted.pop("nn"))
    return counted


def _clear_leader(counted: Counter[str], n: int) -> str | None:
    (first, most), (_, next_most) = [*counted.most_common(2), ("", 0), ("", 0)][:2]
    return first if most - next_most >= _LEAD and 5 * most >= n else None


def _by_letters(
    texts: Sequence[str],
    languages: tuple[str, ...],
    others: Counter[str],
    read: Mapping[str, Counter[str]],
    *,
    together: bool,
) -> dict[str, str]:
    """Ask all languages quickly, unless grammar speaks for ours; then, where none of theirs leads, ours closely.

    All odds are weighed with the shares of the languages elsewhere in the survey.
    """
    doubtful = [text for text in texts if not _is_ours(read[text], languages)]
    seen = others + Counter(dict.fromkeys(("da", "nb"), others[DANISH_OR_NORWEGIAN]))
    most = _MOST_OTHERS if together else sum(others.values())
    found: dict[str, str] = {}
    for text, odds in zip(doubtful, odds_of_all(doubtful), strict=True):
        ours = max((odds.get(code, 0.0) * (min(seen[code], most) + 1) for code in languages), default=0.0)
        ours = 0.0 if _ELSEWHERE_ONLY & set(text) else ours
        theirs = {code: odds[code] * (seen[code] + _base(code)) for code in odds if code not in languages}
        best = max(theirs, key=lambda code: theirs[code], default=UNKNOWN)
        if theirs.get(best, 0.0) > ours:
            found[text] = best if theirs[best] >= MARGIN * ours else UNKNOWN
    left = [text for text in texts if text not in found]
    return found | _closely(left, languages, others, together=together)


def _is_ours(counted: Counter[str], languages: tuple[str, ...]) -> bool:
    ours = max((counted[code] for code in languages), default=0)
    return ours > max((n for code, n in counted.items() if code not in languages), default=0)


def _closely(
    texts: Sequence[str], languages: tuple[str, ...], others: Counter[str], *, together: bool
) -> dict[str, str]:
    """Choose among the study's languages only; where `together`, Danish and Norwegian are one."""
    both = together and {"da", "nb"} <= set(languages)
    seen = Counter(others)
    if both:
        seen["da"] = seen["nb"] = others["da"] + others["nb"] + others[DANISH_OR_NORWEGIAN]
    found: dict[str, str] = {}
    for text, odds in zip(texts, odds_among(texts, languages), strict=True):
        weight: dict[str, float] = {}
        for code in languages:
            name = DANISH_OR_NORWEGIAN if both and code in ("da", "nb") else code
            weight[name] = max(weight.get(name, 0.0), odds.get(code, 0.0) ** _SHARPNESS * (seen[code] + 1))
        (best, first), (_, second) = [*sorted(weight.items(), key=lambda pair: -pair[1]), ("", 0.0)][:2]
        found[text] = best if first > 0 and first >= MARGIN * second else UNKNOWN
    return found


def _base(code: str) -> float:
    return _ELSEWHERE if code in LIKELY else _FAR


def _check(languages: Sequence[str]) -> None:
    for code in languages:
        if code not in DETECTABLE:
            raise BadValue(
                f'languages: "{code}" cannot be identified; known: {", ".join(DETECTABLE)}.{closest(code, DETECTABLE)}'
            )
