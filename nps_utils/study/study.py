"""A study: a folder with study.toml, its exports, and what follows from them, cleaned once.

`raw/` is never written. `processed/`, `results/` and `report/` are made and can be deleted at any time.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pandas as pd

from nps_utils.checks import check_columns
from nps_utils.cleaning.repeats import REPEATED
from nps_utils.cleaning.unfinished_waves import Unfinished, lacks_much, unfinished
from nps_utils.files import content_hash, library_hash
from nps_utils.study.by_settings import BySettings
from nps_utils.study.by_settings import NotInStudy as NotInStudy
from nps_utils.study.coded import read_answers
from nps_utils.study.kept import Make, Read, Streamed, kept, kept_folder, kept_table
from nps_utils.study.settings import (
    Revenue,
    Settings,
    changed_settings,
    read_settings,
)
from nps_utils.waves import Wave, check_wave

if TYPE_CHECKING:
    from nps_utils.study.asked import Asked

# By this variable a report tells its notebooks where their results go until they are published.
RESULTS: Final = "NPS_RESULTS"


@dataclass(frozen=True)
class Study(BySettings):
    """One survey programme of one company.

    Examples
    --------
    >>> study = Study.open("data/demo")
    >>> study.responses()["score"].between(0, 10).all()
    np.True_
    """

    folder: Path
    settings: Settings
    results_at: Path | None = None
    as_written: bool = True

    @classmethod
    def open(cls, folder: str | Path, *, wave: Wave | None = None, segments: Sequence[str] | None = None) -> Study:
        """Read and check `study.toml` of a folder.

        Parameters
        ----------
        folder
            That of the study.
        wave, segments
            To look at the study otherwise than study.toml has it: the periods to compare, as in `clean`, and the
            columns to cut by. What such a study writes goes to `results/otherwise/`, not to the report's results.

        Raises
        ------
        BadStudy
            An unknown key, an impossible value or a missing file; the message names the key and the fix.
        BadValue
            No such rule for waves.

        Examples
        --------
        >>> monthly = Study.open("data/demo", wave="month", segments=["country"])
        >>> str(monthly.responses()["wave"].min()), monthly.segments
        ('2024-10', ['country'])
        """
        path = Path(folder)
        told = os.environ.get(RESULTS)
        study = cls(path, read_settings(path), Path(told) if told else None)
        return study.changed(wave=wave, segments=segments)

    def changed(self, *, wave: Wave | None = None, segments: Sequence[str] | None = None) -> Study:
        """Return the study with another rule for waves or other segments; see `open`."""
        settings = changed_settings(self.settings, wave=wave, segments=segments)
        return self if settings == self.settings else Study(self.folder, settings, self.results_at, as_written=False)

    @property
    def processed(self) -> Path:
        """Folder of what was computed from the input; can be deleted."""
        return self.folder / "processed"

    @property
    def results(self) -> Path:
        """Folder of the tables and figures to take away; while a report is made, where that run collects them."""
        own = self.results_at or self.folder / "results"
        return own if self.as_written else own / "otherwise"

    @property
    def report(self) -> Path:
        """Folder of the site."""
        return self.folder / "report"

    def cuts(self) -> list[str]:
        """Return the columns by which this study's scores are cut, those with at least two values.

        The segments of study.toml, then tenure and language where they are known.
        """
        responses = self.responses()
        found = [name for name in (*self.settings.segments, "tenure", "language") if name in responses.columns]
        return [name for name in dict.fromkeys(found) if len(responses[name].dropna().unique()) > 1]

    def unfinished_waves(self) -> tuple[Unfinished, ...]:
        """Return the first and the last wave where the answers begin or end within them."""
        waves = self.settings.waves
        return unfinished(self.responses(), wave=check_wave(waves.borders or waves.by), timezone=self.timezone)

    def incomplete_waves(self) -> list[str]:
        """Return the waves of which the answers leave out more than a tenth at the end: no headline is about them.

        One that lacks a few days leads all the same, and is said to be not complete.
        """
        return [part.wave for part in self.unfinished_waves() if part.edge == "end" and lacks_much(part)]

    def unused_weight(self) -> str | None:
        """Return the column that looks like weights and is neither used nor declined in study.toml, or None."""
        if self.settings.weight is not None:
            return None
        return next(iter(self.recognised()["weight_column"].dropna()), None)

    def weight_by(self) -> tuple[str, ...]:
        """Return the columns to whose shares in the frame the answers are weighted.

        Raises
        ------
        BadStudy
            None are named, or the frame or the responses do not have one of them.
        """
        if self.settings.weighting is None:
            raise NotInStudy('This study names no columns to weight by: [weighting] by = ["segment", "size"].')
        by = self.settings.weighting.by
        for what, names in (("the frame", self.frame_columns()), ("the responses", list(self.responses().columns))):
            check_columns(names, by, what=f"[weighting] by = {list(by)}: {what}")
        return by

    def responses(self, *, wave: Wave | None = None) -> pd.DataFrame:
        """Return the responses, one row each, in the canonical columns and the study's segments.

        With `wave`, such as "month", in other periods than study.toml has them; `Study.open(folder, wave=...)` puts all
        that a page takes from the study into them. Where there are more than half a million, the columns of texts are
        ordered categories, in which each different text is held once: they compare, sort and group as texts do.
        """
        other = self.changed(wave=wave)
        if other is self:
            return self._gathered("responses", read_answers)
        longer = self._in_longer_waves(other.settings)
        if longer is not None:
            return longer
        place, key = other._place("rows")
        return kept_table(place, "responses", other._rows, same=key, read=read_answers)

    def _in_longer_waves(self, other: Settings) -> pd.DataFrame | None:
        """Return the responses in other waves where they follow from those of study.toml, without cleaning again."""
        from nps_utils.study.longer_waves import in_longer_waves

        ledger = self.kept_folder("clean", self._gather) / "ledger.parquet"
        return in_longer_waves(self.folder, self.settings, other, self.responses(), ledger)

    def _rows(self) -> dict[str, Streamed]:
        from nps_utils.study.gather import gather_rows  # what reads exports is not needed for answers that are kept

        return {"responses": gather_rows(self.folder, self.settings)}

    def counts(self, *, by: Sequence[str] = ()) -> pd.DataFrame:
        """Return the band counts of the responses by groups, see `count_bands`: no answer is read into memory.

        Parameters
        ----------
        by
            Columns of the responses; none counts all of them.

        Examples
        --------
        >>> Study.open("data/demo").counts(by=["touchpoint"])[["touchpoint", "n"]]
               touchpoint     n
        0  after_delivery   980
        1     after_order   616
        2    relationship  2692
        """
        import polars as pl  # what streams through answers is not needed for those that are read

        from nps_utils.stats.counts import count_bands

        place = self.kept_folder("clean", self._gather) / "responses.parquet"
        return count_bands(pl.scan_parquet(place), by=by)

    def answered(self) -> pd.DataFrame:
        """Return the responses and the answers set aside because the same person answered again in the wave.

        Each is an answer to an invitation: a response rate without them takes whoever answered twice for silent once.
        """
        every = self._every()
        return self.responses() if every is self else every.kept("rows", every._rows)["responses"]

    def answered_at(self) -> Path:
        """Return the file of `answered`, of which no row is read."""
        every = self._every()
        kind, make = ("clean", self._gather) if every is self else ("rows", every._rows)
        return every.kept_folder(kind, make) / "responses.parquet"

    def _every(self) -> Study:
        """Return the study in which all answers of a person count, where any was set aside for another."""
        if not self.ledger()["reason"].isin(REPEATED).any():
            return self
        answers = self.settings.answers.model_copy(update={"repeats": "all"})
        settings = self.settings.model_copy(update={"answers": answers})
        return Study(self.folder, settings, self.results_at, as_written=False)

    def ledger(self) -> pd.DataFrame:
        """Return every rejected or flagged row, and every decision about a whole file, with its reason."""
        return self._gathered("ledger")

    def recognised(self) -> pd.DataFrame:
        """Return what each export was recognised as, one row per file, with the evidence."""
        return self._gathered("recognised")

    def frame(self, *, staff: bool = False, columns: Collection[str] | None = None) -> pd.DataFrame:
        """Return who was asked: one row per person and asking.

        Own staff (`staff_domains` in study.toml) are no customers, and their answers do not count: they are left out
        unless `staff` asks for them. With `columns` only those are read, as far as the frame has them: one of millions
        of askings is large.

        Raises
        ------
        NotInStudy
            There is no frame: the response rate and who is missing cannot be known.
        """
        return self._asked().frame(staff=staff, columns=columns)

    def askings(self) -> Asked:
        """Return the frame where it lies: for those who look at some of millions of askings and hold no others.

        Raises
        ------
        NotInStudy
            There is no frame.
        """
        return self._asked()

    def frame_columns(self) -> list[str]:
        """Return the columns of `frame`, of which no row is read."""
        return list(self._asked().columns)

    def response_rates(self, *, by: Sequence[str] = ()) -> pd.DataFrame:
        """Return the rates of `weighting.response_rates`, of the study's own frame and answers.

        They are counted where the frame lies, and which answer belongs to which asking is found once.

        Parameters
        ----------
        by
            Columns of the frame, and `wave`. A frame that does not say its touchpoint has that of the answers, where
            these are of one only.

        Raises
        ------
        NotInStudy
            There is no frame.
        Undecidable
            Not one answer could be linked to an asking.

        Examples
        --------
        >>> Study.open("data/demo").response_rates(by=["touchpoint"])[["touchpoint", "rate"]].round(2)
               touchpoint  rate
        0  after_delivery  0.43
        1     after_order  0.41
        2    relationship  0.35
        """
        return self._asked().rates(by=by)

    def linkage(self) -> pd.DataFrame:
        """Return what could be joined of the study's answers and askings, and what not; see `weighting.linkage`."""
        return self._asked().linkage()

    def _asked(self) -> Asked:
        if self.settings.frame is None:
            raise NotInStudy(
                "This study has no [frame]: who was asked is not known, so neither the response rate nor how the"
                " silent differ can be. Add the list of invitations to study.toml to see both."
            )
        from nps_utils.study.asked import Asked  # what reads tables is not needed for answers that are kept

        return Asked(self)

    def accounts(self) -> pd.DataFrame:
        """Return the accounts, one row each.

        Raises
        ------
        NotInStudy
            There is no table of accounts.
        """
        if self.settings.accounts is None:
            raise NotInStudy(
                "This study has no [accounts]: answers cannot be weighted by account or joined with revenue."
            )
        return self._table("accounts")

    def revenue(self) -> pd.DataFrame:
        """Return the revenue table as text cells, as the layout in study.toml has it.

        Raises
        ------
        NotInStudy
            There is no revenue.
        """
        self.revenue_settings()
        return self._table("revenue")

    def revenue_settings(self) -> Revenue:
        """Return how the revenue table is laid out."""
        if self.settings.revenue is None:
            raise NotInStudy(
                "This study has no [revenue]: whether the score goes with money cannot be asked. Put what"
                " each account pays (account, period, amount) into raw/, name it under [revenue] in study.toml, and let"
                " the answers carry the account they are of."
            )
        return self.settings.revenue

    def followup(self) -> pd.DataFrame:
        """Return who was contacted after answering, and when."""
        if self.settings.followup is None:
            raise NotInStudy("This study has no [followup]: who was contacted after answering is not known.")
        return self._table("followup")

    def further_tables(self) -> list[str]:
        """Return a sentence on each further table: how many rows it has, and which header was read as what."""
        from nps_utils.study.further import part_words

        return part_words(self.folder, self.settings)

    def _table(self, kind: str) -> pd.DataFrame:
        from nps_utils.study.further import read_part

        return read_part(self.folder, self.settings, kind)

    def _gathered(self, name: str, read: Read | None = None) -> pd.DataFrame:
        """Return a table of the cleaned study, from `processed/` unless its input or the library has changed."""
        place, key = self._place("clean")
        return kept_table(place, name, self._gather, same=key, read=read)

    def _gather(self) -> dict[str, pd.DataFrame | Streamed]:
        from nps_utils.study.gather import gather  # what reads exports is not needed for answers that are kept

        gathered = gather(self.folder, self.settings)
        return {name: getattr(gathered, name) for name in ("responses", "ledger", "recognised")}

    def kept(self, kind: str, make: Make) -> dict[str, pd.DataFrame]:
        """Return tables computed from the input and nothing else, from `processed/` where they are there already.

        They are made again when the input or the library has changed, or a file is damaged. Columns may be added to
        what is returned; the next call does not see them.

        Parameters
        ----------
        kind
            Their name in `processed/`, such as "clean".
        make
            What computes them, by name.
        """
        place, key = self._place(kind)
        return kept(place, make, same=key)

    def kept_folder(self, kind: str, make: Make) -> Path:
        """Return the folder of what `kept` returns, with a Parquet file for each table, and read none of them."""
        place, key = self._place(kind)
        return kept_folder(place, make, same=key)

    def _place(self, kind: str) -> tuple[Path, str]:
        key = content_hash([], library_hash(), self.input_hash())[:16]
        own = "" if self.as_written else "-" + content_hash([], self.settings.model_dump_json())[:16]
        return self.processed / kind / f"{key}{own}", key
