"""Which word of a comment is somebody's name: lists of names, read with the letter it begins with and its neighbours.

"Mark" is a name in "spoke to Mark" and none in "Mark the order as paid"; "Anna" is one wherever it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

from nps_utils.comments.name_cues import (
    ARTICLES,
    BEFORE,
    BRANDS,
    DATED,
    DOES,
    EVERYDAY,
    MONTHS,
    PRODUCT_AFTER,
    PRODUCT_BEFORE,
    SPOKE,
    TITLE,
    TITLES,
    TO_PLACES,
)
from nps_utils.comments.text import word_set
from nps_utils.comments.word_files import ordinary_words

LETTERS: Final = re.compile(r"[^\W\d_]+")
WORD: Final = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
PARTICLES: Final = word_set("van de der den het ten ter te 't von af av du la le di da dos el bin al und zu")


@dataclass(frozen=True)
class NameLists:
    """Names in small letters: sure ones, those that are words too, and surnames."""

    sure: frozenset[str]
    words_too: frozenset[str]
    only_cued: frozenset[str]
    not_owners: frozenset[str]
    surnames: frozenset[str]
    surnames_words_too: frozenset[str]

    @property
    def given(self) -> frozenset[str]:
        """All given names."""
        return self.sure | self.words_too | self.only_cued


class Token(NamedTuple):
    """One word of a text, where it stands, and in small letters."""

    start: int
    end: int
    word: str
    lowered: str


@cache
def name_lists() -> NameLists:
    """Read `names.txt`, see benchmarks/name_lists.py."""
    sections: dict[str, list[str]] = {}
    for line in (Path(__file__).parent / "names.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            found = sections.setdefault(line.strip("[]"), [])
        elif line and not line.startswith("#"):
            found.append(line)
    return NameLists(
        frozenset(sections["given"]),
        frozenset(sections["given, also words"]),
        frozenset(sections["given, also months and brands"] + sections["given elsewhere"]),
        frozenset(sections["words that end like an owner"]),
        frozenset(sections["surnames"]),
        frozenset(sections["surnames, also words"]),
    )


@cache
def all_given() -> frozenset[str]:
    """Return all given names: the property of the lists makes them anew each time."""
    return name_lists().given


def written_forms(names: Iterable[str], *, small: bool) -> Iterator[str]:
    """Yield how names are written in a text, also with the ending of an owner; in small letters where asked for."""
    for name in names:
        for word in (name, name + "s"):
            yield from (word.capitalize(), word.upper(), *([word] if small else []))


@cache
def telling_words() -> frozenset[str]:
    """Return the words without which no name can be in a text: most comments have none of them and need no reading."""
    lists = name_lists()
    worded = written_forms(lists.words_too | lists.only_cued, small=False)
    return frozenset([*written_forms([*lists.sure, *TITLES], small=True), *worded])


@cache
def base_form(lowered: str) -> str:
    """Return a name without the ending of its owner: "annas", "anna's" and "anna" are one."""
    known = all_given()
    if lowered in known or lowered in name_lists().not_owners:
        return lowered
    for ending in ("'s", "’s", "s", "'", "’"):
        if lowered.endswith(ending) and lowered[: -len(ending)] in known:
            return lowered[: -len(ending)]
    if "-" in lowered and all(part in known for part in lowered.split("-")):
        return lowered.split("-", maxsplit=1)[0]
    return lowered


def given_at(text: str, tokens: list[Token], at: int) -> int:
    """Return how many words from this one on are somebody's name, 0 where it is none."""
    token, lists = tokens[at], name_lists()
    capital = token.word[0].isupper()
    before = text[max(0, token.start - 48) : token.start]
    if capital and TITLE.search(before):
        return _through_surname(text, tokens, at)
    name = base_form(token.lowered)
    sure, worded = name in lists.sure, name in lists.words_too
    if not (sure or worded or name in lists.only_cued) or _is_product(text, tokens, at, before):
        return 0
    if not capital:
        return _small_letters(text, tokens, at, before, sure=sure)
    if token.word.isupper() and len(token.word) > 1 and not (text.isupper() and sure):
        return 0
    length = _through_surname(text, tokens, at)
    if sure or SPOKE.search(before) or (length > 1 and _is_surname(tokens[at + length - 1], at_least=sure)):
        return length
    if DOES.match(text, tokens[at + length - 1].end):
        return length
    initial = begins_sentence(before)
    if worded and not initial and not _is_headline(tokens):
        return length
    cued = bool(at) and tokens[at - 1].lowered in BEFORE - TO_PLACES and not initial and _joined(text, tokens, at)
    return length if cued and name not in MONTHS and not _is_headline(tokens) else 0


