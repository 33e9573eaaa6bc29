"""Faces that cost nothing: the names of a package's stub, each loaded when it is first used (PEP 562).

A package with a face has an `__init__.pyi` of lines `from nps_utils.place import name as name`. That one list is what
type checkers and editors read, what `dir()` shows, and where a name is loaded from. So `nps --help` does not pay for
matplotlib, and a notebook pays for what its cells use.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

_LINE = re.compile(r"^from (\S+) import \w+ as (\w+)$", re.MULTILINE)


def face(package: str, file: str) -> tuple[Callable[[str], object], Callable[[], list[str]], list[str]]:
    """Return `__getattr__`, `__dir__` and `__all__` of a package, from the stub beside its `__init__.py`.

    Examples
    --------
    >>> import nps_utils
    >>> load, names, _ = face("nps_utils", nps_utils.__file__)
    >>> load("score").__module__, "score" in names()
    ('nps_utils.stats.score', True)
    """
    homes = {name: home for home, name in _LINE.findall(Path(file).with_suffix(".pyi").read_text("utf-8"))}

    def load(name: str) -> object:
        if name not in homes:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        home = homes[name]
        try:
            value: object = import_module(f"{home}.{name}")  # a noun: a room, or a module of one
        except ModuleNotFoundError as error:
            if error.name != f"{home}.{name}":
                raise
            value = getattr(import_module(home), name)
        setattr(sys.modules[package], name, value)  # asked once
        return value

    def names() -> list[str]:
        return sorted({*homes, *(name for name in vars(sys.modules[package]) if name.startswith("__"))})

    return load, names, sorted(homes)
