"""Start a study: recognise exports, copy them to raw/, write a commented study.toml, and say what was found."""

from __future__ import annotations

import filecmp
import itertools
import json
import shlex
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from zoneinfo import available_timezones

import pandas as pd
from jinja2 import Environment, StrictUndefined

from nps_utils import tables
from nps_utils.checks import (
    BadFile,
    BadStudy,
    BadValue,
    SharedName,
    Undecidable,
    UndecidedOrder,
    UndecidedWaves,
    closest,
)
from nps_utils.cleaning.repeats import REPEATED
from nps_utils.comments.packs import CORE, industries
from nps_utils.files import files_of, private_file, private_folder
from nps_utils.report.recognising import (
    FoundExport,
    Help,
    between_files,
    check_weight,
    recognise_all,
    waves_of_names,
    what_was_found,
)
from nps_utils.scale.ways_on import for_shell
from nps_utils.study.study import Study
from nps_utils.tables.formats import listed

# Answers are personal data: wherever the study lies, git takes none of them along unasked.
# From this share on of answers set aside it is said how to keep more.
_OFTEN = 0.1
_PRIVATE = "raw/\nprocessed/\nresults/\nreport/\n"


@dataclass
class _Settled:
    """What the user said of what the exports leave open."""

    orders: dict[str, bool] = field(default_factory=dict)
    shared: list[str] = field(default_factory=list)
    one_person: list[str] = field(default_factory=list)


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

    Nothing is left behind unless every export is recognised and the study can be cleaned: then the same call, with what
    the error asks for, works.

    Parameters
    ----------
    folder
        Where the study is to be; made where it is not there.
    exports
        Files of survey tools, or folders of Parquet files.
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
    exports = [path if path.name not in ("", "..") else path.resolve() for path in exports]
    _check_new(folder, exports)
    if timezone is not None and timezone not in available_timezones():
        raise BadValue(
            f"--timezone {timezone!r} is not a time zone of the IANA list, such as Europe/Stockholm."
            f"{closest(timezone, available_timezones())}"
        )
    _check_scales(told, exports)
    found = recognise_all(exports, told)
    check_weight(found, told.weight)
    for one in found:
        yield from what_was_found(one, told.weight)
    yield from (
        f'{name}: its wave is "{wave}", as its name says; no column has a date.'
        for name, wave in waves_of_names(found).items()
    )
    yield from (
        f'"{name}" has one value in each file, and not the same in all ({listed(groups)}): offered as a segment.'
        for name, groups in between_files(found).items()
    )
    yield "Segments may also come from a table of accounts: [accounts] in study.toml; nps clean then says which."

    def write(settled: _Settled) -> None:
        text = _study_toml(found, told, timezone=timezone, title=title or folder.resolve().name, settled=settled)
        (folder / "study.toml").write_text(text, "utf-8")

    with _nothing_left_behind(folder, [path.name for path in exports]):
        raw = private_folder(folder / "raw")  # answers with names
        for path in exports:
            if not _is_there(copy := raw / path.name, path):
                _copy(path, copy)
        _keep_from_git(folder / ".gitignore")
        said = list(_cleaned(folder, told, found, write))
    yield f"Written: {folder / 'study.toml'}"
    if timezone is None:
        yield "Time zone: none was given, so study.toml says UTC. Change it there if waves should follow another clock."
    yield from said
    if title is None:
        yield f'Title: none was given, so the report is called "{folder.resolve().name}". Change title in study.toml.'
    yield f"Next: {command} report {shlex.quote(str(folder))}"


@contextmanager
def _nothing_left_behind(folder: Path, names: Sequence[str]) -> Iterator[None]:
    """Take back what was written where the study cannot be cleaned; what was there before stays as it was."""
    ignored = folder / ".gitignore"
    kept = ignored.read_bytes() if ignored.is_file() else None
    made = [folder / "processed", *(folder / "raw" / name for name in names)]
    own = (ignored, folder / "study.toml", *made, folder / "raw", folder, *folder.parents)
    new = [path for path in own if not path.exists()]
    try:
        yield
    except BaseException:
        for path in new:
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True) if path in made else path.rmdir()
            else:
                path.unlink(missing_ok=True)
        if kept is not None:
            ignored.write_bytes(kept)
        raise


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
    for first, second in itertools.combinations((path for path in exports if path.exists()), 2):
        if _is_there(first, second):
            raise BadFile(
                f"{first.name} and {second.name} are the same under two names, so that every answer would count"
                " twice. Name one of them."
            )
    for path in exports:
        copy = folder / "raw" / path.name
        if path.exists() and copy.exists() and not _is_there(copy, path):
            raise BadFile(f"{copy} is there already and differs from {path}: raw/ is never overwritten. Rename one.")


