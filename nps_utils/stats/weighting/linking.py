"""Answers linked to askings: which invitation each answer belongs to, and what could not be joined."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from nps_utils.checks import check_whole
from nps_utils.columns import read_dates, text_of
from nps_utils.waves import Wave, check_wave, wave_of

Ints: TypeAlias = NDArray[np.int64]

# Where an asking stands in its frame.
ROW: Final = "_row"
# What an answer and its asking must share beside the person, where both tables have it in every row.
SHARED: Final = ("survey", "touchpoint")
# What linking asks of a frame.
LINKED_BY: Final = ("respondent_id", "email", "asked_at", "wave", *SHARED)
_EPOCH: Final = pd.Timestamp(0, tz="UTC")
_DAY: Final = 86_400 * 1_000_000
_NO_TIME: Final = 2**62
_ROWS_AT_ONCE: Final = 4_000_000


def askings(frame: pd.DataFrame, *, timezone: str = "UTC", wave: Wave = "quarter") -> pd.DataFrame:
    """Return the askings of a frame: its rows with `asked_at` filled, as UTC times, and the `wave` of each.

    Parameters
    ----------
    frame
        One row per person and asking. People never asked have no `asked_at`; without that column every row counts
        as an asking. A `wave` column of its own is kept.
    timezone
        On whose clock times without a zone are, and whose calendar makes the waves.
    wave
        As in `clean`; not used where the frame has the column.

    Examples
    --------
    >>> frame = pd.DataFrame({"email": ["a@x.se", "b@x.se"], "asked_at": ["2026-04-01 00:30", None]})
    >>> askings(frame, timezone="Europe/Oslo")["wave"].tolist()
    ['2026-Q2']
    """
    if "asked_at" not in frame.columns:
        return frame.copy()
    times = read_dates(frame, "asked_at", what="the frame", timezone=timezone)
    asked = frame.assign(asked_at=times)
    asked = asked if times.notna().all() else asked[times.notna()]
    rule = check_wave(wave)
    if "wave" in asked.columns or rule == "column":
        return asked
    day, days = pd.factorize(asked["asked_at"].dt.tz_convert(timezone).dt.tz_localize(None).dt.normalize())
    waves = np.array([wave_of(one.date(), rule) for one in pd.DatetimeIndex(days)], dtype=object)
    return asked.assign(wave=pd.Series(waves[day], index=asked.index, dtype="str"))


def link_answers(
    frame: pd.DataFrame, responses: pd.DataFrame, *, timezone: str = "UTC", within_days: int | None = None
) -> pd.Series[int]:
    """Find the asking that each answer answers: the last one before it, of the same person.

    People are matched by `respondent_id`, and where that finds no asking by `email`, in lower case. `survey` and
    `touchpoint` must agree as well where both tables have them filled in every row. Without `asked_at` in the frame
    or `responded_at` of an answer, the person's last asking is taken (in the same `wave`, where both tables have one
    and one of them has no times). Two answers may be linked to one asking.

    Parameters
    ----------
    frame, timezone
        As in `askings`.
    responses
        One row per answer, as `clean` returns it.
    within_days
        Answers later than this after the asking are not linked to it; None for no limit.

    Returns
    -------
    For each response, under its own index: the row (position from 0) of the frame, or missing. Type `Int64`.

    Examples
    --------
    >>> frame = pd.DataFrame({"respondent_id": ["1", "1"], "asked_at": ["2026-01-01", "2026-04-01"]})
    >>> answers = pd.DataFrame({"respondent_id": ["1", "1", "2"], "responded_at": ["2026-03-30", "2026-04-02", None]})
    >>> link_answers(frame, answers).tolist()
    [0, 1, <NA>]
    """
    asked = askings(placed(frame), timezone=timezone)
    by_wave = "wave" in frame.columns
    return link_to(asked, responses, timezone=timezone, within_days=within_days, by_wave=by_wave)


def placed(frame: pd.DataFrame, *further: str) -> pd.DataFrame:
    """Return what linking asks of a frame, and further columns, with the place of each row in `ROW`.

    A frame of millions with all that is known of people is not copied as a whole.

    Examples
    --------
    >>> placed(pd.DataFrame({"email": ["a@x.se"], "name": ["A"], "size": ["s"]}), "size").columns.tolist()
    ['email', 'size', '_row']
    """
    columns = [name for name in frame.columns if name in (*LINKED_BY, *further)]
    return frame[columns].assign(**{ROW: np.arange(len(frame))})


def link_to(
    asked: pd.DataFrame, responses: pd.DataFrame, *, timezone: str, within_days: int | None = None, by_wave: bool
) -> pd.Series[int]:
    """Link answers as `link_answers` does, to the `askings` of a frame that has the place of each row in `ROW`.

    `by_wave` says whether the frame has waves of its own: those of answers without times must be the same.
    """
    if within_days is not None:
        check_whole("within_days", within_days, least=1)
    timed = "asked_at" in asked.columns
    asked_at = _micros(asked["asked_at"]) if timed else np.zeros(len(asked), dtype=np.int64)
    answered_at = np.full(len(responses), _NO_TIME)
    if timed and "responded_at" in responses.columns:
        answered_at = _micros(read_dates(responses, "responded_at", what="responses", timezone=timezone))
    dated = timed and bool((answered_at != _NO_TIME).any())
    waves = ("wave",) if by_wave and not dated else ()
    shared = [name for name in (*SHARED, *waves) if _filled(asked, name, responses)]
    found = np.full(len(responses), -1, dtype=np.int64)
    for person in ("respondent_id", "email"):
        if person not in asked.columns or person not in responses.columns:
            continue
        open_still = np.flatnonzero(found < 0)
        theirs, own = _keys(asked, responses[[person, *shared]].iloc[open_still], person, shared)
        right = pd.DataFrame({"_key": theirs, "_row": asked[ROW].to_numpy(), "_time": asked_at})
        left = pd.DataFrame({"_key": own, "_answer": open_still, "_time": answered_at[open_still]})
        for answer, row in _nearest_in_parts(left[own >= 0], right[np.isin(theirs, own[own >= 0])], within_days):
            found[answer] = row
    linked = pd.Series(found, index=responses.index, dtype="Int64")
    return linked.mask(linked < 0)


def linkage(
    frame: pd.DataFrame, responses: pd.DataFrame, *, timezone: str = "UTC", within_days: int | None = None
) -> pd.DataFrame:
    """Count what `link_answers` could and could not join, so that a response rate can be trusted or not.

    Returns
    -------
    `what` and `n`: `people_never_asked` (rows of the frame without `asked_at`), `askings`, `answers`,
    `answers_linked`, `answers_without_asking`, `further_answers` (to an asking that has one), `askings_without_answer`.

    Examples
    --------
    >>> frame = pd.DataFrame({"respondent_id": ["1", "2"]})
    >>> counted = linkage(frame, pd.DataFrame({"respondent_id": ["2", "2", "9"]}))
    >>> dict(zip(counted["what"], counted["n"]))["answers_without_asking"]
    1
    """
    asked = askings(placed(frame), timezone=timezone)
    by_wave = "wave" in frame.columns
    linked = link_to(asked, responses, timezone=timezone, within_days=within_days, by_wave=by_wave)
    return count_links(len(frame), len(asked), linked)


def count_links(rows: int, asked: int, linked: pd.Series[int]) -> pd.DataFrame:
    """Return what `linkage` does, of the rows of a frame, of the askings among them, and of what `link_to` found."""
    distinct = int(linked.nunique())
    counted = {
        "people_never_asked": rows - asked,
        "askings": asked,
        "answers": len(linked),
        "answers_linked": int(linked.notna().sum()),
        "answers_without_asking": int(linked.isna().sum()),
        "further_answers": int(linked.notna().sum()) - distinct,
        "askings_without_answer": asked - distinct,
    }
    return pd.DataFrame({"what": list(counted), "n": list(counted.values())})


def _filled(asked: pd.DataFrame, name: str, responses: pd.DataFrame) -> bool:
    tables = (asked, responses)
    return all(name in table.columns and bool(text_of(table, name).notna().all()) for table in tables)


def _keys(asked: pd.DataFrame, responses: pd.DataFrame, person: str, shared: Sequence[str]) -> tuple[Ints, Ints]:
    """Return a number for the person of each asking and answer and what both must share, -1 where nobody is known."""
    key, _ = _codes(asked, responses, person)
    known = key >= 0
    for name in shared:
        codes, size = _codes(asked, responses, name)
        key = key * size + codes
    key = np.where(known, key, -1)
    return key[: len(asked)], key[len(asked) :]


def _codes(asked: pd.DataFrame, responses: pd.DataFrame, name: str) -> tuple[Ints, int]:
    """Number the texts of a column of both tables, -1 where there is none; and say how many differ.

    Each table is numbered alone, and then its different texts: they are few beside the rows.
    """
    told = [pd.factorize(table[name]) for table in (asked, responses)]
    texts = pd.concat([text_of(pd.DataFrame({name: names}), name) for _, names in told], ignore_index=True)
    codes, names = pd.factorize(texts.str.lower() if name == "email" else texts)
    codes = np.append(codes, -1)  # the code -1, of a missing cell, is the last
    first = len(told[0][1])
    own = np.where(told[1][0] < 0, len(texts), told[1][0] + first)
    return np.concatenate([codes[np.where(told[0][0] < 0, len(texts), told[0][0])], codes[own]]), len(names)


def _nearest_in_parts(
    answers: pd.DataFrame, asked: pd.DataFrame, within_days: int | None
) -> Iterator[tuple[Ints, Ints]]:
    """Join the answers of some people after those of others, so that what is sorted stays small beside the frame."""
    parts = 1 + len(asked) // _ROWS_AT_ONCE
    for part in range(parts):
        left, right = (table[table["_key"] % parts == part] if parts > 1 else table for table in (answers, asked))
        if len(left) and len(right):  # merge_asof does not take two empty tables
            yield _nearest(left, right, within_days)


def _nearest(answers: pd.DataFrame, asked: pd.DataFrame, within_days: int | None) -> tuple[Ints, Ints]:
    """Positions of answers and of the frame's rows they belong to."""
    left = answers.sort_values("_time", kind="stable")
    right = asked.sort_values("_time", kind="stable").assign(_asked=lambda table: table["_time"])
    joined = pd.merge_asof(left, right, on="_time", by="_key", direction="backward")
    joined = joined[joined["_row"].notna()]
    if within_days is not None:
        late = joined["_time"] - joined["_asked"] > within_days * _DAY
        joined = joined[~late | (joined["_time"] == _NO_TIME)]
    return joined["_answer"].to_numpy(dtype=np.int64), joined["_row"].to_numpy(dtype=np.int64)


def _micros(times: pd.Series[pd.Timestamp]) -> Ints:
    """Microseconds since 1970; a missing time comes after every other."""
    whole = ((times - _EPOCH) // pd.Timedelta(microseconds=1)).to_numpy(dtype=np.float64)
    return np.where(np.isnan(whole), float(_NO_TIME), whole).astype(np.int64)
