"""All exports of a study as one table, cleaned together, with what the frame and the accounts know joined on."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
import polars as pl

from nps_utils.checks import BadStudy, closest
from nps_utils.cleaning.clean import clean
from nps_utils.cleaning.dates_by_file import year_first
from nps_utils.columns import text_of
from nps_utils.exports import (
    Recognised,
    recognise,
    scan_export,
    sheets_to_read,
    unread_sheets,
)
from nps_utils.exports.named_by_study import SAID_BY_STUDY
from nps_utils.exports.offered import read_weight
from nps_utils.exports.side_tables import KINDS
from nps_utils.files import content_hash, library_hash
from nps_utils.stats.weighting.export_weights import WEIGHT
from nps_utils.study.further import (
    account_by_name,
    alike,
    known_ids,
    part_key,
    part_path,
    read_as_written,
    read_part,
    spellings,
)
from nps_utils.study.kept import kept_folder, read_kept
from nps_utils.study.links import link_notes
from nps_utils.study.parts import cleaning_options, parts_of
from nps_utils.study.people import with_people_of_addresses, with_people_of_frame, without_shared
from nps_utils.study.places import told_without_content
from nps_utils.study.segments import with_segments
from nps_utils.study.set_aside import set_aside
from nps_utils.study.settings import Export, Settings, labels_of
from nps_utils.study.told import Told, as_ledger
from nps_utils.words.limits import Limit, attempt
from nps_utils.words.naming import NOT_STATED

# What an export may leave unsaid and study.toml say for all its rows.
CONSTANTS = ("touchpoint", "survey", "wave")
# What of study.toml is asked only once the exports are united.
_LATER: Final[dict[str, bool | set[str]]] = {
    "title": True,
    "language": True,
    "waves": True,
    "answers": {"repeats", "groups", "one_person"},
}


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
    known = with_people_of_frame(united, folder, settings)
    return without_shared(_with_account_ids(known, folder, settings), settings.answers.shared), [
        found for _, found in scans
    ]


def united(folder: Path, settings: Settings) -> tuple[pl.LazyFrame, list[Recognised]]:
    """Return what `unite` does from where it is kept: exports are parsed once, however often they are cleaned.

    Raises
    ------
    BadInput
        As `unite`.
    """
    files = [folder / export.path for export in settings.export]
    if not all(path.is_file() for path in files):
        return unite(folder, settings)  # which says so
    kinds = [kind for kind in KINDS if getattr(settings, kind) is not None]
    rest_on = ["-".join(part_key(folder, settings, kind)) for kind in kinds]
    key = content_hash(files, library_hash(), *rest_on)[:16]
    told = content_hash([], settings.model_dump_json(exclude=_LATER))[:16]

    def read() -> dict[str, pd.DataFrame | pl.LazyFrame]:
        lazy, found = unite(folder, settings)
        return {"united": lazy, "found": pd.DataFrame({"found": [one.as_json() for one in found]})}

    place = kept_folder(folder / "processed" / "united" / f"{key}-{told}", read, same=key)
    found = [Recognised.from_json(text) for text in read_kept(place / "found.parquet")["found"]]
    return pl.scan_parquet(place / "united.parquet"), found


def gather(folder: Path, settings: Settings) -> Gathered:
    """Read every export of a study, unite them, and clean them once.

    Raises
    ------
    BadInput
        As `unite`; or dates cannot be decided, or a segment is nowhere to be found.
    """
    for kind in KINDS:
        if getattr(settings, kind) is not None:
            part_path(folder, settings, kind)  # a table that links to nothing stops here, not as a gap on a page
    rows, decided, differing, found = _cleaned(folder, settings)
    exports, names = zip(*parts_of(folder, settings), strict=True)
    notes = [
        Told(name, "reading", note)
        for name, one in zip(names, found, strict=True)
        for note in (*one.notes, *_weight_notes(one, settings))
    ]
    notes += [*_unread(folder, settings), *set_aside(list(zip(exports, names, found, strict=True)), settings)]
    told = as_ledger([*notes, *differing, *link_notes(folder, settings, rows)])
    return Gathered(
        responses=with_people_of_addresses(rows, settings.answers.shared),
        ledger=pd.concat([told, decided], ignore_index=True),
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


def gather_rows(folder: Path, settings: Settings) -> pd.DataFrame:
    """Return the responses of `gather` alone, without what is said of the exports and of how their answers link.

    Other waves of a study that has been gathered are asked for their answers only.

    Raises
    ------
    BadInput
        As `gather`.
    """
    return with_people_of_addresses(_cleaned(folder, settings)[0], settings.answers.shared)


def _cleaned(folder: Path, settings: Settings) -> tuple[pd.DataFrame, pd.DataFrame, list[Told], list[Recognised]]:
    """Return responses with their segments, what cleaning decided, where tables say other things; and the exports."""
    table, found = united(folder, settings)
    options = cleaning_options(folder, settings, found)
    responses, ledger = clean(table, **options)  # type: ignore[arg-type]
    names = [name for _, name in parts_of(folder, settings)]
    decided = _without_rewritten(ledger.collect().to_pandas(), names, found)
    rows = responses.collect(engine="streaming").to_pandas()
    rows["touchpoint"] = rows["touchpoint"].fillna(NOT_STATED)
    extras = {name: one.extras for name, one in zip(names, found, strict=True)}
    rows, unweighted = _weighted(rows, folder, settings, extras)
    decided = pd.concat([unweighted, decided], ignore_index=True) if len(unweighted) else decided
    rows, differing = with_segments(rows, folder, settings)
    return rows, decided, differing, found


def answers_known(rows: pd.DataFrame, folder: Path, settings: Settings, found: Sequence[Recognised]) -> pd.DataFrame:
    """Return cleaned rows with what a score needs to know of them, as `gather` has it: their weights and people."""
    names = [name for _, name in parts_of(folder, settings)]
    extras = {name: one.extras for name, one in zip(names, found, strict=True)}
    weighted, _ = _weighted(rows, folder, settings, extras)
    return with_people_of_addresses(weighted, settings.answers.shared)


def _evidence(path: Path, export: Export, found: Recognised, settings: Settings) -> str:
    """Return why an export was read so: where study.toml only repeats what is recognised anyway, what that rests on."""
    if not any(reason.endswith(SAID_BY_STUDY) for reason in found.reasons):
        return "\n".join(found.reasons)
    sheet = export.sheet if isinstance(export.sheet, str) else None
    free = attempt(recognise, path, sheet=sheet, scale=export.scale, labels=labels_of(settings))
    if isinstance(free, Limit):
        return "\n".join(found.reasons)
    unasked = {_subject(reason): reason for reason in free.reasons}
    same = {"tool"} if free.tool == found.tool else set()
    same |= {name for name, header in free.toml_columns.items() if export.columns.get(name) == header}
    return "\n".join(_who_decided(reason, unasked, same) for reason in found.reasons)


def _subject(reason: str) -> str:
    """Return what a reason is of: `score` of a reason that begins with `score is`."""
    return reason.partition(" is ")[0]


def _who_decided(reason: str, unasked: Mapping[str, str], same: Collection[str]) -> str:
    """Return the reason of a choice of study.toml: that of the program where it chooses the same, else both."""
    subject = _subject(reason)
    if subject not in unasked or not reason.endswith(SAID_BY_STUDY):
        return reason
    if subject in same:
        return unasked[subject]
    return f"{reason.removesuffix('.')}; by itself this program would say: {unasked[subject]}"


def _scan(
    folder: Path, settings: Settings, export: Export, name: str, *, again: bool
) -> tuple[pl.LazyFrame, Recognised]:
    """Read one part; where the same rows are read `again` for another question, their ids say for which."""
    columns = {**settings.columns, **export.columns} or None
    with told_without_content(folder, export.path):
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
    if found.touchpoint is not None:
        said.setdefault("touchpoint", found.touchpoint)
    for name, value in said.items():
        if name in present:  # the export's own word goes first; study.toml fills its gaps
            lazy = lazy.with_columns(pl.col(name).replace("", None).fill_null(value))
        else:
            lazy = lazy.with_columns(pl.lit(value).alias(name))
    return lazy, found


def _with_account_ids(united: pl.LazyFrame, folder: Path, settings: Settings) -> pl.LazyFrame:
    """Replace an account's name by its id, where a tool exports the name and the accounts know whose it is.

    Where ids are compared by letters and digits only, answers spell them as the tables do.
    """
    if "account_id" not in united.collect_schema().names():
        return united
    own, merged = pl.col("account_id").str.strip_chars(), settings.answers.merged
    if settings.answers.account_ids == "alike":
        spelled = spellings(folder, settings)
        if not spelled:  # no table spells an account: its first answer does
            written = united.select(own.drop_nulls().unique(maintain_order=True)).collect()["account_id"].to_list()
            spelled = {alike(one): one for one in reversed(written) if alike(one)}
        united = united.with_columns(own.map_elements(lambda told: spelled.get(alike(told), told), pl.String))
    elif settings.accounts is not None:
        # Under its name the account that is gone is still known by its own row.
        accounts = (read_as_written if merged else read_part)(folder, settings, "accounts")
        if {"account_id", "name"} <= set(accounts.columns):
            united = united.with_columns(own.replace(account_by_name(accounts)))
    if not merged:
        return united
    _check_merged(united.select(own.drop_nulls().unique()).collect()["account_id"].to_list(), folder, settings)
    return united.with_columns(own.replace(merged))


def _check_merged(answered: Sequence[str], folder: Path, settings: Settings) -> None:
    """Raise `BadStudy` where an account that is said to have become part of another is written nowhere."""
    written = set(answered)
    for kind in (kind for kind in KINDS if getattr(settings, kind) is not None):
        ids = text_of(read_as_written(folder, settings, kind, ["account_id"]), "account_id").dropna().unique()
        written |= set(known_ids(ids, folder, settings, unite=False).values())
    for old in settings.answers.merged:
        if old not in written:
            raise BadStudy(
                f'merged: account "{old}" is in no export and in no further table.{closest(old, sorted(written))} Write'
                " it as it stands there, or take it out of merged under [answers] in study.toml."
            )


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


def _without_rewritten(ledger: pd.DataFrame, names: Sequence[str], found: list[Recognised]) -> pd.DataFrame:
    """Drop what cleaning says of dates that reading wrote year first: how they were read is among reading's notes."""
    told = [(name, year_first(column)) for name, one in zip(names, found, strict=True) for column in one.ordered_dates]
    again = np.zeros(len(ledger), dtype=bool)
    for name, sentence in told:
        starts = ledger["value"].str.startswith(sentence).fillna(False).to_numpy(dtype=bool)
        again |= (ledger["source_file"] == name).to_numpy() & (ledger["reason"] == "dates").to_numpy() & starts
    return ledger[~again]


def _unread(folder: Path, settings: Settings) -> list[Told]:
    """Return a note for each workbook of which several sheets are read and others are not."""
    notes = list[Told]()
    for export in settings.export:
        if export.sheet is None:
            continue
        path = folder / export.path
        if others := unread_sheets(path, sheets_to_read(path, export.sheet)):
            notes.append(Told(path.name, "reading", f"sheets that were not read: {', '.join(others)}."))
    return notes
