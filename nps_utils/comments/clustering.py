"""Clusters: what people write about, over all languages at once, whether a theme knows it or not."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from nps_utils.checks import BadValue, check_columns, check_whole
from nps_utils.comments.cluster_decisions import Decision, decided
from nps_utils.comments.cluster_names import names_of
from nps_utils.comments.cluster_quotes import Place, Quotable, quotes_of
from nps_utils.comments.cluster_rows import COLUMNS, EXPLAINED, MIXED, Corpus, Named, table_of
from nps_utils.comments.cluster_terms import Terms, count_terms
from nps_utils.comments.consensus import Consensus, consensus, distinct_points
from nps_utils.comments.content import is_without_content
from nps_utils.comments.language import DANISH_OR_NORWEGIAN, STUDY_LANGUAGES, UNKNOWN, LanguageLike, detect_language
from nps_utils.comments.mentions import taxonomy_behind, theme_columns
from nps_utils.comments.space.encoder import encoder
from nps_utils.comments.space.words import LANGUAGES, Centres, Floats, unit_rows, word_space
from nps_utils.comments.taxonomy import RESERVED, TaxonomyLike
from nps_utils.comments.text import Texts, normalise, normalised, words
from nps_utils.comments.themes import MENTIONED, Embed
from nps_utils.comments.word_files import grammar_words

Ints = npt.NDArray[np.intp]
EmbedLike: TypeAlias = Embed | Literal["e5"] | None

FEWEST: Final = 30  # distinct comments; below that a person reads them faster than we explain them
FEWEST_GROUPS: Final = 3
_SMALLEST: Final = 5  # distinct comments of a cluster
_STABLE: Final = 0.2  # overlap with the nearest group of another run; points without any structure have .06 to .12
_MIXED_IN: Final = {"sv": "blandat", "nb": "blandet", "da": "blandet", "nl": "gemengd"}
_LIFT: Final = 1.5  # times as often in a cluster as elsewhere, for a theme to name it
_THEME_WEIGHT: Final = 0.5  # what themes weigh beside words


def clusters(
    texts: Texts,
    *,
    language: LanguageLike = None,
    themes: pd.DataFrame | None = None,
    embed: EmbedLike = None,
    groups: int | None = None,
    decisions: Sequence[Decision | Mapping[str, Any]] = (),
    quotable: Texts | None = None,
    names_in: str = "en",
    taxonomy: TaxonomyLike = None,
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
    decisions
        What the analyst decided, as `[[cluster]]` of study.toml has it: `{"found": "support", "name": "Help desk"}`,
        `{"found": "price", "merge": ["cost"]}`, `{"found": "start", "split": 2}`, `{"found": "thanks", "drop": True}`.
        `found` is the name that the cluster has without decisions.
    quotable
        For each comment the text that may be quoted, missing where none may be; None quotes any.
    names_in
        The reader's language: names are in it, also of clusters whose comments are not, by words that its comments say.
        Where fewer than 50 comments are in it, names are in the words of those who wrote.
    taxonomy
        As it was given to `assign_themes`: a cluster that no noun sets apart has the label of the theme that explains
        it.
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
    comments by theme); `explained` (the theme that half of them mention, or none); `terms_by_language`; `found` (the
    names by which decisions know it); `quoted` (positions of the quotes); `said` (the share of its comments that say a
    word of its name, missing for a theme's label and for a name that was decided). Fewer than 30 distinct comments
    with content give no row: read them.

    Raises
    ------
    BadValue
        Themes or languages of another length; an embedding of another shape; `groups` below 2 or too many; a decision
        about a cluster that there is not.

    Examples
    --------
    >>> clusters(["too few to cluster"], language="en").empty
    True
    """
    check_whole("n_terms", n_terms, least=1)
    check_whole("n_quotes", n_quotes, least=0)
    if groups is not None:
        check_whole("groups", groups, least=2)
    comments = normalised(texts)
    codes = _languages(comments, themes, language, languages)
    corpus = Corpus.read(comments, codes, ~is_without_content(comments))
    if len(corpus.texts) < FEWEST:
        return pd.DataFrame(columns=list(COLUMNS))
    mentioned = _mentioned(themes)
    place = _placing(corpus, embed)
    points = place(corpus.texts, corpus.languages)
    if embed is None and mentioned is not None:
        points = _helped(points, corpus, mentioned)
    placed = np.flatnonzero(points.any(axis=1))
    different = distinct_points(points[placed])
    if different < FEWEST:
        return pd.DataFrame(columns=list(COLUMNS))
    if groups is not None and groups > different // _SMALLEST:
        raise BadValue(f"groups = {groups}: {different:,} different comments make {different // _SMALLEST} at most.")
    found = consensus(points[placed], groups or groups_for(len(placed)), np.random.default_rng(rng))
    labels = np.full(len(corpus.texts), -1, dtype=np.intp)
    labels[placed] = _without_loose(found)
    told = _labels(themes, taxonomy, names_in) if themes is not None and mentioned is not None else {}
    by_theme = None if mentioned is None else mentioned.rename(columns=told)
    named = _named(corpus, labels, points, [Decision.read(said) for said in decisions], names_in, by_theme)
    quotable_texts = Quotable.read(quotable, comments, corpus)
    quotes = quotes_of(quotable_texts, corpus, [str(code) for code in codes], named.labels, place, n_quotes)
    table = table_of(corpus, named, points, found, mentioned, quotes, n_terms)
    called = _MIXED_IN.get(names_in, MIXED)
    return table.assign(name=table["name"].where(table["cluster"] != MIXED, called))


