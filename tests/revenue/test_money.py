"""Money tables: every layout against amounts added up by hand, and every kind of bad row named."""

from __future__ import annotations

import tomllib
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from nps_utils.checks import BadInput, BadValue, MissingColumn, Undecidable
from nps_utils.exports.cells.amounts import account_ids, amounts
from nps_utils.exports.cells.date_cells import dates
from nps_utils.revenue import by_period, growth_table, one_currency, read_money, read_movements, read_revenue
from nps_utils.revenue.at_risk import run_rate
from nps_utils.revenue.calendar import period_numbers

HEADER = ["account_id", "period_start", "period_end", "amount", "currency", "revenue_type"]


def table(*rows: tuple[str | None, ...]) -> pd.DataFrame:
    """Return a table of periods."""
    return pd.DataFrame(list(rows), columns=HEADER)


def test_periods_are_kept_or_accounted_for() -> None:
    """Each unusable row is in the ledger with its own reason and row number; the rest is money."""
    money, ledger = read_money(
        table(
            ("1.0", "2024-01-01", "2024-03-31", "1 200,50", "sek", "Recurring"),
            ("1", "2024-04-01", "2024-06-30", "-100,00", "SEK", "recurring"),
            (None, "2024-01-01", "2024-03-31", "10,0", "SEK", "recurring"),
            ("2", "2024-01-01", "2024-03-31", "ten", "SEK", "recurring"),
            ("2", "2024-01-01", "2024-03-31", "", "SEK", "one-off"),
            ("2", "first of May", "2024-03-31", "10,0", "SEK", "one off"),
            ("2", "", "2024-03-31", "10,0", "SEK", "one_off"),
            ("2", "2024-05-01", "2024-04-30", "10,0", "SEK", "one_off"),
        )
    )
    assert money["account_id"].tolist() == ["1", "1"]
    assert money["amount"].tolist() == [1200.5, -100.0]
    assert money["currency"].tolist() == ["SEK", "SEK"]
    rejected = ledger[ledger["action"] == "rejected"]
    assert dict(zip(rejected["source_row"], rejected["reason"], strict=True)) == {
        4: "missing_account",
        5: "unreadable_amount",
        6: "missing_amount",
        7: "unreadable_date",
        8: "missing_date",
        9: "end_before_start",
    }
    flagged = ledger[ledger["action"] == "flagged"]
    assert flagged[["source_row", "reason", "value"]].to_numpy().tolist() == [[3, "negative_amount", "-100.0"]]
    assert ledger.loc[ledger["reason"] == "id_from_float", "value"].tolist() == ["1"]


def test_kinds_of_revenue_are_told_where_a_column_of_types_is_of_invoices() -> None:
    """What the message says works to the letter; a star is whatever is not named."""
    rows = [
        ("1", "2024-01-01", "2024-01-31", "100", "SEK", "Faktura"),
        ("1", "2024-02-01", "2024-02-29", "-20", "SEK", "Kreditnota "),
        ("2", "2024-01-01", "2024-01-31", "70", "SEK", "Engangs"),
        ("2", "2024-02-01", "2024-02-29", "5", "SEK", ""),
    ]
    with pytest.raises(BadInput) as refused:
        read_money(table(*rows))
    line = str(refused.value).split("types = ")[1].split(" }")[0] + " }"
    types = tomllib.loads(f"types = {line}")["types"]
    assert types == {"Faktura": "recurring", "Kreditnota": "recurring", "": "recurring"}
    assert read_money(table(*rows), types=types)[0]["revenue_type"].tolist() == ["recurring"] * 2 + [
        "one_off",
        "recurring",
    ]
    star = read_money(table(*rows), types={"*": "one_off", "faktura": "recurring"})[0]
    assert star["revenue_type"].tolist() == ["recurring", "one_off", "one_off", "one_off"]
    many = [("1", f"2024-{m:02d}-01", f"2024-{m:02d}-28", "1", "SEK", f"product {m}") for m in range(1, 13)]
    with pytest.raises(BadInput, match=r'"\*" = "recurring" \}'):
        read_money(table(*many))


