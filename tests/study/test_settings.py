"""study.toml: what is wrong in it is named with its key and the fix."""

from __future__ import annotations

from pathlib import Path

import pytest

from nps_utils.checks import BadStudy
from nps_utils.study.settings import read_settings

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
        (
            'industry = "sofware"\n' + GOOD,
            [
                "study.toml: industry = 'sofware': is not one of: software, telecom, retail",
                'Did you mean "software"?',
                'industry = "core"',
            ],
        ),
        (
            'industry = ["retail", "hotel"]\n' + GOOD,
            ["study.toml: industry = ['retail', 'hotel']: \"hotel\" is not one of"],
        ),
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
        (GOOD.replace('"T"', "Our survey  # new"), ["not valid TOML", 'Text needs quotes: title = "Our survey"']),
        (GOOD + "columns = { score = NPS }\n", ['Text needs quotes: score = "NPS"']),
        (GOOD + "day_first = True\n", ["Write day_first = true"]),
        (GOOD.replace('"T"', "“T”"), ['Quotes must be straight: title = "T"']),
        (GOOD.replace('"raw/a.csv"', r'"C:\Users\a.csv"'), [r"path = 'C:\Users\a.csv'"]),
        (GOOD.replace("[[export]]", 'title = "U"\n[[export]]'), ["The same key or table is there twice"]),
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


@pytest.mark.parametrize("text", ['title = "T\n', "title\n", 'segments = ["a"\n', "seed = 01\n"])
def test_a_hint_that_does_not_fit_is_not_given(folder: Path, text: str) -> None:
    """Quotes are not the answer to everything."""
    (folder / "study.toml").write_text(text, "utf-8")
    with pytest.raises(BadStudy, match="not valid TOML") as error:
        read_settings(folder)
    assert "quotes:" not in str(error.value)


def test_a_file_in_another_encoding_and_one_with_a_mark(folder: Path) -> None:
    """The first is named as such; the mark that some editors write in front is no fault."""
    (folder / "study.toml").write_bytes(GOOD.replace("T", "Måling").encode("cp1252"))
    with pytest.raises(BadStudy, match="Save it as UTF-8"):
        read_settings(folder)
    (folder / "study.toml").write_text(GOOD, "utf-8-sig")
    assert read_settings(folder).title == "T"


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
