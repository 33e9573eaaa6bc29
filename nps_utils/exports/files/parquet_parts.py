"""The files of a folder of Parquet: what each holds, what the names of its folders say, and that all are one table."""

from __future__ import annotations

import functools
import itertools
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final
from urllib.parse import unquote

import numpy as np
import polars as pl
from polars.exceptions import PolarsError

from nps_utils.checks import BadFile
from nps_utils.exports.files.parquet import flat_columns
from nps_utils.files import files_of, stamp

_MAGIC: Final = b"PAR1"
# What Hive and Spark write where a column in the name of a folder has no value.
_NOTHING: Final = "__HIVE_DEFAULT_PARTITION__"
_SHOWN: Final = 8
# Tables in whose folder also rows lie that are no longer of the table, by what tells them.
_VERSIONED: Final = {
    "_delta_log": "a Delta table",
    ".hoodie": "a Hudi table",
    "metadata/*.metadata.json": "an Iceberg table",
}


@dataclass(frozen=True)
class Places:
    """The files of a folder by their paths from there, and how many rows come before each of them."""

    names: tuple[str, ...]
    before: tuple[int, ...]

    def file_at(self, row: pl.Expr) -> pl.Expr:
        """The place among the files of the one that a row is in."""
        starts = np.asarray(self.before)

        def find(rows: pl.Series) -> pl.Series:
            # Files without rows begin where the next one does: the row is in the last of those that begin before it.
            found = np.searchsorted(starts, rows.fill_null(1).to_numpy(), side="left") - 1
            return pl.Series(rows.name, np.maximum(found, 0), dtype=pl.UInt32)

        return row.map_batches(find, return_dtype=pl.UInt32, is_elementwise=True)

    def place(self, row: int) -> tuple[str, int]:
        """Return the file that a row is in, and its number there."""
        at = int(np.searchsorted(np.asarray(self.before), row, side="left")) - 1
        return self.names[at], row - self.before[at]


@dataclass(frozen=True)
class Part:
    """One file: its path from the folder, its columns, how many rows it has, and what its folders say."""

    path: Path
    name: str
    schema: Mapping[str, pl.DataType]
    rows: int
    said: Mapping[str, str | None]


def places_of(path: Path) -> Places:
    """Return which rows of a folder are in which of its files."""
    return places_in(parts_of(path))


def places_in(parts: Sequence[Part]) -> Places:
    """Return which rows are in which of some files that follow each other."""
    before = itertools.accumulate((part.rows for part in parts[:-1]), initial=0)
    return Places(tuple(part.name for part in parts), tuple(before))


def parts_of(path: Path) -> list[Part]:
    """Look at each file of a folder once, as long as nobody writes into it."""
    files = tuple(files_of(path))
    return _looked_at(path, files, tuple(stamp(file) for file in files))


@functools.lru_cache(maxsize=4)
def _looked_at(path: Path, files: tuple[Path, ...], stamps: tuple[tuple[int, ...], ...]) -> list[Part]:  # noqa: ARG001
    _check_folder(path, files)
    parts = [_part(path, file) for file in files]
    _check_keys(path, parts)
    return parts


def _check_folder(path: Path, files: Sequence[Path]) -> None:
    """Raise `BadFile` for a folder of something else than Parquet, or of which not all rows count."""
    for sign, what in _VERSIONED.items():
        if next(path.glob(sign), None) is not None:
            raise BadFile(
                f"{path} is {what}: its files also hold rows that were replaced or deleted since. Write the rows it has"
                " now into a folder or file of their own (Spark: spark.read...write.parquet; DuckDB: COPY ... TO), and"
                " name that."
            )
    if next(path.glob("**/_temporary"), None) is not None:
        raise BadFile(
            f"{path} is being written, or was left half-written: it holds a folder _temporary. Let the program that"
            " writes it end, or run it again."
        )
    if not files:
        raise BadFile(f"{path} is a folder without a file of rows. Put the Parquet files of the export into it.")
    other = [file for file in files if not _is_parquet(file)]
    if not other:
        return
    listed = ", ".join(file.relative_to(path).as_posix() for file in other[:_SHOWN])
    more = f" and {len(other) - _SHOWN:,} more" if len(other) > _SHOWN else ""
    if len(other) == len(files):
        raise BadFile(
            f"{path} is a folder, not an export file. It holds: {listed}{more}. A folder is read as one export only"
            " where its files are Parquet; name each other file by itself."
        )
    raise BadFile(
        f"{path} is a folder of Parquet files, and what else it holds cannot be read as one: {listed}{more}. A file"
        " that is empty or damaged: write it again. A file that is of something else: take it out of the folder; if it"
        " is an export, name it by itself."
    )


def _is_parquet(file: Path) -> bool:
    try:
        with file.open("rb") as opened:
            return opened.read(len(_MAGIC)) == _MAGIC
    except OSError as error:
        raise BadFile(f"{file} cannot be opened: {error.strerror}.") from error


