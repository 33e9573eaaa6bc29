"""Where somebody lives, and what they drive: street addresses and licence plates in five languages."""

from __future__ import annotations

import re
from collections.abc import Callable

from nps_utils.comments.text import word_set

Marker = Callable[[str], str]

_UPPER = "A-ZÅÄÖÆØÉ"
_LOWER = "a-zåäöæøéüëï"
# A word that ends so and is followed by a number is a street; in small letters only where no other word ends so.
_ENDINGS = (
    r"(?:gatan|gata|gaten|gate|gade|gaden|vägen|väg|veien|vegen|vei|veg|vej|vejen|stigen|stien|sti|gränd|gränden|torget|torg|"
    r"torv|torvet|plass|plassen|plats|platsen|plads|pladsen|stræde|strædet|allé|allén|alléen|alle|backen|bakken|bakke|"
    r"kroken|svingen|ringen|parken|esplanaden|brinken|toften|haven|vænget|straat|laan|weg|gracht|plein|kade|singel|dijk|"
    r"hof|steeg|plantsoen|dreef|markt|park|pad|haven|erf|burgwal|boulevard)"
)
_SURE = r"(?:gatan|gaten|gade|gaden|vägen|veien|vegen|vejen|straat|gracht|stræde|strædet|plantsoen|steeg|burgwal)"
_NOT_STREETS = (  # roads by number, places to park and work, and words of other meaning with the same ending
    r"(?i:frå|tillbrin|brin|vå|vä|la|sä|plå|tå|trå|sor|an|riks|läns|motor|europa|fylkes|hoved|snel|rijks|onder|half|vlieg|spår|järn|jern|navi|investi|dele|miti|aggre|"
    r"propa|segre|obli|irri|liti|conju|tail|water|col|arbets|parkerings|parkings|arbeids|arbejds|lag|sitt|sitte|stå|"
    r"samar|super|jaar|super|proef|bedrijven|vakantie|sport|bowling|kreditt|arbeidsmarkt|ver|super|kommer|kom)"
)
_FLAT = (
    r"(?:\s?[-/]?\s?[A-Za-z](?![\w'])|-(?:hs|bis|[IVX]+|\d{1,3})(?!\w))?"
    r"(?:,?\s(?:\d{1,2}\.?\s?(?:th|tv|mf|sal|vån|tr|etg|etage)\b\.?(?:\s?(?:th|tv|mf)\b\.?)?|st\.\s?(?:th|tv|mf)\b\.?|"
    r"lgh\s?\d{1,4}|leil\w*\s?\d+|bis\b|[IVX]+\b))?"
)
_TOWN = rf"[{_UPPER}][{_LOWER}]+(?:[ -](?:[{_UPPER}][{_LOWER}]+|aan|den|op))*"
_POSTCODE = r"(?:(?:SE|NO|N|DK|NL|S)[- ]?)?(?:\d{3} \d\d|\d{5}|\d{4} ?[A-Z]{2}|\d{4})"
_PLACE = rf"(?:,?\s{_POSTCODE}\s{_TOWN}|,\s?(?:\d{{4}} ?[A-Z]{{2}}|\d{{3}} \d\d)\b)?"
_NUMBER = r"\s\d{1,4}(?![\d.,:%€$-]*\d|\s?(?:%|€|kr|euro|st\b|dagar|dagen|dager|dage|timmar|timer|uur|min))"
_STREET_WORDS = tuple(_ENDINGS[3:-1].split("|"))
_LONGEST_ENDING = max(map(len, _STREET_WORDS))
_BEFORE_NUMBER = re.compile(r"\s\d")
_LAANS = word_set("laan plein weg kade hof singel allé boulevard avenue rue")
_BEFORE = rf"(?:(?:[{_UPPER}](?:[\w.:'-]*)|van|de|der|den|het|av|af)\s){{0,4}}"
_STREET = re.compile(
    rf"(?<![\w.])(?:{_BEFORE}(?!{_NOT_STREETS}?{_ENDINGS}\s)[{_UPPER}][\w'-]*{_ENDINGS}"
    rf"|(?:[{_UPPER}][\w.:'-]*\s){{1,4}}(?i:{_ENDINGS})"
    rf"|[{_UPPER}]?[\w'-]{{3,}}{_SURE}"
    rf"|(?:Laan|Plein|Weg|Kade|Hof|Singel|Allé|Boulevard|Avenue|Rue)\s(?:van|de|der|den|het|'t|ten|ter|op|\s){{1,4}}[{_UPPER}][\w'-]*(?:\s[{_UPPER}][\w'-]*)?)"
    rf"{_NUMBER}{_FLAT}{_PLACE}"
)
_NEVER = re.compile(rf"^{_NOT_STREETS}{_ENDINGS}\s")
_ENGLISH_ROAD = (
    r"(?:Street|Str|St|Road|Rd|Avenue|Ave|Lane|Ln|Crescent|Terrace|Close|Gardens|Grove|Mews|Drive|Dr|"
    r"Court|Way|Place|Square|Hill|Row|Walk|Green|Boulevard|Blvd|Park|Parade|Rise|Quay)"
)
_ROADS = frozenset(_ENGLISH_ROAD[3:-1].lower().split("|"))
_UK_POSTCODE = r"[A-Z]{1,2}\d[A-Z\d]? ?\d[ABD-HJLNP-UW-Z]{2}"
_ENGLISH = re.compile(
    r"(?<![\w.,#-])(?:(?:Flat|Apt|Apartment|Unit|Suite)\s?\d{1,4}[A-Za-z]?,?\s)?\d{1,5}[A-Za-z]?(?:-\d{1,4})?,?\s"
    rf"(?!Google|One|Microsoft|Amazon|Team)(?:[A-Z][\w'’-]+\s){{1,3}}{_ENGLISH_ROAD}\b\.?"
    rf"(?:,\s[A-Z][a-z'-]+(?:\s[A-Z][a-z'-]+)?){{0,2}}(?:,?\s{_UK_POSTCODE})?"
    r"|(?<=\b(?:at|to|on|is) )\d{1,4}[A-Za-z]?\s(?!way|hour|day)[a-z]+\s(?:street|road|avenue|lane|crescent|close)\b"
)
_POSTCODE_ALONE = re.compile(r"(?<![\w-])(?:[A-Z]{1,2}\d[A-Z\d]? \d[ABD-HJLNP-UW-Z]{2})(?![\w-])")
_POSTCODE_DIGITS = 4
_POST_TOWN = re.compile(
    rf"(?i:(\b(?:bor i|bor på|woon(?:t|en)? in|postcode|postnummer|postnr|adress?e?|adres|live"
    rf" in)[\s:.]{{1,3}}))({_POSTCODE}(?:\s{_TOWN})?)(?!\w)"
)
_BOX = re.compile(r"\b(?:Postboks|Postbus|P\.?O\.? ?Box|Postbox)\s\d{1,6}" + _PLACE)

