"""What each cluster does to the score, who is in it, and whether there is more of it than a year ago."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from nps_utils.checks import BadValue, check_columns, check_fraction
from nps_utils.comments.changes import theme_changes
from nps_utils.comments.cluster_rows import MIXED
from nps_utils.comments.effects import WITHIN, theme_effects
from nps_utils.stats.weighting.weighted_interval import weighted_score

_EFFECTS: Final = ("leave_out", "leave_out_low", "leave_out_high", "leave_out_pvalue_adjusted")
_THEN, _NOW = "1", "2"  # in the order of time


def cluster_effects(
    responses: pd.DataFrame,
    found: pd.DataFrame,
    *,
    cluster: str | None = None,
    within: str | None = None,
    confidence_level: float = 0.95,
) -> pd.DataFrame:
    """Add to clusters the score of their comments and the points of the total that go with them.

    Parameters
    ----------
    responses
        One row per response, as the comments were given to `clusters`.
    found
        What `clusters` gave for them.
    cluster
        Column of accounts whose people may think alike; intervals then allow for it.
    within
        Column of touchpoints; effects then compare answers with others of their touchpoint only, see `theme_effects`.
    confidence_level
        Of the score; and of all effects together, so that an interval without zero is a finding.

    Returns
    -------
    `found` with `detractors`, `passives`, `promoters` (comments by band); `nps`, `low`, `high` (points; missing where
    nobody of the cluster gave a score); `leave_out` (the NPS of all responses less that without this cluster: negative
    costs points), `leave_out_low`, `leave_out_high` (all clusters at once, Bonferroni), `leave_out_pvalue_adjusted`;
    the last four are missing below ten comments, and for `mixed`.

    Raises
    ------
    MissingColumn, BadValue
        No scores, or clusters of other comments.

    Examples
    --------
    >>> responses = pd.DataFrame({"score": [2, 3, 10, 9, 10, 9] * 10})
    >>> found = pd.DataFrame({"cluster": ["1"], "rows": [[i for i in range(60) if i % 6 < 2]]})
    >>> cluster_effects(responses, found)[["nps", "detractors", "leave_out"]].round(1)
         nps  detractors  leave_out
    0 -100.0          20      -66.7
    """
    check_fraction("confidence_level", confidence_level)
    check_columns(list(responses.columns), ["score", *([cluster] if cluster else [])], what="responses")
    member = _member(found, len(responses))
    among = responses["score"].notna().to_numpy() & (member >= 0)
    inside = responses[among].reset_index(drop=True).assign(_cluster=member[among])
    table = found.reset_index(drop=True)
    for name, low, high in (("detractors", 0, 6), ("passives", 7, 8), ("promoters", 9, 10)):
        band = inside.loc[inside["score"].between(low, high), "_cluster"]
        table[name] = band.value_counts().reindex(table.index, fill_value=0).to_numpy(dtype=int)
    if len(inside):
        score = weighted_score(inside, by="_cluster", cluster=cluster, confidence_level=confidence_level)
        score = score.set_index("_cluster").reindex(table.index)
        table[["nps", "low", "high"]] = score[["nps", "low", "high"]].to_numpy(dtype=float)
    else:
        table[["nps", "low", "high"]] = np.nan
    effects = _effects(responses, found, member, (cluster, within), confidence_level)
    table = table.join(effects)
    table.attrs[WITHIN] = effects.attrs.get(WITHIN)
    return table


def _member(found: pd.DataFrame, n: int) -> np.ndarray:
    """Return the place in the table of the cluster of each response, -1 for none."""
    member = np.full(n, -1)
    for place, rows in enumerate(found["rows"]):
        if rows and max(rows) >= n:
            raise BadValue(f"found has a comment at place {max(rows)} and responses {n:,} rows; they must be the same.")
        member[rows] = place
    return member


def _as_themes(found: pd.DataFrame, member: np.ndarray) -> pd.DataFrame:
    """Return the clusters of comments as `assign_themes` returns themes, without `mixed`, which is the rest."""
    names = {place: f"c{place}" for place, name in enumerate(found["cluster"]) if name != MIXED}
    themes = pd.DataFrame({"main_theme": pd.Series("rest", index=range(len(member)), dtype="str")})
    return themes.assign(**{name: (member == place).astype(float) for place, name in names.items()})


def _effects(
    responses: pd.DataFrame,
    found: pd.DataFrame,
    member: np.ndarray,
    columns: tuple[str | None, str | None],
    confidence_level: float,
) -> pd.DataFrame:
    at = np.flatnonzero(member >= 0)
    themes = _as_themes(found, member[at])
    of = len(themes.columns) - 1
    if not of or not responses["score"].notna().to_numpy()[at].any():
        return pd.DataFrame(np.nan, index=range(len(found)), columns=list(_EFFECTS))
    level = 1.0 - (1.0 - confidence_level) / of
    cluster, within = columns
    effects = theme_effects(
        responses, themes, cluster=cluster, within=within, at=at, confidence_level=level, adjust="bonferroni"
    )
    effects["place"] = effects["theme"].str[1:].astype(int)
    return effects.set_index("place")[list(_EFFECTS)].reindex(range(len(found)))


def cluster_changes(responses: pd.DataFrame, found: pd.DataFrame, *, across: str = "wave") -> pd.DataFrame:
    """Compare the share of each cluster in the last wave with its share in the same days a year before.

    Parameters
    ----------
    responses
        One row per response, with `responded_at`, as the comments were given to `clusters`. Give those of one
        touchpoint only where a touchpoint is younger than a year.
    found
        What `clusters` gave for all of them.
    across
        The column of waves.

    Returns
    -------
    One row per cluster but `mixed`, in the order of `found`: `cluster`, `name`, `wave`, `n_before`, `n_after` (comments
    with content then and now), `before`, `after`, `change`, `low`, `high` (proportions), `pvalue`, `pvalue_adjusted`
    (Holm over the clusters).

    Raises
    ------
    MissingColumn, BadValue
        No dates, or no comment a year before.
    """
    check_columns(list(responses.columns), [across, "responded_at"], what="responses")
    member = _member(found, len(responses))
    table = responses.reset_index(drop=True)
    when = pd.to_datetime(table["responded_at"], utc=True)
    told = when.notna().to_numpy() & (member >= 0)
    if not told.any():
        raise BadValue("No comment has a date, so that nothing can be said of a year ago.")
    wave = table[across].iloc[int(when.where(told).argmax())]
    now = told & (table[across] == wave).to_numpy(dtype=bool)
    first, last = (end - pd.DateOffset(years=1) for end in (when[now].min(), when[now].max()))
    then = told & ~now & ((when >= first) & (when <= last)).to_numpy(dtype=bool)
    if not then.any():
        raise BadValue(f"Nobody wrote a comment in the days of {wave} a year before, so that no share can be compared.")
    both = now | then
    period = pd.DataFrame({across: np.where(now, _NOW, _THEN)[both]})
    changed = theme_changes(period, _as_themes(found, member[both]), across=across)
    place = changed["theme"].str[1:].astype(int).to_numpy()
    told_by = pd.DataFrame({name: found[name].to_numpy()[place] for name in ("cluster", "name")}).assign(wave=str(wave))
    numbers = ["n_before", "n_after", "before", "after", "change", "low", "high", "pvalue", "pvalue_adjusted"]
    return pd.concat([told_by, changed[numbers]], axis=1)
