"""Who was asked and who answered: a frame of millions of askings is read in parts and counted where it lies."""

from __future__ import annotations

import functools
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any, Final, Protocol

import numpy as np
import pandas as pd
import polars as pl

from nps_utils.checks import check_columns
from nps_utils.stats.weighting.linking import LINKED_BY, count_links
from nps_utils.stats.weighting.silence import check_linked, rates_of
from nps_utils.study.asked_in_parts import (
    TIME,
    WAVE,
    link_in_parts,
    waves_told,
    with_times,
    with_times_of_answers,
)
from nps_utils.study.coded import are_many, read_columns
from nps_utils.study.further import OF_THE_COMPANY, part_columns, part_key, part_path, read_part, scan_part
from nps_utils.study.kept import Make, once, read_kept
from nps_utils.study.settings import Settings
from nps_utils.waves import Wave


class Answers(Protocol):
    """What is asked of a study whose answers are counted beside its frame."""

    @property
    def folder(self) -> Path:
        """Folder of the study."""

    @property
    def settings(self) -> Settings:
        """Its study.toml."""

    @property
    def timezone(self) -> str:
        """The zone of its calendar."""

    @property
    def wave(self) -> Wave:
        """Its rule for waves."""

    def responses(self) -> pd.DataFrame:
        """Return the answers that count."""

    def answered_at(self) -> Path:
        """Return the file of all answers to an asking."""

    def kept_folder(self, kind: str, make: Make) -> Path:
        """Return where tables computed from the input are kept."""


