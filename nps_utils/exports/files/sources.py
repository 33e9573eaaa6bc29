"""What a path is, by its first bytes and not by its ending: text, workbook, SPSS, Stata, JSON ...; plain, in gz or zip.

What we cannot read is refused under its own name.
"""

from __future__ import annotations

import gzip
import io
import re
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final, Literal, TypeAlias, cast

from nps_utils.checks import BadFile

Kind: TypeAlias = Literal["text", "workbook", "spss", "stata", "sas", "json", "parquet"]

# A survey export of ten million answers is about 1 GB; a few kilobytes that unpack to more are not an export.
MOST_UNPACKED: Final = 64 << 30
MOST_WORKBOOK: Final = 512 << 20
MOST_RATIO: Final = 300

_MAGIC: Final = {
    b"%PDF": "a PDF",
    b"\x89PNG": "a PNG picture",
    b"\xff\xd8\xff": "a JPEG picture",
    b"GIF8": "a GIF picture",
    b"ARROW1": "an Arrow file",
    b"7z\xbc\xaf": "a 7z archive",
    b"Rar!": "a RAR archive",
    b"<!DOCTYPE": "an HTML page",
    b"<html": "an HTML page",
    b"<?xml": "an XML file",
    b"\0" * 12 + b"\xc2\xea\x81\x60": "a SAS file (.sas7bdat; its transport file, .xpt, can be read)",
    b"RDX": "an R data file",
    b"\x89HDF": "an HDF5 file",
}
SQLITE: Final = b"SQLite format 3\0"
_DUCKDB: Final = b"DUCK"  # behind a checksum of eight bytes
_XLS = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP: Final = (b"PK\x03\x04", b"PK\x05\x06")
# An object with a name in it, or a list of objects or of lists; a header in brackets, `[Score]`, is neither.
_JSON: Final = re.compile(r"\s*(?:\{\s*(?:[\"}]|$)|\[\s*(?:[\[{\]]|$))")
_SYNTAX: Final = re.compile(r"\s*(?:\*\s*\$Rev|SET UNICODE|GET DATA|DATA LIST|\* Encoding:)", re.IGNORECASE)
_OLD_STATA: Final = re.compile(rb"[\x69-\x73][\x01\x02]\x01\x00")
_HEAD: Final = 512
_WHAT_TO_DO = "Export it from the survey tool again as CSV (UTF-8) or XLSX."
CALLED: Final[dict[Kind, str]] = {
    "text": "text",
    "workbook": "a workbook",
    "spss": "an SPSS file",
    "stata": "a Stata file",
    "sas": "a SAS transport file",
    "json": "JSON",
    "parquet": "a Parquet file",
}
_ENDINGS: Final[dict[str, Kind]] = {
    ".csv": "text", ".tsv": "text", ".tab": "text", ".txt": "text",
    ".xlsx": "workbook", ".xlsm": "workbook", ".xlsb": "workbook", ".xls": "workbook", ".ods": "workbook",
    ".sav": "spss", ".zsav": "spss", ".dta": "stata", ".xpt": "sas", ".xport": "sas",
    ".json": "json", ".jsonl": "json", ".ndjson": "json",
    ".parquet": "parquet", ".pq": "parquet",
}  # fmt: skip


@dataclass(frozen=True)
class Source:
    """Bytes that can be read from their start as often as needed."""

    path: Path
    kind: Kind
    packed: bool
    open: Callable[[], IO[bytes]]

    @property
    def name(self) -> str:
        """The file name without its folder, as the ledger shows it."""
        return self.path.name

    @property
    def misnamed(self) -> tuple[str, ...]:
        """The sentence on an ending that says something else than the file is, where it does."""
        says = _ENDINGS.get(self.path.suffix.lower())
        if says is None or says == self.kind:
            return ()
        return (f"{self.name} is {CALLED[self.kind]}, not what its ending says; it was read as what it is.",)


def is_query(path: object) -> bool:
    """Say whether this is the address of a database instead of a file.

    Examples
    --------
    >>> is_query("duckdb:///answers.db::SELECT * FROM nps"), is_query("answers.csv"), is_query("C:/answers.csv")
    (True, False, False)
    """
    return re.match(r"[A-Za-z][\w+.-]+://", str(path)) is not None


