"""What each engine does its own way: number rows, hash keys, attach a small table, make a timestamp of seconds.

Everything else in cleaning is one set of Narwhals expressions. Polars is the embedded engine: it is lazy and streams.
Tables of pandas, PyArrow and DuckDB go through it; a Spark table stays on its cluster.
"""

from __future__ import annotations

import functools
import operator
from collections.abc import Mapping, Sequence
from typing import Any, Protocol, cast

import narwhals as nw
import numpy as np
import polars as pl

from nps_utils.cleaning.cut_dates import PARTS, cutter

Frame = nw.LazyFrame[Any]
Rows = list[dict[str, Any]]
# What a distinct text, or a whole number, means: by the name of the column that will hold it.
Meanings = Mapping[str, Mapping[Any, int | str | None]]
# What is said of the texts of a column: by the column, and the name of the one that will hold it.
Facts = Mapping[str, Mapping[str, nw.Expr]]


def lazy(native: Any) -> Frame:
    """Wrap a lazy table of any engine."""
    frame: Frame = nw.from_native(native)
    return frame


class Engine(Protocol):
    """The few things that engines do differently."""

    def numbered(self, frame: Frame) -> Frame:
        """Add `_order`: a whole number that is unique and follows the rows of each file."""

    def cut(self, frame: Frame, column: str) -> Frame:
        """Part a column of dates into `<column>:day`, `<column>:clock` and `<column>:number`.

        The parts have few distinct texts where whole cells have many; a fraction of a second is left out. A cell that
        is a number of seconds or days has only the number; one without a time, or whose day is in words, only the day.
        """

    def of_texts(self, frame: Frame, facts: Facts) -> Frame:
        """Add what expressions say of columns of a (settled) frame, each of few different texts, by column."""

    def looked_up(self, frame: Frame, column: str, meanings: Meanings) -> Frame:
        """Add what the texts or whole numbers of a (settled) column mean; null where they mean nothing."""

    def collect(self, frames: Sequence[Frame]) -> list[Rows]:
        """Run the queries, together where the engine can, and return their (few) rows."""

    def keyed(self, frame: Frame, keys: Mapping[str, Sequence[str]]) -> Frame:
        """Add a column for each key: equal where all columns of the key are equal; a missing cell is a value."""

    def candidates(self, frame: Frame, keys: Sequence[str]) -> Frame:
        """Keep at least the rows that share one of the keys with another row."""

    def marked(self, frame: Frame, aside: Frame | None) -> Frame:
        """Attach `aside` (`_order`, `_aside`: a reason) to the rows it names; None names none."""

    def settled(self, frame: Frame, made: Sequence[str]) -> Frame:
        """Compute the columns `made` once, for all that follows; other columns may be left out."""

    def rejoined(self, source: Frame, made: Frame) -> Frame:
        """Put the columns of a settled frame beside the rows they were made of."""

    def instant(self, seconds: nw.Expr) -> nw.Expr:
        """Make UTC timestamps of seconds since 1970."""

    def table(self, rows: Rows, schema: Mapping[str, Any]) -> Frame:
        """Make a small table of text and whole numbers."""


