"""Name the tool and the columns of an export, and say why in a sentence each.

What a tool's file lists by header is taken at its word. Everything else is recognised by wording and checked by the
shape of the values, and left alone when in doubt: a column that is not recognised is kept under its own name.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final
from zoneinfo import available_timezones

from nps_utils.checks import MissingColumn, check_choice
from nps_utils.exports import wording
from nps_utils.exports.answer_date import look_for_date, undecided_dates
from nps_utils.exports.asked_scale import asked_scale
from nps_utils.exports.comment_column import find_comment
from nps_utils.exports.files.grid import Grid
from nps_utils.exports.files.values import nulls_in
from nps_utils.exports.flags import tests_unused, trials_unmarked, zeros_unexplained
from nps_utils.exports.found import ColumnNames, Found, finishing_column
from nps_utils.exports.headers import Column, count_header_rows, read_columns, zone_of_imports
from nps_utils.exports.headers_again import check_headers_again
from nps_utils.exports.identity import is_damaged
from nps_utils.exports.named_by_study import SAID_BY_STUDY, take_named
from nps_utils.exports.named_columns import (
    is_of_other_measure,
    look_by_name,
    look_for_account,
    look_for_id,
    look_for_measure,
)
from nps_utils.exports.own_names import addresses_unused, own_names_unused
from nps_utils.exports.people import name_parts
from nps_utils.exports.replies import replies
from nps_utils.exports.score_column import find_label, find_score, names_the_question, refuse_weights
from nps_utils.exports.shapes import has_no_letters, like_measures, share
from nps_utils.exports.spread_score import option_columns, with_siblings
from nps_utils.exports.staff_among import staff_among
from nps_utils.exports.standing_columns import look_for_standing, look_for_unfinished
from nps_utils.exports.tools.tool import Tool, key
from nps_utils.exports.unread_dates import passed_over, unread_date
from nps_utils.exports.written_by_hand import check_single, written_once, written_otherwise
from nps_utils.exports.year_and_month import take_period
from nps_utils.scale import is_nps
from nps_utils.scale.cells import NOTHING_TOLD, Seen, Told
from nps_utils.scale.evidence import check_scale
from nps_utils.words.naming import EMPLOYEES

_MOST_NUMBERS: Final = 0.9
_WHO: Final = ("respondent_id", "account_id", "email")


def detect(
    grid: Grid,
    tools: Sequence[Tool],
    *,
    tool: str | None = None,
    columns: ColumnNames | None = None,
    told: Told = NOTHING_TOLD,
    readable: bool = False,
) -> Found:
    """Recognise one table; whoever named the score column, its answers must be from 0 to 10.

    Cells that cannot be read are the business of cleaning, unless they must be `readable`.
    """
    found = _which_tool(grid, tools, tool)
    check_headers_again(found, grid)
    take_named(found, columns or {}, grid.path.name, customer=grid.customer)
    _set_rounded_aside(found, grid)
    _take_tools_own(found)
    if "score" in found.chosen:
        refuse_weights(found.chosen["score"][0], grid.path.name)
    elif len(spread := [group for group in option_columns(found.free) if names_the_question(group[0])]) == 1:
        group = spread[0]
        question = group[0].name.rpartition(": ")[0]
        group = with_siblings(group, found.free)
        found.take("score", group, f'score is in the {len(group)} columns under "{question}": one for each answer.')
    else:
        column, why, notes = _find_score(found, grid.path.name, told)
        found.take("score", column, why)
        found.notes += notes
    _set_replies_aside(found)
    for canonical, look in _LOOKS.items():
        if canonical not in found.chosen and canonical not in found.nowhere:
            look(found, canonical)
    if "responded_at" in found.chosen:
        found.notes += [aside] if (aside := passed_over(found)) else []
    elif "wave" not in found.chosen and "responded_at" not in found.nowhere and not take_period(found):
        found.unread_date = unread_date(found, grid, undecided_dates(found))
        found.notes += [found.unread_date.replace("\n ", "")] if found.unread_date else []
    _take_row_ids(found, grid)
    if (times := found.chosen.get("responded_at")) and (zone := zone_of_imports(grid, found.header_rows, times[0].at)):
        if zone in available_timezones():
            found.timezone = zone
            found.reasons.append(f"times are in {zone}: the row of import ids says so.")
        else:
            found.notes.append(f'the row of import ids says that times are in "{zone}", which is no zone we know.')
    _take_zone_and_standing(found)
    look_for_unfinished(found)
    found.offers = _offers(found)
    found.notes += [*own_names_unused(found), *tests_unused(found), *trials_unmarked(found), *_employees(found)]
    found.notes += [*addresses_unused(found), *(zeros_unexplained(found) if told.read("0").score == 0 else ())]
    found.notes += [*written_once(found), *written_otherwise(found), *staff_among(found)]
    _check_answers(found, grid, told, readable=readable)
    if "score" not in (columns or {}):
        check_single(found, grid.path.name)
    return found


def _find_score(found: Found, file: str, told: Told) -> tuple[Column, str, tuple[str, ...]]:
    """Find the score; where a column says what each row measures, as a last resort among the rows that are of NPS."""
    try:
        return find_score(found.free, found.tool, file, told)
    except MissingColumn:
        kinds = next(filter(like_measures, found.free), None)
        if kinds is None:
            raise
        mine = [is_nps(cell) for cell in kinds.cells]
        rest = [
            replace(column, cells=[cell if nps else "" for cell, nps in zip(column.cells, mine, strict=True)])
            for column in found.free
            if column is not kinds
        ]
        best, why, notes = find_score(rest, found.tool, file, told)
        said = f'{why.removesuffix(".")}, of the rows whose "{kinds.name}" is NPS.'
        return next(column for column in found.free if column.at == best.at), said, notes


def _employees(found: Found) -> list[str]:
    """Say that a question about an employer is a survey of its own."""
    if not found.of_employees or "touchpoint" in found.chosen:
        return []
    return [
        f'"{found.chosen["score"][0].name}" asks about an employer (eNPS): the answers are those of employees, kept'
        f' apart from those of customers as touchpoint = "{EMPLOYEES}". If they are about something else, write its'
        " touchpoint under their [[export]] in study.toml."
    ]


def _take_zone_and_standing(found: Found) -> None:
    """Say what the tool's file knows of all its exports: the zone of bare times, and what an unfinished answer is."""
    tool = found.tool
    if tool.zone and found.timezone is None and "responded_at" in found.chosen:
        found.timezone = tool.zone
        found.reasons.append(f"times that name no zone are in {tool.zone}: {tool.title} writes them so.")
    if (mark := finishing_column(found)) is not None:
        found.reasons.append(f'finished is whether "{mark.name}" is filled: {tool.title} fills it with the last page.')