_ARTICLE = re.compile(
    r"(?:order|ordre|bestelling|bestilling|beställning|artikel|article|item|part|parts|product|produkt|varen?r|varun?r|varenummer|varunummer|model|"
    r"modell|type|typ|sku|serie|ref|reference|modul|module|ticket|case|sak|sag|zaak|faktura|factuur|invoice|version|kod|code|kode)\w*"
    r"[\s.:#]*(?:no|nr|nummer|number|is|är|er)?[\s.:#]*$",
    re.IGNORECASE,
)
_CAR = re.compile(
    r"\b(?:bil|bilen|bilar|bilens|skåpbil\w*|lastbil\w*|varebil\w*|varevogn\w*|vogn|vogna|vognen|car|van|lorry|truck|vehicle|taxi|"
    r"auto|autos|wagen|busje|bestelbus\w*|bus|buss|bussen|vrachtwagen|reg\w*|number ?plate|licen[cs]e|plate|plates|"
    r"nummerplade\w*|nummerpl\w*|skilt\w*|registreringsskylt|skylt\w*|kenteken\w*|kentekenplaat|nummerbord|park\w*|geparkeerd|"
    r"drove|driving|driver|speeding|körde|kör|kørte|kjørte|reed|rijdt|chauffør\w*|chaufför\w*|chauffeur|sjåfør\w*|"
    r"motorcykel|mc|moped|trailer|släp\w*|henger\w*|my number is on)\b",
    re.IGNORECASE,
)
_DUTCH = (
    r"[A-Z]{2}-\d\d-\d\d|\d\d-\d\d-[A-Z]{2}|\d\d-[A-Z]{2}-\d\d|[A-Z]{2}-\d\d-[A-Z]{2}|[A-Z]{2}-[A-Z]{2}-\d\d|\d\d-[A-Z]{2}-[A-Z]{2}|"
    r"\d\d-[A-Z]{3}-\d|\d-[A-Z]{3}-\d\d|[A-Z]{2}-\d{3}-[A-Z]|[A-Z]-\d{3}-[A-Z]{2}|[A-Z]{3}-\d\d-[A-Z]|[A-Z]-\d\d-[A-Z]{3}|"
    r"\d-[A-Z]{2}-\d{3}|\d{3}-[A-Z]{2}-\d"
)
# In these forms hardly anything else is written; the others need a word of cars nearby.
_SURE_PLATE = re.compile(
    r"(?<![\w-])(?:[A-Z]{2}(?:0[2-9]|1\d|2[0-6]|5[1-9]|6\d|7[0-6]) ?[A-HJ-PR-Z]{3}|\d\d-[A-Z]{3}-\d|"
    r"\d\d-[A-Z]{2}-[A-Z]{2}|[A-Z]{2}-\d\d-[A-Z]{2})(?![\w-])"
)
_PLATE = re.compile(
    rf"(?<![\w-])(?:[A-Z]{{3}}[ -]?\d\d[\dA-Z]|[a-z]{{3}}\d\d[\da-z]|[A-Z]{{2}} ?\d\d ?\d{{3}}|[a-z]{{2}}\d{{5}}|"
    rf"{_DUTCH}"
    r"|[A-Z]{2}\d\d ?[A-Z]{3}|[a-z]{2}\d\d ?[a-z]{3})(?![\w-])"
)


