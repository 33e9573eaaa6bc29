"""The page of comments: the planted cause is found, and too few comments are said to be so."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from nps_utils import Limit, Study, attempt, comments, tables
from nps_utils.checks import BadStudy, BadValue
from nps_utils.comments.remarks import Remarks
from nps_utils.comments.space.words import LANGUAGES
from nps_utils.pages.act import read_remarks
from nps_utils.pages.clusters import FILE, changes_of, clusters_of
from nps_utils.pages.comments import at_touchpoint, changes_in_words, effects_in_words, effects_of
from nps_utils.pages.quotes import to_show
from nps_utils.study.settings import Cluster, read_settings
from nps_utils.tables.clusters import answer, clusters


def test_the_planted_cause_is_found_in_the_wave_of_the_drop(demo: Study) -> None:
    """Invoice export: not mentioned before, the largest rise in 2025-Q3, and a theme that is shown to cost points."""
    remarks = read_remarks(demo)
    effects = effects_in_words(demo.responses(), remarks)
    cause = effects.set_index("theme").loc["Invoice export"]
    assert cause["adjusted_high"] < 0
    assert cause["adjusted_pvalue_adjusted"] < 0.001
    changes = changes_in_words(at_touchpoint(demo.responses(), remarks, "relationship"))
    largest = changes.iloc[int(changes["change"].to_numpy().argmax())]
    assert (largest["theme"].lower(), largest["wave_after"]) == ("invoice export", "2025-Q3")
    assert largest["pvalue_adjusted"] < 0.001


def test_clusters_of_the_demo(demo: Study, tmp_path: Path) -> None:
    """Twelve or more hold all five languages; the planted cause is the costliest; a re-run gives the same bytes."""
    study = replace(demo, results_at=tmp_path)
    remarks = read_remarks(study)
    found = clusters_of(study, remarks)
    written = (study.results / FILE).read_bytes()
    assert sum(set(LANGUAGES) <= set(languages) for languages in found["languages"]) >= 12
    assert found["n"].sum() == (remarks.themes["main_theme"] != "no_content").sum()
    worst = found.nsmallest(1, "leave_out").iloc[0]
    assert "export" in " ".join(worst["terms"])
    assert worst["leave_out_pvalue_adjusted"] < 0.01
    assert worst["nps"] < 0
    assert "comments fall into" in answer(found)
    assert "nan" not in repr(clusters(found)).lower().split()
    changed = changes_of(study, found)
    assert changed.loc[changed["name"] == worst["name"], "pvalue_adjusted"].iloc[0] < 0.01
    shown = to_show(study, remarks, found)
    assert set(shown["cluster"]) - {""} <= set(found["name"])
    assert (shown["cluster"] != "").mean() > 0.5

    decided = Cluster(found=str(worst["found"]), name="Invoice export fails")
    ours = replace(study, settings=study.settings.model_copy(update={"cluster": (decided,)}))
    again = clusters_of(ours, remarks)
    assert "Invoice export fails" in set(again["name"])
    clusters_of(study, remarks)
    assert (study.results / FILE).read_bytes() == written
    gone = Cluster(found="unicorns", drop=True)
    with pytest.raises(BadValue, match='"unicorns": no cluster is found under this name any more'):
        clusters_of(replace(study, settings=study.settings.model_copy(update={"cluster": (gone,)})), remarks)


def test_a_decision_that_says_nothing_is_refused_with_the_settings(tmp_path: Path) -> None:
    """Before anything is read, by its place in study.toml."""
    (tmp_path / "study.toml").write_text(
        'title = "T"\ntimezone = "Europe/Stockholm"\n[[export]]\npath = "a.csv"\n'
        '[[cluster]]\nfound = "price"\nsplit = 2\ndrop = true\n',
        "utf-8",
    )
    with pytest.raises(BadStudy, match=r"cluster\[1\].*only one of merge, split and drop"):
        read_settings(tmp_path)


def test_no_comments_are_a_limit(bare: Study) -> None:
    """Nothing to count is said."""
    limit = attempt(effects_in_words, bare.responses(), attempt(read_remarks, bare))
    assert isinstance(limit, Limit)
    assert "nan" not in limit.reason.lower().split()


def test_a_bare_study_gets_sentences(bare: Study, shown_by: Callable[[str, Path], list[str]]) -> None:
    """Scores and nothing else: no comment, no theme."""
    shown = shown_by("05-comments", bare.folder)
    assert shown[0].startswith("*Cannot be said here:* ")
    assert not [text for text in shown if "nan" in text.lower().split()]


def test_languages_of_a_few_comments_are_not_named() -> None:
    """One comment in Somali among a thousand in English is a mistaken one; the languages of many are counted alone."""
    codes = ["en"] * 300 + ["so", "et"] + ["fr"] * 700
    main = ["price"] * 300 + ["not_covered"] * 702
    themes = pd.DataFrame({"main_theme": main, "language": codes})
    assert tables.comments.not_covered_sentence(themes) == (
        "700 of 1,002 comments are in French, which the themes do not cover."
    )
    told = tables.comments.coverage_sentence(pd.Series(["x"] * 1002), themes)
    assert told.endswith("Languages: fr 700, en 300 and others or not recognised 2.")
    few = tables.comments.not_covered_sentence(themes.head(302))
    assert few == "2 of 302 comments are in other languages, which the themes do not cover."


def test_no_theme_is_told_where_most_comments_cannot_be_read() -> None:
    """Forty English comments do not speak for a hundred French ones, whatever their themes go with."""
    french = [f"Le personnel est aimable et les conseils sont très utiles, numéro {n}" for n in range(100)]
    english = [f"The price is far too high for what you offer us, number {n}" for n in range(40)]
    table = comments.assign_themes(french + english)
    responses = pd.DataFrame({"score": [9] * 100 + [2] * 40})
    remarks = Remarks(**{**dict.fromkeys(Remarks.__annotations__), "themes": table})  # type: ignore[arg-type]
    with pytest.raises(BadValue, match=r"100 of 140 comments are in French.*The 40 others do not speak for all"):
        effects_of(responses, remarks)
