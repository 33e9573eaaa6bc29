"""Which encoding a text file has, and each line as text when the file holds more than one.

UTF-8 proves itself: text in another encoding is almost never valid UTF-8. The one-byte encodings do not, so their
readings are compared by how their letters stand: "chang‚" and "cafÚ" are no words, "changé" and "café" are.
Windows-1252 contains ISO-8859-1 but for control characters, so one stands for both.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import IO, Final

from charset_normalizer import from_bytes

from nps_utils.checks import BadFile

LEGACY: Final = ("cp1252", "cp850")
# Tab, line ends, form feed, and what old systems put at the end of a file.
_TEXT_CONTROLS: Final = frozenset({9, 10, 11, 12, 13, 26, 27})
_CHUNK: Final = 1 << 20
# Of this size no memory is fetched anew for each part.
_PART: Final = 1 << 18
_SAMPLED_LINES: Final = 2_000

# Everyday letters outside ASCII of the languages that exports come in.
_EVERYDAY: Final = frozenset("éèêëàâäåæçîïíôöøóòõœùûüúñßáãìÉÈÀÂÄÅÆÇÎÔÖØÓÜÚÑÁÊ")
# Those of them that are a word, or a part of an address, by themselves: "à", "å", "ö", "Ø".
_ONE_LETTER_WORDS: Final = frozenset("éèêàâäåæöøóíÉÈÀÄÅÆÖØ")
_KNOWN_AS: Final = {
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8 with BOM",
    "cp1252": "Windows-1252",
    "cp1250": "Windows-1250",
    "cp850": "code page 850",
}
_CURRENCIES: Final = frozenset("€£")
_AFTER_DIGIT: Final = frozenset("€£°ºª%²³½¼")
# Where Windows-1252 has signs and code page 850 letters; its capitals and quotes are among the everyday letters.
_SUSPECT: Final = re.compile(rb"[\x80-\x9f\xae\xaf\xb7\xd2-\xd4]")
# Within a word these are signs in western Europe, and letters of Polish in Windows-1250.
_CENTRAL: Final = re.compile(rb"(?<=[a-z])[\x9f\xb3\xb9\xbf](?=[a-z])")
_FEW: Final = 3
_WORD: Final = re.compile(rb"[A-Za-z0-9'\x80-\xff]+")


@dataclass(frozen=True)
class Encoding:
    """The encoding of most lines, and whether any line has another."""

    name: str
    mixed: bool = False

    @property
    def title(self) -> str:
        """The name people know it by."""
        return _KNOWN_AS.get(self.name, self.name.upper())


def detect_encoding(opened: Callable[[], IO[bytes]], path: object) -> Encoding:
    """Read the whole file once, twice when it is not UTF-8, in bounded memory, and name its encoding.

    Raises
    ------
    BadFile
        The bytes are not text.
    """
    with opened() as stream:
        head = stream.read(_CHUNK)
        if head.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
            raise BadFile(f"{path} is UTF-32 text, which no survey tool writes. Save it as UTF-8.")
        if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return Encoding("utf-16")
        if b"\0" in head:
            return _without_bom(head, path)
        controls = sum(head.count(bytes([code])) for code in range(32) if code not in _TEXT_CONTROLS)
        if controls > len(head) / 20:
            raise BadFile(f"{path} is a binary file, not text. Export it from the survey tool as CSV (UTF-8) or XLSX.")
        utf8 = "utf-8-sig" if head.startswith(codecs.BOM_UTF8) else "utf-8"
        if _is_all_utf8(head, stream):
            return Encoding(utf8)
    with opened() as stream:
        return _mixed_or_legacy(stream, utf8)


def _is_all_utf8(head: bytes, stream: IO[bytes]) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    part = head
    try:
        while part:
            decoder.decode(part)
            part = stream.read(_PART)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _without_bom(head: bytes, path: object) -> Encoding:
    """UTF-16 of our languages has a zero in every second byte."""
    half = len(head) // 2
    if half and head[1::2].count(0) > 0.7 * half and head[0::2].count(0) < 0.1 * half:
        return Encoding("utf-16-le")
    if half and head[0::2].count(0) > 0.7 * half and head[1::2].count(0) < 0.1 * half:
        return Encoding("utf-16-be")
    raise BadFile(
        f"{path} holds zero bytes: it is a binary file or damaged."
        " Export it from the survey tool as CSV (UTF-8) or XLSX."
    )


def _mixed_or_legacy(stream: IO[bytes], utf8: str) -> Encoding:
    sample = _Sample()
    while line := stream.readline(16 * _CHUNK):
        sample.add(line)
    if sample.utf8 >= sample.other or sample.is_only_cut:
        return Encoding(utf8, mixed=True)
    name = _best_legacy(sample.lines)
    mixed = sample.utf8 > 0 or any(_read(line, name)[1] for line in sample.lines)
    return Encoding(name, mixed=mixed)


class _Sample:
    """The first lines that are not ASCII, and how many are or are not valid UTF-8."""

    def __init__(self) -> None:
        self.lines: list[bytes] = []
        self.utf8 = self.other = 0

    def add(self, line: bytes) -> None:
        if line.isascii():
            return
        if _is_utf8(line):
            self.utf8 += 1
            return
        self.other += 1
        if len(self.lines) < _SAMPLED_LINES:
            self.lines.append(line)

    @property
    def is_only_cut(self) -> bool:
        """Whether the only bytes that are not UTF-8 are half a character at the end of the file."""
        return self.other == 1 and ends_inside_character(self.lines[0])


def ends_inside_character(raw: bytes) -> bool:
    """Say whether bytes are UTF-8 but for a last character of which the end is missing."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        decoder.decode(raw)
    except UnicodeDecodeError:
        return False
    return bool(decoder.getstate()[0])