def groups_for(n: int) -> int:
    """Return how many clusters so many distinct comments are put into.

    Examples
    --------
    >>> [groups_for(n) for n in (30, 100, 300, 1_000, 10_000, 100_000)]
    [3, 4, 8, 12, 20, 28]
    """
    return max(FEWEST_GROUPS, round(12 + 8 * math.log10(n / 1_000)))


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


def _placing(corpus: Corpus, embed: EmbedLike) -> Place:
    """Return the function from texts and their languages to points; each language is centred as in the corpus."""
    called = encoder() if embed == "e5" else embed
    spoken = dict(zip(corpus.texts, corpus.spoken, strict=True))
    place_of: dict[str, int] = {}
    placed: list[Floats] = []

    def raw(texts: Sequence[str], languages: Sequence[str]) -> Floats:
        read = texts if called is not None else list(map(_content_words, texts, languages))
        new = [text for text in dict.fromkeys(read) if text not in place_of]
        if new:
            said = [spoken[text] if text in spoken else words(normalise(text)) for text in new]
            points = word_space().sums_of(said) if called is None else unit_rows(_embedded(called, new))
            place_of.update({text: at for at, text in enumerate(new, start=len(place_of))})
            placed[:] = [np.concatenate([*placed, points])]
        return placed[0][[place_of[text] for text in read]]

    centres = Centres.of(raw(corpus.texts, corpus.languages), corpus.languages)
    return lambda texts, languages: centres.less(raw(texts, languages), languages)


def _content_words(text: str, language: str) -> str:
    """Leave out the words of grammar in a language that the table does not have, and so cannot weigh."""
    if language in (*LANGUAGES, DANISH_OR_NORWEGIAN, UNKNOWN):
        return text
    stops = grammar_words(language)
    return " ".join(word for word in words(normalise(text)) if word not in stops)


def _embedded(embed: Embed, texts: list[str]) -> Floats:
    vectors = np.asarray(embed(texts), dtype=np.float32)
    if vectors.ndim != 2 or len(vectors) != len(texts) or not np.isfinite(vectors).all():
        raise BadValue(f"embed returned shape {vectors.shape} for {len(texts)} texts; expected finite (n, d).")
    return vectors


def _helped(points: Floats, corpus: Corpus, mentioned: pd.DataFrame) -> Floats:
    """Return points to which the themes of the comments were added; what has no known word stays zero."""
    hits = unit_rows(mentioned.to_numpy(dtype=np.float32)[[rows[0] for rows in corpus.rows]])
    themes = Centres.of(hits, corpus.languages).less(hits, corpus.languages)
    helped = unit_rows(np.hstack([points, np.float32(_THEME_WEIGHT) * themes]))
    return np.where(points.any(axis=1, keepdims=True), helped, np.float32(0.0))


def _without_loose(found: Consensus) -> Ints:
    """Take apart what does not hold together: too small, or without a like in the other runs."""
    sizes = np.bincount(found.labels, minlength=len(found.stability))
    loose = (sizes < _SMALLEST) | (found.stability < _STABLE)
    return np.where(loose[found.labels], -1, found.labels).astype(np.intp)


def _labels(themes: pd.DataFrame, taxonomy: TaxonomyLike, names_in: str) -> dict[str, str]:
    """Return the themes' names in words."""
    known = taxonomy_behind(themes, taxonomy)
    return {theme: known.label(theme, names_in).replace("_", " ") for theme in theme_columns(themes)}


def _explaining(corpus: Corpus, members: Ints, by_theme: pd.DataFrame | None) -> str:
    """Return the theme that most of the comments mention, where half of them do and few others; else nothing."""
    if by_theme is None or by_theme.empty:
        return ""
    rows = [row for member in members for row in corpus.rows[member]]
    inside, overall = by_theme.iloc[rows].mean(), by_theme.mean()
    at = int(inside.to_numpy().argmax())
    return str(inside.index[at]) if inside.iloc[at] >= max(EXPLAINED, _LIFT * overall.iloc[at]) else ""


def _named(
    corpus: Corpus, labels: Ints, points: Floats, decisions: Sequence[Decision], names_in: str,
    by_theme: pd.DataFrame | None,
) -> Named:  # fmt: skip
    said = word_space().sums_of(corpus.spoken)

    def counted(now: Ints) -> dict[str, Terms]:
        return count_terms(corpus.texts, corpus.languages, now.tolist(), spoken=corpus.spoken)

    said_by: dict[int, float] = {}

    def named(now: Ints, terms: dict[str, Terms], which: list[int], taken: Sequence[str] = ()) -> dict[int, str]:
        centres = {label: unit_rows(said[now == label].mean(axis=0, keepdims=True))[0] for label in which}
        themes = {label: _explaining(corpus, np.flatnonzero(now == label), by_theme) for label in which}
        found = dict(zip(which, names_of(terms, which, names_in, centres, taken, themes), strict=True))
        said_by.update({label: name.said for label, name in found.items()})
        return {label: name.text for label, name in found.items()}

    def divide(members: Ints, parts: int) -> Ints:
        if len(members) < parts:
            raise BadValue(f"split = {parts}: the cluster has {len(members)} distinct comments.")
        return consensus(points[members], parts, np.random.default_rng(0)).labels

    terms = counted(labels)
    names = named(labels, terms, [int(label) for label in np.unique(labels) if label >= 0])
    if not decisions:
        return Named(labels, names, names, terms, said_by)
    now, called, made_of = decided(labels, names, decisions, divide)
    terms = counted(now)
    new = [int(label) for label in np.unique(now) if label >= 0 and int(label) not in called]
    said_by = {label: said for label, said in said_by.items() if called.get(label) == names.get(label)}
    return Named(now, called | named(now, terms, new, tuple(called.values())), made_of, terms, said_by)
