"""Start a study: recognise exports, copy them to raw/, write a commented study.toml, and say what was found."""

from __future__ import annotations

import filecmp
import json
import re
import shlex
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib.resources import files
from pathlib import Path
from typing import Final
from zoneinfo import available_timezones

from jinja2 import Environment, StrictUndefined

from nps_utils import tables
from nps_utils.checks import (
    BadFile,
    BadInput,
    BadStudy,
    BadValue,
    MissingColumn,
    NoSuchHeader,
    NoSuchSheet,
    SeveralSheets,
    Undecidable,
    UndecidedOrder,
    closest,
)
from nps_utils.exports import ALL_SHEETS, Recognised, recognise, sheets_to_read, unread_sheets
from nps_utils.study import Study

# Answers are personal data: wherever the study lies, git takes none of them along unasked.
_PRIVATE = "raw/\nprocessed/\nresults/\nreport/\n"


@dataclass(frozen=True)
class Help:
    """What the user said where recognising alone is not enough.

    Parameters
    ----------
    columns
        Canonical column to the header that holds it, in each export that has this header; several where they are one.
    sheet
        The sheets with the answers, in each workbook that has them; "all" for all that hold answers.
    day_first
        Whether 03/04/2026 is 3 April, in each export whose dates do not prove it.
    weight
        The column that weights each answer.
    ask_day_first
        Who answers that when it was not said: is given the text with both readings. None where nobody can be asked.
    """

    columns: Mapping[str, str | Sequence[str]] = field(default_factory=dict)
    sheet: tuple[str, ...] = ()
    day_first: bool | None = None
    ask_day_first: Callable[[str], bool] | None = None
    weight: str | None = None


MOST_SHOWN: Final = 12
# What a survey can do without, but should not lack unnoticed.
_LACKS = {
    "responded_at": "the date of the answer: without it there are no waves. If a column has it, add"
    ' responded_at = "..." to columns in study.toml.',
    "comment": 'a comment: there will be no themes. If a column has it, add comment = "..." to columns in study.toml.',
}


@dataclass(frozen=True)
class _Export:
    """One export: what it was recognised as, and which help was of use."""

    path: Path
    recognised: Recognised
    columns: frozenset[str]
    sheet: str | Sequence[str] | None

    @property
    def name(self) -> str:
        """The file, and the sheets where it was not the only one."""
        sheets = [self.sheet] if isinstance(self.sheet, str) else list(self.sheet or ())
        return f"{self.path.name} [{', '.join(sheets)}]" if sheets else self.path.name


def start_study(
    folder: Path,
    exports: Sequence[Path],
    *,
    timezone: str | None = None,
    title: str | None = None,
    told: Help | None = None,
    command: str = "nps",
) -> Iterator[str]:
    """Recognise the exports, write the study, clean it once, and yield what to tell the user, line by line.

    Nothing is written unless every export is recognised.

    Parameters
    ----------
    folder
        Where the study is to be; made where it is not there.
    exports
        Files of survey tools.
    timezone
        Of the study; UTC where it is not given, and said so.
    title
        Of the report; the folder's name by default.
    told
        Help with what the exports leave open.
    command
        How the command line is called on this machine.

    Raises
    ------
    BadInput
        The folder is a study already, or a file; its raw/ holds another file of an export's name; an export cannot be
        read or recognised; or the time zone is unknown.
    """
    told = told or Help()
    _check_new(folder, exports)
    if timezone is not None and timezone not in available_timezones():
        raise BadValue(
            f"--timezone {timezone!r} is not a time zone of the IANA list, such as Europe/Stockholm."
            f"{closest(timezone, available_timezones())}"
        )
    found = _recognise_all(exports, told)
    _check_weight(found, told.weight)
    (folder / "raw").mkdir(parents=True, exist_ok=True)
    for path in exports:
        if not _is_there(copy := folder / "raw" / path.name, path):
            shutil.copyfile(path, copy)
    _keep_from_git(folder / ".gitignore")

    def write(orders: Mapping[str, bool]) -> None:
        name = title or folder.resolve().name
        text = _study_toml(found, timezone=timezone, title=name, orders=orders, weight=told.weight)
        (folder / "study.toml").write_text(text, "utf-8")

    write({})
    for one in found:
        yield from _what_was_found(one, told.weight)
    yield "Segments may also come from a table of accounts: [accounts] in study.toml; nps clean then says which."
    yield f"Written: {folder / 'study.toml'}"
    if timezone is None:
        yield "Time zone: none was given, so study.toml says UTC. Change it there if waves should follow another clock."
    yield from _cleaned(folder, told, found, write)
    yield f"Next: {command} report {folder}"


def _what_was_found(export: _Export, weight: str | None) -> Iterator[str]:
    yield f"{export.name}: {export.recognised.tool}"
    yield from (f"  {reason}" for reason in export.recognised.reasons)
    yield from (
        f'  {name} may be "{header}": only you know, so it was not used; study.toml says how to add it.'
        for name, header in export.recognised.offers.items()
    )
    yield from (f"  note: {note}" for note in export.recognised.notes)
    yield from _further_columns(export.recognised, weight)
    known = export.recognised.columns
    lacks = {name: lack for name, lack in _LACKS.items() if name not in known}
    if "wave" in known:
        lacks.pop("responded_at", None)
    yield from (f"  not found: {lack}" for lack in lacks.values())


