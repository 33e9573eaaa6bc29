"""The pictures of the first page in the reader's language, and the files they are saved as."""

from __future__ import annotations

import io
from typing import Final

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from nps_utils.figures import groups
from nps_utils.figures import summary as figures
from nps_utils.files import write_bytes
from nps_utils.pages.page import Page, Picture
from nps_utils.report.summary import state, touchpoints
from nps_utils.report.summary.findings import findings
from nps_utils.report.summary.grid import YEAR_COLUMN
from nps_utils.report.summary.phrases import group_name, score_estimate, segment_name, touchpoint_name
from nps_utils.report.summary.story import Story
from nps_utils.study.study import Study
from nps_utils.waves import check_wave, place_of
from nps_utils.words.limits import Limit
from nps_utils.words.translation import Local

PICTURE: Final = "story"
EACH: Final = "touchpoints"
GRID: Final = "segments"
SLIDE: Final = "summary-slide.png"


def picture(story: Story, study: Study) -> Axes:
    """Draw the score by wave in the reader's language."""
    local = Local(study.settings.language)
    waves = _waves(story)
    return figures.story(
        waves,
        words=_words(story, study, local, state.picture_title(story, local)),
        marks=state.marks(study, local),
        events=_events(study, waves),
        arms=_arms(story, study, local),
        unfinished=[part.wave for part in story.unfinished],
        told=[f"{row['wave']}: {score_estimate(local, row, story.unit)}" for _, row in waves.iterrows()],
    )


def each(story: Story, study: Study) -> Axes | Limit:
    """Draw the last score of each touchpoint; a limit where there is only one."""
    if isinstance(story.each, Limit):
        return story.each
    local = Local(study.settings.language)
    told = touchpoints.told(story.each, local, story.unit)
    table = story.each.assign(
        label=[touchpoints.label(row, local) for _, row in story.each.iterrows()],
        beside=[f"{local.points(row['nps'])} (n = {local.count(row['n'])})" for _, row in story.each.iterrows()],
    )
    words = figures.Words(
        title=touchpoints.title(story.each, local),
        alt=each_alt(story, local),
        axis="NPS",
        hollow=local.say("Hollow: the wave is not complete"),
        minus=local.signs.minus,
    )
    return groups.touchpoints(table, words=words, told=told)


def each_alt(story: Story, local: Local) -> str:
    """Return what one would see in the picture of the touchpoints."""
    assert not isinstance(story.each, Limit)
    return f"{'; '.join(touchpoints.told(story.each, local, story.unit))}."


def grid(story: Story, study: Study) -> Axes | Limit:
    """Draw the segments by wave; a limit where there is nothing to draw."""
    if isinstance(story.grid, Limit):
        return story.grid
    local = Local(study.settings.language)
    words = figures.Words(
        title=grid_title(story, local),
        alt=grid_alt(story, local),
        axis="",
        hollow=local.say("Coloured: differs from the rest by more than chance"),
        minus=local.signs.minus,
    )
    head = local.say("Last\nyear") if story.of_a_year else local.say("All\nwaves")
    names = {name: group_name(segment_name(local, name)) for name in story.grid["segment"].unique()}
    year = _together(story, local)
    told = [
        f"{_spaced(row['group'])}, {row['wave'] or year}: {score_estimate(local, row, story.unit)}"
        for _, row in story.grid.iterrows()
    ]
    return groups.segments(story.grid.assign(told=told), words=words, year=head, names=names)


def _together(story: Story, local: Local) -> str:
    """Return which answers are in the column beside the waves."""
    return local.say("last year") if story.of_a_year else local.say("all waves")


def grid_title(story: Story, local: Local) -> str:
    """Return the message of the second picture."""
    assert not isinstance(story.grid, Limit)
    held = story.grid[story.grid["holds"]]
    low = [_spaced(group) for group in held.loc[held["change"] < 0, "group"].unique()]
    if low:
        return local.say("NPS by segment; below the rest: {groups}", groups=local.listed(low))
    high = [_spaced(group) for group in held["group"].unique()]
    return local.say("NPS by segment; above the rest: {groups}", groups=local.listed(high))


