"""Where the files of a study lie: inside its folder, or elsewhere on purpose, and what is then not shown of them."""

from __future__ import annotations

import os.path
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PureWindowsPath

from nps_utils.checks import BadInput, BadStudy


def leaves(path: str) -> bool:
    """Say whether a relative path of study.toml leads out of the folder of the study.

    Examples
    --------
    >>> [leaves(path) for path in ("raw/a.csv", "raw/../b.csv", "../b.csv", "raw/../../b.csv", "/data/b.csv")]
    [False, False, True, True, False]
    """
    if is_elsewhere(path):
        return False
    first = os.path.normpath(path.replace("\\", "/")).split("/", 1)[0]
    return first == ".."


def is_elsewhere(path: str) -> bool:
    """Say whether a path is absolute, on this machine or on another one."""
    return Path(path).is_absolute() or PureWindowsPath(path).is_absolute()


def why_not(path: str) -> str:
    """Return what to write instead of a path that leads out of the study."""
    name = os.path.basename(os.path.normpath(path.replace("\\", "/")))
    inside = "" if name in ("", "..") else f', and write path = "raw/{name}"'
    return (
        "leads out of the folder of the study, so that it would read another file elsewhere. Copy the file into the"
        f" folder raw of the study{inside}; a file that is to stay where it is needs its whole path, from the root"
    )


@contextmanager
def told_without_content(folder: Path, path: str) -> Iterator[None]:
    """Say of a file outside the study that it cannot be used, and show none of its lines: it may not be of answers.

    Raises
    ------
    BadStudy
        Whatever made the file unusable.
    """
    try:
        yield
    except BadInput as error:
        # Links are followed: a study that was sent by others may hold one.
        if (folder / path).resolve().is_relative_to(folder.resolve()):
            raise
        name = os.path.basename(path)
        raise BadStudy(
            f'{folder / "study.toml"}, path = "{path}": the file cannot be used. It lies outside the study, so nothing'
            f' of it is shown here. Copy the file itself into {folder / "raw"} and write path = "raw/{name}": then the'
            " message says what is wrong with it."
        ) from error
