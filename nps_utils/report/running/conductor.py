"""The command as the warm process itself: it loads what pages use once, and a process forked from it makes the report.

Otherwise whoever makes a report loads much the same libraries a second time beside the warm process. So the command
loads them, forks the process that goes on with the report, and from then on only forks pages for it and waits. How that
process ends, the command ends.
"""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import sys
import traceback
from typing import Final

from nps_utils.report.running import warm

_PR_SET_PDEATHSIG: Final = 1
_STOPPED: Final = (
    "The report was stopped by the system, probably for want of memory. Close other programs and run `nps report`"
    " again; the last good report stays.\n"
)
# Where the process that makes the report asks for pages; taken by the first crew.
_ASKED: Final[list[socket.socket]] = []
# The process that goes on with the report.
_GOES_ON: Final[list[int]] = []


def go_on() -> None:
    """Go on in a process forked from this one; this one serves pages, waits for it and ends as it does.

    Where a pool of threads runs already, nothing is forked, and the caller goes on as it is.

    Only for a process that is the command: who runs it as a function would find their process replaced.
    """
    warm.preload()
    if warm.pools():
        return
    ours, theirs = socket.socketpair()
    sys.stdout.flush()
    sys.stderr.flush()
    parent = os.getpid()
    child = os.fork()
    if child == 0:
        theirs.close()
        _end_with(parent)
        _ASKED.append(ours)
        _GOES_ON.append(os.getpid())
        return
    ours.close()
    status = 1
    try:
        with theirs:
            warm.serve(theirs, begun=lambda: _end_with(parent))
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        if status < 0:  # killed, and so is this one: whoever waits for the command sees by what
            if status == -signal.SIGKILL:
                sys.stderr.write(_STOPPED)
                sys.stderr.flush()
            os.kill(parent, -status)
    except BaseException:  # noqa: BLE001 - nothing may return into the command: that is the other process
        traceback.print_exc()
    finally:
        os._exit(abs(status))


def end() -> None:
    """End the process that went on, when all is done: to free what is loaded would take longer than half a second.

    Any other process goes on.
    """
    if os.getpid() in _GOES_ON:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(0)


def taken() -> socket.socket | None:
    """Return where this process asks the one that it was forked from for pages; None where there is none or no more."""
    return _ASKED.pop() if _ASKED else None


def _end_with(parent: int) -> None:
    """Let the system end this process when the command is killed: nobody would wait for what it makes."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it was killed before
        os._exit(1)
