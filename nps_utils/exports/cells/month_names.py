"""One date cell that is not written in plain numbers: month names, dates without separators, words around the time.

`24. mai 2015`, `Feb 24, 2015 3:05 PM`, `20240131`, `24.02.2015 kl. 11.35`, `2025-03-01 10:15 CET`, `den 3/2 2026` and a
serial with a decimal comma become the same moment in digits. Names of months and of the halves of the day are those of
the Unicode CLDR in eleven languages, in which no name stands for two months. What is not understood to its last letter
is not touched: it stays as it was and ends in the ledger.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Final, NamedTuple

from nps_utils.exports.cells.by_hand import parted

LANGUAGES: Final = ("en", "sv", "nb", "da", "nl", "de", "fr", "es", "pt", "fi", "it")
# The English short forms are read in every language; nobody's CLDR has these.
_SHORT: Final[Mapping[str, int]] = {"sept": 9, "mars": 3, "maj": 5, "febr": 2, "jän": 1, "jänner": 1}
# Zones that mean one offset in Europe, and those of North America as RFC 5322 defines them; others (IST, AST, BST)
# stand for several and are left alone.
_ZONES: Final[Mapping[str, str]] = {
    "z": "Z", "utc": "Z", "gmt": "Z", "wet": "+00:00", "west": "+01:00", "cet": "+01:00", "cest": "+02:00",
    "mez": "+01:00", "mesz": "+02:00", "eet": "+02:00", "eest": "+03:00", "oez": "+02:00", "oesz": "+03:00",
    "est": "-05:00", "edt": "-04:00", "cst": "-06:00", "cdt": "-05:00", "mst": "-07:00", "mdt": "-06:00",
    "pst": "-08:00", "pdt": "-07:00",
}  # fmt: skip
LONGEST: Final = 80

# What the usual path reads, or what surely is no date: cells of digits and signs, with AM, PM, T, Z or UTC among them.
_PLAIN: Final = re.compile(r"[\d\s:./,+T-]*(?:\d\s?[AaPp]\.?[Mm]\.?)?\s?(?:(?:Z|UTC|GMT)?(?:[+-][\d:]+)?)?\s*")
_PACKED: Final = re.compile(r"\d{8}(?:[T ]?\d{4,6}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?")
_PACKED_DAY: Final = re.compile(r"(\d{8}),? +(\d{1,2}[:.]\d\d.*)")
_UNIX: Final = re.compile(r"(\d{10}|\d{13})\.\d+")
_CLOCK_FIRST: Final = re.compile(r"(\d{1,2}:\d\d(?::\d\d)?(?: ?[AaPp]\.?[Mm]\.?)?),? +(\S.*)")
_SERIAL: Final = re.compile(r"([2-7]\d{4}),(\d+)")

# What is parted as programs do it, the year last in two digits included; and the words before a day in numbers.
_USUAL: Final = r"(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.](?:\d{4}|\d\d))"
_AS_USUAL: Final = re.compile(_USUAL)
_WHOLE_USUAL: Final = re.compile(rf"{_USUAL}(?:[T,]? ?\d{{1,2}}[:.]\d\d(?:[:.]\d\d)?)?")
_BEFORE_DAY: Final = re.compile(r"(?:den|d|the|on|op)\b\.? ?(?=\d)", re.IGNORECASE)

_WORD: Final = r"[^\W\d_]+"
_WEEKDAY: Final = re.compile(rf"^({_WORD}(?:-feira)?)\.?,?\s+(?=\S)")
_DAY_MONTH: Final = re.compile(
    rf"^(?:den )?(?P<d>\d{{1,2}})(?:\.|st|nd|rd|th|er|º)?[ ./-]*(?:(?:de|of) )?(?P<m>{_WORD})\.?[ ,./'’-]*"
    r"(?:(?:de|del) )?(?P<y>\d{4}|\d{2})(?!\d|[:.]\d)(?P<rest>.*)$"
)
_MONTH_DAY: Final = re.compile(
    rf"^(?P<m>{_WORD})\.?[ -]*(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?:,? +|-|,)(?P<y>\d{{4}})(?!\d|[:.]\d)(?P<rest>.*)$"
)
_YEAR_MONTH: Final = re.compile(rf"^(?P<y>\d{{4}})[ /.-]*(?P<m>{_WORD})\.?[ /.-]*(?P<d>\d{{1,2}})(?!\d)(?P<rest>.*)$")
# The clock stands between day and year: `Tue Feb 24 10:15:00 +0000 2015`.
_YEAR_LAST: Final = re.compile(
    rf"^(?P<m>{_WORD}) +(?P<d>\d{{1,2}}) (?P<rest>\d{{1,2}}:\d\d(?::\d\d)?(?: [+-]\d{{4}}| {_WORD})?) (?P<y>\d{{4}})$"
)
_COMPACT: Final = re.compile(
    r"^(?P<y>(?:19|20)\d\d)(?P<m>0[1-9]|1[0-2])(?P<d>0[1-9]|[12]\d|3[01])"
    r"(?:[T ]?(?P<h>[01]\d|2[0-3])(?P<i>[0-5]\d)(?P<s>[0-5]\d)?(?:\.\d+)?)?(?P<z>Z|[+-]\d{2}:?\d{2})?$"
)
_DIGITS: Final = re.compile(
    r"^(?P<day>\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{4})(?![\d/-])(?P<rest>.+)$"
)
_CLOCK: Final = re.compile(
    r"^[\s,;–-]*(?:T|kl\.?|klo|klokken|klockan|at|om|um|à|a las|às|alle|ore)?\s*"
    r"(?P<h>\d{1,2}) ?[:.h] ?(?P<i>\d\d)(?:(?:[:.]| ?min ?)(?P<s>\d\d)s?(?:[.,]\d+)?)?\s*(?:(?:uhr|uur|u|h)\b)?\s*"
    rf"(?P<half>[ap]\.?\s?m\b\.?|{_WORD}\.?(?=\s|$))?\s*"
    r"(?P<z>(?:utc|gmt)?\s?[+-]\d{1,2}(?::?\d\d)?|[a-z]{1,4})?\s*(?:\([^()]*\))?$",
    re.IGNORECASE,
)


class _Names(NamedTuple):
    months: Mapping[str, int]
    weekdays: frozenset[str]
    afternoon: Mapping[str, bool]


@cache
def _names() -> _Names:
    """Collect the names of the CLDR; loaded only when a cell has letters that may be such a name."""
    from babel import Locale  # costs a tenth of a second that files with dates in digits need not spend

    months, weekdays = dict(_SHORT), set[str]()
    afternoon = {"am": False, "pm": True}
    for locale in map(Locale, LANGUAGES):
        for use in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                months |= {_bare(name): month for month, name in locale.months[use][width].items()}
                weekdays |= {_bare(name) for name in locale.days[use][width].values()}
        halves = locale.day_periods.get("format", {}).get("abbreviated", {})
        afternoon |= {_bare(halves[half]): half == "pm" for half in ("am", "pm") if half in halves}
    return _Names(months, frozenset(weekdays), afternoon)


def month_number(word: str) -> int | None:
    """Return the month of which a word is the name, or its short form, in one of the languages; None where of none.

    Examples
    --------
    >>> month_number("marts"), month_number("Okt."), month_number("total")
    (3, 10, None)
    """
    return _names().months.get(_bare(word))


def _bare(word: str) -> str:
    return re.sub(r"[.\s]", "", word.casefold())


@lru_cache(maxsize=1 << 16)
def in_digits(cell: str) -> str | None:
    """Return a cell as the usual path reads it; None where it is so already, or is no date.

    Examples
    --------
    >>> in_digits("24. mai 2015"), in_digits("Feb 24, 2015 3:05 PM"), in_digits("20240131")
    ('2015-05-24', '2015-02-24 15:05:00', '2024-01-31')
    >>> in_digits("24.02.2015 kl. 11.35"), in_digits("2025-03-01 10:15 CET"), in_digits("45717,5")
    ('24.02.2015 11:35:00', '2025-03-01 10:15:00+01:00', '45717.5')
    >>> in_digits("1741345000.0"), in_digits("10:15 24/02/2015")
    ('1741345000', '24/02/2015 10:15')
    >>> in_digits("3/2 2026 kl. 14.30"), in_digits("fre. d. 3/2-26"), in_digits("03022026")
    ('3/2/2026 14:30:00', '3/2-26', '03/02/2026')
    >>> in_digits("24.02.2015 11:35"), in_digits("31. juni 2015"), in_digits("may 2015"), in_digits("we met 24 people")
    (None, None, None, None)
    """
    text = " ".join(cell.split())
    if not 6 <= len(text) <= LONGEST or not any(char.isdigit() for char in text):
        return None
    if serial := _SERIAL.fullmatch(text):
        return f"{serial[1]}.{serial[2]}"
    if unix := _UNIX.fullmatch(text):
        return unix[1]
    if (turned := _CLOCK_FIRST.fullmatch(text)) and "/" not in turned[1]:
        whole = f"{turned[2]} {turned[1]}"
        return in_digits(whole) or (whole if _DIGITS.match(whole) else None)
    if _PACKED.fullmatch(text):
        return _unpacked(text) or _by_hand(text)
    if (beside := _PACKED_DAY.fullmatch(text)) and (day := _unpacked(beside[1])):
        return _with_clock(day, beside[2])
    if _PLAIN.fullmatch(text):
        return None if _AS_USUAL.match(text) else _by_hand(text)
    if found := _DIGITS.match(text):
        clock = _clock(found["rest"])
        return f"{found['day']} {clock}" if clock else None
    return _by_hand(text) or _named(text) or _after_words(text)


def _by_hand(text: str) -> str | None:
    """Return a day in numbers that is parted in no program's way, with its time of day."""
    found = parted(text)
    return _with_clock(*found) if found else None


