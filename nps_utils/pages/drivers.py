"""What the page takes from a study to ask what drives the score: its ratings as numbers, and themes as mentions."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from nps_utils import comments
from nps_utils.checks import BadValue
from nps_utils.columns import text_of
from nps_utils.comments.mentions import mentions_of
from nps_utils.comments.remarks import Remarks
from nps_utils.pages.comments import labels_of
from nps_utils.stats.drivers.ratings import read_ratings
from nps_utils.stats.drivers.refusals import LEAST_ANSWERS, check_apart, follows_from_score, needed
from nps_utils.stats.weighting.export_weights import WEIGHT
from nps_utils.study.settings import rating_labels_of
from nps_utils.study.study import NotInStudy, Study
from nps_utils.words.limits import Limit, attempt

# More themes than these share out R2 too thinly to be ranked; each needs so many mentions.
MOST_THEMES = 10
LEAST_MENTIONS = 20
_KEPT = ("score", "account_id", "respondent_id", WEIGHT)


@dataclass(frozen=True)
class Asked:
    """Answers to be compared: items as numbers beside the score, whose they are, and what was left out, and why."""

    answers: pd.DataFrame
    items: list[str]
    cluster: str | None
    touchpoint: str | None
    left_out: dict[str, str]


def rated(study: Study) -> Asked:
    """Return the ratings of a study as numbers, at the touchpoint where most were given.

    A rating that cannot be used is left out with its reason: it cannot be read, hardly anybody gave it, it never
    differs, it is the score by another name, or too few gave it together with the others.

    Raises
    ------
    NotInStudy
        No ratings are named.
    BadValue
        None of them can be used; the message says why.
    """
    if not study.settings.ratings:
        raise NotInStudy(
            "This study has no ratings, so what drives the score can be asked of comments only: ask three to eight"
            ' short questions beside the score, such as "How easy was it, 1 to 5?", and name their columns in'
            ' study.toml: ratings = ["Ease of use"].'
        )
    responses = study.responses()
    numbers, left_out = _numbers(study, responses)
    here, touchpoint = _at_one_touchpoint(responses, numbers)
    numbers = numbers.loc[here.index]
    for name in list(numbers.columns):
        if why := _why_not(numbers[name], here):
            left_out[name] = why
    numbers = numbers.drop(columns=[name for name in numbers.columns if name in left_out])
    left_out |= _too_much_missing(numbers)
    items = [name for name in numbers.columns if name not in left_out]
    if not items:
        why = "; ".join(f'"{name}" ({reason})' for name, reason in left_out.items())
        raise BadValue(f"None of the ratings of this study can be used: {why}.")
    answers = pd.concat([_kept(here), numbers[items]], axis=1)
    return Asked(answers, items, _cluster(here), touchpoint, left_out)


def mentioned(responses: pd.DataFrame, remarks: Remarks) -> Asked:
    """Return which themes each comment with content mentions: a company's own and those mentioned most, in words.

    Comments are those of the touchpoint with most of them.

    Raises
    ------
    BadValue
        Too few comments, or no theme is mentioned often enough.
    """
    told, mentions = mentions_of(remarks.themes, remarks.themes)
    wrote = responses.loc[remarks.themes.index[told]]
    found = mentions[told].astype(float).set_axis(wrote.index)
    here, touchpoint = _at_one_touchpoint(wrote, found)
    found = found.loc[here.index]
    enough = found.sum()[lambda n: (n >= LEAST_MENTIONS) & (n <= len(found) - LEAST_MENTIONS)]
    # What a company looks for by a theme of its own is never left out for being seldom.
    common = comments.read_taxonomy(industry=remarks.industry.names).themes
    own = [name for name in enough.index if name not in common]
    often = pd.concat([enough[own], enough.drop(index=own).nlargest(max(MOST_THEMES - len(own), 1))])
    if often.empty or len(found) < LEAST_ANSWERS:
        at = f" at {touchpoint}" if touchpoint else ""
        raise BadValue(
            f"{len(found):,} comments{at} say something and {len(often)} themes are mentioned by {LEAST_MENTIONS} or"
            " more: too little to divide the score among themes."
        )
    items = _told_apart(found[list(often.index)])
    names = {theme: labels_of(remarks).get(theme, theme.replace("_", " ")) for theme in items}
    left_out = {
        labels_of(remarks).get(name, name): f"{int(found[name].sum()):,} mentions, or mentioned together with others"
        for name in found.columns
        if name not in items and found[name].sum() > 0
    }
    answers = pd.concat([_kept(here), found[items].rename(columns=names)], axis=1)
    return Asked(answers, list(names.values()), _cluster(here), touchpoint, left_out)


def _told_apart(mentions: pd.DataFrame) -> list[str]:
    """Return the themes, those mentioned most first, but for any that nearly follows from those before it."""
    kept = list[str]()
    for name in mentions.columns:
        tried = [*kept, name]
        if not isinstance(attempt(check_apart, tried, mentions[tried].corr().to_numpy()), Limit):
            kept = tried
    return kept


def _numbers(study: Study, responses: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, str]]:
    """Read every rating; one that cannot be read is left out."""
    labels = rating_labels_of(study.settings)
    names = list(dict.fromkeys(study.settings.ratings))
    together = attempt(read_ratings, responses, names, labels=labels)
    if isinstance(together, pd.DataFrame):
        return together, {}
    # One by one, to know which; beside those that can be read, for these may settle which scale it was.
    good = [name for name in names if not isinstance(attempt(read_ratings, responses, [name], labels=labels), Limit)]
    left_out = dict[str, str]()
    for name in names:
        beside = attempt(read_ratings, responses, [*good, name], labels=labels) if name not in good else None
        if isinstance(beside, Limit):
            left_out[name] = beside.reason.split(" In Python:")[0].rstrip(".")
        elif beside is not None:
            good.append(name)
    return read_ratings(responses, [name for name in names if name in good], labels=labels), left_out


def _at_one_touchpoint(responses: pd.DataFrame, numbers: pd.DataFrame) -> tuple[pd.DataFrame, str | None]:
    """Return the responses of the touchpoint with most ratings: scores of different moments are not one score."""
    given = numbers.notna().any(axis=1)
    if "touchpoint" not in responses.columns or not given.any():
        return responses, None
    by = responses.loc[given, "touchpoint"].astype(str).value_counts(sort=True)
    if len(by) < 2:
        return responses[given | (responses["touchpoint"].astype(str) == by.index[0])], None
    return responses[responses["touchpoint"].astype(str) == by.index[0]], str(by.index[0])


def _why_not(column: pd.Series, here: pd.DataFrame) -> str:
    known = column.dropna()
    if len(known) < LEAST_ANSWERS:
        return f"{len(known):,} answers, of at least {LEAST_ANSWERS}"
    if known.nunique() < 2:
        return f"all {len(known):,} answers are {known.iloc[0]:g}"
    if follows_from_score(column.to_numpy(dtype=float), here["score"].to_numpy(dtype=float)):
        return "it is the score by another name, or follows from it"
    return ""


def _too_much_missing(numbers: pd.DataFrame) -> dict[str, str]:
    """Return the items, those with fewest answers first, without which enough answers have all that is left."""
    left_out = dict[str, str]()
    given = numbers.notna()
    order = numbers.notna().sum().sort_values(kind="stable").index.tolist()
    while len(order) > 1 and (have := int(given[order].all(axis=1).sum())) < needed(len(order)):
        without = {name: int(given[[o for o in order if o != name]].all(axis=1).sum()) for name in order}
        worst = max(order, key=without.__getitem__)
        left_out[worst] = f"{have:,} answers have it and the {len(order) - 1} others; name it in ratings without them"
        order.remove(worst)
    return left_out


def _kept(responses: pd.DataFrame) -> pd.DataFrame:
    return responses[[name for name in _KEPT if name in responses.columns]]


def _cluster(responses: pd.DataFrame) -> str | None:
    return "account_id" if text_of(responses, "account_id").notna().any() else None
