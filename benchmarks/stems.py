"""Make `nps_utils/comments/stems.txt`: the stems of the words of all themes, which every report would make anew.

python benchmarks/stems.py
"""

from __future__ import annotations

from importlib import metadata

import snowballstemmer

from nps_utils.comments import lexicon
from nps_utils.comments.packs import PACKS, industries
from nps_utils.comments.word_files import Taxonomy, read_folder, stock


def taxonomies() -> list[Taxonomy]:
    """Return the words of any company and those of each trade."""
    return [stock(), *(read_folder(PACKS / name) for name in industries() if (PACKS / name).is_dir())]


def main() -> None:
    """Write the table: the version of the stemmer, then for each language its words with their stems."""
    lines = [f"{lexicon.STEMMER} {metadata.version(lexicon.STEMMER)}"]
    for code in sorted(stock().lexicons):
        found = {word for one in taxonomies() if code in one.lexicons for word in lexicon.words_of(one.lexicons[code])}
        stemmer = snowballstemmer.stemmer(lexicon.STEMMERS[code])
        lines += [f"[{code}]", *(f"{word} {stemmer.stemWord(word)}" for word in sorted(found))]
    lexicon.STEMS.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
