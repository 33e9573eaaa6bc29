"""Files that are whole or not there: written beside their place and renamed; folders swapped; caches with a hash."""

from __future__ import annotations

import ctypes
import errno
import functools
import hashlib
import json
import os
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any, Final

MANIFEST: Final = "manifest.json"
_UNFINISHED: Final = ".unfinished-"
LOCK: Final = "lock"
# By this variable a report tells its processes the hashes of large files: each of them would read gigabytes again.
_HASHES: Final = "NPS_HASHES"
_LARGE: Final = 20_000_000  # bytes
_JUST_BEGUN: Final = 60  # seconds in which a folder may not have its lock yet
_AT_FDCWD, _RENAME_EXCHANGE = -100, 2  # Linux, renameat2


# What is not the fault of the input nor ours, by the number of the error: what happened, and what to do.
_TROUBLE: Final = {
    errno.ENOSPC: "the disk is full. Free some space, a few hundred megabytes for a report, and run it again",
    errno.EDQUOT: "your quota of the disk is used up. Free some space and run it again",
    errno.EROFS: "the disk can only be read. Copy the study to a folder that can be written, and run it there",
    errno.EACCES: "writing there, or reading it, is not allowed. Change its permissions or copy the study elsewhere",
    errno.EPERM: "writing there is not allowed. Change its permissions or copy the study to a folder of your own",
    errno.ENAMETOOLONG: "the path is too long for this system. Move the study, or set TMPDIR, to a shorter one",
    errno.EIO: "the disk does not answer. Copy the study to another disk and run it there",
}
_NO_TEMPORARY: Final = "No usable temporary directory"


def disk_trouble(error: OSError) -> str | None:
    """Return what happened and what to do, where the disk refuses; None for any other error.

    Examples
    --------
    >>> disk_trouble(OSError(errno.EROFS, "Read-only file system", "s/results")).split(".")[0]
    's/results: the disk can only be read'
    """
    if _NO_TEMPORARY in str(error):
        return f"{error.strerror or error}: set TMPDIR to a folder that exists and can be written, and run it again."
    what = _TROUBLE.get(error.errno or 0)
    if what is None:
        return None
    return f"{error.filename or 'a file'}: {what}. What was there before stays as it was."


def disk_trouble_in(text: str) -> str | None:
    """Return the same for the message of another process.

    Examples
    --------
    >>> disk_trouble_in("[Errno 28] No space left on device").split(".")[0]
    '[Errno 28] No space left on device: the disk is full'
    """
    if _NO_TEMPORARY in text:
        return f"{text}: set TMPDIR to a folder that exists and can be written, and run it again."
    for number, what in _TROUBLE.items():
        if f"[Errno {number}]" in text or f"[errno {number}]" in text:
            return f"{text}: {what}. What was there before stays as it was."
    return None


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a path beside `path` to write to; it takes the place of `path` when all went well.

    Examples
    --------
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     with replacing(Path(folder) / "a.csv") as beside:
    ...         _ = beside.write_text("whole", "utf-8")
    ...     (Path(folder) / "a.csv").read_text("utf-8"), len(list(Path(folder).iterdir()))
    ('whole', 1)
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f"{_UNFINISHED}{os.getpid()}-{path.name}")
    try:
        if path.exists():
            # What only its owner may read stays so; what is written now is written into this file.
            beside.touch()
            beside.chmod(path.stat().st_mode & 0o777)
        yield beside
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def write_text(path: Path, text: str) -> None:
    """Write a text in UTF-8, whole or not at all."""
    with replacing(path) as beside:
        beside.write_text(text, "utf-8", newline="")


def write_bytes(path: Path, content: bytes) -> None:
    """Write bytes, whole or not at all."""
    with replacing(path) as beside:
        beside.write_bytes(content)


