"""What it costs to be there: processor time of commands and imports, against a stated alternative in the same run.

The claims: `nps --help` costs at most twice `python -c "import pandas"`, and `import nps_utils` at most half a second.
The imports of each notebook are told as times of pandas. Every figure is the least of several runs.

    python benchmarks/imports.py [runs]
"""

from __future__ import annotations

import ast
import json
import resource
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
MOST_OF_HELP, MOST_SECONDS = 2.0, 0.5


def seconds(*arguments: str) -> float:
    """Return the processor time of a fresh interpreter with these arguments."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, *arguments], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def imports(notebook: Path) -> str:
    """Return the lines of a notebook that import."""
    cells = [cell for cell in json.loads(notebook.read_text("utf-8"))["cells"] if cell["cell_type"] == "code"]
    nodes = [node for cell in cells for node in ast.parse("".join(cell["source"])).body]
    return "\n".join(ast.unparse(node) for node in nodes if isinstance(node, (ast.Import, ast.ImportFrom)))


def main() -> int:
    """Print each cost in seconds and in times of pandas; return how many claims do not hold."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    asked = {
        "import pandas": ("-c", "import pandas"),
        "import nps_utils": ("-c", "import nps_utils"),
        "nps --help": ("-m", "nps_utils", "--help"),
        "nps plan": ("-m", "nps_utils", "plan"),
        **{path.stem: ("-c", imports(path)) for path in sorted((ROOT / "notebooks").glob("*.ipynb"))},
    }
    cost = dict.fromkeys(asked, float("inf"))
    for _ in range(runs + 1):  # in turns, so that a busy moment of the machine falls on all; the first run compiles
        cost |= {name: min(cost[name], seconds(*arguments)) for name, arguments in asked.items()}
    for name, value in cost.items():
        print(f"{name:<20} {value:6.2f} s {value / cost['import pandas']:6.2f} of pandas")
    broken = [cost["nps --help"] > MOST_OF_HELP * cost["import pandas"], cost["import nps_utils"] > MOST_SECONDS]
    return sum(broken)


if __name__ == "__main__":
    sys.exit(main())
