"""Clusters as rows of a table: who is in each, what it says in which languages, its quotes and its themes."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import squareform

from nps_utils.comments.cluster_terms import Terms, terms_of
from nps_utils.comments.consensus import Consensus, Ints
from nps_utils.comments.space.words import Floats, unit_rows
from nps_utils.comments.text import normalise, words

MIXED: Final = "mixed"
EXPLAINED: Final = 0.5  # of a cluster's comments: a theme that so many mention explains it
LEAST_SHARE: Final = 0.1  # of a cluster's comments: a theme that fewer mention is not listed
_PER_SUBJECT: Final = 3  # clusters

COLUMNS: Final = (
    *("cluster", "name", "terms", "n", "share", "languages", "stability", "quotes", "rows"),
    *("group", "themes", "explained", "terms_by_language", "found", "quoted", "said"),
)


class Quote(NamedTuple):
    """A text that may be shown, and the position of whose it is."""

    row: int
    text: str


@dataclass(frozen=True)
class Corpus:
    """The distinct comments with content: a thousand copies of one weigh as one when groups are sought."""

    texts: list[str]
    languages: list[str]
    rows: list[list[int]]  # the positions of each

    spoken: list[list[str]]  # the words of each

    @classmethod
    def read(cls, comments: list[str], codes: np.ndarray, told: npt.NDArray[np.bool_]) -> Corpus:
        """Put comments of the same words in the same language together."""
        alike: dict[tuple[str, str], list[int]] = {}
        for row in np.flatnonzero(told).tolist():
            alike.setdefault((str(codes[row]), comments[row]), []).append(row)
        same: dict[str, str] = {}  # a word is one object in all comments
        seen: dict[tuple[str, ...], list[int]] = {}
        for (code, text), rows in alike.items():
            seen.setdefault((code, *[same.setdefault(word, word) for word in words(text)]), []).extend(rows)
        together = [sorted(rows) for rows in seen.values()]
        firsts = [rows[0] for rows in together]
        texts = [comments[row] for row in firsts]
        # What was unescaped once may be unescaped once more: rarely another text.
        spoken = [
            list(key[1:]) if (again := normalise(text)) == text else words(again)
            for key, text in zip(seen, texts, strict=True)
        ]
        return cls(texts, [str(codes[row]) for row in firsts], together, spoken)

    @property
    def n(self) -> int:
        """How many comments with content there are, copies counted."""
        return sum(map(len, self.rows))


@dataclass(frozen=True)
class Named:
    """The cluster of each distinct comment, with what it is called and what it was called before decisions."""

    labels: Ints
    names: dict[int, str]
    made_of: dict[int, str]
    counted: dict[str, Terms]
    said: dict[int, float]  # share of the comments that say a word of the name; not of names that the analyst gave


def table_of(
    corpus: Corpus, named: Named, points: Floats, found: Consensus, mentioned: pd.DataFrame | None,
    quotes: Mapping[int, list[Quote]], n_terms: int,
) -> pd.DataFrame:  # fmt: skip
    """Return one row per cluster, in the order of reading."""
    stability = _held(named.labels, found, points)
    group = _groups(named.labels, points)
    rows = []
    for label in [*sorted(named.names), -1]:
        members = np.flatnonzero(named.labels == label)
        if not len(members):
            continue
        positions = sorted(row for member in members for row in corpus.rows[member])
        by_theme = _by_theme(mentioned, positions)
        terms = terms_of(named.counted, label, n_terms) if label >= 0 else {}
        quoted = quotes.get(label, [])
        rows.append(
            {
                "cluster": MIXED,
                "name": named.names.get(label, MIXED),
                "terms": [term for listed in terms.values() for term in listed],
                "n": len(positions),
                "share": len(positions) / corpus.n,
                "languages": _counted_languages(corpus, members),
                "stability": stability.get(label, math.nan),
                "quotes": [quote.text for quote in quoted],
                "rows": positions,
                "group": group.get(label, 0),
                "themes": by_theme,
                "explained": next((theme for theme, part in by_theme.items() if part >= EXPLAINED), ""),
                "terms_by_language": terms,
                "found": named.made_of.get(label, MIXED),
                "quoted": [quote.row for quote in quoted],
                "said": named.said.get(label, math.nan),
            }
        )
    return ordered(pd.DataFrame(rows, columns=list(COLUMNS)), by_themes=mentioned is not None)


def ordered(table: pd.DataFrame, *, by_themes: bool) -> pd.DataFrame:
    """Return clusters in the order of reading and number them: what no theme explains first, `mixed` last."""
    told = table.assign(
        last=table["name"] == MIXED, known=(table["explained"] != "") & by_themes, less=-table["n"].astype(int)
    )
    told = told.sort_values(["last", "known", "less", "name"], kind="stable").reset_index(drop=True)
    numbers = [MIXED if last else str(place) for place, last in enumerate(told["last"], start=1)]
    subject = {group: number for number, group in enumerate(dict.fromkeys(told["group"][~told["last"]]), start=1)}
    told["group"] = [subject.get(group, 0) for group in told["group"]]
    return told.assign(cluster=numbers)[list(COLUMNS)]


def _held(labels: Ints, found: Consensus, points: Floats) -> dict[int, float]:
    """Return the stability of each cluster: of a merged or split one, the mean of those its comments come from."""
    of_point = np.zeros(len(points))
    of_point[points.any(axis=1)] = found.stability[found.labels]
    return {int(label): float(of_point[labels == label].mean()) for label in np.unique(labels) if label >= 0}


def _groups(labels: Ints, points: Floats) -> dict[int, int]:
    """Return which clusters are of one subject, by the average linkage of their centres; a third as many subjects."""
    kept = [int(label) for label in np.unique(labels) if label >= 0]
    if len(kept) < 2 * _PER_SUBJECT:
        return {label: number for number, label in enumerate(kept, start=1)}
    centres = unit_rows(np.array([points[labels == label].mean(axis=0) for label in kept]))
    apart = np.clip(1.0 - centres @ centres.T, 0.0, 2.0).round(5)
    np.fill_diagonal(apart, 0.0)
    tree = linkage(squareform((apart + apart.T) / 2, checks=False), method="average")
    cut = fcluster(tree, max(2, round(len(kept) / _PER_SUBJECT)), criterion="maxclust")
    return {label: int(group) for label, group in zip(kept, cut, strict=True)}


def _counted_languages(corpus: Corpus, members: Ints) -> dict[str, int]:
    n: dict[str, int] = {}
    for member in members:
        code = corpus.languages[member]
        n[code] = n.get(code, 0) + len(corpus.rows[member])
    return dict(sorted(n.items(), key=lambda item: (-item[1], item[0])))


def _by_theme(mentioned: pd.DataFrame | None, positions: list[int]) -> dict[str, float]:
    """Return the share of these comments that mention each theme, the largest first; none below a tenth."""
    if mentioned is None:
        return {}
    shares: dict[Any, float] = mentioned.iloc[positions].mean().to_dict()
    listed = sorted(shares.items(), key=lambda item: (-item[1], item[0]))
    return {str(theme): round(float(share), 6) for theme, share in listed if share >= LEAST_SHARE}
