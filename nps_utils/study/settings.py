"""study.toml as typed settings: unknown keys, impossible values and missing files are errors that name the key."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, ValidationError, model_validator

from nps_utils.checks import BadStudy, BadValue, closest
from nps_utils.study.keys import Accounts as Accounts
from nps_utils.study.keys import Answers as Answers
from nps_utils.study.keys import Benchmark as Benchmark
from nps_utils.study.keys import Cluster as Cluster
from nps_utils.study.keys import Columns as Columns
from nps_utils.study.keys import Eligibility as Eligibility
from nps_utils.study.keys import Event as Event
from nps_utils.study.keys import Experiment as Experiment
from nps_utils.study.keys import Export as Export
from nps_utils.study.keys import Goal as Goal
from nps_utils.study.keys import Industry as Industry
from nps_utils.study.keys import Part
from nps_utils.study.keys import Revenue as Revenue
from nps_utils.study.keys import Step as Step
from nps_utils.study.keys import Table as Table
from nps_utils.study.keys import Theme as Theme
from nps_utils.study.keys import Waves as Waves
from nps_utils.study.keys import Weighting as Weighting
from nps_utils.study.keys import Zone as Zone
from nps_utils.waves import Wave, check_wave
from nps_utils.words.translation import Language


class Settings(Part):
    """Everything study.toml can say."""

    title: str = Field(min_length=1)
    language: Language = "en"
    industry: Industry | None = None  # None: told by the comments
    timezone: Zone
    seed: int = Field(default=1, ge=0)
    staff_domains: tuple[str, ...] = ()
    segments: tuple[str, ...] = ()
    ratings: tuple[str, ...] = ()
    weight: str | Literal[False] | None = None
    columns: Columns = Field(default_factory=dict)
    export: tuple[Export, ...] = Field(min_length=1)
    waves: Waves = Waves()
    answers: Answers = Answers()
    score_labels: dict[str, Annotated[int, Field(ge=0, le=10)] | Literal["none"]] = Field(default_factory=dict)
    rating_labels: dict[str, Step | dict[str, Step]] = Field(default_factory=dict)
    frame: Table | None = None
    accounts: Accounts | None = None
    revenue: Revenue | None = None
    followup: Table | None = None
    eligibility: Eligibility = Eligibility()
    weighting: Weighting | None = None
    experiment: Experiment | None = None
    event: tuple[Event, ...] = ()
    goal: tuple[Goal, ...] = ()
    benchmark: Benchmark | None = None
    theme: tuple[Theme, ...] = ()
    cluster: tuple[Cluster, ...] = ()
    embed: Literal["e5"] | None = None  # the encoder in the place of the table of words, for clusters
    quotes: bool = False  # show masked comments word by word where no export asked for consent

    @model_validator(mode="after")
    def _events_need_days(self) -> Settings:
        if self.event and self.waves.by == "column":
            raise ValueError(
                'has [[event]] but [waves] by = "column", which knows no days: let waves go by quarter, month, week,'
                " year or borders, or take the events out"
            )
        return self


def labels_of(settings: Settings) -> dict[str, int | None]:
    """Return what the study says that labels stand for; None for what is no answer."""
    return {text: None if said == "none" else said for text, said in settings.score_labels.items()}


def rating_labels_of(settings: Settings) -> dict[str, float | dict[str, float | None] | None]:
    """Return what the study says that cells stand for, of all ratings or of one; None for what is no answer."""

    def read(said: Step) -> float | None:
        return None if said == "none" else float(said)

    return {
        name: {text: read(step) for text, step in said.items()} if isinstance(said, dict) else read(said)
        for name, said in settings.rating_labels.items()
    }


def read_settings(folder: Path) -> Settings:
    """Read and check `study.toml` in `folder`.

    Raises
    ------
    BadStudy
        The folder or file is missing, is not TOML, has an unknown key or an impossible value, or names a file
        that is not there. The message names the key and the fix; all problems are listed at once.
    """
    path = folder / "study.toml"
    if folder.is_file():
        raise BadStudy(f"{folder} is a file. Name the folder of the study, the one that holds study.toml.")
    if not folder.is_dir():
        raise BadStudy(f"{folder}: no such folder. To start a study: nps new {folder} EXPORT...")
    if not path.is_file():
        raise BadStudy(f"{folder} has no study.toml. To write one: nps new {folder} EXPORT...")
    raw = _read_toml(path)
    try:
        settings = Settings.model_validate(raw)
    except ValidationError as error:
        raise BadStudy("\n".join(_problems(path, error))) from error
    missing = [
        f'{path}, {key} = "{name}": no such file in {folder}.{_instead(folder, name)}'
        for key, name in _files(settings)
        if not (folder / name).exists()
    ]
    if missing:
        raise BadStudy("\n".join(missing))
    return settings


def changed_settings(
    settings: Settings, *, wave: Wave | None = None, segments: Sequence[str] | None = None
) -> Settings:
    """Return the settings with another rule for waves, or other segments, than study.toml has.

    Raises
    ------
    BadValue
        The rule is none; the text says which there are.
    """
    new: dict[str, object] = {}
    if wave is not None:
        rule = check_wave(wave)
        new["waves"] = Waves(by=rule) if isinstance(rule, str) else Waves(by="borders", borders=rule)
    if segments is not None:
        if isinstance(segments, str):
            raise BadValue(f'segments = "{segments}" is one name; write a list of columns: ["{segments}"].')
        new["segments"] = tuple(segments)
    return settings.model_copy(update=new)


def _instead(folder: Path, name: str) -> str:
    """Return what to write for a path that leads to nothing: of a pattern the folder, else a name like it."""
    before = re.split(r"[*?]", name)[0]
    if before != name:
        place = before.rpartition("/")[0]
        return f' Patterns are not read; the Parquet files of a folder are, as one export: path = "{place or "raw"}"'
    return closest(name, _present(folder))


def _present(folder: Path) -> list[str]:
    """Return the files that a study may name, as it would name them."""
    return [file.relative_to(folder).as_posix() for file in (*folder.glob("*"), *folder.glob("raw/*"))]


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadStudy(f"{path} is not UTF-8 text: {error}. Save it as UTF-8 in your editor.") from error
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadStudy(f"{path} is not valid TOML: {error}.{_toml_hint(text, str(error))}") from error


def _toml_hint(text: str, error: str) -> str:
    """Return what to write instead, where the place of the error shows it; otherwise nothing."""
    if "overwrite" in error or "declare" in error:
        return " The same key or table is there twice: keep one."
    place = re.search(r"line (\d+), column (\d+)", error)
    if place is None or int(place[1]) > len(lines := text.splitlines()):
        return ""
    line, at = lines[int(place[1]) - 1], int(place[2]) - 1
    key, _, value = (part.strip() for part in line.partition("="))
    if "\\" in value and value.startswith('"') and "nvalid" in error:
        return f" A backslash needs single quotes around the text: {key} = {value.replace(chr(34), chr(39))}"
    if "Invalid value" not in error or not (said := line[at:]):
        return ""
    key = line[:at].rstrip(" =").split()[-1] if "=" in line[:at] else key
    bare = re.split(r"[,\]}#]", said)[0].strip(" \"'“”„‘’«»")
    if bare.casefold() in ("true", "yes", "false", "no"):
        return f" Write {key} = {str(bare.casefold() in ('true', 'yes')).lower()}, in small letters."
    if said[0] in "“”„‘’«»":
        return f' Quotes must be straight: {key} = "{bare}"'
    return f' Text needs quotes: {key} = "{bare}"' if said[0].isalpha() else ""


def _files(settings: Settings) -> Iterable[tuple[str, str]]:
    yield from ((f"[[export]] {i} path", export.path) for i, export in enumerate(settings.export, 1))
    for key in ("frame", "accounts", "revenue", "followup"):
        table = getattr(settings, key)
        if table is not None:
            yield f"[{key}] path", table.path


def _problems(path: Path, error: ValidationError) -> Iterable[str]:
    for problem in error.errors(include_url=False):
        if problem["type"] == "too_short" and problem["input"]:
            continue  # the list is short only because its items were faulty; those are told by themselves
        where = _key(problem["loc"])
        if problem["type"] == "extra_forbidden":
            known = _known_keys(problem["loc"])
            hint = closest(str(problem["loc"][-1]), known)
            yield f"{path}: unknown key {where}.{hint} Known here: {', '.join(known)}."
        elif problem["type"] == "missing":
            yield f"{path}: the key {where} is missing. {_EXAMPLES.get(str(problem['loc'][-1]), '')}".rstrip()
        else:
            rule = problem["msg"].removeprefix("Value error, ")
            value = "" if isinstance(problem["input"], dict) else f" = {problem['input']!r}"
            yield f"{path}: {where}{value}: {rule}" + ("" if rule.endswith("?") else ".")


_EXAMPLES = {
    "title": 'Write: title = "Customer survey"',
    "timezone": 'Write: timezone = "Europe/Stockholm"',
    "export": 'Write: [[export]] and below it path = "raw/answers.csv"',
    "path": 'Write: path = "raw/answers.csv"',
}


def _key(loc: tuple[int | str, ...]) -> str:
    words: list[str] = []
    for part in loc:
        if isinstance(part, int):
            words[-1] += f"[{part + 1}]"
        else:
            words.append(part)
    return ".".join(words) or "study.toml"


def _known_keys(loc: tuple[int | str, ...]) -> list[str]:
    model: Any = Settings
    for part in loc[:-1]:
        if isinstance(part, str):
            model = _inner_model(model.model_fields[part].annotation)
    return list(model.model_fields)


def _inner_model(annotation: Any) -> Any:
    """Return the settings class inside `X | None` or `tuple[X, ...]`."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next(a for a in annotation.__args__ if isinstance(a, type) and issubclass(a, BaseModel))
