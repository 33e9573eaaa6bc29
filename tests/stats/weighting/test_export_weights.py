"""Weights that come with the answers: recognised, offered, used, and never ignored in silence."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from nps_utils import tables
from nps_utils.checks import BadStudy, MissingColumn
from nps_utils.exports import recognise
from nps_utils.report import summary
from nps_utils.report.recognising import Help
from nps_utils.report.start import start_study
from nps_utils.report.summary.write import blocks
from nps_utils.stats.benchmark import benchmark
from nps_utils.stats.verdicts import changes
from nps_utils.stats.weighting.export_weights import WEIGHT, scored
from nps_utils.study.study import Study
from nps_utils.words.markup import as_text
from nps_utils.words.translation import Local

# 16 promoters, 10 passives, 14 detractors: +5.0.
SCORES = [8, 10, 7, 8, 7, 9, 3, 6, 10, 0, 9, 5, 10, 2, 9, 8, 6, 10, 7, 3, 9, 10, 8, 6, 0, 10, 9, 3, 8, 7]
SCORES += [10, 5, 9, 2, 10, 6, 9, 3, 8, 10]
QUESTION = "How likely are you to recommend Bergvik Tools to a colleague?"
Row = Sequence[object]


def day(i: int) -> str:
    """A time of its own for each answer, in 2025-Q3 and Q4."""
    return f"2025-{8 + i // 14:02d}-{1 + 2 * (i % 14):02d} {8 + i % 9:02d}:15:00"


def write(path: Path, header: Row, rows: Sequence[Row], *, delimiter: str = ",") -> Path:
    """Write a CSV and return its path."""
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, delimiter=delimiter).writerows([header, *rows])
    return path


def weighted_answers(n: int = 300, seed: int = 4) -> pd.DataFrame:
    """Answers of two waves with uneven weights."""
    rng = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "score": rng.integers(0, 11, n),
            "touchpoint": "relationship",
            "wave": np.where(np.arange(n) < n // 3, "2025-Q1", "2025-Q2"),
            WEIGHT: rng.gamma(2.0, 0.5, n) + 0.1,
        }
    )


def points(score: pd.Series) -> np.ndarray:
    """Scores as -100, 0, 100, written out."""
    return np.array([100.0 if s > 8 else -100.0 if s < 7 else 0.0 for s in score])


def test_scores_are_those_of_a_weighted_regression() -> None:
    """The mean of weighted least squares, with its robust standard error, computed by statsmodels."""
    answers = weighted_answers()
    row = scored(answers).iloc[0]
    fit = sm.WLS(points(answers["score"]), np.ones(len(answers)), weights=answers[WEIGHT]).fit(cov_type="HC2")
    n = len(answers)
    assert row["nps"] == pytest.approx(fit.params[0])
    assert row["se"] == pytest.approx(fit.bse[0])
    share = np.average(answers["score"] >= 9, weights=answers[WEIGHT])
    assert row["promoters_share"] == pytest.approx(share)
    assert row["n"] == n


def test_changes_are_those_of_a_weighted_regression() -> None:
    """The slope between two waves; its robust standard error gives the interval and p of so many answers."""
    answers = weighted_answers()
    compared = changes(answers).iloc[0]
    design = sm.add_constant((answers["wave"] == "2025-Q2").to_numpy(dtype=float))
    fit = sm.WLS(points(answers["score"]), design, weights=answers[WEIGHT]).fit(cov_type="HC2")
    assert compared["change"] == pytest.approx(fit.params[1])
    assert (compared["high"] - compared["low"]) / 2 / 1.97 == pytest.approx(fit.bse[1], rel=0.04)
    assert compared["pvalue"] == pytest.approx(fit.pvalues[1], abs=0.02)


def test_equal_weights_change_no_score() -> None:
    """The point is that of the counts; without weights the table is that of counts."""
    answers = weighted_answers().assign(**{WEIGHT: 2.5})
    assert scored(answers)["nps"].iloc[0] == pytest.approx(scored(answers.drop(columns=WEIGHT))["nps"].iloc[0])
    assert "weighted" not in scored(answers.drop(columns=WEIGHT)).columns


def test_a_target_is_judged_by_the_weighted_score() -> None:
    """The p-value is five per cent where the target is a limit of the interval."""
    row = scored(weighted_answers()).iloc[0]
    tested = benchmark(pd.DataFrame([row]), target=float(row["low"]), alternative="two-sided").iloc[0]
    assert tested["pvalue"] == pytest.approx(0.05)


@pytest.mark.parametrize(
    "header",
    [
        *("weight", "Weighting", "wt", "final_weight", "surveyWeight", "Vikt", "Viktning", "Vekt", "Gewicht", "Peso"),
        *("Ponderación", "Poids", "Vægt", "weegfactor"),
    ],
)
@pytest.mark.parametrize("style", ["{:.2f}", "comma", "{:.0f}"])
def test_weights_are_recognised(header: str, style: str, tmp_path: Path) -> None:
    """Near one, summing to a population, with a decimal comma."""
    numbers = [0.4 + (i % 5) * 0.3 for i in range(40)]
    cells = [
        f"{x:.1f}".replace(".", ",") if style == "comma" else style.format(x * (1 if "2" in style else 100))
        for x in numbers
    ]
    rows = [[day(i), s, cells[i]] for i, s in enumerate(SCORES)]
    found = recognise(write(tmp_path / "w.csv", ["Date", QUESTION, header], rows, delimiter=";"))
    assert found.weight == header
    assert header not in (*found.segments, *found.ratings)


@pytest.mark.parametrize(
    ("header", "values"),
    [
        ("Parcel weight (kg)", ["1.5", "2.5"]),
        ("weight", ["1", "1"]),
        ("weight", ["heavy", "light"]),
        ("Weight", ["-1", "2"]),
    ],
)
def test_other_things_are_no_weights(header: str, values: list[str], tmp_path: Path) -> None:
    """Parcels, ones, words, and numbers below zero."""
    rows = [[day(i), s, values[i % 2]] for i, s in enumerate(SCORES)]
    assert recognise(write(tmp_path / "w.csv", ["Date", QUESTION, header], rows)).weight is None


def started(folder: Path, cells: list[str], *, weight: str | None = None) -> tuple[Study, str]:
    """Start a study of the forty answers with these weights."""
    rows = [[f"u{i}", day(i), s, cells[i]] for i, s in enumerate(SCORES)]
    path = write(folder / "answers.csv", ["response_id", "date", QUESTION, "vikt"], rows)
    lines = start_study(folder / "study", [path], timezone="UTC", told=Help(weight=weight))
    told = "\n".join(lines)
    return Study.open(folder / "study"), told


def test_a_study_with_weights(tmp_path: Path) -> None:
    """The numbers for machines, the front page and the first line of 02 are weighted and say so."""
    cells = ["5" if s <= 6 else "1" for s in SCORES]
    study, told = started(tmp_path, cells, weight="vikt")
    assert 'weight is "vikt", as you said' in told
    result = summary.summarise(study)
    right = 100 * (16 - 14 * 5) / (16 + 10 + 14 * 5)  # by hand
    assert result["nps"] == pytest.approx(right)
    assert (result["n"], result["weight"]) == (40, "vikt")
    assert "weighted NPS -56.2" in summary.headline(study)
    story = summary.tell(study)
    assert float(story.total["nps"]) == pytest.approx(right)
    for language in ("en", "sv", "nb", "da", "nl"):
        lines = blocks(story, study, Local(language))[0].lines
        assert any("vikt" in line for line in lines)
    told = as_text(tables.nps.overall_sentence(scored(study.responses()), study.responses()))
    assert told.startswith("**Weighted NPS -56.2")
    assert "03" not in (tables.nps.weights_note("03-change", used="vikt", unused=None) or "")


def test_unused_weights_are_said_everywhere(tmp_path: Path) -> None:
    """By new, by the ledger and on the front page; declined they are not."""
    study, told = started(tmp_path, ["2" if i % 2 else "1" for i in range(40)])
    assert 'weight may be "vikt"' in told
    assert study.ledger()["value"].str.contains("looks like weights").any()
    assert study.unused_weight() == "vikt"
    assert any("vikt" in line for line in blocks(summary.tell(study), study, Local("en"))[0].lines)
    assert summary.summarise(study)["weight"] is None
    path = study.folder / "study.toml"
    path.write_text("weight = false\n" + path.read_text("utf-8"), "utf-8")
    declined = Study.open(study.folder)
    assert declined.unused_weight() is None
    assert not declined.ledger()["value"].str.contains("looks like weights").any()


def test_answers_without_a_weight_are_in_the_ledger(tmp_path: Path) -> None:
    """Empty, zero and below: no answer counts that weighs nothing, and none is lost."""
    study, _ = started(tmp_path, ["", "0", "-1", *["2" if i % 2 else "1" for i in range(37)]], weight="vikt")
    lost = study.ledger().query("action == 'rejected'")
    assert lost["reason"].tolist() == ["missing_weight"] * 3
    assert lost["source_row"].tolist() == [2, 3, 4]
    assert len(study.responses()) == 37


def test_what_is_no_weight_is_refused(tmp_path: Path) -> None:
    """An unknown column, and a column of words."""
    with pytest.raises(MissingColumn, match=r'--weight "vigt".*Did you mean "vikt"'):
        started(tmp_path, ["1"] * 40, weight="vigt")
    with pytest.raises(BadStudy, match="no number above zero"):
        started(tmp_path, ["much"] * 40, weight="vikt")
