"""The number in one label of a scale, in the spellings of survey tools: `10. Extremely likely`, `7 av 10`, `(0) nein`.

Only the number is read here, with what it is said to be out of; whether it is an answer is for `scale` to say. A text
whose number may be something else (`8-9`, `10:30`, `7-Oct`, `5 %`, `A10`) has none.
"""

from __future__ import annotations

import functools
import html
import re
import unicodedata
from typing import Final, NamedTuple

# Longer texts are remarks, in which a number counts days or people. A value label of SPSS has up to 120, and its code.
LONGEST: Final = 128

_NUMBER: Final = re.compile(r"\d+(?:[.,]\d+)?")
_MARKED: Final = re.compile(r"[^ -~]|[<&]|  |_x")
_LETTERS_BEFORE: Final = re.compile(r"[^\W\d_]+$")
_LETTERS_AFTER: Final = re.compile(r"[^\W\d_]+")
_ORDINALS: Final = frozenset({"st", "nd", "rd", "th", "er"})
_PLAIN: Final = re.compile(r"[-+−]?\d+(?:[.,]\d+)?\.?")
_TAG: Final = re.compile(r"</?[A-Za-z][^<>]{0,60}>")
# `(0-10)`, `on a scale of 0 to 10`: what is asked, beside the answer.
_RANGE: Final = re.compile(
    r"[\[(]?\b(?:0|1)\s*(?:-|to|til|till|tot|bis|à|a|al|ate|até)\s*10\b[\])]?|[\[(]\s*\d{1,2}\s*-\s*\d{1,2}\s*[\])]",
    re.IGNORECASE,
)
# What stands between an answer and the highest one.
_OF: Final = re.compile(
    r"[^\w]*(?:/|\||⁄|\b(?:(?:(?:ud|ut)\s+)?a[vf]|utav|(?:out\s+)?of|von|aus|auf|van(?:\s+de)?|uit|op|sur|parmi|de|sobre|em|entre"
    r"|su|din|z|ze|na|od|iz)\b)[^\w]*(?:(?:a\s+)?(?:possible|maximum|max\.?|möjliga|mulige|total)[^\w]*)?",
    re.IGNORECASE,
)
# The highest one first: `10点中7点`, `10 üzerinden 7`, `10점 만점에 7점`.
_FIRST_OF: Final = re.compile(r"[^\d]{0,6}(?:中の?|üzerinden|만점에|-?b[őo]l)[^\d]{0,2}", re.IGNORECASE)
# A unit or a comparison: the number is no answer.
_OTHER: Final = re.compile(r"[%‰€$£°<>≤≥±★☆*+]|\b(?:percent|procent|prosent|prozent|pour\s?cent)\b", re.IGNORECASE)
STARS: Final = re.compile(
    r"\bstars?\b|stjärn|stjerne|\bsterren\b|\bsterne[n]?\b|étoile|estrella|estrela|\bstelle\b|tähte|[★☆⭐]",
    re.IGNORECASE,
)
# What a spreadsheet makes of 7/10.
_MONTH: Final = r"(?:jan|feb|m[aä]r|apr|ma[yji]|jun|jul|aug|sep|okt|oct|nov|de[cz])[a-z]{0,6}\.?"
_DAY: Final = re.compile(rf"\d{{1,2}}[-. /]*{_MONTH}|{_MONTH}[-. /]*\d{{1,2}}", re.IGNORECASE)

# A column of answers has few distinct cells, and is looked at many times until its file is understood.
CELLS: Final = 16_384


class Numbered(NamedTuple):
    """The number of a label, the highest answer it names, and its words; `value` is None where no number is certain."""

    value: float | None
    out_of: float | None
    words: str
    plain: bool


@functools.lru_cache(maxsize=CELLS)
def tidy(text: str) -> str:
    r"""Return a cell in one line of plain characters: no mark-up, no special spaces, digits as 0 to 9.

    Examples
    --------
    >>> tidy(" １０\nExtremely<br>likely&nbsp;"), tidy("7️⃣")
    ('10 Extremely likely', '7')
    """
    if text.isascii() and not _MARKED.search(text):
        return text.strip()
    text = html.unescape(text).replace("🔟", "10").replace("_x000D_", " ")
    text = _TAG.sub(" ", unicodedata.normalize("NFKC", text))
    kept = (c for c in text if unicodedata.category(c) not in ("Cf", "Me") and c != "\ufe0f")
    plain = (str(unicodedata.digit(c)) if c.isdigit() and unicodedata.category(c) == "Nd" else c for c in kept)
    return re.sub(r"[\s\x00-\x1f]+", " ", "".join(plain).replace("–", "-").replace("—", "-")).strip()


@functools.lru_cache(maxsize=CELLS)
def read_numbered(text: str) -> Numbered:
    r"""Find the number of a label.

    Examples
    --------
    >>> [read_numbered(cell).value for cell in ("10. Extremely likely", "Inte alls\n0", "[10]", "7 av 10", "8")]
    [10.0, 0.0, 10.0, 7.0, 8.0]
    >>> read_numbered("4/5")[:2]
    (4.0, 5.0)
    >>> [read_numbered(cell).value for cell in ("8-9", "10-Jul", "A10", "10:30", "80 %", "Not at all likely")]
    [None, None, None, None, None, None]
    """
    if len(text) > 4 * LONGEST:
        return Numbered(None, None, text, plain=False)
    cell = tidy(text)
    if _PLAIN.fullmatch(cell):
        return Numbered(_number(cell.rstrip(".")), None, "", plain=True)
    nothing = Numbered(None, None, cell, plain=False)
    if len(cell) > LONGEST or _OTHER.search(cell) or _DAY.fullmatch(cell):
        return nothing
    found = _numbers(cell)
    if len(found) > 1:
        cell = _without_range(cell)
        found = _numbers(cell)
    if not found or any(_is_code(cell, place) for place in found):
        return nothing
    words = " ".join(_NUMBER.sub(" ", cell).split())
    values = [_number(place[0]) for place in found]
    if cell.startswith(("-", "−")) and found[0].start() == 1:
        values[0] = -values[0]
    if len(set(values)) == 1:
        return Numbered(values[0], None, words, plain=False)
    if len(values) == 2:
        between = cell[found[0].end() : found[1].start()]
        if _OF.fullmatch(between) and values[0] <= values[1]:
            return Numbered(values[0], values[1], words, plain=False)
        if _FIRST_OF.fullmatch(between):
            return Numbered(values[1], values[0], words, plain=False)
    return nothing


def _without_range(cell: str) -> str:
    """Leave out the scale, or the band of an answer, that stands beside the answer."""
    shorter = _RANGE.sub(" ", cell)
    return shorter if _NUMBER.search(shorter) else cell


def _numbers(cell: str) -> list[re.Match[str]]:
    return list(_NUMBER.finditer(cell))


def _number(text: str) -> float:
    return float(text.replace(",", ".").replace("−", "-"))


def _is_code(cell: str, place: re.Match[str]) -> bool:
    """Say whether a number is glued to one or two letters, as in A10 or 1st; whole words grow onto it in SPSS files."""
    before = _LETTERS_BEFORE.search(cell[: place.start()])
    after = _LETTERS_AFTER.match(cell[place.end() :])
    if before and len(before[0]) < 3 and before[0].isascii():
        return True
    if not after or len(after[0]) > 2 or not after[0].isascii():
        return False
    grown = len(after[0]) == 2 and re.match(r" [^\W\d_]", cell[place.end() + 2 :])
    return after[0].casefold() in _ORDINALS or not grown
