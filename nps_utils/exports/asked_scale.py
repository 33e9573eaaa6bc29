"""Which scale a header says was asked: `(1-7)`, `on a scale from 1 to 5`, `0 = extremely likely`, `stars`.

A header that says nothing of a scale, or says 0-10 beside something else, gives no objection; and what it says counts
only where no answer is higher (`1-5` may be the number of a question).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from nps_utils.exports.wording import RECOMMEND
from nps_utils.scale import HIGHEST
from nps_utils.scale.cells import Asked
from nps_utils.scale.labels import STARS, tidy
from nps_utils.scale.likelihood import end_of

_TO: Final = (
    r"\s*(?:-|−|->|→|to|through|til|till|tot(?:\s+(?:en\s+met|og\s+med))?|t/m|bis|à|a|al|ate|até|jusqu'à|hasta|fino a"
    r"|\.\.\.?|…)\s*"
)
_RANGE: Final = re.compile(rf"(?<![\d.,/\w])(\d{{1,3}}){_TO}(\d{{1,3}})(?![\d/]|[.,]\d)", re.IGNORECASE)
_BETWEEN: Final = re.compile(
    r"\b(?:between|mellan|mellom|mellem|tussen|zwischen|entre|tra|fra)\s+(\d{1,3})\s+(?:and|och|og|en|und|et|y|e)\s+(\d{1,3})\b",
    re.IGNORECASE,
)
_OUT_OF: Final = re.compile(
    r"(?:\bout of|\bscale of|\bskala (?:av|von|på)|\bschaal van|\bskala:?|\bav|\baf|\bvon|\bvan|\bsur|\bsu|\bde"
    r"|(?<!\d)/)\s*(\d{1,3})"
    r"(?!\d|[.,/-]\d|\s*(?:-|to|til|till|tot|bis|à|a|år|years|months|min|dag|day|ans)\b)",
    re.IGNORECASE,
)
_WORDS: Final = {
    "four": 4, "five": 5, "six": 6, "seven": 7, "fyra": 4, "fem": 5, "sex": 6, "sju": 7, "fire": 4, "seks": 6, "syv": 7,
    "vier": 4, "vijf": 5, "zes": 6, "zeven": 7, "fünf": 5, "sechs": 6, "sieben": 7, "quatre": 4, "cinq": 5, "sept": 7,
    "cinco": 5, "siete": 7, "sete": 7, "cinque": 5, "sette": 7,
}  # fmt: skip
_POINTS: Final = re.compile(
    rf"\b(\d{{1,2}}|{'|'.join(_WORDS)})[\s-]*(?:-?point|punkts?|poängs?|punts|punten|puntos|pontos|punti|points|gradig"
    r"|gradert|stufig|stufen|trinns?|steg)",
    re.IGNORECASE,
)
_PLACE: Final = re.compile(r"(?<![\d.,\w])(\d{1,3})(?![\d\w]|[.,]\d)")
_IS: Final = re.compile(
    r"^\s*(?:=|:|\(|-|→|is\b|are\b|being\b|means?\b|for\b|är\b|er\b|betyder\b|betyr\b|betekent\b|bedeutet\b|ist\b"
    r"|signifie\b|étant\b|significa\b|es\b|é\b|è\b|står för\b|meaning\b|stands for\b)",
    re.IGNORECASE,
)
_STOP: Final = re.compile(
    r"[,;.)(/|?]|(?<=\S)\s(?:and|och|og|en|und|et|y|e|to|til|till|tot|bis)\s|\s-\s", re.IGNORECASE
)
# The question itself says likely, and means neither end by it.
_QUESTION: Final = re.compile(r"\b(?:how|hur|hvor|hoe|wie|quelle|qué|quanto|cu[aá]n)\b|\?", re.IGNORECASE)
_LOWS: Final = (0, 1)


def asked_scale(wording: str) -> Asked | None:
    """Return the scale that a header states; None where it states none.

    Examples
    --------
    >>> [asked_scale(text).high for text in ("On a scale from 1 to 5?", "Recommend (1-7)", "0-10", "Sju-gradig skala")]
    [5, 7, 10, 7]
    >>> asked_scale("Recommend us? (0 = extremely likely, 10 = not at all likely)").turned
    True
    >>> asked_scale("Empfehlen Sie uns? (1 = sehr gut, 6 = ungenügend)").high
    6
    >>> asked_scale("Betyg (1-10)").low, asked_scale("Betyg (0-10)").low
    (1, 0)
    >>> asked_scale("How likely are you to recommend us?") is None
    True
    """
    text = tidy(wording)
    highs = dict(_stated(text))
    turned = _is_turned(text)
    if HIGHEST in highs:
        low = min((low for low, high in _ranges(text) if high == HIGHEST), default=0)
        return Asked(low, HIGHEST, turned or highs[HIGHEST], turned=turned is not None)
    if not highs:
        return None if turned is None else Asked(0, HIGHEST, turned, turned=True)
    high = max(highs)
    if turned is None:
        return Asked(0, high, highs[high])
    # A scale that ends at 6 and is the other way round is no scale from 10 to 0.
    return Asked(0, high, turned if highs[high] in turned else f"{turned}, {highs[high]}", turned=True)


def _ranges(text: str) -> Iterator[tuple[int, int]]:
    """Yield the ends of every scale from 0 or 1 that is named with both."""
    for found in (*_RANGE.finditer(text), *_BETWEEN.finditer(text)):
        ends = sorted((int(found[1]), int(found[2])))
        if ends[0] in _LOWS and ends[1] > 1:
            yield ends[0], ends[1]


def _stated(text: str) -> Iterator[tuple[int, str]]:
    """Yield the highest answer of every scale that is named, with the words that name it."""
    for found in (*_RANGE.finditer(text), *_BETWEEN.finditer(text)):
        ends = sorted((int(found[1]), int(found[2])))
        if ends[0] in _LOWS and ends[1] > 1:
            yield ends[1], found[0].strip()
    for found in _OUT_OF.finditer(text):
        if int(found[1]) > 2:
            yield int(found[1]), found[0].strip()
    for found in _POINTS.finditer(text):
        points = _WORDS.get(found[1].casefold()) or int(found[1])
        # The scale from 0 to 10 has eleven points.
        yield (HIGHEST if points == HIGHEST + 1 else points), found[0].strip()
    if stars := STARS.search(text):
        yield 5, stars[0]
    anchors = _anchors(text)
    if len(anchors) > 1 and min(anchors)[0] in _LOWS and any(end_of(words) for _, words in anchors):
        high = max(anchors)
        yield high[0], f"{high[0]} = {high[1]}"


def _anchors(text: str) -> list[tuple[int, str]]:
    """Return the numbers that the header explains, each with its words: behind it, or before it in brackets."""
    text = _RANGE.sub(" ", text)
    places = list(_PLACE.finditer(text))
    ends = [*(place.start() for place in places[1:]), len(text)][: len(places)]
    behind, before, last = [], [], 0
    for place, end in zip(places, ends, strict=True):
        after = text[place.end() : end]
        if sign := _IS.match(after):
            behind.append((int(place[1]), _first_clause(after[sign.end() :])))
        if text[place.start() - 1 : place.start()] == "(" and after.startswith(")"):
            before.append((int(place[1]), _last_clause(text[last : place.start() - 1])))
        elif re.search(r"(?:=|:|\sis|\sär|\ser|\sist)\s*$", text[last : place.start()]):
            before.append((int(place[1]), _last_clause(re.sub(r"\W*\w*\W*$", "", text[last : place.start()]))))
        last = place.end()
    behind, before = (
        [(n, words) for n, words in found if not _QUESTION.search(words) and not RECOMMEND.search(words)]
        for found in (behind, before)
    )
    told = sum(end_of(words) is not None for _, words in behind)
    return behind if told >= 2 or len(behind) > len(before) else before


def _first_clause(text: str) -> str:
    parts = [part for part in _STOP.split(text.strip()) if part and part.strip()]
    return parts[0].strip() if parts else ""


def _last_clause(text: str) -> str:
    parts = [part for part in _STOP.split(text.strip()) if part and part.strip()]
    return parts[-1].strip() if parts else ""


def _is_turned(text: str) -> str | None:
    """Return the words that make the low numbers the good answers; None where none do."""
    anchors = [(number, words, end_of(words)) for number, words in _anchors(text)]
    told = [anchor for anchor in anchors if anchor[2] is not None]
    if not told:
        return None
    middle = max(number for number, _, _ in anchors) / 2 if len(anchors) > 1 else HIGHEST / 2
    wrong = [(number, words) for number, words, end in told if (end == "high") == (number <= middle)]
    if 2 * len(wrong) <= len(told):
        return None
    return ", ".join(f"{number} = {words}" for number, words in wrong)