def _check_weight(found: Sequence[_Export], weight: str | None) -> None:
    names = list(dict.fromkeys(name for one in found for name in one.recognised.extras))
    if weight is not None and weight not in names:
        raise MissingColumn(
            f'--weight "{weight}": no export has such a column beside those recognised; they have: {_quoted(names)}.'
            f"{closest(weight, names)}"
        )


def _further_columns(found: Recognised, weight: str | None) -> Iterator[str]:
    """Say what the columns that are not of the survey itself may be used for, and why not as segments."""
    if found.segments:
        yield f"  segments it offers: {_quoted(found.segments)}."
    if found.ratings:
        yield f"  ratings, kept for what drives the score: {_quoted(found.ratings)}."
    if weight in found.extras:
        yield f'  weight is "{weight}", as you said: every answer is weighted by it.'
    elif found.weight:
        yield (
            f'  weight may be "{found.weight}": only you know, so it was not used; to weight the answers by it:'
            f' weight = "{found.weight}" in study.toml, or --weight "{found.weight}".'
        )
    told = (found.weight, weight, *found.ratings)
    rest = {name: why for name, why in found.unused.items() if name not in told}
    if rest:
        shown = "; ".join(f'"{name}" ({why})' for name, why in list(rest.items())[:MOST_SHOWN])
        more = f"; and {len(rest) - MOST_SHOWN:,} more" if len(rest) > MOST_SHOWN else ""
        yield f"  not offered as segments: {shown}{more}."


