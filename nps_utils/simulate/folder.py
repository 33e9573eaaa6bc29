"""A whole study folder: study.toml, raw/ as the tools would export it, and truth.toml."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

import numpy as np
import pandas as pd

from nps_utils.simulate import layouts
from nps_utils.simulate.answers import frame_file
from nps_utils.simulate.plan import SEED, Plan
from nps_utils.simulate.survey import Company, company, exports
from nps_utils.simulate.truth import as_toml, planted_truth

WRITERS = {
    "hubspot": layouts.write_hubspot,
    "hubspot_2026q3": layouts.write_hubspot,
    "superoffice": layouts.write_superoffice,
    "trustmary": layouts.write_trustmary,
    "surveymonkey": layouts.write_surveymonkey,
}
OPEN_SINCE = pd.Timestamp("2026-08-25")  # answers after this day may still wait for a call


def study(
    folder: str | Path, *, seed: int = SEED, accounts: int = 180, drop: float = 28.0, fix_effect: float | None = None,
    alone: float = 28.0, mix: bool = True, followup_effect: float = 4.0, revenue_slope: float = 0.0005,
    dirt: bool = True,
) -> Company:  # fmt: skip
    """Simulate a company and write it as a study folder, the same bytes for the same arguments.

    Parameters
    ----------
    folder
        Where to write; `raw/` is made inside. Files of an earlier simulation are replaced.
    seed, accounts, drop, fix_effect, alone, mix, followup_effect, revenue_slope, dirt
        See `Plan`; `fix_effect` follows `drop` unless it is given.

    Returns
    -------
    The company with everything that is true about it.
    """
    plan = Plan(
        seed=seed, accounts=accounts, drop=drop, fix_effect=drop if fix_effect is None else fix_effect, alone=alone,
        mix=mix, followup_effect=followup_effect, revenue_slope=revenue_slope, dirt=dirt,
    )  # fmt: skip
    made = company(plan)
    write_study(made, folder)
    return made


def write_study(made: Company, folder: str | Path) -> None:
    """Write a simulated company as a study folder."""
    folder = Path(folder)
    raw = folder / "raw"
    files = exports(made)  # may refuse: nothing is written then
    raw.mkdir(parents=True, exist_ok=True)
    for stem, rows in files.items():
        WRITERS[stem](rows, raw / f"{stem}.csv")
    write_csv(frame_file(made.answers, made.plan), raw / "frame.csv")
    write_csv(accounts_file(made), raw / "accounts.csv")
    write_csv(dated(made.revenue), raw / "revenue.csv")
    write_csv(followup_file(made), raw / "followup.csv")
    text = resources.files(__package__).joinpath("study.toml").read_text(encoding="utf-8")
    if "hubspot_2026q3" not in files:
        text = text.replace(_second_export(text), "")
    (folder / "study.toml").write_bytes(text.replace("{seed}", str(made.plan.seed)).encode())
    (folder / "truth.toml").write_bytes(as_toml(planted_truth(made, files, made.plan)).encode())


def _second_export(text: str) -> str:
    start = text.index('[[export]]\npath = "raw/hubspot_2026q3.csv"')
    return text[start : text.index("[[export]]", start + 1)]


def write_csv(table: pd.DataFrame, path: Path) -> None:
    """Write a table as UTF-8 CSV with Unix line ends, money with two decimals."""
    text = table.to_csv(index=False, lineterminator="\n", float_format="%.2f")
    path.write_bytes(text.encode())


def dated(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table with its times as days in text, empty where there is none."""
    times = table.select_dtypes("datetime").columns
    return table.assign(**{name: table[name].dt.strftime("%Y-%m-%d").fillna("") for name in times})


def accounts_file(made: Company) -> pd.DataFrame:
    """Return the accounts as a customer system would list them."""
    columns = ["account_id", "name", "owner", "segment", "country", "size", "customer_since", "churned_on", "early_fix"]
    return dated(made.accounts[columns])


def followup_file(made: Company) -> pd.DataFrame:
    """Return the calls to detractors of the relationship survey: one row per detractor, called or not."""
    rng = made.plan.rng("followup")
    table = made.answers
    critics = table[(table["touchpoint"] == "relationship") & table["answered"] & (table["score"] <= 6)]
    critics = critics.sort_values("responded_at", kind="stable")
    called = critics["contacted_at"].notna()
    status = rng.choice(["solved", "answered", "no reply"], len(critics), p=[0.45, 0.3, 0.25])
    waiting = np.where(critics["responded_at"] > OPEN_SINCE, "open", "not contacted")
    table = pd.DataFrame(
        {
            "response_id": critics["response_id"],
            "contacted_at": critics["contacted_at"],
            "status": np.where(called, status, waiting),
        }
    )
    return dated(table)
