"""What the frame and the accounts know of those who answered, joined to the answers: segments, ratings, tenure."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from nps_utils.checks import BadStudy, closest
from nps_utils.columns import read_dates, text_of
from nps_utils.study.further import CUSTOMER_SINCE, part_columns, read_part
from nps_utils.study.settings import Settings
from nps_utils.study.told import Told, examples

TENURE_DAYS: Final = (-np.inf, 91, 366, 3 * 366, np.inf)
TENURES: Final = ("0-3 months", "3-12 months", "1-3 years", "3 years and more")


def with_segments(responses: pd.DataFrame, folder: Path, settings: Settings) -> tuple[pd.DataFrame, list[Told]]:
    """Join what the answers do not say themselves: from the frame by respondent, then from the accounts.

    What an export says goes first, answer by answer; where it says nothing, the tables do.

    Returns
    -------
    The responses, and a sentence on each column of which an export and a table say different things.

    Raises
    ------
    BadStudy
        A segment, rating or arm is nowhere to be found.
    """
    experiment = [settings.experiment.arm] if settings.experiment else []
    asked_for = [*settings.segments, *settings.ratings, *experiment]
    weights = settings.weighting.by if settings.weighting else ()  # also where a cell cuts by other segments
    wanted = list(dict.fromkeys((*asked_for, *weights, CUSTOMER_SINCE)))
    own = [name for name in wanted if name in responses.columns]
    said, told = list[str](), list[Told]()
    for key, kind in (("respondent_id", "frame"), ("account_id", "accounts")):
        if getattr(settings, kind) is None:
            continue
        columns = part_columns(folder, settings, kind)
        # A frame without ids of people knows them by their addresses.
        by = "email" if kind == "frame" and key not in columns else key
        here = [name for name in wanted if name in columns and by in columns and name not in said]
        if not here or by not in responses.columns:
            continue
        known = read_part(folder, settings, kind, [by, *here])
        mine = responses[by]
        if by == "email":
            mine, known = (text_of(responses, by).str.lower(), known.assign(email=text_of(known, by).str.lower()))
        latest = known.dropna(subset=[by]).drop_duplicates(by, keep="last").set_index(by)
        places = latest.index.get_indexer(pd.Index(mine))
        for name in here:
            found = _at(latest[name], places).set_axis(responses.index)
            if name in own:
                told += _different(responses[name], found, Path(getattr(settings, kind).path).name, kind)
                found = text_of(responses, name).fillna(found.astype("string"))
            else:
                said.append(name)  # the frame goes before the accounts
            responses = responses.assign(**{name: found})
    if lost := [name for name in asked_for if name not in responses.columns]:
        tables = [part_columns(folder, settings, kind) for kind in ("frame", "accounts") if getattr(settings, kind)]
        headers = list(dict.fromkeys(map(str, [*responses.columns, *(name for names in tables for name in names)])))
        raise BadStudy(
            f"{folder / 'study.toml'}: {', '.join(lost)} is named as a segment, rating or arm, but no export, frame"
            f" or account table has it.{closest(lost[0], headers)} They have: {', '.join(headers)}."
        )
    return _with_tenure(responses, settings.timezone), told


def _at(values: pd.Series[str], places: NDArray[np.intp]) -> pd.Series[str]:
    """Return the values at some places, missing at -1."""
    found: pd.Series[str] = values.reset_index(drop=True).reindex(range(-1, len(values))).iloc[places + 1]
    return found


def _different(own: pd.Series[str], known: pd.Series[str], file: str, kind: str) -> list[Told]:
    """Say where an export and a further table say different things of the same answers."""
    name = str(own.name)
    mine, theirs = (text_of(cells.to_frame(name), name) for cells in (own, known))
    differ = (mine != theirs).fillna(value=False).astype(bool)
    if not differ.any():
        return []
    first = int(differ.to_numpy().argmax())
    return [
        Told(
            file,
            "set_aside",
            f'column "{name}" says something else than the export for {int(differ.sum()):,} of'
            f" {int((mine.notna() & theirs.notna()).sum()):,} answers ({examples([mine.iloc[first]])} in the export,"
            f" {examples([theirs.iloc[first]])} here). The export counts; this table fills its gaps. To cut by this one"
            f' instead: columns = {{ {kind}_{_bare(name)} = "{name}" }} under [{kind}] in study.toml, and'
            f' "{kind}_{_bare(name)}" in segments.',
        )
    ]


def _bare(name: str) -> str:
    """Return a name that TOML takes without quotes."""
    return "".join(char if char.isascii() and (char.isalnum() or char in "_-") else "_" for char in name)


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
