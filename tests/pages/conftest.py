"""Two studies for every page: the demo, and one that has scores and nothing else; and how to run a page as a script."""

from __future__ import annotations

import ast
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from nps_utils import Study
from nps_utils.report.start import start_study

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="package")
def demo() -> Study:
    return Study.open(ROOT / "data" / "demo")


@pytest.fixture
def bare(tmp_path: Path) -> Study:
    """One wave, no people, no comments, nothing else."""
    (tmp_path / "a.csv").write_text("NPS\n" + "9\n10\n3\n8\n" * 5, "utf-8")
    list(start_study(tmp_path / "s", [tmp_path / "a.csv"]))
    return Study.open(tmp_path / "s")


@pytest.fixture
def shown_by(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, Path], list[str]]:
    """Return a function that runs the cells of a notebook as plain Python and returns what each shows as text."""
    monkeypatch.chdir(ROOT / "notebooks")

    def run(notebook: str, folder: Path) -> list[str]:
        names: dict[str, Any] = {}
        shown = []
        for cell in json.loads((ROOT / "notebooks" / f"{notebook}.ipynb").read_text("utf-8"))["cells"]:
            if cell["cell_type"] != "code":
                continue
            tree = ast.parse("".join(cell["source"]))
            last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
            exec(compile(tree, "cell", "exec"), names)
            if "parameters" in cell["metadata"].get("tags", []):
                names["study_dir"] = str(folder)
            if isinstance(last, ast.Expr):
                shown.append(repr(eval(compile(ast.Expression(last.value), "cell", "eval"), names)))
        return shown

    return run
