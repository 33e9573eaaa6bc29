"""What a study has to tell its board: every result of the summary page, or the limit that stands in its place."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final, ParamSpec, TypeVar

import pandas as pd

from nps_utils.checks import BadValue
from nps_utils.cleaning.repeats import REPEATED
from nps_utils.cleaning.unfinished_waves import Unfinished
from nps_utils.comments.remarks import Remarks
from nps_utils.followup import last_day
from nps_utils.followup.contacts import Contacts
from nps_utils.pages.act import contact_lists, next_survey, read_remarks
from nps_utils.pages.change import arms_of
from nps_utils.pages.comments import effects_of
from nps_utils.pages.customers import at_risk
from nps_utils.report.summary import evidence
from nps_utils.report.summary.evidence import YEAR, Heard, Mixed, Rate, ScaleDoubt
from nps_utils.report.summary.grid import segment_waves
from nps_utils.report.summary.leading import judged_of
from nps_utils.report.summary.moved import OF_SECOND, group_moved
from nps_utils.report.summary.subjects import Faded, faded, now_themes
from nps_utils.report.summary.touchpoints import last_scores, moved_elsewhere
from nps_utils.report.summary.worth import Leavers, leavers, link
from nps_utils.stats import verdicts
from nps_utils.stats.each import main_touchpoint
from nps_utils.stats.mix import swapped
from nps_utils.stats.verdicts.judged import Judged
from nps_utils.stats.weighting.export_weights import WEIGHT, is_weighted
from nps_utils.study.kept import give_back
from nps_utils.study.settings import Goal
from nps_utils.study.study import Study
from nps_utils.waves import NO_DATES, year_before
from nps_utils.words.limits import Limit, attempt

P = ParamSpec("P")
T = TypeVar("T")

_JUDGED_BY: Final = ("touchpoint", "wave", "responded_at", "score", WEIGHT, "account_id", "respondent_id")


@dataclass(frozen=True)
class Story:
    """Everything the summary page says, as numbers.

    `of_a_year` says whether what is told of the last year is: without dates, and with waves that the calendar does not
    name, it is of all answers.
    """

    responses: int
    rows_in: int
    repeated: int
    on: dt.date | None
    of_a_year: bool
    total: pd.Series
    touchpoint: str
    touchpoints: int
    waves: pd.DataFrame
    each: pd.DataFrame | Limit
    judged: Judged
    changes: pd.DataFrame | Limit
    last_shown: pd.Series | None
    ended: tuple[int, int] | None
    unit: str
    unfinished: tuple[Unfinished, ...]
    mixed: tuple[Mixed, ...]
    apart: pd.DataFrame
    apart_before: float | None
    moved: pd.Series | Limit
    elsewhere: pd.Series | Limit
    moved_there: pd.Series | Limit
    grid: pd.DataFrame | Limit
    arms: pd.DataFrame | Limit
    goals: tuple[tuple[Goal, pd.Series | Limit], ...]
    benchmark: pd.Series | Limit
    rate: Rate | Limit
    heard: Heard | Limit
    themes: pd.DataFrame | Limit
    now_themes: pd.DataFrame | Limit
    faded: Faded | None
    remarks: Remarks | Limit
    driver: tuple[pd.Series, int] | Limit
    risk: pd.DataFrame | Limit
    leavers: Leavers | Limit
    link: pd.Series | Limit
    contacts: Contacts | Limit
    next_survey: pd.DataFrame | Limit
    scale: ScaleDoubt

    @property
    def now(self) -> pd.Series:
        """The score that the page leads with."""
        return self.judged.now

    @property
    def last(self) -> pd.Series:
        """The score of the last wave, complete or not."""
        return self.judged.last

    @property
    def whole(self) -> bool:
        """Say whether the score now stands for all waves, none of them having answers enough."""
        return self.judged.wave is None and len(self.judged.waves) > 1


def tell(study: Study) -> Story:
    """Compute every result of the summary; what the study lacks becomes a `Limit`."""
    story = _of_answers(study)
    # Beside what answers are compared by, the lists of millions of people would not fit.
    give_back()
    return replace(story, contacts=_lean(contact_lists, study))


def _of_answers(study: Study) -> Story:
    """Compute all but the lists."""
    responses, ledger = study.responses(), study.ledger()
    if responses.empty:
        raise BadValue("No row of the exports is a response, so there is nothing to tell; `nps clean` says why.")
    touchpoint = main_touchpoint(responses)
    incomplete = study.incomplete_waves()
    judged = judged_of(study)
    # Answers are chosen many times below: of their columns only those that scores and changes go by.
    narrow = responses[[name for name in responses.columns if name in (*_JUDGED_BY, *study.segments)]]
    newest = attempt(verdicts.latest, narrow, incomplete=incomplete)
    changes = newest if isinstance(newest, Limit) else evidence.latest_changes(newest, touchpoint)
    earlier = attempt(verdicts.each_wave, narrow, incomplete=incomplete)
    last_shown = None if isinstance(earlier, Limit) else evidence.last_shown(earlier, touchpoint)
    remarks = attempt(read_remarks, study)
    day = attempt(last_day, responses, timezone=study.timezone)
    year = attempt(_waves_of_last_year, narrow) if isinstance(day, Limit) else _days(narrow, day, 0)
    recent = narrow if isinstance(year, Limit) else year
    ours, lately = (rows[rows["touchpoint"] == touchpoint] for rows in (narrow, recent))
    apart = evidence.apart(lately, study.segments)
    waves = [str(wave) for wave in judged.waves["wave"]]
    # A change of weighted scores has no part that who answered would explain by counts.
    mixed = (
        ()
        if isinstance(changes, Limit) or is_weighted(responses)
        else tuple(evidence.mixed(narrow, changes, study.segments))
    )
    themes = attempt(effects_of, narrow, remarks)
    by_wave = verdicts.scores(responses, by=["touchpoint", "wave"])
    others = [one.touchpoint for one in mixed]
    elsewhere = (
        newest
        if isinstance(newest, Limit)
        else attempt(moved_elsewhere, newest, touchpoint, narrow, segments=study.segments, mixed=others)
    )
    return Story(
        responses=len(responses),
        rows_in=len(responses) + int((ledger["action"] == "rejected").sum()),
        repeated=int((ledger["reason"].isin(REPEATED) & (ledger["action"] == "rejected")).sum()),
        on=None if isinstance(day, Limit) else day.date(),
        of_a_year=not isinstance(year, Limit),
        total=verdicts.scores(responses).iloc[0],
        touchpoint=touchpoint,
        touchpoints=int(responses["touchpoint"].nunique()),
        waves=by_wave,
        each=attempt(last_scores, by_wave, touchpoint, incomplete=incomplete),
        judged=judged,
        changes=changes,
        last_shown=last_shown,
        ended=evidence.ended(study, responses, judged),
        unit=verdicts.unit_kind(ours),
        unfinished=tuple(part for part in study.unfinished_waves() if part.wave in set(judged.waves["wave"])),
        mixed=mixed,
        apart=apart,
        apart_before=None if isinstance(day, Limit) else evidence.apart_before(_days(ours, day, 1), apart),
        moved=attempt(_moved, ours, study, judged),
        elsewhere=elsewhere,
        moved_there=elsewhere if isinstance(elsewhere, Limit) else attempt(_moved_there, narrow, study, elsewhere),
        grid=_lean(segment_waves, ours, lately, study.segments, newest=judged.wave),
        arms=attempt(_arms, study, responses),
        goals=tuple((goal, attempt(evidence.judged, study, goal)) for goal in study.settings.goal),
        benchmark=attempt(evidence.beside, study, judged.now),
        rate=_lean(evidence.rate, study, touchpoint, judged.last),
        next_survey=_lean(next_survey, study),  # before the lists, beside which millions of people would not fit
        heard=_lean(evidence.heard, study, recent),
        themes=themes,
        now_themes=attempt(now_themes, recent, remarks, touchpoint=touchpoint, waves=waves[-2:]),
        faded=faded(narrow, themes, remarks, touchpoint=touchpoint, waves=waves),
        remarks=remarks,
        driver=attempt(evidence.driver, study),
        risk=attempt(at_risk, study),
        leavers=_lean(leavers, study),
        link=_lean(link, study),
        contacts=Limit("The lists are not made yet."),
        scale=evidence.scale_doubt(responses, ledger),
    )


def _lean(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T | Limit:
    """Attempt what takes gigabytes of a large study, and hold none of those that it freed when the next does."""
    found = attempt(function, *args, **kwargs)
    give_back()
    return found


def _days(responses: pd.DataFrame, day: pd.Timestamp, years: int) -> pd.DataFrame:
    """Return the answers of the year that ended so many years before the day."""
    when, year = responses["responded_at"], pd.Timedelta(days=YEAR)
    end = day - years * year
    inside = when > end - year
    return responses[inside & (when <= end)] if years else responses[inside]


def _waves_of_last_year(responses: pd.DataFrame) -> pd.DataFrame:
    """Return the answers of the last year of waves that are named by the calendar, where answers have no dates."""
    names = [str(name) for name in responses["wave"].unique()]
    before = year_before(max(names))
    if before is None or any(year_before(name) is None for name in names):
        raise BadValue("The waves do not say which answers are of the last year.")
    return responses[responses["wave"].astype(str) > before]


def _moved(ours: pd.DataFrame, study: Study, judged: Judged) -> pd.Series:
    row = judged.previous
    if row is None or is_weighted(ours):
        raise BadValue("There is no change of counted answers.")
    shown = [verdicts.verdict_of(one) in ("up", "down") for one in (row, judged.year) if one is not None]
    looks = [row] if judged.year is None or judged.year is row else [row, judged.year]
    if shown == [False, True]:
        looks.reverse()  # the change that the page calls one comes first
    # A ward that fell against last year is told also where the score stood still; the second look is paid for.
    levels = [1.0] if len(looks) == 1 else [1 - OF_SECOND, OF_SECOND]
    found = (attempt(_moved_between, ours, study, look, level) for look, level in zip(looks, levels, strict=True))
    told = next((one for one in found if not isinstance(one, Limit)), None)
    if told is None:
        raise BadValue("No group is shown to have moved otherwise than the rest.")
    return told


def _moved_between(ours: pd.DataFrame, study: Study, row: pd.Series, level: float) -> pd.Series:
    other = swapped(ours, study.segments, before=row["before"], after=row["after"])
    own = [name for name in study.segments if name != other]
    return group_moved(ours, own, before=row["before"], after=row["after"], level=level)


def _moved_there(responses: pd.DataFrame, study: Study, change: pd.Series) -> pd.Series:
    """Return the group whose change the one of another touchpoint is."""
    if is_weighted(responses):
        raise BadValue("There is no change of counted answers.")
    return _moved_between(responses[responses["touchpoint"] == change["touchpoint"]], study, change, 1.0)


def _arms(study: Study, responses: pd.DataFrame) -> pd.DataFrame:
    return arms_of(responses, study.experiment())


def has_dates(story: Story) -> bool:
    """Say whether the waves are periods."""
    return bool((story.waves["wave"] != NO_DATES).any())