class Asked:
    """The frame of a study, with what the accounts know of its people and they do not say themselves.

    The name and the address of a company are not those of the people in it.
    """

    def __init__(self, study: Answers) -> None:
        self._study = study
        self._own = part_columns(study.folder, study.settings, "frame")
        self._of_accounts = list[str]()
        if study.settings.accounts is not None and "account_id" in self._own:
            known = part_columns(study.folder, study.settings, "accounts")
            others = [name for name in known if name not in self._own and name not in OF_THE_COMPANY]
            self._of_accounts = others if "account_id" in known else []
        self.columns = [*self._own, *self._of_accounts]

    def frame(self, *, staff: bool, columns: Collection[str] | None) -> pd.DataFrame:
        """Return the frame, or some of its columns, with own staff or without."""
        study = self._study
        wanted = self.columns if columns is None else [name for name in self.columns if name in columns]
        domains = () if staff or "email" not in self._own else study.settings.staff_domains
        kinds = [kind for kind in ("frame", "accounts", "revenue") if getattr(study.settings, kind) is not None]
        rest_on = [part_key(study.folder, study.settings, kind) for kind in kinds]
        answers = study.settings.answers
        how = (
            *domains,
            answers.account_ids,
            *sorted(answers.merged.items()),
            *wanted,
            *sorted(self._told(wanted).items()),
        )
        return once((study.folder, *rest_on, *how), lambda: self._read(wanted, domains))

    def some(self, where: pl.Expr, *, columns: Collection[str], alike: bool = False) -> pd.DataFrame:
        """Return some columns of the askings of which a condition holds, own staff left out; no other row is held.

        With `alike` each different text is held once, as a category.
        """
        wanted = [name for name in self.columns if name in columns]
        read = list(dict.fromkeys([*wanted, *where.meta.root_names()]))
        rows = self._rows(read, self._staff_domains()).filter(where).select(wanted)
        if not alike:
            return rows.collect(engine="streaming").to_pandas()
        found = rows.collect(engine="streaming")
        columns_of: dict[str, pd.Series[Any]] = {}
        for name in wanted:  # one by one, so that no more than one is there twice
            cells = found.drop_in_place(name).cast(pl.Categorical(pl.Categories.random())).to_pandas()
            # A column without a text has categories of no type.
            columns_of[name] = cells if len(cells.cat.categories) else cells.astype(pd.CategoricalDtype(_NO_TEXTS))
        return pd.DataFrame(columns_of, copy=False)

    def any(self, where: pl.Expr) -> bool:
        """Say whether a condition holds of an asking, own staff left out."""
        rows = self._rows(where.meta.root_names(), self._staff_domains()).filter(where)
        return bool(rows.select(pl.len()).collect(engine="streaming").item())

    def different(self, column: str, *, staff: bool) -> pd.DataFrame:
        """Return the different texts of a column."""
        rows = self._rows([column], () if staff else self._staff_domains())
        return rows.unique().drop_nulls().collect(engine="streaming").to_pandas()

    def latest(self, times: pd.DataFrame, *, columns: Collection[str]) -> pd.DataFrame:
        """Return the last asking of each person, own staff among them.

        Parameters
        ----------
        times
            Texts of `asked_at`, and by `time` which comes after which others, as numbers from 1. Other texts are as if
            empty, which comes before all. Of equal ones the later row of the frame is the last.
        columns
            Those to return.
        """
        wanted = [name for name in self.columns if name in columns]
        read = [name for name in ("respondent_id", "email", "asked_at") if name in self._own]
        # Numbers stand for people and days: among ten million two have the same in three of a million tables.
        day = pl.col("asked_at").cast(pl.String).hash().alias("_day")
        told = pl.from_pandas(times).lazy().select(day, _time=pl.col("time").cast(pl.Int64))
        rows = self._rows(read, ()).select(pl.col("asked_at").hash().alias("_day"), _person(read).hash().alias("_who"))
        timed = rows.with_row_index("_row").join(told, on="_day", how="left", maintain_order="left")
        place = pl.col("_time").fill_null(0) * _ROWS + pl.col("_row").cast(pl.Int64)
        each = timed.group_by("_who").agg(place.max().alias("place"), n=pl.len())
        found = each.collect(engine="streaming")
        last = np.zeros(int(found["n"].sum()), dtype=bool)
        last[found["place"].to_numpy() % _ROWS] = True
        beside = pl.LazyFrame({"_last": last})
        table = pl.concat([self._rows(wanted, ()), beside], how="horizontal").filter("_last").drop("_last")
        return table.collect(engine="streaming").to_pandas()

    def people_by_askings(self, texts: pd.Series[str]) -> pd.DataFrame:
        """Count people by how many of their askings have one of these texts of `asked_at`: `askings`, `people`."""
        read = [name for name in ("respondent_id", "email", "asked_at") if name in self._own]
        days = pl.from_pandas(texts).cast(pl.String).hash()
        late = pl.col("asked_at").is_not_null() & pl.col("asked_at").hash().is_in(days.implode())
        rows = self._rows(read, self._staff_domains()).select(_person(read).hash().alias("_who"), late.alias("_late"))
        each = rows.group_by("_who").agg(askings=pl.col("_late").sum().cast(pl.Int64))
        counts = each.group_by("askings").agg(people=pl.len().cast(pl.Int64)).sort("askings")
        return counts.collect(engine="streaming").to_pandas()

    def without_person(self) -> bool:
        """Say whether a row of the frame names nobody."""
        read = [name for name in ("respondent_id", "email") if name in self._own]
        if not read:
            return True
        blank = [pl.col(name).is_null() | (pl.col(name).str.strip_chars() == "") for name in read]
        nobody = self._rows(read, ()).filter(pl.all_horizontal(blank)).select(pl.len())
        return bool(nobody.collect(engine="streaming").item())

    def _staff_domains(self) -> Sequence[str]:
        return self._study.settings.staff_domains if "email" in self._own else ()

    def _read(self, wanted: list[str], domains: Sequence[str]) -> pd.DataFrame:
        folder, settings = self._study.folder, self._study.settings
        path = part_path(folder, settings, "frame")
        if are_many(path) and settings.answers.account_ids != "alike" and not settings.answers.merged:
            return self._coded(path, wanted, domains)
        if not domains and not {*wanted} & {*self._of_accounts} and not self._told(wanted):
            return read_part(folder, settings, "frame", wanted)
        return self._rows(wanted, domains).collect().to_pandas()

    def _coded(self, path: Path, wanted: list[str], domains: Sequence[str]) -> pd.DataFrame:
        """Read millions of askings, each different text held once; what accounts know is looked up by account."""
        rows = None
        if domains:
            (others,) = pl.scan_parquet(path).select(~_of_domains(domains)).collect(engine="streaming")
            rows = others.to_numpy()
        of_accounts = [name for name in wanted if name in self._of_accounts]
        own = [name for name in wanted if name not in of_accounts]
        read = read_columns(path, [*own, *({"account_id"} - {*own} if of_accounts else ())], rows)
        if of_accounts:
            ids = read["account_id"].cat
            known = self._known(of_accounts).set_index("account_id").reindex(ids.categories)
            for name in of_accounts:
                kind = pd.CategoricalDtype(sorted(known[name].dropna().unique()), ordered=True)
                codes = np.append(known[name].astype(kind).cat.codes, -1)[ids.codes]
                read[name] = pd.Categorical.from_codes(codes, dtype=kind)
        if told := self._told(wanted):
            named = [told.get(name, name) for name in read["wave"].cat.categories]
            kind = pd.CategoricalDtype(sorted(set(named)), ordered=True)
            codes = np.append(pd.Categorical(named, dtype=kind).codes, -1)[read["wave"].cat.codes]
            read["wave"] = pd.Categorical.from_codes(codes, dtype=kind)
        return read[wanted]

    def _told(self, wanted: Collection[str]) -> dict[str, str]:
        """Return the waves of the frame that the answers have under another name, where its waves are wanted."""
        return self._waves if "wave" in wanted and "wave" in self._own else {}

    @functools.cached_property
    def _waves(self) -> dict[str, str]:
        frame = scan_part(self._study.folder, self._study.settings, "frame")
        return waves_told(frame, pl.scan_parquet(self._study.answered_at()))

    def _known(self, columns: Sequence[str]) -> pd.DataFrame:
        """Return what the accounts know, one row each."""
        accounts = read_part(self._study.folder, self._study.settings, "accounts", ["account_id", *columns])
        return accounts.dropna(subset="account_id").drop_duplicates("account_id", keep="last")

    def _rows(self, wanted: Sequence[str], domains: Sequence[str]) -> pl.LazyFrame:
        """Return some columns of the askings, but for those of people with these domains, in the order of the file."""
        people = scan_part(self._study.folder, self._study.settings, "frame")
        people = people.filter(~_of_domains(domains)) if domains else people
        if of_accounts := [name for name in wanted if name in self._of_accounts]:
            known = self._known(of_accounts)
            people = people.join(pl.from_pandas(known).lazy(), on="account_id", how="left", maintain_order="left")
        if told := self._told(wanted):
            people = people.with_columns(pl.col("wave").replace(told))
        return people.select(wanted)

    def rates(self, *, by: Sequence[str]) -> pd.DataFrame:
        """Return who was asked and who answered in each group, see `Study.response_rates`."""
        links = self._linked()
        told = self.linkage().set_index("what")["n"]
        check_linked(answers=told["answers"], asked=told["askings"], linked=told["answers_linked"])
        asked = self._scan(by, links / "askings.parquet")
        made = [name for name in asked.collect_schema().names() if name not in ("asked", "answered")]
        check_columns(list(dict.fromkeys([*self.columns, *made])), by, what="the frame")
        counted = asked.filter("asked").group_by(by) if by else asked.filter("asked").group_by(pl.lit(0).alias("all"))
        table = counted.agg(asked=pl.len().cast(pl.Int64), answered=pl.col("answered").sum().cast(pl.Int64))
        return rates_of(table.collect().to_pandas(), by=list(by))

    @property
    def are_many(self) -> bool:
        """Say whether the frame is so long that its rows are counted where they lie."""
        return are_many(part_path(self._study.folder, self._study.settings, "frame"))

    def people(self, groups: Sequence[str], *, touchpoint: str) -> dict[str, pd.DataFrame] | None:
        """Count who was asked at a touchpoint and who answered, each person once in a wave and group.

        Parameters
        ----------
        groups
            Columns of the frame, whose empty cells are no group; "wave" counts by the waves of the study.
        touchpoint
            Only its askings count.

        Returns
        -------
        For each of them its groups, `asked` and `answered`, in order; None where answers were not linked by their
        touchpoint, or nobody knows when people were asked.
        """
        if {"asked", "answered"} & {*groups} or not {"asked_at", "touchpoint"} <= {*self._own}:
            return None
        if not self._by_touchpoint():
            return None
        cuts = [name for name in groups if name != "wave"]
        # Texts of tens of millions are read once, whatever is counted by, and not held: numbers stand for them.
        told = self._rows(cuts, self._staff_domains()).select(pl.col(name).cast(pl.Categorical) for name in cuts)
        beside = pl.scan_parquet(self._linked() / "askings.parquet").select(
            "asked", "answered", pl.col("wave").cast(pl.Categorical)
        )
        both = [table.collect(engine="streaming") for table in (told, beside)]
        each = pl.concat([self._whose(touchpoint), *both], how="horizontal").with_row_index("_row")
        nobody = pl.col("_row").cast(pl.UInt64).hash()  # who is not known is one of his own
        each = each.filter("asked", "_here").select(*cuts, "wave", "answered", pl.col("_person").fill_null(nobody))
        return {name: _people_by(name, each) for name in groups}

    def _whose(self, touchpoint: str) -> pl.DataFrame:
        """Return of each asking, own staff left out, whether it is at a touchpoint and a number for whose it is.

        In parts of the frame: the parts of one ordered answer wait for each other, of ten million in 5 GB.
        """
        frame, domains = scan_part(self._study.folder, self._study.settings, "frame"), self._staff_domains()
        read = [name for name in ("respondent_id", "email") if name in self._own]
        whose = (_person([name]).str.to_lowercase() for name in read)
        numbers = [pl.when(who.is_not_null()).then(who.hash(seed)) for seed, who in enumerate(whose)]
        person = pl.coalesce(*numbers, pl.lit(None, dtype=pl.UInt64))
        parts = []
        for start in range(0, max(frame.select(pl.len()).collect().item(), 1), _AT_ONCE):
            rows = frame.slice(start, _AT_ONCE)
            rows = rows.filter(~_of_domains(domains)) if domains else rows
            part = rows.select(_here=pl.col("touchpoint") == touchpoint, _person=person)
            parts.append(part.collect(engine="streaming"))
        return pl.concat(parts)

    def _by_touchpoint(self) -> bool:
        """Say whether each asking and each answer has a touchpoint, and a survey where both tables have the column."""
        frame, answers = self._rows(["touchpoint"], ()), pl.scan_parquet(self._study.answered_at())
        there = answers.collect_schema().names()
        if "touchpoint" not in there or ("survey" in there and "survey" in self._own):
            return False
        empty = pl.col("touchpoint").str.strip_chars().replace("", None).is_null().any()
        return not any(table.select(empty).collect(engine="streaming").item() for table in (frame, answers))

    def linkage(self) -> pd.DataFrame:
        """Return how many answers and askings belong together, see `Study.linkage`."""
        return read_kept(self._linked() / "linkage.parquet")

    def _scan(self, by: Sequence[str], links: Path) -> pl.LazyFrame:
        """Return what groups the askings beside whether each is one and was answered, in the order of the frame."""
        beside = pl.scan_parquet(links)
        if "touchpoint" in by and "touchpoint" not in self.columns:
            one = self._study.responses()["touchpoint"].dropna().unique()
            beside = beside.with_columns(touchpoint=pl.lit(one[0])) if len(one) == 1 else beside
        here = [name for name in self.columns if name in by and name != "wave"]
        domains = self._study.settings.staff_domains if "email" in self._own else ()
        return pl.concat([self._rows(here, domains), beside], how="horizontal") if here else beside

    def _linked(self) -> Path:
        """Return the folder that says of each asking whether it was answered, and of all how many were linked."""
        return self._study.kept_folder("linked", self._link)

    def _link(self) -> dict[str, pd.DataFrame | pl.LazyFrame]:
        study = self._study
        domains = study.settings.staff_domains if "email" in self._own else ()
        rows = self._rows([name for name in self._own if name in LINKED_BY], domains)
        asked = with_times(rows, timezone=study.timezone, wave=study.wave)
        answers = pl.scan_parquet(study.answered_at())
        linked = link_in_parts(asked, with_times_of_answers(answers))
        wave = next((name for name in ("wave", WAVE) if name in asked.collect_schema().names()), None)
        is_asked = pl.col(TIME).is_not_null()
        columns = {"asked": is_asked} | ({"wave": pl.when(is_asked).then(pl.col(wave))} if wave else {})
        told = asked.select(**columns).collect(engine="streaming")
        answered = np.zeros(len(told), dtype=np.bool_)
        answered[linked[linked >= 0]] = True
        beside = told.with_columns(pl.col(pl.Categorical).cast(pl.String), answered=pl.Series(answered))
        found = pd.Series(linked, dtype="Int64")
        counts = count_links(len(told), int(told["asked"].sum()), found.mask(found < 0))
        in_order = ["asked", "answered", *(["wave"] if wave else [])]
        return {"askings": beside.lazy().select(in_order), "linkage": counts}


