"""One list of packages: environment.yml and requirements.lock follow pyproject.toml."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pandas as pd

from nps_utils import score

ROOT = Path(__file__).parents[1]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def test_environment_yml_has_the_same_packages_and_ranges() -> None:
    """Read as lines: every dependency is there once, under conda or pip, with the range of pyproject.toml."""
    lines = re.findall(r"^\s*- ([a-zA-Z].*)$", (ROOT / "environment.yml").read_text("utf-8"), re.M)
    packages = [line.strip() for line in lines if re.search("[<>=]", line)]
    python = f"python{PYPROJECT['project']['requires-python']}"
    assert sorted(packages) == sorted([python, *PYPROJECT["project"]["dependencies"]])


def test_the_lock_holds_every_dependency_with_hashes() -> None:
    """A package added to pyproject.toml without `make lock` would be missing on a stranger's machine."""
    locked = (ROOT / "requirements.lock").read_text("utf-8")
    names = {re.split(r"[<>=\[;]", line)[0].strip().lower() for line in re.findall(r"^([a-z0-9].*==.*)$", locked, re.M)}
    wanted = [*PYPROJECT["project"]["dependencies"], *PYPROJECT["dependency-groups"]["dev"]]
    for line in wanted:
        assert re.split(r"[<>=\[;]", line)[0].strip().lower() in names, line
    assert locked.count("--hash=sha256:") > len(names)
    assert "://" not in locked


def test_the_interval_told_in_the_readme_is_the_librarys() -> None:
    """The one number of a method that the README types: 70/10/20 of 100 answers."""
    row = score(pd.DataFrame({"detractors": [20], "passives": [10], "promoters": [70]})).iloc[0]
    told = f"{row['nps']:+.0f}, from {row['low']:.0f} to {row['high']:.0f}."
    assert told in (ROOT / "README.md").read_text("utf-8")
