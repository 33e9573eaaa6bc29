"""Money tables: one row per account and period of revenue, every row of the file kept or accounted for."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, Final, Literal, TypeAlias

import pandas as pd

from nps_utils.checks import BadValue, check_choice
from nps_utils.exports.cells.amounts import DecimalMark, account_ids, amounts
from nps_utils.exports.cells.date_cells import dates, order_of
from nps_utils.exports.side_tables import missing, rename
from nps_utils.revenue.reading.ledger import as_ledger, empty_ledger, entries, noted, with_source
from nps_utils.revenue.reading.period_ends import RHYTHMS, ends_by_rhythm
from nps_utils.revenue.reading.repeated_periods import Repeated, without_repeats, without_shared_days
from nps_utils.revenue.reading.years import looks_laid_out_so, years_as_rows

Layout: TypeAlias = Literal["periods", "years"]

MONEY: Final = ("account_id", "period_start", "period_end", "amount", "currency", "revenue_type", "source_row")
RevenueType: TypeAlias = Literal["recurring", "one_off"]
# As letters only, in the languages of the exports.
_RECURRING: Final = {
    "recurring", "subscription", "mrr", "arr", "recurringrevenue", "abonnement", "abonnemang", "prenumeration",
    "løpende", "løbende", "löpande", "återkommande", "tilbagevendende", "terugkerend", "doorlopend",
}  # fmt: skip
_ONE_OFF: Final = {
    "oneoff", "onetime", "nonrecurring", "purchase", "order", "single", "service", "engangs", "engång", "engångs",
    "engangsbeløb", "engangsbeløp", "engångsbelopp", "eenmalig", "einmalig",
}  # fmt: skip
# In types: whatever is not named there.
_ALL_OTHERS: Final = "*"
_MOST_SHOWN: Final = 8
_OF_A_DAY: Final = (
    "amounts of a single day were taken as purchases (one_off): what a year brings at such a rate is not known. If they"
    ' are paid for longer, name the column of their ends: columns = { period_end = "..." } under [revenue].'
)


def read_money(
    table: pd.DataFrame,
    *,
    layout: Layout = "periods",
    columns: Mapping[str, str] | None = None,
    currency: str | None = None,
    day_first: bool | None = None,
    decimal: DecimalMark | None = None,
    repeated: Repeated = "error",
    types: Mapping[str, RevenueType] | None = None,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Read a revenue table and say what happened to each of its rows.

    Negative amounts (refunds, credit notes) are kept and flagged. Currencies stay as they are: they are mixed by nobody
    until `one_currency` is asked to.

    Parameters
    ----------
    table
        Text or typed columns. `periods`: account_id, period_start, period_end, amount, and if there are any: currency,
        revenue_type (recurring | one_off), source_file, source_row. `years`: account_id and a column per year,
        quarter or month.
    columns
        Our name -> the header in the file, where the header is not recognised (`years`: "2024" -> header).
    currency
        The currency of rows that do not say theirs.
    day_first, decimal
        How dates and amounts are written, where the columns do not decide it themselves.
    repeated
        What to do with recurring periods of one account and currency that are given twice or overlap: refuse (`error`),
        add them up (`sum`: several contracts at a time), or reject copies that agree in every column (`drop`).
    types
        Which kind of revenue the words of `revenue_type` stand for, such as `{"Faktura": "recurring"}`; `"*"` is
        whatever is not named.

    Returns
    -------
    money
        account_id (text), period_start, period_end (both days included), amount, currency, revenue_type, source_row.
    ledger
        source_file, source_row, action (rejected | flagged | noted), reason, value, comment. Rows in are rows of money
        plus rejected rows (for `years`: cells instead of rows, without
        the empty ones before an account's first amount and after its last).

    Raises
    ------
    MissingColumn, BadValue, Undecidable
        A column is missing, a revenue type unknown, periods overlap, or dates or amounts can be read in two ways.

    Examples
    --------
    >>> table = pd.DataFrame({"account_id": ["7.0"], "2023": ["100"], "2024": ["-20"]})
    >>> money, ledger = read_money(table, layout="years")
    >>> money[["account_id", "amount"]].to_numpy().tolist(), ledger["reason"].tolist()
    ([['7', 100.0], ['7', -20.0]], ['negative_amount', 'id_from_float', 'no_currency', 'no_revenue_type'])
    """
    check_choice("layout", layout, ("periods", "years"))
    check_choice("repeated", repeated, ("error", "sum", "drop"))
    if table.empty:
        raise BadValue("the revenue table has no rows.")
    rows = years_as_rows(table, columns or {}) if layout == "years" else rename(table, columns or {}, MONEY[:6])
    if lacks := [name for name in ("account_id", "period_start", "amount") if name not in rows.columns]:
        raise missing(lacks, rows, wide=looks_laid_out_so(list(map(str, table.columns))))
    rows = with_source(rows)
    read, notes = _read(rows, currency=currency, day_first=day_first, decimal=decimal, types=types or {})
    reason = _rejection(read, rows, with_end="period_end" in rows.columns)
    kept = read[reason == ""].reset_index(drop=True)
    ledger = [entries(rows, reason != "", "rejected", reason, rows["amount"]), notes]
    ledger.insert(1, _flagged(kept))
    if kept.empty:
        counts = ", ".join(f"{n:,} for {str(why).replace('_', ' ')}" for why, n in reason.value_counts().items())
        raise BadValue(
            f"none of the {len(rows):,} rows of the revenue table can be used: {counts}; the first is row"
            f" {_shown(rows.iloc[0], reason.iloc[0])}"
        )
    kept, more = without_shared_days(kept)
    ledger.append(more)
    kept, more = without_repeats(kept, repeated)
    ledger.append(more)
    return kept.loc[:, list(MONEY)].reset_index(drop=True), as_ledger(ledger)


