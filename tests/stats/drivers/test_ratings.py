"""Ratings as numbers: what is read, and what is refused with the line that settles it."""

from __future__ import annotations

import tomllib

import numpy as np
import pandas as pd
import pytest

from nps_utils import drivers
from nps_utils.checks import BadInput
from nps_utils.stats.drivers.ratings import Labels
from nps_utils.stats.drivers.steps import _SCALES, steps_of


def read(cells: list[object], labels: Labels | None = None) -> list[float]:
    return drivers.read_ratings(pd.DataFrame({"Q": cells}), ["Q"], labels=labels)["Q"].tolist()


READ: list[tuple[list[object], list[float]]] = [
    (["1", "5", "N/A", "", None], [1, 5, np.nan, np.nan, np.nan]),
    ([1, 2.5, np.nan], [1, 2.5, np.nan]),
    (["4 - Satisfied", "5. Very satisfied"], [4, 5]),
    (["3,5", "4.5"], [3.5, 4.5]),
    (["4/5", "2/5"], [4, 2]),
    ([True, False], [1, 0]),
    (["Ja", "Nej"], [1, 0]),
    (["Strongly agree", "Agree", "Neutral", "Disagree"], [5, 4, 3, 2]),
    (["Strongly agree", "Agree", "Disagree", "Strongly disagree"], [4, 3, 2, 1]),
    (["Mycket nöjd", "Varken nöjd eller missnöjd", "Vet ej"], [5, 3, np.nan]),
    (["Helt enig", "Helt uenig", "Delvis enig"], [5, 1, 4]),
    (["Zeer tevreden", "Neutraal"], [5, 3]),
    (["Stimme voll und ganz zu", "Teils/teils"], [5, 3]),
    (["Tout à fait d’accord", "Ni d’accord ni pas d’accord"], [5, 3]),
    (["-2", "-1", "0", "1", "2"], [-2, -1, 0, 1, 2]),
    ([0, 25, 50, 100], [0, 25, 50, 100]),
    (["0", "8", "9", "10"], [0, 8, 9, 10]),
]


@pytest.mark.parametrize(("cells", "numbers"), READ)
def test_what_tools_write_is_read(cells: list[object], numbers: list[float]) -> None:
    assert read(cells) == pytest.approx(numbers, nan_ok=True)


REFUSED: list[list[object]] = [
    ["Agree", "Disagree", "Maybe"],
    ["Poor", "Good"],
    ["Agree", "Strongly disagree"],
    ["Not at all", "2", "3", "4", "Very"],
    ["1", "5", "99"],
    [1, 2, 3, -99],
    ["1", "2", "3", "4", "5", "9"],
    ["North", "South"],
]


@pytest.mark.parametrize("cells", REFUSED)
def test_what_is_refused_is_read_once_the_line_of_the_message_is_written(cells: list[object]) -> None:
    with pytest.raises(BadInput) as refused:
        read(cells)
    line = str(refused.value).split("for all ratings: ")[1].split(". In Python")[0].split("; if it")[0]
    said = tomllib.loads(line.replace("STEP", "2"))["rating_labels"]
    labels = {name: {k: None if v == "none" else float(v) for k, v in own.items()} for name, own in said.items()}
    assert len(read(cells, labels)) == len(cells)


def test_labels_of_one_item_leave_the_others_alone() -> None:
    table = pd.DataFrame({"A": ["1", "5", "9"], "B": ["9", "10", "8"]})
    found = drivers.read_ratings(table, ["A", "B"], labels={"A": {"9": None}})
    assert found["A"].tolist() == pytest.approx([1, 5, np.nan], nan_ok=True)
    assert found["B"].tolist() == [9, 10, 8]


def test_lists_of_ticked_options_are_named_as_such() -> None:
    with pytest.raises(BadInput, match="lists of ticked options"):
        read(["Reports;Planner", "Planner", "Reports;Mobile"])


def test_what_one_question_leaves_open_others_settle() -> None:
    """Nobody chose the middle of the first: the second shows that there is one."""
    table = pd.DataFrame({"A": ["Agree", "Strongly agree"], "B": ["Neutral", "Disagree"]})
    assert drivers.read_ratings(table, ["A", "B"])["A"].tolist() == [4, 5]


@pytest.mark.parametrize("scale", _SCALES)
def test_every_known_scale_is_read_whole(scale: str) -> None:
    """The first word of each step: worst 1, best the number of steps."""
    words = [step.split("/")[0] for step in scale.split("|")]
    assert steps_of(words) == {word: place for place, word in enumerate(words, 1)}
