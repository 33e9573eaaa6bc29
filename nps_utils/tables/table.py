"""A table as shown on a page: numbers kept whole underneath, written one way on top, the long of it folded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import pandas as pd
from pandas.api.types import is_numeric_dtype

from nps_utils.checks import check_columns
from nps_utils.tables.formats import ABSENT, cell, count, limits
from nps_utils.tables.glossary import Column, column
from nps_utils.words.markup import in_html, without_mathematics
from nps_utils.words.naming import NAMED, NOT_STATED, named, named_value

MAX_ROWS: Final = 200
MOST_AS_TEXT: Final = 40  # rows in a terminal
OPEN_ROWS: Final = 12  # rows of a page that stand open; the others are folded below them
ONE_LINE: Final = 14  # cells up to this length are not broken into lines
LONG: Final = 60  # cells longer than this are given room
# What these columns say of a row that shows something: such rows stand first where a table is folded.
_SHOWS_NOTHING: Final = ("no evidence", "a side has no answers", "not shown", "–")


@dataclass(frozen=True)
class Table:
    """Tidy numbers with a title and, per column, a label, a way of writing and a meaning.

    Parameters
    ----------
    data
        The numbers, unrounded, one row per thing.
    title
        What the table shows, as a short sentence.
    shown
        The columns on the page, in order; all by default. The saved file holds all.
    columns
        Words for columns that mean something particular here.
    limit
        How many rows the page has; the saved file holds all. Of more than twelve the rows that show something stand
        open and the others are folded below them: by their verdict, else by their adjusted p-value.
    open_rows
        How many rows stand open where there are more; with 0 the whole table is folded under its title.

    Examples
    --------
    >>> Table(pd.DataFrame({"wave": ["2026-Q1"], "nps": [31.25], "n": [1200]}), "Score by wave")
    Score by wave
       Wave   NPS     n
    2026-Q1 +31.2 1,200
    """

    data: pd.DataFrame
    title: str
    shown: Sequence[str] | None = None
    columns: Mapping[str, Column] = field(default_factory=dict)
    limit: int = MAX_ROWS
    open_rows: int = OPEN_ROWS

    def definitions(self) -> dict[str, str]:
        """Return what each column means, by its name in the saved file."""
        return {str(name): self._column(str(name)).meaning for name in self.data.columns}

    def written(self) -> pd.DataFrame:
        """Return the table as text, as the page shows it."""
        names = self._names()
        check_columns(list(self.data.columns), names, what=f'the table "{self.title}"')
        head = self.data.head(self.limit)
        cells = {n: [_told(v, n, self._column(n)) for v in head[n]] for n in names}
        told = {}
        for name, upper in self._on_page():
            if upper is None:
                told[self._column(name).label] = cells[name]
            else:
                told[_interval_label(self._column(name).label)] = self._limits(head, cells, name, upper)
        return pd.DataFrame(told, dtype=object)

    def __repr__(self) -> str:
        if self.data.empty:
            return f"{self.title}: none"
        text = self.written().head(MOST_AS_TEXT).to_string(index=False)
        return "\n".join(filter(None, [self.title, text, self._rest(min(self.limit, MOST_AS_TEXT))]))

    def _repr_html_(self) -> str:
        if self.data.empty:
            return f"<p>{in_html(self.title)}: none</p>"
        written = self.written()
        first, others, told = self._folded(written)
        opened = self._in_html(first, written, self.title)
        note = f"<p>{in_html(self._rest(self.limit))}</p>" if self._rest(self.limit) else ""
        if others.empty:
            return f'<div class="nps-table">{opened}{note}</div>'
        summary = f"<summary>{in_html(told)} ({len(others)})</summary>"
        if first.empty:
            whole = self._in_html(others, written, self.title)
            return f'<div class="nps-table"><details>{summary}{whole}{note}</details></div>'
        rest = self._in_html(others, written, f"{self.title}: {told[0].lower()}{told[1:]}")
        return f'<div class="nps-table">{opened}<details>{summary}{rest}{note}</details></div>'

    def _folded(self, written: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame, str]:
        """Return the rows that stand open, those below them, and what these are called."""
        if not self.open_rows:
            return written.iloc[:0], written, self.title
        if len(written) <= self.open_rows:
            return written, written.iloc[:0], ""
        shows = self._shows_something().head(len(written)).to_numpy()
        if 0 < shows.sum() <= self.open_rows:
            return written[shows], written[~shows], "All other comparisons"
        return written.iloc[: self.open_rows], written.iloc[self.open_rows :], "All other rows"

    def _shows_something(self) -> pd.Series[bool]:
        nothing = pd.Series(False, index=self.data.index)
        if "verdict" in self.data.columns:
            return ~self.data["verdict"].astype("string").fillna("–").str.startswith(_SHOWS_NOTHING).astype(bool)
        if "pvalue_adjusted" in self.data.columns:
            return (self.data["pvalue_adjusted"] < 0.05).astype(bool)
        return nothing

    def _in_html(self, rows: pd.DataFrame, written: pd.DataFrame, caption: str) -> str:
        right = [f"r{i}" for i, (name, _) in enumerate(self._on_page(), 1) if is_numeric_dtype(self.data[name])]
        whole = [f"w{i}" for i, name in enumerate(written, 1) if written[name].map(len).max() <= ONE_LINE]
        long = [f"t{i}" for i, name in enumerate(written, 1) if written[name].map(len).max() > LONG]
        classes = ["nps", *right, *whole, *long]
        body = without_mathematics(rows.to_html(index=False, border=0, classes=classes, justify="left"))
        opening, _, rest = body.partition(">")
        return f"{opening}><caption>{in_html(caption)}</caption>{rest}"

    def _names(self) -> list[str]:
        names = [str(name) for name in (self.shown if self.shown is not None else self.data.columns)]
        if "touchpoint" in names[1:] + names[:-1] and self.data["touchpoint"].eq(NOT_STATED).all():
            names.remove("touchpoint")  # a column that says nothing in every row
        return names

    def _on_page(self) -> list[tuple[str, str | None]]:
        """Return the columns of the page: a lower limit with the upper one beside it is one, the interval."""
        names = self._names()
        pairs: list[tuple[str, str | None]] = []
        for name in names:
            if pairs and pairs[-1][1] is None and self._is_interval(pairs[-1][0], name):
                pairs[-1] = (pairs[-1][0], name)
            else:
                pairs.append((name, None))
        return pairs

    def _limits(self, head: pd.DataFrame, cells: Mapping[str, list[str]], low: str, high: str) -> list[str]:
        """Return the limits of each row; those that are text in the table, or of two kinds, are joined as they are."""
        kind = self._column(low).kind
        if kind == self._column(high).kind and is_numeric_dtype(head[low]) and is_numeric_dtype(head[high]):
            return [limits(float(a), float(b), kind) for a, b in zip(head[low], head[high], strict=True)]
        return [ABSENT if a == b == ABSENT else f"{a} to {b}" for a, b in zip(cells[low], cells[high], strict=True)]

    def _is_interval(self, name: str, after: str) -> bool:
        return name.endswith("low") and after == f"{name[:-3]}high" and self._column(name).label.lower().endswith("low")

    def _column(self, name: str) -> Column:
        return self.columns.get(name) or column(name)

    def _rest(self, limit: int) -> str:
        more = len(self.data) - limit
        return f"{count(more)} more rows are in the saved table." if more > 0 else ""


def titled(title: str, data: pd.DataFrame) -> str:
    """Return a title without the touchpoint, where the table says of none which it is.

    Examples
    --------
    >>> titled("Score by touchpoint and wave", pd.DataFrame({"touchpoint": ["not stated"], "wave": ["2026-Q1"]}))
    'Score by wave'
    """
    unstated = "touchpoint" in data.columns and len(data) and data["touchpoint"].eq(NOT_STATED).all()
    return title.replace(" by touchpoint and ", " by ") if unstated else title


def _interval_label(label: str) -> str:
    """Return what the two columns of limits are called together: `Mean low` and `Mean high` are the `Mean interval`."""
    return f"{label[:-3]}interval" if len(label) > len("low") else "Interval"


def _told(value: object, name: str, kind: Column) -> str:
    """Return a cell as text, and the key of a touchpoint, arm or segment as people write it."""
    text = cell(value, kind.kind)
    if name in NAMED:
        return named(text)
    return named_value(text) if name in ("group", "before", "after") else text
