"""From a file to a text table in canonical columns, and why it was read so."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl

from nps_utils.exports.assemble import american_dates, assemble, source_names
from nps_utils.exports.files.grid import Grid
from nps_utils.exports.files.opening import open_grids
from nps_utils.exports.found import ColumnNames, Found
from nps_utils.exports.offered import Offer, constants, offers
from nps_utils.exports.sheets import choose, part_label, sheets_to_read
from nps_utils.scale import Scale
from nps_utils.scale.cells import told_of
from nps_utils.words.naming import EMPLOYEES


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
    ratings
        Further columns that are answers to closed questions (numbers of a scale, its words, lists of ticked options):
        no groups, but what may drive the score.
    weight
        The further column that holds a weight for each answer, or None; it is used only where the study names it.
    unused
        Each further column that is no segment, and why not.
    constants
        Those of them that have one value only, and that value.
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
    touchpoint
        What its question is about, where that is no matter of customers: `employees`. Else None.
    unread_date
        What to do about a column that seems to be the date of the answer and cannot be used as that. Else None.
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
    ratings: tuple[str, ...]
    weight: str | None
    unused: Mapping[str, str]
    constants: Mapping[str, str]
    extras: tuple[str, ...]
    toml_columns: Mapping[str, str | list[str]]
    ordered_dates: tuple[str, ...]
    offers: Mapping[str, str]
    timezone: str | None
    touchpoint: str | None
    unread_date: str | None

    def as_json(self) -> str:
        """Return all of it as one text, to be kept beside the rows."""
        return json.dumps(dataclasses.asdict(self), ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Recognised:
        """Return what `as_json` was asked of."""
        # JSON knows no tuples; lists within mappings are lists here as well.
        told: Any = {name: tuple(one) if isinstance(one, list) else one for name, one in json.loads(text).items()}
        return cls(**told)


def read_export(
    path: Path | str,
    *,
    tool: str | None = None,
    columns: ColumnNames | None = None,
    sheet: str | Sequence[str] | None = None,
    scale: Scale | None = None,
    labels: Mapping[str, int | None] | None = None,
) -> tuple[pd.DataFrame, Recognised]:
    r"""Read a survey export as a text table in canonical columns.

    No row is dropped and no cell is interpreted: a score is still `Extremely likely - 10`, an id has its last digit.

    Parameters
    ----------
    path
        CSV (any common encoding and delimiter), XLSX, ODS, SPSS (.sav, .zsav), Stata (.dta), SAS transport (.xpt),
        JSON, JSON lines or Parquet, each also in gz or zip; a folder of Parquet files, whose rows are then numbered
        through all of them; or the address of a database with a query, `duckdb:///file.db::SELECT ...`.
    tool
        The tool, where recognising it should not be left to us; see `tools`.
    columns
        Canonical column to the header that holds it, for columns that are not recognised or wrongly so.
    sheet
        The sheet of a workbook; without it the only sheet with a score. Several, or "all" of those with answers, become
        one table, with the sheet beside the file in `source_file`; what was recognised is then that of the first.
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
    sheet: str | Sequence[str] | None = None,
    scale: Scale | None = None,
    labels: Mapping[str, int | None] | None = None,
) -> tuple[pl.LazyFrame, Recognised]:
    """Do the same as `read_export`, lazily: a file of any size in bounded memory, as a Polars frame."""
    named = sheets_to_read(path, sheet)
    if len(named) > 1:
        parts = [
            scan_export(path, tool=tool, columns=columns, sheet=name, scale=scale, labels=labels) for name in named
        ]
        labelled = [
            lazy.with_columns(pl.lit(part_label(path, name)).alias("source_file"))
            for (lazy, _), name in zip(parts, named, strict=True)
        ]
        return pl.concat(labelled, how="diagonal_relaxed"), parts[0][1]
    grid, found = choose(open_grids(path), tool, columns, named[0], told_of(scale, labels), readable=False)
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
    named = sheets_to_read(path, sheet)
    return _recognised(*choose(open_grids(path), tool, columns, named[0], told_of(scale, labels), readable=True))


def _month_first(name: str) -> str:
    return (
        f"{name}: month first: under an English header the second number is written with one digit, as only the United"
        " States do; read so, and written year first."
    )


def _for_use(offered: Sequence[Offer], use: str) -> tuple[str, ...]:
    return tuple(one.name for one in offered if one.use == use)


def _recognised(grid: Grid, found: Found) -> Recognised:
    columns = dict(source_names(found))
    offered = offers(found)
    several = {name: [column.name for column in chosen] for name, chosen in found.chosen.items() if len(chosen) > 1}
    if grid.score_columns:
        several["score"] = list(grid.score_columns)
    return Recognised(
        tool=found.tool.name,
        score_column=columns["score"],
        columns=columns,
        reasons=(*found.reasons[:1], *([grid.shape] if grid.shape else []), *found.reasons[1:]),
        notes=(*grid.notes, *found.notes, *map(_month_first, american_dates(found))),
        encoding=grid.encoding,
        delimiter=grid.delimiter,
        sheet=grid.sheet,
        header_rows=found.header_rows,
        segments=_for_use(offered, "segment"),
        ratings=_for_use(offered, "rating"),
        weight=next(iter(_for_use(offered, "weight")), None),
        unused={one.name: one.why_not for one in offered if one.use != "segment"},
        constants=constants(found),
        extras=tuple(column.name for column in found.free),
        toml_columns={**columns, **several, **{name: [] for name in sorted(found.nowhere)}},
        ordered_dates=tuple(american_dates(found)),
        offers=found.offers,
        timezone=found.timezone,
        touchpoint=EMPLOYEES if found.of_employees and "touchpoint" not in found.chosen else None,
        unread_date=found.unread_date,
    )
