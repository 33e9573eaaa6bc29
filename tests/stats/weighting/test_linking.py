"""Answers and askings joined: against a plain loop, and in the corners of clocks and identities."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from nps_utils.checks import BadValue
from nps_utils.stats.weighting import linking
from nps_utils.stats.weighting.linking import askings, link_answers, linkage


def _by_hand(frame: pd.DataFrame, responses: pd.DataFrame) -> list[int | None]:
    """For each answer, look at every row of the frame."""
    found: list[int | None] = []
    for answer in responses.to_dict("records"):
        best: int | None = None
        for row, asking in enumerate(frame.to_dict("records")):
            same = asking["respondent_id"] == answer["respondent_id"] and asking["touchpoint"] == answer["touchpoint"]
            if not same or pd.isna(asking["asked_at"]) or asking["asked_at"] > answer["responded_at"]:
                continue
            if best is None or asking["asked_at"] >= frame.loc[best, "asked_at"]:
                best = row
        found.append(best)
    return found


def test_linking_agrees_with_a_loop_over_all_pairs() -> None:
    """300 askings of 40 people at two touchpoints, 200 answers at random times."""
    rng = np.random.default_rng(11)
    start = pd.Timestamp("2026-01-01", tz="UTC")
    frame = pd.DataFrame(
        {
            "respondent_id": rng.integers(0, 40, 300).astype(str),
            "touchpoint": rng.choice(["relationship", "delivery"], 300),
            "asked_at": start + pd.to_timedelta(rng.permutation(300), unit="D"),
        }
    )
    frame.loc[::7, "asked_at"] = pd.NaT
    responses = pd.DataFrame(
        {
            "respondent_id": rng.integers(0, 45, 200).astype(str),
            "touchpoint": rng.choice(["relationship", "delivery"], 200),
            "responded_at": start + pd.to_timedelta(rng.permutation(400)[:200] + 0.5, unit="D"),
        },
        index=pd.Index(rng.permutation(200)),
    )
    linked = link_answers(frame, responses)
    assert linked.index.equals(responses.index)
    assert [None if pd.isna(row) else int(row) for row in linked] == _by_hand(frame, responses)


def test_the_address_links_where_the_id_does_not() -> None:
    """An answer that knows only the e-mail, in other letters, still finds its asking."""
    frame = pd.DataFrame({"respondent_id": ["1", "2"], "email": ["a@x.se", "B@x.se"], "asked_at": ["2026-01-01"] * 2})
    responses = pd.DataFrame(
        {
            "respondent_id": ["1", None, "anon-77", None],
            "email": [None, "b@X.se", "a@x.se", None],
            "responded_at": ["2026-01-02"] * 4,
        }
    )
    assert link_answers(frame, responses).fillna(-1).tolist() == [0, 1, 0, -1]


def test_local_askings_come_before_answers_in_utc() -> None:
    """Asked at 09:15 on a Swedish summer morning, answered half an hour later: 07:45 UTC."""
    frame = pd.DataFrame({"respondent_id": ["1"], "asked_at": ["2026-07-01 09:15"]})
    responses = pd.DataFrame({"respondent_id": ["1"], "responded_at": [pd.Timestamp("2026-07-01 07:45", tz="UTC")]})
    assert link_answers(frame, responses, timezone="Europe/Stockholm").tolist() == [0]
    assert link_answers(frame, responses, timezone="UTC").isna().all()


def test_answers_too_late_or_without_a_time() -> None:
    """Beyond the limit an answer belongs to no asking; without a time it belongs to the last."""
    frame = pd.DataFrame({"respondent_id": ["1", "1"], "asked_at": ["2026-01-01", "2026-06-01"]})
    responses = pd.DataFrame({"respondent_id": ["1"] * 3, "responded_at": ["2026-01-31", "2026-05-01", None]})
    assert link_answers(frame, responses).tolist() == [0, 0, 1]
    assert link_answers(frame, responses, within_days=30).fillna(-1).tolist() == [0, -1, 1]


def test_a_touchpoint_that_some_rows_lack_is_not_asked_for() -> None:
    """Half-filled columns cannot decide who belongs together."""
    frame = pd.DataFrame({"respondent_id": ["1"], "touchpoint": ["delivery"]})
    filled = pd.DataFrame({"respondent_id": ["1"], "touchpoint": ["relationship"]})
    half = pd.DataFrame({"respondent_id": ["1", "1"], "touchpoint": ["relationship", None]})
    assert link_answers(frame, filled).isna().all()
    assert link_answers(frame, half).tolist() == [0, 0]


def test_waves_of_askings_follow_the_calendar_of_the_study() -> None:
    """New Year's night in Oslo is still last year in UTC; the frame's own waves are kept."""
    frame = pd.DataFrame({"email": ["a", "b"], "asked_at": ["2026-01-01 00:30", "2026-03-31 23:30"]})
    assert askings(frame, timezone="Europe/Oslo")["wave"].tolist() == ["2026-Q1", "2026-Q1"]
    assert askings(frame, timezone="Europe/Oslo", wave="month")["wave"].tolist() == ["2026-01", "2026-03"]
    zoned = frame.assign(asked_at=["2025-12-31T23:30:00Z", "2026-03-31T23:30:00Z"])
    assert askings(zoned, timezone="Europe/Oslo")["wave"].tolist() == ["2026-Q1", "2026-Q2"]
    assert askings(frame.assign(wave="spring"))["wave"].tolist() == ["spring", "spring"]


def test_linkage_counts_everything_once() -> None:
    """Answers are linked or not, askings answered or not, and further answers are counted apart."""
    frame = pd.DataFrame(
        {"respondent_id": ["1", "2", "3", "4"], "asked_at": ["2026-01-01", "2026-01-01", "2026-01-01", None]}
    )
    responses = pd.DataFrame({"respondent_id": ["1", "1", "2", "9"], "responded_at": ["2026-01-05"] * 4})
    counted = linkage(frame, responses).set_index("what")["n"].to_dict()
    assert counted == {
        "people_never_asked": 1,
        "askings": 3,
        "answers": 4,
        "answers_linked": 3,
        "answers_without_asking": 1,
        "further_answers": 1,
        "askings_without_answer": 1,
    }


def test_bad_times_are_named() -> None:
    """The row and the cell that is no time."""
    frame = pd.DataFrame({"respondent_id": ["1"], "asked_at": ["yesterday"]})
    with pytest.raises(BadValue, match="the frame, row 0, column \"asked_at\": 'yesterday'"):
        link_answers(frame, pd.DataFrame({"respondent_id": ["1"]}))
    with pytest.raises(BadValue, match="within_days = 0"):
        link_answers(frame.assign(asked_at=None), pd.DataFrame({"respondent_id": ["1"]}), within_days=0)


def test_parts_of_people_are_linked_as_all_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A frame of millions is sorted a part at a time: by id, and by address for those whom the ids do not find."""
    rng = np.random.default_rng(4)
    who, when = (
        rng.integers(0, 50, 500),
        pd.Timestamp("2026-01-01") + pd.to_timedelta(rng.integers(0, 90, 500), unit="D"),
    )
    frame = pd.DataFrame(
        {
            "respondent_id": [f" p{i}" if i % 3 else None for i in who],
            "email": [f"P{i}@x.se" for i in who],
            "asked_at": when,
        }
    )
    answers = pd.DataFrame(
        {
            "respondent_id": [f"p{i}" if i % 2 else "" for i in who[::2]],
            "email": [f"p{i}@x.se" for i in who[::2]],
            "responded_at": when[::2] + pd.Timedelta(hours=30),
        }
    )
    whole = link_answers(frame, answers)
    monkeypatch.setattr(linking, "_ROWS_AT_ONCE", 60)
    pd.testing.assert_series_equal(link_answers(frame, answers), whole)
    assert whole.notna().all()
