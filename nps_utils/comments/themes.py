"""What each comment is about: words nominate themes, a model trained on those words decides and fills in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final, TypeAlias

import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold

from nps_utils.checks import BadValue, check_fraction
from nps_utils.comments.content import is_without_content
from nps_utils.comments.industry import industry_of
from nps_utils.comments.language import STUDY_LANGUAGES, LanguageLike, covers, detect_language
from nps_utils.comments.packs import CORE, check_industry
from nps_utils.comments.taxonomy import TaxonomyLike, read_taxonomy
from nps_utils.comments.text import Texts, normalised
from nps_utils.comments.threads import one_thread
from nps_utils.comments.word_files import Taxonomy
from nps_utils.comments.wordings import TfIdf, Wordings, ranked_words

Embed: TypeAlias = Callable[[list[str]], Any]

REST: Final = "rest"
NO_CONTENT: Final = "no_content"
NOT_COVERED: Final = "not_covered"  # in a language that the themes have no words for
INDUSTRY: Final = "industry"  # the note on a table of themes: whose they are
MENTIONED: Final = 0.5  # a theme with this score or more is mentioned
MOST_WORDS: Final = 8  # of a theme in each language that are shown

_WORD: Final = 0.5  # a word mentions its theme, whatever the model says
_HINT: Final = 0.4  # a hint needs a model that gives the theme a fifth or more

_LEAST_WORDS: Final = 4  # of which a model may guess at a theme that no word names: "We rock" is praise, and of nothing

_LEAST_PER_THEME: Final = 10  # clear comments a theme needs before the model learns it
_LEAST_TO_LEARN: Final = 200  # clear comments a language needs before it gets a model
_MOST_TO_LEARN: Final = 20_000  # more comments do not make the model better, only slower
_MOST_TO_CALIBRATE: Final = 6_000
_FOLDS: Final = 3  # parts of which each is held out once
_LEAST_TO_TRUST: Final = 20  # comments above the threshold, for its precision to mean anything

Matrix: TypeAlias = Any  # a SciPy sparse matrix, or an array where the user embeds


def assign_themes(
    texts: Texts,
    *,
    language: LanguageLike = None,
    taxonomy: TaxonomyLike = None,
    industry: str | Sequence[str] | None = None,
    embed: Embed | None = None,
    languages: Sequence[str] = STUDY_LANGUAGES,
    precision: float = 0.75,
) -> pd.DataFrame:
    """Assign themes to comments: readable words first, then a model that learned from the comments with such words.

    A word or phrase of a theme gives it 0.5, a hint 0.4. Per language, a logistic regression on TF-IDF
    is trained on the comments where one theme clearly leads (weak supervision); half its probability is added.
    So words decide which themes are mentioned, and the model which of them is the main one. A comment without any
    word is given a theme only above a threshold, chosen by this rule: clear comments, held out and with the words
    of their theme taken away, must get it back with at least `precision`. Otherwise, and where it has
    fewer than four words, it stays `rest`. There is no randomness: the same comments give the same themes.

    Parameters
    ----------
    texts
        The comments. Marks of masking are ignored, so mask first.
    language
        The survey's own column, or one code for all; what it does not say is identified.
    taxonomy
        None, a company's own themes (as `[[theme]]` in study.toml), or a folder of language files.
    industry
        Whose themes, see `read_taxonomy`. None: found by the words of the comments, see `find_industry`; where that
        is not clear, the core. It says nothing where `taxonomy` is a folder or has been read.
    embed
        Any callable from a list of texts to an array (n, d), e.g. `SentenceTransformer(...).encode`. It replaces
        TF-IDF by one space for all languages, centred per language.
    languages
        The languages of the study, for identification.
    precision
        What held-out comments must reach for comments without a word to be given a theme.

    Returns
    -------
    One row per comment in order (a Series keeps its index): `main_theme` (a theme, `rest`, `no_content`, or
    `not_covered` where the comment is in a language without words for themes), `language`, and one column per theme
    with its score 0..1; 0.5 and more means mentioned.

    Raises
    ------
    BadValue
        No comments at all; a `language` of another length; an unknown industry; an embedding of another shape.

    Examples
    --------
    >>> themes = assign_themes(["The invoice was wrong twice", "Leveransen blev försenad", "Great!", "-"],
    ...                        language=["en", "sv", "en", None])
    >>> themes["main_theme"].tolist()
    ['billing', 'waiting', 'rest', 'no_content']
    """
    return themes_and_words(
        texts,
        language=language,
        taxonomy=taxonomy,
        industry=industry,
        embed=embed,
        languages=languages,
        precision=precision,
    )[0]


def themes_and_words(
    texts: Texts,
    *,
    language: LanguageLike = None,
    taxonomy: TaxonomyLike = None,
    industry: str | Sequence[str] | None = None,
    embed: Embed | None = None,
    languages: Sequence[str] = STUDY_LANGUAGES,
    precision: float = 0.75,
    most: int = MOST_WORDS,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return what `assign_themes` does, and the words behind each theme, which are found on the way.

    The second table is what `theme_words` returns for these comments and these themes.
    """
    check_fraction("precision", precision)
    comments = normalised(texts)
    if not comments:
        raise BadValue("texts is empty: there are no comments to assign themes to.")
    silent = is_without_content(comments)
    codes = detect_language(comments, language=language, languages=languages)
    if industry is not None:
        check_industry(industry)
    elif not isinstance(taxonomy, (Taxonomy, str, Path)):
        industry = industry_of(comments, codes, silent).names
    known = read_taxonomy(taxonomy, industry=industry or CORE)
    uncovered = ~silent & ~covers(codes, known.lexicons)
    corpus = Wordings.read(comments, codes, silent | uncovered, known)
    if embed is None:
        scores = _by_language(corpus, precision)
    else:
        scores = _scores(corpus, np.arange(len(corpus.hits)), _Embedded(embed, corpus), precision)
    table = _table(texts, corpus, scores, codes, (silent, uncovered), known)
    table.attrs[INDUSTRY] = industry or CORE
    return table, ranked_words(corpus.words_behind(), known.themes, most)


