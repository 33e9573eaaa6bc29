"""ARCHITECTURE.md is the map: one line for each module, in the words of the module itself."""

from __future__ import annotations

import ast
import sys
from itertools import groupby
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "nps_utils"
MAP = ROOT / "ARCHITECTURE.md"
BEGIN = "<!-- Below: the first line of each module. Written by `make map`, checked by tests/test_architecture.py. -->\n"


def first_line(path: Path) -> str:
    """Return what a module says it is for."""
    return (ast.get_docstring(ast.parse(path.read_text("utf-8"))) or "").split("\n")[0]


def listing() -> str:
    """Return the map: a heading for each room, with its sentence, and a line for each of its modules."""
    paths = sorted((path for path in PACKAGE.rglob("*.py")), key=lambda path: (path.parent, path.name))
    lines = list[str]()
    for folder, inside in groupby(paths, key=lambda path: path.parent):
        files = {path.name: path for path in inside}
        sentence = first_line(files.pop("__init__.py")) if "__init__.py" in files else ""
        lines += ["", f"### {folder.relative_to(ROOT).as_posix()}/", "", *([sentence, ""] if sentence else [])]
        lines += [f"- `{name}`: {first_line(path)}" for name, path in files.items()]
    return "\n".join(lines) + "\n"


def test_the_map_shows_the_house() -> None:
    """`make map` writes it anew."""
    told = MAP.read_text("utf-8")
    assert told.partition(BEGIN)[2] == listing()


if __name__ == "__main__":
    head, begin, _ = MAP.read_text("utf-8").partition(BEGIN)
    MAP.write_text(head + begin + listing(), "utf-8")
    sys.exit(0)
