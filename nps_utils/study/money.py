"""The revenue of a study as study.toml has it read: in one currency where it says the rates, and what its rows lack."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from nps_utils.checks import BadInput, BadValue, MissingColumn
from nps_utils.columns import SOURCE
from nps_utils.exports.cells.amounts import account_ids, amounts
from nps_utils.exports.side_tables import missing, rename
from nps_utils.revenue.reading.periods import MONEY, one_currency
from nps_utils.revenue.reading.read import read_revenue
from nps_utils.revenue.reading.years import looks_laid_out_so
from nps_utils.study.further import part_columns, read_part
from nps_utils.study.order_of_answers import beside_answers
from nps_utils.study.settings import Revenue, Settings
from nps_utils.study.told import Told, so_many

# What a row of money lacks, and the column that study.toml can name for it.
_REASONS = {
    "missing_account": ("no account", "account_id"),
    "missing_amount": ("no amount", "amount"),
    "unreadable_amount": ("an amount that is no number", "amount"),
    "missing_date": ("no date", "period_start"),
    "unreadable_date": ("a date that cannot be read", "period_start"),
    "end_before_start": ("an end before its start", "period_end"),
    "unknown_movement": ("a movement of no known kind", "movement"),
    "no_start": ("an account whose first revenue is not known", ""),
    "after_churn": ("a day after the account left", ""),
    "after_last_day": ("a day after the last one counted", ""),
    "duplicate_row": ("the same content as an earlier row", ""),
}


def money_of(folder: Path, settings: Settings, how: Revenue) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the money of a study and its ledger; see `read_revenue`.

    Raises
    ------
    BadInput
        The table cannot be read, or a rate is missing.
    """
    accounts = read_part(folder, settings, "accounts") if settings.accounts is not None else None
    with beside_answers(folder, settings):
        money, ledger = read_revenue(
            read_part(folder, settings, "revenue"),
            layout=how.layout,
            columns={name: name for name in how.columns if how.layout == "years"},
            accounts=accounts,
            currency=how.currency,
            day_first=how.day_first,
            decimal=how.decimal,
            repeated=how.repeated or "error",
            types=how.types,
        )
    return _converted(money, how), ledger


def is_undated(folder: Path, settings: Settings, how: Revenue) -> bool:
    """Say whether the revenue is one amount per account, without a date."""
    if how.layout != "periods":
        return False
    # Millions of rows that are read for it are not held on to.
    table = read_part(folder, settings, "revenue", part_columns(folder, settings, "revenue"))
    return "period_start" not in rename(table, {}, MONEY[:6]).columns


def undated_amounts(folder: Path, settings: Settings, how: Revenue) -> pd.DataFrame:
    """Return account_id and amount of a revenue table without dates, in one currency.

    Raises
    ------
    BadValue
        There are several currencies and no rates, or several amounts of one account.
    MissingColumn
        There is no column of accounts or amounts.
    """
    table = rename(read_part(folder, settings, "revenue"), {}, MONEY[:6])
    if "amount" not in table.columns or "account_id" not in table.columns:
        # A table that lacks both is more likely one of unknown headers than one amount an account.
        lacks = [name for name in ("account_id", "period_start", "amount") if name not in table.columns]
        none = " Leave out period_start if each account has one amount." if "period_start" in lacks else ""
        wide = looks_laid_out_so(list(map(str, table.columns)))
        raise MissingColumn(str(missing(lacks, table, wide=wide)) + ("" if wide else none))
    number, written = amounts(table["amount"], decimal=how.decimal)
    code = table["currency"].astype("string").str.strip().str.upper() if "currency" in table.columns else written
    code = code.astype("string").fillna(how.currency) if how.currency else code.astype("string")
    money = pd.DataFrame({"account_id": account_ids(table["account_id"])[0], "amount": number, "currency": code})
    used = money.dropna(subset=["account_id", "amount"])
    if how.repeated == "drop":
        used = used.drop_duplicates()
    if how.repeated != "sum":
        _check_one_each(used, table, how)
    return _converted(one_currency(used) if not how.rates and len(used) else used, how)[["account_id", "amount"]]


def _check_one_each(used: pd.DataFrame, table: pd.DataFrame, how: Revenue) -> None:
    """Refuse several amounts of one account that no column tells apart: months of revenue are no one amount."""
    rows = used["account_id"].value_counts()
    several = int((rows > 1).sum())
    if several:
        listed = ", ".join(f'"{header}"' for header in table.columns if header not in (*SOURCE, *MONEY))
        raise BadValue(
            f"{Path(how.path).name}: {several:,} of {len(rows):,} accounts have several rows"
            f" ({rows.index[0]} has {int(rows.iloc[0]):,}), and no column is known to say of when each is"
            f" (others: {listed or 'none'}). Name the column of dates, months or years under [revenue] in study.toml:"
            ' columns = { period_start = "..." }. If they are parts of one amount, as of products: repeated = "sum".'
        )


def _converted(money: pd.DataFrame, how: Revenue) -> pd.DataFrame:
    """Return the amounts in the currency of study.toml, where it says what the others are worth in it."""
    if not how.rates or how.currency is None or money.empty:
        return money
    said = {name.upper(): rate for name, rate in {**how.rates, how.currency: 1.0}.items()}
    codes = money["currency"].fillna("(none)").unique()
    rates = {code: said[code.upper()] for code in codes if code.upper() in said}
    return one_currency(money, currency=how.currency, rates=rates)


def revenue_notes(folder: Path, settings: Settings, how: Revenue) -> tuple[list[Told], set[str]]:
    """Say which revenue cannot be used, and why; and return the accounts that have some."""
    file = Path(how.path).name
    try:
        if is_undated(folder, settings, how):
            money = undated_amounts(folder, settings, how)
            rows = len(read_part(folder, settings, "revenue"))
            lost = rows - len(money)
            said = f"{lost:,} of {rows:,} rows have no account or no readable amount." if lost else ""
            return ([Told(file, "unusable_revenue", said)] if said else []), set(money["account_id"].unique())
        money, ledger = money_of(folder, settings, how)
    except BadInput as error:
        ids = account_ids(read_part(folder, settings, "revenue")["account_id"])[0]
        return [Told(file, "unusable_revenue", str(error))], set(ids.dropna().unique())
    return [*_rejected(file, ledger, kept=len(money)), *_currencies(file, money)], set(money["account_id"].unique())


def _rejected(file: str, ledger: pd.DataFrame, *, kept: int) -> list[Told]:
    """Say for each reason how many rows of money were rejected, with the first of them."""
    lost = ledger[ledger["action"] == "rejected"]
    told = list[Told]()
    for reason, rows in lost.groupby("reason", sort=False):
        words, column = _REASONS.get(str(reason), (str(reason).replace("_", " "), ""))
        first = rows.iloc[0]
        # Where most rows lack it, the column is the wrong one.
        wrong = column and len(rows) > kept
        advice = f' If another column holds it: columns = {{ {column} = "..." }} under [revenue].' if wrong else ""
        value = "empty" if str(first["value"]) in ("", "nan", "None", "<NA>") else f'"{first["value"]}"'
        where = f"the first is row {first['source_row']} ({value})"
        told.append(
            Told(
                file,
                "unusable_revenue",
                f"{so_many(len(rows), 'row', 'rows')} cannot be used for {words}; {where}.{advice}",
            )
        )
    return told


def _currencies(file: str, money: pd.DataFrame) -> list[Told]:
    try:
        one_currency(money)
    except BadValue as error:
        return [Told(file, "currencies", f"so growth and spending are not computed: {error}")]
    return []
