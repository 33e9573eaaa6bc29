"""All exports of a study as one table, cleaned together, with what the frame and the accounts know joined on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl

from nps_utils.checks import BadStudy, closest
from nps_utils.cleaning.clean import clean
from nps_utils.cleaning.crowds import NOBODY
from nps_utils.cleaning.date_order import year_first
from nps_utils.columns import read_dates
from nps_utils.exports import (
    Recognised,
    recognise,
    scan_export,
    sheets_to_read,
    side_tables,
    unread_sheets,
)
from nps_utils.exports.cells.date_cells import iso_dates, order_of
from nps_utils.exports.files.plain import read_table
from nps_utils.exports.offered import read_weight
from nps_utils.stats.weighting.survey_weights import WEIGHT
from nps_utils.study.parts import cleaning_options, parts_of
from nps_utils.study.settings import Export, Settings, Table, labels_of
from nps_utils.words.limits import attempt

# What an export may leave unsaid and study.toml say for all its rows.
CONSTANTS = ("touchpoint", "survey")
NOT_STATED = "not stated"
CUSTOMER_SINCE = "customer_since"
# Dates of the frame, the accounts and the follow-up list; revenue has its own reader.
DATES = (CUSTOMER_SINCE, "churned_on", "asked_at", "contacted_at")
TENURE_DAYS = (-np.inf, 91, 366, 3 * 366, np.inf)
TENURES = ("0-3 months", "3-12 months", "1-3 years", "3 years and more")


@dataclass(frozen=True)
class Gathered:
    """The responses, the ledger, and what each export was recognised as."""

    responses: pd.DataFrame
    ledger: pd.DataFrame
    recognised: pd.DataFrame


def unite(folder: Path, settings: Settings) -> tuple[pl.LazyFrame, list[Recognised]]:
    """Return every export of a study as one lazy text table, its people known by the ids of the frame.

    Raises
    ------
    BadInput
        A file cannot be read or recognised, or two exports have the same file name.
    """
    parts = parts_of(folder, settings)
    first = {(export.path, export.sheet): name for export, name in reversed(parts)}
    scans = [_scan(folder, settings, e, name, again=first[e.path, e.sheet] != name) for e, name in parts]
    united = pl.concat([lazy for lazy, _ in scans], how="diagonal_relaxed")
    known = _with_account_ids(_with_people(united, _people(folder, settings)), folder, settings)
    return _without_shared(known, settings.answers.shared), [found for _, found in scans]


def _without_shared(united: pl.LazyFrame, shared: Sequence[str]) -> pl.LazyFrame:
    """Take the respondent from answers under a name that is nobody's, or that several people share."""
    present = united.collect_schema().names()
    people = [name for name in ("respondent_id", "email") if name in present]
    if "respondent_id" not in people:
        return united
    names = [*NOBODY, *(name.strip().lower() for name in shared)]
    named = pl.any_horizontal(pl.col(name).str.strip_chars().str.to_lowercase().is_in(names) for name in people)
    kept = pl.when(~named.fill_null(value=False)).then(pl.col("respondent_id"))
    return united.with_columns(kept.alias("respondent_id"))


def gather(folder: Path, settings: Settings) -> Gathered:
    """Read every export of a study, unite them, and clean them once.

    Raises
    ------
    BadInput
        As `unite`; or dates cannot be decided, or a segment is nowhere to be found.
    """
    part_words(folder, settings)  # a table that links to nothing stops here, not as a gap on a page
    united, found = unite(folder, settings)
    options = cleaning_options(folder, settings, found)
    responses, ledger = clean(united, **options)  # type: ignore[arg-type]
    exports, names = zip(*parts_of(folder, settings), strict=True)
    decided = _without_rewritten(ledger.collect().to_pandas(), names, found)
    rows = responses.collect(engine="streaming").to_pandas()
    notes, unread = [(*one.notes, *_weight_notes(one, settings)) for one in found], _unread(folder, settings)
    rows["touchpoint"] = rows["touchpoint"].fillna(NOT_STATED)
    rows, unweighted = _weighted(
        rows, folder, settings, {name: one.extras for name, one in zip(names, found, strict=True)}
    )
    decided = pd.concat([unweighted, decided], ignore_index=True) if len(unweighted) else decided
    return Gathered(
        responses=_with_segments(rows, folder, settings),
        ledger=pd.concat([_notes([*names, *unread], [*notes, *unread.values()]), decided], ignore_index=True),
        recognised=pd.DataFrame(
            {
                "source_file": names,
                "tool": [f.tool for f in found],
                "score_column": [f.score_column for f in found],
                "weight_column": pd.array([f.weight for f in found], dtype="string"),
                "evidence": [
                    _evidence(folder / export.path, export, f, settings)
                    for export, f in zip(exports, found, strict=True)
                ],
            }
        ),
    )


