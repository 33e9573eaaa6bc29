"""Tables computed from the input and kept under `processed/`, read once by each process that asks for them."""

from __future__ import annotations

import ctypes
import json
import logging
import os
import shutil
import sys
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pandas as pd

from nps_utils.files import is_whole, private_file, private_folder, replacing, sealed_folder, stamp

if TYPE_CHECKING:
    import polars as pl
    import pyarrow as pa

_log = logging.getLogger(__name__)

Tables = dict[str, pd.DataFrame]


@dataclass(frozen=True)
class Streamed:
    """A table that is written as it streams by, and the columns of texts that pandas reads as its type `string`.

    `mended` is shown the table once it is written, and returns what is to be written in its place, if anything: what
    must be known of all rows need not be asked of an export, which costs more.
    """

    frame: pl.LazyFrame
    texts: Sequence[str] = ()
    mended: Callable[[pl.LazyFrame], pl.LazyFrame | None] | None = None


# A table of Arrow is kept as it lies in memory, to be mapped there; all others as Parquet.
Make = Callable[[], "Mapping[str, pd.DataFrame | pl.LazyFrame | Streamed | pa.Table]"]


Read = Callable[[Path], pd.DataFrame]


def kept(folder: Path, make: Make, *, same: str) -> Tables:
    """Return the tables of a folder under `processed/`; made anew where it is not there, or not whole.

    Columns may be added to what is returned; the next call does not see them.

    Parameters
    ----------
    folder
        Where they are kept. Its name says what they rest on.
    make
        What computes them, by name.
    same
        How the names of folders beside it begin that rest on the same input; others are forgotten.
    """
    kept_folder(folder, make, same=same)
    return {path.stem: kept_table(folder, path.stem, make, same=same) for path in folder.glob("*.parquet")}


def kept_table(folder: Path, name: str, make: Make, *, same: str, read: Read | None = None) -> pd.DataFrame:
    """Return one table of `kept`; the others are not read, and it by `read` where all who ask for it do so."""
    kept_folder(folder, make, same=same)
    known = _READ.get(folder)
    if known is None or known[0] != _stamps(folder):
        while len(_READ) >= _MOST_READ:
            _READ.pop(next(iter(_READ)))
        known = _READ[folder] = (_stamps(folder), {})
    if name not in known[1]:
        known[1][name] = (read or read_kept)(folder / f"{name}.parquet")
    return known[1][name].copy(deep=False)


def kept_folder(folder: Path, make: Make, *, same: str) -> Path:
    """Return the folder of `kept` with its tables in it, one file each: for those who read only a part of them."""
    if _SEEN.get(folder) != _stamps(folder):
        if not is_whole(folder):
            if folder.exists():
                _log.warning("%s is damaged, as after a killed run or a full disk; it is made anew.", folder)
            _keep(folder, make())
            for other in folder.parent.glob("[0-9a-f]*"):
                if not other.name.startswith(same):
                    shutil.rmtree(other, ignore_errors=True)
        _SEEN[folder] = _stamps(folder)
    return folder


def read_kept(path: Path, columns: Sequence[str] | None = None) -> pd.DataFrame:
    """Return a kept table, or some of its columns, and give back at once the memory that reading took beside it."""
    import pyarrow as pa  # pandas has loaded it by now
    from pyarrow import parquet

    # Many rows are handed over a column at a time: together they would be there twice.
    one_by_one = parquet.read_metadata(path).num_rows > _MANY
    table = pd.read_parquet(
        path,
        columns=None if columns is None else list(columns),
        to_pandas_kwargs={"split_blocks": True, "self_destruct": True} if one_by_one else None,  # type: ignore[arg-type]
    )
    pa.default_memory_pool().release_unused()
    return table


