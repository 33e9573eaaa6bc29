"""Numbers as text, one way each, with the signs of a language: points, shares, counts, p-values, amounts."""

from __future__ import annotations

import math
from typing import Final, NamedTuple

_FINEST: Final = 5  # decimals
_AS_ZERO: Final = 0.5 * 10.0**-_FINEST  # a limit nearer to zero is zero
ABSENT: Final = "–"  # what cannot be said


class Signs(NamedTuple):
    """What parts and marks the digits of a number; as they stand here on the pages, which are in English."""

    decimal: str = "."
    thousands: str = ","
    minus: str = "-"
    percent: str = " %"


ENGLISH: Final = Signs()


def decimals(value: float, digits: int, *, signed: bool = False, signs: Signs = ENGLISH) -> str:
    """Return a number with so many decimals; zero has no sign, and what is no finite number is a dash.

    Examples
    --------
    >>> decimals(-1234.56, 1), decimals(0.314, 2, signed=True), decimals(-0.04, 1), decimals(float("nan"), 1)
    ('-1,234.6', '+0.31', '0.0', '–')
    >>> decimals(-1234.56, 1, signs=Signs(decimal=",", thousands=".", minus="−"))
    '−1.234,6'
    """
    if not math.isfinite(value):
        return ABSENT
    text = f"{value:+,.{digits}f}" if signed else f"{value:,.{digits}f}"
    if text[0] in "+-" and not text.strip("+-0."):
        text = text[1:]
    return _in(text, signs)


def points(value: float, *, signs: Signs = ENGLISH) -> str:
    """Return a score or a change with its sign and one decimal.

    Examples
    --------
    >>> points(-24.66), points(50.0), points(0.04), points(float("nan"))
    ('-24.7', '+50.0', '0.0', '–')
    """
    return decimals(value, 1, signed=True, signs=signs)


def size(value: float, *, signs: Signs = ENGLISH) -> str:
    """Return a number of points without a sign."""
    return decimals(abs(value), 1, signs=signs)


def share(value: float, *, digits: int = 1, signs: Signs = ENGLISH) -> str:
    """Return a proportion 0..1 in percent.

    Examples
    --------
    >>> share(0.3333), share(1.0), share(0.3333, digits=0)
    ('33.3 %', '100.0 %', '33 %')
    """
    text = decimals(100 * value, digits, signs=signs)
    return text if text == ABSENT else text + signs.percent


def count(value: float, *, signs: Signs = ENGLISH) -> str:
    """Return a whole number with thousands set off.

    Examples
    --------
    >>> count(12345)
    '12,345'
    """
    return decimals(value, 0, signs=signs)


def pvalue(value: float, *, signs: Signs = ENGLISH) -> str:
    """Return a p-value with three decimals, and never as zero.

    Examples
    --------
    >>> pvalue(0.0421), pvalue(0.00002), pvalue(1.0)
    ('0.042', '<0.001', '1.000')
    """
    return ("<" if value < 0.001 else "") + decimals(max(value, 0.001), 3, signs=signs)


def number(value: float, *, signs: Signs = ENGLISH) -> str:
    """Return a plain number with three significant digits, whole when it is.

    Examples
    --------
    >>> number(0.14731), number(1234.5), number(3.0)
    ('0.147', '1,234', '3')
    """
    if not math.isfinite(value) or value == round(value) or abs(value) >= 1000:
        return decimals(value, 0, signs=signs)
    return _in(f"{value:.3g}", signs)


def effect(value: float, *, signs: Signs = ENGLISH) -> str:
    """Return a correlation or slope with its sign and two decimals, three where it is small.

    Examples
    --------
    >>> effect(0.162), effect(-2.25), effect(0.0423), effect(0.0)
    ('+0.16', '-2.25', '+0.042', '0.00')
    """
    return decimals(value, 2 if abs(value) >= 0.1 or value == 0 else 3, signed=True, signs=signs)


def finer(low: float, high: float, digits: int) -> int:
    """Return by how many decimals two limits are told apart, and each from zero, from so many on.

    Of millions of answers limits are close; and a rise beside "0.0 to +0.5" would contradict its own interval.

    Examples
    --------
    >>> finer(-1.84, 14.0, 1), finer(-0.0412, -0.0391, 1), finer(2.0, 2.0, 1)
    (1, 3, 1)
    >>> finer(0.032, 0.51, 1), finer(0.0, 0.51, 1)
    (2, 1)
    """
    if not low < high:
        return digits
    far = [limit for limit in (low, high) if abs(limit) >= _AS_ZERO]
    for more in range(digits, _FINEST):
        if f"{low:.{more}f}" != f"{high:.{more}f}" and all(f"{abs(limit):.{more}f}".strip("0.") for limit in far):
            return more
    return _FINEST


def rounded(value: float, *, digits: int = 3) -> float:
    """Return an amount to so many significant digits, and to no fraction: more would be said than is known.

    Examples
    --------
    >>> rounded(1234567.0), rounded(12.6)
    (1230000.0, 13.0)
    """
    return round(value, -max(len(str(int(abs(value)))) - digits, 0))


def _in(text: str, signs: Signs) -> str:
    if signs is ENGLISH:  # the thousands of cells of a page
        return text
    return text.translate({ord("."): signs.decimal, ord(","): signs.thousands, ord("-"): signs.minus})
