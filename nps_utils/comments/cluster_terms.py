"""The words of clusters: in how many comments of each they are, beside which words they stand, how to write them."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from nps_utils.comments.language import UNKNOWN
from nps_utils.comments.lexicon import learn, stem
from nps_utils.comments.space.kinds import NOUN, OTHER, kind_of
from nps_utils.comments.space.words import word_space
from nps_utils.comments.taxonomy import read_taxonomy
from nps_utils.comments.text import normalise, words
from nps_utils.comments.word_files import before_words, every_grammar_word, faint_words, grammar_words, stock

Ints: TypeAlias = npt.NDArray[np.intp]

LEAST: Final = 3  # comments of a cluster that say a term
READABLE: Final = 0.5  # how much of a noun a word must be, at the least, to be read as a subject
_NO_NOUN: Final = 0.03  # of its weight: a word that is no noun names a cluster only where nothing else does
_FAINT: Final = 0.01  # the same for words of praise, time and telling
_TOGETHER: Final = 1 / 3  # of the comments that say the rarer word: then the two stand together in the name
_BOTH: Final = {"en": 0.45}  # how likely a word that can be both is a noun: English verbs and nouns look alike
_USUALLY, _OF_A_THEME, _UNKNOWN = 0.6, 0.7, 0.45  # the same elsewhere; of a theme's word; of a word nobody lists
_PRIOR_WEIGHT: Final = 2.0  # sightings
_AFTER_NO_NOUN: Final = 0.5  # of a sighting: "good price", "get help"
_AFTER_NOUN: Final = 0.25  # "the system works", but also "price list"
_LEAST_LETTERS: Final = 3  # of a word that says something by itself
_ELIDING: Final = frozenset(("fr", "it", "ca"))  # "d'attente" is of "attente"
_ELIDED: Final = re.compile(r"\b([cdjlmnst]|qu|jusqu|lorsqu|puisqu|dell?|all?|nell?|un)['’](?=\w)", re.IGNORECASE)


class Pairs:
    """In how many comments one stem stands directly after another."""

    def __init__(self) -> None:
        self._number: dict[str, int] = {}
        self._known, self._n = np.zeros(0, dtype=np.intp), np.zeros(0, dtype=np.intp)

    def count(self, stem_at: Ints, text: Ints, stems: Sequence[str]) -> None:
        """Count the pairs of neighbours: stems by their numbers, below 0 where there is none, and whose text it is."""
        one, other = stem_at[:-1], stem_at[1:]
        beside = (one >= 0) & (other >= 0) & (one != other) & (text[1:] == text[:-1])
        pair, of = one[beside] * len(stems) + other[beside], text[1:][beside]
        known, at = np.unique(pair, return_inverse=True)
        once = np.unique(of * max(len(known), 1) + at)  # a comment counts once for a pair
        self._number = {one: number for number, one in enumerate(stems)}
        self._known, self._n = known, np.bincount(once % max(len(known), 1), minlength=len(known))

    def n(self, one: str, other: str) -> int:
        """Return how many comments say the second directly after the first."""
        pair = self._number.get(one, -1) * len(self._number) + self._number.get(other, -1)
        at = int(np.searchsorted(self._known, pair))
        there = one in self._number and other in self._number and at < len(self._known) and self._known[at] == pair
        return int(self._n[at]) if there else 0


@dataclass
class Terms:
    """The words of one language, and in how many comments of each cluster they are."""

    language: str
    n: Counter[int] = field(default_factory=Counter)  # comments by cluster
    said: dict[str, Counter[int]] = field(default_factory=dict)  # stem: comments by cluster
    spelling: dict[str, Counter[str]] = field(default_factory=dict)
    pairs: Pairs = field(default_factory=lambda: Pairs())
    # Stems: how often after a word that stands before nouns, and after one that stands before other words.
    as_noun: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))
    as_other: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))

    def ranked(self, cluster: int) -> list[tuple[str, float]]:
        """Return the stems that are frequent inside and rare outside, p log(p / q), the best first."""
        n, others = self.n[cluster], sum(self.n.values()) - self.n[cluster]
        found = []
        for one, where in self.said.items():
            inside = where[cluster]
            if inside < min(LEAST, max(n // 4, 2)):
                continue
            p, q = (inside + 0.5) / (n + 1.0), (sum(where.values()) - inside + 0.5) / (others + 1.0)
            if p > q:
                found.append((one, round(p * math.log(p / q), 9)))
        return sorted(found, key=lambda item: (-item[1], item[0]))

    def spelled(self, one: str) -> str:
        """Return the most frequent spelling of a stem: a reader wants "parkering", not "park"."""
        return min(self.spelling[one].items(), key=lambda item: (-item[1], item[0]))[0]

    def noun_like(self, one: str) -> float:
        """Return how much a stem is said as a noun, 0..1: by the table of kinds, and by the words before it."""
        word = self.spelled(one)
        if word in faint_words(self.language):
            return _FAINT
        kind = kind_of(word, self.language)
        if kind == NOUN:
            return 1.0
        if kind == OTHER:
            return _NO_NOUN
        seen = self.as_noun[one] + self.as_other[one]
        prior = _prior(word, kind, self.language)
        return max((self.as_noun[one] + _PRIOR_WEIGHT * prior) / (seen + _PRIOR_WEIGHT), _NO_NOUN)

    def stand_together(self, one: str, other: str) -> bool:
        """Say whether the second word often follows the first directly."""
        rarer = min(sum(self.said[word].values()) if word in self.said else 0 for word in (one, other))
        return rarer > 0 and self.pairs.n(one, other) >= _TOGETHER * rarer


def count_terms(
    texts: Sequence[str],
    languages: Sequence[str],
    labels: Sequence[int],
    *,
    spoken: Sequence[Sequence[str]] | None = None,
) -> dict[str, Terms]:
    """Count the words of each language in each cluster; the language with most comments comes first.

    `spoken` are the words of the texts, where somebody has them.
    """
    said = [words(normalise(text)) for text in texts] if spoken is None else spoken
    codes, label = np.array(languages, dtype=object), np.array(labels, dtype=np.intp)
    counted: dict[str, Terms] = {}
    for code in dict.fromkeys(languages):
        places = np.flatnonzero(codes == code).tolist()
        theirs = [said[place] for place in places]
        if code in _ELIDING:
            theirs = [words(_ELIDED.sub(r"\1 ", normalise(texts[place]))) for place in places]
        counted[code] = _count(code, theirs, label[places])
    return dict(sorted(counted.items(), key=lambda item: (-sum(item[1].n.values()), item[0])))


def _count(code: str, spoken: Sequence[Sequence[str]], label: Ints) -> Terms:
    """Count the words of comments in one language as numbers: there may be millions."""
    terms = Terms(code, Counter(label.tolist()))
    number: dict[str, int] = {}
    flat = np.fromiter((number.setdefault(word, len(number)) for one in spoken for word in one), dtype=np.intp)
    text = np.repeat(np.arange(len(spoken)), list(map(len, spoken)))
    vocabulary = list(number)
    spelled = np.array([word.isalpha() for word in vocabulary], dtype=bool)[flat]
    flat, text = flat[spelled], text[spelled]
    stem_of, stems = _stems_of(vocabulary, code)
    stem_at = stem_of[flat]
    told = stem_at >= 0

    each = np.unique(text[told] * len(stems) + stem_at[told])  # a comment counts once for a stem
    shift = label.min(initial=0)
    width = int(label.max(initial=0) - shift) + 1
    where, n = np.unique(each % len(stems) * width + label[each // len(stems)] - shift, return_counts=True)
    for at, times in zip(where.tolist(), n.tolist(), strict=True):
        terms.said.setdefault(stems[at // width], Counter())[at % width + int(shift)] = times
    times_of = np.bincount(flat, minlength=len(vocabulary))
    for word in np.flatnonzero((stem_of >= 0) & (times_of > 0)).tolist():
        terms.spelling.setdefault(stems[stem_of[word]], Counter())[vocabulary[word]] = int(times_of[word])
    terms.pairs.count(stem_at, text, stems)

    # What stands before each word: an article or a pronoun tells most, an adjective or a noun a little.
    as_noun, as_other = np.array([_before(word, code) for word in vocabulary]).reshape(-1, 2).T
    after = np.flatnonzero((stem_at[1:] >= 0) & (text[1:] == text[:-1]))
    for weight, kept in ((as_noun, terms.as_noun), (as_other, terms.as_other)):
        sums = np.bincount(stem_at[after + 1], weights=weight[flat[after]], minlength=len(stems))
        kept.update({stems[at]: float(sums[at]) for at in np.flatnonzero(sums).tolist()})
    return terms


def _stems_of(vocabulary: Sequence[str], code: str) -> tuple[Ints, list[str]]:
    """Return the number of each word's stem, -1 for a word that says nothing by itself, and the stems."""
    stops = stop_words(code)
    learn((word for word in vocabulary if len(word) >= _LEAST_LETTERS and word not in stops), code)
    number: dict[str, int] = {}
    at = [
        number.setdefault(one, len(number))
        if word.isalpha() and len(word) >= _LEAST_LETTERS and word not in stops and (one := stem(word, language=code))
        else -1
        for word in vocabulary
    ]
    return np.array(at, dtype=np.intp), list(number)


