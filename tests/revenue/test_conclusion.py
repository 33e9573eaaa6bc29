"""Silent accounts, value at risk, the count of tests and the sentence."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from nps_utils.checks import BadInput
from nps_utils.revenue import all_tests, conclude, silent_accounts, value_at_risk
from nps_utils.tables.revenue import answer_sentence


def growth_of(means: dict[str, list[float]]) -> pd.DataFrame:
    """Return a growth table of three quarters."""
    rows = [
        (account, f"2024-Q{i + 1}", 10.0 * (i + 1), value)
        for account, values in means.items()
        for i, value in enumerate(values)
    ]
    return pd.DataFrame(rows, columns=["account_id", "period", "amount", "growth"])


def test_the_silent_are_compared_by_account() -> None:
    """Welch's test by scipy on one mean per account; a missing growth leaves its account's other periods."""
    rng = np.random.default_rng(1)
    table = growth_of({f"a{i}": [np.nan, *rng.normal(i % 3, 1, 2)] for i in range(24)})
    responses = pd.DataFrame({"account_id": [f"a{i}" for i in range(0, 24, 3)]})
    found = silent_accounts(table, responses).set_index("group")
    means = table.groupby("account_id")["growth"].mean()
    answered = means.index.isin(responses["account_id"])
    expected = stats.ttest_ind(means[answered], means[~answered], equal_var=False)
    limits = expected.confidence_interval()
    row = found.loc["difference"]
    assert [row["pvalue"], row["low"], row["high"]] == pytest.approx([expected.pvalue, limits.low, limits.high])
    assert found["accounts"]["answered"] == 8
    assert found["amount_share"]["silent"] == pytest.approx(16 / 24)


@pytest.mark.parametrize(
    ("answered", "words"),
    [([], "nobody who answered"), (["a", "b", "c", "d"], "nobody is silent"), (["a"], "one account on a side")],
)
def test_silence_that_cannot_be_compared_says_why(answered: list[str], words: str) -> None:
    """Nobody on one side, or one account on it."""
    table = growth_of({name: [1.0, 2.0, 3.0 + i] for i, name in enumerate("abcd")})
    found = silent_accounts(table, pd.DataFrame({"account_id": pd.Series(answered, dtype="str")}))
    assert words in found["limit"].iloc[2]
    flat = growth_of({name: [1.0, 1.0, 1.0] for name in "abcd"})
    assert "the same" in silent_accounts(flat, pd.DataFrame({"account_id": ["a", "b"]}))["limit"].iloc[2]


MONEY = pd.DataFrame(
    {
        "account_id": ["a", "b", "c", "a"],
        "period_start": ["2023-01-01", "2023-07-01", "2023-01-01", "2023-03-01"],
        "period_end": ["2023-12-31", "2024-06-30", "2023-12-31", "2023-03-01"],
        "amount": [365.0, 366.0, 100.0, 999.0],
        "currency": "EUR",
        "revenue_type": ["recurring", "recurring", "recurring", "one_off"],
    }
)


def test_value_at_risk_runs_from_the_narrow_reading_to_the_wide() -> None:
    """The latest answer of each person counts; one-off revenue does not; amounts are those of a year."""
    responses = pd.DataFrame(
        [("a", "1", 2, "2023-01-05"), ("a", "1", 9, "2023-06-05"), ("a", "2", 4, "2023-02-01"),
         ("b", "3", 6, "2023-02-01"),        ("z", "4", 0, "2023-02-01")],
        columns=["account_id", "respondent_id", "score", "responded_at"],
    )  # fmt: skip
    found = value_at_risk(responses, MONEY, until="2023-12-31", loss=(0.1, 0.5)).set_index("reading")
    assert found["amount"].to_dict() == pytest.approx(
        {"all": 366, "most": 366, "latest": 366, "any": 731, "silent": 100}
    )
    assert found["accounts"].to_dict() == {"all": 1, "most": 1, "latest": 1, "any": 2, "silent": 1}
    assert [found["loss_low"]["any"], found["loss_high"]["any"]] == pytest.approx([73.1, 365.5])
    assert "1 accounts with a detractor have no revenue" in found["limit"].iloc[0]


def test_one_of_many_does_not_make_the_account_a_detractor() -> None:
    """The last of ten tenants is unhappy, the nine before are not: by the latest answer the whole rent was at risk."""
    days = [f"2023-01-{day:02d}" for day in range(1, 11)]
    people = [str(one) for one in range(10)]
    rows = pd.DataFrame({"account_id": "a", "respondent_id": people, "score": [9] * 9 + [2], "responded_at": days})
    found = value_at_risk(rows, MONEY, until="2023-12-31").set_index("reading")["accounts"]
    assert (found["latest"], found["most"]) == (1, 0)
    found = value_at_risk(rows.assign(score=[2] * 6 + [9] * 4), MONEY, until="2023-12-31").set_index("reading")[
        "accounts"
    ]
    assert (found["latest"], found["most"], found["all"]) == (0, 1, 0)


def test_without_people_the_answers_of_the_latest_day_stand_for_the_account() -> None:
    """Two answers on one day disagree: the account is in the wide reading and not in the narrow one."""
    responses = pd.DataFrame(
        {
            "account_id": "a",
            "score": [9, 2, 9],
            "responded_at": ["2023-01-05", "2023-06-05T08:00Z", "2023-06-05T09:00Z"],
        }
    ).assign(responded_at=lambda d: pd.to_datetime(d["responded_at"], utc=True, format="ISO8601"))
    found = value_at_risk(responses, MONEY, until="2023-12-31").set_index("reading")["accounts"]
    assert found.to_dict() == {"all": 0, "most": 0, "latest": 0, "any": 1, "silent": 2}


def test_a_column_of_people_that_is_empty_makes_no_old_answer_a_person() -> None:
    """As a study has it whose export names nobody: three low answers of years ago outvoted the one of now."""
    days = ["2019-01-05", "2020-01-05", "2021-01-05", "2023-06-05"]
    rows = pd.DataFrame({"account_id": "a", "respondent_id": None, "score": [2, 3, 1, 10], "responded_at": days})
    found = value_at_risk(rows, MONEY, until="2023-12-31").set_index("reading")["accounts"]
    assert found.to_dict() == {"all": 0, "most": 0, "latest": 0, "any": 0, "silent": 2}
    mixed = rows.assign(respondent_id=["1", "", "", ""])
    found = value_at_risk(mixed, MONEY, until="2023-12-31").set_index("reading")["accounts"]
    assert (found["all"], found["any"]) == (0, 1)


def test_money_in_two_currencies_or_none_recurring_is_refused() -> None:
    """What would be added up must be alike."""
    responses = pd.DataFrame({"account_id": ["a"], "score": [2], "responded_at": ["2023-01-05"]})
    with pytest.raises(BadInput, match="2 currencies"):
        value_at_risk(responses, MONEY.assign(currency=["EUR", "SEK", "EUR", "EUR"]))
    with pytest.raises(BadInput, match="no revenue is recurring"):
        value_at_risk(responses, MONEY.assign(revenue_type="one_off"))
    with pytest.raises(BadInput, match="loss"):
        value_at_risk(responses, MONEY, loss=(0.5, 0.1))


def test_every_test_is_counted_once_and_holm_is_over_all() -> None:
    """Three tables, five tests that could be made: Holm by its definition."""
    one = pd.DataFrame({"timing": ["before", "same", "after"], "pvalue": [0.5, np.nan, 0.004]})
    two = pd.DataFrame({"view": ["pooled", "in land"], "group": ["", "SE"], "pvalue": [0.03, 0.2]})
    found = all_tests({"lags": one, "slopes": two, "none": one.head(0), "risk": pd.DataFrame({"pvalue": [0.012]})})
    assert found["tests"].unique().tolist() == [5]
    assert found["test"].tolist() == ["before", "after", "pooled", "in land SE", ""]
    assert found["pvalue_adjusted"].tolist() == pytest.approx([0.5, 0.02, 0.09, 0.4, 0.048])
    assert found["below"].tolist() == [False, True, False, False, True]
    with pytest.raises(BadInput, match='the table "lags" has no column "pvalue"'):
        all_tests({"lags": one.drop(columns="pvalue")})


@pytest.mark.parametrize("verdict", ["nothing_to_see", "follows", "leads", "both", "unclear", "cannot_tell"])
@pytest.mark.parametrize("bounded", [True, False])
def test_the_sentence_has_n_an_interval_or_a_reason_and_the_caveat(verdict: str, bounded: bool) -> None:
    """Whatever was found: no NaN, no infinity, and never a cause."""
    limit = "" if bounded else "no slope is ruled out."
    control = pd.DataFrame({"verdict": [verdict], "limit": ["3 accounts." if verdict == "cannot_tell" else ""]})
    corrected = pd.DataFrame(
        {
            "slope": [0.05],
            "low": [0.02 if bounded else -np.inf],
            "high": [0.08 if bounded else np.inf],
            "limit": [limit],
        }
    )
    learned = pd.DataFrame({"accounts": [60], "answers": [1234], "detectable_r": [0.36], "limit": [""]})
    row = conclude(control, corrected, learned, tests=12)
    sentence = answer_sentence(row)
    assert sentence.startswith("Among 60 accounts (1,234 answers), ")
    assert sentence.endswith("12 tests were run; this is association, not cause.")
    assert "nan" not in sentence
    assert "inf" not in sentence
    if verdict == "cannot_tell":
        assert "3 accounts." in sentence
    else:
        assert ("interval +0.2 to +0.8" if bounded else "without bounds (no slope is ruled out)") in sentence
    assert row["verdict"].item() == verdict