def _check_scales(told: Help, exports: Sequence[Path]) -> None:
    names = [path.name for path in exports]
    for name in told.scales:
        if name and name not in names:
            raise BadValue(f"--scale {name}={told.scales[name]}: no export is named {name}.{closest(name, names)}")


def _is_there(copy: Path, original: Path) -> bool:
    """Say whether two files, or all those of two folders, are the same, byte by byte."""
    pairs = [{_inside(file, path): file for file in files_of(path)} for path in (copy, original)]
    if not copy.exists() or copy.is_dir() != original.is_dir() or pairs[0].keys() != pairs[1].keys():
        return False
    both = [(file, pairs[1][name]) for name, file in pairs[0].items()]
    alike = all(one.stat().st_size == other.stat().st_size for one, other in both)
    return alike and all(filecmp.cmp(one, other, shallow=False) for one, other in both)


def _inside(file: Path, path: Path) -> str:
    return file.relative_to(path).as_posix()


def _copy(path: Path, copy: Path) -> None:
    """Copy a file, or the files of a folder that are read, so that only their owner can read them."""
    for file in files_of(path):
        shutil.copyfile(file, private_file(copy / _inside(file, path)))


def _keep_from_git(path: Path) -> None:
    """Add the private folders to a `.gitignore`, leaving what it says already."""
    own = path.read_text("utf-8") if path.is_file() else ""
    lines = own.splitlines()
    new = "".join(f"{name}\n" for name in _PRIVATE.split() if name not in lines)
    path.write_text(own + ("\n" if own and not own.endswith("\n") else "") + new, "utf-8")


def _file_of(name: str, found: Sequence[FoundExport]) -> str:
    """Return the file behind a name of the ledger, which may say the sheet as well."""
    files = [one.path.name for one in found]
    return name if name in files else next((file for file in files if name.startswith(f"{file} [")), name)


def _cleaned(
    folder: Path, told: Help, found: Sequence[FoundExport], write: Callable[[_Settled], None]
) -> Iterator[str]:
    """Clean the study; settle and write what an export leaves open: the order of day and month, shared names."""
    settled = _Settled(shared=list(told.shared), one_person=list(told.one_person))
    while True:
        write(settled)
        study = Study.open(folder)
        try:
            sentence = tables.cleaning.flow_sentence(tables.cleaning.flow(study.responses(), study.ledger()))
        except UndecidedOrder as error:
            # The order of one sheet is that of its file: it was written by one program.
            settled.orders[_file_of(error.source_file, found)] = _order(error, told)
        except UndecidedWaves as error:
            raise _waves_in_doubt(error) from error
        except SharedName as error:
            (settled.shared if _is_shared(error, told) else settled.one_person).extend(error.names)
        else:
            break
    orders = settled.orders
    yield from (f"{name}: {'day' if order else 'month'} first, as you said." for name, order in orders.items())
    if told.day_first is not None and not orders:
        yield f"The order of day and month was given, but no export left it open; nps clean {folder} shows why."
    if settled.shared:
        yield f"Shared by several people, so that every answer counts: {', '.join(settled.shared)}."
    if settled.one_person:
        yield f"One person each, of whom one answer in a wave counts: {', '.join(settled.one_person)}."
    yield sentence
    ledger = study.ledger()
    yield from _often(study, ledger)
    yield from _alike(ledger)
    doubts = ledger[ledger["reason"].isin(["scale_suspicion", "perhaps_again", "accounts_otherwise"])]
    yield from (f"{name}: {value}" for name, value in zip(doubts["source_file"], doubts["value"], strict=True))