# Every plate and English postcode has a digit right behind a letter, or a hyphen between them.
_BESIDE_A_LETTER = re.compile(r"\d(?:(?<=[A-Za-z]\d)|(?<=[A-Z][ -]\d)|(?=-[A-Z]))")


def mask_places_and_plates(text: str, said: frozenset[str], mark: Marker, *, digits: int) -> str:
    """Mark street addresses and licence plates in a normalised text of these words and so many digits."""
    if not _LAANS.isdisjoint(said) or any(
        _ends_as_street(text, found.start()) for found in _BEFORE_NUMBER.finditer(text)
    ):
        text = _STREET.sub(lambda found: found[0] if _NEVER.match(found[0]) else mark("address"), text)
    if not _ROADS.isdisjoint(said):
        text = _ENGLISH.sub(lambda _: mark("address"), text)
    text = _BOX.sub(lambda _: mark("address"), text)
    if digits >= _POSTCODE_DIGITS:
        text = _POST_TOWN.sub(lambda found: found[1] + mark("address"), text)
    if not _BESIDE_A_LETTER.search(text):
        return text
    text = _POSTCODE_ALONE.sub(lambda found: found[0] if _is_article(found) else mark("address"), text)
    text = _SURE_PLATE.sub(lambda found: found[0] if _is_article(found) else mark("licence_plate"), text)
    if _PLATE.search(text) and _CAR.search(text):
        text = _PLATE.sub(lambda found: mark("licence_plate") if _near_car(found) else found[0], text)
    return text


def _ends_as_street(text: str, end: int) -> bool:
    return text[max(0, end - _LONGEST_ENDING) : end].lower().endswith(_STREET_WORDS)


def _is_article(found: re.Match[str]) -> bool:
    return bool(_ARTICLE.search(found.string[max(0, found.start() - 30) : found.start()]))


def _near_car(found: re.Match[str]) -> bool:
    around = (
        found.string[max(0, found.start() - 45) : found.start()] + " | " + found.string[found.end() : found.end() + 35]
    )
    return bool(_CAR.search(around)) and not _is_article(found)
