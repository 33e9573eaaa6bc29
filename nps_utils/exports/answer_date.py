"""Which column holds the date of the answer, among all that hold dates."""

from __future__ import annotations

from typing import Final

from nps_utils.exports import wording
from nps_utils.exports.found import Found
from nps_utils.exports.headers import Column
from nps_utils.exports.shapes import like_date, share_of_times
from nps_utils.exports.times import OF_ANSWERS, clock_of, date_of_answer, one_moment, placeholder_of

# How many cells of a column must be dates where its name says that it holds the date of the answer.
DATES_IF_NAMED: Final = 0.5


def _dates(found: Found) -> tuple[list[Column], list[Column]]:
    """Return the columns of dates that are called as those of answers are, and all that may be of the answer."""
    named = [
        column
        for name in wording.HEADERS["responded_at"]
        for column in found.answering
        if column.key.removesuffix("utc") == name
    ]
    # Under such a name the cells that are no dates are rows to reject, not a reason to look elsewhere.
    sound = [column for column in named if share_of_times(column) >= DATES_IF_NAMED]
    others = (
        c for c in found.answering if like_date(c) and not wording.OTHER_DATE.search(c.wording) and c not in sound
    )
    return sound, [*sound, *others]


def look_for_date(found: Found, canonical: str) -> None:
    """Take the date of the answer, with its time of day where that stands in another column."""
    sound, dates = _dates(found)
    for column in dates:
        if day := placeholder_of(column):
            found.notes.append(f'column "{column.name}" says {day} in most rows: a placeholder, so it is not used.')
    dates = [column for column in dates if not placeholder_of(column)]
    sound = [column for column in sound if column in dates]
    if best := date_of_answer(sound, dates, OF_ANSWERS):
        column, why = best
        clock = clock_of(column, [other for other in found.answering if other is not column])
        if clock is None:
            found.take(canonical, column, f'{canonical} is "{column.name}": {why}')
        else:
            beside = f'{why.removesuffix(".")}; "{clock.name}" has its time of day.'
            found.take(canonical, [column, clock], f'{canonical} is "{column.name}" and "{clock.name}": {beside}')
        if moment := one_moment(column):
            found.notes.append(
                f'column "{column.name}" says {moment} in every row: it may be the time of an import or an export'
                " instead of that of the answers. If so, leave it out of columns in study.toml."
            )


def undecided_dates(found: Found) -> list[Column]:
    """Return the columns of dates of which none was taken for the date of the answer."""
    return [column for column in _dates(found)[1] if not placeholder_of(column)]
