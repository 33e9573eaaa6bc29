"""Whether the answers of a study write the day first: said where the dates of another of its tables do not tell."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import polars as pl

from nps_utils.checks import UndecidedDates
from nps_utils.exports import scan_export
from nps_utils.exports.cells.date_cells import order_of
from nps_utils.exports.cells.day_order import Order
from nps_utils.study.parts import parts_of
from nps_utils.study.settings import Export, Settings
from nps_utils.words.limits import Limit, attempt


@contextmanager
def beside_answers(folder: Path, settings: Settings) -> Iterator[None]:
    """Add the order of the answers' dates to the question after that of a further table."""
    try:
        yield
    except UndecidedDates as error:
        found = (attempt(_order, folder, settings, export) for export, _ in parts_of(folder, settings))
        orders = {order.name for order in found if order is not None and not isinstance(order, Limit)}
        if len(orders) != 1:
            raise
        name = orders.pop()
        value = str(name == "day first").lower()
        raise UndecidedDates(
            f"{error}\nThe answers of this study are written {name}: if this table is too, day_first = {value}."
        ) from error


def _order(folder: Path, settings: Settings, export: Export) -> Order | None:
    columns = {**settings.columns, **export.columns} or None
    lazy, _ = scan_export(folder / export.path, tool=export.tool, columns=columns, sheet=export.sheet)
    if "responded_at" not in lazy.collect_schema().names():
        return None
    days = lazy.select(pl.col("responded_at").cast(pl.String)).collect().to_pandas()
    return order_of({"responded_at": days["responded_at"]}, day_first=export.day_first)
