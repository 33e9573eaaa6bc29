"""Which word of a comment is somebody's name: lists of names, read with the letter it begins with and its neighbours.

"Mark" is a name in "spoke to Mark" and none in "Mark the order as paid"; "Anna" is one wherever it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

from nps_utils.comments.taxonomy import ordinary_words

LETTERS: Final = re.compile(r"[^\W\d_]+")
WORD: Final = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
PARTICLES: Final = frozenset("van de der den het ten ter te 't von af av du la le di da dos el bin al und zu".split())

_BEFORE = frozenset(
    # by, with, to, from, for, thanks, dear, hello, and, said, helped, ask, our titles of people
    "by with from thanks thank thx dear hi hello hey cheers and especially contacted met called named ask asked meet"
    " via av med från fra til till hos hej hei kära kjære kære tack takk tak och og även af af ved heter hedder kallas"
    " säljaren säljare selger selgeren sælger sælgeren handläggare handläggaren kollega kollegan kollegaen konsulent"
    " konsulenten kontakt kontaktperson kontaktpersonen rådgiver rådgivare agent rep manager colleague technician"
    " engineer advisor adviser consultant assistant mechanic driver chauffør chaufför sjåfør tekniker teknikern"
    " montör montør montøren teknikeren chef chefen sjef leder lederen met van door aan bij voor dank bedankt beste hallo"
    " hoi heet heten naam collega medewerker medewerkster adviseur monteur verkoper vertegenwoordiger contactpersoon"
    " accountmanager complimenten groetjes groeten groet hilsen hälsningar mvh regards name is namn är navn er"
    " ringde ringte ringede belde særlig især särskilt speciellt spesielt vooral inclusief to for på om über".split()
)
# Two words before that leave no doubt, whatever the name.
_SPOKE = re.compile(
    r"(?:\b(?:spoke|spoken|speak|speaking|talked|talking|chatted|dealt|dealing|helped|served|assisted|handled|solved|thanks|"
    r"thank you|pratade|pratat|talade|snakket|snakka|talte|snakkede|gesproken|sprak|contact|kontakt|hjelp|hjälp|hjælp|"
    r"hjulpet|hjulpen|hjälpt|geholpen|hulp|tack|takk|tak|dank|bedankt|complimenten|ros|credit|kudos|shout-?out|support|"
    r"bemött|betjent|bediend)\b\s(?:\w+\s)?(?:to|with|by|from|med|av|af|fra|från|til|till|met|van|door|aan)\s"
    r"|\b(?:my|our|mijn|onze|min|vår|vores|account|sales|project) (?:account |sales |project |key )?(?:manager|contact|"
    r"rep|agent|colleague|kollega|kontaktperson|kontakt|säljare|selger|sælger|rådgiver|handläggare|collega|adviseur|"
    r"contactpersoon|accountmanager)\s"
    r"|\b(?:my name is|i am called|jag heter|mitt namn är|jeg heter|jeg hedder|mitt navn er|mit navn er|mijn naam is|ik heet)\s"
    r"|\b(?:mr|mrs|ms|miss|mister|herr|fru|fröken|hr|frk|frøken|dhr|mevr|mevrouw|meneer|mw|dr|prof)\b\.?\s)$",
    re.IGNORECASE,
)
_TITLE = re.compile(
    r"(?:^|\W)(?:(?:[Mm]r|[Mm]rs|[Mm]s|[Hh]r|[Ff]rk|[Dd]hr|[Mm]evr|[Mm]w|Dr|Prof)\.?|Miss|Mister|[Hh]err|[Ff]ru|[Ff]röken|[Ff]røken|"
    r"[Mm]evrouw|[Mm]eneer)\s$"
)
# What only people do; a sentence may begin with the name.
_DOES = re.compile(
    r"(?:'s|’s)?\s(?:(?:har|heeft|has|had|hade|hadde|havde|också|also|alltid|altid|always)\s)?"
    r"(?:helped|helps|said|told|called|explained|answered|replied|solved|fixed|rang|phoned|emailed|promised|came|knew|"
    r"sorted|listened|apologised|hjälpte|hjälpt|sa|sade|svarade|ringde|löste|fixade|förklarade|lovade|kom|visste|"
    r"hjalp|hjelper|hjælper|svarte|svarede|ringte|ringede|løste|fikset|forklarte|forklarede|lovte|lovede|fortalte|"
    r"hielp|geholpen|belde|gebeld|zei|loste|legde|beloofde|beantwoordde|wist)\b|"
    r"(?:'s|’s)?\s"
    r"(?:(?:on|from|in|at|på|i|fra|från|hos|van|bij|op) (?:the |de |your |jullie |er |deres |jeres )?"
    r"(?:support|sales|billing|customer|service|help|reception|accounts|kund|kunde|klant|sälj|salg|salgs|ekonomi|verkoop|"
    r"helpdesk|fakt|lager|butik|kasse|kassa|afdeling|avdel|team|onboarding))",
    re.IGNORECASE,
)
_ARTICLES = frozenset(
    "the a an ett den det et this these our your new vår våra vores vår dit jullie onze deze dit denna denne".split()
)
_PRODUCT_BEFORE = frozenset(
    "model modell modellen product produkt produkten paket paketet pakke pakken plan version versjon versie brand märke"
    " märket merk serie series type typ modul module app appen saint st st. san santa sankt sint hotel hotell café"
    " restaurant butik shop release hurricane storm orkan stormen systemet system tool verktyget".split()
)
_PRODUCT_AFTER = frozenset(
    "ab as asa aps bv nv ltd inc gmbh llc plc group gruppen paket paketet pakke pakken modul module app appen model"
    " bokhylla bookcase lamp lampa lampe lampan stol stolen chair desk sofa soffa bank kast tafel bord bordet browser"
    " nettleser webbläsare hylla hylle reol street road gate bakery bageri café hotel hotell foundation stiftelse academy"
    " edition serie series collection pro plus max mini sko shoes jeans software system".split()
)
_BRANDS = frozenset(
    "albert heijn|stella artois|alfa romeo|jack daniels|jack daniel|johnnie walker|harley davidson|aston martin|calvin"
    " klein|tommy hilfiger|hugo boss|jack jones|marie claire|victoria secret|karl johan|eva solo|georg jensen|arne"
    " jacobsen|louis vuitton|ralph lauren|michael kors|marc jacobs|ted baker|paul smith|john deere|thomas cook|jamie"
    " oliver|nina ricci|marco polo|ben jerry|uncle ben|peter pan|saint laurent|yves rocher|yves laurent|kate spade|martin"
    " luther|tim hortons|john lewis|oscar mayer|sara lee|betty crocker|papa johns|max burgers|fred olsen|karen millen|"
    "helly hansen|peter larsen|jan linders|dirk den|otto versand|klarna ab|jensens bøfhus|bang olufsen|lloyds bank|"
    "william hill|alice springs|elizabeth line|harry potter|king charles|tom tom|ella edition".split("|")
)
_EVERYDAY = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday måndag tisdag onsdag torsdag fredag lördag söndag mandag"
    " tirsdag lørdag søndag maandag dinsdag woensdag donderdag vrijdag zaterdag zondag jag jeg ik i we vi wij support"
    " sales service team customer och og en and or eller of van på".split()
)


@dataclass(frozen=True)
class NameLists:
    """Names in small letters: sure ones, those that are words too, and surnames."""

    sure: frozenset[str]
    words_too: frozenset[str]
    only_cued: frozenset[str]
    not_owners: frozenset[str]
    surnames: frozenset[str]
    surnames_words_too: frozenset[str]

    @property
    def given(self) -> frozenset[str]:
        """All given names."""
        return self.sure | self.words_too | self.only_cued


class Token(NamedTuple):
    """One word of a text, where it stands, and in small letters."""

    start: int
    end: int
    word: str
    lowered: str


@cache
def name_lists() -> NameLists:
    """Read `names.txt`, see benchmarks/name_lists.py."""
    sections: dict[str, list[str]] = {}
    for line in (Path(__file__).parent / "names.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            found = sections.setdefault(line.strip("[]"), [])
        elif line and not line.startswith("#"):
            found.append(line)
    return NameLists(
        frozenset(sections["given"]),
        frozenset(sections["given, also words"]),
        frozenset(sections["given, also months and brands"] + sections["given elsewhere"]),
        frozenset(sections["words that end like an owner"]),
        frozenset(sections["surnames"]),
        frozenset(sections["surnames, also words"]),
    )


@cache
def _all_given() -> frozenset[str]:
    return name_lists().given


TITLES: Final = frozenset(
    "mr mrs ms miss mister herr fru fröken hr frk frøken dhr mevr mevrouw meneer mw dr prof".split()
)


def written_forms(names: Iterable[str], *, small: bool) -> Iterator[str]:
    """Yield how names are written in a text, also with the ending of an owner; in small letters where asked for."""
    for name in names:
        for word in (name, name + "s"):
            yield from (word.capitalize(), word.upper(), *([word] if small else []))


@cache
def telling_words() -> frozenset[str]:
    """Return the words without which no name can be in a text: most comments have none of them and need no reading."""
    lists = name_lists()
    worded = written_forms(lists.words_too | lists.only_cued, small=False)
    return frozenset([*written_forms([*lists.sure, *TITLES], small=True), *worded])


@cache
def base_form(lowered: str) -> str:
    """Return a name without the ending of its owner: "annas", "anna's" and "anna" are one."""
    known = _all_given()
    if lowered in known or lowered in name_lists().not_owners:
        return lowered
    for ending in ("'s", "’s", "s", "'", "’"):
        if lowered.endswith(ending) and lowered[: -len(ending)] in known:
            return lowered[: -len(ending)]
    if "-" in lowered and all(part in known for part in lowered.split("-")):
        return lowered.split("-", maxsplit=1)[0]
    return lowered


def given_at(text: str, tokens: list[Token], at: int) -> int:
    """Return how many words from this one on are somebody's name, 0 where it is none."""
    token, lists = tokens[at], name_lists()
    capital = token.word[0].isupper()
    before = text[max(0, token.start - 48) : token.start]
    if capital and _TITLE.search(before):
        return _through_surname(text, tokens, at)
    name = base_form(token.lowered)
    sure, worded = name in lists.sure, name in lists.words_too
    if not (sure or worded or name in lists.only_cued) or _is_product(text, tokens, at, before):
        return 0
    if not capital:
        return _small_letters(text, tokens, at, before, sure=sure)
    if token.word.isupper() and len(token.word) > 1 and not (text.isupper() and sure):
        return 0
    length = _through_surname(text, tokens, at)
    if sure or _SPOKE.search(before) or (length > 1 and _is_surname(tokens[at + length - 1], at_least=sure)):
        return length
    if _DOES.match(text, tokens[at + length - 1].end):
        return length
    initial = begins_sentence(before)
    if worded and not initial and not _is_headline(tokens):
        return length
    cued = bool(at) and tokens[at - 1].lowered in _BEFORE - _TO_PLACES and not initial and _joined(text, tokens, at)
    return length if cued and name not in _MONTHS and not _is_headline(tokens) else 0


