"""Answers that two exports perhaps both hold, where no id says so: the same sentence and score on the same day."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import polars as pl

from nps_utils.exports import Recognised
from nps_utils.study.settings import Settings
from nps_utils.study.told import Told, so_many

REASON: Final = "perhaps_again"
_SENTENCE: Final = 20  # characters that nobody else writes on the same day, by chance
_FEWEST: Final = 3
_SHARE: Final = 0.5
# Of more than so many bytes this is not looked for: all answers would be read once more.
_MOST_BYTES: Final = 100_000_000
_KEYS: Final = ("day", "score", "comment")


def again_notes(rows: pl.LazyFrame, folder: Path, settings: Settings, *, found: Sequence[Recognised]) -> list[Told]:
    """Return a sentence on answers that count twice, perhaps, since one export writes their days otherwise.

    Where cells are alike cleaning knows it, and where answers have ids; here one file has times and the other days, or
    the day first and last. It is told where most sentences of the days that both files cover are in both.

    Parameters
    ----------
    rows
        The responses, with the export that each is from.
    found
        What was recognised of each.
    """
    known = [{"comment", "responded_at"} <= set(one.columns) for one in found]
    with_ids = ["response_id" in one.columns for one in found]
    size = sum((folder / export.path).stat().st_size for export in settings.export if (folder / export.path).is_file())
    if sum(known) < 2 or all(with_ids) or size > _MOST_BYTES:
        return []
    said = _sentences(rows, settings.timezone)
    pairs = said.join(said, on=_KEYS, suffix="_before").filter(pl.col("file") > pl.col("file_before"))
    told = []
    files = ["file", "file_before"]
    for (later, before), both in pairs.sort(files).group_by(files, maintain_order=True):
        day = pl.col("day").is_between(both["day"].min(), both["day"].max())
        fewer = min(said.filter(day & (pl.col("file") == one)).height for one in (later, before))
        if both.height >= max(_FEWEST, _SHARE * fewer):
            told.append(_told(str(before), str(later), both.height))
    return told


def _sentences(rows: pl.LazyFrame, zone: str) -> pl.DataFrame:
    """Return each sentence with its score and day, once a file."""
    text = pl.col("comment").cast(pl.String).str.strip_chars()
    columns = {
        "file": pl.col("source_file").cast(pl.String),
        "day": pl.col("responded_at").dt.convert_time_zone(zone).dt.date(),
        "score": pl.col("score"),
        "comment": text,
    }
    said = rows.select(**columns).filter(pl.col("comment").str.len_chars() >= _SENTENCE, pl.col("day").is_not_null())
    return said.unique().collect(engine="streaming")


def _told(before: str, later: str, n: int) -> Told:
    return Told(
        later,
        REASON,
        f"{so_many(n, 'answer has', 'answers have')} the sentence, the score and the day of one in {before}, and no id"
        " says whether it is the same: they count twice. Where one export holds answers of the other again, give only"
        " the one that holds all, or take them out of one of the files.",
    )
