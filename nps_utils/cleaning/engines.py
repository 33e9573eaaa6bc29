"""What each engine does its own way: number rows, hash keys, attach a small table, make a timestamp of seconds.

Everything else in cleaning is one set of Narwhals expressions. Polars is the embedded engine: it is lazy and streams.
Tables of pandas, PyArrow and DuckDB go through it; a Spark table stays on its cluster.
"""

from __future__ import annotations

import functools
import operator
import string
from collections.abc import Mapping, Sequence
from typing import Any, Protocol, cast

import narwhals as nw
import polars as pl

from nps_utils.exports.cells.dates import EXCEL, SPACES, UNIX, UNIX_MILLI

Frame = nw.LazyFrame[Any]
Rows = list[dict[str, Any]]
# What a distinct text, or a whole number, means: by the name of the column that will hold it.
Meanings = Mapping[str, Mapping[Any, int | str | None]]

_BLANK = f" \t{''.join(SPACES)}"
_AROUND = f"{string.whitespace}{''.join(SPACES)}"
# What ends a day in numbers that has a time behind it; other days ("24 Feb 2015") stay with their time.
_AFTER_DAY = f"[T,{_BLANK}]"
_TIMED_DAY = rf"^[0-9]{{1,4}}[-/.][0-9]{{1,2}}[-/.][0-9]{{2,4}}{_AFTER_DAY}"
# A fraction of a second behind a time of day: there are more of them than rows, and none is read.
_FRACTION = r"^([^0-9]*[0-9]{1,2}[:.][0-9]{2}[:.][0-9]{2})[.,][0-9]{1,9}($|[^0-9])"
# A number as exports write it; not one with an exponent or a sign, which engines would cast as well.
_NUMBER = r"^[1-9][0-9]{4,12}(?:\.[0-9]+)?$"


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
        """Cut at the first character that may end a day."""
        native: pl.LazyFrame = frame.to_native()
        cell, end, number = pl.col("_cell"), pl.col("_end"), pl.col(f"{column}:number")
        seen = number.is_between(*EXCEL, closed="left")
        for span in (UNIX, UNIX_MILLI):
            seen |= number.is_between(*span, closed="left")
        native = native.with_columns(_cell=pl.col(column).str.strip_chars(_AROUND)).with_columns(
            cell.cast(pl.Float64, strict=False).alias(f"{column}:number"), _end=cell.str.find(_AFTER_DAY)
        )
        native = native.with_columns(
            pl.when(seen & cell.str.contains(_NUMBER)).then(number).alias(f"{column}:number"),
            _end=pl.when(cell.str.contains(_TIMED_DAY)).then(end),
        )
        whole = pl.when(number.is_null()).then(cell)
        native = native.with_columns(
            pl.when(end.is_null()).then(whole).otherwise(cell.str.head(end)).alias(f"{column}:day"),
            pl.when(end.is_not_null()).then(cell.str.slice(end)).alias(f"{column}:clock"),
        )
        clock = pl.col(f"{column}:clock")
        # Most times have no fraction, and to look for one costs a quarter of replacing it.
        fractional = pl.when(clock.str.contains(_FRACTION)).then(clock)
        full = pl.coalesce(fractional.str.replace(_FRACTION, "$1$2"), clock)
        native = native.with_columns(full.alias(f"{column}:clock"))
        return lazy(native.drop("_cell", "_end"))

    def looked_up(self, frame: Frame, column: str, meanings: Meanings) -> Frame:
        """Pick from a list by the number that stands for the text."""
        native: pl.LazyFrame = frame.to_native()
        kind = native.collect_schema()[column]
        codes = pl.col(column).to_physical() if isinstance(kind, pl.Categorical) else pl.col(column)
        made = {name: _picked(codes.cast(pl.Int64), kind, meaning) for name, meaning in meanings.items()}
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
            key = native.select(name).collect()[name]
            # Sorting and looking at neighbours is several times quicker than `is_duplicated`.
            ordered = key.drop_nulls().sort()
            twice = key.is_in(ordered.filter(ordered == ordered.shift(1)).unique().implode()).fill_null(value=False)
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


def _picked(codes: pl.Expr, kind: pl.DataType, meaning: Mapping[Any, int | str | None]) -> pl.Expr:
    """The meaning of each code: a list with a place for every code, from which all rows are picked at once."""
    values = pl.Series(list(meaning.values()), strict=True)
    values = values.cast(pl.Int64) if values.dtype in (pl.Null, pl.Int64) else values
    if values.is_empty():
        return pl.lit(None, dtype=pl.Int64)
    keys = pl.Series(list(meaning), dtype=pl.String if isinstance(kind, pl.Categorical) else pl.Int64)
    keys = keys.cast(kind).to_physical().cast(pl.Int64) if isinstance(kind, pl.Categorical) else keys
    low, high = cast(int, keys.min()), cast(int, keys.max())
    places = pl.repeat(None, high - low + 1, dtype=values.dtype, eager=True).scatter(keys - low, values)
    known = pl.when(codes.is_between(low, high)).then(codes - low)
    return known.map_batches(places.gather, return_dtype=values.dtype, is_elementwise=True)


