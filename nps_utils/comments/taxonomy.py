"""The themes of a company: those of its trade, read from a folder, or with its own added."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, TypeAlias

from nps_utils.checks import BadValue, closest
from nps_utils.comments.packs import CORE, themes_of_trade
from nps_utils.comments.word_files import KINDS, Lexicon, Taxonomy, Term, read_folder, terms_of

RESERVED: Final = ("rest", "no_content", "not_covered", "main_theme", "language")
_OWN_KEYS: Final = ("name", "label", "words", "words_unless_negated", "hints")

OwnTheme: TypeAlias = Mapping[str, Any]
TaxonomyLike: TypeAlias = Taxonomy | Sequence[OwnTheme] | str | Path | None


def read_taxonomy(taxonomy: TaxonomyLike = None, *, industry: str | Sequence[str] = CORE) -> Taxonomy:
    """Return the themes of a trade, those with a company's own themes added, or those of a folder.

    Parameters
    ----------
    taxonomy
        None for the built-in themes; a folder of language files like ours; or themes as `[[theme]]` of study.toml
        gives them: `{"name": "loyalty_club", "words": ["club", "points"]}`, where `words` (and `hints`,
        `words_unless_negated`) is a list for all languages or a table by language. A known name adds words.
    industry
        Whose themes: software, telecom, retail, travel, finance, services, education, charity, logistics (several where
        a company is in several trades), or core, which is true of any company. A taxonomy already read, or a folder, is
        what it is.

    Raises
    ------
    BadFile, BadValue
        An unknown industry, a folder without language files, a file that is not TOML, an unknown key, a theme without
        name or words.

    Examples
    --------
    >>> own = read_taxonomy([{"name": "loyalty_club", "words": {"en": ["club*"], "sv": ["klubb*"]}}])
    >>> own.themes[:2]
    ('loyalty_club', 'billing')
    >>> ["facilities" in read_taxonomy(industry=trade).themes for trade in ("travel", "software")]
    [True, False]
    """
    if isinstance(taxonomy, Taxonomy):
        return taxonomy
    if isinstance(taxonomy, (str, Path)):
        return read_folder(Path(taxonomy))
    extended = themes_of_trade(industry)
    for theme in reversed(taxonomy or ()):
        extended = _with_theme(extended, theme)
    return extended


def _with_theme(taxonomy: Taxonomy, theme: OwnTheme) -> Taxonomy:
    """A company's own theme goes first: it was added because it is the more specific one."""
    name = str(theme.get("name", "")).strip()
    if not name or name in RESERVED:
        raise BadValue(f"[[theme]] name = {name!r}: give a name that is not one of: {', '.join(RESERVED)}.")
    for key in theme:
        if key not in _OWN_KEYS:
            raise BadValue(
                f'[[theme]] "{name}": unknown key "{key}"; known: {", ".join(_OWN_KEYS)}.{closest(key, _OWN_KEYS)}'
            )
    if not any(theme.get(kind) for kind in KINDS):
        raise BadValue(f'[[theme]] "{name}" has no words; add words = ["...", "..."].')
    lexicons = {code: _extend(lexicon, name, theme) for code, lexicon in taxonomy.lexicons.items()}
    themes = taxonomy.themes if name in taxonomy.themes else (name, *taxonomy.themes)
    return Taxonomy(themes, lexicons)


def _extend(lexicon: Lexicon, name: str, theme: OwnTheme) -> Lexicon:
    added: list[Term] = []
    for kind in KINDS:
        words = theme.get(kind, ())
        if isinstance(words, Mapping):
            words = words.get(lexicon.language, ())
        added += terms_of(name, "own", words, kind)
    label = theme.get("label", lexicon.labels.get(name, name))
    if isinstance(label, Mapping):
        label = label.get(lexicon.language, name)
    return replace(lexicon, terms=(*added, *lexicon.terms), labels={**lexicon.labels, name: str(label)})
