"""Numbers as text, one way each: points, shares, counts, p-values, intervals."""

from __future__ import annotations

import math
from typing import Literal, TypeAlias

import pandas as pd

Kind: TypeAlias = Literal["text", "points", "signed", "share", "count", "pvalue", "number", "effect", "money", "date"]
ABSENT = "–"


def points(value: float) -> str:
    """Return a score with its sign and one decimal; zero has none, and what cannot be said is a dash.

    Examples
    --------
    >>> points(-24.66), points(50.0), points(0.04), points(float("nan"))
    ('-24.7', '+50.0', '0.0', '–')
    """
    if math.isnan(value):
        return ABSENT
    text = f"{value:+.1f}"
    return "0.0" if text in ("+0.0", "-0.0") else text


def share(value: float) -> str:
    """Return a proportion 0..1 in percent.

    Examples
    --------
    >>> share(0.3333), share(1.0)
    ('33.3 %', '100.0 %')
    """
    return f"{100 * value:.1f} %"


def count(value: float) -> str:
    """Return a whole number with thousands set off.

    Examples
    --------
    >>> count(12345)
    '12,345'
    """
    return f"{value:,.0f}"


def pvalue(value: float) -> str:
    """Return a p-value with three decimals, and never as zero.

    Examples
    --------
    >>> pvalue(0.0421), pvalue(0.00002), pvalue(1.0)
    ('0.042', '<0.001', '1.000')
    """
    return "<0.001" if value < 0.001 else f"{value:.3f}"


def number(value: float) -> str:
    """Return a plain number with three significant digits, whole when it is.

    Examples
    --------
    >>> number(0.14731), number(1234.5), number(3.0)
    ('0.147', '1,234', '3')
    """
    if value == round(value) or abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def effect(value: float) -> str:
    """Return a correlation or slope with its sign and two decimals, three where it is small; zero has no sign.

    Examples
    --------
    >>> effect(0.162), effect(-2.25), effect(0.0423), effect(0.0)
    ('+0.16', '-2.25', '+0.042', '0.00')
    """
    text = f"{value:+.2f}" if abs(value) >= 0.1 or value == 0 else f"{value:+.3f}"
    return text[1:] if float(text) == 0 else text


def money(value: float) -> str:
    """Return an amount without decimals, thousands set off."""
    return f"{value:,.0f}"


def interval(low: float, high: float) -> str:
    """Return the limits of an interval in points; one answer, for example, has none.

    Examples
    --------
    >>> interval(-1.84, 14.0), interval(float("nan"), float("nan"))
    ('-1.8 to +14.0', 'no interval')
    """
    if math.isnan(low) or math.isnan(high):
        return "no interval"
    return f"{points(low)} to {points(high)}"


def text(value: object) -> str:
    """Return a cell as text; dates without a time of midnight, nothing as a dash."""
    if isinstance(value, pd.Timestamp):
        return value.strftime("%Y-%m-%d" if value == value.normalize() else "%Y-%m-%d %H:%M")
    return str(value)


_NUMERIC = {
    "points": points,
    "signed": points,
    "share": share,
    "count": count,
    "pvalue": pvalue,
    "number": number,
    "effect": effect,
    "money": money,
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
        return ABSENT if math.isinf(float(value)) else _NUMERIC[kind](float(value))  # type: ignore[arg-type]
    return text(value)


def listed(words: list[str]) -> str:
    """Join words as a sentence does.

    Examples
    --------
    >>> listed(["a", "b", "c"]), listed(["a"])
    ('a, b and c', 'a')
    """
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + " and " + words[-1] if words else ""