def test_two_currencies_are_never_added_up_in_silence() -> None:
    """Two currencies, or one and none, are refused by what adds amounts; with rates they add up."""
    rows = [("1", "2024-01-01", "2024-03-31", "100", c, "recurring") for c in ("SEK", "EUR")]
    money, _ = read_money(table(rows[0], ("2", *rows[1][1:])))
    with pytest.raises(BadValue, match="2 currencies: SEK in 1 rows, EUR in 1 rows"):
        by_period(money)
    assert one_currency(money, currency="SEK", rates={"SEK": 1, "EUR": 11.5})["amount"].tolist() == [100, 1150]
    with pytest.raises(BadValue, match="no rate above zero for EUR"):
        one_currency(money, currency="SEK", rates={"SEK": 1})
    blank, ledger = read_money(table(rows[0], ("2", *rows[1][1:4], None, "recurring")))
    assert "no_currency" in ledger["reason"].tolist()
    with pytest.raises(BadValue, match=r"\(none\) in 1 rows"):
        by_period(blank)


def test_overlaps_are_refused_added_or_dropped_as_told() -> None:
    """A period given twice and one that overlaps; the message names the row and both ways out."""
    first = ("1", "2024-01-01", "2024-03-31", "100", "SEK", "recurring")
    copy, other = first, ("1", "2024-03-01", "2024-05-31", "50", "SEK", "recurring")
    for later in (copy, other):
        with pytest.raises(BadValue, match=r'row 3: account 1 .* repeated = "sum"'):
            read_money(table(first, later))
    added, ledger = read_money(table(first, copy), repeated="sum")
    assert added["amount"].sum() == 200
    assert ledger["reason"].tolist() == ["overlapping_period"]
    dropped, ledger = read_money(table(first, copy), repeated="drop")
    assert dropped["amount"].sum() == 100
    assert ledger["reason"].tolist() == ["duplicate_row"]
    with pytest.raises(BadValue, match="overlaps"):
        read_money(table(first, other), repeated="drop")


def test_purchases_may_share_a_day_and_refunds_a_period() -> None:
    """Two equal one-off purchases are kept and flagged; a credit note beside its invoice is no overlap."""
    money, ledger = read_money(
        table(
            ("1", "2024-02-01", "2024-02-01", "30", "SEK", "one_off"),
            ("1", "2024-02-01", "2024-02-01", "30", "SEK", "one_off"),
            ("2", "2024-01-01", "2024-03-31", "100", "SEK", "recurring"),
            ("2", "2024-01-01", "2024-03-31", "-20", "SEK", "recurring"),
        )
    )
    assert len(money) == 4
    assert sorted(ledger["reason"]) == ["negative_amount", "possible_duplicate"]


def test_an_end_that_is_the_next_start_is_not_a_shared_day() -> None:
    """Half-open periods are recognised from the table, said in the ledger, and do not overlap."""
    money, ledger = read_money(
        table(
            ("1", "2024-01-01", "2024-04-01", "91", "SEK", "recurring"),
            ("1", "2024-04-01", "2024-07-01", "91", "SEK", "recurring"),
        )
    )
    assert money["period_end"].dt.strftime("%m-%d").tolist() == ["03-31", "06-30"]
    assert ledger["reason"].tolist() == ["end_not_included"]
    assert by_period(money)["amount"].tolist() == [91, 91]


@pytest.mark.parametrize(
    ("starts", "ends", "yearly"),
    [
        (["2026-08-01", "2026-09-01", "2026-10-01"], ["08-31", "09-30", "10-31"], 1200),
        (["2026-08", "2026-09", "2026-10"], ["08-31", "09-30", "10-31"], 1200),
        (["2026-01-01", "2026-04-01", "2026-07-01"], ["03-31", "06-30", "09-30"], 400),
        (["2024-01-01", "2025-01-01", "2026-01-01"], ["12-31", "12-31", "12-31"], 100),
    ],
)
def test_where_only_starts_are_given_their_rhythm_tells_how_long_a_period_is(
    starts: list[str], ends: list[str], yearly: float
) -> None:
    """A month's amount is not a day's; where nothing tells, no amount a year is made of it."""
    rows = pd.DataFrame({"account_id": [*"aaabbb"], "period_start": starts * 2, "amount": "100", "currency": "DKK"})
    money, ledger = read_money(rows)
    assert money["period_end"].dt.strftime("%m-%d").tolist() == ends * 2
    assert "no_period_end" in set(ledger["reason"])
    assert run_rate(money)[0].to_dict() == {"a": yearly, "b": yearly}
    bought, ledger = read_money(rows.assign(period_start=["2026-01-07", "2026-02-11", "2026-02-12"] * 2))
    assert "no_period_end" not in set(ledger["reason"])
    assert set(bought["revenue_type"]) == {"one_off"}
    assert "single_days" in set(ledger["reason"])
    with pytest.raises(BadValue, match="no revenue is recurring"):
        run_rate(bought)
    told, _ = read_money(rows.assign(period_start=["2026-01-07", "2026-02-11", "2026-02-12"] * 2, revenue_type="mrr"))
    with pytest.raises(BadValue, match="period_end"):
        run_rate(told)


