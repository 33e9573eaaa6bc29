"""The tables a study reads: an export, or one sheet or question of it, its name in the ledger, how it is cleaned."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from nps_utils.checks import BadStudy
from nps_utils.exports import Recognised, part_label, sheets_to_read
from nps_utils.study.settings import Export, Settings, labels_of


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
