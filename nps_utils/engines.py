"""What each engine does its own way: number rows, hash keys, attach a small table, make a timestamp of seconds.

Everything else in cleaning is one set of Narwhals expressions. Polars is the embedded engine: it is lazy and streams.
Tables of pandas, PyArrow and DuckDB go through it; a Spark table stays on its cluster.
"""

from __future__ import annotations

import functools
import operator
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import narwhals as nw
import polars as pl

Frame = nw.LazyFrame[Any]
Rows = list[dict[str, Any]]


def lazy(native: Any) -> Frame:
    """Wrap a lazy table of any engine."""
    frame: Frame = nw.from_native(native)
    return frame


class Engine(Protocol):
    """The few things that engines do differently."""

    def numbered(self, frame: Frame) -> Frame:
        """Add `_order`: a whole number that is unique and follows the rows of each file."""

    def collect(self, frames: Sequence[Frame]) -> list[Rows]:
        """Run the queries, together where the engine can, and return their (few) rows."""

    def keyed(self, frame: Frame, keys: Mapping[str, Sequence[str]]) -> Frame:
        """Add a column for each key: equal where all columns of the key are equal; a missing cell is a value."""

    def candidates(self, frame: Frame, keys: Sequence[str]) -> Frame:
        """Keep at least the rows that share one of the keys with another row."""

    def marked(self, frame: Frame, aside: Frame) -> Frame:
        """Attach `aside` (`_order`, `_aside`: a reason) to the rows it names."""

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
            key = native.select(name).collect()[name]
            twice = key.is_duplicated() & key.is_not_null()
            kept = twice if kept is None else kept | twice
        rows = native if kept is None else native.filter(pl.lit(kept))
        return lazy(rows.with_columns(pl.col(pl.Categorical).cast(pl.String)).collect().lazy())

    def marked(self, frame: Frame, aside: Frame) -> Frame:
        """Write each reason to the place of its row."""
        rows: pl.DataFrame = aside.to_native().collect()
        made: pl.DataFrame = frame.to_native().collect()
        marks = pl.repeat(None, made.height, dtype=pl.Enum(rows["_aside"].unique()), eager=True)
        marks = marks.scatter(rows["_order"], rows["_aside"].cast(marks.dtype))
        return lazy(made.lazy().with_columns(_aside=pl.lit(marks).cast(pl.String)))

    def settled(self, frame: Frame, made: Sequence[str]) -> Frame:
        """Stream through the rows and keep what was made of them: numbers and flags, no texts of the export."""
        native: pl.LazyFrame = frame.to_native()
        # The texts here are few and often repeated: names of waves and files.
        numbered = native.select(made).with_columns(pl.col(pl.String).cast(pl.Categorical))
        return lazy(numbered.collect(engine="streaming").lazy())

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


class SparkEngine:
    """A Spark session: rows are numbered by file and row, and joined, because they have no order of their own."""

    def __init__(self, session: Any) -> None:
        self._session = session

    def numbered(self, frame: Frame) -> Frame:
        """Number rows by source_file and source_row; both must be there."""
        files = [row["source_file"] for row in self.collect([frame.select("source_file").unique()])[0]]
        code = nw.col("source_file").replace_strict(files, list(range(len(files))), default=None, return_dtype=nw.Int64)
        return frame.with_columns(_order=code * 2**40 + nw.col("source_row").cast(nw.Int64))

    def collect(self, frames: Sequence[Frame]) -> list[Rows]:
        """Run the queries one after the other."""
        return [[row.asDict() for row in frame.to_native().collect()] for frame in frames]

    def keyed(self, frame: Frame, keys: Mapping[str, Sequence[str]]) -> Frame:
        """Write the cells in a row, each with its length, so that no two different rows look the same."""

        def spelled(column: str) -> nw.Expr:
            text = nw.col(column).cast(nw.String)
            return nw.concat_str(text.str.len_chars().cast(nw.String), nw.lit(":"), text).fill_null("-")

        return frame.with_columns(**{key: nw.concat_str(*map(spelled, columns)) for key, columns in keys.items()})

    def candidates(self, frame: Frame, keys: Sequence[str]) -> Frame:  # noqa: ARG002
        """Keep all rows: the cluster groups them."""
        return frame

    def marked(self, frame: Frame, aside: Frame) -> Frame:
        """Join by number."""
        return frame.join(aside, on="_order", how="left")

    def settled(self, frame: Frame, made: Sequence[str]) -> Frame:  # noqa: ARG002
        """Cut the plan: the executors keep the rows, all their columns, and the next steps are planned from there."""
        return lazy(frame.to_native().localCheckpoint(eager=False))

    def rejoined(self, source: Frame, made: Frame) -> Frame:  # noqa: ARG002
        """Return the settled rows: they have all their columns."""
        return made

    def instant(self, seconds: nw.Expr) -> nw.Expr:
        """Cast seconds, which is what Spark's timestamps are made of."""
        # An instant is the same in every zone; Narwhals asks for the one that the session shows times in.
        return seconds.cast(nw.Datetime("us", self._session.conf.get("spark.sql.session.timeZone")))

    def table(self, rows: Rows, schema: Mapping[str, Any]) -> Frame:
        """Make a Spark table."""
        kinds = ", ".join(f"{name} {'long' if kind is nw.Int64 else 'string'}" for name, kind in schema.items())
        values = [tuple(row[name] for name in schema) for row in rows]
        return lazy(self._session.createDataFrame(values, kinds))
