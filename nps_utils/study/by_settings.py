"""What study.toml alone says of a study: its files, its calendar, its segments, its goal, with whom it compares."""

from __future__ import annotations

from pathlib import Path

from nps_utils.checks import BadStudy
from nps_utils.files import content_hash, files_of
from nps_utils.study.settings import Benchmark, Experiment, Goal, Settings
from nps_utils.waves import Wave


class NotInStudy(BadStudy):
    """The study does not have this; the text says what cannot be known without it."""


class BySettings:
    """Answers of study.toml to what is asked of a study."""

    folder: Path
    settings: Settings

    @property
    def timezone(self) -> str:
        """The zone whose calendar makes the waves."""
        return self.settings.timezone

    @property
    def seed(self) -> int:
        """The seed of everything random in the study's pages."""
        return self.settings.seed

    @property
    def wave(self) -> Wave:
        """The rule by which answers are put into waves."""
        by = self.settings.waves.by
        return self.settings.waves.borders if by == "borders" else by

    @property
    def segments(self) -> list[str]:
        """Columns by which scores are cut."""
        return list(self.settings.segments)

    def nps_goal(self) -> Goal:
        """Return the first goal for the score."""
        found = [goal for goal in self.settings.goal if goal.metric == "nps"]
        if not found:
            raise NotInStudy('This study names no goal for the score: [[goal]] metric = "nps", target, by.')
        return found[0]

    def nps_target(self) -> float | None:
        """Return the target of that goal, or None where there is none: a line that is not drawn."""
        return next((goal.target for goal in self.settings.goal if goal.metric == "nps"), None)

    def experiment(self) -> Experiment:
        """Return the randomised comparison of the study."""
        if self.settings.experiment is None:
            raise NotInStudy(
                "This study names no [experiment]: no change was given by chance to some and not to others."
            )
        return self.settings.experiment

    def benchmark(self) -> Benchmark:
        """Return the score of others that the study compares itself with."""
        if self.settings.benchmark is None:
            raise NotInStudy("This study names no [benchmark]: only its own waves can be compared.")
        return self.settings.benchmark

    def input_paths(self) -> list[Path]:
        """Return study.toml and what it names: files, and folders of tables in parts."""
        tables = (self.settings.frame, self.settings.accounts, self.settings.revenue, self.settings.followup)
        named = [e.path for e in self.settings.export] + [t.path for t in tables if t is not None]
        return [self.folder / "study.toml", *(self.folder / name for name in named)]

    def input_files(self) -> list[Path]:
        """Return study.toml and every file that is read."""
        return [file for path in self.input_paths() for file in files_of(path)]

    def input_hash(self, *, language: bool = True) -> str:
        """Return one hash of everything the study reads; without the language, of what notebooks read of it."""
        if language:
            return content_hash(self.input_paths())
        files = [path for path in self.input_paths() if path != self.folder / "study.toml"]
        return content_hash(files, self.settings.model_dump_json(exclude={"language"}))
