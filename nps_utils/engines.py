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
import numpy as np
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

    def shaped(self, frame: Frame, column: str) -> Frame:
        """Add `shape`: the cell of the column without spaces around it, each digit written as 9."""

    def settled(self, frame: Frame) -> Frame:
        """Return the frame, computed once where the engine would otherwise compute it for every use."""

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
        """Sort each key's hashes and keep the rows of those that occur twice: eight bytes a row, no hash table."""
        narrow: pl.DataFrame = frame.to_native().collect(engine="streaming")
        kept = pl.repeat(value=False, n=narrow.height, dtype=pl.Boolean, eager=True)
        for key in keys:
            hashes = np.sort(narrow[key].drop_nulls().to_numpy())
            twice = np.unique(hashes[1:][hashes[1:] == hashes[:-1]])
            kept |= narrow[key].is_in(pl.Series(twice).implode()).fill_null(value=False)
        return lazy(narrow.filter(kept).lazy())

    def marked(self, frame: Frame, aside: Frame) -> Frame:
        """Look the rows up by number, so that their order stays and the table streams."""
        rows: pl.DataFrame = aside.to_native().collect()
        mark = pl.lit(None, pl.String)
        for (reason,), group in rows.group_by("_aside", maintain_order=True):
            mark = pl.when(pl.col("_order").is_in(group["_order"].implode())).then(pl.lit(reason)).otherwise(mark)
        return lazy(frame.to_native().with_columns(_aside=mark))

    def shaped(self, frame: Frame, column: str) -> Frame:
        """Replace digit by digit, which Polars does four times as fast as by a pattern."""
        shape = pl.col(column).str.strip_chars().str.replace_many([*"012345678"], ["9"] * 9)
        return lazy(frame.to_native().with_columns(shape=shape))

    def settled(self, frame: Frame) -> Frame:
        """Leave the frame lazy: its rows stream, and a shared part runs once within one query."""
        return frame

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

    def shaped(self, frame: Frame, column: str) -> Frame:
        """Replace by a pattern."""
        return frame.with_columns(shape=nw.col(column).str.strip_chars().str.replace_all("[0-9]", "9"))

    def settled(self, frame: Frame) -> Frame:
        """Cut the plan: the executors keep the rows, and the next steps are planned from there."""
        return lazy(frame.to_native().localCheckpoint(eager=False))

    def instant(self, seconds: nw.Expr) -> nw.Expr:
        """Cast seconds, which is what Spark's timestamps are made of."""
        # An instant is the same in every zone; Narwhals asks for the one that the session shows times in.
        return seconds.cast(nw.Datetime("us", self._session.conf.get("spark.sql.session.timeZone")))

    def table(self, rows: Rows, schema: Mapping[str, Any]) -> Frame:
        """Make a Spark table."""
        kinds = ", ".join(f"{name} {'long' if kind is nw.Int64 else 'string'}" for name, kind in schema.items())
        values = [tuple(row[name] for name in schema) for row in rows]
        return lazy(self._session.createDataFrame(values, kinds))
