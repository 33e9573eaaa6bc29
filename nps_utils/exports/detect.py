"""Name the tool and the columns of an export, and say why in a sentence each.

What a tool's file lists by header is taken at its word. Everything else is recognised by wording and checked by the
shape of the values, and left alone when in doubt: a column that is not recognised is kept under its own name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias
from zoneinfo import available_timezones

from nps_utils.checks import NoSuchHeader, check_choice, closest
from nps_utils.columns import EXPORT
from nps_utils.exports import wording
from nps_utils.exports.comment_column import find_comment
from nps_utils.exports.headers import Column, count_header_rows, read_columns, zone_of_imports
from nps_utils.exports.options import option_columns
from nps_utils.exports.score_column import find_label, find_score, names_the_question, refuse_weights
from nps_utils.exports.shapes import (
    SHAPES,
    is_number,
    like_date,
    like_id,
    like_token,
    share_of_times,
)
from nps_utils.exports.tabular import Grid
from nps_utils.exports.tool import Tool, key

ColumnNames: TypeAlias = Mapping[str, str | Sequence[str]]

_IDS: Final = frozenset({"response_id", "respondent_id", "account_id"})
# How many cells of a column must be dates where its name says that it holds the date of the answer.
DATES_IF_NAMED: Final = 0.5


@dataclass
class Found:
    """The columns recognised so far, each with its reason."""

    tool: Tool
    columns: list[Column]
    header_rows: int
    chosen: dict[str, tuple[Column, ...]] = field(default_factory=dict)
    reasons: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    offers: dict[str, str] = field(default_factory=dict)
    rounded: set[int] = field(default_factory=set)
    timezone: str | None = None

    def take(self, canonical: str, column: Column | Sequence[Column], why: str) -> None:
        """Use a column, and remember why."""
        self.chosen[canonical] = (column,) if isinstance(column, Column) else tuple(column)
        self.reasons.append(why)

    @property
    def free(self) -> list[Column]:
        """The columns not used yet."""
        used = {column.at for columns in self.chosen.values() for column in columns}
        return [column for column in self.columns if column.at not in used]

    def candidates(self, canonical: str) -> list[Column]:
        """Return the columns that may become a canonical one: rounded numbers become no ids."""
        return [column for column in self.free if canonical not in _IDS or column.at not in self.rounded]


def detect(grid: Grid, tools: Sequence[Tool], *, tool: str | None = None, columns: ColumnNames | None = None) -> Found:
    """Recognise one table."""
    found = _which_tool(grid, tools, tool)
    _take_named(found, columns or {}, grid.path.name)
    _set_rounded_aside(found, grid)
    _take_tools_own(found)
    if "score" in found.chosen:
        refuse_weights(found.chosen["score"][0], grid.path.name)
    elif len(spread := [group for group in option_columns(found.free) if names_the_question(group[0])]) == 1:
        group = spread[0]
        question = group[0].name.rpartition(": ")[0]
        found.take("score", group, f'score is in the {len(group)} columns under "{question}": one for each answer.')
    else:
        column, why, notes = find_score(found.free, found.tool, grid.path.name)
        found.take("score", column, why)
        found.notes += notes
    for canonical, look in _LOOKS.items():
        if canonical not in found.chosen:
            look(found, canonical)
    _take_row_ids(found, grid)
    if (times := found.chosen.get("responded_at")) and (zone := zone_of_imports(grid, found.header_rows, times[0].at)):
        if zone in available_timezones():
            found.timezone = zone
            found.reasons.append(f"times are in {zone}: the row of import ids says so.")
        else:
            found.notes.append(f'the row of import ids says that times are in "{zone}", which is no zone we know.')
    found.offers = _offers(found)
    return found


def _take_row_ids(found: Found, grid: Grid) -> None:
    """Take as an id what told the rows apart before the table was laid out anew."""
    told = next((column for column in found.free if column.name == grid.answer_id), None)
    if told is not None and not found.chosen.keys() & {"response_id", "respondent_id", "email"}:
        found.take("response_id", told, f'response_id is "{told.name}": it says which rows were one answer.')
    if grid.customer is None or found.chosen.keys() & {"respondent_id", "email"}:
        return
    # A company that answers every year is an account, and here also the one whose answers pair.
    column = next((column for column in found.columns if column.name == grid.customer), None)
    if column is not None:
        found.take("respondent_id", column, f'respondent_id is "{column.name}": each row was one customer.')


def _offers(found: Found) -> dict[str, str]:
    """Return for each canonical column that the tool leaves to its users the header they may have used for it."""
    free = {key(column.wording): column for column in found.free if column.filled}
    offered = {
        canonical: next((free[spelling] for spelling in map(key, headers) if spelling in free), None)
        for canonical, headers in found.tool.offers.items()
        if canonical not in found.chosen
    }
    return {canonical: column.name for canonical, column in offered.items() if column is not None}


def _which_tool(grid: Grid, tools: Sequence[Tool], name: str | None) -> Found:
    if name is not None:
        check_choice("tool", name, [tool.name for tool in tools])
        chosen = next(tool for tool in tools if tool.name == name)
        return _open(grid, chosen, f"tool is {chosen.title}: the study says so.")
    best, signs = None, tuple[str, ...]()
    for tool in tools:
        for record in grid.head[: tool.header_rows]:
            matched = tool.match([cell.strip() for cell in record.cells])
            if len(matched) > len(signs):
                best, signs = tool, matched
    if best is not None:
        shown = ", ".join(f'"{sign}"' for sign in signs)
        return _open(
            grid, best, f"tool is {best.title}: it names {'a column' if len(signs) == 1 else 'columns'} {shown}."
        )
    generic = next(tool for tool in tools if not tool.signs)
    return _open(
        grid, generic, "tool is unknown (generic): the headers are no known tool's; columns were recognised one by one."
    )


def _open(grid: Grid, tool: Tool, why: str) -> Found:
    header_rows = count_header_rows(grid, tool)
    found = Found(tool, read_columns(grid, tool, header_rows), header_rows, reasons=[why])
    if header_rows > 1:
        found.reasons.append(f"the first {header_rows} rows are headers.")
    found.reasons += [
        f'"{column.name}": {1 + len(column.also)} columns of this name, each filled in rows of its own, are one.'
        for column in found.columns
        if column.also and column.filled
    ]
    return found


def _take_named(found: Found, columns: ColumnNames, file: str) -> None:
    for canonical, headers in columns.items():
        check_choice("columns: the key", canonical, EXPORT)
        wanted = [headers] if isinstance(headers, str) else list(headers)
        chosen = [_by_header(found.columns, header, file) for header in wanted]
        shown = " and ".join(f'"{column.name}"' for column in chosen)
        found.take(canonical, chosen, f"{canonical} is {shown}: the study says so.")


def _by_header(columns: Sequence[Column], header: str, file: str) -> Column:
    for same in (lambda c: c.name == header, lambda c: c.wording == header, lambda c: c.key == key(header)):
        if column := next(filter(same, columns), None):
            return column
    names = [column.name for column in columns]
    listed = ", ".join(f'"{name}"' for name in names[:40])
    raise NoSuchHeader(f'{file} has no column "{header}"; it has: {listed}.{closest(header, names)}', header)


def _set_rounded_aside(found: Found, grid: Grid) -> None:
    """Keep numbers that a spreadsheet rounded from becoming ids, unasked: different ids have become the same number."""
    found.rounded = {column.at for column in found.columns if column.at in grid.rounded_columns}
    if found.rounded:
        names = ", ".join(column.name for column in found.columns if column.at in found.rounded)
        found.notes.append(
            f"numbers of 16 and more digits in {names} were rounded by the spreadsheet before we saw them, so that they"
            " tell no two rows apart and are not used as ids; export CSV where ids matter."
        )


def _take_tools_own(found: Found) -> None:
    """Take the columns the tool's file lists, best spelling first."""
    for canonical, spellings in found.tool.columns.items():
        if canonical in found.chosen:
            continue
        for spelling in map(key, spellings):
            fits = (c for c in found.candidates(canonical) if spelling in (c.key, key(c.wording)))
            column = next(fits, None)
            if column is not None:
                found.take(canonical, column, f'{canonical} is "{column.name}": {found.tool.title} names it so.')
                break