def _people_by(group: str, askings: pl.DataFrame) -> pd.DataFrame:
    """Return how many people were asked and answered in each group, each of them once in a wave."""
    rows = askings.lazy().filter(pl.col(group).is_not_null() | (group == "wave"))
    once = rows.group_by(*{group: None, "wave": None}, "_person").agg(pl.col("answered").any())
    counts = once.group_by(group).agg(asked=pl.len().cast(pl.Int64), answered=pl.col("answered").sum())
    found = counts.with_columns(pl.col(group).cast(pl.String)).sort(group).collect(engine="streaming").to_pandas()
    return found.assign(answered=found["answered"].astype("int64"))


_NO_TEXTS: Final = pd.Index([], dtype="str")
_AT_ONCE: Final = 2_000_000  # rows of a frame
_ROWS: Final = 1 << 32  # more than a frame can have


def _person(columns: Sequence[str]) -> pl.Expr:
    """Return who an asking is of, as `person_key` does."""
    cells = {name: pl.col(name).str.strip_chars().replace("", None) for name in ("respondent_id", "email")}
    cells["email"] = cells["email"].str.to_lowercase()
    return pl.coalesce(*(cell for name, cell in cells.items() if name in columns))


def _of_domains(domains: Sequence[str]) -> pl.Expr:
    """Say of each asking what `is_staff` says of people."""
    mail = pl.col("email").str.strip_chars().str.to_lowercase()
    bare = [own.lower().lstrip("@") for own in domains]
    # What follows the last @ of an address is one of these, or ends with a point and one.
    ours = pl.any_horizontal(
        *((mail == own) | mail.str.ends_with("@" + own) | mail.str.ends_with("." + own) for own in bare)
    )
    return ours.fill_null(value=False)
