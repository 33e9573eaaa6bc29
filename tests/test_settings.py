"""study.toml: what is wrong in it is named with its key and the fix."""

from __future__ import annotations

from pathlib import Path

import pytest

from nps_utils.checks import BadStudy
from nps_utils.settings import read_settings

GOOD = 'title = "T"\ntimezone = "Europe/Oslo"\n[[export]]\npath = "raw/a.csv"\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "a.csv").write_text("NPS\n9\n", "utf-8")
    return tmp_path


def test_a_minimal_study_is_enough(folder: Path) -> None:
    """Title, time zone and one export: everything else has a stated default."""
    (folder / "study.toml").write_text(GOOD, "utf-8")
    settings = read_settings(folder)
    assert (settings.title, settings.waves.by, settings.answers.repeats) == ("T", "quarter", "latest")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (GOOD.replace("title", "tittle"), ["unknown key tittle", 'Did you mean "title"?']),
        (GOOD.replace("Oslo", "Oslow"), ["timezone = 'Europe/Oslow'", 'Did you mean "Europe/Oslo"?']),
        (GOOD.replace("path", "pat"), ["unknown key export[1].pat", "the key export[1].path is missing"]),
        (GOOD.replace("a.csv", "b.csv"), ["[[export]] 1 path", "no such file"]),
        (GOOD + '[waves]\nby = "borders"\n', ["waves", "need each other"]),
        (GOOD + '[waves]\nby = "fortnight"\n', ["waves.by = 'fortnight'", "'quarter', 'month'"]),
        (
            GOOD + '[[goal]]\nmetric = "nps"\ntarget = 320\nby = 2026-12-31\n',
            ["goal[1]", "target = 320", "-100 to 100"],
        ),
        (GOOD + '[[goal]]\nmetric = "response_rate"\ntarget = 40\nby = 2026-12-31\n', ["target = 40", "0.40 for 40 %"]),
        (GOOD + "[benchmark]\nvalue = 36\n", ["benchmark.source is missing"]),
        (GOOD.replace('"T"', "T"), ["not valid TOML"]),
        ('title = "T"\ntimezone = "Europe/Oslo"\n', ["the key export is missing", "[[export]]"]),
    ],
)
def test_what_is_wrong_is_named_with_its_key_and_the_fix(folder: Path, text: str, told: list[str]) -> None:
    """Each fault gives its own line; none is read as something else."""
    (folder / "study.toml").write_text(text, "utf-8")
    with pytest.raises(BadStudy) as error:
        read_settings(folder)
    for words in told:
        assert words in str(error.value)


def test_all_faults_are_told_at_once(folder: Path) -> None:
    """A user mends a file once, not fault by fault."""
    (folder / "study.toml").write_text(GOOD.replace("title", "tittle").replace("Oslo", "Oslow"), "utf-8")
    with pytest.raises(BadStudy) as error:
        read_settings(folder)
    assert len(str(error.value).splitlines()) == 3  # the missing title, the zone, the unknown key


def test_a_folder_that_is_no_study_says_how_to_start_one(tmp_path: Path) -> None:
    """The message is the command to type."""
    with pytest.raises(BadStudy, match="nps new"):
        read_settings(tmp_path)
    with pytest.raises(BadStudy, match="no such folder"):
        read_settings(tmp_path / "nowhere")
