"""`python -m nps_utils.simulate FOLDER [SEED]`: write the demo study into a folder."""

from __future__ import annotations

import sys

from nps_utils.simulate import SEED, study


def main(arguments: list[str]) -> int:
    """Write the study; return the exit code."""
    if not 1 <= len(arguments) <= 2 or (len(arguments) == 2 and not arguments[1].isdigit()):
        sys.stderr.write("usage: python -m nps_utils.simulate FOLDER [SEED]\n")
        return 2
    study(arguments[0], seed=int(arguments[1]) if len(arguments) == 2 else SEED)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
