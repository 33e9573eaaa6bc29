"""Lists of many people go by numbers: they say what one finds by looking at one person after the other."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from nps_utils.checks import BadValue
from nps_utils.columns import text_of
from nps_utils.followup import answer_id, people, person_of, to_contact
from nps_utils.followup.beside import with_account_score, with_others
from nps_utils.followup.people import askings_of, people_of, with_people
from nps_utils.words.naming import named


def answers(n: int, seed: int) -> pd.DataFrame:
    """Return answers of people known by number, by address, by both or not at all, with ids twice and none."""
    draw = np.random.default_rng(seed)

    def some(what: list[object]) -> list[object]:
        return [what[at] for at in draw.integers(0, len(what), n)]

    when = pd.to_datetime("2026-01-01", utc=True) + pd.to_timedelta(draw.integers(0, 900, n) * 7, "h")
    return pd.DataFrame(
        {
            "response_id": some([*map(str, range(2 * n)), None, " ", "7"]),
            "respondent_id": some([None, "p1", " p1", "p2", "a@x.se", "P3", *[f"q{i}" for i in range(n // 4)]]),
            "email": some([None, "A@x.se ", "a@x.se", "b@x.se"]),
            "account_id": some([None, "x", " x", "y", "z", ""]),
            "touchpoint": some(["order", "relationship", None]),
            "score": draw.integers(0, 11, n).astype("int8"),
            "responded_at": pd.Series(when).mask(draw.random(n) < 0.03),
            "source_file": "a.csv",
            "source_row": np.arange(n) + 2,
        }
    )


@pytest.mark.parametrize("seed", range(4))
def test_the_same_number_is_the_same_person(seed: int) -> None:
    """By number, else by address in lower case; each answer of nobody known is of somebody else."""
    table = answers(120, seed)
    both = set(zip(people_of(table).tolist(), person_of(table), strict=True))
    assert len(both) == len({number for number, _ in both}) == len({name for _, name in both})


@pytest.mark.parametrize("seed", range(4))
def test_an_answer_is_found_by_its_own_id_or_by_its_place(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """An id that two answers have finds neither, however far apart they stand."""
    monkeypatch.setattr(people, "_AT_ONCE", 7)
    table = answers(120, seed)
    ids = text_of(table, "response_id")
    for own, found, place, day in zip(ids, answer_id(table), table["source_row"], table["responded_at"], strict=True):
        if pd.notna(own) and (ids == own).sum() == 1:
            assert found == own
        else:
            assert found == f"a.csv row {place} of {'no date' if pd.isna(day) else day.date()}"


@pytest.mark.parametrize("seed", range(4))
def test_other_answers_are_those_one_finds_one_by_one(seed: int) -> None:
    """Newest first, three at most, the case itself left out; a promoter's score counts where it came later."""
    table = answers(150, seed)
    rows = table.assign(person=people_of(table), day=table["responded_at"].dt.normalize())
    cases = rows[rows["responded_at"].notna() & (rows["score"] < 9)].sample(60, random_state=seed)
    found = with_others(cases, rows)
    ordered = rows[rows["responded_at"].notna()].sort_values("responded_at", kind="stable").iloc[::-1]
    for (_, case), said, later in zip(cases.iterrows(), found["other_answers"], found["content_later"], strict=True):
        own = ordered[ordered["person"] == case["person"]]
        itself = (own["responded_at"] == case["responded_at"]) & (own["touchpoint"] == case["touchpoint"])
        own = own[~itself.fillna(value=False).astype(bool)]
        told = [f"{named(str(a.touchpoint))} {a.score} ({a.day.date()})" for a in own.head(3).itertuples()]
        assert (said if pd.notna(said) else "") == "; ".join(told)
        after = own.loc[(own["responded_at"] > case["responded_at"]) & (own["score"] >= 9), "score"]
        assert (later if pd.notna(later) else None) == (after.iloc[0] if len(after) else None)


def test_the_score_of_an_account_is_that_of_its_last_year() -> None:
    """Counted account by account; one that is not known has none."""
    table = answers(150, 9)
    rows = table.assign(day=table["responded_at"].dt.normalize())
    today = rows["day"].max()
    found = with_account_score(rows, rows, today)
    recent = rows[(rows["day"] <= today) & (rows["day"] > today - pd.Timedelta(days=365))]
    for own, nps, n in zip(text_of(rows, "account_id"), found["account_nps"], found["account_n"], strict=True):
        theirs = recent.loc[(text_of(recent, "account_id") == own).fillna(value=False), "score"].astype(int)
        if not len(theirs):
            assert pd.isna(n)
        else:
            assert n == len(theirs)
            assert nps == pytest.approx(100 * ((theirs >= 9).sum() - (theirs < 7).sum()) / len(theirs))


@pytest.mark.parametrize("seed", range(3))
def test_cases_are_those_of_people_looked_at_one_by_one(seed: int) -> None:
    """A person's latest answer at a touchpoint is a detractor's, or a passive's after a promoter's."""
    table = answers(200, seed).assign(response_id=[f"r{i}" for i in range(200)])
    listed = set(to_contact(table, within_days=1000)["response_id"])
    expected = dict[str, tuple[pd.Timestamp, int, str]]()
    dated = table[table["responded_at"].notna()].sort_values("responded_at", kind="stable")
    dated = dated.assign(person=person_of(dated), at=np.arange(len(dated)))
    for _, own in dated.groupby(["person", "touchpoint"], dropna=False):
        last = own.iloc[-1]
        fell = pd.notna(last["touchpoint"]) and any(
            a >= 9 and 7 <= b <= 8 for a, b in list(pairwise(own["score"]))[-1:]
        )
        if last["score"] < 7 or fell:
            order = (last["responded_at"], int(last["at"]), str(last["response_id"]))
            expected[last["person"]] = max(expected.get(last["person"], order), order)
    assert listed == {order[-1] for order in expected.values()}


def test_a_frame_of_others_too_is_checked_whole() -> None:
    """What says neither yes nor no of anybody's being active is told, on the list or not."""
    frame = pd.DataFrame({"respondent_id": ["a", "b"], "active": ["yes", "perhaps"]})
    assert askings_of(frame.assign(active="yes"), "respondent_id", pd.Series(["a"])).index.tolist() == [0]
    with pytest.raises(BadValue, match="perhaps"):
        with_people(pd.DataFrame({"respondent_id": ["a"]}), frame)
