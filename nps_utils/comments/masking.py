"""Take the persons out of comments: typed marks in the place of addresses, numbers and names."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

import numpy as np
import pandas as pd
import polars as pl

from nps_utils.comments.identifiers import (
    DIGITS,
    HETU,
    IBAN,
    LONGEST,
    REGIONS,
    SHORTEST,
    WHEN,
    is_finnish_id,
    kind_of_number,
    valid_iban,
)
from nps_utils.comments.taxonomy import ordinary_words
from nps_utils.comments.text import MARKS, is_missing, normalise, text_list

TextsT = TypeVar("TextsT")  # list, tuple, array, or a pandas or Polars Series

_LINK = re.compile(r"(?:https?://|ftp://|www\.)[^\s<>\"]+|\b[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,5}/[^\s<>\"]+", re.I)
_EMAIL = re.compile(
    r"(?<![\w.+-])[\w.+'-]{1,64}(?:@|\s?[(\[]at[)\]]\s?)[\w-]{1,63}(?:(?:\.|\s?[(\[](?:dot|punkt|punt)[)\]]\s?)[\w-]{1,63}){1,5}"
    r"|(?<![\w.+-])[\w.+'-]{2,64} ?@ ?[\w-]{2,63}(?:\.[\w-]{2,63}){0,4}\.[a-z]{2,24}\b",
    re.IGNORECASE,
)
_NAME = r"[A-ZÅÄÖÆØÉ][\w'’-]+"
# "Mvh Kalle Ek" at the end, perhaps with a town: nobody has to be in the frame to be named there.
_SIGNED = re.compile(
    r"\b((?i:mvh|hälsningar|hälsning|hilsen|vh|groet|groeten|groetjes|regards|sincerely)[,:]?\s+)"
    rf"(?!(?i:the|team|alla|alle|från|fra|van|from)\b)({_NAME}(?:\s{_NAME}){{0,2}})(?=(?:,\s{_NAME})?\W*$)"
)
# "my name is Jan de Vries"; words in capitals throughout are shouted, not names.
_GIVEN = r"[A-ZÅÄÖÆØÉ][a-zåäöæøéüëï'’]+(?:-[A-ZÅÄÖÆØÉ][a-zåäöæøéüëï]+)?"
_INTRODUCED = re.compile(
    r"\b((?i:my name is|i am called|jag heter|mitt namn är|jeg heter|jeg hedder|mitt navn er|navnet mitt er|"
    r"mit navn er|mijn naam is|ik heet)\s+)"
    rf"({_GIVEN}(?:(?:\s(?:de|van|der|den|het|ten|ter|von|af|av))*\s{_GIVEN}){{0,2}})"
)
_NAME_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
_AROUND = 40  # characters of context
_MOST_PIECES = 6  # "+46 70 174 06 05" has five


def mask(texts: TextsT, *, names: Iterable[str] = (), regions: Sequence[str] = REGIONS) -> tuple[TextsT, pd.Series]:
    """Replace what identifies a person by a typed mark: `[email]`, `[phone]`, `[id number]`, `[name]` ...

    HTML entities are unescaped, Unicode is brought to one form, control characters go; emoji stay. Personal numbers
    (se, no, dk, nl, fi) need a real date and right check digits, cards the Luhn sum, IBAN its check digits, phones a
    number valid in one of `regions`. A number after "order", "invoice", a currency or "version" is left alone.
    A name after "my name is", or after "Mvh", "Regards" and the like at the end of a comment, is masked too, in
    English, Swedish, Norwegian, Danish and Dutch. Street addresses, and other names outside `names`, are not found.

    Parameters
    ----------
    texts
        The comments: a list, an array or a Series; missing comments stay missing.
    names
        The study's own contacts, e.g. `["Anna Lindqvist"]`. A full name is masked in any case of letters; a single
        part of it only where it is written with a capital, has three letters, and is not an ordinary word.
    regions
        Countries whose national phone numbers are recognised without a country code.

    Returns
    -------
    The masked comments, of the same length and kind, and how many marks of each kind were set.

    Examples
    --------
    >>> masked, counts = mask(["Call Anna on 070-174 06 05 or anna@firm.example", "order 4500123456"],
    ...                       names=["Anna Lindqvist"])
    >>> masked
    ['Call [name] on [phone] or [email]', 'order 4500123456']
    >>> int(counts["phone"])
    1
    """
    counts: Counter[str] = Counter()
    known = _Names(names)
    masked = [_mask_one(text, known, regions, counts) for text in text_list(texts)]
    result = pd.Series([counts[kind] for kind in MARKS], index=pd.Index(list(MARKS), name="kind"), name="masked")
    alike: TextsT = _like(texts, masked)
    return alike, result


def _mask_one(text: str, names: _Names, regions: Sequence[str], counts: Counter[str]) -> str:
    text = normalise(text)
    if "/" in text or "www." in text.lower():
        text = _replace(_LINK, "link", text, counts)
    if "@" in text or "at)" in text or "at]" in text:
        text = _replace(_EMAIL, "email", text, counts)
    if any(char.isdigit() for char in text):
        text = _mask_numbers(text, regions, counts)
    for named in (_SIGNED, _INTRODUCED):
        text = named.sub(lambda found: found.group(1) + _counted("name", counts), text)
    return names.mask(text, counts) if names else text


def _counted(kind: str, counts: Counter[str]) -> str:
    counts[kind] += 1
    return MARKS[kind]


def _replace(pattern: re.Pattern[str], kind: str, text: str, counts: Counter[str]) -> str:
    def mark(found: re.Match[str]) -> str:
        counts[kind] += 1
        ending = re.search(r"[.,;:!?)\]']*$", found.group())
        return MARKS[kind] + (ending.group() if ending else "")

    return pattern.sub(mark, text)


def _mask_numbers(text: str, regions: Sequence[str], counts: Counter[str]) -> str:
    def account(found: re.Match[str]) -> str:
        valid = valid_iban(found.group())
        if valid is None:
            return found.group()
        counts["account_number"] += 1
        return MARKS["account_number"] + found.group()[len(valid) :]

    def finnish(found: re.Match[str]) -> str:
        if not is_finnish_id(found.group()):
            return found.group()
        counts["id_number"] += 1
        return MARKS["id_number"]

    def digits(found: re.Match[str]) -> str:
        start, end = found.span()
        before, after = found.string[max(0, start - _AROUND) : start], found.string[end : end + 12]
        return _mask_run(found.group(), before, after, regions, counts)

    return DIGITS.sub(digits, HETU.sub(finnish, IBAN.sub(account, text)))


def _mask_run(run: str, before: str, after: str, regions: Sequence[str], counts: Counter[str]) -> str:
    """One run may hold several numbers ("2024-01-15 070-174 06 05"): mask the longest pieces that identify."""
    if when := WHEN.search(run):
        left = _mask_padded(run[: when.start()], before, " ", regions, counts)
        return left + when.group() + _mask_padded(run[when.end() :], " ", after, regions, counts)
    pieces = run.split(" ")
    digits = [sum(char.isdigit() for char in piece) for piece in pieces]
    for size in range(min(len(pieces), _MOST_PIECES), 0, -1):
        for first in range(len(pieces) - size + 1):
            if not SHORTEST <= sum(digits[first : first + size]) <= LONGEST:
                continue
            number = " ".join(pieces[first : first + size])
            left, right = " ".join(pieces[:first]), " ".join(pieces[first + size :])
            ahead, behind = before + left + (" " if left else ""), (" " if right else "") + right + after
            kind = kind_of_number(number.rstrip(".-/("), before=ahead, after=behind, regions=regions)
            if kind:
                counts[kind] += 1
                return " ".join(
                    part
                    for part in (
                        left and _mask_run(left, before, " ", regions, counts),
                        MARKS[kind],
                        right and _mask_run(right, "", after, regions, counts),
                    )
                    if part
                )
    return run


def _mask_padded(run: str, before: str, after: str, regions: Sequence[str], counts: Counter[str]) -> str:
    """Mask what stands between the separators at both ends."""
    inner = run.strip(" -–")
    if not inner:
        return run
    start = run.index(inner)
    return run[:start] + _mask_run(inner, before, after, regions, counts) + run[start + len(inner) :]


class _Names:
    """The study's contacts, indexed by first word so that a text is read once however many contacts there are."""

    def __init__(self, names: Iterable[str]) -> None:
        self.full: dict[str, list[tuple[str, ...]]] = {}
        self.parts: set[str] = set()
        everyday = ordinary_words()
        for name in names:
            if is_missing(name):
                continue
            parts = tuple(part.casefold() for part in _NAME_WORD.findall(normalise(str(name))))
            if len(parts) > 1:
                self.full.setdefault(parts[0], []).append(parts)
            self.parts.update(part for part in parts if len(part) >= 3 and part not in everyday)
        for known in self.full.values():
            known.sort(key=len, reverse=True)

    def __bool__(self) -> bool:
        return bool(self.parts or self.full)

    def mask(self, text: str, counts: Counter[str]) -> str:
        found = [match for match in _NAME_WORD.finditer(text) if not (match.start() and text[match.start() - 1] == "[")]
        lowered = [match.group().casefold() for match in found]
        pieces, position, at = [], 0, 0
        while at < len(found):
            length = self._full_at(lowered, at) or self._part_at(found[at].group(), lowered[at])
            if length:
                pieces += [text[position : found[at].start()], MARKS["name"]]
                position = found[at + length - 1].end()
                counts["name"] += 1
            at += length or 1
        return "".join(pieces) + text[position:]

    def _full_at(self, lowered: list[str], at: int) -> int:
        for name in self.full.get(lowered[at], ()):
            here = lowered[at : at + len(name)]
            if here[:-1] == list(name[:-1]) and here[-1:] and here[-1] in (name[-1], name[-1] + "s", name[-1] + "'s"):
                return len(name)
        return 0

    def _part_at(self, word: str, lowered: str) -> int:
        stem: Callable[[str], str] = lowered.removesuffix
        forms = (lowered, stem("s"), stem("'s"), stem("’s"))
        return int(not word[0].islower() and any(form in self.parts for form in forms))


def _like(texts: Any, masked: list[str]) -> Any:
    """Give the masked comments the kind of the column they came from, missing where they were missing."""
    if isinstance(texts, pd.Series):
        return pd.Series(masked, index=texts.index, name=texts.name, dtype="str").where(texts.notna())
    values = [None if is_missing(old) else new for old, new in zip(list(texts), masked, strict=True)]
    if isinstance(texts, np.ndarray):
        return np.array(values, dtype=object)
    if isinstance(texts, pl.Series):
        return pl.Series(texts.name, values, dtype=pl.String)
    return tuple(values) if isinstance(texts, tuple) else values
