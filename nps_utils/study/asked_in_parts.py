"""Answers and their askings in parts of people: numbers stand for texts, so that tens of millions of rows fit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import pandas as pd
import polars as pl
from numpy.typing import NDArray

from nps_utils.checks import BadValue
from nps_utils.exports.wave_names import named_alike
from nps_utils.stats.weighting.linking import SHARED, askings, count_links
from nps_utils.study.lookup import looked_up
from nps_utils.waves import Wave

PEOPLE: Final = ("respondent_id", "email")
TIME: Final = "joined:time"
WAVE: Final = "joined:wave"
_KEY: Final = "joined:key"
_EPOCH: Final = pd.Timestamp(0, tz="UTC")
_NO_TIME: Final = 2**62
_ROWS_AT_ONCE: Final = 4_000_000
# From so many answers on one of so many is looked at first, and believed where its share is this much above.
_SURE_FROM: Final = 1 << 19
_ONE_OF: Final = 16
_MARGIN: Final = 0.05


def with_times(frame: pl.LazyFrame, *, timezone: str, wave: Wave) -> pl.LazyFrame:
    """Add to each row of a frame when it was asked, null where it was not, and the wave of that; see `askings`.

    Times are in microseconds; without `asked_at` each row is an asking, at no time.

    Raises
    ------
    BadValue
        A cell of `asked_at` is no date.
    """
    if "asked_at" not in frame.collect_schema().names():
        return frame.with_columns(pl.lit(0, pl.Int64).alias(TIME))
    cells = frame.select("asked_at").drop_nulls()
    different = cells.unique().collect(engine="streaming").to_pandas()
    try:
        asked = askings(different, timezone=timezone, wave=wave)
    except BadValue:  # which names the first row that has such a cell
        asked = askings(frame.select("asked_at").collect(engine="streaming").to_pandas(), timezone=timezone, wave=wave)
    known: dict[str, Any] = {"cell": different["asked_at"].loc[asked.index].tolist(), TIME: _micros(asked["asked_at"])}
    if "wave" in asked.columns:
        known[WAVE] = asked["wave"].tolist()
    types: dict[str, pl.DataType] = {
        "cell": pl.String(),
        TIME: pl.Int64(),
        WAVE: pl.Categorical(pl.Categories.random()),
    }
    table = pl.DataFrame(known, schema={name: types[name] for name in known})
    return looked_up(frame, pl.col("asked_at"), table, by="cell")


def waves_told(frame: pl.LazyFrame, answers: pl.LazyFrame) -> dict[str, str]:
    """Return which waves of a frame are waves of the answers under another name, and the name that these got."""
    if any("wave" not in table.collect_schema().names() for table in (frame, answers)):
        return {}
    both = [table.select(pl.col("wave").cast(pl.String).drop_nulls().unique().sort()) for table in (frame, answers)]
    own, known = (found["wave"].to_list() for found in pl.collect_all(both, engine="streaming"))
    return named_alike(own, known)


def with_times_of_answers(answers: pl.LazyFrame) -> pl.LazyFrame:
    """Add when each answer was given; one without a time comes after every asking."""
    if "responded_at" not in answers.collect_schema().names():
        return answers.with_columns(pl.lit(_NO_TIME).alias(TIME))
    return answers.with_columns(pl.col("responded_at").dt.epoch("us").fill_null(_NO_TIME).alias(TIME))


def shared_by(frame: pl.LazyFrame, answers: pl.LazyFrame) -> list[str]:
    """Return what an answer and its asking must share beside the person: what both tables have in every row."""
    columns = frame.collect_schema().names()
    timed = "asked_at" in columns and ("wave" not in columns or _has_times(answers))
    asked = frame.filter(pl.col("asked_at").is_not_null()) if "asked_at" in columns else frame
    tables = (asked, answers)
    both = [
        name
        for name in (*SHARED, *(() if timed else ("wave",)))
        if all(name in table.collect_schema().names() for table in tables)
    ]
    # Of few texts that are often repeated each is looked at once.
    told = [table.select(pl.col(name).unique()) for name in both for table in tables]
    lacks = [bool(texts.select(_text(name).is_null().any()).item()) for name, texts in zip(
        [name for name in both for _ in tables], pl.collect_all(told, engine="streaming"), strict=True
    )]  # fmt: skip
    return [name for place, name in enumerate(both) if not any(lacks[2 * place : 2 * place + 2])]


def _has_times(answers: pl.LazyFrame) -> bool:
    timed = answers.select((pl.col(TIME) != _NO_TIME).any()).collect(engine="streaming").item()
    return bool(timed)


def most_are_linked(frame: pl.LazyFrame, answers: pl.LazyFrame, *, of: int, share: float, timezone: str) -> bool:
    """Say whether it is sure already, by the askings of some of the answers, that more than a share of them is linked.

    One of so many answers is looked at, all over the table: of a million and more a share of them is that of all to
    within a thousandth or two, and a margin of many times that is asked for. Where it is not sure, count them all.

    Parameters
    ----------
    frame
        All askings, without their times, which are read of those that are looked at.
    answers
        Of `with_times_of_answers`.
    of
        How many answers there are.
    """
    people = _of_both(frame, answers)
    if of < _SURE_FROM or not people:
        return False
    shared = shared_by(frame, answers)
    person = people[0]
    some = answers.gather_every(_ONE_OF).select(_key(person, shared).alias(_KEY), TIME).collect(engine="streaming")
    known = some[_KEY].drop_nulls().unique()
    asked = frame.filter(_key(person, shared).is_in(known.implode())).collect(engine="streaming").lazy()
    times = with_times(asked, timezone=timezone, wave="quarter")
    first = (
        times.select(_key(person, shared).alias(_KEY), TIME).drop_nulls().group_by(_KEY).agg(first=pl.col(TIME).min())
    )
    linked = some.lazy().join(first, on=_KEY).select((pl.col("first") <= pl.col(TIME)).sum()).collect().item()
    return bool(linked >= (share + _MARGIN) * len(some))


def count_linked(asked: pl.LazyFrame, answers: pl.LazyFrame, *, enough: float) -> int:
    """Count the answers that `link_answers` links, or as many of them as are `enough`.

    An answer has an asking where the first of its person, and of what both share, is not after it.

    Parameters
    ----------
    asked
        Of `with_times`.
    answers
        Of `with_times_of_answers`.
    """
    shared = shared_by(asked, answers)
    linked: pl.Series | None = None
    for person in _of_both(asked, answers):
        keyed = asked.select(_key(person, shared).alias(_KEY), TIME).drop_nulls()
        first = keyed.group_by(_KEY).agg(pl.col(TIME).min().alias("first")).collect(engine="streaming")
        own = answers.select(_key(person, shared).alias(_KEY), TIME)
        joined = looked_up(own, pl.col(_KEY), first.rename({_KEY: "key"}), by="key")
        found = joined.select((pl.col("first") <= pl.col(TIME)).fill_null(value=False).alias("linked"))
        here = found.collect(engine="streaming")["linked"]
        linked = here if linked is None else linked | here
        if linked.sum() >= enough:
            break
    return 0 if linked is None else int(linked.sum())


def links_of(
    rows: pl.LazyFrame, answers: pl.LazyFrame, *, timezone: str, wave: Wave
) -> dict[str, pd.DataFrame | pl.LazyFrame]:
    """Say of each row of a frame whether it is an asking and was answered, and of all how many were linked.

    Returns
    -------
    `askings`: `asked`, `answered` and, where it is known, `wave` of each row in order; `linkage`: see `count_links`.
    """
    asked = with_times(rows, timezone=timezone, wave=wave)
    linked = link_in_parts(asked, with_times_of_answers(answers))
    own = next((name for name in ("wave", WAVE) if name in asked.collect_schema().names()), None)
    is_asked = pl.col(TIME).is_not_null()
    columns = {"asked": is_asked} | ({"wave": pl.when(is_asked).then(pl.col(own))} if own else {})
    told = asked.select(**columns).collect(engine="streaming")
    answered = np.zeros(len(told), dtype=np.bool_)
    answered[linked[linked >= 0]] = True
    beside = told.with_columns(pl.col(pl.Categorical).cast(pl.String), answered=pl.Series(answered))
    found = pd.Series(linked, dtype="Int64")
    counts = count_links(len(told), int(told["asked"].sum()), found.mask(found < 0))
    in_order = ["asked", "answered", *(["wave"] if own else [])]
    return {"askings": beside.lazy().select(in_order), "linkage": counts}


def link_in_parts(asked: pl.LazyFrame, answers: pl.LazyFrame) -> NDArray[np.int64]:
    """Find the asking of each answer as `link_answers` does: its row in the frame, -1 where there is none.

    Parameters
    ----------
    asked
        Of `with_times`, with all rows of the frame in their order.
    answers
        Of `with_times_of_answers`.
    """
    shared, people = shared_by(asked, answers), _of_both(asked, answers)
    keys = [_key(person, shared).alias(person) for person in people]
    given, told = pl.collect_all([answers.select(*keys, TIME), asked.select(*keys, TIME)], engine="streaming")
    given, told = given.with_row_index("answer"), told.with_row_index("row")
    found = np.full(len(given), -1, dtype=np.int64)
    parts = 1 + len(told) // _ROWS_AT_ONCE
    for person in people:
        still = given.filter(pl.Series(found < 0)).select("answer", TIME, pl.col(person).alias(_KEY))
        for part in range(parts):
            mine = pl.col(_KEY) % parts == part  # of nobody, neither
            after = still.filter(mine).sort(TIME)
            before = told.select("row", TIME, pl.col(person).alias(_KEY)).filter(mine & pl.col(TIME).is_not_null())
            before = before.sort(TIME, maintain_order=True)
            linked = after.join_asof(before, on=TIME, by=_KEY, strategy="backward", check_sortedness=False)
            linked = linked.drop_nulls("row")
            found[linked["answer"].to_numpy()] = linked["row"].to_numpy()
    return found


def _of_both(asked: pl.LazyFrame, answers: pl.LazyFrame) -> list[str]:
    columns = [table.collect_schema().names() for table in (asked, answers)]
    return [person for person in PEOPLE if all(person in names for names in columns)]


def _key(person: str, shared: Sequence[str]) -> pl.Expr:
    """Return a number for a person and for what answers and askings must share; null where nobody is named.

    Among ten million people two have the same number in three of a million studies.
    """
    who = _text(person)
    number = (who.str.to_lowercase() if person == "email" else who).hash(seed=0)
    for seed, name in enumerate(shared, start=1):
        number = number + _text(name).hash(seed=seed)  # unsigned sums wrap around
    return pl.when(who.is_not_null()).then(number)


def _text(name: str) -> pl.Expr:
    told = pl.col(name).cast(pl.String).str.strip_chars()
    return pl.when(told != "").then(told)


def _micros(times: pd.Series[pd.Timestamp]) -> NDArray[np.int64]:
    return np.asarray((times - _EPOCH) // pd.Timedelta(microseconds=1), dtype=np.int64)
