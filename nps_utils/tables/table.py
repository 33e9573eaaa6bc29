"""A table as shown on a page: numbers kept whole underneath, written one way on top."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd
from pandas.api.types import is_numeric_dtype

from nps_utils.checks import check_columns
from nps_utils.tables.formats import cell
from nps_utils.tables.glossary import Column, column
from nps_utils.words.markup import in_html, without_mathematics

MAX_ROWS = 40
ONE_LINE = 26  # cells up to this length are not broken into lines


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
        How many rows the page shows; the saved file holds all.

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

    def definitions(self) -> dict[str, str]:
        """Return what each column means, by its name in the saved file."""
        return {str(name): self._column(str(name)).meaning for name in self.data.columns}

    def written(self) -> pd.DataFrame:
        """Return the table as text, as the page shows it."""
        names = list(self.shown if self.shown is not None else self.data.columns)
        check_columns(list(self.data.columns), names, what=f'the table "{self.title}"')
        head = self.data.head(self.limit)
        return pd.DataFrame(
            {self._column(n).label: [cell(v, self._column(n).kind) for v in head[n]] for n in names}, dtype=object
        )

    def __repr__(self) -> str:
        if self.data.empty:
            return f"{self.title}: none"
        return "\n".join(filter(None, [self.title, self.written().to_string(index=False), self._rest()]))

    def _repr_html_(self) -> str:
        if self.data.empty:
            return f"<p>{in_html(self.title)}: none</p>"
        written = self.written()
        names = list(self.shown if self.shown is not None else self.data.columns)
        right = [f"r{i}" for i, name in enumerate(names, 1) if is_numeric_dtype(self.data[name])]
        whole = [f"w{i}" for i, name in enumerate(written, 1) if written[name].map(len).max() <= ONE_LINE]
        body = without_mathematics(
            written.to_html(index=False, border=0, classes=["nps", *right, *whole], justify="left")
        )
        caption = f"<caption>{in_html(self.title)}</caption>"
        opening, _, rest = body.partition(">")
        note = f"<p>{in_html(self._rest())}</p>" if self._rest() else ""
        return f'<div class="nps-table">{opening}>{caption}{rest}{note}</div>'

    def _column(self, name: str) -> Column:
        return self.columns.get(name) or column(name)

    def _rest(self) -> str:
        more = len(self.data) - self.limit
        return f"{more:,} more rows are in the saved table." if more > 0 else ""
