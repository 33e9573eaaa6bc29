"""Goals judged: whether a goal could be seen at all with these answers, and whether it is on its way."""

from __future__ import annotations

import math
from typing import Any, Final, Literal, NamedTuple, TypeAlias, get_args

import numpy as np
import pandas as pd

from nps_utils.checks import BadValue, check_choice, check_columns, check_fraction, check_points, check_whole
from nps_utils.columns import Day, day_of, read_dates
from nps_utils.stats.arithmetic.intervals import Bands, normal_quantile, score_limits
from nps_utils.stats.arithmetic.proportions import proportion_limits
from nps_utils.stats.planning.detectable import Mix, answers_per_wave, detectable_change
from nps_utils.stats.score import bands_at_worth, bands_of

Metric: TypeAlias = Literal["nps", "response_rate", "comment_share"]
Status: TypeAlias = Literal["reached", "missed", "on_track", "off_track", "not_measurable", "open"]

# What is counted of what, for the goals that are shares.
_PARTS: Final = {"response_rate": ("answered", "asked"), "comment_share": ("commented", "answered")}


class _Wave(NamedTuple):
    """One wave as measured, and its mix for planning."""

    value: float
    low: float
    high: float
    n: int
    worth: int  # as many independent answers those are worth
    mix: Mix


def judge_goal(
    waves: pd.DataFrame,
    *,
    metric: Metric,
    target: float,
    by: Day,
    on: Day,
    when: str = "ends",
    power: float = 0.8,
    population: int | None = None,
    confidence_level: float = 0.95,
) -> pd.DataFrame:
    """Judge a goal from the waves so far: measurable at this n, on track or off, reached or missed.

    A goal is measurable when a rise from the first wave to the target would be seen, with this power, between two
    waves of the first and the latest n. On track means that the latest wave is at or above the straight line from
    the first wave to the target at its date; whether chance could explain the side of the line is told apart (`sure`).

    Parameters
    ----------
    waves
        One row per wave in order of time, from the wave in which the goal was set: the date it ends, and `detractors`,
        `passives`, `promoters` (nps; judged at `n_worth` where `verdicts.scores` gives it), or `answered` and `asked`
        (response_rate), or `commented` and `answered` (comment_share).
    metric
        What the goal is about.
    target
        Points for nps, a share 0..1 for the others.
    by
        Day by which the target is to be reached.
    on
        Today.
    when
        Column of the date of each wave.
    power
        Wanted chance to see the planned rise.
    population
        Number of customers, when each wave asks the same few.
    confidence_level
        Of the interval, 0..1.

    Returns
    -------
    One row: `metric`, `target`, `by`, `start` (first wave), `value`, `low`, `high` (latest wave), `n` (latest), `line`
    (where the straight line is at the latest wave), `smallest_change` (that the waves show with this power),
    `n_needed` (answers a wave to show the planned rise, missing when no rise is planned), `measurable`, `sure`, and
    `status` with `reason`:

    - `reached` (interval_above_target), `missed` (interval_below_target, after the day)
    - `not_measurable` (no_answers; rise_too_small_for_n, unless the latest wave is surely below the line;
      interval_holds_target, after the day)
    - `open` (one_wave: nothing to compare with yet)
    - `on_track` (on_or_above_line), `off_track` (below_line)

    Raises
    ------
    BadValue
        A target outside its scale, counts that are none, dates out of order, a goal that ended before it began.

    Examples
    --------
    >>> waves = pd.DataFrame(
    ...     {
    ...         "ends": ["2026-03-31", "2026-06-30"],
    ...         "detractors": [112, 95],
    ...         "passives": [150, 150],
    ...         "promoters": [238, 255],
    ...     }
    ... )
    >>> judged = judge_goal(waves, metric="nps", target=40, by="2026-12-31", on="2026-07-05")
    >>> judged[["start", "value", "line", "smallest_change", "n_needed", "status", "sure"]].round(1)
       start  value  line  smallest_change  n_needed    status   sure
    0   25.2   32.0  30.1             13.6       422  on_track  False
    """
    check_fraction("confidence_level", confidence_level)
    check_fraction("power", power)
    _check_target(metric, target)
    end, today = day_of(by, name="by"), day_of(on)
    passed = _passed(waves, when, end)
    table = _measured(waves, metric, confidence_level)
    first, last = table[0], table[-1]
    # From a start above the target, the goal is to stay there.
    rise = max(target - first.value, 0.0)
    line = first.value + rise * passed if rise else target
    plan: dict[str, Any] = {"population": population, "confidence_level": confidence_level, "power": power}
    smallest, needed = _seen(first, last, rise, 1.0 if metric == "nps" else 200.0, plan)
    measurable = not rise or bool(smallest <= rise)
    over = today > end
    status, reason = _status(table, target, line=line, measurable=measurable, over=over)
    row = {
        "metric": metric,
        "target": target,
        "by": end.date(),
        "start": first.value,
        "value": last.value,
        "low": last.low,
        "high": last.high,
        "n": last.n,
        "line": line,
        "smallest_change": smallest,
        "n_needed": needed,
        "measurable": measurable and bool(first.n and last.n),
        "sure": not last.low <= (target if over else line) <= last.high,
        "status": status,
        "reason": reason,
    }
    return pd.DataFrame([row]).astype({"n_needed": "Int64"})


