"""Who was silent: response rates, and what silence could hide."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
import pandas as pd

from nps_utils.checks import BadValue, Undecidable, check_choice, check_columns, check_fraction
from nps_utils.columns import text_of
from nps_utils.scale import check_counts
from nps_utils.stats.arithmetic.proportions import proportion_limits
from nps_utils.stats.weighting.linking import ROW, askings, link_to, placed
from nps_utils.waves import Wave


def response_rates(
    frame: pd.DataFrame,
    responses: pd.DataFrame,
    *,
    by: Sequence[str] | str = (),
    per: Literal["asking", "person"] = "asking",
    wave: Wave = "quarter",
    timezone: str = "UTC",
    within_days: int | None = None,
    confidence_level: float = 0.95,
) -> pd.DataFrame:
    """Count who was asked and who answered, with Wilson's interval (1927) for the rate.

    The interval speaks of askings as a sample of more like them; of these askings themselves the rate is exact. An
    answer counts for the wave in which the person was asked, even when it came in the next one.

    Parameters
    ----------
    frame, responses, timezone, within_days
        As in `link_answers`. An answer that is set aside because its writer answered again in the wave is an answer to
        its invitation all the same: give it here (`Study.answered`).
    by
        Columns of the frame that define the groups; `wave` is made from `asked_at` where the frame has none.
    per
        What is counted: each asking, or each person once in a group however often asked in it (by `respondent_id`, else
        `email`), who answered if one of the askings was answered.
    wave
        The rule for `wave`, as in `clean`.
    confidence_level
        Of the interval, 0..1.

    Returns
    -------
    One row per group, sorted: the columns of `by`, `asked`, `answered` (askings, or people, with at least one answer),
    `rate`, `low`, `high` (0..1). What could not be linked is counted by `linkage`.

    Raises
    ------
    Undecidable
        Not one answer could be linked to an asking, so that the tables speak of different people.

    Examples
    --------
    >>> frame = pd.DataFrame({"respondent_id": ["1", "2", "3", "4"], "segment": ["a", "a", "b", "b"]})
    >>> response_rates(frame, pd.DataFrame({"respondent_id": ["2", "3", "4"]}), by=["segment"]).round(2)
      segment  asked  answered  rate   low  high
    0       a      2         1   0.5  0.09  0.91
    1       b      2         2   1.0  0.34  1.00
    """
    check_fraction("confidence_level", confidence_level)
    check_choice("per", per, ("asking", "person"))
    by = [by] if isinstance(by, str) else list(by)
    asked = askings(placed(frame, *by), timezone=timezone, wave=wave)
    linked = link_to(asked, responses, timezone=timezone, within_days=within_days, by_wave="wave" in frame.columns)
    there = dict.fromkeys([*frame.columns, *(name for name in asked.columns if name != ROW)])
    check_columns(list(there), by, what="the frame")
    check_linked(answers=len(responses), asked=len(asked), linked=int(linked.notna().sum()))
    answered = asked[ROW].isin(linked.dropna())
    table = pd.DataFrame({"asked": 1, "answered": answered.astype(int)})
    if per == "person":
        whom = [asked[name] for name in by] + [_people(asked)]
        table["answered"] = table["answered"].groupby(whom, dropna=False).transform("max")
        once = ~pd.concat(whom, axis=1, keys=range(len(whom))).duplicated()
        asked, table = asked[once], table[once]
    return rates_of(pd.concat([asked[by], table], axis=1), by=by, confidence_level=confidence_level)


def check_linked(*, answers: int, asked: int, linked: int) -> None:
    """Raise `Undecidable` where there are answers and askings, and not one answer belongs to an asking."""
    if answers and asked and not linked:
        raise Undecidable(
            f"none of {answers:,} answers belongs to any of {asked:,} askings. Compare respondent_id, "
            "email, survey and touchpoint of the frame with those of the answers, and the time zone of asked_at."
        )


def rates_of(counted: pd.DataFrame, *, by: Sequence[str], confidence_level: float = 0.95) -> pd.DataFrame:
    """Return what `response_rates` does of counts: the columns of `by`, `asked` and `answered`, added up by group."""
    check_fraction("confidence_level", confidence_level)
    table = counted[["asked", "answered"]]
    if by:
        table = table.groupby([counted[name] for name in by], dropna=False).sum().reset_index()
    else:
        table = table.sum().to_frame().T
    total = table["asked"].to_numpy()
    some = table["answered"].to_numpy()
    low, high = proportion_limits(some, np.maximum(total, 1), confidence_level=confidence_level)
    nobody = total == 0
    rate = np.where(nobody, np.nan, some / np.maximum(total, 1))
    return table.assign(rate=rate, low=np.where(nobody, 0.0, low), high=np.where(nobody, 1.0, high))


def _people(asked: pd.DataFrame) -> pd.Series[str]:
    """Return who each asking is of; one that names nobody is of somebody else than every other."""
    person = pd.Series(pd.NA, index=asked.index, dtype="string")
    for column in (name for name in ("respondent_id", "email") if name in asked.columns):
        person = person.fillna(column + " " + text_of(asked, column).str.lower())
    nobody = asked.loc[person.isna(), ROW]
    return person.fillna("row " + nobody.astype("string"))


def bounds(counts: pd.DataFrame, *, asked: str | int = "asked") -> pd.DataFrame:
    """NPS if every silent customer were a detractor, and if every one were a promoter.

    No assumption about the silent is made, so that the truth of those asked is inside for certain (Manski 1989,
    Journal of Human Resources 24:343). At a response rate of a quarter the two are 150 points apart: that is what the
    answers alone do not exclude, not what is likely.

    Parameters
    ----------
    counts
        One row per group: `detractors`, `passives`, `promoters`.
    asked
        How many were asked: a column of `counts`, or a number for a table of one row.

    Returns
    -------
    `counts` with `n`, `asked`, `silent`, `nps` (of those who answered), `all_detractors`, `all_promoters` (points).

    Raises
    ------
    BadValue
        Fewer asked than answered, or a number for several groups.

    Examples
    --------
    >>> bounds(pd.DataFrame({"detractors": [20], "passives": [10], "promoters": [70]}), asked=400).iloc[0].to_dict()
    {'detractors': 20.0, 'passives': 10.0, 'promoters': 70.0, 'n': 100.0, 'asked': 400.0, 'silent': 300.0, \
'nps': 50.0, 'all_detractors': -62.5, 'all_promoters': 87.5}
    """
    table = _with_asked(counts, asked)
    net = table["promoters"] - table["detractors"]
    silent = table["asked"] - table["n"]
    of_all = table["asked"].where(table["asked"] > 0)
    return table.assign(
        silent=silent,
        nps=100 * net / table["n"].where(table["n"] > 0),
        all_detractors=100 * (net - silent) / of_all,
        all_promoters=100 * (net + silent) / of_all,
    )


def _with_asked(counts: pd.DataFrame, asked: str | int) -> pd.DataFrame:
    check_counts(counts)
    table = counts.assign(n=counts[["detractors", "passives", "promoters"]].sum(axis=1))
    if isinstance(asked, str):
        check_columns(list(counts.columns), [asked], what="the table of counts")
        table = table.assign(asked=counts[asked])
    elif len(counts) != 1:
        raise BadValue(f"asked = {asked!r} is one number for {len(counts)} groups; give the name of a column.")
    else:
        table = table.assign(asked=asked)
    for row, (invited, n) in enumerate(zip(table["asked"], table["n"], strict=True)):
        if not invited >= n:
            raise BadValue(f"counts, row {row}: asked = {invited!r} is below the {n} who answered.")
    return table
