"""Comments as people write them: themes by band, the planted causes, typos, haste, emoji and personal data."""

from __future__ import annotations

import html
import tomllib
from collections.abc import Sequence
from functools import cache
from importlib import resources
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from nps_utils.scale import Band
from nps_utils.simulate.customers import names

LANGUAGES = ("sv", "nb", "da", "nl", "en")
BANDS: tuple[Band, ...] = ("detractor", "passive", "promoter")
THEMES = {  # how often promoters praise and the others wish, per theme
    "price": (0.08, 0.16),
    "support": (0.16, 0.15),
    "onboarding": (0.08, 0.12),
    "ease": (0.22, 0.17),
    "reliability": (0.12, 0.10),
    "billing": (0.10, 0.06),
    "features": (0.12, 0.13),
    "communication": (0.05, 0.06),
    "staff": (0.07, 0.05),
}
CAUSES = {"invoice_export": ("billing", "reliability"), "public_support": ("support",), "fixed": ("billing",)}
NOTHING, WHOLE, OPENED, SECOND, CLOSED = 0.05, 0.20, 0.17, 0.52, 0.14
ODD, TYPO, HASTE, EMOJI, ENTITY, PERSONAL = 0.012, 0.12, 0.16, 0.06, 0.015, 0.01


class Remark(NamedTuple):
    """A comment and what it is about: theme names, or none for a whole comment of the pool or no content."""

    text: str
    themes: tuple[str, ...]
    cause: str


@cache
def pools() -> dict[str, Any]:
    """Return the comment pools."""
    return tomllib.loads(resources.files(__package__).joinpath("comments.toml").read_text(encoding="utf-8"))


def remark(language: str, band: Band, *, rng: np.random.Generator, cause: str = "", empty: bool = True) -> Remark:
    """Write one comment; a cause of `CAUSES` comes first when there is one. `empty`: some say nothing."""
    pool = pools()[language]
    if empty and not cause and rng.random() < NOTHING:
        return Remark(_one(pool["nothing"], rng), (), "")
    if empty and not cause and rng.random() < ODD:
        return Remark(_one(pools()["odd"]["comments"], rng), (), "")
    if not cause and rng.random() < WHOLE:
        return Remark(_texture(_filled(_one(pool["full"][band], rng), language, rng), pool, band, rng), (), "")
    clauses, themes = _clauses(pool, band, cause, rng)
    text = _joined([_filled(clause, language, rng) for clause in clauses], rng)
    if rng.random() < OPENED:
        opening = _filled(_one(pool["open"], rng), language, rng)
        text = f"{opening} {text if opening[-1] in '!.' else _lower_first(text)}"
    if rng.random() < CLOSED:
        closing = pool["close"] + (pool["close_good"] if band == "promoter" else [])
        text = f"{_ended(text)} {_filled(_one(closing, rng), language, rng)}"
    elif pool["personal"] and rng.random() < PERSONAL:
        text = f"{_ended(text)} {_one(pool['personal'], rng)}"
    return Remark(_texture(text, pool, band, rng), tuple(themes), cause)


def _clauses(pool: dict[str, Any], band: Band, cause: str, rng: np.random.Generator) -> tuple[list[str], list[str]]:
    """Promoters praise, detractors wish, passives do either or one after the other."""
    tones = {"promoter": ["praise", "praise"], "detractor": ["wish", "wish"], "passive": ["praise", "wish"]}[band]
    if band == "passive" and rng.random() < 0.4:
        tones = ["wish", "wish"]
    if band == "promoter" and rng.random() < 0.12:
        tones = ["praise", "wish"]
    clauses, themes = [], []
    if cause:
        clauses, themes = [_one(pool["planted"][cause], rng)], list(CAUSES[cause])
        tones = tones[1:]
    for i, tone in enumerate(tones):
        if (i or cause) and rng.random() > SECOND:
            break
        weights = np.array([w[tone == "wish"] for w in THEMES.values()])
        theme = _one(list(THEMES), rng, weights / weights.sum())
        if theme not in themes:
            clauses.append(_one(pool[tone][theme], rng))
            themes.append(theme)
    return clauses, themes


