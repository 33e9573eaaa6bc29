"""The exports' own waves under names that sort in time; where neither names nor study.toml say how, days propose it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

import polars as pl

from nps_utils.checks import BadValue, UndecidedWaves
from nps_utils.cleaning.clean import clean
from nps_utils.exports.wave_names import by_days, in_order
from nps_utils.study.settings import Settings
from nps_utils.words.limits import Limit, attempt


def waves_in_order(
    table: pl.LazyFrame, settings: Settings, options: Mapping[str, object]
) -> tuple[pl.LazyFrame, dict[str, str]]:
    """Give the exports' own waves names that sort in time, where they are the waves of the study.

    Parameters
    ----------
    table
        The rows as they were read.
    settings
        Of the study.
    options
        How it cleans them, for the days of their answers.

    Raises
    ------
    UndecidedWaves
        Their names do not say which came first; where the days of their answers do, they are told in that order.
    """
    present = table.collect_schema().names()
    if "wave" not in present or not (settings.waves.by == "column" or "responded_at" not in present):
        return table, {}
    own = pl.col("wave").str.strip_chars()
    names = table.select(own.drop_nulls().unique().sort()).collect()["wave"].to_list()
    try:
        told = in_order(names, settings.waves.order)
    except UndecidedWaves as error:
        days = attempt(_first_days, table, options, error.names)
        raise error if isinstance(days, Limit) else by_days(error, days) from None
    return (table.with_columns(own.replace(told)), told) if told else (table, {})


def _first_days(table: pl.LazyFrame, options: Mapping[str, object], waves: Sequence[str]) -> dict[str, dt.date]:
    """Return the first day of the answers of each wave, in order, where first and middle days agree on it.

    Raises
    ------
    BadInput
        The answers have no dates, or these cannot be read or do not tell the order.
    """
    responses, _ = clean(table, **options)  # type: ignore[arg-type]
    when = pl.col("responded_at")
    day = when.dt.convert_time_zone(str(options["wave_timezone"])).dt.date()
    of_wave = responses.filter(when.is_not_null()).group_by(pl.col("wave").str.strip_chars())
    found = of_wave.agg(first=day.min(), middle=when.median()).collect(engine="streaming").sort("first", "middle")
    told = found["wave"].to_list()
    if set(told) != set(waves) or not found["middle"].is_sorted() or not found["first"].is_unique().all():
        raise BadValue("The days of the answers do not say which wave came first.")
    return dict(zip(told, found["first"].to_list(), strict=True))
