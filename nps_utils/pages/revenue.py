"""What the page on money takes from a study: the terms on which it asks, the panel, and one point per account."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Final

import numpy as np
import pandas as pd
from scipy import stats

from nps_utils.checks import BadValue, check_fraction
from nps_utils.pages.known import known
from nps_utils.revenue import (
    all_tests,
    by_period,
    growth_table,
    join_coverage,
    pairs,
    panel,
    risk_by_band,
    silent_accounts,
)
from nps_utils.revenue.at_risk import run_rate
from nps_utils.revenue.calendar import By
from nps_utils.revenue.growth import Counted
from nps_utils.revenue.panels import Terms
from nps_utils.stats.each import main_touchpoint
from nps_utils.stats.validation.claims import NOT, REFERENCE, Row, growth, read_reference
from nps_utils.study import money as study_money
from nps_utils.study.kept import once
from nps_utils.study.settings import Revenue
from nps_utils.study.study import Study
from nps_utils.words.limits import Limit, attempt

# Growth before, in and after a period needs four of them.
LEAST_PERIODS: Final = 4
COARSE_TO_FINE: Final[tuple[By, ...]] = ("year", "quarter", "month")
MOST_SEGMENTS: Final = 20
# A page of money asks for it ten times; it is read once, see `Study.kept`.
_MONEY: Final = ("money", "ledger")
_OF_ANSWERS: Final = ("account_id", "score", "responded_at")


def terms(study: Study) -> Terms:
    """Decide how the study's answers and money can be put beside each other.

    The touchpoint is that with most answers. Revenue is the recurring one, where there is any. Periods are those of the
    study's waves, unless the rows of the revenue are longer, or shorter periods are needed to have four whole ones. The
    segment is the first of the study's that the table of accounts has.

    Raises
    ------
    NotInStudy
        There is no revenue.
    BadValue
        The revenue has no dates.
    """
    told = known(study, "terms", lambda: pd.DataFrame({"told": [json.dumps(_terms(study))]}))
    return Terms(*json.loads(told["told"].iloc[0]))


def _terms(study: Study) -> Terms:
    if is_undated(study):
        raise BadValue("The revenue of this study has no dates: what was spent can be compared, growth cannot.")
    money, _ = money_of(study)
    counted: Counted = "recurring" if (money["revenue_type"] == "recurring").any() else "one_off"
    by, periods = _rhythm(study, money, counted)
    responses = study.responses()
    touchpoint = main_touchpoint(responses)
    others = int((responses["touchpoint"] != touchpoint).sum())
    return Terms(touchpoint, others, by, periods, counted, _segment(study))


def is_undated(study: Study) -> bool:
    """Say whether the revenue is one amount per account, without a date."""
    how = study.revenue_settings()

    def told() -> pd.DataFrame:
        return pd.DataFrame({"undated": [study_money.is_undated(study.folder, study.settings, how)]})

    return bool(known(study, "undated", told)["undated"].iloc[0])


def undated_amounts(study: Study) -> pd.DataFrame:
    """Return account_id and amount of a revenue table without dates."""
    return study_money.undated_amounts(study.folder, study.settings, study.revenue_settings())


def join_of(study: Study) -> pd.DataFrame:
    """Say who answered at the main touchpoint, who has revenue, and who both, as `join_coverage` does."""
    money = undated_amounts(study) if is_undated(study) else money_of(study)[0]
    return join_coverage(answers_at(study, main_touchpoint(study.responses())), money)


def answers_at(study: Study, touchpoint: str) -> pd.DataFrame:
    """Return account, score and time of the answers at one touchpoint, the time as the clock of the study showed it.

    A day written without a time is midnight in the study's zone, which is the day before in another.
    """
    rest_on = (study.folder, study.input_hash(), study.settings.model_dump_json())
    return once(("answers at", touchpoint, *rest_on), lambda: _answers_at(study, touchpoint))


def _answers_at(study: Study, touchpoint: str) -> pd.DataFrame:
    responses = study.responses()
    # What they lack is said of the whole table.
    read = list(_OF_ANSWERS) if {*_OF_ANSWERS} <= {*responses.columns} else list(responses.columns)
    rows = responses.loc[(responses["touchpoint"] == touchpoint).to_numpy(dtype=bool, na_value=False), read]
    when = pd.to_datetime(rows["responded_at"], utc=True)
    return rows.assign(responded_at=when.dt.tz_convert(study.timezone).dt.tz_localize(None))


def money_panel(study: Study, how: Terms) -> pd.DataFrame:
    """Return the panel of the study: one row per account and period, its NPS beside its growth."""
    return known(study, "panel", lambda: _panel(study, how), *how)


def _panel(study: Study, how: Terms) -> pd.DataFrame:
    money, _ = money_of(study)
    segments = [how.segment] if how.segment else []
    accounts = study.accounts() if segments else None
    answered = answers_at(study, how.touchpoint)
    return panel(answered, money, by=how.by, counted=how.counted, accounts=accounts, segments=segments)


def silence(study: Study, how: Terms) -> pd.DataFrame:
    """Compare the growth of accounts that answered at the touchpoint with that of accounts that did not."""
    money, _ = money_of(study)
    return silent_accounts(growth_table(money, by=how.by, counted=how.counted), answers_at(study, how.touchpoint))


def account_points(table: pd.DataFrame, *, lag: int = 1, confidence_level: float = 0.95) -> pd.DataFrame:
    """Return one point per account: its NPS over all its pairs and the mean growth of its periods, with intervals.

    Parameters
    ----------
    table
        The panel.
    lag
        How many periods after the answers growth is taken.

    Returns
    -------
    account_id, nps with low and high (points; every answer counts once), growth with low and high (percent per period;
    t interval, missing where there is one period), answers, periods, amount (mean per period); most answers first.

    Examples
    --------
    >>> two = pd.DataFrame({"account_id": "a", "period": [2023, 2024, 2025], "nps": [0.0, 50.0, np.nan],
    ...                     "n": [10, 30, 0], "se": [24.0, 14.0, np.nan], "growth": [1.0, 2.0, 4.0], "amount": 9.0})
    >>> account_points(two)[["nps", "growth", "answers"]].to_numpy().tolist()
    [[37.5, 3.0, 40.0]]
    """
    check_fraction("confidence_level", confidence_level)
    rows = pairs(table, lag=lag)
    if rows.empty:
        raise BadValue("No account has both an NPS and a growth in the period after it: there is nothing to draw.")
    rows = rows.assign(points=rows["nps"] * rows["n"], noise=(rows["n"] * rows["se"]) ** 2)
    found = rows.groupby("account_id", as_index=False).agg(
        points=("points", "sum"), noise=("noise", "sum"), answers=("n", "sum"), periods=("n", "size"),
        growth=("growth", "mean"), spread=("growth", "std"), amount=("amount", "mean"),
    )  # fmt: skip
    half = stats.norm.ppf(0.5 + confidence_level / 2) * np.sqrt(found["noise"]) / found["answers"]
    nps = found["points"] / found["answers"]
    df = (found["periods"] - 1).clip(lower=1)
    reach = stats.t.ppf(0.5 + confidence_level / 2, df) * found["spread"] / np.sqrt(found["periods"])
    placed = found.assign(
        nps=nps, nps_low=(nps - half).clip(lower=-100), nps_high=(nps + half).clip(upper=100),
        growth_low=found["growth"] - reach, growth_high=found["growth"] + reach,
    )  # fmt: skip
    columns = ["account_id", "nps", "nps_low", "nps_high", "growth", "growth_low", "growth_high"]
    placed = placed.sort_values("answers", ascending=False, kind="stable").reset_index(drop=True)
    return placed.loc[:, [*columns, "answers", "periods", "amount"]]


def _rhythm(study: Study, money: pd.DataFrame, counted: Counted) -> tuple[By, int]:
    """Return the coarsest periods, from those of the waves on, of which there are four; else the finest possible."""
    rows = money[money["revenue_type"] == counted]
    days = (pd.to_datetime(rows["period_end"]) - pd.to_datetime(rows["period_start"])).dt.days + 1
    usual = float(days.median())
    finest = "month" if counted == "one_off" or usual < 80 else "quarter" if usual < 300 else "year"
    waves = study.settings.waves.by
    wished = waves if waves in COARSE_TO_FINE else "month" if waves == "week" else "quarter"
    last = COARSE_TO_FINE.index(finest)
    first = min(COARSE_TO_FINE.index(wished), last)
    found: list[tuple[By, int]] = []
    for by in COARSE_TO_FINE[first : last + 1]:
        table = attempt(by_period, money, by=by, counted=counted)
        found.append((by, 0 if isinstance(table, Limit) else int(table["period"].nunique())))
        if found[-1][1] >= LEAST_PERIODS:
            break
    return found[-1]


def _segment(study: Study) -> str | None:
    accounts = attempt(study.accounts)
    if isinstance(accounts, Limit) or "account_id" not in accounts.columns:
        return None
    known = [name for name in study.segments if name in accounts.columns]
    return next((name for name in known if 2 <= accounts[name].nunique() <= MOST_SEGMENTS), None)


def published_beside(
    lags: pd.DataFrame | Limit,
    corrected: pd.DataFrame | Limit,
    learned: pd.DataFrame | Limit,
    customers: pd.DataFrame | Limit,
) -> pd.DataFrame:
    """Put published numbers on growth beside the same numbers of this study, and beside what follows from them.

    Takes what `lag_table`, `corrected_slope(lag=1)` and `learnable` return, and accounts with `score` and `stayed`.
    Rows are those of `worked_out` of the claims, this study's first.

    Raises
    ------
    BadValue
        The study has none of these numbers: published numbers alone say nothing of it.
    """
    marsden = read_reference(REFERENCE, "marsden").set_index("quantity")["value"]
    r, slope = marsden["r_with_past_growth"], marsden["percent_growth_per_point"]
    times = read_reference(REFERENCE, "temkin")["ratio_printed"].iloc[0]
    before, stayed = lags, customers
    if not isinstance(lags, Limit):
        before = lags[lags["timing"] == "before"]
    if not isinstance(customers, Limit):
        risks = risk_by_band(customers, outcome="stayed", reference="detractor").query("band != 'passive'")
        stayed = risks.assign(accounts=risks["accounts"].sum()).query("band == 'promoter'")
    ours = (
        _ours("r with growth before", r, before, "pearson", "r", "marsden2005"),
        _ours("growth before, as measured", slope, before, "slope", "% per point", "marsden2005"),
        _ours("growth after, corrected; printed: before", slope, corrected, "slope", "% per point", "marsden2005"),
        _ours("promoters by detractors who stayed; printed: intent", times, stayed, "ratio", "times", "temkin2016"),
        _ours("r that p < 0.05 needs", NOT, learned, "critical_r", "r", "arithmetic"),
    )
    found = [row for row in ours if np.isfinite(row.found)]
    if not found:
        raise BadValue(lags.reason if isinstance(lags, Limit) else "This study has nothing to set beside them.")
    return pd.DataFrame([*found, *growth(REFERENCE)])


def _ours(what: str, printed: float, table: pd.DataFrame | Limit, name: str, unit: str, source: str) -> Row:
    if isinstance(table, Limit):
        return Row("this study", what, printed, NOT, unit, source)
    row = table.iloc[0]
    low, high = (row.get(f"{name}_{side}", row.get(side, NOT)) for side in ("low", "high"))
    told = f"{what} ({row['accounts']:,.0f} accounts)" + (f"; {row['limit']}" if row["limit"] else "")
    return Row("this study", told, printed, float(row[name]), unit, source, float(low), float(high))


def counted_tests(tables: Mapping[str, pd.DataFrame | Limit]) -> pd.DataFrame:
    """Collect all tests of the page, adjusted as one family; parts that the study lacks ran none.

    The table is empty where no test could be made at all.
    """
    made = {name: table for name, table in tables.items() if not isinstance(table, Limit)}
    for name, table in list(made.items()):
        if "logrank_pvalue" in table.columns:  # one test of all bands, beside those of single bands
            test = pd.DataFrame({"term": ["all bands"], "pvalue": [table["logrank_pvalue"].iloc[0]]})
            made[name] = pd.concat([table.rename(columns={"band": "term"})[["term", "pvalue"]], test])
    nothing = pd.DataFrame({"timing": pd.Series(dtype="str"), "pvalue": pd.Series(dtype="float64")})
    return all_tests(made or {"": nothing})


def money_of(study: Study) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the study's money and its ledger; see `read_revenue`.

    Raises
    ------
    NotInStudy
        There is no revenue.
    BadInput
        The table cannot be read.
    """
    how = study.revenue_settings()
    tables = study.kept("money", lambda: dict(zip(_MONEY, _money(study, how), strict=True)))
    money, ledger = (tables[name] for name in _MONEY)
    days = {name: money[name].astype("datetime64[s]") for name in ("period_start", "period_end")}  # Parquet has no such
    return money.assign(**days), ledger


def _money(study: Study, how: Revenue) -> tuple[pd.DataFrame, pd.DataFrame]:
    return study_money.money_of(study.folder, study.settings, how)


def revenue_by_account(study: Study) -> dict[str, float]:
    """Return the recurring revenue a year of each account at its present rate, see `run_rate`; those above zero.

    Raises
    ------
    BadValue
        No account has recurring revenue now.
    """
    amounts, _ = run_rate(money_of(study)[0])
    paying = amounts[amounts > 0]
    if paying.empty:
        raise BadValue("No account has recurring revenue at the end of the table, so none can weigh by it.")
    return {str(account): float(amount) for account, amount in paying.items()}


def known_revenue(study: Study) -> dict[str, float] | None:
    """Return the revenue by account as `revenue_by_account` does, or None where the study cannot say."""
    values = attempt(revenue_by_account, study)
    return None if isinstance(values, Limit) else values