def _evidence(path: Path, export: Export, found: Recognised, settings: Settings) -> str:
    """Return why an export was read so: where study.toml only repeats what is recognised anyway, what that rests on."""
    if export.columns:
        sheet = export.sheet if isinstance(export.sheet, str) else None
        free = attempt(recognise, path, sheet=sheet, scale=export.scale, labels=labels_of(settings))
        if isinstance(free, Recognised) and (free.tool, dict(free.toml_columns)) == (found.tool, dict(export.columns)):
            return "\n".join(free.reasons)
    return "\n".join(found.reasons)


def read_part(folder: Path, settings: Settings, kind: str) -> pd.DataFrame:
    """Read a further table of the study as text, under our names for its columns, its dates year first.

    Raises
    ------
    BadStudy
        A header of study.toml is not in it, or no column links it to the answers.
    """
    named, _, table = _named_part(folder, settings, kind)
    return iso_dates(named, DATES, day_first=table.day_first, what=str(folder / table.path))


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
            named, text, table = _named_part(folder, settings, kind)
            path = folder / table.path
            dated = {name: named[name] for name in DATES if name in named.columns}
            order = order_of(dated, day_first=table.day_first, what=str(path))
            said.append(side_tables.words(named, text, kind, path) + (f" Dates: {order.reason}" if order else ""))
    return said


def _named_part(folder: Path, settings: Settings, kind: str) -> tuple[pd.DataFrame, pd.DataFrame, Table]:
    table: Table = getattr(settings, kind)
    text = read_table(folder / table.path)
    used = (*settings.segments, *(settings.weighting.by if settings.weighting else ()))
    named = side_tables.name_columns(text, kind, told=table.columns, path=folder / table.path, keep=used)
    return named, text, table


def _scan(
    folder: Path, settings: Settings, export: Export, name: str, *, again: bool
) -> tuple[pl.LazyFrame, Recognised]:
    """Read one part; where the same rows are read `again` for another question, their ids say for which."""
    columns = {**settings.columns, **export.columns} or None
    lazy, found = scan_export(
        folder / export.path,
        tool=export.tool,
        columns=columns,
        sheet=export.sheet,
        scale=export.scale,
        labels=labels_of(settings),
    )
    lazy = lazy.with_columns(pl.lit(name).alias("source_file"))
    present = lazy.collect_schema().names()
    if again and "response_id" in present:
        lazy = lazy.with_columns(pl.col("response_id") + pl.lit(name.removeprefix(Path(export.path).name)))
    said = {name: getattr(export, name) for name in CONSTANTS if getattr(export, name) is not None}
    for name, value in said.items():
        if name in present:  # the export's own word goes first; study.toml fills its gaps
            lazy = lazy.with_columns(pl.col(name).replace("", None).fill_null(value))
        else:
            lazy = lazy.with_columns(pl.lit(value).alias(name))
    return lazy, found


def _people(folder: Path, settings: Settings) -> pl.LazyFrame | None:
    """Return who is behind each e-mail address, by the frame; None where it cannot say."""
    if settings.frame is None:
        return None
    frame = read_part(folder, settings, "frame")
    known = [name for name in ("respondent_id", "account_id", "language") if name in frame.columns]
    if "email" not in frame.columns or not known:
        return None
    people = pl.from_pandas(frame[["email", *known]]).drop_nulls("email")
    key = pl.col("email").str.strip_chars().str.to_lowercase().alias("_email")
    return people.select(key, *(pl.col(name).alias(f"_{name}") for name in known)).unique("_email", keep="last").lazy()


