"""What an export says itself and study.toml has set aside: its own waves, its segment, its touchpoint."""

from __future__ import annotations

import json
from collections.abc import Sequence

from nps_utils.exports import Recognised
from nps_utils.exports.tools.tool import key
from nps_utils.study.settings import Export, Settings
from nps_utils.study.told import Told

# What a company calls the group that it cuts by first.
_SEGMENT = frozenset({"segment", "segments", "kundsegment", "kundesegment", "klantsegment", "customersegment"})


def set_aside(parts: Sequence[tuple[Export, str, Recognised]], settings: Settings) -> list[Told]:
    """Return a sentence on each column that an export brings for something that study.toml decides otherwise."""
    said = list[Told]()
    without = [name for export, name, found in parts if "wave" not in found.columns and export.wave is None]
    needs = f" Every export needs one then: {', '.join(without)} has none." if without else ""
    for export, name, found in parts:
        wave = found.columns.get("wave")
        if wave is not None and settings.waves.by != "column" and "responded_at" in found.columns:
            said.append(
                Told(
                    name,
                    "set_aside",
                    f'column "{wave}" names waves and is not used: waves are by {settings.waves.by}. To use it,'
                    f' write under [waves] in study.toml: by = "column".{needs}',
                )
            )
        if export.wave is not None and settings.waves.by != "column":
            said.append(
                Told(
                    name,
                    "set_aside",
                    f'wave = "{export.wave}" of study.toml is not used: waves are by {settings.waves.by}. To use it,'
                    f' write under [waves]: by = "column".{needs}',
                )
            )
        for constant in ("touchpoint", "survey", "wave"):
            given, own = getattr(export, constant), found.columns.get(constant)
            if given is not None and own is not None:
                said.append(
                    Told(
                        name,
                        "set_aside",
                        f'{constant} = "{given}" of study.toml is used only where column "{own}" is empty: what an'
                        " export says itself goes first.",
                    )
                )
        used = {*settings.segments, *settings.ratings, settings.weight}
        said += [
            Told(
                name,
                "set_aside",
                f'column "{header}" is kept and not used. To cut the score by it, add it in study.toml:'
                f" segments = {json.dumps([*settings.segments, header], ensure_ascii=False)}.",
            )
            for header in found.segments
            if key(header) in _SEGMENT and header not in used
        ]
    return said
