"""Cleaning of a Spark table, where it lies: no row leaves the cluster but those that are counted or shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import narwhals as nw

from nps_utils.cleaning.cut_dates import AFTER_DAY, AROUND, FRACTION, NUMBER, TIMED_DAY
from nps_utils.cleaning.engines import Facts, Frame, Meanings, Rows, lazy
from nps_utils.exports.cells.dates import EXCEL, UNIX, UNIX_MILLI

# Up to so many rows that are set aside are sent to every executor of a cluster: some 40 MB.
_SENT: Final = 1_000_000
# Up to so many rows that may repeat another are compared in one part of a Spark table.
_TOGETHER: Final = 200_000


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
        frame = frame.with_columns(_cell=nw.col(column).str.strip_chars(AROUND))
        cell = nw.col("_cell")
        number = nw.when(cell.str.contains(NUMBER)).then(cell).cast(nw.Float64)
        seen = number.is_between(*EXCEL, closed="left")
        for span in (UNIX, UNIX_MILLI):
            seen = seen | number.is_between(*span, closed="left")
        timed = cell.str.contains(TIMED_DAY)
        frame = frame.with_columns(nw.when(seen).then(number).alias(f"{column}:number"), _timed=timed)
        whole = nw.when(nw.col(f"{column}:number").is_null()).then(cell)
        head, tail = (cell.str.replace_all(part, "") for part in (f"{AFTER_DAY}.*$", f"^[^{AFTER_DAY[1:]}*"))
        return frame.with_columns(
            nw.when(nw.col("_timed")).then(head).otherwise(whole).alias(f"{column}:day"),
            nw.when(nw.col("_timed")).then(tail.str.replace_all(FRACTION, "$1$2")).alias(f"{column}:clock"),
        ).drop("_cell", "_timed")

    def of_texts(self, frame: Frame, facts: Facts) -> Frame:
        """Say it of every row."""
        return frame.with_columns(**{name: said for told in facts.values() for name, said in told.items()})

    def looked_up(self, frame: Frame, column: str, meanings: Meanings) -> Frame:
        """Join a small table."""
        keys = list(dict.fromkeys(key for meaning in meanings.values() for key in meaning))
        rows = [{column: key} | {name: meaning.get(key) for name, meaning in meanings.items()} for key in keys]
        kinds = {column: [*keys, ""], **{name: list(meaning.values()) for name, meaning in meanings.items()}}
        schema = {name: nw.String if _has_text(values) else nw.Int64 for name, values in kinds.items()}
        if keys and not isinstance(keys[0], str):
            schema[column] = nw.Int64
        return lazy(frame.to_native().join(_sent_to_all(self.table(rows, schema).to_native()), column, "left"))

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
        found = native.join(rows, "_order", "left_semi").localCheckpoint()
        # In one part every way to compare them finds together what it compares; else each would send all rows round.
        return lazy(found.coalesce(1) if found.count() <= _TOGETHER else found)

    def marked(self, frame: Frame, aside: Frame | None) -> Frame:
        """Join by number."""
        if aside is None:
            return frame.with_columns(_aside=nw.lit(None, nw.String))
        # Found once for responses and ledger; else both would search anew.
        found = aside.to_native().localCheckpoint()
        found = _sent_to_all(found) if found.count() <= _SENT else found
        return lazy(frame.to_native().join(found, "_order", "left"))

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


def _sent_to_all(few: Any) -> Any:
    """Let every executor have a small table: Spark does not know that it is small, and would sort both for a join."""
    from pyspark.sql import functions

    return functions.broadcast(few)


def _has_text(values: Sequence[Any]) -> bool:
    return any(isinstance(value, str) for value in values)
