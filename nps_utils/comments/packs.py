"""Packs of themes: what is true of any company, and what each trade adds, takes away and calls by its own name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Final

from nps_utils.checks import BadFile, BadValue, closest
from nps_utils.comments.word_files import FOLDER, Lexicon, Taxonomy, Term, read_folder, read_toml, stock

CORE: Final = "core"
ALL: Final = "all"
_KEYS: Final = ("themes", "without", "signs", "labels")


@dataclass(frozen=True)
class Pack:
    """One trade: the concepts of the stock it has beside the core, those it has not, its labels and its signs."""

    name: str
    themes: Mapping[str, tuple[str, ...] | str]
    without: frozenset[str]
    labels: Mapping[str, Mapping[str, str]]
    signs: Mapping[str, tuple[str, ...]]


@cache
def packs() -> Mapping[str, Pack]:
    """Return the packs by name, the core first."""
    file = FOLDER / "packs.toml"
    return {name: _read_pack(f"{file}, [{name}]", name, content) for name, content in read_toml(file).items()}


def industries() -> tuple[str, ...]:
    """Return the trades that have a pack."""
    return tuple(name for name in packs() if name != CORE)


def check_industry(industry: str) -> str:
    """Return the name of a pack as we write it.

    Raises
    ------
    BadValue
        There is none of that name; the message lists those there are.

    Examples
    --------
    >>> check_industry("Software")
    'software'
    """
    name = industry.strip().casefold()
    if name not in packs():
        known = (*industries(), CORE)
        raise BadValue(
            f'industry = "{industry}" is not one of: {", ".join(known)}.{closest(name, known)}'
            f' Where none fits, write industry = "{CORE}": the themes that any company has.'
        )
    return name


def themes_of_trade(industry: str) -> Taxonomy:
    """Return the core with what a trade adds; `core` is the core alone.

    Where a word file of the trade names a word, it means what it means there: "slow" is the speed of a program.
    """
    return _built(check_industry(industry))


@cache
def _built(name: str) -> Taxonomy:
    core, pack = packs()[CORE], packs()[name]
    own = read_folder(FOLDER / name) if (FOLDER / name).is_dir() else None
    themes = [theme for theme in (own.themes if own else ()) if theme not in stock().themes]
    themes += [theme for theme in stock().themes if theme in {*core.themes, *pack.themes, *(own.themes if own else ())}]
    lexicons = {code: _lexicon(lexicon, core, pack, own) for code, lexicon in stock().lexicons.items()}
    used = {term.theme for lexicon in lexicons.values() for term in lexicon.terms}
    return Taxonomy(tuple(theme for theme in themes if theme in used), lexicons)


def _lexicon(lexicon: Lexicon, core: Pack, pack: Pack, own: Taxonomy | None) -> Lexicon:
    theirs = own.lexicons[lexicon.language] if own else replace(lexicon, terms=(), ignore=(), labels={})
    taken = {_bare(term.text) for term in theirs.terms}
    kept = tuple(term for term in lexicon.terms if _has(core, pack, term) and _bare(term.text) not in taken)
    labels = {theme: names[lexicon.language] for theme, names in pack.labels.items() if lexicon.language in names}
    return replace(
        lexicon,
        terms=(*theirs.terms, *kept),
        ignore=(*theirs.ignore, *lexicon.ignore),
        labels={**lexicon.labels, **theirs.labels, **labels},
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
    return Pack(name, themes, frozenset(content.get("without", ())), content.get("labels", {}), signs)
