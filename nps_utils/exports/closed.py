"""Closed answers: words of a scale, lists of ticked options, few values again and again. No comment is so."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Sequence
from typing import Final

from nps_utils.exports import wording
from nps_utils.exports.headers import Column
from nps_utils.scale import MISSING, is_no_answer, read_answer
from nps_utils.scale.names import are_names

_DEGREE: Final = (
    r"(?:strongly|somewhat|totally|completely|fully|partly|partially|slightly|mostly|very|extremely|quite|rather"
    r"|not at all|not|neither|not so|moderately|highly"
    r"|helt|delvis|mycket|ganska|varken|inte alls|inte|i hög grad|i låg grad|svært|meget|ganske|verken|hverken"
    r"|ikke i det hele tatt|slet ikke|ikke|litt|lidt|helt og holdent|stemmer|zeer|erg|helemaal|mee|enigszins|noch|niet"
    r"|sehr|völlig|voll und ganz|eher|teilweise|weder|überhaupt nicht|nicht|stimme|trifft|très|plutôt|tout à fait"
    r"|pas du tout|pas|ni|muy|totalmente|bastante|nada|poco|muito|pouco|parcialmente|molto|abbastanza|per niente)"
)
_JUDGED: Final = (
    r"(?:agree|disagree|neutral|satisfied|dissatisfied|unsatisfied|likely|unlikely|important|unimportant|happy|unhappy"
    r"|easy|difficult|good|bad|poor|fair|average|excellent|ok|okay|clear|useful|well|true|untrue"
    r"|instämmer|håller med|överens|neutral|nöjd|missnöjd|sannolikt|osannolikt|viktigt|oviktigt|bra|dålig|dåligt|enkelt"
    r"|svårt|utmärkt|godkänd|enig|uenig|nøytral|fornøyd|misfornøyd|sannsynlig|usannsynlig|viktig|uviktig|god|godt"
    r"|dårlig|lett|vanskelig|utmerket|tilfreds|utilfreds|sandsynligt|usandsynligt|vigtigt|let|svært|fremragende|middels"
    r"|middel|eens|oneens|neutraal|tevreden|ontevreden|waarschijnlijk|onwaarschijnlijk|belangrijk|onbelangrijk|goed|slecht"
    r"|gemakkelijk|makkelijk|moeilijk|uitstekend|voldoende|onvoldoende|matig|redelijk"
    r"|zu|einverstanden|zufrieden|unzufrieden|wahrscheinlich|unwahrscheinlich|wichtig|unwichtig|gut|schlecht|einfach"
    r"|schwierig|ausgezeichnet|befriedigend|mangelhaft"
    r"|d'accord|accord|neutre|satisfait|insatisfait|satisfaite|insatisfaite|probable|improbable|important|bien|bon|mauvais"
    r"|moyen|facile|difficile|de acuerdo|acuerdo|desacuerdo|en desacuerdo|satisfecho|insatisfecho|importante|bueno|malo"
    r"|regular|fácil|difícil|concordo|discordo|satisfeito|insatisfeito|bom|mau|ruim|neutro|d'accordo|soddisfatto"
    r"|insoddisfatto|buono|cattivo)"
)
_HOW_OFTEN: Final = (
    r"(?:always|often|usually|sometimes|rarely|seldom|never|daily|weekly|monthly|alltid|ofta|ibland|sällan|aldrig|ofte"
    r"|noen ganger|sjelden|aldri|altid|af og til|sjældent|altijd|vaak|soms|zelden|nooit|immer|häufig|oft|manchmal"
    r"|selten|nie|toujours|souvent|parfois|rarement|jamais|siempre|a menudo|a veces|rara vez|nunca|sempre|às vezes"
    r"|raramente)"
)
_LIKERT: Final = re.compile(
    rf"(?:{_DEGREE}[\s,]+)*(?:{_JUDGED}|{_HOW_OFTEN}|neither|varken eller|verken eller|hverken eller|noch"
    rf"|teils[\s,/-]+teils|vet ej|vet inte|vet ikke|ved ikke|weet niet|weiß nicht|don't know|ne sait pas|no sé)"
    rf"(?:[\s,/]+(?:{_DEGREE}|{_JUDGED}|nor|or|och|og|en|und|et|y|e|eller|of|oder|ou|o|med|mee|inte|ikke|niet|ej|zu"
    rf"|helt|delvis))*[.!]?",
    re.IGNORECASE,
)
# Steps that are whole turns of phrase, or that pictures say.
_PHRASES: Final = re.compile(
    r"i (?:(?:meget|mycket|svært|veldig|väldigt|ganske|ganska) )?"
    r"(?:høj|hög|høy|stor|lav|låg|liten|lille|mindre|ringe|begrænset|nogen|noen|någon|viss) grad"
    r"|slet ikke|inte alls|ikke i det hele tat+|not at all|helemaal niet|überhaupt nicht|gar nicht"
    r"|pas du tout|ei lainkaan"
    r"|(?:hverken|varken|verken)[\s/]+eller|neither[\s/]+nor|både[\s/]+og|både[\s/]+och"
    r"|stämmer(?: (?:inte|alls|ganska|mycket|helt|delvis|dåligt|bra|precis|in|varken|eller))+"
    r"|(?:stimme|trifft)(?: (?:gar|überhaupt|eher|voll|völlig|teilweise|nicht|zu|und|ganz|sehr|kaum))+"
    r"|een beetje|(?:heel )?(?:veel|weinig)"
    r"|(?:(?:erittäin|melko|jokseenkin|täysin|hieman|hyvin|osittain) )?"
    r"(?:tyytymätön|tyytyväinen|samaa mieltä|eri mieltä|hyvä|huono|ei samaa eikä eri mieltä)"
    r"|(?:(?:much|somewhat|slightly|a lot|a little|a bit) )?(?:worse|better)|(?:about )?the same"
    r"|(?:(?:meget|mycket|mye|litt|lidt|lite|noget|något|noe) )?(?:bedre|bättre|sämre|dårligere|verre|værre)"
    r"|slightly|moderately|somewhat|very|extremely|a little|a lot|(?:(?:meget|svært|mycket) )?dårligt"
    r"|(?:(?:well|far) )?(?:below|above|met|meets|exceeds|exceeded|under|över|over)(?: my| mine| mina)? "
    r"(?:expectations|förväntan|förväntningarna|forventning|forventningene|forventningerne)"
    r"|[★☆⭐✰✩]{1,10}\ufe0f?|[\U0001F600-\U0001F64F\u2639\u263A]\ufe0f?",
    re.IGNORECASE,
)
# Beside a scale, no step of it; "don't know" and its like are known to the score.
_NO_STEP: Final = re.compile(
    r"prefer not to (?:say|answer)|not applicable|no opinion|sans opinion|keine (?:angabe|meinung)|(?:weet niet/?)?"
    r"(?: ?/ ?)?geen mening|ingen (?:mening|åsikt|holdning)|vil ikke svare|vill inte svara"
    r"|(?:ej|inte|ikke) (?:aktuell?t|relevant)|en osaa sanoa|niet van toepassing",
    re.IGNORECASE,
)
_LIST: Final = re.compile(r"\s*[;|\n]\s*|,\s+|,(?=\S)")
# A header that asks for a comment, and yet for one of a list.
_OF_A_KIND: Final = re.compile(
    r"categor|kategori|\btyp|\btag|topic|theme|tema|ämne|emne|onderwerp|option|tick|kryss", re.I
)
_FEWEST: Final = 8
_MOST_OPTIONS: Final = 25
# Words of a comment at least, in the mean; a question why has answers to choose from as well.
_WORDS: Final = 3
_WORDS_OF_WHY: Final = 4


def is_likert(cell: str) -> bool:
    """Say whether a cell is a step of an agreement scale in words, with or without its number.

    Examples
    --------
    >>> [is_likert(cell) for cell in ("Strongly agree", "5 - Mycket nöjd", "Neither agree nor disagree", "Good value")]
    [True, True, True, False]
    """
    words = re.sub(r"^\s*\(?\d{1,2}\)?\s*[-–.:=)]*\s*|\s*[-–(=]*\s*\d{1,2}\)?\s*$", "", cell).strip()
    plain = " ".join(words.replace("’", "'").split())
    return bool(words) and (_LIKERT.fullmatch(plain) or _PHRASES.fullmatch(plain.rstrip(".!"))) is not None


def of_likert(column: Column) -> bool:
    """Say whether nearly all cells are steps of an agreement scale, several of them."""
    if len(column.distinct) > 15:
        return False
    times = Counter(column.filled)
    words = {
        c: n for c, n in times.items() if not (c.casefold() in MISSING or is_no_answer(c) or _NO_STEP.fullmatch(c))
    }
    steps = sum(n for cell, n in words.items() if is_likert(cell))
    return bool(words) and steps >= 0.9 * sum(words.values()) and len(words) >= 2


def of_options(column: Column) -> bool:
    """Say whether cells are lists of ticked options: the same few parts in many combinations."""
    times = Counter(column.filled)
    cut = {cell: _parts(cell) for cell in times}
    listed = sum(n for cell, n in times.items() if len(cut[cell]) > 1)
    if len(column.filled) < _FEWEST or listed < 0.2 * len(column.filled) or _goes_on(times):
        return False
    parts = Counter[str]()
    for cell, n in times.items():
        for part in cut[cell]:
            parts[part] += n
    again = sum(n for n in parts.values() if n >= 2)
    return 2 <= len(parts) <= _MOST_OPTIONS and again >= 0.95 * parts.total() and parts.total() >= 3 * len(parts)


def _goes_on(cells: Counter[str]) -> bool:
    """Say whether what follows a comma goes on in small letters and several words: text, however often it comes again.

    Options have capitals behind a comma as well, or are codes of one word.
    """
    begun = Counter[bool]()
    for cell, n in cells.items():
        for part in re.split(r",\s+|\.\s+", cell.strip().strip("[]"))[1:]:
            begun[part[:1].islower() and " " in part.strip()] += n
    return begun[True] > 2 * begun[False]


def is_written(column: Column) -> bool:
    """Say whether a column that asks for words holds sentences, though the same come again and again."""
    words = re.sub(r"(?<=[a-z])(?=[A-Z])|_", " ", column.wording)
    least = _WORDS if wording.COMMENT.search(words) else _WORDS_OF_WHY if wording.WHY.search(words) else None
    if least is None or _OF_A_KIND.search(words) or not column.filled:
        return False
    parts = [part for cell in column.filled for part in _parts(cell)]
    return sum(len(part.split()) for part in parts) >= least * len(parts)


def _parts(cell: str) -> Sequence[str]:
    # The sign that ends "&amp;" parts nothing.
    return [part for part in _LIST.split(html.unescape(cell).strip().strip("[]")) if part]


def of_few(column: Column) -> bool:
    """Say whether a few short texts come again and again."""
    filled, distinct = len(column.filled), len(column.distinct)
    short = sum(map(len, column.filled)) <= 40 * filled
    few = filled >= 2 * _FEWEST and 2 <= distinct <= 12 and filled >= 4 * distinct
    return few and short and not _goes_on(Counter(column.filled))


def is_closed(column: Column) -> bool:
    """Say whether a question was answered by choosing, whatever its header says."""
    return of_likert(column) or ((of_options(column) or of_few(column)) and not is_written(column))


def of_numbers(column: Column) -> bool:
    """Say whether cells are steps of a numeric scale: three or more whole numbers from 0 to 10, with words or not."""
    answered = [read_answer(cell) for cell in column.distinct if not is_no_answer(cell)]
    scores = {one.score for one in answered if one.score is not None}
    plain = len(answered) > 0 and all(one.score is not None for one in answered)
    return plain and len(scores) >= 3 and not are_names(Counter(column.filled), asked=False)
