"""Label styles, languages, scales, orders and dirt drawn at random: the score is the truth, or the file is refused.

`python tests/test_label_property.py 10000` draws more than the test does and prints how many were read and refused.
"""

from __future__ import annotations

import random
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl
import pytest

from nps_utils.checks import BadInput
from nps_utils.cleaning.answers import read_answers
from nps_utils.cleaning.clean import clean
from nps_utils.columns import FOUND
from nps_utils.exports.assemble import assemble
from nps_utils.exports.detect import detect
from nps_utils.exports.files.grid import Grid
from nps_utils.exports.files.records import Record
from nps_utils.exports.tools import known_tools

# The question, and the words of the worst and the best answer.
LANGUAGES: Final = {
    "en": ("How likely are you to recommend us?", "Not at all likely", "Extremely likely", "of"),
    "sv": ("Hur troligt är det att du rekommenderar oss?", "Inte alls troligt", "Mycket troligt", "av"),
    "nb": ("Hvor sannsynlig er det at du vil anbefale oss?", "Slett ikke sannsynlig", "Svært sannsynlig", "av"),
    "da": ("Hvor sandsynligt er det, at du vil anbefale os?", "Slet ikke sandsynligt", "Meget sandsynligt", "af"),
    "nl": ("Hoe waarschijnlijk is het dat u ons aanbeveelt?", "Zeer onwaarschijnlijk", "Zeer waarschijnlijk", "van de"),
    "de": ("Wie wahrscheinlich ist es, dass Sie uns empfehlen?", "Unwahrscheinlich", "Äußerst wahrscheinlich", "von"),
    "fr": ("Recommanderiez-vous notre société ?", "Pas du tout probable", "Très probable", "sur"),
    "es": ("¿Qué probabilidad hay de que nos recomiende?", "Nada probable", "Muy probable", "de"),
    "pt": ("Qual a probabilidade de recomendar a empresa?", "Nada provável", "Muito provável", "em"),
    "fi": (
        "Kuinka todennäköisesti suosittelisit meitä?",
        "En lainkaan todennäköisesti",
        "Erittäin todennäköisesti",
        "/",
    ),
    "it": ("Quanto consiglierebbe la nostra azienda?", "Per niente probabile", "Molto probabile", "su"),
}
GROUPS: Final = {
    "en": ("Detractor", "Passive", "Promoter"), "sv": ("Kritiker", "Passiv", "Ambassadör"),
    "nb": ("Kritiker", "Passiv", "Ambassadør"), "nl": ("Criticaster", "Passief", "Promotor"),
    "de": ("Kritiker", "Passive", "Promotoren"), "fr": ("Détracteur", "Passif", "Promoteur"),
}  # fmt: skip
# How a tool writes number and words; {w} is empty between the ends.
STYLES: Final = (
    "{n} {w}", "{n}. {w}", "({n}) {w}", "[{n}] {w}", "{n}) {w}", "{n}: {w}", "{n}={w}", "{n} = {w}", "{n} - {w}",
    "{n} – {w}", "{n}\n{w}", "{w} {n}", "{w} ({n})", "{w} - {n}", "{w}\n{n}", "{w}: {n}", "{w} = {n}", "{n}, {w}",
    "{n} | {w}", "{n}/{w}", "{n}\t{w}", "{n}\u00a0{w}", "{n}<br>{w}", "{n}{w}", "{w} [{n}]", "{n}.{w}", "{n} ({w})",
    "{n} → {w}", "{n};{w}", "{w}, {n}",
)  # fmt: skip
OUT_OF: Final = ("{n} {of} {top}", "{n}/{top}", "{n} / {top}", "{n} {of} {top} - {w}", "{n}/{top} {w}")
PLAIN: Final = ("{n}", "{n}.0", " {n} ", "{n},0", "{n}.")
# Lowest and highest number, and the score that a number is (None: no score at all).
SCALES: Final[dict[str, tuple[int, int, Callable[[int], int] | None]]] = {
    "0-10": (0, 10, lambda n: n), "1-10": (1, 10, lambda n: n), "1-5": (1, 5, None), "0-5": (0, 5, None),
    "1-7": (1, 7, None), "1-4": (1, 4, None), "1-6": (1, 6, None), "1-11": (1, 11, lambda n: n - 1),
    "0-100": (0, 100, None), "turned": (0, 10, lambda n: 10 - n), "stars": (1, 5, None), "-5-5": (-5, 5, None),
}  # fmt: skip
WEIGHTS: Final = (8, 3, 2, 2, 2, 1, 1, 2, 1, 2, 1, 1)
DIRT: Final = ("", "", "", "N/A", "-", "Vet ej", "No answer", "asdf", "11", "6.5", "ja", "?", "See comment 3", "8-9")


