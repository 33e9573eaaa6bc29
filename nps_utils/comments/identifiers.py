"""Which run of digits identifies a person: personal numbers, cards, accounts, phones; and which only looks so.

A bare pattern masks order numbers, prices and dates. Each rule here therefore asks for a check digit or a date, and
reads the words around the number.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Final

import phonenumbers
from stdnum import iban, luhn
from stdnum.dk import cpr
from stdnum.fi import hetu
from stdnum.nl import bsn
from stdnum.no import kontonr

REGIONS: Final = ("SE", "NO", "DK", "NL", "GB", "FI", "DE", "US")

SHORTEST, LONGEST = 7, 19  # digits of an identifying number

DIGITS: Final = re.compile(  # a slash only as in "070/174 06 05"
    r"(?<!\w)(?<!\d[.,])(?:[+(]{1,2}|00)?\d"
    r"(?:[\d ().\-+–]|(?:(?<=\b0\d)|(?<=\b0\d\d)|(?<=\b0\d{3}))/(?=\d)){4,34}\d(?!\w)"
)
IBAN: Final = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{1,4}){3,9}\b|\b[a-z]{2}\d{2}[a-z0-9]{11,30}\b")
HETU: Final = re.compile(r"\b\d{6}[-+A-FU-Y]\d{3}[0-9A-Y]\b")

_REFERENCE = re.compile(
    r"(?:order|ordre|bestell\w*|bestell?ing|auftrag|rechnung|beställning|bestilling|bokning|booking|boeking|reserv\w*|biljett|ticket|case|sak|sag|"
    r"ärende|zaak|faktura|factuur|invoice|artikel|article|item|sku|serie|serial|kolli|tracking|parcel|paket|pakke|"
    r"ref|reference|referens|referanse|referentie|kund|kunde|klant|customer|product|produkt|varu?|model\w*|flight|"
    r"zending|ean|isbn|#)\w*[\s.:#–-]*(?:is|är|er|no|nr|nummer|number|num|id|var|was)?[\s.:#–-]*$",
    re.IGNORECASE,
)
_PERSONAL = re.compile(
    r"(?:person|pers\.?\s?nr|fødselsn|födelsen|fodselsn|cpr|bsn|burgerservice|sofi|ssn|social security|national id|"
    r"identi|d-nummer|samordning)[\w-]*[\s.:–-]*(?:no|nr|nummer|number|is|är|er)?[\s.:–-]*$",
    re.IGNORECASE,
)
_ACCOUNT = re.compile(
    r"(?:konto|account|rekening|clearing|bankgiro|plusgiro|\bbg\b|\bpg\b|\breg\b|iban)[\w-]*[\s.:–-]*"
    r"(?:no|nr|nummer|number|is|är|er)?[\s.:–-]*$",
    re.IGNORECASE,
)
_PHONE = re.compile(
    r"\b(?:tel|tlf|telefon\w*|telefoon\w*|phone\w*|mob|mobil\w*|mobiel\w*|cell|call|ring\w*|bel\w*|sms\w*|whatsapp|"
    r"(?:my|mitt|mit|mijn) (?:number|nummer|nr)|"
    r"nås|nåes|nå (?:mig|meg|på)|fanges|træffes|treffes|text me|reach me|bereik\w*|dial|kontakt\w*|"
    r"contact\w*)\b[^\d]{0,25}$",
    re.IGNORECASE,
)
_CURRENCY_BEFORE = re.compile(r"(?:[$€£¥]|\b(?:kr|sek|nok|dkk|eur|euro|usd|gbp))\.?\s*$", re.IGNORECASE)
_CURRENCY_AFTER = re.compile(
    r"^\s*(?:[$€£¥%]|:-|,-|kr\b|kroner\b|kronor\b|sek\b|nok\b|dkk\b|eur|usd\b|gbp\b|pounds\b|dollar|mb\b|gb\b|km\b)",
    re.IGNORECASE,
)
_DAY, _MONTH = r"(?:0?[1-9]|[12]\d|3[01])", r"(?:0?[1-9]|1[0-2])"
WHEN: Final = re.compile(
    rf"(?<![\d.-])(?:(?:19|20)\d\d[-.]{_MONTH}[-.]{_DAY}|{_DAY}[-.]{_MONTH}[-.](?:19|20)?\d\d"
    rf"|{_MONTH}[-.]{_DAY}[-.](?:19|20)\d\d|\d{{1,2}}[.]\d\d ?[-–] ?\d{{1,2}}[.]\d\d"
    r"|(?:19|20)\d\d ?[-–] ?(?:19|20)\d\d)(?![.-]?\d)"
)
_VERSION = re.compile(r"(?:\bv|version|ver\.?|build|firmware|ios|android|windows|release|ip)[\s.:]*$", re.IGNORECASE)
_PAIRS = re.compile(r"\d\d \d\d \d\d \d\d|\d{3} \d\d \d{3}|\d\d([-.])\d\d\1\d\d\1\d\d")
_AMERICAN = re.compile(r"(?:1[ .-])?(?:\(\d{3}\)[ .-]?|\d{3}[ .-])\d{3}[ .-]\d{4}")
_NORWEGIAN_ACCOUNT = re.compile(r"\d{4}([. ])\d\d\1\d{5}")


def kind_of_number(number: str, *, before: str = "", after: str = "", regions: Sequence[str] = REGIONS) -> str | None:
    """Return what a run of digits identifies: `id_number`, `card_number`, `account_number`, `phone`, or None.

    Parameters
    ----------
    number
        The digits as written, with their separators.
    before, after
        The text just before and just after.
    regions
        Countries whose national phone numbers are recognised.

    Examples
    --------
    >>> kind_of_number("811218-9876"), kind_of_number("4500123456", before="order ")
    ('id_number', None)
    """
    number = re.sub(r"^(0\d{1,3}) - (?=\d)", r"\1-", number.replace("–", "-"))
    digits = re.sub(r"\D", "", number)
    if not SHORTEST <= len(digits) <= LONGEST:
        return None
    if _PERSONAL.search(before) and len(digits) in (9, 10, 11, 12):
        return "id_number"
    if _ACCOUNT.search(before) and len(digits) <= 15:
        return "account_number"
    if " - " in number or _is_amount(before, after) or _VERSION.search(before):
        return None
    referenced = bool(_REFERENCE.search(before))
    if _is_card(number, digits) and not referenced:
        return "card_number"
    if _NORWEGIAN_ACCOUNT.fullmatch(number) and kontonr.is_valid(digits):
        return "account_number"
    if _is_personal(number, digits, referenced=referenced):
        return "id_number"
    return "phone" if _is_phone(number, digits, before, referenced=referenced, regions=regions) else None


def valid_iban(text: str) -> str | None:
    """Return the part of the text that is an IBAN with right check digits, or None."""
    pieces = text.split(" ")
    for end in range(len(pieces), 0, -1):
        candidate = " ".join(pieces[:end])
        if iban.is_valid(candidate, check_country=False):
            return candidate
    return None


def is_finnish_id(text: str) -> bool:
    """Say whether the text is a Finnish personal identity code."""
    return bool(hetu.is_valid(text))


def _is_amount(before: str, after: str) -> bool:
    return bool(_CURRENCY_BEFORE.search(before) or _CURRENCY_AFTER.search(after))


def _is_card(number: str, digits: str) -> bool:
    return (
        13 <= len(digits) <= 19
        and (
            digits[:2] in ("34", "37") if len(digits) == 15 else digits[0] in "23456"
        )  # 35... of 15 digits is a device
        and re.fullmatch(r"[\d -]+|\d{4}(?:\.\d{4}){3}", number) is not None
        and luhn.is_valid(digits)
    )


def _is_personal(number: str, digits: str, *, referenced: bool) -> bool:
    if re.fullmatch(r"(?:\d\d)?\d{6}[-+]\d{4}", number):
        return _is_swedish(digits) or (len(digits) == 10 and cpr.is_valid(digits))
    if referenced or re.fullmatch(r"(?:\d{6,8} )?\d{4,12}|\d{6} \d{5}|\d{3}[ .]\d{3}[ .]\d{3}", number) is None:
        return False
    if len(digits) in (10, 12) and _is_swedish(digits):
        return True
    if len(digits) == 11:
        return _is_norwegian(digits)
    if len(digits) == 10:  # a bare Danish number: date and the old check digit, or one order number in thirty is masked
        return bool(cpr.is_valid(digits)) and (_danish_check(digits) or number[6] == " ")
    return len(digits) == 9 and bool(bsn.is_valid(digits))


def _is_swedish(digits: str) -> bool:
    """Date (day + 60 for coordination numbers) and Luhn over the last ten digits."""
    if not luhn.is_valid(digits[-10:]):
        return False
    year, month, day = digits[:-8], int(digits[-8:-6]), int(digits[-6:-4])
    if len(digits) == 12 and year[:2] not in ("18", "19", "20"):
        return False
    try:
        date(int(year) if len(digits) == 12 else 2000 + int(year), month, day - 60 if day > 60 else day)
    except ValueError:
        return False
    return True


def _is_norwegian(digits: str) -> bool:
    """Date and two check digits.

    40 is added to the day of D-numbers, 40 or 80 to the month of synthetic ones (Dolly, Tenor), 65 by NAV. From 2032
    the first check digit may leave a remainder of 0 to 3, which tells more numbers apart.
    """
    day, month = int(digits[:2]) % 40 or 40, int(digits[2:4])
    month -= next((added for added in (80, 65, 40) if month > added), 0)
    try:
        date(2000 if (day, month) == (29, 2) else 2001, month, day)
    except ValueError:
        return False
    first = _weighted(digits[:10], (3, 7, 6, 1, 8, 9, 4, 5, 2, 1))
    return first % 11 <= 3 and _weighted(digits, (5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1)) % 11 == 0


def _weighted(digits: str, weights: Sequence[int]) -> int:
    return sum(weight * int(digit) for weight, digit in zip(weights, digits, strict=True))


def _danish_check(digits: str) -> bool:
    """The modulus 11 check; numbers issued since October 2007 may lack it, hence only for numbers without a hyphen."""
    return _weighted(digits, (4, 3, 2, 7, 6, 5, 4, 3, 2, 1)) % 11 == 0


def _is_phone(number: str, digits: str, before: str, *, referenced: bool, regions: Sequence[str]) -> bool:
    named = bool(_PHONE.search(before))
    if number.startswith(("+", "(+", "00")):
        return _is_international(number, regions) or (named and len(digits) >= 9)
    if (referenced and not named) or len(digits) > 12:
        return False
    if digits.startswith("0"):
        return len(digits) >= 8 and any(_valid(number, region) for region in regions)
    if _AMERICAN.fullmatch(number):
        return "US" in regions and _valid(number, "US")
    if len(digits) == 8:
        return _is_eight_digit_phone(number, digits, named=named, regions=regions)
    return named and re.search(r"[.,/]", number) is None and any(_valid(number, region) for region in regions)


def _is_international(number: str, regions: Sequence[str]) -> bool:
    """A valid number, or after "+" one of a possible length in our countries, lest a new series is missed."""
    parsed = _parse(number, None if "+" in number else "SE")
    if parsed is None or parsed.country_code is None:
        return False
    ours = "+" in number and phonenumbers.region_code_for_country_code(parsed.country_code) in regions
    return phonenumbers.is_valid_number(parsed) or (ours and phonenumbers.is_possible_number(parsed))


def _is_eight_digit_phone(number: str, digits: str, *, named: bool, regions: Sequence[str]) -> bool:
    """Norway and Denmark write eight digits without a prefix: ask for pairs, a word, or a bare mobile number."""
    nordic = [region for region in ("NO", "DK") if region in regions]
    if not any(_valid(number, region) for region in nordic):
        return False
    if named or _PAIRS.fullmatch(number):
        return True
    looks_like_date = re.fullmatch(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])", digits) is not None
    return number == digits and not looks_like_date and any(_mobile(number, region) for region in nordic)


def _parse(number: str, region: str | None) -> phonenumbers.PhoneNumber | None:
    try:
        return phonenumbers.parse(number, region)
    except phonenumbers.NumberParseException:
        return None


def _valid(number: str, region: str | None) -> bool:
    parsed = _parse(number, region)
    return parsed is not None and phonenumbers.is_valid_number(parsed)


def _mobile(number: str, region: str) -> bool:
    parsed = _parse(number, region)
    return parsed is not None and phonenumbers.number_type(parsed) == phonenumbers.PhoneNumberType.MOBILE
