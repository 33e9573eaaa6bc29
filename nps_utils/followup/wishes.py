"""Who asked not to be contacted: by a column of the export, a mark or the answer to a question."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import pandas as pd

from nps_utils.columns import NO, YES, text_of

# A yes says that nobody may call: do not contact, opted out.
_LEAVE_ALONE: Final = re.compile(
    r"\bdo not (?:contact|call|phone|e?.?mail)\b|\bdnc\b|\bopt(?:ed)?.?out\b|\bunsubscribed?\b"
    r"|\bno contact\b(?! (?:details|info|data))"
    r"|\bkontakta (?:mig )?(?:ej|inte)\b|\b(?:ej|ingen) kontakt\b|\bvill inte (?:bli )?kontakta[ds]\b"
    r"|\bikke kontakt|\bmå ikke kontaktes\b|\bønsker ikke (?:at blive )?kontakt"
    r"|\bniet (?:benaderen|contacteren|bellen|mailen)\b|\bgeen contact\b|\bbel.?me.?niet\b",
    re.IGNORECASE,
)
# A no to such a question says so too.
_MAY_WE: Final = re.compile(
    r"\b(?:may|can|could) we (?:contact|call|phone|follow up|get in touch|reach out)\b"
    r"|\b(?:ok|okay|happy|willing|like|agree|consent) to be (?:contacted|called)\b|\bcontact permission\b"
    r"|\b(?:får|kan) vi (?:kontakta|ringa|höra av)\b"
    r"|\b(?:vill|kan|önskar) du (?:att )?bli kontaktad\b|\bønsker du (?:å bli|at blive) kontaktet\b"
    r"|\b(?:må|kan|får) vi (?:gerne |få )?(?:kontakte|ringe|tage kontakt|ta kontakt)\b"
    r"|\bwilt u (?:graag )?(?:gecontacteerd|benaderd|gebeld)\b"
    r"|\b(?:mogen|mag|kunnen) (?:wij|we|ik) .{0,30}(?:contact|bellen|benaderen)\b",
    re.IGNORECASE,
)


def declined(responses: pd.DataFrame) -> pd.Series[bool]:
    """Say which answers come with the wish not to be contacted; columns of yes and no are read, no others.

    Examples
    --------
    >>> answers = pd.DataFrame({"score": [3, 2, 5], "Do Not Contact": ["0", "1", "0"]})
    >>> declined(answers.assign(**{"Må vi kontakte dig?": ["Ja", "Ja", "Nej"]})).tolist()
    [False, True, True]
    """
    wish = pd.Series(data=False, index=responses.index)
    for name, means in _columns(responses):
        cells = text_of(responses, name).str.strip().str.casefold()
        wish |= cells.isin(means).fillna(False).astype(bool)
    return wish


def _columns(responses: pd.DataFrame) -> Iterator[tuple[str, frozenset[str]]]:
    """Yield each column that holds such a wish, and the words that say it."""
    for name in map(str, responses.columns):
        words = re.sub(r"(?<=[a-z])(?=[A-Z])|_", " ", name)
        means = YES if _LEAVE_ALONE.search(words) else NO if _MAY_WE.search(words) else None
        if means is None:
            continue
        said = text_of(responses, name).dropna().str.strip().str.casefold().unique()
        if set(said) <= YES | NO | {""}:
            yield name, means
