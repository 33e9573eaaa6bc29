"""All exports of a study as one table, cleaned together, with what the frame and the accounts know joined on."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
import polars as pl
import polars.selectors as cs

from nps_utils.checks import BadStudy, Undecidable, closest
from nps_utils.cleaning.clean import clean
from nps_utils.cleaning.dates_by_file import year_first
from nps_utils.exports import (
    Recognised,
    recognise,
    scan_export,
    sheets_to_read,
    unread_sheets,
)
from nps_utils.exports.named_by_study import SAID_BY_STUDY
from nps_utils.exports.side_tables import KINDS
from nps_utils.exports.wave_names import renamed
from nps_utils.files import content_hash, library_hash
from nps_utils.stats.weighting.export_weights import WEIGHT
from nps_utils.study.again import again_notes
from nps_utils.study.further import (
    account_by_name,
    alike,
    known_ids,
    part_key,
    part_path,
    read_as_written,
    read_part,
    spellings,
    written_ids,
)
from nps_utils.study.kept import Streamed, kept_folder, read_kept
from nps_utils.study.links import link_notes
from nps_utils.study.lookup import looked_up
from nps_utils.study.order_of_waves import waves_in_order
from nps_utils.study.parts import cleaning_options, in_files, parts_of, told_by_file
from nps_utils.study.people import with_people_of_addresses, with_people_of_frame, without_shared
from nps_utils.study.places import told_without_content
from nps_utils.study.segments import with_segments
from nps_utils.study.set_aside import set_aside
from nps_utils.study.settings import Export, Settings, labels_of
from nps_utils.study.staff import staff_notes
from nps_utils.study.told import Told, as_ledger
from nps_utils.study.weights import weight_notes, weighted
from nps_utils.study.written_otherwise import account_notes
from nps_utils.words.limits import Limit, attempt
from nps_utils.words.naming import NOT_STATED

# What an export may leave unsaid and study.toml say for all its rows.
CONSTANTS = ("touchpoint", "survey", "wave")
# How the id of an account stands beside the answers, while it is looked up by its name.
_ID: Final = "joined:id"
# What of study.toml is asked only once the exports are united.
_LATER: Final[dict[str, bool | set[str]]] = {
    "title": True,
    "language": True,
    "waves": True,
    "answers": {"repeats", "groups", "one_person"},
}


@dataclass(frozen=True)
class Gathered:
    """The responses as they are to be kept, the ledger, and what each export was recognised as."""

    responses: Streamed
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
    if not all(path.exists() for path in files):
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
    cleaned = _cleaned(folder, settings)
    found = cleaned.found
    exports, names = zip(*parts_of(folder, settings), strict=True)
    notes = [
        Told(name, "reading", note)
        for name, one in zip(names, found, strict=True)
        for note in (*one.notes, *weight_notes(one, settings))
    ]
    notes += [*_unread(folder, settings), *set_aside(list(zip(exports, names, found, strict=True)), settings)]
    notes += [Told(names[0] if len(names) == 1 else "all exports", "waves", renamed(cleaned.waves))] * bool(
        cleaned.waves
    )
    questions = [one.score_column for one in found]
    notes += staff_notes(cleaned.united, folder, settings, names=names, said=questions)
    notes += account_notes(cleaned.rows, settings)
    notes += again_notes(cleaned.rows, folder, settings, found=found)
    told = as_ledger([*notes, *cleaned.differing, *link_notes(folder, settings, cleaned.rows)])
    return Gathered(
        responses=_with_people(cleaned, settings),
        ledger=pd.concat([told, _ledger(cleaned, names)], ignore_index=True),
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


def gather_rows(folder: Path, settings: Settings) -> Streamed:
    """Return the responses of `gather` alone, without what is said of the exports and of how their answers link.

    Other waves of a study that has been gathered are asked for their answers only.

    Raises
    ------
    BadInput
        As `gather`.
    """
    return _with_people(_cleaned(folder, settings), settings)


@dataclass(frozen=True)
class _Cleaned:
    """What cleaning made of the exports, not run yet.

    `united` are the rows as they were read, `waves` the names that some of their waves got, `rows` the responses with
    their segments, of which `of_both` are told by an export and by a table; `decided` is the ledger of cleaning,
    `unweighted` that of answers without a weight; `differing` says where tables say other things.
    """

    united: pl.LazyFrame
    waves: dict[str, str]
    rows: pl.LazyFrame
    decided: pl.LazyFrame
    unweighted: pd.DataFrame
    differing: list[Told]
    of_both: list[str]
    found: list[Recognised]


def _cleaned(folder: Path, settings: Settings) -> _Cleaned:
    """Clean the exports, give the answers their weights and join what the tables know of them."""
    with told_by_file(folder, settings):
        table, found = united(folder, settings)
        options = cleaning_options(folder, settings, found)
        table, waves = waves_in_order(table, settings, options)
        responses, ledger = clean(table, **options)  # type: ignore[arg-type]
    rows = responses.with_columns(pl.col("touchpoint").fill_null(NOT_STATED))
    rows, unweighted = weighted(rows, folder, settings, _extras(folder, settings, found))
    rows, differing, of_both = with_segments(rows, folder, settings)
    rows, ledger = (in_files(one, folder, settings) for one in (rows, ledger))
    if len(unweighted):
        unweighted = in_files(pl.from_pandas(unweighted).lazy(), folder, settings).collect().to_pandas()
    return _Cleaned(table, waves, rows, ledger, unweighted, differing, of_both, found)


def _with_people(cleaned: _Cleaned, settings: Settings) -> Streamed:
    """Return the responses with the people of their addresses."""
    texts = [*cleaned.of_both, *(["tenure"] if "tenure" in cleaned.rows.collect_schema().names() else [])]
    return Streamed(with_people_of_addresses(cleaned.rows, settings.answers.shared), texts)


def _ledger(cleaned: _Cleaned, names: Sequence[str]) -> pd.DataFrame:
    """Return the rows of the ledger that cleaning decided."""
    decided = _without_rewritten(cleaned.decided.collect(engine="streaming").to_pandas(), names, cleaned.found)
    unweighted = cleaned.unweighted
    return pd.concat([unweighted, decided], ignore_index=True) if len(unweighted) else decided


def _extras(folder: Path, settings: Settings, found: Sequence[Recognised]) -> dict[str, Sequence[str]]:
    """Return the further columns of each export."""
    return {name: one.extras for (_, name), one in zip(parts_of(folder, settings), found, strict=True)}


def answers_known(rows: pl.LazyFrame, folder: Path, settings: Settings, found: Sequence[Recognised]) -> pd.DataFrame:
    """Return of cleaned rows what a score needs to know, as `gather` has it: also their weights and people."""
    with_weights, _ = weighted(rows, folder, settings, _extras(folder, settings, found))
    known = with_people_of_addresses(with_weights, settings.answers.shared)
    wanted = known.select(cs.by_name("score", WEIGHT, "account_id", "respondent_id", require_all=False))
    # Each different text once: of ten million answers the names of people alone would be a gigabyte.
    return wanted.with_columns(cs.string().cast(pl.Categorical)).collect(engine="streaming").to_pandas()


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
        if found.unread_date is not None and export.wave is None:
            # All answers would be one wave, and no page would look as if something was missing.
            raise Undecidable(found.unread_date)
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

        def spell(cells: pl.Series) -> pl.Series:
            return cells.replace({one: spelled.get(alike(one), one) for one in cells.drop_nulls().unique()})

        united = united.with_columns(own.map_batches(spell, pl.String, is_elementwise=True))
    elif settings.accounts is not None:
        # Under its name the account that is gone is still known by its own row.
        accounts = (read_as_written if merged else read_part)(folder, settings, "accounts")
        if {"account_id", "name"} <= set(accounts.columns):
            ids = account_by_name(accounts)
            told = pl.DataFrame(
                {"name": list(ids), _ID: list(ids.values())}, schema=dict.fromkeys(("name", _ID), pl.String)
            )
            known = looked_up(united.with_columns(own), pl.col("account_id"), told, by="name")
            united = known.with_columns(pl.coalesce(_ID, "account_id").alias("account_id")).drop(_ID)
    if not merged:
        return united
    _check_merged(united.select(own.drop_nulls().unique()).collect()["account_id"].to_list(), folder, settings)
    return united.with_columns(own.replace(merged))


def _check_merged(answered: Sequence[str], folder: Path, settings: Settings) -> None:
    """Raise `BadStudy` where an account that is said to have become part of another is written nowhere."""
    written = set(answered)
    for kind in (kind for kind in KINDS if getattr(settings, kind) is not None):
        ids = written_ids(folder, settings, kind)
        written |= set(known_ids(ids, folder, settings, unite=False).values())
    for old in settings.answers.merged:
        if old not in written:
            raise BadStudy(
                f'merged: account "{old}" is in no export and in no further table.{closest(old, sorted(written))} Write'
                " it as it stands there, or take it out of merged under [answers] in study.toml."
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
    """Return a note for each workbook of which several sheets are read, by any export, and others are not."""
    read = dict[Path, list[str | None]]()
    for export in settings.export:
        if export.sheet is not None:
            path = folder / export.path
            read.setdefault(path, []).extend(sheets_to_read(path, export.sheet))
    left = {path: unread_sheets(path, sheets) for path, sheets in read.items()}
    return [
        Told(path.name, "reading", f"sheets that were not read: {', '.join(others)}.")
        for path, others in left.items()
        if others
    ]
