r"""Days in numbers as people part them by hand: `3/2 2026`, `3. 2. 2026`, `3.2.-26`, `3/2 '26`, `2026 3/2`, `03022026`.

They become the same numbers parted as programs part them, in the order in which they stand: which of them is the day
and which the month is decided by the whole column, as for `3/2/2026`. Nothing is a day here that could not be one in
either order.
"""

from __future__ import annotations

import re
from typing import Final

_SIGN: Final = r"[-–/.\\_]"
# Behind a year stands no further number of a day, and no second part of a clock: 3/2 14.30 names no year.
_END: Final = r"(?![\d/-]|[:.]\d)(?P<rest>.*)"
_YEAR_LAST: Final = re.compile(
    rf"(?P<a>\d{{1,2}})(?P<one> ?{_SIGN} ?| )(?P<b>\d{{1,2}})(?P<two>[.,]{{0,2}} ?{_SIGN}? ?['’]?)(?P<y>\d{{4}}|\d\d)"
    rf"{_END}"
)
_YEAR_FIRST: Final = re.compile(
    rf"(?P<y>\d{{4}})(?P<one>,? ?{_SIGN} ?|,? )(?P<a>\d{{1,2}})(?P<two> ?{_SIGN} ?| )(?P<b>\d{{1,2}}){_END}"
)
# Without signs, day and month before the year; a number has lost the zero that it began with.
_TOGETHER: Final = re.compile(r"(?P<a>\d{1,2})(?P<b>\d\d)(?P<y>\d{4})(?!\d)(?P<rest>.*)")
_CENTURIES: Final = ("19", "20")


def parted(text: str) -> tuple[str, str] | None:
    """Return a day as programs write it, and what stands behind it; None where there is none.

    Examples
    --------
    >>> [parted(cell) for cell in ("3/2 2026", "3. 2. 2026 14:30", "3.2.-26", "3/2 '26", "03022026", "3022026")]
    [('3/2/2026', ''), ('3.2.2026', ' 14:30'), ('3.2.26', ''), ('3/2/26', ''), ('03/02/2026', ''), ('3/02/2026', '')]
    >>> parted("2026 3/2"), parted("2026 02 03"), parted("3/2 14.30"), parted("45 17 2026"), parted("3 2 26")
    (('3/2/2026', ''), ('2026-02-03', ''), None, None, None)
    """
    if found := _TOGETHER.fullmatch(text):
        return _day(found, "/")
    if found := _YEAR_LAST.fullmatch(text):
        one, two = found["one"].strip(), found["two"]
        short = len(found["y"]) == 2
        # 3 2 26 may be anything; and where nothing stands before the year, b and the year are one number.
        if not two or (short and not one):
            return None
        return _day(found, "." if "." in one else "/")
    if found := _YEAR_FIRST.fullmatch(text):
        one, two = found["one"].strip(" ,"), found["two"].strip()
        if one == two:
            return _day(found, None)
        return _day(found, two) if not one and two in ("/", ".") else None
    return None


def _day(found: re.Match[str], sign: str | None) -> tuple[str, str] | None:
    """Write the numbers with a sign between them, or year first where there is none."""
    low, high = sorted((int(found["a"]), int(found["b"])))
    year = found["y"]
    if not (1 <= low <= 12 and high <= 31) or (len(year) == 4 and year[:2] not in _CENTURIES):
        return None
    parts = (found["a"], found["b"], year) if sign else (year, found["a"], found["b"])
    return (sign or "-").join(parts), found["rest"]
