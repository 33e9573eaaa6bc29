"""Answers by the million hold each different text once: whatever is asked of them, the answer is that of texts."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pandas as pd
import polars as pl
import pytest

from nps_utils import Study
from nps_utils.pages import plan
from nps_utils.stats import each, verdicts
from nps_utils.stats.planning.cadence import askings_of_each, fatigue
from nps_utils.stats.planning.eligibility import eligible
from nps_utils.stats.weighting.units import account_units
from nps_utils.study import coded, kept
from nps_utils.study.coded import put_together

DEMO = Path(__file__).parents[2] / "data" / "demo"
DAY = "2026-09-30"


class Read(NamedTuple):
    """What a study hands out."""

    responses: pd.DataFrame
    by_year: pd.DataFrame
    frame: pd.DataFrame
    with_staff: pd.DataFrame


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Read, Read]]:
    """The tables of the demo as they are, and where a single row is many."""
    folder = tmp_path_factory.mktemp("studies") / "demo"
    shutil.copytree(DEMO, folder, ignore=shutil.ignore_patterns("processed", "results", "report"))
    read = []
    with pytest.MonkeyPatch.context() as patch:
        for many in (coded.MANY, 0):
            patch.setattr(coded, "MANY", many)
            kept._READ.clear()
            kept._MADE.clear()
            study = Study.open(folder)
            frames = study.frame(), study.frame(staff=True)
            read.append(Read(study.responses(), study.responses(wave="year"), *frames))
        yield read[0], read[1]
        kept._READ.clear()
        kept._MADE.clear()


def test_each_cell_is_the_same_and_texts_are_sorted_categories(both: tuple[Read, Read]) -> None:
    """Of answers, of another wave's, and of who was asked, with own staff and without."""
    for texts, categories in zip(*both, strict=True):
        assert list(texts) == list(categories)
        assert len(texts) == len(categories) > 3000
        for name in texts:
            column = categories[name]
            assert isinstance(column.dtype, pd.CategoricalDtype) == (texts[name].dtype in ("str", "string")) or (
                name == "response_id"
            )
            if isinstance(column.dtype, pd.CategoricalDtype):
                assert column.dtype == pd.CategoricalDtype(list(column.cat.categories), ordered=True)
                assert column.cat.categories.is_monotonic_increasing
            pd.testing.assert_series_equal(column.astype(texts[name].dtype), texts[name])
    assert len(both[1].with_staff) > len(both[1].frame)


def _part(rows: pd.DataFrame) -> pd.DataFrame:
    """Leave out what the main touchpoint heard in four waves: the median must not count them as waves of nobody."""
    return rows[(rows["touchpoint"] != each.MAIN) | (rows["wave"] > "2025-Q3")]


STAFF = ["fjordlogic.example"]
ASKED: dict[str, Callable[[Read], pd.DataFrame]] = {
    "scores": lambda read: verdicts.scores(read.responses, by=["touchpoint", "wave"]),
    "scores of one wave": lambda read: verdicts.scores(
        read.responses[read.responses["wave"] == "2026-Q1"], by=["country"]
    ),
    "scores of each cut": lambda read: verdicts.scores_each(read.responses, ["country", "tenure", "language"]),
    "changes": lambda read: verdicts.changes(read.responses),
    "changes of segments": lambda read: verdicts.changes(read.responses, by=["segment"]),
    "trends": lambda read: verdicts.trends(read.responses),
    "mean and top box": lambda read: verdicts.mean_and_top(read.responses),
    "mix": lambda read: each.mix_each(read.responses, segments=["size", "country"]),
    "the same people": lambda read: each.paired_each(read.responses, person="respondent_id"),
    "units": lambda read: account_units(read.responses, by=["touchpoint"]),
    "whom to ask": lambda read: eligible(read.with_staff, on=DAY, staff_domains=STAFF)[
        ["askings", "eligible", "reason"]
    ],
    "askings": lambda read: askings_of_each(read.frame, on=DAY).to_frame(),
    "a wave that a touchpoint lacks": lambda read: pd.DataFrame({"n": [plan.usual_wave(_part(read.responses))]}),
    "a touchpoint that a part lacks": lambda read: pd.DataFrame(
        {"main": [each.main_touchpoint(read.responses[read.responses["touchpoint"] != each.MAIN])]}
    ),
    "years": lambda read: verdicts.changes(read.by_year, by=[]),
}


@pytest.mark.parametrize("what", ASKED)
def test_what_is_asked_of_categories_is_answered_as_of_texts(both: tuple[Read, Read], what: str) -> None:
    """Groups come in the same order, nobody is lost, and no group is there of which nobody answered."""
    one, two = map(ASKED[what], both)
    for name in two.columns[two.dtypes == "category"]:
        two[name] = two[name].astype(one[name].dtype)
    pd.testing.assert_frame_equal(one, two, rtol=1e-12)


def test_askings_are_those_of_fatigue(both: tuple[Read, Read]) -> None:
    """By numbers and by names: the same people in the same order."""
    texts, categories = both
    assert askings_of_each(categories.frame, on=DAY).tolist() == fatigue(texts.frame, on=DAY)["askings"].tolist()


def test_few_answers_stay_texts(both: tuple[Read, Read]) -> None:
    """Whoever works with a survey of thousands may write into them whatever he likes."""
    texts, categories = both
    assert texts.responses["wave"].dtype == "str"
    assert texts.responses["wave"].max() == categories.responses["wave"].max() == "2026-Q3"


def test_parts_of_a_table_are_put_together_as_the_whole_is_read() -> None:
    """Texts as they are or once each, missing ones among them, and a column that has none at all."""
    cells = {"id": ["a", None, "b", "a", "ö"], "day": ["x", "y", "x", None, "z"], "none": [None] * 5}
    whole = pl.DataFrame(cells, schema=dict.fromkeys(cells, pl.String))
    for parts in ([whole], [whole.head(0), whole.head(2), whole.slice(2)], [whole.head(0)]):
        told = put_together(iter(parts), alike=["day", "none"])
        expected = pl.concat(parts).to_pandas()
        assert told["id"].dtype == expected["id"].dtype == "str"
        pd.testing.assert_frame_equal(told.astype(dict.fromkeys(cells, "str")), expected.astype("str"))
        assert {str(told[name].cat.categories.dtype) for name in ("day", "none")} == {"str"}
        assert told["day"].cat.categories.tolist() == list(dict.fromkeys(expected["day"].dropna()))
