"""The pages under the summary: where every row went, and what the report was made from."""

from __future__ import annotations

import datetime as dt
import html
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from platform import python_version
from typing import Final

from nps_utils import tables
from nps_utils.files import known_hash
from nps_utils.report.summary.numbers import MEANINGS
from nps_utils.study.study import Study
from nps_utils.tables import Table
from nps_utils.words.markup import escaped
from nps_utils.words.translation import Local

_PACKAGES: Final = (
    *("nps-utils", "pandas", "numpy", "scipy", "polars"),
    *("narwhals", "statsmodels", "scikit-learn", "matplotlib"),
)


def ledger_page(study: Study, local: Local) -> str:
    """Return the page of the data ledger: every row that came in, and where it went."""
    responses, ledger = study.responses(), study.ledger()
    shown = [
        tables.cleaning.flow_table(tables.cleaning.flow(responses, ledger)),
        tables.cleaning.rejected(ledger),
        tables.cleaning.flagged(ledger),
        tables.cleaning.decisions(ledger),
    ]
    heading = local.say("Data ledger: where every row went")
    note = local.say("The whole ledger, row by row, is in {file}.", file="results/ledger.csv")
    return "\n\n".join([f"# {escaped(heading)}", escaped(note), *(_raw(table) for table in shown), ""])


def made_page(study: Study, local: Local, made_on: dt.date) -> str:
    """Return the page on how this was made: inputs with their hashes, versions, seed and day."""
    heading = local.say("How this was made")
    facts = {
        local.say("Made on"): local.date(made_on),
        local.say("Time zone of the waves"): study.timezone,
        local.say("Seed of every random draw"): str(study.seed),
        local.say("Confidence level"): local.share(0.95),
        local.say("To make it again"): "nps report " + study.folder.resolve().name,
    }
    inputs = [
        (
            path.relative_to(study.folder).as_posix(),
            local.count(path.stat().st_size),
            known_hash(path),
        )
        for path in study.input_files()
    ]
    return "\n\n".join(
        [
            f"# {escaped(heading)}",
            _list(facts),
            _heading(local.say("What was read")),
            _pipe([local.say("File"), local.say("Bytes"), "SHA-256"], inputs),
            _heading(local.say("With what")),
            _list({"Python": python_version(), **versions()}),
            _heading(local.say("What to take away")),
            _list(
                {
                    "results/tables.xlsx": local.say("every table of every page, with a sheet of definitions"),
                    "results/tables/*.csv": local.say("the same tables, one file each, numbers unrounded"),
                    "results/figures/": local.say("every figure as SVG and PNG"),
                    "results/summary.json": local.say("the score and where the rows went, for machines"),
                    "results/summary.pdf": local.say("the summary as one PDF, where a browser could print it"),
                    "results/followup/": local.say("whom to contact; personal data, not part of these pages"),
                    "results/ledger.csv": local.say("every row that was rejected or flagged, with its reason"),
                }
            ),
            "",
        ]
    )


def versions() -> dict[str, str]:
    """Return the versions of the packages that numbers depend on."""
    found = {}
    for name in _PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def results_guide() -> str:
    """Return the text that lies beside the results: what each file is, and the keys of summary.json."""
    keys = "\n".join(f"- `{name}`: {meaning}" for name, meaning in MEANINGS.items())
    return (
        "# Results\n\nMade by `nps report`; made anew each time.\n\n"
        "- `tables.xlsx`: every table of every page, one sheet each; `Contents` lists them, `Definitions` explains the"
        " columns\n- `tables/*.csv`: the same, unrounded; `tables/*.json`: title and meaning of the columns\n"
        "- `figures/`: every figure as SVG and PNG; `summary-slide.png`: the first page as a slide\n"
        "- `ledger.csv`: every rejected or flagged row with its reason\n"
        "- `followup/`: whom to contact (`contact.csv`; cases of more than 90 days in `older.csv`), whom one may quote"
        " (`quotes.csv`), whom not to ask yet (`not_yet.csv`). `followup.xlsx` holds all of it for people, with a sheet"
        " for each owner and the status to choose from. **Personal data.** Fill in when contacted and the status in the"
        " sheet of contacts, save that sheet as CSV (UTF-8) and name it under `[followup]` in study.toml. A spreadsheet"
        " that opens `contact.csv` itself may take ids for numbers and drop their zeros; in the workbook they are text"
        "\n"
        "- `summary.pdf`: the summary, where a browser could print it\n- `summary.json`: the keys below\n\n"
        f"## summary.json\n\n{keys}\n"
    )


def _raw(table: Table) -> str:
    shown = table._repr_html_().replace(
        "<div class=", f'<div tabindex="0" role="region" aria-label="{html.escape(table.title)}" class='
    )
    return f"``````{{raw}} html\n{' '.join(shown.split())}\n``````"  # one line: no cell can end the block


def _heading(text: str) -> str:
    return f"## {escaped(text)}"


def _list(facts: dict[str, str]) -> str:
    return "\n".join(f"- **{escaped(name)}**: {escaped(value)}" for name, value in facts.items())


def _pipe(heads: list[str], rows: Sequence[tuple[str, ...]]) -> str:
    lines = [heads, ["---"] * len(heads), *([escaped(cell) for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