def _check_answers(found: Found, grid: Grid, told: Told, *, readable: bool) -> None:
    """Raise `BadAnswers` unless the first cells of the score are from 0 to 10; those of other surveys do not count."""
    columns, kinds = found.chosen["score"], found.chosen.get("survey_type")
    body = [record for record in grid.head[found.header_rows :] if record.problem is None]
    cells = ["\n".join(filter(str.strip, row)) for row in zip(*(column.cells for column in columns), strict=True)]
    mine = [is_nps(cell) for cell in kinds[0].cells] if kinds else [True] * len(cells)
    if found.measured is not None:
        mine = [not is_of_other_measure(cell) for cell in found.measured.cells]
    rows = dict[str, int]()
    for record, cell, nps in zip(body, cells, mine, strict=True):
        if nps:
            rows.setdefault(cell, record.row)
    counts = Counter(cell for cell, nps in zip(cells, mine, strict=True) if nps)
    wording = " ".join(dict.fromkeys(column.wording for column in columns)) if len(columns) == 1 else columns[0].name
    asked = asked_scale(wording)
    if (
        told.scale is None
        and asked is not None
        and asked.low
        and not any(told.read(cell).score == 0 for cell in counts)
    ):
        found.notes.append(
            f'the header of the score says "{asked.words}": a scale without 0 gives other scores than one from 0 to 10,'
            ' and nothing is rescaled. If 1 was the lowest answer, write scale = "1-10" under its [[export]] in'
            ' study.toml; if 0 could be chosen, scale = "0-10".'
        )
    check_scale(
        Seen(
            f'{grid.path.name}, column "{columns[0].name}"',
            counts,
            lambda texts: [rows[text] for text in texts if text in rows],
            told,
            asked,
        ),
        readable=readable,
    )


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
    told = {canonical: column.name for canonical, column in offered.items() if column is not None}
    if "account_id" not in found.chosen and "account_id" not in told:
        # Names of customers that come again and again are of companies, or of people who answer often.
        called = [c for c in found.columns if c in (*found.free, *found.chosen.get("respondent_name", ()))]
        again = [c for c in called if c.key in wording.CUSTOMER and 4 < 2 * len(c.distinct) <= len(c.filled)]
        told |= {"account_id": again[0].name} if again else {}
    return told


def known_tool(grid: Grid, tools: Sequence[Tool]) -> tuple[Tool | None, tuple[str, ...]]:
    """Return the tool whose signs are among the headers, the one with the most of them, and these signs."""
    best, signs = None, tuple[str, ...]()
    for tool in tools:
        for record in grid.head[: tool.header_rows]:
            matched = tool.match([cell.strip() for cell in record.cells])
            if len(matched) > len(signs):
                best, signs = tool, matched
    return best, signs