def _quoted(names: Sequence[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def _recognise_all(exports: Sequence[Path], told: Help) -> list[_Export]:
    """Recognise every export; a header or sheet that none of them has is an error."""
    misfits = list[BadInput]()
    found = [one for path in exports for one in _recognise(path, told, misfits)]
    used = {header for one in found for header in one.columns}
    for error in misfits:
        if isinstance(error, NoSuchHeader) and error.header not in used:
            raise error
        if isinstance(error, NoSuchSheet) and not any(one.sheet for one in found):
            raise error
    return found


def _recognise(path: Path, told: Help, misfits: list[BadInput]) -> list[_Export]:
    """Recognise one export; its sheets apart where their columns are not named alike."""
    sheets = list[str | None]([None])
    wanted: str | Sequence[str] | None = None
    if told.sheet:
        try:
            sheets = sheets_to_read(path, told.sheet)
            wanted = ALL_SHEETS if ALL_SHEETS in told.sheet and sheets != [ALL_SHEETS] else list(told.sheet)
        except NoSuchSheet as error:
            misfits.append(error)
            try:
                return [_recognise_sheet(path, None, told, misfits)]
            except SeveralSheets:
                raise error from None
    if sheets == [None]:
        return [_recognise_sheet(path, None, told, misfits)]
    found = [_recognise_sheet(path, sheet, told, misfits) for sheet in sheets]
    if len(found) == 1:
        return found
    alike = all(one.recognised.toml_columns == found[0].recognised.toml_columns for one in found)
    return [replace(_with_sheets(found[0], sheets), sheet=wanted)] if alike else found


def _with_sheets(one: _Export, sheets: Sequence[str | None]) -> _Export:
    """Say which sheets of the workbook were read, and which were not."""
    read = ", ".join(f'"{sheet}"' for sheet in sheets)
    others = unread_sheets(one.path, sheets)
    rest = f"; not read: {', '.join(map(str, others))}" if others else ""
    why = f"sheet is each of {read}, with the same columns{rest}."
    return replace(one, recognised=replace(one.recognised, reasons=(*one.recognised.reasons, why)))


def _recognise_sheet(path: Path, sheet: str | None, told: Help, misfits: list[BadInput]) -> _Export:
    """Recognise one table, leaving out help that is meant for another; where it needs more, say how to give it."""
    columns = {name: [given] if isinstance(given, str) else list(given) for name, given in told.columns.items()}
    mine = list[BadInput]()
    while True:
        try:
            recognised = recognise(path, columns=_plain(columns), sheet=sheet)
        except NoSuchHeader as error:
            mine.append(error)
            rest = {name: [header for header in given if header != error.header] for name, given in columns.items()}
            if rest == columns:
                raise
            columns = {name: given for name, given in rest.items() if given}
        except SeveralSheets as error:
            advice = f'{error}\nOr say it to nps new: --sheet "...", once for each sheet, or --sheet all'
            raise mine[0] if mine else SeveralSheets(advice) from error
        except (MissingColumn, Undecidable) as error:
            advice = (
                f"{error}\nThere is no study.toml yet, so say it to nps new, for instance {_column_option(str(error))}"
            )
            raise mine[0] if mine else type(error)(advice) from error
        else:
            misfits += mine
            return _Export(path, recognised, frozenset(h for given in columns.values() for h in given), sheet)


def _plain(columns: Mapping[str, Sequence[str]]) -> dict[str, str | Sequence[str]] | None:
    return {name: given[0] if len(given) == 1 else list(given) for name, given in columns.items()} or None


def _column_option(advice: str) -> str:
    """Return the option that says what the first line for study.toml in some advice does."""
    line = re.search(r'columns = \{ score = ("(?:[^"\\]|\\.)*") \}', advice)
    header = json.loads(line[1]) if line else "..."
    # Double quotes serve every shell, except around what a shell reads inside them.
    return "--column score=" + (shlex.quote(header) if re.search(r'["$`\\!]', header) else f'"{header}"')


def _check_new(folder: Path, exports: Sequence[Path]) -> None:
    if folder.exists() and not folder.is_dir():
        raise BadStudy(
            f"{folder} is a file; the folder of the study comes first, then the exports: nps new mystudy {folder}"
        )
    if (folder / "study.toml").exists():
        raise BadStudy(f"{folder} is a study already. Edit its study.toml, or choose another folder.")
    names = [path.name for path in exports]
    for name in names:
        if names.count(name) > 1:
            raise BadFile(f"Two exports are named {name}: in one study each needs its own name. Rename one.")
    for path in exports:
        copy = folder / "raw" / path.name
        if path.is_file() and copy.exists() and not _is_there(copy, path):
            raise BadFile(f"{copy} is there already and differs from {path}: raw/ is never overwritten. Rename one.")


def _is_there(copy: Path, original: Path) -> bool:
    return copy.is_file() and filecmp.cmp(copy, original, shallow=False)


def _keep_from_git(path: Path) -> None:
    """Add the private folders to a `.gitignore`, leaving what it says already."""
    own = path.read_text("utf-8") if path.is_file() else ""
    lines = own.splitlines()
    new = "".join(f"{name}\n" for name in _PRIVATE.split() if name not in lines)
    path.write_text(own + ("\n" if own and not own.endswith("\n") else "") + new, "utf-8")


def _file_of(name: str, found: Sequence[_Export]) -> str:
    """Return the file behind a name of the ledger, which may say the sheet as well."""
    files = [one.path.name for one in found]
    return name if name in files else next((file for file in files if name.startswith(f"{file} [")), name)


def _cleaned(
    folder: Path, told: Help, found: Sequence[_Export], write: Callable[[Mapping[str, bool]], None]
) -> Iterator[str]:
    """Clean the study; where an export leaves the order of day and month open, settle it and write it down."""
    orders = dict[str, bool]()
    while True:
        study = Study.open(folder)
        try:
            sentence = tables.flow_sentence(tables.flow(study.responses(), study.ledger()))
        except UndecidedOrder as error:
            # The order of one sheet is that of its file: it was written by one program.
            orders[_file_of(error.source_file, found)] = _order(error, folder, told)
            write(orders)
        else:
            break
    yield from (f"{name}: {'day' if order else 'month'} first, as you said." for name, order in orders.items())
    if told.day_first is not None and not orders:
        yield f"The order of day and month was given, but no export left it open; nps clean {folder} shows why."
    yield sentence


def _order(error: UndecidedOrder, folder: Path, told: Help) -> bool:
    if told.day_first is not None:
        return told.day_first
    if told.ask_day_first is not None:
        return told.ask_day_first(error.readings)
    raise Undecidable(
        f"{error}\n{folder / 'study.toml'} is written: set it there, then run nps clean {folder}"
        "\n(To nps new it can be said at once: --day-first or --month-first.)"
    ) from error


def _study_toml(
    found: Sequence[_Export], *, timezone: str | None, title: str, orders: Mapping[str, bool], weight: str | None
) -> str:
    environment = Environment(
        undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True
    )
    # A JSON string or list of strings is also TOML.
    environment.filters["toml"] = lambda value: json.dumps(value, ensure_ascii=False)
    template = environment.from_string((files("nps_utils") / "templates" / "study.toml.jinja").read_text("utf-8"))
    segments = dict.fromkeys(name for one in found for name in one.recognised.segments)
    own_waves = any("wave" in one.recognised.columns for one in found)
    return template.render(
        title=title,
        timezone=timezone or "UTC",
        timezone_reason="given" if timezone else "not given: change it to your own, such as Europe/Stockholm",
        segments=segments,
        ratings=dict.fromkeys(name for one in found for name in one.recognised.ratings),
        weight=weight,
        may_weight=next((one.recognised.weight for one in found if one.recognised.weight), None),
        waves="column" if own_waves else "quarter",
        exports=[
            {
                "path": f"raw/{one.path.name}",
                "tool": one.recognised.tool,
                "sheet": one.sheet,
                "columns": dict(one.recognised.toml_columns),
                "reasons": one.recognised.reasons,
                "offers": one.recognised.offers,
                "day_first": orders.get(one.path.name),
            }
            for one in found
        ],
    )
