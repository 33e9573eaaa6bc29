"""The reader's language: catalogues of sentences, and numbers, dates and lists in local form."""

from __future__ import annotations

import datetime as dt
import gettext
import io
import math
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final, Literal, get_args

from babel import Locale
from babel.dates import format_date
from babel.lists import format_list
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_currency, get_decimal_symbol, get_group_symbol, get_minus_sign_symbol

from nps_utils.words import numbers

Language = Literal["en", "sv", "nb", "da", "nl"]


LANGUAGES: Final[tuple[str, ...]] = get_args(Language)
# English as it is written in Europe: 30 September 2026.
_LOCALES: Final = {"en": "en_GB"}


@dataclass(frozen=True)
class Local:
    """Sentences and numbers as a reader of one language expects them.

    Examples
    --------
    >>> sv = Local("sv")
    >>> sv.points(-12.34), sv.say("Our score")
    ('−12,3', 'Vårt resultat')
    """

    language: str

    @property
    def locale(self) -> Locale:
        """Babel's locale of the language."""
        return _locale(self.language)

    def say(self, message: str, **values: object) -> str:
        """Return a sentence in the language, its places filled in."""
        return _catalogue(self.language).gettext(message).format(**values)

    def say_n(self, one: str, many: str, n: int, **values: object) -> str:
        """Return the sentence for one or for many; `{n}` is the number in local form."""
        return _catalogue(self.language).ngettext(one, many, n).format(n=self.count(n), **values)

    @property
    def signs(self) -> numbers.Signs:
        """What parts and marks the digits of a number in the language."""
        return _signs(self.language)

    def points(self, value: float) -> str:
        """Return points with their sign and one decimal; zero has none."""
        return numbers.points(value, signs=self.signs)

    def estimate(self, name: str, value: float, low: float, high: float, *, digits: int = 1) -> dict[str, str]:
        """Return a number of points under its name, and its limits; with more decimals where fewer hide a limit.

        Examples
        --------
        >>> Local("sv").estimate("change", 0.31, 0.03, 0.52), Local("en").estimate("change", 0.31, -1.04, 1.66)["low"]
        ({'change': '+0,31', 'low': '+0,03', 'high': '+0,52'}, '-1.0')
        """
        digits = numbers.finer(low, high, digits)
        told = {name: value, "low": low, "high": high}
        return {name: numbers.decimals(one, digits, signed=True, signs=self.signs) for name, one in told.items()}

    def size(self, value: float) -> str:
        """Return a number of points without a sign."""
        return numbers.size(value, signs=self.signs)

    def share(self, value: float) -> str:
        r"""Return a proportion 0..1 in whole percent, with a decimal near none and near all: 99.7 % are not all.

        Examples
        --------
        >>> Local("sv").share(0.0042), Local("en").share(0.42), Local("en").share(0.997)
        ('0,4\xa0%', '42\xa0%', '99.7\xa0%')
        """
        near = 0 < min(value, 1 - value) < 0.01
        return numbers.share(value, digits=1 if near else 0, signs=self.signs)

    def count(self, value: float) -> str:
        """Return a whole number with thousands set off."""
        return numbers.count(value, signs=self.signs)

    def money(self, value: float, currency: str) -> str:
        """Return an amount to three significant digits with its currency, or bare where it has none."""
        amount = numbers.rounded(value) if math.isfinite(value) else value
        if len(currency) != 3 or not math.isfinite(value):
            return self.count(amount)
        pattern = _without_decimals(self.locale)
        text = format_currency(amount, currency, format=pattern, locale=self.locale, currency_digits=False)
        return text.replace("-", self.signs.minus)

    def date(self, day: dt.date) -> str:
        """Return a day in words."""
        return format_date(day, "long", locale=self.locale)

    def tongue(self, code: str) -> str:
        """Return what a language is called, as within a sentence; the code where it has no name here."""
        return str(self.locale.languages.get(code, code))

    def listed(self, words: list[str]) -> str:
        """Join words as a sentence does."""
        return format_list(words, locale=self.locale)


@cache
def _locale(language: str) -> Locale:
    return Locale.parse(_LOCALES.get(language, language))


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    """Compile the catalogue of a language once; English is its own source."""
    if language == "en":
        return gettext.NullTranslations()
    text = (files("nps_utils") / "locales" / language / "LC_MESSAGES" / "summary.po").read_bytes()
    compiled = io.BytesIO()
    write_mo(compiled, read_po(io.BytesIO(text), locale=language))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


@cache
def _signs(language: str) -> numbers.Signs:
    locale = _locale(language)
    marks = (get_decimal_symbol(locale), get_group_symbol(locale), get_minus_sign_symbol(locale))
    return numbers.Signs(*marks, percent="\u00a0%")


def _without_decimals(locale: Locale) -> str:
    return str(locale.currency_formats["standard"].pattern).replace(".00", "")
