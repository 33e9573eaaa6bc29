"""What drives the score, on a page: ratings of a study, themes instead, and one line where there are none."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from nps_utils import Limit, Study, attempt, drivers, figures, tables
from nps_utils.checks import BadValue
from nps_utils.pages.act import read_remarks
from nps_utils.pages.drivers import Asked, mentioned, rated
from nps_utils.report.start import start_study

ROOT = Path(__file__).parents[2]
STEPS = ["Strongly disagree", "Disagree", "Neither agree nor disagree", "Agree", "Strongly agree"]


def export(path: Path, n: int = 300, more: dict[str, list[object]] | None = None) -> Path:
    rng = np.random.default_rng(8)
    items = np.clip(np.round(3.6 + rng.normal(size=(n, 2)) + 0.5 * rng.normal(size=(n, 1))), 1, 5).astype(int)
    score = np.clip(np.round(3 + 1.2 * items[:, 0] + 1.4 * rng.normal(size=n)), 0, 10).astype(int)
    table = pd.DataFrame({"How likely are you to recommend us? (0-10)": score, "Company ID": rng.integers(0, 50, n)})
    table["It is easy"], table["Price"] = [STEPS[step - 1] for step in items[:, 0]], items[:, 1]
    pd.concat([table, pd.DataFrame(more or {})], axis=1).to_csv(path, index=False)
    return path


def study(tmp_path: Path, n: int = 300, add: str = "", more: dict[str, list[object]] | None = None) -> Study:
    list(start_study(tmp_path / "s", [export(tmp_path / "a.csv", n, more)], timezone="UTC"))
    settings = tmp_path / "s" / "study.toml"
    settings.write_text(add + settings.read_text("utf-8"), "utf-8")
    return Study.open(tmp_path / "s")


def divided(asked: Asked) -> pd.DataFrame:
    return drivers.importance(asked.answers, items=asked.items, outcome="score", cluster=asked.cluster)


def test_a_study_with_ratings_and_no_comments_gets_its_drivers(
    tmp_path: Path, shown_by: Callable[[str, Path], list[str]]
) -> None:
    """The planted one is first, in words, table and picture."""
    own = study(tmp_path)
    shown = shown_by("05-comments", own.folder)
    said = next(text for text in shown if "goes with most of the score's differences" in text)
    assert "“It is easy”" in said
    assert "need not be its cause" in said
    assert "300 answers of 50 accounts; none lacks an item" in said
    assert any(text.startswith("“It is easy” goes with most of the score. Points by level") for text in shown)
    assert (own.results / "tables" / "05-comments-drivers.csv").is_file()
    assert (own.results / "figures" / "05-comments-drivers.svg").is_file()
    assert not [text for text in shown if "nan" in text.lower().split()]


def test_what_cannot_be_used_is_left_out_with_its_reason(tmp_path: Path) -> None:
    """Few answers, a copy of the score, ticked options, unread words, a constant."""
    rng = np.random.default_rng(1)
    more: dict[str, list[object]] = {
        "Rarely asked": [int(v) if i < 20 else "" for i, v in enumerate(rng.integers(1, 6, 300))],
        "Used": [("Reports;Planner", "Planner", "API;Reports")[i % 3] for i in range(300)],
        "Odd": [("Fine", "Meh", "Ugh")[i % 3] for i in range(300)],
        "Always": [4] * 300,
    }
    names = ["It is easy", "Price", *more]
    own = study(tmp_path, more=more)
    settings = own.folder / "study.toml"
    text = "\n".join(line for line in settings.read_text("utf-8").splitlines() if not line.startswith("ratings"))
    settings.write_text(f"ratings = {json.dumps(names)}\n{text}", "utf-8")
    asked = rated(Study.open(own.folder))
    assert asked.items == ["It is easy", "Price"]
    assert set(asked.left_out) == set(more)
    assert "20 answers, of at least 50" in asked.left_out["Rarely asked"]
    assert "ticked options" in asked.left_out["Used"]
    assert "rating_labels" in asked.left_out["Odd"]
    assert "all 300 answers are 4" in asked.left_out["Always"]
    assert "Not compared: “Used” (" in tables.drivers.rated_sentence(divided(asked), asked)


def test_labels_of_study_toml_are_read(tmp_path: Path) -> None:
    """What the message proposes, written into study.toml, works."""
    more: dict[str, list[object]] = {"Odd": [("Fine", "Meh", "Ugh")[i % 3] for i in range(300)]}
    labels = 'rating_labels = { "Odd" = { "Fine" = 3, "Meh" = 2, "Ugh" = 1 } }\n'
    own = study(tmp_path, add=labels, more=more)
    settings = own.folder / "study.toml"
    settings.write_text(settings.read_text("utf-8").replace("ratings = [", 'ratings = ["Odd", ', 1), "utf-8")
    assert rated(Study.open(own.folder)).answers["Odd"].value_counts().to_dict() == {3.0: 100, 2.0: 100, 1.0: 100}


def test_touchpoints_are_not_pooled(tmp_path: Path) -> None:
    """The one with most ratings is compared, and named."""
    moments: list[object] = ["delivery" if i % 3 == 0 else "order" for i in range(300)]
    asked = rated(study(tmp_path, more={"Touchpoint": moments}))
    assert (asked.touchpoint, len(asked.answers)) == ("order", 200)
    assert "200 answers at order" in tables.drivers.rated_sentence(divided(asked), asked)


def test_noise_is_said_to_be_noise() -> None:
    rng = np.random.default_rng(4)
    table = pd.DataFrame(
        {"score": rng.integers(0, 11, 200), "A": rng.integers(1, 6, 200), "B": rng.integers(1, 6, 200)}
    )
    found = drivers.importance(table, items=["A", "B"])
    said = tables.drivers.rated_sentence(found, Asked(table, ["A", "B"], None, None, {}))
    assert "is not shown" in said
    assert "goes with most" not in said
    assert "is not shown" in str(figures.importance_by_level(found).get_label())


def test_without_ratings_one_line_says_what_to_add(bare: Study, demo: Study) -> None:
    for without in (bare, demo):
        limit = attempt(rated, without)
        assert isinstance(limit, Limit)
        assert 'ratings = ["Ease of use"]' in limit.reason
        shown = (figures.importance_by_level(limit), tables.drivers.importance(limit), tables.drivers.sides(limit))
        assert {str(one) for one in shown} == {"the reason stands above."}


def test_themes_are_those_of_one_touchpoint(demo: Study) -> None:
    """The demo has three moments: the comments of one are compared, and it is named."""
    responses, remarks = demo.responses(), read_remarks(demo)
    asked = mentioned(responses, remarks)
    told = remarks.themes["main_theme"] != "no_content"
    assert asked.touchpoint == "relationship"
    assert len(asked.answers) == int((told & (responses["touchpoint"] == "relationship")).sum())
    assert asked.cluster == "account_id"
    found = divided(asked)
    # The planted cause, beside what a software vendor is always asked for.
    cause = found.set_index("item").loc["Invoice export"]
    assert "Invoice export" in set(found["item"].iloc[:2])
    assert cause["low"] > 0.005
    assert "at relationship, where most were written" in tables.drivers.themes_sentence(found, asked)


def test_none_that_can_be_used_is_an_error_that_says_why(tmp_path: Path) -> None:
    with pytest.raises(BadValue, match='"Price" \\(40 answers, of at least 50\\)'):
        rated(study(tmp_path, 40))


def test_one_theme_left_out_is_told_as_one(demo: Study) -> None:
    asked = mentioned(demo.responses(), read_remarks(demo))
    found = divided(asked)
    for n, said in ((1, "One theme with fewer mentions is not"), (3, "3 themes with fewer mentions are not")):
        fewer = replace(asked, left_out={f"t{at}": "few" for at in range(n)})
        assert said in tables.drivers.themes_sentence(found, fewer)
