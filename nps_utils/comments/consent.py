"""Which text of an answer may be shown in its writer's words: the one place that decides it."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

import numpy as np
import pandas as pd

from nps_utils.checks import check_columns

CONSENT: Final = "consent_to_quote"
TESTIMONIAL: Final = "testimonial"


def has_consent(responses: pd.DataFrame) -> bool:
    """Say whether the study asked anybody for consent: whether an export has the column."""
    return CONSENT in responses.columns and bool(responses[CONSENT].notna().any())


def quotable(
    responses: pd.DataFrame,
    masked: pd.Series[str],
    *,
    testimonials: pd.Series[str] | None = None,
    testimonial_files: Collection[str] = (),
    without_consent: bool = False,
) -> pd.Series[str]:
    """Return the text that may be shown of each answer, missing where none may be.

    Where the study has a column of consent, only those who said yes are quoted. A consent given for a testimonial
    is none for the reason of the score: of an export that asks for both, the testimonial is the text. Where the study
    has no such column, comments are shown only where study.toml says so.

    Parameters
    ----------
    responses
        With `consent_to_quote` and, where there are testimonials, `source_file`.
    masked
        The masked comments, under the index of `responses`.
    testimonials
        The masked testimonials, likewise.
    testimonial_files
        Exports whose consent belongs to the testimonial, also where nobody wrote one.
    without_consent
        What study.toml says under `quotes`; it does not overrule a no.

    Examples
    --------
    >>> asked = pd.DataFrame({"consent_to_quote": [True, False]})
    >>> quotable(asked, pd.Series(["Fast", "Slow"])).tolist()
    ['Fast', nan]
    >>> quotable(asked[[]], pd.Series(["Fast", "Slow"])).tolist()
    [nan, nan]
    """
    nothing: pd.Series[str] = pd.Series(np.nan, index=responses.index, dtype="str")
    comments: pd.Series[str] = masked.astype("str")
    if not has_consent(responses):
        return comments if without_consent else nothing
    text = comments
    if testimonials is not None:
        check_columns(list(responses.columns), ["source_file"], what="the responses")
        written = testimonials.fillna("").str.strip() != ""
        files = {*testimonial_files, *responses.loc[written, "source_file"]}
        text = text.mask(responses["source_file"].isin(files), testimonials.where(written).astype("str"))
    allowed = responses[CONSENT].fillna(value=False).astype(bool)
    shown: pd.Series[str] = text.where(allowed)
    return shown
