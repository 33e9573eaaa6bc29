"""Survey exports: bytes to a text table in canonical columns, one small declarative file per tool.

Adding a tool
-------------
1. Write `nps_utils/exports/<tool>.py` with one constant `TOOL = Tool(...)`: the headers by which its exports are
   known (`signs`, from a real export or the vendor's documentation; choose ones that no other tool has), and for each
   canonical column the headers that hold it (`columns`, best first; case, spaces and punctuation do not matter).
   `hubspot.py` is an example with localised labels, `surveymonkey.py` of two header rows, `qualtrics.py` of three.
   The file is found by being there; nothing else has to be registered.
2. Leave out what is recognised anyway: the score by its question, the label column, dates, comments, ids by their
   names. List only headers that would be missed or mistaken. Say in the docstring what is the vendor's word and what
   is inferred.
3. Write `tests/test_exports_<tool>.py`: an invented file of two or three rows in the tool's layout, and what must come
   out. Never a real customer's export.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import pandas as pd
import polars as pl

from nps_utils.checks import BadFile, BadInput, MissingColumn, NoSuchHeader, NoSuchSheet, SeveralSheets, Undecidable
from nps_utils.exports.assemble import american_dates, assemble, source_names
from nps_utils.exports.detect import ColumnNames, Found, detect
from nps_utils.exports.laid_out import one_row_per_answer
from nps_utils.exports.offered import Offer, offers
from nps_utils.exports.period_columns import may_be_waves
from nps_utils.exports.same_rows import repeating_sheet
from nps_utils.exports.tabular import Grid, open_grids
from nps_utils.exports.tool import Tool

__all__ = [
    "ALL_SHEETS",
    "Recognised",
    "Tool",
    "part_label",
    "read_export",
    "recognise",
    "scan_export",
    "sheets_to_read",
    "tools",
    "unread_sheets",
]

# The word for all sheets of a workbook that hold answers.
ALL_SHEETS: Final = "all"


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
    ratings: tuple[str, ...]
    weight: str | None
    unused: Mapping[str, str]
    extras: tuple[str, ...]
    toml_columns: Mapping[str, str | list[str]]
    ordered_dates: tuple[str, ...]
    offers: Mapping[str, str]
    timezone: str | None


@cache
def tools() -> tuple[Tool, ...]:
    """Return every tool we know: the `TOOL` of each module of this package that has one."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    modules = [importlib.import_module(f"{__name__}.{name}") for name in names]
    return tuple(module.TOOL for module in modules if hasattr(module, "TOOL"))