# Of places and months too: "to Sydney", "from April".
_TO_PLACES = frozenset(
    "via to from for on in på för for om til till fra från van aan voor bij and och og is är er".split()
)
_MONTHS = frozenset("april may june july august juni juli june maj mars mai mei jan".split())


def _small_letters(text: str, tokens: list[Token], at: int, before: str, *, sure: bool) -> int:
    """A name in small letters: only a sure one, after "spoke to" and its kin or before what only people do."""
    if not sure or len(tokens[at].word) < 3 or tokens[at].lowered in ordinary_words():
        return 0
    following = tokens[at + 1] if at + 1 < len(tokens) and text[tokens[at].end : tokens[at + 1].start] == " " else None
    surname = following is not None and following.lowered in name_lists().surnames
    cued = _SPOKE.search(before) or (at and tokens[at - 1].lowered in _BEFORE and _joined(text, tokens, at))
    if surname or cued or _DOES.match(text, tokens[at].end):
        return 2 if surname else 1
    return 0


def _through_surname(text: str, tokens: list[Token], at: int) -> int:
    """Count the words with a capital, and particles between them, that follow in one breath."""
    length, here = 1, at
    while here + 1 < len(tokens) and here - at < 4 and tokens[here].word[-2:] not in ("'s", "’s"):
        step = here + 1
        while step < len(tokens) and tokens[step].lowered in PARTICLES and _joined(text, tokens, step):
            step += 1
        if step >= len(tokens) or not _joined(text, tokens, step) or not _may_be_surname(tokens[step]):
            break
        here, length = step, step - at + 1
    return length


