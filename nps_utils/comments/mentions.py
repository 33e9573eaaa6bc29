"""Which themes each response mentions: one table for effects, changes and quality."""

from __future__ import annotations

from collections.abc import Sized
from pathlib import Path
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from nps_utils.checks import BadValue, check_columns
from nps_utils.comments.packs import CORE, industries
from nps_utils.comments.taxonomy import RESERVED, TaxonomyLike, read_taxonomy
from nps_utils.comments.themes import INDUSTRY, MENTIONED, NO_CONTENT, NOT_COVERED
from nps_utils.comments.word_files import Taxonomy

Mask: TypeAlias = npt.NDArray[np.bool_]


def theme_columns(themes: pd.DataFrame) -> list[str]:
    """Return the columns of `assign_themes` that hold scores."""
    check_columns(list(themes.columns), ["main_theme"], what="themes")
    return [name for name in themes.columns if name not in RESERVED and pd.api.types.is_numeric_dtype(themes[name])]


def taxonomy_behind(themes: pd.DataFrame, taxonomy: TaxonomyLike) -> Taxonomy:
    """Return the taxonomy with which `assign_themes` made a table: of the trade it notes, or whose themes it has."""
    if isinstance(taxonomy, (Taxonomy, str, Path)):
        return read_taxonomy(taxonomy)
    if INDUSTRY in themes.attrs:
        return read_taxonomy(taxonomy, industry=themes.attrs[INDUSTRY])
    columns = theme_columns(themes)
    each = (read_taxonomy(taxonomy, industry=name) for name in (CORE, *industries()))
    return next((one for one in each if list(one.themes) == columns), read_taxonomy(taxonomy))


def mentions_of(responses: Sized, themes: pd.DataFrame) -> tuple[Mask, pd.DataFrame]:
    """Return which responses say something that can be read, and for each theme (a column) which of them mention it."""
    if len(responses) != len(themes):
        raise BadValue(f"responses has {len(responses):,} rows and themes {len(themes):,}; they must be the same rows.")
    told = (~themes["main_theme"].isin([NO_CONTENT, NOT_COVERED])).to_numpy(dtype=bool)
    mentioned = (themes[theme_columns(themes)] >= MENTIONED).reset_index(drop=True)
    return told, mentioned & told[:, None]