def read_export(
    path: Path | str,
    *,
    tool: str | None = None,
    columns: ColumnNames | None = None,
    sheet: str | Sequence[str] | None = None,
) -> tuple[pd.DataFrame, Recognised]:
    r"""Read a survey export as a text table in canonical columns.

    No row is dropped and no cell is interpreted: a score is still `Extremely likely - 10`, an id has its last digit.

    Parameters
    ----------
    path
        CSV (any common encoding and delimiter), XLSX, or either in gz or zip.
    tool
        The tool, where recognising it should not be left to us; see `tools`.
    columns
        Canonical column to the header that holds it, for columns that are not recognised or wrongly so.
    sheet
        The sheet of a workbook; without it the only sheet with a score. Several, or "all" of those with answers, become
        one table, with the sheet beside the file in `source_file`; what was recognised is then that of the first.

    Returns
    -------
    The table: canonical columns the export has (see `nps_utils.columns.EXPORT`), its further columns under
    their own names, `source_file`, `source_row` (record number in the file from 1, headers included),
    `source_problem` (why the row cannot be used, or null), `source_flag`
    and `source_excess` (cells for which there is no column). And what was recognised.

    Raises
    ------
    BadFile, MissingColumn, Undecidable
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
    lazy, recognised = scan_export(path, tool=tool, columns=columns, sheet=sheet)
    return lazy.collect().to_pandas(), recognised


def scan_export(
    path: Path | str,
    *,
    tool: str | None = None,
    columns: ColumnNames | None = None,
    sheet: str | Sequence[str] | None = None,
) -> tuple[pl.LazyFrame, Recognised]:
    """Do the same as `read_export`, lazily: a file of any size in bounded memory, as a Polars frame."""
    named = sheets_to_read(path, sheet)
    if len(named) > 1:
        parts = [scan_export(path, tool=tool, columns=columns, sheet=name) for name in named]
        labelled = [
            lazy.with_columns(pl.lit(part_label(path, name)).alias("source_file"))
            for (lazy, _), name in zip(parts, named, strict=True)
        ]
        return pl.concat(labelled, how="diagonal_relaxed"), parts[0][1]
    grid, found = _choose(open_grids(path), tool, columns, named[0])
    return assemble(grid, found), _recognised(grid, found)


def recognise(
    path: Path | str, *, tool: str | None = None, columns: ColumnNames | None = None, sheet: str | None = None
) -> Recognised:
    """Say what an export is, without reading its rows."""
    return _recognised(*_choose(open_grids(path), tool, columns, sheet))


def _choose(grids: list[Grid], tool: str | None, columns: ColumnNames | None, sheet: str | None) -> tuple[Grid, Found]:
    path = grids[0].path
    if sheet is not None:
        grids = [grid for grid in grids if grid.sheet == sheet]
    if len(grids) == 1:
        return _detected(grids[0], tool, columns)
    fits, errors = [], list[BadInput]()
    for grid in grids:
        try:
            fits.append(_detected(grid, tool, columns))
        except (MissingColumn, BadFile) as error:
            errors.append(error)
    # A sheet with headers alone is a form, unless it is all there is.
    fits = [fit for fit in fits if len(fit[0].head) > fit[1].header_rows] or fits
    if len(fits) == 1:
        others = ", ".join(f'"{grid.sheet}"' for grid in grids if grid is not fits[0][0])
        fits[0][1].reasons.append(f'sheet is "{fits[0][0].sheet}": the only one with a score; not read: {others}.')
        return fits[0]
    listed = "\n".join(f'  sheet = "{grid.sheet}"' for grid, _ in fits)
    if fits:
        several = ", ".join(f'"{grid.sheet}"' for grid, _ in fits[:2])
        raise SeveralSheets(
            f"{path}: {len(fits)} sheets hold answers. Name one under [[export]] in study.toml, several as"
            f' sheet = [{several}], or all of them as sheet = "all":\n{listed}'
        )
    raise MissingColumn("\n".join([f"{path}: no sheet has a score column.", *map(str, errors)]))


def _detected(grid: Grid, tool: str | None, columns: ColumnNames | None) -> tuple[Grid, Found]:
    """Recognise one table, after turning it into one row per answer where it was laid out otherwise."""
    made, named = one_row_per_answer(grid, columns or {})
    try:
        return made, detect(made, tools(), tool=tool, columns=named)
    except BadInput as error:
        if isinstance(error, NoSuchHeader):
            raise NoSuchHeader(_with_shape(str(error), made), error.header) from error
        if not isinstance(error, MissingColumn | Undecidable) or "score" in named:
            raise
        raise type(error)(_with_shape(str(error), made) + _other_ways(error, made)) from error


def _with_shape(text: str, grid: Grid) -> str:
    return text if grid.shape is None else f"{text}\n(The {grid.shape} Name its columns as they are then.)"


def _other_ways(error: BadInput, grid: Grid) -> str:
    """Return what to write where a table holds several answers a row: waves side by side, or several surveys."""
    waves = may_be_waves(grid) if grid.shape is None else []
    if waves:
        listed = ", ".join(f'"{name}"' for name in waves)
        options = " ".join(f'--column score="{name}"' for name in waves)
        return (
            "\nIf these are answers of the same customers in several waves, name them all:"
            f" columns = {{ score = [{listed}] }} (to nps new: {options})."
        )
    if isinstance(error, Undecidable):
        return (
            "\nTo read each as a survey of its own, write [[export]] with this path once for each, with its line and a"
            ' survey = "..." of its own.'
        )
    return ""


def sheets_to_read(path: Path | str, sheet: str | Sequence[str] | None) -> list[str | None]:
    """Return the sheets that `sheet` names: itself, several, or all that hold answers; [None] where it names none.

    Raises
    ------
    NoSuchSheet
        The file has no such sheet.
    BadFile
        All were asked for, and one repeats the rows of the others.
    """
    if sheet is None:
        return [None]
    wanted = [sheet] if isinstance(sheet, str) else list(dict.fromkeys(sheet))
    if not wanted:
        raise NoSuchSheet(f'{path}: sheet = [] names no sheet; write sheet = "all", or leave it out.')
    grids = open_grids(path)
    there = {grid.sheet: grid for grid in grids if grid.sheet}
    if wanted == [ALL_SHEETS] and ALL_SHEETS not in there:
        return _sheets_with_answers(path, there)
    for name in wanted:
        if name not in there:
            listed = ", ".join(f'"{known}"' for known in there) or "none: it is a text file"
            raise NoSuchSheet(f'{path} has no sheet "{name}" with cells; its sheets: {listed}.')
    _refuse_repeated(path, [there[name] for name in wanted])
    return [*wanted]


def unread_sheets(path: Path | str, read: Sequence[str | None]) -> list[str]:
    """Return the sheets with cells that are not among those read."""
    return [grid.sheet for grid in open_grids(path) if grid.sheet and grid.sheet not in read]


def _sheets_with_answers(path: Path | str, there: Mapping[str, Grid]) -> list[str | None]:
    fits = list[str | None]()
    for name, grid in there.items():
        if len(grid.head) < 2:
            continue  # a lone row has nothing below it
        try:
            _detected(grid, None, None)
        except (MissingColumn, BadFile):
            continue
        except Undecidable:
            pass  # it holds answers, and reading it will say what to name
        fits.append(name)
    _refuse_repeated(path, [there[str(name)] for name in fits])
    return fits or [None]


def _refuse_repeated(path: Path | str, grids: Sequence[Grid]) -> None:
    if again := repeating_sheet(grids):
        rest = [str(grid.sheet) for grid in grids if grid.sheet != again]
        options = " ".join(f'--sheet "{name}"' for name in rest)
        listed = ", ".join(f'"{name}"' for name in rest)
        raise BadFile(
            f'{path}: sheet "{again}" repeats the rows of the others, so that they would count twice. Name the others:'
            f" {options} (in study.toml: sheet = [{listed}])."
        )


def part_label(path: Path | str, part: str | None) -> str:
    """Return how the ledger names a file, or one part of it.

    Examples
    --------
    >>> part_label("raw/answers.xlsx", "2026-01"), part_label("raw/answers.csv", None)
    ('answers.xlsx [2026-01]', 'answers.csv')
    """
    name = Path(path).name
    return name if part is None else f"{name} [{part}]"


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
        extras=tuple(column.name for column in found.free),
        toml_columns={**columns, **several},
        ordered_dates=tuple(american_dates(found)),
        offers=found.offers,
        timezone=found.timezone,
    )
