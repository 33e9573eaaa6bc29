"""The themes of customer experience and their words: one readable file per language, and a company's own themes."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple, TypeAlias

from nps_utils.checks import BadFile, BadValue, closest

FOLDER: Final = Path(__file__).parent / "taxonomy"
RESERVED: Final = ("rest", "no_content", "main_theme", "language")
HINT: Final = 0.5  # what a hint weighs beside a word

_KINDS: Final = {"words": (1.0, False), "words_unless_negated": (1.0, True), "hints": (HINT, False)}
_OWN_KEYS: Final = ("name", "label", "words", "words_unless_negated", "hints")


class Term(NamedTuple):
    """One word or phrase of a theme: `late`, `deliver*`, `*service`, `reset .. password`."""

    theme: str
    concept: str
    text: str
    weight: float
    unless_negated: bool


@dataclass(frozen=True)
class Lexicon:
    """What one language file says."""

    language: str
    terms: tuple[Term, ...]
    ignore: tuple[str, ...]
    negators: tuple[str, ...]
    no_content: tuple[str, ...]
    stopwords: tuple[str, ...]
    labels: Mapping[str, str]


@dataclass(frozen=True, eq=False)
class Taxonomy:
    """Themes in order of precedence (the earlier one wins a tie) and their words in each language."""

    themes: tuple[str, ...]
    lexicons: Mapping[str, Lexicon]

    def label(self, theme: str, language: str = "en") -> str:
        """Return the name of a theme for a reader of that language."""
        lexicon = self.lexicons.get(language)
        return lexicon.labels.get(theme, theme) if lexicon else theme


OwnTheme: TypeAlias = Mapping[str, Any]
TaxonomyLike: TypeAlias = Taxonomy | Sequence[OwnTheme] | str | Path | None


def read_taxonomy(taxonomy: TaxonomyLike = None) -> Taxonomy:
    """Return the built-in taxonomy, one read from a folder, or the built-in one with a company's own themes added.

    Parameters
    ----------
    taxonomy
        None for the built-in themes; a folder of language files like ours; or themes as `[[theme]]` of study.toml
        gives them: `{"name": "loyalty_club", "words": ["club", "points"]}`, where `words` (and `hints`,
        `words_unless_negated`) is a list for all languages or a table by language. A known name adds words.

    Raises
    ------
    BadFile, BadValue
        A folder without language files, a file that is not TOML, an unknown key, a theme without name or words.

    Examples
    --------
    >>> own = read_taxonomy([{"name": "loyalty_club", "words": {"en": ["club*"], "sv": ["klubb*"]}}])
    >>> own.themes[:2]
    ('loyalty_club', 'billing')
    """
    if isinstance(taxonomy, Taxonomy):
        return taxonomy
    if taxonomy is None:
        return _built_in()
    if isinstance(taxonomy, (str, Path)):
        return _read_folder(Path(taxonomy))
    extended = _built_in()
    for theme in reversed(taxonomy):
        extended = _with_theme(extended, theme)
    return extended


@cache
def _built_in() -> Taxonomy:
    return _read_folder(FOLDER)


@cache
def no_content_phrases() -> frozenset[str]:
    """Return the whole comments that say nothing, in every language we know."""
    elsewhere = tuple(_toml(FOLDER / "other_languages" / "no_content.toml")["no_content"])
    ours = (phrase for lexicon in _built_in().lexicons.values() for phrase in lexicon.no_content)
    return frozenset((*ours, *elsewhere))


@cache
def ordinary_words() -> frozenset[str]:
    """Return words that are words of a theme or stop words: a contact called Price must not hide what prices are."""
    lexicons = _built_in().lexicons.values()
    terms = (term.text.removeprefix("=") for lexicon in lexicons for term in lexicon.terms)
    single = {text for text in terms if text.isalpha()}
    return frozenset(single | {word for lexicon in lexicons for word in lexicon.stopwords})


def _read_folder(folder: Path) -> Taxonomy:
    files = sorted(folder.glob("*.toml"))
    if not files:
        raise BadFile(f"{folder} holds no language files (en.toml, sv.toml, ...).")
    lexicons, themes = {}, list[str]()
    for file in files:
        content = _toml(file)
        lexicon, names = _read_language(file, content)
        lexicons[lexicon.language] = lexicon
        themes += [name for name in names if name not in themes]
    return Taxonomy(tuple(themes), lexicons)


def _toml(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise BadFile(f"{file}: not readable as TOML: {error}") from error


def _read_language(file: Path, content: Mapping[str, Any]) -> tuple[Lexicon, list[str]]:
    known = ("language", "ignore", "negators", "no_content", "stopwords", "themes")
    for key in content:
        if key not in known:
            raise BadFile(f'{file}: unknown key "{key}"; known: {", ".join(known)}.{closest(key, known)}')
    terms: list[Term] = []
    labels: dict[str, str] = {}
    for name, theme in content.get("themes", {}).items():
        labels[name] = str(theme.get("label", name))
        for kind, concepts in theme.items():
            if kind == "label":
                continue
            if kind not in _KINDS or not isinstance(concepts, dict):
                raise BadFile(f'{file}, theme "{name}": "{kind}" is not one of: label, {", ".join(_KINDS)} (tables).')
            terms += [term for concept, words in concepts.items() for term in _terms(name, concept, words, kind)]
    lexicon = Lexicon(
        language=str(content.get("language", file.stem)),
        terms=tuple(terms),
        ignore=tuple(content.get("ignore", ())),
        negators=tuple(content.get("negators", ())),
        no_content=tuple(content.get("no_content", ())),
        stopwords=tuple(content.get("stopwords", ())),
        labels=labels,
    )
    return lexicon, list(labels)


def _terms(theme: str, concept: str, words: object, kind: str) -> list[Term]:
    if not isinstance(words, (list, tuple)) or not all(isinstance(word, str) and word.strip() for word in words):
        raise BadValue(f'theme "{theme}", {kind} "{concept}": {words!r} is not a list of words.')
    weight, unless_negated = _KINDS[kind]
    return [Term(theme, concept, word.strip(), weight, unless_negated) for word in words]


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
    if not any(theme.get(kind) for kind in _KINDS):
        raise BadValue(f'[[theme]] "{name}" has no words; add words = ["...", "..."].')
    lexicons = {code: _extend(lexicon, name, theme) for code, lexicon in taxonomy.lexicons.items()}
    themes = taxonomy.themes if name in taxonomy.themes else (name, *taxonomy.themes)
    return Taxonomy(themes, lexicons)


def _extend(lexicon: Lexicon, name: str, theme: OwnTheme) -> Lexicon:
    added: list[Term] = []
    for kind in _KINDS:
        words = theme.get(kind, ())
        if isinstance(words, Mapping):
            words = words.get(lexicon.language, ())
        added += _terms(name, "own", words, kind)
    label = theme.get("label", lexicon.labels.get(name, name))
    if isinstance(label, Mapping):
        label = label.get(lexicon.language, name)
    return replace(lexicon, terms=(*added, *lexicon.terms), labels={**lexicon.labels, name: str(label)})
