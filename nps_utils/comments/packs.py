"""Packs of themes: what is true of any company, and what each trade adds, takes away and calls by its own name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Final

from nps_utils.checks import BadFile, BadValue, closest
from nps_utils.comments.word_files import FOLDER, Lexicon, Taxonomy, Term, read_folder, read_toml, stock

CORE: Final = "core"
ALL: Final = "all"
PACKS: Final = FOLDER / "packs"
_KEYS: Final = ("themes", "without", "last", "signs", "labels")


@dataclass(frozen=True)
class Pack:
    """One trade: the concepts of the stock it has beside the core, those it has not, its labels and its signs.

    Of two themes with the same evidence the earlier one is the main theme; those of `last` give way to any other.
    """

    name: str
    themes: Mapping[str, tuple[str, ...] | str]
    without: frozenset[str]
    last: tuple[str, ...]
    labels: Mapping[str, Mapping[str, str]]
    signs: Mapping[str, tuple[str, ...]]


@cache
def packs() -> Mapping[str, Pack]:
    """Return the packs by name, the core first."""
    file = PACKS / "packs.toml"
    return {name: _read_pack(f"{file}, [{name}]", name, content) for name, content in read_toml(file).items()}


def industries() -> tuple[str, ...]:
    """Return the trades that have a pack."""
    return tuple(name for name in packs() if name != CORE)


def check_industry(industry: str | Sequence[str]) -> tuple[str, ...]:
    """Return the names of packs as we write them; the core alone where it is named.

    Raises
    ------
    BadValue
        There is none of that name; the message lists those there are.

    Examples
    --------
    >>> check_industry("Software"), check_industry(["retail", "travel"]), check_industry("core")
    (('software',), ('retail', 'travel'), ())
    """
    said = [industry] if isinstance(industry, str) else list(industry)
    for name in said:
        if wrong := unknown_industry(name):
            raise BadValue(f'industry = "{name}" {wrong}.')
    names = [_as_we_write(name) for name in said]
    return tuple(dict.fromkeys(name for name in names if name != CORE))


def unknown_industry(industry: str) -> str:
    """Return what is wrong with the name of an industry, nothing where it has a pack."""
    if _as_we_write(industry) in packs():
        return ""
    known = (*industries(), CORE)
    meant = closest(_as_we_write(industry), known).strip()
    return (
        f"is not one of: {', '.join(known)}.{' ' + meant if meant else ''}"
        f' Where none fits, write industry = "{CORE}": the themes that any company has'
    )


def _as_we_write(industry: str) -> str:
    return industry.strip().casefold()


def themes_of_trade(industry: str | Sequence[str]) -> Taxonomy:
    """Return the core with what a trade adds, or several; `core` is the core alone.

    Where a word file of the trade names a word, it means what it means there: "slow" is the speed of a program.
    """
    return _built(check_industry(industry))


@cache
def _built(names: tuple[str, ...]) -> Taxonomy:
    ours = [packs()[name] for name in names or (CORE,)]
    own = [read_folder(PACKS / name) for name in names if (PACKS / name).is_dir()]
    new = [theme for one in own for theme in one.themes if theme not in stock().themes]
    themes = [*new, *stock().themes]
    if len(ours) == 1:
        last = ours[0].last
        themes.sort(key=lambda theme: last.index(theme) if theme in last else -1)
    lexicons = {code: _lexicon(lexicon, ours, own) for code, lexicon in stock().lexicons.items()}
    used = {term.theme for lexicon in lexicons.values() for term in lexicon.terms}
    return Taxonomy(tuple(theme for theme in themes if theme in used), lexicons)


def _lexicon(lexicon: Lexicon, ours: Sequence[Pack], own: Sequence[Taxonomy]) -> Lexicon:
    code = lexicon.language
    theirs = [one.lexicons[code] for one in own]
    terms = tuple(term for one in theirs for term in one.terms)
    taken = {_bare(term.text) for term in terms}
    core = packs()[CORE]
    kept = (
        term for term in lexicon.terms if _bare(term.text) not in taken and any(_has(core, pack, term) for pack in ours)
    )
    labels = {theme: label for one in theirs for theme, label in one.labels.items()}
    if len(ours) == 1:  # of several trades none names what they share
        labels |= {theme: said[code] for theme, said in ours[0].labels.items() if code in said}
    ignore = tuple(phrase for one in theirs for phrase in one.ignore)
    return replace(
        lexicon, terms=(*terms, *kept), ignore=(*ignore, *lexicon.ignore), labels={**lexicon.labels, **labels}
    )


def _has(core: Pack, pack: Pack, term: Term) -> bool:
    if f"{term.theme}.{term.concept}" in pack.without:
        return False
    named = [one.themes[term.theme] for one in (core, pack) if term.theme in one.themes]
    return any(concepts == ALL or term.concept in concepts for concepts in named)


def _bare(text: str) -> str:
    return text.casefold().strip("=*")


def _read_pack(where: str, name: str, content: Mapping[str, Any]) -> Pack:
    for key in content:
        if key not in _KEYS:
            raise BadFile(f'{where}: unknown key "{key}"; known: {", ".join(_KEYS)}.{closest(key, _KEYS)}')
    known = {f"{term.theme}.{term.concept}" for lexicon in stock().lexicons.values() for term in lexicon.terms}
    themes = {theme: ALL if said == ALL else tuple(said) for theme, said in content.get("themes", {}).items()}
    told = [f"{theme}.{concept}" for theme, said in themes.items() if said != ALL for concept in said]
    for concept in (*told, *content.get("without", ())):
        if concept not in known:
            raise BadFile(f'{where}: "{concept}" is no concept of the language files.{closest(concept, known)}')
    signs = {code: tuple(words) for code, words in content.get("signs", {}).items()}
    last = tuple(content.get("last", ()))
    return Pack(name, themes, frozenset(content.get("without", ())), last, content.get("labels", {}), signs)
