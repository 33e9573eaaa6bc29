"""Answers by the million: each different text of a column is held once, and the rows hold which it is."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from nps_utils.study.kept import read_kept

if TYPE_CHECKING:
    import pyarrow as pa

# Below it a page has its texts as texts, which are easier to work with; above it they would not fit ten million times.
MANY: Final = 1 << 19
# Each answer has its own: held once they are as many as before.
_OF_EACH: Final = ("response_id",)


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
    import pyarrow as pa
    from pyarrow import parquet

    texts = {one.name for one in parquet.read_schema(path) if _is_text(one.type)} - {*_OF_EACH}
    others = pd.read_parquet(path, columns=[name for name in names if name not in texts])
    columns: dict[str, pd.Series[Any]] = {}
    for name in names:  # one by one, so that no more than one is there twice
        column = _category(path, name) if name in texts else others.pop(name)
        columns[name] = column if rows is None else column[rows].reset_index(drop=True)
    pa.default_memory_pool().release_unused()
    return pd.DataFrame(columns, copy=False)


def _is_text(kind: pa.DataType) -> bool:
    import pyarrow as pa

    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def _category(path: Path, name: str) -> pd.Series[Any]:
    """Return texts as an ordered category of sorted texts; not by pandas, which hashes each of them three times."""
    from pyarrow import compute, parquet

    column = parquet.read_table(path, columns=[name], read_dictionary=[name]).unify_dictionaries()[name]
    cells: pa.DictionaryArray = column.combine_chunks()
    order = compute.sort_indices(cells.dictionary)
    # A missing cell has the code -1: the last.
    rank = np.full(len(order) + 1, -1, dtype=np.int32)
    rank[order.to_numpy()] = np.arange(len(order), dtype=np.int32)
    codes = rank[cells.indices.fill_null(-1).to_numpy(zero_copy_only=False)]
    texts = pd.Index(cells.dictionary.take(order).to_pandas(), dtype="str")
    return pd.Series(pd.Categorical.from_codes(codes, dtype=pd.CategoricalDtype(texts, ordered=True)))
