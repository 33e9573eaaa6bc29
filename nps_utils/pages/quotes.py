"""Quotes as page 05 shows them: each wording once, with what it is about and whose it is, as far as it may be told."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from nps_utils.checks import BadValue
from nps_utils.comments import mask
from nps_utils.comments.language import UNKNOWN
from nps_utils.comments.mentions import theme_columns
from nps_utils.comments.remarks import Remarks
from nps_utils.comments.text import normalise, words
from nps_utils.pages.comments import labels_of, shown_texts
from nps_utils.scale import band
from nps_utils.study.study import Study
from nps_utils.tables.clusters import MIXED
from nps_utils.waves import NO_DATES
from nps_utils.words.limits import Limit

MOST: Final = 150  # quotes on the page and in its saved table: nobody reads more, and each one tells of a person
LONGEST: Final = 240
_READABLE: Final = 25  # characters, from which on a quote says something by itself
# A segment is named only where at least so many answers of its wave share it: of fewer, a colleague knows who wrote.
LEAST_ALIKE: Final = 5
_BANDS: Final = ("detractor", "passive", "promoter")
_NONE: Final = ""
_BEFORE: Final = ("quote", "theme", "cluster", "band", "wave")
_AFTER: Final = ("language", "times", "allowed_by")


def to_show(study: Study, remarks: Remarks, clusters: pd.DataFrame | Limit) -> pd.DataFrame:
    """Return the quotes of a study: each wording once, one of each theme and band first, then the next ones.

    A wording that several people used is told of the band in which most did, by its latest answer.

    Parameters
    ----------
    study, remarks
        The study and its comments, see `act.read_remarks`.
    clusters
        What `clusters.clusters_of` returned, or why there are none.

    Returns
    -------
    At most 150 rows: `quote` (masked, at most 240 characters), `theme` and `cluster` (in words, "" where there is
    none), `band`, `wave`, the segments of the study ("" where fewer than five answers of the wave share the value; or,
    of writers who were not asked, all values up to it), `language`, `times` (answers that say the same) and
    `allowed_by`. `attrs["of"]` says how many there are in all.

    Raises
    ------
    BadValue
        No text of the study may be shown; the message says how one could be.
    """
    responses = study.responses()
    shown = shown_texts(remarks)
    ours, themes = responses.loc[shown.index], remarks.quotable_themes.loc[shown.index]
    table = pd.DataFrame(
        {
            "quote": [normalise(text) for text in shown],
            "theme": themes["main_theme"].map(labels_of(remarks)).fillna(_NONE).astype(str),
            "cluster": _clusters(responses, shown, remarks, clusters),
            "band": [band(int(score)) for score in ours["score"]],
            "wave": ours["wave"].astype(str).where(ours["wave"] != NO_DATES, _NONE),
            "language": themes["language"].astype(str).replace(UNKNOWN, _NONE),
            "clear": themes[theme_columns(themes)].max(axis=1).fillna(0.0),
            "at": ours["responded_at"],
        },
        index=shown.index,
    )
    table = _once(table[themes["main_theme"] != "no_content"])
    if table.empty:
        raise BadValue("No comment that may be shown says anything, so there is nothing to quote.")
    chosen = _spread(table).head(MOST)
    masked, _ = mask(chosen["quote"].tolist())
    chosen = chosen.assign(
        quote=[text if len(text) <= LONGEST else f"{text[: LONGEST - 1].rstrip()}…" for text in masked],
        allowed_by="consent" if remarks.asked_consent else "study.toml",
    )
    # A segment may be called like anything: it is joined when nothing else is looked up by name any more.
    places = responses.index.get_indexer(chosen.index)
    segments = _told_segments(responses, study.segments, places, together=not remarks.asked_consent)
    chosen = pd.concat([chosen[list(_BEFORE)], segments, chosen[list(_AFTER)]], axis=1).reset_index(drop=True)
    chosen.attrs["of"] = len(table)
    return chosen


def _once(table: pd.DataFrame) -> pd.DataFrame:
    """Keep one row of each wording: of the band in which most used it, the unhappier of two; the latest of these."""
    said = table.assign(wording=[" ".join(words(text)) for text in table["quote"]])
    said = said.assign(
        times=said.groupby("wording")["quote"].transform("size"),
        alike=said.groupby(["wording", "band"])["quote"].transform("size"),
        rank=said["band"].map(_BANDS.index),
    )
    order = said.sort_values(["alike", "rank", "at"], ascending=[False, True, False], kind="stable")
    return order.drop_duplicates("wording").sort_index()


def _spread(table: pd.DataFrame) -> pd.DataFrame:
    """Put the clearest quote of each theme and band first, then the second ones; commoner themes before others."""
    readable = table["quote"].str.len().between(_READABLE, LONGEST)
    ranked = table.assign(unreadable=~readable).sort_values(
        ["unreadable", "clear", "at"], ascending=[True, False, False], kind="stable"
    )
    about = ranked["theme"].where(ranked["theme"] != _NONE, ranked["cluster"])
    ranked = ranked.assign(about=about, place=ranked.groupby([about, "band"]).cumcount())
    common = about.value_counts()
    ranked = ranked.assign(common=ranked["about"].map(common), nothing=ranked["about"] == _NONE)
    order = ["place", "nothing", "unreadable", "common", "about", "rank"]
    return ranked.sort_values(order, ascending=[True, True, True, False, True, True], kind="stable")


def _clusters(
    responses: pd.DataFrame, shown: pd.Series[str], remarks: Remarks, clusters: pd.DataFrame | Limit
) -> Sequence[str]:
    """Return the name of the cluster of each shown text: that of its comment, else where it was quoted."""
    if isinstance(clusters, Limit):
        return [_NONE] * len(shown)
    named = clusters[clusters["cluster"] != MIXED]
    own, near = ({row: name for name, rows in zip(named["name"], named[column], strict=True) for row in rows}
                 for column in ("rows", "quoted"))  # fmt: skip
    same = (shown == remarks.masked.loc[shown.index]).to_numpy(dtype=bool, na_value=False)
    places = responses.index.get_indexer(shown.index).tolist()
    return [str((own if alike else near).get(place, _NONE)) for place, alike in zip(places, same, strict=True)]


def _told_segments(
    responses: pd.DataFrame, names: Sequence[str], places: NDArray[np.intp], *, together: bool
) -> pd.DataFrame:
    """Return what may be told of the segments of some answers: no value that would tell who wrote, alone or `together`.

    How many share a value is counted by numbers, of all answers: they may be millions.
    """
    told: dict[str, pd.Series[str]] = {}
    group = pd.factorize(responses["wave"])[0] + 1
    dated = group > 0
    for name in names:
        codes, texts = _numbered_cells(responses[name])
        alike = _sizes(group * len(texts) + codes)
        shown = np.where(dated & (alike >= LEAST_ALIKE), codes, 0)
        key = f"{name} (segment)" if name in (*_BEFORE, *_AFTER) else name
        told[key] = pd.Series(texts.take(shown[places]), index=responses.index[places], dtype="str")
        group = pd.factorize(group * len(texts) + shown)[0] if together else group
    return pd.DataFrame(told, index=responses.index[places])


def _numbered_cells(cells: pd.Series[Any]) -> tuple[NDArray[np.int64], pd.Index[str]]:
    """Return the different texts of a column, "" among them, and which each cell has; "" where it is empty.

    Examples
    --------
    >>> codes, texts = _numbered_cells(pd.Series(["b", None, "a", "b"]))
    >>> codes.tolist(), texts.tolist()
    ([1, 0, 2, 1], ['', 'b', 'a'])
    """
    written, different = pd.factorize(cells)
    named = pd.Series(different).astype("string").to_numpy(dtype=object)
    codes, texts = pd.factorize(np.array([_NONE, *named], dtype=object))
    return codes[written + 1].astype(np.int64), pd.Index(texts, dtype="str")


def _sizes(keys: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return for each key how often it is there."""
    codes, _ = pd.factorize(keys)
    return np.bincount(codes)[codes]
