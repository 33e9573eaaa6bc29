"""What was recognised of a grid so far: its tool, its columns, which is which, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from nps_utils.exports.headers import Column
from nps_utils.exports.tools.tool import Tool, key
from nps_utils.exports.wording import EMPLOYER

# What a spreadsheet's rounding ruins.
IDS: Final = frozenset({"response_id", "respondent_id", "account_id"})
ColumnNames: TypeAlias = Mapping[str, str | Sequence[str]]


@dataclass
class Found:
    """The columns recognised so far, each with its reason."""

    tool: Tool
    columns: list[Column]
    header_rows: int
    chosen: dict[str, tuple[Column, ...]] = field(default_factory=dict)
    reasons: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    offers: dict[str, str] = field(default_factory=dict)
    rounded: set[int] = field(default_factory=set)
    replies: set[int] = field(default_factory=set)
    nulls: tuple[str, ...] = ()
    timezone: str | None = None
    begun: Column | None = None
    progress: Column | None = None
    deleted: Column | None = None
    measured: Column | None = None
    nowhere: set[str] = field(default_factory=set)
    unread_date: str | None = None

    @property
    def of_employees(self) -> bool:
        """Whether the question is about an employer: those who answer it are no customers."""
        return any(EMPLOYER.search(column.wording) or EMPLOYER.search(column.name) for column in self.chosen["score"])

    def take(self, canonical: str, column: Column | Sequence[Column], why: str) -> None:
        """Use a column, and remember why."""
        self.chosen[canonical] = (column,) if isinstance(column, Column) else tuple(column)
        self.reasons.append(why)

    @property
    def free(self) -> list[Column]:
        """The columns not used yet."""
        used = {column.at for columns in self.chosen.values() for column in columns}
        return [column for column in self.columns if column.at not in used]

    @property
    def answering(self) -> list[Column]:
        """The columns not used yet that may be of the answer: what was replied to it is not."""
        return [column for column in self.free if column.at not in self.replies]

    def candidates(self, canonical: str) -> list[Column]:
        """Return the columns that may become a canonical one: rounded numbers become no ids."""
        return [column for column in self.answering if canonical not in IDS or column.at not in self.rounded]


def finishing_column(found: Found) -> Column | None:
    """Return the column that the tool fills when an answer is finished, unless another one says what is."""
    marks = {key(name) for name in found.tool.finished_by}
    return None if "finished" in found.chosen else next((c for c in found.columns if c.key in marks), None)