class _Embedded:
    """The user's embedding, centred per language: otherwise the first thing it separates is the language."""

    def __init__(self, embed: Embed, corpus: Wordings) -> None:
        self._embed = embed
        self._corpus = corpus
        raw = self._call(corpus.texts)
        self._centres = {code: raw[corpus.languages == code].mean(axis=0) for code in set(corpus.languages)}
        self.all: Matrix = self._centred(raw, corpus.languages)

    def without_hits(self, places: np.ndarray) -> Matrix:
        raw = self._call([self._corpus.other_text(place) for place in places])
        return self._centred(raw, self._corpus.languages[places])

    def _call(self, texts: list[str]) -> np.ndarray:
        if not texts:
            return np.zeros((0, 1))
        result = np.asarray(self._embed(texts), dtype=float)
        if result.ndim != 2 or len(result) != len(texts) or not np.isfinite(result).all():
            raise BadValue(f"embed returned shape {result.shape} for {len(texts)} texts; expected finite (n, d).")
        return result

    def _centred(self, raw: np.ndarray, languages: np.ndarray) -> np.ndarray:
        if not len(raw):
            return raw
        centred = raw - np.array([self._centres[code] for code in languages])
        norms = np.linalg.norm(centred, axis=1, keepdims=True)
        unit: np.ndarray = np.divide(centred, norms, out=np.zeros_like(centred), where=norms > 0)
        return unit


def _by_language(corpus: Wordings, precision: float) -> np.ndarray:
    scores = np.zeros_like(corpus.hits)
    for code in sorted(set(corpus.languages)):
        rows = np.flatnonzero(corpus.languages == code)
        hits = corpus.hits[rows]
        enough = len(_clear(hits)) >= _LEAST_TO_LEARN
        scores[rows] = _scores(corpus, rows, TfIdf(corpus, rows) if enough else None, precision)
    return scores


def _scores(corpus: Wordings, rows: np.ndarray, space: TfIdf | _Embedded | None, precision: float) -> np.ndarray:
    """Half a point from words, half from the model; without words the model alone, its threshold moved to 0.5."""
    hits = corpus.hits[rows]
    # Without a model the theme with more words leads, and a hint that stands alone stays one.
    probability, threshold = hits / (3.0 + hits.sum(axis=1, keepdims=True)), 1.0
    clear = _clear(hits)
    if space is not None and len(clear) >= _LEAST_TO_LEARN:
        themes = hits.argmax(axis=1)
        common = np.bincount(themes[clear], minlength=hits.shape[1]) >= _LEAST_PER_THEME
        clear = _spread(clear[common[themes[clear]]], _MOST_TO_LEARN)
        if len(set(themes[clear])) > 1:
            model = _fit(space.all[clear], themes[clear])
            probability = np.zeros_like(hits)
            probability[:, model.classes_] = model.predict_proba(space.all)
            threshold = _threshold(space, _spread(clear, _MOST_TO_CALIBRATE), themes, precision)
    from_words = np.select([hits >= 1, hits > 0], [_WORD, _HINT], 0.0) + 0.5 * probability
    below = 0.5 * probability / threshold
    above = 0.5 + 0.5 * (probability - threshold) / max(1.0 - threshold, np.finfo(float).eps)
    few = np.diff(corpus.words.of(rows)[1]) < (_LEAST_WORDS if isinstance(space, TfIdf) else 0)
    alone = np.where(probability < threshold, below, np.minimum(above, 1.0))
    alone[few] = np.minimum(alone[few], _HINT)
    scores: np.ndarray = np.where(hits.any(axis=1, keepdims=True), from_words, alone)
    return scores


