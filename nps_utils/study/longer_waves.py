"""Answers in longer waves than study.toml has: of those that counted, fewer do, and nothing is cleaned again."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd
import polars as pl
from numpy.typing import NDArray

from nps_utils.cleaning.crowds import too_many
from nps_utils.cleaning.frames import open_table
from nps_utils.cleaning.options import options_of
from nps_utils.cleaning.repeats import REPEATED, with_keys
from nps_utils.cleaning.steps import source_of
from nps_utils.study.gather import united
from nps_utils.study.parts import cleaning_options
from nps_utils.study.people import people_of
from nps_utils.study.settings import Settings
from nps_utils.waves import NO_DATES

# Which waves lie whole within which longer ones. A week may lie in two years.
_WITHIN: Final = {"month": ("quarter", "year"), "quarter": ("year",)}
_CALENDAR: Final = re.compile(r"\d{4}-(?:Q[1-4]|\d\d)")
# What tells who answered what.
_TOLD_BY: Final = ("respondent_id", "email", "survey", "touchpoint")
# Lists of texts that are so long stay as they are when some of the texts are said by nobody any more.
_FEW: Final = 1 << 16


class _Origin(NamedTuple):
    """Of each row as it was read: who gave it (0 is nobody), and whether a crowd behind that name is asked about."""

    key: NDArray[np.int64]
    person: NDArray[np.uint64]
    asks: NDArray[np.int8]


def in_longer_waves(
    folder: Path, settings: Settings, other: Settings, answers: pd.DataFrame, ledger: Path
) -> pd.DataFrame | None:
    """Return what cleaning in the waves of `other` would, where it follows from what cleaning kept; else None.

    Of the answers of one person to one touchpoint one counts in each wave. That of a year is the one of its quarters
    that comes last (or first), where each quarter lies whole in one year.

    Parameters
    ----------
    folder, settings
        Of the study.
    other
        Its settings with other waves, and nothing else other.
    answers
        The study's responses.
    ledger
        The file of its ledger.
    """
    names = _renamed(settings, other, answers["wave"])
    if names is None:
        return None
    if settings.answers.repeats == "all":
        return _in_waves(answers, names, None)
    read = _origins(folder, settings)
    if read is None:
        return None
    # An order of each answer among the rows that were read, by the name of its file and its number there.
    origin, files = read
    rows = _places(origin, _keys(pl.from_pandas(answers[["source_file", "source_row"]]), files))
    aside = _places(origin, _keys(_set_aside(ledger), files))
    if rows is None or aside is None:
        return None
    wave, _ = pd.factorize(answers["wave"].map(names), use_na_sentinel=False)
    groups = _grouped(origin.person[rows], wave)
    if _crowded(origin, rows, aside, groups):
        return None  # cleaning asks about them
    keep = _one_of_each(groups, answers["responded_at"], settings.answers.repeats)
    if not _named_row_by_row(folder, settings, answers["respondent_id"][keep]):
        return None
    return _in_waves(answers, names, keep)


def _renamed(settings: Settings, other: Settings, waves: pd.Series[Any]) -> dict[str, str] | None:
    """Return in which longer wave each wave lies; None where that cannot be said."""
    longer = other.waves.by
    # An answer without a weight sets others aside before it is left out itself.
    if longer not in _WITHIN.get(settings.waves.by, ()) or settings.weight:
        return None
    names = {str(name): str(name) for name in waves.unique() if pd.notna(name)}
    dated = [name for name in names if name != NO_DATES]
    if waves.isna().any() or not all(_CALENDAR.fullmatch(name) for name in dated):
        return None
    for name in dated:
        quarter = name if "Q" in name else f"{name[:4]}-Q{(int(name[5:]) + 2) // 3}"
        names[name] = quarter if longer == "quarter" else name[:4]
    return names


def _origins(folder: Path, settings: Settings) -> tuple[_Origin, list[str]] | None:
    """Return who gave each row, as cleaning tells people apart, in the order of the numbers of rows; and the files."""
    table, found = united(folder, settings)
    options = options_of(**cleaning_options(folder, settings, found))  # type: ignore[arg-type]
    opened = open_table(table)
    source, cells = source_of(opened, options)
    if "wave" in cells:  # the waves of rows without a date are told by the export
        return None
    here = [name for name in cells if name in _TOLD_BY] or ["source_file"]
    keyed, made = with_keys(source, opened.engine, cells=here, rules=options.repeats)
    known = [name for name in ("_person", "_asks") if name in made]
    rows: pl.DataFrame = keyed.select("source_file", "source_row", *known).to_native().collect(engine="streaming")
    files = rows["source_file"].unique().to_list()
    key = _keys(rows, files)
    if key is None:
        return None
    person = rows["_person"].fill_null(0).to_numpy() if known else np.zeros(len(rows), dtype=np.uint64)
    asks = rows["_asks"].fill_null(0).cast(pl.Int8).to_numpy() if known else np.zeros(len(rows), dtype=np.int8)
    order = np.argsort(key, kind="stable")
    if (np.diff(key[order]) == 0).any():  # a row that stands for several answers
        return None
    return _Origin(key[order], person[order].astype(np.uint64), asks[order]), files


def _keys(rows: pl.DataFrame, files: list[str]) -> NDArray[np.int64] | None:
    """Return one number for the file and the row there of each row; None where one does not say them."""
    codes = (
        rows["source_file"]
        .cast(pl.String)
        .replace_strict(files, list(range(len(files))), default=None, return_dtype=pl.Int64)
    )
    keys = codes * (1 << 40) + rows["source_row"].cast(pl.Int64)
    return None if keys.null_count() else keys.to_numpy()


def _set_aside(ledger: Path) -> pl.DataFrame:
    """Return which rows were set aside because the same person answered again."""
    told = pl.scan_parquet(ledger).filter(pl.col("reason").cast(pl.String).is_in(REPEATED))
    return told.select("source_file", "source_row").collect(engine="streaming")


def _places(origin: _Origin, keys: NDArray[np.int64] | None) -> NDArray[np.intp] | None:
    """Return where rows stand among those that were read; None where one is not there."""
    if keys is None:
        return None
    places = np.searchsorted(origin.key, keys)
    there = places < len(origin.key)
    return places if there.all() and (origin.key[places] == keys).all() else None


class _Groups(NamedTuple):
    """The answers of somebody, those of one person and wave together and in order; where each group starts."""

    order: NDArray[np.intp]
    starts: NDArray[np.intp]


def _grouped(person: NDArray[np.uint64], wave: NDArray[np.intp]) -> _Groups:
    """Put the answers of one person and wave together; those of nobody are left out.

    One number stands for both: among ten million, two are the same in 3 of a million tables.
    """
    mixed = (person + wave.astype(np.uint64)) * np.uint64(0x9E3779B97F4A7C15)
    someone = np.flatnonzero(person)
    order = someone[np.argsort(mixed[someone], kind="stable")]
    own = mixed[order]
    return _Groups(order, np.flatnonzero(np.append(True, own[1:] != own[:-1])) if len(own) else order)


def _crowded(origin: _Origin, rows: NDArray[np.intp], aside: NDArray[np.intp], groups: _Groups) -> bool:
    """Say whether so many answers of a wave may be under one name that cleaning asks about it.

    Those that were set aside are counted in every wave.
    """
    many = np.diff(np.append(groups.starts, len(groups.order)))
    first = rows[groups.order[groups.starts]]
    people, others = np.unique(origin.person[aside], return_counts=True)
    if len(people) and len(first):
        whose = origin.person[first]
        place = np.minimum(np.searchsorted(people, whose), len(people) - 1)
        many = many + np.where(people[place] == whose, others[place], 0)
    asks = origin.asks[first]
    return bool((too_many(many, asks, len(origin.key)) & (asks > 0)).any())


def _one_of_each(groups: _Groups, times: pd.Series[pd.Timestamp], repeats: str) -> NDArray[np.bool_]:
    """Say which answers count: of each group the last, or the first; of equal times, by the order of rows."""
    keep = np.ones(len(times), dtype=bool)
    if not len(groups.order):
        return keep
    sign = 1 if repeats == "latest" else -1
    time = times.to_numpy(dtype="datetime64[s]").astype(np.int64)
    time = np.where(times.notna().to_numpy(), time, 0)[groups.order] * sign
    many = np.diff(np.append(groups.starts, len(groups.order)))
    best = np.repeat(np.maximum.reduceat(time, groups.starts), many)
    place = np.where(time == best, groups.order * sign, np.iinfo(np.int64).min)
    chosen = np.maximum.reduceat(place, groups.starts) * sign
    keep[groups.order] = False
    keep[chosen] = True
    return keep


def _named_row_by_row(folder: Path, settings: Settings, people: pd.Series[Any]) -> bool:
    """Say whether `with_people_of_addresses` names each of these people whatever the other answers are.

    It looks at all of them where an address stands beside several ids, or also where no id is.
    """
    table, _ = united(folder, settings)
    present = table.collect_schema().names()
    if "email" not in present or "respondent_id" not in present:
        return True
    both = table.select(*people_of(present, settings.answers.shared))
    counts = both.select(n=pl.col("own").count(), lack=pl.col("own").null_count()).collect(engine="streaming")
    n, lack = counts.row(0)
    # Where ids repeat they are those of people, and none of them is looked for.
    if not n or (not lack and people.duplicated().any()):
        return True
    hashed = both.filter(pl.col("address").is_not_null()).select(
        pl.col("address").hash(), own=pl.when(pl.col("own").is_not_null()).then(pl.col("own").hash())
    )
    several = hashed.unique().group_by("address").len().select((pl.col("len") > 1).any())
    return not several.collect(engine="streaming").item()


def _in_waves(answers: pd.DataFrame, names: dict[str, str], keep: NDArray[np.bool_] | None) -> pd.DataFrame:
    """Return the answers that count, under the names of their longer waves, as a table read anew would be."""
    columns: dict[str, pd.Series[Any]] = {}
    for name in answers.columns:  # one by one, so that no more than one is there twice
        column = answers[name] if keep is None else answers.loc[keep, name].reset_index(drop=True)
        if name == "wave":
            column = _named(column, names)
        elif isinstance(column.dtype, pd.CategoricalDtype) and keep is not None:
            column = _without_absent(column) if len(column.cat.categories) <= _FEW else column
        columns[str(name)] = column
    return pd.DataFrame(columns, copy=False)


def _named(waves: pd.Series[Any], names: dict[str, str]) -> pd.Series[Any]:
    """Return the waves under other names."""
    if not isinstance(waves.dtype, pd.CategoricalDtype):
        return waves.map(names).astype(waves.dtype)
    texts = [names[str(text)] for text in waves.cat.categories]
    named = pd.Index(sorted(set(texts)), dtype="str", name=waves.cat.categories.name)
    kind = pd.CategoricalDtype(named, ordered=True)
    place = np.append(kind.categories.get_indexer(pd.Index(texts)), -1)
    told = pd.Categorical.from_codes(place[waves.cat.codes], dtype=kind)
    return _without_absent(pd.Series(told, index=waves.index, name=waves.name))


def _without_absent(cells: pd.Series[Any]) -> pd.Series[Any]:
    """Return a column without the categories that nobody has any more; counted, for sorting millions takes longer."""
    codes, known = cells.cat.codes.to_numpy(), cells.cat.categories
    there = np.bincount(codes + 1, minlength=len(known) + 1)[1:] > 0
    if there.all():
        return cells
    number = np.append(np.cumsum(there) - 1, -1)
    kind = pd.CategoricalDtype(known[there], ordered=cells.cat.ordered)
    return pd.Series(pd.Categorical.from_codes(number[codes], dtype=kind), index=cells.index, name=cells.name)
