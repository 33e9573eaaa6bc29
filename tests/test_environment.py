"""One list of packages: environment.yml and the lock files follow pyproject.toml."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pandas as pd
import pytest

from nps_utils import score

ROOT = Path(__file__).parents[1]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def test_environment_yml_has_the_same_packages_and_ranges() -> None:
    """Read as lines: every dependency is there once, under conda or pip, with the range of pyproject.toml."""
    lines = re.findall(r"^\s*- ([a-zA-Z].*)$", (ROOT / "environment.yml").read_text("utf-8"), re.M)
    packages = [line.strip() for line in lines if re.search("[<>=]", line)]
    python = f"python{PYPROJECT['project']['requires-python']}"
    assert sorted(packages) == sorted([python, *PYPROJECT["project"]["dependencies"]])


def pins(name: str) -> dict[str, str]:
    """Return the version of each package that a lock file holds."""
    return dict(re.findall(r"^([a-z0-9][a-z0-9._-]*)==([^ ;\\]+)", (ROOT / name).read_text("utf-8"), re.M))


def wanted(*groups: str) -> set[str]:
    """Return the names of the dependencies and of these groups."""
    lists = [PYPROJECT["dependency-groups"][group] for group in groups]
    lines = [
        line for lines in (PYPROJECT["project"]["dependencies"], *lists) for line in lines if isinstance(line, str)
    ]
    return {re.split(r"[<>=\[;]", line)[0].strip().lower() for line in lines}


@pytest.mark.parametrize(
    ("name", "groups"), [("requirements.lock", ["build"]), ("requirements-dev.lock", ["build", "dev"])]
)
def test_a_lock_holds_every_dependency_with_hashes(name: str, groups: list[str]) -> None:
    """A package added to pyproject.toml without `make lock` would be missing on a stranger's machine."""
    assert wanted(*groups) <= set(pins(name))
    locked = (ROOT / name).read_text("utf-8")
    assert locked.count("--hash=sha256:") > len(pins(name))
    assert "://" not in locked


def test_who_only_makes_reports_gets_no_tool_of_a_test() -> None:
    """Users get part of what developers have, in the same versions; `make test` adds the rest."""
    users, developers = pins("requirements.lock"), pins("requirements-dev.lock")
    assert users.items() < developers.items()
    # SQLAlchemy comes with the cache of the site's builder.
    assert (wanted("dev") - wanted("build")) & set(users) == {"sqlalchemy"}


def test_the_interval_told_in_the_readme_is_the_librarys() -> None:
    """The one number of a method that the README types: 70/10/20 of 100 answers."""
    row = score(pd.DataFrame({"detractors": [20], "passives": [10], "promoters": [70]})).iloc[0]
    told = f"{row['nps']:+.0f}, from {row['low']:.0f} to {row['high']:.0f}."
    assert told in (ROOT / "README.md").read_text("utf-8")