def test_an_amount_of_a_day_beside_months_is_no_month() -> None:
    """One purchase of 500 on the last day was a year's value of 180,000."""
    rows = [(a, f"2026-0{m}-01", f"2026-0{m}-{d}", "100", "SEK") for a in "ab" for m, d in ((7, 31), (8, 31), (9, 30))]
    rows.append(("a", "2026-09-30", "2026-09-30", "500", "SEK"))
    columns = ["account_id", "period_start", "period_end", "amount", "currency"]
    for more in ({}, {"revenue_type": "recurring"}):
        money, ledger = read_money(pd.DataFrame(rows, columns=columns).assign(**more))
        assert run_rate(money)[0].to_dict() == {"a": 1200, "b": 1200}
        assert money["amount"].sum() == 1100
        assert "single_days" in set(ledger["reason"])


def test_a_column_per_year() -> None:
    """Years in headers of any wording become periods."""
    wide = pd.DataFrame({"Customer ID": ["7", "8"], "FY2023": ["100", ""], "Revenue 2024 (kr)": ["150", "80"]})
    money, ledger = read_money(wide, layout="years", currency="SEK")
    assert money[["account_id", "amount"]].to_numpy().tolist() == [["7", 100.0], ["7", 150.0], ["8", 80.0]]
    assert "rejected" not in set(ledger["action"])
    growth = growth_table(money, by="year").set_index(["account_id", "period"])["growth"]
    assert growth["7", "2024"] == pytest.approx(50)
    assert np.isnan(growth["8", "2024"])
    with pytest.raises(Undecidable, match="nothing says that it is revenue"):
        read_money(wide.rename(columns={"Revenue 2024 (kr)": "Employees 2023"}), layout="years")
    with pytest.raises(MissingColumn, match="a year"):
        read_money(wide[["Customer ID"]], layout="years")


def test_empty_months_before_an_account_came_and_after_it_left_are_no_rows() -> None:
    """Each was a row that could not be used: of a table of good accounts a third was said to lack an amount."""
    wide = pd.DataFrame(
        [["came", "", "", "5", "5"], ["left", "7", "7", "", " "], ["gap", "3", "", "3", "3"], ["none", "", "", "", ""]],
        columns=["account_id", "2026-01", "2026-02", "2026-03", "2026-04"],
    )
    money, ledger = read_money(wide, layout="years", currency="SEK")
    assert money.groupby("account_id")["amount"].agg(["size", "sum"]).to_numpy().tolist() == [[2, 10], [3, 9], [2, 14]]
    lost = ledger[ledger["action"] == "rejected"]
    assert lost[["source_row", "reason"]].to_numpy().tolist() == [[4, "missing_amount"]] + 4 * [[5, "missing_amount"]]


MONTHS = pd.DataFrame({"account_id": ["7"], "Jan 2025": ["10"], "Feb 2025": ["20"], "mar-25": ["30"]})


def test_a_column_per_month_is_of_that_month() -> None:
    """January's amount was offered as that of the year; a total beside its months counts them once."""
    money, _ = read_money(MONTHS, layout="years")
    assert money["period_end"].dt.strftime("%Y-%m-%d").tolist() == ["2025-01-31", "2025-02-28", "2025-03-31"]
    whole = MONTHS.rename(columns={"mar-25": "Q1 2025"})
    with pytest.raises(Undecidable, match=r'2025-01 = "Jan 2025", 2025-02 = "Feb 2025" \}'):
        read_money(whole, layout="years")
    told = read_money(whole, layout="years", columns={"2025-01": "Jan 2025", "2025-02": "Feb 2025"})[0]
    assert told["amount"].tolist() == [10, 20]
    total = MONTHS.assign(**{"Q1 2025": "60"})
    assert read_money(total, layout="years")[0]["amount"].tolist() == [10, 20, 30]


