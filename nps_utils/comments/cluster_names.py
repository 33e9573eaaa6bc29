"""What clusters are called: words that set each apart, in the reader's language, and those of the other languages."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

import numpy as np

from nps_utils.comments.lexicon import stem
from nps_utils.comments.space.words import LANGUAGES, ZIPF_STEP, word_space
from nps_utils.comments.taxonomy import read_taxonomy
from nps_utils.comments.text import normalise, words

_LEAST: Final = 3  # comments of a cluster that say a term
_ENOUGH: Final = 8  # comments of a cluster in the reader's language, to name it by their words
_MOST_WORDS: Final = 3
_NEARLY: Final = 0.45  # of the best term's weight: a further word of a name
_SAME_BEGINNING: Final = 5  # letters: "deliver" is in "delivery time", so that no other name begins with it
_TOGETHER: Final = 1 / 3  # of the comments that say the rarer word: then the two stand together in the name
_WELL_KNOWN: Final = 3.2  # Zipf: rarer words of the table name nothing
_NEAR: Final = 0.35  # cosine: a word further away is no translation


@dataclass
class Terms:
    """The words of one language, and in how many comments of each cluster they are."""

    language: str
    n: Counter[int] = field(default_factory=Counter)  # comments by cluster
    said: dict[str, Counter[int]] = field(default_factory=dict)  # stem: comments by cluster
    spelling: dict[str, Counter[str]] = field(default_factory=dict)
    pairs: Counter[tuple[str, str]] = field(default_factory=Counter)  # stems one directly after the other

    def ranked(self, cluster: int) -> list[tuple[str, float]]:
        """Return the stems that are frequent inside and rare outside, p log(p / q), the best first."""
        n, others = self.n[cluster], sum(self.n.values()) - self.n[cluster]
        found = []
        for one, where in self.said.items():
            inside = where[cluster]
            if inside < min(_LEAST, max(n // 4, 2)):
                continue
            p, q = (inside + 0.5) / (n + 1.0), (sum(where.values()) - inside + 0.5) / (others + 1.0)
            if p > q:
                found.append((one, round(p * math.log(p / q), 9)))
        return sorted(found, key=lambda item: (-item[1], item[0]))

    def spelled(self, one: str) -> str:
        """Return the most frequent spelling of a stem: a reader wants "parkering", not "park"."""
        return min(self.spelling[one].items(), key=lambda item: (-item[1], item[0]))[0]

    def stand_together(self, one: str, other: str) -> bool:
        """Say whether the second word often follows the first directly."""
        rarer = min(sum(self.said[word].values()) if word in self.said else 0 for word in (one, other))
        return rarer > 0 and self.pairs[one, other] >= _TOGETHER * rarer


def count_terms(texts: Sequence[str], languages: Sequence[str], labels: Sequence[int]) -> dict[str, Terms]:
    """Count the words of each language in each cluster; the language with most comments comes first."""
    counted: dict[str, Terms] = {}
    for text, code, label in zip(texts, languages, labels, strict=True):
        terms = counted.setdefault(code, Terms(code))
        stops = stop_words(code)
        spelled = [word for word in words(normalise(text)) if word.isalpha()]
        stems = ["" if len(word) < 3 or word in stops else stem(word, language=code) for word in spelled]
        terms.n[label] += 1
        for one in dict.fromkeys(filter(None, stems)):
            terms.said.setdefault(one, Counter())[label] += 1
        for one, word in zip(stems, spelled, strict=True):
            if one:
                terms.spelling.setdefault(one, Counter())[word] += 1
        after = {(a, b) for a, b in zip(stems, stems[1:], strict=False) if a and b and a != b}
        terms.pairs.update(after)
    return dict(sorted(counted.items(), key=lambda item: (-sum(item[1].n.values()), item[0])))


@lru_cache
def stop_words(language: str) -> frozenset[str]:
    """Return the words of a language that say nothing by themselves."""
    lexicon = read_taxonomy().lexicons.get(language)
    return frozenset(lexicon.stopwords) if lexicon else frozenset()


def terms_of(counted: dict[str, Terms], cluster: int, most: int) -> dict[str, list[str]]:
    """Return the terms of a cluster by language, the language with most of its comments first."""
    order = sorted(counted, key=lambda code: (-counted[code].n[cluster], code))
    terms = {code: [counted[code].spelled(one) for one, _ in counted[code].ranked(cluster)[:most]] for code in order}
    return {code: found for code, found in terms.items() if found}


def names_of(counted: dict[str, Terms], clusters: Sequence[int], language: str) -> list[str]:
    """Name clusters in the reader's language by one to three words; no word is in two names.

    Where a cluster has too few comments in that language, its terms are translated by the nearest words of the table.
    """
    candidates = {cluster: _candidates(counted, cluster, language) for cluster in clusters}
    taken: list[str] = []
    names: dict[int, str] = {}
    # The cluster with the clearest word chooses first.
    order = sorted(clusters, key=lambda c: (-(candidates[c][0][1] if candidates[c] else 0.0), c))
    firsts: dict[int, list[tuple[str, str]]] = {}
    for cluster in order:  # first everybody gets one word, then the further ones are dealt
        firsts[cluster] = []
        _deal(candidates[cluster], firsts[cluster], taken, language, most=1)
    for cluster in order:
        _deal(candidates[cluster], firsts[cluster], taken, language, most=_MOST_WORDS)
    for number, cluster in enumerate(order, start=1):
        names[cluster] = _written(firsts[cluster], counted.get(language)) or f"unnamed {number}"
    return [names[cluster] for cluster in clusters]


def _deal(
    candidates: list[tuple[str, float]], chosen: list[tuple[str, str]], taken: list[str], language: str, *, most: int
) -> None:
    least = _NEARLY * candidates[0][1] if candidates else 0.0
    for word, weight in candidates:
        if len(chosen) >= most or (chosen and weight < least):
            return
        one = stem(word, language=language)
        if not any(_overlap(one, other) for other in taken):
            chosen.append((one, word))
            taken.append(one)


def _overlap(one: str, other: str) -> bool:
    shorter, longer = sorted((one, other), key=len)
    return one == other or (len(shorter) >= _SAME_BEGINNING and longer.startswith(shorter))


def _written(chosen: list[tuple[str, str]], terms: Terms | None) -> str:
    if len(chosen) > 1 and terms is not None:
        for a, b in ((0, 1), (1, 0)):
            if terms.stand_together(chosen[a][0], chosen[b][0]):
                return ", ".join([f"{chosen[a][1]} {chosen[b][1]}", *(word for _, word in chosen[2:])])
    return ", ".join(word for _, word in chosen)


def _candidates(counted: dict[str, Terms], cluster: int, language: str) -> list[tuple[str, float]]:
    """Return words of the reader's language with their weights: said, or translated from what was said."""
    own = counted.get(language)
    if own is not None and own.n[cluster] >= _ENOUGH:
        said = [(own.spelled(one), weight) for one, weight in own.ranked(cluster)]
        if said:
            return said
    found: dict[str, float] = {}
    for code, terms in counted.items():
        share = terms.n[cluster] / max(sum(other.n[cluster] for other in counted.values()), 1)
        for one, weight in terms.ranked(cluster)[:6]:
            for word in [terms.spelled(one)] if code == language else translated(terms.spelled(one), language):
                found[word] = found.get(word, 0.0) + share * weight
    if not found:  # another language than the table has: its own words are better than none
        code = max(counted, key=lambda other: (counted[other].n[cluster], other))
        return [(counted[code].spelled(one), weight) for one, weight in counted[code].ranked(cluster)]
    return sorted(found.items(), key=lambda item: (-round(item[1], 9), item[0]))


@lru_cache(maxsize=4_096)
def translated(word: str, language: str) -> tuple[str, ...]:
    """Return the nearest word of another language in the table, or nothing where none is near.

    Examples
    --------
    >>> translated("levering", "en")
    ('delivery',)
    """
    if language not in LANGUAGES:
        return ()
    vector = word_space().vector(word)
    if vector is None:
        return ()
    known, vectors = _well_known(language)
    nearness = (vectors @ vector).round(6)
    best = int(nearness.argmax())
    return (known[best],) if nearness[best] >= _NEAR else ()


@lru_cache
def _well_known(language: str) -> tuple[list[str], np.ndarray]:
    """Return the frequent words of a language, more frequent there than elsewhere, and their vectors."""
    space = word_space()
    column = LANGUAGES.index(language)
    stops = stop_words(language)
    zipf = space.zipf.astype(int)
    frequent = (zipf[:, column] >= _WELL_KNOWN * ZIPF_STEP) & (zipf[:, column] >= zipf.max(axis=1) - ZIPF_STEP // 2)
    places = [place for place in np.flatnonzero(frequent) if space.known[place] not in stops]
    return [space.known[place] for place in places], space.rows(places)
