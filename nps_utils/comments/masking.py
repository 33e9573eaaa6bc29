"""Take the persons out of comments: typed marks in the place of addresses, numbers and names."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, TypeVar

import numpy as np
import pandas as pd
import polars as pl

from nps_utils.comments.addresses import mask_places_and_plates
from nps_utils.comments.given_names import LETTERS
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
from nps_utils.comments.names import KnownNames, mask_names, mask_signed
from nps_utils.comments.spelled_out import mask_dated_and_numbered, mask_spelled_out
from nps_utils.comments.text import MARKS, is_missing, normalise, text_list

TextsT = TypeVar("TextsT")  # list, tuple, array, or a pandas or Polars Series

_DIGIT = re.compile(r"\d")
_AROUND = 40  # characters of context
_MOST_PIECES = 6  # "+46 70 174 06 05" has five


def mask(texts: TextsT, *, names: Iterable[str] = (), regions: Sequence[str] = REGIONS) -> tuple[TextsT, pd.Series]:
    """Replace what identifies a person by a typed mark: `[email]`, `[phone]`, `[id number]`, `[name]` ...

    HTML entities are unescaped, Unicode is brought to one form, control characters go; emoji stay. Personal numbers
    (se, no, dk, nl, fi) need a real date and right check digits, cards the Luhn sum, IBAN its check digits, phones a
    number valid in one of `regions`. A number after "order", "invoice", a currency or "version" is left alone.
    Given names are found by lists, case and context: "Anna" anywhere, "Mark" after "spoke to" and not in "Mark the
    order". Street addresses need their number, licence plates of some countries a word of cars nearby, dates of birth a
    word that says so; addresses in words ("kalle snabel-a firma punkt se"), handles and network addresses are found.
    What is not: rare names without a cue, surnames alone, streets without a number, who somebody is by what they tell.

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
    known = _known(frozenset(name for name in names if not is_missing(name)))
    done: dict[str, tuple[str, Counter[str] | None]] = {}  # comments repeat themselves
    masked = []
    found: Counter[str] = Counter()
    for text in text_list(texts):
        if text not in done:
            done[text] = (_mask_one(text, known, regions, found), found or None)
            found = Counter() if found else found  # most comments name nobody
        masked.append(done[text][0])
        if (seen := done[text][1]) is not None:
            counts.update(seen)
    result = pd.Series([counts[kind] for kind in MARKS], index=pd.Index(list(MARKS), name="kind"), name="masked")
    alike: TextsT = _like(texts, masked)
    return alike, result


@lru_cache(maxsize=2)
def _known(names: frozenset[Any]) -> KnownNames:
    """Return the contacts, indexed once for all columns that are masked with them."""
    return KnownNames(names)


def _mask_one(text: str, known: KnownNames, regions: Sequence[str], counts: Counter[str]) -> str:
    def mark(kind: str) -> str:
        counts[kind] += 1
        return MARKS[kind]

    # A comment is cut into words and its digits are counted once: most rules need one of a few words, or enough digits,
    # and are not tried without.
    text = normalise(text)
    letters = LETTERS.findall(text)
    said = frozenset(" ".join(letters).casefold().split(" "))
    text = mask_spelled_out(text, said, mark)
    if digits := len(_DIGIT.findall(text)):
        text = mask_dated_and_numbered(text, said, mark, digits=digits)
        text = mask_places_and_plates(text, said, mark, digits=digits)
        if digits >= SHORTEST:
            text = _mask_numbers(text, regions, counts)
    return mask_names(mask_signed(text, said, mark), letters, known, mark)


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
