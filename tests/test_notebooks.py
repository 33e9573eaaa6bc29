"""The rules of the notebooks: short cells, no code hidden in them, stored outputs complete and free of machines."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import nbformat
import pytest
from jupyter_client.manager import KernelManager

from nps_utils.report import readers
from nps_utils.report.running.kernels import kernel_files

NOTEBOOKS = sorted((Path(__file__).parents[1] / "notebooks").glob("*.ipynb"))


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.stem)
def notebook(request: pytest.FixtureRequest) -> nbformat.NotebookNode:
    return nbformat.read(request.param, as_version=4)


def code(notebook: nbformat.NotebookNode) -> list[nbformat.NotebookNode]:
    """Return the code cells."""
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def test_the_answer_is_first(notebook: nbformat.NotebookNode) -> None:
    """Title, the answer and nothing before it that shows anything, then question, reads and writes."""
    title = notebook.cells[0].source
    assert title.startswith("# ")
    assert len(title.splitlines()) == 1
    answer = next(i for i, cell in enumerate(notebook.cells) if "page.answer(" in cell.source)
    before = notebook.cells[1:answer]
    assert all(cell.cell_type == "code" and not cell.outputs for cell in before)
    assert len(before) <= 4
    assert "text/markdown" in notebook.cells[answer].outputs[0].data
    for words in ("*Question.*", "*Reads*", "*Writes*"):
        assert words in notebook.cells[answer + 1].source
    site = readers.for_readers(nbformat.from_dict(notebook))
    assert [cell.cell_type for cell in site.cells[:2]] == ["markdown", "code"]
    assert site.cells[1].outputs


def test_ones_own_question_is_near_the_top(notebook: nbformat.NotebookNode) -> None:
    """Some text on what to change, and a cell that runs."""
    at = next(i for i, cell in enumerate(notebook.cells) if cell.source.startswith("## Your own question"))
    assert at <= 7
    assert "Change " in notebook.cells[at].source
    assert notebook.cells[at + 1].cell_type == "code"
    assert notebook.cells[at + 1].outputs


def test_cells_read_as_an_analyst_writes(notebook: nbformat.NotebookNode) -> None:
    """One import that anybody can guess, no wrapped calls, nothing that would hide a mistake."""
    source = "\n".join(cell.source for cell in code(notebook))
    imports = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Import | ast.ImportFrom)]
    assert [ast.unparse(node) for node in imports] == ["from nps_utils.notebook import figures, nps, pages, tables"]
    for hiding in ("attempt", "getattr", "Limit", "try:", "isinstance", "suppress"):
        assert hiding not in source
    assert "nps." in source


def test_header_parameters_and_end(notebook: nbformat.NotebookNode) -> None:
    """One parameter; what it shows and its limits last."""
    parameters = [cell for cell in code(notebook) if "parameters" in cell.metadata.get("tags", [])]
    assert [cell.source for cell in parameters] == ['study_dir = "../data/demo"']
    text = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    assert "## What this shows" in text
    assert "## Limits" in text


def test_cells_are_short_and_define_nothing(notebook: nbformat.NotebookNode) -> None:
    """Ten lines or fewer, thirty code cells or fewer, no functions, classes, loops, magics or hidden outputs."""
    assert len(code(notebook)) <= 30
    for cell in code(notebook):
        assert len([line for line in cell.source.splitlines() if line.strip()]) <= 10, cell.source
        tree = ast.parse(cell.source)  # magics and `!` do not parse
        banned = (ast.FunctionDef, ast.ClassDef, ast.For, ast.While, ast.Lambda)
        assert not [node for node in ast.walk(tree) if isinstance(node, banned)], cell.source
        assert not cell.source.rstrip().endswith(";")


def test_prose_states_no_number_of_a_study(notebook: nbformat.NotebookNode) -> None:
    """A conclusion is computed: the same text serves every study, so it cannot hold a score with its sign."""
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            assert "Fjordlogic" not in cell.source
            assert "demo" not in cell.source.lower()


def test_stored_outputs_are_complete(notebook: nbformat.NotebookNode) -> None:
    """Run in order, no errors, no stderr, every picture with its text."""
    assert [cell.execution_count for cell in code(notebook)] == list(range(1, len(code(notebook)) + 1))
    for cell in code(notebook):
        for output in cell.outputs:
            assert output.output_type != "error"
            assert output.get("name") != "stderr"
            if "image/png" in output.get("data", {}):
                assert len(output.data["text/plain"]) > 15
            assert "object at 0x" not in str(output)
            assert str(Path.home()) not in str(output.get("data", {}).get("text/plain", ""))


@pytest.mark.skipif(sys.platform == "win32", reason="Windows talks to kernels through ports")
def test_each_kernel_has_sockets_of_its_own(tmp_path: Path) -> None:
    # On one shared name two kernels at the same time answer each other's cells, or nobody's.
    managers = [KernelManager(config=kernel_files(tmp_path / name)) for name in ("one", "two")]
    assert [manager.ip for manager in managers] == [str(tmp_path / name / "kernel-ipc") for name in ("one", "two")]
