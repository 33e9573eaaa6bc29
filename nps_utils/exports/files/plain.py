"""A plain table beside the exports: the frame, the accounts, the revenue. One header row, every cell text."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pandas as pd
import polars as pl

from nps_utils.checks import BadFile
from nps_utils.exports.files.opening import open_grids
from nps_utils.exports.files.values import NULLS

# What is wrong with a row, beside its cells under their own names.
PROBLEM: Final = "table:problem"


def read_table(path: Path | str, *, sheet: str | None = None) -> pd.DataFrame:
    """Read a table with one header row as text: ids keep their last digit and their leading zeros.

    Parameters
    ----------
    path
        CSV (any common encoding and delimiter) or XLSX, or either in gz or zip.
    sheet
        The sheet of a workbook with several.

    Returns
    -------
    The columns under their own names, empty cells as missing, and `source_row` as a spreadsheet shows it.

    Raises
    ------
    BadFile
        No such file, no table in it, two columns of one name, several sheets, or a row that cannot be read.
        A damaged row stops here, unlike in an export: there is no ledger for these tables.
    """
    table = scan_table(path, sheet=sheet).collect(engine="streaming")
    check_whole_rows(path, table.filter(pl.col(PROBLEM).is_not_null()).head(1))
    return table.drop(PROBLEM).to_pandas()


def scan_table(path: Path | str, *, sheet: str | None = None) -> pl.LazyFrame:
    """Do the same lazily, for tables of millions; what is wrong with a row stands in `PROBLEM` beside its cells.

    Raises
    ------
    BadFile
        As `read_table`, but for damaged rows: see `check_whole_rows`.
    """
    grids = [grid for grid in open_grids(path) if sheet is None or grid.sheet == sheet]
    if len(grids) != 1:
        raise BadFile(f"{path} has {len(grids)} sheets that fit; a plain table is one: save the right sheet as CSV.")
    grid = grids[0]
    # Row numbers often have no header; a column without a name is called by its place, as in exports.
    names = [cell.strip() or f"column_{place}" for place, cell in enumerate(grid.head[0].cells[: grid.width], 1)]
    for name in names:
        if names.count(name) > 1:
            raise BadFile(f'{path} has two columns named "{name}" in its first row; each needs a name of its own.')
    # The cells without blanks around them; what a program writes for nothing, nothing.
    is_bare = grid.is_bare()
    bare = {c: pl.col(c) if is_bare else pl.col(c).str.strip_chars() for c in (f"c{i}" for i in range(len(names)))}
    filled = [pl.when(cell.is_in(["", *NULLS]).not_()).then(cell).alias(c) for c, cell in bare.items()]
    cells = grid.scan(1).select(*filled, "source_row", pl.col("source_problem").alias(PROBLEM))
    return cells.rename(dict(zip(bare, names, strict=True)))


def check_whole_rows(path: Path | str, broken: pl.DataFrame) -> None:
    """Raise `BadFile` where a table has a damaged row: `broken` holds the first of `scan_table`, if any."""
    if len(broken):
        row = broken.row(0, named=True)
        raise BadFile(f"{path}, row {row['source_row']}: {row[PROBLEM]}. Mend the row and run again.")
