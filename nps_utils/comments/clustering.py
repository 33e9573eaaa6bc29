"""Unguided clusters: what the themes miss, proposed as new themes with lines ready to paste."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final, Literal, get_args

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import squareform
from sklearn.cluster import KMeans
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import adjusted_rand_score
from sklearn.preprocessing import normalize
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from nps_utils.checks import BadValue, check_choice, check_columns, check_whole
from nps_utils.comments.content import is_without_content
from nps_utils.comments.language import STUDY_LANGUAGES, LanguageLike, detect_language
from nps_utils.comments.lexicon import stem
from nps_utils.comments.masking import mask
from nps_utils.comments.taxonomy import read_taxonomy
from nps_utils.comments.text import Texts, normalise, text_list, words
from nps_utils.comments.themes import REST, Embed

Among = Literal["rest", "all"]
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]

FEWEST: Final = 40  # distinct comments of one language; below that a person reads them faster than we explain them
_MOST: Final = 1_500  # comments in the consensus; the others go to the nearest cluster
_RUNS: Final = 10
_SUBSAMPLE: Final = 0.8
_LARGEST_K: Final = 12
_SMALLEST_CLUSTER: Final = 8  # comments per cluster, on average
_DIMENSIONS: Final = 50
_STABLE: Final = 0.6  # pairs of a cluster that stay together this often are worth a proposal
_QUOTE: Final = 240  # characters

_COLUMNS: Final = ("language", "cluster", "n", "share", "stability", "terms", "quotes", "proposal", "rows")


def clusters(
    texts: Texts,
    *,
    themes: pd.DataFrame | None = None,
    among: Among = "rest",
    language: LanguageLike = None,
    languages: Sequence[str] = STUDY_LANGUAGES,
    embed: Embed | None = None,
    n_terms: int = 8,
    n_quotes: int = 3,
    rng: np.random.Generator | int = 0,
) -> pd.DataFrame:
    """Cluster comments without guidance, per language, and propose themes.

    Each language is clustered alone: over several languages clusters are the languages. Ten times, 80 % of the
    distinct comments go into spherical k-means (TF-IDF reduced to 50 dimensions, or `embed`), for each k. The number
    of clusters is the k whose runs agree best (mean adjusted Rand index of pairs of runs on the comments they share;
    on a tie the smaller k). The consensus is an average-linkage clustering of how often two comments went together.

    Parameters
    ----------
    texts
        The comments, masked. Quotes are masked once more, without names.
    themes
        What `assign_themes` gave for them; needed for `among="rest"`. Its languages are used.
    among
        `rest`: only comments without a theme. `all`: every comment with content.
    language, languages
        As in `assign_themes`; used only without `themes`.
    embed
        Any callable from a list of texts to an array (n, d).
    n_terms, n_quotes
        How many terms name a cluster, and how many quotes nearest to its centre illustrate it.
    rng
        Seed or generator. The same seed gives the same clusters.

    Returns
    -------
    One row per cluster, by language, then size, then first term: `language`; `cluster`; `n` comments; `share` of the
    clustered comments of the language; `stability` (0..1: how often two of its comments went together); `terms`
    and `quotes` (lists); `proposal` (lines for study.toml; empty where `stability` is below 0.6); `rows` (positions
    of its comments). A language with fewer than 40 distinct comments is left out: read them.

    Raises
    ------
    BadValue
        `among="rest"` without `themes`, or themes of another length.

    Examples
    --------
    >>> clusters(["too few to cluster"], among="all", language="en").empty
    True
    """
    check_choice("among", among, get_args(Among))
    check_whole("n_terms", n_terms, least=1)
    check_whole("n_quotes", n_quotes, least=0)
    comments = [normalise(text) for text in text_list(texts)]
    wanted, codes = _wanted(comments, themes, among, language, languages)
    generator = np.random.default_rng(rng)
    rows: list[dict[str, object]] = []
    for code in sorted(set(codes[wanted])):
        rows += _cluster_language(
            comments, np.flatnonzero(wanted & (codes == code)), str(code), embed, n_terms, n_quotes, generator
        )
    return pd.DataFrame(rows, columns=list(_COLUMNS))


def _wanted(
    comments: list[str], themes: pd.DataFrame | None, among: Among, language: LanguageLike, languages: Sequence[str]
) -> tuple[npt.NDArray[np.bool_], np.ndarray]:
    told = ~is_without_content(comments)
    if themes is None:
        if among == "rest":
            raise BadValue('among = "rest" needs themes = what assign_themes gave; or say among = "all".')
        return told, detect_language(comments, language=language, languages=languages)
    check_columns(list(themes.columns), ["main_theme", "language"], what="themes")
    if len(themes) != len(comments):
        raise BadValue(f"themes has {len(themes):,} rows for {len(comments):,} comments; they must be the same.")
    if among == "rest":
        told &= (themes["main_theme"] == REST).to_numpy(dtype=bool)
    return told, themes["language"].to_numpy(dtype=object)


def _cluster_language(
    comments: list[str], rows: Ints, code: str, embed: Embed | None, n_terms: int, n_quotes: int,
    rng: np.random.Generator,
) -> list[dict[str, object]]:  # fmt: skip
    lexicon = read_taxonomy().lexicons.get(code)
    stops = frozenset(lexicon.stopwords) if lexicon else frozenset[str]()
    tokens = {row: [w for w in words(comments[row]) if w not in stops and len(w) > 2 and w.isalpha()] for row in rows}
    distinct: dict[tuple[str, ...], int] = {}
    for row in rows:
        if tokens[row]:
            distinct.setdefault(tuple(tokens[row]), int(row))
    if len(distinct) < FEWEST:
        return []
    documents = [[stem(word, language=code) for word in key] for key in distinct]
    vectorizer = TfidfVectorizer(analyzer=_as_is, min_df=2, max_df=0.5, sublinear_tf=True, binary=True)
    try:
        weighted = vectorizer.fit_transform(documents)
    except ValueError:  # no word is said twice: there is nothing to cluster by
        return []
    space = _reduced(weighted, rng) if embed is None else _embedded(embed, [comments[r] for r in distinct.values()])
    informative = np.flatnonzero(np.linalg.norm(space, axis=1) > 0)
    if len(informative) < FEWEST:
        return []
    labels, stability = _consensus(space[informative], rng)
    label_of = dict(zip((list(distinct)[i] for i in informative), labels, strict=True))
    members = [[int(r) for r in rows if label_of.get(tuple(tokens[r])) == label] for label in range(len(stability))]
    presence = np.asarray((weighted[informative] > 0).todense())
    vocabulary = _spellings(tokens, code, list(vectorizer.get_feature_names_out()))
    result = []
    for label, together in enumerate(stability):
        inside = labels == label
        terms = _terms(presence, inside, vocabulary, n_terms)
        near = informative[inside][_nearest(space[informative][inside])]
        quotes = _quotes([comments[list(distinct.values())[i]] for i in near], n_quotes)
        result.append(
            {"language": code, "n": len(members[label]), "share": len(members[label]) / len(rows),
             "stability": together, "terms": terms, "quotes": quotes,
             "proposal": _proposal(terms, code) if together >= _STABLE else "", "rows": members[label]}
        )  # fmt: skip
    result.sort(key=lambda found: (-int(str(found["n"])), found["terms"]))
    return [{**found, "cluster": f"{code}-{number}"} for number, found in enumerate(result, start=1)]


def _as_is(tokens: list[str]) -> list[str]:
    return tokens


def _reduced(weighted: object, rng: np.random.Generator) -> Floats:
    dimensions = min(_DIMENSIONS, min(weighted.shape) - 1)  # type: ignore[attr-defined]
    if dimensions < 2:
        return np.asarray(normalize(weighted).todense(), dtype=float)
    svd = TruncatedSVD(dimensions, random_state=int(rng.integers(2**31)))
    with threadpool_limits(limits=1, user_api="blas"):
        space: Floats = normalize(svd.fit_transform(weighted))
    return space


def _embedded(embed: Embed, texts: list[str]) -> Floats:
    raw = np.asarray(embed(texts), dtype=float)
    if raw.ndim != 2 or len(raw) != len(texts) or not np.isfinite(raw).all():
        raise BadValue(f"embed returned shape {raw.shape} for {len(texts)} texts; expected finite (n, d).")
    space: Floats = normalize(raw - raw.mean(axis=0))
    return space


def _consensus(space: Floats, rng: np.random.Generator) -> tuple[Ints, list[float]]:
    """Label every row, and say for each cluster how often its rows went together."""
    n = len(space)
    core = np.arange(n) if n <= _MOST else np.sort(rng.choice(n, _MOST, replace=False))
    samples = [np.sort(rng.choice(len(core), int(_SUBSAMPLE * len(core)), replace=False)) for _ in range(_RUNS)]
    seeds = rng.integers(2**31, size=_RUNS)
    ks = range(2, max(3, min(_LARGEST_K, len(core) // _SMALLEST_CLUSTER) + 1))
    runs = {k: [_run(space[core[s]], k, int(seed)) for s, seed in zip(samples, seeds, strict=True)] for k in ks}
    best = max(ks, key=lambda k: (round(_agreement(runs[k], samples), 3), -k))
    together = _coassociation(runs[best], samples, len(core))
    tree = linkage(squareform(1.0 - together, checks=False), method="average")
    labels = fcluster(tree, best, criterion="maxclust") - 1
    found = sorted(set(labels))
    stability = []
    for label in found:
        inside = np.flatnonzero(labels == label)
        pairs = together[np.ix_(inside, inside)][np.triu_indices(len(inside), 1)]
        stability.append(float(pairs.mean()) if pairs.size else 0.0)
    centres = np.array([space[core[labels == label]].mean(axis=0) for label in found])
    every: Ints = (space @ normalize(centres).T).argmax(axis=1)
    every[core] = labels
    return every, stability


def _run(space: Floats, k: int, seed: int) -> Ints:
    with threadpool_limits(limits=1):
        labels: Ints = KMeans(k, n_init=1, random_state=seed).fit_predict(space)
    return labels


def _agreement(runs: list[Ints], samples: list[Ints]) -> float:
    """Mean adjusted Rand index of neighbouring runs on the rows both saw."""
    values = []
    for one in range(len(runs)):
        other = (one + 1) % len(runs)
        _, a, b = np.intersect1d(samples[one], samples[other], return_indices=True)
        values.append(adjusted_rand_score(runs[one][a], runs[other][b]))
    return float(np.mean(values))


def _coassociation(runs: list[Ints], samples: list[Ints], n: int) -> Floats:
    same, seen = np.zeros((n, n)), np.zeros((n, n))
    for labels, sample in zip(runs, samples, strict=True):
        grid = np.ix_(sample, sample)
        same[grid] += labels[:, None] == labels[None, :]
        seen[grid] += 1.0
    share: Floats = np.divide(same, seen, out=np.zeros_like(same), where=seen > 0)
    np.fill_diagonal(share, 1.0)
    return share


def _spellings(tokens: dict[int, list[str]], code: str, stems: list[str]) -> list[str]:
    """For each stem its most frequent spelling: a reader wants "parkering", not "parkering|park"."""
    counted: dict[str, Counter[str]] = {}
    for found in tokens.values():
        for word in found:
            counted.setdefault(stem(word, language=code), Counter())[word] += 1
    return [min(counted[s].items(), key=lambda item: (-item[1], item[0]))[0] for s in stems]


def _terms(presence: np.ndarray, inside: np.ndarray, vocabulary: list[str], n: int) -> list[str]:
    """Terms frequent inside and rare outside: p log(p / q), with half a comment added to each count."""
    p = (presence[inside].sum(axis=0) + 0.5) / (inside.sum() + 1.0)
    q = (presence[~inside].sum(axis=0) + 0.5) / ((~inside).sum() + 1.0)
    weight = p * np.log(p / q)
    order = sorted(range(len(vocabulary)), key=lambda place: (-round(float(weight[place]), 9), vocabulary[place]))
    return [vocabulary[place] for place in order[:n] if weight[place] > 0]


def _nearest(space: Floats) -> Ints:
    order: Ints = np.argsort(-(space @ space.mean(axis=0)).round(9), kind="stable")
    return order


def _quotes(near: list[str], n: int) -> list[str]:
    """Comments of a readable length first; all masked and cut."""
    readable = [text for text in near if 15 <= len(text) <= _QUOTE]
    chosen = list(dict.fromkeys([*readable, *near]))[:n]
    masked, _ = mask(chosen)
    return [text if len(text) <= _QUOTE else text[: _QUOTE - 1].rstrip() + "…" for text in masked]


def _proposal(terms: list[str], code: str) -> str:
    name = terms[0] if terms else "new_theme"
    listed = ", ".join(f'"{term}"' for term in terms[:6])
    return f'[[theme]]\nname = "{name}"\nwords = {{ {code} = [{listed}] }}\n'