def open_source(path: Path | str) -> Source:
    """Say what is at `path`, or raise `BadFile` with what to do about it."""
    path = Path(path)
    _check_there(path)
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if head.startswith(b"\x1f\x8b"):
        return _unpacked(path, lambda: _Bounded(cast(IO[bytes], gzip.open(path, "rb")), path))
    if head.startswith(_ZIP):
        return _from_zip(path)
    return Source(path, _kind(head, path), False, lambda: path.open("rb"))


def _kind(head: bytes, path: Path) -> Kind:
    """Say what begins so, or refuse it by its name."""
    if head.startswith((*_ZIP, _XLS)):
        return "workbook"
    if head.startswith((b"$FL2", b"$FL3")):
        return "spss"
    if head.startswith(b"<stata_dta>") or _OLD_STATA.match(head):
        return "stata"
    if head.startswith(b"HEADER RECORD*******LIB"):
        return "sas"
    if head.startswith(b"PAR1"):
        return "parquet"
    if _JSON.match(_as_text(head)):
        return "json"
    _check_text(head, path)
    return "text"


def _as_text(head: bytes) -> str:
    wide = head.startswith((b"\xff\xfe", b"\xfe\xff"))
    return head.decode("utf-16" if wide else "utf-8-sig", errors="ignore")


def _check_there(path: Path) -> None:
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
    if b"ASCII SPSS PORT FILE" in head:
        raise BadFile(f"{path} is a portable SPSS file (.por). Save it in SPSS as .sav, or as CSV.")
    if b"ENCRYPTEDSAV" in head:
        raise BadFile(f"{path} is an SPSS file protected by a password. Save it in SPSS without one, or as CSV.")
    if _SYNTAX.match(_as_text(head)):
        raise BadFile(
            f"{path} is SPSS syntax, without the answers. Run it in SPSS and save the data as .sav, or as CSV."
        )
    database = "SQLite" if head.startswith(SQLITE) else "DuckDB" if head[8:12] == _DUCKDB else None
    if database:
        article = "an" if database == "SQLite" else "a"
        url = f"{database.lower()}:///{path}"
        raise BadFile(
            f"{path} is {article} {database} database, which holds many tables. Instead of the file, say which answers:"
            f' "{url}::SELECT * FROM ..." ("{url}" alone lists its tables).'
        )
    says = _ENDINGS.get(path.suffix.lower(), "text")
    if says not in ("text", "json") and b"\0" in head and not head.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise BadFile(
            f"{path} is named like {CALLED[says]} but does not begin like one: it is damaged, or something else."
            " Download or export it again."
        )


def _unpacked(path: Path, opened: Callable[[], IO[bytes]]) -> Source:
    with opened() as file:
        head = file.read(_HEAD)
    if not head:
        raise BadFile(f"{path} unpacks to nothing. {_WHAT_TO_DO}")
    kind = _kind(head, path)
    if kind in ("text", "json"):
        return Source(path, kind, True, opened)
    with opened() as file:
        whole = file.read(MOST_WORKBOOK + 1)
    if len(whole) > MOST_WORKBOOK:
        raise BadFile(f"{path} unpacks to {CALLED[kind]} of more than {MOST_WORKBOOK >> 20} MB. Unpack it first.")
    return Source(path, kind, True, lambda: io.BytesIO(whole))


def _from_zip(path: Path) -> Source:
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            mimetype = archive.read("mimetype") if "mimetype" in names and "content.xml" in names else b""
    except (zipfile.BadZipFile, zlib.error, OSError, NotImplementedError, RuntimeError) as error:
        raise BadFile(f"{path} looks like a zip archive or XLSX but is damaged ({error}). {_WHAT_TO_DO}") from error
    if any(name in ("xl/workbook.xml", "xl/workbook.bin") for name in names) or "[Content_Types].xml" in names:
        return Source(path, "workbook", False, lambda: path.open("rb"))
    if b"spreadsheet" in mimetype:
        return Source(path, "workbook", False, lambda: path.open("rb"))
    if mimetype:
        what = "text" if b"text" in mimetype else "file that is no spreadsheet"
        raise BadFile(f"{path} is an OpenDocument {what}, not a table of answers. {_WHAT_TO_DO}")
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
