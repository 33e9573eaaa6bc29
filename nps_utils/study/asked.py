"""Who was asked and who answered: a frame of millions of askings is read in parts and counted where it lies."""

from __future__ import annotations

import functools
from collections.abc import Callable, Collection, Iterator, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
import pandas as pd
import polars as pl

from nps_utils.checks import check_columns
from nps_utils.stats.weighting.linking import LINKED_BY
from nps_utils.stats.weighting.silence import check_linked, rates_of
from nps_utils.study.asked_in_parts import PEOPLE, links_of, waves_told
from nps_utils.study.coded import are_many, put_together, read_columns
from nps_utils.study.further import OF_THE_COMPANY, part_columns, part_key, part_path, read_part, scan_part
from nps_utils.study.kept import Make, give_back, once, read_kept
from nps_utils.study.settings import Settings
from nps_utils.study.whose import last_of_each, of_domains, parts_of, people_by, people_by_askings
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

    def some(self, where: pl.Expr, *, columns: Collection[str], alike: Collection[str] = ()) -> pd.DataFrame:
        """Return some columns of the askings of which a condition holds, own staff left out; no other row is held.

        Of those that are `alike` each different text is held once, as a category.
        """
        wanted = [name for name in self.columns if name in columns]
        read = self._reader(list(dict.fromkeys([*wanted, *where.meta.root_names()])), self._staff_domains())
        parts = (read(part).filter(where).select(wanted) for part in parts_of(self._frame()))
        return put_together((part.collect(engine="streaming") for part in parts), alike={*alike} & {*wanted})

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
            Texts of `asked_at` with the order of their times, see `last_of_each`.
        columns
            Those to return.
        """
        wanted = [name for name in self.columns if name in columns]
        own = [name for name in self._own if name in wanted or (name == "account_id" and self._of_accounts)]
        last, read = last_of_each(self._frame(), self._people(), times), self._reader(wanted, ())

        def found() -> Iterator[pl.DataFrame]:
            at = 0
            for part in parts_of(self._frame()):
                rows = part.select(own).collect(engine="streaming")
                yield read(rows.filter(pl.Series(last[at : at + len(rows)])).lazy()).collect()
                at += len(rows)

        return put_together(found(), alike=self.alike(wanted))

    def alike(self, columns: Collection[str]) -> list[str]:
        """Return the columns whose texts many people share, where askings are many: they are to be held once each."""
        return [name for name in columns if name not in PEOPLE] if self.are_many else []

    def people_by_askings(self, texts: pd.Series[str]) -> pd.DataFrame:
        """Count people by how many of their askings have one of these texts of `asked_at`: `askings`, `people`."""
        days = pl.from_pandas(texts).cast(pl.String).hash()
        late = pl.col("asked_at").is_not_null() & pl.col("asked_at").hash().is_in(days.implode())
        return people_by_askings(self._frame(), self._people(), late, self._staff_domains())

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
            (others,) = pl.scan_parquet(path).select(~of_domains(domains)).collect(engine="streaming")
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

    def _frame(self) -> pl.LazyFrame:
        return scan_part(self._study.folder, self._study.settings, "frame")

    def _people(self) -> list[str]:
        return [name for name in PEOPLE if name in self._own]

    def _rows(self, wanted: Sequence[str], domains: Sequence[str]) -> pl.LazyFrame:
        """Return some columns of the askings, but for those of people with these domains, in the order of the file."""
        return self._reader(wanted, domains)(self._frame())

    def _reader(self, wanted: Sequence[str], domains: Sequence[str]) -> Callable[[pl.LazyFrame], pl.LazyFrame]:
        """Return what does so with some rows of the file; what accounts know is read once for all of them."""
        of_accounts = [name for name in wanted if name in self._of_accounts]
        known = pl.from_pandas(self._known(of_accounts)).lazy() if of_accounts else None
        told = self._told(wanted)

        def read(people: pl.LazyFrame) -> pl.LazyFrame:
            people = people.filter(~of_domains(domains)) if domains else people
            if known is not None:
                people = people.join(known, on="account_id", how="left", maintain_order="left")
            if told:
                people = people.with_columns(pl.col("wave").replace(told))
            return people.select(wanted)

        return read

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
        read = self._reader(
            [name for name in self.columns if name in (*groups, *PEOPLE, "touchpoint")], self._staff_domains()
        )
        links = pl.scan_parquet(self._linked() / "askings.parquet")
        told = links.select("asked", "answered", pl.col("wave").cast(pl.Categorical)).collect(engine="streaming")
        frame, people = self._frame(), self._people()
        return people_by(frame, read, told, people=people, groups=groups, touchpoint=touchpoint)

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
        return pl.concat([self._rows(here, self._staff_domains()), beside], how="horizontal") if here else beside

    def _linked(self) -> Path:
        """Return the folder that says of each asking whether it was answered, and of all how many were linked."""
        return self._study.kept_folder("linked", self._link)

    def _link(self) -> dict[str, pd.DataFrame | pl.LazyFrame]:
        rows = self._rows([name for name in self._own if name in LINKED_BY], self._staff_domains())
        answers = pl.scan_parquet(self._study.answered_at())
        give_back()  # to set answers apart takes as much as to link them
        return links_of(rows, answers, timezone=self._study.timezone, wave=self._study.wave)
