"""Whose change it is: of those who answered both times, or of who answered."""

from __future__ import annotations

from typing import Final, Literal, NamedTuple, TypeAlias

import pandas as pd

from nps_utils.checks import BadValue
from nps_utils.columns import text_of
from nps_utils.stats.stayers import change_parts
from nps_utils.stats.weighting.export_weights import WEIGHT, is_weighted

Whose: TypeAlias = Literal["stayers", "others", "unknown"]

_PARTS: Final = ("stayers", "leavers", "joiners", "unnamed", "total")


class Split(NamedTuple):
    """A change in parts: by which column people are known again, the rows of `change_parts`, and whose change it is.

    `swapped` names a segment that changed with the wave, such as the channel: then it is nobody's change of heart.
    """

    unit: str
    parts: pd.DataFrame
    whose: Whose
    swapped: str = ""

    def part(self, name: str) -> pd.Series:
        """Return the row of one part."""
        return self.parts.loc[[name]].iloc[0]

    @property
    def others(self) -> float:
        """Points that are not the stayers': of leavers, joiners and those that nobody knows."""
        return float(self.parts.loc[["leavers", "joiners", "unnamed"], "points"].sum())


def stayed_or_changed(
    responses: pd.DataFrame, *, before: str, after: str, across: str = "wave", confidence_level: float = 0.95
) -> Split:
    """Split a change into the stayers' change of heart, leavers and joiners, and say whose it is.

    The unit is the account where most answers of both waves know theirs, else the person.

    Parameters
    ----------
    responses
        Answers of one touchpoint.
    before, after
        The two waves.
    across
        The column of waves.
    confidence_level
        Of the intervals of the parts.

    Returns
    -------
    `unit` (`account_id` or `respondent_id`); `parts` (the rows of `change_parts`, with `part` as index); `whose`:

    - `stayers`: the interval of their change leaves zero in the direction of the whole change;
    - `others`: it does not, leavers and joiners make up at least half of the change, and the interval of one of them
      leaves zero in its direction: different customers;
    - `unknown`: neither can be told.

    Raises
    ------
    BadValue
        Neither accounts nor people are known in most answers, or nobody answered in both waves.

    Examples
    --------
    >>> answers = pd.DataFrame({
    ...     "wave": [1] * 60 + [2] * 40, "account_id": [f"a{i}" for i in range(60)] + [f"a{i}" for i in range(40)],
    ...     "score": [9] * 30 + [8] * 10 + [3] * 20 + [9] * 30 + [8] * 10,
    ... })
    >>> split = stayed_or_changed(answers, before=1, after=2)
    >>> split.whose, split.parts["points"].round(1).to_dict()["stayers"]
    ('others', 0.0)
    """
    rows = responses[responses[across].isin([before, after])]
    unit = next((name for name in ("account_id", "respondent_id") if _mostly_known(rows, name, across)), None)
    if unit is None:
        raise BadValue("Neither accounts nor people are known in most answers: who stayed and who left cannot be told.")
    weight = WEIGHT if is_weighted(rows) else None
    found = change_parts(rows, across=across, unit=unit, weight=weight, confidence_level=confidence_level)
    parts = found.set_index("part").loc[list(_PARTS)]
    if not parts.loc["stayers", "n_before"]:
        raise BadValue("Nobody answered in both waves: who stayed cannot be compared with who came.")
    return Split(unit, parts, _whose(Split(unit, parts, "unknown")))


def _mostly_known(rows: pd.DataFrame, column: str, across: str) -> bool:
    known = text_of(rows, column).notna()
    return bool(len(known)) and bool((known.groupby(rows[across]).mean() > 0.5).all())


def _whose(split: Split) -> Whose:
    change = float(split.part("total")["points"])
    sign = 1.0 if change > 0 else -1.0

    def leaves_zero(name: str) -> bool:
        edge = float(split.part(name)["low" if sign > 0 else "high"])
        return sign * edge > 0

    if leaves_zero("stayers"):
        return "stayers"
    moved = float(split.parts.loc[["leavers", "joiners"], "points"].sum())
    if sign * moved >= abs(change) / 2 and (leaves_zero("leavers") or leaves_zero("joiners")):
        return "others"
    return "unknown"
