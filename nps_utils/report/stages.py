"""The first stages of a report, whose tables all pages read; of a large study each in a process of its own.

What such a process took goes back to the system when it ends. In the process that makes the report it would stay: of
ten million answers nearly four gigabytes, beside all that comes after.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from nps_utils.pages.remarks import read_remarks
from nps_utils.pages.revenue import money_of
from nps_utils.report import summary
from nps_utils.report.running.runners import Runner
from nps_utils.study.study import Study
from nps_utils.words.limits import attempt

# From so many bytes of input on; below, another process takes longer than the memory is worth.
LARGE: Final = 200_000_000


def clean(study: Study) -> None:
    """Read and clean the exports."""
    summary.summarise(study)


def read_once(study: Study) -> None:
    """Read comments and money and link answers to askings, before two pages at once would."""
    for read in (read_remarks, money_of, Study.linkage):
        attempt(read, study)


STAGES: Final[dict[str, Callable[[Study], None]]] = {"cleaning": clean, "comments": read_once}


def apart(stage: str, study: Study, by: Runner, *, size: int) -> bool:
    """Let a process of its own run a stage of a study of many bytes, so that what it makes is kept; say whether it did.

    Where that process ended with an error, whoever runs the stage next meets it again.

    Raises
    ------
    PageFailed
        The system ended the process.
    """
    if size < LARGE or not study.as_written:
        return False
    return by.alone(stage, f"{__name__}:in_folder", stage=stage, folder=str(study.folder.resolve()))


def in_folder(stage: str, folder: str) -> None:
    """Run a stage on the study of a folder, for `apart`."""
    STAGES[stage](Study.open(folder))
