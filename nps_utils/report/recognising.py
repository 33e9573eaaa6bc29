"""What `nps new` recognises of each export, with the help that was given, and what it says of it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from nps_utils.checks import BadInput, MissingColumn, NoSuchHeader, NoSuchSheet, SeveralSheets, Undecidable, closest
from nps_utils.cleaning.answers import Groups
from nps_utils.exports import ALL_SHEETS, Recognised, recognise, sheets_to_read, unread_sheets
from nps_utils.exports.layouts.period_columns import period_of
from nps_utils.exports.offered import A_PERIOD, DATES
from nps_utils.scale import Scale
from nps_utils.scale.ways_on import for_shell

MOST_SHOWN: Final = 12

# What a survey can do without, but should not lack unnoticed.
_LACKS = {
    "responded_at": "the date of the answer: without it there are no waves. If a column has it, add"
    ' responded_at = "..." to columns in study.toml; if one names the period of each, wave = "..." there and by ='
    ' "column" under [waves].',
    "comment": 'a comment: there will be no themes. If a column has it, add comment = "..." to columns in study.toml.',
}
_DATED: Final = frozenset({"responded_at", "wave"})
_HAS_DIGIT = re.compile(r"\d")
_LIKE_AN_ID = re.compile(
    r"(?:nr|nummer|num+e?ro|number|num|no|id|kode|code|kod|hash)\.?$"
    r"|^(?:user|member|person|respondent|contact|guest|patient|bruker|användare|bruger|gebruiker|medlem|lid)$",
    re.I,
)


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
    shared, one_person
        Addresses or ids with many answers: those of several people, and those of one.
    ask_shared
        Who answers that when it was not said, as for `ask_day_first`: True for several people.
    scales
        What the numbers of the score stand for, by the name of the export; under "" in all others.
    labels
        Scores of labels that are not understood; None for one that is no answer.
    groups
        Whether the tool's groups are evidence ("check") or only counted ("ignore").
    wave_order
        The export's own waves from the first to the last, where their names do not say it.
    """

    columns: Mapping[str, str | Sequence[str]] = field(default_factory=dict)
    sheet: tuple[str, ...] = ()
    day_first: bool | None = None
    ask_day_first: Callable[[str], bool] | None = None
    shared: tuple[str, ...] = ()
    one_person: tuple[str, ...] = ()
    ask_shared: Callable[[str], bool] | None = None
    scales: Mapping[str, Scale] = field(default_factory=dict)
    labels: Mapping[str, int | None] = field(default_factory=dict)
    groups: Groups = "check"
    weight: str | None = None
    wave_order: tuple[str, ...] = ()

    def scale_of(self, path: Path) -> Scale | None:
        """What the numbers of an export stand for, where it was said."""
        return self.scales.get(path.name, self.scales.get(""))


@dataclass(frozen=True)
class FoundExport:
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


def what_was_found(export: FoundExport, weight: str | None) -> Iterator[str]:
    """Say what an export was recognised as, by which evidence, and what it lacks."""
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
    if periods := [name for name, why in export.recognised.unused.items() if why in (A_PERIOD, DATES)][:MOST_SHOWN]:
        lacks["responded_at"] = lacks.get("responded_at", "").removesuffix(".") + f" ({_quoted(periods)}?)."
    if {"wave", "responded_at"} & set(known) or export.recognised.unread_date:
        lacks.pop("responded_at", None)
    yield from (f"  not found: {lack}" for lack in lacks.values())
    if not {"respondent_id", "email"} & set(known):
        yield f"  not found: {_nobody(export.recognised)}"


def _nobody(found: Recognised) -> str:
    """Say what it means that nobody knows who answered, and which columns may tell."""
    ids = [name for name in found.unused if _LIKE_AN_ID.search(name.strip())][:MOST_SHOWN]
    which = f" ({_quoted(ids)}?)" if ids else ""
    return (
        "who answered: each answer is then taken for that of another person. If a column has it, add respondent_id ="
        f' "..." to columns in study.toml{which}; of a customer with several people, account_id = "...".'
    )


def waves_of_names(found: Sequence[FoundExport]) -> dict[str, str]:
    """Return the wave of each file or sheet by its name, where no column tells one and each names another period."""
    if any(_DATED & set(one.recognised.columns) for one in found):
        return {}
    return _apart({one.name: _period_of(one.path, one.sheet) for one in found})


def _period_of(path: Path, sheet: str | Sequence[str] | None) -> str | None:
    """Return the period that a sheet or else its file names; a sheet of a month may have its year from the file."""
    if not isinstance(sheet, str):
        return period_of(path.stem)
    year = period_of(path.stem)
    return period_of(sheet) or (period_of(f"{sheet} {year[:4]}") if year else None)


