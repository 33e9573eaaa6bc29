"""Light on its feet: what a command does not use it does not load, and names come when they are first used."""

from __future__ import annotations

import subprocess
import sys

import pytest

import nps_utils as nps

# What reads, draws, fits, runs notebooks or builds sites.
HEAVY = {
    *("pandas", "polars", "matplotlib", "seaborn", "statsmodels", "scipy", "sklearn", "lingua"),
    *("nbformat", "papermill", "jsonschema", "rfc3987_syntax", "sphinx", "svy", "lifelines", "linearmodels"),
}


def loaded(code: str) -> set[str]:
    """Return which top-level modules a fresh interpreter has after running `code`."""
    show = "import sys; print(*sorted({name.partition('.')[0] for name in sys.modules}), file=sys.stderr)"
    script = f"import atexit; atexit.register(lambda: exec({show!r})); {code}"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return set(done.stderr.split())


def command(*arguments: str) -> str:
    """Return code that runs `nps` with these arguments."""
    return f"import sys; sys.argv = {['nps', *arguments]!r}; from nps_utils.cli import main; main()"


@pytest.mark.parametrize("code", ["import nps_utils; dir(nps_utils)", command("--help"), command("report", "--help")])
def test_the_face_and_the_help_load_nothing_heavy(code: str) -> None:
    """Whoever asks what there is gets the answer at once."""
    assert not loaded(code) & HEAVY


def test_a_plan_needs_tables_and_arithmetic_only() -> None:
    """`nps plan` counts answers: nothing that draws, fits models or runs notebooks."""
    assert loaded(command("plan")) & HEAVY <= {"pandas", "scipy"}


def test_a_page_does_not_draw_before_its_first_figure() -> None:
    """The first cell of a notebook is no place to wait for pictures and models."""
    code = "import nps_utils as nps; from nps_utils import figures, tables; from nps_utils.pages.page import Page"
    assert not loaded(code) & {"matplotlib", "seaborn", "statsmodels", "nbformat", "papermill", "sklearn"}


def test_the_face_shows_nouns_and_verbs() -> None:
    """`nps.` and a tab: the nouns of the field, its verbs, and no machinery."""
    nouns = {"planning", "weighting", "monitoring", "revenue", "comments", "followup", "tables", "figures"}
    shown = {name for name in dir(nps) if not name.startswith("__")}
    assert nouns | {"clean", "score", "compare", "count_bands", "read_export", "trend", "Study"} <= shown
    assert not {"face", "lazy", "checks"} & shown
    for name in shown:
        assert getattr(nps, name) is not None
    assert nps.__version__
    with pytest.raises(AttributeError, match="has no attribute 'scroe'"):
        getattr(nps, "scroe")  # noqa: B009 - a name that is not there