def _small_letters(text: str, tokens: list[Token], at: int, before: str, *, sure: bool) -> int:
    """A name in small letters: only a sure one, after "spoke to" and its kin or before what only people do."""
    if not sure or len(tokens[at].word) < 3 or tokens[at].lowered in ordinary_words():
        return 0
    following = tokens[at + 1] if at + 1 < len(tokens) and text[tokens[at].end : tokens[at + 1].start] == " " else None
    surname = following is not None and following.lowered in name_lists().surnames
    cued = SPOKE.search(before) or (at and tokens[at - 1].lowered in BEFORE and _joined(text, tokens, at))
    if surname or cued or DOES.match(text, tokens[at].end):
        return 2 if surname else 1
    return 0


def _through_surname(text: str, tokens: list[Token], at: int) -> int:
    """Count the words with a capital, and particles between them, that follow in one breath."""
    length, here = 1, at
    while here + 1 < len(tokens) and here - at < 4 and tokens[here].word[-2:] not in ("'s", "’s"):
        step = here + 1
        while step < len(tokens) and tokens[step].lowered in PARTICLES and _joined(text, tokens, step):
            step += 1
        if step >= len(tokens) or not _joined(text, tokens, step) or not _may_be_surname(tokens[step]):
            break
        here, length = step, step - at + 1
    return length


def _may_be_surname(token: Token) -> bool:
    if not token.word[0].isupper() or token.lowered in EVERYDAY or token.lowered in MONTHS:
        return False
    lists = name_lists()
    return token.lowered in lists.surnames or token.lowered in all_given() or token.lowered not in ordinary_words()


def _is_surname(token: Token, *, at_least: bool) -> bool:
    lists = name_lists()
    lowered = token.lowered.removesuffix("'s")
    known = lists.surnames | lists.surnames_words_too
    return (
        at_least
        or lowered in known
        or lowered.removesuffix("s") in known
        or lowered in lists.sure
        or (
            len(lowered) > 5
            and lowered.endswith(("sson", "sen", "berg", "ström", "strøm", "gren", "kvist", "quist", "stad", "stra"))
        )
    )


def _joined(text: str, tokens: list[Token], at: int) -> bool:
    """Say whether only one space, or the point of an initial, lies between this word and the one before."""
    between = text[tokens[at - 1].end : tokens[at].start]
    return between == " " or (between == ". " and len(tokens[at - 1].word) == 1 and tokens[at - 1].word.isupper())


def begins_sentence(before: str) -> bool:
    """Say whether a sentence begins after this text, so that a capital tells nothing."""
    said = before.rstrip(" \"'“”„«»‘(*")
    return not said or said[-1] in ".!?:;\n•|–" or said.endswith(" -") or said == "-"


def _is_headline(tokens: list[Token]) -> bool:
    """Say whether most words have a capital, so that it tells nothing."""
    return len(tokens) > 3 and sum(token.word[0].isupper() for token in tokens) > len(tokens) / 2


def _is_product(text: str, tokens: list[Token], at: int, before: str) -> bool:
    token = tokens[at]
    joined = bool(at) and text[tokens[at - 1].end : token.start] in (" ", ". ")
    if joined and (tokens[at - 1].lowered in ARTICLES or tokens[at - 1].lowered in PRODUCT_BEFORE):
        return True
    if (
        before.endswith(("[", "@", "/", "& ", "#", ".", "_", "-"))
        and not before.endswith((" /", " -", "//", "\n-"))
        and len(before) > 1
    ):
        return True
    if token.lowered in MONTHS and DATED.search(before):
        return True
    after = text[token.end : token.end + 3]
    if re.match(r"\s?[&\d]|[-_]\w|\.\w|[®™]", after) or re.search(r"\d\.? $", before):
        return True
    if at + 1 >= len(tokens) or tokens[at + 1].start - token.end > 3:
        return False
    following = tokens[at + 1].lowered.removesuffix("'s").split("-")[0]
    return following in PRODUCT_AFTER or f"{token.lowered.removesuffix(chr(39) + 's')}_{following}" in BRANDS
