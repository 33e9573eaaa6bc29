"""What identifies a person in letters and signs: links, mail addresses, handles, networks, days of birth, papers."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable

from nps_utils.comments.text import word_set

Marker = Callable[[str], str]  # sets the mark of a kind and counts it

_HOST = r"\b[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){0,4}\.[a-z]{2,24}(?::\d{2,5})?"
_LINK = re.compile(
    r"(?:https?://|ftp://|www\.)[^\s<>\"]+|"
    + _HOST
    + r"(?:/[^\s<>\"]+|/?[?#;][\w.-]{1,40}=[^\s<>\"]+|(?<=\d)/[^\s<>\"]*)",
    re.IGNORECASE,
)
_EMAIL = re.compile(
    r"(?<![\w.+-])[\w.+'-]{1,64}(?:@|\s?[(\[]at[)\]]\s?)[\w-]{1,63}(?:(?:\.|\s?[(\[](?:dot|punkt|punt)[)\]]\s?)[\w-]{1,63}){1,5}"
    r"|(?<![\w.+-])[\w.+'-]{2,64} ?@ ?[\w-]{2,63}(?:\.[\w-]{2,63}){0,4}\.[a-z]{2,24}\b",
    re.IGNORECASE,
)
_SNAIL = (
    r"(?:snabel[ -]?a|snabel|krøll[ -]?alfa|krull[ -]?alfa|alfa[ -]?krøll|kanelbulle|kringla|kringle|"
    r"ape?n?staart(?:je)?|slinger[ -]?a)"
)
_POINT = r"(?:dot|punktum|punkt|punt|prikk|prick|point)"
_SPOKEN_POINT = rf"(?:\s?[(\[{{<]\s?(?:{_POINT}|\.)\s?[)\]}}>]\s?|\s{_POINT}\s)"
_LOCAL = rf"(?<![\w.+-])[\w+-](?:[\w.+'-]|\s{_POINT}\s(?=\w)){{0,63}}"
# "at" alone is a word of four of the languages: it needs a spoken point after it.
_IN_WORDS = re.compile(
    rf"{_LOCAL}(?:\s?[(\[{{<]\s?(?:at|{_SNAIL}|@)\s?[)\]}}>]\s?|\s?[-_]?{_SNAIL}[-_]?\s?)"
    rf"[\w-]{{1,63}}(?:(?:\.|{_SPOKEN_POINT})[\w-]{{2,63}}){{1,4}}"
    rf"|{_LOCAL}\s(?:at|ät|@)\s[\w-]{{2,63}}(?:{_SPOKEN_POINT}[\w-]{{2,63}}){{1,4}}"
    r"|(?<![\w.+-])\w+(?:[._+]\w+|\d)\w*\s(?:at|hos|@)\s(?:gmail|hotmail|outlook|yahoo|icloud|live|msn|telia)\b(?:\.\w+)?",
    re.IGNORECASE,
)
_POINTS = word_set(
    "dot punktum punkt punt prikk prick point gmail hotmail outlook yahoo icloud live msn telia snabel snabela"
    " krøllalfa"
    " krøll krullalfa krull alfakrøll kanelbulle kringla kringle apenstaartje apestaartje apenstaart apestaart slinger"
    " slingera"
)

# Without one of these there is no address with its sign.
_AT = re.compile(r"@(?:(?<=[\w.+'-]@)| ?[\w-]+\.\w)")

_NOT_HANDLES = word_set(
    "home work all alla alle here channel everyone team support mention mentions noreply office school hemma hjemme"
    " thuis jobb jobbet kontoret noon night"
)
_HANDLE = re.compile(r"@(?<![\w@./]@)([A-Za-z_](?:[\w.]{0,28}\w)?)(?![\w@])")
_NETWORK = re.compile(
    r"\b((?:insta(?:gram)?|snap(?:chat)?|twitter|tik ?tok|telegram|skype|discord|linkedin|github|signal|threads|"
    r"bluesky|mastodon|messenger|facebook|fb|whatsapp|strava|reddit|twitch|"
    r"user ?name|user ?id|användarnamn\w*|brukernavn\w*|brugernavn\w*|gebruikersnaam|nickname|handle|alias)\b"
    r"(?:[\s:=-]|\b(?:är|er|is|som|as|heter|heet|hedder|name|namn|navn|naam|id|konto|kontot|account|handle|user|under|"
    r"my|min|mitt|mit|mijn|via|at|op|på)\b){1,12})"
    r"@?((?=[\w.:-]*[_\d.:-])[A-Za-z][\w.:-]{2,40}\w)",
    re.IGNORECASE,
)

_NETWORKS = word_set(
    "insta instagram snap snapchat twitter tik tiktok telegram skype discord linkedin github signal threads bluesky"
    " mastodon"
    " messenger facebook fb whatsapp strava reddit twitch user username userid användarnamn användarnamnet brukernavn"
    " brukernavnet brugernavn brugernavnet gebruikersnaam nickname handle alias"
)

_IP4 = re.compile(r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?::\d{2,5})?(?!\w|\.\d|-\d)")
_IP6 = re.compile(r"(?<![\w:])(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{0,4}(?![\w:])", re.IGNORECASE)
_IP_CUE = re.compile(
    r"\bip\b|ip-?(?:nummer|adr)|address|adress?e?|server|host|router|vpn|log[gs]?\b|logg?(?:ed|a|er|in)|inlog|blocked|blok",
    re.IGNORECASE,
)
_VERSION = re.compile(
    r"(?:\bv|version|versie|versjon|ver\.?|build|firmware|ios|android|windows|release|update|chrome|kapitel|chapter|"
    r"section|clause|§|\bto)[\s.:]*$",
    re.IGNORECASE,
)

_MONTH = (
    r"(?:jan(?:uari|uary|uar)?|feb(?:ruari|ruary|ruar)?|mar(?:s|ch|ts)?|maart|mrt|apr(?:il)?|ma[jiy]|mei|june?i?|jul[yi]?|"
    r"aug(?:usti|ustus|ust)?|sep(?:t|tember)?|o[kc]t(?:ober)?|nov(?:ember)?|de[cs](?:ember)?)\b\.?"
)
_DATE = (
    r"(?:(?:19|20)\d\d[-./ ]\d{1,2}[-./ ]\d{1,2}|\d{1,2}[-./ ]{1,2}\d{1,2}[-./ ]{1,2}(?:19|20)?\d\d|(?:19|20)?\d{6}"
    rf"|\d{{1,2}}(?:st|nd|rd|th|:?[ea]|ste|de|\.)?\s(?:of\s|de\s)?{_MONTH}(?:,?\s(?:19|20)?\d\d)?"
    rf"|{_MONTH}\s\d{{1,2}}(?:st|nd|rd|th)?(?:,?\s(?:19|20)\d\d)?)(?![\d-])"
)
_BIRTH_WORD = (
    r"(?:född|födda|föddes|født|fødd|födelse(?:dag\w*|datum\w*|data)|fødsels(?:dag\w*|dato\w*)|bursdag\w*|geboren|"
    r"geboorte(?:datum|dag)|verjaardag|birthday|date of birth|birth ?date|d\.?o\.?b\b\.?|born|geb\.|f\.(?=\s?\d)|"
    r"fyller (?:år|\d+))"
)
_BORN = re.compile(rf"((?<!\w){_BIRTH_WORD}[^\d.!?\n]{{0,24}}?)({_DATE})", re.IGNORECASE)
_IS_BIRTHDAY = re.compile(rf"\b({_DATE})(?=[^\d.!?\n]{{0,20}}{_BIRTH_WORD})", re.IGNORECASE)

_BIRTHS = word_set(
    "född födda föddes født fødd födelsedag födelsedagen födelsedatum födelsedata fødselsdag fødselsdagen fødselsdato"
    " fødselsdatoen bursdag bursdagen geboren geboortedatum geboortedag verjaardag birthday birth birthdate dob b"
    " born geb"
    " f fyller"
)

_PAPER_WORDS = (
    "pass",
    "pasn",
    "paspoort",
    "körkort",
    "førerkort",
    "kørekort",
    "rijbewijs",
    "licen",
    "id",
    "card",
    "identi",
    "nhs",
)
_INSURED, _PAPER_DIGITS = 6, 4  # the fewest digits of each
_INSURANCE = re.compile(r"\b(?:QQ|[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]) ?\d\d ?\d\d ?\d\d ?[A-D]\b")
_PAPERS = re.compile(
    r"(\b(?i:passport|pass(?=[\s-]?(?:nr|no|nummer|number))|passnummer\w*|passnr|pasnummer|pasnr|paspoort\w*|körkort\w*|førerkort\w*|"
    r"kørekort\w*|rijbewijs\w*|driving licen[cs]e|driver'?s licen[cs]e|id-?kort\w*|id card|identity card|"
    r"identiteitskaart|identitetskort\w*|nhs)\b(?:[\s.:#-]|\b(?i:no|nr|nummer|number|is|är|er|my|mitt|mit|mijn|var|was)\b){1,12})"
    r"((?=[A-Z\d]*\d{4})[A-Z\d]{6,12}|\d{3} \d{3} \d{4})(?!\w)"
)


def mask_spelled_out(text: str, said: frozenset[str], mark: Marker) -> str:
    """Mark links, e-mail addresses and handles in a normalised text of these words."""
    if "/" in text or "=" in text or "www." in text.lower():
        text = _LINK.sub(lambda found: _with_ending("link", found, mark), text)
    if ("@" in text and _AT.search(text)) or "at)" in text or "at]" in text:
        text = _EMAIL.sub(lambda found: _with_ending("email", found, mark), text)
    if not _POINTS.isdisjoint(said):
        text = _IN_WORDS.sub(lambda _: mark("email"), text)
    if "@" in text:
        text = _HANDLE.sub(lambda found: found[0] if found[1].lower() in _NOT_HANDLES else mark("handle"), text)
    if not _NETWORKS.isdisjoint(said):
        text = _NETWORK.sub(lambda found: found[1] + mark("handle"), text)
    return text


def mask_dated_and_numbered(text: str, said: frozenset[str], mark: Marker, *, digits: int) -> str:
    """Mark dates of birth, papers of identity and network addresses in a text of so many digits."""
    if not _BIRTHS.isdisjoint(said):
        text = _BORN.sub(lambda found: found[1] + mark("date_of_birth"), text)
        text = _IS_BIRTHDAY.sub(lambda _: mark("date_of_birth"), text)
    if digits >= _INSURED:
        text = _INSURANCE.sub(lambda _: mark("id_number"), text)
    if digits >= _PAPER_DIGITS and any(word.startswith(_PAPER_WORDS) for word in said):
        text = _PAPERS.sub(lambda found: found[1] + mark("id_number"), text)
    if text.count(".") >= 3:
        text = _IP4.sub(lambda found: mark("ip_address") if _is_ip4(found) else found[0], text)
    if text.count(":") >= 2:
        text = _IP6.sub(lambda found: mark("ip_address") if _is_ip6(found[0]) else found[0], text)
    return text


def _with_ending(kind: str, found: re.Match[str], mark: Marker) -> str:
    ending = re.search(r"[.,;:!?)\]']*$", found.group())
    return mark(kind) + (ending.group() if ending else "")


def _is_ip4(found: re.Match[str]) -> bool:
    """Four numbers below 256: an address after a word that says so, or where a version number is hardly that long."""
    host = found[0].split(":")[0]
    numbers = [int(part) for part in host.split(".")]
    before = found.string[max(0, found.start() - 40) : found.start()]
    if max(numbers) > 255 or _VERSION.search(before):
        return False
    told = _IP_CUE.search(before) or _IP_CUE.search(found.string[found.end() : found.end() + 20])
    return bool(told) or (len(host) - 3 >= 8 and max(numbers) >= 64)


def _is_ip6(text: str) -> bool:
    if len(text) < 7 or text.count(":") < 3:
        return False
    try:
        ipaddress.IPv6Address(text)
    except ValueError:
        return False
    return True
