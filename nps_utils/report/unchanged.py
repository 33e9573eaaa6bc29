"""What the last report was made of and which files it wrote: where neither has changed, nothing need be made again.

Only hashes are needed to see that, so this module loads nothing that reads, counts or draws.
"""

from __future__ import annotations

import json
import os
import sys
import sysconfig
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from nps_utils.files import content_hash, file_hash, known_hash, library_hash, private_file, write_text
from nps_utils.report.browsers import browser

RECORD: Final = Path("processed") / "made.json"
NOTEBOOKS: Final = Path(__file__).parents[2] / "notebooks"
MADE: Final = ("results", "report")
# What a killed run leaves, which the next run has to put right; and what there is no browser for.
LEFT: Final = (".report-run*", ".report-old")
PDF: Final = "results/summary.pdf"


def headline(folder: Path, *, contacts_in_site: bool) -> str | None:
    """Return the headline of the last report where it stands as it was made, of what is there now; None otherwise.

    A report without a PDF is made again where there is a browser now.
    """
    try:
        told = json.loads((folder / RECORD).read_text("utf-8"))
        if told["key"] != key(folder, told["input"], contacts_in_site=contacts_in_site):
            return None
        printed = PDF in told["made"] or browser() is None
        whole = printed and all(file_hash(folder / name) == was for name, was in told["made"].items())
        left = any(True for pattern in LEFT for _ in folder.glob(pattern))
        return str(told["headline"]) if whole and not left else None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def last_headline(folder: Path) -> str:
    """Return the headline of the report that was just made."""
    return str(json.loads((folder / RECORD).read_text("utf-8"))["headline"])


def key(folder: Path, names: Iterable[str], *, contacts_in_site: bool) -> str:
    """Return one hash of all that a report rests on.

    Parameters
    ----------
    folder
        That of the study; a report says where it lies.
    names
        The study's input, as paths from there; what is not there counts as well.
    contacts_in_site
        Whether the follow-up lists go into the site.
    """
    files = {name: known_hash(folder / name) if (folder / name).exists() else None for name in sorted(names)}
    about: dict[str, Any] = {
        "input": files,
        "library": library_hash(),
        "notebooks": content_hash(NOTEBOOKS.glob("*.ipynb")),
        "installed": [sys.version, *_installed()],
        "folder": str(folder.resolve()),
        "contacts_in_site": contacts_in_site,
    }
    return content_hash([], json.dumps(about, sort_keys=True))


def remember(folder: Path, made_of: str, names: Iterable[str], headline: str) -> None:
    """Write down what the report was made of and which files it wrote; last of all.

    Parameters
    ----------
    folder
        That of the study.
    made_of
        Its key, from before anything was read.
    names
        The study's input, as paths from there.
    headline
        The line that the command ends with.
    """
    made = dict[str, str]()
    for part in MADE:
        about = json.loads((folder / part / "made.json").read_text("utf-8"))
        made |= {f"{part}/{name}": file_hash(folder / part / name) for name in about["files"]}
    told = {"key": made_of, "input": sorted(names), "made": made, "headline": headline}
    write_text(private_file(folder / RECORD), json.dumps(told, indent=0, ensure_ascii=False) + "\n")


def _installed() -> list[str]:
    """Return the packages that are installed, with their versions, by the names of their folders."""
    names = os.listdir(sysconfig.get_path("purelib"))
    return sorted(name for name in names if name.endswith(".dist-info"))
