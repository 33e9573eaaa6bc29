"""Comments as points: the weighted sum of their words, from a stored table of five languages.

The table was distilled once from multilingual-e5-small (`benchmarks/word_table.py`; sources and licences in
LICENSES.md beside it). It needs no model and no download: reading 10,000 comments takes about a second. Model2Vec's
loader reads such tables too, but brings a tokenizer of word pieces and a dozen packages, and knows no compounds.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt
from scipy import sparse

from nps_utils.comments.language import DANISH_OR_NORWEGIAN
from nps_utils.comments.text import normalise, words

Floats: TypeAlias = npt.NDArray[np.float32]

TABLE: Final = Path(__file__).parent / "words.npz"
LANGUAGES: Final = ("en", "sv", "nb", "da", "nl")  # the columns of frequencies in the table
MIDDLE: Final = 8  # of the sixteen steps of a number
ZIPF_STEP: Final = 25  # steps per tenfold frequency: a word said once in 10,000 words has 5 * 25 of 8 * 25
COMMON: Final = 2e-4  # a word this frequent weighs half: a / (a + frequency), Arora et al. 2017
_LEAST_PART: Final = 4  # letters of a part by which an unknown word is known
_LONGEST: Final = 1_000  # words of one comment that are read
_PRIOR: Final = 20.0  # comments of a language below which its centre leans on that of all


class WordSpace:
    """Words with their vectors and how often each language says them."""

    def __init__(self, known: Sequence[str], packed: npt.NDArray[np.uint8], zipf: npt.NDArray[np.uint8]) -> None:
        self.known = known
        self.zipf = zipf
        self._packed = packed  # two numbers of four bits in a byte: half a table costs nothing that can be measured
        self._place = {word: place for place, word in enumerate(known)}

    @property
    def dimensions(self) -> int:
        """How many numbers a point has."""
        return 2 * int(self._packed.shape[1])

    def place(self, word: str) -> int | None:
        """Return where a word stands in the table, None where it is not known."""
        return self._place.get(word)

    def vector(self, word: str) -> Floats | None:
        """Return the direction of a word, of its longest known beginning and end where it is not known, or None.

        Examples
        --------
        >>> space = word_space()
        >>> part = space.vector("leveransproblemen")  # not in the table: leverans, problemen
        >>> bool(part @ space.vector("leverans") > 0.5)
        True
        """
        at = self._place.get(word)
        places = [at] if at is not None else self._parts(word)
        if not places:
            return None
        total: Floats = self.rows(places).sum(axis=0, keepdims=True)
        direction: Floats = unit_rows(total)[0]
        return direction

    def weight(self, word: str) -> float:
        """Return how much a word counts: one that is said all the time says little."""
        at = self._place.get(word)
        frequency = 0.0 if at is None else 10.0 ** (int(self.zipf[at].max()) / ZIPF_STEP - 9.0)
        return COMMON / (COMMON + frequency)

    def rows(self, places: Sequence[int]) -> Floats:
        """Return the directions of words by their places in the table."""
        packed = self._packed[list(places)]
        return unit_rows(np.hstack([packed >> 4, packed & 15]).astype(np.float32) - np.float32(MIDDLE))

    def _parts(self, word: str) -> list[int]:
        """The places of the longest known beginning and end: Nordic and Dutch compounds, and endings."""
        sizes = range(len(word) - 1, _LEAST_PART - 1, -1)
        first = next((self._place[word[:size]] for size in sizes if word[:size] in self._place), None)
        last = next((self._place[word[-size:]] for size in sizes if word[-size:] in self._place), None)
        return [place for place in (first, last) if place is not None]

    def _weighted(self, distinct: Sequence[str]) -> Floats:
        """Return the direction of each word, as long as the word weighs; zero where it is not known."""
        places = [[at] if (at := self._place.get(word)) is not None else self._parts(word) for word in distinct]
        known = sorted({place for found in places for place in found})
        at_row = {place: row for row, place in enumerate(known)}
        vectors = self.rows(known) if known else np.zeros((1, self.dimensions), dtype=np.float32)
        first, last = (
            np.array([at_row[found[end]] if found else 0 for found in places], dtype=np.intp) for end in (0, -1)
        )
        weights = np.array([self.weight(word) if found else 0.0 for word, found in zip(distinct, places, strict=True)])
        weighted: Floats = unit_rows(vectors[first] + vectors[last]) * weights[:, None].astype(np.float32)
        return weighted

    def sums(self, texts: Iterable[str]) -> Floats:
        """Return for each text the weighted sum of its words, of length one; zero where no word is known."""
        return self.sums_of([words(normalise(text)) for text in texts])

    def sums_of(self, spoken: Sequence[Sequence[str]]) -> Floats:
        """Return what `sums` does for texts that are cut into words."""
        column: dict[str, int] = {}
        read = [said[:_LONGEST] for said in spoken]
        columns = np.fromiter((column.setdefault(word, len(column)) for said in read for word in said), dtype=np.intp)
        starts = np.concatenate([[0], np.cumsum(list(map(len, read)), dtype=np.intp)])
        said = sparse.csr_matrix(
            (np.ones(len(columns), dtype=np.float32), columns, starts), shape=(len(read), len(column))
        )
        said.sum_duplicates()
        said.data[:] = 1.0  # a word counts once however often it is said
        directions = self._weighted(list(column))
        return unit_rows(np.asarray(said @ directions, dtype=np.float32))


@cache
def word_space() -> WordSpace:
    """Return the stored table, read once."""
    with np.load(TABLE, allow_pickle=False) as stored:
        known = stored["words"].tobytes().decode("utf-8").split("\n")
        return WordSpace(known, stored["packed"], stored["zipf"])


class Centres(NamedTuple):
    """The mean of each language: taken away, or the first thing that tells comments apart is their language."""

    everyone: Floats
    by_language: dict[str, Floats]

    @classmethod
    def of(cls, points: Floats, languages: Sequence[str]) -> Centres:
        """Return the means; that of a language with few comments leans on the mean of all."""
        codes = np.asarray(languages, dtype=object)
        told = points.any(axis=1)
        everyone: Floats = points[told].mean(axis=0) if told.any() else np.zeros(points.shape[1], dtype=np.float32)
        found: dict[str, Floats] = {}
        for code in sorted(set(codes[told])):
            alike = [code, *(("da", "nb") if code == DANISH_OR_NORWEGIAN else ())]
            here = points[told & np.isin(codes, alike)]
            total = here.sum(axis=0) + np.float32(_PRIOR) * everyone
            found[code] = (total / np.float32(len(here) + _PRIOR)).astype(np.float32)
        return cls(everyone, found)

    def less(self, points: Floats, languages: Sequence[str]) -> Floats:
        """Return points without the mean of their language, of length one; zero stays zero."""
        if not len(points):
            return points
        means = np.array([self.by_language.get(code, self.everyone) for code in languages], dtype=np.float32)
        return unit_rows(np.where(points.any(axis=1, keepdims=True), points - means, np.float32(0.0)))


def unit_rows(points: Floats) -> Floats:
    """Return rows of length one; zero stays zero."""
    norms = np.linalg.norm(points, axis=1, keepdims=True)
    unit: Floats = np.divide(points, norms, out=np.zeros_like(points), where=norms > 0)
    return unit