class SparkEngine:
    """A Spark session: rows are numbered by file and row, and joined, because they have no order of their own."""

    def __init__(self, session: Any) -> None:
        self._session = session

    def numbered(self, frame: Frame) -> Frame:
        """Number rows by source_file and source_row; both must be there."""
        files = [row["source_file"] for row in self.collect([frame.select("source_file").unique()])[0]]
        code = nw.col("source_file").replace_strict(files, list(range(len(files))), default=None, return_dtype=nw.Int64)
        return frame.with_columns(_order=code * 2**40 + nw.col("source_row").cast(nw.Int64))

    def cut(self, frame: Frame, column: str) -> Frame:
        """Cut with regular expressions."""
        frame = frame.with_columns(_cell=nw.col(column).str.strip_chars(_AROUND))
        cell = nw.col("_cell")
        number = nw.when(cell.str.contains(_NUMBER)).then(cell).cast(nw.Float64)
        seen = number.is_between(*EXCEL, closed="left")
        for span in (UNIX, UNIX_MILLI):
            seen = seen | number.is_between(*span, closed="left")
        timed = cell.str.contains(_TIMED_DAY)
        frame = frame.with_columns(nw.when(seen).then(number).alias(f"{column}:number"), _timed=timed)
        whole = nw.when(nw.col(f"{column}:number").is_null()).then(cell)
        head, tail = (cell.str.replace_all(part, "") for part in (f"{_AFTER_DAY}.*$", f"^[^{_AFTER_DAY[1:]}*"))
        return frame.with_columns(
            nw.when(nw.col("_timed")).then(head).otherwise(whole).alias(f"{column}:day"),
            nw.when(nw.col("_timed")).then(tail.str.replace_all(_FRACTION, "$1$2")).alias(f"{column}:clock"),
        ).drop("_cell", "_timed")

    def looked_up(self, frame: Frame, column: str, meanings: Meanings) -> Frame:
        """Join a small table."""
        keys = list(dict.fromkeys(key for meaning in meanings.values() for key in meaning))
        rows = [{column: key} | {name: meaning.get(key) for name, meaning in meanings.items()} for key in keys]
        kinds = {column: [*keys, ""], **{name: list(meaning.values()) for name, meaning in meanings.items()}}
        schema = {name: nw.String if _has_text(values) else nw.Int64 for name, values in kinds.items()}
        if keys and not isinstance(keys[0], str):
            schema[column] = nw.Int64
        return frame.join(self.table(rows, schema), on=column, how="left")

    def collect(self, frames: Sequence[Frame]) -> list[Rows]:
        """Run the queries one after the other."""
        return [[row.asDict() for row in frame.to_native().collect()] for frame in frames]

    def keyed(self, frame: Frame, keys: Mapping[str, Sequence[str]]) -> Frame:
        """Write the cells in a row, each with its length, so that no two different rows look the same."""

        def spelled(column: str) -> nw.Expr:
            text = nw.col(column).cast(nw.String)
            return nw.concat_str(text.str.len_chars().cast(nw.String), nw.lit(":"), text).fill_null("-")

        return frame.with_columns(**{key: nw.concat_str(*map(spelled, columns)) for key, columns in keys.items()})

    def candidates(self, frame: Frame, keys: Sequence[str]) -> Frame:
        """Keep the rows with a key whose hash occurs twice: usually a small part, which the next steps read often.

        Otherwise each reason to set rows aside would group all rows anew. Two keys that meet in one hash keep a row too
        many, no more: the steps that follow compare the keys themselves.
        """
        from pyspark.sql import functions

        native = frame.to_native()
        hashes = [
            functions.when(
                functions.col(name).isNotNull(),
                functions.struct(functions.lit(place).alias("key"), functions.xxhash64(name).alias("hash")),
            )
            for place, name in enumerate(keys)
        ]
        spread = native.select(
            "_order", functions.explode(functions.array_compact(functions.array(*hashes))).alias("one")
        )
        spread = spread.select("_order", "one.key", "one.hash")
        twice = spread.groupBy("key", "hash").count().filter(functions.col("count") > 1).select("key", "hash")
        rows = spread.join(twice, ["key", "hash"], "left_semi").select("_order").distinct()
        return lazy(native.join(rows, "_order", "left_semi").localCheckpoint())

    def marked(self, frame: Frame, aside: Frame | None) -> Frame:
        """Join by number."""
        if aside is None:
            return frame.with_columns(_aside=nw.lit(None, nw.String))
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
        kinds = ", ".join(f"`{name}` {'long' if kind is nw.Int64 else 'string'}" for name, kind in schema.items())
        values = [tuple(row[name] for name in schema) for row in rows]
        return lazy(self._session.createDataFrame(values, kinds))


def _has_text(values: Sequence[Any]) -> bool:
    return any(isinstance(value, str) for value in values)
