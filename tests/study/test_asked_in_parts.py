"""Numbers that stand for people link the same answers to the same askings as their texts do."""

from __future__ import annotations

import numpy as np
import pandas as pd
import polars as pl
import pytest

from nps_utils.checks import BadValue
from nps_utils.stats.weighting.linking import link_answers
from nps_utils.study import asked_in_parts
from nps_utils.study.asked_in_parts import (
    count_linked,
    link_in_parts,
    most_are_linked,
    with_times,
    with_times_of_answers,
)

PLACES = ("after_order", "relationship")


def tables(seed: int, *, timed: bool, people: tuple[str, ...], filled: bool) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return askings and answers of few people in few days, so that most are linked and many at the same time."""
    rng = np.random.default_rng(seed)

    def rows(n: int) -> dict[str, list[str | None]]:
        who = rng.integers(0, 30, n)
        known: dict[str, list[str | None]] = {
            "respondent_id": [None if rng.random() < 0.2 else f" {one}" for one in who],
            "email": [None if rng.random() < 0.2 else f"P{one % 20}@X.se " for one in who],
            "touchpoint": [str(PLACES[one]) for one in rng.integers(0, 2, n)],
            "wave": [f"w{one}" for one in rng.integers(0, 3, n)],
        }
        return {name: known[name] for name in (*people, "touchpoint", "wave")}

    frame, answers = pd.DataFrame(rows(200), dtype="str"), pd.DataFrame(rows(150), dtype="str")
    if not filled:
        frame.loc[3, "touchpoint"] = None
    if timed:
        days = rng.integers(1, 29, 200)
        frame["asked_at"] = [None if day == 7 else f"2026-03-{day:02d} 09:{day % 3}0" for day in days]
    at = pd.Timestamp("2026-03-01 09:00", tz="UTC") + pd.to_timedelta(rng.integers(0, 700, 150), unit="h")
    answers["responded_at"] = at.where(rng.random(150) < 0.9).astype("datetime64[us, UTC]")
    return frame, answers


@pytest.mark.parametrize("timed", [True, False])
@pytest.mark.parametrize("filled", [True, False])
@pytest.mark.parametrize("people", [("respondent_id",), ("email",), ("respondent_id", "email")])
def test_the_same_askings_are_found(
    monkeypatch: pytest.MonkeyPatch, people: tuple[str, ...], *, timed: bool, filled: bool
) -> None:
    """Beside `link_answers`, which joins texts; in one part and in many."""
    for seed, at_once in ((1, 1000), (2, 20), (3, 7)):
        monkeypatch.setattr(asked_in_parts, "_ROWS_AT_ONCE", at_once)
        frame, answers = tables(seed, timed=timed, people=people, filled=filled)
        expected = link_answers(frame, answers, timezone="Europe/Oslo").fillna(-1).tolist()
        asked = with_times(pl.from_pandas(frame).lazy(), timezone="Europe/Oslo", wave="quarter")
        given = with_times_of_answers(pl.from_pandas(answers).lazy())
        assert link_in_parts(asked, given).tolist() == expected
        linked = sum(one >= 0 for one in expected)
        assert 0 < linked < len(answers)
        assert count_linked(asked, given, enough=np.inf) == linked


def test_nobody_in_both_is_linked_to_none() -> None:
    """A frame that knows people by number, and answers that know them by address."""
    frame, answers = pl.LazyFrame({"respondent_id": ["1"]}), pl.LazyFrame({"email": ["a@x.se"]})
    asked, given = with_times(frame, timezone="UTC", wave="quarter"), with_times_of_answers(answers)
    assert link_in_parts(asked, given).tolist() == [-1]
    assert count_linked(asked, given, enough=1) == 0


def test_a_day_that_is_none_is_named_by_its_row() -> None:
    """As `read_dates` names it, though only different texts are read."""
    frame = pl.LazyFrame({"asked_at": ["2026-01-02"] * 5 + ["soon", "2026-01-02"]})
    with pytest.raises(BadValue, match=r"the frame, row 5, column \"asked_at\": 'soon'"):
        with_times(frame, timezone="UTC", wave="quarter")


def test_some_answers_tell_that_most_are_linked_and_never_that_few_are(monkeypatch: pytest.MonkeyPatch) -> None:
    """Looked at one by one it is the share of all; below what is sure, and with few answers, all are to be counted."""
    frame, answers = tables(1, timed=True, people=("email",), filled=True)
    linked = link_answers(frame, answers, timezone="UTC").notna().mean()
    asked, given = pl.from_pandas(frame).lazy(), with_times_of_answers(pl.from_pandas(answers).lazy())

    def sure(share: float) -> bool:
        return most_are_linked(asked, given, of=len(answers), share=share, timezone="UTC")

    assert not sure(0)
    monkeypatch.setattr(asked_in_parts, "_SURE_FROM", 1)
    monkeypatch.setattr(asked_in_parts, "_ONE_OF", 1)
    monkeypatch.setattr(asked_in_parts, "_MARGIN", 0)
    assert sure(linked - 1e-9)
    assert not sure(linked + 1e-9)
    monkeypatch.setattr(asked_in_parts, "_ONE_OF", 3)
    assert sure(linked / 2)
    others = pl.from_pandas(frame).lazy().with_columns(email=pl.lit("nobody@x.se"))
    assert not most_are_linked(others, given, of=len(answers), share=0.01, timezone="UTC")
