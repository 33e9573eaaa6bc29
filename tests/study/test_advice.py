"""What messages and documents tell people to write: every key of study.toml that is named there exists there."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import BaseModel

from nps_utils.columns import EXPORT
from nps_utils.exports import side_headers
from nps_utils.study.settings import Settings

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "nps_utils"
SECTION = r"\[{1,2}([a-z_]+)\]{1,2}"
# A key with a value behind it, as TOML or Python writes it; § stands for what a message fills in.
ADVISED = re.compile(r"(?<![\w.\]§-])([A-Za-z_]{2,}) ?= ?(?=[\"'\[{§]|\d|true\b|false\b|\.\.\.)")
PLACE = re.compile(rf"(?:under {SECTION}|{SECTION}) (?:in study\.toml: )?([a-z_]+) = ")
INSIDE = re.compile(r"columns = \{+([^{}]*)\}")
# Names that columns of an export or of a further table can be given.
NAMES = {*EXPORT, *side_headers.SPELLED, "initial_mrr"}


def models(model: type[BaseModel]) -> dict[str, type[BaseModel]]:
    """Return the settings of each table of study.toml by its name."""
    found: dict[str, type[BaseModel]] = {}
    for name, field in model.model_fields.items():
        for inner in (field.annotation, *get_args(field.annotation)):
            if isinstance(inner, type) and issubclass(inner, BaseModel):
                found[name] = inner
    return found


SECTIONS = models(Settings)
KEYS = {*Settings.model_fields, *(key for model in SECTIONS.values() for key in model.model_fields)}


def written(tree: ast.Module) -> Iterator[str]:
    """Yield every text of a module but its docstrings; what an f-string fills in is §."""
    scopes = [n for n in ast.walk(tree) if isinstance(n, ast.Module | ast.ClassDef | ast.FunctionDef)]
    told = {id(n.body[0].value) for n in scopes if n.body and isinstance(n.body[0], ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            told |= {id(part) for part in node.values}
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else "§" for part in node.values)
    yield from (
        n.value
        for n in ast.walk(tree)
        if isinstance(n, ast.Constant) and isinstance(n.value, str) and id(n) not in told
    )


def parsed() -> dict[str, ast.Module]:
    """Return every module of the library."""
    paths = [path for path in sorted(PACKAGE.rglob("*.py")) if path.parent.name not in ("site", "simulate")]
    return {path.relative_to(ROOT).as_posix(): ast.parse(path.read_text("utf-8")) for path in paths}


MODULES = parsed()
PARAMETERS = {
    argument.arg
    for tree in MODULES.values()
    for node in ast.walk(tree)
    if isinstance(node, ast.FunctionDef)
    for argument in (*node.args.args, *node.args.kwonlyargs)
}


def wrong_in(text: str) -> list[str]:
    """Return what a text advises that study.toml does not know."""
    names = {name for inside in INSIDE.findall(text) for name in re.findall(r"([A-Za-z_]+) = ", inside)}
    wrong = sorted(names - NAMES)
    for under, bare, key in PLACE.findall(text):
        section = under or bare
        if section not in SECTIONS:
            wrong.append(f"[{section}]")
        elif key not in SECTIONS[section].model_fields:
            wrong.append(f"[{section}] {key}")
    about_study = "study.toml" in text or any(f"[{name}]" in text for name in SECTIONS)
    # To a library function the same advice may name its parameter; a page then has no line to write.
    known = KEYS | NAMES | (set() if about_study else PARAMETERS)
    bare_keys = set(ADVISED.findall(re.sub(r"[Ii]n Python:[^)]*|--\w+ (?:\"[^\"]*\"|\S+)", "", text)))
    return wrong + sorted(bare_keys - known - names)


@pytest.mark.parametrize("module", MODULES)
def test_a_message_names_no_key_that_study_toml_does_not_have(module: str) -> None:
    """Every text in the source that shows a key with a value, in the table that it says."""
    texts = [text for text in written(MODULES[module]) if "<" not in text and "{n" not in text]
    assert not [(text, wrong) for text in texts if (wrong := wrong_in(text))]


def test_the_check_finds_what_it_is_for() -> None:
    """It has seen the advice there is, and would see a key that is none."""
    texts = [text for tree in MODULES.values() for text in written(tree)]
    assert sum(len(ADVISED.findall(text)) for text in texts) > 150
    assert wrong_in('Write under [revenue] in study.toml: repeat = "sum".') == ["[revenue] repeat", "repeat"]
    assert wrong_in('study.toml: columns = { acount_id = "..." }') == ["acount_id"]
    assert wrong_in('Give it to study.toml: method = "score".') == ["method"]
    assert not wrong_in('under [answers] in study.toml: account_ids = "alike"')


def keys_of(lines: list[str]) -> Iterator[tuple[str | None, str]]:
    """Yield the keys of some TOML, commented out or not, each with its table."""
    section: str | None = None
    for line in lines:
        bare = line.removeprefix("#").strip()
        if opened := re.match(SECTION, bare):
            section = opened[1]
        elif key := re.match(r"([a-z_]+) = ", bare):
            yield section, key[1]


def known_in(section: str | None) -> set[str]:
    """Return the keys of a table of study.toml, or those above the first."""
    model: Any = SECTIONS[section] if section else Settings
    return set(model.model_fields)


@pytest.mark.parametrize(
    "path", ["nps_utils/report/study.toml.jinja", "README.md", "CONTRIBUTING.md", "data/README.md"]
)
def test_a_document_names_no_key_that_study_toml_does_not_have(path: str) -> None:
    """The template, its lines that are commented out too, and the examples of the documents."""
    text = (ROOT / path).read_text("utf-8")
    blocks = [text] if path.endswith("jinja") else re.findall(r"```toml\n(.*?)```", text, re.DOTALL)
    for block in blocks:
        lines = [line for line in block.splitlines() if not line.startswith("{%")]
        for section, key in keys_of(lines):
            assert section == "score_labels" or key in known_in(section), (section, key)
