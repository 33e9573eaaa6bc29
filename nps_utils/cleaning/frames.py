"""Any data frame in, the same kind out: how a table reaches the engine that cleans it, and how the result returns."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

import narwhals as nw
import pandas as pd
import polars as pl

from nps_utils.checks import BadInput, BadValue, MissingColumn
from nps_utils.cleaning.engines import Engine, Frame, PolarsEngine, lazy
from nps_utils.cleaning.spark_engine import SparkEngine
from nps_utils.columns import TEXTS

APART = "export:"
_WITHOUT_FILE = "table"


@dataclass(frozen=True)
class Opened:
    """A table as the engine sees it.

    `give_back` turns a cleaned frame into the kind of table that came in; a column `_order`, where it is still there,
    names the row each row comes from and is dropped. `counts` says whether rows can be counted without another pass.
    """

    engine: Engine
    frame: Frame
    give_back: Callable[[Frame], Any]
    counts: bool


def open_table(table: Any) -> Opened:
    """Take a table of pandas, Polars, PyArrow, DuckDB or Spark, with its canonical columns as text.

    Raises
    ------
    BadInput
        The table is of another kind.
    MissingColumn
        There is no column `score`, or a Spark table lacks `source_file` or `source_row`.
    """
    if isinstance(table, pd.DataFrame) and not table.columns.is_unique:
        twice = table.columns[table.columns.duplicated()][0]
        raise BadValue(f'the table has two columns "{twice}"; give each column its own name.')
    try:
        frame = nw.from_native(table)
    except TypeError as problem:
        raise BadInput(
            f"A {type(table).__name__} is not a table that can be cleaned; give a data frame of pandas, Polars, "
            "PyArrow, DuckDB or Spark."
        ) from problem
    if "score" not in frame.columns:
        listed = ", ".join(frame.columns[:12])
        raise MissingColumn(f'the table has no column "score"; it has: {listed}. Name the score column with [columns].')
    kind = frame.implementation
    if kind.is_pyspark() or kind.is_pyspark_connect():
        return _spark(table, frame)
    if kind.is_pandas():
        return _pandas(table)
    if kind.is_polars():
        if isinstance(table, pl.LazyFrame):
            return Opened(PolarsEngine(), _prepared(table), lambda done: _finished(done).to_native(), counts=False)
        return _polars(table, lambda done: done)
    if kind.is_pyarrow():
        arrow = pl.from_arrow(table)
        if isinstance(arrow, pl.DataFrame):
            return _polars(arrow, lambda done: done.to_arrow())
    if kind.is_duckdb():
        return _duckdb(table)
    raise BadInput(f"A table of {kind} cannot be cleaned; give one of pandas, Polars, PyArrow, DuckDB or Spark.")


def _finished(frame: Frame) -> Frame:
    """Drop the row number and give the export's columns their own names back."""
    frame = frame.drop("_order", strict=False)
    apart = [name for name in frame.collect_schema().names() if name.startswith(APART)]
    return frame.rename({name: name.removeprefix(APART) for name in apart}) if apart else frame


def _polars(table: pl.DataFrame, back: Callable[[pl.DataFrame], Any]) -> Opened:
    def give_back(done: Frame) -> Any:
        return back(_finished(done).to_native().collect())

    return Opened(PolarsEngine(), _prepared(table.lazy()), give_back, counts=True)


def _duckdb(table: Any) -> Opened:
    def back(done: pl.DataFrame) -> Any:
        import duckdb  # only where a DuckDB relation came in

        return duckdb.from_arrow(done.to_arrow())

    return _polars(table.pl(), back)


