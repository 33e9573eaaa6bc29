"""The canonical columns: what a survey export can say of an answer, by one name each, from export to response."""

from __future__ import annotations

import datetime as dt
import weakref
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from nps_utils.checks import BadValue, MissingColumn, check_columns

Day = str | dt.date | pd.Timestamp
_CLOSE: Final = 4  # as many times as there are, numbers may go up to be counted off


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Of every response.
ANSWER: Final = (
    "response_id",
    "respondent_id",
    "account_id",
    "survey",
    "touchpoint",
    "score",
    "comment",
    "comment_question",
    "language",
    "responded_at",
    "asked_at",
    "wave",
    "consent_to_quote",
)
# Of an export, for cleaning and for reaching people; kept with the response where the export has them.
FURTHER: Final = (
    "channel",
    "email",
    "respondent_name",
    "survey_type",
    "score_label",
    "status",
    "finished",
    "excluded",
)
# Where a row stands, and what reading found wrong with it.
SOURCE: Final = ("source_file", "source_row")
FOUND: Final = ("source_problem", "source_flag", "source_excess")

# What an export can fill, in the order of the table; whatever else it holds stays under its own name.
EXPORT: Final = (*ANSWER, *FURTHER)
# A response, in order, before the further columns.
RESPONSE: Final = (*ANSWER, *SOURCE)
# Yes and no in lower case, as people write them and as the spreadsheets of each language write true and false:
# en, sv, nb, da, nl, then de, fr, es, pt, it, fi.
YES: Final = _words(
    "true t 1 1.0 yes y ja j x on sant sann sand waar wahr oui vrai sí si verdadero sim verdadeiro sì vero kyllä tosi"
)
NO: Final = _words(
    "false f 0 0.0 no n nej nei nee off falskt usann falsk onwaar nein falsch non faux falso não nao ei epätosi"
)
# What the column `active` of a frame says besides.
_ACTIVE: Final = _words("active aktiv aktivt aktiva aktive actief actieve actif activo ativo attivo aktiivinen")
_INACTIVE: Final = _words(
    "inactive inaktiv inaktivt inaktiva inaktive inactief inactieve inactif inactivo inativo inattivo passiv passivt"
    " passiva passive passief"
) | {"not active", "ej aktiv", "inte aktiv", "ikke aktiv", "niet actief", "nicht aktiv"}

# The columns of a text table that have a meaning as text.
TEXTS: Final = (*EXPORT, *FOUND, "source_file")


def person_key(table: pd.DataFrame, *, what: str = "the frame") -> pd.Series[str]:
    """Who a row is about: `respondent_id`, or the lower-case e-mail address where there is none; else missing.

    Raises
    ------
    MissingColumn
        The table has neither column.

    Examples
    --------
    >>> person_key(pd.DataFrame({"respondent_id": ["7", None], "email": ["a@x.se", "B@x.se "]})).tolist()
    ['7', 'b@x.se']
    """
    if "respondent_id" not in table.columns and "email" not in table.columns:
        listed = ", ".join(map(str, table.columns))
        raise MissingColumn(f'{what} has neither a column "respondent_id" nor "email"; it has: {listed}.')
    key = text_of(table, "respondent_id")
    if key.notna().all():
        return key.rename("person")
    return key.where(key.notna(), text_of(table, "email").str.lower()).rename("person")


def known_people(frame: pd.DataFrame) -> pd.Series[str]:
    """Return the person of every row; raise `BadValue` for a row without one."""
    if not frame.index.is_unique:
        raise BadValue("the frame has repeated index labels; call .reset_index(drop=True) on it first.")
    person = person_key(frame)
    if person.isna().any():
        row = int(np.flatnonzero(person.isna().to_numpy())[0])
        raise BadValue(f"the frame, row {row}: neither respondent_id nor email is filled; a row must name a person.")
    return person


