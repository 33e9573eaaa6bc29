"""Lines of a CSV file of millions of rows: what pandas writes cell by cell, written by columns."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable
from typing import IO, Any, Final

import numpy as np
import pandas as pd
from pandas.api.types import infer_dtype, is_bool_dtype, is_integer_dtype

# So many rows are text at a time.
_ROWS: Final = 1 << 17
_EMPTY: Final = '""'


def write_lines(
    table: pd.DataFrame, file: IO[bytes], *, safe: Callable[[pd.DataFrame], pd.DataFrame] = lambda part: part
) -> bool:
    r"""Write a table as CSV, all but numbers in quotation marks; say False where a column is of another kind.

    What is written then is nothing. Texts, dates and numbers are known; a missing cell is an empty text. What `safe`
    makes of some of the rows is written, of the same kinds: of millions no second table is held.

    Examples
    --------
    >>> import io
    >>> file = io.BytesIO()
    >>> write_lines(pd.DataFrame({"id": ["a", None], "n": [1.5, None], 'a "b" c': [1, 2]}), file)
    True
    >>> print(file.getvalue().decode("utf-8-sig"), end="")
    "id","n","a ""b"" c"
    "a",1.5,1
    "","",2
    """
    import polars as pl  # what reads tables has loaded it

    kinds = [_kind(table.iloc[:, place]) for place in range(table.shape[1])]
    if not kinds or None in kinds:
        return False
    head = ",".join(_quoted(str(name)) for name in safe(table.head(0)).columns)
    file.write(f"\ufeff{head}\n".encode())
    for start in range(0, len(table), _ROWS):
        part = safe(table.iloc[start : start + _ROWS])
        cells = [kind(part.iloc[:, place]) for place, kind in enumerate(kinds) if kind is not None]
        named = pl.DataFrame({str(place): column for place, column in enumerate(cells)})
        lines = named.select(pl.concat_str(pl.all(), separator=","))
        lines.write_csv(file, include_header=False, quote_style="never", line_terminator="\n")
    return True


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _kind(cells: pd.Series[Any]) -> Callable[[pd.Series[Any]], Any] | None:
    """Return what writes the cells of a column, or None."""
    if isinstance(cells.dtype, pd.StringDtype):
        return _texts
    if cells.dtype == object:
        kind = infer_dtype(cells, skipna=True)
        return _texts if kind in ("string", "empty") else _values if kind == "date" else None
    if is_integer_dtype(cells.dtype) and not is_bool_dtype(cells.dtype):
        return _values
    return _values if cells.dtype == "float64" else None


def _texts(cells: pd.Series[Any]) -> Any:
    import polars as pl

    own = pl.from_pandas(cells.astype("string"))
    return '"' + own.str.replace_all('"', '""', literal=True).fill_null("") + '"'


def _values(cells: pd.Series[Any]) -> Any:
    """Write each different value once, as Python does."""
    import polars as pl

    if cells.dtype == "float64":  # by their bits: a zero may be a negative one
        codes, bits = pd.factorize(cells.to_numpy().view(np.int64))
        said = [_EMPTY if math.isnan(one) else repr(one) for one in bits.view(np.float64).tolist()]
    else:
        codes, different = pd.factorize(cells)
        values = pd.Series(different).tolist()
        said = [f'"{one}"' if isinstance(one, dt.date) else repr(one) for one in values]
    return pl.Series([*said, _EMPTY]).gather(np.where(codes < 0, len(said), codes))
