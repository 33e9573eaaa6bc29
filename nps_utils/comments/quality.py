"""How far to trust the themes: coverage, stability, language alarm, driving words and masked quotes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import compress
from typing import Final

import numpy as np
import pandas as pd
from sklearn.metrics import cohen_kappa_score, normalized_mutual_info_score

from nps_utils.checks import BadValue, check_columns, check_whole
from nps_utils.comments.lexicon import matcher_of
from nps_utils.comments.masking import mask
from nps_utils.comments.mentions import taxonomy_behind, theme_columns
from nps_utils.comments.taxonomy import TaxonomyLike
from nps_utils.comments.text import Texts, normalise, text_list, words
from nps_utils.comments.themes import MENTIONED, MOST_WORDS, NO_CONTENT, NOT_COVERED, REST, Embed, assign_themes
from nps_utils.comments.word_files import Taxonomy
from nps_utils.comments.wordings import ranked_words

LANGUAGE_ALARM: Final = 0.1
_COVERAGE_ALARM: Final = 0.5
_STABILITY_ALARM: Final = 0.8
_MOST: Final = 5_000  # comments per bootstrap sample
_QUOTE: Final = 240


def theme_quality(
    texts: Texts,
    themes: pd.DataFrame,
    *,
    taxonomy: TaxonomyLike = None,
    embed: Embed | None = None,
    replicates: int = 5,
    rng: np.random.Generator | int = 0,
) -> pd.DataFrame:
    """Say how far the themes can be trusted.

    Parameters
    ----------
    texts, themes
        The comments and what `assign_themes` gave for them.
    taxonomy, embed
        As they were given to `assign_themes`; the bootstrap samples are assigned with them.
    replicates
        Bootstrap samples (of at most 5,000 comments each); 0 leaves the stability out.
    rng
        Seed or generator of the samples.

    Returns
    -------
    One row per measure: `measure`, `value`, `alarm` (True, False) and `meaning`.

    - `comments`, `with_content`: how many.
    - `not_covered`: share of comments with content in languages that the themes have no words for; alarm above 0.1.
    - `coverage`: share of the others that got a theme; alarm below 0.5.
    - `themes_per_comment`: mentions per comment with a theme.
    - `unknown_language`: share of comments with content; alarm above 0.1.
    - `language_nmi`: normalised mutual information of main theme and language; alarm above 0.1: the themes may
      follow the languages. Customers of different countries may of course speak of different things.
    - `stability`: mean Cohen's kappa between the themes and those assigned in bootstrap samples; alarm below 0.8.

    Raises
    ------
    MissingColumn, BadValue
        Tables of different length, or without the columns of `assign_themes`.
    """
    check_whole("replicates", replicates)
    comments = _same_rows(texts, themes)
    main, language = themes["main_theme"].to_numpy(dtype=str), themes["language"].to_numpy(dtype=str)
    written = main != NO_CONTENT
    told = written & (main != NOT_COVERED)
    themed = told & (main != REST)
    mentions = (themes[theme_columns(themes)] >= MENTIONED).to_numpy()
    coverage, foreign = _share(themed, told), _share(written & ~told, written)
    unknown = _share(told & (language == "unknown"), told)
    nmi = float(normalized_mutual_info_score(language[told], main[told])) if told.any() else np.nan
    rows: list[tuple[str, float, bool, str]] = [
        ("comments", float(len(comments)), False, "answers, with a comment or without"),
        ("with_content", float(written.sum()), False, "comments that say something"),
        ("not_covered", foreign, foreign > LANGUAGE_ALARM, "share of these in languages that the themes do not cover"),
        ("coverage", coverage, coverage < _COVERAGE_ALARM, "share of the others that got a theme"),
        ("themes_per_comment", _share_sum(mentions, themed), False, "themes mentioned per comment with a theme"),
        ("unknown_language", unknown, unknown > LANGUAGE_ALARM, "share of these in a language nobody recognised"),
        ("language_nmi", nmi, nmi > LANGUAGE_ALARM, "0: themes do not follow the language; 1: they are the language"),
    ]
    if replicates:
        known = taxonomy_behind(themes, taxonomy)
        kappa = _stability(comments, main, language, told, known, embed, replicates, np.random.default_rng(rng))
        meaning = f"Cohen's kappa with themes from {replicates} bootstrap samples"
        rows.append(("stability", kappa, kappa < _STABILITY_ALARM, meaning))
    return pd.DataFrame(rows, columns=["measure", "value", "alarm", "meaning"])


def theme_words(
    texts: Texts, themes: pd.DataFrame, *, taxonomy: TaxonomyLike = None, most: int = MOST_WORDS
) -> pd.DataFrame:
    """Count which words and phrases made the themes, per theme and language.

    Returns
    -------
    One row per theme, language and word, the most frequent `most` of each: `theme`, `language`, `word` (as written
    in comments, lower case), `n` comments. A theme with comments but without words came from the model.

    Raises
    ------
    MissingColumn, BadValue
        Tables of different length, or without the columns of `assign_themes`.
    """
    check_whole("most", most, least=1)
    comments = _same_rows(texts, themes)
    known = taxonomy_behind(themes, taxonomy)
    counted: Counter[tuple[str, str, str]] = Counter()
    told = (~themes["main_theme"].isin([NO_CONTENT, NOT_COVERED])).to_numpy()
    different = Counter(compress(zip(comments, themes["language"].astype(str), strict=True), told))
    for (text, code), times in different.items():
        said = matcher_of(known, code).find(words(normalise(text))).said
        for theme, found in dict.fromkeys(said):
            counted[theme, code, found] += times
    return ranked_words(counted, known.themes, most)


def theme_quotes(
    texts: Texts,
    themes: pd.DataFrame,
    *,
    by: Sequence[object] | pd.Series | None = None,
    names: Iterable[str] = (),
    per_theme: int = 3,
) -> pd.DataFrame:
    """Choose masked quotes for each theme: the clearest ones of a readable length.

    Parameters
    ----------
    texts, themes
        The comments and what `assign_themes` gave for them.
    by
        A group for each comment, e.g. its band: quotes are then chosen per theme and group.
    names
        The study's contacts, for masking.
    per_theme
        How many quotes per theme (and group).

    Returns
    -------
    One row per quote: `theme`, `group` (where `by` is given), `quote` (masked, at most 240 characters), `language`,
    `row` (position of the comment).

    Raises
    ------
    MissingColumn, BadValue
        Tables or `by` of different length.
    """
    check_whole("per_theme", per_theme, least=1)
    comments = _same_rows(texts, themes)
    groups = [""] * len(comments) if by is None else list(by)
    if len(groups) != len(comments):
        raise BadValue(f"by has {len(groups)} values for {len(comments)} comments.")
    main = themes["main_theme"].to_numpy(dtype=str)
    score = themes[theme_columns(themes)].max(axis=1).to_numpy(dtype=float)
    table = pd.DataFrame({"theme": main, "group": groups, "text": comments, "score": score})
    table = table.assign(row=range(len(table)), language=themes["language"].to_numpy(dtype=str))
    table["readable"] = table["text"].str.len().between(25, _QUOTE)
    table = table[~table["theme"].isin([REST, NO_CONTENT, NOT_COVERED])]
    table = table.sort_values(["theme", "readable", "score", "row"], ascending=[True, False, False, True])
    table = table.drop_duplicates(["theme", "group", "text"]).groupby(["theme", "group"], sort=True).head(per_theme)
    masked, _ = mask(table["text"].tolist(), names=names)
    table = table.assign(quote=[text if len(text) <= _QUOTE else text[: _QUOTE - 1] + "…" for text in masked])
    columns = ["theme", *(["group"] if by is not None else []), "quote", "language", "row"]
    return table.sort_values(["theme", "group"], kind="stable")[columns].reset_index(drop=True)


def _same_rows(texts: Texts, themes: pd.DataFrame) -> list[str]:
    check_columns(list(themes.columns), ["main_theme", "language"], what="themes")
    comments = text_list(texts)
    if len(comments) != len(themes):
        raise BadValue(f"themes has {len(themes):,} rows for {len(comments):,} comments; they must be the same.")
    return comments


def _share(part: np.ndarray, whole: np.ndarray) -> float:
    return float(part.sum() / whole.sum()) if whole.any() else float("nan")


def _share_sum(mentions: np.ndarray, themed: np.ndarray) -> float:
    return float(mentions[themed].sum(axis=1).mean()) if themed.any() else float("nan")


def _stability(
    comments: list[str],
    main: np.ndarray,
    language: np.ndarray,
    told: np.ndarray,
    taxonomy: Taxonomy,
    embed: Embed | None,
    replicates: int,
    rng: np.random.Generator,
) -> float:
    rows = np.flatnonzero(told)
    if len(rows) < 2:
        return float("nan")
    values = []
    for _ in range(replicates):
        drawn = np.sort(rng.choice(rows, min(len(rows), _MOST), replace=True))
        again = assign_themes(
            [comments[row] for row in drawn], language=list(language[drawn]), taxonomy=taxonomy, embed=embed
        )["main_theme"].to_numpy(dtype=str)
        same_everywhere = len(set(again) | set(main[drawn])) == 1
        values.append(1.0 if same_everywhere else cohen_kappa_score(main[drawn], again))
    return float(np.mean(values))
