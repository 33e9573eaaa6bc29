"""Whose each asking is, as numbers: a frame of tens of millions is read in parts, and its people are counted in parts.

The parts of one ordered answer wait for each other: of ten million askings in 5 GB.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final

import numpy as np
import pandas as pd
import polars as pl
from numpy.typing import NDArray

from nps_utils.study.lookup import looked_up

_AT_ONCE: Final = 1 << 21  # rows of a frame; of its file these are whole groups
_COUNTED_AT_ONCE: Final = 1 << 22  # rows whose people are told apart
_ROWS: Final = 1 << 32  # more than a frame can have
_WHO, _TIME, _ROW, _LATE, _HERE = "whose:person", "whose:time", "whose:row", "whose:late", "whose:here"


def parts_of(frame: pl.LazyFrame) -> Iterator[pl.LazyFrame]:
    """Yield the rows of a table that lies in a file, some at a time, in their order."""
    for start in range(0, max(frame.select(pl.len()).collect().item(), 1), _AT_ONCE):
        yield frame.slice(start, _AT_ONCE)


def person(columns: Sequence[str]) -> pl.Expr:
    """Return who an asking is of, as `person_key` does."""
    cells = {name: pl.col(name).str.strip_chars().replace("", None) for name in ("respondent_id", "email")}
    cells["email"] = cells["email"].str.to_lowercase()
    return pl.coalesce(*(cell for name, cell in cells.items() if name in columns))


def of_domains(domains: Sequence[str]) -> pl.Expr:
    """Say of each asking what `is_staff` says of people."""
    mail = pl.col("email").str.strip_chars().str.to_lowercase()
    bare = [own.lower().lstrip("@") for own in domains]
    # What follows the last @ of an address is one of these, or ends with a point and one.
    ours = pl.any_horizontal(
        *((mail == own) | mail.str.ends_with("@" + own) | mail.str.ends_with("." + own) for own in bare)
    )
    return ours.fill_null(value=False)


def last_of_each(frame: pl.LazyFrame, people: Sequence[str], times: pd.DataFrame) -> NDArray[np.bool_]:
    """Say of each asking of a frame whether it is its person's last.

    Parameters
    ----------
    frame
        In its file.
    people
        Which columns of it name a person.
    times
        Texts of `asked_at`, and by `time` which comes after which others, as numbers from 1. Other texts are as if
        empty, which comes before all. Of equal ones the later row of the frame is the last.
    """
    told = pl.from_pandas(times).select(
        cell=pl.col("asked_at").cast(pl.String), **{_TIME: pl.col("time").cast(pl.UInt32)}
    )

    def timed(part: pl.LazyFrame) -> pl.LazyFrame:
        return looked_up(part, pl.col("asked_at"), told, by="cell").with_columns(pl.col(_TIME).fill_null(0))

    found = pl.concat([_with_numbers(timed(part), people, [_TIME]) for part in parts_of(frame)])
    last = np.zeros(len(found), dtype=bool)
    place = pl.col(_TIME).cast(pl.Int64) * _ROWS + pl.col(_ROW).cast(pl.Int64)
    for some in _by_people(found.with_row_index(_ROW)):
        places = some.group_by(_WHO).agg(place.max())[_TIME]
        last[places.to_numpy() % _ROWS] = True
    return last


def people_by_askings(frame: pl.LazyFrame, people: Sequence[str], late: pl.Expr, staff: Sequence[str]) -> pd.DataFrame:
    """Count people, but for those of some domains, by how many of their askings are late: `askings`, `people`."""
    parts = (part.filter(~of_domains(staff)) if staff else part for part in parts_of(frame))
    found = pl.concat([_with_numbers(part.with_columns(late.alias(_LATE)), people, [_LATE]) for part in parts])
    counts = [
        some.group_by(_WHO).agg(askings=pl.col(_LATE).sum().cast(pl.Int64)).group_by("askings").agg(people=pl.len())
        for some in _by_people(found)
    ]
    every = pl.concat(counts).group_by("askings").agg(pl.col("people").sum().cast(pl.Int64))
    return every.sort("askings").to_pandas()


def people_by(
    frame: pl.LazyFrame,
    read: Callable[[pl.LazyFrame], pl.LazyFrame],
    links: pl.DataFrame,
    *,
    people: Sequence[str],
    groups: Sequence[str],
    touchpoint: str,
) -> dict[str, pd.DataFrame]:
    """Count who was asked at a touchpoint and who answered, each person once in a wave and group.

    Parameters
    ----------
    frame
        In its file.
    read
        What makes of some of its rows those that count, with all columns that are looked at.
    links
        Of all that count, in order, whether each is an asking (`asked`), `answered`, and its `wave`.
    people, groups
        Columns; an empty cell is no group, but "wave" counts all.
    touchpoint
        Only its askings count.
    """
    cuts = [name for name in groups if name != "wave"]
    # Who is known by an id is nobody who is known by an address.
    whose = (person([name]).str.to_lowercase() for name in people)
    numbers = [pl.when(who.is_not_null()).then(who.hash(seed)) for seed, who in enumerate(whose)]
    columns = [pl.col(name).cast(pl.Categorical) for name in cuts]  # numbers stand for texts
    here = (pl.col("touchpoint") == touchpoint).alias(_HERE)
    nobody = pl.col(_ROW).cast(pl.UInt64).hash()  # who is not known is one of his own
    found, at = [], 0
    for part in parts_of(frame):
        own = pl.coalesce(*numbers, pl.lit(None, dtype=pl.UInt64)).alias(_WHO)
        told = read(part).select(*columns, here, own).collect(engine="streaming")
        both = pl.concat([told, links.slice(at, len(told))], how="horizontal").with_row_index(_ROW, offset=at)
        chosen = both.lazy().filter("asked", _HERE).select(*cuts, "wave", "answered", pl.col(_WHO).fill_null(nobody))
        found.append(chosen.collect())
        at += len(told)
    counts: dict[str, list[pl.DataFrame]] = {name: [] for name in groups}
    for some in _by_people(pl.concat(found)):
        for name, tables in counts.items():
            tables.append(_counted(name, some))
    return {name: _summed(name, tables) for name, tables in counts.items()}


def _with_numbers(part: pl.LazyFrame, people: Sequence[str], columns: Sequence[str]) -> pl.DataFrame:
    """Return some columns of askings beside a number for whose each is.

    Among ten million people two have the same in three of a million tables.
    """
    for known in dict.fromkeys([tuple(people[:1]), tuple(people)]):  # where all have an id, no address is read
        found = part.select(person(known).alias(_WHO), *columns)
        found = found.select(pl.col(_WHO).hash(), *columns, lacks=pl.col(_WHO).is_null().any())
        table = found.collect(engine="streaming")
        if not table["lacks"].any():
            break
    return table.drop("lacks")


def _by_people(askings: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """Yield all askings of some people, then of others."""
    parts = 1 + len(askings) // _COUNTED_AT_ONCE
    for part in range(parts):
        yield askings.filter(pl.col(_WHO) % parts == part)


def _counted(group: str, askings: pl.DataFrame) -> pl.DataFrame:
    """Count the people of each group who were asked and answered, each of them once in a wave."""
    rows = askings.lazy().filter(pl.col(group).is_not_null() | (group == "wave"))
    once = rows.group_by(*{group: None, "wave": None}, _WHO).agg(pl.col("answered").any())
    return once.group_by(group).agg(asked=pl.len().cast(pl.Int64), answered=pl.col("answered").sum()).collect()


def _summed(group: str, tables: Sequence[pl.DataFrame]) -> pd.DataFrame:
    every = pl.concat(tables).group_by(group).agg(pl.col("asked").sum(), pl.col("answered").sum().cast(pl.Int64))
    return every.with_columns(pl.col(group).cast(pl.String)).sort(group).to_pandas()