def _part(path: Path, file: Path) -> Part:
    from pyarrow import ArrowException, parquet

    name = file.relative_to(path).as_posix()
    try:
        schema = pl.scan_parquet(file, glob=False).collect_schema()
        rows = parquet.read_metadata(file).num_rows
    except (PolarsError, OSError, ArrowException) as error:
        first = str(error).splitlines()[0]
        raise BadFile(
            f"{path}: {name} is a Parquet file but damaged or encrypted ({first}). Download or write it again."
        ) from error
    return Part(file, name, schema, rows, _said(name))


def _said(name: str) -> dict[str, str | None]:
    """Return the columns that the names of its folders give a file.

    Examples
    --------
    >>> _said("year=2025/place=S%C3%A3o%20Paulo/who=__HIVE_DEFAULT_PARTITION__/part-0.parquet")
    {'year': '2025', 'place': 'São Paulo', 'who': None}
    """
    pairs = [folder.partition("=") for folder in PurePosixPath(name).parts[:-1] if "=" in folder]
    return {unquote(key): None if value in ("", _NOTHING) else unquote(value) for key, _, value in pairs}


def _check_keys(path: Path, parts: Sequence[Part]) -> None:
    """Raise `BadFile` where folders name columns for some of the files only."""
    first = parts[0]
    for part in parts:
        if set(part.said) != set(first.said):
            one, other = sorted((part, first), key=lambda part: len(part.said), reverse=True)
            missing = ", ".join(f'"{key}"' for key in one.said if key not in other.said)
            raise BadFile(
                f"{path}: the folders of {one.name} name the column {missing}, those of {other.name} do not. Move one"
                " of them into a folder of another name, and name both under an [[export]] each (to nps new: name"
                " both)."
            )


def common_columns(path: Path, parts: Sequence[Part]) -> list[str]:
    """Return the columns of the files; where one has others, or another kind of cells in one, it is refused by name.

    What most files have is taken for what is meant.
    """
    kinds = {tuple(part.schema.items()): None for part in parts}
    flat = {key: {name: _kind(dtype) for name, _, dtype in flat_columns(path, dict(key))} for key in kinds}
    counted = Counter(tuple(sorted(flat[tuple(part.schema.items())])) for part in parts)
    (usual, _), *_ = counted.most_common(1)
    like = next(part for part in parts if tuple(sorted(flat[tuple(part.schema.items())])) == usual)
    names = list(flat[tuple(like.schema.items())])
    seen = dict[str, tuple[str, Part]]()
    for part in parts:
        mine = flat[tuple(part.schema.items())]
        _check_same_names(path, part, like, mine, names)
        for name, kind in mine.items():
            if kind is not None and seen.setdefault(name, (kind, part))[0] != kind:
                other, first = seen[name]
                raise BadFile(
                    f'{path}: column "{name}" holds {kind} in {part.name} and {other} in {first.name}. {_APART}'
                )
    return names


_APART: Final = (
    "A folder is one table: write its files anew with the same columns; or move those that differ into a folder of"
    " another name, and name both under an [[export]] each (to nps new: name both)."
)


def _check_same_names(path: Path, part: Part, like: Part, mine: Mapping[str, str | None], names: Sequence[str]) -> None:
    gone, new = [name for name in names if name not in mine], [name for name in mine if name not in names]
    if not gone and not new:
        return
    listed = [f"has no {quoted(gone)}, which {like.name} has"] * bool(gone)
    listed += [f"has {quoted(new)}, which {like.name} has not"] * bool(new)
    raise BadFile(f"{path}: {part.name} {', and it '.join(listed)}. {_APART}")


def quoted(names: Sequence[str]) -> str:
    """Return columns as a message names them, the first of many."""
    shown = ", ".join(f'"{name}"' for name in names[:_SHOWN])
    more = f" and {len(names) - _SHOWN:,} more" if len(names) > _SHOWN else ""
    return f"column{'s' if len(names) > 1 else ''} {shown}{more}"


def _kind(dtype: pl.DataType) -> str | None:
    """Return what the cells of a column are; None where it has none: such a column fits any.

    Examples
    --------
    >>> _kind(pl.Int8()) == _kind(pl.Float64()), _kind(pl.Date()), _kind(pl.Datetime("us", "UTC")), _kind(pl.Null())
    (True, 'dates', 'times with a zone', None)
    """
    if isinstance(dtype, pl.Null):
        return None
    if dtype.is_numeric():
        return "numbers"
    if isinstance(dtype, pl.Datetime) and dtype.time_zone:
        return "times with a zone"
    named: tuple[tuple[type[pl.DataType] | tuple[type[pl.DataType], ...], str], ...] = (
        ((pl.Date, pl.Datetime), "dates"),
        ((pl.List, pl.Array), "lists"),
        (pl.Boolean, "yes and no"),
        (pl.Time, "times of day"),
        (pl.Duration, "spans of time"),
    )
    return next((word for kinds, word in named if isinstance(dtype, kinds)), "texts")
