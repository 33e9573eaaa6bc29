"""What the page of comments takes from a study: effects and changes in words, and the check sheet."""

from __future__ import annotations

import pandas as pd

from nps_utils import comments, remembering
from nps_utils.checks import BadValue
from nps_utils.comments.effects import touchpoints
from nps_utils.comments.remarks import Remarks
from nps_utils.files import private_file
from nps_utils.pages.act import known_names
from nps_utils.stats import verdicts
from nps_utils.stats.verdicts.independence import with_numbers
from nps_utils.study.study import Study
from nps_utils.tables.comments import (
    coverage_sentence,
    industry_sentence,
    labelled,
    not_covered,
    not_covered_sentence,
    nothing_shown_sentence,
    sample_sentence,
)
from nps_utils.tables.formats import count, share

LEAST_COMMENTS = 30
SHEET = "check-sheet.csv"


def labels_of(remarks: Remarks) -> dict[str, str]:
    """Return the themes' names in words, in the language of the report."""
    language = remarks.language
    return {theme: remarks.taxonomy.label(theme, language) for theme in remarks.taxonomy.themes}


def coverage_of(remarks: Remarks) -> str:
    """Return how much was written, and how much of it found a theme."""
    said = coverage_sentence(remarks.masked, remarks.themes, answers=remarks.answers)
    return said if remarks.drawn is None else f"{sample_sentence(*remarks.drawn)} {said}"


def industry_of(remarks: Remarks) -> str:
    """Return whose themes these are and why, and which comments they cannot read."""
    foreign = not_covered_sentence(remarks.themes)
    n, of, _ = not_covered(remarks.themes)
    if n > of / 2:  # whose trade it is cannot be told by words that most do not use
        return foreign
    return f"{industry_sentence(remarks.industry)} {foreign}".rstrip()


def effects_of(responses: pd.DataFrame, remarks: Remarks) -> pd.DataFrame:
    """Return what each theme goes with, see `comments.theme_effects`; by account (or person) where they answer often.

    Where there are several touchpoints, answers are compared with others of their touchpoint only.

    Raises
    ------
    BadValue
        Too few comments with content to tell anything.
    """
    _check_enough(remarks)
    table = with_numbers(responses)
    together = verdicts.hang_together(len(table), verdicts.units_of(table))
    at = remarks.at_answers(responses)
    return comments.theme_effects(
        table,
        remarks.themes[at >= 0],
        at=at[at >= 0],
        cluster=verdicts.UNIT if together else None,
        within=touchpoints(table),
    )


def _check_enough(remarks: Remarks) -> None:
    """Refuse to speak of themes where hardly any comment could be read for them."""
    told = int((~remarks.themes["main_theme"].isin(["no_content", "not_covered"])).sum())
    foreign = not_covered_sentence(remarks.themes)
    others = "other is" if told == 1 else "others are"
    if told < LEAST_COMMENTS and foreign:
        raise BadValue(f"{foreign} The {count(told)} {others} too few to count: read them one by one.")
    if not_covered(remarks.themes)[0] > told:
        raise BadValue(f"{foreign} The {count(told)} others do not speak for all: the clusters take in every comment.")
    if told < LEAST_COMMENTS:
        says = "comment says" if told == 1 else "comments say"
        raise BadValue(
            f"{told} {says} something; below {LEAST_COMMENTS} there is nothing to count: read them one by one."
        )


def effects_in_words(responses: pd.DataFrame, remarks: Remarks) -> pd.DataFrame:
    """Return what each theme goes with, under its name in words; see `effects_of`."""
    return labelled(effects_of(responses, remarks), labels_of(remarks))


def at_touchpoint(responses: pd.DataFrame, remarks: Remarks, touchpoint: str) -> tuple[pd.DataFrame, Remarks]:
    """Return the responses of one touchpoint and their remarks."""
    here = responses[(responses["touchpoint"] == touchpoint).to_numpy(dtype=bool, na_value=False)]
    return here, remarks.of(here)


def changes_in_words(asked: tuple[pd.DataFrame, Remarks]) -> pd.DataFrame:
    """Return how the shares of the themes changed from wave to wave, see `comments.theme_changes`.

    Raises
    ------
    BadValue
        Too few comments that themes cover, or only one wave with comments.
    """
    responses, remarks = asked
    _check_enough(remarks)
    changed = comments.theme_changes(responses.loc[remarks.themes.index], remarks.themes)
    if changed.empty:
        raise BadValue("The comments are of one wave, so that no share can be seen to change.")
    return labelled(changed, labels_of(remarks))


def shown_texts(remarks: Remarks) -> pd.Series[str]:
    """Return the masked texts that may be shown word by word.

    Raises
    ------
    BadValue
        None may be; the message says how one could be.
    """
    shown = remarks.quotable.dropna()
    if shown.empty:
        raise BadValue(nothing_shown_sentence(asked_consent=remarks.asked_consent))
    return shown


def quality_of(remarks: Remarks) -> pd.DataFrame:
    """Return how far the themes can be trusted, see `comments.theme_quality`."""

    def made() -> pd.DataFrame:
        found = comments.theme_quality(remarks.masked, remarks.themes, taxonomy=remarks.taxonomy)
        every = found["measure"] == "comments"
        return found.assign(value=found["value"].where(~every, max(float(remarks.answers), len(remarks.themes))))

    return remembering.table(f"quality of themes {remarks.made_of}", made) if remarks.made_of else made()


def words_of(remarks: Remarks) -> pd.DataFrame:
    """Return the words behind each theme, see `comments.theme_words`."""
    words = remarks.words
    if words is None:
        words = comments.theme_words(remarks.masked, remarks.themes, taxonomy=remarks.taxonomy)
    return labelled(words, labels_of(remarks))


def checked_by_hand(study: Study, remarks: Remarks) -> str:
    """Write the sheet of fifty comments where there is none, and return its precision where it is filled in.

    The sheet shows comments word by word, so that only those are on it that may be shown. One in which nothing is
    filled in yet is written anew: what may be shown can have changed.

    Raises
    ------
    BadInput
        No comment may be shown, nobody has filled in the sheet yet, or a cell is neither yes nor no.
    """
    path = study.results / SHEET
    if not path.is_file() or comments.is_untouched(path):
        path.unlink(missing_ok=True)
        shown = shown_texts(remarks)
        themes = remarks.quotable_themes.loc[shown.index].reset_index(drop=True)
        sheet = comments.check_sheet(shown, themes, names=known_names(study), rng=study.seed)
        sheet.to_csv(private_file(path), index=False, encoding="utf-8-sig", lineterminator="\n")
    total = comments.read_check_sheet(path).iloc[0]
    return (
        f"Of {count(total['judged'])} comments checked by hand {share(total['precision'])} have the right theme"
        f" (95 % interval {share(total['low'])} to {share(total['high'])})."
    )
