"""The word files: what one language file says, and all of them as the stock from which packs are made."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

from nps_utils.checks import BadFile, BadValue, closest

FOLDER: Final = Path(__file__).parent / "taxonomy"
HINT: Final = 0.5  # what a hint weighs beside a word
KINDS: Final = {"words": (1.0, False), "words_unless_negated": (1.0, True), "hints": (HINT, False)}


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


@cache
def stock() -> Taxonomy:
    """Return every theme with all its words, of whatever trade: what packs are made from, never a company's own."""
    return read_folder(FOLDER)


@cache
def no_content_phrases() -> frozenset[str]:
    """Return the whole comments that say nothing, in every language we know."""
    elsewhere = tuple(_elsewhere("no_content")["no_content"])
    ours = (phrase for lexicon in stock().lexicons.values() for phrase in lexicon.no_content)
    return frozenset((*ours, *elsewhere))


@cache
def function_words() -> Mapping[str, tuple[str, ...]]:
    """Return the commonest words of grammar, each with the languages it belongs to."""
    found: dict[str, tuple[str, ...]] = {}
    for code, line in _elsewhere("function_words").items():
        for word in dict.fromkeys(line.replace("|", " ").split()):
            found[word] = (*found.get(word, ()), code)
    return found


@cache
def _elsewhere(name: str) -> dict[str, Any]:
    """Return a file of words of many languages, read once."""
    return read_toml(FOLDER / "other_languages" / f"{name}.toml")


@cache
def grammar_words(language: str) -> frozenset[str]:
    """Return the commonest words of grammar of one language, without those of short verdicts."""
    line = _elsewhere("function_words").get(language, "")
    return frozenset(line.partition("|")[0].split())


@cache
def faint_words(language: str) -> frozenset[str]:
    """Return the words of praise and blame, of time and telling, that name a cluster only where no other word does."""
    return frozenset(_elsewhere("faint_words").get(language, "").split())


@cache
def before_words(language: str) -> tuple[frozenset[str], frozenset[str]]:
    """Return the words that stand directly before nouns, and those that stand before verbs and adjectives."""
    told = _elsewhere("before_words")
    codes = ("da", "nb") if language == "da/nb" else (language,)
    nouns, others = (
        frozenset(word for code in codes for word in told[kind].get(code, "").split()) for kind in ("nouns", "others")
    )
    return nouns, others


@cache
def every_grammar_word() -> frozenset[str]:
    """Return the words of grammar of all languages."""
    codes = _elsewhere("function_words")
    return frozenset[str]().union(*(grammar_words(code) for code in codes))


@cache
def ordinary_words() -> frozenset[str]:
    """Return words that are words of a theme or stop words: a contact called Price must not hide what prices are."""
    lexicons = stock().lexicons.values()
    terms = (term.text.removeprefix("=") for lexicon in lexicons for term in lexicon.terms)
    single = {text for text in terms if text.isalpha()}
    return frozenset(single | {word for lexicon in lexicons for word in lexicon.stopwords})


def read_folder(folder: Path) -> Taxonomy:
    """Return what the language files of a folder say."""
    files = sorted(folder.glob("*.toml"))
    if not files:
        raise BadFile(f"{folder} holds no language files (en.toml, sv.toml, ...).")
    lexicons, themes = {}, list[str]()
    for file in files:
        content = read_toml(file)
        lexicon, names = _read_language(file, content)
        lexicons[lexicon.language] = lexicon
        themes += [name for name in names if name not in themes]
    return Taxonomy(tuple(themes), lexicons)


def read_toml(file: Path) -> dict[str, Any]:
    """Return a file of words as tables."""
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
            if kind not in KINDS or not isinstance(concepts, dict):
                raise BadFile(f'{file}, theme "{name}": "{kind}" is not one of: label, {", ".join(KINDS)} (tables).')
            terms += [term for concept, words in concepts.items() for term in terms_of(name, concept, words, kind)]
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


def terms_of(theme: str, concept: str, words: object, kind: str) -> list[Term]:
    """Return the words of one concept as terms."""
    if not isinstance(words, (list, tuple)) or not all(isinstance(word, str) and word.strip() for word in words):
        raise BadValue(f'theme "{theme}", {kind} "{concept}": {words!r} is not a list of words.')
    weight, unless_negated = KINDS[kind]
    return [Term(theme, concept, word.strip(), weight, unless_negated) for word in words]
