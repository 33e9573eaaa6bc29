"""Imports go downward only: a module imports what is below its level, never its own level or above, so no cycles."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "nps_utils"

# Lowest first. A folder counts as one name; the library's own `__init__` stands above all and is not listed.
LEVELS: list[set[str]] = [
    {"checks", "columns", "intervals", "progress", "scale", "sheets", "spelled"},
    {
        "always_valid",
        "answers",
        "clock",
        "correlation",
        "counts",
        "eligibility",
        "enumeration",
        "exports",
        "finite",
        "levels",
        "limits",
        "means",
        "multiplicity",
        "panel",
        "permutation",
        "precision",
        "randomised",
        "resampling",
        "settings",
        "simulate",
        "waves",
    },
    {
        "cadence",
        "change",
        "clustered",
        "control",
        "cuts",
        "dates",
        "distribution",
        "linking",
        "local",
        "paired",
        "planning",
        "published",
        "rules",
        "score",
        "trend",
        "unfinished",
    },
    {
        "alarms",
        "comments",
        "day_order",
        "engines",
        "followup",
        "further",
        "goals",
        "mix",
        "needed",
        "segments",
        "silence",
        "survey_weights",
        "target",
        "units",
    },
    {
        "claims",
        "closing",
        "date_plan",
        "frames",
        "group_check",
        "method_check",
        "monitoring",
        "neighbours",
        "passages",
        "repeats",
        "simulation_check",
        "weighting",
    },
    {"assurance", "date_order", "instants", "ledger", "options", "representation"},
    {"responses"},
    {"gather"},
    {"study"},
    {"plan", "revenue", "sensitivity", "truths"},
    {"contacts", "money_claims", "money_panel", "planted"},
    {"money_customers", "takeaway"},
    {"tables"},
    {"figures", "start", "themes_page"},
    {"page"},
    {"summary"},
    {"report"},
    {"cli"},
    {"__main__"},
]
LEVEL = {name: at for at, names in enumerate(LEVELS) for name in names}


def modules() -> list[Path]:
    """Return every module of the library but its `__init__` and the settings of the site."""
    return sorted(
        path for path in PACKAGE.rglob("*.py") if path.parent.name != "site" and path != PACKAGE / "__init__.py"
    )


def name_of(path: Path) -> str:
    """Return the module or, for a file of a folder, the folder."""
    return path.relative_to(PACKAGE).with_suffix("").parts[0]


def imported(path: Path) -> Iterator[str]:
    """Yield the names of the library's modules that a module imports, at any depth of the file."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module == "nps_utils":
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("nps_utils."):
            yield str(node.module).split(".")[1]
        elif isinstance(node, ast.Import):
            yield from (a.name.split(".")[1] for a in node.names if a.name.startswith("nps_utils."))


def test_every_module_has_its_level() -> None:
    """A new module is given a place before it is used."""
    assert {name_of(path) for path in modules()} == set(LEVEL)


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_go_downward(path: Path) -> None:
    """No import of one's own level or of one above."""
    own = name_of(path)
    wrong = [name for name in imported(path) if name != own and name in LEVEL and LEVEL[name] >= LEVEL[own]]
    assert not wrong, f"{own} (level {LEVEL[own]}) imports {wrong}"


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_modules_are_read_in_one_sitting(path: Path) -> None:
    """A module longer than 400 lines is two."""
    assert len(path.read_text("utf-8").splitlines()) <= 400
