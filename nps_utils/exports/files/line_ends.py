"""Text whose lines end in a lone carriage return, as spreadsheets on a Mac still save "CSV (Macintosh)"."""

from __future__ import annotations

import dataclasses
import io
from typing import IO, Final

from nps_utils.exports.files.sources import Source

_LOOKED_AT: Final = 1 << 16


def with_line_feeds(source: Source) -> Source:
    """Return the source as it is, or, where its only line ends are carriage returns, one that reads them as line feeds.

    In UTF-16 the same byte is half of other letters; such a file is left as it is.
    """
    if source.kind != "text":
        return source
    with source.open() as file:
        head = file.read(_LOOKED_AT)
    if b"\r" not in head or b"\n" in head or b"\0" in head:
        return source
    # Nobody may read the file itself instead, as is done with plain files.
    return dataclasses.replace(source, packed=True, open=lambda: io.BufferedReader(_LineFeeds(source.open())))


class _LineFeeds(io.RawIOBase):
    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        part = self._file.read(len(buffer)).replace(b"\r", b"\n")
        buffer[: len(part)] = part
        return len(part)

    def close(self) -> None:
        self._file.close()
        super().close()
