"""Rows that must be rejected, one kind at a time, so that the number of each is known exactly."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import pandas as pd

from nps_utils.checks import BadValue
from nps_utils.simulate.customers import staff

# Kind -> how many rows, per export. Made of askings that stayed without an answer, so no true answer is touched.
SPOILED: Final[dict[str, dict[str, int]]] = {
    "hubspot": {
        "not_nps": 30, "missing_score": 9, "score_out_of_range": 3, "fractional_score": 2, "unreadable_score": 2,
        "unreadable_date": 2, "missing_date": 2, "own_staff": 5,
    },
    "superoffice": {
        "missing_score": 6, "score_out_of_range": 2, "fractional_score": 2, "unreadable_score": 2,
        "unreadable_date": 1, "preview_or_test": 4, "own_staff": 2,
    },
    "trustmary": {"missing_score": 5, "score_out_of_range": 1, "own_staff": 3},
    "surveymonkey": {"missing_score": 4, "unanswered_view": 14, "fractional_score": 1, "own_staff": 2},
}  # fmt: skip
# Made of true answers, which stay.
COPIED: Final[dict[str, dict[str, int]]] = {
    "hubspot": {"duplicate_row": 4, "earlier_answer_same_wave": 6},
    "superoffice": {"duplicate_row": 3, "earlier_answer_same_wave": 4, "repeated_submission": 3},
    "trustmary": {"duplicate_row": 2, "repeated_submission": 2},
    "surveymonkey": {"earlier_answer_same_wave": 2, "repeated_submission": 2},
}
TWICE: Final = 6  # HubSpot rows in both of its files
LABELS: Final = 3  # HubSpot rows whose label disagrees with the score: kept, flagged
ANONYMOUS: Final = 12  # SuperOffice answers without a contact: kept
WORDS: Final = {"hubspot": "very good", "superoffice": "vet ikke", "trustmary": "goed", "surveymonkey": "maybe"}
UNREADABLE: Final = {"hubspot": "0000-00-00T00:00:00Z", "superoffice": "31.02.2026 10:15"}


def plant(kept: pd.DataFrame, silent: pd.DataFrame, tool: str, rng: np.random.Generator) -> pd.DataFrame:
    """Return the answers of one tool with the rows to be rejected, `planted` naming why; in order of time.

    Parameters
    ----------
    kept
        True answers as canonical responses, text scores.
    silent
        Askings of this tool without an answer, same columns, with a comment and a score that was never given.
    """
    spoiled, copied = sum(SPOILED[tool].values()), sum(COPIED[tool].values())
    if len(silent) < spoiled or len(kept) < 4 * copied:
        raise BadValue(
            f"accounts: too few for the rows to be rejected ({len(kept):,} answers, {len(silent):,} silent askings of"
            f" {tool}, needed {4 * copied}, {spoiled}). Give 30 accounts or more, or dirt=False."
        )
    spare = silent.sample(spoiled, random_state=rng)
    rows, taken = [kept.assign(planted="")], 0
    for kind, n in SPOILED[tool].items():
        rows.append(_spoiled(spare.iloc[taken : taken + n].assign(planted=kind), kind, tool, rng))
        taken += n
    # Each true answer is used at most once, and only one that has no twin yet.
    # They lie a week or more inside their wave, so that an earlier twin lies in it too. None is a detractor, so
    # that the ids of the follow-up file are all ids that cleaning keeps.
    quarter = kept["responded_at"].dt.tz_localize(None).dt.to_period("Q").dt.start_time
    inside = kept["responded_at"].dt.tz_localize(None) - quarter > pd.Timedelta(days=7)
    good = inside & (kept["email"] != "") & kept["score"].isin(["7", "8", "9", "10"])
    pool = kept[good].sample(copied, random_state=rng)
    taken = 0
    for kind, n in COPIED[tool].items():
        rows.append(_copied(pool.iloc[taken : taken + n].assign(planted=kind), kind, rng))
        taken += n
    table = pd.concat(rows, ignore_index=True)
    return table.sort_values("sort_at", kind="stable").reset_index(drop=True)


def _spoiled(rows: pd.DataFrame, kind: str, tool: str, rng: np.random.Generator) -> pd.DataFrame:
    n = len(rows)
    if kind == "own_staff":
        own = staff().sample(n, replace=True, random_state=rng)
        who = {"email": own["email"].to_numpy(), "respondent_name": own["name"].to_numpy()}
        return rows.assign(**who, account_name="Fjordlogic", account_id="", score="10")
    if kind == "not_nps":
        kinds = np.where(np.arange(n) % 5 == 4, "CES", "CSAT")
        score = np.where(kinds == "CES", rng.integers(1, 8, n), rng.integers(0, 3, n)).astype(str)
        return rows.assign(survey_type=kinds, score=score, survey="Support case closed")
    changes: Mapping[str, Mapping[str, Any]] = {
        "missing_score": {"score": ""},
        "unanswered_view": {"score": "", "comment": ""},
        "score_out_of_range": {"score": "11"},
        "fractional_score": {"score": "6,5" if tool == "superoffice" else "6.5"},
        "unreadable_score": {"score": WORDS[tool]},
        "unreadable_date": {"date_text": UNREADABLE.get(tool, "")},
        "missing_date": {"responded_at": rows["responded_at"].where(np.zeros(n, dtype=bool))},
        "preview_or_test": {"status": "Test", "comment": "test"},
    }
    if kind == "missing_score":
        rows = rows.assign(comment=rows["comment"].where(rows["comment"] != "", "?"))
    return rows.assign(**changes[kind])


def _copied(rows: pd.DataFrame, kind: str, rng: np.random.Generator) -> pd.DataFrame:
    if kind == "duplicate_row":
        return rows
    again = rows.assign(response_id=rows["response_id"].map(another))
    if kind == "repeated_submission":
        shift = pd.to_timedelta(rng.integers(70, 200, len(rows)), unit="s")
        return again.assign(responded_at=again["responded_at"] + shift, sort_at=again["sort_at"] + shift)
    # An earlier answer of the same person in the same wave: another score, some hours before.
    shift = pd.to_timedelta(rng.integers(20, 44, len(rows)), unit="h")
    score = np.where(rows["score"].isin(["9", "10"]), "6", "9")
    return again.assign(
        responded_at=again["responded_at"] - shift, sort_at=again["sort_at"] - shift, score=score, comment="",
        testimonial="", consent_to_quote="",
    )  # fmt: skip


def another(response_id: str) -> str:
    """Return an id that no other response has: the same digits with a 9 in front of the last four.

    Examples
    --------
    >>> another("000123"), another("28400000123")
    ('090123', '28400090123')
    """
    return response_id[:-5] + "9" + response_id[-4:]
