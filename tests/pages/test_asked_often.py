"""Tenants are asked after every repair: several invitations and answers of one person in a wave; one of them counts."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from nps_utils.pages.cleaning import rates_by_wave
from nps_utils.pages.nps import asked_by_touchpoint
from nps_utils.report.summary.evidence import rate
from nps_utils.stats import verdicts
from nps_utils.study.study import Study


@pytest.fixture
def study(tmp_path: Path) -> Study:
    """Of 20 tenants 10 answer; 5 of these after both of their repairs. 20 + 10 invitations, 15 answers, 10 count."""
    folder = tmp_path / "tenants"
    (folder / "raw").mkdir(parents=True)
    asked = [(f"t{n}", "2026-01-10") for n in range(20)] + [(f"t{n}", "2026-02-10") for n in range(10)]
    answers = [(f"t{n}", 9 if n % 2 else 3, "2026-01-12") for n in range(10)]
    answers += [(f"t{n}", 10, "2026-02-12") for n in range(5)]
    pd.DataFrame(asked, columns=["respondent_id", "asked_at"]).to_csv(folder / "raw/frame.csv", index=False)
    table = pd.DataFrame(answers, columns=["respondent_id", "score", "responded_at"])
    table.to_csv(folder / "raw/answers.csv", index=False)
    (folder / "study.toml").write_text(
        'title = "t"\ntimezone = "Europe/Amsterdam"\n[waves]\nby = "quarter"\n[[export]]\npath = "raw/answers.csv"\n'
        'columns = { score = "score", respondent_id = "respondent_id", responded_at = "responded_at" }\n'
        '[frame]\npath = "raw/frame.csv"\n',
        encoding="utf-8",
    )
    return Study.open(folder)


def test_an_answer_set_aside_was_an_answer(study: Study) -> None:
    """Half of the invitations were answered, not a third: what does not count in the score was no silence."""
    assert (len(study.responses()), len(study.answered())) == (10, 15)
    rates = rates_by_wave(study)
    assert rates[["asked", "answered", "rate"]].iloc[0].tolist() == [30, 15, 0.5]


def test_people_are_people_on_the_first_page(study: Study) -> None:
    """10 of 20 people; the bounds of the score know 10 silent ones, not 20."""
    last = verdicts.scores(study.responses(), by=["touchpoint", "wave"]).iloc[0]
    told = rate(study, str(last["touchpoint"]), last)
    assert (told.asked, told.answered, told.rate) == (20, 10, 0.5)
    assert told.all_detractors == pytest.approx(50 * last["nps"] / 100 - 50)


def test_a_frame_without_a_touchpoint_is_of_the_only_one(study: Study) -> None:
    """15 askings without an answer beside the 10 answers that count."""
    assert asked_by_touchpoint(study)["asked"].tolist() == [25]
