"""What one page computed of a study the next one has: the very same, and anew whenever study or options are others."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from nps_utils import Study, remembering
from nps_utils.pages import act, customers, plan, revenue
from nps_utils.pages.known import known
from nps_utils.remembering import shared
from nps_utils.revenue import corrected_slope, negative_control
from nps_utils.words.limits import Limit, attempt


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    remembering._MADE.clear()
    yield
    remembering._MADE.clear()


def table_of(told: pd.DataFrame | Limit) -> pd.DataFrame:
    """Return a table that the demo has."""
    assert not isinstance(told, Limit)
    return told


def test_it_is_made_once_for_the_same_study_and_options(demo: Study, tmp_path: Path) -> None:
    """By another process of the report as well; other settings or options are another table."""
    made: list[str] = []

    def make(name: str) -> pd.DataFrame:
        made.append(name)
        return pd.DataFrame({"n": [len(made)]})

    other = replace(demo, settings=demo.settings.model_copy(update={"language": "sv"}))
    with shared(tmp_path / "processed" / "sums"):
        first = known(demo, "t", lambda: make("first"))
        first["n"] = 99
        remembering._MADE.clear()
        assert known(demo, "t", lambda: make("again"))["n"].tolist() == [1]
        known(demo, "t", lambda: make("option"), 2)
        known(other, "t", lambda: make("settings"))
        known(demo, "u", lambda: make("name"))
    assert made == ["first", "option", "settings", "name"]


def test_what_pages_share_is_the_same_from_another_process(demo: Study, tmp_path: Path) -> None:
    """Every type, date and missing cell; nothing of it is too odd for a file."""
    how = revenue.terms(demo)
    asked: dict[str, Callable[[], pd.DataFrame | Limit]] = {
        "lists": lambda: act.contact_lists(demo).cases,
        "quotes": lambda: act.contact_lists(demo).quotes,
        "resting": lambda: act.contact_lists(demo).resting,
        "next": lambda: act.next_survey(demo),
        "goals": lambda: plan.judged_goals(demo),
        "risk": lambda: customers.at_risk(demo, loss=(0.1, 0.2)),
        "panel": lambda: revenue.money_panel(demo, how),
        "control": lambda: negative_control(revenue.money_panel(demo, how), rng=1),
        "slope": lambda: corrected_slope(revenue.money_panel(demo, how), lag=1, rng=1),
    }
    folder = tmp_path / "processed" / "sums"
    with shared(folder):
        first = {name: ask() for name, ask in asked.items()}
        files = {path.name for path in folder.glob("*")}
        for name, ask in asked.items():
            remembering._MADE.clear()
            pd.testing.assert_frame_equal(table_of(ask()), table_of(first[name]), check_exact=True)
        assert {path.name for path in folder.glob("*")} == files  # nothing was made a second time
    lists = act._lists(demo, attempt(act.read_remarks, demo))
    pd.testing.assert_frame_equal(lists.cases, table_of(first["lists"]), check_exact=True)
    assert act.contact_lists(demo).on == lists.on


def test_a_generator_goes_on_and_is_never_remembered(demo: Study) -> None:
    """Two calls with one generator draw twice; a seed gives the same again."""
    panel = revenue.money_panel(demo, revenue.terms(demo))
    chance = np.random.default_rng(5)
    negative_control(panel, rng=chance)
    state = chance.bit_generator.state
    negative_control(panel, rng=chance)
    assert chance.bit_generator.state != state


def test_a_list_without_rows_of_millions_of_answers_is_kept(demo: Study, tmp_path: Path) -> None:
    """Its categories do not come back from a file; nobody may be quoted, and all lists were made a second time."""
    made: list[int] = []

    def make() -> pd.DataFrame:
        made.append(1)
        return act._in_texts(pd.DataFrame({"touchpoint": pd.Categorical([], categories=["a"], ordered=True)}))

    with shared(tmp_path / "sums"):
        for _ in range(2):
            assert known(demo, "nobody", make)["touchpoint"].dtype == "str"
            remembering._MADE.clear()
    assert len(made) == 1
