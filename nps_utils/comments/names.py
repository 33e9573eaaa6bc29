"""Find the names of people in comments: the study's own contacts, and given names by list and context."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable

from nps_utils.comments.given_names import (
    LETTERS,
    PARTICLES,
    WORD,
    Token,
    all_given,
    base_form,
    begins_sentence,
    given_at,
    name_lists,
    telling_words,
    written_forms,
)
from nps_utils.comments.name_cues import TITLES
from nps_utils.comments.text import is_missing, normalise, word_set
from nps_utils.comments.word_files import ordinary_words

_UPPER = "A-ZÅÄÖÆØÉ"
_NAME = rf"[{_UPPER}][\w'’-]+"
_GREETING = (
    r"(?i:mvh|m\.v\.h\.?|hälsningar|hälsning|hilsen|hilsner|vh|groet|groeten|groetjes|gr\.?|regards|sincerely|"
    r"yours|faithfully|truly|best wishes|all the best|kram|klem|knus|b\.?rgds|rgds)"
)
# Whom one thanks may be a company: a name of the lists is asked for.
_THANKED = re.compile(
    rf"(?<!\w)((?i:cheers|thanks|thank you|tack|takk|tak|bedankt|dank|best|xx?|br|kr|tack på förhand)[,:!.]?\s+)"
    rf"({_NAME}(?:\s{_NAME})?)(?=\W*$)"
)
_NOBODY = (
    r"(?i:the|team|alla|alle|allemaal|från|fra|van|from|oss|os|us|ons|again|for|so|very|to|all|guys|everyone|support|"
    r"customer|en|a|i|vi|we|wij|you|ni|dere|jullie|jer|it|but|men|maar)\b"
)
# "Mvh Kalle Ek" at the end, perhaps with a town: nobody has to be in a list to be named there.
_SIGNED = re.compile(
    rf"(?<!\w)({_GREETING}[,:!.]?\s+)(?!{_NOBODY})"
    rf"((?:[{_UPPER}]\.\s?){{0,2}}(?:(?:van|de|der|den|ter|ten|von|af|av)\s){{0,3}}{_NAME}(?:\s(?:(?:van|de|der|den|ter|ten|von|af|av)\s){{0,3}}{_NAME}){{0,2}}"
    rf"(?:\s[{_UPPER}]\.?)?)(?=(?:,\s{_NAME})?\W*$)"
)
_INITIALS = re.compile(rf"(?<!\w)({_GREETING}[,:!.]?\s+)([{_UPPER}]\.?\s?[{_UPPER}]\.?)(?=\W*$)")
# "my name is Jan de Vries"; words in capitals throughout are shouted, not names.
_GIVEN = r"[A-ZÅÄÖÆØÉ][a-zåäöæøéüëï'’]+(?:-[A-ZÅÄÖÆØÉ][a-zåäöæøéüëï]+)?"
_INTRODUCED = re.compile(
    r"\b((?i:my name is|i am called|jag heter|mitt namn är|namn:|jeg heter|jeg hedder|mitt navn er|navnet mitt er|"
    r"navn:|"
    r"mit navn er|mijn naam is|naam:|name:|ik heet)\s+)"
    rf"({_GIVEN}(?:(?:\s(?:de|van|der|den|het|ten|ter|von|af|av))*\s{_GIVEN}){{0,2}})"
)
_INTRODUCTIONS = word_set("name called heter namn navn navnet hedder naam heet")
_GREETINGS = word_set(
    "mvh m hälsningar hälsning hilsen hilsner vh groet groeten groetjes gr regards sincerely cheers yours"
    " faithfully truly"
    " wishes best thanks thank takk tak bedankt dank tack kram klem knus x xx rgds br kr"
)
_SIGNATURE = 90  # characters at the end
_LAST = re.compile(rf"((?:^|[\s.!?])(?:/|//|-|–|~)\s?)({_NAME}(?:\s{_NAME})?)(?=\W*$)")

_LETTERS = str.maketrans({"ø": "o", "æ": "ae", "å": "a", "ä": "a", "ö": "o", "ß": "ss", "ü": "u", "ð": "d", "þ": "th"})
_TWO_LETTERS = str.maketrans({"ø": "oe", "å": "aa", "ä": "ae", "ö": "oe", "ü": "ue", "æ": "ae"})
Marker = Callable[[str], str]


def plain(name: str) -> str:
    """Return a name in small letters without diacritics, as people type it.

    Examples
    --------
    >>> plain("Øyvind"), plain("Renée")
    ('oyvind', 'renee')
    """
    lowered = name.casefold().translate(_LETTERS)
    return "".join(char for char in unicodedata.normalize("NFD", lowered) if not unicodedata.combining(char))


def mask_signed(text: str, said: frozenset[str], mark: Marker) -> str:
    """Mark who signs or introduces themselves, in a text of these words."""
    if not _INTRODUCTIONS.isdisjoint(said):
        text = _INTRODUCED.sub(lambda found: found.group(1) + mark("name"), text)
    head, tail = text[:-_SIGNATURE], text[-_SIGNATURE:]
    for signed in () if _GREETINGS.isdisjoint(said) else (_SIGNED, _INITIALS):
        tail = signed.sub(lambda found: found.group(1) + mark("name"), tail)
    if not _GREETINGS.isdisjoint(said):
        tail = _THANKED.sub(lambda found: found[1] + mark("name") if _is_person(found[2]) else found[0], tail)
    if "/" in tail or "-" in tail or "–" in tail or "~" in tail:
        tail = _LAST.sub(lambda found: found[1] + mark("name") if _is_person(found[2]) else found[0], tail)
    return head + tail


def _is_person(words: str) -> bool:
    return base_form(words.split()[0].casefold()) in all_given()


class KnownNames:
    """The study's contacts, indexed by first word so that a text is read once however many contacts there are."""

    def __init__(self, names: Iterable[str]) -> None:
        self.full: dict[str, list[tuple[str, ...]]] = {}
        self.parts: set[str] = set()
        self.small: set[str] = set()
        everyday, lists = ordinary_words(), name_lists()
        self.words_too = words_too = lists.words_too | lists.only_cued | lists.surnames_words_too
        for name in names:
            if is_missing(name):
                continue
            written = WORD.findall(normalise(str(name)))
            for parts in _spellings(written):
                if len(parts) > 1:
                    self.full.setdefault(parts[0], []).append(parts)
            for part in written:
                lowered = part.casefold()
                if len(lowered) < 3 or lowered in everyday or lowered in PARTICLES:
                    continue
                forms = {form for (form,) in _spellings([part])} - everyday
                self.parts |= forms
                if (len(lowered) >= 5 and lowered not in words_too) or lowered in lists.sure:
                    self.small |= {form for form in forms if form not in words_too}
        for known in self.full.values():
            known.sort(key=len, reverse=True)
        heads = {LETTERS.findall(head)[0] for head in self.full}
        pieces = {word for part in self.parts for word in LETTERS.findall(part)}
        self.telling = {*written_forms(heads | self.small, small=True), *written_forms(pieces, small=False)}

    def at(self, text: str, tokens: list[Token], at: int) -> int:
        """Return how many words from this one on are the name of a contact.

        A part that is a word too is left to its neighbours where it begins a sentence: "Grace period".
        """
        token = tokens[at]
        for name in self.full.get(token.lowered, ()):
            last = name[-1]
            here = tuple(token.lowered for token in tokens[at : at + len(name)])
            if here[:-1] == name[:-1] and here[-1:] and here[-1] in (last, last + "s", last + "'s"):
                return len(name)
        lowered = token.lowered
        if lowered in self.words_too and begins_sentence(text[max(0, token.start - 8) : token.start]):
            return 0
        known = self.small if token.word[0].islower() else self.parts
        stem: Callable[[str], str] = lowered.removesuffix
        return int(lowered in known or stem("s") in known or stem("'s") in known or stem("’s") in known)