def _may_be_surname(token: Token) -> bool:
    if not token.word[0].isupper() or token.lowered in _EVERYDAY or token.lowered in _MONTHS:
        return False
    lists = name_lists()
    return token.lowered in lists.surnames or token.lowered in _all_given() or token.lowered not in ordinary_words()


def _is_surname(token: Token, *, at_least: bool) -> bool:
    lists = name_lists()
    lowered = token.lowered.removesuffix("'s")
    known = lists.surnames | lists.surnames_words_too
    return (
        at_least
        or lowered in known
        or lowered.removesuffix("s") in known
        or lowered in lists.sure
        or (
            len(lowered) > 5
            and lowered.endswith(("sson", "sen", "berg", "ström", "strøm", "gren", "kvist", "quist", "stad", "stra"))
        )
    )


def _joined(text: str, tokens: list[Token], at: int) -> bool:
    """Say whether only one space, or the point of an initial, lies between this word and the one before."""
    between = text[tokens[at - 1].end : tokens[at].start]
    return between == " " or (between == ". " and len(tokens[at - 1].word) == 1 and tokens[at - 1].word.isupper())


def begins_sentence(before: str) -> bool:
    """Say whether a sentence begins after this text, so that a capital tells nothing."""
    said = before.rstrip(" \"'“”„«»‘(*")
    return not said or said[-1] in ".!?:;\n•|–" or said.endswith(" -") or said == "-"