def _look_by_name(found: Found, canonical: str) -> None:
    fits, why = SHAPES[canonical]
    for name in wording.HEADERS[canonical]:
        candidates = found.candidates(canonical)
        column = next((c for c in candidates if c.key == name and c.filled and fits(c)), None)
        if column is not None:
            found.take(canonical, column, f'{canonical} is "{column.name}": {why}.')
            return


def _look_for_label(found: Found, canonical: str) -> None:
    if label := find_label(found.free):
        found.take(
            canonical, label, f'{canonical} is "{label.name}": its values are {", ".join(sorted(label.distinct))}.'
        )


def _look_for_date(found: Found, canonical: str) -> None:
    named = [
        column for name in wording.HEADERS[canonical] for column in found.free if column.key.removesuffix("utc") == name
    ]
    for column in named:
        # Under such a name the cells that are no dates are rows to reject, not a reason to look elsewhere.
        if share_of_times(column) >= DATES_IF_NAMED:
            found.take(canonical, column, f'{canonical} is "{column.name}": its name and its dates say so.')
            return
    dates = [c for c in found.free if like_date(c) and not wording.OTHER_DATE.search(c.wording)]
    if len(dates) == 1:
        found.take(canonical, dates[0], f'{canonical} is "{dates[0].name}": the only column of dates.')
    elif dates:
        listed = ", ".join(f'"{column.name}"' for column in dates)
        found.notes.append(
            f"columns {listed} hold dates and none says it is the date of the answer, so none is used;"
            ' name it: columns = { responded_at = "..." }.'
        )
    elif unread := next((c for c in named if c.filled and re.search(r"\d", c.filled[0]) and not is_number(c)), None):
        found.notes.append(
            f'column "{unread.name}" is named like the date of the answer, but "{unread.filled[0][:40]}" is no date'
            f' that can be read, so it is not used. If it names a period: columns = {{ wave = "{unread.name}" }} and'
            ' [waves] by = "column".'
        )


