"""A study that has no touchpoint: no picture, table or sentence says that it is not stated."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from nps_utils import figures, tables
from nps_utils.stats import verdicts
from nps_utils.words.naming import NOT_STATED

ANSWERS = pd.DataFrame(
    {
        "touchpoint": NOT_STATED,
        "wave": ["2026-Q1"] * 60 + ["2026-Q2"] * 60,
        "score": [9] * 40 + [3] * 20 + [9] * 15 + [3] * 45,
    }
)


def said(ax: Axes) -> str:
    """All that a reader meets of a picture: its title, its labels, its text and what its points tell."""
    figure = ax.figure
    texts = [text.get_text() for text in figure.findobj(lambda one: hasattr(one, "get_text"))]  # type: ignore[attr-defined]
    return " ".join([*texts, repr(vars(ax)), repr(vars(figure))])


def test_pictures_of_waves_and_of_changes_name_no_touchpoint() -> None:
    """Their hovers said "Not stated, 2026-Q1: ..."."""
    scored = verdicts.scores(ANSWERS, by=["touchpoint", "wave"])
    compared = verdicts.changes(ANSWERS)
    title = tables.nps.waves_title(scored)
    for ax in (figures.waves(scored, by="touchpoint", title=title), figures.changes(compared)):
        assert "2026-Q1" in said(ax)
        assert "ot stated" not in said(ax)


def test_sentences_and_tables_name_no_touchpoint() -> None:
    compared, newest = verdicts.changes(ANSWERS), verdicts.latest(ANSWERS)
    shown = [
        tables.scores.changes_sentence(compared),
        str(tables.scores.changes(compared)),
        str(tables.verdicts.newest(newest)),
    ]
    assert "2026-Q1 to 2026-Q2" in shown[0]
    assert not [one for one in shown if "ot stated" in one]
    two = pd.concat([ANSWERS, ANSWERS.assign(touchpoint="after_order")])
    assert "Not stated" in tables.scores.changes_sentence(verdicts.changes(two))


def test_titles_name_no_touchpoint() -> None:
    """They said "by touchpoint and wave" of answers at none."""
    scored = verdicts.scores(ANSWERS, by=["touchpoint", "wave"])
    rates = pd.DataFrame({"touchpoint": NOT_STATED, "wave": ["2026-Q1"], "asked": [90], "answered": [60]})
    rates = rates.assign(rate=60 / 90, low=0.56, high=0.76)
    shown = [
        tables.scores.scores(scored, title="Score by touchpoint and wave"),
        tables.nps.response_rates(rates, title="Response rate by touchpoint and wave"),
    ]
    assert [table.title for table in shown] == ["Score by wave", "Response rate by wave"]
    assert "ouchpoint" not in "".join(map(str, shown)) + tables.scores.together(ANSWERS)
    two = pd.concat([ANSWERS, ANSWERS.assign(touchpoint="after_order")])
    both = verdicts.scores(two, by=["touchpoint", "wave"])
    assert tables.scores.scores(both, title="Score by touchpoint and wave").title == "Score by touchpoint and wave"
    assert tables.scores.together(two) == ", all touchpoints together"
