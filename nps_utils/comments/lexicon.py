"""Finding the words of the themes in comments: stems, compounds, phrases, and what a negation cancels."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import metadata
from pathlib import Path
from typing import Any, Final, NamedTuple

import snowballstemmer

from nps_utils.comments.language import DANISH_OR_NORWEGIAN, UNKNOWN
from nps_utils.comments.text import words
from nps_utils.comments.word_files import Lexicon, Taxonomy
from nps_utils.remembering import of_each

STEMMERS: Final = {
    "en": "english", "sv": "swedish", "nb": "norwegian", "da": "danish", "nl": "dutch", "de": "german", "fi": "finnish",
}  # fmt: skip
STEMMER: Final = "snowballstemmer"
STEMS: Final = Path(__file__).parent / "stems.txt"
_SHORTEST_STEM: Final = 4  # below four letters different words share a stem
_LONGEST_ENDING: Final = 4  # in languages whose endings are not listed below
_GAP: Final = 3  # how many words ".." may stand for
_NEGATION_REACH: Final = 3
_MOST_FOUND: Final = 20_000  # comments whose hits are remembered: samples of the same comments are read again


# Endings of inflection. A stemmer also strips those of derivation: "excel" and "excellent", "customer" and
# "customize", "hospital" and "hospitality" share a stem, not a meaning.
_ENDINGS: Final = {
    "en": "s es d ed e ing y ies ied",
    "sv": "a ad ade ades an ans ar are arna arnas aste at ats d da de e en ens er erna et ets n na ns or orna r rna s "
          "t ta te",
    "nb": "a dd de e en ene ens er ere es est este et ets n ne r s t te",
    "da": "de e ede en ene ens er ere erne es est este et ets n ne r rne s t te",
    "nl": "d de den e en er ere s st ste t te ten",
}  # fmt: skip
_MAY_END: Final = {language: frozenset(("", *endings.split())) for language, endings in _ENDINGS.items()}
_DOUBLED: Final = re.compile(r"(.)\1")


class Hit(NamedTuple):
    """One word or phrase of a theme, found."""

    theme: str
    concept: str
    weight: float


class _Phrase(NamedTuple):
    pieces: tuple[int | None, ...]  # None is the gap ".."
    hit: Hit | None  # None: a phrase to ignore
    unless_negated: bool
    order: int


class _Begun(NamedTuple):
    """The phrases that a word may begin: those it is, those by the word that must follow, and those with a gap."""

    alone: list[_Phrase]
    followed: dict[int, list[_Phrase]]
    gapped: list[_Phrase]


class _Piece(NamedTuple):
    word: str
    starts_open: bool
    ends_open: bool
    language: str
    as_written: bool  # "=goods" is not "good"; a phrase to ignore has no inflections: "lately" must not hide "late"


@dataclass(frozen=True)
class Found:
    """What one comment holds: its hits, its words that belong to no hit, and each theme with the words that made it."""

    hits: tuple[Hit, ...]
    other_words: tuple[str, ...]
    said: tuple[tuple[str, str], ...] = ()


@cache
def _stemmer(language: str) -> Any:
    return snowballstemmer.stemmer(STEMMERS[language])


def stem(word: str, *, language: str) -> str:
    """Return the Snowball stem of a lower-case word; in a language without a stemmer, the word."""
    if language not in STEMMERS:
        return word
    known = _STEMS[language].get(word)
    return str(_stemmer(language).stemWord(word)) if known is None else known


def learn(tokens: Iterable[str], language: str) -> None:
    """Stem many words at a time: what an earlier page or report has stemmed is known."""
    if language in STEMMERS:
        new = sorted(set(tokens) - _STEMS[language].keys())
        stems = of_each(
            f"stems {language}", new, lambda some: [str(_stemmer(language).stemWord(word)) for word in some]
        )
        _STEMS[language].update(zip(new, stems, strict=True))


class _Stems(dict[str, dict[str, str]]):
    """What was stemmed, by language; the words of the themes are known from the start."""

    def __missing__(self, language: str) -> dict[str, str]:
        self[language] = known = _stored().get(language, {})
        return known


_STEMS: Final = _Stems()


@cache
def _stored() -> dict[str, dict[str, str]]:
    """Read the stems that are stored, see benchmarks/stems.py; none where another version of the stemmer is there."""
    version, *lines = STEMS.read_text(encoding="utf-8").splitlines()
    found: dict[str, dict[str, str]] = {}
    if version != f"{STEMMER} {metadata.version(STEMMER)}":
        return found
    code = ""
    for line in lines:
        word, _, stemmed = line.partition(" ")
        if stemmed:
            found[code][word] = stemmed
        else:
            code = word.strip("[]")
            found[code] = {}
    return found


def words_of(lexicon: Lexicon) -> list[str]:
    """Return the words that the terms of a language are made of."""
    return words(" ".join([*lexicon.ignore, *(term.text for term in lexicon.terms)]))


class Matcher:
    """One language's terms, ready to be looked up. Every distinct word is analysed once.

    Longer phrases win over the words inside them: "money back" is a refund, not a price.

    Examples
    --------
    >>> from nps_utils.comments.taxonomy import read_taxonomy
    >>> matcher = Matcher([read_taxonomy().lexicons["en"]])
    >>> [hit.theme for hit in matcher.find(words("No problems, but I want my money back")).hits]
    ['billing']
    """

    def __init__(self, lexicons: Sequence[Lexicon]) -> None:
        self._languages = tuple(lexicon.language for lexicon in lexicons)
        self._exact: dict[str, list[int]] = defaultdict(list)
        self._by_stem: dict[tuple[str, str], list[tuple[int, str]]] = defaultdict(list)
        self._prefix: dict[str, list[int]] = defaultdict(list)
        self._suffix: dict[str, list[int]] = defaultdict(list)
        self._suffix_stem: dict[tuple[str, str], list[tuple[int, str]]] = defaultdict(list)
        self._infix: list[tuple[str, int]] = []
        self._piece_ids: dict[_Piece, int] = {}
        self._starting: dict[int, list[_Phrase]] = defaultdict(list)
        self._seen: dict[str, frozenset[int]] = {}
        self._begun: dict[str, _Begun | None] = {}
        self._stems: dict[str, str] = {}
        self._found: dict[tuple[str, ...], Found] = {}
        self._negators = frozenset(words(" ".join(word for lexicon in lexicons for word in lexicon.negators)))
        order = 0
        for lexicon in lexicons:
            learn(words_of(lexicon), lexicon.language)
            for text in lexicon.ignore:
                self._add(text, None, False, order := order + 1, lexicon.language)
            for term in lexicon.terms:
                hit = Hit(term.theme, term.concept, term.weight)
                self._add(term.text, hit, term.unless_negated, order := order + 1, lexicon.language)

    def find(self, tokens: Sequence[str]) -> Found:
        """Return the hits in the order of the text and the words outside them; for many texts, remembered."""
        text = tuple(tokens)
        if text not in self._found:
            if len(self._found) >= _MOST_FOUND:
                self._found.clear()
            self._found[text] = self._find(text)
        return self._found[text]

    def _find(self, tokens: Sequence[str]) -> Found:
        if not any(map(self._beginning, tokens)):
            return Found((), tuple(tokens))
        hits: list[Hit] = []
        rest: list[str] = []
        said: list[tuple[str, str]] = []
        for start, end, found in self._walk(tokens):
            if found is None:
                rest.append(tokens[start])
            elif found:
                hits += found
                words_of_it = " ".join(tokens[start:end])
                said += [(hit.theme, words_of_it) for hit in found]
        return Found(tuple(hits), tuple(rest), tuple(said))

    def _walk(self, tokens: Sequence[str]) -> Iterator[tuple[int, int, list[Hit] | None]]:
        """Yield the text piece by piece: start, end, and the hits there; None for a word of no term."""
        pieces = list(map(self._pieces_of, tokens))
        at = 0
        while at < len(tokens):
            begun = self._beginning(tokens[at])
            best = None if begun is None else self._best_at(begun, pieces, at)
            if best is None:
                yield at, at + 1, None
                at += 1
                continue
            length, phrases = best
            negated = any(token in self._negators for token in tokens[max(0, at - _NEGATION_REACH) : at])
            kept = [p.hit for p in phrases if p.hit is not None and not (p.unless_negated and negated)]
            yield at, at + length, list(dict.fromkeys(kept))
            at += length

    def learn(self, tokens: Iterable[str]) -> None:
        """Stem many words at a time."""
        for language in self._languages:
            learn(tokens, language)

    def stem(self, token: str) -> str:
        """Return the stem of a word, computed once."""
        known = self._stems.get(token)
        if known is None:
            known = self._stems[token] = stem(token, language=self._languages[0])
        return known

    def _best_at(self, begun: _Begun, pieces: Sequence[frozenset[int]], at: int) -> tuple[int, list[_Phrase]] | None:
        longest, best = (1, [*begun.alone]) if begun.alone else (0, [])
        following = pieces[at + 1] if begun.followed and at + 1 < len(pieces) else ()
        told = [phrase for piece in following for phrase in begun.followed.get(piece, ())]
        for phrase in (*told, *begun.gapped):
            length = _match(phrase.pieces, pieces, at)
            if length > longest:
                longest, best = length, [phrase]
            elif length and length == longest:
                best.append(phrase)
        if not best:
            return None
        if any(phrase.hit is None for phrase in best):
            return longest, [phrase for phrase in best if phrase.hit is None]
        return longest, sorted(best, key=lambda phrase: phrase.order)

    def _add(self, text: str, hit: Hit | None, unless_negated: bool, order: int, language: str) -> None:
        pieces: list[int | None] = []
        for part in text.casefold().split():
            if part == "..":
                pieces.append(None)
                continue
            start, end = part.startswith("*"), part.endswith("*")
            as_written = hit is None or part.startswith("=")
            found = words(part)
            for place, word in enumerate(found):
                kind = (start and place == 0, end and place == len(found) - 1)
                key = _Piece(word, kind[0], kind[1], language, as_written)
                pieces.append(self._piece(key))
        if pieces and pieces[0] is not None:
            self._starting[pieces[0]].append(_Phrase(tuple(pieces), hit, unless_negated, order))

    def _piece(self, key: _Piece) -> int:
        if key in self._piece_ids:
            return self._piece_ids[key]
        piece = self._piece_ids[key] = len(self._piece_ids)
        if key.starts_open and key.ends_open:
            self._infix.append((key.word, piece))
        elif key.starts_open:
            self._suffix[key.word].append(piece)
            stemmed = stem(key.word, language=key.language)
            if len(stemmed) >= _SHORTEST_STEM:
                self._suffix_stem[key.language, stemmed].append((piece, key.word))
        elif key.ends_open:
            self._prefix[key.word].append(piece)
        else:
            self._exact[key.word].append(piece)
            stemmed = stem(key.word, language=key.language)
            if len(stemmed) >= _SHORTEST_STEM and not key.as_written:
                self._by_stem[key.language, stemmed].append((piece, key.word))
        return piece

    def _pieces_of(self, token: str) -> frozenset[int]:
        known = self._seen.get(token)
        if known is None:
            known = self._seen[token] = frozenset(self._analyse(token))
        return known

    def _beginning(self, token: str) -> _Begun | None:
        """Return the phrases that a word may begin; most words begin none."""
        if token not in self._begun:
            begun = _Begun([], {}, [])
            for piece in self._pieces_of(token):
                for phrase in self._starting.get(piece, ()):
                    second = phrase.pieces[1] if len(phrase.pieces) > 1 else None
                    if second is not None:
                        begun.followed.setdefault(second, []).append(phrase)
                    elif len(phrase.pieces) == 1:
                        begun.alone.append(phrase)
                    else:
                        begun.gapped.append(phrase)
            self._begun[token] = begun if any(begun) else None
        return self._begun[token]

    def _analyse(self, token: str) -> Iterable[int]:
        stems = {language: stem(token, language=language) for language in self._languages}
        yield from self._exact.get(token, ())
        for key in stems.items():
            for piece, word in self._by_stem.get(key, ()):
                if is_inflection(token, word, key[0]):
                    yield piece
        for end in range(2, len(token) + 1):
            yield from self._prefix.get(token[:end], ())
        for form in {token, *stems.values()}:
            for start in range(len(form) - 1):
                yield from self._suffix.get(form[start:], ())
        # The last part of a compound inflects like the word alone: "försäkringspremierna" ends in "premie".
        for language, form in stems.items():
            for start in range(1, len(form) - _SHORTEST_STEM + 1):
                for piece, word in self._suffix_stem.get((language, form[start:]), ()):
                    if is_inflection(token[start:], word, language):
                        yield piece
        for word, piece in self._infix:
            if word in token:
                yield piece


def is_inflection(one: str, other: str, language: str) -> bool:
    """Say whether two words of one stem differ by endings of inflection only; doubled letters count once."""
    endings = _MAY_END.get(language)
    if endings is None:
        return abs(len(one) - len(other)) <= _LONGEST_ENDING
    one, other = _DOUBLED.sub(r"\1", one), _DOUBLED.sub(r"\1", other)
    same = next((at for at, pair in enumerate(zip(one, other, strict=False)) if len(set(pair)) > 1), None)
    same = min(len(one), len(other)) if same is None else same
    return one[same:] in endings and other[same:] in endings


def _match(phrase: tuple[int | None, ...], pieces: Sequence[frozenset[int]], at: int) -> int:
    """Return how many words the phrase covers from `at`, 0 if it does not fit there."""
    position, gap = at, 0
    for piece in phrase:
        if piece is None:
            gap = _GAP
            continue
        for step in range(gap + 1):
            if position + step < len(pieces) and piece in pieces[position + step]:
                position += step + 1
                break
        else:
            return 0
        gap = 0
    return position - at


@lru_cache(maxsize=32)
def matcher_of(taxonomy: Taxonomy, language: str) -> Matcher:
    """Return the matcher of a language; of both where Danish and Norwegian are one; of all where it is unknown."""
    lexicons = taxonomy.lexicons
    if language in lexicons:
        return Matcher([lexicons[language]])
    if language == DANISH_OR_NORWEGIAN and {"da", "nb"} <= set(lexicons):
        return Matcher([lexicons["da"], lexicons["nb"]])
    return Matcher(list(lexicons.values()) if language == UNKNOWN else [Lexicon(language, (), (), (), (), (), {})])