def test_months_without_a_year_ask_for_it_and_the_answer_works() -> None:
    bare = pd.DataFrame({"account_id": ["7"], "Jan": ["10"], "Feb": ["20"], "Mar": ["30"]})
    with pytest.raises(MissingColumn, match='layout = "years"'):
        read_money(bare)
    with pytest.raises(MissingColumn, match=r'"...-01" = "Jan"'):
        read_money(bare, layout="years")
    money, _ = read_money(bare, layout="years", columns={"2025-01": "Jan", "2025-02": "Feb", "2025-03": "Mar"})
    assert money["amount"].sum() == 60
    assert money["period_start"].dt.month.tolist() == [1, 2, 3]


@pytest.mark.parametrize("beside", ["Plan 2026", "2026 YTD", "Employees 2025"])
def test_a_column_of_a_period_that_may_be_no_revenue_is_asked_for(beside: str) -> None:
    with pytest.raises(Undecidable, match=beside):
        read_money(pd.DataFrame({"account_id": ["7"], "2024": ["1"], beside: ["2"]}), layout="years")


def daily(moves: list[tuple[str, float]], start: str, initial: float, end: str | None, until: str) -> dict[str, float]:
    """Add up monthly revenue day by day: the slow reading of movements."""
    months: dict[str, float] = {}
    for day in pd.date_range(start, until):
        if end is not None and day >= pd.Timestamp(end):
            break
        level = initial + sum(change for when, change in moves if pd.Timestamp(when) <= day)
        key = f"{day:%Y-%m}"
        months[key] = months.get(key, 0.0) + level / day.days_in_month
    return months


def test_movements_add_up_as_a_day_by_day_count_does() -> None:
    """Two accounts with upgrades, downgrades of either sign and churn, against a loop over days."""
    accounts = pd.DataFrame(
        {
            "Company_ID": ["1.0", "2.0", "3.0"],
            "Activation_Date": ["15/01/2024", "1/02/2024", "20/03/2024"],
            "Initial_MRR": ["100", "200", "50"],
            "Churn_Date": [None, "10/04/2024", None],
        }
    )
    moves = pd.DataFrame(
        [("10/02/2024", "1", "Upgrade", "40"), ("20/02/2024", "1", "Downgrade", "30"),
         ("5/03/2024", "2", "downgrade", "-60"), ("28/04/2024", "2", "Upgrade", "5")],
        columns=["Movement_Date", "Company_ID", "Movement_Type", "Movement_Amount"],
    )  # fmt: skip
    money, ledger = read_movements(moves, accounts, currency="EUR", until="2024-05-10")
    slow = {
        "1": daily([("2024-02-10", 40), ("2024-02-20", -30)], "2024-01-15", 100, None, "2024-05-10"),
        "2": daily([("2024-03-05", -60)], "2024-02-01", 200, "2024-04-10", "2024-05-10"),
        "3": daily([], "2024-03-20", 50, None, "2024-05-10"),
    }
    for account, months in slow.items():
        rows = money[money["account_id"] == account]
        assert rows["period_start"].dt.strftime("%Y-%m").tolist() == list(months)
        np.testing.assert_allclose(rows["amount"], list(months.values()))
    assert ledger.loc[ledger["action"] == "rejected", ["source_row", "reason"]].to_numpy().tolist() == [
        [5, "after_churn"]
    ]


