"""What the cells of a page hold as text, intervals and lists; numbers are written as `words.numbers` has them."""

from __future__ import annotations

import math
from typing import Final, Literal, TypeAlias

import pandas as pd

from nps_utils.words.numbers import ABSENT, count, decimals, effect, finer, number, points, pvalue, share, size

__all__ = [
    "ABSENT",
    "Kind",
    "cell",
    "count",
    "decimals",
    "effect",
    "estimate",
    "finer",
    "interval",
    "limits",
    "listed",
    "number",
    "points",
    "pvalue",
    "share",
    "size",
    "text",
]

Kind: TypeAlias = Literal["text", "points", "signed", "share", "count", "pvalue", "number", "effect", "money", "date"]


def interval(low: float, high: float) -> str:
    """Return the limits of an interval in points; one answer, for example, has none.

    Limits that one decimal does not tell apart, or not from zero, have more.

    Examples
    --------
    >>> interval(-1.84, 14.0), interval(float("nan"), float("nan")), interval(0.022, 0.031), interval(0.04, 0.5)
    ('-1.8 to +14.0', 'no interval', '+0.02 to +0.03', '+0.04 to +0.50')
    """
    if math.isnan(low) or math.isnan(high):
        return "no interval"
    digits = finer(low, high, 1)
    return f"{decimals(low, digits, signed=True)} to {decimals(high, digits, signed=True)}"


def estimate(value: float, low: float, high: float) -> str:
    """Return points with as many decimals as tell their limits apart.

    Examples
    --------
    >>> estimate(-3.21, -4.0, -2.4), estimate(0.026, 0.022, 0.031)
    ('-3.2', '+0.03')
    """
    return decimals(value, finer(low, high, 1), signed=True)


def limits(low: float, high: float, kind: Kind) -> str:
    """Return two limits as cells of a kind, with more decimals where fewer hide that they differ, or leave zero.

    Examples
    --------
    >>> limits(0.1, 0.25, "share"), limits(0.0003, 0.25, "share"), limits(-1.28, -0.03, "points")
    ('10.0 % to 25.0 %', '0.03 % to 25.00 %', '-1.28 to -0.03')
    """
    texts = cell(low, kind), cell(high, kind)
    if texts == (ABSENT, ABSENT):
        return ABSENT
    if kind == "share":
        digits = finer(100 * low, 100 * high, 1)
        return " to ".join(share(limit, digits=digits) for limit in (low, high))
    if kind in _APART:
        digits = finer(low, high, _APART[kind])
        if digits > _APART[kind]:
            return " to ".join(decimals(limit, digits, signed=True) for limit in (low, high))
    return " to ".join(texts)


def text(value: object) -> str:
    """Return a cell as text; dates without a time of midnight, nothing as a dash."""
    if isinstance(value, pd.Timestamp):
        return value.strftime("%Y-%m-%d" if value == value.normalize() else "%Y-%m-%d %H:%M")
    return str(value)


# The decimals of numbers whose limits are read against zero.
_APART: Final[dict[str, int]] = {"points": 1, "signed": 1, "effect": 3}
_NUMERIC = {
    "points": points,
    "signed": points,
    "share": share,
    "count": count,
    "pvalue": pvalue,
    "number": number,
    "effect": effect,
    "money": count,
}


def cell(value: object, kind: Kind) -> str:
    """Return one table cell; what is absent or not a number is a dash.

    Examples
    --------
    >>> cell(0.5, "share"), cell(float("nan"), "points"), cell("2026-Q1", "text")
    ('50.0 %', '–', '2026-Q1')
    """
    if value is None or (not isinstance(value, str) and pd.isna(value)):  # type: ignore[call-overload]
        return ABSENT
    if kind in _NUMERIC and not isinstance(value, str):
        return _NUMERIC[kind](float(value))  # type: ignore[arg-type]
    return text(value)


def listed(words: list[str]) -> str:
    """Join words as a sentence does.

    Examples
    --------
    >>> listed(["a", "b", "c"]), listed(["a"])
    ('a, b and c', 'a')
    """
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + " and " + words[-1] if words else ""
