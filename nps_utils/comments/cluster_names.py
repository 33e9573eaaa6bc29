"""What clusters are called: words that set each apart, in the reader's language, and those of the other languages."""

from __future__ import annotations

import itertools
import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

import numpy as np

from nps_utils.comments.language import DANISH_OR_NORWEGIAN, UNKNOWN
from nps_utils.comments.lexicon import stem
from nps_utils.comments.space.words import LANGUAGES, Floats, word_space
from nps_utils.comments.taxonomy import read_taxonomy
from nps_utils.comments.text import normalise, words
from nps_utils.comments.word_files import every_grammar_word, faint_words, grammar_words

_LEAST: Final = 3  # comments of a cluster that say a term
_TRUSTED: Final = 50  # comments said to be in a language: fewer may only be mistaken for it
_FAINT: Final = 0.01  # of its weight: a word that names a cluster only where no other word does
_LIKE: Final = 5  # translations of a word that are looked at
_LEAST_SAID: Final = 2  # comments of a cluster that say a word in the reader's language, to take it as a translation
_ENOUGH: Final = 8  # comments of a cluster in the reader's language, to name it by their words
_MOST_TERMS: Final = 12  # of each language that are looked at for a name
_MOST_WORDS: Final = 3
_NEARLY: Final = 0.45  # of the best term's weight: a further word of a name
_SAME_BEGINNING: Final = 5  # letters: "deliver" is in "delivery time", so that no other name begins with it
_TOGETHER: Final = 1 / 3  # of the comments that say the rarer word: then the two stand together in the name
_NEAR: Final = 0.45  # cosine: a word of the comments that is further away is no translation
_ELIDING: Final = frozenset(("fr", "it", "ca"))  # "d'attente" is of "attente"
_ELIDED: Final = re.compile(r"\b(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu|dell?|all?|nell?|un)['’](?=\w)", re.IGNORECASE)
_TABLE: Final = frozenset((*LANGUAGES, DANISH_OR_NORWEGIAN))  # languages whose words it has


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
        whole = _ELIDED.sub("", normalise(text)) if code in _ELIDING else normalise(text)
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
    return dict(sorted(counted.items(), key=lambda item: (-sum(item[1].n.values()), item[0])))


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


def names_of(
    counted: dict[str, Terms],
    clusters: Sequence[int],
    language: str,
    centres: Mapping[int, Floats],
    others: Sequence[str] = (),
) -> list[str]:
    """Name clusters in the reader's language by one to three words; no word is in two names.

    Words of the other languages are translated by the nearest word that comments in the reader's language say; where
    these are few, names are in the words of those who wrote. `centres` are those of the clusters among the words of the
    table; `others` are names whose words are taken.
    """
    translate = Translator(counted.get(language))
    candidates = {c: _candidates(counted, c, language, centres[c], translate) for c in clusters}
    taken = [stem(word, language=language) for name in others for word in words(name)]
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


def _candidates(
    counted: dict[str, Terms], cluster: int, language: str, centre: Floats, translate: Translator
) -> list[tuple[str, float]]:
    """Return words of the reader's language, said or translated from what was said, with their weights.

    Where enough of the cluster's comments are in that language, a translation counts only if they say it too: what is
    spelled alike in two languages often means something else. A word weighs more where it is near the centre of the
    cluster. Words of a language that the table does not have are never translated: there they would be near what is
    only spelled alike. Where hardly anybody writes in the reader's language, names are in the words that were said.
    """
    own = counted.get(language)
    said = own if own is not None and own.n[cluster] >= _ENOUGH else None
    found, foreign, elsewhere = _weights(counted, cluster, language, translate, said)
    if said is not None and not found:
        found, foreign, elsewhere = _weights(counted, cluster, language, translate, None)
    if sum(elsewhere.values()) > sum(found.values()) + sum(foreign.values()):
        return _by_weight(elsewhere)
    # In another language than the table has, its own words are better than none.
    few = sum(found.values()) < _NEARLY * sum(foreign.values())
    chosen = {**foreign, **found} if few else found or foreign or elsewhere
    faint = faint_words(language)
    return _by_weight(
        {word: weight * _fits(word, centre) * (_FAINT if word in faint else 1.0) for word, weight in chosen.items()}
    )


def _weights(
    counted: dict[str, Terms], cluster: int, language: str, translate: Translator, said: Terms | None
) -> tuple[dict[str, float], dict[str, float], dict[str, float]]:
    """Return the weights of words of the language, of words that have no translation, and of other languages."""
    total = max(sum(terms.n[cluster] for terms in counted.values()), 1)
    found: dict[str, float] = {}
    foreign: dict[str, float] = {}
    elsewhere: dict[str, float] = {}
    for code, terms in counted.items():
        faint = faint_words(code)
        for one, weight in terms.ranked(cluster)[:_MOST_TERMS]:
            word = terms.spelled(one)
            weight *= _FAINT if code != language and word in faint else 1.0
            if code not in (*_TABLE, language):
                words_of, key = elsewhere, word
            else:
                told = word if code == language else _told(translate.nearest(word), said, cluster)
                if said is not None and not told:
                    continue
                words_of, key = (found, told) if told else (foreign, word)
            words_of[key] = words_of.get(key, 0.0) + weight * terms.n[cluster] / total
    return found, foreign, elsewhere


def _told(translations: Sequence[str], said: Terms | None, cluster: int) -> str:
    """Return the first of the translations, or the first that the comments of the cluster say; none is empty."""
    if said is None:
        return next(iter(translations), "")
    for word in translations:
        where = said.said.get(stem(word, language=said.language))
        if where is not None and where[cluster] >= _LEAST_SAID:
            return word
    return ""


def _by_weight(weights: dict[str, float]) -> list[tuple[str, float]]:
    return sorted(((w, round(x, 9)) for w, x in weights.items() if x > 0), key=lambda item: (-item[1], item[0]))


def _fits(word: str, centre: Floats) -> float:
    """Return how near a word is to the centre of a cluster, and how much it says at all."""
    vector = word_space().vector(word)
    if vector is None or not centre.any():
        return 0.1
    return max(float(vector @ centre), 0.05) * word_space().weight(word)


class Translator:
    """The nearest words that the study's comments in the reader's language say; where they are few, none."""

    def __init__(self, said: Terms | None) -> None:
        self._found: dict[str, list[str]] = {}
        self._known: list[str] = []
        if said is not None and sum(said.n.values()) >= _TRUSTED:
            common = sorted(one for one, where in said.said.items() if sum(where.values()) >= _LEAST)
            self._known = [word for word in map(said.spelled, common) if word_space().vector(word) is not None]
        vectors = [word_space().vector(word) for word in self._known]
        self._vectors = np.array(vectors, dtype=np.float32)

    def nearest(self, word: str) -> list[str]:
        """Return the translations, the nearest first; none where no word is near.

        Only among what these customers say: of all words of a language the nearest is often one spelled alike ("bil",
        a car, for "bill") or the opposite ("billig" for "expensive").
        """
        if word not in self._found:
            vector = word_space().vector(word) if self._known else None
            nearness = (self._vectors @ vector).round(5) if vector is not None else np.zeros(0)
            best = [int(at) for at in np.argsort(-nearness, kind="stable")[:_LIKE] if nearness[at] >= _NEAR]
            self._found[word] = [self._known[at] for at in best]
        return self._found[word]
