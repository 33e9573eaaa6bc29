"""What is said of how the answers link to the further tables of a study, where not all of them do."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pandas as pd
import polars as pl

from nps_utils.columns import read_dates, text_of
from nps_utils.exports.cells.amounts import account_ids
from nps_utils.stats.weighting.linking import LINKED_BY
from nps_utils.study.asked_in_parts import (
    PEOPLE,
    count_linked,
    most_are_linked,
    waves_told,
    with_times,
    with_times_of_answers,
)
from nps_utils.study.further import alike, by_likeness, read_as_written, read_part, scan_part
from nps_utils.study.money import revenue_notes
from nps_utils.study.settings import Accounts, Settings, Table
from nps_utils.study.told import Told, examples, form, so_many

# Below this share of the answers the frame is more likely to be of others than to have gaps.
_FEW = 0.5


def link_notes(folder: Path, settings: Settings, responses: pl.LazyFrame) -> list[Told]:
    """Return a sentence on every account on several rows, every id that does not link, and revenue without use."""
    said = list[Told]()
    answered = _answered(responses)
    if settings.accounts is not None:
        said += _repeated(read_as_written(folder, settings, "accounts"), settings, settings.accounts)
        ids = text_of(read_part(folder, settings, "accounts"), "account_id").dropna()
        said += _linked(settings.accounts, "accounts", answered, set(ids), settings, "their segments")
    if settings.revenue is not None:
        notes, paying = revenue_notes(folder, settings, settings.revenue)
        said += [*notes, *_linked(settings.revenue, "revenue", answered, paying, settings, "their revenue")]
    if settings.frame is not None:
        frame = scan_part(folder, settings, "frame")
        asked = frame.select(name for name in frame.collect_schema().names() if name in LINKED_BY)
        said += _asked(asked, responses, settings, settings.frame)
    return said


def _answered(responses: pl.LazyFrame) -> pd.Series[int]:
    """Return how many answers each account has that is named."""
    counted = responses.group_by(pl.col("account_id").str.strip_chars()).len().collect(engine="streaming").to_pandas()
    ids = account_ids(counted["account_id"])[0]
    n: pd.Series[int] = counted["len"].astype("int64").groupby(ids).sum()
    return n


def _repeated(accounts: pd.DataFrame, settings: Settings, table: Accounts) -> list[Told]:
    """Say which accounts are on several rows, and which row counts."""
    file = Path(table.path).name
    rows = accounts.assign(account_id=text_of(accounts, "account_id")).dropna(subset=["account_id"])
    several = rows[rows["account_id"].duplicated(keep=False)]
    said = list[Told]()
    used = [name for name in settings.segments if name in rows.columns]
    others = [str(name) for name in rows.columns if name not in ("account_id", "source_row", *used)]
    differ = {
        name: several.groupby("account_id")[name].nunique(dropna=False).loc[lambda n: n > 1].index
        for name in (*used, *others)
    }
    if unlike := set().union(*differ.values()):
        name = next(name for name, ids in differ.items() if len(ids))
        of_one = several[several["account_id"] == differ[name][0]]
        values = of_one[name].fillna("").astype(str)
        other = of_one[values != values.iloc[0]].iloc[0]
        first = of_one.iloc[0]
        which = table.repeated or "last"
        way = "as study.toml says." if table.repeated else (
            'unless study.toml says otherwise. Keep one row for each account, or write under [accounts] in study.toml:'
            ' repeated = "first"; if the last row is meant: repeated = "last".'
        )  # fmt: skip
        said.append(
            Told(
                file,
                "repeated_account",
                f"{so_many(len(unlike), 'account is', 'accounts are')} on rows that say different things, for example"
                f" {examples([differ[name][0]])}: {name} is {examples([str(first[name] or '')])} in row"
                f" {first['source_row']} and {examples([str(other[name] or '')])} in row {other['source_row']}."
                f" The {which} row of each counts, {way}",
            )
        )
    ids = rows["account_id"].drop_duplicates()
    shared = ids.map(alike)
    if twins := ids[shared.duplicated(keep=False)].tolist():
        pair = [one for one in twins if alike(one) == alike(twins[0])]
        said.append(
            Told(
                file,
                "repeated_account",
                f"{len(twins):,} ids differ only in capitals, signs or leading zeros ({examples(pair)}) and are taken"
                " for different accounts. If they are one, write the id in one way.",
            )
        )
    return said


def _linked(
    table: Table, kind: str, answered: pd.Series[int], known: set[str], settings: Settings, what: str
) -> list[Told]:
    """Say how many of the accounts that answered are in a table, and which would be if their ids were spelled alike."""
    file, theirs = Path(table.path).name, set(answered.index)
    if not theirs:
        return [
            Told(
                file,
                "links",
                f"no answer says its account, so nothing of [{kind}] can be joined. If an export has it, name the"
                ' column under its [[export]] in study.toml: columns = { account_id = "..." }; a [frame] with'
                " account_id does it too.",
            )
        ]
    free = sorted(theirs - known)
    if not free:
        return []
    missed = int(answered[free].sum())
    count = f"{len(theirs) - len(free):,} of {len(theirs):,} accounts that answered are in it"
    like = by_likeness(known)
    pairs = [(mine, like[alike(mine)]) for mine in free if alike(mine) in like]
    if pairs and settings.answers.account_ids == "exact":
        mine, here = pairs[0]
        way = (
            f"{len(pairs):,} more would be if ids were spelled alike: {examples([mine])} in the answers,"
            f" {examples([here])} here. To compare ids by letters and digits only, without case and leading zeros,"
            ' write under [answers] in study.toml: account_ids = "alike".'
        )
    else:
        of_theirs = examples(sorted(known)) or "none"
        way = f"not in it: {examples(free)} (ids here: {of_theirs})."
        if len(free) == len(theirs):
            way += f' If another column holds the ids: columns = {{ account_id = "..." }} under [{kind}] in study.toml.'
    return [
        Told(file, "links", f"{count}; {what} {'are' if what.endswith('s') else 'is'} unknown for"
             f" {missed:,} answers; {way}")
    ]  # fmt: skip


def _asked(frame: pl.LazyFrame, responses: pl.LazyFrame, settings: Settings, table: Table) -> list[Told]:
    """Say that a frame is of others than those who answered, and how both write who somebody is: nobody is named."""
    n = responses.select(pl.len()).collect(engine="streaming").item()
    if not n:
        return []
    if told := waves_told(frame, responses):
        frame = frame.with_columns(pl.col("wave").replace(told))
    answers = with_times_of_answers(responses)
    asked = with_times(frame, timezone=settings.timezone, wave="quarter")  # which refuses a cell that is no date
    if most_are_linked(frame, answers, of=n, share=_FEW, timezone=settings.timezone):
        return []
    linked = count_linked(asked, answers, enough=_FEW * n)
    if linked >= _FEW * n:
        return []
    count = f"{linked:,} of {n:,} answers belong to somebody who was asked by it, so response rates and "
    count += "weights say little. " if linked else "weights cannot be had. "
    columns = [*frame.collect_schema().names(), *responses.collect_schema().names()]
    sides = {name: (_ids(responses, name), _ids(frame, name)) for name in map(str, PEOPLE) if name in columns}
    both = {name: pair for name, pair in sides.items() if pair[0] and pair[1]}
    return [Told(Path(table.path).name, "links", count + _why_few(sides, both, frame, responses, settings))]


def _why_few(
    sides: dict[str, tuple[set[str], set[str]]],
    both: dict[str, tuple[set[str], set[str]]],
    frame: pl.LazyFrame,
    responses: pl.LazyFrame,
    settings: Settings,
) -> str:
    if not both:
        mine = [name for name, (own, _) in sides.items() if own]
        theirs = [name for name, (_, own) in sides.items() if own]
        return (
            f"Answers say who gave them by {_listed(mine)}, the frame by {_listed(theirs)}. Name a column of the same"
            ' kind in study.toml: columns = { email = "..." } or { respondent_id = "..." } under [frame] or [[export]].'
        )
    met = sum(len(own & known) for own, known in both.values())
    if met:
        return _when(frame, responses, settings, met)
    said = list[str]()
    for name, (own, known) in both.items():
        like = by_likeness(known)
        pairs = [(one, like[alike(one)]) for one in sorted(own) if alike(one) in like]
        one, other = pairs[0] if pairs else (min(own), min(known))
        more = f", {len(pairs):,} would match if they were written alike" if pairs else ""
        said.append(f'by {name} nobody is in both{more} (written like "{form(one)}" there, "{form(other)}" here)')
    return (
        f"{'; '.join(said).capitalize()}. Write them in one way in the file, or name the column that holds them under"
        f' [frame] in study.toml: columns = {{ {next(iter(both))} = "..." }}.'
    )


def _when(frame: pl.LazyFrame, responses: pl.LazyFrame, settings: Settings, met: int) -> str:
    """Say why people who are in both have no asking before their answer."""
    text = f"{met:,} people are in both"
    if "asked_at" not in frame.collect_schema().names():
        return f"{text}."
    cells = frame.select("asked_at").unique().collect(engine="streaming").to_pandas()
    asked = read_dates(cells, "asked_at", what="the frame", timezone=settings.timezone).dropna()
    ends = responses.select(first=pl.col("responded_at").min(), last=pl.col("responded_at").max())
    first, last = ends.collect(engine="streaming").row(0)
    if asked.empty or first is None:
        return f"{text}, but {'asked_at is empty' if asked.empty else 'the answers have no dates'}."
    return (
        f"{text}; they were asked from {asked.min():%Y-%m-%d} to {asked.max():%Y-%m-%d} and answered from"
        f" {first:%Y-%m-%d} to {last:%Y-%m-%d}, and an answer belongs to an asking before it, at the"
        ' same touchpoint where both say one. If another column has the day: columns = { asked_at = "..." } under'
        " [frame] in study.toml."
    )


def _ids(table: pl.LazyFrame, name: str) -> set[str]:
    if name not in table.collect_schema().names():
        return set()
    cells = pl.col(name).str.strip_chars().replace("", None)
    told = table.select(cells.str.to_lowercase() if name == "email" else cells).drop_nulls().unique()
    return set(told.collect(engine="streaming")[name])


def _listed(names: Iterable[str]) -> str:
    return " and ".join(names) or "nothing"
