"""Whom to contact and in what order, whom to quote, and whether contact moved anyone, on small cases by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from nps_utils.checks import BadValue
from nps_utils.followup import last_day, may_quote, not_to_ask, to_contact
from nps_utils.followup.outcome import contacts, moved, next_scores, reached


def answers(*rows: tuple[str, str, str, int, str]) -> pd.DataFrame:
    """Return responses from (response, person, account, score, day), at one touchpoint."""
    table = pd.DataFrame(rows, columns=["response_id", "respondent_id", "account_id", "score", "responded_at"])
    table["responded_at"] = pd.to_datetime(table["responded_at"], utc=True)
    return table.assign(touchpoint="relationship", wave=table["responded_at"].dt.strftime("%Y-%m"))


@pytest.fixture
def responses() -> pd.DataFrame:
    """Six people: two detractors, a fallen passive, a passive who never was a promoter, a recovered one, a promoter."""
    return answers(
        ("1", "ann", "big", 3, "2026-03-01"),
        ("2", "bo", "small", 6, "2026-01-10"),
        ("3", "cia", "small", 10, "2025-10-01"),
        ("4", "cia", "small", 7, "2026-02-01"),
        ("5", "dan", "big", 8, "2026-02-01"),
        ("6", "eva", "big", 2, "2025-12-01"),
        ("7", "eva", "big", 9, "2026-03-10"),
        ("8", "fia", "big", 10, "2026-03-10"),
    )


def test_who_is_a_case(responses: pd.DataFrame) -> None:
    """A recovered detractor and a passive who never was a promoter are none; a promoter turned passive is."""
    cases = to_contact(responses)
    assert set(cases["respondent_id"]) == {"ann", "bo", "cia"}
    by_person = cases.set_index("respondent_id")
    assert by_person["kind"].to_dict() == {"ann": "detractor", "bo": "detractor", "cia": "fallen_passive"}
    assert by_person["score_before"].dropna().to_dict() == {"cia": 10}


def test_days_are_counted_to_the_last_answer_not_to_the_clock(responses: pd.DataFrame) -> None:
    """From 1 March to 10 March nine days, whatever the day on which the test runs; a stated day goes first."""
    assert last_day(responses) == pd.Timestamp("2026-03-10", tz="UTC")
    assert to_contact(responses).set_index("respondent_id")["days_waiting"].to_dict() == {"ann": 9, "bo": 59, "cia": 37}
    assert to_contact(responses, on="2026-03-02").set_index("respondent_id")["days_waiting"]["ann"] == 1


def test_days_are_those_of_the_study_zone() -> None:
    """An export of dates without times, read in Stockholm, keeps its dates: no answer is of the day before."""
    days = pd.Series(pd.to_datetime(["2026-03-01", "2026-03-10"])).dt.tz_localize("Europe/Stockholm")
    rows = answers(("1", "ann", "x", 3, "2026-03-01"), ("2", "bo", "x", 9, "2026-03-10"))
    rows = rows.assign(responded_at=days.dt.tz_convert("UTC"), consent_to_quote=True)
    assert str(last_day(rows, timezone="Europe/Stockholm").date()) == "2026-03-10"
    case = to_contact(rows, timezone="Europe/Stockholm").iloc[0]
    assert (str(case["responded_on"]), case["days_waiting"]) == ("2026-03-01", 9)
    quoted = may_quote(rows, comment=pd.Series(["slow", "fast"]), timezone="Europe/Stockholm")
    assert quoted["responded_on"].astype(str).tolist() == ["2026-03-10"]
    listed = pd.DataFrame({"response_id": ["1"], "contacted_at": ["2026-03-01"]})
    assert contacts(rows, listed, timezone="Europe/Stockholm")["days_to_contact"].tolist() == [0.0]


def test_order_is_value_then_kind_then_waiting(responses: pd.DataFrame) -> None:
    """The account with most of the value goes first; within a class detractors before passives; reasons say so."""
    cases = to_contact(responses, value={"big": 900.0, "small": 100.0})
    assert cases["respondent_id"].tolist() == ["ann", "bo", "cia"]
    assert cases["value_class"].tolist() == ["A", "C", "C"]
    assert cases["reason"].iloc[2].startswith("fell from 10 to 7; ")
    turned = to_contact(responses, value={"big": 100.0, "small": 900.0})
    assert turned["respondent_id"].tolist() == ["bo", "cia", "ann"]
    # No value: who waits longest, and the cases of an account together.
    assert to_contact(responses)["respondent_id"].tolist() == ["bo", "cia", "ann"]


def test_new_cases_go_first_and_old_ones_last(responses: pd.DataFrame) -> None:
    """Within 48 hours before all value; after 90 days behind all of it, under a name of their own."""
    rows = pd.concat(
        [responses, answers(("9", "gus", "tiny", 6, "2026-03-09"), ("10", "hal", "big", 0, "2025-11-01"))],
        ignore_index=True,
    )
    cases = to_contact(rows, value={"big": 900.0, "small": 100.0, "tiny": 1.0})
    assert cases["respondent_id"].tolist() == ["gus", "ann", "bo", "cia", "hal"]
    assert cases["age"].tolist() == ["new", "open", "open", "open", "old"]
    assert cases["rank"].tolist() == [1, 2, 3, 4, 5]


def test_forty_eight_hours_are_hours() -> None:
    """The last answer came late in the evening: one of the early morning two days before is older than 48 hours."""
    rows = answers(
        ("1", "early", "big", 2, "2026-03-08 00:30"),
        ("2", "late", "big", 2, "2026-03-08 23:30"),
        ("3", "last", "big", 9, "2026-03-10 23:00"),
    )
    cases = to_contact(rows).set_index("respondent_id")
    assert cases["days_waiting"].tolist() == [2, 2]
    assert cases["age"].to_dict() == {"late": "new", "early": "open"}


def test_the_caller_sees_whom_he_calls(responses: pd.DataFrame) -> None:
    """Role, language, telephone and last asking from the frame; the person's other answers; the account's score."""
    later = answers(("9", "ann", "big", 10, "2026-03-05")).assign(touchpoint="after_order")
    frame = pd.DataFrame(
        {
            "respondent_id": ["ann", "ann"],
            "asked_at": ["2026-02-20", "2026-03-04"],
            "Tittel": ["x", "y"],
            "Stilling": ["buyer", None],
            "Mobil": ["+47 22 22 22 22", "+47 33 33 33 33"],
            "language": ["nb", "nb"],
        }
    )
    cases = to_contact(pd.concat([responses, later], ignore_index=True), frame=frame).set_index("respondent_id")
    ann = cases.loc["ann"]
    assert (ann["role"], ann["phone"], ann["language"]) == ("buyer", "+47 33 33 33 33", "nb")
    assert str(ann["last_asked"]) == "2026-03-04"
    assert ann["other_answers"] == "After order 10 (2026-03-05)"
    assert "gave 10 elsewhere since" in ann["reason"]
    # big: 3, 8, 2, 9, 10 and 10 within a year: three promoters less two detractors of six.
    assert (ann["account_n"], round(ann["account_nps"], 1)) == (6, 16.7)
    assert cases.loc[["bo"], ["phone", "last_asked"]].isna().all(axis=None)


def test_closed_cases_leave_the_list(responses: pd.DataFrame) -> None:
    """Contacted is closed; listed without a contact is not."""
    followup = pd.DataFrame({"response_id": ["1", "2"], "contacted_at": ["2026-03-02", None], "status": ["solved", ""]})
    assert "ann" not in set(to_contact(responses, followup=followup)["respondent_id"])
    assert "bo" in set(to_contact(responses, followup=followup)["respondent_id"])


def test_who_has_left_is_not_called(responses: pd.DataFrame) -> None:
    """People the frame calls inactive, by their latest row, and accounts that ended, up to today."""
    frame = pd.DataFrame(
        {
            "respondent_id": ["ann", "ann", "bo", "cia"],
            "asked_at": ["2026-01-01", "2026-02-01", "2026-01-01", "2026-01-01"],
            "active": ["yes", "no", "yes", "yes"],
            "name": ["Ann A", "Ann A", "Bo B", "Cia C"],
            "email": ["ann@x.example", "ann@x.example", "bo@x.example", "cia@x.example"],
        }
    )
    assert to_contact(responses, frame=frame)["name"].tolist() == ["Bo B", "Cia C"]
    accounts = pd.DataFrame(
        {"account_id": ["small"], "name": ["=cmd|' /C calc'!A0"], "owner": ["Ove"], "churned_on": ["2026-03-01"]}
    )
    assert to_contact(responses, accounts=accounts)["respondent_id"].tolist() == ["ann"]
    later = to_contact(responses, accounts=accounts.assign(churned_on="2027-01-01")).set_index("respondent_id")
    assert later["owner"]["bo"] == "Ove"


def test_answers_without_a_person_are_cases_of_their_own() -> None:
    """Two anonymous detractors are two cases; nothing is invented for who they are."""
    rows = answers(("1", "", "x", 1, "2026-01-01"), ("2", "", "x", 2, "2026-01-02"))
    cases = to_contact(rows)
    assert len(cases) == 2
    assert cases["name"].isna().all()


def test_no_dates_no_waiting(responses: pd.DataFrame) -> None:
    """Without dates nobody can be said to wait."""
    with pytest.raises(BadValue, match="no dates"):
        to_contact(responses.assign(responded_at=pd.Series(pd.NaT, index=responses.index, dtype="datetime64[ns, UTC]")))


@pytest.mark.parametrize(
    ("language", "fell", "waits"),
    [
        ("en", "fell from 10 to 7", "waiting for 1 day"),
        ("sv", "föll från 10 till 7", "har väntat i 1 dag"),
        ("nb", "falt fra 10 til 7", "har ventet i 1 dag"),
        ("da", "faldt fra 10 til 7", "har ventet i 1 dag"),
        ("nl", "gedaald van 10 naar 7", "wacht al 1 dag"),
    ],
)
def test_reasons_are_in_the_language_of_the_reader(
    responses: pd.DataFrame, language: str, fell: str, waits: str
) -> None:
    """Each part of a reason is said in the language of the study; the codes beside it stay."""
    cases = to_contact(responses, on="2026-03-10", language=language).set_index("respondent_id")
    assert cases["reason"]["cia"].startswith(f"{fell}; ")
    assert cases["kind"]["cia"] == "fallen_passive"
    tomorrow = to_contact(responses, on="2026-03-02", language=language).set_index("respondent_id")
    assert tomorrow["reason"]["ann"].endswith(waits)
    english = to_contact(responses, on="2026-03-10").set_index("respondent_id")["reason"]
    said = {part for reason in cases["reason"] for part in reason.split("; ")}
    assert language == "en" or not said & {part for reason in english for part in reason.split("; ")}


def test_an_unknown_language_is_refused(responses: pd.DataFrame) -> None:
    """The message names the ones there are."""
    with pytest.raises(BadValue, match="nb"):
        to_contact(responses, language="fi")


def test_answers_of_nobody_are_found_by_account_or_by_row(responses: pd.DataFrame) -> None:
    """Without people and ids a case names its file, row and day, says why nobody is named, and can be closed again."""
    nobody = responses.assign(respondent_id=None, response_id=None, source_file="a.csv")
    nobody["source_row"] = range(2, 2 + len(nobody))
    cases = to_contact(nobody)
    assert cases["response_id"].is_unique
    assert "a.csv row 2 of 2026-03-01" in set(cases["response_id"])
    assert cases["reason"].str.endswith("the export names no person: ask at the account").all()
    alone = to_contact(nobody.assign(account_id=None))
    assert alone["reason"].str.endswith("the export names nobody: find the answer by its response_id").all()
    filled = cases[["response_id"]].assign(contacted_at="2026-03-11")
    assert to_contact(nobody, followup=filled).empty
    assert contacts(nobody, filled)["contacted"].all()
    # An export made anew, with other answers in the same rows, is not taken for the old one.
    again = nobody.assign(responded_at=nobody["responded_at"] + pd.Timedelta(days=1))
    assert len(to_contact(again, followup=filled)) == len(cases)


def test_old_answers_are_not_called_about(responses: pd.DataFrame) -> None:
    """Fifty-nine days are beyond a limit of thirty."""
    assert to_contact(responses, within_days=30)["respondent_id"].tolist() == ["ann"]


def test_only_consenting_promoters_are_quoted() -> None:
    """No consent, a low score, no comment, or a later low answer each keep a comment back."""
    rows = answers(
        ("1", "a", "x", 10, "2026-01-01"),
        ("2", "b", "x", 10, "2026-01-02"),
        ("3", "c", "x", 8, "2026-01-03"),
        ("4", "d", "x", 9, "2026-01-04"),
        ("5", "d", "x", 5, "2026-02-04"),
        ("6", "e", "x", 9, "2026-01-05"),
    ).assign(consent_to_quote=[True, False, True, True, True, True])
    comment = pd.Series(["fast", "good", "fine", "great", "bad", None], dtype="str")
    assert may_quote(rows, comment=comment)["quote"].tolist() == ["fast"]


def test_not_to_ask_counts_days_from_the_last_asking() -> None:
    """Asked on 1 March with a rest of ninety days: from 30 May on. The unhappy are not on the list."""
    frame = pd.DataFrame({"respondent_id": ["a", "b"], "asked_at": ["2026-03-01", "2025-03-01"]})
    resting = not_to_ask(frame, on="2026-03-10")
    assert resting["respondent_id"].tolist() == ["a"]
    assert str(resting["ask_from"].iloc[0]) == "2026-05-30"


def test_contacts_read_back() -> None:
    """Days to the contact, the next answer after it, and an answer before the contact marked as telling nothing."""
    rows = answers(
        ("1", "a", "x", 3, "2026-01-01"),
        ("2", "a", "x", 9, "2026-04-01"),
        ("3", "b", "x", 3, "2026-01-02"),
        ("4", "b", "x", 4, "2026-02-01"),
        ("5", "c", "x", 5, "2026-01-03"),
        ("6", "d", "x", 10, "2026-01-03"),
    )
    followup = pd.DataFrame({"response_id": ["1", "3", "4"], "contacted_at": ["2026-01-04", "2026-03-01", None]})
    cases = contacts(rows, followup).set_index("response_id")
    assert list(cases.index) == ["1", "3", "5", "4"]  # the promoter is no case; c was not listed and not contacted
    assert cases["days_to_contact"].dropna().to_dict() == {"1": 3.0, "3": 58.0}
    assert cases["next_score"].dropna().to_dict() == {"1": 9.0, "3": 4.0}
    assert cases["between"].to_dict() == {"1": False, "3": True, "5": False, "4": False}
    assert reached(cases.reset_index()).iloc[-1][["cases", "contacted"]].tolist() == [4, 2]


def test_a_contact_before_its_answer_is_refused() -> None:
    """That is about another answer, and would count as very fast."""
    rows = answers(("1", "a", "x", 3, "2026-02-01"))
    with pytest.raises(BadValue, match="before the answer"):
        contacts(rows, pd.DataFrame({"response_id": ["1"], "contacted_at": ["2026-01-01"]}))
    with pytest.raises(BadValue, match="none of 1"):
        contacts(rows, pd.DataFrame({"response_id": ["99"], "contacted_at": ["2026-03-01"]}))


def looped(effect: float, people: int, seed: int) -> pd.DataFrame:
    """Simulate detractors asked again: all rise by regression to the mean, half were contacted and rise by more."""
    rng = np.random.default_rng(seed)
    contacted = rng.random(people) < 0.5
    rises = rng.random(people) < 0.5 + effect * contacted
    return pd.DataFrame(
        {
            "contacted": contacted,
            "person": [f"p{i}" for i in range(people)],
            "account_id": [f"a{i // 2}" for i in range(people)],
            "next_score": np.where(rises, 9.0, 3.0),
            "between": False,
        }
    )


def test_regression_to_the_mean_is_not_taken_for_an_effect() -> None:
    """Everybody rises by about 100 points; without an effect the interval holds zero in about 19 of 20 studies."""
    found = pd.concat([moved(looped(0.0, 200, seed)) for seed in range(60)])
    rises = found["nps_contacted"] + 100
    assert rises.mean() > 80
    held = ((found["low"] <= 0) & (found["high"] >= 0)).mean()
    assert held >= 0.88  # 0.95 less three standard errors of 60 studies


def test_an_effect_is_found_where_there_is_one() -> None:
    """Thirty percent more of the contacted rise, which is 60 points."""
    row = moved(looped(0.3, 1000, 5)).iloc[0]
    assert row["low"] > 0
    assert row["change"] == pytest.approx(60, abs=15)
    assert row["analysis"] == "by account_id"


def test_too_few_say_so() -> None:
    """Nine on a side are not compared; nobody at all is said as well."""
    with pytest.raises(BadValue, match="fewer than ten"):
        moved(looped(0.0, 12, 1))
    with pytest.raises(BadValue, match="again yet"):
        next_scores(looped(0.0, 20, 1).assign(next_score=np.nan))
