"""Some askings of a frame say what the whole frame does: whom to leave in peace, whom to ask, and what lists tell."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from nps_utils import Study
from nps_utils.checks import BadInput
from nps_utils.followup import not_to_ask, to_contact
from nps_utils.pages.askings import SomeAskings, last_asked, people_by_askings, recently_asked
from nps_utils.stats.planning.cadence import askings_of_each
from nps_utils.stats.planning.eligibility import RULED_BY, eligible
from nps_utils.stats.weighting.people_asked import people_asked
from nps_utils.stats.weighting.silence import rates_of, response_rates
from nps_utils.study import coded, whose

TODAY = pd.Timestamp("2026-06-30", tz="UTC")


def frame_of(seed: int) -> pd.DataFrame:
    """Return askings of few people, by id, by address or by both, on equal days, after today, with gaps and staff."""
    rng = np.random.default_rng(seed)
    n = 400
    person = rng.integers(0, 60, n)
    ids = pd.Series(person).map(lambda one: f"p{one}" if one % 3 else f" p{one} ")
    address = pd.Series(person).map(
        lambda one: f"{'A' if one % 2 else 'a'}{one}@{'our.se' if one % 7 == 0 else 'x.se'}"
    )
    days = pd.Timestamp("2026-01-01") + pd.to_timedelta(rng.integers(0, 240, n), unit="D")
    told = pd.Series(days.strftime("%Y-%m-%d")).where(rng.random(n) > 0.1)
    told = told.mask(rng.random(n) < 0.2, pd.Series(days.strftime("%Y-%m-%dT%H:30:00+02:00")))
    return pd.DataFrame(
        {
            "respondent_id": ids.where(rng.random(n) > 0.1),
            "email": address,
            "name": [f"N{one}" for one in rng.integers(0, 99, n)],
            "asked_at": told,
            "touchpoint": rng.choice(["relationship", "after_order"], n),
            "active": rng.choice(["yes", "no", ""], n, p=[0.8, 0.1, 0.1]),
            "customer_since": rng.choice(["2020-01-01", "2026-06-25"], n),
            "mobile": rng.choice(["070", ""], n),
        }
    )


@pytest.fixture
def study(tmp_path: Path) -> Callable[[pd.DataFrame], Study]:
    """Return what writes a study with a frame."""

    def write(frame: pd.DataFrame) -> Study:
        (tmp_path / "raw").mkdir()
        rng = np.random.default_rng(1)
        answers = pd.DataFrame(
            {
                "response_id": range(300),
                "respondent_id": [f"p{one}" for one in rng.integers(0, 60, 300)],
                "How likely are you to recommend us?": rng.integers(0, 11, 300),
                "responded_at": (pd.Timestamp("2026-06-30") - pd.to_timedelta(rng.integers(0, 150, 300), unit="D")),
                "touchpoint": "relationship",
            }
        )
        answers.to_csv(tmp_path / "raw" / "answers.csv", index=False)
        frame.to_csv(tmp_path / "raw" / "frame.csv", index=False)
        head = 'title = "t"\ntimezone = "UTC"\nstaff_domains = ["our.se"]\n'
        said = head + '[[export]]\npath = "raw/answers.csv"\n[frame]\npath = "raw/frame.csv"\n'
        (tmp_path / "study.toml").write_text(said)
        return Study.open(tmp_path)

    return write


def in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a small frame be read in parts, and its people be counted in parts, as one of millions is."""
    monkeypatch.setattr(whose, "_AT_ONCE", 17)
    monkeypatch.setattr(whose, "_COUNTED_AT_ONCE", 50)


