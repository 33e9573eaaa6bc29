"""Segments by wave: the score of each group beside that of the rest, and where the difference holds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np
import pandas as pd

from nps_utils.checks import BadValue
from nps_utils.report.summary.evidence import ALPHA, against_rest
from nps_utils.stats import verdicts
from nps_utils.stats.arithmetic.multiplicity import adjusted
from nps_utils.stats.verdicts.by_design import groups_of
from nps_utils.words.limits import Limit, attempt

MOST_ROWS: Final = 12
MOST_WAVES: Final = 8
MOST_GROUPS: Final = 8
LEAST_ANSWERS: Final = 30
# The column of the last year, beside those of the waves.
YEAR_COLUMN: Final = ""


def segment_waves(
    ours: pd.DataFrame, recent: pd.DataFrame, segments: Iterable[str], *, newest: str | None
) -> pd.DataFrame:
    """Score the groups of the segments in each wave and in the last year, and say where they differ from the rest.

    Three families, each adjusted by Holm over all groups looked at: the newest wave, the waves before, the last year.

    Parameters
    ----------
    ours, recent
        All answers of the main touchpoint, and those of its last year.
    segments
        Columns; one counts where 2 to 8 of its groups have 30 answers in the last year.
    newest
        The wave that the page leads with.

    Returns
    -------
    `segment`, `group`, `wave` ("" for the last year), `n`, `nps`, `low`, `high`, `design`, `units`, `change` (points
    against the rest), `holds`. Segments with a difference that holds come first; 12 groups at most.

    Raises
    ------
    BadValue
        There are no two waves, no segment has two groups with answers enough, or none differs from the rest.
    """
    waves = sorted(ours["wave"].unique())[-MOST_WAVES:]
    if len(waves) < 2:
        raise BadValue("There is one wave only: segments cannot be followed over time.")
    tables = [table for name in segments if (table := _of(name, ours[ours["wave"].isin(waves)], recent)) is not None]
    if not tables:
        raise BadValue("No segment has two groups with 30 answers in the last year.")
    table = pd.concat(tables, ignore_index=True)
    family = np.select([table["wave"] == YEAR_COLUMN, table["wave"] == newest], [0, 1], 2)
    pvalue = np.full(len(table), np.nan)
    for part in range(3):
        here = family == part
        pvalue[here] = adjusted(table.loc[here, "pvalue"].to_numpy(dtype=float), adjust="holm")
    table = table.assign(holds=pvalue < ALPHA)
    if not table["holds"].any():
        raise BadValue("No segment differs from the rest by more than chance.")
    return table[table["segment"].isin(_chosen(table))].drop(columns="pvalue").reset_index(drop=True)


def _of(segment: str, ours: pd.DataFrame, recent: pd.DataFrame) -> pd.DataFrame | None:
    sizes = recent[segment].value_counts()
    groups = sizes[sizes >= LEAST_ANSWERS].index.tolist()
    if not 2 <= len(groups) <= MOST_GROUPS:
        return None
    rows = ours[ours[segment].notna()]
    compared = attempt(verdicts.changes, rows, by=["wave"], across=segment, baseline="rest", adjust="none")
    if isinstance(compared, Limit):
        return None
    year = against_rest(recent, [segment]).assign(wave=YEAR_COLUMN, after=lambda table: table["group"])
    names = ["wave", "after", "change", "pvalue"]
    both = pd.concat([compared[names], year[names]], ignore_index=True)
    both = both.assign(group=both["after"].astype(str), segment=segment).drop(columns="after")
    scores = [_scores(rows, segment, ["wave"]), _scores(recent, segment, []).assign(wave=YEAR_COLUMN)]
    found = pd.concat(scores, ignore_index=True).merge(both, on=["wave", "group"], how="left")
    return found[found["group"].isin(list(map(str, groups)))].assign(segment=segment)


def _scores(rows: pd.DataFrame, segment: str, by: Sequence[str]) -> pd.DataFrame:
    known = rows[rows[segment].notna()].assign(group=lambda table: groups_of(table[segment]))
    names = ["n", "nps", "low", "high", "design", "units"]
    found = verdicts.scores(known, by=[*by, "group"])[[*by, "group", *names]]
    return found.assign(group=found["group"].astype(str))


def _chosen(table: pd.DataFrame) -> list[str]:
    """Return the segments to show: those with something to see first, as many as there is room for."""
    seen = table.groupby("segment", sort=False)["holds"].any()
    order = [*seen.index[seen], *seen.index[~seen]]
    rows = table.groupby("segment")["group"].nunique()
    chosen: list[str] = []
    for name in order:
        if not chosen or rows[[*chosen, name]].sum() <= MOST_ROWS:
            chosen.append(name)
    return chosen
