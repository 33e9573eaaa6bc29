"""Which end of the scale the words of a label or a header stand for, in the languages exports come in."""

from __future__ import annotations

import re
from typing import Final, Literal, TypeAlias

End: TypeAlias = Literal["low", "high"]

# Words that deny, doubt or dislike; they win over the likely that they deny.
_LOW: Final = re.compile(
    r"\bnot\b|unlikely|\bnever\b|no chance|improbable|improbabil|disagree|dissatisf|\bbad\b|\bpoor|terrible|\bworst\b"
    r"|\binte\b|\bej\b|osannolik|otrolig|aldrig|knappast|missnöjd|dålig|motvillig"
    r"|\bikk[ej]\b|\bikkje\b|usannsynlig|usandsynlig|aldri\b|utilfreds|misfornøyd|dårlig|\buenig\b"
    r"|\bniet\b|onwaarschijnlijk|\bnooit\b|ontevreden|slecht"
    r"|\bnicht\b|unwahrscheinlich|\bnie\b|niemals|keinesfalls|auf keinen|unzufrieden|schlecht"
    r"|\bpas\b|\bpeu\b|jamais|aucun|nullement|mauvais|insatisf"
    r"|\bnada\b|\bpoco\b|\bnunca\b|\bno\b|pouco|improvável|\bn[ãa]o\b|\bpara nada\b"
    r"|\bleast\b|lowest|\bminst|\bmindst|lägst|lavest|laagst|niedrigst|wenigsten|\bmoins\b|\bmenos\b|sämst|minim"
    r"|\bnon\b|per (?:niente|nulla)|\bmai\b|\bei\b|\ben\b|epätodennäköi|tuskin|nieprawdopodob|mało",
    re.IGNORECASE,
)
_LIKELY: Final = (
    r"likely|probab|sannoli|sannolik|troligt|trolig|sannsynlig|sandsynlig|waarschijnlijk|wahrscheinlich|prová?vel|provável"
    r"|todennäköi|prawdopodob|certain|definit|agree|satisf|nöjd|fornøyd|tilfreds|tevreden|zufrieden"
    r"|\byes\b|\bja\b|\boui\b|\bsí\b|\bsim\b"
)
_MUCH: Final = (
    r"extrem|\bvery\b|highly|definitely|certainly|absolut|\bmost\b|completely|mycket|meget|svært|veldig|særdeles"
    r"|ytterst|yderst|väldigt|högst|højst|\bhelt\b|\bzeer\b|\bheel\b|uiterst|\bsehr\b|äußerst|höchst|\btrès\b|extrême"
    r"|tout à fait"
    r"|\bmuy\b|\bmuito\b|\bmolto\b|estremamente|erittäin|hyvin|bardzo|sicher|zeker|säkert|sikkert|helt säkert"
    r"|highest|\bbest\b|excellent|\bbäst|\bbest[ea]\b|utmärkt|hoogst|höchste|maxim"
)
_MIDDLE: Final = re.compile(
    r"neutral|nøytral|neutre|neutro|neutraal|neither|varken|verken|hverken|noch|weder|maybe|perhaps|kanske|kanskje"
    r"|måske|misschien|vielleicht|peut|quizás|talvez|forse|ehkä|passiv|passive|either|unsure|osäker|usikker|\bok\b",
    re.IGNORECASE,
)
_HIGH: Final = re.compile(f"{_LIKELY}|{_MUCH}", re.IGNORECASE)
_TOP: Final = re.compile(_MUCH, re.IGNORECASE)


def end_of(words: str) -> End | None:
    """Return the end of the scale that words lean to; None where they say nothing of it.

    Examples
    --------
    >>> [end_of(words) for words in ("Extremely likely", "Very unlikely", "Slet ikke sandsynligt", "Neutral")]
    ['high', 'low', 'low', None]
    """
    if _LOW.search(words):
        return "low"
    return "high" if _HIGH.search(words) else None


def is_top(words: str) -> bool:
    """Say whether words name the highest answer of a scale, not merely one of the high ones.

    Examples
    --------
    >>> [is_top(words) for words in ("Extremt sannolikt", "Sannolikt", "Sehr unwahrscheinlich")]
    [True, False, False]
    """
    return end_of(words) == "high" and bool(_TOP.search(words))


def is_place(words: str) -> bool:
    """Say whether words name a place on a scale, an end or the middle.

    Examples
    --------
    >>> [is_place(words) for words in ("Neutral", "Sannolikt", "see comment")]
    [True, True, False]
    """
    return end_of(words) is not None or bool(_MIDDLE.search(words))
