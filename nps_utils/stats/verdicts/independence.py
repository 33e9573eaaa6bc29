"""Which answers hang together: those of an account, else those of a person; and from when on that counts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from nps_utils.columns import as_they_come, codes_of, text_of
from nps_utils.stats.weighting.export_weights import WEIGHT

Codes: TypeAlias = npt.NDArray[np.int64]
Rows: TypeAlias = npt.NDArray[np.intp]
Design: TypeAlias = Literal["independent", "clustered", "paired"]

# The column that `with_units` adds.
UNIT: Final = "unit"
# From more answers an account (or person) than this on, the interval is that of accounts.
ANSWERS_EACH: Final = 1.2
_KINDS: Final = (("account_id", "account "), ("respondent_id", "person "))
# Who may answer in both waves: first a person, then an account of one answer a wave.
_PEOPLE: Final = ("respondent_id", "account_id")


def narrow(responses: pd.DataFrame, *more: str) -> pd.DataFrame:
    """Return what verdicts read of responses, and further columns: parts of a million rows are copied at less cost.

    Examples
    --------
    >>> narrow(pd.DataFrame({"score": [9], "comment": ["Quick"], "wave": ["2026"]}), "wave").columns.tolist()
    ['score', 'wave']
    """
    read = ("score", WEIGHT, "account_id", "respondent_id", *more)
    return responses[[name for name in responses.columns if name in read]]


def with_units(responses: pd.DataFrame) -> pd.DataFrame:
    """Return the responses with `unit`: the account, where none is known the person, and nothing where neither is.

    Two answers of a unit are not independent. An answer without a unit stands alone.

    Examples
    --------
    >>> with_units(pd.DataFrame({"account_id": ["a", None, None], "respondent_id": ["1", "2", None]}))["unit"].tolist()
    ['account a', 'person 2', <NA>]
    """
    unit = pd.Series(pd.NA, index=responses.index, dtype="string")
    for column, kind in _KINDS:
        if column in responses.columns:
            unit = unit.fillna(kind + text_of(responses, column))
    return responses.assign(**{UNIT: unit})


def units_of(rows: pd.DataFrame) -> int:
    """Return how many units answered, an answer without one counting as one of its own.

    Examples
    --------
    >>> units_of(with_units(pd.DataFrame({"account_id": ["a", "a", None]})))
    2
    """
    return int(rows[UNIT].nunique() + rows[UNIT].isna().sum())


def hang_together(answers: npt.ArrayLike, units: npt.ArrayLike) -> npt.NDArray[np.bool_]:
    """Say whether so many answers of so many units are to be judged by unit.

    Examples
    --------
    >>> hang_together([240, 44], [40, 40]).tolist()
    [True, False]
    """
    return np.asarray(np.asarray(answers) > ANSWERS_EACH * np.asarray(units))


def with_numbers(responses: pd.DataFrame) -> pd.DataFrame:
    """Return the responses with `unit` as whole numbers, missing where `with_units` has none: they are grouped faster.

    Examples
    --------
    >>> rows = pd.DataFrame({"account_id": ["b", None, "a", "b"], "respondent_id": ["b", "b", None, "1"]})
    >>> with_numbers(rows)["unit"].tolist()
    [0, 1, 2, 0]
    """
    unit = np.full(len(responses), -1, dtype=np.int64)
    for column, _ in _KINDS:
        codes = codes_of(responses, column)
        unit = np.where(unit >= 0, unit, np.where(codes >= 0, codes + unit.max(initial=-1) + 1, -1))
    unit, _ = as_they_come(unit, int(unit.max(initial=-1)) + 1)
    return responses.assign(**{UNIT: pd.Series(pd.arrays.IntegerArray(unit, unit < 0), responses.index)})


def coded(responses: pd.DataFrame) -> dict[str, Codes]:
    """Return who gave each answer as whole numbers, -1 for nobody known: by `respondent_id`, `account_id` and `unit`.

    A comparison asks many times who is who; numbers are compared far faster than texts.

    Examples
    --------
    >>> coded(with_units(pd.DataFrame({"respondent_id": ["7", None, " 7"]})))["unit"].tolist()
    [0, -1, 0]
    """
    named = [name for name in (*_PEOPLE, UNIT) if name in responses.columns]
    return {name: codes_of(responses, name) for name in named}


def units_in(codes: Codes) -> int:
    """Return how many units these are, an answer without one counting as one of its own; as `units_of`.

    Examples
    --------
    >>> units_in(np.array([0, 0, -1]))
    2
    """
    known = codes[codes >= 0]
    return int(np.count_nonzero(np.bincount(known))) + len(codes) - len(known)


def pairs_column(who: Mapping[str, Codes], before: Rows, after: Rows) -> str | None:
    """Return the column that names those who answered in both waves, where most of the answers are such pairs.

    A person, or an account that gives one answer a wave. Nobody may be twice in a wave, and pairs must not share
    accounts: several people of an account who all answer twice are an account's answers.

    Parameters
    ----------
    who
        Who gave each answer, see `coded`.
    before, after
        Where the answers of both waves are.

    Examples
    --------
    >>> who = coded(with_units(pd.DataFrame({"respondent_id": ["1", "2", "3", "2", "3"]})))
    >>> pairs_column(who, np.arange(3), np.arange(3, 5)), pairs_column(who, np.arange(1), np.arange(3, 5))
    ('respondent_id', None)
    """
    for column in (name for name in _PEOPLE if name in who):
        rows = before[who[column][before] >= 0]
        one, two = (codes[codes >= 0] for codes in (who[column][before], who[column][after]))
        size = max(one.max(initial=-1), two.max(initial=-1)) + 1
        times = [np.bincount(codes, minlength=size) for codes in (one, two)]
        if max(counted.max(initial=0) for counted in times) > 1:
            continue
        both = times[1][one] > 0
        if 2 * both.sum() <= (len(before) + len(after)) / 2:
            continue
        shared = rows[both]
        if not hang_together(len(shared), units_in(who[UNIT][shared])):
            return column
    return None


def unit_kind(responses: pd.DataFrame) -> Literal["account", "person"]:
    """Return what most units are: accounts where most answers know theirs, else people.

    Examples
    --------
    >>> unit_kind(pd.DataFrame({"account_id": ["a", "a", None]})), unit_kind(pd.DataFrame({"score": [9]}))
    ('account', 'person')
    """
    known = np.count_nonzero(codes_of(responses, "account_id") >= 0)
    return "account" if 2 * known > len(responses) else "person"
