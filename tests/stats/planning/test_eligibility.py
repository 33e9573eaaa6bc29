"""Who may be asked, by hand-made frames whose answers are known, and by the plain meaning of the rules."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from nps_utils.checks import BadValue, MissingColumn
from nps_utils.columns import person_key
from nps_utils.stats.planning.eligibility import REASONS, eligibility_counts, eligible


def _frame() -> pd.DataFrame:
    rows = [
        # id, email, since, asked, active, churned -> reason
        ("1", "a@x.se", "2020-01-01", "2026-08-01", "yes", None),  # eligible
        ("2", "b@OUR.se", "2020-01-01", None, "no", None),  # own_staff comes before inactive
        ("3", "c@x.se", "2020-01-01", None, "Nei", None),  # inactive
        ("4", "d@x.se", "2020-01-01", None, "", "2026-10-01"),  # left
        ("5", "e@x.se", None, None, None, None),  # unknown_customer_since
        ("6", "f@x.se", "2026-12-24", None, None, None),  # not_yet_customer
        ("7", "g@x.se", "2026-10-23", None, None, None),  # 29 days: too_new
        ("8", "h@x.se", "2026-10-22", None, None, None),  # 30 days: eligible
        ("9", "i@x.se", "2020-01-01", "2026-08-24", None, None),  # 89 days: asked_recently
        ("10", "j@x.se", "2020-01-01", "2026-08-23T23:00:00Z", None, None),  # 90 days: eligible
        ("11", "k@x.se", "2020-01-01", "2026-11-21T08:00:00Z", None, None),  # asked this morning
        ("12", "l@x.se", "2020-01-01", "2026-12-01", None, None),  # planned, not asked yet: eligible
    ]
    names = ["respondent_id", "email", "customer_since", "asked_at", "active", "churned_on"]
    return pd.DataFrame(rows, columns=names)


def test_every_rule_and_its_border() -> None:
    """Twelve people, each made for one rule or for the last day on which it does not hold."""
    people = eligible(_frame(), on="2026-11-21", staff_domains=["our.se"])
    reasons = people.set_index("respondent_id")["reason"].fillna("eligible").to_dict()
    assert reasons == {
        "1": "eligible",
        "2": "own_staff",
        "3": "inactive",
        "4": "left",
        "5": "unknown_customer_since",
        "6": "not_yet_customer",
        "7": "too_new",
        "8": "eligible",
        "9": "asked_recently",
        "10": "eligible",
        "11": "asked_recently",
        "12": "eligible",
    }
    assert people["eligible"].tolist() == people["reason"].isna().tolist()


def test_counts_by_reason_add_up_to_the_people() -> None:
    """Every person is counted once, the eligible first, then in the order of the rules."""
    counts = eligibility_counts(eligible(_frame(), on="2026-11-21", staff_domains=["our.se"]))
    assert counts["people"].sum() == 12
    assert counts["share"].sum() == pytest.approx(1)
    assert counts["reason"].tolist() == ["eligible", *REASONS]
    assert counts["people"].tolist() == [4, 1, 1, 1, 1, 1, 1, 2]


def test_a_person_asked_four_times_is_one_person() -> None:
    """The latest row speaks for the person; askings up to the day are counted, later ones are not."""
    frame = pd.DataFrame(
        {
            "respondent_id": ["7"] * 4 + ["8"],
            "role": ["user", "buyer", "user", "owner", "user"],
            "asked_at": ["2026-01-01", "2026-07-01", "2025-07-01", "2027-01-01", None],
        }
    )
    people = eligible(frame, on="2026-11-21")
    assert people["respondent_id"].tolist() == ["7", "8"]
    assert people["askings"].tolist() == [3, 0]
    assert people["role"].tolist() == ["buyer", "user"]
    assert people["last_asked"].iloc[0] == pd.Timestamp("2026-07-01", tz="UTC")


def test_a_rule_without_its_column_is_not_applied() -> None:
    """A bare list of addresses is eligible, but for our own people at the subdomain."""
    people = eligible(pd.DataFrame({"email": ["a@x.se", "b@mail.our.se"]}), on="2026-11-21", staff_domains=["@our.se"])
    assert people["reason"].isna().tolist() == [True, False]


def test_order_of_rows_does_not_change_the_verdicts() -> None:
    """Shuffled frames give the same reason for each person."""
    rng = np.random.default_rng(3)
    n = 200
    frame = pd.DataFrame(
        {
            "respondent_id": rng.integers(0, 60, n).astype(str),
            "asked_at": pd.Timestamp("2026-11-21") - pd.to_timedelta(rng.permutation(n), unit="D"),
            "customer_since": "2020-01-01",
        }
    )
    first = eligible(frame, on="2026-11-21").set_index("respondent_id")["reason"]
    shuffled = eligible(frame.sample(frac=1, random_state=5).reset_index(drop=True), on="2026-11-21")
    pd.testing.assert_series_equal(first.sort_index(), shuffled.set_index("respondent_id")["reason"].sort_index())


def test_days_since_the_last_asking_decide_and_nothing_else() -> None:
    """Against a loop over people that applies the 90 days by date arithmetic."""
    rng = np.random.default_rng(4)
    days = rng.integers(0, 200, 50)
    frame = pd.DataFrame(
        {
            "email": [f"p{i}@x.se" for i in range(50)],
            "asked_at": [str((pd.Timestamp("2026-11-21") - pd.Timedelta(days=int(day))).date()) for day in days],
        }
    )
    people = eligible(frame, on="2026-11-21")
    assert people["eligible"].tolist() == [bool(day >= 90) for day in days]


def test_person_is_the_id_or_else_the_address() -> None:
    """An empty id is no id; addresses do not depend on case."""
    table = pd.DataFrame({"respondent_id": ["1", " ", None], "email": ["a@x.se", "B@X.se", None]})
    assert person_key(table).fillna("nobody").tolist() == ["1", "b@x.se", "nobody"]


def test_numbers_that_met_a_missing_cell_are_still_ids() -> None:
    """Read by pandas, an empty cell turns 1001 into 1001.0; the person is 1001."""
    assert person_key(pd.DataFrame({"respondent_id": [1001.0, np.nan]})).fillna("nobody").tolist() == ["1001", "nobody"]


def test_an_empty_column_of_dates_is_no_rule() -> None:
    """Nobody is turned away because the export had an empty column; with some dates the others are unknown."""
    frame = pd.DataFrame({"email": ["a@x.se", "b@x.se"], "customer_since": pd.Series([None, None], dtype=object)})
    assert eligible(frame, on="2026-11-21")["eligible"].all()
    frame["customer_since"] = pd.Series(["2020-01-01", None])
    assert eligible(frame, on="2026-11-21")["reason"].fillna("").tolist() == ["", "unknown_customer_since"]


def test_bad_frames_are_refused() -> None:
    """No person column, a row without a person, a date that is none, an active that is neither."""
    with pytest.raises(MissingColumn, match='neither a column "respondent_id" nor "email"'):
        eligible(pd.DataFrame({"name": ["A"]}), on="2026-11-21")
    with pytest.raises(BadValue, match="row 1: neither respondent_id nor email"):
        eligible(pd.DataFrame({"email": ["a@x.se", None]}), on="2026-11-21")
    with pytest.raises(BadValue, match="row 0, column \"customer_since\": 'soon'"):
        eligible(pd.DataFrame({"email": ["a@x.se"], "customer_since": ["soon"]}), on="2026-11-21")
    with pytest.raises(BadValue, match="'perhaps' is neither yes nor no"):
        eligible(pd.DataFrame({"email": ["a@x.se"], "active": ["perhaps"]}), on="2026-11-21")
    with pytest.raises(BadValue, match=r"on = '21\.11\.2026'"):
        eligible(pd.DataFrame({"email": ["a@x.se"]}), on="21.11.2026")
    with pytest.raises(BadValue, match="staff_domains"):
        eligible(pd.DataFrame({"email": ["a@x.se"]}), on="2026-11-21", staff_domains="our.se")
