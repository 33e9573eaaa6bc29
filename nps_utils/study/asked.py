"""Who was asked and who answered: a frame of millions of askings is read in parts and counted where it lies."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Final, Protocol

import pandas as pd
import polars as pl

from nps_utils.checks import check_columns
from nps_utils.files import content_hash
from nps_utils.stats.weighting.linking import LINKED_BY, ROW, askings, count_links, link_to, placed
from nps_utils.stats.weighting.silence import check_linked, rates_of
from nps_utils.study.further import OF_THE_COMPANY, part_key, part_path, read_part, scan_part
from nps_utils.study.kept import Make, kept_folder, once, read_kept
from nps_utils.study.settings import Settings
from nps_utils.waves import Wave

# Whether an asking was of own staff. No header of a file ends so.
_STAFF: Final = "own_staff:"
# What links answers to askings.
_OF_ANSWERS: Final = (*LINKED_BY, "responded_at")


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

    def answered(self) -> pd.DataFrame:
        """Return all answers to an asking."""

    def kept_folder(self, kind: str, make: Make) -> Path:
        """Return where tables computed from the input are kept."""


class Asked:
    """The frame of a study, with what the accounts know of its people."""

    def __init__(self, study: Answers) -> None:
        self._study = study
        self._path = _frame_path(study.folder, study.settings)
        columns = pl.read_parquet_schema(self._path)
        self.columns = [name for name in columns if name != _STAFF]
        self._has_staff = _STAFF in columns

    def frame(self, *, staff: bool, columns: Collection[str] | None) -> pd.DataFrame:
        """Return the frame, or some of its columns, with own staff or without."""
        wanted = self.columns if columns is None else [name for name in self.columns if name in columns]
        without = self._has_staff and not staff
        return once((self._path, without, *wanted), lambda: self._read(wanted, without=without))

    def _read(self, wanted: list[str], *, without: bool) -> pd.DataFrame:
        if not without:
            return read_kept(self._path, wanted)
        ours = read_kept(self._path, [_STAFF])[_STAFF]
        rows = read_kept(self._path, wanted)
        return rows[~ours].reset_index(drop=True) if ours.any() else rows

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

    def linkage(self) -> pd.DataFrame:
        """Return how many answers and askings belong together, see `Study.linkage`."""
        return read_kept(self._linked() / "linkage.parquet")

    def _scan(self, by: Sequence[str], links: Path) -> pl.LazyFrame:
        """Return what groups the askings beside whether each is one and was answered, in the order of the frame."""
        beside = pl.scan_parquet(links)
        frame = pl.scan_parquet(self._path)
        frame = frame.filter(~pl.col(_STAFF)) if self._has_staff else frame
        if "touchpoint" in by and "touchpoint" not in self.columns:
            one = self._study.responses()["touchpoint"].dropna().unique()
            beside = beside.with_columns(touchpoint=pl.lit(one[0])) if len(one) == 1 else beside
        here = [name for name in self.columns if name in by and name != "wave"]
        return pl.concat([frame.select(here), beside], how="horizontal") if here else beside

    def _linked(self) -> Path:
        """Return the folder that says of each asking whether it was answered, and of all how many were linked."""
        return self._study.kept_folder("linked", self._link)

    def _link(self) -> dict[str, pd.DataFrame]:
        study = self._study
        answers = study.answered()
        frame = placed(self.frame(staff=False, columns=LINKED_BY))
        asked = askings(frame, timezone=study.timezone, wave=study.wave)
        answers = answers[[name for name in answers.columns if name in _OF_ANSWERS]]
        linked = link_to(asked, answers, timezone=study.timezone)
        told = pd.DataFrame({"asked": False, "answered": False}, index=range(len(frame)))
        told.loc[asked[ROW], "asked"] = True
        told.loc[linked.dropna().unique(), "answered"] = True
        if "wave" in asked.columns:
            told["wave"] = asked["wave"].set_axis(asked[ROW])
        return {"askings": told, "linkage": count_links(len(frame), len(asked), linked)}


def _frame_path(folder: Path, settings: Settings) -> Path:
    """Return the file of the frame joined with the accounts, own staff marked; as it was read where neither is."""
    if settings.accounts is None and not settings.staff_domains and settings.answers.account_ids == "exact":
        return part_path(folder, settings, "frame")
    kinds = [kind for kind in ("frame", "accounts", "revenue") if getattr(settings, kind) is not None]
    same = "-".join(part_key(folder, settings, "frame"))
    rest_on = ["-".join(part_key(folder, settings, kind)) for kind in kinds]
    key = content_hash([], *rest_on, *settings.staff_domains, settings.answers.account_ids)[:16]
    place = folder / "processed" / "asked" / f"{same}-{key}"
    return kept_folder(place, lambda: {"asked": _people(folder, settings)}, same=same) / "asked.parquet"


def _people(folder: Path, settings: Settings) -> pl.LazyFrame:
    people = scan_part(folder, settings, "frame")
    columns = people.collect_schema().names()
    if settings.accounts is not None and "account_id" in columns:
        people = _with_accounts(people, columns, read_part(folder, settings, "accounts").drop(columns="source_row"))
    if settings.staff_domains:
        people = people.with_columns(_staff(columns, settings.staff_domains).alias(_STAFF))
    return people


def _with_accounts(people: pl.LazyFrame, columns: Sequence[str], accounts: pd.DataFrame) -> pl.LazyFrame:
    """Join to people what the accounts know of them and they do not say themselves.

    The name and the address of a company are not those of the people in it.
    """
    if "account_id" not in accounts.columns:
        return people
    own = [name for name in accounts.columns if name not in columns and name not in OF_THE_COMPANY]
    known = accounts.dropna(subset="account_id").drop_duplicates("account_id", keep="last")[["account_id", *own]]
    return people.join(pl.from_pandas(known).lazy(), on="account_id", how="left", maintain_order="left")


def _staff(columns: Sequence[str], domains: Sequence[str]) -> pl.Expr:
    """Say of each asking what `is_staff` says of people."""
    if "email" not in columns:
        return pl.lit(value=False)
    domain = pl.col("email").str.strip_chars().str.to_lowercase().str.replace(r"^.*@", "")
    bare = [own.lower().lstrip("@") for own in domains]
    ours = pl.any_horizontal(*((domain == own) | domain.str.ends_with("." + own) for own in bare))
    return ours.fill_null(value=False)