def give_back() -> None:
    """Give back to the system what was freed: of millions of rows gigabytes, which the next step would not use again.

    A process of a report keeps what it frees, see `told_first.keep_memory`. A small one holds little, and goes on.
    """
    import pyarrow as pa  # pandas has loaded it by now

    if sys.platform != "linux":
        return
    held = int(Path("/proc/self/statm").read_text("ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # which not every C library has
    if held >= _MUCH and trim is not None:
        pa.default_memory_pool().release_unused()
        trim(0)


def once(key: Hashable, make: Callable[[], pd.DataFrame]) -> pd.DataFrame:
    """Return a table that this process makes once for all that it rests on; columns added to it are the caller's own.

    Examples
    --------
    >>> made = once("numbers", lambda: pd.DataFrame({"n": [1]})).assign(n=2)
    >>> once("numbers", lambda: pd.DataFrame({"n": [3]}))["n"].tolist()
    [1]
    """
    if key not in _MADE:
        while len(_MADE) >= _MOST_READ:
            _MADE.pop(next(iter(_MADE)))
        _MADE[key] = make()
    return _MADE[key].copy(deep=False)


def _keep(folder: Path, tables: Mapping[str, pd.DataFrame | pl.LazyFrame | Streamed | pa.Table]) -> None:
    import pyarrow as pa  # pandas has loaded it by now

    private_folder(folder.parent.parent)
    with sealed_folder(folder) as inner:
        for name, table in tables.items():
            if isinstance(table, pd.DataFrame):
                table.to_parquet(private_file(inner / f"{name}.parquet"), row_group_size=_ROWS_OF_A_GROUP)
            elif isinstance(table, pa.Table):
                _lay(table, private_file(inner / f"{name}.arrow"))
            else:
                rows = table if isinstance(table, Streamed) else Streamed(table)
                _stream(rows, private_file(inner / f"{name}.parquet"))
    private_folder(folder)


def _lay(table: pa.Table, path: Path) -> None:
    import pyarrow as pa

    with pa.OSFile(str(path), "wb") as file, pa.ipc.new_file(file, table.schema) as writer:
        writer.write_table(table)


def _stream(table: Streamed, path: Path) -> None:
    """Write a table as it streams by; what pandas is to read of it otherwise than unasked stands in its schema."""
    import polars as pl

    schema = pl.DataFrame(schema=table.frame.collect_schema()).to_arrow().schema
    told = [
        {"name": name, "field_name": name, "pandas_type": "unicode", "numpy_type": "string", "metadata": None}
        for name in table.texts
    ]
    about = {"index_columns": [], "column_indexes": [], "columns": told, "pandas_version": pd.__version__}
    how = schema.with_metadata({b"pandas": json.dumps(about).encode()}) if told else None
    _sink(table.frame, path, how)
    again = table.mended(pl.scan_parquet(path)) if table.mended is not None else None
    if again is not None:
        with replacing(path) as beside:
            _sink(again, beside, how)


def _sink(frame: pl.LazyFrame, path: Path, schema: pa.Schema | None) -> None:
    frame.sink_parquet(
        path,
        compression="lz4",
        row_group_size=_ROWS_OF_A_GROUP,
        statistics=False,  # nobody looks for a range of values, and each text would be compared with two others
        arrow_schema=schema,
    )


# What this process has read of kept tables, with the stamps of the files: a page asks for its answers many times.
_READ: Final[dict[Path, tuple[dict[str, tuple[int, ...]], Tables]]] = {}
_MADE: Final[dict[Hashable, pd.DataFrame]] = {}
_MOST_READ: Final = 8
# What was found to be whole, so that it is not hashed again by those who read it a part at a time.
_SEEN: Final[dict[Path, dict[str, tuple[int, ...]]]] = {}
# Whoever streams through a table holds a group of its rows at a time.
_ROWS_OF_A_GROUP: Final = 1 << 17
_MANY: Final = 1 << 19
_MUCH: Final = 1 << 30  # bytes


def _stamps(folder: Path) -> dict[str, tuple[int, ...]]:
    """Return what changes when a file of a kept folder does, goes or comes."""
    return {path.name: stamp(path) for path in folder.glob("*")}
