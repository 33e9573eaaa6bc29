"""Cells of money tables: account ids as text, amounts as bookkeepers write them, dates in one stated order."""

from __future__ import annotations

import re
from typing import Any, Final, Literal, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from nps_utils.checks import Undecidable

DecimalMark: TypeAlias = Literal[".", ","]

_WHOLE_FLOAT: Final = re.compile(r"^-?\d+\.0+$")
_SYMBOLS: Final = {"€": "EUR", "£": "GBP", "$": "$", "kr": "kr"}
_SYMBOL: Final = re.compile(r"€|£|\$|\bkr\b\.?|\b[A-Z]{3}\b", re.IGNORECASE)
_SPACES: Final = re.compile(r"[\s\u00a0\u202f'’]")
_PLAIN: Final = re.compile(r"\d+(?:\.\d+)?")
_NUMBER: Final = re.compile(r"^[+-]?\d[\d.,]*$")


def account_ids(values: pd.Series[Any]) -> tuple[pd.Series[str], int]:
    """Return ids as text and how many were read back from a float ("123.0" is account 123); empty ids are null.

    Examples
    --------
    >>> ids, restored = account_ids(pd.Series(["123.0", " A-7 ", None]))
    >>> ids.tolist(), restored
    (['123', 'A-7', nan], 1)
    """
    if _of_texts(values):  # each different text is looked at once
        codes, different = pd.factorize(values)
        ids, restored = _ids_of(_as_texts(different))
        told = pd.Series(ids.array.take(codes, allow_fill=True), index=values.index, name=values.name)
        return told, int(np.append(restored.to_numpy(), [False])[codes].sum())
    ids, restored = _ids_of(values)
    return ids, int(restored.sum())


def numbered_accounts(values: pd.Series[Any]) -> tuple[NDArray[np.intp], pd.Index[str]]:
    """Return the different ids that `account_ids` gives, in their order as texts, and for each row which it has.

    Numbers are grouped and compared far faster than texts. A row without an account has -1.

    Examples
    --------
    >>> codes, ids = numbered_accounts(pd.Series(["b", "123.0", None, "a", "123"]))
    >>> codes.tolist(), ids.tolist()
    ([2, 0, -1, 1, 0], ['123', 'a', 'b'])
    """
    if _of_texts(values):
        written, different = pd.factorize(values)
        codes, ids = pd.factorize(_ids_of(_as_texts(different))[0], sort=True)
        return np.append(codes, -1)[written], pd.Index(ids, dtype="str")
    codes, ids = pd.factorize(_ids_of(values)[0], sort=True)
    return codes, pd.Index(ids, dtype="str")


def is_among(ids: pd.Index[str], some: pd.Index[str]) -> NDArray[np.bool_]:
    """Say which of some different ids are among others; `isin` goes through hundreds of thousands one by one.

    Examples
    --------
    >>> is_among(pd.Index(["a", "b"]), pd.Index(["b", "c"])).tolist()
    [False, True]
    """
    return np.asarray(some.get_indexer(ids) >= 0)


def _of_texts(values: pd.Series[Any]) -> bool:
    kind = values.dtype.categories.dtype if isinstance(values.dtype, pd.CategoricalDtype) else values.dtype
    return isinstance(kind, pd.StringDtype)


def _as_texts(different: Any) -> pd.Series[str]:
    """Return the distinct values of a column of texts, or of a categorical one, as texts."""
    return pd.Series(different.astype(different.categories.dtype) if hasattr(different, "categories") else different)


def _ids_of(values: pd.Series[Any]) -> tuple[pd.Series[str], pd.Series[bool]]:
    if pd.api.types.is_float_dtype(values):
        whole = values.isna() | (values == np.floor(values.astype(float)))
        text = values.map(lambda v: f"{v:.1f}" if pd.notna(v) else None) if whole.all() else values.astype("string")
    elif isinstance(values.dtype, pd.StringDtype):
        text = values
    else:
        text = values.map(lambda v: str(v) if pd.notna(v) else None)
    text = text.astype("str").str.strip()
    floats = text.str.match(_WHOLE_FLOAT).fillna(value=False).astype(bool)
    text = text.where(~floats, text.str.replace(r"\.0+$", "", regex=True))
    return text.where(text != ""), floats


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
    if isinstance(values.dtype, pd.StringDtype):
        text = values.astype("str").str.strip().fillna("")
    else:
        text = values.map(lambda v: str(v).strip() if pd.notna(v) else "").astype("str")
    index, text = text.index, text.reset_index(drop=True)
    # What is digits alone needs no search for signs; in most tables that is every amount.
    more = text[~text.str.fullmatch(_PLAIN).astype(bool)]
    bare: pd.Series[str] = text
    currency: pd.Series[str] = pd.Series(None, index=text.index, dtype="str")
    if len(more):
        found = more.str.extract(f"({_SYMBOL.pattern})", flags=re.IGNORECASE)[0].str.rstrip(".")
        codes = found.map(lambda s: _SYMBOLS.get(s.lower(), s.upper()), na_action="ignore").astype("str")
        currency = codes.reindex(text.index)
        bare = _bare(more).reindex(text.index).where(text.index.isin(more.index), text)
    numbers = bare.where(bare.str.match(_NUMBER), None)
    mark = decimal or _decimal_mark(numbers.dropna())
    group = "." if mark == "," else ","
    plain = numbers.str.replace(group, "").str.replace(mark, ".")
    return pd.to_numeric(plain, errors="coerce").astype(float).set_axis(index), currency.set_axis(index)


def _bare(text: pd.Series[str]) -> pd.Series[str]:
    """Return amounts without currencies and spaces, and what is below zero with its sign before it."""
    bare = text.str.replace(_SYMBOL, "", regex=True).str.replace(_SPACES, "", regex=True).str.replace("−", "-")
    bracketed = bare.str.match(r"^\(.+\)$")
    bare = bare.where(~bracketed, "-" + bare.str.strip("()"))
    return bare.where(~bare.str.match(r"^[\d.,]+-$"), "-" + bare.str.rstrip("-"))


def _telling(numbers: pd.Series[str]) -> list[str]:
    """Return the amounts by which a mark is decided: of those with plain decimals the last of each mark is enough."""
    plain = [numbers.str.fullmatch(rf"[+-]?\d+{mark}(?:\d{{1,2}}|\d{{4,}})").astype(bool) for mark in (r"\.", ",")]
    told = numbers.str.contains(r"[.,]").astype(bool) & ~plain[0] & ~plain[1]
    for one in plain:
        told[np.flatnonzero(one)[-1:]] = True
    return numbers[told].tolist()


def _decimal_mark(numbers: pd.Series[str]) -> DecimalMark:
    """Decide between decimal comma and decimal point from all amounts of a column."""
    evidence: dict[DecimalMark, str] = {}
    unclear = ""
    for number in _telling(pd.Series(numbers.unique(), dtype="str")):
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
            'which. Write under [revenue] in study.toml: decimal = "," or decimal = ".".'
        )
    return next(iter(evidence), ".")
