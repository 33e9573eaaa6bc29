"""What clusters are called: nouns that set each apart, in the reader's language, or the theme that explains it."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple, TypeAlias

import numpy as np

from nps_utils.comments.cluster_terms import LEAST, READABLE, Terms, stop_words
from nps_utils.comments.language import DANISH_OR_NORWEGIAN
from nps_utils.comments.lexicon import is_inflection, stem
from nps_utils.comments.space.words import LANGUAGES, Floats, word_space
from nps_utils.comments.text import words

_TRUSTED: Final = 50  # comments said to be in a language: fewer may only be mistaken for it
_LIKE: Final = 5  # translations of a word that are looked at
_LEAST_SAID: Final = 2  # comments of a cluster that say a word in the reader's language, to take it as a translation
_ENOUGH: Final = 8  # comments of a cluster in the reader's language, to name it by their words
_MOST_TERMS: Final = 20  # of each language that are looked at for a name
_MOST_WORDS: Final = 3
_NEARLY: Final = 0.45  # of the best term's weight: a further word of a name
_WEAK: Final = 0.5  # of the weight of the best word of any kind: a noun that says less gives way to the theme
_LEAST_PART: Final = 0.03  # of the same: a noun that says less names nothing
LEAST_SAID: Final = 0.2  # of a cluster's comments: a name that fewer say does not tell what they are about
_LEAST_WEIGHT: Final = 0.1  # a noun that says less gives way to the theme
_FROM_ANOTHER_KIND: Final = 0.3  # of its weight: a noun that translates what is none
_SAME_BEGINNING: Final = 5  # letters: "deliver" is in "delivery time", so that no other name begins with it
_NEAR: Final = 0.45  # cosine: a word of the comments that is further away is no translation
_TABLE: Final = frozenset((*LANGUAGES, DANISH_OR_NORWEGIAN))  # languages whose words it has
_PARTS: Final = re.compile(r"(?:,\s+|\s+(?:and|och|og|en)\s+)")  # of a theme's label


class Name(NamedTuple):
    """What a cluster is called, and the share of its comments that say a word of it; nothing for a theme's label."""

    text: str
    said: float


class Candidate(NamedTuple):
    """A word that could name a cluster."""

    word: str
    weight: float  # how much it sets the cluster apart, less where it is no noun
    any_kind: float  # the same, of whatever kind it is
    said: float  # share of the cluster's comments that say it, or what it translates
    native: bool = True  # a word of the reader's language

    @property
    def readable(self) -> bool:
        """Whether a reader can take it as a subject."""
        return self.weight > READABLE * self.any_kind


def names_of(
    counted: dict[str, Terms],
    clusters: Sequence[int],
    language: str,
    centres: Mapping[int, Floats],
    others: Sequence[str] = (),
    labels: Mapping[int, str] | None = None,
) -> list[Name]:
    """Name clusters in the reader's language by one to three nouns; no word is in two names.

    Words of the other languages are translated by the nearest word that comments in the reader's language say; where
    these are few, names are in the words of those who wrote. A cluster that no noun sets apart has the name of the
    theme that explains it, or the words that it has. `centres` are those of the clusters among the words of the
    table; `others` are names whose words are taken; `labels` are those of the themes that explain clusters.
    """
    translate = Translator(counted.get(language))
    candidates = {c: _candidates(counted, c, language, centres[c], translate) for c in clusters}
    labels = {c: short_label(label) for c, label in (labels or {}).items() if label}
    taken = [stem(word, language=language) for name in others for word in words(name)]
    # The cluster with the clearest word chooses first.
    order = sorted(clusters, key=lambda c: (-(candidates[c][0].weight if candidates[c] else 0.0), c))
    chosen: dict[int, list[tuple[str, str]]] = {c: [] for c in clusters}
    names: dict[int, str] = {}
    for cluster in order:  # first everybody gets one word, or the theme, then the further ones are dealt
        label = labels.get(cluster, "")
        if label and _free(label, taken, language) and not _says_enough(candidates[cluster], taken, language):
            names[cluster] = label
            taken += _content_words(label, language)
        else:
            _deal(candidates[cluster], chosen[cluster], taken, language, most=1)
    for cluster in order:
        if cluster not in names:
            _deal(candidates[cluster], chosen[cluster], taken, language, most=_MOST_WORDS)
    said: dict[int, float] = {}
    for number, cluster in enumerate(order, start=1):
        name = [word for _, word in chosen[cluster]]
        said[cluster] = math.nan if cluster in names and not name else _said(candidates[cluster], name, language)
        names.setdefault(cluster, _written(chosen[cluster], counted.get(language)) or f"unnamed {number}")
    return [Name(names[cluster], said[cluster]) for cluster in clusters]


def short_label(label: str) -> str:
    """Return as many parts of a theme's label as make three words.

    Examples
    --------
    >>> short_label("Customer service and help"), short_label("Set-up and training")
    ('Customer service', 'Set-up and training')
    """
    best = ""
    for part in (*_PARTS.finditer(label), None):
        upto = label if part is None else label[: part.start()]
        if not best or len(upto.split()) <= _MOST_WORDS:
            best = upto
    return best


def _says_enough(candidates: Sequence[Candidate], taken: Sequence[str], language: str) -> bool:
    """Say whether a free noun of the reader's language sets the cluster apart about as well as any other word."""
    best = max((one.any_kind for one in candidates), default=0.0)
    free = [one for one in candidates if one.readable and _is_free(stem(one.word, language=language), taken, language)]
    if not free or not free[0].native or free[0].weight < max(_WEAK * best, _LEAST_WEIGHT):
        return False
    name = [one.word for one in free[:_MOST_WORDS] if one.weight >= _NEARLY * free[0].weight]
    return _said(candidates, name, language) >= LEAST_SAID