def _after_words(text: str) -> str | None:
    """Return what stands behind a day of the week and words such as "den", where it is a date of itself."""
    rest = text
    if (weekday := _WEEKDAY.match(rest)) and _bare(weekday[1]) in _names().weekdays:
        rest = rest[weekday.end() :]
    if before := _BEFORE_DAY.match(rest):
        rest = rest[before.end() :]
    if rest == text or not rest[:1].isdigit():
        return None
    return in_digits(rest) or (rest if _WHOLE_USUAL.fullmatch(rest) else None)


def _with_clock(day: str, rest: str) -> str | None:
    """Return a day with what stands behind it; a zone and no time says that it begins there at midnight."""
    rest = rest.strip(" ,.")
    if not rest:
        return day
    if rest.casefold() in ("utc", "gmt"):
        return f"{day} 00:00:00Z"
    clock = _clock(rest)
    return f"{day} {clock}" if clock else None


def _unpacked(text: str) -> str | None:
    found = _COMPACT.match(text)
    if found is None or not _is_day(int(found["y"]), int(found["m"]), int(found["d"])):
        return None
    day = f"{found['y']}-{found['m']}-{found['d']}"
    return f"{day} {found['h']}:{found['i']}:{found['s'] or '00'}{found['z'] or ''}" if found["h"] else day


