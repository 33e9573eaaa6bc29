"""The house: few rooms, each with one sentence, and imports that go downward only."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "nps_utils"
SITE = PACKAGE / "report" / "site"  # the settings of Sphinx are run by Sphinx

MOST_FOLDERS, MOST_MODULES, MOST_LEVELS = 14, 8, 12
# From a file to a page; what stands later may know what stands earlier.
WAY = ("exports", "cleaning", "study", "tables", "figures", "pages", "notebook", "report", "cli")
# Rooms beside the way: they know statistics, never a study and never each other.
SUBJECTS = ("comments", "revenue", "followup")
# What a notebook is about, where its file says what one does.
ABOUT = {"clean": "cleaning", "method-check": "methods"}


@cache
def modules() -> dict[str, Path]:
    """Return every module of the library by its dotted name, but for the settings of the site."""
    paths = [path for path in sorted(PACKAGE.rglob("*.py")) if path.parent != SITE]
    return {".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path for path in paths}


def source(path: Path) -> ast.Module:
    """Parse a module, together with the stub of a face, which says what is loaded when it is first used."""
    stub = path.with_suffix(".pyi")
    return ast.parse(path.read_text("utf-8") + (stub.read_text("utf-8") if stub.exists() else ""))


def imported(path: Path) -> Iterator[str]:
    """Yield the modules of the library that a module imports, at any depth of the file."""
    known = modules()
    for node in ast.walk(source(path)):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == PACKAGE.name:
            inner = [f"{node.module}.{alias.name}" for alias in node.names]
            yield from (name if name in known else str(node.module) for name in inner)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in known)


def room(module: str) -> str:
    """Return the folder or module directly in `nps_utils` that a module belongs to."""
    return (*module.split("."), "")[1]


@cache
def graph() -> dict[str, set[str]]:
    """Return which modules each module imports."""
    return {name: set(imported(path)) - {name} for name, path in modules().items()}


def arrows() -> set[tuple[str, str, str]]:
    """Return (room, room that it imports, module that does so), without the root's own face."""
    return {
        (room(name), room(other), name)
        for name, others in graph().items()
        for other in others
        if room(name) and room(other) and room(name) != room(other)
    }


def test_few_doors() -> None:
    """One finds one's way when there are few rooms."""
    folders = [path for path in PACKAGE.iterdir() if (path / "__init__.py").exists()]
    files = [path.name for path in PACKAGE.glob("*.py") if not path.name.startswith("__")]
    assert len(folders) <= MOST_FOLDERS
    assert len(files) <= MOST_MODULES


@pytest.mark.parametrize("name", modules())
def test_every_module_says_in_a_sentence_what_it_is_for(name: str) -> None:
    """And it is read in one sitting: a module longer than 400 lines is two."""
    text = modules()[name].read_text("utf-8")
    assert len((ast.get_docstring(ast.parse(text)) or "").split("\n")[0]) > 15
    assert len(text.splitlines()) <= 400


def test_no_cycle_of_modules_nor_of_rooms() -> None:
    """`TopologicalSorter` names the cycle where there is one."""
    assert list(TopologicalSorter(graph()).static_order())
    rooms: dict[str, set[str]] = {}
    for low, high, _ in arrows():
        rooms.setdefault(low, set()).add(high)
    order = list(TopologicalSorter(rooms).static_order())
    level: dict[str, int] = {}
    for name in order:
        level[name] = 1 + max((level[other] for other in rooms.get(name, ())), default=0)
    assert max(level.values()) <= MOST_LEVELS


def test_one_way_through() -> None:
    """Rule 1: data moves to the right; statistics know neither exports nor cleaning."""
    back = [(a, b, m) for a, b, m in arrows() if a in WAY and b in WAY and WAY.index(b) > WAY.index(a)]
    assert not back
    assert not [(a, b, m) for a, b, m in arrows() if a == "stats" and b in WAY]


def test_subjects_stand_beside_the_way() -> None:
    """Rule 2: comments, revenue and followup know no study, not each other; revenue reads cells as exports do."""
    beside = {(m, n) for m in graph() for n in graph()[m] if room(m) in SUBJECTS and room(n) in (*WAY, *SUBJECTS)}
    wrong = {(m, n) for m, n in beside if room(m) != room(n)}
    shared = ("nps_utils.exports.cells", "nps_utils.exports.side_tables")
    assert not {(m, n) for m, n in wrong if not (room(m) == "revenue" and n.startswith(shared))}


def test_results_become_words_without_a_study() -> None:
    """Rule 3: tables and figures take results, and of a study only the settings that words repeat, such as a goal.

    `notebook` opens a study for a page.
    """
    takers = {(m, n) for m in graph() for n in graph()[m] if room(n) == "study" and n != "nps_utils.study.settings"}
    assert {room(m) for m, _ in takers} <= {"study", "pages", "notebook", "report", "cli", ""}


@pytest.mark.parametrize("notebook", sorted(path.stem for path in (ROOT / "notebooks").glob("*.ipynb")))
def test_a_notebook_has_its_modules(notebook: str) -> None:
    """Rule 4: what a notebook shows is found under its name in three places, and its tests in a fourth."""
    said = notebook.split("-", 1)[1]
    name = ABOUT.get(said, said)
    for folder in ("pages", "tables", "figures"):
        assert f"nps_utils.{folder}.{name}" in modules()
    assert (ROOT / "tests" / "pages" / f"test_{name}.py").is_file()


@pytest.mark.parametrize("name", [name for name, path in modules().items() if path.name == "__init__.py"])
def test_no_function_hides_a_module(name: str) -> None:
    """Rule 5: no module bears the name of what its package exports."""
    body = source(modules()[name]).body
    # `from nps_utils.tables import act as act` exports the module itself; from anywhere else it is something else.
    own = {a.name for n in body if isinstance(n, ast.ImportFrom) and n.module == name for a in n.names}
    exported = {a.asname or a.name for n in body if isinstance(n, ast.ImportFrom) for a in n.names} - own
    inner = {other.rpartition(".")[2] for other in modules() if other.rpartition(".")[0] == name}
    hidden = exported & inner
    assert not hidden


def test_no_module_of_the_library_reads_the_tests() -> None:
    """What a page shows must be there where the tests are not."""
    reading = [name for name, path in modules().items() if '/ "tests"' in path.read_text("utf-8")]
    assert reading == []