def _best_legacy(lines: list[bytes]) -> str:
    if sum(len(_CENTRAL.findall(line)) for line in lines) >= _FEW:
        return "cp1250"
    points = {name: sum(_likelihood(line, name) for line in lines) for name in LEGACY}
    best = max(LEGACY, key=lambda name: points[name])
    if points[best] < 0 or _is_another_script(lines):
        # Neither reads like words of western Europe: let the library look among all encodings.
        found = from_bytes(b"\n".join(lines)).best()
        if found is not None and not found.encoding.startswith(("utf", "ascii")):
            return found.encoding
    return best


def _is_another_script(lines: list[bytes]) -> bool:
    """Say whether whole words lie outside ASCII, as in Cyrillic or Greek; in Latin writing a letter here and there."""
    words = [word for line in lines for word in _WORD.findall(line) if len(word) > 2 and not word.isascii()]
    return len(words) > 2 and sum(min(word) > 127 for word in words) > len(words) / 2


def _is_utf8(text: bytes) -> bool:
    try:
        text.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _decode(text: bytes, name: str) -> str:
    try:
        return text.decode(name)
    except UnicodeDecodeError:
        # Five bytes have no meaning in Windows-1252; ISO-8859-1 gives every byte one.
        return text.decode("latin-1") if name == "cp1252" else text.decode(name, errors="replace")


def _plausibilities(text: bytes, name: str) -> list[float]:
    """How well each letter outside ASCII stands where such letters stand."""
    decoded = f" {_decode(text, name)} "
    return [
        _plausible(decoded[at - 1], decoded[at], decoded[at + 1])
        for at in range(1, len(decoded) - 1)
        if decoded[at] > "\x7f"
    ]


def _likelihood(text: bytes, name: str) -> float:
    return sum(_plausibilities(text, name))


