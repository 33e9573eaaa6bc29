"""Which rows were finished, and which do not count: by words, by yes and no, by dates that are missing or there."""

from __future__ import annotations

from nps_utils.exports import wording
from nps_utils.exports.cells.standing import is_standing, tells_both, unknown
from nps_utils.exports.flags import is_deletion, is_flag, is_progress
from nps_utils.exports.found import Found, finishing_column
from nps_utils.exports.named_columns import look_by_name
from nps_utils.exports.times import OF_ANSWERS, begun_column, is_completion


def look_for_standing(found: Found, canonical: str) -> None:
    """A column whose words say which answers count, whatever the tool and the header; a second one is `excluded`."""
    if canonical == "excluded":
        look_by_name(found, canonical)
        if canonical not in found.chosen and (flag := next(filter(is_flag, found.free), None)) is not None:
            found.take(canonical, flag, f'{canonical} is "{flag.name}": its name says so and it holds yes and no.')
    if canonical in found.chosen or (canonical == "excluded" and "status" not in found.chosen):
        return
    few = [c for c in found.free if 2 <= len(c.distinct) <= 30]
    named = [c for c in few if c.key in wording.HEADERS["status"] and tells_both(c.wording, c.distinct)]
    if columns := [c for c in few if is_standing(c.wording, c.distinct)] or named:
        column = min(columns, key=lambda c: (not c.key.endswith("status"), c.at))
        shown = ", ".join(sorted(column.distinct))
        found.take(canonical, column, f'{canonical} is "{column.name}": its words say which answers count ({shown}).')
        if strange := unknown(column.distinct):
            listed = ", ".join(f'"{word}"' for word in strange)
            found.notes.append(
                f'column "{column.name}": {listed} says nothing we know of an answer, so those rows count.'
            )
    elif canonical == "status":
        look_by_name(found, canonical)


def look_for_unfinished(found: Found) -> None:
    """A begun answer without an end was not finished, where no column says so in a word."""
    times = found.chosen.get("responded_at", ())
    said = found.chosen.keys() & {"finished", "status"} or finishing_column(found) is not None
    # Of an end that its words do not name, an empty cell says nothing.
    ends = len(times) == 1 and (is_completion(times[0]) or times[0].key in OF_ANSWERS)
    if ends and not said:
        found.begun = begun_column(found.free, times[0])
    if not said and not found.begun and (far := next(filter(is_progress, found.free), None)) is not None:
        found.progress = far
        found.reasons.append(f'finished is by "{far.name}": rows below 100 per cent were not finished.')
    if "excluded" not in found.chosen and (gone := next(filter(is_deletion, found.free), None)) is not None:
        found.deleted = gone
        found.reasons.append(f'excluded is by "{gone.name}": rows that have a date there were deleted.')
    if found.begun:
        found.reasons.append(
            f'finished is by "{times[0].name}": rows that have "{found.begun.name}" and no end were not finished.'
        )