def numbered_people(frame: pd.DataFrame) -> tuple[NDArray[np.int64], int]:
    """Number the people of `known_people` as they come, and say how many they are: of millions of rows no text is made.

    Examples
    --------
    >>> asked = pd.DataFrame({"respondent_id": ["7", None, "7"], "email": ["a@x.se", "B@x.se ", None]})
    >>> numbered_people(asked)[0].tolist()
    [0, 1, 0]
    """
    codes, texts = numbered(frame, "respondent_id")
    if (codes < 0).any() or not frame.index.is_unique:
        by_mail, addresses = numbered(frame, "email")
        every, _ = pd.factorize(pd.concat([texts, addresses.str.lower()], ignore_index=True))
        mail = np.append(every[len(texts) :], -1)[by_mail]
        codes = np.where(codes >= 0, np.append(every[: len(texts)], -1)[codes], mail)
        if (codes < 0).any() or not frame.index.is_unique:
            known_people(frame)  # which says what is wrong
    numbers, people = pd.factorize(codes)
    return numbers, len(people)


def text_of(table: pd.DataFrame, column: str) -> pd.Series[str]:
    """Return a column as stripped text, missing where empty or absent."""
    if column not in table.columns:
        return pd.Series(pd.NA, index=table.index, dtype="string")
    cells = table[column]
    if isinstance(cells.dtype, pd.CategoricalDtype) and len(cells) < len(cells.cat.categories):
        cells = cells.astype(cells.cat.categories.dtype)  # of a few answers of millions
    if isinstance(cells.dtype, pd.CategoricalDtype):  # each category is read, not each cell
        texts = text_of(pd.DataFrame({column: cells.cat.categories}), column)
        told: pd.Series[str] = texts.reindex(range(-1, len(texts))).iloc[cells.cat.codes.to_numpy() + 1]
        return told.set_axis(cells.index).rename(column)
    if pd.api.types.is_float_dtype(cells) and (cells.dropna() % 1 == 0).all():
        cells = cells.astype("Int64")  # whole numbers that met a missing one: 7.0 is the id 7
    text = cells.astype("string").str.strip()
    return text.mask(text == "")


def numbered(table: pd.DataFrame, column: str) -> tuple[NDArray[np.int64], pd.Series[str]]:
    """Return the different texts that `text_of` gives of a column, as they come, and for each row which it has.

    Numbers are compared, grouped and sorted far faster than texts, and each different text is looked at once. A row
    without a text has -1.

    Examples
    --------
    >>> codes, texts = numbered(pd.DataFrame({"account_id": ["b", None, "a", " b ", ""]}), "account_id")
    >>> codes.tolist(), texts.tolist()
    ([0, -1, 1, 0, -1], ['b', 'a'])
    """
    if column not in table.columns:
        return np.full(len(table), -1, dtype=np.int64), pd.Series([], dtype="string")
    codes, written = _factorized(table[column])
    names, texts = pd.factorize(text_of(pd.DataFrame({column: written}), column))
    # A missing cell has the code -1: the last.
    return np.append(names, -1)[codes].astype(np.int64), pd.Series(texts, dtype="string")


def codes_of(table: pd.DataFrame, column: str) -> NDArray[np.int64]:
    """Number the texts of a column as `numbered` does.

    Examples
    --------
    >>> codes_of(pd.DataFrame({"account_id": ["b", None, "a", " b ", ""]}), "account_id").tolist()
    [0, -1, 1, 0, -1]
    """
    if column in table.columns:
        cells = table[column]
        if isinstance(cells.dtype, pd.CategoricalDtype) and _as_they_are(cells.cat.categories):
            return as_they_come(cells.cat.codes.to_numpy(), len(cells.cat.categories))[0]  # no text is looked at
        if pd.api.types.is_integer_dtype(cells.dtype):  # different numbers are different texts
            return _whole_as_they_come(cells)
    return numbered(table, column)[0]


def _whole_as_they_come(cells: pd.Series[Any]) -> NDArray[np.int64]:
    """Number whole numbers as they come, -1 where missing: those that lie close are counted off."""
    missing = cells.isna().to_numpy()
    values = cells.to_numpy(dtype=np.int64, na_value=0)
    if not missing.all() and values.min() >= 0 and values.max() < _CLOSE * len(values):
        return as_they_come(np.where(missing, -1, values), int(values.max()) + 1)[0]
    codes: NDArray[np.int64] = pd.factorize(cells)[0]
    return codes


