"""Which table of a file holds the answers: the one sheet with a score, those that are named, or all."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from nps_utils.checks import (
    BadAnswers,
    BadFile,
    BadInput,
    MissingColumn,
    NoSuchHeader,
    NoSuchSheet,
    SeveralSheets,
    Undecidable,
)
from nps_utils.exports.detect import detect, known_tool
from nps_utils.exports.files.grid import Grid
from nps_utils.exports.files.opening import open_grids
from nps_utils.exports.found import ColumnNames, Found
from nps_utils.exports.layouts.laid_out import one_row_per_answer
from nps_utils.exports.layouts.period_columns import may_be_waves
from nps_utils.exports.layouts.same_rows import repeating_sheet
from nps_utils.exports.tools import known_tools
from nps_utils.scale.cells import NOTHING_TOLD, Told
from nps_utils.scale.ways_on import for_shell

# The word for all sheets of a workbook that hold answers.
ALL_SHEETS: Final = "all"


def choose(
    grids: list[Grid], tool: str | None, columns: ColumnNames | None, sheet: str | None, told: Told, *, readable: bool
) -> tuple[Grid, Found]:
    """Return the table of a file that holds the answers, and what was recognised of it."""
    path = grids[0].path
    if sheet is not None:
        grids = [grid for grid in grids if grid.sheet == sheet]
    if len(grids) == 1:
        return _detected(grids[0], tool, columns, told, readable=readable)
    fits, errors = [], list[BadInput]()
    for grid in grids:
        try:
            fits.append(_detected(grid, tool, columns, told, readable=readable))
        except BadAnswers as error:
            # It holds the question: another sheet with something like a score is no stand-in for it.
            raise BadAnswers(
                f'sheet "{grid.sheet}" of {error}\nIf another sheet holds the answers, name that.'
            ) from error
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


def _detected(
    grid: Grid, tool: str | None, columns: ColumnNames | None, told: Told, *, readable: bool
) -> tuple[Grid, Found]:
    """Recognise one table, after turning it into one row per answer where it was laid out otherwise."""
    # A survey tool writes one row per answer; its second header row could look like a question beside its answers.
    own = tool not in (None, "generic") or known_tool(grid, known_tools())[0] is not None
    made, named = one_row_per_answer(grid, columns or {}, may_be_long=not own)
    try:
        return made, detect(made, known_tools(), tool=tool, columns=named, told=told, readable=readable)
    except BadInput as error:
        if isinstance(error, NoSuchHeader):
            raise NoSuchHeader(_with_shape(str(error), made), error.header) from error
        # What reading found out may be why: a score inside a list, a table that begins further down.
        notes = "".join(f"\nNote: {note}" for note in grid.notes) if isinstance(error, MissingColumn) else ""
        if not isinstance(error, MissingColumn | Undecidable) or ("score" in named and not notes):
            raise
        ways = "" if "score" in named else _other_ways(error, made)
        raise type(error)(_with_shape(str(error), made) + notes + ways) from error


def _with_shape(text: str, grid: Grid) -> str:
    return text if grid.shape is None else f"{text}\n(The {grid.shape} Name its columns as they are then.)"


def _other_ways(error: BadInput, grid: Grid) -> str:
    """Return what to write where a table holds several answers a row: waves side by side, or several surveys."""
    waves = may_be_waves(grid) if grid.shape is None else []
    if waves:
        listed = ", ".join(json.dumps(name, ensure_ascii=False) for name in waves)
        options = " ".join(f"--column score={for_shell(name)}" for name in waves)
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
            _detected(grid, None, None, NOTHING_TOLD, readable=False)
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
        options = " ".join(f"--sheet {for_shell(name)}" for name in rest)
        listed = ", ".join(json.dumps(name, ensure_ascii=False) for name in rest)
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