def _before(word: str, code: str) -> tuple[float, float]:
    """Return how much a word tells of the next one: that it is a noun, and that it is another word."""
    nouns, others = before_words(code)
    if word in nouns:
        return 1.0, 0.0
    if word in others:
        return 0.0, 1.0
    kind = kind_of(word, code)
    return (_AFTER_NO_NOUN if kind == OTHER else 0.0), (_AFTER_NOUN if kind == NOUN else 0.0)


@lru_cache(maxsize=1 << 14)
def _prior(word: str, kind: int, language: str) -> float:
    """Return how likely a word is said as a noun before the comments are looked at."""
    if kind == 0:
        return 0.0 if word_space().place(word) is not None else _UNKNOWN
    return _OF_A_THEME if word in _theme_words(language) else _BOTH.get(language, _USUALLY)


@lru_cache
def _theme_words(language: str) -> frozenset[str]:
    lexicon = stock().lexicons.get(language)
    return frozenset(term.text.strip("=*") for term in lexicon.terms) if lexicon else frozenset()


@lru_cache
def stop_words(language: str) -> frozenset[str]:
    """Return the words of a language that say nothing by themselves; where it is not known, those of any."""
    lexicon = read_taxonomy().lexicons.get(language)
    if language == UNKNOWN:
        return every_grammar_word()
    return frozenset(lexicon.stopwords) if lexicon else grammar_words(language)


def terms_of(counted: dict[str, Terms], cluster: int, most: int) -> dict[str, list[str]]:
    """Return the terms of a cluster by language, the language with most of its comments first."""
    order = sorted(counted, key=lambda code: (-counted[code].n[cluster], code))
    terms = {code: [counted[code].spelled(one) for one, _ in counted[code].ranked(cluster)[:most]] for code in order}
    return {code: found for code, found in terms.items() if found}