def _named(text: str) -> str | None:
    if (weekday := _WEEKDAY.match(text)) and _bare(weekday[1]) in _names().weekdays:
        # A month may have the name of a weekday (mar. is mardi and March); the month is what the day belongs to.
        shorter = text[weekday.end() :]
        return _named(shorter) or _of_month(text)
    return _of_month(text)


def _of_month(text: str) -> str | None:
    for form in (_DAY_MONTH, _MONTH_DAY, _YEAR_MONTH, _YEAR_LAST):
        if (found := form.match(text)) is None or (month := _names().months.get(_bare(found["m"]))) is None:
            continue
        # Excel writes 24-Feb-15; behind a month's name two digits are a year of this century.
        year, day = int(found["y"]) + (2000 if len(found["y"]) == 2 else 0), int(found["d"])
        if not _is_day(year, month, day):
            return None
        return _with_clock(f"{year:04d}-{month:02d}-{day:02d}", found["rest"])
    return None


def _is_day(year: int, month: int, day: int) -> bool:
    try:
        dt.date(year, month, day)
    except ValueError:
        return False
    return True


def _clock(text: str) -> str | None:
    """Return the time of day with its zone, in digits; None where any of it is not understood."""
    found = _CLOCK.match(text.strip())
    if found is None:
        return None
    hour, minute, second = int(found["h"]), int(found["i"]), int(found["s"] or 0)
    half, zone = _bare(found["half"] or ""), _bare(found["z"] or "")
    if half and half not in _names().afternoon:
        # One word may be the half of the day or the zone.
        if zone:
            return None
        half, zone = "", half
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + 12 * _names().afternoon[half]
    offset = _offset(zone)
    if hour > 23 or minute > 59 or second > 59 or offset is None:
        return None
    return f"{hour:02d}:{minute:02d}:{second:02d}{offset}"


def _offset(zone: str) -> str | None:
    """Return the offset of a zone as ISO writes it, nothing for none, None for one we do not know."""
    if not zone:
        return ""
    if known := _ZONES.get(zone):
        return known
    stated = re.fullmatch(r"(?:utc|gmt)?([+-])(\d{1,2})(?::?(\d\d))?", zone)
    return f"{stated[1]}{int(stated[2]):02d}:{stated[3] or '00'}" if stated else None
