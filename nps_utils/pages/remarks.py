"""The comments of a study as its pages take them: masked, in their languages, with their themes; read once and kept."""

from __future__ import annotations

import json
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from nps_utils import comments
from nps_utils.checks import BadValue
from nps_utils.comments.consent import CONSENT
from nps_utils.comments.industry import Industry
from nps_utils.comments.remarks import Remarks
from nps_utils.comments.themes import themes_and_words
from nps_utils.comments.word_files import Taxonomy
from nps_utils.exports.people import name_columns, name_parts, people_in
from nps_utils.files import content_hash, library_hash
from nps_utils.remembering import hash_of
from nps_utils.study.kept import Tables, kept
from nps_utils.study.study import Study
from nps_utils.words.limits import Limit, attempt
from nps_utils.words.naming import export_of

# Tools whose consent is for a testimonial, not for the reason of the score.
TESTIMONIAL_TOOLS: Final = ("trustmary",)
COMMENT: Final = "comment"
# So many different comments are read; of more, a random sample of answers says the same to the percent.
MOST_TEXTS: Final = 200_000
_KEY: Final = 16  # letters of a hash that name a folder
_TOLD_APART: Final = ("response_id", "respondent_id", "account_id", "touchpoint", "responded_at", "score", COMMENT)
_READ: Final = (*_TOLD_APART, "language", comments.TESTIMONIAL, CONSENT, "source_file")


def read_remarks(study: Study) -> Remarks:
    """Return the comments of a study, masked with the names it knows, with their themes.

    They are read once, and kept under `processed/` until the input, the library or study.toml change.

    Raises
    ------
    BadValue
        Nobody wrote anything.
    """
    responses = study.responses()
    wrote = _who_wrote(responses)
    if not len(wrote):
        raise BadValue(
            "No answer has a comment, so that there is nothing to read. Where the export has a question on the reason,"
            ' name its column: columns = { comment = "..." } under its [[export]] in study.toml.'
        )
    made_of, tables = _kept(study)
    texts = tables["texts"]
    every = texts["masked"].rename(COMMENT)
    read = texts["read"].to_numpy(dtype=bool)
    whole = bool(read.all())
    written = every.notna().to_numpy()
    industry = _industry_of(tables["trade"], tables["trades"])
    return Remarks(
        masked=every if whole else every.where(read),
        themes=tables["themes"],
        taxonomy=_taxonomy(study, industry),
        marks=tables["marks"]["marks"].rename("masked"),
        quotable=texts["quotable"].rename(COMMENT),
        quotable_themes=_with_others(tables["themes"], tables["other_themes"]),
        asked_consent=comments.has_consent(responses),
        industry=industry,
        answers=len(responses),
        language=study.settings.language,
        words=tables["words"],
        made_of=made_of,
        every=None if whole else every,
        drawn=None if whole else (int((read & written).sum()), int(written.sum())),
    )


def _who_wrote(responses: pd.DataFrame) -> NDArray[np.intp]:
    """Return the places of the answers with a comment or a testimonial."""
    told = [name for name in (COMMENT, comments.TESTIMONIAL) if name in responses.columns]
    return np.flatnonzero(responses[told].notna().any(axis=1).to_numpy(dtype=bool))


def _kept(study: Study) -> tuple[str, Tables]:
    """Return the comments as they were read, and of what: another asking or amount is none of it."""

    def of() -> dict[str, pd.DataFrame]:
        return {"of": pd.DataFrame({"key": [_made_of(study)]})}

    key = str(study.kept("remarks", of)["of"]["key"].iloc[0])
    return key, kept(study.processed / "comments" / key[:_KEY], lambda: _read(study), same=key[:_KEY])


def _made_of(study: Study) -> str:
    """Return one hash of all that is read of a study for its comments."""
    responses = study.responses()
    read = responses[[name for name in _READ if name in responses.columns]].iloc[_who_wrote(responses)]
    settings = study.settings
    files = sorted(_testimonial_files(study, read["source_file"]))
    consent = comments.has_consent(responses)
    about = [library_hash(), settings.industry, settings.theme, settings.quotes, known_names(study), files, consent]
    found = hash_of([read], repr(about))
    return found or content_hash([], library_hash(), study.input_hash())


def _taxonomy(study: Study, industry: Industry) -> Taxonomy:
    own = [theme.model_dump(exclude_none=True) for theme in study.settings.theme]
    return comments.read_taxonomy(own or None, industry=industry.names)


def _read(study: Study) -> dict[str, pd.DataFrame]:
    """Mask the comments and assign their themes; what may be quoted has its own where it is another text."""
    answers = study.responses()
    responses = answers.iloc[_who_wrote(answers)]
    names = known_names(study)
    every, marks = comments.mask(responses["comment"], names=names)
    read = read_of(every, responses)
    masked = every if read.all() else every.where(read)
    said = responses["language"] if "language" in responses.columns else None
    language = pd.Series(comments.detect_language(masked, language=said), index=responses.index)
    industry = comments.find_industry(masked, language=language, industry=study.settings.industry)
    taxonomy = _taxonomy(study, industry)
    themes, words = themes_and_words(masked, language=language, taxonomy=taxonomy)
    shown = _quotable(study, responses, every, names, asked=comments.has_consent(answers))
    other = (shown.notna() & (shown != every)).to_numpy(dtype=bool) & read
    theirs = themes.iloc[:0]
    if other.any():
        spoken = None if said is None else said[other]
        theirs = comments.assign_themes(shown[other], language=spoken, taxonomy=taxonomy)
    texts = pd.DataFrame({"masked": every, "quotable": shown, "language": language, "read": read})
    return {
        "texts": texts,
        "themes": themes,
        "marks": marks.to_frame("marks"),
        "words": words,
        "other_themes": theirs,
        **_as_tables(industry),
    }


