"""The score as if those who answered looked like those who could have been asked."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from nps_utils.checks import BadValue, check_columns
from nps_utils.scale import COUNTS
from nps_utils.stats import verdicts
from nps_utils.stats.small_groups import rank_intervals, shrink
from nps_utils.stats.verdicts.independence import narrow
from nps_utils.stats.weighting.raking import frame_margins, rake
from nps_utils.stats.weighting.weighted_interval import weighted_score
from nps_utils.study.study import Study


def over_waves(responses: pd.DataFrame) -> pd.DataFrame:
    """Return the scores of each wave of each touchpoint, see `verdicts.scores`.

    Raises
    ------
    BadValue
        There is one wave of one touchpoint: its score is that of all answers.
    """
    if len(responses[["touchpoint", "wave"]].drop_duplicates()) < 2:
        raise BadValue("There is one wave of one touchpoint, so that its score is that of all answers.")
    return verdicts.scores(responses, by=["touchpoint", "wave"])


def shrunk_and_ranked(responses: pd.DataFrame, *, by: Sequence[str], confidence_level: float = 0.95) -> pd.DataFrame:
    """Return small segments shrunk, with their rank intervals beside: `shrink` and `rank_intervals` in one table.

    Where answers share accounts, both are of as many independent answers as those of the segment are worth; those of
    one account alone are worth one.
    """
    scored = verdicts.scores(responses, by=by)
    alone = (scored["design"] == "clustered") & scored["se"].isna()
    counts = scored[[*by, *COUNTS]].assign(n_worth=scored["n_worth"].mask(alone, 1.0))
    shrunk = shrink(counts, confidence_level=confidence_level)
    ranked = rank_intervals(counts, confidence_level=confidence_level)
    return shrunk.join(ranked[["rank", "best_rank", "worst_rank"]]).drop(columns="n_worth")


def with_asked(counts: pd.DataFrame, rates: pd.DataFrame) -> pd.DataFrame:
    """Return counts with the number of people asked, from the response rates of the same groups, for `bounds`."""
    groups = [name for name in rates.columns if name in counts.columns and name not in (*COUNTS, "n")]
    check_columns(list(rates.columns), ["asked"], what="the response rates")
    return counts.merge(rates[[*groups, "asked"]], on=groups, validate="one_to_one")


def frame_to_weight_by(study: Study) -> pd.DataFrame:
    """Return what `beside_the_frame` reads of the frame: its people, and the columns that answers are weighted to."""
    weighting = study.settings.weighting
    return study.frame(columns=("respondent_id", "email", *(weighting.by if weighting else ())))


def asked_by_touchpoint(study: Study) -> pd.DataFrame:
    """Return the bands of each touchpoint and how many were `asked`, for `bounds`: its answers and the silent.

    The silent are the askings without an answer.
    """
    rates = study.response_rates(by=["touchpoint"])
    counts = study.counts(by=["touchpoint"])
    beside = with_asked(counts, rates.assign(asked=rates["asked"] - rates["answered"]))
    return beside.assign(asked=beside["asked"] + beside[list(COUNTS)].sum(axis=1))


def beside_the_frame(
    responses: pd.DataFrame,
    frame: pd.DataFrame,
    *,
    columns: Sequence[str],
    cluster: str = "account_id",
    confidence_level: float = 0.95,
) -> pd.DataFrame:
    """Score the answers plainly, with accounts as clusters, and raked to the frame as well.

    Answers and people whose account or category is not known are left out of all three rows, so that the rows differ
    by their method alone.

    Parameters
    ----------
    responses
        One row per response, with `score`, `columns` and `cluster`.
    frame
        One row per person and asking, with `columns`; see `Study.frame`.
    columns
        What the answers are raked to, such as segment and size.
    cluster
        Answers of one cluster are not independent.

    Returns
    -------
    Three rows: `weights` (what was done) and the columns of `weighted_score`; `left_out` counts answers not used.

    Raises
    ------
    MissingColumn, BadValue
        A column is not there; no column is named; a category was asked but never answered.
    """
    if not columns:
        raise BadValue('Nothing to weight by: name columns in study.toml, [weighting] by = ["segment", "size"].')
    check_columns(list(responses.columns), [*columns, cluster], what="the responses")
    check_columns(list(frame.columns), columns, what="the frame")
    known = narrow(responses, *columns, cluster).dropna(subset=[*columns, cluster])
    raked = rake(known, margins=frame_margins(frame.dropna(subset=list(columns)), columns))
    listed = " and ".join(columns)
    rows = {
        "none, answers independent": weighted_score(known, confidence_level=confidence_level),
        "none, accounts as clusters": weighted_score(known, cluster=cluster, confidence_level=confidence_level),
        f"raked to {listed}, accounts as clusters": weighted_score(
            raked, weight="weight", cluster=cluster, raked=columns, confidence_level=confidence_level
        ),
    }
    table = pd.concat([row.assign(weights=name) for name, row in rows.items()], ignore_index=True)
    return table.assign(left_out=len(responses) - len(known))