def _with_people(united: pl.LazyFrame, people: pl.LazyFrame | None) -> pl.LazyFrame:
    """Name the respondent and account of a known e-mail address by the ids of the frame.

    A tool's own contact id would otherwise make two people of one who answered through two tools.
    """
    if people is None or "email" not in united.collect_schema().names():
        return united
    known = [name[1:] for name in people.collect_schema().names() if name != "_email"]
    present = united.collect_schema().names()
    joined = united.with_columns(pl.col("email").str.strip_chars().str.to_lowercase().alias("_email")).join(
        people, on="_email", how="left", maintain_order="left"
    )
    own = {name: pl.col(name).replace("", None) if name in present else pl.lit(None, pl.String) for name in known}
    # An answer knows its own language best; who a person is, and of which account, the frame knows best.
    pairs = {name: (pl.col(f"_{name}"), own[name]) for name in known}
    told = [pl.coalesce(reversed(pair) if name == "language" else pair).alias(name) for name, pair in pairs.items()]
    return joined.with_columns(told).drop("_email", *(f"_{name}" for name in known))


def _with_account_ids(united: pl.LazyFrame, folder: Path, settings: Settings) -> pl.LazyFrame:
    """Replace an account's name by its id, where a tool exports the name and the accounts know whose it is."""
    if settings.accounts is None or "account_id" not in united.collect_schema().names():
        return united
    accounts = read_part(folder, settings, "accounts")
    if not {"account_id", "name"} <= set(accounts.columns):
        return united
    named = accounts.dropna(subset=["account_id", "name"]).drop_duplicates("name", keep=False)
    ids = dict(zip(named["name"], named["account_id"], strict=True))
    return united.with_columns(pl.col("account_id").str.strip_chars().replace(ids))


def with_accounts(people: pd.DataFrame, folder: Path, settings: Settings) -> pd.DataFrame:
    """Join to people what the accounts know of them and they do not say themselves."""
    if settings.accounts is None or "account_id" not in people.columns:
        return people
    accounts = read_part(folder, settings, "accounts").drop(columns="source_row")
    if "account_id" not in accounts.columns:
        return people
    new = [name for name in accounts.columns if name not in people.columns or name == "account_id"]
    known = accounts.dropna(subset="account_id").drop_duplicates("account_id", keep="last")[new]
    return people.merge(known, on="account_id", how="left", validate="many_to_one")


def _with_segments(responses: pd.DataFrame, folder: Path, settings: Settings) -> pd.DataFrame:
    """Join the segments that no export has: from the frame by respondent, then from the accounts."""
    experiment = [settings.experiment.arm] if settings.experiment else []
    asked_for = [*settings.segments, *settings.ratings, *experiment]
    weights = settings.weighting.by if settings.weighting else ()  # also where a cell cuts by other segments
    wanted = [name for name in dict.fromkeys((*asked_for, *weights, CUSTOMER_SINCE)) if name not in responses.columns]
    for key, kind in (("respondent_id", "frame"), ("account_id", "accounts")):
        if not wanted or getattr(settings, kind) is None or key not in responses.columns:
            continue
        known = read_part(folder, settings, kind)
        here = [name for name in wanted if name in known.columns and key in known.columns]
        if here:
            latest = known.dropna(subset=[key]).drop_duplicates(key, keep="last")[[key, *here]]
            responses = responses.merge(latest, on=key, how="left", validate="many_to_one")
        wanted = [name for name in wanted if name not in here]
    if lost := [name for name in wanted if name in asked_for]:
        tables = [read_part(folder, settings, kind) for kind in ("frame", "accounts") if getattr(settings, kind)]
        headers = list(dict.fromkeys(name for table in (responses, *tables) for name in map(str, table.columns)))
        raise BadStudy(
            f"{folder / 'study.toml'}: {', '.join(lost)} is named as a segment, rating or arm, but no export, frame"
            f" or account table has it.{closest(lost[0], headers)} They have: {', '.join(headers)}."
        )
    return _with_tenure(responses, settings.timezone)


