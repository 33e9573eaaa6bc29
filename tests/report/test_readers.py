"""A page on the site: the answer first, what the data cannot say left out whole, each cause once."""

from __future__ import annotations

import copy

from nbformat import NotebookNode, v4

from nps_utils.report.readers import LIMIT, for_readers, without_limits


def text(source: str) -> NotebookNode:
    cell: NotebookNode = v4.new_markdown_cell(source)  # type: ignore[no-untyped-call]
    return cell


def code(said: str | None = None, source: str = "x") -> NotebookNode:
    """Return a cell that says something as text, or nothing."""
    data = {} if said is None else {"text/markdown": said, "text/plain": said}
    outputs = [] if said is None else [v4.new_output("display_data", data=data)]  # type: ignore[no-untyped-call]
    cell: NotebookNode = v4.new_code_cell(source, outputs=outputs)  # type: ignore[no-untyped-call]
    return cell


def page(answer: str, money: str, spend: str, why: str) -> list[NotebookNode]:
    return [
        text("# Title"),
        code(answer),
        text("*Question.* Q?\n\n*Method.* How.\n\n*Next:* [on](02.ipynb)."),
        text("## Your own question\n\nChange it."),
        code(money),
        text("## What did they spend?\n\n*Method.* In two parts."),
        code(spend),
        code(money),
        text("*Caveat.* Of spending.\n\n## Who left?\n\nBy band.\n\n**And why?** Told by some."),
        code(why),
        text("*Caveat.* Of reasons.\n\n## What this shows"),
        code(answer),
        text("## Limits\n\n- Association."),
    ]


def told(cells: list[NotebookNode]) -> str:
    """Return what a reader sees of the cells."""
    return "\n".join(
        cell.source if cell.cell_type == "markdown" else "".join(o.data["text/markdown"] for o in cell.outputs)
        for cell in cells
    )


def test_a_page_without_limits_stays() -> None:
    """Nothing is left out where everything could be said."""
    cells = page("A.", "M.", "S.", "W.")
    assert without_limits(cells) == cells


def test_a_page_that_can_say_nothing_is_a_few_lines() -> None:
    """One cause for all of it: title, the cause, the question and the links; no method, caveat or limit of anything."""
    reason = f"{LIMIT} This study has no [revenue]."
    shown = told(without_limits(page(reason, reason, reason, reason)))
    assert shown.count("no [revenue]") == 1
    assert "Q?" in shown
    assert "*Next:*" in shown
    for gone in ("Method", "Caveat", "##", "By band", "Association", "Change it"):
        assert gone not in shown


def test_a_section_goes_with_its_method_and_caveat_and_the_rest_stays() -> None:
    """The cause stands once at the end, with the sections that went for it."""
    shown = told(without_limits(page("A.", f"{LIMIT} No money.", f"{LIMIT} No money.", "W.")))
    assert shown.count("No money.") == 1
    assert "(Left out for it: Your own question; What did they spend?)" in shown
    assert "In two parts" not in shown
    assert "Of spending" not in shown
    for kept in ("Who left?", "By band.", "And why?", "W.", "Of reasons", "Association", "How."):
        assert kept in shown


def test_half_of_a_section_keeps_what_it_says() -> None:
    """A question in bold that could not be answered goes alone; its caveat goes with it."""
    shown = told(without_limits(page("A.", "M.", "S.", f"{LIMIT} Nobody wrote.")))
    assert "Of reasons" not in shown
    assert "And why?" not in shown.split("## To see more")[0]
    assert "Of spending" in shown
    assert "Left out for it: And why?" in shown


def test_the_stored_notebook_is_not_touched() -> None:
    """What is left out of the site stays in the notebook; a warning with a path is for who runs it."""
    notebook = v4.new_notebook(cells=page("A.", f"{LIMIT} No money.", "S.", "W."))  # type: ignore[no-untyped-call]
    noise = v4.new_output("stream", name="stderr", text="/home/x/page.py:1: UserWarning")  # type: ignore[no-untyped-call]
    notebook.cells[6].outputs.append(noise)
    before = copy.deepcopy(notebook)
    site = for_readers(copy.deepcopy(notebook))
    assert notebook == before
    assert site.cells[1].outputs[0].data["text/markdown"] == "A."
    assert "UserWarning" not in str(site)
    headings = [cell.source.splitlines()[0] for cell in site.cells if cell.source.startswith("##")]
    assert headings[-1] == "## Limits"