def _clear(hits: np.ndarray) -> np.ndarray:
    """Rows in which one theme leads the others by at least one word: the teachers."""
    if not hits.size:
        return np.zeros(0, dtype=int)
    if hits.shape[1] == 1:
        return np.flatnonzero(hits[:, 0] >= 1)
    ranked = np.sort(hits, axis=1)
    return np.flatnonzero(ranked[:, -1] - ranked[:, -2] >= 1)


def _spread(rows: np.ndarray, most: int) -> np.ndarray:
    """At most so many rows, evenly spread: no randomness."""
    return rows if len(rows) <= most else rows[np.linspace(0, len(rows) - 1, most).round().astype(int)]


def _fit(features: Matrix, themes: np.ndarray) -> LogisticRegression:
    """A loose tolerance stops early, which regularises as well as it saves time; more threads only wait here."""
    with one_thread(user_api="blas"):
        return LogisticRegression(C=1.0, tol=1e-2, max_iter=200).fit(features, themes)


def _threshold(space: TfIdf | _Embedded, clear: np.ndarray, themes: np.ndarray, precision: float) -> float:
    """The lowest probability at which held-out comments get their theme back from the words around its words."""
    # Of many comments an even choice may hold a rare theme once or twice: too seldom for every part to know it.
    clear = clear[np.bincount(themes[clear])[themes[clear]] >= _FOLDS]
    labels = themes[clear]
    if len(set(labels)) < 2:
        return 1.0
    stripped = space.without_hits(clear)
    certainty, right = np.zeros(len(clear)), np.zeros(len(clear), dtype=bool)
    for taught, held_out in StratifiedKFold(_FOLDS).split(np.zeros(len(clear)), labels):
        model = _fit(space.all[clear[taught]], labels[taught])
        probability = model.predict_proba(stripped[held_out])
        certainty[held_out] = probability.max(axis=1)
        right[held_out] = model.classes_[probability.argmax(axis=1)] == labels[held_out]
    order = np.argsort(-certainty, kind="stable")
    n = np.arange(1, len(order) + 1)
    good = np.flatnonzero((np.cumsum(right[order]) / n >= precision) & (n >= _LEAST_TO_TRUST))
    return float(certainty[order][good[-1]]) if len(good) else 1.0


def _table(
    texts: Texts,
    corpus: Wordings,
    scores: np.ndarray,
    codes: np.ndarray,
    unread: tuple[np.ndarray, np.ndarray],
    taxonomy: Taxonomy,
) -> pd.DataFrame:
    silent, uncovered = unread
    index = texts.index if isinstance(texts, pd.Series) else pd.RangeIndex(len(silent))
    every = np.zeros((len(silent), len(taxonomy.themes)))
    read = ~(silent | uncovered)
    row_of = corpus.row_of[read]
    every[read] = scores[row_of]
    names = (*taxonomy.themes, REST, NO_CONTENT, NOT_COVERED)
    rest, no_content, not_covered = range(len(names) - 3, len(names))
    best = np.where(scores.max(axis=1, initial=0.0) >= MENTIONED, scores.argmax(axis=1), rest)
    main = np.where(silent, no_content, not_covered)
    main[read] = best[row_of]
    table = pd.DataFrame(every, columns=list(taxonomy.themes), index=index, copy=False)
    table.insert(0, "main_theme", _named(names, main, index))
    code, spoken = pd.factorize(codes)
    table.insert(1, "language", _named([str(one) for one in spoken], code, index))
    return table


def _named(names: Sequence[str], numbers: np.ndarray, index: pd.Index[Any]) -> pd.Series[str]:
    """Return numbers as the names that they stand for: a column of a million names is a few names."""
    return pd.Series(pd.array(list(names), dtype="str").take(numbers), index=index)
