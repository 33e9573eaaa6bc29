"""Rows that repeat other rows: identical ones, the same response twice, and several answers of one person.

Only rows that passed the rules of single rows compete. Each step sees what the step before left.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import narwhals as nw

from nps_utils.cleaning.engines import Engine, Frame
from nps_utils.cleaning.rules import blank, lower

Repeats: TypeAlias = Literal["latest", "first", "all"]
REPEATS = ("latest", "first", "all")

# An identical row without any id may be two people who said the same; it is kept and flagged.
POSSIBLE = "possible_duplicate"


# What `with_keys` may add.
KEYS = ("_content", "_id", "_person", "_with_id")

# Two ways to cut time into spans of twice the minutes between submissions, half a span apart: answers that are so near
# each other fall into one span of at least one of them. Only such answers are looked at one by one.
_NEAR = ("_near", "_nearly")


@dataclass(frozen=True)
class RepeatRules:
    """What is set aside: `drop_duplicates` the first three steps, `repeats` the fourth."""

    drop_duplicates: bool
    repeats: Repeats
    minutes: float


def with_keys(frame: Frame, engine: Engine, *, cells: Sequence[str], rules: RepeatRules) -> tuple[Frame, list[str]]:
    """Give every row the keys that tell which rows repeat it, null where it has none; return their names as well.

    Parameters
    ----------
    cells
        The columns of the export: rows equal in all of them are identical.
    """
    if not rules.drop_duplicates and rules.repeats == "all":
        return frame, []
    ids = [column for column in ("response_id", "respondent_id") if column in cells]
    people = [column for column in ("respondent_id", "email") if column in cells]
    with_id = nw.any_horizontal(*(~blank(c) for c in ids), ignore_nulls=True) if ids else nw.lit(value=False)
    keys: dict[str, Sequence[str]] = {"_content": list(cells)}
    frame = frame.with_columns(_with_id=with_id)
    without: dict[str, nw.Expr] = {}
    if "response_id" in cells:
        keys["_id"] = ["response_id"]
        without["_id"] = blank("response_id")
    if people:
        who = [nw.when(~blank(c)).then(lower(c) if c == "email" else nw.col(c)) for c in people]
        frame = frame.with_columns(_who=nw.coalesce(*who))
        keys["_person"] = ["_who", *(column for column in ("survey", "touchpoint") if column in cells)]
        without["_person"] = nw.col("_who").is_null()
    frame = engine.keyed(frame, keys)
    nulled = [nw.when(~none).then(nw.col(key)).alias(key) for key, none in without.items()]
    frame = frame.with_columns(*nulled) if nulled else frame
    return frame, [*keys, "_with_id"]


def set_aside(frame: Frame, engine: Engine, *, keys: Sequence[str], rules: RepeatRules) -> Frame | None:
    """Return `_order` and `_aside` (the reason) of the rows that repeat another; None when nothing was asked for.

    Parameters
    ----------
    frame
        Rows that count so far, with `source_file`, `_order`, `_at` (UTC seconds or null), `_wave` and the keys.
    """
    if not keys:
        return None
    frame, searched = _in_time(frame.select("source_file", "_order", "_at", "_wave", *keys), engine, keys, rules)
    left = engine.candidates(frame, searched)
    found: list[Frame] = []
    if rules.drop_duplicates:
        left = _identical(left, found)
        if "_id" in keys:
            left = _same_response(left, found)
        if "_person" in keys:
            left = _submitted_again(left, found, rules)
    if "_person_wave" in searched:
        found.append(_several_in_wave(left, rules.repeats))
    return nw.concat(found) if found else None


def _in_time(frame: Frame, engine: Engine, keys: Sequence[str], rules: RepeatRules) -> tuple[Frame, list[str]]:
    """Add the keys of people in time, and name the keys to search by."""
    searched = ["_alone", "_id"] if "_id" in keys else ["_alone"]
    # Rows that are alike in all cells share their response id: without one they are looked for by content.
    without_id = nw.when(nw.col("_id").is_null()).then(nw.col("_content")) if "_id" in keys else nw.col("_content")
    frame = frame.with_columns(_alone=without_id)
    searched = searched if rules.drop_duplicates else []
    if "_person" not in keys:
        return frame, searched
    timed: dict[str, Sequence[str]] = {}
    if rules.drop_duplicates:
        span = int(rules.minutes * 120)
        frame = frame.with_columns(_near=nw.col("_at") // span, _nearly=(nw.col("_at") + span // 2) // span)
        timed |= {near: ["_person", near] for near in _NEAR}
    if rules.repeats != "all":
        timed["_person_wave"] = ["_person", "_wave"]
    frame = engine.keyed(frame, timed)
    someone = ~nw.col("_person").is_null()
    return frame.with_columns(**{key: nw.when(someone).then(nw.col(key)) for key in timed}), [*searched, *timed]


def _named(frame: Frame, reason: str | nw.Expr) -> Frame:
    return frame.select("_order", _aside=nw.lit(reason) if isinstance(reason, str) else reason)


def _identical(left: Frame, found: list[Frame]) -> Frame:
    left = left.with_columns(_first=nw.col("_order").min().over("_content"))
    copy, known = nw.col("_order") > nw.col("_first"), nw.col("_with_id")
    found.append(_named(left.filter(copy & known), "duplicate_row"))
    found.append(_named(left.filter(copy & ~known), POSSIBLE))
    return left.filter(~(copy & known))


def _same_response(left: Frame, found: list[Frame]) -> Frame:
    left = left.with_columns(_first=nw.col("_order").min().over("_id"))
    its_file = nw.when(nw.col("_order") == nw.col("_first")).then(nw.col("source_file"))
    left = left.with_columns(_its_file=its_file).with_columns(_first_file=nw.col("_its_file").max().over("_id"))
    again = ~nw.col("_id").is_null() & (nw.col("_order") > nw.col("_first"))
    elsewhere = nw.col("source_file") != nw.col("_first_file")
    reason = nw.when(elsewhere).then(nw.lit("same_response_in_two_exports")).otherwise(nw.lit("same_response_id"))
    found.append(_named(left.filter(again), reason))
    return left.filter(~again)


def _submitted_again(left: Frame, found: list[Frame], rules: RepeatRules) -> Frame:
    """Of answers that one person sent within minutes keep the last (the first, where first answers count)."""
    step = 1 if rules.repeats == "first" else -1
    left = left.with_columns(_next=nw.col("_at").shift(step).over("_person", order_by=["_at", "_order"]))
    apart = (nw.col("_at") - nw.col("_next")) * step
    again = (~nw.col("_person").is_null() & (apart <= int(rules.minutes * 60))).fill_null(value=False)
    found.append(_named(left.filter(again), "repeated_submission"))
    return left.filter(~again)


def _several_in_wave(left: Frame, repeats: Repeats) -> Frame:
    """Keep one answer of each person and wave; where no time tells them apart, the order of rows decides, and is told.

    So it is in an export without dates, where the last row is taken for the latest answer.
    """
    sign = 1 if repeats == "latest" else -1
    left = left.filter(~nw.col("_person_wave").is_null())
    left = left.with_columns(_time=nw.col("_at").fill_null(0) * sign, _place=nw.col("_order") * sign)
    left = left.with_columns(_best=nw.col("_time").max().over("_person_wave"))
    placed = nw.when(nw.col("_time") == nw.col("_best")).then(nw.col("_place"))
    left = left.with_columns(_last=placed).with_columns(_last=nw.col("_last").max().over("_person_wave"))
    beaten = (nw.col("_time") < nw.col("_best")) | (nw.col("_place") < nw.col("_last"))
    earlier = "earlier" if repeats == "latest" else "later"
    by_time = nw.col("_time") < nw.col("_best")
    reason = nw.when(by_time).then(nw.lit(f"{earlier}_answer_same_wave")).otherwise(nw.lit(f"{earlier}_row_same_wave"))
    return _named(left.filter(beaten), reason)
