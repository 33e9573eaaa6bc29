"""Which columns of a table of one row per question hold the answers, and which of them those of each question."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from typing import Final

from nps_utils.exports.layouts.derived import share_of_scores
from nps_utils.exports.tools.tool import key

_ANSWER: Final = frozenset(
    {"answer", "answers", "answertext", "answervalue", "answerscore", "answerlabel", "answernumeric", "answernumber",
     "numericanswer", "textanswer", "value", "values", "numericvalue", "textvalue", "valuetext", "valuenumeric",
     "valuenumber", "response", "responsetext", "responsevalue", "result", "svar", "svarstext", "svarsvärde",
     "svartekst", "svarverdi", "svarværdi", "värde", "verdi", "værdi", "antwoord", "antwoordtekst", "waarde", "antwort",
     "antworttext", "wert", "réponse", "reponse", "valeur", "respuesta", "valor", "resposta", "risposta", "vastaus",
     "score", "scores", "rating", "freetext", "fritext", "fritekst", "text", "content"}
)  # fmt: skip
# A column of answers of one kind (`value_scale`, `Free text answer`), by the words of its header.
_ANSWER_WORD: Final = frozenset(
    {"answer", "value", "response", "svar", "värde", "verdi", "værdi", "antwoord", "waarde", "antwort", "wert",
     "réponse", "valeur", "respuesta", "valor", "resposta", "risposta"}
)  # fmt: skip
_ABOUT_ANSWER: Final = frozenset(
    {"type", "typ", "id", "date", "datum", "dato", "time", "at", "by", "count", "number", "nr", "correct", "order",
     "sequence", "key", "code", "language", "label"}
)  # fmt: skip
# What a program writes in a column of numbers, or of yes and no, that holds nothing.
_FILLERS: Final = frozenset(
    {"0", "0.0", "0,0", "0.00", "0,00", "false", "falsch", "falskt", "usann", "falsk", "onwaar"}
)
_FEWEST_ROWS: Final = 5


def answer_columns(
    names: Sequence[str], rows: Sequence[Sequence[str]], at: int, recommend: set[str]
) -> tuple[int, ...]:
    """Return the columns of answers, that of the scores first: by their names, else the one beside the question."""
    of_scores = [row for row in rows if row[at] in recommend] or list(rows)
    named = [other for other, name in enumerate(names) if other != at and (key(name) in _ANSWER or _of_a_kind(name))]
    named = [other for other in named if any(row[other] for row in rows)] or named
    if not named:
        beside = [other for other in (at + 1, at - 1) if 0 <= other < len(names)]
        named = [other for other in beside if share_of_scores([row[other] for row in of_scores]) >= 0.5][:1]
    if not recommend:
        return tuple(named)
    scored = [other for other in named if share_of_scores([row[other] for row in of_scores]) >= 0.5]
    if not scored:
        return ()
    # Of two columns of numbers that are both filled, one of which says 0 throughout, the other holds the answers.
    first = max(scored, key=lambda o: (len({row[o] for row in of_scores}) > 1, sum(bool(row[o]) for row in of_scores)))
    return (first, *(other for other in named if other != first))


def _of_a_kind(name: str) -> bool:
    """Say whether a header names the answers of one kind: `value_text_box`, `Lines/Scale value`, not `Answer type`."""
    words = re.sub(r"(?<=[a-z])(?=[A-Z])|[_\-.]", " ", name.rpartition("/")[2]).casefold().split()
    return len(words) > 1 and not _ANSWER_WORD.isdisjoint(words) and _ABOUT_ANSWER.isdisjoint(words)


def idle_columns(rows: Sequence[Sequence[str]], at: int, answers: Sequence[int]) -> dict[str, frozenset[int]]:
    """Return, for each question, the columns of answers that hold nothing of it but a program's zero or no.

    Odoo writes a column for each kind of answer, and 0 in those of numbers where the question was of another kind.
    """
    asked: dict[str, list[Sequence[str]]] = defaultdict(list)
    for row in rows:
        asked[row[at]].append(row)
    found = {}
    for text, mine in asked.items():
        filler = {
            o for o in answers if any(r[o] for r in mine) and all(r[o].casefold() in {"", *_FILLERS} for r in mine)
        }
        told = any(row[other] for row in mine for other in answers if other not in filler)
        if filler and told and len(mine) >= _FEWEST_ROWS:
            found[text] = frozenset(filler)
    return found