def _look_for_id(found: Found, canonical: str) -> None:
    """A column called just id: of the answer when something else names the person, otherwise of the person."""
    _look_by_name(found, canonical)
    if canonical in found.chosen:
        return
    if canonical == "response_id" and (token := next((c for c in found.free if c.key == "#" and like_token(c)), None)):
        found.take(canonical, token, f'{canonical} is "{token.name}": its values are tokens, none repeats.')
        return
    named = [c for c in found.candidates(canonical) if c.key in ("id", "uuid", "guid")]
    column = next(filter(like_id, named), None)
    if column is None:
        return
    person = found.chosen.keys() & {"respondent_id", "email"}
    if (canonical == "response_id") == bool(person):
        found.take(
            canonical, column, f'{canonical} is "{column.name}": the only id{" beside the person" if person else ""}.'
        )


def _look_for_comment(found: Found, canonical: str) -> None:
    comment = find_comment(found.free, found.chosen["score"][0])
    if comment.columns:
        found.take(canonical, comment.columns, comment.why)
    found.notes += comment.notes


_LOOKS: Final[dict[str, Callable[[Found, str], None]]] = {
    "score_label": _look_for_label,
    "email": _look_by_name,
    "survey_type": _look_by_name,
    "touchpoint": _look_by_name,
    "survey": _look_by_name,
    "language": _look_by_name,
    "channel": _look_by_name,
    "wave": _look_by_name,
    "consent_to_quote": _look_by_name,
    "finished": _look_by_name,
    "status": _look_by_name,
    "excluded": _look_by_name,
    "asked_at": _look_by_name,
    "responded_at": _look_for_date,
    "account_id": _look_by_name,
    "respondent_id": _look_for_id,
    "response_id": _look_for_id,
    "respondent_name": _look_by_name,
    "comment": _look_for_comment,
}