@pytest.mark.parametrize("seed", range(6))
def test_some_askings_say_what_the_whole_frame_does(
    study: Callable[[pd.DataFrame], Study], seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whom not to ask yet, whom to ask next, and who is on the list of calls with what is known of them."""
    in_parts(monkeypatch)
    made = study(frame_of(seed))
    columns = made.frame_columns()
    recent = recently_asked(made, on=TODAY, days=90, columns=columns)
    whole = made.frame(columns=columns)
    assert recent is not None
    assert len(recent) < len(whole)
    pd.testing.assert_frame_equal(not_to_ask(recent, on=TODAY), not_to_ask(whole, on=TODAY))
    told = ["respondent_id", "email", "last_asked", "eligible", "reason"]
    last, every = (
        eligible(table, on=TODAY, staff_domains=["our.se"])[told].sort_values(told[:2], ignore_index=True)
        for table in (last_asked(made, on=TODAY, columns=RULED_BY), made.frame(staff=True, columns=RULED_BY))
    )
    pd.testing.assert_frame_equal(last, every)
    for days in (30, 365):
        counts = askings_of_each(whole, on=TODAY, days=days).value_counts().sort_index()
        found = people_by_askings(made, on=TODAY, days=days)
        assert found["askings"].tolist() == counts.index.tolist()
        assert found["people"].tolist() == counts.tolist()
    responses = made.responses()
    pd.testing.assert_frame_equal(to_contact(responses, frame=SomeAskings(made)), to_contact(responses, frame=whole))


@pytest.mark.parametrize("seed", range(6))
def test_people_counted_where_the_frame_lies_are_those_of_the_frame_that_is_read(
    study: Callable[[pd.DataFrame], Study], seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By wave, and by what is told of them; each once in a wave, whether known by id or by address."""
    frame = frame_of(seed)
    frame.loc[frame.index % 11 == 0, ["respondent_id", "email"]] = [None, "p1"] if seed % 2 else [None, None]
    in_parts(monkeypatch)
    made = study(frame)
    asked, answers = made.frame(), made.answered()
    here = asked[asked["touchpoint"] == "relationship"].reset_index(drop=True)
    segments = ["mobile", "customer_since"]
    tables = made.askings().people(["wave", *segments], touchpoint="relationship")
    assert tables is not None
    counted = tables["wave"]
    assert counted["answered"].sum() > 20
    expected = response_rates(here, answers, by=["wave"], per="person", timezone="UTC", wave="quarter")
    pd.testing.assert_frame_equal(rates_of(counted, by=["wave"]), expected, check_dtype=False)
    alone = made.askings().people(["wave"], touchpoint="relationship")  # of a frame without segments
    assert alone is not None
    pd.testing.assert_frame_equal(alone["wave"], counted)
    found = [tables[name].set_axis(["group", "asked", "answered"], axis=1) for name in segments]
    expected = people_asked(here, answers, segments, timezone="UTC", wave="quarter")
    columns = ["group", "asked", "answered"]
    pd.testing.assert_frame_equal(pd.concat(found, ignore_index=True), expected[columns], check_dtype=False)


@pytest.mark.parametrize("day", [TODAY, pd.Timestamp("2025-01-01", tz="UTC")])
def test_of_many_askings_people_are_told_with_texts_held_once(
    study: Callable[[pd.DataFrame], Study], day: pd.Timestamp, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same of each person in the order of their last askings; on a day before any, of the last rows of the file."""
    frame = frame_of(2).assign(churned_on=None)
    made = study(frame)
    few = last_asked(made, on=day, columns=RULED_BY)
    monkeypatch.setattr(coded, "MANY", len(frame))
    in_parts(monkeypatch)
    many = last_asked(made, on=day, columns=RULED_BY)
    texts = [name for name in many.columns if name not in ("respondent_id", "email")]
    assert {str(many[name].dtype) for name in texts} == {"category"}
    pd.testing.assert_frame_equal(many.astype(dict.fromkeys(texts, "str")), few)
    one, other = (eligible(table, on=day, staff_domains=["our.se"])[["eligible", "reason"]] for table in (many, few))
    pd.testing.assert_frame_equal(one, other)


def test_who_is_linked_without_a_touchpoint_is_not_counted_by_it(study: Callable[[pd.DataFrame], Study]) -> None:
    """Where one asking says none, answers go to the last asking whatever it was about: the frame has to be read."""
    frame = frame_of(3)
    frame.loc[7, "touchpoint"] = None
    assert study(frame).askings().people(["wave"], touchpoint="relationship") is None


@pytest.mark.parametrize(
    ("column", "cell"), [("active", "perhaps"), ("customer_since", "long ago"), ("respondent_id", None)]
)
def test_what_cannot_be_read_is_told_of_the_whole_frame(
    study: Callable[[pd.DataFrame], Study], column: str, cell: str | None
) -> None:
    """The error names the row of the frame, also where it is of an asking that no list needs."""
    frame = frame_of(9)
    frame.loc[5, ["respondent_id", "email", "asked_at"]] = ["alone", None, "2026-01-02"]
    frame.loc[5, column] = cell
    made = study(frame)
    assert recently_asked(made, on=TODAY, days=90, columns=made.frame_columns()) is None
    with pytest.raises(BadInput) as whole:
        eligible(made.frame(staff=True, columns=RULED_BY), on=TODAY)
    with pytest.raises(BadInput) as last:
        eligible(last_asked(made, on=TODAY, columns=RULED_BY), on=TODAY)
    assert str(last.value) == str(whole.value)
    if column == "respondent_id":
        with pytest.raises(BadInput, match="must name a person"):
            people_by_askings(made, on=TODAY)