def _often(study: Study, ledger: pd.DataFrame) -> Iterator[str]:
    """Say how to keep more where many answers are set aside because people are asked more often than waves are cut."""
    again, by = int(ledger["reason"].isin(REPEATED).sum()), study.settings.waves.by
    if again >= _OFTEN * (again + len(study.responses())):
        if study.responses()["responded_at"].isna().all() and by != "column":
            yield (
                f"{again:,} answers are set aside because the same people answered again, and no column says when: all"
                ' are one wave. Name the column of dates, or write wave = "2026-Q1" under each [[export]] and by ='
                ' "column" under [waves] in study.toml.'
            )
            return
        finer = {"year": "quarter", "quarter": "month", "month": "week"}.get(by)
        waves = f'by = "{finer}" under [waves]; or, ' if finer else ""
        yield (
            f"{again:,} answers are set aside because the same people answered again in the {by if finer else 'wave'}."
            f" If you ask more often than that: {waves}for every answer to count, "
            'repeats = "all" under [answers] in'
            " study.toml."
        )


def _alike(ledger: pd.DataFrame) -> Iterator[str]:
    """Say how many rows are the same as another: perhaps of two people, perhaps pasted twice."""
    n = int((ledger["reason"] == "possible_duplicate").sum())
    if n:
        yield (
            f"{n:,} {'row is' if n == 1 else 'rows are'} the same as another in every cell, and no id says whether of"
            " somebody else: counted, and flagged in the ledger. Where rows stand twice by mistake, take them out of"
            " the file."
        )


def _order(error: UndecidedOrder, told: Help) -> bool:
    if told.day_first is not None:
        return told.day_first
    if told.ask_day_first is not None:
        return told.ask_day_first(error.readings)
    raise Undecidable(
        f"{error.readings}\nNo study was written. Add --day-first or --month-first to nps new: it is used for each"
        " export whose dates leave the order open, and study.toml then has it for each."
    ) from error


def _waves_in_doubt(error: UndecidedWaves) -> Undecidable:
    options = " ".join(f"--wave-order {for_shell(name)}" for name in error.names)
    return Undecidable(
        f"{error.readings}\nNo study was written. Add to nps new, from the first wave to the last: {options}"
    )


def _is_shared(error: SharedName, told: Help) -> bool:
    if told.ask_shared is not None:
        return told.ask_shared(error.readings)
    shared, one = (
        " ".join(f"{option} {for_shell(name)}" for name in error.names) for option in ("--shared", "--one-person")
    )
    raise Undecidable(
        f"{error.readings}\nNo study was written. Add to nps new: {shared}\nor, if it is one person: {one}"
    ) from error


def _study_toml(
    found: Sequence[FoundExport], told: Help, *, timezone: str | None, title: str, settled: _Settled
) -> str:
    environment = Environment(
        undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True
    )
    # A JSON string or list of strings is also TOML.
    environment.filters["toml"] = lambda value: json.dumps(value, ensure_ascii=False)
    template = environment.from_string((files("nps_utils.report") / "study.toml.jinja").read_text("utf-8"))
    segments = dict.fromkeys([*(name for one in found for name in one.recognised.segments), *between_files(found)])
    named = waves_of_names(found)
    own_waves = bool(named) or any("wave" in one.recognised.columns for one in found)
    return template.render(
        title=title,
        industries=(*industries(), CORE),
        timezone=timezone or "UTC",
        timezone_reason="given" if timezone else "not given: change it to your own, such as Europe/Stockholm",
        segments=segments,
        ratings=dict.fromkeys(name for one in found for name in one.recognised.ratings),
        weight=told.weight,
        may_weight=next((one.recognised.weight for one in found if one.recognised.weight), None),
        waves="column" if own_waves else "quarter",
        wave_order=list(told.wave_order),
        shared=settled.shared,
        one_person=settled.one_person,
        labels={text: "none" if score is None else score for text, score in told.labels.items()},
        groups=told.groups,
        exports=[
            {
                "path": f"raw/{one.path.name}",
                "tool": one.recognised.tool,
                "sheet": one.sheet,
                "columns": dict(one.recognised.toml_columns),
                "reasons": one.recognised.reasons,
                "offers": one.recognised.offers,
                "scale": told.scale_of(one.path),
                "wave": named.get(one.name),
                "touchpoint": one.recognised.touchpoint,
                "day_first": settled.orders.get(one.path.name),
            }
            for one in found
        ],
    )
