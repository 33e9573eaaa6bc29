"""The newest complete wave against the one before and a year ago: one family; what was before is another."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

import numpy as np
import pandas as pd

from nps_utils.checks import BadValue, check_columns
from nps_utils.stats.arithmetic.multiplicity import adjusted, family
from nps_utils.stats.verdicts.by_design import changes
from nps_utils.stats.verdicts.independence import narrow
from nps_utils.waves import year_before

# Below, a wave has no score of its own in a headline.
LEAST_ANSWERS: Final = 30


def is_year_before(before: object, after: object) -> bool:
    """Say whether one wave is the same period as the other, a year before.

    Examples
    --------
    >>> is_year_before("2025-Q3", "2026-Q3"), is_year_before("2026-Q2", "2026-Q3")
    (True, False)
    """
    return year_before(str(after)) == str(before)


def lead_wave(waves: pd.DataFrame, *, incomplete: Collection[str] = ()) -> str | None:
    """Return the wave that a headline is about: the last complete one with 30 answers, else the last that has them.

    An incomplete wave leads all the same where only one other has 30 answers: better a change that may still move, and
    is said to, than none.

    Parameters
    ----------
    waves
        `wave` and `n` of one touchpoint, in any order.
    incomplete
        Waves within which the answers end.

    Examples
    --------
    >>> waves = pd.DataFrame({"wave": ["2026-Q1", "2026-Q2", "2026-Q3"], "n": [80, 12, 60]})
    >>> lead_wave(waves), lead_wave(waves.assign(n=80), incomplete=["2026-Q3"]), lead_wave(waves.tail(2).head(1))
    ('2026-Q3', '2026-Q2', None)
    """
    enough = waves[waves["n"] >= LEAST_ANSWERS].sort_values("wave", kind="stable")["wave"].tolist()
    return _last(enough, incomplete) if enough else None


def _last(waves: list[str], incomplete: Collection[str]) -> str:
    """Return the last complete wave, or the last one where that would be the first of several."""
    whole = [wave for wave in waves if wave not in incomplete]
    return whole[-1] if whole and (whole[-1] != waves[0] or len(waves) == 1) else waves[-1]


def latest(
    responses: pd.DataFrame, *, by: str = "touchpoint", across: str = "wave", incomplete: Collection[str] = ()
) -> pd.DataFrame:
    """Compare the newest wave of each touchpoint with the one before and with the same period a year ago.

    The two comparisons of a touchpoint are a family of their own: they are what one wants to know when a wave is in.
    Where no wave has 30 answers the newest complete one is compared all the same.

    Parameters
    ----------
    responses
        One row per answer, as for `verdicts.changes`.
    by
        The column of touchpoints.
    across
        The column of waves. A year ago exists for calendar names (2026-Q3, 2026-09, 2026-W36, 2026).
    incomplete
        Waves within which the answers end, so that their scores can still move: they are not the newest where another
        has 30 answers.

    Returns
    -------
    The columns of `verdicts.changes`, after a column `against` (`previous` or `year`); no row for a touchpoint of one
    wave. Where the wave before is that of a year ago there is one row, `previous`.

    Raises
    ------
    MissingColumn, BadValue
        A column is not there; no touchpoint has two waves.

    Examples
    --------
    >>> answers = pd.DataFrame({
    ...     "touchpoint": "relationship", "wave": ["2025-Q3"] * 40 + ["2026-Q2"] * 40 + ["2026-Q3"] * 40,
    ...     "score": [9] * 30 + [3] * 10 + [9] * 28 + [3] * 12 + [9] * 15 + [3] * 25,
    ... })
    >>> latest(answers)[["against", "before", "after", "change", "comparisons"]]
        against   before    after  change  comparisons
    0  previous  2026-Q2  2026-Q3   -65.0            2
    1      year  2025-Q3  2026-Q3   -75.0            2
    """
    check_columns(list(responses.columns), [by, across], what="responses")
    found = [
        table
        for _, rows in narrow(responses, by, across).groupby(by, sort=True, observed=True)
        if (table := _of_touchpoint(rows, by, across, incomplete)) is not None
    ]
    if not found:
        raise BadValue(f"No {by} has answers in a second {across}; a comparison needs two.")
    return pd.concat(found, ignore_index=True)


def _of_touchpoint(rows: pd.DataFrame, by: str, across: str, incomplete: Collection[str]) -> pd.DataFrame | None:
    sizes = rows.groupby(across, as_index=False, observed=True).size().rename(columns={"size": "n", across: "wave"})
    wave = lead_wave(sizes, incomplete=incomplete)
    known = sorted(sizes["wave"])
    if wave is None:
        wave = _last(known, incomplete)
    at = known.index(wave)
    if at == 0:
        return None
    before = known[at - 1]
    year = year_before(str(wave))
    pairs = [("previous", before)] + ([("year", year)] if year in known and year != before else [])
    tables = [
        changes(rows[rows[across].isin([name, wave])], by=[by], across=across, adjust="none").assign(against=against)
        for against, name in pairs
    ]
    table = pd.concat(tables, ignore_index=True)
    pvalue = table["pvalue"].to_numpy(dtype=float)
    what = f"the newest {across} with the one before" + (" and with a year ago" if len(pairs) > 1 else "")
    table = table.assign(
        pvalue_adjusted=adjusted(pvalue),
        comparisons=int(np.count_nonzero(~np.isnan(pvalue))),
        family=family(what, pvalue, adjust="holm", note="intervals not adjusted"),
    )
    return table[[by, "against", *(name for name in table.columns if name not in (by, "against"))]]


def each_wave(
    responses: pd.DataFrame, *, by: str = "touchpoint", across: str = "wave", incomplete: Collection[str] = ()
) -> pd.DataFrame:
    """Compare each wave with the one before: the newest of each touchpoint as in `latest`, all others as one family.

    Returns
    -------
    The columns of `verdicts.changes` and `newest` (whether the row is in `latest`); `pvalue_adjusted`, `comparisons`
    and `family` are those of the row's own family.

    Raises
    ------
    MissingColumn, BadValue
        As `verdicts.changes`.

    Examples
    --------
    >>> answers = pd.DataFrame({
    ...     "touchpoint": "relationship", "wave": ["2026-Q1"] * 40 + ["2026-Q2"] * 40 + ["2026-Q3"] * 40,
    ...     "score": [9] * 30 + [3] * 10 + [9] * 28 + [3] * 12 + [9] * 15 + [3] * 25,
    ... })
    >>> each_wave(answers)[["before", "after", "newest", "pvalue_adjusted", "comparisons"]].round(2)
        before    after  newest  pvalue_adjusted  comparisons
    0  2026-Q1  2026-Q2   False             0.62            1
    1  2026-Q2  2026-Q3    True             0.00            1
    """
    new = latest(responses, by=by, across=across, incomplete=incomplete)
    table = changes(responses, by=[by], across=across, adjust="none")
    own = new[new["against"] == "previous"].set_index(by)
    is_new = np.array(
        [key in own.index and own.loc[key, "after"] == after for key, after in table[[by, "after"]].to_numpy()]
    )
    pvalue = np.where(is_new, np.nan, table["pvalue"].to_numpy(dtype=float))
    earlier = family(
        f"each {across} with the previous one within each {by}, but for the newest",
        pvalue,
        adjust="holm",
        note="intervals not adjusted",
    )
    table = table.assign(
        newest=is_new,
        pvalue_adjusted=adjusted(pvalue),
        comparisons=int(np.count_nonzero(~np.isnan(pvalue))),
        family=earlier,
    )
    for name in ("pvalue_adjusted", "comparisons", "family"):
        table.loc[is_new, name] = [own.loc[key, name] for key in table.loc[is_new, by]]
    return table
