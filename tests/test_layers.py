"""Imports have a direction: no module imports, over any way round, one that imports it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "nps_utils"


def modules() -> dict[str, Path]:
    """Return every module of the library by its dotted name, but for the settings of the site."""
    paths = [path for path in PACKAGE.rglob("*.py") if path.parent.name != "site"]
    return {
        ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(".__init__"): path
        for path in paths
    }


def imported(path: Path, known: dict[str, Path]) -> Iterator[str]:
    """Yield the modules of the library that a module imports, at any depth of the file."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == PACKAGE.name:
            inner = [f"{node.module}.{alias.name}" for alias in node.names]
            yield from (name if name in known else str(node.module) for name in inner)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in known)


def test_no_import_cycle() -> None:
    """`TopologicalSorter` names the cycle where there is one."""
    known = modules()
    graph = {name: set(imported(path, known)) - {name} for name, path in known.items()}
    assert list(TopologicalSorter(graph).static_order())


@pytest.mark.parametrize("path", modules().values(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_modules_are_read_in_one_sitting(path: Path) -> None:
    """A module longer than 400 lines is two."""
    assert len(path.read_text("utf-8").splitlines()) <= 400
