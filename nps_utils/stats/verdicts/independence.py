"""Which answers hang together: those of an account, else those of a person; and from when on that counts."""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from nps_utils.columns import text_of

Design: TypeAlias = Literal["independent", "clustered", "paired"]

# The column that `with_units` adds.
UNIT: Final = "unit"
# From more answers an account (or person) than this on, the interval is that of accounts.
ANSWERS_EACH: Final = 1.2
_KINDS: Final = (("account_id", "account "), ("respondent_id", "person "))


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


def pairs_column(before: pd.DataFrame, after: pd.DataFrame) -> str | None:
    """Return the column that names those who answered in both waves, where most of the answers are such pairs.

    A person, or an account that gives one answer a wave. Nobody may be twice in a wave, and pairs must not share
    accounts: several people of an account who all answer twice are an account's answers.

    Examples
    --------
    >>> people = with_units(pd.DataFrame({"respondent_id": ["1", "2", "3"]}))
    >>> pairs_column(people, people.tail(2)), pairs_column(people.head(1), people.tail(2))
    ('respondent_id', None)
    """
    for column in ("respondent_id", "account_id"):
        if column not in before.columns:
            continue
        one, two = (text_of(side, column).dropna() for side in (before, after))
        if one.duplicated().any() or two.duplicated().any():
            continue
        both = one.isin(two)
        if 2 * both.sum() <= (len(before) + len(after)) / 2:
            continue
        shared = before.loc[one.index[both]]
        if not hang_together(len(shared), units_of(shared)):
            return column
    return None


def unit_kind(responses: pd.DataFrame) -> Literal["account", "person"]:
    """Return what most units are: accounts where most answers know theirs, else people.

    Examples
    --------
    >>> unit_kind(pd.DataFrame({"account_id": ["a", "a", None]})), unit_kind(pd.DataFrame({"score": [9]}))
    ('account', 'person')
    """
    return "account" if text_of(responses, "account_id").notna().mean() > 0.5 else "person"
