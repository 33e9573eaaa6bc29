"""What pages ask of a frame of millions of askings: those of some people, of some days, and each person's last."""

from __future__ import annotations

import functools
from collections.abc import Collection, Sequence
from typing import NamedTuple

import pandas as pd
import polars as pl

from nps_utils.checks import BadInput
from nps_utils.columns import Day, day_of, is_active, read_dates
from nps_utils.followup.beside import listed_by
from nps_utils.pages.known import known
from nps_utils.stats.planning.cadence import askings_of_each
from nps_utils.study.kept import give_back
from nps_utils.study.study import Study


class SomeAskings:
    """The askings of some people of a study, with the columns that lists look at, read when they are asked for.

    Raises
    ------
    NotInStudy
        There is no frame.
    """

    def __init__(self, study: Study) -> None:
        self._askings = study.askings()
        self.columns = listed_by(study.frame_columns())
        self._study = study
        self._read: _Read | None = None

    def of(self, key: str, who: Collection[str]) -> pd.DataFrame:
        """Return the askings of these people, and maybe of others; of all where a cell of `active` cannot be read."""
        if self._read is None or not self._read.of.get(key, frozenset()) >= {*who}:
            self._read = self._with(key, who)
        return self._read.askings

    def _with(self, key: str, who: Collection[str]) -> _Read:
        """Read the askings of these people; those that were read by another column stay, where these are no others."""
        cell = pl.col(key).str.strip_chars()
        here = (cell.str.to_lowercase() if key == "email" else cell).is_in(list(who)).fill_null(value=False)
        here = here if self._readable else pl.lit(value=True)
        of = {key: frozenset(who)}
        if self._read is not None and key not in self._read.of:
            of |= self._read.of
            if not self._readable or not self._askings.any(here & ~self._read.where):
                return self._read._replace(of=of)
            here |= self._read.where
        self._read = None  # of millions two do not fit
        return _Read(of, here, self._askings.some(here, columns=self.columns, alike=self.columns))

    @functools.cached_property
    def _readable(self) -> bool:
        if "active" not in self.columns or _all_readable(self._study):
            return True
        return _can_be_read(self._askings.different("active", staff=False))


class _Read(NamedTuple):
    """Askings that were read: of whom, by which condition, and the rows in the order of the frame."""

    of: dict[str, frozenset[str]]
    where: pl.Expr
    askings: pd.DataFrame


def recently_asked(study: Study, *, on: Day, days: int, columns: Sequence[str]) -> pd.DataFrame | None:
    """Return the askings within some days up to one: all that `eligible` needs to find who was asked then.

    None where a rule cannot be judged by them, or a cell of the frame cannot be read, so that the whole is to be looked
    at.
    """
    today = day_of(on)
    if "asked_at" not in columns or not _all_readable(study):
        return None
    askings = study.askings()
    asked = _days_asked(study)
    day = read_dates(asked, "asked_at").dt.normalize()
    texts = asked.loc[(day <= today) & (day > today - pd.Timedelta(days=days)), "asked_at"]
    here = pl.col("asked_at").is_in(pl.from_pandas(texts).cast(pl.String).implode())
    found = askings.some(here, columns=columns, alike=askings.alike(columns))
    # Whether anybody has such a day is seen of the whole.
    return None if "customer_since" in columns and found["customer_since"].isna().all() else found


def last_asked(study: Study, *, on: Day, columns: Sequence[str]) -> pd.DataFrame:
    """Return the last asking of each person up to a day, own staff among them: all that `eligible` judges people by.

    How often each was asked is not in it. The whole frame is returned where a cell of it cannot be read, so that it is
    told of.
    """
    if "asked_at" not in study.frame_columns() or not _all_readable(study):
        return study.frame(staff=True, columns=columns)
    askings = study.askings()
    asked = _days_asked(study)
    time = read_dates(asked, "asked_at")
    past = asked[(time.dt.normalize() <= day_of(on)).to_numpy()]
    ranks = time[past.index].rank(method="dense").astype(int)
    give_back()
    return askings.latest(past.assign(time=ranks), columns=columns)


def people_by_askings(study: Study, *, on: Day, days: int = 365) -> pd.DataFrame:
    """Count people by how often they were asked in the days up to one, as `askings_of_each` counts them.

    Returns
    -------
    `askings` and `people`, in order.
    """
    if not _all_readable(study):  # then the whole frame says what is wrong
        frame = study.frame(columns=("respondent_id", "email", "asked_at"))
        counts = askings_of_each(frame, on=on, days=days).value_counts().sort_index()
        return pd.DataFrame({"askings": counts.index.astype(int), "people": counts.to_numpy()})
    texts, today = _days_asked(study), day_of(on)
    asked = read_dates(texts, "asked_at", what="the frame")
    late = (asked >= today - pd.Timedelta(days=days - 1)) & (asked < today + pd.Timedelta(days=1))
    return study.askings().people_by_askings(texts.loc[late, "asked_at"])


def _days_asked(study: Study) -> pd.DataFrame:
    """Return the different texts of `asked_at`, own staff among them."""
    return known(study, "days asked", lambda: study.askings().different("asked_at", staff=True))


def _all_readable(study: Study) -> bool:
    """Say whether each row of the frame names a person, and what the rules look at can be read in all of them."""
    return bool(known(study, "the frame can be read", lambda: _readable(study))["readable"].iloc[0])


def _readable(study: Study) -> pd.DataFrame:
    askings, columns = study.askings(), study.frame_columns()
    readable = not askings.without_person()
    try:
        for name in ("asked_at", "customer_since", "churned_on"):
            if name in columns and readable:
                read_dates(_days_asked(study) if name == "asked_at" else askings.different(name, staff=True), name)
    except BadInput:
        readable = False
    readable &= "active" not in columns or _can_be_read(askings.different("active", staff=True))
    return pd.DataFrame({"readable": [readable]})


def _can_be_read(active: pd.DataFrame) -> bool:
    try:
        is_active(active)
    except BadInput:
        return False
    return True
