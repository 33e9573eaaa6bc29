"""What a path is: a text file, a workbook, or one of either inside gz or zip; and what we refuse to open."""

from __future__ import annotations

import gzip
import io
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final, Literal, cast

from nps_utils.checks import BadFile

# A survey export of ten million answers is about 1 GB; a few kilobytes that unpack to more are not an export.
MOST_UNPACKED: Final = 64 << 30
MOST_WORKBOOK: Final = 512 << 20
MOST_RATIO: Final = 300

_MAGIC: Final = {
    b"%PDF": "a PDF",
    b"\x89PNG": "a PNG picture",
    b"\xff\xd8\xff": "a JPEG picture",
    b"GIF8": "a GIF picture",
    b"SQLite format 3": "an SQLite database",
    b"PAR1": "a Parquet file",
    b"ARROW1": "an Arrow file",
    b"7z\xbc\xaf": "a 7z archive",
    b"Rar!": "a RAR archive",
    b"<!DOCTYPE": "an HTML page",
    b"<html": "an HTML page",
    b"<?xml": "an XML file",
    b"{\n": "a JSON file",
    b"{\r\n": "a JSON file",
    b'{"': "a JSON file",
    b'[{"': "a JSON file",
}
_XLS = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_WHAT_TO_DO = "Export it from the survey tool again as CSV (UTF-8) or XLSX."


@dataclass(frozen=True)
class Source:
    """Bytes that can be read from their start as often as needed."""

    path: Path
    kind: Literal["text", "workbook"]
    packed: bool
    open: Callable[[], IO[bytes]]

    @property
    def name(self) -> str:
        """The file name without its folder, as the ledger shows it."""
        return self.path.name


def open_source(path: Path | str) -> Source:
    """Say what is at `path`, or raise `BadFile` with what to do about it."""
    path = Path(path)
    _check_there(path)
    with path.open("rb") as file:
        head = file.read(64)
    if head.startswith(b"\x1f\x8b"):
        return _unpacked(path, lambda: _Bounded(cast(IO[bytes], gzip.open(path, "rb")), path))
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _from_zip(path)
    if head.startswith(_XLS):
        return Source(path, "workbook", False, lambda: path.open("rb"))
    _check_text(head, path)
    return Source(path, "text", False, lambda: path.open("rb"))


def _check_there(path: Path) -> None:
    if path.is_dir():
        inside = sorted(child.name for child in path.iterdir() if child.is_file())[:8]
        listed = f" It holds: {', '.join(inside)}." if inside else ""
        raise BadFile(f"{path} is a folder, not an export file.{listed} Name the file.")
    if not path.exists():
        raise BadFile(f"{path} is not there. Check the spelling and the folder.")
    try:
        size = path.stat().st_size
        with path.open("rb"):
            pass
    except OSError as error:
        raise BadFile(f"{path} cannot be opened: {error.strerror}.") from error
    if size == 0:
        raise BadFile(f"{path} is empty (0 bytes). {_WHAT_TO_DO}")


def _check_text(head: bytes, path: Path) -> None:
    for magic, what in _MAGIC.items():
        if head.startswith(magic):
            raise BadFile(f"{path} is {what}, not a table of answers. {_WHAT_TO_DO}")


def _unpacked(path: Path, opened: Callable[[], IO[bytes]]) -> Source:
    with opened() as file:
        head = file.read(64)
    if not head:
        raise BadFile(f"{path} unpacks to nothing. {_WHAT_TO_DO}")
    if not head.startswith((b"PK\x03\x04", _XLS)):
        _check_text(head, path)
        return Source(path, "text", True, opened)
    with opened() as file:
        workbook = file.read(MOST_WORKBOOK + 1)
    if len(workbook) > MOST_WORKBOOK:
        raise BadFile(f"{path} unpacks to a workbook of more than {MOST_WORKBOOK >> 20} MB. Export it as CSV.")
    return Source(path, "workbook", True, lambda: io.BytesIO(workbook))


def _from_zip(path: Path) -> Source:
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, OSError, NotImplementedError) as error:
        raise BadFile(f"{path} looks like a zip archive or XLSX but is damaged ({error}). {_WHAT_TO_DO}") from error
    if any(name in ("xl/workbook.xml", "xl/workbook.bin") for name in names) or "[Content_Types].xml" in names:
        return Source(path, "workbook", False, lambda: path.open("rb"))
    if "mimetype" in names and "content.xml" in names:
        raise BadFile(f"{path} is an OpenDocument file. Save the sheet as CSV (UTF-8) or XLSX.")
    # macOS puts a shadow entry beside each file.
    files = [name for name in names if not name.endswith("/") and not name.startswith("__MACOSX/")]
    if len(files) != 1:
        listed = ", ".join(files[:8]) or "nothing"
        raise BadFile(f"{path} holds {len(files)} files ({listed}). Unpack it and name each export by itself.")
    return _unpacked(path, lambda: _Bounded(_member(path, files[0]), path))


def _member(path: Path, name: str) -> IO[bytes]:
    try:
        with zipfile.ZipFile(path) as archive:
            # The member keeps the archive's file open by itself.
            return archive.open(name)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError) as error:
        raise BadFile(f"{path}: {name} cannot be unpacked ({error}). Unpack it and name the file inside.") from error


class _Bounded(io.BufferedReader):
    """An unpacking stream that stops at an absurd size, and turns damage into `BadFile`."""

    def __init__(self, packed: IO[bytes], path: Path) -> None:
        super().__init__(_Meter(packed, path), buffer_size=1 << 20)


class _Meter(io.RawIOBase):
    def __init__(self, packed: IO[bytes], path: Path) -> None:
        self._packed, self._path, self._seen = packed, path, 0
        self._most = max(1 << 30, min(MOST_UNPACKED, MOST_RATIO * path.stat().st_size))

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        try:
            part = self._packed.read(len(buffer))
        except (EOFError, OSError, zlib.error, zipfile.BadZipFile, RuntimeError) as error:
            raise BadFile(
                f"{self._path} is damaged: it cannot be unpacked to its end ({error}). Download or export it again."
            ) from error
        self._seen += len(part)
        if self._seen > self._most:
            raise BadFile(
                f"{self._path} unpacks to more than {self._most >> 20:,} MB from {self._path.stat().st_size:,} bytes:"
                " that is no export. Unpack it and look."
            )
        buffer[: len(part)] = part
        return len(part)

    def close(self) -> None:
        self._packed.close()
        super().close()
