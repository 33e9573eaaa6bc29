"""The tables of study.toml and the keys of each, with what a key may hold."""

from __future__ import annotations

import datetime as dt
from functools import cache
from typing import Annotated, Literal
from zoneinfo import available_timezones

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from nps_utils.checks import closest
from nps_utils.comments.packs import unknown_industry
from nps_utils.scale import Scale
from nps_utils.study.places import leaves, why_not

Columns = dict[str, str | list[str]]


@cache
def _zones() -> frozenset[str]:
    """Return the names of all zones: they are looked up in hundreds of folders."""
    return frozenset(available_timezones())


def _known_zone(name: str) -> str:
    if name not in _zones():
        raise ValueError(f"is not a time zone of the IANA list, such as Europe/Stockholm.{closest(name, _zones())}")
    return name


def _inside_or_absolute(path: str) -> str:
    if leaves(path):
        raise ValueError(why_not(path))
    return path


Zone = Annotated[str, AfterValidator(_known_zone)]
File = Annotated[str, AfterValidator(_inside_or_absolute)]


def _known_industry(said: str | tuple[str, ...]) -> str | tuple[str, ...]:
    names = (said,) if isinstance(said, str) else said
    if not names:
        raise ValueError('is empty: name a trade, or write industry = "core"')
    for name in names:
        if wrong := unknown_industry(name):
            raise ValueError(wrong if name == said else f'"{name}" {wrong}')
    return said


Industry = Annotated[str | tuple[str, ...], AfterValidator(_known_industry)]


class Part(BaseModel):
    """A table of study.toml: a key it does not know is an error, and what was read stays as it is."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Export(Part):
    """One export file, and what it cannot say itself."""

    path: File
    tool: str | None = None
    columns: Columns = {}
    sheet: str | tuple[str, ...] | None = None
    touchpoint: str | None = None
    survey: str | None = None
    wave: str | None = None
    timezone: Zone | None = None
    day_first: bool | None = None
    scale: Scale | None = None


class Waves(Part):
    """How answers are put into waves, by the calendar of the study's time zone."""

    by: Literal["quarter", "month", "week", "year", "column", "borders"] = "quarter"
    borders: tuple[dt.date, ...] = ()
    order: tuple[str, ...] = ()  # the export's own waves from the first to the last, where their names do not say it

    @model_validator(mode="after")
    def _borders_go_with_rule(self) -> Waves:
        if (self.by == "borders") != bool(self.borders):
            raise ValueError('by = "borders" and borders = [2026-01-01, ...] need each other')
        if list(self.borders) != sorted(set(self.borders)):
            raise ValueError("borders must be different dates in rising order")
        return self


class Answers(Part):
    """What to do with several answers of one person in one wave, and which names are of several people or of one."""

    repeats: Literal["latest", "first", "all"] = "latest"
    shared: tuple[str, ...] = ()
    one_person: tuple[str, ...] = ()
    groups: Literal["check", "ignore"] = "check"
    account_ids: Literal["exact", "alike"] = "exact"  # alike: letters and digits count, not case or leading zeros
    merged: dict[str, str] = {}  # accounts that became part of another: the old id to the one that stays

    @model_validator(mode="after")
    def _mergers_end(self) -> Answers:
        for old, new in self.merged.items():
            if new in self.merged:
                raise ValueError(
                    f'merged: "{old}" became "{new}", which itself became "{self.merged[new]}"; write for each the'
                    " account that is left in the end"
                )
        return self


class Table(Part):
    """A further table of the study: the frame, the accounts, the follow-up list."""

    path: File
    columns: dict[str, str] = {}
    timezone: Zone | None = None
    day_first: bool | None = None


class Accounts(Table):
    """The accounts, one row each; which row counts where an account has several."""

    repeated: Literal["last", "first"] | None = None


class Revenue(Table):
    """Money per account, as periods, as movements or as a column per period; what its cells cannot say themselves."""

    layout: Literal["periods", "movements", "years"] = "periods"
    currency: str | None = None
    rates: dict[str, Annotated[float, Field(gt=0, allow_inf_nan=False)]] = {}
    decimal: Literal[".", ","] | None = None
    repeated: Literal["sum", "drop"] | None = None
    types: dict[str, Literal["recurring", "one_off"]] = {}

    @model_validator(mode="after")
    def _rates_lead_somewhere(self) -> Revenue:
        if self.rates and self.currency is None:
            raise ValueError('rates lead to a currency: write currency = "..." beside rates = { ... }')
        return self


class Eligibility(Part):
    """Who may be asked."""

    min_days_as_customer: int = Field(default=30, ge=0)
    not_asked_within_days: int = Field(default=90, ge=0)


class Goal(Part):
    """A goal that can be judged: what is measured, how much, by when."""

    metric: Literal["nps", "response_rate", "comment_share"]
    target: float
    by: dt.date

    @model_validator(mode="after")
    def _target_is_possible(self) -> Goal:
        if self.metric == "nps" and not -100 <= self.target <= 100:
            raise ValueError(f"target = {self.target:g} is not within -100 to 100 points")
        if self.metric != "nps" and not 0 < self.target <= 1:
            raise ValueError(f"target = {self.target:g} is not a share above 0 and up to 1; write 0.40 for 40 %")
        return self


class Benchmark(Part):
    """A score of others, with where it comes from: without n and date it is context, not a target."""

    value: float = Field(ge=-100, le=100)
    source: str = Field(min_length=1)
    n: int | None = Field(default=None, ge=1)
    date: dt.date | None = None


class Weighting(Part):
    """Columns of the frame to whose shares the answers are raked."""

    by: tuple[str, ...] = Field(min_length=1)


# What a cell of a rating stands for.
Step = Annotated[float, Field(allow_inf_nan=False)] | Literal["none"]
Words = tuple[str, ...] | dict[str, tuple[str, ...]]


class Experiment(Part):
    """A change that chance gave to some and not to others: which column says so, and where to look."""

    arm: str
    control: str
    wave: str
    touchpoint: str | None = None
    prior_wave: str | None = None


class Event(Part):
    """Something that happened on a day and is to be seen beside the scores, such as a release or a new price."""

    date: dt.date
    label: str = Field(min_length=1)


class Theme(Part):
    """A theme of the company's own: its words, for all languages or per language."""

    name: str = Field(min_length=1)
    label: str | dict[str, str] | None = None
    words: Words = ()
    words_unless_negated: Words = ()
    hints: Words = ()


class Cluster(Part):
    """What the analyst decided about a cluster of comments; `found` is its name in results/clusters.csv."""

    found: str = Field(min_length=1)
    name: str | None = Field(default=None, min_length=1)
    merge: tuple[str, ...] = ()
    split: int | None = Field(default=None, ge=2, le=9)
    drop: bool = False

    @model_validator(mode="after")
    def _one_thing_is_decided(self) -> Cluster:
        if sum((bool(self.merge), self.split is not None, self.drop)) > 1:
            raise ValueError("only one of merge, split and drop can be done to a cluster")
        if not (self.name or self.merge or self.split or self.drop):
            raise ValueError('says nothing: add name = "...", merge = ["..."], split = 2 or drop = true')
        if self.name and (self.split or self.drop):
            raise ValueError("a name does not go with split or drop: they leave no such cluster")
        return self
