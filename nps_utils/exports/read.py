"""From a file to a text table in canonical columns, and why it was read so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import polars as pl

from nps_utils.checks import BadAnswers, BadFile, BadInput, MissingColumn, NoSuchHeader, NoSuchSheet, SeveralSheets
from nps_utils.exports.assemble import american_dates, assemble, segments, source_names
from nps_utils.exports.detect import detect
from nps_utils.exports.files.grid import Grid
from nps_utils.exports.files.opening import open_grids
from nps_utils.exports.found import ColumnNames, Found
from nps_utils.exports.tools import known_tools
from nps_utils.scale import Scale
from nps_utils.scale.cells import Told, told_of


@dataclass(frozen=True)
class Recognised:
    """What an export was recognised as, and why.

    Attributes
    ----------
    tool
        The tool's word for study.toml; `generic` for a table of unknown origin.
    score_column
        Header of the column that became `score`.
    columns
        Canonical column to the header that became it; where two columns make one, the first (see `toml_columns`).
    reasons
        Sentences: what was recognised and by which evidence.
    notes
        Sentences for the ledger: what a reader of the results should know about this file.
    encoding, delimiter, sheet
        How the bytes were read; None where it does not apply.
    header_rows
        Number of header rows.
    segments
        Further columns with 2 to 30 different short values: what groups may be compared by.
    extras
        All further columns, under the names they have in the table.
    toml_columns
        `columns` as study.toml wants it: a list where two columns make one.
    offers
        Canonical column to a header that may hold it: only the owner of the survey knows, so it was not used.
    timezone
        The zone of its times, where its headers state one and the values do not.
    ordered_dates
        The date columns whose form decided how they are read, which `notes` says: their cells come year first.
    """

    tool: str
    score_column: str
    columns: Mapping[str, str]
    reasons: tuple[str, ...]
    notes: tuple[str, ...]
    encoding: str | None
    delimiter: str | None
    sheet: str | None
    header_rows: int
    segments: tuple[str, ...]
    extras: tuple[str, ...]
    toml_columns: Mapping[str, str | list[str]]
    ordered_dates: tuple[str, ...]
    offers: Mapping[str, str]
    timezone: str | None


def read_export(
    path: Path | str,
    *,
    tool: str | None = None,
    columns: ColumnNames | None = None,
    sheet: str | None = None,
    scale: Scale | None = None,
    labels: Mapping[str, int | None] | None = None,
) -> tuple[pd.DataFrame, Recognised]:
    r"""Read a survey export as a text table in canonical columns.

    No row is dropped and no cell is interpreted: a score is still `Extremely likely - 10`, an id has its last digit.

    Parameters
    ----------
    path
        CSV (any common encoding and delimiter), XLSX, ODS, SPSS (.sav, .zsav), JSON, JSON lines or Parquet, each also
        in gz or zip; or the address of a database with a query, `duckdb:///file.db::SELECT ...`.
    tool
        The tool, where recognising it should not be left to us; see `tools`.
    columns
        Canonical column to the header that holds it, for columns that are not recognised or wrongly so.
    sheet
        The sheet of a workbook; without it the only sheet with a score.
    scale
        What the numbers of the score stand for, where that is refused or misread; see `nps_utils.scale.SCALES`.
    labels
        Scores of labels that are not understood; None for one that is no answer, `"*"` for all other such cells.

    Returns
    -------
    The table: canonical columns the export has (see `nps_utils.columns.EXPORT`), its further columns under
    their own names, `source_file`, `source_row` (record number in the file from 1, headers included where they are
    records), `source_problem` (why the row cannot be used, or null), `source_flag`
    and `source_excess` (cells for which there is no column). And what was recognised.

    Raises
    ------
    BadFile, MissingColumn, Undecidable, BadAnswers
        The text says what is wrong and what to do.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "answers.csv"
    ...     _ = path.write_text("Customer ID;NPS;Why?\n007;10;Quick and kind\n008;11;\n", encoding="utf-8")
    ...     table, recognised = read_export(path)
    >>> table[["respondent_id", "score", "comment", "source_row"]]
      respondent_id score         comment  source_row
    0           007    10  Quick and kind           2
    1           008    11             NaN           3
    >>> recognised.score_column, recognised.delimiter
    ('NPS', ';')
    """
    lazy, recognised = scan_export(path, tool=tool, columns=columns, sheet=sheet, scale=scale, labels=labels)
    return lazy.collect().to_pandas(), recognised


def scan_export(
    path: Path | str,
    *,
    tool: str | None = None,
    columns: ColumnNames | None = None,
    sheet: str | None = None,
    scale: Scale | None = None,
    labels: Mapping[str, int | None] | None = None,
) -> tuple[pl.LazyFrame, Recognised]:
    """Do the same as `read_export`, lazily: a file of any size in bounded memory, as a Polars frame."""
    grid, found = _choose(open_grids(path), tool, columns, sheet, told_of(scale, labels), readable=False)
    return assemble(grid, found), _recognised(grid, found)


def recognise(
    path: Path | str,
    *,
    tool: str | None = None,
    columns: ColumnNames | None = None,
    sheet: str | None = None,
    scale: Scale | None = None,
    labels: Mapping[str, int | None] | None = None,
) -> Recognised:
    """Say what an export is, without reading its rows; refuse one whose first answers cannot be read."""
    return _recognised(*_choose(open_grids(path), tool, columns, sheet, told_of(scale, labels), readable=True))


def _choose(
    grids: list[Grid], tool: str | None, columns: ColumnNames | None, sheet: str | None, told: Told, *, readable: bool
) -> tuple[Grid, Found]:
    path, names = grids[0].path, [grid.sheet for grid in grids]
    if sheet is not None:
        grids = [grid for grid in grids if grid.sheet == sheet]
        if not grids:
            listed = ", ".join(f'"{name}"' for name in names if name) or "none: it is a text file"
            raise NoSuchSheet(f'{path} has no sheet "{sheet}" with cells; its sheets: {listed}.')
    if len(grids) == 1:
        try:
            return grids[0], detect(grids[0], known_tools(), tool=tool, columns=columns, told=told, readable=readable)
        except MissingColumn as error:
            if isinstance(error, NoSuchHeader) or not grids[0].notes:
                raise
            # What reading found out may be why: a score inside a list, a table that begins further down.
            raise MissingColumn("\n".join([str(error), *(f"Note: {note}" for note in grids[0].notes)])) from error
    fits, errors = [], list[BadInput]()
    for grid in grids:
        try:
            fits.append((grid, detect(grid, known_tools(), tool=tool, columns=columns, told=told, readable=readable)))
        except BadAnswers as error:
            # It holds the question: another sheet with something like a score is no stand-in for it.
            raise BadAnswers(
                f'sheet "{grid.sheet}" of {error}\nIf another sheet holds the answers, name that.'
            ) from error
        except (MissingColumn, BadFile) as error:
            errors.append(error)
    if len(fits) == 1:
        others = ", ".join(f'"{grid.sheet}"' for grid in grids if grid is not fits[0][0])
        fits[0][1].reasons.append(f'sheet is "{fits[0][0].sheet}": the only one with a score; not read: {others}.')
        return fits[0]
    listed = "\n".join(f'  sheet = "{grid.sheet}"' for grid, _ in fits)
    if fits:
        raise SeveralSheets(
            f"{path}: {len(fits)} sheets hold answers. Name one under [[export]] in study.toml:\n{listed}"
        )
    raise MissingColumn("\n".join([f"{path}: no sheet has a score column.", *map(str, errors)]))


def _month_first(name: str) -> str:
    return (
        f"{name}: month first: under an English header the second number is written with one digit, as only the United"
        " States do; read so, and written year first."
    )


def _recognised(grid: Grid, found: Found) -> Recognised:
    columns = dict(source_names(found))
    several = {name: [column.name for column in chosen] for name, chosen in found.chosen.items() if len(chosen) > 1}
    return Recognised(
        tool=found.tool.name,
        score_column=columns["score"],
        columns=columns,
        reasons=tuple(found.reasons),
        notes=(*grid.notes, *found.notes, *map(_month_first, american_dates(found))),
        encoding=grid.encoding,
        delimiter=grid.delimiter,
        sheet=grid.sheet,
        header_rows=found.header_rows,
        segments=segments(found),
        extras=tuple(column.name for column in found.free),
        toml_columns={**columns, **several},
        ordered_dates=tuple(american_dates(found)),
        offers=found.offers,
        timezone=found.timezone,
    )