def _apart(waves: Mapping[str, str | None]) -> dict[str, str]:
    """Return the periods where each name tells one, all of one length and none twice."""
    told = {name: period for name, period in waves.items() if period is not None}
    alike = len({(len(period), period[4:6].strip("0123456789")) for period in told.values()}) == 1
    return told if 1 < len(told) == len(waves) == len(set(told.values())) and alike else {}


def between_files(found: Sequence[FoundExport]) -> dict[str, list[str]]:
    """Return columns of one value in each file and not the same in all, such as a channel, with their values.

    What numbers the files or names their period is no group: values with digits, another in each file.
    """
    offered = {name for one in found for name in one.recognised.segments}
    values = dict[str, list[str]]()
    for one in found:
        for name, value in one.recognised.constants.items():
            values.setdefault(name, []).append(value)
    told = {name: (list(dict.fromkeys(said)), len(said)) for name, said in values.items() if name not in offered}
    return {
        name: groups
        for name, (groups, files) in told.items()
        if len(groups) > 1 and not (len(groups) == files and any(map(_HAS_DIGIT.search, groups)))
    }


def check_weight(found: Sequence[FoundExport], weight: str | None) -> None:
    """Raise `MissingColumn` for a weight that no export has."""
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
        header = json.dumps(found.weight, ensure_ascii=False)
        yield (
            f'  weight may be "{found.weight}": only you know, so it was not used; to weight the answers by it:'
            f" weight = {header} in study.toml, or --weight {for_shell(found.weight)}."
        )
    told = (found.weight, weight, *found.ratings)
    rest = {name: why for name, why in found.unused.items() if name not in told}
    if rest:
        shown = "; ".join(f'"{name}" ({why})' for name, why in list(rest.items())[:MOST_SHOWN])
        more = f"; and {len(rest) - MOST_SHOWN:,} more" if len(rest) > MOST_SHOWN else ""
        yield f"  not offered as segments: {shown}{more}."


def _quoted(names: Sequence[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def recognise_all(exports: Sequence[Path], told: Help) -> list[FoundExport]:
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


def _recognise(path: Path, told: Help, misfits: list[BadInput]) -> list[FoundExport]:
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
    # Each sheet is a wave of its own where nothing else tells when its answers were given.
    dated = any(_DATED & set(one.recognised.columns) for one in found)
    apart = not dated and _apart({str(sheet): _period_of(path, sheet) for sheet in sheets})
    return [replace(_with_sheets(found[0], sheets), sheet=wanted)] if alike and not apart else found


def _with_sheets(one: FoundExport, sheets: Sequence[str | None]) -> FoundExport:
    """Say which sheets of the workbook were read, and which were not."""
    read = ", ".join(f'"{sheet}"' for sheet in sheets)
    others = unread_sheets(one.path, sheets)
    rest = f"; not read: {', '.join(map(str, others))}" if others else ""
    why = f"sheet is each of {read}, with the same columns{rest}."
    return replace(one, recognised=replace(one.recognised, reasons=(*one.recognised.reasons, why)))


def _recognise_sheet(path: Path, sheet: str | None, told: Help, misfits: list[BadInput]) -> FoundExport:
    """Recognise one table, leaving out help that is meant for another; where it needs more, say how to give it."""
    columns = {name: [given] if isinstance(given, str) else list(given) for name, given in told.columns.items()}
    mine = list[BadInput]()
    while True:
        try:
            recognised = recognise(
                path, columns=_plain(columns), sheet=sheet, scale=told.scale_of(path), labels=told.labels
            )
        except NoSuchHeader as error:
            mine.append(error)
            rest = {name: [header for header in given if header != error.header] for name, given in columns.items()}
            if rest == columns:
                raise
            columns = {name: given for name, given in rest.items() if given or not columns[name]}
        except SeveralSheets as error:
            advice = f'{error}\nOr say it to nps new: --sheet "...", once for each sheet, or --sheet all'
            raise mine[0] if mine else SeveralSheets(advice) from error
        except (MissingColumn, Undecidable) as error:
            option = _column_option(str(error))
            advice = (
                f"{error}\nThere is no study.toml yet, so say it to nps new, for instance {option}"
                if option
                else str(error)
            )
            raise mine[0] if mine else type(error)(advice) from error
        else:
            misfits += mine
            return FoundExport(path, recognised, frozenset(h for given in columns.values() for h in given), sheet)


def _plain(columns: Mapping[str, Sequence[str]]) -> dict[str, str | Sequence[str]] | None:
    return {name: given[0] if len(given) == 1 else list(given) for name, given in columns.items()} or None


def _column_option(advice: str) -> str | None:
    """Return the option that says what the first line for study.toml in some advice does, if there is one."""
    line = re.search(r'columns = \{ score = ("(?:[^"\\]|\\.)*") \}', advice)
    if line is None:
        return None
    header = json.loads(line[1])
    # Double quotes serve every shell, except around what a shell reads inside them.
    return f"--column score={for_shell(header)}"
