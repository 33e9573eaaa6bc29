"""What was seen of a column of dates, and how it will be read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import narwhals as nw

from nps_utils.cleaning.engines import Frame, Rows
from nps_utils.exports.cells.centuries import with_century
from nps_utils.exports.cells.dates import (
    FIRST_YEAR,
    LAST_YEAR,
    MISSING,
    UNIX,
    UNIX_MILLI,
    Cell,
    Clock,
    plain,
    read_cell,
    read_clock,
)


@dataclass(frozen=True)
class Seen:
    """A distinct text of days in one file: what it means, its first and last row, how often it occurs.

    Of these cells `whole` had nothing cut off: what they say of the time of day is in the text itself.
    """

    source_file: str
    text: str
    cell: Cell | None
    n: int
    first: int
    last: int
    whole: int

    @property
    def missing(self) -> bool:
        """Whether it says that there is nothing."""
        return plain(self.text) in MISSING


@dataclass(frozen=True)
class Numbers:
    """Cells of one file that are numbers: their kind, how many, the least and the greatest, the first row."""

    source_file: str
    kind: str
    n: int
    least: float
    greatest: float
    first: int


@dataclass(frozen=True)
class Column:
    """What occurs in one column of dates.

    `clocks` are the distinct times of day; `zoneless` the files with a time that does not name its zone.
    """

    name: str
    days: tuple[Seen, ...]
    clocks: Mapping[str, Clock | None]
    numbers: tuple[Numbers, ...]
    zoneless: frozenset[str]

    def files(self) -> list[str]:
        """The files in which anything was seen, in the order of the table."""
        found: list[Seen | Numbers] = [*self.days, *self.numbers]
        return list(dict.fromkeys(one.source_file for one in sorted(found, key=lambda one: one.first)))


@dataclass
class DatePlan:
    """How one column is read.

    `dated` are the files with any date, `ordered` those where day and month have an order to decide, and of these
    `day_first`. `undone` are those whose dates are placeholders: none is read.
    """

    column: Column
    day_first: set[str] = field(default_factory=set)
    ordered: set[str] = field(default_factory=set)
    dated: set[str] = field(default_factory=set)
    undone: set[str] = field(default_factory=set)
    first_year: int = LAST_YEAR
    last_year: int = FIRST_YEAR
    notes: list[tuple[str, str, str]] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The name of the column."""
        return self.column.name

    def years(self) -> tuple[int, int]:
        """The first and the last year that occurs; 1970 where none does."""
        return (self.first_year, self.last_year) if self.first_year <= self.last_year else (1970, 1970)

    def widen(self, year: int) -> None:
        """Take a year in."""
        if FIRST_YEAR <= year <= LAST_YEAR:
            self.first_year, self.last_year = min(self.first_year, year), max(self.last_year, year)

    def note(self, source_file: str, value: str, sentence: str) -> None:
        """Keep a sentence for the ledger."""
        self.notes.append((source_file, value, sentence))


def queries(frame: Frame, column: str) -> list[Frame]:
    """Count the days, the times of day and the numbers of a column that was cut, by file: what `seen` is made of."""
    day, clock, number = (nw.col(f"{column}:{part}") for part in ("day", "clock", "number"))
    place = {"first": nw.col("_order").min(), "last": nw.col("_order").max()}
    kind = nw.when(number >= UNIX_MILLI[0]).then(nw.lit(2)).otherwise(nw.when(number >= UNIX[0]).then(nw.lit(1)))
    numbers = frame.filter(~number.is_null()).select("source_file", "_order", number=number, kind=kind.fill_null(0))
    span = {"least": nw.col("number").min(), "greatest": nw.col("number").max(), "first": place["first"]}
    parts = frame.select("source_file", "_order", day=day, clock=clock).filter(~nw.col("day").is_null())
    return [
        parts.group_by("source_file", "day").agg(n=nw.len(), timed=nw.col("clock").count(), **place),
        parts.filter(~nw.col("clock").is_null()).group_by("source_file", "clock").agg(n=nw.len()),
        numbers.group_by("source_file", "kind").agg(n=nw.len(), **span),
    ]


def seen(name: str, counted: Sequence[Rows]) -> Column:
    """Read the distinct texts that the `queries` found, once each."""
    days, clocks, numbers = counted
    cells = with_century({text: read_cell(text) for text in dict.fromkeys(row["day"] for row in days)})
    times = {text: read_clock(text) for text in dict.fromkeys(row["clock"] for row in clocks)}
    found = [
        Seen(
            row["source_file"],
            row["day"],
            cells[row["day"]],
            row["n"],
            row["first"],
            row["last"],
            row["n"] - row["timed"],
        )
        for row in days
    ]
    kinds = ("Excel serial dates", "Unix seconds", "Unix milliseconds")
    counts = [
        Numbers(row["source_file"], kinds[row["kind"]], row["n"], row["least"], row["greatest"], row["first"])
        for row in numbers
    ]
    return Column(
        name,
        tuple(sorted(found, key=lambda one: one.first)),
        times,
        tuple(sorted(counts, key=lambda one: (one.source_file, one.kind))),
        frozenset(_zoneless(found, clocks, times, counts)),
    )


def _zoneless(
    days: Sequence[Seen], clocks: Rows, times: Mapping[str, Clock | None], numbers: Sequence[Numbers]
) -> set[str]:
    """The files in which a time does not name its zone; a day without a time names none."""
    found = {one.source_file for one in numbers if one.kind.startswith("Excel")}
    found |= {one.source_file for one in days if one.whole and one.cell and not _names_zone(one.cell.clock)}
    return found | {row["source_file"] for row in clocks if (clock := times[row["clock"]]) and not _names_zone(clock)}


def _names_zone(clock: Clock | None) -> bool:
    return clock is not None and clock.offset is not None
