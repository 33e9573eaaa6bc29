"""A run notebook as a reader of the site meets it: the answer first, and nothing of what the data cannot say but why.

The stored notebook keeps every cell with what it said. On the site a section that could say nothing is left out whole,
its method and its caveat too, for these speak of what is not there; each cause stands once, at the end, with the
sections it took away.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

import nbformat
from nbformat import NotebookNode

from nps_utils.report.points import point_list
from nps_utils.words.limits import AS_ABOVE

LIMIT: Final = "*Cannot be said here:*"
_NOT_HERE: Final = "## To see more"
OWN_QUESTION: Final = "Your own question"
LIMITS: Final = "Limits"
SHOWS: Final = "What this shows"  # says again what the page says: alone it is nothing said
_AT_THE_END: Final = (OWN_QUESTION, LIMITS)
_LEFT_OUT_WITH_ALL: Final = (*_AT_THE_END, SHOWS)
_HEADING: Final = re.compile(r"##+ +(.*)")
_RUN_IN: Final = re.compile(r"\*\*(.+?)\*\*")
_AFTERWARDS: Final = "*Caveat.*"
_ABOUT: Final = ("*Question.*", "*Reads*", "*Previous:*", "*Next:*")


@dataclass
class _Part:
    """What stands together: a heading, or a question in bold, with all up to the next."""

    title: str = ""
    depth: int = 0
    cells: list[NotebookNode] = field(default_factory=list)

    def said(self) -> list[NotebookNode]:
        return [cell for cell in self.cells if cell.cell_type == "code" and cell.get("outputs")]

    def says_nothing(self) -> bool:
        """Every output of it is a limit, and there are some."""
        return bool(self.said()) and all(limit_of(cell) is not None for cell in self.said())


def for_readers(notebook: NotebookNode) -> NotebookNode:
    """Lead with the answer, drop the injected path, fold the code away, and give each figure its text in words."""
    cells = [c for c in notebook.cells if "injected-parameters" not in c.metadata.get("tags", [])]
    notebook.cells = without_limits(_answer_first(cells))
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        # A warning is for who runs the notebook, and names a path of a machine.
        cell.outputs = [output for output in cell.outputs if output.get("name") != "stderr"]
        tags = set(cell.metadata.get("tags", []))
        cell.metadata["tags"] = sorted(
            tags | ({"remove-input"} if tags & {"parameters", "remove-input"} else {"hide-input"})
        )
        for output in list(cell.outputs):
            if "text/html" in output.get("data", {}):
                output["data"]["text/html"] = _reachable("".join(output["data"]["text/html"]))
            if "image/png" in output.get("data", {}):
                cell.metadata["mystnb"] = {"image": {"alt": _one_line(output["data"]["text/plain"])}}
                output["data"].pop("text/plain")
                if told := output.metadata.get("image/png", {}).get("points"):
                    data = {"text/html": str(point_list(told))}
                    cell.outputs.append(nbformat.v4.new_output("display_data", data=data))
    return notebook


def limit_of(cell: NotebookNode) -> str | None:
    """Return why a cell says nothing, or None where it says something."""
    if cell.cell_type != "code":
        return None
    told = [_markdown(output) for output in cell.outputs]
    if not told or not all(text.startswith(LIMIT) for text in told):
        return None
    return " ".join(text.removeprefix(LIMIT).strip() for text in told)


def without_limits(cells: Sequence[NotebookNode]) -> list[NotebookNode]:
    r"""Leave out the parts of a page that could say nothing, and say why once, at its end.

    Parameters
    ----------
    cells
        The cells of an executed notebook, the answer among the first of them.

    Examples
    --------
    >>> from nbformat import v4
    >>> output = v4.new_output("display_data", data={"text/markdown": f"{LIMIT} No dates."})
    >>> limited = v4.new_code_cell("x", outputs=[output])
    >>> cells = [v4.new_markdown_cell("# T\n\n## A\n\n*Method.* M."), limited, v4.new_markdown_cell("*Caveat.* C.")]
    >>> shown = without_limits(cells)
    >>> print("\n\n".join(cell.source for cell in shown))
    # T
    <BLANKLINE>
    ## To see more
    <BLANKLINE>
    - No dates. *(Left out for it: A.)*
    """
    if not any(limit_of(cell) is not None for cell in cells):
        return list(cells)
    parts = list(_parts(cells))
    reasons: dict[str, list[str]] = {}
    first = next((cell for cell in parts[0].said()), None)
    answered = first is None or limit_of(first) is None
    lead = "" if answered or first is None else str(limit_of(first))
    silent = not answered and not any(
        part.said() and not part.says_nothing() for part in parts[1:] if part.title not in _LEFT_OUT_WITH_ALL
    )
    kept: list[_Part] = []
    for section in _sections(parts):
        above = section[0].title
        if silent and above in _LEFT_OUT_WITH_ALL:
            continue
        open_parts = [part for part in section if not part.says_nothing() or part is parts[0]]
        for part in section:
            for cell in part.said():
                reason = limit_of(cell)
                if reason == AS_ABOVE.reason:
                    reason = lead if silent else next(reversed(reasons), None)
                if reason is not None and cell is not first:
                    names = reasons.setdefault(reason, [])
                    name = part.title or above
                    if name and name not in names:
                        names.append(name)
        if len(open_parts) == 1 and open_parts[0] is section[0] and len(section) > 1 and not section[0].said():
            continue  # only the heading is left of it
        kept += [_without_limited(part, first, silent=silent) for part in open_parts]
    return _written(kept, reasons, lead)


def _parts(cells: Sequence[NotebookNode]) -> Iterator[_Part]:
    """Divide a page at its headings and its questions in bold; a cell of text is divided at its blank lines."""
    part = _Part()
    for cell in cells:
        if cell.cell_type != "markdown":
            part.cells.append(cell)
            continue
        for paragraph in re.split(r"\n\s*\n", str(cell.source).strip()):
            heading, run_in = _HEADING.match(paragraph), _RUN_IN.match(paragraph)
            if heading or run_in:
                yield part
                part = _Part(
                    heading.group(1) if heading else run_in.group(1).rstrip(".") if run_in else "", 1 if heading else 2
                )
            part.cells.append(_text(paragraph))
    yield part


def _sections(parts: Sequence[_Part]) -> Iterator[list[_Part]]:
    """Put each heading together with the questions in bold below it."""
    section: list[_Part] = []
    for part in parts:
        if part.depth == 1 and section:
            yield section
            section = []
        section.append(part)
    if section:
        yield section


def _without_limited(part: _Part, first: NotebookNode | None, *, silent: bool) -> _Part:
    """Leave out the cells of a part that say nothing, with the caveat that follows them."""
    cells: list[NotebookNode] = []
    spoken = True  # what was shown last was shown
    for cell in part.cells:
        limited = limit_of(cell) is not None and cell is not first
        if cell.cell_type == "code" and cell.get("outputs"):
            spoken = not limited
        if limited or (cell.cell_type == "markdown" and cell.source.startswith(_AFTERWARDS) and not spoken):
            continue
        if silent and part.depth == 0 and cell.cell_type == "markdown" and not cell.source.startswith(("#", *_ABOUT)):
            continue  # method of what is not there
        cells.append(cell)
    return _Part(part.title, part.depth, cells)


def _written(parts: Sequence[_Part], reasons: dict[str, list[str]], lead: str) -> list[NotebookNode]:
    """Return the cells of a page, with the causes of what is not on it before its limits or at its end."""
    others = {reason: names for reason, names in reasons.items() if reason != lead}
    lines = [
        f"- {reason[:1].upper()}{reason[1:]}" + (f" *(Left out for it: {_ended('; '.join(names))})*" if names else "")
        for reason, names in others.items()
    ]
    told = [_text(f"{_NOT_HERE}\n\n" + "\n".join(lines))] if lines else []
    cells: list[NotebookNode] = []
    for part in parts:
        if part.title in _AT_THE_END and told:
            cells, told = [*cells, *told], []
        cells += part.cells
    return [*cells, *told]


def _ended(text: str) -> str:
    """Return the text with a sign at its end, one and no more."""
    return text if text.endswith(("?", "!", ".")) else f"{text}."


def _answer_first(cells: list[NotebookNode]) -> list[NotebookNode]:
    """Put the answer under the title, and what it rests on below it; a reader's own question comes after the page's."""
    answer = next((i for i, cell in enumerate(cells) if cell.get("outputs")), None)
    if answer is None:
        return cells
    before = [cell for cell in cells[:answer] if cell.cell_type == "code"]
    told = [c for c in cells[:answer] if c.cell_type != "code"]
    shown, code = copy.deepcopy(cells[answer]), copy.deepcopy(cells[answer])
    shown.metadata["tags"] = [*shown.metadata.get("tags", []), "remove-input"]
    shown.id, code.outputs = f"{code.get('id', 'answer')[:50]}-shown", []
    return _own_question_last([*told, shown, *before, code, *cells[answer + 1 :]])


def _own_question_last(cells: list[NotebookNode]) -> list[NotebookNode]:
    """Put the section that invites to a question of one's own before the last one, that of limits."""
    starts = [i for i, cell in enumerate(cells) if _heading_of(cell)]
    own = next((i for i in starts if _heading_of(cells[i]) == OWN_QUESTION), None)
    last = next((i for i in starts if _heading_of(cells[i]) == LIMITS), None)
    if own is None or last is None or last < own:
        return cells
    end = next(i for i in starts if i > own)
    return [*cells[:own], *cells[end:last], *cells[own:end], *cells[last:]]


def _heading_of(cell: NotebookNode) -> str | None:
    """Return the first heading that a cell of text holds."""
    found = re.search(r"^##+ +(.*)$", str(cell.source), re.MULTILINE) if cell.cell_type == "markdown" else None
    return found.group(1) if found else None


def _markdown(output: NotebookNode) -> str:
    text = output.get("data", {}).get("text/markdown", "")
    return text if isinstance(text, str) else "".join(text)


def _text(source: str) -> NotebookNode:
    cell: NotebookNode = nbformat.v4.new_markdown_cell(source)
    return cell


def _reachable(html: str) -> str:
    """Let the keyboard reach a table that scrolls in its own box, and say what it is."""
    found = re.search(r"<caption>(.*?)</caption>", html, re.DOTALL)
    label = f' aria-label="{found.group(1).replace(chr(34), "&quot;")}"' if found else ""
    return html.replace('<div class="nps-table">', f'<div class="nps-table" tabindex="0" role="region"{label}>')


def _one_line(text: str | list[str]) -> str:
    return " ".join("".join(text).split())
