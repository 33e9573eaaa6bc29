"""Quality of themes, quotes, and the sheet a person fills in."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm

from nps_utils.checks import BadFile, BadValue, MissingColumn
from nps_utils.comments import assign_themes, check_sheet, read_check_sheet, theme_quality, theme_quotes, theme_words

TEXTS = [
    "The invoice was wrong, I am anna@firm.invalid by the way",
    "=Wrong invoice again and again",
    "Too long waiting time on Mondays",
    "Leveransen kom aldrig fram till oss",
    "Dyr leverans",
    "-",
    "Wonderful",
]
LANGUAGE = ["en", "en", "en", "sv", "sv", None, "en"]


@pytest.fixture(name="themes")
def _themes() -> pd.DataFrame:
    return assign_themes(TEXTS, language=LANGUAGE, industry="retail")


def _value(table: pd.DataFrame, measure: str) -> float:
    return float(table.set_index("measure")["value"][measure])


def test_quality_counts_what_it_says(themes: pd.DataFrame) -> None:
    """Content, coverage and mentions counted by hand."""
    table = theme_quality(TEXTS, themes, replicates=2)
    assert _value(table, "comments") == 7
    assert _value(table, "with_content") == 6
    assert _value(table, "coverage") == pytest.approx(5 / 6)
    assert _value(table, "themes_per_comment") == pytest.approx(6 / 5)  # "Dyr leverans" has two
    assert _value(table, "unknown_language") == 0
    assert _value(table, "stability") == 1  # words alone: no model to vary


def test_themes_that_are_the_languages_raise_the_alarm() -> None:
    """Mutual information is 1 where each language has its own theme, 0 where all say the same."""
    apart = pd.DataFrame({"main_theme": ["price"] * 20 + ["staff"] * 20, "language": ["en"] * 20 + ["sv"] * 20})
    apart = apart.assign(price=1.0, staff=0.0)
    texts = ["something"] * 40
    table = theme_quality(texts, apart, replicates=0).set_index("measure")
    assert table["value"]["language_nmi"] == pytest.approx(1)
    assert table["alarm"]["language_nmi"]
    mixed = apart.assign(language=["en", "sv"] * 20)
    table = theme_quality(texts, mixed, replicates=0).set_index("measure")
    assert table["value"]["language_nmi"] == pytest.approx(0, abs=1e-9)
    assert not table["alarm"]["language_nmi"]


def test_words_that_made_the_themes(themes: pd.DataFrame) -> None:
    """As written, per theme and language."""
    table = theme_words(TEXTS, themes)
    found = {(theme, code, word): n for theme, code, word, n in table.itertuples(index=False)}
    assert found["billing", "en", "invoice"] == 2
    assert found["waiting", "en", "waiting time"] == 1
    assert found["delivery", "sv", "leveransen"] == 1
    assert len(theme_words(TEXTS, themes, most=1)) < len(table)


def test_quotes_are_masked_and_grouped(themes: pd.DataFrame) -> None:
    """By theme and band; no quote of what has no theme."""
    band = ["detractor", "promoter", "detractor", "detractor", "passive", "passive", "promoter"]
    quotes = theme_quotes(TEXTS, themes, by=band, per_theme=1)
    assert set(zip(quotes["theme"], quotes["group"], strict=True)) >= {
        ("billing", "detractor"),
        ("billing", "promoter"),
    }
    assert not quotes["quote"].str.contains("@").any()
    assert set(quotes["row"]) <= {0, 1, 2, 3, 4}
    assert len(theme_quotes(TEXTS, themes, per_theme=1)) == themes.loc[:4, "main_theme"].nunique()


def test_a_sheet_goes_out_and_comes_back(themes: pd.DataFrame, tmp_path: Path) -> None:
    """Drawn without replacement, masked, no formula in a cell; filled in as a spreadsheet saves it."""
    path = tmp_path / "check.csv"
    sheet = check_sheet(TEXTS, themes, path=path, rng=1)
    assert sheet["row"].tolist() == [0, 1, 2, 3, 4]
    assert "anna" not in path.read_text("utf-8-sig")
    assert sheet["comment"][1].startswith("'=")
    assert len(check_sheet(TEXTS, themes, n=2)) == 2
    filled = sheet.assign(correct=["ja", "Yes", "nej", " x ", ""])
    filled.to_csv(path, index=False, sep=";", encoding="utf-8-sig")
    filled.to_excel(tmp_path / "check.xlsx", index=False)
    for file in (path, tmp_path / "check.xlsx"):
        overall = read_check_sheet(file).iloc[0]
        assert (overall["judged"], overall["correct"], overall["not_judged"]) == (4, 3, 1)


def test_precision_has_its_wilson_interval() -> None:
    """41 of 50, by the formula."""
    filled = pd.DataFrame({"main_theme": ["price"] * 30 + ["staff"] * 20, "correct": ["yes"] * 41 + ["no"] * 9})
    table = read_check_sheet(filled).set_index("theme")
    n, x, z = 50, 41, norm.ppf(0.975)
    middle, half = (x + z**2 / 2) / (n + z**2), z * np.sqrt(x * (n - x) / n + z**2 / 4) / (n + z**2)
    assert [table[name]["all"] for name in ("precision", "low", "high")] == pytest.approx(
        [0.82, middle - half, middle + half]
    )
    assert table["judged"]["staff"] == 20


def test_sheets_that_cannot_be_read_are_named(themes: pd.DataFrame, tmp_path: Path) -> None:
    """An odd answer with its row, nothing judged, a missing column, no file, nothing to check."""
    with pytest.raises(BadValue, match="row 3, column \"correct\": 'maybe'"):
        read_check_sheet(pd.DataFrame({"main_theme": ["a", "b"], "correct": ["yes", "maybe"]}))
    with pytest.raises(BadValue, match="no answers"):
        read_check_sheet(pd.DataFrame({"main_theme": ["a"], "correct": [None]}))
    with pytest.raises(MissingColumn):
        read_check_sheet(pd.DataFrame({"correct": ["yes"]}))
    with pytest.raises(BadFile):
        read_check_sheet(tmp_path / "absent.csv")
    with pytest.raises(BadValue, match="nothing to check"):
        check_sheet(TEXTS, themes.assign(main_theme="rest"))
    with pytest.raises(BadValue, match="must be the same"):
        theme_quality(TEXTS[:-1], themes)
