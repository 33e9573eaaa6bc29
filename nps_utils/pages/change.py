"""What a page takes from a study to answer one question: the main touchpoint, the largest change, weeks, arms."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from nps_utils.checks import BadValue, check_columns
from nps_utils.stats.counts import count_bands
from nps_utils.stats.experiment import randomised
from nps_utils.stats.mix import Split, mix_of
from nps_utils.stats.paired import moves
from nps_utils.stats.verdicts.independence import UNIT, hang_together, narrow, units_of, with_numbers
from nps_utils.study.settings import Experiment


class Weeks(NamedTuple):
    """Counts of each week, by account (or person) where those answer often; then `cluster` is the column of them."""

    counts: pd.DataFrame
    cluster: str | None


def weekly_counts(responses: pd.DataFrame, touchpoint: str) -> Weeks:
    """Count the bands of each ISO week of one touchpoint, in order of time.

    By account where all weeks together hold more than 1.2 answers an account.

    Raises
    ------
    BadValue
        The answers have no dates.
    """
    rows = narrow(responses, "touchpoint", "responded_at")
    rows = rows[(rows["touchpoint"] == touchpoint) & rows["responded_at"].notna()]
    if rows.empty:
        raise BadValue("The answers have no dates, so they cannot be followed week by week.")
    day, days = pd.factorize(rows["responded_at"].dt.normalize())  # there are far fewer days than answers
    weeks = pd.Series(pd.DatetimeIndex(days).strftime("%G-W%V"), dtype="str")
    table = with_numbers(rows.assign(week=weeks.iloc[day].set_axis(rows.index)))
    cluster = UNIT if hang_together(len(table), units_of(table)) else None
    return Weeks(count_bands(table, by=["week"] if cluster is None else ["week", cluster]), cluster)


def split_of(responses: pd.DataFrame, parts: pd.DataFrame) -> Split:
    """Return the change with the largest part by mix, and its parts by segment."""
    known = parts[parts["mix"].notna()]
    if known.empty:
        raise BadValue("Every segment changed together with the wave: there is no group that answered in both.")
    row = known.iloc[int(known["mix"].abs().to_numpy().argmax())]
    known = narrow(responses, "touchpoint", "wave", row["segment"])
    known = known[known["touchpoint"] == row["touchpoint"]].dropna(subset=[row["segment"]])
    return Split(row, mix_of(known, segment=row["segment"], before=row["before"], after=row["after"]))


def moves_of(responses: pd.DataFrame, pair: pd.Series) -> pd.DataFrame:
    """Count how the people of one comparison moved between bands.

    Raises
    ------
    BadValue
        Nobody answered in both waves.
    """
    if not pair["n_both"]:
        raise BadValue("Nobody answered in both waves: how people moved between bands cannot be told.")
    rows = narrow(responses, "touchpoint", "wave")
    rows = rows[rows["touchpoint"] == pair["touchpoint"]]
    counted = moves(rows, person="respondent_id", before=pair["before"], after=pair["after"])
    return counted.assign(before=pair["before"], after=pair["after"])


def arms_of(responses: pd.DataFrame, experiment: Experiment) -> pd.DataFrame:
    """Compare the arms of the study's experiment, by account where accounts are known, and by the earlier answer.

    Raises
    ------
    BadValue
        Nobody of the wave and touchpoint has an arm.
    """
    check_columns(list(responses.columns), [experiment.arm], what="the responses")
    here = narrow(responses, "touchpoint", "wave", experiment.arm)
    here = here if experiment.touchpoint is None else here[here["touchpoint"] == experiment.touchpoint]
    rows = here[here["wave"] == experiment.wave].dropna(subset=[experiment.arm])
    if rows.empty:
        raise BadValue(
            f"[experiment]: nobody who answered in wave {experiment.wave!r} has a value of {experiment.arm!r}."
        )
    cluster = "account_id" if rows["account_id"].notna().all() else None
    earlier = here[here["wave"] == (experiment.prior_wave or "")].dropna(subset=["respondent_id"])
    scores = earlier.drop_duplicates("respondent_id", keep="last").set_index("respondent_id")["score"]
    known = rows.assign(prior=rows["respondent_id"].map(scores))
    if known["prior"].isna().all():  # nobody answered in both waves: there is nothing to adjust for
        return randomised(rows, arm=experiment.arm, control=experiment.control, cluster=cluster)
    return randomised(known, arm=experiment.arm, control=experiment.control, prior="prior", cluster=cluster)
