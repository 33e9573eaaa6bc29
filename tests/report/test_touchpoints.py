"""Every touchpoint beside the leading one, in a picture: its last complete wave, with interval and n."""

from __future__ import annotations

import dataclasses
import datetime as dt
from pathlib import Path

import pandas as pd
import pytest

from nps_utils.report import summary
from nps_utils.report.start import start_study
from nps_utils.report.summary.pictures import each, save_pictures
from nps_utils.report.summary.touchpoints import moved_elsewhere
from nps_utils.report.summary.write import blocks
from nps_utils.stats import verdicts
from nps_utils.study.study import Study
from nps_utils.words.limits import Limit, attempt
from nps_utils.words.translation import LANGUAGES, Local


def study_of(folder: Path, rows: list[tuple[str, str, int]]) -> Study:
    path = folder / "answers.csv"
    lines = [f"{moment},{day},{score}\n" for moment, day, score in rows]
    path.write_text("touchpoint,date,score\n" + "".join(lines), "utf-8")
    list(start_study(folder / "s", [path], timezone="Europe/Stockholm"))
    return Study.open(folder / "s")


def answers(moment: str, month: str, n: int, days: int = 28) -> list[tuple[str, str, int]]:
    return [(moment, f"{month}-{1 + i % days:02d}", (10, 9, 3, 7, 10)[i % 5]) for i in range(n)]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[Study, summary.Story]:
    """Two quarters, the second one begun ten days before: one moment of many answers, one of few, one of a few only."""
    rows = [*answers("after_order", "2026-02", 80), *answers("after_order", "2026-03", 60)]
    rows += [*answers("after_order", "2026-04", 40, days=10), *answers("After delivery", "2026-03", 35)]
    rows += [*answers("After delivery", "2026-01", 45), *answers("spring <b>fair</b>", "2026-04", 12, days=10)]
    rows += answers("after_order", "2025-11", 90)
    study = study_of(tmp_path_factory.mktemp("t"), rows)
    return study, summary.tell(study)


def test_each_touchpoint_has_its_last_complete_wave(told: tuple[Study, summary.Story]) -> None:
    """The quarter that has only begun is shown where there is no other, and is then said to be not complete."""
    study, story = told
    assert isinstance(story.each, pd.DataFrame)
    found = story.each.set_index("touchpoint")[["wave", "n", "complete"]].T.to_dict("list")
    responses = study.responses()
    order, delivery, fair = (
        next(str(name) for name in found if word in str(name).lower()) for word in ("order", "deliv", "fair")
    )
    assert list(found) == [order, delivery, fair]
    assert found[order] == ["2026-Q1", 140, True]
    assert found[delivery] == ["2026-Q1", 80, True]
    assert found[fair] == ["2026-Q2", 12, False]
    mine = responses[(responses["touchpoint"] == delivery) & (responses["wave"] == "2026-Q1")]["score"]
    row = story.each[story.each["touchpoint"] == delivery].iloc[0]
    assert row["nps"] == pytest.approx(100 * ((mine >= 9).mean() - (mine <= 6).mean()))
    assert row["low"] < row["nps"] < row["high"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_picture_tells_all_of_them(language: str, told: tuple[Study, summary.Story], tmp_path: Path) -> None:
    """Its text has wave, interval and n of each; its points tell the same; the page's words stay as few."""
    study, story = told
    own = study.settings.model_copy(update={"language": language})
    study = dataclasses.replace(study, settings=own, results_at=tmp_path)
    drawn = each(story, study)
    assert not isinstance(drawn, Limit)
    text = str(drawn.get_label())
    assert [text.count(f"n = {n}") for n in (140, 80, 12)] == [1, 1, 1]
    shown = save_pictures(story, study)
    assert list(shown) == ["story", "touchpoints"]
    assert len(shown["touchpoints"].points) == 3
    made_on = dt.date(2026, 11, 30)
    page = summary.pages(study, story, ["01-clean"], made_on=made_on, pictures=shown).index
    assert page.count("](touchpoints.png)") == 1
    assert page.count('<ul class="nps-points" hidden') == 2
    assert "<b>fair" not in page


def test_one_touchpoint_needs_no_picture(tmp_path: Path) -> None:
    """Nothing is drawn beside the picture of its waves."""
    study = study_of(tmp_path, [*answers("after_order", "2026-02", 60), *answers("after_order", "2025-11", 60)])
    story = summary.tell(study)
    assert isinstance(story.each, Limit)
    assert list(save_pictures(story, study)) == ["story"]


def test_a_touchpoint_that_fell_is_told_beside_the_leading_one(tmp_path: Path) -> None:
    """The relationship stands still; the telephone fell by 120 points: not nothing that stands out."""
    still = [row for month in ("2026-03", "2026-06") for row in mixed_answers("relationship", month, 36, 4)]
    fell = [*mixed_answers("telephone", "2026-03", 36, 4), *mixed_answers("telephone", "2026-06", 12, 28)]
    study = study_of(tmp_path, [*still, *fell])
    story = summary.tell(study)
    assert not isinstance(story.elsewhere, Limit)
    assert float(story.elsewhere["change"]) == pytest.approx(100 * ((12 - 28) / 40 - (36 - 4) / 40))
    told = next(block for block in blocks(story, study, Local("nb")) if block.name == "findings")
    assert told.items[0].startswith("Telephone: −120,0 poeng siden 2026-Q1 (")
    # What the mix of respondents explains is told as such, and what leads is the headline.
    answered = study.responses()
    newest = verdicts.latest(answered)
    assert isinstance(attempt(moved_elsewhere, newest, "relationship", answered, mixed=["telephone"]), Limit)
    assert isinstance(attempt(moved_elsewhere, newest, "telephone", answered), Limit)


def test_a_fall_of_few_or_of_another_channel_is_not_told_as_that_of_a_touchpoint() -> None:
    """Below thirty it must be surer, below ten nothing is told; with another channel which of the two is not known."""
    still = [row for month in ("2026-03", "2026-06") for row in mixed_answers("relationship", month, 36, 4)]

    def told(promoters: int, detractors: int, channels: tuple[str, str]) -> pd.Series | Limit:
        sides = zip(("2026-03", "2026-06"), ((promoters, detractors), (detractors, promoters)), channels, strict=True)
        rows = [
            (*row, channel) for month, counts, channel in sides for row in mixed_answers("telephone", month, *counts)
        ]
        table = pd.DataFrame(
            [*((*row, "mail") for row in still), *rows], columns=["touchpoint", "wave", "score", "channel"]
        )
        table["wave"] = table["wave"].str[:7]
        return attempt(moved_elsewhere, verdicts.latest(table), "relationship", table, segments=["channel"])

    assert not isinstance(told(36, 4, ("sms", "sms")), Limit)
    assert not isinstance(told(25, 4, ("sms", "sms")), Limit)
    assert isinstance(told(9, 4, ("sms", "sms")), Limit)
    assert isinstance(told(9, 0, ("sms", "sms")), Limit)
    assert isinstance(told(36, 4, ("sms", "mail")), Limit)


def mixed_answers(moment: str, month: str, promoters: int, detractors: int) -> list[tuple[str, str, int]]:
    """Answers of a month, each score on days of its own."""
    scores = [10] * promoters + [2] * detractors
    return [(moment, f"{month}-{1 + i % 28:02d}", score) for i, score in enumerate(scores)]