def seal(folder: Path) -> None:
    """Write beside the files of a folder which they are and what their content hashes to."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != MANIFEST)
    write_text(folder / MANIFEST, json.dumps({path.relative_to(folder).as_posix(): file_hash(path) for path in files}))


def is_whole(folder: Path) -> bool:
    """Say whether a sealed folder holds the files it was sealed with, to the last byte.

    Examples
    --------
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_text(Path(folder) / "a.txt", "all of it")
    ...     seal(Path(folder))
    ...     before = is_whole(Path(folder))
    ...     _ = (Path(folder) / "a.txt").write_text("all o")
    ...     before, is_whole(Path(folder))
    (True, False)
    """
    try:
        sealed = json.loads((folder / MANIFEST).read_text("utf-8"))
        return bool(sealed) and all(file_hash(folder / name) == digest for name, digest in sealed.items())
    except (OSError, ValueError, AttributeError):
        return False


@contextmanager
def sealed_folder(target: Path) -> Iterator[Path]:
    """Give an empty folder to fill; sealed, it takes the place of `target` when all went well."""
    with owned_folder(target.parent, _UNFINISHED) as beside:
        inner = beside / target.name
        inner.mkdir()
        yield inner
        seal(inner)
        place((inner, target))


@contextmanager
def owned_folder(parent: Path, prefix: str) -> Iterator[Path]:
    """Give a new folder that is removed at the end, and by whom it is found when its owner was killed."""
    parent.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(dir=parent, prefix=prefix))
    lock = Lock(folder / LOCK)
    try:
        lock.take(wait=True)
        yield folder
    finally:
        lock.release()
        shutil.rmtree(folder, ignore_errors=True)


def is_abandoned(path: Path) -> bool:
    """Say whether the owner of an owned folder, or of a file half-written, is gone."""
    if not (path / LOCK).is_file():
        with suppress(FileNotFoundError):
            return time.time() - path.stat().st_mtime > _JUST_BEGUN
        return False
    lock = Lock(path / LOCK)
    try:
        return lock.take(wait=False)
    finally:
        lock.release()


def place(*pairs: tuple[Path, Path]) -> None:
    """Let each new folder take the place of its target; what was there is then where the new one was.

    Where the system can, a folder and its target are exchanged in one step, so that at no moment one of them is
    missing, and all pairs at one go, with nothing between.

    Parameters
    ----------
    pairs
        A new folder and its target, on the same disk.
    """
    for _, target in pairs:
        target.mkdir(parents=True, exist_ok=True)
    exchange = _exchanger()
    ready = [(os.fsencode(new), os.fsencode(target)) for new, target in pairs]
    left = [pair for pair, paths in zip(pairs, ready, strict=True) if not exchange(*paths)]
    for new, target in left:
        old = new.with_name(f"{new.name}-old-{time.time_ns()}")
        target.rename(old)
        new.rename(target)
        old.rename(new)


def remove_unfinished(folder: Path) -> None:
    """Remove what killed runs left half-written in a folder; what a living one writes stays."""
    for path in folder.glob(f"{_UNFINISHED}*"):
        if is_abandoned(path):
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)


class Lock:
    """A lock of a file that ends with the process that holds it, killed or not."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.file: IO[Any] = path.open("a+b")

    def take(self, *, wait: bool) -> bool:
        """Take the lock; without waiting, return whether it was free."""
        try:
            if sys.platform == "win32":
                import msvcrt

                self.file.seek(0)
                msvcrt.locking(self.file.fileno(), msvcrt.LKLOCK if wait else msvcrt.LK_NBLCK, 1)
            else:
                import fcntl

                fcntl.flock(self.file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except OSError as problem:
            if problem.errno in (errno.EAGAIN, errno.EACCES, errno.EDEADLK):
                return False
            raise
        return True

    def release(self) -> None:
        """Give the lock back."""
        self.file.close()


def _exchanger() -> Callable[[bytes, bytes], bool]:
    """Return what exchanges two paths in one step, and says no where the system or the disk cannot."""
    call = getattr(ctypes.CDLL(None), "renameat2", None) if sys.platform.startswith("linux") else None
    if call is None:
        return lambda _one, _other: False
    return lambda one, other: bool(call(_AT_FDCWD, one, _AT_FDCWD, other, _RENAME_EXCHANGE) == 0)


def file_hash(path: Path) -> str:
    """Return the SHA-256 of what a file holds."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def content_hash(paths: Iterable[Path], *more: str) -> str:
    """Return one SHA-256 over the contents of files, in the order of their paths, and further text."""
    digest = hashlib.sha256()
    for path in sorted(paths):
        digest.update(path.name.encode() + b"\0" + bytes.fromhex(known_hash(path)))
    for text in more:
        digest.update(text.encode() + b"\0")
    return digest.hexdigest()


def stamp(path: Path) -> tuple[int, ...]:
    """Return what changes with every writing of a file: which file it is, its size, and the times of its changes."""
    told = path.stat()
    return (told.st_dev, told.st_ino, told.st_size, told.st_mtime_ns, told.st_ctime_ns)


def known_hash(path: Path) -> str:
    """Return `file_hash` of a file, which is read once as long as nobody writes it; of a folder, that of its table.

    Examples
    --------
    >>> known_hash(Path("data/demo/study.toml")) == file_hash(Path("data/demo/study.toml"))
    True
    """
    if not path.is_dir():
        return _hash_once(path, stamp(path))
    parts = files_of(path)
    # A file that is moved into the folder of another month is the same file, and another table.
    return content_hash(parts, *(part.relative_to(path).as_posix() for part in parts))


def files_of(path: Path) -> list[Path]:
    """Return the files of a table: a file itself, or those of a folder that a table was written into in parts.

    Programs that write so leave signs beside the rows (`_SUCCESS`, `_metadata`, `.part-0.parquet.crc`) whose names
    begin with an underscore or a dot. Of two numbers in names the lower comes first.

    Examples
    --------
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     for name in ("part-10.parquet", "part-9.parquet", "_SUCCESS", ".part-9.parquet.crc"):
    ...         (Path(folder) / name).touch()
    ...     [file.name for file in files_of(Path(folder))]
    ['part-9.parquet', 'part-10.parquet']
    """
    if not path.is_dir():
        return [path]
    found, seen = list[Path](), set[str]()
    for inner, folders, names in os.walk(path, followlinks=True):
        seen.add(os.path.realpath(inner))
        # A link back would lead to the same rows again and again.
        folders[:] = [f for f in folders if not _is_sign(f) and os.path.realpath(Path(inner, f)) not in seen]
        found += [Path(inner, name) for name in names if not _is_sign(name)]
    return sorted(found, key=lambda file: _in_order(file.relative_to(path).as_posix()))


def _is_sign(name: str) -> bool:
    """Say whether a file or folder is none of the table: `_success`, but not the folder of a column, `_day=1`."""
    return name.startswith(".") or (name.startswith("_") and "=" not in name)


def _in_order(name: str) -> tuple[list[tuple[str, int]], str]:
    pieces = re.split(r"(\d+)", name)
    return [(text, int(number)) for text, number in zip(pieces[::2], [*pieces[1::2], "0"], strict=True)], name


@functools.lru_cache(maxsize=4096)
def _hash_once(path: Path, written: tuple[int, ...]) -> str:
    if written[2] < _LARGE:
        return file_hash(path)
    name = f"{path.resolve()} {written}"
    if name not in _LARGE_ONES:
        _LARGE_ONES[name] = json.loads(os.environ.get(_HASHES, "{}")).get(name) or file_hash(path)
    return _LARGE_ONES[name]


# Of large files that were read: the path with its stamp, and the hash.
_LARGE_ONES: Final[dict[str, str]] = {}


def told_hashes() -> dict[str, str]:
    """Return by which variable another process is told the hashes of the large files that this one has read."""
    return {_HASHES: json.dumps(_LARGE_ONES)} if _LARGE_ONES else {}


@functools.cache
def library_hash() -> str:
    """Return one hash of this library: its code, and what it ships with, such as themes, names and templates."""
    package = Path(__file__).parent
    files = [path for path in package.rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    return content_hash(files, *(path.relative_to(package).as_posix() for path in sorted(files)))


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
