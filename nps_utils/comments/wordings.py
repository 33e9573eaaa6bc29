"""The distinct comments: their words as numbers, and what themes find in them; each is read once."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import sparse
from sklearn.feature_extraction.text import TfidfTransformer

from nps_utils.comments.lexicon import matcher_of
from nps_utils.comments.text import words
from nps_utils.comments.word_files import Taxonomy

Ints: TypeAlias = npt.NDArray[np.intp]
Matrix: TypeAlias = Any  # a SciPy sparse matrix
Said: TypeAlias = tuple[tuple[str, str], ...]  # a theme, and the words that made it

_LONGEST: Final = 1_000  # words of one comment that are read
_LEAST_COMMENTS: Final = 3  # that a word is in, for a model to learn it


class Numbers(NamedTuple):
    """The words of many comments by their numbers in a vocabulary, one comment after the other."""

    flat: npt.NDArray[np.int32]
    starts: npt.NDArray[np.int64]  # of each comment, and where the last one ends

    def of(self, rows: Ints) -> tuple[Ints, npt.NDArray[np.int64]]:
        """Return the words of some comments, and where each begins among them."""
        lengths = self.starts[rows + 1] - self.starts[rows]
        ends = np.cumsum(lengths)
        at = np.repeat(self.starts[rows] - (ends - lengths), lengths) + np.arange(int(lengths.sum()))
        return self.flat[at].astype(np.intp), np.concatenate([[0], ends])


@dataclass(frozen=True)
class Wordings:
    """The distinct comments: a thousand copies of one are read once and teach the model once."""

    texts: list[str]
    languages: np.ndarray
    hits: np.ndarray  # (distinct, themes): summed weights of the concepts found
    said: list[Said]
    stems: list[str]  # the vocabulary
    words: Numbers  # stems of all words
    other_words: Numbers  # stems of the words outside the hits
    row_of: np.ndarray  # for each comment its distinct one, -1 for no content

    @classmethod
    def read(cls, comments: Sequence[str], codes: np.ndarray, silent: np.ndarray, taxonomy: Taxonomy) -> Wordings:
        """Read comments that are not silent, with the words of their languages."""
        row_of, texts, languages = _distinct(comments, codes, silent)
        column = {theme: place for place, theme in enumerate(taxonomy.themes)}
        same: dict[str, str] = {}  # a word is one object in all comments
        whole = [[same.setdefault(word, word) for word in words(text)] for text in texts]
        for code in sorted(set(languages)):
            spoken = (tokens for tokens, one in zip(whole, languages, strict=True) if one == code)
            matcher_of(taxonomy, code).learn({token for tokens in spoken for token in tokens[:_LONGEST]})
        stems: dict[str, int] = {}
        numbers = {code: _StemNumbers(taxonomy, code, stems) for code in set(languages)}
        hits, said = np.zeros((len(texts), len(column))), list[Said]()
        every, others = _Gathered(), _Gathered()
        for place, (code, tokens) in enumerate(zip(languages, whole, strict=True)):
            matcher = matcher_of(taxonomy, code)
            read = tokens[:_LONGEST]
            found = matcher.find(read)
            for hit in dict.fromkeys(found.hits):  # a concept counts once however often it is said
                hits[place, column[hit.theme]] += hit.weight
            said.append(found.said if len(read) == len(tokens) else matcher.find(tokens).said)
            every.add(map(numbers[code].__getitem__, read))
            others.add(map(numbers[code].__getitem__, found.other_words))
        named = np.array(languages, dtype=object)
        return cls(texts, named, hits, said, list(stems), every.numbers(), others.numbers(), row_of)

    def other_text(self, place: int) -> str:
        """Return the stems of a comment outside the hits, as one text."""
        numbers, _ = self.other_words.of(np.array([place]))
        return " ".join(self.stems[number] for number in numbers)

    def words_behind(self) -> Counter[tuple[str, str, str]]:
        """Return in how many comments which words made which theme, by theme, language and words."""
        times = np.bincount(self.row_of[self.row_of >= 0], minlength=len(self.texts))
        counted: Counter[tuple[str, str, str]] = Counter()
        for said, code, n in zip(self.said, self.languages, times.tolist(), strict=True):
            for theme, found in dict.fromkeys(said):
                counted[theme, code, found] += n
        return counted


def ranked_words(counted: Counter[tuple[str, str, str]], themes: Sequence[str], most: int) -> pd.DataFrame:
    """Return the most frequent words of each theme and language as a table, see `theme_words`."""
    table = pd.DataFrame([(*key, n) for key, n in counted.items()], columns=["theme", "language", "word", "n"])
    order = {theme: place for place, theme in enumerate(themes)}
    table = table.sort_values(["theme", "language", "n", "word"], ascending=[True, True, False, True])
    table = table.groupby(["theme", "language"], sort=False).head(most)
    return table.sort_values("theme", key=lambda column: column.map(order), kind="stable").reset_index(drop=True)


class TfIdf:
    """Stems of some comments weighted by TF-IDF; with or without the words that made the hits.

    What scikit-learn's vectorizer gives for lists of words, number by number, from words that are numbers already.
    """

    def __init__(self, corpus: Wordings, rows: Ints) -> None:
        self._corpus, self._rows = corpus, rows
        flat, starts = corpus.words.of(rows)
        known, first, number = np.unique(flat, return_index=True, return_inverse=True)
        by_first = np.argsort(first, kind="stable")
        place = np.empty_like(by_first)
        place[by_first] = np.arange(len(by_first))  # words are numbered as they come
        counts = _counted(place[number], starts, len(known))
        common = np.bincount(counts.indices, minlength=len(known)) >= min(_LEAST_COMMENTS, len(rows))
        stems = np.array([corpus.stems[one] for one in known[by_first]], dtype=object)
        alphabetic = np.argsort(stems[common], kind="stable")
        column = np.full(len(known), -1, dtype=np.intp)
        column[np.flatnonzero(common)[alphabetic]] = np.arange(len(alphabetic))
        kept = counts[:, np.flatnonzero(common)]
        kept.indices = column[np.flatnonzero(common)][kept.indices].astype(kept.indices.dtype)
        kept.has_sorted_indices = False
        self._column = np.full(len(corpus.stems), -1, dtype=np.intp)
        self._column[known[by_first]] = column
        self._weights = TfidfTransformer(sublinear_tf=True).fit(kept)
        self.all: Matrix = self._weights.transform(kept, copy=False)

    def without_hits(self, places: Ints) -> Matrix:
        """Return some of the comments without the words that made their hits."""
        flat, starts = self._corpus.other_words.of(self._rows[places])
        column = self._column[flat]
        known = np.concatenate([[0], np.cumsum(column >= 0)])
        counts = _counted(column[column >= 0], known[starts], self.all.shape[1])
        return self._weights.transform(counts, copy=False)


def _counted(numbers: Ints, starts: npt.NDArray[np.int64], n: int) -> Matrix:
    counts = sparse.csr_matrix((np.ones(len(numbers)), numbers, starts), shape=(len(starts) - 1, n))
    counts.sum_duplicates()
    return counts


def _distinct(
    comments: Sequence[str], codes: np.ndarray, silent: np.ndarray
) -> tuple[np.ndarray, list[str], list[str]]:
    """Return for each comment its distinct one, by text and language in the order in which they come, and these."""
    seen: dict[tuple[str, str], int] = {}
    row_of = np.full(len(comments), -1)
    for row in np.flatnonzero(~silent).tolist():
        row_of[row] = seen.setdefault((str(codes[row]), comments[row]), len(seen))
    return row_of, [text for _, text in seen], [code for code, _ in seen]


class _StemNumbers(dict[str, int]):
    """The number of a word's stem; each word is stemmed once."""

    def __init__(self, taxonomy: Taxonomy, code: str, stems: dict[str, int]) -> None:
        super().__init__()
        self._matcher, self._stems = matcher_of(taxonomy, code), stems

    def __missing__(self, token: str) -> int:
        self[token] = number = self._stems.setdefault(self._matcher.stem(token), len(self._stems))
        return number


class _Gathered:
    """Numbers of comments, one comment after the other."""

    def __init__(self) -> None:
        self._flat, self._starts = array("i"), [0]

    def add(self, numbers: Iterable[int]) -> None:
        self._flat.extend(numbers)
        self._starts.append(len(self._flat))

    def numbers(self) -> Numbers:
        return Numbers(
            np.frombuffer(self._flat, dtype=np.intc).astype(np.int32), np.array(self._starts, dtype=np.int64)
        )
