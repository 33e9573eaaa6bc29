"""Dates as survey tools write them: the forms of a cell, and what is counted of a column to decide how to read it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import narwhals as nw

from nps_utils.clock import FIRST_YEAR, LAST_YEAR

# One date cell. Day and month may lack their zero; a time, AM/PM and a zone may follow.
_DAY: Final = (
    r"(?:(?P<y>[0-9]{4})[-/.][0-9]{1,2}[-/.][0-9]{1,2}|[0-9]{1,2}[-/.][0-9]{1,2}[-/.](?P<y2>[0-9]{4}|[0-9]{2}))"
)
_HOURS: Final = r"(?:0[0-9]|1[0-4])"
_ZONES: Final = rf" ?(?:Z|UTC|GMT)| ?(?:UTC|GMT)?[-+](?:{_HOURS}:?[0-5][0-9]|{_HOURS}|[0-9])"
BEGINS: Final = re.compile(rf"^{_DAY}(?=$|[T ,])")
PARTS: Final = re.compile(r"^([0-9]{1,4})[-/.]([0-9]{1,2})[-/.]([0-9]{2,4})?")

# The same cell once zeros are filled in: what the engines check before they cut it up.
PADDED: Final = (
    r"^(?:[0-9]{4}[-/.][0-9]{2}[-/.][0-9]{2}|[0-9]{2}[-/.][0-9]{2}[-/.][0-9]{4})"
    r"(?:[T ][0-9]{2}[:.][0-9]{2}(?:[:.][0-9]{2}(?:[.,][0-9]{1,9})?)?(?: ?[AaPp]\.?[Mm]\.?)?"
    rf"(?:{_ZONES})?)?$"
)
UNIX: Final = r"^(?:[0-9]{10}|[0-9]{13})$"
EXCEL: Final = r"^[2-7][0-9]{4}(?:\.[0-9]+)?$"
MISSING: Final = ("", "NA", "N/A", "n/a", "NaN", "nan", "NULL", "null", "None", "-", "--", "#N/A")
SPACES: Final = ("\u00a0", "\u202f")

# Numbers of which a few digits say enough: the day of a serial, the hours of a Unix time.
_SERIAL: Final = r"^[0-9]{5}(?:\.[0-9]+)?$"
# Forms that are cheap to look for in every cell; the day itself is in the first ten characters.
_GAP: Final = f"[T{''.join((' ', *SPACES))}]"
_ZONED: Final = f"{_GAP}[0-9].*"
SIGNS: Final[Mapping[str, str]] = {
    "clock": f"^.{{6,11}}{_GAP}[0-9]{{1,2}}[:.][0-9]{{2}}",
    "pad_hour": f"{_GAP}[0-9][:.]",
    "seconds": "[0-9][:.][0-9]{2}[:.][0-9]{2}",
    "pm": rf"[0-9]{_GAP}?[AaPp]\.?[Mm]",
    "zone": f"{_ZONED}(?:Z|UTC|GMT|[-+][0-9:]{{1,5}})$",
    "offset": f"{_ZONED}[-+][0-9:]{{1,5}}$",
    "comma": ", ",
    "spaces": f"[{''.join(SPACES)}]",
}


@dataclass(frozen=True)
class Seen:
    """Cells of one file that begin alike: how many, one of them, where they are, and the forms among them."""

    source_file: str
    example: str
    n: int
    first: int
    last: int
    forms: frozenset[str]


@dataclass
class DatePlan:
    """How one column is read.

    `dated` are the files with any date, `ordered` those where day and month have an order to decide, and of these
    `day_first`; `forms` are the forms that occur at all, so that no engine works for forms that do not.
    """

    column: str
    day_first: set[str] = field(default_factory=set)
    ordered: set[str] = field(default_factory=set)
    dated: set[str] = field(default_factory=set)
    forms: set[str] = field(default_factory=set)
    first_year: int = LAST_YEAR
    last_year: int = FIRST_YEAR
    notes: list[tuple[str, str, str]] = field(default_factory=list)

    def years(self) -> tuple[int, int]:
        """The first and the last year that occurs; 1970 where none does."""
        return (self.first_year, self.last_year) if self.first_year <= self.last_year else (1970, 1970)

    def note(self, source_file: str, value: str, sentence: str) -> None:
        """Keep a sentence for the ledger."""
        self.notes.append((source_file, value, sentence))


def trimmed(column: str) -> nw.Expr:
    """The cell without spaces around it."""
    return nw.col(column).str.strip_chars()


def seen_in(frame: nw.LazyFrame[Any], column: str) -> nw.LazyFrame[Any]:
    """Count the cells of a column by file and day: the rows that `Seen` is made of."""
    text = nw.col("text")
    short = nw.when(text.str.contains(_SERIAL)).then(text.str.head(5)).otherwise(text.str.head(10))
    head = nw.when(text.str.contains(UNIX)).then(text.str.head(6)).otherwise(short)
    signs = {name: text.str.contains(pattern).cast(nw.Int8) for name, pattern in SIGNS.items()}
    cells = frame.select("source_file", "_order", text=trimmed(column)).with_columns(head=head, **signs)
    cells = cells.with_columns(no_zone=1 - nw.col("zone"))
    found = {name: nw.col(name).max() for name in (*SIGNS, "no_zone")}
    place = {"first": nw.col("_order").min(), "last": nw.col("_order").max()}
    return cells.group_by("source_file", "head").agg(n=nw.len(), example=nw.col("text").min(), **place, **found)


def seen(rows: Sequence[Mapping[str, Any]]) -> list[Seen]:
    """Make `Seen` of counted rows, in the order of the table."""
    names = (*SIGNS, "no_zone")
    found = [
        Seen(
            row["source_file"],
            row["example"],
            row["n"],
            row["first"],
            row["last"],
            frozenset(name for name in names if row[name]),
        )
        for row in rows
        if row["example"] is not None
    ]
    return sorted(found, key=lambda one: one.first)


def plain(text: str) -> str:
    """The cell with ordinary spaces, and none around it."""
    for space in SPACES:
        text = text.replace(space, " ")
    return text.strip()


def forms_of(found: re.Match[str], signs: frozenset[str]) -> set[str]:
    """The forms of cells that begin as `found` and among which the signs occur."""
    forms = {"civil", "year_first" if found["y"] else "day_or_month_first", *signs}
    if len(found[0]) < 10:
        forms.add("pad_year_first" if found["y"] else "pad_day")
    return forms
