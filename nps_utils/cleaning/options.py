"""The choices of cleaning, checked before anything is read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nps_utils.checks import BadValue, check_choice, check_positive
from nps_utils.cleaning.answers import Groups
from nps_utils.cleaning.crowds import Names
from nps_utils.cleaning.repeats import REPEATS, RepeatRules, Repeats
from nps_utils.cleaning.zones import check_zone
from nps_utils.scale import SCALES, Scale
from nps_utils.scale.cells import check_labels
from nps_utils.waves import Calendar, Wave, check_wave


@dataclass(frozen=True)
class Options:
    """The choices of `clean`, checked."""

    timezone: str | Mapping[str, str]
    day_first: bool | Mapping[str, bool] | None
    wave: Calendar | tuple[Any, ...]
    wave_timezone: str
    staff_domains: tuple[str, ...]
    partials: str
    drop_flagged: bool
    repeats: RepeatRules
    scale: Scale | Mapping[str, Scale] | None
    labels: Mapping[str, int | None]
    groups: Groups

    def zone_of(self, source_file: str) -> str:
        """The zone of times in a file that do not name their own."""
        if isinstance(self.timezone, str):
            return self.timezone
        return self.timezone.get(source_file, self.wave_timezone)


def options_of(
    *,
    timezone: str | Mapping[str, str],
    day_first: bool | Mapping[str, bool] | None = None,
    wave: Wave = "quarter",
    wave_timezone: str | None = None,
    repeats: Repeats = "latest",
    duplicates: str = "reject",
    repeat_minutes: float = 10.0,
    staff_domains: Sequence[str] = (),
    partials: str = "reject",
    flagged: str = "keep",
    shared: Sequence[str] = (),
    one_person: Sequence[str] = (),
    scale: Scale | Mapping[str, Scale] | None = None,
    labels: Mapping[str, int | None] | None = None,
    groups: Groups = "check",
) -> Options:
    """Check the arguments of `clean`; raise `BadValue` where one cannot be used."""
    names = Names(tuple(shared), tuple(one_person))
    check_choice("repeats", repeats, REPEATS)
    check_choice("duplicates", duplicates, ("reject", "keep"))
    check_choice("partials", partials, ("reject", "keep"))
    check_choice("flagged", flagged, ("keep", "reject"))
    check_choice("groups", groups, ("check", "ignore"))
    for said in [scale] if isinstance(scale, str) else (scale or {}).values():
        check_choice("scale", said, list(SCALES))
    check_labels(labels or {})
    check_positive("repeat_minutes", repeat_minutes)
    for name, given in (("shared", names.shared), ("one_person", names.one_person)):
        if any(len(one) == 1 for one in given):
            raise BadValue(f"{name} = {''.join(given)!r} is a text; write a list, [{''.join(given)!r}].")
    if isinstance(staff_domains, str):
        raise BadValue(f"staff_domains = {staff_domains!r} is a text; write a list of domains, [{staff_domains!r}].")
    zones = {timezone} if isinstance(timezone, str) else set(timezone.values())
    for zone in zones:
        check_zone(zone)
    if wave_timezone is None:
        if len(zones) != 1:
            raise BadValue(
                f"timezone names {len(zones)} zones ({', '.join(sorted(zones))}); say with wave_timezone in which of "
                "them waves begin and end."
            )
        wave_timezone = next(iter(zones))
    check_zone(wave_timezone)
    return Options(
        timezone=timezone,
        day_first=day_first,
        wave=check_wave(wave),
        wave_timezone=wave_timezone,
        staff_domains=tuple(staff_domains),
        partials=partials,
        drop_flagged=flagged == "reject",
        repeats=RepeatRules(
            drop_duplicates=duplicates == "reject", repeats=repeats, minutes=repeat_minutes, names=names
        ),
        scale=scale,
        labels=labels or {},
        groups=groups,
    )
