"""The 0-10 question: its bands, how one answer is read, and when the scale was probably another one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final, Literal, NamedTuple, TypeAlias

import numpy as np
import pandas as pd

from nps_utils.checks import BadValue, check_columns
from nps_utils.scale.labels import Numbered, read_numbered

COUNTS = ("detractors", "passives", "promoters")


Band: TypeAlias = Literal["detractor", "passive", "promoter"]
Problem: TypeAlias = Literal["missing_score", "unreadable_score", "fractional_score", "score_out_of_range"]

LOWEST: Final = 0
HIGHEST: Final = 10
BANDS: Final[dict[Band, tuple[int, int]]] = {"detractor": (0, 6), "passive": (7, 8), "promoter": (9, 10)}

# What tools write where nothing was answered.
MISSING: Final = frozenset({"", "na", "n/a", "nan", "null", "none", "-", "--", "–", "—", ".", "#n/a", "not answered"})
# What people choose who do not answer.
NO_ANSWER: Final = frozenset(
    {"no answer", "no reply", "refused", "skip", "cannot say", "can't say", "can not say",
     "not answered", "no response", "not applicable", "skipped", "blank", "missing", "don't know",
     "dont know", "don’t know", "prefer not to say", "prefer not to answer", "no opinion", "question_not_shown", "na",
     "n/a", "vet ej", "vet inte", "ej svar", "inget svar", "ingen uppfattning", "vill ej svara", "ej aktuellt",
     "vet ikke", "ved ikke", "ikke besvart", "ikke besvaret", "ubesvart", "ubesvaret", "ingen svar", "intet svar",
     "ikke svart", "ikke relevant", "ønsker ikke å svare", "weet niet", "weet ik niet", "geen antwoord", "geen mening",
     "niet beantwoord", "niet van toepassing", "n.v.t", "nvt", "weiß nicht", "weiss nicht", "keine angabe", "k.a",
     "keine antwort", "nicht beantwortet", "ne sait pas", "je ne sais pas", "sans réponse", "pas de réponse",
     "sans avis", "nsp", "no sabe", "no sé", "no contesta", "ns/nc", "sin respuesta", "não sei", "não sabe",
     "sem resposta", "non so", "nessuna risposta", "en osaa sanoa", "ei vastausta"}
)  # fmt: skip
# Said of a number within the scale it may be the middle; beside 0, or a number outside, it is no answer.
UNSURE: Final = frozenset(
    {"unsure", "not sure", "undecided", "osäker", "tveksam", "usikker", "onzeker", "unsicher", "unentschieden"}
)

# What stands between a number and its words.
_SIGNS: Final = " \u2019'\"()[]{}<>.:;,!=-_\u2013\u2014\t\n"

# What tools call the survey, in lower case: HubSpot's is of loyalty; LTR is the likelihood to recommend.
NPS_TYPE: Final = r"nps|promoter|loyal|lojal|recommend|^ltr$"

Scale: TypeAlias = Literal["0-10", "1-10", "1-11", "10-0"]
# What study.toml may say of the numbers in an export: answers as they are, or codes that stand for them.
SCALES: Final[Mapping[Scale, str]] = {
    "0-10": "the numbers are the answers, from 0 to 10",
    "1-10": "the question offered 1 to 10; nothing is rescaled",
    "1-11": "codes 1 to 11 stand for 0 to 10; one is taken from each",
    "10-0": "0 is the best answer and 10 the worst; each is turned round",
}


class Answer(NamedTuple):
    """One score cell as read: an integer 0..10, or the problem that keeps it from being one."""

    score: int | None
    problem: Problem | None


def band(score: int) -> Band:
    """Return the band of a score: 0-6 detractor, 7-8 passive, 9-10 promoter (Reichheld 2003).

    Examples
    --------
    >>> [band(s) for s in (0, 6, 7, 8, 9, 10)]
    ['detractor', 'detractor', 'passive', 'passive', 'promoter', 'promoter']
    """
    for name, (low, high) in BANDS.items():
        if low <= score <= high:
            return name
    raise ValueError(f"score = {score!r} is not an integer from {LOWEST} to {HIGHEST}.")


def read_answer(text: str | None, scale: Scale = "0-10") -> Answer:
    """Read one score cell as survey tools write it.

    A number is never bucketed or rounded: 11 and 6.5 are problems, not answers.

    Parameters
    ----------
    text
        The cell as text: `9`, `9.0`, `Extremely likely - 10`, `10. svært sannsynlig`, `8/10`, `7 av 10`, `N/A`, ...
    scale
        What the numbers stand for; see `SCALES`.

    Examples
    --------
    >>> read_answer("Extremely likely - 10")
    Answer(score=10, problem=None)
    >>> read_answer("11").problem, read_answer("6,5").problem, read_answer(" NA ").problem, read_answer("ok").problem
    ('score_out_of_range', 'fractional_score', 'missing_score', 'unreadable_score')
    >>> read_answer("11", "1-11").score, read_answer("0", "10-0").score
    (10, 10)
    """
    cell = (text or "").strip()
    if cell.replace("\u00a0", " ").strip().casefold() in MISSING:
        return Answer(None, "missing_score")
    found = read_numbered(cell)
    if found.value is None or found.out_of not in (None, HIGHEST):
        return Answer(None, "unreadable_score")
    if found.words and _declines(found):
        return Answer(None, "missing_score")
    value = found.value - 1 if scale == "1-11" else HIGHEST - found.value if scale == "10-0" else found.value
    if not (1 if scale == "1-10" else LOWEST) <= value <= HIGHEST:
        return Answer(None, "score_out_of_range")
    if value != int(value):
        return Answer(None, "fractional_score")
    return Answer(int(value), None)


def is_no_answer(cell: str) -> bool:
    """Say whether a cell tells that nothing was answered, in any of our languages.

    Examples
    --------
    >>> [is_no_answer(cell) for cell in ("", " N/A", "Vet ej", "(no answer)", "Not at all likely", "0")]
    [True, True, True, True, False, False]
    >>> is_no_answer("0 - Vet ej"), is_no_answer("99 Don't know"), is_no_answer("5 - Unsure")
    (True, True, False)
    """
    word = " ".join(cell.replace("\u00a0", " ").split()).casefold()
    if word in MISSING or word.strip("()[]{}<>.!-_ ") in NO_ANSWER:
        return True
    found = read_numbered(cell)
    return found.value is not None and bool(found.words) and _declines(found)


def _declines(found: Numbered) -> bool:
    """Say whether the words of a number say that nothing was answered: the code `0 - Don't know` is no 0.

    Of several phrases (`Vet ej / ej svar`) each must say so.
    """
    whole = found.words.casefold().strip(_SIGNS)
    phrases = [whole] if whole in NO_ANSWER else [part.strip(_SIGNS) for part in re.split(r"[/,;|]| or ", whole)]
    if not all(phrases) or found.value is None:
        return False
    beside = found.value <= LOWEST or found.value > HIGHEST
    return all(phrase in NO_ANSWER or (beside and phrase in UNSURE) for phrase in phrases)


def is_nps(survey_type: str | None) -> bool:
    """Whether a survey type is NPS; an empty one is taken for it.

    Examples
    --------
    >>> is_nps("NPS"), is_nps(None), is_nps("csat"), is_nps("Customer loyalty")
    (True, True, False, True)
    """
    word = (survey_type or "").strip().casefold()
    return not word or re.search(NPS_TYPE, word) is not None


def is_weight_scale(values: Mapping[float, int]) -> bool:
    """Say whether all values are -100, 0 or 100: a tool's weights, from which no score can be read back.

    Parameters
    ----------
    values
        How often each number occurs.

    Examples
    --------
    >>> is_weight_scale({-100: 3, 0: 5, 100: 9}), is_weight_scale({0: 3, 10: 4})
    (True, False)
    """
    seen = {value for value, n in values.items() if n}
    return bool(seen) and seen <= {-100, 0, 100} and bool(seen & {-100, 100})


def suspicion(values: Mapping[int, int]) -> str | None:
    """Return a sentence when low answers occur but no 0; None when there is nothing to say.

    On a 0-10 scale people who answer 1 to 3 have neighbours who answer 0. With five or more answers from 1 to 3
    and no 0 we say so. Nothing is rescaled: only the owner of the survey knows which scale was shown.

    Parameters
    ----------
    values
        How often each score 0..10 occurs.

    Examples
    --------
    >>> suspicion({1: 30, 2: 10, 7: 200, 10: 108})
    'no 0 in 348 answers, but 40 from 1 to 3; the scale may be 1-10. Nothing was rescaled.'
    >>> suspicion({0: 1, 1: 30}) is None
    True
    """
    n = sum(values.values())
    low = sum(values.get(score, 0) for score in (1, 2, 3))
    if values.get(0, 0) or low < 5:
        return None
    return f"no 0 in {n:,} answers, but {low:,} from 1 to 3; the scale may be 1-10. Nothing was rescaled."


def check_counts(counts: pd.DataFrame) -> None:
    """Raise unless the table holds band counts: whole, non-negative, and `n` their sum where it is given."""
    check_columns(list(counts.columns), COUNTS, what="the table of counts")
    values = counts.loc[:, list(COUNTS)]
    for name in COUNTS:
        column = pd.to_numeric(values[name], errors="coerce").to_numpy(dtype=float, na_value=np.nan)
        wrong = ~(np.isfinite(column) & (column >= 0) & (column == np.floor(column)))
        if wrong.any():
            row = int(np.flatnonzero(wrong)[0])
            raise BadValue(
                f'counts, row {row}, column "{name}": {values[name].iloc[row]!r} is not a whole number of at least 0.'
            )
    if "n" in counts.columns:
        total = values.sum(axis=1)
        wrong_n = (counts["n"] != total).to_numpy()
        if wrong_n.any():
            row = int(np.flatnonzero(wrong_n)[0])
            raise BadValue(
                f'counts, row {row}, column "n": {counts["n"].iloc[row]!r} is not detractors + passives + promoters'
                f" = {total.iloc[row]}."
            )
