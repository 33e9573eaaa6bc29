"""Comments as numbers: the same as scikit-learn, and as counting word by word, give for the same comments."""

from __future__ import annotations

import itertools
from collections import Counter

import numpy as np
import pandas as pd
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer

from nps_utils.comments import content as content_module
from nps_utils.comments import effects, is_without_content, read_taxonomy
from nps_utils.comments.cluster_terms import count_terms, stop_words
from nps_utils.comments.lexicon import matcher_of, stem
from nps_utils.comments.space.words import word_space
from nps_utils.comments.text import words
from nps_utils.comments.word_files import no_content_phrases
from nps_utils.comments.wordings import TfIdf, Wordings

SAID = [
    *("the", "invoice", "was", "wrong", "again", "and", "support", "never"),
    *("answered", "my", "mail", "about", "delivery", "price", "great", "helpful"),
]


@pytest.fixture
def corpus() -> Wordings:
    generator = np.random.default_rng(5)
    texts = [" ".join(generator.choice(SAID, generator.integers(1, 12))) for _ in range(300)]
    codes = np.array(generator.choice(["en", "sv"], 300), dtype=object)
    return Wordings.read(texts, codes, np.zeros(300, dtype=bool), read_taxonomy())


def test_weights_of_words_are_those_of_scikit_learn(corpus: Wordings) -> None:
    """Number by number and in the same order: the model that learns from them adds in that order."""
    rows = np.flatnonzero(corpus.languages == "en")
    matcher = matcher_of(read_taxonomy(), "en")
    told = [[matcher.stem(word) for word in words(corpus.texts[row])] for row in rows]
    vectorizer = TfidfVectorizer(analyzer=lambda tokens: tokens, min_df=3, sublinear_tf=True)
    expected = vectorizer.fit_transform(told)
    ours = TfIdf(corpus, rows)
    places = np.arange(0, len(rows), 3)
    others = [[matcher.stem(word) for word in matcher.find(words(corpus.texts[row])).other_words] for row in rows]
    for found, wanted in (
        (ours.all, expected),
        (ours.without_hits(places), vectorizer.transform([others[place] for place in places])),
    ):
        assert found.shape == wanted.shape
        for part in ("indptr", "indices", "data"):
            np.testing.assert_array_equal(getattr(found, part), getattr(wanted, part))


def test_words_of_clusters_are_counted_as_one_by_one() -> None:
    """Comments by cluster, spellings, neighbours, and what stands before each word."""
    generator = np.random.default_rng(7)
    texts = [" ".join(generator.choice(SAID, generator.integers(1, 9))) for _ in range(200)]
    labels = generator.integers(-1, 3, 200).tolist()
    (terms,) = count_terms(texts, ["en"] * 200, labels).values()
    said, pairs, spelling = Counter[tuple[str, int]](), Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    for text, label in zip(texts, labels, strict=True):
        spelled = text.split()
        stems = ["" if len(w) < 3 or w in stop_words("en") else stem(w, language="en") for w in spelled]
        said.update({(one, label) for one in stems if one})
        pairs.update({(a, b) for a, b in itertools.pairwise(stems) if a and b and a != b})
        spelling.update((one, word) for one, word in zip(stems, spelled, strict=True) if one)
    assert {(one, at): n for one, where in terms.said.items() for at, n in where.items()} == dict(said)
    assert {(one, word): n for one, known in terms.spelling.items() for word, n in known.items()} == dict(spelling)
    assert all(terms.pairs.n(*pair) == n for pair, n in pairs.items())
    absent = [pair for pair in itertools.product(terms.said, repeat=2) if pair not in pairs]
    assert absent
    assert not any(terms.pairs.n(*pair) for pair in absent)
    assert terms.pairs.n("nobody", "says") == 0
    after_the = sum(text.split()[at - 1] == "the" for text in texts for at in range(1, len(text.split()))
                    if text.split()[at] == "invoice")  # fmt: skip
    assert terms.as_noun[stem("invoice", language="en")] >= after_the > 0
    assert terms.n == Counter(labels)


def test_sums_of_words_do_not_count_a_word_twice() -> None:
    """However often it is said; and a text without a known word is nowhere."""
    once, twice, nothing = word_space().sums(["late invoice", "late invoice late late", "zzqqxx"])
    np.testing.assert_allclose(once, twice, atol=1e-6)
    assert not nothing.any()


def test_long_comments_that_say_nothing_are_found_as_well() -> None:
    """The quick look at how many letters there are never decides otherwise than the list."""
    longest = max(no_content_phrases(), key=len)
    texts = [longest, longest.upper(), " . ".join(longest.split()), "x" * 90, "XxXx" * 20, "Å" * 80, f"{longest} 10 10"]
    assert is_without_content(texts).all()
    assert not is_without_content([f"{longest} because the invoice was wrong", "ab" * 40]).any()
    assert content_module._is_longer_than_any("ab" * 40)


def test_themes_that_follow_from_others_are_told_by_kinds_of_rows_as_by_all_rows() -> None:
    """NumPy's rank of the whole matrix, column after column."""
    generator = np.random.default_rng(3)
    m = generator.random((500, 6)) < 0.3
    m[:, 3] = m[:, 0]
    m[:, 5] = m[:, 1] & ~m[:, 1]
    m[:, 4] = ~m[:, 2]
    strata = generator.integers(0, 3, 500)
    places = pd.get_dummies(strata, dtype=float).to_numpy()
    kept: list[int] = []
    for column in range(6):
        design = np.hstack([m[:, [*kept, column]].astype(float), places])
        if np.linalg.matrix_rank(design) == design.shape[1]:
            kept.append(column)
    assert effects._told_apart(m, strata, range(6)) == kept == [0, 1, 2]
