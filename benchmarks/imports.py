"""What it costs to be there: processor time of commands and imports, against a stated alternative in the same run.

The claims: `nps --help` costs at most twice `python -c "import pandas"`, `import nps_utils` at most half a second, and
the imports of each notebook at most .40 of those of an earlier build. Every figure is the least of several runs.

    python benchmarks/imports.py [runs] [commit]
"""

from __future__ import annotations

import ast
import json
import sys
from pathlib import Path

from earlier import COMMIT, ROOT, earlier, seconds

MOST_OF_HELP, MOST_SECONDS, MOST_OF_EARLIER = 2.0, 0.5, 0.40


def imports(notebook: Path) -> str:
    """Return the lines of a notebook that import."""
    cells = [cell for cell in json.loads(notebook.read_text("utf-8"))["cells"] if cell["cell_type"] == "code"]
    nodes = [node for cell in cells for node in ast.parse("".join(cell["source"])).body]
    return "\n".join(ast.unparse(node) for node in nodes if isinstance(node, (ast.Import, ast.ImportFrom)))


def main() -> int:
    """Print each cost in seconds, in times of pandas and of the earlier build; return how many claims do not hold."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    commit = sys.argv[2] if len(sys.argv) > 2 else COMMIT
    with earlier(commit) as old:
        cost = {tree: dict.fromkeys(asked(tree), float("inf")) for tree in (ROOT, old)}
        for _ in range(runs + 1):  # in turns, so that a busy moment of the machine falls on all; the first run compiles
            for tree, least in cost.items():
                least |= {name: min(least[name], seconds(*how, tree=tree)) for name, how in asked(tree).items()}
    now, before = cost.values()
    broken = 0
    for name, value in now.items():
        ratio = value / before[name]
        broken += name[0].isdigit() and ratio > MOST_OF_EARLIER
        print(f"{name:<20} {value:6.2f} s {value / now['import pandas']:6.2f} of pandas {ratio:6.2f} of {commit}")
    broken += now["nps --help"] > MOST_OF_HELP * now["import pandas"]
    return broken + (now["import nps_utils"] > MOST_SECONDS)


def asked(tree: Path) -> dict[str, tuple[str, ...]]:
    """Return what is measured in a tree, each as arguments of the interpreter."""
    return {
        "import pandas": ("-c", "import pandas"),
        "import nps_utils": ("-c", "import nps_utils"),
        "nps --help": ("-m", "nps_utils", "--help"),
        "nps plan": ("-m", "nps_utils", "plan"),
        **{path.stem: ("-c", imports(path)) for path in sorted((tree / "notebooks").glob("*.ipynb"))},
    }


if __name__ == "__main__":
    sys.exit(main())
