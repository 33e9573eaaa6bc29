"""Names with numbers in them, which are no answers: `Firma 3 ApS`, `Butik 7`, `Storgata 10`.

A label of a scale has words as well, but they are of a scale, or the same for everybody who chose its number.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from typing import Final

from nps_utils.scale.labels import Numbered, read_numbered
from nps_utils.scale.likelihood import is_place

# The legal forms of companies, where our exports come from.
_COMPANY: Final = re.compile(
    r"(?<![^\W_])(?:ApS|A/S|AS|ASA|ANS|AB|HB|KB|I/S|K/S|P/S|IVS|Amba|A\.m\.b\.a|B\.?V|N\.?V|V\.?O\.?F|GmbH|AG|UG|KG|OHG"
    r"|e\.?V|S\.?A\.?S|SARL|S\.?A|S\.?L|S\.?r\.?l|S\.?p\.?A|Lda|Ltda|Oyj?|Ltd|Limited|LLC|LLP|Inc|Corp|PLC|Holding|Group"
    r"|Gruppen|Stiftelse|Fond|EK|SE)(?![^\W_])"
)
# What the number of an answer is called.
_ANSWER: Final = re.compile(
    r"\b(?:nps|scores?|points?|pts?|poäng|poeng|point|karakter\w*|betyg|cijfers?|rating|ratings|grade|nota|note|punkt\w*"
    r"|punten|puntos|pontos|punti|svar\w*|answers?|antwoord|antwort|réponse|option|alternativ\w*|value|värde|verdi|værdi"
    r"|waarde|wert|promot\w*|passiv\w*|detra[ck]t\w*|out of|av|af|von|van|sur|de)\b",
    re.IGNORECASE,
)
# Of one number: its label in as many spellings or languages. Of all of them: eleven answers, each in a few.
_MOST_LABELS: Final = 3
_FEWEST: Final = 3


def are_names(counts: Mapping[str, int], *, asked: bool) -> bool:
    """Say whether the numbers of most cells stand in names of somebody or something, and are no answers.

    Parameters
    ----------
    counts
        How often each cell occurs.
    asked
        Whether the header says that these are answers: then a word that stands at each number says nothing.

    Examples
    --------
    >>> are_names({f"Firma {i} ApS": 3 for i in range(11)}, asked=False)
    True
    >>> are_names({"0 - Not at all likely": 2, "7": 9, "10 - Extremely likely": 5}, asked=False)
    False
    >>> [are_names({f"Valg {i}": 2 for i in range(11)}, asked=asked) for asked in (True, False)]
    [False, True]
    """
    found = {cell: read_numbered(cell) for cell in counts}
    worded = {cell: one for cell, one in found.items() if _has_own_words(one)}
    n = sum(counts[cell] for cell in worded)
    if 2 * n <= sum(counts[cell] for cell, one in found.items() if one.value is not None):
        return False
    if 2 * sum(counts[cell] for cell, one in worded.items() if _COMPANY.search(one.words)) > n:
        return True
    words = defaultdict[float | None, set[str]](set)
    for one in worded.values():
        words[one.value].add(one.words.casefold())
    if 2 * sum(len(several) > _MOST_LABELS for several in words.values()) > len(words):
        return True
    return not asked and len(words) >= _FEWEST and len(set[str]().union(*words.values())) == 1


def is_company(name: str) -> bool:
    """Say whether a name has the legal form of a company in it.

    Examples
    --------
    >>> [is_company(name) for name in ("Firma 3 ApS", "Nordlys A/S", "Jansen B.V.", "Anna Holm")]
    [True, True, True, False]
    """
    return _COMPANY.search(name) is not None


def _has_own_words(one: Numbered) -> bool:
    """Say whether a number has words that are of no scale."""
    if one.value is None or one.out_of is not None or not any(map(str.isalpha, one.words)):
        return False
    return bool(_COMPANY.search(one.words)) or not (is_place(one.words) or _ANSWER.search(one.words))
