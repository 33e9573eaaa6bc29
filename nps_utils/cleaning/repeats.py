"""Rows that repeat other rows: identical ones, the same response twice, and several answers of one person.

Only rows that passed the rules of single rows compete. Each step sees what the step before left.

An id is evidence of the same response, not a proof. Tools number the rows of each export from 1, so that a short number
is the same response only with the same date, score and comment; any other id is so unless date, score and comment all
differ. What a spreadsheet made of an id (4.41E+17) identifies nobody.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

import narwhals as nw

from nps_utils.cleaning.crowds import NO_NAMES, NOBODY, OFFICE, Names, check_crowds
from nps_utils.cleaning.engines import Engine, Frame
from nps_utils.cleaning.rules import BLANKS, blank, lower, says_date, says_time

Repeats: TypeAlias = Literal["latest", "first", "all"]
REPEATS = ("latest", "first", "all")

# An identical row without any id may be two people who said the same; it is kept and flagged.
POSSIBLE = "possible_duplicate"


# Why answers of a person who answered more than once are set aside.
REPEATED: Final = (
    *(f"{which}_{what}_same_wave" for which in ("earlier", "later") for what in ("answer", "row")),
    "repeated_submission",
)

# What `with_keys` may add.
KEYS = (
    "_content",
    "_across",
    "_id",
    "_person",
    "_with_id",
    "_telling",
    "_clock",
    "_said_at",
    "_counted",
    "_text",
    "_asks",
)

# A number of a row, perhaps behind a few letters, and ids that a spreadsheet rounded to fifteen digits.
_ROW_NUMBER: Final = rf"^{BLANKS}[^0-9]{{0,8}}[0-9]{{1,6}}(?:[.,]0+)?{BLANKS}$"
_ROUNDED: Final = r"[0-9](?:[.,][0-9]+)?[eE]\+?[0-9]{1,3}|[0-9]{15}000*(?:[.,]0+)?"
DAMAGED: Final = f"^(?:{_ROUNDED})$"
# What names nobody: nothing, a rounded id, or what tools write in the place of a name.
_NO_NAME: Final = f"(?iu)^{BLANKS}(?:{_ROUNDED}|{'|'.join(map(re.escape, NOBODY))})?{BLANKS}$"
_SENTENCE: Final = 20
# Of so many copies so large a part must be of the same sentence, for copies without one to be of the same answer.
_PASTED, _OF_PASTED = 5, 0.2
# So large a part of the short numbers that a file shares must agree, where no comment tells answers apart.
_ALIKE = 0.5

# Two ways to cut time into spans of twice the minutes between submissions, half a span apart: answers that are so near
# each other fall into one span of at least one of them. Only such answers are looked at one by one.
_NEAR = ("_near", "_nearly")


@dataclass(frozen=True)
class RepeatRules:
    """What is set aside: `drop_duplicates` the first three steps, `repeats` the fourth."""

    drop_duplicates: bool
    repeats: Repeats
    minutes: float
    names: Names = NO_NAMES

    @property
    def searches(self) -> bool:
        """Whether any repeated row is looked for."""
        return self.drop_duplicates or self.repeats != "all"


def with_keys(frame: Frame, engine: Engine, *, cells: Sequence[str], rules: RepeatRules) -> tuple[Frame, list[str]]:
    """Give every row the keys that tell which rows repeat it, null where it has none; return their names as well.

    Parameters
    ----------
    cells
        The columns of the export: rows equal in all of them are identical.
    """
    if not rules.searches:
        return frame, []
    ids = [column for column in ("response_id", "respondent_id") if column in cells]
    people = [column for column in ("respondent_id", "email") if column in cells]
    with_id = nw.any_horizontal(*(~blank(c) for c in ids), ignore_nulls=True) if ids else nw.lit(value=False)
    frame = frame.with_columns(_with_id=with_id)
    keys: dict[str, Sequence[str]] = {"_content": list(cells)}
    made = [*keys, "_with_id"]
    if _tells_minutes(cells):
        made.append("_long")
        frame = frame.with_columns(_long=(nw.col("comment").str.len_chars() >= _SENTENCE).fill_null(value=False))
    without: dict[str, nw.Expr] = {}
    if _tells_minutes(cells) and "source_file" in cells:
        # A later export often holds the answers of an earlier one again; without ids their time and words tell.
        made.append("_across")
        keys["_across"] = [name for name in cells if name != "source_file"]
    if "response_id" in cells:
        made += ["_id", "_counted", "_text"]
        frame = frame.with_columns(
            _counted=nw.col("response_id").str.contains(_ROW_NUMBER),
            _text=nw.lit(None).cast(nw.Int64),
        )
        keys["_id"] = ["response_id"]
        without["_id"] = blank("response_id") | _damaged("response_id")
        if "comment" in cells:
            keys["_text"], without["_text"] = ["comment"], nw.col("_mute")
    if people:
        made += ["_person", "_asks"]
        frame = frame.with_columns(_who=_who(people, rules.names))
        asked = nw.when(nw.col("_who").str.contains(OFFICE)).then(nw.lit(2)).otherwise(nw.lit(1))
        known = nw.col("_who").str.to_lowercase().is_in(_lowered(rules.names.one_person))
        frame = frame.with_columns(
            _asks=nw.when(known).then(nw.lit(0)).otherwise(asked) if rules.names.one_person else asked
        )
        keys["_person"] = ["_who", *(column for column in ("survey", "touchpoint") if column in cells)]
        without["_person"] = nw.col("_who").is_null()
    frame = engine.keyed(frame, keys)
    nulled = [nw.when(~none).then(nw.col(key)).alias(key) for key, none in without.items()]
    frame = frame.with_columns(*nulled) if nulled else frame
    return frame, made


def keys_of_facts(cells: Sequence[str], rules: RepeatRules) -> dict[str, nw.Expr]:
    """What tells rows that repeat others, by what is known of dates and comments once a table with keys is settled."""
    if not rules.searches:
        return {}
    said = [says_date("responded_at")] if "responded_at" in cells else []
    said += [~nw.col("_mute")] if "comment" in cells else []
    no = nw.lit(value=False)
    # Two who gave the same score and said nothing else are not alike.
    found = {"_telling": nw.any_horizontal(*said, ignore_nulls=True) if said else no, "_clock": no, "_said_at": no}
    if _tells_minutes(cells):
        clock = says_time("responded_at")
        found |= {"_clock": clock, "_said_at": clock & nw.col("_long")}
        if "source_file" in cells:
            found["_across"] = nw.when(~nw.col("_with_id") & clock).then(nw.col("_across"))
    return found


def _tells_minutes(cells: Sequence[str]) -> bool:
    """Whether a table says both when and what was answered."""
    return {"responded_at", "comment"} <= {*cells}


def _who(people: Sequence[str], names: Names) -> nw.Expr:
    """The person of a row: an id, else an address; nothing where several share it, or it names nobody."""
    several = _lowered(names.shared)
    shared = nw.any_horizontal(*(lower(c).is_in(several) for c in people), ignore_nulls=True)
    who = nw.coalesce(
        *(nw.when(~nw.col(c).str.contains(_NO_NAME)).then(lower(c) if c == "email" else nw.col(c)) for c in people)
    )
    return nw.when(~shared).then(who) if several else who


def _lowered(names: Sequence[str]) -> list[str]:
    return [name.strip().lower() for name in names]


def _damaged(column: str) -> nw.Expr:
    """Whether a spreadsheet rounded the id: others have become the same."""
    return nw.col(column).str.contains(f"^{BLANKS}(?:{_ROUNDED}){BLANKS}$").fill_null(value=False)


def set_aside(frame: Frame, engine: Engine, *, keys: Sequence[str], rules: RepeatRules, rows_in: int) -> Frame | None:
    """Return `_order` and `_aside` (the reason) of the rows that repeat another; None when nothing was asked for.

    Parameters
    ----------
    frame
        Rows that count so far, with `source_file`, `_order`, `_at` (UTC seconds or null), `_wave` and the keys.
    rows_in
        How many rows the table has.

    Raises
    ------
    Crowded
        A name has so many answers in a wave that one person may not have given them.
    """
    if not keys:
        return None
    wanted = ("source_file", "_order", "_at", "_wave", "_answer", *keys)
    frame, searched = _in_time(frame.select(*wanted), engine, keys, rules)
    left = engine.candidates(frame, searched)
    found: list[Frame] = []
    if rules.drop_duplicates:
        left = _identical(left, found)
        if "_across" in keys:
            left = _in_another_export(left, found)
        if "_id" in keys:
            left = _same_response(left, found)
    if "_person_wave" in searched:
        check_crowds(left, engine, rows_in=rows_in)
    if rules.drop_duplicates and "_person" in keys:
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
    searched = [*searched, "_across"] if "_across" in keys else searched
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
    """Set aside rows with an id that are alike in every cell; without one, those of the same sentence at one minute.

    Where a file was pasted twice many are, and then those that say nothing are copies as well.
    """
    left = left.with_columns(_first=nw.col("_order").min().over("_content"))
    copy = nw.col("_order") > nw.col("_first")
    left, pasted = _with_copies(left, copy)
    known = nw.col("_with_id") | nw.col("_said_at") | (nw.col("_clock") & pasted)
    found.append(_named(left.filter(copy & known), "duplicate_row"))
    found.append(_named(left.filter(copy & ~known & nw.col("_telling")), POSSIBLE))
    return left.filter(~(copy & known))


def _with_copies(left: Frame, copy: nw.Expr) -> tuple[Frame, nw.Expr]:
    """Count the copies of each file, and say whether so many are of a sentence at its minute that all are copies."""
    left = left.with_columns(_copies=copy.cast(nw.Int64), _sure=(copy & nw.col("_said_at")).cast(nw.Int64))
    left = left.with_columns(nw.col("_copies", "_sure").sum().over("source_file"))
    return left, (nw.col("_sure") >= _PASTED) & (nw.col("_sure") >= _OF_PASTED * nw.col("_copies"))


def _in_another_export(left: Frame, found: list[Frame]) -> Frame:
    """Set aside rows without an id that another file holds as well: the same sentence at the same minute, or many."""
    columns = left.collect_schema().names()
    named = ~nw.col("_across").is_null()
    rest, rows = left.filter(~named), left.filter(named)
    rows = _with_first_file(rows.with_columns(_first=nw.col("_order").min().over("_across")), ["_across"])
    copy = (nw.col("_order") > nw.col("_first")) & (nw.col("source_file") != nw.col("_first_file"))
    rows, many = _with_copies(rows, copy)
    rows = rows.with_columns(_again=(copy & (nw.col("_said_at") | many)).fill_null(value=False))
    found.append(_named(rows.filter(nw.col("_again")), "same_response_in_two_exports"))
    return nw.concat([rest.select(*columns), rows.filter(~nw.col("_again")).select(*columns)])


def _same_response(left: Frame, found: list[Frame]) -> Frame:
    named = ~nw.col("_id").is_null()
    by_number, by_name = left.filter(named & nw.col("_counted")), left.filter(named & ~nw.col("_counted"))
    rest = left.filter(~named)
    by_number, by_name = _with_number_again(by_number), _with_name_again(by_name)
    elsewhere = nw.col("source_file") != nw.col("_first_file")
    reason = nw.when(elsewhere).then(nw.lit("same_response_in_two_exports")).otherwise(nw.lit("same_response_id"))
    found += [_named(part.filter(nw.col("_again")), reason) for part in (by_number, by_name)]
    columns = left.collect_schema().names()
    return nw.concat([rest, *(part.filter(~nw.col("_again")).select(*columns) for part in (by_number, by_name))])


def _with_number_again(rows: Frame) -> Frame:
    """Add `_again`: whether the number of a row, its date, score and comment all occurred before.

    Where there is no comment a row may agree by chance; so most of the numbers that its file shares must agree.
    """
    same = ["_id", "_at", "_answer", "_text"]
    rows = rows.with_columns(
        _first=nw.col("_order").min().over(*same), _shared=nw.col("_order") > nw.col("_order").min().over("_id")
    )
    rows = rows.with_columns(_again=nw.col("_order") > nw.col("_first"))
    agree, shared = (nw.col(name).cast(nw.Int64).sum().over("source_file") for name in ("_again", "_shared"))
    rows = rows.with_columns(_agree=agree, _share=shared)
    alike = ~nw.col("_text").is_null() | (nw.col("_agree") >= _ALIKE * nw.col("_share"))
    return _with_first_file(rows.with_columns(_again=nw.col("_again") & alike), same)


def _with_name_again(rows: Frame) -> Frame:
    """Add `_again`: whether the id occurred before, unless date, score and comment all differ from the first."""
    rows = rows.with_columns(_first=nw.col("_order").min().over("_id"))
    is_first = nw.col("_order") == nw.col("_first")
    firsts = {f"{name}:first": nw.when(is_first).then(nw.col(name)) for name in ("_at", "_answer", "_text")}
    rows = rows.with_columns(**firsts).with_columns(**{name: nw.col(name).max().over("_id") for name in firsts})
    differs = (nw.col("_at") != nw.col("_at:first")).fill_null(value=False)
    differs = differs & (nw.col("_answer") != nw.col("_answer:first"))
    differs = differs & ~(nw.col("_text") == nw.col("_text:first")).fill_null(value=False)
    return _with_first_file(rows.with_columns(_again=~is_first & ~differs), ["_id"])


def _with_first_file(rows: Frame, by: Sequence[str]) -> Frame:
    rows = rows.with_columns(_its_file=nw.when(nw.col("_order") == nw.col("_first")).then(nw.col("source_file")))
    return rows.with_columns(_first_file=nw.col("_its_file").max().over(*by))


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
