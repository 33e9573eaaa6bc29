"""Answers by the million: each different text of a column is held once, and the rows hold which it is.

A column is spelled out so once, in a file from which every process maps it into its memory: what no one looks at is not
read, and what two pages look at is there once.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from nps_utils.files import content_hash
from nps_utils.study.kept import kept_folder, read_kept

if TYPE_CHECKING:
    import polars as pl
    import pyarrow as pa

# Below it a page has its texts as texts, which are easier to work with; above it half of a page's time would go into
# hashing them again and again, and ten million would not fit.
MANY: Final = 1 << 16
# Each answer has its own: held once they are as many as before.
_OF_EACH: Final = ("response_id",)
# The files of a column: its cells, or which of its texts each cell is.
_CELLS, _CODES, _TEXTS = "cells", "codes", "texts"


def are_many(path: Path) -> bool:
    """Say whether a kept table is so long that its texts are to be held once each."""
    from pyarrow import parquet  # pandas has loaded it by now

    return int(parquet.read_metadata(path).num_rows) >= MANY


def read_answers(path: Path) -> pd.DataFrame:
    """Read kept answers; where they are many, a column of texts is an ordered category, see `read_columns`."""
    from pyarrow import parquet

    return read_columns(path, parquet.read_schema(path).names) if are_many(path) else read_kept(path)


def read_columns(path: Path, names: Sequence[str], rows: NDArray[np.bool_] | None = None) -> pd.DataFrame:
    """Read columns of a kept table, or some rows of them, those of texts as ordered categories.

    Categories are sorted, so that what is grouped, sorted or compared comes out as it does of texts.
    """
    columns: dict[str, pd.Series[Any]] = {}
    for name in names:  # one by one, so that no more than one is there twice
        column = _column(path, name)
        columns[name] = column if rows is None else column[rows].reset_index(drop=True)
    return pd.DataFrame(columns, copy=False)


def put_together(parts: Iterable[pl.DataFrame], *, alike: Collection[str]) -> pd.DataFrame:
    """Put the parts of a table of texts together; of some columns each different text is held once, as a category.

    Of a part no more is held than its cells, for as they were read they hold on to all rows beside them.
    """
    import polars as pl  # what streams through tables is not needed for those that are mapped
    import pyarrow as pa

    kinds = {name: pl.Categorical(pl.Categories.random()) for name in alike}
    found: dict[str, list[Any]] = {}
    for part in parts:
        for name in part.columns:
            cells = part[name]
            found.setdefault(name, []).append(cells.cast(kinds[name]) if name in kinds else cells.to_arrow())
    columns: dict[str, pd.Series[Any]] = {}
    for name in list(found):  # one by one, so that no more than one is there twice
        told = found.pop(name)
        if name not in kinds:
            columns[name] = pa.chunked_array([pa.concat_arrays(told)]).to_pandas()
            continue
        whole = pl.concat(told).to_pandas()
        # A column without a text has categories of no type.
        empty = not len(whole.cat.categories)
        columns[name] = whole.astype(pd.CategoricalDtype(pd.Index([], dtype="str"))) if empty else whole
    return pd.DataFrame(columns, copy=False)


def _column(path: Path, name: str) -> pd.Series[Any]:
    """Return a column from where it is spelled out, beside the kept table."""
    key = path.parent.name
    place = path.parent.parent.with_name(f"{path.stem}-columns") / f"{key}-{content_hash([], name)[:16]}"
    folder = kept_folder(place, functools.partial(_spelled, path, name), same=key.split("-")[0])
    cells = folder / f"{_CELLS}.arrow"
    if cells.is_file():
        whole: pd.DataFrame = _mapped(cells).to_pandas()
        return whole[name]
    codes, texts = (_mapped(folder / f"{part}.arrow")[name] for part in (_CODES, _TEXTS))
    # Unchecked: to see that millions of texts are sorted and differ, pandas would hold them a second time for good.
    kind = pd.CategoricalDtype._from_fastpath(  # type: ignore[attr-defined]
        pd.Index(texts.to_pandas(), dtype="str"), ordered=True
    )
    numbers = codes.combine_chunks().to_numpy(zero_copy_only=True)
    return pd.Series(pd.Categorical.from_codes(numbers, dtype=kind, validate=False), copy=False)


def _spelled(path: Path, name: str) -> dict[str, pa.Table]:
    """Return the cells of a column, or its sorted texts and which of them each cell is (-1: none)."""
    import pyarrow as pa
    from pyarrow import compute, parquet

    if name in _OF_EACH or not _is_text(parquet.read_schema(path).field(name).type):
        return {_CELLS: parquet.read_table(path, columns=[name]).combine_chunks()}
    column = parquet.read_table(path, columns=[name], read_dictionary=[name]).unify_dictionaries()[name]
    cells: pa.DictionaryArray = column.combine_chunks()
    order = compute.sort_indices(cells.dictionary)
    # A missing cell has the code -1: the last.
    rank = np.full(len(order) + 1, -1, dtype=_smallest(len(order)))
    rank[order.to_numpy()] = np.arange(len(order))
    codes = rank[cells.indices.fill_null(-1).to_numpy(zero_copy_only=False)]
    texts = cells.dictionary.take(order).cast(pa.large_string())
    pa.default_memory_pool().release_unused()
    return {_CODES: pa.table({name: codes}), _TEXTS: pa.table({name: texts})}


def _smallest(n: int) -> type[np.signedinteger[Any]]:
    """Return the integers in which pandas has the codes of so many categories; it would copy others."""
    return next((kind for kind in (np.int8, np.int16) if n <= np.iinfo(kind).max), np.int32)


def _mapped(path: Path) -> pa.Table:
    """Return a table that lies in its file; where a file that is mapped cannot be replaced, it is read."""
    import pyarrow as pa

    source = pa.OSFile(str(path)) if sys.platform == "win32" else pa.memory_map(str(path))
    return pa.ipc.open_file(source).read_all()


def _is_text(kind: pa.DataType) -> bool:
    import pyarrow as pa

    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))
