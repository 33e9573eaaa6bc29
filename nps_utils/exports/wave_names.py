"""Waves as an export names them, under names that sort in time: `Q1 2026`, `Autumn 2025`, `Wave 10`, `Before`."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from nps_utils.checks import Undecidable, UndecidedWaves, closest
from nps_utils.exports.cells.whole_periods import whole_period
from nps_utils.exports.layouts.period_columns import period_of

_EPOCH: Final = dt.date(1970, 1, 1)
_NUMBER: Final = re.compile(r"\d+")
_YEAR: Final = re.compile(r"(?:19|20)\d\d")
# What a wave before something, in the middle of it and after it is called, as whole names or their first word.
_STAGES: Final = (
    r"before|pre|baseline|t0|före|innan|før|nul(?:måling|meting)?|nollmätning|voor|vooraf|vorher|avant|antes",
    r"midline|mid-?term|midway|under|during|tussen(?:meting)?|mitt",
    r"after|post|endline|follow-?up|efter|etter|eftermåling|ettermåling|eftermätning|na|nameting|achteraf|nachher|après"
    r"|después",
)
_MOST_NAMED: Final = 6
_PLACE: Final = re.compile(r"^\d+\. ")


def in_order(names: Sequence[str], order: Sequence[str] = ()) -> dict[str, str]:
    """Return the waves that need another name to sort in time, and that name.

    Everything that follows takes the text of a wave for its place in time. A name that says its period is turned so
    that the year stands first; numbers get zeros before them; what only its owner can put in order is numbered.

    Parameters
    ----------
    names
        The different names of the waves.
    order
        All of them from the first to the last, as study.toml says.

    Raises
    ------
    UndecidedWaves
        The names do not say which came first.
    Undecidable
        `order` lacks one of them.

    Examples
    --------
    >>> in_order(["Q1 2025", "Q2 2025", "Q1 2026"])
    {'Q1 2025': '2025-Q1', 'Q2 2025': '2025-Q2', 'Q1 2026': '2026-Q1'}
    >>> in_order(["Wave 9", "Wave 10"]), in_order(["2025-Q4", "2026-Q1"]), in_order(["Before", "After"])
    ({'Wave 9': 'Wave 09'}, {}, {'Before': '1. Before', 'After': '2. After'})
    """
    known = list(dict.fromkeys(name.strip() for name in names if name.strip()))
    if order:
        return _as_told(known, order)
    if len(known) < 2:
        return {}
    found = _periods(known) or _numbers(known) or _stages(known)
    if found is None:
        raise _asked(known)
    return {name: new for name, new in found.items() if name != new}


def _periods(names: Sequence[str]) -> dict[str, str] | None:
    """Return the periods that the names tell, where each tells one of its own and all are of one kind."""
    told = {name: period_named(name) for name in names}
    periods = [period for period in told.values() if period is not None]
    kinds = {re.sub(r"\d", "9", period) for period in periods}
    return {n: p for n, p in told.items() if p} if len(set(periods)) == len(names) and len(kinds) == 1 else None


def period_named(name: str) -> str | None:
    """Return the year, or what part of one, that a name tells and nothing else, in a form that sorts; else None.

    Examples
    --------
    >>> [period_named(name) for name in ("Q1 2026", "Autumn 2025", "v.12 2026", "Plan 2026", "Wave 10")]
    ['2026-Q1', '2025-H2', '2026-W12', None, None]
    """
    days = whole_period(name)
    if days is None:
        period = period_of(name)
        # "Summer 2026" is no 2026.
        return None if period is None or (_YEAR.fullmatch(period) and re.search(r"[^\W\d_]{2}", name)) else period
    first, last = (_EPOCH + dt.timedelta(days=day) for day in days)
    months = 12 * (last.year - first.year) + last.month - first.month + 1
    return {12: f"{first:%Y}", 3: f"{first:%Y}-Q{(first.month + 2) // 3}"}.get(months, f"{first:%Y-%m}")


def _numbers(names: Sequence[str]) -> dict[str, str] | None:
    """Return the names with their numbers as long as the longest, where they differ in numbers only."""
    if len({_NUMBER.sub("#", name) for name in names}) > 1 or not _NUMBER.search(names[0]):
        return None
    parts = {name: _NUMBER.findall(name) for name in names}
    years = [at for at, cell in enumerate(next(iter(parts.values()))) if _YEAR.fullmatch(cell)]
    if years and years[0] > 0:
        return None
    wide = [max(map(len, column)) for column in zip(*parts.values(), strict=True)]
    made = {name: _padded(name, wide) for name in names}
    return made if len(set(made.values())) == len(names) else None


def _padded(name: str, wide: Sequence[int]) -> str:
    width = iter(wide)
    return _NUMBER.sub(lambda found: found[0].zfill(next(width)), name)


def _stages(names: Sequence[str]) -> dict[str, str] | None:
    """Return the names numbered by the stage each says, where no two say the same."""
    stage = {name: _stage(name) for name in names}
    if None in stage.values() or len(set(stage.values())) < len(names):
        return None
    return _numbered(sorted(names, key=lambda name: stage[name] or 0))


def _stage(name: str) -> int | None:
    said = [at for at, form in enumerate(_STAGES) if re.match(rf"(?:{form})(?![^\W\d_])", name.casefold())]
    return said[0] if len(said) == 1 else None


def _as_told(names: Sequence[str], order: Sequence[str]) -> dict[str, str]:
    place = {name.strip().casefold(): at for at, name in enumerate(order)}
    for name in names:
        if name.casefold() not in place:
            raise Undecidable(
                f'order under [waves] in study.toml lacks the wave "{name}".{closest(name, list(order))} Write all'
                " waves there, from the first to the last."
            )
    ordered = sorted(names, key=lambda name: place[name.casefold()])
    return {} if ordered == sorted(names) else _numbered(ordered)


def _numbered(names: Sequence[str]) -> dict[str, str]:
    wide = len(str(len(names)))
    return {name: f"{at:0{wide}d}. {name}" for at, name in enumerate(names, 1)}


def _asked(names: Sequence[str]) -> UndecidedWaves:
    quoted = [json.dumps(name, ensure_ascii=False) for name in names]
    shown = ", ".join(quoted[:_MOST_NAMED])
    more = ", ..." if len(names) > _MOST_NAMED else ""
    return UndecidedWaves(
        f"the waves {shown}{more} do not say which came first, and a change from one to another would be told the wrong"
        " way round.",
        _advice(names),
        names=names,
    )


def _advice(names: Sequence[str]) -> str:
    quoted = ", ".join(json.dumps(name, ensure_ascii=False) for name in names)
    return f"Write under [waves] in study.toml, from the first to the last: order = [{quoted}]"


def by_days(error: UndecidedWaves, days: Mapping[str, dt.date]) -> UndecidedWaves:
    """Return the question with the waves in the order of the first days of their answers, for their owner to confirm.

    Parameters
    ----------
    error
        Of `in_order`.
    days
        The first day of the answers of each wave, in the order that the days propose.

    Examples
    --------
    >>> try:
    ...     in_order(["Alpha", "Omega"])
    ... except UndecidedWaves as error:
    ...     by_days(error, {"Omega": dt.date(2026, 1, 3), "Alpha": dt.date(2026, 4, 1)}).names
    ('Omega', 'Alpha')
    """
    told = ", ".join(f"{json.dumps(name, ensure_ascii=False)} from {day.isoformat()}" for name, day in days.items())
    return UndecidedWaves(
        f"{error.readings} By the first days of their answers the order is: {told}. If that is right, confirm it.",
        _advice(list(days)),
        names=list(days),
    )


def named_alike(names: Iterable[str], waves: Iterable[str]) -> dict[str, str]:
    """Return the waves of another table that are waves of the answers under another name, and the name there.

    Parameters
    ----------
    names
        As the other table writes them, such as the list of who was asked.
    waves
        Those of the answers, after `in_order`.

    Examples
    --------
    >>> named_alike(["Q1 2026", "wave 9", "Before", "Q3 2026"], ["2026-Q1", "Wave 09", "1. Before", "2. After"])
    {'Q1 2026': '2026-Q1', 'wave 9': 'Wave 09', 'Before': '1. Before'}
    """
    known = dict[str, list[str]]()
    for wave in waves:
        known.setdefault(_likeness(wave), []).append(wave)
    found = {name: known.get(_likeness(name), []) for name in names}
    return {name: same[0] for name, same in found.items() if len(same) == 1 and same[0] != name}


def _likeness(name: str) -> str:
    """Return what two names of one wave share: its period, else its words and numbers without places and zeros."""
    period = period_named(name.strip())
    bare = _NUMBER.sub(lambda found: found[0].lstrip("0") or "0", _PLACE.sub("", name.strip())).casefold()
    return period or " ".join(bare.split())


def renamed(told: Mapping[str, str]) -> str:
    """Return a sentence on waves that got another name.

    Examples
    --------
    >>> renamed({"Q1 2025": "2025-Q1"})
    'waves are named so that they sort in time: "Q1 2025" is 2025-Q1.'
    """
    in_time = sorted(told.items(), key=lambda pair: pair[1])
    shown = [f'"{name}" is {new}' for name, new in in_time[:_MOST_NAMED]]
    more = ", ..." if len(told) > _MOST_NAMED else ""
    return f"waves are named so that they sort in time: {', '.join(shown)}{more}."