def _shown(first: pd.Series[Any], why: str) -> str:
    """Return the number of a row that cannot be used, why not, and what it holds."""
    said = f"{first['source_row']} ({why.replace('_', ' ')}, its amount is {first['amount']!r})."
    if why != "unreadable_date":
        return said
    start = f"{first['source_row']} (unreadable date, its period_start is {first['period_start']!r})."
    return f"{start} Write a day (2026-03-01), a month (2026-03, marts 2026), a quarter (Q1 2026) or a year (2026)."


def one_currency(
    money: pd.DataFrame, *, currency: str | None = None, rates: Mapping[str, float] | None = None
) -> pd.DataFrame:
    """Return the amounts in one currency; two are never added up without rates.

    Parameters
    ----------
    currency
        The currency wanted; needed with `rates` only.
    rates
        What one unit of each currency is worth in the wanted one, e.g. `{"EUR": 11.2, "SEK": 1.0}`.

    Raises
    ------
    BadValue
        Several currencies (a row without one beside named ones counts) and no rates, or a rate is missing.

    Examples
    --------
    >>> two = pd.DataFrame({"amount": [1.0, 10.0], "currency": ["EUR", "SEK"]})
    >>> one_currency(two, currency="SEK", rates={"EUR": 11.2, "SEK": 1})["amount"].tolist()
    [11.2, 10.0]
    """
    seen = money["currency"].fillna("(none)").value_counts()
    if len(seen) == 1 and rates is None:
        return money
    if rates is None:
        listed = ", ".join(f"{name} in {rows:,} rows" for name, rows in seen.items())
        raise BadValue(f"revenue is in {len(seen)} currencies: {listed}. {_rates_needed(list(seen.index))}")
    if currency is None:
        raise BadValue("rates are given without the currency they lead to; give currency.")
    for name in seen.index:
        if name not in rates or not rates[name] > 0:
            raise BadValue(f"no rate above zero for {name}; rates are given for: {', '.join(rates)}.")
    rate = money["currency"].fillna("(none)").map(dict(rates)).astype(float)
    return money.assign(amount=money["amount"] * rate, currency=currency)


def _rates_needed(codes: list[str]) -> str:
    """Return what to write where revenue is in several currencies; what a currency is worth only its owner knows."""
    named = [code for code in codes if code != "(none)"]
    base, others = named[0], named[1:]
    if not others:
        return (
            f'Rows without a currency: if they are in {base}, write under [revenue] in study.toml: currency = "{base}".'
        )
    keys = [code if re.fullmatch(r"[A-Za-z]+", code) else f'"{code}"' for code in others]
    listed = ", ".join(f"{key} = ..." for key in keys)
    return (
        f'Write under [revenue] in study.toml currency = "{base}" and rates = {{ {listed} }}, with what one'
        f" {' and one '.join(others)} is worth in {base} in place of the dots; or keep the rows of one currency."
    )