def _joined(clauses: list[str], rng: np.random.Generator) -> str:
    text = clauses[0]
    for clause in clauses[1:]:
        join = _one([". ", ", ", " - ", "\n", "! ", "; "], rng, [0.55, 0.2, 0.1, 0.05, 0.06, 0.04])
        join = " " if text[-1] in "?!." else join
        text += join + (clause if join.strip() in {".", "!", ""} else _lower_first(clause))
    return text


def _filled(text: str, language: str, rng: np.random.Generator) -> str:
    """Put words, numbers, names and invented contact data into the braces."""
    if "{" not in text:
        return text
    pool = pools()[language]
    colleague = str(rng.choice(names()["owners"])).split()[0]
    sender = str(rng.choice(names()["people"][language]["first"]))
    signed = text.rstrip().endswith(" {person}") and text in pool["close"]
    slots = {
        "module": _one(pool["slots"]["module"], rng),
        "thing": _one(pool["slots"]["thing"], rng),
        "n": str(rng.integers(2, 9)),
        "person": sender if signed else colleague,
        "order": f"{rng.integers(10_000, 99_999)}-{rng.integers(1, 9)}",
        "version": f"{rng.integers(7, 9)}.{rng.integers(0, 4)}",
        "amount": f"{rng.integers(3, 90) * 50}",
        "phone": _phone(rng),
        "email": f"{_ascii(sender)}.{_ascii(str(rng.choice(['lund', 'berg', 'vik', 'holm', 'dal'])))}@post.example",
    }
    starts = text.startswith("{") or ". {" in text
    for name, value in slots.items():
        text = text.replace(". {" + name + "}", ". " + value[0].upper() + value[1:]).replace("{" + name + "}", value)
    return text[0].upper() + text[1:] if starts else text


def _phone(rng: np.random.Generator) -> str:
    """Return a number of the ranges that Sweden and the UK keep free for fiction."""
    if rng.random() < 0.6:
        return (
            f"070-174 06 {rng.integers(5, 100):02d}" if rng.random() < 0.5 else f"+4670174{rng.integers(605, 700):04d}"
        )
    return f"+44 7700 900{rng.integers(0, 1000):03d}"


def _texture(text: str, pool: dict[str, Any], band: Band, rng: np.random.Generator) -> str:
    """Add the traces of haste: lower case, no full stop, typos, emoji, HTML entities."""
    draw = rng.random(6)
    if draw[0] < TYPO:
        text = _typo(text, rng)
    if draw[1] < HASTE:
        text = text.lower() if draw[1] < HASTE * 0.8 else text.upper() if len(text) < 60 else text
    if draw[2] < 0.45:
        text = _ended(text)
    if draw[3] < EMOJI:
        text += " " + _one(pool["emoji_bad" if band == "detractor" else "emoji_good"], rng)
    if draw[4] < ENTITY:
        text = html.escape(text) + "&nbsp;"
    return text


def _typo(text: str, rng: np.random.Generator) -> str:
    """Swap, drop or double one letter inside a word; numbers and addresses are left alone."""
    spots = [
        i
        for i in range(2, len(text) - 2)
        if all(c.isalpha() and c.islower() for c in text[i - 1 : i + 2]) and text[i] != text[i + 1]
    ]
    if not spots or "@" in text:
        return text
    i = int(rng.choice(spots))
    made = (text[i + 1] + text[i], text[i + 1], text[i] * 2 + text[i + 1])[int(rng.integers(3))]
    return text[:i] + made + text[i + 2 :]


def _one(
    options: Sequence[str], rng: np.random.Generator, p: Sequence[float] | NDArray[np.float64] | None = None
) -> str:
    return options[int(rng.choice(len(options), p=p))]


def _lower_first(text: str) -> str:
    return text[0].lower() + text[1:] if text[1:2].islower() else text


def _ended(text: str) -> str:
    return text if text.endswith((".", "!", "?", ":)", ":(")) or not text[-1].isalnum() else text + "."


def _ascii(text: str) -> str:
    return text.lower().translate(str.maketrans("åäöæøé", "aaoaoe"))