def test_movements_without_a_start_or_of_an_unknown_kind_are_rejected() -> None:
    """The account may start by a movement called new; churn ends it; what cannot be placed is in the ledger."""
    moves = pd.DataFrame(
        [("2024-01-01", "1", "New", "100"), ("2024-02-01", "1", "Churn", ""), ("2024-03-01", "1", "New", "70"),
         ("2024-01-05", "2", "Upgrade", "10"), ("2024-01-05", "1", "Pause", "10"), ("2024-01-05", "1", "Upgrade", "x")],
        columns=["moved_on", "account_id", "movement", "amount"],
    )  # fmt: skip
    money, ledger = read_movements(moves, until="2024-03-31")
    assert money[["period_start", "amount"]].assign(m=lambda d: d["period_start"].dt.month)[
        ["m", "amount"]
    ].to_numpy().tolist() == [[1, 100], [3, 70]]
    rejected = ledger[ledger["action"] == "rejected"]
    assert dict(zip(rejected["source_row"], rejected["reason"], strict=True)) == {
        5: "no_start",
        6: "unknown_movement",
        7: "unreadable_amount",
    }
    with pytest.raises(BadValue, match="no account has a start"):
        read_movements(moves.iloc[[3]])
    twice = pd.DataFrame({"account_id": ["1", "1"], "customer_since": "2024-01-01", "initial_mrr": "1"})
    with pytest.raises(BadValue, match="account 1 is twice"):
        read_revenue(moves, layout="movements", accounts=twice)


def test_amounts_are_spread_over_days_and_growth_is_of_whole_periods() -> None:
    """A contract over a year's end, a late start, an ended account and a last quarter that is not over."""
    money, _ = read_money(
        table(
            ("1", "2023-10-01", "2024-09-30", "366", "SEK", "recurring"),
            ("2", "2023-11-15", "2024-03-31", "138", "SEK", "recurring"),
            ("3", "2023-10-01", "2023-12-31", "92", "SEK", "recurring"),
            ("3", "2024-01-01", "2024-03-31", "182", "SEK", "recurring"),
            ("3", "2024-07-01", "2024-08-15", "46", "SEK", "recurring"),
        )
    )
    sums = by_period(money).pivot_table(index="account_id", columns="period", values="amount")
    assert sums.columns.tolist() == ["2023-Q4", "2024-Q1", "2024-Q2"]
    np.testing.assert_allclose(sums.to_numpy(), [[92, 91, 91], [47, 91, 0], [92, 182, 0]])
    growth = growth_table(money).set_index(["account_id", "period"])
    assert growth["growth"]["1", "2024-Q1"] == pytest.approx(100 * (91 / 92 - 1))
    assert np.isnan(growth["growth"]["2", "2024-Q1"])
    assert growth["limit"]["2", "2024-Q1"] == "the period before was the account's first and not a whole one"
    assert growth["growth"]["2", "2024-Q2"] == -100
    later = growth_table(money, until="2024-09-30").set_index(["account_id", "period"])
    assert later["limit"]["3", "2024-Q3"] == "no revenue in the period before"
    middle = growth_table(money, growth="midpoint", until="2024-09-30").set_index(["account_id", "period"])["growth"]
    assert (middle["3", "2024-Q2"], middle["3", "2024-Q3"]) == (-200, 200)
    assert np.isfinite(growth.loc[growth["limit"] == "", "growth"]).all()
    assert growth.loc[growth["limit"] != "", "growth"].isna().all()


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["1.234,56", "7"], [1234.56, 7.0]),
        (["1,234.56", "1,000"], [1234.56, 1000.0]),
        (["1 234 567", "$12.50", "€ -3.1"], [1234567.0, 12.5, -3.1]),
        (["1'200.00", "(45.10)", "45.10-", "−2"], [1200.0, -45.1, -45.1, -2.0]),
        (["0,125", "3"], [0.125, 3.0]),
        (["1.234.567", "1.234"], [1234567.0, 1234.0]),
        (["12 kr", "SEK 5", "n/a"], [12.0, 5.0, np.nan]),
    ],
)
def test_amounts_as_they_are_written(cells: list[str], expected: list[float]) -> None:
    """Separators, signs, brackets and currency marks."""
    np.testing.assert_array_equal(amounts(pd.Series(cells))[0], expected)


