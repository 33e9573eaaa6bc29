"""The pages of the site that are not notebooks: the summary, the data ledger, how this was made."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.resources import files
from typing import Final

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from nps_utils.pages.page import Picture
from nps_utils.report.points import point_list
from nps_utils.report.summary import state, touchpoints
from nps_utils.report.summary.action import do
from nps_utils.report.summary.cautions import avoid
from nps_utils.report.summary.findings import findings
from nps_utils.report.summary.heard import answered, to_see_more
from nps_utils.report.summary.how_made import ledger_page, made_page
from nps_utils.report.summary.phrases import Block
from nps_utils.report.summary.pictures import EACH, GRID, PICTURE, each_alt, grid_alt, grid_title, outside
from nps_utils.report.summary.story import Story
from nps_utils.report.summary.titles import page_title
from nps_utils.study.study import Study
from nps_utils.words.limits import Limit
from nps_utils.words.markup import escaped
from nps_utils.words.translation import Local

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


def pages(
    study: Study,
    story: Story,
    notebooks: Sequence[str],
    *,
    made_on: dt.date,
    pictures: Mapping[str, Picture] | None = None,
) -> Pages:
    """Return the summary, the ledger page and the page on how this was made.

    Parameters
    ----------
    study, story
        The study and what `tell` found in it.
    notebooks
        The names of the notebooks that the site has, in reading order.
    made_on
        The day to name as that of the making.
    pictures
        Those that were saved, by name, for the numbers of their points.
    """
    local = Local(study.settings.language)
    template = _environment().get_template("summary.md.jinja")
    shown = {"score": [(PICTURE, _alt(story, study, local))], "findings": []}
    if not isinstance(story.each, Limit):
        shown["findings"] += [(EACH, f"{touchpoints.title(story.each, local)}. {each_alt(story, local)}")]
    if not isinstance(story.grid, Limit):
        shown["findings"] += [(GRID, f"{grid_title(story, local)}. {grid_alt(story, local)}")]
    label = local.say("The numbers of the picture; arrow keys go from one to the next")
    points = {name: picture.points for name, picture in (pictures or {}).items()}
    index = template.render(
        title=study.settings.title,
        kept=_kept(story, local),
        parts=blocks(story, study, local),
        more=to_see_more(story, study, local),
        pictures={
            part: [(f"{name}.png", alt, point_list(points.get(name, ()), label)) for name, alt in some]
            for part, some in shown.items()
        },
        notebooks=[(page_title(name, local), name) for name in notebooks],
        contents=local.say("The pages behind this summary"),
        english="" if local.language == "en" else local.say("These pages are in English."),
        ledger=local.say("Data ledger: where every row went"),
        made=local.say("How this was made"),
    )
    return Pages(index, ledger_page(study, local), made_page(study, local, made_on))


def blocks(story: Story, study: Study, local: Local) -> list[Block]:
    """Return the parts of the page in the order they are read."""
    heard = answered(story, local)
    return [
        _with_events(state.score(story, study, local), story, study, local),
        findings(story, study, local),
        do(story, local),
        *([] if heard is None else [heard]),
        avoid(story, study, local),
    ]


def _with_events(block: Block, story: Story, study: Study, local: Local) -> Block:
    """Say which events the picture has no place for."""
    left = outside(study, story)
    if not left:
        return block
    said = local.say("Outside the waves of the picture: {events}.", events=local.listed(left))
    return replace(block, lines=(*block.lines, said))


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
        "{n} rows ({share}) were set aside as repeated answers of the same people.",
        n=local.count(story.repeated),
        share=local.share(story.repeated / story.rows_in),
    )
    return f"{said} {again}"


def _alt(story: Story, study: Study, local: Local) -> str:
    title = state.picture_title(story, local)
    return f"{title}. {state.picture_alt(story, study, local)}"


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
    return environment


def _line(text: object) -> str:
    """Return a text on one line, so that no text of a study can end the block it stands in.

    Blanks that must not break, as before a percent sign, stay; those of `n = 12` and `p < 0.001` become such.
    """
    flat = _BLANKS.sub(" ", str(text)).strip(" ")
    return _EQUATION.sub("\u00a0\\1\u00a0", flat)
