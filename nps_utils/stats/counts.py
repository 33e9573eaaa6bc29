"""Band counts: the only thing the statistics of NPS need to know about the answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, TypeAlias

import narwhals as nw
import numpy as np
import numpy.typing as npt
import pandas as pd

from nps_utils.checks import BadInput, BadValue, check_columns
from nps_utils.columns import text_of
from nps_utils.scale import BANDS, COUNTS, HIGHEST, LOWEST, check_counts
from nps_utils.stats.arithmetic.effective import grouped

Codes: TypeAlias = npt.NDArray[np.int64]
Counted: TypeAlias = npt.NDArray[np.float64]

_N: Final = "n"
_RESERVED: Final = (*COUNTS, _N)


def count_bands(responses: Any, *, by: Sequence[str] = (), score: str = "score") -> pd.DataFrame:
    """Count detractors, passives and promoters in each group.

    Any data frame that Narwhals understands is counted where it lives: pandas, Polars and PyArrow in memory or lazily,
    DuckDB and Spark by their own engines. The engine is asked one thing, how many rows each group has of each score;
    the few rows that come back are checked and become bands.

    Parameters
    ----------
    responses
        One row per response; `score` holds integers 0..10.
    by
        Columns that define the groups; none counts everything once. Rows without a value in such a column are a group
        of their own, so that no response is lost.
    score
        The column of scores.

    Returns
    -------
    One row per group, sorted by `by` (missing values last): the group columns, `detractors`, `passives`, `promoters`,
    `n`. Without `by` one row, of zeros where there are no responses.

    Raises
    ------
    MissingColumn
        A column of `by`, or `score`, is not there.
    BadValue
        A score is missing, or is not an integer from 0 to 10. Nothing is left out in silence: `clean` sorts such rows
        out and accounts for them.

    Examples
    --------
    >>> count_bands(pd.DataFrame({"score": [10, 9, 7, 2]}))
       detractors  passives  promoters  n
    0           1         1          2  4
    """
    keys = _checked_keys(by, score)
    if _is_plain(responses, keys, score):
        return _counted_by_codes(responses, keys, score)
    frame = _lazy(responses)
    check_columns(frame.collect_schema().names(), [*keys, score], what="the table of responses")
    counted = frame.group_by(*keys, score).agg(nw.len().alias("_rows")).collect().to_pandas()
    _check_scores(counted, score)
    scores = counted[score].astype("int64")
    rows = counted["_rows"].astype("int64")
    bands = {f"{band}s": rows.where(scores.between(low, high), 0) for band, (low, high) in BANDS.items()}
    table = pd.concat([counted[keys], pd.DataFrame(bands), rows.rename(_N)], axis="columns")
    if not keys:
        return table.sum().astype("int64").to_frame().T
    grouped = table.groupby(keys, dropna=False, sort=False, observed=True, as_index=False).sum()
    return _in_order(grouped, keys)


def by_account(counts: pd.DataFrame, cluster: str) -> tuple[Codes, Codes, Counted]:
    """Take counts by account apart: each answer of an account that is not known is an account of its own.

    Returns
    -------
    The row of `counts` that each entry is from, the code of its account, and its counts, shape (entries, 3).

    Examples
    --------
    >>> counts = pd.DataFrame({"account": ["a", None], "detractors": [1, 0], "passives": 0, "promoters": [4, 2]})
    >>> [part.tolist() for part in by_account(counts, "account")]
    [[0, 1, 1], [0, 1, 2], [[1.0, 0.0, 4.0], [0.0, 0.0, 1.0], [0.0, 0.0, 1.0]]]
    """
    check_counts(counts)
    check_columns(list(counts.columns), [cluster], what="the table of counts")
    return apart(pd.factorize(text_of(counts, cluster))[0], counts[list(COUNTS)].to_numpy(dtype=np.float64))


def apart(account: Codes, bands: Counted) -> tuple[Codes, Codes, Counted]:
    """Take counts by account apart as `by_account` does, from codes of accounts, below 0 where none is known.

    Examples
    --------
    >>> [part.tolist() for part in apart(np.array([0, -1]), np.array([[1.0, 0, 4], [0, 0, 1]]))]
    [[0, 1], [0, 1], [[1.0, 0.0, 4.0], [0.0, 0.0, 1.0]]]
    """
    named, nobody = np.flatnonzero((account >= 0) & bands.any(axis=1)), np.flatnonzero(account < 0)
    each, band = np.nonzero(bands[nobody])
    times = bands[nobody][each, band].astype(int)
    singles = np.repeat(np.eye(len(COUNTS))[band], times, axis=0)
    alone = account.max(initial=-1) + 1 + np.arange(len(singles))
    row = np.concatenate([named, np.repeat(nobody[each], times)]).astype(np.int64)
    return row, np.concatenate([account[named], alone]).astype(np.int64), np.concatenate([bands[named], singles])


def _checked_keys(by: Sequence[str], score: str) -> list[str]:
    if isinstance(by, str):
        raise BadValue(f"by = {by!r} is a text; write a list of columns, [{by!r}].")
    keys = list(by)
    for name in keys:
        if name in _RESERVED or name == score:
            raise BadValue(f'by = {keys!r}: "{name}" cannot be a group; the result has a column of that name.')
        if keys.count(name) > 1:
            raise BadValue(f'by = {keys!r} names "{name}" twice.')
    return keys


def _is_plain(responses: Any, keys: list[str], score: str) -> bool:
    """Say whether this is a table of pandas with whole scores from 0 to 10, and groups that are texts or numbers."""
    if not isinstance(responses, pd.DataFrame) or not responses.columns.is_unique:
        return False
    if not keys or not {*keys, score} <= {*responses.columns} or responses.empty:
        return False
    kinds = [responses[name].dtype for name in keys]
    scores = responses[score]
    whole = isinstance(scores.dtype, np.dtype) and scores.dtype.kind == "i"
    return whole and scores.min() >= LOWEST and scores.max() <= HIGHEST and all(map(_is_ordered, kinds))


def _is_ordered(kind: Any) -> bool:
    """Say whether sorting cells of a kind is sorting what they say."""
    if isinstance(kind, pd.CategoricalDtype):
        return _is_ordered(kind.categories.dtype) and kind.categories.is_monotonic_increasing
    return isinstance(kind, pd.StringDtype) or pd.api.types.is_integer_dtype(kind)


def _counted_by_codes(responses: pd.DataFrame, keys: list[str], score: str) -> pd.DataFrame:
    """Count by numbers in the place of groups: of millions of answers by account nothing is hashed or sorted twice."""
    code = np.zeros(len(responses), dtype=np.int64)
    for name in keys:
        place, different = pd.factorize(responses[name], sort=True)
        # A missing cell has the code -1, and is to be the last.
        code = code * (len(different) + 1) + np.where(place < 0, len(different), place)
        first, code = grouped(code)
    scores = responses[score].to_numpy()
    counts = {
        f"{band}s": np.bincount(code[(scores >= low) & (scores <= high)], minlength=len(first))
        for band, (low, high) in BANDS.items()
    }
    table = responses[keys].iloc[first].reset_index(drop=True)
    return table.assign(**counts, **{_N: sum(counts.values())})


def _lazy(responses: Any) -> nw.LazyFrame[Any]:
    try:
        frame: nw.LazyFrame[Any] = nw.from_native(responses).lazy()
    except TypeError as problem:
        raise BadInput(
            f"A {type(responses).__name__} is not a table that can be counted; give a data frame of pandas, Polars, "
            "PyArrow, DuckDB or Spark."
        ) from problem
    return frame


def _check_scores(counted: pd.DataFrame, score: str) -> None:
    """Raise unless every score that occurs is an integer from 0 to 10."""
    values = counted[score]
    if values.empty:
        return
    if missing := int(counted.loc[values.isna(), "_rows"].sum()):
        raise BadValue(
            f'column "{score}": {missing:,} rows have no score. Use the responses that clean() returns, which has such '
            "rows in its ledger, or leave them out yourself."
        )
    numbers = pd.to_numeric(values, errors="coerce").to_numpy(dtype=float, na_value=np.nan)
    if values.dtype == bool or not pd.api.types.is_numeric_dtype(values):
        raise BadValue(f'column "{score}" holds {values.dtype}, not integers; clean() reads score texts.')
    wrong = ~((numbers >= LOWEST) & (numbers <= HIGHEST) & (numbers == np.floor(numbers)))
    if wrong.any():
        value = values[wrong].iloc[0]
        rows = int(counted.loc[wrong & (values == value).to_numpy(), "_rows"].sum())
        raise BadValue(
            f'column "{score}": {value} in {rows:,} rows is not an integer from {LOWEST} to {HIGHEST}. Use the '
            "responses that clean() returns: it rejects such rows and says so."
        )


def _in_order(table: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Sort by the group columns; values of several types in one column are sorted by their text."""
    try:
        ordered = table.sort_values(keys, na_position="last", kind="stable")
    except TypeError:
        ordered = table.sort_values(keys, na_position="last", kind="stable", key=lambda column: column.astype("str"))
    return ordered.reset_index(drop=True)
