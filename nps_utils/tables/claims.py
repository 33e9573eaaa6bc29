"""What is printed about NPS beside what follows from it: one table, and the register of claims with what it says."""

from __future__ import annotations

import math
from typing import Final

import pandas as pd

from nps_utils.tables.formats import ABSENT, Kind, cell
from nps_utils.tables.glossary import Column
from nps_utils.tables.table import Table

_SOURCE = Column("Source", "text", "The key of a source in data/reference/sources.csv")
# How numbers of these units are written, those of the others as plain numbers; and what follows them in a sentence.
_KINDS: Final[dict[str, Kind]] = {"NPS": "points", "share": "share", "p": "pvalue", "answers": "count"}
_AFTER: Final = {"%": " %", "% points": " points", "% per point": " % per point", "times": " times"}


def beside(rows: pd.DataFrame, title: str = "Printed beside worked out") -> Table:
    """Show printed numbers beside those that were found; rows as `worked_out` of the claims returns them."""
    words = {
        "about": Column("About", "text", "The claim, by its key in data/reference/claims.csv"),
        "what": Column("What", "text", "The number that is printed, found or both"),
        "printed_as": Column("Printed", "text", "As its source has it"),
        "found_as": Column("Found", "text", "Worked out here, with its interval where it has one"),
        "printed": Column("Printed", "number", "As its source has it, in its unit"),
        "found": Column("Found", "number", "Worked out here, in its unit"),
        "unit": Column("Unit", "text", "Of both numbers"),
        "told": Column("Told", "text", "Whether the register of claims has the number in its sentence"),
        "source": _SOURCE,
    }
    written = rows.assign(
        printed_as=[_written(n, unit) for n, unit in zip(rows["printed"], rows["unit"], strict=True)],
        found_as=[_found(row) for _, row in rows.iterrows()],
    )
    shown = ["about", "what", "printed_as", "found_as", "unit", "source"]
    return Table(written, title, shown=shown, columns=words, open_rows=3)


def register(claims: pd.DataFrame, rows: pd.DataFrame) -> Table:
    """Show what articles claim, the verdict and what the numbers say, from what `register` and `worked_out` return."""
    told = rows[rows["told"]].groupby("about", sort=False)
    numbers = {about: "; ".join(_said(row) for _, row in part.iterrows()) for about, part in told}
    remarks = zip(claims["about"], claims["what_is_so"], strict=True)
    said = [f"{remark}. Worked out: {numbers[about]}" if about in numbers else remark for about, remark in remarks]
    words = {
        "about": Column("About", "text", "The key under which its numbers are worked out"),
        "claim": Column("Claim", "text", "As articles and vendors print it"),
        "source": _SOURCE,
        "verdict": Column("Verdict", "text", "Explained in data/reference/README.md"),
        "numbers": Column("What the numbers say", "text", "A remark, and what was worked out beside what is printed"),
        "page": Column("Page", "text", "The page that goes into it"),
    }
    shown = ["claim", "source", "verdict", "numbers", "page"]
    return Table(claims.assign(numbers=said), "What is claimed", shown=shown, columns=words, open_rows=3)


def _said(row: pd.Series) -> str:
    after, printed = _AFTER.get(row["unit"], ""), _written(row["printed"], row["unit"])
    return f"{row['what']}: {_found(row, after)}" + (f" (printed: {printed}{after})" if printed != ABSENT else "")


def _found(row: pd.Series, after: str = "") -> str:
    found, low, high = (_written(row[name], row["unit"]) for name in ("found", "low", "high"))
    if low == high == ABSENT:
        return f"{found}{after}, without a finite interval" if math.isinf(row["low"]) else f"{found}{after}"
    return f"{found}{after}, 95 % interval {low} to {high}"


def _written(value: float, unit: str) -> str:
    return cell(value, _KINDS.get(unit, "number"))
