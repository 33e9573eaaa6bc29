"""A pytest plugin: nbval's kernels are talked to through files, as those of the report are.

nbval offers no setting for it. On open ports a kernel dies now and then, because something else took its port first.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import nbval.kernel
import pytest
from jupyter_client.manager import KernelManager

from nps_utils.report.running.kernels import kernel_files


class FileKernelManager(KernelManager):
    """A kernel whose sockets lie in a folder of its own."""

    def __init__(self, **kwargs: object) -> None:
        folder = tempfile.TemporaryDirectory(prefix="nbval-")
        super().__init__(config=kernel_files(Path(folder.name)), **kwargs)
        self.folder = folder  # goes with the manager


def pytest_configure(config: pytest.Config) -> None:
    """Let nbval start its kernels so."""
    nbval.kernel.KernelManager = FileKernelManager