def _check_target(metric: Metric, target: float) -> None:
    check_choice("metric", metric, get_args(Metric))
    if metric == "nps":
        check_points("target", target)
    elif not 0 < target <= 1:
        raise BadValue(f"target = {target!r} is not a share above 0 and up to 1; write 0.40 for 40 %.")


def _passed(waves: pd.DataFrame, when: str, end: pd.Timestamp) -> float:
    """Share of the way from the first wave to the day of the goal, at the latest wave; 0..1."""
    if waves.empty:
        raise BadValue("waves: no row; give one per wave, in order of time.")
    dates = read_dates(waves, when, what="waves")
    if dates.isna().any() or not dates.is_monotonic_increasing:
        raise BadValue(f'waves, column "{when}": dates must be filled and in order of time.')
    whole, gone = (int((day - dates.iloc[0]).days) for day in (end, dates.iloc[-1]))
    if whole <= 0 < len(waves) - 1:
        raise BadValue(f"by = {end.date()} is not after the first wave ({dates.iloc[0].date()}).")
    return min(1.0, gone / whole) if whole > 0 else 1.0


def _seen(first: _Wave, last: _Wave, rise: float, scale: float, plan: dict[str, Any]) -> tuple[float, int | None]:
    """Smallest change that the two waves show, and the answers a wave that the rise needs."""
    if not (first.n and last.n):
        return math.nan, None
    smallest = detectable_change(n=last.worth, n_before=first.worth, mix=first.mix, **plan) / scale
    if not rise:
        return smallest, None
    # The mix has pseudo-answers; a target of 100 may then be a hair beyond what it can reach.
    room = 100 - 100 * (first.mix[2] - first.mix[0])
    return smallest, answers_per_wave(change=min(rise * scale, room), mix=first.mix, **plan)


def _status(table: list[_Wave], target: float, *, line: float, measurable: bool, over: bool) -> tuple[Status, str]:
    first, last = table[0], table[-1]
    if not (first.n and last.n):
        return "not_measurable", "no_answers"
    if last.low >= target:
        return "reached", "interval_above_target"
    if over:
        below = last.high < target
        return ("missed", "interval_below_target") if below else ("not_measurable", "interval_holds_target")
    # A small rise that no wave could show is no excuse for a fall that this one does.
    if len(table) > 1 and last.high < line:
        return "off_track", "below_line"
    if not measurable:
        return "not_measurable", "rise_too_small_for_n"
    if len(table) == 1:
        return "open", "one_wave"
    return ("on_track", "on_or_above_line") if last.value >= line else ("off_track", "below_line")


def _measured(waves: pd.DataFrame, metric: Metric, confidence_level: float) -> list[_Wave]:
    """Value, limits, n and mix of each wave; a share is an NPS without passives, halved and shifted."""
    if metric == "nps":
        counted = bands_at_worth(waves)
        low, high = score_limits(counted, normal_quantile(confidence_level))
        columns = 100 * counted.nps, 100 * low, 100 * high
        answers = bands_of(waves).n
        padded = counted.adjusted()
    else:
        counted = _shares(waves, *_PARTS[metric])
        some = np.maximum(counted.n, 1)
        limits = proportion_limits(counted.promoters, some, confidence_level=confidence_level)
        columns = (counted.nps + 1) / 2, *limits
        answers = counted.n
        padded = Bands(counted.detractors + 1, counted.passives, counted.promoters + 1)
    # Pseudo-answers in the mix, so that the variance of a wave of promoters only is not nothing.
    shares = np.stack([band / padded.n for band in padded], axis=1)
    mixes = [(float(d), float(q), float(b)) for d, q, b in shares]
    # Whole answers, never fewer than one where there are some.
    worth = np.where(answers > 0, np.maximum(np.floor(counted.n), 1), 0)
    rows = zip(*columns, answers, worth, mixes, strict=True)
    return [
        _Wave(float(value), float(low), float(high), int(n), int(full), mix) for value, low, high, n, full, mix in rows
    ]


def _shares(waves: pd.DataFrame, part: str, whole: str) -> Bands:
    check_columns(list(waves.columns), [part, whole], what="waves")
    for row, (some, every) in enumerate(zip(waves[part], waves[whole], strict=True)):
        check_whole(f"waves, row {row}: {part}", some)
        check_whole(f"waves, row {row}: {whole}", every)
        if some > every:
            raise BadValue(f"waves, row {row}: {part} = {some} is more than {whole} = {every}.")
    yes = waves[part].to_numpy(dtype=np.float64)
    return Bands(waves[whole].to_numpy(dtype=np.float64) - yes, np.zeros(len(waves)), yes)
