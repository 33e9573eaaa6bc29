"""Which browser prints the summary; whoever asks whether there is one loads nothing else."""

from __future__ import annotations

import shutil
from typing import Final

BROWSERS: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")


def browser() -> str | None:
    """Return the browser that prints, or None where none of `BROWSERS` is installed."""
    return next((found for name in BROWSERS if (found := shutil.which(name))), None)
