"""What the comments of a study are once read: masked texts, their languages and themes, beside the answers."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from nps_utils.comments.industry import Industry
from nps_utils.comments.word_files import Taxonomy


@dataclass(frozen=True)
class Remarks:
    """The comments of a study: masked, and what each is about, under the index of the responses.

    Answers of which nobody wrote a comment have no row: of millions they are most. `at_answers` says of which answers
    the rows are.

    Only `quotable` may be shown word by word: the masked text that its writer, or study.toml, allowed; it may be
    another text than the comment, so that it has its own themes.
    """

    masked: pd.Series[str]
    themes: pd.DataFrame
    taxonomy: Taxonomy
    marks: pd.Series[int]
    quotable: pd.Series[str]
    quotable_themes: pd.DataFrame
    asked_consent: bool
    industry: Industry
    answers: int = 0  # how many there are, with a comment or without
    words: pd.DataFrame | None = None  # behind each theme, see `comments.theme_words`; None of a part of the comments
    made_of: str = ""  # a hash of all that they rest on; none where it is not known
    language: str = "en"  # of the report, in which themes have their names
    every: pd.Series[str] | None = None  # all masked comments, where `masked` holds a sample of them
    drawn: tuple[int, int] | None = None  # how many comments were read, of how many, where not all were

    @property
    def texts(self) -> pd.Series[str]:
        """The masked comments of all answers, also of those that were not read for their themes."""
        return self.masked if self.every is None else self.every

    def at_answers(self, responses: pd.DataFrame) -> NDArray[np.intp]:
        """Return the places of the rows among responses, of which some may have been left out: theirs are -1."""
        return responses.index.get_indexer(self.themes.index)

    def of(self, responses: pd.DataFrame) -> Remarks:
        """Return the comments of some of the responses."""
        here = self.themes.index.isin(responses.index)
        cut = {name: getattr(self, name)[here] for name in ("masked", "themes", "quotable", "quotable_themes")}
        return replace(self, words=None, made_of="", answers=len(responses), **cut)

    def labels(self, language: str = "en") -> pd.Series[str]:
        """Return the main theme of each comment in words, missing where there is none."""
        main = self.themes["main_theme"]
        named = main.map({theme: self.taxonomy.label(theme, language) for theme in self.taxonomy.themes})
        return named.astype("string")