def _factorized(cells: pd.Series[Any]) -> tuple[NDArray[np.int64], pd.Series[Any] | pd.Index[Any]]:
    """Number the different cells as they come, -1 where missing; those of a category by its codes."""
    if not isinstance(cells.dtype, pd.CategoricalDtype):
        found: tuple[NDArray[np.int64], pd.Index[Any]] = pd.factorize(cells)
        return found
    codes, different = as_they_come(cells.cat.codes.to_numpy(), len(cells.cat.categories))
    return codes, pd.Series(cells.cat.categories.take(different))


def as_they_come(codes: NDArray[Any], size: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Number codes 0..size-1 anew, in the order in which they come, and return which code each number was.

    A code of -1 stays so. What `pd.factorize` finds by hashing is counted off here: three times faster for millions.

    Examples
    --------
    >>> numbers, were = as_they_come(np.array([2, -1, 0, 2]), 4)
    >>> numbers.tolist(), were.tolist()
    ([0, -1, 1, 0], [2, 0])
    """
    # The last place is that of -1.
    first = np.full(size + 1, len(codes), dtype=np.int64)
    first[codes[::-1]] = np.arange(len(codes) - 1, -1, -1)
    there = np.flatnonzero(first[:size] < len(codes))
    were = there[np.argsort(first[there])]
    number = np.full(size + 1, -1, dtype=np.int64)
    number[were] = np.arange(len(were))
    return number[codes], were


# Lists of categories whose texts `text_of` leaves as they are, and of others: a column is asked for many times.
_SEEN: Final[dict[int, tuple[weakref.ref[pd.Index[Any]], bool]]] = {}


def _as_they_are(texts: pd.Index[Any]) -> bool:
    """Say whether `text_of` gives each of these back as it is, so that different ones stay different."""
    known = _SEEN.get(id(texts))
    if known is None or known[0]() is not texts:
        own = pd.Series(texts)
        same = pd.api.types.is_string_dtype(own.dtype) and bool(((own.str.strip() == own) & (own != "")).all())
        _SEEN[id(texts)] = known = (weakref.ref(texts), same)
    return known[1]


def is_active(people: pd.DataFrame, *, what: str = "the frame") -> pd.Series[bool]:
    """Return whether each person is active: where `active` says so or says nothing.

    Raises
    ------
    BadValue
        A cell that is neither yes nor no.

    Examples
    --------
    >>> is_active(pd.DataFrame({"active": ["ja", "Inaktiv", None, "0"]})).tolist()
    [True, False, True, False]
    """
    cells = text_of(people, "active").str.lower()
    no = NO | _INACTIVE
    unknown = (cells.notna() & ~cells.isin(YES | _ACTIVE | no)).to_numpy()
    if unknown.any():
        value = cells.iloc[int(np.flatnonzero(unknown)[0])]
        raise BadValue(f'{what}, column "active": {value!r} is neither yes nor no; write true or false.')
    return ~cells.isin(no)


def days_of(gap: pd.Series[pd.Timedelta]) -> pd.Series[float]:
    """Return lengths of time in days."""
    return gap / pd.Timedelta(days=1)


def day_of(on: Day, *, name: str = "on") -> pd.Timestamp:
    """Return the start of a day, in UTC; raise `BadValue` where it is none."""
    day = pd.to_datetime(pd.Series([on]).astype(str), format="ISO8601", utc=True, errors="coerce").iloc[0]
    if pd.isna(day):
        raise BadValue(f"{name} = {on!r} is not a date; write 2026-11-21.")
    return day.normalize()


def read_dates(
    table: pd.DataFrame, column: str, *, what: str = "the table", timezone: str = "UTC"
) -> pd.Series[pd.Timestamp]:
    """Return a column of dates as UTC times; raise `BadValue` for a filled cell that is not an ISO date or time.

    Text such as `2026-11-21` or `2026-11-21T09:30:00+01:00`, dates and datetimes are read; a time that names no zone
    is on the clock of `timezone`; empty cells stay empty.

    Examples
    --------
    >>> cells = pd.DataFrame({"asked_at": ["2026-11-21 00:30", None, "2026-11-21T00:30:00Z"]})
    >>> read_dates(cells, "asked_at", timezone="Europe/Oslo").dt.day.tolist()
    [20.0, nan, 21.0]
    """
    check_columns(list(table.columns), [column], what=what)
    cells = table[column]
    if isinstance(cells.dtype, pd.DatetimeTZDtype):
        return pd.to_datetime(cells, utc=True)
    if pd.api.types.is_datetime64_any_dtype(cells):
        return _on_the_clock(cells, timezone)
    # Each text is read once: millions of askings have as many minutes as there are in some working days.
    codes, different = pd.factorize(cells)
    # As text, a bare number is no date; pandas would read it as nanoseconds after 1970.
    written = pd.Series(different)
    if not isinstance(written.dtype, pd.StringDtype):
        written = pd.Series([str(cell) for cell in different], dtype="string")
    text = written.astype("string").str.strip()
    text = text.mask(text == "")
    times = pd.to_datetime(text, format="ISO8601", utc=True, errors="coerce")
    wrong = np.append((times.isna() & text.notna()).to_numpy(), [False])[codes]
    if wrong.any():
        row = int(np.flatnonzero(wrong)[0])
        raise BadValue(
            f'{what}, row {row}, column "{column}": {text.iloc[codes[row]]!r} is not an ISO date or time; '
            "write 2026-11-21 or 2026-11-21T09:30:00+01:00."
        )
    zoned = text.str.contains(r"(?:Z|\d[+-]\d\d(?::?\d\d)?)$", case=False, regex=True).fillna(False).astype(bool)
    zoned &= text.str.contains(":", regex=False).fillna(False).astype(bool)  # 2026-11-21 ends like an offset
    read = times.where(zoned, _on_the_clock(times.dt.tz_localize(None), timezone))
    found: pd.Series[pd.Timestamp] = read.reindex(range(-1, len(read))).iloc[codes + 1]
    return found.set_axis(cells.index).rename(column)


def _on_the_clock(times: pd.Series[pd.Timestamp], timezone: str) -> pd.Series[pd.Timestamp]:
    """Read wall-clock times in a zone: of an hour that came twice the first, of one that never came the next."""
    first = np.ones(len(times), dtype=bool)
    try:
        local = times.dt.tz_localize(timezone, ambiguous=first, nonexistent="shift_forward")
    except (KeyError, ValueError) as problem:  # zoneinfo's not-found error is a KeyError
        raise BadValue(
            f"timezone = {timezone!r} is not the name of a time zone, such as Europe/Stockholm."
        ) from problem
    utc: pd.Series[pd.Timestamp] = local.dt.tz_convert("UTC")
    return utc


def last_day(responses: pd.DataFrame, *, timezone: str = "UTC") -> pd.Timestamp:
    """Return the day of the last answer in the zone of the study, which stands for today.

    A report says the same tomorrow, so it does not go by the clock.

    Raises
    ------
    BadValue
        The answers carry no dates.

    Examples
    --------
    >>> responses = pd.DataFrame({"responded_at": pd.to_datetime(["2026-03-01T23:30Z", "2026-02-01T10:00Z"])})
    >>> last_day(responses), last_day(responses, timezone="Europe/Oslo").date()
    (Timestamp('2026-03-01 00:00:00+0000', tz='UTC'), datetime.date(2026, 3, 2))
    """
    check_columns(list(responses.columns), ["responded_at"], what="the responses")
    newest = days_in(responses["responded_at"], timezone).max()
    if pd.isna(newest):
        raise BadValue("The answers carry no dates, so there is no last day to count from.")
    return pd.Timestamp(newest)


def days_in(times: pd.Series[pd.Timestamp], timezone: str) -> pd.Series[pd.Timestamp]:
    """Return the calendar days of instants in a zone, each as its midnight under the label UTC, to be counted with.

    An answer dated 1 March in Oslo is one of 28 February, 23 o'clock, in UTC: its day is 1 March.

    Examples
    --------
    >>> days_in(pd.Series(pd.to_datetime(["2026-02-28T23:00Z"])), "Europe/Oslo").dt.date.tolist()
    [datetime.date(2026, 3, 1)]
    """
    return times.dt.tz_convert(timezone).dt.tz_localize(None).dt.normalize().dt.tz_localize("UTC")
