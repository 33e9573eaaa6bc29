"""A study of millions of answers, written block by block: each block is a company of its own, so memory stays bounded.

`python -m nps_utils.simulate.many FOLDER ACCOUNTS [COMMENTED]`: some 24 answers and 66 askings for each account.
"""

from __future__ import annotations

import sys
from importlib import resources
from pathlib import Path

import numpy as np
import pandas as pd

from nps_utils.checks import check_fraction, check_whole
from nps_utils.simulate.answers import frame_file
from nps_utils.simulate.folder import accounts_file, dated, followup_file
from nps_utils.simulate.plan import SEED, Plan
from nps_utils.simulate.survey import Company, all_asked, company

BLOCK = 1_125  # accounts
UNANSWERED = 0.04  # of the askings, that are in the export without a score
COLUMNS = [
    *("response_id", "respondent_id", "email", "account_id", "touchpoint", "score", "comment", "language", "channel"),
    "responded_at",
]


def large_study(
    folder: str | Path, *, accounts: int, seed: int = SEED, commented: float = 1.0, block: int = BLOCK
) -> int:
    """Write a study of many accounts as a folder, and return how many answers it has.

    Parameters
    ----------
    folder
        Where to write; files of an earlier simulation are replaced.
    accounts
        How many, in blocks of `block`.
    seed
        That of the first block; the others follow.
    commented
        How many of the comments that a company gets are written: .645 is 400,000 for a million answers.
    block
        Accounts that are simulated at a time.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as made:
    ...     n = large_study(made, accounts=24, block=12)
    ...     n > 300, sorted(path.name for path in Path(made, "raw").iterdir())
    (True, ['accounts.csv', 'answers.csv', 'followup.csv', 'frame.csv', 'revenue.csv'])
    """
    check_whole("accounts", accounts, least=12)
    check_whole("block", block, least=12)
    if commented != 1:
        check_fraction("commented", commented)
    raw = Path(folder) / "raw"
    raw.mkdir(parents=True, exist_ok=True)
    answers = 0
    starts = range(0, accounts - 11, block)
    for number, start in enumerate(starts):
        made = company(Plan(seed=seed + number, accounts=min(block, accounts - start), comments=commented, dirt=False))
        answers += int(made.answers["answered"].sum())
        tag = f"{number:0{len(str(len(starts)))}d}"
        for name, table in _tables(made).items():
            with (raw / f"{name}.csv").open("a" if number else "w", encoding="utf-8", newline="") as file:
                _tagged(table, tag).to_csv(
                    file, header=not number, index=False, lineterminator="\n", float_format="%.2f"
                )
    (Path(folder) / "study.toml").write_bytes(_settings(seed).encode())
    return answers


def _tables(made: Company) -> dict[str, pd.DataFrame]:
    asked = all_asked(made)
    shown = made.plan.rng("shown").random(len(asked)) < UNANSWERED
    rows = asked[asked["answered"] | shown].sort_values("sort_at", kind="stable")
    answered = rows["answered"].to_numpy()
    rows = rows.assign(
        score=np.where(answered, rows["score"], ""),
        comment=np.where(answered, rows["comment"], ""),
        responded_at=rows["responded_at"].dt.strftime("%Y-%m-%dT%H:%M:%SZ"),
    )
    return {
        "answers": rows[COLUMNS],
        "frame": frame_file(made.answers, made.plan),
        "accounts": accounts_file(made),
        "revenue": dated(made.revenue),
        "followup": followup_file(made),
    }


def _tagged(table: pd.DataFrame, tag: str) -> pd.DataFrame:
    """Give ids and addresses the mark of their block: the same number in two blocks is two people."""
    ids = {name: tag + table[name] for name in ("response_id", "respondent_id", "account_id") if name in table.columns}
    if "email" in table.columns:
        ids["email"] = table["email"].str.replace("@", f".{tag}@", regex=False)
    return table.assign(**ids)


def _settings(seed: int) -> str:
    """Return the settings of the demo for one export in our own columns."""
    text = resources.files(__package__).joinpath("study.toml").read_text(encoding="utf-8").replace("{seed}", str(seed))
    first = text.index("# Relationship survey, Sweden")
    after = text.index("# Who was asked: one row per person")
    return text[:first] + '[[export]]\npath = "raw/answers.csv"\n\n' + text[after:]


def main(arguments: list[str]) -> int:
    """Write the study; return the exit code."""
    if not 2 <= len(arguments) <= 3:
        sys.stderr.write("usage: python -m nps_utils.simulate.many FOLDER ACCOUNTS [COMMENTED]\n")
        return 2
    commented = float(arguments[2]) if len(arguments) == 3 else 1.0
    answers = large_study(arguments[0], accounts=int(arguments[1]), commented=commented)
    sys.stdout.write(f"{answers:,} answers\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
