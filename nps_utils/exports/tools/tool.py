"""What we know of one survey tool, as data."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field


def key(header: str) -> str:
    """Return a header as compared: letters and digits only, without case.

    Examples
    --------
    >>> key("Company_ID"), key("publicConsent"), key("Submit Date (UTC)"), key("#")
    ('companyid', 'publicconsent', 'submitdateutc', '#')
    """
    return "".join(re.findall(r"[^\W_]", unicodedata.normalize("NFKC", header.casefold()))) or header.strip()


@dataclass(frozen=True)
class Tool:
    """One survey tool: how its exports are known, and where they keep what.

    Parameters
    ----------
    name
        The word for study.toml.
    title
        The name as its vendor writes it.
    signs
        Sets of headers; an export that has all headers of one set is this tool's.
    columns
        For each canonical column the headers that hold it, best first; compared without case, spaces and punctuation.
    header_rows
        How many header rows its exports can have at most.
    second_row
        Words of which a second header row consists, besides names of options (SurveyMonkey: `Response`).
    offers
        For canonical columns that the tool leaves to its users the headers they may have used; never taken unasked.
    kept_as
        Columns whose own name would be taken for a canonical column, with the name they keep.
    sign_is_first
        The sign counts only as the first column: it is a common word.
    group_suffix
        Ending of the column a tool adds beside its NPS question.
    english_dates
        Headers that say that dates are written as an English locale does; see `american`.
    codes_below
        Of two header rows the second holds the names, the first the questions.
    zone
        Of its times, where they say none themselves.
    finished_by
        Columns that the tool fills when an answer is finished, and leaves empty until then.
    means
        For canonical columns what its codes mean, in the words that other tools write.
    escapes
        What stands in its cells for a character or for nothing, in the order to be read back.
    """

    name: str
    title: str
    signs: tuple[frozenset[str], ...] = ()
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    header_rows: int = 1
    second_row: frozenset[str] = frozenset()
    offers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    kept_as: Mapping[str, str] = field(default_factory=dict)
    sign_is_first: bool = False
    group_suffix: str | None = None
    english_dates: tuple[str, ...] = ()
    codes_below: bool = False
    zone: str | None = None
    finished_by: tuple[str, ...] = ()
    means: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    escapes: Mapping[str, str] = field(default_factory=dict)

    def read_back(self, cell: str) -> str:
        """Return a cell with what its escapes stand for."""
        for written, meant in self.escapes.items():
            cell = cell.replace(written, meant)
        return cell

    def match(self, headers: Iterable[str]) -> tuple[str, ...]:
        """Return the headers that give the tool away, or nothing."""
        known: dict[str, str] = {}
        for header in list(headers)[: 1 if self.sign_is_first else None]:
            known.setdefault(key(header), header)
        found = [sign for sign in self.signs if sign <= set(known)]
        longest: frozenset[str] = max(found, key=lambda names: len(list(names)), default=frozenset())
        return tuple(known[name] for name in sorted(longest))


def sign(*headers: str) -> frozenset[str]:
    """Return a set of headers as compared."""
    return frozenset(key(header) for header in headers)
