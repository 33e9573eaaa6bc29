"""How likely a text is in each language, by the letters of its words: the lingua library, quickly or closely."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Final

from lingua import ConfidenceValue, Language, LanguageDetector, LanguageDetectorBuilder

from nps_utils.remembering import of_each

_NYNORSK: Final = "nn"  # Norwegian to us
_FEW: Final = 32  # texts in which the models of all lengths of letter groups have been asked for
DETECTABLE: Final = {
    language.iso_code_639_1.name.lower(): language
    for language in sorted(Language.all(), key=lambda one: one.name)
    if language.iso_code_639_1.name.lower() != _NYNORSK
}
# Beside the five, what customers of a company in these countries are likeliest to write.
LIKELY: Final = frozenset(("de", "fi", "fr", "es", "it", "pl", "pt", "is", "et", "cs", "hu", "ro", "tr", "lt", "lv"))


def odds_of_all(texts: Sequence[str]) -> list[dict[str, float]]:
    """Return the odds of all languages that the library knows, by groups of three letters: quick and in little memory.

    Examples
    --------
    >>> max(odds_of_all(["une très bonne expérience"])[0].items(), key=lambda pair: pair[1])[0]
    'fr'
    """
    return of_each("odds of all languages", texts, lambda new: _odds(_quick(), new))


def odds_among(texts: Sequence[str], languages: tuple[str, ...]) -> list[dict[str, float]]:
    """Return the odds of a few languages, by groups of one to five letters: the fewer, the surer."""
    if len(languages) == 1:
        return [{languages[0]: 1.0} for _ in texts]
    return of_each(f"odds of {languages}", texts, lambda new: _odds(_close(languages), new))


def _odds(detector: LanguageDetector, texts: list[str]) -> list[dict[str, float]]:
    """Read a few texts before the others: each of several threads would load the same models, half of it in vain."""
    few = [detector.compute_language_confidence_values(text) for text in texts[:_FEW]]
    many = detector.compute_language_confidence_values_in_parallel(texts[_FEW:])
    return [_by_code(odds) for odds in (*few, *many)]


def _by_code(odds: Iterable[ConfidenceValue]) -> dict[str, float]:
    found: dict[str, float] = {}
    for one in odds:
        if one.value > 0:
            code = one.language.iso_code_639_1.name.lower()
            code = "nb" if code == _NYNORSK else code
            found[code] = max(found.get(code, 0.0), one.value)
    return found


@cache
def _quick() -> LanguageDetector:
    """Built once. In high accuracy its models of all languages would take a gigabyte."""
    return LanguageDetectorBuilder.from_all_languages().with_low_accuracy_mode().build()


@cache
def _close(languages: tuple[str, ...]) -> LanguageDetector:
    """Built once: its models take a second to load."""
    return LanguageDetectorBuilder.from_languages(*(DETECTABLE[code] for code in languages)).build()