def _pandas(table: pd.DataFrame) -> Opened:
    """Send the columns with a meaning through Polars; the others stay in pandas and are picked by position."""
    known = [name for name in table.columns if name in TEXTS or name == "source_row"]
    others = table.drop(columns=known).reset_index(drop=True)
    columns = {str(name): _column(table[name]) for name in known}
    # Rows are identical only if the other columns agree as well: their hash stands for them.
    columns["_others"] = pl.Series(pd.util.hash_pandas_object(others.astype("str"), index=False).to_numpy())
    frame = _prepared(pl.DataFrame(columns).lazy())

    def give_back(done: Frame) -> pd.DataFrame:
        native: pl.DataFrame = done.to_native().collect()
        if "source_row" in native.columns:
            rows = pd.Series(native["source_row"].to_list(), dtype="Int64")
        result = native.drop("_order", "_others", strict=False).to_pandas()
        if "source_row" in native.columns:
            result["source_row"] = rows if result["source_row"].isna().any() else rows.astype("int64")
        for name, kind in native.schema.items():
            if kind == pl.String and name in result.columns:
                result[name] = result[name].astype("str")
        if "_order" not in native.columns:
            return result
        picked = others.take(native["_order"].to_numpy()).reset_index(drop=True)
        return pd.concat([result, picked], axis="columns")

    return Opened(PolarsEngine(), frame, give_back, counts=True)


def _column(series: pd.Series[Any]) -> pl.Series:
    """A pandas column as Polars: text stays text, mixed objects become their text, other types keep their type."""
    if isinstance(series.dtype, pd.CategoricalDtype):
        series = series.astype(series.cat.categories.dtype)
    if series.dtype == object:
        series = series.map(str, na_action="ignore").astype("str")
    return pl.from_pandas(series.reset_index(drop=True), nan_to_null=True)


def _prepared(table: pl.LazyFrame) -> Frame:
    """Make the canonical columns text and see that source_file and source_row are there."""
    schema = table.collect_schema()
    cells = {name: _as_text(name, kind) for name, kind in schema.items() if name in TEXTS and kind != pl.String}
    if "source_file" not in schema:
        cells["source_file"] = pl.lit(_WITHOUT_FILE)
    else:
        cells["source_file"] = cells.get("source_file", pl.col("source_file")).fill_null(_WITHOUT_FILE)
    if "source_row" in schema:
        cells["source_row"] = pl.col("source_row").cast(pl.Int64, strict=False)
        return lazy(table.with_columns(**cells))
    # A table has no header row in it, but people look rows up in the file: its first row is row 2.
    numbered = table.with_row_index("source_row", offset=2)
    return lazy(numbered.with_columns(pl.col("source_row").cast(pl.Int64), **cells))


def _as_text(name: str, kind: pl.DataType) -> pl.Expr:
    column = pl.col(name)
    if isinstance(kind, pl.Datetime):
        if kind.time_zone is None:
            return column.dt.to_string("%Y-%m-%dT%H:%M:%S")
        return column.dt.convert_time_zone("UTC").dt.to_string("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(kind, pl.Date):
        return column.dt.to_string("%Y-%m-%d")
    if isinstance(kind, (pl.List, pl.Struct, pl.Array, pl.Object, pl.Binary)):
        raise BadValue(f'column "{name}" holds {kind}; cells must be text, numbers or dates.')
    return column.cast(pl.String)


def _spark(table: Any, frame: Any) -> Opened:
    for name in ("source_file", "source_row"):
        if name not in frame.columns:
            raise MissingColumn(f'a Spark table has no order of rows, so it needs the column "{name}".')
    cells = []
    for name, kind in frame.collect_schema().items():
        if name in TEXTS and kind != nw.String:
            if isinstance(kind, (nw.Datetime, nw.Date)):
                raise BadValue(f'column "{name}" holds {kind}; on Spark give it as ISO text.')
            cells.append(nw.col(name).cast(nw.String))
    prepared = frame.with_columns(*cells) if cells else frame
    return Opened(SparkEngine(table.sparkSession), prepared, lambda done: _finished(done).to_native(), counts=False)


def set_apart(names: Collection[str]) -> dict[str, str]:
    """Return other names for columns of the export that are named like those that cleaning makes for itself.

    Examples
    --------
    >>> set_apart(["score", "_id", "responded_at:utc", "Country"])
    {'_id': 'export:_id', 'responded_at:utc': 'export:responded_at:utc'}
    """
    own = [name for name in names if name.startswith(("_", "responded_at:", "asked_at:")) and name != "_others"]
    return {name: f"{APART}{name}" for name in own}
