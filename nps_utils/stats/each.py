"""The same answers cut one way after the other: by touchpoint, by segment, by language."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

import numpy as np
import pandas as pd
from narwhals.typing import IntoFrame

from nps_utils.checks import BadValue, check_columns
from nps_utils.stats.account_change import clustered_change
from nps_utils.stats.arithmetic.multiplicity import adjusted
from nps_utils.stats.counts import count_bands
from nps_utils.stats.mix import LEAST_SHARED, mix_totals
from nps_utils.stats.paired import paired_change
from nps_utils.stats.verdicts.independence import UNIT, hang_together, narrow, units_of, with_numbers
from nps_utils.words.naming import EMPLOYEES

_OF_PARTS: Final = [f"{part}{edge}" for part in ("within", "mix") for edge in ("", "_low", "_high")]
MAIN: Final = "relationship"
ONE_WAVE: Final = "No touchpoint has answers in a second wave; a comparison needs two."
NO_SEGMENTS: Final = (
    'There are no segments to cut the score by: name columns in study.toml, segments = ["country"]; nps clean says'
    " which the accounts offer."
)


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
        raise BadValue(NO_SEGMENTS)
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
        raise BadValue(NO_SEGMENTS)
    check_columns(list(responses.columns), columns, what="the responses")
    known = responses.dropna(subset=list(columns))
    if known.empty:
        raise BadValue(f"No response has a known {' and '.join(columns)}.")
    return known


def mix_each(
    responses: pd.DataFrame, *, segments: Sequence[str], by: Sequence[str] = ("touchpoint",), across: str = "wave"
) -> pd.DataFrame:
    """Split each change between neighbouring waves into what happened within segments and what their shares did.

    Parameters
    ----------
    responses
        One row per response. Answers whose segment is not known are left out of that segment's rows.
    segments
        Each of them is one way to explain the same change.
    by
        Groups within which waves are compared.

    Returns
    -------
    One row per segment, group and pair of waves: `segment`, the columns of `by`, `before`, `after` and the total row
    of `mix_of`, with `all_mix`: the interval of the mix part leaves zero and that of the within part does not. Where
    hardly anybody of one group answered in both waves, `swapped` is true and the parts are missing.

    Raises
    ------
    MissingColumn, BadValue
        A column is not there; no segment is named; no group has two waves.
    """
    if not segments:
        raise BadValue('Mix or real cannot be asked without segments: name columns in study.toml, segments = ["size"].')
    check_columns(list(responses.columns), [*segments, *by, across], what="the responses")
    table, parts = with_numbers(narrow(responses, *segments, *by, across)), []
    for segment in segments:
        # Counted once for all pairs: of them only units are needed.
        counts = count_bands(table.dropna(subset=[segment]), by=[*by, across, segment, UNIT])
        for key, part, pairs in _groups(counts, by, across):
            named = {"segment": segment, **dict(zip(by, key, strict=True))}
            found = mix_totals(part, pairs, segment=segment, across=across)
            parts.append(pd.concat([pd.DataFrame(named, index=found.index), found], axis="columns"))
    table = pd.concat(parts, ignore_index=True)
    table["swapped"] = table.pop("shared") < LEAST_SHARED
    table.loc[table["swapped"], _OF_PARTS] = np.nan
    leaves = (table["mix_low"] > 0) | (table["mix_high"] < 0)
    stays = (table["within_low"] <= 0) & (table["within_high"] >= 0)
    return table.assign(all_mix=leaves & stays)


def paired_each(
    responses: pd.DataFrame, *, person: str, by: Sequence[str] = ("touchpoint",), across: str = "wave"
) -> pd.DataFrame:
    """Compare each wave with the one before, taking into account who answered in both.

    Where people share accounts, `se`, `low`, `high` and `pvalue` are by account (`clustered_change`): colleagues are of
    one mind more often than strangers, also in how they change it.

    Returns
    -------
    One row per group and pair of waves: the columns of `by` and of `paired_change`, and `pvalue_adjusted` (Holm over
    all rows).

    Raises
    ------
    MissingColumn, BadValue
        A column is not there; nobody is known by `person`; no group has two waves.
    """
    check_columns(list(responses.columns), [person, *by, across], what="the responses")
    check_columns(list(responses.columns), ["score"], what="the table of responses")
    known = narrow(responses, person, *by, across).dropna(subset=[person])
    if known.empty:
        raise BadValue(f'No answer has a "{person}": who answered twice cannot be known.')
    rows = []
    for key, part, pairs in _groups(known, by, across):
        waves = dict(list(part.groupby(across)))
        for before, after in pairs:
            both = pd.concat([waves[before], waves[after]])
            row = paired_change(both, person=person, across=across, before=before, after=after)
            if by_account := _by_account(both, person, across):
                row = row.assign(**by_account)
            for place, (name, value) in enumerate(zip(by, key, strict=True)):
                row.insert(place, name, value)
            rows.append(row)
    table = pd.concat(rows, ignore_index=True)
    return table.assign(pvalue_adjusted=adjusted(table["pvalue"].to_numpy()))


def _by_account(rows: pd.DataFrame, person: str, across: str) -> dict[str, float]:
    """Return error, limits and p-value of a change by account, where people share accounts; else nothing."""
    table = with_numbers(rows)
    if not hang_together(table[person].nunique(), units_of(table)):
        return {}
    row = clustered_change(table[["score", across, UNIT]], across=across, cluster=UNIT, adjust="none").iloc[0]
    return {name: float(row[name]) for name in ("se", "low", "high", "pvalue")}


def _groups(
    table: pd.DataFrame, by: Sequence[str], across: str
) -> Iterator[tuple[tuple[str, ...], pd.DataFrame, list[tuple[str, str]]]]:
    """Yield each group that has two waves, with its pairs of neighbouring waves."""
    found = False
    for key, part in table.groupby(list(by), sort=True):
        pairs = list(pairwise(sorted(part[across].unique())))
        if pairs:
            found = True
            yield tuple(map(str, key)), part, pairs
    if not found:
        if (*by, across) == ("touchpoint", "wave"):
            raise BadValue(ONE_WAVE)
        raise BadValue(f'No {" or ".join(by)} has two values of "{across}": a change needs two.')


def main_touchpoint(responses: pd.DataFrame) -> str:
    """Return the touchpoint a single line is drawn for: the relationship where it is asked, else the most answered.

    What employees say of their employer leads only where nothing else was asked.

    Examples
    --------
    >>> main_touchpoint(pd.DataFrame({"touchpoint": ["order", "order", "relationship"]}))
    'relationship'
    """
    counted = responses["touchpoint"].value_counts()
    counted = counted[counted > 0]  # a category of which no answer is here is none
    asked = counted.drop(EMPLOYEES, errors="ignore") if len(counted) > 1 else counted
    return MAIN if MAIN in asked.index else str(asked.index[0])


def largest_change(compared: pd.DataFrame) -> pd.Series:
    """Return the comparison with the smallest p-value."""
    check_columns(list(compared.columns), ["pvalue"], what="the comparisons")
    if not compared["pvalue"].notna().any():
        raise BadValue("No comparison has answers on both sides.")
    return compared.iloc[int(compared["pvalue"].fillna(1.0).to_numpy().argmin())]