def grid_alt(story: Story, local: Local) -> str:
    """Return what one would see in the second picture: where a difference holds, and the last year."""
    assert not isinstance(story.grid, Limit)
    year = _together(story, local)
    told = [
        f"{row['group']} {row['wave'] or year} {local.points(row['nps'])} (n = {local.count(row['n'])})"
        for _, row in story.grid[story.grid["holds"] | (story.grid["wave"] == YEAR_COLUMN)].iterrows()
    ]
    return "; ".join(told) + "."


def slide(story: Story, study: Study) -> Axes:
    """Draw the slide in the reader's language."""
    local = Local(study.settings.language)
    waves = _waves(story)
    told = findings(story, study, local).items
    answers = local.say("{n} answers", n=local.count(story.responses))
    day = "" if story.on is None else f", {local.date(story.on)}"
    return figures.slide(
        waves,
        words=_words(story, study, local, state.headline(story, local)),
        marks=state.marks(study, local),
        said=told,
        source=f"{study.settings.title}. {answers}{day}.",
        events=_events(study, waves),
        arms=_arms(story, study, local),
        unfinished=[part.wave for part in story.unfinished],
    )


def save_pictures(story: Story, study: Study) -> dict[str, Picture]:
    """Save the pictures to the results, as SVG and PNG, and the slide; return those that the page shows."""
    page, folder = Page(study.results, "summary"), study.results / "figures"
    made = {PICTURE: picture(story, study), EACH: each(story, study), GRID: grid(story, study)}
    drawn = {name: page.figure(ax, name) for name, ax in made.items()}
    figure = slide(story, study).get_figure()
    assert isinstance(figure, Figure)
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=100, metadata={"Software": None})
    write_bytes(folder / SLIDE, buffer.getvalue())
    return {name: shown for name, shown in drawn.items() if isinstance(shown, Picture)}


def outside(study: Study, story: Story) -> list[str]:
    """Return the events that no drawn wave holds."""
    waves = [str(wave) for wave in _waves(story)["wave"]]
    rule = check_wave(study.settings.waves.borders or study.settings.waves.by)
    return [event.label for event in study.settings.event if place_of(event.date, waves, rule) is None]


def _waves(story: Story) -> pd.DataFrame:
    ours = story.waves[(story.waves["touchpoint"] == story.touchpoint) & (story.waves["n"] > 0)]
    return ours.sort_values("wave", kind="stable").reset_index(drop=True)


def _words(story: Story, study: Study, local: Local, title: str) -> figures.Words:
    return figures.Words(
        title=" ".join(title.split()),
        alt=state.picture_alt(story, study, local),
        axis=f"{touchpoint_name(local, story.touchpoint)}, NPS",
        hollow=local.say("Hollow: the wave is not complete"),
        score=local.points(story.now["nps"] if story.judged.wave else _waves(story)["nps"].iloc[-1]),
        wave=story.judged.wave or "",
        minus=local.signs.minus,
    )


def _spaced(group: object) -> str:
    return str(group).replace("_", " ")


def _events(study: Study, waves: pd.DataFrame) -> list[figures.Event]:
    names = [str(wave) for wave in waves["wave"]]
    rule = check_wave(study.settings.waves.borders or study.settings.waves.by)
    placed = [(place_of(event.date, names, rule), event.label) for event in study.settings.event]
    return [figures.Event(at, label) for at, label in placed if at is not None]


def _arms(story: Story, study: Study, local: Local) -> figures.Arms | None:
    """Return the arms, where they were measured at the main touchpoint."""
    how = study.settings.experiment
    if isinstance(story.arms, Limit) or how is None or how.touchpoint not in (None, story.touchpoint):
        return None
    row = story.arms.iloc[-1]
    treated, control = (local.points(row[name]) for name in ("nps_treated", "nps_control"))
    return figures.Arms(
        how.wave,
        float(row["nps_control"]),
        float(row["nps_treated"]),
        local.say("without: {points}", points=control),
        local.say("{name}: {points}", name=group_name(how.arm), points=treated),
    )