def _read(
    rows: pd.DataFrame,
    *,
    currency: str | None,
    day_first: bool | None,
    decimal: DecimalMark | None,
    types: Mapping[str, RevenueType],
) -> tuple[pd.DataFrame, pd.DataFrame]:
    ids, restored = account_ids(rows["account_id"])
    number, written = amounts(rows["amount"], decimal=decimal)
    days = {name: rows[name] for name in ("period_start", "period_end") if name in rows.columns}
    order = order_of(
        days, day_first=day_first, what="the revenue table", told_for="this table, under [revenue] in study.toml"
    )
    day_first = order.day_first if order else None
    start = dates(rows["period_start"], name="period_start", day_first=day_first)
    end, length = ends_by_rhythm(start, ids)
    last = dates(rows["period_start"], name="period_start", day_first=day_first, month="last")
    if (last > start)[start.notna()].all():
        end, length = last, "the period its start names"
    if "period_end" in rows.columns:
        length = ""
        end = dates(rows["period_end"], name="period_end", day_first=day_first, month="last")
    code = rows["currency"].astype("str").str.strip().str.upper() if "currency" in rows.columns else written
    code = code.where(code != "").fillna(written).astype("str")
    notes = [noted(rows, "dates", order.name, order.reason)] if order else []
    if length:
        comment = f"no ends are given; accounts have a row for {length}, so each row was taken as one."
        if length not in RHYTHMS.values():
            comment = "no ends are given; each row was taken as the whole month, quarter or year that it names."
        notes.append(noted(rows, "no_period_end", len(rows), comment))
    if restored:
        notes.append(noted(rows, "id_from_float", restored, 'ids such as "123.0" were read as 123.'))
    if code.isna().any():
        comment = f"rows without a currency were taken as {currency}." if currency else "no currency is given."
        notes.append(noted(rows, "no_currency", int(code.isna().sum()), comment))
        code = code.fillna(currency) if currency else code
    if "revenue_type" in rows.columns:
        kind = _revenue_types(rows["revenue_type"], types)
    else:
        kind = pd.Series(types.get(_ALL_OTHERS, "recurring"), index=rows.index)
    of_a_day = (start == end) & (kind == "recurring")
    longer = ((end > start) & (kind == "recurring")).any()
    told = "revenue_type" in rows.columns or _ALL_OTHERS in types
    if of_a_day.any() and (longer or not told):
        kind = kind.mask(of_a_day, "one_off")
        notes.append(noted(rows, "single_days", int(of_a_day.sum()), _OF_A_DAY))
    if not told and (kind == "recurring").any():
        comment = f"all{' other' if of_a_day.any() else ''} revenue was taken as recurring."
        notes.append(noted(rows, "no_revenue_type", len(rows), comment))
    read = pd.DataFrame(
        {"account_id": ids, "period_start": start, "period_end": end, "amount": number, "currency": code}
    ).assign(revenue_type=kind, source_file=rows["source_file"], source_row=rows["source_row"])
    return read, pd.concat(notes) if notes else empty_ledger()


def _revenue_types(cells: pd.Series[str], types: Mapping[str, RevenueType]) -> pd.Series[str]:
    """Return recurring or one_off for each cell: as study.toml says, else by its word."""
    told = {_flat(word): kind for word, kind in types.items() if word != _ALL_OTHERS}
    known = {**dict.fromkeys(_RECURRING, "recurring"), **dict.fromkeys(_ONE_OFF, "one_off"), **told}
    codes, different = pd.factorize(cells)  # each word is read once; a missing cell has the code -1: the last
    each = pd.Series([*different, None], dtype="object").map(_flat).map(known)
    kinds: pd.Series[str] = pd.Series(each.array[codes], index=cells.index, name=cells.name)
    if _ALL_OTHERS in types:
        kinds = kinds.fillna(types[_ALL_OTHERS])
    if kinds.isna().any():
        strange = cells[kinds.isna()].fillna("").astype(str).str.strip().value_counts()
        words = [*strange.index[:_MOST_SHOWN], *([_ALL_OTHERS] if len(strange) > _MOST_SHOWN else [])]
        listed = ", ".join(f'{json.dumps(word, ensure_ascii=False)} = "recurring"' for word in words)
        shown = ", ".join(f'"{word}" in {rows:,}' for word, rows in strange.head(_MOST_SHOWN).items())
        raise BadValue(
            f"revenue_type is neither recurring nor one_off in {int(strange.sum()):,} of {len(cells):,} rows: {shown}."
            f' Say under [revenue] in study.toml which each is: types = {{ {listed} }}, with "one_off" in the place'
            ' of "recurring" where it does not come again every period.'
        )
    return kinds


def _flat(word: object) -> str:
    return re.sub(r"[\W_]", "", word).casefold() if isinstance(word, str) else ""


def _rejection(read: pd.DataFrame, rows: pd.DataFrame, *, with_end: bool) -> pd.Series[str]:
    """Return the first reason why a row cannot be used, "" where it can."""

    def empty(name: str) -> pd.Series[bool]:
        return rows[name].isna() | (rows[name].astype("str").str.strip() == "")

    tests: list[tuple[str, pd.Series[bool]]] = [
        ("missing_account", read["account_id"].isna()),
        ("missing_amount", empty("amount")),
        ("unreadable_amount", read["amount"].isna()),
        ("missing_date", empty("period_start") | (empty("period_end") if with_end else False)),
        ("unreadable_date", read["period_start"].isna() | read["period_end"].isna()),
        ("end_before_start", read["period_end"] < read["period_start"]),
    ]
    reason = pd.Series("", index=read.index, dtype="str")
    for name, wrong in reversed(tests):
        reason = reason.where(~wrong.astype(bool), name)
    return reason


def _flagged(kept: pd.DataFrame) -> pd.DataFrame:
    negative = kept["amount"] < 0
    return entries(kept, negative, "flagged", "negative_amount", kept["amount"], "a refund or credit; kept as it is.")