def test_cells_that_can_be_read_in_two_ways_are_not_guessed() -> None:
    """Thousands or decimals, day or month: the error says which argument decides, and it does."""
    with pytest.raises(Undecidable, match="decimal = "):
        amounts(pd.Series(["1.234", "5"]))
    assert amounts(pd.Series(["1.234", "5"]), decimal=",")[0].tolist() == [1234.0, 5.0]
    with pytest.raises(Undecidable, match="in one column"):
        amounts(pd.Series(["1,5", "1.5"]))
    with pytest.raises(Undecidable, match="day_first = true"):
        dates(pd.Series(["3/05/2024"]), name="moved_on")
    assert dates(pd.Series(["3/05/24"]), name="moved_on", day_first=False).dt.month.tolist() == [3]
    with pytest.raises(Undecidable, match="only month first"):
        dates(pd.Series(["31/05/2024", "05/31/2024"]), name="moved_on")
    assert dates(pd.Series(["31/02/2024", "30/04/2024"]), name="d").isna().tolist() == [True, False]


def test_ids_are_text_whatever_column_type_carried_them() -> None:
    """Floats, integers and text give the same ids; leading zeros and other decimals stay."""
    for values in ([123.0, None], ["123.0", " "], [123, pd.NA]):
        ids, _ = account_ids(pd.Series(values))
        assert ids.iloc[0] == "123"
        assert pd.isna(ids.iloc[1])
    assert account_ids(pd.Series(["007", "1.50", "1e5"]))[0].tolist() == ["007", "1.50", "1e5"]


def test_periods_are_numbered_by_the_calendar() -> None:
    """A year's end is one step, a gap is more than one, and unknown labels go by their order."""
    assert np.diff(period_numbers(pd.Series(["2023-12", "2024-01", "2024-03"]))).tolist() == [1, 2]
    assert np.diff(period_numbers(pd.Series(["2023", "2025"]))).tolist() == [2]
    assert period_numbers(pd.Series(["wave 9", "wave 10"])).tolist() == [9, 10]
    assert period_numbers(pd.Series(["b", "a", "c"])).tolist() == [1, 0, 2]
    quarters = period_numbers(pd.Series(pd.period_range("2023Q4", periods=2, freq="Q")))
    assert quarters[1] - quarters[0] == 1


@pytest.mark.parametrize(
    ("call", "error"),
    [
        (lambda: read_money(table()), "no rows"),
        (lambda: read_money(pd.DataFrame({"x": [1]})), "account_id"),
        (
            lambda: read_money(table(("1", "2024-01-01", "2024-01-31", "5", "SEK", "maybe"))),
            r'in 1 of 1 rows: "maybe" in 1. Say .* types = \{ "maybe" = "recurring" \}',
        ),
        (
            lambda: read_money(table(("", "2024-01-01", "2024-01-31", "5", "SEK", "mrr"))),
            "1 for missing account; the first is row 2",
        ),
        (lambda: read_revenue(table(), layout="quarters"), "layout"),  # type: ignore[arg-type]
        (
            lambda: by_period(read_money(table(("1", "2024-01-01", "2024-01-31", "5", "SEK", "mrr")))[0]),
            "no whole quarter",
        ),
        (
            lambda: by_period(
                read_money(table(("1", "2024-01-01", "2024-01-31", "5", "SEK", "mrr")))[0], counted="one_off"
            ),
            "no one_off revenue",
        ),
    ],
)
def test_bad_tables_are_refused_in_words(call: Callable[[], object], error: str) -> None:
    """Nothing to read, a missing column, an unknown type, nothing usable, too short for the periods asked for."""
    with pytest.raises(BadInput, match=error):
        call()


@pytest.mark.parametrize("headers", [
    ["Kundenummer", "Startdato", "Sluttdato", "Beløp", "Valuta"],
    ["Kundnummer", "Startdatum", "Slutdatum", "Belopp", "Valuta"],
    ["Virksomheds-ID", "Startdato", "Slutdato", "Omsætning", "Valuta"],
    ["Debiteurnr.", "Van", "Tot", "Bedrag", "Valuta"],
])  # fmt: skip
def test_money_knows_the_headers_that_the_accounts_know(headers: list[str]) -> None:
    """A customer number was an account's in the table of accounts and no column of the revenue."""
    table = pd.DataFrame([["7", "2024-01-01", "2024-01-31", "10", "NOK"]], columns=headers)
    money, _ = read_money(table)
    assert money[["account_id", "amount", "currency"]].to_numpy().tolist() == [["7", 10.0, "NOK"]]
