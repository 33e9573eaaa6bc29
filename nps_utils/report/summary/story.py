"""What a study has to tell its board: every result of the summary page, or the limit that stands in its place."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pandas as pd

from nps_utils.checks import BadValue
from nps_utils.cleaning.repeats import REPEATED
from nps_utils.cleaning.unfinished_waves import Unfinished
from nps_utils.comments.remarks import Remarks
from nps_utils.followup import last_day
from nps_utils.followup.contacts import Contacts
from nps_utils.pages.act import contact_lists, next_survey, read_remarks
from nps_utils.pages.comments import effects_of
from nps_utils.pages.customers import at_risk
from nps_utils.report.summary import evidence
from nps_utils.report.summary.evidence import LEAST_ANSWERS, YEAR, Heard, Mixed, Rate
from nps_utils.stats.each import main_touchpoint
from nps_utils.stats.weighting.survey_weights import changes_of, is_weighted, scored
from nps_utils.study.settings import Goal
from nps_utils.study.study import Study
from nps_utils.waves import NO_DATES
from nps_utils.words.limits import Limit, attempt


@dataclass(frozen=True)
class Story:
    """Everything the summary page says, as numbers."""

    responses: int
    rows_in: int
    repeated: int
    on: dt.date | None
    total: pd.Series
    touchpoint: str
    touchpoints: int
    waves: pd.DataFrame
    last: pd.Series
    now: pd.Series
    accounts: pd.Series | None
    changes: pd.DataFrame | Limit
    last_real: pd.Series | None
    since_first: pd.Series | None
    unfinished: tuple[Unfinished, ...]
    mixed: tuple[Mixed, ...]
    apart: pd.DataFrame
    goals: tuple[tuple[Goal, pd.Series | Limit], ...]
    benchmark: pd.Series | Limit
    rate: Rate | Limit
    heard: Heard | Limit
    themes: pd.DataFrame | Limit
    remarks: Remarks | Limit
    risk: pd.DataFrame | Limit
    contacts: Contacts | Limit
    next_survey: pd.DataFrame | Limit
    suspicious: bool

    @property
    def whole(self) -> bool:
        """Say whether the score now stands for all waves, the last one being too small."""
        return str(self.now["wave"]) != str(self.last["wave"])


def tell(study: Study) -> Story:
    """Compute every result of the summary; what the study lacks becomes a `Limit`."""
    responses, ledger = study.responses(), study.ledger()
    if responses.empty:
        raise BadValue("No row of the exports is a response, so there is nothing to tell; `nps clean` says why.")
    waves = scored(responses, by=["touchpoint", "wave"])
    touchpoint = main_touchpoint(responses)
    ours = waves[waves["touchpoint"] == touchpoint].sort_values("wave", kind="stable")
    last = ours.iloc[-1]
    now = last
    if last["n"] < LEAST_ANSWERS and len(ours) > 1:
        whole = scored(responses[responses["touchpoint"] == touchpoint]).iloc[0]
        now = pd.Series({"touchpoint": touchpoint, "wave": "", **whole.to_dict()}, dtype=object)
    compared = attempt(changes_of, waves)
    changes = compared if isinstance(compared, Limit) else evidence.latest_changes(compared, touchpoint)
    remarks = attempt(read_remarks, study)
    people = attempt(study.frame)
    day = attempt(last_day, responses, timezone=study.timezone)
    recent = (
        responses if isinstance(day, Limit) else responses[responses["responded_at"] > day - pd.Timedelta(days=YEAR)]
    )
    return Story(
        responses=len(responses),
        rows_in=len(responses) + int((ledger["action"] == "rejected").sum()),
        repeated=int((ledger["reason"].isin(REPEATED) & (ledger["action"] == "rejected")).sum()),
        on=None if isinstance(day, Limit) else day.date(),
        total=scored(responses).iloc[0],
        touchpoint=touchpoint,
        touchpoints=int(responses["touchpoint"].nunique()),
        waves=waves,
        last=last,
        now=now,
        accounts=evidence.by_account(responses, touchpoint, now),
        changes=changes,
        last_real=None if isinstance(compared, Limit) else evidence.last_real(compared, touchpoint),
        since_first=evidence.since_first(waves, touchpoint),
        unfinished=tuple(part for part in evidence.not_covered(study, responses) if part.wave in set(ours["wave"])),
        # A change of weighted scores has no part that who answered would explain by counts.
        mixed=()
        if isinstance(changes, Limit) or is_weighted(responses)
        else tuple(evidence.mixed(responses, changes, study.segments)),
        apart=evidence.apart(recent[recent["touchpoint"] == touchpoint], study.segments),
        goals=tuple((goal, attempt(evidence.judged, study, goal)) for goal in study.settings.goal),
        benchmark=attempt(evidence.beside, study, now),
        rate=attempt(evidence.rate, study, people, responses, touchpoint, last),
        heard=attempt(evidence.heard, study, recent),
        themes=attempt(effects_of, responses, remarks),
        remarks=remarks,
        risk=attempt(at_risk, study),
        contacts=attempt(contact_lists, study, None if isinstance(remarks, Limit) else remarks),
        next_survey=attempt(next_survey, study),
        suspicious=evidence.suspicious(responses),
    )


def has_dates(story: Story) -> bool:
    """Say whether the waves are periods."""
    return bool((story.waves["wave"] != NO_DATES).any())
