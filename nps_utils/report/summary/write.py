"""The pages of the site that are not notebooks: the summary, the data ledger, how this was made."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Final

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup
from matplotlib.axes import Axes

from nps_utils.figures.summary import Words
from nps_utils.figures.summary import story as story_figure
from nps_utils.pages.page import Page
from nps_utils.report.summary import state
from nps_utils.report.summary.action import do, risk, themes
from nps_utils.report.summary.cautions import avoid
from nps_utils.report.summary.changes import changed
from nps_utils.report.summary.heard import answered
from nps_utils.report.summary.how_made import ledger_page, made_page
from nps_utils.report.summary.phrases import Block
from nps_utils.report.summary.story import Story
from nps_utils.study.study import Study
from nps_utils.words.markup import escaped
from nps_utils.words.translation import Local

PICTURE: Final = "story"
# A larger part of the rows set aside as repeated answers is told first.
MANY_REPEATED: Final = 0.02
_BLANKS: Final = re.compile(r"[\t\n\v\f\r\x1c-\x1e\x85\u2028\u2029 ]+")
_EQUATION: Final = re.compile(r"(?<=\b[np]) ([=<]) (?=\d)")


@dataclass(frozen=True)
class Pages:
    """Markdown of each page by the name of its file."""

    index: str
    ledger: str
    made: str


def pages(study: Study, story: Story, notebooks: Sequence[str], *, made_on: dt.date) -> Pages:
    """Return the summary, the ledger page and the page on how this was made.

    Parameters
    ----------
    study, story
        The study and what `tell` found in it.
    notebooks
        The names of the notebooks that the site has, in reading order.
    made_on
        The day to name as that of the making.
    """
    local = Local(study.settings.language)
    template = _environment().get_template("summary.md.jinja")
    index = template.render(
        title=study.settings.title,
        kept=_kept(story, local),
        parts=blocks(story, study, local),
        picture=f"{PICTURE}.png",
        alt=_alt(story, study, local),
        notebooks=notebooks,
        contents=local.say("The pages behind this summary"),
    )
    return Pages(index, ledger_page(study, local), made_page(study, local, made_on))


def blocks(story: Story, study: Study, local: Local) -> list[Block]:
    """Return the parts of the page in the order they are read."""
    return [
        state.score(story, study, local),
        changed(story, local),
        answered(story, local),
        themes(story, local),
        risk(story, local),
        do(story, local),
        avoid(story, study, local),
    ]


def picture(story: Story, study: Study) -> Axes:
    """Draw the one picture of the page in the reader's language."""
    local = Local(study.settings.language)
    ours = story.waves[(story.waves["touchpoint"] == story.touchpoint) & (story.waves["n"] > 0)]
    now = story.now
    return story_figure(
        now,
        ours.sort_values("wave", kind="stable"),
        words=Words(
            title=_line(state.picture_title(story, local)),
            alt=state.picture_alt(story, local, state.marks(study, local)),
            score=f"{local.points(now['nps'])}",
            axis=local.say("NPS, points"),
            hollow=local.say("Hollow: the wave is not complete"),
        ),
        unfinished=[part.wave for part in story.unfinished],
        marks=state.marks(study, local),
        ticks=[local.count(tick) for tick in (-100, -50, 0, 50, 100)],
    )


def save_picture(story: Story, study: Study) -> Path:
    """Save the picture to the results, as SVG and PNG, and return the path of the PNG."""
    Page(study.results, "summary").figure(picture(story, study), PICTURE)
    return study.results / "figures" / f"summary-{PICTURE}.png"


def _kept(story: Story, local: Local) -> str:
    rows = {"responses": local.count(story.responses), "rows": local.count(story.rows_in)}
    if story.on is None:
        said = local.say("{responses} of {rows} rows are answers that count; they carry no dates.", **rows)
    else:
        said = local.say(
            "{responses} of {rows} rows are answers that count; the last is of {date}.",
            date=local.date(story.on),
            **rows,
        )
    if story.repeated <= MANY_REPEATED * story.rows_in:
        return said
    again = local.say(
        "{n} rows ({share}) were set aside as repeated answers of the same people: of each, one answer in a wave"
        " counts.",
        n=local.count(story.repeated),
        share=local.share(story.repeated / story.rows_in),
    )
    return f"{said} {again}"


def _alt(story: Story, study: Study, local: Local) -> str:
    title = state.picture_title(story, local)
    return f"{title}. {state.picture_alt(story, local, state.marks(study, local))}"


def _environment() -> Environment:
    folder = files("nps_utils.report.summary")
    environment = Environment(
        loader=FunctionLoader(lambda name: (folder / name).read_text("utf-8")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["md"] = lambda text: Markup(escaped(str(text)))
    environment.filters["line"] = _line
    environment.filters["cell"] = _cell
    return environment


def _line(text: object) -> str:
    """Return a text on one line, so that no text of a study can end the block it stands in.

    Blanks that must not break, as before a percent sign, stay; those of `n = 12` and `p < 0.001` become such.
    """
    flat = _BLANKS.sub(" ", str(text)).strip(" ")
    return _EQUATION.sub("\u00a0\\1\u00a0", flat)


def _cell(text: object) -> Markup:
    """Return a cell of a table; what stands on either side of an arrow stays together, the line may break between."""
    return Markup(" ").join(Markup("<span>{}</span>").format(part) for part in re.split(r"(?<=→) ", _line(text)))
