"""The newest change, the trend and whose change it is, in tables and sentences."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from nps_utils.checks import BadValue
from nps_utils.stats.verdicts import is_trend, verdict_of, would_have_shown
from nps_utils.stats.verdicts.split import Split
from nps_utils.tables.formats import count, interval, listed, number, points
from nps_utils.tables.glossary import Column
from nps_utils.tables.scores import changes
from nps_utils.tables.table import Table
from nps_utils.words.limits import Limit, attempt
from nps_utils.words.markup import bold
from nps_utils.words.naming import NOT_STATED, named, place

_VERDICTS = {
    "up": "up",
    "down": "down",
    "likely up": "likely up, not proven",
    "likely down": "likely down, not proven",
}
_BY = {
    "stayers": " by those who answered both times",
    "others": ", by other respondents",
    "unknown": ", but not shown among those who answered both times",
}
_WHOSE = {
    "stayers": "those who answered both times moved, so it is a change of heart",
    "others": "others answered; it is not a change of heart of those who answered both times",
    "unknown": "whether the same people changed their minds or others answered cannot be told",
}


def newest_sentence(
    newest: pd.DataFrame, lines: pd.DataFrame | Limit, touchpoint: str, split: Split | Limit | None = None
) -> str:
    """Return trend and newest changes of the main touchpoint, whose, then what is shown or likely at the others."""
    trend, none = _trend(lines, touchpoint)
    said = [*trend, *_own(newest, touchpoint, split), *none, *_elsewhere(newest, lines, touchpoint)]
    return " ".join([bold(said[0]), *said[1:]])


def _trend(lines: pd.DataFrame | Limit, touchpoint: str) -> tuple[list[str], list[str]]:
    """Return the trend, and why a line that is more than chance is none."""
    trend, none = list[str](), list[str]()
    if isinstance(lines, Limit):
        return trend, none
    for _, row in lines[(lines["touchpoint"] == touchpoint) & (lines["pvalue"] < 0.05)].iterrows():
        way = "rises" if row["slope"] > 0 else "falls"
        limits = interval(row["low"], row["high"])
        moved = f"{way}, {points(row['slope'])} a {row['per']} ({limits})"
        if is_trend(row):
            trend.append(f"{_subject(touchpoint)} {moved}.")
        else:
            none.append(
                f"A line through the waves {moved}, but they scatter about it by more than chance: no trend, the single"
                " changes count."
            )
    return trend, none


def _own(newest: pd.DataFrame, touchpoint: str, split: Split | Limit | None) -> Iterator[str]:
    for _, row in newest[newest["touchpoint"] == touchpoint].iterrows():
        past = "the wave before" if row["against"] == "previous" else "a year ago"
        word = verdict_of(row)
        told = _VERDICTS.get(
            word, f"no evidence of a change; about {number(round(would_have_shown(row), 1))} points would have shown"
        )
        if word in ("up", "down") and row["against"] == "previous" and isinstance(split, Split):
            told += f", but {split.swapped} changed with the wave" if split.swapped else _BY[split.whose]
        yield f"{place(touchpoint)}{row['after']} against {past} ({row['before']}): {_numbers(row)}, {told}."


def _elsewhere(newest: pd.DataFrame, lines: pd.DataFrame | Limit, touchpoint: str) -> Iterator[str]:
    others = newest[newest["touchpoint"] != touchpoint]
    held = [row for _, row in others.iterrows() if verdict_of(row) != "none"]
    told = [
        f"{named(row['touchpoint'])} {row['before']} to {row['after']} {_numbers(row)}, {_VERDICTS[verdict_of(row)]}"
        for row in held
    ]
    if not isinstance(lines, Limit):
        for _, row in (pair for pair in lines[lines["touchpoint"] != touchpoint].iterrows() if is_trend(pair[1])):
            limits = interval(row["low"], row["high"])
            told.append(f"{named(row['touchpoint'])} trend {points(row['slope'])} a {row['per']} ({limits})")
    if told:
        yield f"Elsewhere: {'; '.join(told)}."


def _numbers(row: pd.Series) -> str:
    sizes = f"n = {count(row['n_before'])} and {count(row['n_after'])}"
    return f"{points(row['change'])} ({interval(row['low'], row['high'])}, {sizes})"


def _subject(touchpoint: str) -> str:
    return "The score" if touchpoint == NOT_STATED else named(touchpoint)


def newest(compared: pd.DataFrame) -> Table:
    """Show the newest wave of each touchpoint against the one before and against a year ago."""
    told = compared.assign(against=compared["against"].map({"previous": "the wave before", "year": "a year ago"}))
    return changes(told, title="The newest wave against the one before, and against a year ago")


def split_sentence(split: Split | Limit) -> str | Limit:
    """Return whose change it is: of those who answered both times, or of who answered."""
    if isinstance(split, Limit):
        return split
    stayed, total = split.part("stayers"), split.part("total")
    who = "accounts" if split.unit == "account_id" else "people"
    return (
        f"Of {points(total['points'])} points, {points(stayed['points'])} ({interval(stayed['low'], stayed['high'])})"
        f" are of the {count(stayed['units_after'])} {who} that answered both times, {points(split.others)} of those"
        f" that left or came: {_swapped(split) if split.swapped else _WHOSE[split.whose]}."
    )


def _swapped(split: Split) -> str:
    return f"{split.swapped} changed with the wave, so whether that did it or a change of heart cannot be told"


def split(found: Split | Limit) -> Table | Limit:
    """Show the parts of a change: stayers, leavers, joiners, which add up to the whole."""
    if isinstance(found, Limit):
        return found
    who = "Accounts" if found.unit == "account_id" else "People"
    columns = {
        "part": Column("Part", "text", "Who: answered both times, not again, not before; nobody known; all"),
        "units_before": Column(f"{who} before", "count", "How many of them answered in the earlier wave"),
        "units_after": Column(f"{who} after", "count", "How many of them answered in the later wave"),
        "points": Column("Points", "signed", "Their part of the change; the parts add up to the total"),
    }
    shown = ["before", "after", "part", "units_before", "units_after", "n_before", "n_after", "points", "low", "high"]
    rows = found.parts.reset_index()
    used = rows[(rows["n_before"] + rows["n_after"] > 0) | (rows["part"] == "total")]
    return Table(used.reset_index(drop=True), "Whose change it is", shown=shown, columns=columns)


def history_sentence(each: pd.DataFrame) -> str:
    """Return which earlier changes are more than chance, as one family."""
    past = _before_the_newest(each)
    held = [row for _, row in past.iterrows() if verdict_of(row) in ("up", "down")]
    likely = [row for _, row in past.iterrows() if verdict_of(row) in ("likely up", "likely down")]
    total = f"{len(past)} earlier change{'s' if len(past) > 1 else ''}"
    said = [
        f"Of {total}, shown after adjusting for all: {listed([_of(row) for row in held])}."
        if held
        else f"None of {total} is shown after adjusting for all of them."
    ]
    said += [f"Likely, but not proven: {listed([_of(row) for row in likely])}."] if likely else []
    return " ".join(said)


def history_title(each: pd.DataFrame) -> str:
    """Return the message of a picture of all changes: how many of them are shown."""
    _before_the_newest(each)
    held = sum(verdict_of(row) in ("up", "down") for _, row in each.iterrows())
    some = f"{count(held)} of {count(len(each))} changes between neighbouring waves {'is' if held == 1 else 'are'}"
    return f"{some} shown to be more than chance"


def history(each: pd.DataFrame) -> Table:
    """Show all changes between neighbouring waves, the newest among them."""
    _before_the_newest(each)
    return changes(each, title="Each wave against the one before")


def _before_the_newest(each: pd.DataFrame) -> pd.DataFrame:
    """Return the changes before the newest of each touchpoint."""
    past = each[~each["newest"].astype(bool)]
    if past.empty:
        raise BadValue("There is no change before the newest.")
    return past


def page_conclusion(
    newest: pd.DataFrame,
    lines: pd.DataFrame | Limit,
    touchpoint: str,
    each: pd.DataFrame | Limit,
    split: Split | Limit | None = None,
) -> str:
    """Return what the page of changes shows: trend and newest changes, then those before."""
    earlier = Limit("") if isinstance(each, Limit) else attempt(history_sentence, each)
    said = [newest_sentence(newest, lines, touchpoint, split), "" if isinstance(earlier, Limit) else earlier]
    return " ".join(filter(None, said))


def _of(row: pd.Series) -> str:
    return f"{place(row['touchpoint'], ' ')}{row['before']} to {row['after']} {_numbers(row)}"
