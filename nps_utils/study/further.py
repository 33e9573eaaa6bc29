"""The further tables of a study as it reads them: our names, dates year first, one row an account, ids of one form."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
import polars as pl

from nps_utils.columns import SOURCE, text_of
from nps_utils.exports import side_tables
from nps_utils.exports.cells.amounts import amounts
from nps_utils.exports.cells.date_cells import Different, changes, iso_dates, order_of
from nps_utils.exports.files.plain import read_table
from nps_utils.files import content_hash, library_hash
from nps_utils.revenue.reading.years import period_headers
from nps_utils.study.kept import Streamed, kept, kept_folder, read_kept
from nps_utils.study.order_of_answers import beside_answers
from nps_utils.study.places import told_without_content
from nps_utils.study.read_frame import Frame, scan_frame, with_dates
from nps_utils.study.settings import Revenue, Settings, Table
from nps_utils.words.limits import Limit, attempt

CUSTOMER_SINCE: Final = "customer_since"
# Dates of the frame, the accounts and the follow-up list; revenue has its own reader.
DATES: Final = (CUSTOMER_SINCE, "churned_on", "asked_at", "contacted_at")
# Tables whose spelling of an account's id is the one that is kept, best first.
_SPELLED_BY: Final = ("accounts", "revenue", "frame")
OF_THE_COMPANY: Final = ("account_id", "name", "email", "phone", "respondent_id", "source_row")
_WHOLE_FLOAT: Final = re.compile(r"\.0+$")
# What a table of revenue holds, by its layout; a column per year is told by its reader.
_MONEY: Final = {
    "periods": ("account_id", "period_start", "period_end", "amount", "currency", "revenue_type"),
    "movements": ("account_id", "moved_on", "movement", "amount"),
}
_CAPITALS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
_CHOSEN: Final = "joined:chosen"
_LEADING_ZEROS: Final = re.compile(r"(?<!\d)0+(?=\d)")


def read_part(folder: Path, settings: Settings, kind: str, columns: Collection[str] | None = None) -> pd.DataFrame:
    """Read a further table of the study as text, under our names for its columns, its dates year first.

    An account has one row, and where ids are compared by letters and digits only they are spelled in one way.

    Parameters
    ----------
    columns
        Those to read, as far as they are there: a frame of millions is not read whole for two of its columns.

    Raises
    ------
    BadStudy
        A header of study.toml is not in it, or no column links it to the answers.
    """
    if columns is not None and kind == "accounts":  # which row of an account counts, its id tells
        read = read_part(folder, settings, kind)
        return read[[name for name in read.columns if name in columns]]
    read = read_as_written(folder, settings, kind, columns)
    if "account_id" not in read.columns:
        return read
    if settings.answers.account_ids == "alike" or settings.answers.merged:
        read = _with_known_ids(read, folder, settings, kind)
    if kind == "accounts" and settings.accounts is not None:
        keep = settings.accounts.repeated or "last"
        again = read["account_id"].notna() & read["account_id"].duplicated(keep=keep)
        read = read[~again].reset_index(drop=True)
    return read


def _with_known_ids(read: pd.DataFrame, folder: Path, settings: Settings, kind: str) -> pd.DataFrame:
    """Return a table whose accounts are spelled in one way; those that became part of another are that one."""
    ids, merged = text_of(read, "account_id"), settings.answers.merged
    known = known_ids(ids.dropna().unique(), folder, settings)
    if kind == "accounts" and merged:  # the row of the account that is left says what it is
        spelled = ids.map(known_ids(ids.dropna().unique(), folder, settings, unite=False))
        gone = spelled.isin(merged) & spelled.map(merged).isin(set(spelled.dropna()))
        read, ids = read[~gone].reset_index(drop=True), ids[~gone].reset_index(drop=True)
    return read.assign(account_id=ids.map(known, na_action="ignore"))


def known_ids(written: Iterable[str], folder: Path, settings: Settings, *, unite: bool = True) -> dict[str, str]:
    """Return by which id each account that is written so is known, in all tables of the study.

    Where letters and digits count, spelled in one way; and unless told not to `unite`, that of the account which it
    became part of.
    """
    spelled = spellings(folder, settings) if settings.answers.account_ids == "alike" else {}
    known = {one: spelled.get(alike(one), one) if spelled else one for one in written}
    merged = settings.answers.merged if unite else {}
    return {one: merged.get(to, to) for one, to in known.items()}


def scan_part(folder: Path, settings: Settings, kind: str) -> pl.LazyFrame:
    """Do the same as `read_part` for the frame, lazily and from where it is kept."""
    scanned = pl.scan_parquet(part_path(folder, settings, kind))
    same = settings.answers.account_ids != "alike" and not settings.answers.merged
    if same or "account_id" not in scanned.collect_schema().names():
        return scanned
    own = pl.col("account_id").str.strip_chars().replace("", None)
    written = scanned.select(own.drop_nulls().unique()).collect()["account_id"].to_list()
    return scanned.with_columns(own.replace(known_ids(written, folder, settings)))


def last_of_each(table: pl.LazyFrame, key: pl.Expr) -> pl.LazyFrame:
    """Return the last row of each different text of a key, in the order of the table; rows without one are left out.

    Numbers stand for the texts, so that a frame of millions is looked through without its cells being held: among ten
    million people two have the same number in three of a million tables.

    Examples
    --------
    >>> asked = pl.LazyFrame({"person": ["a", "b", "a", None], "size": ["s", "m", "l", "s"]})
    >>> last_of_each(asked, pl.col("person")).collect().rows()
    [('b', 'm'), ('a', 'l')]
    """
    number = pl.when(key.is_not_null()).then(key.hash())
    rows = table.select(number.alias("key")).with_row_index("row")
    each = rows.drop_nulls("key").group_by("key").agg(pl.col("row").max())
    last, n = pl.collect_all([each.select("row"), table.select(pl.len())], engine="streaming")
    chosen = np.zeros(n.item(), dtype=bool)
    chosen[last["row"].to_numpy()] = True
    beside = pl.LazyFrame({_CHOSEN: chosen})
    return pl.concat([table, beside], how="horizontal").filter(_CHOSEN).drop(_CHOSEN)


def part_columns(folder: Path, settings: Settings, kind: str) -> list[str]:
    """Return the columns of a further table, of which no row is read."""
    return list(pl.read_parquet_schema(part_path(folder, settings, kind)))


def read_as_written(
    folder: Path, settings: Settings, kind: str, columns: Collection[str] | None = None
) -> pd.DataFrame:
    """Read a further table as `read_part` does, with every row of an account and ids as they stand there.

    Read once, it is kept under `processed/` until its file, the library or its part of study.toml change.
    """
    if columns is not None:
        here = [name for name in part_columns(folder, settings, kind) if name in columns]
        return read_kept(part_path(folder, settings, kind), here)
    base, _ = part_key(folder, settings, kind)
    return kept(part_folder(folder, settings, kind), lambda: {kind: _dated(folder, settings, kind)}, same=base)[kind]


def part_path(folder: Path, settings: Settings, kind: str) -> Path:
    """Return the file of a further table as it is kept; it is read and checked where it is not there yet."""
    base, _ = part_key(folder, settings, kind)
    place = part_folder(folder, settings, kind)
    return kept_folder(place, lambda: {kind: _dated(folder, settings, kind)}, same=base) / f"{kind}.parquet"


def part_folder(folder: Path, settings: Settings, kind: str) -> Path:
    """Return where a further table is kept."""
    return folder / "processed" / kind / "-".join(part_key(folder, settings, kind))


def part_key(folder: Path, settings: Settings, kind: str) -> tuple[str, str]:
    """Return a hash of the file of a further table, and one of what study.toml says on how to read it."""
    table: Table = getattr(settings, kind)
    path = folder / table.path
    file = content_hash([path], library_hash())[:16] if path.exists() else "none"  # reading it says why
    return file, content_hash([], table.model_dump_json(), *_used(settings))[:16]


def _dated(folder: Path, settings: Settings, kind: str) -> pd.DataFrame | Streamed:
    """Read a further table, its dates year first; the frame, which may be of millions, as it streams by."""
    table: Table = getattr(settings, kind)
    what, told_for = str(folder / table.path), _heading(kind)
    if kind == "frame":
        frame = _scanned(folder, settings, table)

        def mended(rows: pl.LazyFrame) -> pl.LazyFrame | None:
            with beside_answers(folder, settings):
                changed = changes(frame.dated(rows), day_first=table.day_first, what=what, told_for=told_for)
            return with_dates(rows, changed) if changed else None

        if frame.begins_iso():
            return Streamed(frame.rows, mended=mended)
        again = mended(frame.rows)
        return Streamed(frame.rows if again is None else again)
    named, _ = _named(folder, settings, kind)
    with beside_answers(folder, settings):
        return iso_dates(named, DATES, day_first=table.day_first, what=what, told_for=told_for)


def _heading(kind: str) -> str:
    """Where study.toml tells the order of day and month of a further table."""
    return f"this table, under [{kind}] in study.toml"


def part_words(folder: Path, settings: Settings) -> list[str]:
    """Return a sentence on each further table: how many rows, which header became what, whether the day comes first.

    Raises
    ------
    BadStudy
        One of them cannot be used.
    Undecidable
        Day and month of one of them may stand in either order.
    """
    said = list[str]()
    for kind in side_tables.KINDS:
        if getattr(settings, kind) is not None:
            table: Table = getattr(settings, kind)
            if kind == "frame":
                said.append(_frame_words(folder, settings, table))
                continue
            named, text = _named(folder, settings, kind)
            path = folder / table.path
            told = side_tables.words(list(named.columns), list(text.columns), kind, path, rows=len(text))
            told += side_tables.segment_words(named) if kind == "accounts" else ""
            told += _order_words({name: named[name] for name in DATES if name in named.columns}, folder, settings, kind)
            if kind == "accounts" and not settings.segments and (offered := side_tables.offered_segments(named)):
                names = ", ".join(f'"{name}"' for name in offered)
                told += (
                    f" None of these segments is used yet: write segments = [{names}] in study.toml, above its first"
                    " [table]."
                )
            said.append(told + (_money_words(text, settings) if kind == "revenue" else ""))
    return said


def _frame_words(folder: Path, settings: Settings, table: Table) -> str:
    frame = _scanned(folder, settings, table)
    named = frame.rows.collect_schema().names()
    told = side_tables.words(named, frame.headers, "frame", folder / table.path, rows=frame.n)
    return told + _order_words(frame.dated(), folder, settings, "frame")


def _order_words(
    dated: Mapping[str, pd.Series[str]] | Mapping[str, Different], folder: Path, settings: Settings, kind: str
) -> str:
    """Say whether the day comes first in a table, where that had to be decided."""
    table: Table = getattr(settings, kind)
    with beside_answers(folder, settings):
        order = order_of(dated, day_first=table.day_first, what=str(folder / table.path), told_for=_heading(kind))
    return f" Dates: {order.reason}" if order else ""


def _money_words(text: pd.DataFrame, settings: Settings) -> str:
    """Say which columns of the revenue are its days, amounts, kinds and currency, and what it lacks of them."""
    how = settings.revenue
    if how is not None and how.layout == "years":
        return _periods_words(text, how)
    wanted = _MONEY.get(how.layout) if how is not None else None
    if how is None or wanted is None:
        return ""
    named = side_tables.rename(text, how.columns, wanted)
    told = [
        f'{ours} is "{header}"' for ours, header in zip(named.columns, text.columns, strict=False) if ours in wanted
    ]
    lacks = [name for name in wanted if name not in named.columns and name not in ("currency", "revenue_type")]
    said = f" As {how.layout}: {', '.join(told)}."
    said += f" Not found: {', '.join(lacks)}." if lacks else ""
    if how.layout == "periods" and "period_start" in lacks:
        said += (
            ' Without a time each account has one amount; if a column says when: columns = { period_start = "..." }.'
        )
    read = attempt(amounts, named["amount"], decimal=how.decimal) if "amount" in named.columns else Limit("")
    unstated = not isinstance(read, Limit) and read[1].isna().all()
    if how.currency is None and "currency" not in named.columns and unstated:
        said += ' No currency is stated, so that amounts are told without one: write currency = "EUR", or yours.'
    return said


def _periods_words(text: pd.DataFrame, how: Revenue) -> str:
    """Say which column of the revenue is of which period, where each has a column."""
    headers = [str(header) for header in text.columns if str(header) not in SOURCE]
    spans = attempt(period_headers, headers)
    if isinstance(spans, Limit) or any(period[:1].isdigit() for period in how.columns):  # or said with the other names
        return ""
    periods = {header: span.name for header, span in spans.items()}
    listed = ", ".join(f'{name} is "{header}"' for header, name in periods.items())
    return f" As years: {listed}."


@functools.lru_cache(maxsize=1 << 17)
def alike(account: str) -> str:
    """Return the letters and digits of an id, without case and leading zeros: what two spellings of one share.

    The last three of the eighteen signs of a Salesforce id say which of the fifteen before them are capitals; a report
    writes the fifteen only. They are left off where they say so rightly.

    Examples
    --------
    >>> [alike(id) for id in ("co-1", "Co 1", "CO001", "00123", "123.0", "556036-0793")]
    ['co1', 'co1', 'co1', '123', '123', '5560360793']
    >>> alike("0015g00000AbCdE") == alike("0015g00000AbCdEAAV")
    True
    """
    if account.isascii() and account.isdigit():  # most ids are plain numbers
        return account.lstrip("0") or "0"
    whole = unicodedata.normalize("NFKC", _WHOLE_FLOAT.sub("", account.strip()))
    text = (whole[:15] if _says_its_capitals(whole) else whole).casefold()
    return _LEADING_ZEROS.sub("", "".join(re.findall(r"[^\W_]", text)))


def _says_its_capitals(one: str) -> bool:
    """Say whether an id is one of Salesforce with its check: of each five signs, which are capitals, as a sign."""
    if len(one) != 18 or not one.isascii() or not one.isalnum():
        return False
    fives = (one[at : at + 5] for at in (0, 5, 10))
    return one[15:] == "".join(
        _CAPITALS[sum(sign.isupper() << place for place, sign in enumerate(five))] for five in fives
    )


def by_likeness(ids: Iterable[str]) -> dict[str, str]:
    """Return each id by what it shares with other spellings; those that two different ids share are left out."""
    found: dict[str, str | None] = {}
    for one in dict.fromkeys(ids):
        shared = alike(one)
        found[shared] = None if shared in found else one
    return {shared: one for shared, one in found.items() if one is not None and shared}


def spellings(folder: Path, settings: Settings) -> Mapping[str, str]:
    """Return how the tables of the study spell each account, by its letters and digits; names stand for their ids.

    What two accounts of one table share stands for neither: they stay as they are written.
    """
    found, doubtful = dict[str, str](), set[str]()
    for kind in _SPELLED_BY:
        if getattr(settings, kind) is None:
            continue
        written = written_ids(folder, settings, kind)
        mine = by_likeness(written)
        doubtful |= set(map(alike, written)) - set(mine)
        if kind == "accounts" and "name" in part_columns(folder, settings, kind):
            ids = account_by_name(read_as_written(folder, settings, kind))
            mine = {shared: ids[name] for shared, name in by_likeness(ids).items()} | mine
        found = mine | found
    return {shared: one for shared, one in found.items() if shared not in doubtful}


def written_ids(folder: Path, settings: Settings, kind: str) -> list[str]:
    """Return the different ids of accounts in a further table, as they stand there."""
    if "account_id" not in part_columns(folder, settings, kind):
        return []
    own = pl.col("account_id").cast(pl.String).str.strip_chars().replace("", None).drop_nulls()
    told = pl.scan_parquet(part_path(folder, settings, kind)).select(own.unique(maintain_order=True))
    return told.collect(engine="streaming")["account_id"].to_list()


def account_by_name(accounts: pd.DataFrame) -> dict[str, str]:
    """Return the id of each account by its name, but for names of several."""
    named = accounts.dropna(subset=["account_id", "name"]).drop_duplicates(["name", "account_id"])
    single = named.drop_duplicates("name", keep=False)
    return dict(zip(single["name"], single["account_id"], strict=True))


def _named(folder: Path, settings: Settings, kind: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    table: Table = getattr(settings, kind)
    path = folder / table.path
    with told_without_content(folder, table.path):
        text = read_table(path)
        named = side_tables.name_columns(text, kind, told=table.columns, path=path, keep=_used(settings))
    return named, text


def _scanned(folder: Path, settings: Settings, table: Table) -> Frame:
    with told_without_content(folder, table.path):
        return scan_frame(folder / table.path, told=table.columns, keep=_used(settings), dates=DATES)


def _used(settings: Settings) -> tuple[str, ...]:
    return (*settings.segments, *(settings.weighting.by if settings.weighting else ()))
