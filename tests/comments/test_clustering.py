"""Clusters: planted topics are found, the same on every run, languages never mixed, small input stated."""

from __future__ import annotations

import tomllib

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import adjusted_rand_score

from nps_utils.checks import BadValue
from nps_utils.comments import assign_themes, clusters, read_taxonomy

TOPICS = {
    "parrot": ["parrot", "feather", "beak", "perch", "cage", "seed"],
    "violin": ["violin", "bow", "string", "concert", "rosin", "maestro"],
    "kayak": ["kayak", "paddle", "river", "rapids", "helmet", "canyon"],
}
FILLER = [
    "monday",
    "tuesday",
    "yesterday",
    "green",
    "yellow",
    "purple",
    "seven",
    "eight",
    "nine",
    "uncle",
    "cousin",
    "nephew",
]


def _corpus(per_topic: int, seed: int) -> tuple[list[str], np.ndarray]:
    rng = np.random.default_rng(seed)
    topic = np.repeat(np.arange(len(TOPICS)), per_topic)
    rng.shuffle(topic)
    lists = list(TOPICS.values())
    texts = [" ".join([*rng.choice(lists[t], 3, replace=False), *rng.choice(FILLER, 2)]) for t in topic]
    return texts, topic


def _labels(found: pd.DataFrame, n: int) -> np.ndarray:
    labels = np.full(n, -1)
    for number, rows in enumerate(found["rows"]):
        labels[rows] = number
    return labels


def test_planted_topics_are_found_and_named() -> None:
    """Three topics: k chosen by stability, terms of one topic each, sizes and rows right."""
    texts, topic = _corpus(60, 1)
    found = clusters(texts, among="all", language="en")
    assert len(found) == 3
    assert adjusted_rand_score(topic, _labels(found, len(texts))) > 0.95
    assert found["n"].sum() == len(texts)
    assert (found["stability"] > 0.9).all()
    for terms in found["terms"]:
        assert len({name for name, words in TOPICS.items() for term in terms[:4] if term in words}) == 1
    assert found["n"].is_monotonic_decreasing
    assert found["cluster"].tolist() == ["en-1", "en-2", "en-3"]


def test_the_same_seed_gives_the_same_clusters() -> None:
    """Twice the same, and a generator works like a seed."""
    texts, _ = _corpus(40, 2)
    first = clusters(texts, among="all", language="en", rng=5)
    pd.testing.assert_frame_equal(first, clusters(texts, among="all", language="en", rng=5))
    pd.testing.assert_frame_equal(first, clusters(texts, among="all", language="en", rng=np.random.default_rng(5)))


def test_a_proposal_can_be_pasted_and_then_finds_its_comments() -> None:
    """From the rest to study.toml to themes."""
    texts, topic = _corpus(60, 3)
    themes = assign_themes(texts, language="en")
    found = clusters(texts, themes=themes)
    proposed = [theme for lines in found["proposal"] for theme in tomllib.loads(lines)["theme"]]
    assert len(proposed) == 3
    again = assign_themes(texts, language="en", taxonomy=read_taxonomy(proposed))
    assert (again["main_theme"] != "rest").mean() > 0.95
    assert adjusted_rand_score(topic, again["main_theme"]) > 0.95


def test_languages_are_clustered_apart() -> None:
    """No cluster holds rows of two languages; a language with few comments is left out."""
    texts, _ = _corpus(40, 4)
    code = np.where(np.arange(len(texts)) % 2 == 0, "en", "sv")
    code[:5] = "nl"
    found = clusters(texts, among="all", language=list(code))
    assert set(found["language"]) == {"en", "sv"}
    for language, rows in zip(found["language"], found["rows"], strict=True):
        assert set(code[rows]) == {language}


def test_quotes_are_masked_and_readable() -> None:
    """An address in a comment near the centre does not come out."""
    texts, _ = _corpus(40, 5)
    found = clusters([f"{text} mail me: a{i}@firm.example" for i, text in enumerate(texts)], among="all", language="en")
    quotes = [quote for listed in found["quotes"] for quote in listed]
    assert len(quotes) == 3 * len(found)
    assert all("@" not in quote and len(quote) <= 240 for quote in quotes)


def test_too_little_to_cluster_is_an_empty_table() -> None:
    """Ten comments, one comment a thousand times, all silent, words that never come twice."""
    columns = clusters(["a few words"] * 10, among="all", language="en").columns.tolist()
    assert columns[:3] == ["language", "cluster", "n"]
    assert clusters(["the very same comment"] * 1000, among="all", language="en").empty
    assert clusters(["-", None, "ok"], among="all").empty
    unique = [f"wordnumber{chr(97 + i // 26)}{chr(97 + i % 26)}" for i in range(100)]
    assert clusters(unique, among="all", language="en").empty
    with pytest.raises(BadValue, match="needs themes"):
        clusters(["a"])
    with pytest.raises(BadValue, match="must be the same"):
        clusters(["a"], themes=assign_themes(["a", "b"]))


def test_an_embedding_is_used_instead_of_words() -> None:
    """Topics that only the embedding knows."""
    texts, _ = _corpus(40, 6)
    hidden = np.arange(len(texts)) % 2
    place = {text: float(h) for text, h in zip(texts, hidden, strict=True)}

    def embed(asked: list[str]) -> np.ndarray:
        return np.array([[place[text], 1 - place[text], 0.01 * len(text)] for text in asked])

    found = clusters(texts, among="all", language="en", embed=embed)
    assert adjusted_rand_score(hidden, _labels(found, len(texts))) > 0.9
