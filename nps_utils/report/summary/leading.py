"""The score that the summary leads with, judged once for all that tell of it."""

from __future__ import annotations

from functools import lru_cache

from nps_utils.stats.verdicts.judged import Judged, judge
from nps_utils.study.study import Study


def judged_of(study: Study) -> Judged:
    """Return the score now of the main touchpoint and how it moved; computed once as long as the input is the same."""
    return _judged(_Same((study.folder, study.input_hash(), study.settings.model_dump_json()), study))


class _Same:
    """A study that is equal to another which reads the same."""

    def __init__(self, reads: tuple[object, ...], study: Study) -> None:
        self.reads, self.study = reads, study

    def __hash__(self) -> int:
        return hash(self.reads)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.reads == other.reads


@lru_cache(maxsize=2)
def _judged(same: _Same) -> Judged:
    study = same.study
    return judge(study.responses(), incomplete=study.incomplete_waves(), segments=study.segments)
