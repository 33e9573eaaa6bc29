"""The stages of a report beside its pages, of a large study each in a process of its own.

What such a process took goes back to the system when it ends. In the process that makes the report it would stay: of
ten million answers several gigabytes, beside all that comes after.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from nps_utils.files import write_text
from nps_utils.pages.remarks import read_remarks
from nps_utils.pages.revenue import money_of
from nps_utils.report import summary, takeaway
from nps_utils.report.front import Front, take_away
from nps_utils.report.running.runners import Call, Runner
from nps_utils.study.kept import give_back
from nps_utils.study.study import Study
from nps_utils.words.limits import attempt

# From so many bytes of input on; below, another process takes longer than the memory is worth.
LARGE: Final = 200_000_000
_RESULT: Final = "result.json"
_NOTEBOOKS: Final = "notebooks.json"


def cleaned(study: Study, by: Runner, *, size: int, at: Path) -> summary.Summary:
    """Read and clean the exports; return the study in a few numbers.

    Parameters
    ----------
    study
        Whose.
    by
        Who can run another process.
    size
        How many bytes the study reads.
    at
        The folder in which processes of this run leave what others of it need.
    """
    if apart("cleaning", study, by, size=size, at=at):
        result: summary.Summary = json.loads((at / _RESULT).read_text("utf-8"))
        return result
    return summary.summarise(study)


def telling(study: Study, notebooks: Sequence[str], *, size: int, at: Path, result: summary.Summary) -> Call | None:
    """Return what tells the story of a large study beside its pages; `told` returns what it told."""
    if not _is_apart(study, size):
        return None
    write_text(at / _RESULT, json.dumps(result))
    write_text(at / _NOTEBOOKS, json.dumps(list(notebooks)))
    return _call("summary", study, at)


def told(study: Study, notebooks: Sequence[str], *, at: Path, result: summary.Summary) -> Front:
    """Write what one takes away and return what the site shows beside the notebooks.

    That is done where `telling` has done it, in the same folder `at`; else it is done here.
    """
    front = Front.kept(at) if Front.is_kept(at) else take_away(study, result, notebooks)
    takeaway.write_tables(study, notebooks)
    return front


def read_once(study: Study) -> None:
    """Read comments and money and link answers to askings, before two pages at once would."""
    for read in (read_remarks, money_of, Study.linkage):
        attempt(read, study)
        give_back()


def _clean(study: Study, at: Path) -> None:
    write_text(at / _RESULT, json.dumps(summary.summarise(study)))


def _read_once(study: Study, at: Path) -> None:  # noqa: ARG001 - what it leaves is kept under `processed/`
    read_once(study)


def _tell(study: Study, at: Path) -> None:
    result, notebooks = (json.loads((at / name).read_text("utf-8")) for name in (_RESULT, _NOTEBOOKS))
    take_away(study, result, notebooks).keep(at)


STAGES: Final[dict[str, Callable[[Study, Path], None]]] = {
    "cleaning": _clean,
    "comments": _read_once,
    "summary": _tell,
}


def apart(stage: str, study: Study, by: Runner, *, size: int, at: Path) -> bool:
    """Let a process of its own run a stage of a study of many bytes, so that what it makes is kept; say whether it did.

    Where that process ended with an error, whoever runs the stage next meets it again.

    Raises
    ------
    PageFailed
        The system ended the process.
    """
    if not _is_apart(study, size):
        return False
    by.start(_call(stage, study, at))
    ended = by.wait()
    return isinstance(ended, Call) and ended.done


def _is_apart(study: Study, size: int) -> bool:
    return size >= LARGE and study.as_written


def _call(stage: str, study: Study, at: Path) -> Call:
    where = {"folder": str(study.folder.resolve()), "results": str(study.results.resolve()), "at": str(at.resolve())}
    return Call(stage, f"{__name__}:in_folder", {"stage": stage, **where})


def in_folder(stage: str, folder: str, results: str, at: str) -> None:
    """Run a stage on the study of a folder, for `apart`."""
    STAGES[stage](replace(Study.open(folder), results_at=Path(results)), Path(at))
