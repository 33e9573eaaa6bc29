"""Money tables with a column for each year, quarter or month: one row for each of them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

import pandas as pd

from nps_utils.checks import MissingColumn, Undecidable
from nps_utils.columns import SOURCE
from nps_utils.exports.cells.month_names import month_number
from nps_utils.exports.cells.whole_periods import whole_period
from nps_utils.exports.side_tables import rename, says_amount
from nps_utils.revenue.reading.ledger import with_source

_EPOCH: Final = dt.date(1970, 1, 1)
_YEAR: Final = re.compile(r"(?:19|20)\d{2}")
# What stands before or behind a period and says nothing more.
_PLAIN: Final = frozenset({"fy", "year", "år", "jaar", "jahr", "regnskabsår", "regnskapsår"})
_MONTHS: Final = 3  # so many names of months without a year are columns of months
_SHOWN: Final = 4


class Span(NamedTuple):
    """The months of a period, the last included, as numbers that count up."""

    first: int
    last: int

    @property
    def name(self) -> str:
        """The period as study.toml may call it: 2026, 2026-Q1 or 2026-03."""
        year, month = divmod(self.first, 12)
        many = self.last - self.first + 1
        return f"{year}" if many == 12 else f"{year}-Q{month // 3 + 1}" if many == 3 else f"{year}-{month + 1:02d}"


def years_as_rows(table: pd.DataFrame, columns: Mapping[str, str]) -> pd.DataFrame:
    """Return one row per account and period from a table with a column per year, quarter or month.

    Examples
    --------
    >>> wide = pd.DataFrame({"account_id": ["7"], "2025": ["300"], "Q1 2026": ["90"], "Apr 2026": ["31"]})
    >>> years_as_rows(wide, {})[["period_start", "period_end", "amount"]].to_numpy().tolist()
    [['2025-01-01', '2025-12-31', '300'], ['2026-01-01', '2026-03-31', '90'], ['2026-04-01', '2026-04-30', '31']]
    """
    told = {period: header for period, header in columns.items() if _span(period)}
    table = rename(
        table, {k: v for k, v in columns.items() if k not in told}, ("account_id", "currency", "revenue_type")
    )
    if told:
        found = {header: span for period, header in told.items() if (span := _span(period))}
    else:
        found = period_headers([str(header) for header in table.columns if str(header) not in SOURCE])
    table = with_source(table)
    keep = [c for c in ("account_id", "currency", "revenue_type", "source_file", "source_row") if c in table.columns]
    parts = [
        table[keep].assign(amount=table[header], period_start=_day(span.first), period_end=_day(span.last + 1, -1))
        for header, span in found.items()
    ]
    rows = pd.concat(parts).sort_values("source_row", kind="stable").reset_index(drop=True)
    return rows[_while_customer(rows)].reset_index(drop=True)


def _while_customer(rows: pd.DataFrame) -> pd.Series[bool]:
    """Say which cells lie between the first and the last amount of their row; those of a row without any are all kept.

    Before an account came and after it left there is nothing to say. A gap in between is a month that is missing.
    """
    cells = rows["amount"]
    filled = cells.notna() & (cells.astype("str").str.strip() != "")
    of_row = filled.groupby(rows["source_row"], sort=False)
    so_far, in_all = of_row.cumsum(), of_row.transform("sum")
    return (so_far > 0) & (filled | (so_far < in_all)) | (in_all == 0)


def period_headers(headers: Sequence[str]) -> dict[str, Span]:
    """Return the period of each column that holds the amounts of one.

    Raises
    ------
    MissingColumn
        No header names a period, or months without their year.
    Undecidable
        Two columns are of the same time, or it is not said that a column of a period holds revenue.

    Examples
    --------
    >>> {header: span.name for header, span in period_headers(["Kunde", "2025", "Jan 2026", "Q2 2026"]).items()}
    {'2025': '2025', 'Jan 2026': '2026-01', 'Q2 2026': '2026-Q2'}
    """
    parted = {header: found for header in headers if (found := _parted(header))}
    if not parted:
        raise _no_period(headers)
    wordings = {re.sub(r"[\W_]", "", rest).casefold() for _, rest in parted.values()}
    strange = [] if len(wordings) == 1 else [header for header, (_, rest) in parted.items() if not _says_amount(rest)]
    if strange:
        spans = {header: span for header, (span, _) in parted.items()}
        raise Undecidable(
            f"{_listed(strange)}: named after a period, and nothing says that it is revenue."
            f" {_say_which(spans, list(parted))}"
        )
    return _without_totals({header: span for header, (span, _) in parted.items()})


def looks_laid_out_so(headers: Sequence[str]) -> bool:
    """Say whether a table has columns of periods: two that name one, or months without their year."""
    return sum(_parted(header) is not None for header in headers) > 1 or bool(_months(headers))


def _without_totals(found: dict[str, Span]) -> dict[str, Span]:
    """Leave out the year beside its months; refuse columns of which one is part of another."""
    kept = dict(found)
    for header, span in found.items():
        within = [other for other in found.values() if _holds(span, other)]
        if sum(other.last - other.first + 1 for other in set(within)) == span.last - span.first + 1:
            del kept[header]
    for span in kept.values():
        same = [other for other, its in kept.items() if its.first <= span.last and span.first <= its.last]
        if len(same) > 1:
            parts = [other for other in kept if not any(_holds(kept[other], its) for its in kept.values())]
            raise Undecidable(
                f"columns {_listed(same)} all name {span.name} or a part of it. {_say_which(kept, parts)}"
            )
    return kept


def _holds(whole: Span, part: Span) -> bool:
    return whole != part and whole.first <= part.first and part.last <= whole.last


def _parted(header: str) -> tuple[Span, str] | None:
    """Return the period that a header names and what else it says, or None where it names none."""
    text = re.sub(r"[\s_]+", " ", header).strip()
    if whole := _span(text):
        return whole, ""
    words = re.split(r"\s*[\s(),:;]\s*|(?<=\D)-(?=\d)|(?<=\d)-(?=[^\W\d])", text)
    words = [word for word in words if word]
    # The longest part that is a period: "Revenue Jan 2025" is of January, not of 2025.
    for length in range(len(words), 0, -1):
        for at in range(len(words) - length + 1):
            if span := _span(" ".join(words[at : at + length])):
                return span, " ".join([*words[:at], *words[at + length :]])
    year = next((match for match in re.finditer(r"(?<!\d)(?:19|20)\d{2}(?!\d)", text)), None)
    if year is None:
        return None
    return Span(12 * int(year[0]), 12 * int(year[0]) + 11), f"{text[: year.start()]} {text[year.end() :]}".strip()


def _says_amount(rest: str) -> bool:
    return rest.strip(" ._-").casefold() in _PLAIN or says_amount(rest)


def _span(text: str) -> Span | None:
    if not re.search(r"\d", text):
        return None
    days = whole_period(text)
    if days is None:
        return None
    first, last = (_EPOCH + dt.timedelta(days=day) for day in days)
    return Span(12 * first.year + first.month - 1, 12 * last.year + last.month - 1)


def _day(month: int, days: int = 0) -> str:
    return (dt.date(month // 12, month % 12 + 1, 1) + dt.timedelta(days=days)).isoformat()


def _listed(headers: Sequence[str]) -> str:
    return ", ".join(f'"{header}"' for header in headers)


def _say_which(spans: Mapping[str, Span], headers: Sequence[str]) -> str:
    once = {spans[header].name: header for header in reversed(headers)}  # a key stands once, its first column
    lines = ", ".join(f'{name} = "{header}"' for name, header in sorted(once.items())[:_SHOWN])
    more = ", ..." if len(once) > _SHOWN else ""
    return (
        "Say under [revenue] in study.toml which columns are revenue, and of which year, quarter or month; only those"
        f" are read: columns = {{ {lines}{more} }}."
    )


def _months(headers: Sequence[str]) -> dict[str, int]:
    """Return the headers that are the name of a month and nothing else, where they are several."""
    named = {header: number for header in headers if (number := month_number(header.strip()))}
    return named if len(named) >= _MONTHS else {}


def _no_period(headers: Sequence[str]) -> MissingColumn:
    if months := _months(headers):
        lines = ", ".join(f'"...-{number:02d}" = "{header}"' for header, number in list(months.items())[:_SHOWN])
        more = ", ..." if len(months) > _SHOWN else ""
        return MissingColumn(
            f"columns {_listed(list(months)[:_SHOWN])}{more} are months, and no header says of which year. Say it under"
            f' [revenue] in study.toml, beside layout = "years", for all {len(months)}: columns = {{ {lines}{more} }},'
            " with the year in place of the dots."
        )
    return MissingColumn(
        f"no header of the revenue table names a year, such as 2024; it has: {', '.join(headers)}."
        ' Say under [revenue] in study.toml which is of which year: columns = { 2024 = "..." }; rows with a period of'
        ' their own: layout = "periods".'
    )
