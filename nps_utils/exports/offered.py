"""What the further columns of an export may be used for: segments, ratings, a weight; and why not."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, Literal, NamedTuple, TypeAlias

from nps_utils.exports import wording
from nps_utils.exports.closed import is_written, of_likert, of_numbers, of_options
from nps_utils.exports.constant_sum import shared_out
from nps_utils.exports.flags import is_place_in_survey
from nps_utils.exports.found import Found
from nps_utils.exports.headers import Column, extra_names
from nps_utils.exports.of_score import decided
from nps_utils.exports.score_column import names_the_question
from nps_utils.exports.shapes import like_date
from nps_utils.exports.wave_names import period_named
from nps_utils.scale import read_answer

Use: TypeAlias = Literal["segment", "rating", "weight", "none"]

# Few different values do not make a name or an address something to compare groups by.
_OF_A_PERSON: Final = re.compile(
    r"\bname\b|navn|namn|naam|\bnom\b|phone|telef|e-?mail|\bip\b|address|adress|uuid|\bid\b", re.I
)
# The name of one of these is that of a group.
_OF_A_PLACE: Final = re.compile(
    r"(?:location|store|shop|branch|unit|department|dept|team|product|region|plan|segment|ward|clinic|site|office|country|city"
    r"|brand|campaign|channel|project) ?name|(?:avdelings?|avdelnings|afdelings?|butikk?s?|filial|filiaal|vestigings"
    r"|produkt|product|team|region|enhets|kontor|kontors|projekt|prosjekt|project)-?(?:navn|namn|naam)",
    re.I,
)
# A period is a wave, not a group of customers.
_OF_TIME: Final = re.compile(
    r"\b(?:qtr|quarter|kvartal|kwartaal|quartal|month|måned|månad|maand|mois|monat|year|år|jaar|week|vecka|uke|uge|date)\b",
    re.I,
)
_FISCAL: Final = re.compile(
    r"FY ?'?\d{2,4}(?:[ -/]*(?:[HQTP]|HY)\d{1,2})?|(?:[HQTP]|HY)\d{1,2}[ -/]*FY ?'?\d{2,4}", re.I
)
# Small numbers under such a name are codes of groups or counts, not answers.
_OF_A_GROUP: Final = re.compile(
    r"store|shop|butik|filial|winkel|magasin|region|country|land|tier|class|klass|segment|group|grupp|gruppe|cohort|site"
    r"|office|kontor|branch|plan|type|typ\b|categor|kategori|code|kod\b|kode|version|variant|\barm\b|\btest|team|district"
    r"|zone|area|\bnr\b|number|count|antal|antall|aantal|anzahl|size|storlek|users|seats|licen|employees|anställda|ansatte"
    r"|medewerkers|mitarbeiter|\bage\b|ålder|alder|leeftijd|alter\b|\byears?\b|channel|product|produkt",
    re.I,
)
# What the same people answered before, and by how much that moved, drives nothing: it is the score once more.
_OF_A_SCORE: Final = re.compile(
    r"\bnps\b|net promoter|\b(?:previous|prior|last|former|föregående|tidigare|forrige|tidligere|vorige|eerdere)\b.*"
    r"\b(?:score|rating|betyg|karakter|poäng|cijfer)\b|\b(?:change|förändring|endring|ændring|verandering)\b",
    re.I,
)
# The last column of points that were shared out: "Total", "Share out 100 points - Total".
_OF_A_SUM: Final = re.compile(
    r"(?<![^\W_])(?:sub)?(?:total|sum|summa|totalt|totaal|somme|i alt|summe|gesamt)\W*$", re.I
)
_WEIGHT: Final = re.compile(
    r"(?<![^\W_])(?:weights?|weighting|wgts?|wts?|vikt|vikter|viktning|vekt|vekter|vekting|vægt|vægtning|gewicht|gewichte"
    r"|gewichtung|gewichtungsfaktor|gewichten|weging|wegingsfactor|weegfactor|peso|pesos|ponderación|ponderacion"
    r"|pondération|ponderation|ponderação|ponderador|poids|paino|painokerroin|viktfaktor|viktvariabel|vektfaktor"
    r"|vægtfaktor|coef(?:ficient)?[ _]?pond\w*)(?![^\W_])",
    re.I,
)
# What has a weight of its own: a parcel, a person.
_HEAVY: Final = re.compile(
    r"\b(?:kg|kilo\w*|gram\w*|lbs?|pounds?|body|kropps?|parcel|package|paket|pakke|pakket|shipping|product|order)\b",
    re.I,
)
# The company that answered is an account, not a group of accounts.
_COMPANIES: Final = frozenset(wording.HEADERS["account_id"])
_OPEN: Final = re.compile(r"open.?ended", re.I)
_NONE: Final = frozenset({"na", "n/a", "nan", "null", "none", "-", "#n/a"})
_MOST: Final = 30
NAMES_ACCOUNTS: Final = "each account has one of its own, so that it names accounts and no groups of them"
DATES: Final = "it holds dates"
A_PERIOD: Final = "a period is a wave, not a group"
ONE_VALUE: Final = "it has one value only"
MAY_BE_ACCOUNT: Final = "it may name accounts or people, and only you know which"
ONE_AMONG_ANSWERS: Final = "it has one value only among the answers"


class Offer(NamedTuple):
    """What a column may be used for, and why it is no segment."""

    name: str
    use: Use
    why_not: str


def offers(found: Found) -> list[Offer]:
    """Return each further column of an export with what it may be used for."""
    used = {column.at for columns in found.chosen.values() for column in columns}
    names = extra_names(found.columns, used)
    known = shared_out(found.columns)
    if account := found.chosen.get("account_id"):
        known |= {column.at: NAMES_ACCOUNTS for column in found.free if _one_each(column, account[0])}
    known |= {column.at: MAY_BE_ACCOUNT for column in found.free if column.name in found.offers.values()}
    told = dict[int, tuple[Use, str]]()
    for column in found.free:
        told[column.at] = ("none", known[column.at]) if column.at in known else judge(column)
    for column in found.free:
        if told[column.at][0] in ("segment", "rating") and (why := _not_beside_answers(column, found)):
            told[column.at] = ("none", why)
    return [Offer(names[column.at], *told[column.at]) for column in found.free]


def _not_beside_answers(column: Column, found: Found) -> str:
    """Return why a column says nothing of its own beside the scores, or nothing where it may.

    Rows without a score may say how far an invitation came; and what the score decides is the score once more.
    """
    score = found.chosen["score"]
    if len(score) > 1 or not any(map(str.strip, score[0].cells)):
        return ""
    rows = zip(column.cells, score[0].cells, strict=True)
    if len({cell.strip() for cell, given in rows if given.strip() and cell.strip()}) < 2:
        return ONE_AMONG_ANSWERS
    return decided(column, score[0])


def _one_each(column: Column, account: Column) -> bool:
    """Say whether each account has a value of its own: a second name or id of it, which is no group of accounts."""
    pairs = {pair for pair in zip(column.cells, account.cells, strict=True) if all(map(str.strip, pair))}
    values, accounts = ({cell.strip() for cell in side} for side in zip(*pairs, strict=True)) if pairs else ((), ())
    return len(accounts) > 2 and len({(a.strip(), b.strip()) for a, b in pairs}) == len(values) == len(accounts)


def constants(found: Found) -> dict[str, str]:
    """Return the columns that would be segments if they had more than one value, and that value: a channel, a country.

    Several files together may say more: see `nps_utils.report.recognising.between_files`.
    """
    names = {offer.name for offer in offers(found) if offer.why_not == ONE_VALUE}
    return {column.name: next(iter(column.distinct)) for column in found.free if column.name in names}


def judge(column: Column) -> tuple[Use, str]:
    """Return the use of a column and, unless it is a segment, why it is none."""
    cells, distinct = column.filled, column.distinct
    words = re.sub(r"(?<=[a-z])(?=[A-Z])|_", " ", column.wording)
    if not cells:
        return "none", "it is empty"
    if is_weight(column):
        return "weight", "it holds weights"
    if _OF_A_SCORE.search(words) and sum(map(_is_number_or_none, distinct)) > len(distinct) / 2:
        return "none", "it is a score as well, or its change"
    if of_numbers(column) and names_the_question(column) and any(map(_above_five, distinct)):
        return "none", "it asks for a recommendation as well, so it is a score of its own"
    if is_place_in_survey(column):
        return "none", "it says how far each came in the survey"
    if of_likert(column):
        return "rating", f"its values are steps of a scale ({_some(distinct)})"
    if of_options(column) and not is_written(column):
        return "rating", "its cells are lists of ticked options"
    if of_numbers(column) and not _OF_A_GROUP.search(words):
        return "rating", "its values are whole numbers of a scale"
    why_not = _why_no_segment(column)
    return ("none", why_not) if why_not else ("segment", "")


def _why_no_segment(column: Column) -> str:
    distinct, filled, words = column.distinct, column.filled, column.wording.strip()
    checks: Sequence[tuple[object, str]] = (
        (
            _OF_A_PERSON.search(column.wording) and not _OF_A_PLACE.search(words),
            "its name is that of a person, an address or an id",
        ),
        (_OF_TIME.search(column.wording), A_PERIOD),
        (like_date(column), DATES),
        (_holds_periods(column), A_PERIOD),
        (column.key in _COMPANIES, "the company is an account, not a group of accounts"),
        (_OPEN.search(column.wording), "it is an open question"),
        (_OF_A_SUM.search(words) and all(_is_number_or_none(cell.rstrip("% ")) for cell in distinct), "it is a sum"),
        (len(distinct) < 2, ONE_VALUE),
        (len(distinct) > 7 and all(map(_is_number_or_none, distinct)), "it holds many different numbers"),
        (len(distinct) > _MOST, f"it has more than {_MOST} different values"),
        (max(map(len, distinct), default=0) > 40, "its values are long texts"),
        (len(distinct) > 0.5 * max(len(filled), 1), "its values hardly repeat"),
    )
    return next((why for holds, why in checks if holds), "")


def _holds_periods(column: Column) -> bool:
    """Say whether all values name parts of a year, such as `Autumn 2025` and `FY26H1`, and not since when."""
    if len(column.distinct) < 2 or wording.OTHER_DATE.search(column.wording):
        return False
    return all(_FISCAL.fullmatch(cell) or len(period_named(cell) or "") > len("2026") for cell in column.distinct)


def is_weight(column: Column) -> bool:
    """Say whether a column holds weights of the answers: its name says so, its values are positive and differ."""
    words = re.sub(r"(?<=[a-z])(?=[A-Z])|_", " ", column.wording)
    if not _WEIGHT.search(words) or _HEAVY.search(words):
        return False
    values = [number for cell in column.filled if (number := read_weight(cell)) is not None]
    enough = len(values) >= 0.9 * len(column.filled) and bool(values)
    # A scale of importance is also called a weight.
    return enough and min(values) >= 0 and len(set(values)) > 1 and sum(values) / len(values) >= 0.05


def read_weight(cell: str) -> float | None:
    """Return a number written with a point or a comma, or None.

    Examples
    --------
    >>> [read_weight(cell) for cell in ("0,85", "1.2", "1 204,5", "n/a")]
    [0.85, 1.2, 1204.5, None]
    """
    text = re.sub(r"[\s\u00a0\u202f']", "", cell)
    text = text.replace(",", ".") if text.count(",") == 1 and "." not in text else text.replace(",", "")
    return float(text) if re.fullmatch(r"-?\d*\.?\d+(?:[eE][-+]?\d+)?", text) else None


def _is_number_or_none(cell: str) -> bool:
    return cell.replace(".", "").isdigit() or cell.casefold() in _NONE


def _above_five(cell: str) -> bool:
    return (read_answer(cell).score or 0) > 5


def _some(values: frozenset[str]) -> str:
    shown = sorted(values)[:3]
    return ", ".join(shown) + (", ..." if len(values) > 3 else "")
