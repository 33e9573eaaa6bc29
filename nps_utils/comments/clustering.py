"""Clusters: what people write about, over all languages at once, whether a theme knows it or not."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import squareform

from nps_utils.checks import BadValue, check_columns, check_whole
from nps_utils.comments.cluster_names import count_terms, names_of, terms_of
from nps_utils.comments.consensus import Consensus, consensus
from nps_utils.comments.content import is_without_content
from nps_utils.comments.language import STUDY_LANGUAGES, LanguageLike, detect_language
from nps_utils.comments.masking import mask
from nps_utils.comments.space.encoder import encoder
from nps_utils.comments.space.words import Floats, centred, unit_rows, word_space
from nps_utils.comments.taxonomy import RESERVED
from nps_utils.comments.text import Texts, normalise, text_list, words
from nps_utils.comments.themes import MENTIONED, Embed

Ints = npt.NDArray[np.intp]
EmbedLike: TypeAlias = Embed | Literal["e5"] | None

MIXED: Final = "mixed"
FEWEST: Final = 30  # distinct comments; below that a person reads them faster than we explain them
FEWEST_GROUPS: Final = 3
EXPLAINED: Final = 0.5  # of a cluster's comments: a theme that so many mention explains it
_SMALLEST: Final = 5  # distinct comments of a cluster
_STABLE: Final = 0.3  # overlap with the nearest group of another run, below which a cluster is none
_THEME_WEIGHT: Final = 0.5  # what themes weigh beside words
_GROUPS_PER_TOPIC: Final = 3
_QUOTE: Final = 240  # characters

_COLUMNS: Final = (
    *("cluster", "name", "terms", "n", "share", "languages", "stability", "quotes", "rows"),
    *("group", "themes", "explained", "terms_by_language"),
)


def clusters(
    texts: Texts,
    *,
    language: LanguageLike = None,
    themes: pd.DataFrame | None = None,
    embed: EmbedLike = None,
    groups: int | None = None,
    names_in: str = "en",
    languages: Sequence[str] = STUDY_LANGUAGES,
    n_terms: int = 5,
    n_quotes: int = 3,
    rng: np.random.Generator | int = 0,
) -> pd.DataFrame:
    """Cluster comments of all languages together, without guidance, and name the clusters.

    A comment is a point in a space where words of five languages that mean alike lie near each other (a stored table;
    each language is centred, so that clusters are not the languages). The groups are those that many clusterings of
    subsamples agree on, see `consensus`. Their number follows the number of distinct comments: 8 at 300, 12 at 1,000,
    20 at 10,000. What does not hold together from run to run, and comments without a known word, are `mixed`.

    Parameters
    ----------
    texts
        The comments, masked. Quotes are masked once more, without names.
    language, languages
        As in `assign_themes`; used only without `themes`.
    themes
        What `assign_themes` gave for them: its languages are used, its themes help to place comments, and the table
        says how clusters map to themes.
    embed
        `"e5"` for the encoder (extra `e5`), or any callable from a list of texts to an array (n, d), in the place of
        the table.
    groups
        How many clusters to look for, in the place of what follows from the number of comments.
    names_in
        The reader's language: names are in it, also of clusters whose comments are not.
    n_terms, n_quotes
        How many terms of each language, and how many quotes nearest to the centre, illustrate a cluster.
    rng
        Seed or generator. The same seed gives the same clusters.

    Returns
    -------
    One row per cluster; those that no theme explains come first (where `themes` is given), the larger before the
    smaller, and `mixed` last: `cluster` (its number from 1 as text, or `mixed`); `name` (one to three words, no word
    in two names); `terms` (of all its languages); `n` comments; `share` of all comments with content; `languages`
    (comments by language); `stability` (0..1: how much it overlaps with the nearest group of another run); `quotes`;
    `rows` (positions of its comments); `group` (a number that clusters of one subject share); `themes` (share of its
    comments by theme); `explained` (the theme that half of them mention, or none); `terms_by_language`. Fewer than 30
    distinct comments with content give no row: read them.

    Raises
    ------
    BadValue
        Themes or languages of another length; an embedding of another shape; `groups` below 2.

    Examples
    --------
    >>> clusters(["too few to cluster"], language="en").empty
    True
    """
    check_whole("n_terms", n_terms, least=1)
    check_whole("n_quotes", n_quotes, least=0)
    if groups is not None:
        check_whole("groups", groups, least=2)
    comments = [normalise(text) for text in text_list(texts)]
    codes = _languages(comments, themes, language, languages)
    corpus = _Corpus.read(comments, codes, ~is_without_content(comments))
    if len(corpus.texts) < FEWEST:
        return pd.DataFrame(columns=list(_COLUMNS))
    mentioned = _mentioned(themes)
    points = _points(corpus, embed, mentioned)
    placed = np.flatnonzero(points.any(axis=1))
    if len(placed) < FEWEST:
        return pd.DataFrame(columns=list(_COLUMNS))
    wanted = groups or groups_for(len(placed))
    found = consensus(points[placed], wanted, np.random.default_rng(rng))
    labels = np.full(len(corpus.texts), -1, dtype=np.intp)
    labels[placed] = _without_loose(found)
    return _table(corpus, labels, points, found, mentioned, names_in, n_terms, n_quotes)


def groups_for(n: int) -> int:
    """Return how many clusters so many distinct comments are put into.

    Examples
    --------
    >>> [groups_for(n) for n in (30, 100, 300, 1_000, 10_000, 100_000)]
    [3, 4, 8, 12, 20, 28]
    """
    return max(FEWEST_GROUPS, round(12 + 8 * math.log10(n / 1_000)))


@dataclass(frozen=True)
class _Corpus:
    """The distinct comments with content: a thousand copies of one weigh as one when groups are sought."""

    texts: list[str]
    languages: list[str]
    rows: list[list[int]]  # the positions of each

    @classmethod
    def read(cls, comments: list[str], codes: np.ndarray, told: npt.NDArray[np.bool_]) -> _Corpus:
        seen: dict[tuple[str, ...], list[int]] = {}
        for row in np.flatnonzero(told):
            seen.setdefault((str(codes[row]), *words(comments[row])), []).append(int(row))
        firsts = [rows[0] for rows in seen.values()]
        return cls([comments[row] for row in firsts], [str(codes[row]) for row in firsts], list(seen.values()))

    @property
    def n(self) -> int:
        return sum(map(len, self.rows))


def _languages(
    comments: list[str], themes: pd.DataFrame | None, language: LanguageLike, languages: Sequence[str]
) -> np.ndarray:
    if themes is None:
        return detect_language(comments, language=language, languages=languages)
    check_columns(list(themes.columns), ["main_theme", "language"], what="themes")
    if len(themes) != len(comments):
        raise BadValue(f"themes has {len(themes):,} rows for {len(comments):,} comments; they must be the same.")
    return themes["language"].to_numpy(dtype=object)


def _mentioned(themes: pd.DataFrame | None) -> pd.DataFrame | None:
    """Return which comment mentions which theme; None where there are no themes."""
    if themes is None:
        return None
    names = [name for name in themes.columns if name not in RESERVED and pd.api.types.is_numeric_dtype(themes[name])]
    return (themes[names] >= MENTIONED).reset_index(drop=True) if names else None


def _points(corpus: _Corpus, embed: EmbedLike, mentioned: pd.DataFrame | None) -> Floats:
    if embed is not None:
        called = encoder() if embed == "e5" else embed
        raw = np.asarray(called(corpus.texts), dtype=np.float32)
        if raw.ndim != 2 or len(raw) != len(corpus.texts) or not np.isfinite(raw).all():
            raise BadValue(f"embed returned shape {raw.shape} for {len(corpus.texts)} texts; expected finite (n, d).")
        return centred(unit_rows(raw), corpus.languages)
    points = centred(word_space().sums(corpus.texts), corpus.languages)
    if mentioned is None:
        return points
    hits = mentioned.to_numpy(dtype=np.float32)[[rows[0] for rows in corpus.rows]]
    helped = np.hstack([points, np.float32(_THEME_WEIGHT) * centred(unit_rows(hits), corpus.languages)])
    return np.where(points.any(axis=1)[:, None], unit_rows(helped), np.float32(0.0))


def _without_loose(found: Consensus) -> Ints:
    """Take apart what does not hold together: too small, or without a like in the other runs."""
    sizes = np.bincount(found.labels, minlength=len(found.stability))
    loose = (sizes < _SMALLEST) | (found.stability < _STABLE)
    return np.where(loose[found.labels], -1, found.labels).astype(np.intp)


def _table(
    corpus: _Corpus, labels: Ints, points: Floats, found: Consensus, mentioned: pd.DataFrame | None,
    names_in: str, n_terms: int, n_quotes: int,
) -> pd.DataFrame:  # fmt: skip
    kept = [int(label) for label in np.unique(labels) if label >= 0]
    counted = count_terms(corpus.texts, corpus.languages, [int(label) for label in labels])
    names = dict(zip(kept, names_of(counted, kept, names_in), strict=True))
    group = dict(zip(kept, _groups(found.together[np.ix_(kept, kept)]), strict=True))
    rows = []
    for label in [*kept, -1]:
        members = np.flatnonzero(labels == label)
        if not len(members):
            continue
        positions = sorted(row for member in members for row in corpus.rows[member])
        by_theme = _by_theme(mentioned, positions)
        terms = terms_of(counted, label, n_terms) if label >= 0 else {}
        near = members[_nearest(points[members])]
        rows.append(
            {
                "cluster": MIXED,
                "name": names.get(label, MIXED),
                "terms": [term for listed in terms.values() for term in listed],
                "n": len(positions),
                "share": len(positions) / corpus.n,
                "languages": _counted_languages(corpus, members),
                "stability": float(found.stability[label]) if label >= 0 else math.nan,
                "quotes": quotes_of([corpus.texts[member] for member in near], n_quotes) if label >= 0 else [],
                "rows": positions,
                "group": group.get(label, 0),
                "themes": by_theme,
                "explained": next((theme for theme, part in by_theme.items() if part >= EXPLAINED), ""),
                "terms_by_language": terms,
            }
        )
    return ordered(pd.DataFrame(rows, columns=list(_COLUMNS)), by_themes=mentioned is not None)


def ordered(table: pd.DataFrame, *, by_themes: bool) -> pd.DataFrame:
    """Return clusters in the order of reading and number them: what no theme explains first, `mixed` last."""
    told = table.assign(
        last=table["name"] == MIXED, known=(table["explained"] != "") & by_themes, less=-table["n"].astype(int)
    )
    told = told.sort_values(["last", "known", "less", "name"], kind="stable").reset_index(drop=True)
    numbers = [MIXED if last else str(place) for place, last in enumerate(told["last"], start=1)]
    subject = {group: number for number, group in enumerate(dict.fromkeys(told["group"][~told["last"]]), start=1)}
    told["group"] = [subject.get(group, 0) for group in told["group"]]
    return told.assign(cluster=numbers)[list(_COLUMNS)]


def _groups(together: np.ndarray) -> list[int]:
    """Return which clusters are of one subject: those that other runs put together, a third as many subjects."""
    n = len(together)
    if n < 2 * _GROUPS_PER_TOPIC:
        return list(range(1, n + 1))
    apart = 1.0 - (together + together.T) / 2
    np.fill_diagonal(apart, 0.0)
    tree = linkage(squareform(apart.round(9), checks=False), method="average")
    return [int(group) for group in fcluster(tree, max(2, round(n / _GROUPS_PER_TOPIC)), criterion="maxclust")]


def _counted_languages(corpus: _Corpus, members: Ints) -> dict[str, int]:
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
    return {str(theme): round(float(share), 6) for theme, share in listed if share >= 0.1}


def _nearest(points: Floats) -> Ints:
    order: Ints = np.argsort(-(points @ points.mean(axis=0)).round(5), kind="stable")
    return order


def quotes_of(near: list[str], n: int) -> list[str]:
    """Return the first comments of a readable length, masked and cut."""
    readable = [text for text in near if 25 <= len(text) <= _QUOTE]
    masked, _ = mask(list(dict.fromkeys([*readable, *near]))[:n])
    return [text if len(text) <= _QUOTE else text[: _QUOTE - 1].rstrip() + "…" for text in masked]
