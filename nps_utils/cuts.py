"""The same answers cut one way after the other: by touchpoint, by segment, by language."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from narwhals.typing import IntoFrame

from nps_utils.checks import BadValue, check_columns
from nps_utils.counts import count_bands


def count_each(responses: IntoFrame, cuts: Sequence[str], *, score: str = "score") -> pd.DataFrame:
    """Count the bands of each group of each cut; every response is counted once in every cut.

    Parameters
    ----------
    responses
        One row per response, in any frame that `count_bands` takes.
    cuts
        Columns, each of them one way to divide the answers.

    Returns
    -------
    One row per cut and group: `cut`, `group` (text), `detractors`, `passives`, `promoters`, `n`.

    Raises
    ------
    MissingColumn
        A cut is no column of the responses.
    BadValue
        No cut is given.

    Examples
    --------
    >>> count_each(pd.DataFrame({"score": [9, 3], "country": ["SE", "NO"], "size": ["small", "small"]}),
    ...     ["country", "size"])[["cut", "group", "n"]]
           cut  group  n
    0  country     NO  1
    1  country     SE  1
    2     size  small  2
    """
    if not cuts:
        raise BadValue('There are no segments to cut the score by: name columns in study.toml, segments = ["country"].')
    parts = []
    for cut in cuts:
        counted = count_bands(responses, by=[cut], score=score)
        group = counted.pop(cut).astype("string").fillna("not known").astype(str)
        counted.insert(0, "group", group)
        counted.insert(0, "cut", cut)
        parts.append(counted)
    return pd.concat(parts, ignore_index=True)


def known_only(responses: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    """Return the responses whose groups are all known.

    Raises
    ------
    MissingColumn
        A column is not there.
    BadValue
        No column is named, or no response has all of them.

    Examples
    --------
    >>> len(known_only(pd.DataFrame({"score": [9, 3], "country": ["SE", None]}), ["country"]))
    1
    """
    if not columns:
        raise BadValue('There are no segments to cut the score by: name columns in study.toml, segments = ["country"].')
    check_columns(list(responses.columns), columns, what="the responses")
    known = responses.dropna(subset=list(columns))
    if known.empty:
        raise BadValue(f"No response has a known {' and '.join(columns)}.")
    return known
