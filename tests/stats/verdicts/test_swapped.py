"""A channel that changes with the wave: neither a mix nor a change of heart can be told from it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from nps_utils.stats.each import mix_each
from nps_utils.stats.mix import swapped
from nps_utils.stats.verdicts import judge, latest, trends
from nps_utils.tables.change import mix_sentence
from nps_utils.tables.verdicts import newest_sentence, split_sentence


def _panel(second: str) -> pd.DataFrame:
    """200 people answer twice, by SMS and then by `second`, and score two points more the second time."""
    rng = np.random.default_rng(1)
    first = np.clip(np.round(rng.normal(7, 1.2, 200)), 0, 8).astype(int)
    people = [f"p{i}" for i in range(200)]
    waves = [
        pd.DataFrame({"wave": wave, "score": score, "respondent_id": people, "account_id": None, "channel": channel})
        for wave, score, channel in (("2026-Q1", first, "SMS"), ("2026-Q2", first + 2, second))
    ]
    table = pd.concat(waves, ignore_index=True).assign(touchpoint="relationship")
    return table.assign(size=np.where(np.arange(400) % 3 == 0, "large", "small"))


def test_who_answered_by_another_channel_changed_no_heart() -> None:
    """The same people rise, and so does every one asked otherwise: which did it nobody can say."""
    answers = _panel("mail")
    real = judge(answers)
    assert not isinstance(real.split, Exception)
    assert (real.swapped, getattr(real.split, "whose", None)) == ("", "stayers")
    judged = judge(answers, segments=["size", "channel"])
    assert (judged.swapped, getattr(judged.split, "whose", None)) == ("channel", "unknown")
    said = newest_sentence(latest(answers), trends_or_none(answers), "relationship", judged.split)
    assert "up, but channel changed with the wave" in said
    assert "channel changed with the wave, so whether that did it" in str(split_sentence(judged.split))
    parts = mix_each(answers, segments=["size", "channel"])
    assert parts["swapped"].tolist() == [False, True]
    assert parts.loc[1, ["mix", "within"]].isna().all()
    assert "is no mix: channel from 2026-Q1 to 2026-Q2" in mix_sentence(parts)


def test_a_channel_that_stays_or_hardly_changes_takes_nothing_away() -> None:
    """One wave by SMS, the next half by SMS: their groups can be compared."""
    answers = _panel("SMS")
    half = answers.assign(
        channel=answers["channel"].where(answers.index % 2 == 0, "mail").where(answers.index >= 200, "SMS")
    )
    for table in (answers, half):
        assert judge(table, segments=["channel", "nowhere"]).swapped == ""
    # Five of 200 are in both.
    few = answers.assign(channel=np.where(answers.index < 195, "SMS", "mail"))
    assert swapped(few, ["channel"], before="2026-Q1", after="2026-Q2") == "channel"


def trends_or_none(answers: pd.DataFrame) -> pd.DataFrame:
    """Two waves have no line."""
    with pytest.raises(ValueError, match="wave"):
        trends(answers)
    return pd.DataFrame(columns=["touchpoint", "pvalue"])
