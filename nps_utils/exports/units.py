"""Units in the header of an amount, Revenue (EUR) or Beløb i DKK: the header without, and its currency."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

_CODES: Final = frozenset({
    "EUR", "DKK", "SEK", "NOK", "ISK", "GBP", "USD", "CHF", "PLN", "CZK", "HUF", "RON", "BGN", "TRY", "CAD", "AUD",
    "NZD", "JPY", "CNY", "HKD", "SGD", "INR", "BRL", "MXN", "ZAR", "ILS", "AED",
})  # fmt: skip
_SIGNS: Final = {"€": "EUR", "£": "GBP", "euro": "EUR", "euros": "EUR"}
# Of several countries, or of several currencies: a unit, but no code.
_UNCLEAR: Final = frozenset({"kr", "kroner", "kronor", "$", "dollar", "dollars"})
# Beside a unit: what the tax has to do with it.
_TAX: Final = frozenset({
    "excl", "ex", "ekskl", "exkl", "excluding", "uden", "utan", "uten", "incl", "inkl", "including", "med", "moms",
    "mva", "vat", "btw", "tax",
})  # fmt: skip
_SCALES: Final = frozenset({
    "k", "t", "m", "mio", "mill", "mln", "mkr", "tkr", "mnok", "msek", "mdkk", "meur", "tusind", "tusen",
    "thousand", "000", "1000",
})  # fmt: skip
_IN_BRACKETS: Final = re.compile(r"^(?P<bare>.+?)\s*[(\[](?P<unit>[^()\[\]]*)[)\]]\s*$")
_AFTER_IN: Final = re.compile(r"^(?P<bare>.+?)[\s_,]+(?:i|in)[\s_]+(?P<unit>.+)$", re.IGNORECASE)
_TAX_LAST: Final = re.compile(
    rf"^(?P<bare>.+?)[\s_,([]+(?:(?:{'|'.join(sorted(_TAX))})\b\.?[\s_]*)+[)\]]?\s*$", re.IGNORECASE
)
_LAST: Final = re.compile(r"^(?P<bare>.+?)[\s_,/-]+(?P<unit>[^\s_,/-]+)\s*$")


class Unit(NamedTuple):
    """A header without its unit, and the currency the unit tells, where it is that of one country."""

    header: str
    currency: str | None


def without_unit(header: str) -> Unit:
    """Return a header without the unit in brackets, behind "in" or at its end; as it is where there is none.

    Thousands and millions keep their unit as the currency: an amount in kEUR is none in EUR.

    Examples
    --------
    >>> [tuple(without_unit(header)) for header in ("Omsætning (kr.)", "Revenue (EUR)", "Omzet (€)", "Beløb i DKK")]
    [('Omsætning', None), ('Revenue', 'EUR'), ('Omzet', 'EUR'), ('Beløb', 'DKK')]
    >>> tuple(without_unit("Omsætning ekskl. moms (DKK)"))
    ('Omsætning', 'DKK')
    >>> [tuple(without_unit(header)) for header in ("amount_eur", "Revenue (kEUR)", "Revenue (plan)", "Plan in days")]
    [('amount', 'EUR'), ('Revenue', 'KEUR'), ('Revenue (plan)', None), ('Plan in days', None)]
    """
    bare = _without_tax(header)
    for form in (_IN_BRACKETS, _AFTER_IN, _LAST):
        found = form.match(bare)
        if found and (known := _unit(found["unit"])):
            return Unit(_without_tax(found["bare"]), known[0])
    return Unit(bare, None)


def _without_tax(header: str) -> str:
    found = _TAX_LAST.match(header.strip())
    return found["bare"] if found else header.strip()


def _unit(text: str) -> tuple[str | None] | None:
    """Return the currency of a unit, in a tuple; None where the text is no unit."""
    words = [word for word in re.findall(r"[^\W_]+|[€£$]", text.casefold()) if word not in _TAX]
    scaled = [word for word in words if word in _SCALES]
    plain = [word for word in words if word not in _SCALES]
    if len(plain) == 1 and plain[0].startswith(("k", "t", "m")) and plain[0][1:].upper() in _CODES:
        scaled, plain = [*scaled, plain[0][0]], [plain[0][1:]]
    if len(plain) > 1 or (not plain and not any(word.endswith(("kr", "nok", "sek", "dkk", "eur")) for word in scaled)):
        return None
    if plain and plain[0].upper() not in _CODES and plain[0] not in _SIGNS and plain[0] not in _UNCLEAR:
        return None
    if scaled:
        return (" ".join(text.split()).upper(),)
    return (_SIGNS.get(plain[0]) or (plain[0].upper() if plain[0].upper() in _CODES else None),)
