"""The words of clusters: in how many comments of each they are, beside which words they stand, how to write them."""

from __future__ import annotations

import itertools
import math
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from nps_utils.comments.language import UNKNOWN
from nps_utils.comments.lexicon import stem
from nps_utils.comments.space.kinds import NOUN, OTHER, kind_of
from nps_utils.comments.space.words import word_space
from nps_utils.comments.taxonomy import read_taxonomy
from nps_utils.comments.text import normalise, words
from nps_utils.comments.word_files import before_words, every_grammar_word, faint_words, grammar_words, stock

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
_ELIDING: Final = frozenset(("fr", "it", "ca"))  # "d'attente" is of "attente"
_ELIDED: Final = re.compile(r"\b([cdjlmnst]|qu|jusqu|lorsqu|puisqu|dell?|all?|nell?|un)['’](?=\w)", re.IGNORECASE)


@dataclass
class Terms:
    """The words of one language, and in how many comments of each cluster they are."""

    language: str
    n: Counter[int] = field(default_factory=Counter)  # comments by cluster
    said: dict[str, Counter[int]] = field(default_factory=dict)  # stem: comments by cluster
    spelling: dict[str, Counter[str]] = field(default_factory=dict)
    pairs: Counter[tuple[str, str]] = field(default_factory=Counter)  # stems one directly after the other
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
        return rarer > 0 and self.pairs[one, other] >= _TOGETHER * rarer


class _Stems(dict[tuple[str, str], str]):
    """Each word is stemmed once."""

    def __missing__(self, key: tuple[str, str]) -> str:
        self[key] = found = stem(key[1], language=key[0])
        return found


def count_terms(texts: Sequence[str], languages: Sequence[str], labels: Sequence[int]) -> dict[str, Terms]:
    """Count the words of each language in each cluster; the language with most comments comes first."""
    counted: dict[str, Terms] = {}
    stem_of = _Stems()
    for text, code, label in zip(texts, languages, labels, strict=True):
        terms = counted.setdefault(code, Terms(code))
        stops = stop_words(code)
        whole = _ELIDED.sub(r"\1 ", normalise(text)) if code in _ELIDING else normalise(text)
        spelled = [word for word in words(whole) if word.isalpha()]
        stems = ["" if len(word) < 3 or word in stops else stem_of[code, word] for word in spelled]
        terms.n[label] += 1
        for one in dict.fromkeys(filter(None, stems)):
            terms.said.setdefault(one, Counter())[label] += 1
        for one, word in zip(stems, spelled, strict=True):
            if one:
                terms.spelling.setdefault(one, Counter())[word] += 1
        after = {(a, b) for a, b in itertools.pairwise(stems) if a and b and a != b}
        terms.pairs.update(after)
        _count_before(terms, spelled, stems)
    return dict(sorted(counted.items(), key=lambda item: (-sum(item[1].n.values()), item[0])))


def _count_before(terms: Terms, spelled: Sequence[str], stems: Sequence[str]) -> None:
    """Count what stands before each word: an article or a pronoun tells most, an adjective or a noun a little."""
    nouns, others = before_words(terms.language)
    for before, one in zip(spelled, stems[1:], strict=False):
        if not one:
            continue
        if before in nouns:
            terms.as_noun[one] += 1.0
        elif before in others:
            terms.as_other[one] += 1.0
        elif (kind := kind_of(before, terms.language)) == OTHER:
            terms.as_noun[one] += _AFTER_NO_NOUN
        elif kind == NOUN:
            terms.as_other[one] += _AFTER_NOUN


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
