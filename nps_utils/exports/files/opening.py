"""Open any file of answers, by what its first bytes say it is: text, workbook, SPSS, Stata, SAS, JSON, Parquet."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from nps_utils.checks import BadFile
from nps_utils.exports.files.grid import Grid
from nps_utils.exports.files.line_ends import with_line_feeds
from nps_utils.exports.files.sources import Source, is_query, open_source
from nps_utils.exports.files.tabular import FAST_FROM, sheet_grids, text_grid


def open_grids(path: Path | str, *, fast_from: int = FAST_FROM) -> list[Grid]:
    """Open a file and return its tables: one per sheet with cells for a workbook, one for most other files.

    A folder of Parquet files is one table. Instead of a file it may be a query, `duckdb:///file.db::SELECT ...`; see
    `nps_utils.exports.files.database`.

    Raises
    ------
    BadFile
        There is no such file, or no table in it that can be read; the text says what to do.
    """
    if is_query(path):
        from nps_utils.exports.files.database import query_grid

        return [query_grid(str(path))]
    if (path := Path(path)).is_dir():
        from nps_utils.exports.files.parquet_folder import folder_grid

        return [folder_grid(path)]
    source = with_line_feeds(open_source(path))
    grids = _open(source, fast_from)
    return [dataclasses.replace(grid, notes=(*source.misnamed, *grid.notes)) for grid in grids]


def _open(source: Source, fast_from: int) -> list[Grid]:
    if source.kind == "workbook":
        grids = sheet_grids(source)
        if not grids:
            raise BadFile(f"{source.path} has no sheet with cells in it.")
        return grids
    if source.kind == "text":
        return [text_grid(source, fast_from)]
    # Imported when such a file is met: each brings libraries of its own.
    if source.kind == "parquet":
        from nps_utils.exports.files.parquet import parquet_grid

        return [parquet_grid(source)]
    if source.kind in ("spss", "stata", "sas"):
        from nps_utils.exports.files.spss import spss_grid

        return [spss_grid(source)]
    from nps_utils.exports.files.json_records import json_grids

    return json_grids(source)
