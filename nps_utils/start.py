"""Start a study: recognise exports, copy them to raw/, write a commented study.toml, and say what was found."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from zoneinfo import available_timezones

from jinja2 import Environment, StrictUndefined

from nps_utils import tables
from nps_utils.checks import BadFile, BadStudy, BadValue, MissingColumn, Undecidable, closest
from nps_utils.exports import Recognised, recognise
from nps_utils.study import Study

# Answers are personal data: wherever the study lies, git takes none of them along unasked.
_PRIVATE = "raw/\nprocessed/\nresults/\nreport/\n"


def start_study(
    folder: Path,
    exports: Sequence[Path],
    *,
    timezone: str | None = None,
    title: str | None = None,
    columns: Mapping[str, str] | None = None,
    day_first: bool | None = None,
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
    columns
        Canonical column to the header that holds it, in every export, where recognising needs help.
    day_first
        Whether 03/04/2026 is 3 April, where the dates cannot prove it.

    Raises
    ------
    BadInput
        The folder is a study already, an export cannot be read or recognised, or the time zone is unknown.
    """
    _check_new(folder, exports)
    if timezone is not None and timezone not in available_timezones():
        raise BadValue(
            f"--timezone {timezone!r} is not a time zone of the IANA list, such as Europe/Stockholm."
            f"{closest(timezone, available_timezones())}"
        )
    found = [(path, _recognise(path, columns)) for path in exports]
    (folder / "raw").mkdir(parents=True, exist_ok=True)
    for path in exports:
        shutil.copyfile(path, folder / "raw" / path.name)
    text = _study_toml(found, timezone=timezone, title=title or folder.resolve().name, day_first=day_first)
    (folder / "study.toml").write_text(text, "utf-8")
    (folder / ".gitignore").write_text(_PRIVATE, "utf-8")
    for path, recognised in found:
        yield f"{path.name}: {recognised.tool}"
        yield from (f"  {reason}" for reason in recognised.reasons)
        yield from (
            f'  {name} may be "{header}": only you know, so it was not used; study.toml says how to add it.'
            for name, header in recognised.offers.items()
        )
        yield from (f"  note: {note}" for note in recognised.notes)
    yield f"Written: {folder / 'study.toml'}"
    if timezone is None:
        yield "Time zone: none was given, so study.toml says UTC. Change it there if waves should follow another clock."
    yield _cleaned(folder)
    yield f"Next: nps report {folder}"


def _recognise(path: Path, columns: Mapping[str, str] | None) -> Recognised:
    """Recognise one export; where that needs help, say how to give it to this command."""
    try:
        return recognise(path, columns=columns)
    except (MissingColumn, Undecidable) as error:
        raise type(error)(f'{error}\nOr name the column to nps new: --column score="..."') from error


def _check_new(folder: Path, exports: Sequence[Path]) -> None:
    if (folder / "study.toml").exists():
        raise BadStudy(f"{folder} is a study already. Edit its study.toml, or choose another folder.")
    names = [path.name for path in exports]
    for name in names:
        if names.count(name) > 1:
            raise BadFile(f"Two exports are named {name}: in one study each needs its own name. Rename one.")


def _cleaned(folder: Path) -> str:
    study = Study.open(folder)
    try:
        return tables.flow_sentence(tables.flow(study.responses(), study.ledger()))
    except Undecidable as error:
        raise Undecidable(
            f"{error}\n{folder / 'study.toml'} is written: set it there, then run nps clean {folder}"
            "\n(To nps new it can be said at once: --day-first or --month-first.)"
        ) from error


def _study_toml(
    found: Sequence[tuple[Path, Recognised]], *, timezone: str | None, title: str, day_first: bool | None
) -> str:
    environment = Environment(
        undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True
    )
    # A JSON string or list of strings is also TOML.
    environment.filters["toml"] = lambda value: json.dumps(value, ensure_ascii=False)
    template = environment.from_string((files("nps_utils") / "templates" / "study.toml.jinja").read_text("utf-8"))
    segments = dict.fromkeys(name for _, recognised in found for name in recognised.segments)
    own_waves = any("wave" in recognised.columns for _, recognised in found)
    return template.render(
        title=title,
        timezone=timezone or "UTC",
        timezone_reason="given" if timezone else "not given: change it to your own, such as Europe/Stockholm",
        segments=segments,
        day_first=day_first,
        waves="column" if own_waves else "quarter",
        exports=[
            {
                "path": f"raw/{path.name}",
                "tool": r.tool,
                "columns": dict(r.toml_columns),
                "reasons": r.reasons,
                "offers": r.offers,
            }
            for path, r in found
        ],
    )