def _which_tool(grid: Grid, tools: Sequence[Tool], name: str | None) -> Found:
    if name is not None:
        check_choice("tool", name, [tool.name for tool in tools])
        chosen = next(tool for tool in tools if tool.name == name)
        return _open(grid, chosen, f"tool is {chosen.title}{SAID_BY_STUDY}")
    best, signs = known_tool(grid, tools)
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
    columns = read_columns(grid, tool, header_rows)
    # What a program writes where a database holds nothing is no group, no account and no date.
    nulls = nulls_in(cell for column in columns for cell in column.distinct)
    if nulls:
        columns = [replace(one, cells=["" if cell.strip() in nulls else cell for cell in one.cells]) for one in columns]
    found = Found(tool, columns, header_rows, reasons=[why], nulls=nulls)
    if nulls:
        found.reasons.append(f"{', '.join(map(repr, nulls))} is read as an empty cell.".replace("'", '"'))
    if header_rows > 1:
        found.reasons.append(f"the first {header_rows} rows are headers.")
    found.reasons += [
        f'"{column.name}": {1 + len(column.also)} columns of this name, each filled in rows of its own, are one.'
        for column in found.columns
        if column.also and column.filled
    ]
    return found


def _set_rounded_aside(found: Found, grid: Grid) -> None:
    """Keep numbers that a spreadsheet rounded from becoming ids, unasked: different ids have become the same number."""
    rounded = [c for c in found.columns if c.at in grid.rounded_columns or (c.filled and is_damaged(c))]
    found.rounded = {column.at for column in rounded}
    if rounded:
        names = ", ".join(column.name for column in rounded)
        found.notes.append(
            f"numbers of 16 and more digits in {names} were rounded by the spreadsheet before we saw them (for example"
            f' "{rounded[0].filled[0]}"), so that they tell no two rows apart and are not used as ids; export CSV, and'
            " do not save it from a spreadsheet, where ids matter."
        )


def _set_replies_aside(found: Found) -> None:
    """Keep what was replied to answers from being taken for the comment or the date of an answer, unasked."""
    if written := replies(found.free, found.chosen["score"]):
        found.replies = {column.at for column in written}
        names = ", ".join(f'"{column.name}"' for column in written)
        found.notes.append(
            f"{names}: filled for some answers only, and together, so taken for what was replied to them and not for"
            " the comment or its date; if they are the answer, name them in columns."
        )


def _take_tools_own(found: Found) -> None:
    """Take the columns the tool's file lists, best spelling first."""
    for canonical, spellings in found.tool.columns.items():
        if canonical in found.chosen or canonical in found.nowhere:
            continue
        for spelling in map(key, spellings):
            fits = (c for c in _of_use(found, canonical) if spelling in (c.key, key(c.wording)))
            column = next(fits, None)
            if column is not None:
                found.take(canonical, column, f'{canonical} is "{column.name}": {found.tool.title} names it so.')
                break


def _of_use(found: Found, canonical: str) -> list[Column]:
    """Return the columns that may become a canonical one; one without a cell names nobody, numbers are no comment."""
    fits = [column for column in found.candidates(canonical) if column.filled or canonical not in _WHO]
    return [c for c in fits if canonical != "comment" or share(c, has_no_letters) <= _MOST_NUMBERS]


def _look_for_label(found: Found, canonical: str) -> None:
    if label := find_label(found.free):
        found.take(
            canonical, label, f'{canonical} is "{label.name}": its values are {", ".join(sorted(label.distinct))}.'
        )


def _look_for_name(found: Found, canonical: str) -> None:
    """The parts of a name in several columns are one name; else a column that is called so."""
    free = {column.name: column for column in found.free if column.filled}
    if parts := name_parts(free):
        shown = " and ".join(f'"{part}"' for part in parts)
        found.take(canonical, [free[part] for part in parts], f"{canonical} is {shown}: their names say so.")
    else:
        look_by_name(found, canonical)


def _look_for_comment(found: Found, canonical: str) -> None:
    comment = find_comment(found.answering, found.chosen["score"][0])
    if comment.columns:
        found.take(canonical, comment.columns, comment.why)
    found.notes += comment.notes


_LOOKS: Final[dict[str, Callable[[Found, str], None]]] = {
    "score_label": _look_for_label,
    "email": look_by_name,
    "survey_type": look_for_measure,
    "touchpoint": look_by_name,
    "survey": look_by_name,
    "language": look_by_name,
    "channel": look_by_name,
    "wave": look_by_name,
    "consent_to_quote": look_by_name,
    "finished": look_by_name,
    "status": look_for_standing,
    "excluded": look_for_standing,
    "asked_at": look_by_name,
    "responded_at": look_for_date,
    "account_id": look_for_account,
    "respondent_id": look_for_id,
    "response_id": look_for_id,
    "respondent_name": _look_for_name,
    "comment": _look_for_comment,
}
