"""Start a study: recognise exports, copy them to raw/, write a commented study.toml, and say what was found."""

from __future__ import annotations

import filecmp
import json
import re
import shlex
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
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
from nps_utils.exports import Recognised, recognise
from nps_utils.study.study import Study

# Answers are personal data: wherever the study lies, git takes none of them along unasked.
_PRIVATE = "raw/\nprocessed/\nresults/\nreport/\n"


@dataclass(frozen=True)
class Help:
    """What the user said where recognising alone is not enough.

    Parameters
    ----------
    columns
        Canonical column to the header that holds it, in each export that has this header.
    sheet
        The sheet with the answers, in each workbook that has it.
    day_first
        Whether 03/04/2026 is 3 April, in each export whose dates do not prove it.
    ask_day_first
        Who answers that when it was not said: is given the text with both readings. None where nobody can be asked.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    sheet: str | None = None
    day_first: bool | None = None
    ask_day_first: Callable[[str], bool] | None = None


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
    sheet: str | None


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
    (folder / "raw").mkdir(parents=True, exist_ok=True)
    for path in exports:
        if not _is_there(copy := folder / "raw" / path.name, path):
            shutil.copyfile(path, copy)
    _keep_from_git(folder / ".gitignore")

    def write(orders: Mapping[str, bool]) -> None:
        text = _study_toml(found, timezone=timezone, title=title or folder.resolve().name, orders=orders)
        (folder / "study.toml").write_text(text, "utf-8")

    write({})
    for one in found:
        yield from _what_was_found(one)
    yield f"Written: {folder / 'study.toml'}"
    if timezone is None:
        yield "Time zone: none was given, so study.toml says UTC. Change it there if waves should follow another clock."
    yield from _cleaned(folder, told, write)
    yield f"Next: {command} report {folder}"


def _what_was_found(export: _Export) -> Iterator[str]:
    yield f"{export.path.name}: {export.recognised.tool}"
    yield from (f"  {reason}" for reason in export.recognised.reasons)
    yield from (
        f'  {name} may be "{header}": only you know, so it was not used; study.toml says how to add it.'
        for name, header in export.recognised.offers.items()
    )
    yield from (f"  note: {note}" for note in export.recognised.notes)
    yield from (f"  not found: {lack}" for name, lack in _LACKS.items() if name not in export.recognised.columns)


def _recognise_all(exports: Sequence[Path], told: Help) -> list[_Export]:
    """Recognise every export; a header or sheet that none of them has is an error."""
    misfits = list[BadInput]()
    found = [_recognise(path, told, misfits) for path in exports]
    used = {header for one in found for header in one.columns}
    for error in misfits:
        if isinstance(error, NoSuchHeader) and error.header not in used:
            raise error
        if isinstance(error, NoSuchSheet) and not any(one.sheet for one in found):
            raise error
    return found


def _recognise(path: Path, told: Help, misfits: list[BadInput]) -> _Export:
    """Recognise one export, leaving out help that is meant for another; where it needs more, say how to give it."""
    columns, sheet = dict(told.columns), told.sheet
    mine = list[BadInput]()
    while True:
        try:
            recognised = recognise(path, columns=columns or None, sheet=sheet)
        except NoSuchSheet as error:
            mine.append(error)
            sheet = None
        except NoSuchHeader as error:
            mine.append(error)
            columns = {name: header for name, header in columns.items() if header != error.header}
        except SeveralSheets as error:
            raise mine[0] if mine else SeveralSheets(f'{error}\nOr name it to nps new: --sheet "..."') from error
        except (MissingColumn, Undecidable) as error:
            advice = (
                f"{error}\nThere is no study.toml yet, so say it to nps new, for instance {_column_option(str(error))}"
            )
            raise mine[0] if mine else type(error)(advice) from error
        else:
            misfits += mine
            return _Export(path, recognised, frozenset(columns.values()), sheet)


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


def _cleaned(folder: Path, told: Help, write: Callable[[Mapping[str, bool]], None]) -> Iterator[str]:
    """Clean the study; where an export leaves the order of day and month open, settle it and write it down."""
    orders = dict[str, bool]()
    while True:
        study = Study.open(folder)
        try:
            sentence = tables.cleaning.flow_sentence(tables.cleaning.flow(study.responses(), study.ledger()))
        except UndecidedOrder as error:
            orders[error.source_file] = _order(error, folder, told)
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


def _study_toml(found: Sequence[_Export], *, timezone: str | None, title: str, orders: Mapping[str, bool]) -> str:
    environment = Environment(
        undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True
    )
    # A JSON string or list of strings is also TOML.
    environment.filters["toml"] = lambda value: json.dumps(value, ensure_ascii=False)
    template = environment.from_string((files("nps_utils.report") / "study.toml.jinja").read_text("utf-8"))
    segments = dict.fromkeys(name for one in found for name in one.recognised.segments)
    own_waves = any("wave" in one.recognised.columns for one in found)
    return template.render(
        title=title,
        timezone=timezone or "UTC",
        timezone_reason="given" if timezone else "not given: change it to your own, such as Europe/Stockholm",
        segments=segments,
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