class PolarsEngine:
    """Lazy Polars, run by its streaming engine."""

    def numbered(self, frame: Frame) -> Frame:
        """Add the row number of the table."""
        native: pl.LazyFrame = frame.to_native()
        return lazy(native.with_row_index("_order").with_columns(pl.col("_order").cast(pl.Int64)))

    def cut(self, frame: Frame, column: str) -> Frame:
        """Cut a batch at a time."""
        native: pl.LazyFrame = frame.to_native()
        cut, kind = cutter()
        parted = native.with_columns(_cut=pl.col(column).map_batches(cut, return_dtype=kind, is_elementwise=True))
        parts = [pl.col("_cut").struct.field(part).alias(f"{column}:{part}") for part in PARTS]
        return lazy(parted.with_columns(parts).drop("_cut"))

    def of_texts(self, frame: Frame, facts: Facts) -> Frame:
        """Say it of each different text once, and pick for every row."""
        native: pl.LazyFrame = frame.to_native()
        asked = [native.select(pl.col(column).unique()) for column in facts]
        made: list[pl.Expr] = []
        for (column, told), found in zip(facts.items(), pl.collect_all(asked), strict=True):
            # A missing cell is a text of its own: what is said of it comes last.
            texts = pl.concat([found[column].drop_nulls(), pl.Series(column, [None], dtype=found[column].dtype)])
            said = lazy(texts.cast(pl.String).to_frame().lazy()).select(**told).to_native().collect()
            made += [_of_code(pl.col(column).to_physical(), texts.to_physical(), said[name]) for name in told]
        return lazy(native.with_columns(made))

    def looked_up(self, frame: Frame, column: str, meanings: Meanings) -> Frame:
        """Pick from a list by the number that stands for the text."""
        native: pl.LazyFrame = frame.to_native()
        kind = native.collect_schema()[column]
        made = {name: _picked(column, kind, meaning) for name, meaning in meanings.items()}
        return lazy(native.with_columns(**made))

    def collect(self, frames: Sequence[Frame]) -> list[Rows]:
        """Run the queries over one shared scan."""
        return [table.to_dicts() for table in pl.collect_all([f.to_native() for f in frames], engine="streaming")]

    def keyed(self, frame: Frame, keys: Mapping[str, Sequence[str]]) -> Frame:
        """Hash the columns to 64 bits: among ten million rows two unequal ones meet in 3 of a million tables."""
        native: pl.LazyFrame = frame.to_native()
        # Each column has its own seed, so that cells cannot trade places; unsigned sums wrap around.
        parts = {
            key: [pl.col(name).hash(seed=place) for place, name in enumerate(names)] for key, names in keys.items()
        }
        return lazy(
            native.with_columns(**{key: functools.reduce(operator.add, hashes) for key, hashes in parts.items()})
        )

    def candidates(self, frame: Frame, keys: Sequence[str]) -> Frame:
        """Keep the rows with a key that occurs twice, looking at one key at a time: usually a small part."""
        native: pl.LazyFrame = frame.to_native()
        kept: pl.Series | None = None
        for name in keys:
            # Half of a key is enough: that two meet in it keeps a row too many. Sorting it and looking at neighbours is
            # several times quicker than `is_duplicated`.
            key = native.select(pl.col(name).cast(pl.UInt32, wrap_numerical=True)).collect()[name]
            ordered = np.sort(key.drop_nulls().to_numpy())
            shared = pl.Series(np.unique(ordered[1:][ordered[1:] == ordered[:-1]]), dtype=pl.UInt32)
            twice = key.is_in(shared.implode()).fill_null(value=False)
            kept = twice if kept is None else kept | twice
        rows = native if kept is None else native.filter(pl.lit(kept))
        return lazy(rows.with_columns(pl.col(pl.Categorical).cast(pl.String)).collect().lazy())

    def marked(self, frame: Frame, aside: Frame | None) -> Frame:
        """Write each reason to the place of its row."""
        if aside is None:
            return frame.with_columns(_aside=nw.lit(None, nw.String))
        rows: pl.DataFrame = aside.to_native().collect()
        made: pl.DataFrame = frame.to_native().collect()
        marks = pl.repeat(None, made.height, dtype=pl.Enum(rows["_aside"].unique()), eager=True)
        marks = marks.scatter(rows["_order"], rows["_aside"].cast(marks.dtype))
        return lazy(made.with_columns(_aside=marks.cast(pl.Categorical)).lazy())

    def settled(self, frame: Frame, made: Sequence[str]) -> Frame:
        """Stream through the rows and keep what was made of them: numbers and flags, no texts of the export."""
        native: pl.LazyFrame = frame.to_native()
        numbered = native.select(made)
        # The texts here are few and often repeated: scores, days, names of waves and files.
        texts = [name for name, kind in numbered.collect_schema().items() if kind == pl.String]
        coded = {name: pl.col(name).cast(pl.Categorical(pl.Categories.random())) for name in texts}
        return lazy(numbered.with_columns(**coded).collect(engine="streaming").lazy())

    def rejoined(self, source: Frame, made: Frame) -> Frame:
        """Read the rows again beside the columns: both are in the order of the table."""
        extra: pl.LazyFrame = made.to_native()
        known = set(source.collect_schema().names())
        beside = extra.select(pl.exclude(*known)).with_columns(pl.col(pl.Categorical).cast(pl.String))
        return lazy(pl.concat([source.to_native(), beside], how="horizontal"))

    def instant(self, seconds: nw.Expr) -> nw.Expr:
        """Cast microseconds."""
        return (seconds * 1_000_000).cast(nw.Datetime("us", "UTC"))

    def table(self, rows: Rows, schema: Mapping[str, Any]) -> Frame:
        """Make a lazy frame."""
        types = {name: pl.Int64 if kind is nw.Int64 else pl.String for name, kind in schema.items()}
        return lazy(pl.DataFrame(rows, schema=types, orient="row").lazy())


def _of_code(codes: pl.Expr, known: pl.Series, said: pl.Series) -> pl.Expr:
    """What is said of each code; of a missing one, the last that is said."""
    last = cast(int, known.max()) + 1 if len(known) > 1 else 0
    places = pl.repeat(None, last + 1, dtype=said.dtype, eager=True).scatter(known.fill_null(last), said)
    at = codes.cast(pl.UInt32).fill_null(last)
    return at.map_batches(places.gather, return_dtype=said.dtype, is_elementwise=True).alias(said.name)


def _picked(column: str, kind: pl.DataType, meaning: Mapping[Any, int | str | None]) -> pl.Expr:
    """The meaning of each code: a list with a place for every code, from which all rows are picked at once."""
    values = pl.Series(list(meaning.values()), strict=True)
    values = values.cast(pl.Int64) if values.dtype in (pl.Null, pl.Int64) else values
    if values.is_empty():
        return pl.lit(None, dtype=pl.Int64)
    if values.dtype == pl.String:  # few texts stand for all rows
        values = values.cast(pl.Categorical(pl.Categories.random()))
    if isinstance(kind, pl.Categorical):
        keys = pl.Series(list(meaning), dtype=pl.String).cast(kind).to_physical()
        codes, low = pl.col(column).to_physical(), 0
        known = pl.when(codes <= cast(int, keys.max())).then(codes)
    else:
        keys = pl.Series(list(meaning), dtype=pl.Int64)
        codes, low = pl.col(column).cast(pl.Int64), cast(int, keys.min())
        known = pl.when(codes.is_between(low, keys.max())).then(codes - low)
    places = pl.repeat(None, cast(int, keys.max()) - low + 1, dtype=values.dtype, eager=True)
    places = places.scatter(keys - low, values)
    return known.map_batches(places.gather, return_dtype=values.dtype, is_elementwise=True)