def _said(candidates: Sequence[Candidate], name: Sequence[str], language: str) -> float:
    """Return the share of comments that say a word of a name in any form; who says two of them counts twice."""
    stems = [stem(word, language=language) for word in name]
    told = [one for one in candidates if not _is_free(stem(one.word, language=language), stems, language)]
    return min(sum(one.said for one in told), 1.0)


def _free(label: str, taken: Sequence[str], language: str) -> bool:
    return all(_is_free(word, taken, language) for word in _content_words(label, language))


def _content_words(label: str, language: str) -> list[str]:
    return [word for word in words(label.casefold()) if word not in stop_words(language)]


def _is_free(one: str, taken: Sequence[str], language: str) -> bool:
    return not any(_overlap(one, other, language) for other in taken)


def _deal(
    candidates: Sequence[Candidate], chosen: list[tuple[str, str]], taken: list[str], language: str, *, most: int
) -> None:
    """Take words that are free: nouns, and another only where there is no noun."""
    least = _LEAST_PART * max((one.any_kind for one in candidates), default=0.0)
    nouns = [one for one in candidates if one.readable and one.weight >= least]
    for said in (nouns, candidates):
        least = _NEARLY * said[0].weight if said else 0.0
        for candidate in said:
            if len(chosen) >= most or (chosen and candidate.weight < least):
                break
            one = stem(candidate.word, language=language)
            if _is_free(one, taken, language) and not _in_compound(one, chosen):
                chosen.append((one, candidate.word))
                taken.append(one)
        if chosen:
            return


def _overlap(one: str, other: str, language: str) -> bool:
    shorter, longer = sorted((one, other), key=len)
    if one == other or (len(shorter) >= _SAME_BEGINNING and longer.startswith(shorter)):
        return True
    return len(shorter) > 2 and longer.startswith(shorter) and is_inflection(one, other, language)


def _in_compound(one: str, chosen: Sequence[tuple[str, str]]) -> bool:
    """Say whether one word is the end of the other: "export" and "fakturaexport" say the same twice."""
    ends = [sorted((one, other), key=len) for other, _ in chosen]
    return any(len(shorter) >= _SAME_BEGINNING and longer.endswith(shorter) for shorter, longer in ends)


def _written(chosen: list[tuple[str, str]], terms: Terms | None) -> str:
    if len(chosen) > 1 and terms is not None:
        for a, b in ((0, 1), (1, 0)):
            if terms.stand_together(chosen[a][0], chosen[b][0]):
                return ", ".join([f"{chosen[a][1]} {chosen[b][1]}", *(word for _, word in chosen[2:])])
    return ", ".join(word for _, word in chosen)


def _candidates(
    counted: dict[str, Terms], cluster: int, language: str, centre: Floats, translate: Translator
) -> list[Candidate]:
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
    if _total(elsewhere) > _total(found) + _total(foreign):
        return _by_weight(elsewhere, native=False)
    # In another language than the table has, its own words are better than none.
    few = _total(found) < _NEARLY * _total(foreign)
    chosen = {**foreign, **found} if few else found or foreign or elsewhere
    fits = {word: _fits(word, centre) for word in chosen}
    near = {word: (noun * fits[word], any_kind * fits[word], by) for word, (noun, any_kind, by) in chosen.items()}
    return _by_weight(near, native=bool(found))


_Weights: TypeAlias = dict[str, tuple[float, float, float]]  # as a noun, of whatever kind, and by how many said


def _weights(
    counted: dict[str, Terms], cluster: int, language: str, translate: Translator, said: Terms | None
) -> tuple[_Weights, _Weights, _Weights]:
    """Return the weights of words of the language, of words that have no translation, and of other languages."""
    total = max(sum(terms.n[cluster] for terms in counted.values()), 1)
    found: _Weights = {}
    foreign: _Weights = {}
    elsewhere: _Weights = {}
    for code, terms in counted.items():
        for one, weight in terms.ranked(cluster)[:_MOST_TERMS]:
            word, like = terms.spelled(one), terms.noun_like(one)
            weight *= terms.n[cluster] / total
            if code not in (*_TABLE, language):
                words_of, key = elsewhere, word
            else:
                told = word if code == language else _told(translate.nearest(word), said, cluster)
                if said is not None and not told:
                    continue
                words_of, key = (found, told) if told else (foreign, word)
                if told and code != language:
                    same = like > READABLE
                    like = counted[language].noun_like(stem(told, language=language))
                    weight *= 1.0 if same or like <= READABLE else _FROM_ANOTHER_KIND
            noun, any_kind, by = words_of.get(key, (0.0, 0.0, 0.0))
            words_of[key] = (noun + weight * like, any_kind + weight, by + terms.said[one][cluster] / total)
    return found, foreign, elsewhere


def _total(weights: _Weights) -> float:
    return sum(any_kind for _, any_kind, _ in weights.values())


def _told(translations: Sequence[str], said: Terms | None, cluster: int) -> str:
    """Return the first of the translations, or the first that the comments of the cluster say; none is empty."""
    if said is None:
        return next(iter(translations), "")
    for word in translations:
        where = said.said.get(stem(word, language=said.language))
        if where is not None and where[cluster] >= _LEAST_SAID:
            return word
    return ""


def _by_weight(weights: _Weights, *, native: bool) -> list[Candidate]:
    told = weights.items()
    found = [Candidate(word, round(noun, 9), round(any_kind, 9), by, native) for word, (noun, any_kind, by) in told]
    return sorted((one for one in found if one.any_kind > 0), key=lambda one: (-one.weight, one.word))


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
            common = sorted(one for one, where in said.said.items() if sum(where.values()) >= LEAST)
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
