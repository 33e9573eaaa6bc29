"""A folder of Parquet files as one table: written in parts, perhaps with columns in the names of its folders.

Spark, DuckDB and their like write `year=2025/month=01/part-0.parquet`: there `year` and `month` are columns. Rows are
numbered through all files, in the order of their names; `Places` says which row of which file each is.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl

from nps_utils.exports.files.grid import Grid
from nps_utils.exports.files.parquet import as_texts, check_rows, flat_columns, records_of, rounded, with_places
from nps_utils.exports.files.parquet_parts import Part, Places, common_columns, parts_of, places_in, quoted
from nps_utils.exports.files.records import Record
from nps_utils.exports.files.tabular import HEAD_RECORDS

# From so many files the first rows are looked at: what tells their folders apart is to be seen among them.
_LOOKED_AT: Final = 100
_FILE: Final = "_file"


def folder_grid(path: Path) -> Grid:
    """Open a folder of Parquet files as one table, whose rows stay on disk until they are asked for.

    Raises
    ------
    BadFile
        It holds nothing, or other files; one is damaged; or the columns of its files differ. The text names the file
        and the column.
    """
    parts = parts_of(path)
    runs = [list(run) for _, run in itertools.groupby(parts, key=lambda part: tuple(part.schema.items()))]
    names = common_columns(path, parts)
    keys = [key for key in parts[0].said if key not in names]
    columns = [*names, *keys]
    total = sum(part.rows for part in parts)
    check_rows(path, columns, total)
    texts = pl.concat([_texts(path, run, names) for run in runs])
    places = places_in(parts)

    def scan(skip: int) -> pl.LazyFrame:
        rows = with_places(texts, len(names)).slice(skip - 1)
        return _with_keys(rows, parts, keys, len(names), places)

    return Grid(
        path,
        (Record(0, columns, None, None), *_first(path, parts, names, keys)),
        len(columns),
        scan,
        rounded_columns=frozenset(at for run in runs for at in _rounded(path, run, names)),
        notes=_notes(parts, keys),
    )


def _scan(run: Sequence[Part]) -> pl.LazyFrame:
    return pl.scan_parquet([part.path for part in run], glob=False, hive_partitioning=False)


def _texts(path: Path, run: Sequence[Part], names: Sequence[str]) -> pl.LazyFrame:
    """Return the texts of files that were written alike, in the order of the columns of the folder."""
    own, texts = as_texts(path, _scan(run))
    return texts.select(pl.col(f"c{own.index(name)}").alias(f"c{at}") for at, name in enumerate(names))


def _rounded(path: Path, run: Sequence[Part], names: Sequence[str]) -> set[int]:
    own = [name for name, _, _ in flat_columns(path, run[0].schema)]
    return {names.index(own[at]) for at in rounded(path, _scan(run))}


def _with_keys(
    rows: pl.LazyFrame, parts: Sequence[Part], keys: Sequence[str], width: int, places: Places
) -> pl.LazyFrame:
    """Put what the names of the folders say beside the rows of their files."""
    if not keys:
        return rows
    cells = [f"c{at}" for at in range(width)]
    rest = [name for name in rows.collect_schema().names() if name not in cells]
    said = [pl.Series([part.said[key] for part in parts], dtype=pl.String) for key in keys]
    told = [
        pl.col(_FILE).map_batches(one.gather, return_dtype=pl.String, is_elementwise=True).alias(f"c{width + at}")
        for at, one in enumerate(said)
    ]
    return rows.with_columns(places.file_at(pl.col("source_row")).alias(_FILE)).select(*cells, *told, *rest)


def _first(path: Path, parts: Sequence[Part], names: Sequence[str], keys: Sequence[str]) -> Iterator[Record]:
    """Yield rows of many of the files, so that those of other folders are seen as well: all where they are few."""
    took = _to_look_at([part.rows for part in parts])
    looked = [(part, n) for part, n in zip(parts, took, strict=True) if n]
    texts = pl.collect_all([_texts(path, [part], names).head(n) for part, n in looked])
    start = dict(zip((part.name for part in parts), places_in(parts).before, strict=True))
    for (part, _), first in zip(looked, texts, strict=True):
        said = [part.said[key] or "" for key in keys]
        for record in records_of(first, start[part.name] + 1):
            yield record._replace(cells=[*record.cells, *said])


def _to_look_at(rows: Sequence[int]) -> list[int]:
    """Return how many rows of each file to look at: as many of each of many files, and more of the first ones.

    Examples
    --------
    >>> _to_look_at([2, 0, 4]), _to_look_at([10_000, 30, 10_000])
    ([2, 0, 4], [3304, 30, 1666])
    """
    filled = [at for at, n in enumerate(rows) if n]
    spread = np.linspace(0, len(filled) - 1, min(_LOOKED_AT, len(filled))).round().astype(int)
    chosen = [filled[at] for at in np.unique(spread)]
    took = [0] * len(rows)
    for at in chosen:
        took[at] = min(rows[at], max(1, HEAD_RECORDS // len(chosen)) if len(rows) > 1 else HEAD_RECORDS)
    left = HEAD_RECORDS - sum(took)
    for at in filled:
        more = min(left, rows[at] - took[at])
        took[at], left = took[at] + more, left - more
    return took


def _notes(parts: Sequence[Part], keys: Sequence[str]) -> tuple[str, ...]:
    empty = sum(not part.rows for part in parts)
    without = f", {empty:,} of them without rows" if empty else ""
    files = "file" if len(parts) == 1 else "files"
    said = [f"a folder of {len(parts):,} Parquet {files}{without}, read as one export."]
    if keys:
        said.append(f"{quoted(keys)}: from the names of its folders, such as {parts[0].name.rpartition('/')[0]}.")
    if again := [key for key in parts[0].said if key not in keys]:
        said.append(f"{quoted(again)}: from the rows; the names of the folders, which say it as well, are not read.")
    return tuple(said)
