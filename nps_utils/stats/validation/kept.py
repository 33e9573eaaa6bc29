"""Evidence kept with the library: tables that are the same for every study, for as long as what makes them is the same.

`evidence.json` names the modules and versions it was made with and a hash of them; with any other it is not used. It is
written by `make evidence`.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from importlib import metadata
from pathlib import Path
from typing import Any, Final

import pandas as pd

from nps_utils.files import content_hash, write_text

FILE: Final = Path(__file__).with_name("evidence.json")
ROOT: Final = Path(__file__).parents[3]
# Their sums and their random numbers are in every table.
LIBRARIES: Final = ("numpy", "scipy")
# These are loaded and compute nothing.
_AROUND: Final = ("nps_utils/files.py", "nps_utils/lazy.py", "nps_utils/stats/validation/kept.py")


def read_kept(names: Sequence[str], *, file: Path = FILE) -> list[pd.DataFrame] | None:
    """Return the kept tables of these names, or None where they are not those of the methods and libraries here."""
    try:
        told = json.loads(file.read_text("utf-8"))
        if told["key"] != made_of(told["modules"]):
            return None
        return [_table(told["tables"][name]) for name in names]
    except (OSError, ValueError, KeyError):
        return None


def keep(tables: Mapping[str, pd.DataFrame], modules: Sequence[str], *, file: Path = FILE) -> None:
    """Keep tables, as made by these modules of the library."""
    head = json.dumps({"key": made_of(modules), "modules": sorted(modules)}, indent=1)[1:-2]
    columns = (
        f' "{name}": {{\n'
        + ",\n".join(f"  {json.dumps(n)}: {json.dumps(c)}" for n, c in _cells(table).items())
        + "\n }"
        for name, table in tables.items()
    )
    write_text(file, "{" + head + ',\n "tables": {\n' + ",\n".join(columns) + "\n}}\n")  # a line a column


def made_of(modules: Sequence[str]) -> str:
    """Return one hash of modules, as paths from the root of the library, and of the libraries that compute.

    Raises
    ------
    FileNotFoundError
        There is no such module any more.
    """
    versions = [f"{name} {metadata.version(name)}" for name in LIBRARIES]
    return content_hash([ROOT / name for name in modules], *sorted(modules), *versions)


def _cells(table: pd.DataFrame) -> dict[str, Any]:
    """Return a table as JSON holds it: floats by their shortest text that means the same number."""
    if not table.index.equals(pd.RangeIndex(len(table))):
        raise ValueError("Only tables with rows 0..n-1 are kept.")
    return {str(name): {"type": str(column.dtype), "cells": column.tolist()} for name, column in table.items()}


def _table(cells: Mapping[str, Any]) -> pd.DataFrame:
    return pd.DataFrame({name: pd.Series(told["cells"], dtype=told["type"]) for name, told in cells.items()})


def loaded_modules() -> list[str]:
    """Return the modules of this library that this process has loaded, as paths from its root."""
    files = [getattr(module, "__file__", None) for name, module in sys.modules.items() if name.startswith("nps_utils")]
    paths = {Path(file).relative_to(ROOT).as_posix() for file in files if file}
    return sorted(paths - set(_AROUND))
