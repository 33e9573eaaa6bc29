"""Which themes each response mentions: one table for effects, changes and quality."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from nps_utils.checks import BadValue, check_columns
from nps_utils.comments.industry import industry_of
from nps_utils.comments.packs import CORE, industries
from nps_utils.comments.taxonomy import RESERVED, TaxonomyLike, read_taxonomy
from nps_utils.comments.text import normalise
from nps_utils.comments.themes import MENTIONED, NO_CONTENT, NOT_COVERED
from nps_utils.comments.word_files import Taxonomy

Mask: TypeAlias = npt.NDArray[np.bool_]


def theme_columns(themes: pd.DataFrame) -> list[str]:
    """Return the columns of `assign_themes` that hold scores."""
    check_columns(list(themes.columns), ["main_theme"], what="themes")
    return [name for name in themes.columns if name not in RESERVED and pd.api.types.is_numeric_dtype(themes[name])]


def taxonomy_behind(themes: pd.DataFrame, comments: Sequence[str], taxonomy: TaxonomyLike) -> Taxonomy:
    """Return the taxonomy with which `assign_themes` made a table: that of the trade whose themes are its columns."""
    if isinstance(taxonomy, (Taxonomy, str, Path)):
        return read_taxonomy(taxonomy)
    columns = theme_columns(themes)
    alike = [
        one
        for name in (CORE, *industries())
        if list((one := read_taxonomy(taxonomy, industry=name)).themes) == columns
    ]
    if len(alike) == 1:
        return alike[0]
    silent = (themes["main_theme"] == NO_CONTENT).to_numpy(dtype=bool)
    plain = [normalise(text) for text in comments]
    found = industry_of(plain, themes["language"].to_numpy(dtype=object), silent)
    return read_taxonomy(taxonomy, industry=found.names or CORE)


def mentions_of(responses: pd.DataFrame, themes: pd.DataFrame) -> tuple[Mask, pd.DataFrame]:
    """Return which responses say something that can be read, and for each theme (a column) which of them mention it."""
    if len(responses) != len(themes):
        raise BadValue(f"responses has {len(responses):,} rows and themes {len(themes):,}; they must be the same rows.")
    told = (~themes["main_theme"].isin([NO_CONTENT, NOT_COVERED])).to_numpy(dtype=bool)
    mentioned = (themes[theme_columns(themes)] >= MENTIONED).reset_index(drop=True)
    return told, mentioned & told[:, None]