@dataclass(frozen=True)
class Draw:
    """A file as drawn: its cells, its groups, its header, and the right number of answers in each band."""

    header: str
    cells: list[str]
    groups: list[str] | None
    right: Counter[str] | None
    about: str


def band(score: int) -> str:
    """Return the band, by the definition, not by the library."""
    return "promoter" if score >= 9 else "passive" if score >= 7 else "detractor"


def draw(rng: random.Random) -> Draw:
    """Draw one file: what a tool could write, and its truth."""
    name = rng.choices(list(SCALES), WEIGHTS)[0]
    low, high, score_of = SCALES[name]
    language = rng.choice(list(LANGUAGES))
    question, worst, best, of = LANGUAGES[language]
    n = rng.choice((40, 40, 60, 120, 300))
    places = _places(rng, n)
    if name == "turned":
        worst, best, places = best, worst, [1 - place for place in places]
    steps = [round(place * (high - low)) + low for place in places]
    if name == "0-100":
        steps = [min(100, step // 10 * 10 if rng.random() < 0.8 else step) for step in steps]
    kind = rng.choice(("plain", "ends", "all", "out of", "words at ends", "mixed"))
    style, plain = rng.choice(STYLES), rng.choice(PLAIN)
    out_of = rng.choice(OUT_OF)
    said = _says(name, low, high, worst, best, rng)
    if name == "turned" and not said:  # nothing else would tell anybody
        said = f"({low} = {worst}, {high} = {best})"
    header = f"{question} {said}"

    def write(step: int) -> str:
        words = worst if step == low else best if step == high else ""
        form = kind if kind != "mixed" else rng.choice(("plain", "ends", "out of"))
        if form == "plain" or (form != "out of" and not words and kind != "all"):
            return plain.format(n=step)
        if form == "words at ends":
            return words
        if form == "out of":
            return out_of.format(n=step, of=of, top=high, w=words).strip()
        if form == "all" and not words:
            return style.format(n=step, w="").strip() if rng.random() < 0.5 else plain.format(n=step)
        return style.format(n=step, w=words)

    cells = [write(step) for step in steps]
    bands = [None if score_of is None else band(score_of(step)) for step in steps]
    groups = None
    if rng.random() < 0.3 and score_of is not None:
        by = GROUPS[rng.choice(list(GROUPS))]
        groups = [dict(zip(("detractor", "passive", "promoter"), by, strict=True))[str(one)] for one in bands]
    for _ in range(rng.choice((0, 0, 0, 1, 2, 5))):
        at = rng.randrange(n)
        cells[at], bands[at] = rng.choice(DIRT), None
        if groups:
            groups[at] = ""
    right = None if score_of is None else Counter(one for one in bands if one)
    return Draw(header.strip(), cells, groups, right, f"{name}, {kind}, {language}, {style!r}, {n} rows")


def _places(rng: random.Random, n: int) -> list[float]:
    """Draw answers of a company, as places on its scale from 0 to 1."""
    promoters, detractors = rng.uniform(0.1, 0.7), rng.uniform(0.05, 0.6)
    shapes = ((0.9, 1.0), (0.0, 0.6), (0.7, 0.8))
    weights = (promoters, detractors, 0.3)
    return [round(rng.uniform(*rng.choices(shapes, weights)[0]), 1) for _ in range(n)]


def _says(name: str, low: int, high: int, worst: str, best: str, rng: random.Random) -> str:
    """Return what the header says of the scale, if anything."""
    if rng.random() < 0.5 or name == "1-11":
        return ""
    if name == "stars":
        return rng.choice(("(stars)", "⭐", "(antal stjärnor)"))
    ends = (f"({low} = {worst}, {high} = {best})", f"{low}: {worst}, {high}: {best}")
    if name == "turned":
        return rng.choice(ends)
    return rng.choice((f"({low}-{high})", ends[0], f"{low} to {high}", f"[{low} – {high}]"))


def outcome(one: Draw) -> tuple[Counter[str] | None, str]:
    """Read a file as `nps new` and `nps clean` would, without the disk; None, and why, where it is refused."""
    grid = _grid(one)
    try:
        found = detect(grid, known_tools())
        responses, _ = clean(assemble(grid, found).collect(), timezone="UTC")
    except BadInput as refused:
        return None, str(refused)
    return Counter(band(score) for score in responses["score"].to_list()), found.chosen["score"][0].name


def _grid(one: Draw) -> Grid:
    names = ["id", one.header, *(["Gruppe"] if one.groups else []), "Why?"]
    rows = []
    for at, cell in enumerate(one.cells):
        group = [one.groups[at]] if one.groups else []
        rows.append(Record(at + 2, [f"r{at:05d}", cell, *group, f"it was case number {at} again"], None, None))
    head = (Record(1, names, None, None), *rows)

    def scan(skip: int) -> pl.LazyFrame:
        body = head[skip:]
        cells = {f"c{at}": pl.Series([row.cells[at] for row in body], dtype=pl.String) for at in range(len(names))}
        empty = {name: pl.Series([None] * len(body), dtype=pl.String) for name in FOUND}
        return pl.DataFrame({**cells, "source_row": [row.row for row in body], **empty}).lazy()

    return Grid(Path("drawn.csv"), head, len(names), scan)


def quick(one: Draw) -> tuple[Counter[str] | None, str]:
    """Do as `outcome` without an engine: recognise the file, then read its distinct cells as cleaning does."""
    try:
        found = detect(_grid(one), known_tools())
        label = found.chosen.get("score_label")
        groups = label[0].cells if label else [None] * len(one.cells)
        counts = Counter(zip(found.chosen["score"][0].cells, groups, strict=True))
        rows = [{"source_file": "a", "score": c, "score_label": g, "n": n} for (c, g), n in counts.items()]
        (codes,) = read_answers(rows, rows=lambda *_: []).codes.values()
    except BadInput as refused:
        return None, str(refused)
    bands: Counter[str] = Counter()
    for row in rows:
        if (code := codes[str(row["score"])]) >= 0:
            bands[band(code)] += int(str(row["n"]))
    return bands, found.chosen["score"][0].name


def wrong(one: Draw, *, how: Callable[[Draw], tuple[Counter[str] | None, str]] = outcome) -> str | None:
    """Return what is wrong about the outcome of a file; None where the number is right or refused."""
    read, _ = how(one)
    if read is None:
        return None
    if one.right is None:
        return f"{one.about}: scored {dict(read)}, is no 0-10: {one.header!r} {Counter(one.cells).most_common(14)}"
    if read != one.right:
        return (
            f"{one.about}: {dict(read)} is not {dict(one.right)}: {one.header!r} {Counter(one.cells).most_common(14)}"
        )
    return None


@pytest.mark.parametrize("seed", range(6))
def test_no_wrong_number(seed: int) -> None:
    """Of forty files drawn at random each is read to its truth or refused."""
    drawn = [draw(random.Random(f"{seed}-{number}")) for number in range(40)]
    assert not [problem for one in drawn if (problem := wrong(one))]


if __name__ == "__main__":
    total, refusals, errors = int(sys.argv[1]), Counter[str](), 0
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    for number in range(total):
        one = draw(random.Random(f"{seed}/{number}"))
        name = one.about.split(",")[0]
        read, why = quick(one)
        refusals[f"{name}: {'refused' if read is None else 'read'}"] += 1
        if read is not None and (problem := wrong(one, how=quick)):
            errors += 1
            if errors < 25:
                sys.stdout.write(f"{number}: {problem}\n")
        elif read is None and name in ("0-10", "1-10") and number % 40 == 0:
            sys.stdout.write(f"   refused {number} {one.about}: {why[:300]}\n")
    sys.stdout.write(f"{total} draws, {errors} wrong; {sorted(refusals.items())}\n")
