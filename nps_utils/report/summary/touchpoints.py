"""Every touchpoint beside the leading one: its last complete wave, for the picture that carries them all."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

import numpy as np
import pandas as pd

from nps_utils.checks import BadValue
from nps_utils.report.summary.evidence import ALPHA
from nps_utils.report.summary.moved import FEWEST, OF_SMALL
from nps_utils.report.summary.phrases import score_estimate, touchpoint_name
from nps_utils.stats.arithmetic.multiplicity import adjusted
from nps_utils.stats.mix import swapped
from nps_utils.stats.verdicts.newest import LEAST_ANSWERS, lead_wave
from nps_utils.waves import NO_DATES
from nps_utils.words.translation import Local

MOST: Final = 8


def last_scores(waves: pd.DataFrame, leading: str, *, incomplete: Collection[str]) -> pd.DataFrame:
    """Return the score of the last complete wave of each touchpoint, the leading one first, then by answers.

    Parameters
    ----------
    waves
        `verdicts.scores` by touchpoint and wave.
    leading
        The touchpoint that the page leads with.
    incomplete
        Waves within which the answers end.

    Returns
    -------
    The rows of `waves` and `complete`. Where no wave of a touchpoint has 30 answers its last one stands there, complete
    or not. Eight touchpoints at most.

    Raises
    ------
    BadValue
        There is one touchpoint only.
    """
    rows = []
    for touchpoint, part in waves[waves["n"] > 0].groupby("touchpoint", sort=True):
        ordered = part.sort_values("wave", kind="stable")
        wave = lead_wave(ordered, incomplete=incomplete)
        row = ordered.iloc[-1] if wave is None else ordered[ordered["wave"] == wave].iloc[0]
        complete = str(row["wave"]) not in incomplete
        rows.append(row.to_dict() | {"touchpoint": touchpoint, "complete": complete, "all": int(part["n"].sum())})
    if len(rows) < 2:
        raise BadValue("There is one touchpoint only.")
    table = pd.DataFrame(rows)
    table = table.assign(after=table["touchpoint"] != leading)
    ordered = table.sort_values(["after", "all", "touchpoint"], ascending=[True, False, True], kind="stable")
    return ordered.drop(columns=["after", "all"]).head(MOST).reset_index(drop=True)


def moved_elsewhere(
    newest: pd.DataFrame,
    leading: str,
    responses: pd.DataFrame,
    *,
    segments: Sequence[str] = (),
    mixed: Collection[str] = (),
) -> pd.Series:
    """Return the newest change of another touchpoint than the leading one that is surest, adjusted for all of theirs.

    Passed over are changes of fewer than ten answers in a wave, those of fewer than 30 unless they hold at a fifth of
    the level, and those where a segment, such as the channel, changed with the wave: which of the two moved the score
    is not known.

    Parameters
    ----------
    newest
        `verdicts.latest` of the responses: against the wave before and a year ago.
    leading
        The touchpoint that the page leads with.
    responses
        One row per answer, with `touchpoint`, `wave` and the segments.
    segments
        Columns of which one may have changed with the wave.
    mixed
        Touchpoints of whose change the mix of respondents is told.

    Raises
    ------
    BadValue
        No other touchpoint is shown to have moved.
    """
    others = newest[(newest["touchpoint"] != leading) & newest["pvalue"].notna()]
    table = others.assign(pvalue_adjusted=adjusted(others["pvalue"].to_numpy(dtype=float), adjust="holm"))
    # What has fewer answers than a headline needs is told where it is surer by far.
    fewest = table[["n_before", "n_after"]].min(axis=1)
    level = np.where(fewest >= LEAST_ANSWERS, ALPHA, np.where(fewest >= FEWEST, ALPHA * OF_SMALL, 0))
    shown = table[(table["pvalue_adjusted"] < level) & ~table["touchpoint"].isin(mixed)]
    for _, row in shown.sort_values("pvalue", kind="stable").iterrows():
        here = responses[responses["touchpoint"] == row["touchpoint"]]
        if swapped(here, segments, before=row["before"], after=row["after"]) is None:
            return row
    raise BadValue("No other touchpoint is shown to have moved.")


def title(table: pd.DataFrame, local: Local) -> str:
    """Return the message of the picture: the highest and the lowest of them."""
    scores = table["nps"].to_numpy(dtype=float)
    best, worst = table.iloc[int(scores.argmax())], table.iloc[int(scores.argmin())]
    return local.say(
        "NPS by touchpoint: from {low} ({lowest}) to {high} ({highest})",
        low=local.points(worst["nps"]),
        high=local.points(best["nps"]),
        lowest=touchpoint_name(local, str(worst["touchpoint"])),
        highest=touchpoint_name(local, str(best["touchpoint"])),
    )


def label(row: pd.Series, local: Local) -> str:
    """Return the touchpoint and its wave, where waves are periods."""
    name = touchpoint_name(local, str(row["touchpoint"]))
    return name if row["wave"] == NO_DATES else f"{name}, {row['wave']}"


def told(table: pd.DataFrame, local: Local, unit: str) -> list[str]:
    """Return the numbers of each row with interval and n."""
    return [f"{label(row, local)}: {score_estimate(local, row, unit)}" for _, row in table.iterrows()]
