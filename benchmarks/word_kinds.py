"""Say once which words of the table can be nouns; what it gives is kept in nps_utils/comments/space/.

The source is one package of word lists, pinned by its hash in word_kinds.txt, put into a folder that is thrown away:

    python -m pip install --require-hashes --no-deps --target build -r benchmarks/word_kinds.txt
    PYTHONPATH=. python benchmarks/word_kinds.py build nps_utils/comments/space/kinds.npz

It takes a minute. English, Norwegian and Dutch lists say which words are nouns. Swedish and Danish lists only say which
forms belong together: a family with a genitive of the definite form ("leveransens") is one of a noun. Sources and
licences: LICENSES.md beside the table.
"""

from __future__ import annotations

import gzip
import json
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Final, TypeAlias

import numpy as np

from nps_utils.comments.space.kinds import NOUN, OTHER, UNSAID
from nps_utils.comments.space.words import LANGUAGES, word_space

KindOf: TypeAlias = Callable[[str], int]
SHORTEST: Final = 2  # letters before an ending


def read(folder: Path, name: str) -> Any:
    """Return one list of the package."""
    with gzip.open(folder / "spacy_lookups_data" / "data" / f"{name}.json.gz") as file:
        return json.load(file)


def by_lists(folder: Path, code: str) -> KindOf:
    """Return what tells the kind of a word by lists of base forms, exceptions, and rules for endings."""
    base = {kind: {word.casefold() for word in said} for kind, said in read(folder, f"{code}_lemma_index").items()}
    odd = {kind: {word.casefold() for word in said} for kind, said in read(folder, f"{code}_lemma_exc").items()}
    rules = read(folder, f"{code}_lemma_rules")

    def forms(word: str, kind: str) -> Iterable[str]:
        yield word
        for ending, instead in rules.get(kind, ()):
            if ending and word.endswith(ending) and len(word) - len(ending) >= SHORTEST:
                yield word[: -len(ending)] + instead
        if code == "nl" and kind == "noun" and word.endswith("en") and len(word) > 4:
            yield word[:-2]
            yield f"{word[:-3]}{word[-4]}{word[-3]}"  # "facturen" of "factuur"

    def kind_of(word: str) -> int:
        found = 0
        for kind in {*base, *odd}:
            if word in odd.get(kind, ()) or any(form in base.get(kind, ()) for form in forms(word, kind)):
                found |= NOUN if kind == "noun" else OTHER
        return found

    return kind_of


def by_forms(folder: Path, code: str) -> KindOf:
    """Return what tells the kind of a word by a list of all its forms."""
    said = read(folder, f"{code}_lemma_exc")
    nouns = {word.casefold() for word in said["noun"]}
    others = {word.casefold() for kind, words in said.items() if kind != "noun" for word in words}
    return lambda word: (NOUN if word in nouns else 0) | (OTHER if word in others else 0)


def by_families(folder: Path, code: str, of_noun: Callable[[set[str]], bool], others: tuple[str, ...]) -> KindOf:
    """Return what tells the kind of a word by the endings of the words that share its base form."""
    families: dict[str, set[str]] = defaultdict(set)
    for form, lemma in read(folder, f"{code}_lemma_lookup").items():
        families[lemma.casefold()].update((form.casefold(), lemma.casefold()))
    kinds: dict[str, int] = defaultdict(int)
    for lemma, family in families.items():
        noun = of_noun(family)
        other = not noun and any(form != lemma and form.endswith(others) for form in family)
        for form in family:
            kinds[form] |= (NOUN if noun else 0) | (OTHER if other else 0)

    def kind_of(word: str) -> int:
        # The list knows one base form only: "sparar" is of "sparare", and as well of the verb "spara".
        of_verb = word.endswith("r") and kinds.get(word[:-1], 0) & OTHER
        return kinds.get(word, 0) | (OTHER if of_verb else 0)

    return kind_of


def _swedish_noun(family: set[str]) -> bool:
    plural = ("arnas", "ornas", "ernas", "enas")
    return any(
        form.endswith(plural) or (form.endswith(("ens", "ets", "ans")) and form[:-1] in family) for form in family
    )


def _danish_noun(family: set[str]) -> bool:
    plural = ("erne", "ernes", "ene", "enes")
    return any(form.endswith(plural) or (form.endswith(("ens", "ets")) and form[:-1] in family) for form in family)


def main(folder: Path, path: Path) -> None:
    """Write two bits per word and language: whether it can be a noun, and whether it can be anything else."""
    kind_of: dict[str, KindOf] = {
        "en": by_lists(folder, "en"),
        "sv": by_families(folder, "sv", _swedish_noun, ("are", "aste", "ade", "ades", "ande", "te", "it", "er", "as")),
        "nb": by_forms(folder, "nb"),
        "da": by_families(folder, "da", _danish_noun, ("ede", "te", "ere", "est", "este", "ende", "er", "es")),
        "nl": by_lists(folder, "nl"),
    }
    space = word_space()
    kinds = np.zeros(len(space.known), dtype=np.uint16)
    for place, word in enumerate(space.known):
        for column, code in enumerate(LANGUAGES):
            if space.zipf[place, column] > UNSAID:
                kinds[place] |= kind_of[code](word) << (2 * column)
    np.savez_compressed(path, kinds=kinds)
    print(f"{int((kinds > 0).sum()):,} of {len(kinds):,} words, {path.stat().st_size / 1e3:.0f} kB: {path}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