def _with_others(themes: pd.DataFrame, theirs: pd.DataFrame) -> pd.DataFrame:
    """Return the themes of what may be shown: those of the comment, but where it is another text."""
    if theirs.empty:
        return themes
    return pd.concat([themes.drop(index=theirs.index), theirs]).loc[themes.index]


def read_of(texts: pd.Series[str], responses: pd.DataFrame, *, most: int = MOST_TEXTS) -> NDArray[np.bool_]:
    """Say which answers have their comment read: all, or where it has more than `most` different ones, a sample.

    Answers are drawn by a hash of what they say and of whom they are, never by their place: another order of the rows,
    or another export beside them, draws the same ones again.

    Examples
    --------
    >>> texts = pd.Series(["good", "good", None, "late", "dear"])
    >>> int(read_of(texts, pd.DataFrame({"response_id": list("abcde")}), most=2)[texts.notna()].sum()) < 4
    True
    """
    place, different = pd.factorize(texts)
    if len(different) <= most:
        return np.ones(len(texts), dtype=bool)
    own = responses[[name for name in _TOLD_APART if name in responses.columns]].astype("string")
    order = np.argsort(pd.util.hash_pandas_object(own, index=False).to_numpy(), kind="stable")
    order = order[place[order] >= 0]
    first = np.zeros(len(order), dtype=bool)
    first[np.unique(place[order], return_index=True)[1]] = True
    read = place < 0
    read[order[np.cumsum(first) <= most]] = True
    return read


def _as_tables(industry: Industry) -> dict[str, pd.DataFrame]:
    one = {"names": json.dumps(industry.names), "said": industry.said, "comments": industry.comments}
    counts = industry.counts.assign(words=[json.dumps(words) for words in industry.counts["words"]])
    return {"trade": pd.DataFrame([one]), "trades": counts}


def _industry_of(trade: pd.DataFrame, trades: pd.DataFrame) -> Industry:
    one = trade.iloc[0]
    words = [tuple(json.loads(told)) for told in trades["words"]]
    counts = trades.assign(words=pd.Series(words, index=trades.index, dtype=object))
    return Industry(tuple(json.loads(one["names"])), bool(one["said"]), counts, int(one["comments"]))


def _quotable(
    study: Study, responses: pd.DataFrame, masked: pd.Series[str], names: list[str], *, asked: bool
) -> pd.Series[str]:
    """Return the texts of a study that may be shown, see `comments.quotable`; `asked`: whether it asked for consent."""
    if asked and not comments.has_consent(responses):  # of those who wrote nobody was asked, or answered
        responses = responses.assign(**{CONSENT: False})
    told = None
    if comments.TESTIMONIAL in responses.columns:
        told, _ = comments.mask(responses[comments.TESTIMONIAL], names=names)
    return comments.quotable(
        responses,
        masked,
        testimonials=told,
        testimonial_files=_testimonial_files(study, responses["source_file"]),
        without_consent=study.settings.quotes,
    )


def _testimonial_files(study: Study, files: pd.Series[str]) -> set[str]:
    """Return the files of tools that ask for testimonials; of an export in many files all of them."""
    recognised = study.recognised()
    asking = set(recognised.loc[recognised["tool"].isin(TESTIMONIAL_TOOLS), "source_file"])
    return {file for file in map(str, files.unique()) if export_of(file) in asking} if asking else set()


def known_names(study: Study) -> list[str]:
    """Return the names of people that the study knows, for masking: who answers, is asked or owns an account."""
    found = study.kept("names", lambda: {"names": pd.DataFrame({"name": pd.Series(_names(study), dtype="str")})})
    names: list[str] = found["names"]["name"].tolist()
    return names


def _names(study: Study) -> list[str]:
    framed, accounts = attempt(_named_in_frame, study), attempt(study.accounts)
    names = people_in(study.responses())
    if not isinstance(framed, Limit):
        names |= framed
    if not isinstance(accounts, Limit):
        names |= people_in(accounts.drop(columns="name", errors="ignore"))
        names |= set(accounts["owner"].dropna().astype(str)) if "owner" in accounts.columns else set()
    return sorted(name for name in names if any(map(str.isalpha, name)))


def _named_in_frame(study: Study) -> set[str]:
    """Return the names in the frame: of millions of askings each different one is read, not each row."""
    columns = study.frame_columns()
    if name_parts(columns):  # which stand together in a row
        return people_in(study.frame(columns=name_columns(columns)))
    askings = study.askings()
    return set[str]().union(*(people_in(askings.different(name, staff=False)) for name in name_columns(columns)))
