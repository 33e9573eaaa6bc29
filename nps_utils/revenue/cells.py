"""Cells of money tables: account ids as text, amounts as bookkeepers write them, dates in one stated order."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final, Literal, TypeAlias

import numpy as np
import pandas as pd

from nps_utils.checks import Undecidable

DecimalMark: TypeAlias = Literal[".", ","]

_WHOLE_FLOAT: Final = re.compile(r"^-?\d+\.0+$")
_SYMBOLS: Final = {"€": "EUR", "£": "GBP", "$": "$", "kr": "kr"}
_SYMBOL: Final = re.compile(r"€|£|\$|\bkr\b\.?|\b[A-Z]{3}\b", re.IGNORECASE)
_SPACES: Final = re.compile(r"[\s\u00a0\u202f'’]")
_NUMBER: Final = re.compile(r"^[+-]?\d[\d.,]*$")
_PARTS: Final = re.compile(r"^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})\b")


def account_ids(values: pd.Series[Any]) -> tuple[pd.Series[str], int]:
    """Return ids as text and how many were read back from a float ("123.0" is account 123); empty ids are null.

    Examples
    --------
    >>> ids, restored = account_ids(pd.Series(["123.0", " A-7 ", None]))
    >>> ids.tolist(), restored
    (['123', 'A-7', nan], 1)
    """
    if pd.api.types.is_float_dtype(values):
        whole = values.isna() | (values == np.floor(values.astype(float)))
        text = values.map(lambda v: f"{v:.1f}" if pd.notna(v) else None) if whole.all() else values.astype("string")
    else:
        text = values.map(lambda v: str(v) if pd.notna(v) else None)
    text = text.astype("str").str.strip()
    floats = text.str.match(_WHOLE_FLOAT).fillna(value=False).astype(bool)
    text = text.where(~floats, text.str.replace(r"\.0+$", "", regex=True))
    return text.where(text != ""), int(floats.sum())


def amounts(values: pd.Series[Any], *, decimal: DecimalMark | None = None) -> tuple[pd.Series[float], pd.Series[str]]:
    """Return amounts as numbers (NaN where unreadable) and the currency written beside them (null where none).

    The decimal mark is decided for the whole column from its own evidence.

    Parameters
    ----------
    values
        Numbers, or text such as `1 234,50 kr`, `€1,234.50`, `(120)` for minus 120.
    decimal
        The decimal mark, where the column does not decide it.

    Raises
    ------
    Undecidable
        Every separated amount has exactly three digits after one mark: 1.234 may be a thousand or about one.

    Examples
    --------
    >>> amounts(pd.Series(["1 234,50 kr", "(12,5) kr"]))[0].tolist()
    [1234.5, -12.5]
    """
    if pd.api.types.is_numeric_dtype(values):
        return values.astype(float), pd.Series(np.nan, index=values.index, dtype="str")
    text = values.map(lambda v: str(v).strip() if pd.notna(v) else "").astype("str")
    found = text.str.extract(f"({_SYMBOL.pattern})", flags=re.IGNORECASE)[0].str.rstrip(".")
    currency = found.map(lambda s: _SYMBOLS.get(s.lower(), s.upper()), na_action="ignore").astype("str")
    bare = text.str.replace(_SYMBOL, "", regex=True).str.replace(_SPACES, "", regex=True).str.replace("−", "-")
    bracketed = bare.str.match(r"^\(.+\)$")
    bare = bare.where(~bracketed, "-" + bare.str.strip("()"))
    bare = bare.where(~bare.str.match(r"^[\d.,]+-$"), "-" + bare.str.rstrip("-"))
    numbers = bare.where(bare.str.match(_NUMBER), None)
    mark = decimal or _decimal_mark(numbers.dropna())
    group = "." if mark == "," else ","
    plain = numbers.str.replace(group, "").str.replace(mark, ".")
    return pd.to_numeric(plain, errors="coerce").astype(float), currency


def _decimal_mark(numbers: pd.Series[str]) -> DecimalMark:
    """Decide between decimal comma and decimal point from all amounts of a column."""
    evidence: dict[DecimalMark, str] = {}
    unclear = ""
    for number in numbers.unique():
        comma, point = number.count(","), number.count(".")
        if comma and point:
            evidence["," if number.rfind(",") > number.rfind(".") else "."] = number
        elif comma > 1 or point > 1:
            evidence["." if comma else ","] = number
        elif comma or point:
            mark: DecimalMark = "," if comma else "."
            if len(number.split(mark)[1]) == 3 and not re.match(r"^[+-]?0", number):
                unclear = number
            else:
                evidence[mark] = number
    if len(evidence) == 2:
        raise Undecidable(
            f'amounts are written with a decimal comma ("{evidence[","]}") and a decimal point ("{evidence["."]}") '
            "in one column; write them in one way."
        )
    if not evidence and unclear:
        raise Undecidable(
            f'"{unclear}" is a thousand with a separator, or a number with three decimals; the column does not say '
            'which. Give decimal="." or decimal=",".'
        )
    return next(iter(evidence), ".")


def dates(values: pd.Series[Any], *, name: str, day_first: bool | None = None) -> pd.Series[pd.Timestamp]:
    """Return calendar days, NaT where a cell is empty or unreadable; day or month first is decided per column.

    Raises
    ------
    Undecidable
        Cells such as 3/05/2023 fit both orders, and `day_first` is not given.

    Examples
    --------
    >>> dates(pd.Series(["3/05/2023", "17/05/2023"]), name="moved_on").dt.strftime("%Y-%m-%d").tolist()
    ['2023-05-03', '2023-05-17']
    """
    if pd.api.types.is_datetime64_any_dtype(values):
        return _days(values)
    text = values.map(lambda v: str(v).strip() if pd.notna(v) else "").astype("str")
    parts = text.str.extract(_PARTS).apply(pd.to_numeric)
    slashed = parts[0].notna().to_numpy()
    iso = pd.to_datetime(text.where(~slashed & (text != ""), None), format="ISO8601", utc=True, errors="coerce")
    if not slashed.any():
        return _days(iso)
    first, second, year = (parts.loc[slashed, i].to_numpy(dtype=float) for i in range(3))
    if day_first is None:
        day_first = day_order({name: values})
    day, month = (first, second) if day_first else (second, first)
    year = np.where(year < 100, year + 2000, year)
    read = pd.to_datetime(pd.DataFrame({"year": year, "month": month, "day": day}), errors="coerce")
    result = _days(iso)
    result.loc[slashed] = read.to_numpy().astype("datetime64[s]")
    return result


def day_order(columns: Mapping[str, pd.Series[Any]], *, day_first: bool | None = None) -> bool | None:
    """Say whether dates such as 3/05/2023 put the day first, from all date columns of a table together.

    `day_first`, where it is given, is the answer; None where no cell is written that way.

    Examples
    --------
    >>> day_order({"from": pd.Series(["3/05/2023"]), "to": pd.Series(["17/05/2023"])})
    True
    """
    if day_first is not None:
        return day_first
    cells = [pd.DataFrame({"cell": column.astype("str"), "name": name}) for name, column in columns.items()]
    written = pd.concat(cells)
    parts = written["cell"].str.strip().str.extract(_PARTS).apply(pd.to_numeric)
    written, parts = written[parts[0].notna()], parts[parts[0].notna()]
    if written.empty:
        return None
    day, month = (parts[0] > 12).to_numpy(), (parts[1] > 12).to_numpy()
    if day.any() and month.any():
        one, other = (written.iloc[int(np.argmax(where))] for where in (day, month))
        raise Undecidable(
            f'"{one["cell"]}" (column {one["name"]}) puts the day first, "{other["cell"]}" (column {other["name"]}) '
            "the month; write all dates in one order."
        )
    if not (day.any() or month.any()):
        raise Undecidable(
            f'column "{written["name"].iloc[0]}": "{written["cell"].iloc[0]}" may be day/month or month/day, '
            "and no cell decides; give day_first."
        )
    return bool(day.any())


def _days(times: pd.Series[pd.Timestamp]) -> pd.Series[pd.Timestamp]:
    """Return the calendar day as written, without a zone."""
    plain = times.dt.tz_localize(None) if times.dt.tz is not None else times
    return plain.dt.normalize().astype("datetime64[s]")
