"""What a study says in one go: the score of the last complete wave, how it moved, where it is heading, whose it is."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import pandas as pd

from nps_utils.stats.each import ONE_WAVE, main_touchpoint
from nps_utils.stats.mix import swapped
from nps_utils.stats.verdicts.by_design import scores
from nps_utils.stats.verdicts.independence import narrow
from nps_utils.stats.verdicts.lines import trends
from nps_utils.stats.verdicts.newest import is_year_before, latest, lead_wave
from nps_utils.stats.verdicts.split import Split, stayed_or_changed
from nps_utils.words.limits import Limit, attempt


@dataclass(frozen=True)
class Judged:
    """The main touchpoint judged.

    `wave` is None where no wave has 30 answers, and `now` then is the score of all of them. `previous` and `year` are
    rows of `verdicts.latest`, `trend` one of `trends` through the complete waves. `swapped` names a segment that
    changed with the last wave.
    """

    touchpoint: str
    wave: str | None
    now: pd.Series
    last: pd.Series
    waves: pd.DataFrame
    previous: pd.Series | None
    year: pd.Series | None
    trend: pd.Series | None
    split: Split | Limit
    swapped: str = ""

    @property
    def design(self) -> str:
        """How the answers hang together, by the change where there is one."""
        return str((self.now if self.previous is None else self.previous)["design"])


def judge(
    responses: pd.DataFrame,
    *,
    touchpoint: str | None = None,
    incomplete: Collection[str] = (),
    segments: Sequence[str] = (),
) -> Judged:
    """Judge one touchpoint: its last complete wave, the two changes to it, the trend, and whose change it is.

    Parameters
    ----------
    responses
        One row per answer, with `touchpoint` and `wave`.
    touchpoint
        Which one; by default the main one, see `nps_utils.stats.each.main_touchpoint`.
    incomplete
        Waves within which the answers end.
    segments
        Columns of which one, such as the channel, may have changed with the wave: whose change it is is unknown then.

    Examples
    --------
    >>> answers = pd.DataFrame({
    ...     "touchpoint": "relationship", "wave": ["2026-Q2"] * 40 + ["2026-Q3"] * 40,
    ...     "score": [9] * 28 + [3] * 12 + [9] * 15 + [3] * 25,
    ... })
    >>> judged = judge(answers)
    >>> judged.wave, judged.design, float(judged.now["nps"]), float(judged.previous["change"]), judged.trend is None
    ('2026-Q3', 'independent', -25.0, -65.0, True)
    """
    touchpoint = touchpoint or main_touchpoint(responses)
    ours = narrow(responses, "touchpoint", "wave", *segments)
    ours = ours[ours["touchpoint"] == touchpoint]
    waves = scores(ours, by=["touchpoint", "wave"]).sort_values("wave", kind="stable")
    wave = lead_wave(waves, incomplete=incomplete)
    now = scores(ours).iloc[0] if wave is None else waves[waves["wave"] == wave].iloc[0]
    newest = attempt(latest, ours, incomplete=incomplete)
    against = {} if isinstance(newest, Limit) else {str(row["against"]): row for _, row in newest.iterrows()}
    previous = against.get("previous")
    # Where the waves are a year apart the one before is that of a year ago.
    same = previous is not None and is_year_before(previous["before"], previous["after"])
    line = attempt(trends, ours, incomplete=incomplete)
    split = (
        Limit(ONE_WAVE)
        if previous is None
        else attempt(stayed_or_changed, ours, before=previous["before"], after=previous["after"])
    )
    other = None if previous is None else swapped(ours, segments, before=previous["before"], after=previous["after"])
    if other is not None and not isinstance(split, Limit):
        split = split._replace(whose="unknown", swapped=other)
    return Judged(
        touchpoint=touchpoint,
        wave=wave,
        now=pd.concat([pd.Series({"touchpoint": touchpoint, "wave": ""}), now]) if wave is None else now,
        last=waves.iloc[-1],
        waves=waves,
        previous=previous,
        year=previous if same else against.get("year"),
        trend=None if isinstance(line, Limit) else line.iloc[0],
        split=split,
        swapped=other or "",
    )
