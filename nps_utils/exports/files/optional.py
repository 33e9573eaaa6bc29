"""Libraries that only some files need: imported when one is met, and named with their extra where they are missing."""

from __future__ import annotations

import importlib
from typing import Any

from nps_utils.checks import BadFile


def needed(module: str, extra: str, what: str) -> Any:
    """Import a library, or say how to install it.

    Examples
    --------
    >>> needed("json", "duckdb", "DuckDB files are read by duckdb").loads("[1]")
    [1]
    """
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        raise BadFile(
            f"{what}, which is not installed here. Install it, in the folder of this project:"
            f" .venv/bin/python -m pip install -e '.[{extra}]'; then run the same command again."
        ) from error
