"""Files that hold names and answers: readable by their owner only."""

from __future__ import annotations

from pathlib import Path


def private_folder(path: Path) -> Path:
    """Make a folder that only its owner can open, and return it; one that is there is closed to others.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     oct(private_folder(Path(folder) / "lists").stat().st_mode & 0o777)
    '0o700'
    """
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.chmod(0o700)
    return path


def private_file(path: Path) -> Path:
    """Make a file that only its owner can read, before anything is written to it, and return it.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     oct(private_file(Path(folder) / "names.csv").stat().st_mode & 0o777)
    '0o600'
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.chmod(0o600)
    return path