def _is_headline(tokens: list[Token]) -> bool:
    """Say whether most words have a capital, so that it tells nothing."""
    return len(tokens) > 3 and sum(token.word[0].isupper() for token in tokens) > len(tokens) / 2


_DATED = re.compile(
    r"(?:\d(?:st|nd|rd|th|\.|e|:e)?|\b(?:in|mid|until|till|since|early|late|end of|by|of|sinds|eind|begin|medio|sedan|siden|i))\s$",
    re.IGNORECASE,
)


def _is_product(text: str, tokens: list[Token], at: int, before: str) -> bool:
    token = tokens[at]
    joined = bool(at) and text[tokens[at - 1].end : token.start] in (" ", ". ")
    if joined and (tokens[at - 1].lowered in _ARTICLES or tokens[at - 1].lowered in _PRODUCT_BEFORE):
        return True
    if (
        before.endswith(("[", "@", "/", "& ", "#", ".", "_", "-"))
        and not before.endswith((" /", " -", "//", "\n-"))
        and len(before) > 1
    ):
        return True
    if token.lowered in _MONTHS and _DATED.search(before):
        return True
    after = text[token.end : token.end + 3]
    if re.match(r"\s?[&\d]|[-_]\w|\.\w|[®™]", after) or re.search(r"\d\.? $", before):
        return True
    if at + 1 >= len(tokens) or tokens[at + 1].start - token.end > 3:
        return False
    following = tokens[at + 1].lowered.removesuffix("'s").split("-")[0]
    return following in _PRODUCT_AFTER or f"{token.lowered.removesuffix(chr(39) + 's')} {following}" in _BRANDS