def _weighted(
    responses: pd.DataFrame, folder: Path, settings: Settings, columns: Mapping[str, Sequence[str]]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Give each response its weight, where the study names a column of weights; those without one go to the ledger.

    Raises
    ------
    BadStudy
        An export has no such column, or most of its cells are no weights.
    """
    name = settings.weight
    if not name:
        return responses, pd.DataFrame()
    for file, extras in columns.items():
        if name not in extras:
            listed = ", ".join(f'"{known}"' for known in extras) or "none"
            raise BadStudy(
                f'{folder / "study.toml"}: weight = "{name}", but {file} has no such column beside those recognised; it'
                f" has: {listed}.{closest(name, extras)} Without weights in every export: weight = false."
            )
    cells = responses[name].astype("string")
    weights = cells.map(lambda cell: read_weight(cell) if isinstance(cell, str) else None).astype("Float64")
    good = (weights > 0).fillna(value=False).to_numpy(dtype=bool)
    if good.sum() < 0.5 * len(responses):
        wrong = str(cells[~good].iloc[0])
        raise BadStudy(
            f'{folder / "study.toml"}: weight = "{name}", but {len(responses) - int(good.sum()):,} of'
            f' {len(responses):,} answers have no number above zero there, the first "{wrong}". Name another column, or'
            " write weight = false."
        )
    lost = responses[~good]
    ledger = pd.DataFrame(
        {
            "source_file": lost["source_file"],
            "source_row": lost["source_row"],
            "action": "rejected",
            "reason": "missing_weight",
            "value": cells[~good],
            "comment": lost["comment"] if "comment" in lost.columns else None,
        }
    )
    kept = responses[good].assign(**{WEIGHT: weights[good].astype(float)})
    return kept.reset_index(drop=True), ledger


def _weight_notes(found: Recognised, settings: Settings) -> tuple[str, ...]:
    """Return the note on the column of weights, where it is used, or neither used nor declined."""
    if settings.weight:
        return (f'every answer is weighted by column "{settings.weight}", as study.toml says.',)
    if found.weight is None or settings.weight is not None:
        return ()
    return (
        f'column "{found.weight}" looks like weights of the answers and is not used: every answer counts once. To use'
        f' it: weight = "{found.weight}" in study.toml; if it holds no weights: weight = false.',
    )


def _with_tenure(responses: pd.DataFrame, timezone: str) -> pd.DataFrame:
    """Add how long a customer had been one when answering, by the calendar of the study, where the start is known."""
    if CUSTOMER_SINCE not in responses.columns:
        return responses
    since = read_dates(responses, CUSTOMER_SINCE, what="customers", timezone=timezone)
    answered = pd.to_datetime(responses["responded_at"], utc=True)
    # An answer on the 5th at midnight in Oslo is on the 4th in UTC; days are counted as the calendar has them.
    day, first = (times.dt.tz_convert(timezone).dt.tz_localize(None).dt.normalize() for times in (answered, since))
    tenure = pd.cut((day - first).dt.days, TENURE_DAYS, labels=TENURES, right=False)
    return responses.assign(tenure=tenure.astype("string"))


def _without_rewritten(ledger: pd.DataFrame, names: Sequence[str], found: list[Recognised]) -> pd.DataFrame:
    """Drop what cleaning says of dates that reading wrote year first: how they were read is among reading's notes."""
    told = [(name, year_first(column)) for name, one in zip(names, found, strict=True) for column in one.ordered_dates]
    again = np.zeros(len(ledger), dtype=bool)
    for name, sentence in told:
        starts = ledger["value"].str.startswith(sentence).fillna(False).to_numpy(dtype=bool)
        again |= (ledger["source_file"] == name).to_numpy() & (ledger["reason"] == "dates").to_numpy() & starts
    return ledger[~again]


def _unread(folder: Path, settings: Settings) -> dict[str, tuple[str, ...]]:
    """Return a note for each workbook of which several sheets are read and others are not."""
    notes: dict[str, tuple[str, ...]] = {}
    for export in settings.export:
        if export.sheet is None:
            continue
        path = folder / export.path
        if others := unread_sheets(path, sheets_to_read(path, export.sheet)):
            notes[path.name] = (f"sheets that were not read: {', '.join(others)}.",)
    return notes


def _notes(names: Sequence[str], notes: Sequence[Sequence[str]]) -> pd.DataFrame:
    """Return what reading itself found out about each file, as rows of the ledger."""
    rows = [(name, "reading", note) for name, said in zip(names, notes, strict=True) for note in said]
    table = pd.DataFrame(rows, columns=["source_file", "reason", "value"]).astype("string")
    return table.assign(action="noted", source_row=pd.array([pd.NA] * len(table), dtype="Int64"), comment=None)
