"""The tables a study reads: an export, or one sheet or question of it, its name in the ledger, how it is cleaned."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

import polars as pl

from nps_utils.checks import BadInput, BadStudy
from nps_utils.exports import Recognised, part_label, sheets_to_read
from nps_utils.study.settings import Export, Settings, labels_of
from nps_utils.words.naming import file_label

if TYPE_CHECKING:
    from nps_utils.exports.files.parquet_parts import Places

# The file that a row is in, while it is looked up.
_FILE: Final = "joined:file"
_ROWS: Final = re.compile(r"\brow (\d[\d,]*)")


def parts_of(folder: Path, settings: Settings) -> list[tuple[Export, str]]:
    """Return each table that is read: an export, or one sheet or one question of it, and its name in the ledger.

    Raises
    ------
    BadStudy
        Two exports have one name, or one file comes twice and nothing tells its two surveys apart.
    """
    paths = [export.path for export in settings.export]
    parts: list[tuple[Export, str]] = []
    for export in settings.export:
        for sheet in sheets_to_read(folder / export.path, export.sheet):
            several = paths.count(export.path) > 1
            said = [word for word in (export.survey, export.touchpoint) if word] if several else []
            whole = sheet is None or (isinstance(export.sheet, str) and export.sheet == sheet and not several)
            words = ", ".join([*([] if whole else [str(sheet)]), *said])
            parts.append((export.model_copy(update={"sheet": sheet}), part_label(export.path, words or None)))
    names = [name for _, name in parts]
    if twice := next((name for name in names if names.count(name) > 1), None):
        advice = "rename one."
        if len(set(paths)) < len(paths):
            advice = 'give each [[export]] of this file a survey = "..." of its own, with columns = { score = "..." }.'
        raise BadStudy(f"{folder}: two exports have the same file name ({twice}); {advice}")
    return parts


def cleaning_options(folder: Path, settings: Settings, found: Sequence[Recognised]) -> dict[str, object]:
    """Return the options of `clean` that study.toml decides, and the zone of an export that states its own."""
    parts = parts_of(folder, settings)
    return {
        "timezone": {
            name: export.timezone or one.timezone or settings.timezone
            for (export, name), one in zip(parts, found, strict=True)
        },
        "wave_timezone": settings.timezone,
        "day_first": {name: export.day_first for export, name in parts if export.day_first is not None} or None,
        "wave": settings.waves.borders or settings.waves.by,
        "repeats": settings.answers.repeats,
        "groups": settings.answers.groups,
        "scale": {Path(e.path).name: e.scale for e in settings.export if e.scale is not None} or None,
        "labels": labels_of(settings),
        "staff_domains": settings.staff_domains,
        "shared": settings.answers.shared,
        "one_person": settings.answers.one_person,
    }


def in_files(rows: pl.LazyFrame, folder: Path, settings: Settings) -> pl.LazyFrame:
    """Say of rows of a folder, which are numbered through its files, in which file they are, and where in it."""
    file, row = pl.col("source_file"), pl.col("source_row")
    for name, path, places in _folders(folder, settings):
        mine = (file == name) & row.is_not_null()
        labels = pl.Series([file_label(name, Path(path).name, one) for one in places.names])
        label, before = (
            pl.col(_FILE).map_batches(one.gather, one.dtype, is_elementwise=True)
            for one in (labels, pl.Series(places.before, dtype=pl.Int64))
        )
        inner = {
            "source_file": pl.when(mine).then(label).otherwise(file),
            "source_row": row - pl.when(mine).then(before),
        }
        inner["source_row"] = pl.coalesce(inner["source_row"], row)
        rows = rows.with_columns(places.file_at(row).alias(_FILE)).with_columns(**inner).drop(_FILE)
    return rows


@contextmanager
def told_by_file(folder: Path, settings: Settings) -> Iterator[None]:
    """Say of a row that a message names, and that is one of a folder, in which file it is.

    Raises
    ------
    BadInput
        What was raised, with that added.
    """
    try:
        yield
    except BadInput as error:
        text = str(error)
        for name, _, places in _folders(folder, settings):
            rows = list(dict.fromkeys(int(row.replace(",", "")) for row in _ROWS.findall(text))) if name in text else []
            where = [f"row {row:,} is row {there:,} of {file}" for row in rows for file, there in (places.place(row),)]
            if where:
                text += f"\nRows of {name} are counted through its files: {'; '.join(where)}."
        error.args = (text, *error.args[1:])
        raise


def _folders(folder: Path, settings: Settings) -> Iterator[tuple[str, str, Places]]:
    """Yield each export that is a folder: its name in the ledger, its path, and which rows are in which file."""
    if any((folder / export.path).is_dir() for export in settings.export):
        from nps_utils.exports.files.parquet_parts import places_of  # few studies are written so

        for export, name in parts_of(folder, settings):
            if (folder / export.path).is_dir():
                yield name, export.path, places_of(folder / export.path)
