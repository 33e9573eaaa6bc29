"""What the comments of now are about, and which theme of then is gone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import pandas as pd

from nps_utils.comments.effects import held
from nps_utils.comments.mentions import mentions_of
from nps_utils.comments.remarks import Remarks
from nps_utils.pages.comments import LEAST_COMMENTS, at_touchpoint, effects_of
from nps_utils.words.limits import Limit

# A theme was a story of its own where it was in a tenth of the comments of a wave.
LARGE_SHARE: Final = 0.1


class Faded(NamedTuple):
    """A theme that went with lower scores, was frequent in one wave, and is in none of the last two.

    `share` is that of the comments of the wave `wave`; no comment mentions it from the wave `since` on.
    """

    theme: str
    wave: str
    share: float
    since: str


def now_themes(
    recent: pd.DataFrame, remarks: Remarks | Limit, *, touchpoint: str, waves: Sequence[str]
) -> pd.DataFrame | Limit:
    """Return what goes with the score of the last year at the main touchpoint, of the themes that are still written of.

    Parameters
    ----------
    recent
        The answers of the last year.
    remarks
        What they say.
    touchpoint
        The main one.
    waves
        The last two waves; a theme that one of them does not mention is left out.

    Returns
    -------
    As `pages.comments.effects_of`, with `share_now` (of the comments of the last wave that say something).
    """
    if isinstance(remarks, Limit):
        return remarks
    rows, said = at_touchpoint(recent, remarks, touchpoint)
    effects = effects_of(rows, said)
    shares = _shares(rows, said.themes)
    shares = shares[[wave for wave in waves if wave in shares.columns]]
    still = shares.index[(shares > 0).all(axis="columns")] if len(shares.columns) else shares.index[:0]
    kept = effects[effects["theme"].isin(still)]
    return kept.assign(share_now=kept["theme"].map(shares.iloc[:, -1]) if len(shares.columns) else None)


def faded(
    responses: pd.DataFrame,
    themes: pd.DataFrame | Limit,
    remarks: Remarks | Limit,
    *,
    touchpoint: str,
    waves: Sequence[str],
) -> Faded | None:
    """Return the theme that once cost most and that the last two waves of the main touchpoint do not mention."""
    if isinstance(themes, Limit) or isinstance(remarks, Limit) or len(waves) < 3:
        return None
    rows, said = at_touchpoint(responses, remarks, touchpoint)
    shares = _shares(rows, said.themes)
    shares = shares[[wave for wave in waves if wave in shares.columns]]
    known = held(themes)
    sure = known[known["adjusted"] < 0]
    for theme in sure.sort_values("adjusted")["theme"]:
        if theme not in shares.index or len(shares.columns) < 3:
            continue
        of = shares.loc[theme]
        if of.max() >= LARGE_SHARE and (of.iloc[-2:] == 0).all():
            peak = str(of.idxmax())
            last = [str(wave) for wave in of.index[of > 0]][-1]
            since = next(str(wave) for wave in of.index if str(wave) > last)
            return Faded(str(theme), peak, float(of.max()), since)
    return None


def _shares(rows: pd.DataFrame, themes: pd.DataFrame) -> pd.DataFrame:
    """Return the share of each theme among the comments of each wave that say something: themes by waves.

    A wave in which fewer than thirty say something has no shares: what it does not mention may be there all the same.
    """
    told, mentions = mentions_of(themes, themes)
    wave = rows.loc[themes.index[told], "wave"].to_numpy()
    shares = mentions[told].groupby(wave).mean().T
    many = pd.Series(wave).value_counts()
    return shares[[name for name in shares.columns if many[name] >= LEAST_COMMENTS]]