@lru_cache(maxsize=1 << 16)
def _plausible(before: str, char: str, after: str) -> float:
    if char == "\ufffd" or "\x80" <= char < "\xa0" or "\u2500" <= char <= "\u259f":
        return -3.0
    if char.isalpha() and char not in "ªº":
        if char not in _EVERYDAY:
            return -1.0
        if (char.isupper() and before.islower()) or (before.isdigit() and after.isdigit()):
            return -2.0
        if before.isalpha() or after.isalpha():
            return 1.0
        return 0.4 if char in _ONE_LETTER_WORDS else -0.2
    if char == "’":
        return 1.0 if before.isalpha() else 0.0
    if char in _AFTER_DIGIT:
        if before.isdigit() or after.isdigit():
            return 1.0
        # "€ 37.550,74": between an amount and its currency there may be a space.
        return -1.0 if before.isalpha() and after.isalpha() else 0.5 if char in _CURRENCIES else 0.2
    if char in "“„«‘":
        return 0.5 if not before.isalpha() and not after.isspace() else -1.5 if after.isalpha() else 0.0
    if char in "”»":
        return 0.5 if not after.isalpha() and not before.isspace() else -1.5 if before.isalpha() else 0.0
    if char in "…–—":
        return -0.5 if before.isalpha() and after.isalpha() else 0.3
    if char == "\xa0":
        # Between thousands, and between an amount and its unit.
        return 1.0 if before.isdigit() or after.isdigit() else 0.2
    return -1.0 if before.isalpha() or after.isalpha() else -0.2


def _read(line: bytes, main: str) -> tuple[str, bool]:
    """Return a line as text and whether it needed another encoding than `main`."""
    if line.isascii():
        return line.decode("ascii"), False
    utf8_main = main.startswith("utf-8")
    if _is_utf8(line):
        return line.decode("utf-8"), not utf8_main
    if not utf8_main and (main not in LEGACY or (main == "cp1252" and not _SUSPECT.search(line))):
        return _decode(line, main), False
    other = utf8_main
    parts, end = [], 0
    for found in _WORD.finditer(line):
        parts.append(line[end : found.start()].decode("ascii"))
        end = found.end()
        # The neighbours tell an opening quote from a letter, and the start of a word from its middle.
        before, after = line[max(found.start() - 1, 0) : found.start()], line[end : end + 1]
        word, name = _read_word(before, line[found.start() : end], after, main)
        other |= name != main
        parts.append(word)
    parts.append(line[end:].decode("ascii"))
    return "".join(parts), other


@lru_cache(maxsize=1 << 16)
def _read_word(before: bytes, word: bytes, after: bytes, main: str) -> tuple[str, str]:
    if word.isascii():
        return word.decode("ascii"), main
    if _is_utf8(word):
        return word.decode("utf-8"), "utf-8" if not main.startswith("utf-8") else main
    context = before + word + after
    order = (main, *(name for name in LEGACY if name != main)) if main in LEGACY else LEGACY
    points = {name: _likelihood(context, name) for name in order}
    best = max(order, key=lambda name: points[name])
    if best != order[0] and points[best] < points[order[0]] + 0.5:
        best = order[0]
    if min(_plausibilities(context, best)) < 0:
        return _letter_by_letter(before.decode("latin-1"), word, after.decode("latin-1") or " ", order)
    return _decode(word, best), best


def _letter_by_letter(before: str, word: bytes, after: str, order: tuple[str, ...]) -> tuple[str, str]:
    """Read a word in which both encodings meet: each letter as it fits its neighbours."""
    read, used = [before or " "], order[0]
    for at, byte in enumerate(word):
        char, follows = chr(byte), chr(word[at + 1]) if at + 1 < len(word) else after
        if byte > 127:
            # A neighbour that is itself in question is most likely a letter.
            right = follows if follows < "\x80" else "e"
            readings = [(_plausible(read[-1], _decode(bytes([byte]), name), right), name) for name in order]
            points, name = max(readings, key=lambda reading: reading[0])
            name = order[0] if points < readings[0][0] + 0.5 else name
            char, used = _decode(bytes([byte]), name), name if name != order[0] else used
        read.append(char)
    return "".join(read[1:]), used


def read_line(line: bytes, encoding: Encoding) -> tuple[str, bool]:
    """Return one line as text, and whether it was in another encoding than most of its file.

    Examples
    --------
    >>> read_line("changé".encode("cp850"), Encoding("cp1252"))
    ('changé', True)
    """
    return _read(line, encoding.name)
