"""Tables whose columns have types (Parquet, Arrow) as tables of text, lazily; see `values` for the rules."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, TypeAlias

import polars as pl
from polars.exceptions import PolarsError

from nps_utils.checks import BadFile
from nps_utils.columns import FOUND
from nps_utils.exports.files.grid import Grid
from nps_utils.exports.files.records import Record
from nps_utils.exports.files.sources import Source
from nps_utils.exports.files.tabular import HEAD_RECORDS
from nps_utils.exports.files.values import BETWEEN, EXACT, json_of, text

# Where `nps new` writes into a snapshot of a database what it was read from.
ORIGIN: Final = "nps_utils.origin"
# A column: its name, how to get it, and its type.
Typed: TypeAlias = tuple[str, pl.Expr, pl.DataType]


def parquet_grid(source: Source) -> Grid:
    """Open a Parquet file: its rows stay on disk until they are asked for.

    Raises
    ------
    BadFile
        It is damaged, encrypted or without rows, or a column holds what has no text.
    """
    whole = source.open() if source.packed else None
    file = source.path if whole is None else io.BytesIO(whole.read())
    try:
        origin = pl.read_parquet_metadata(file).get(ORIGIN)
        lazy = pl.scan_parquet(file, glob=False) if whole is None else pl.read_parquet(file).lazy()
        return typed_grid(source.path, lazy, notes=(origin,) if origin else ())
    except (PolarsError, OSError) as error:
        first = str(error).splitlines()[0]
        raise BadFile(
            f"{source.path} is a Parquet file but damaged or encrypted ({first}). Download or write it again."
        ) from error


def typed_grid(path: Path, lazy: pl.LazyFrame, *, notes: Sequence[str] = ()) -> Grid:
    """Return a lazy frame with typed columns as a grid of text."""
    names, texts = as_texts(path, lazy)
    first = texts.head(HEAD_RECORDS).collect()
    check_rows(path, names, len(first))

    def scan(skip: int) -> pl.LazyFrame:
        return with_places(texts, len(names)).slice(skip - 1)

    return Grid(
        path,
        (Record(0, names, None, None), *records_of(first)),
        len(names),
        scan,
        rounded_columns=rounded(path, lazy),
        notes=tuple(notes),
    )


def as_texts(path: Path, lazy: pl.LazyFrame) -> tuple[list[str], pl.LazyFrame]:
    """Return the names of the columns of a frame, those within columns one by one, and their texts as `c0`, `c1`."""
    columns = flat_columns(path, lazy.collect_schema())
    names = [name for name, _, _ in columns]
    if not names:
        raise BadFile(f"{path} has no columns. Export it again.")
    texts = (_text(path, name, expr, dtype).alias(f"c{at}") for at, (name, expr, dtype) in enumerate(columns))
    return names, lazy.select(texts)


def check_rows(path: Path, names: Sequence[str], rows: int) -> None:
    """Raise `BadFile` for a table without rows."""
    if not rows:
        raise BadFile(f"{path} holds columns ({', '.join(names[:8])}) but no row. Export it again.")


def records_of(first: pl.DataFrame, start: int = 1) -> Iterator[Record]:
    """Yield rows of texts as records, numbered from `start`."""
    return (Record(at, [cell or "" for cell in row], None, None) for at, row in enumerate(first.iter_rows(), start))


def flat_columns(path: Path, schema: Mapping[str, pl.DataType]) -> list[Typed]:
    """Return the columns of a table, those within columns by their names, with how to get them and their types."""
    return [pair for name, dtype in schema.items() for pair in _flat(path, name, pl.col(name), dtype)]


def _flat(path: Path, name: str, expr: pl.Expr, dtype: pl.DataType) -> Iterator[Typed]:
    if isinstance(dtype, pl.Struct):
        for field in dtype.fields:
            yield from _flat(path, f"{name}.{field.name}", expr.struct.field(field.name), _instance(field.dtype))
    else:
        yield name, expr, dtype


def _instance(dtype: object) -> pl.DataType:
    return dtype if isinstance(dtype, pl.DataType) else dtype()  # type: ignore[operator]


def _text(path: Path, name: str, expr: pl.Expr, dtype: pl.DataType) -> pl.Expr:
    if isinstance(dtype, pl.List | pl.Array):
        return _of_list(path, name, expr, dtype)
    if dtype.is_float():
        whole = expr.cast(pl.Int64, strict=False)
        # An infinite number is not whole, and no integer.
        cells = pl.when(whole.cast(dtype) == expr).then(whole.cast(pl.String)).otherwise(expr.cast(pl.String))
        return pl.when(expr.is_not_nan()).then(cells)
    if isinstance(dtype, pl.Decimal):
        cells = expr.cast(pl.String)
        return cells.str.replace(r"\.0+$", "").str.replace(r"(\.\d*?)0+$", "${1}") if dtype.scale else cells
    if isinstance(dtype, pl.Datetime):
        return expr.dt.to_string("%Y-%m-%d %H:%M:%S%.f" + ("%:z" if dtype.time_zone else ""))
    if isinstance(dtype, pl.Duration):
        return expr.dt.to_string()
    if isinstance(dtype, pl.Binary):
        return expr.map_batches(_of_bytes, return_dtype=pl.String)
    if isinstance(dtype, pl.Boolean | pl.Date | pl.Time | pl.Categorical | pl.Enum | pl.Null) or dtype.is_integer():
        return expr.cast(pl.String)
    if isinstance(dtype, pl.String):
        return pl.when(expr != "").then(expr)
    raise BadFile(
        f'{path}, column "{name}": {dtype} has no text of its own. Leave the column out, or write it as text.'
    )


def _of_list(path: Path, name: str, expr: pl.Expr, dtype: pl.List | pl.Array) -> pl.Expr:
    inner = _instance(dtype.inner)
    as_list = expr.arr.to_list() if isinstance(dtype, pl.Array) else expr
    if inner.is_nested():
        return expr.map_batches(_as_json, return_dtype=pl.String)
    parts = as_list.list.eval(_text(path, name, pl.element(), inner).drop_nulls())
    joined = parts.list.join(BETWEEN)
    split = as_list.list.eval(_text(path, name, pl.element(), inner).str.contains(BETWEEN.strip(), literal=True))
    cells = pl.when(split.list.any()).then(expr.map_batches(_as_json, return_dtype=pl.String)).otherwise(joined)
    return pl.when(parts.list.len() > 0).then(cells)


def _as_json(column: pl.Series) -> pl.Series:

    return pl.Series(column.name, [json_of(cell) for cell in column.to_list()], dtype=pl.String)


def _of_bytes(column: pl.Series) -> pl.Series:

    return pl.Series(column.name, [text(cell) or None for cell in column.to_list()], dtype=pl.String)


def with_places(texts: pl.LazyFrame, width: int) -> pl.LazyFrame:
    """Return texts as a grid scans them: with the numbers of their rows, and nothing found wrong with any."""
    nothing = [pl.lit(None, dtype=pl.String).alias(name) for name in FOUND]
    places = texts.with_row_index("source_row", offset=1)
    cells = [pl.col(f"c{at}") for at in range(width)]
    return places.select(*cells, pl.col("source_row").cast(pl.Int64), *nothing)


def rounded(path: Path, lazy: pl.LazyFrame) -> frozenset[int]:
    """Return the columns of floats with whole numbers so large that neighbours have become the same."""
    columns = flat_columns(path, lazy.collect_schema())
    floats = [(at, expr, dtype) for at, (_, expr, dtype) in enumerate(columns) if dtype.is_float()]
    if not floats:
        return frozenset()
    large = [
        (expr.abs() >= (EXACT if dtype == pl.Float64 else 2**24)).any().alias(f"c{at}") for at, expr, dtype in floats
    ]
    found = lazy.select(large).collect(engine="streaming").row(0, named=True)
    return frozenset(at for at, _, _ in floats if found[f"c{at}"])