def _spellings(words: list[str]) -> set[tuple[str, ...]]:
    """Return a name in small letters as written, without diacritics, and with two letters for each of them."""
    lowered = tuple(word.casefold() for word in words)
    if all(word.isascii() for word in words):
        return {lowered}
    return {lowered, tuple(plain(word) for word in words), tuple(word.translate(_TWO_LETTERS) for word in lowered)}


def mask_names(text: str, letters: list[str], known: KnownNames, mark: Marker) -> str:
    """Mark the study's contacts and other people in a normalised text that was cut into these words before any mark."""
    telling = telling_words()
    if telling.isdisjoint(letters) and known.telling.isdisjoint(letters):
        return text
    tokens = [
        Token(found.start(), found.end(), found.group(), found.group().casefold())
        for found in WORD.finditer(text)
        if not (found.start() and text[found.start() - 1] == "[")
    ]
    pieces, position, at = [], 0, 0
    while at < len(tokens):
        word = tokens[at].word
        length = 0
        if word in telling or word in known.telling or not word.isalpha() or (at and tokens[at - 1].lowered in TITLES):
            length = known.at(text, tokens, at) or given_at(text, tokens, at)
        if length:
            pieces += [text[position : tokens[at].start], mark("name")]
            position = tokens[at + length - 1].end
        at += length or 1
    return "".join(pieces) + text[position:] if pieces else text
