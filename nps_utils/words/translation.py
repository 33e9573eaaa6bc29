"""The reader's language: catalogues of sentences, and numbers, dates and lists in local form."""

from __future__ import annotations

import datetime as dt
import gettext
import io
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final, Literal, get_args

from babel import Locale
from babel.dates import format_date
from babel.lists import format_list
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_currency, format_decimal, format_percent, get_minus_sign_symbol

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
        return Locale.parse(_LOCALES.get(self.language, self.language))

    def say(self, message: str, **values: object) -> str:
        """Return a sentence in the language, its places filled in."""
        return _catalogue(self.language).gettext(message).format(**values)

    def say_n(self, one: str, many: str, n: int, **values: object) -> str:
        """Return the sentence for one or for many; `{n}` is the number in local form."""
        return _catalogue(self.language).ngettext(one, many, n).format(n=self.count(n), **values)

    def points(self, value: float) -> str:
        """Return points with their sign and one decimal; zero has none."""
        pattern = "+#,##0.0;-#,##0.0" if round(value, 1) else "0.0"
        return self._signed(format_decimal(round(value, 1) + 0.0, format=pattern, locale=self.locale))

    def decimals(self, value: float) -> str:
        """Return a small change with its sign and two decimals.

        Examples
        --------
        >>> Local("nb").decimals(-0.314)
        '−0,31'
        """
        return self._signed(format_decimal(round(value, 2) + 0.0, format="+#,##0.00;-#,##0.00", locale=self.locale))

    def size(self, value: float) -> str:
        """Return a number of points without a sign."""
        return format_decimal(abs(value), format="#,##0.0", locale=self.locale)

    def pvalue(self, value: float) -> str:
        """Return a p-value with three decimals, never as zero.

        Examples
        --------
        >>> Local("en").pvalue(0.0421), Local("nl").pvalue(0.00002)
        ('p = 0.042', 'p < 0,001')
        """
        small = value < 0.001
        return f"p {'<' if small else '='} {format_decimal(max(value, 0.001), format='0.000', locale=self.locale)}"

    def share(self, value: float) -> str:
        """Return a proportion 0..1 in whole percent, with a decimal below one percent."""
        text = format_percent(value, format="0.0 %" if 0 < value < 0.01 else "0 %", locale=self.locale)
        return text.replace(" %", "\u00a0%")

    def count(self, value: float) -> str:
        """Return a whole number with thousands set off."""
        return self._signed(format_decimal(value, format="#,##0", locale=self.locale))

    def money(self, value: float, currency: str) -> str:
        """Return an amount to three significant digits with its currency, or bare where it has none."""
        digits = max(len(str(int(abs(value)))) - 3, 0)
        rounded = round(value, -digits)
        if len(currency) != 3:
            return self.count(rounded)
        return self._signed(
            format_currency(
                rounded, currency, format=_without_decimals(self.locale), locale=self.locale, currency_digits=False
            )
        )

    def date(self, day: dt.date) -> str:
        """Return a day in words."""
        return format_date(day, "long", locale=self.locale)

    def tongue(self, code: str) -> str:
        """Return what a language is called, as within a sentence; the code where it has no name here."""
        return str(self.locale.languages.get(code, code))

    def listed(self, words: list[str]) -> str:
        """Join words as a sentence does."""
        return format_list(words, locale=self.locale)

    def _signed(self, text: str) -> str:
        """Write the minus sign of the language, which a pattern of one's own does not."""
        return text.replace("-", get_minus_sign_symbol(self.locale))


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


def _without_decimals(locale: Locale) -> str:
    return str(locale.currency_formats["standard"].pattern).replace(".00", "")
