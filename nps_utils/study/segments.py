"""What the frame and the accounts know of those who answered, joined to the answers: segments, ratings, tenure."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import polars as pl

from nps_utils.checks import BadStudy, BadValue, closest
from nps_utils.columns import read_dates
from nps_utils.study.further import CUSTOMER_SINCE, last_of_each, part_columns, read_part, scan_part
from nps_utils.study.lookup import looked_up
from nps_utils.study.settings import Settings
from nps_utils.study.told import Told, examples

# Days at which each length of time as a customer ends; the last has no end.
TENURE_DAYS: Final = (91, 366, 3 * 366)
TENURES: Final = ("0-3 months", "3-12 months", "1-3 years", "3 years and more")
# How what a further table says stands beside what the answers say, while both are joined.
_KEY: Final = "joined:key"
_KNOWN: Final = "joined:"
_SINCE: Final = "joined:day"


def with_segments(
    responses: pl.LazyFrame, folder: Path, settings: Settings
) -> tuple[pl.LazyFrame, list[Told], list[str]]:
    """Join what the answers do not say themselves: from the frame by respondent, then from the accounts.

    What an export says goes first, answer by answer; where it says nothing, the tables do.

    Returns
    -------
    The responses, a sentence on each column of which an export and a table say different things, and the columns that
    are of both.

    Raises
    ------
    BadStudy
        A segment, rating or arm is nowhere to be found.
    """
    experiment = [settings.experiment.arm] if settings.experiment else []
    asked_for = [*settings.segments, *settings.ratings, *experiment]
    weights = settings.weighting.by if settings.weighting else ()  # also where a cell cuts by other segments
    wanted = list(dict.fromkeys((*asked_for, *weights, CUSTOMER_SINCE)))
    present = responses.collect_schema().names()
    own = [name for name in wanted if name in present]
    said, told, of_both = list[str](), list[Told](), list[str]()
    for key, kind in (("respondent_id", "frame"), ("account_id", "accounts")):
        if getattr(settings, kind) is None:
            continue
        columns = part_columns(folder, settings, kind)
        # A frame without ids of people knows them by their addresses.
        by = "email" if kind == "frame" and key not in columns else key
        here = [name for name in wanted if name in columns and by in columns and name not in said]
        if not here or by not in present:
            continue
        known = _latest(folder, settings, kind, by, here)
        responses = looked_up(responses, _key(by), known, by=_KEY)
        found = {}
        for name in here:
            if name in own:
                told += _different(responses, name, Path(getattr(settings, kind).path).name, kind)
                found[name] = pl.coalesce(_text(responses, name), _known(responses, name).cast(pl.String))
                of_both.append(name)
            else:
                said.append(name)  # the frame goes before the accounts
                found[name] = _known(responses, name)
        responses = responses.with_columns(**found).drop(f"{_KNOWN}{name}" for name in here)
    if lost := [name for name in asked_for if name not in (*present, *said)]:
        tables = [part_columns(folder, settings, kind) for kind in ("frame", "accounts") if getattr(settings, kind)]
        headers = list(dict.fromkeys([*present, *said, *(name for names in tables for name in names)]))
        raise BadStudy(
            f"{folder / 'study.toml'}: {', '.join(lost)} is named as a segment, rating or arm, but no export, frame"
            f" or account table has it.{closest(lost[0], headers)} They have: {', '.join(headers)}."
        )
    # A blank behind its name makes no other group of it.
    schema = responses.collect_schema()
    bare = {n: _text(responses, n) for n in own if n not in of_both and schema[n] == pl.String}
    responses = responses.with_columns(**bare)
    return _with_tenure(responses, settings.timezone), told, list(dict.fromkeys(of_both))


def _latest(folder: Path, settings: Settings, kind: str, key: str, columns: Sequence[str]) -> pl.DataFrame:
    """Return what a further table says last of each person or account, with the key and its columns set apart."""
    if kind == "frame":
        table = scan_part(folder, settings, kind)
    else:
        table = pl.from_pandas(read_part(folder, settings, kind, list(dict.fromkeys([key, *columns])))).lazy()
    # Few texts are repeated for millions of people: a number stands for each.
    texts = [name for name, type_ in table.collect_schema().items() if name in columns and type_ == pl.String]
    apart = [
        (pl.col(name).cast(pl.Categorical(pl.Categories.random())) if name in texts else pl.col(name)).alias(
            f"{_KNOWN}{name}"
        )
        for name in columns
    ]
    told = last_of_each(table, _key(key)).select(_key(key).alias(_KEY), *apart)
    return told.collect(engine="streaming")


def _key(column: str) -> pl.Expr:
    """Return by what rows are joined: ids as they are, addresses in lower case."""
    if column != "email":
        return pl.col(column)
    address = pl.col(column).cast(pl.String).str.strip_chars().str.to_lowercase()
    return pl.when(address != "").then(address)


def _known(joined: pl.LazyFrame, name: str) -> pl.Expr:
    """Return what the joined table says of a column."""
    cells = pl.col(f"{_KNOWN}{name}")
    kind = joined.collect_schema()[f"{_KNOWN}{name}"]
    return cells.cast(pl.String) if isinstance(kind, pl.Categorical) else cells


def _text(table: pl.LazyFrame, name: str) -> pl.Expr:
    """Return a column as texts without blanks around them, null where there is none."""
    cells = pl.col(name)
    if table.collect_schema()[name] == pl.Boolean:
        cells = pl.when(cells).then(pl.lit("True")).when(~cells).then(pl.lit("False"))
    told = cells.cast(pl.String).str.strip_chars()
    return pl.when(told != "").then(told)


def _different(joined: pl.LazyFrame, name: str, file: str, kind: str) -> list[Told]:
    """Say where an export and a further table say different things of the same answers."""
    stripped = _known(joined, name).cast(pl.String).str.strip_chars()
    pairs = joined.select(mine=_text(joined, name), theirs=pl.when(stripped != "").then(stripped)).drop_nulls()
    differ = pairs.filter(pl.col("mine") != pl.col("theirs"))
    counted, first, both = pl.collect_all(
        [differ.select(pl.len()), differ.head(1), pairs.select(pl.len())], engine="streaming"
    )
    if not len(first):
        return []
    mine, theirs = first.row(0)
    return [
        Told(
            file,
            "set_aside",
            f'column "{name}" says something else than the export for {counted.item():,} of'
            f" {both.item():,} answers ({examples([mine])} in the export,"
            f" {examples([theirs])} here). The export counts; this table fills its gaps. To cut by this one"
            f' instead: columns = {{ {kind}_{_bare(name)} = "{name}" }} under [{kind}] in study.toml, and'
            f' "{kind}_{_bare(name)}" in segments.',
        )
    ]


def _bare(name: str) -> str:
    """Return a name that TOML takes without quotes."""
    return "".join(char if char.isascii() and (char.isalnum() or char in "_-") else "_" for char in name)


def _with_tenure(responses: pl.LazyFrame, timezone: str) -> pl.LazyFrame:
    """Add how long a customer had been one when answering, by the calendar of the study, where the start is known."""
    if CUSTOMER_SINCE not in responses.collect_schema().names():
        return responses
    since = _days_of(responses, timezone)
    # An answer on the 5th at midnight in Oslo is on the 4th in UTC; days are counted as the calendar has them.
    day = pl.col("responded_at").dt.convert_time_zone(timezone).dt.date()
    joined = looked_up(responses, pl.col(CUSTOMER_SINCE), since, by="cell")
    days = (day - pl.col(_SINCE)).dt.total_days()
    ended = [pl.when(days < end).then(pl.lit(name)) for end, name in zip(TENURE_DAYS, TENURES, strict=False)]
    longer = pl.when(days.is_not_null()).then(pl.lit(TENURES[-1]))
    return joined.with_columns(tenure=pl.coalesce(*ended, longer)).drop(_SINCE)


def _days_of(responses: pl.LazyFrame, timezone: str) -> pl.DataFrame:
    """Return the day that each different cell of `customer_since` is, in the study's calendar."""
    cells = responses.select(CUSTOMER_SINCE).drop_nulls()
    different = cells.unique().collect(engine="streaming").to_pandas()
    try:
        since = read_dates(different, CUSTOMER_SINCE, what="customers", timezone=timezone)
    except BadValue:  # which names the first row that has such a cell
        every = responses.select(CUSTOMER_SINCE).collect(engine="streaming").to_pandas()
        since = read_dates(every, CUSTOMER_SINCE, what="customers", timezone=timezone)
    days = since.dt.tz_convert(timezone).dt.tz_localize(None).dt.normalize()
    known = pl.DataFrame({"cell": different[CUSTOMER_SINCE].tolist(), _SINCE: days.astype("datetime64[us]").to_numpy()})
    return known.select(pl.col("cell").cast(pl.String), pl.col(_SINCE).cast(pl.Date))
