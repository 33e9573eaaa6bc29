"""Draw a thousand studies, follow each from export to verdict, and count what is wrong in number or verdict.

    python benchmarks/thousand_studies.py [STUDIES] [FIRST_SEED] [--keep]

`--keep` writes the table that page 07 shows (`make studies`, a quarter of an hour on two idle cores).

Each study is drawn (who is asked, how answers hang together, size, effect, tool, language, dirt), written as an export
of its tool, started as by `nps new` and told as in `results/summary.json`; then compared with what was drawn.
"""

from __future__ import annotations

import datetime as dt
import json
import shutil
import sys
import tempfile
import traceback
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from importlib import metadata
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
from scipy.stats import norm

from nps_utils.checks import BadInput
from nps_utils.report import summary
from nps_utils.report.recognising import Help
from nps_utils.report.start import start_study
from nps_utils.stats.planning.detectable import detectable_change, shifted_mix
from nps_utils.stats.validation.whole_studies import FILE
from nps_utils.study.study import Study

DESIGNS: Final = ("people", "accounts", "panel")
TOOLS: Final = ("plain", "nordic", "surveymonkey", "hubspot", "delighted", "typeform", "workbook")
MIXES: Final = ((0.15, 0.30, 0.55), (0.25, 0.35, 0.40), (0.05, 0.10, 0.85), (0.40, 0.20, 0.40))
COMMENTS: Final = {
    "en": ("Fast help from support", "The invoice was wrong again", "Works well", "Too slow at the end of the month"),
    "sv": ("Snabb hjälp från supporten", "Fakturan var fel igen", "Fungerar bra", "För långsamt i slutet av månaden"),
    "nb": ("Rask hjelp fra support", "Fakturaen var feil igjen", "Fungerer bra", "For tregt mot slutten av måneden"),
    "da": ("Hurtig hjælp fra support", "Fakturaen var forkert igen", "Fungerer godt", "For langsomt sidst på måneden"),
    "nl": ("Snelle hulp van support", "De factuur was weer fout", "Werkt goed", "Te traag aan het einde van de maand"),
}


@dataclass(frozen=True)
class Plan:
    """What is true of one study."""

    seed: int
    design: str
    tool: str
    language: str
    waves: int
    n: int  # answers a wave, expected
    units: int  # accounts or people
    alike: float
    mix: tuple[float, float, float]
    effect: float  # of the last wave, points
    promised: bool  # planning gives the change that was drawn a power of .8, independent answers taken
    dirt: float


def drawn_plan(seed: int) -> Plan:
    """Draw what a study is like."""
    rng = np.random.default_rng([seed, 1])
    design = str(rng.choice(DESIGNS))
    mix = MIXES[int(rng.integers(len(MIXES)))]
    units = int(rng.choice([8, 15, 40, 120])) if design == "accounts" else int(rng.choice([40, 100, 300]))
    n = units * 5 if design == "accounts" else units
    waves = int(rng.choice([2, 3, 6]))
    planned = rng.random() < 0.5
    room = detectable_change(n=n, mix=mix, power=0.8, fall=True, confidence_level=0.95 if waves < 5 else 0.975)
    effect = -float(room) if planned and np.isfinite(room) else 0.0
    return Plan(
        seed=seed,
        design=design,
        tool=str(rng.choice(TOOLS)),
        language=str(rng.choice(list(COMMENTS))),
        waves=waves,
        n=n,
        units=units,
        alike=float(rng.choice([0.0, 0.1, 0.3])) if design == "accounts" else 0.0,
        mix=mix,
        effect=effect,
        promised=effect != 0.0 and design != "accounts",
        dirt=float(rng.choice([0.0, 0.03])),
    )


def answers_of(plan: Plan) -> pd.DataFrame:
    """Draw the answers: wave, day, score, unit (account or person), comment."""
    rng = np.random.default_rng([plan.seed, 2])
    sizes = np.ones(plan.units, dtype=int)
    if plan.design == "accounts":
        sizes = np.maximum(1, np.round(np.exp(rng.normal(np.log(4), 0.7, plan.units)))).astype(int)
    level = rng.normal(size=plan.units) * np.sqrt(plan.alike if plan.design != "panel" else 0.5)
    parts = []
    for wave in range(plan.waves):
        mix = shifted_mix(plan.mix, plan.effect) if wave == plan.waves - 1 and plan.effect else plan.mix
        unit = np.repeat(np.arange(plan.units), sizes)
        within = np.sqrt(1 - (plan.alike if plan.design != "panel" else 0.5))
        latent = level[unit] + rng.normal(size=len(unit)) * within
        band = np.searchsorted(norm.ppf(np.cumsum(mix)[:2]), latent)
        score = np.choose(
            band, [rng.integers(0, 7, len(unit)), rng.integers(7, 9, len(unit)), rng.integers(9, 11, len(unit))]
        )
        start = dt.date(2024 + wave // 4, 1 + 3 * (wave % 4), 1)
        days = [start + dt.timedelta(days=int(d)) for d in rng.integers(0, 88, len(unit))]
        who = unit if plan.design != "people" else unit + wave * plan.units
        words = rng.choice(COMMENTS[plan.language], len(unit))
        comment = np.where(rng.random(len(unit)) < 0.4, words, "")
        parts.append(pd.DataFrame({"wave": wave, "day": days, "score": score, "unit": who, "comment": comment}))
    table = pd.concat(parts, ignore_index=True)
    return table.assign(id=[f"{plan.seed % 97:02d}{i:06d}" for i in range(len(table))])


def export_of(plan: Plan, answers: pd.DataFrame, path: Path) -> Path:
    """Write the answers as the tool would, with dirt: rows twice, without a score, or off the scale."""
    rng = np.random.default_rng([plan.seed, 3])
    rows = answers.assign(score=answers["score"].astype(str))
    extra = rows.sample(frac=plan.dirt, random_state=plan.seed)
    spoilt = extra.assign(score=rng.choice(["", "12"], len(extra)), id=[f"x{i:06d}" for i in range(len(extra))],
                          unit=-1 - np.arange(len(extra)))  # fmt: skip
    twice = rows.sample(frac=plan.dirt, random_state=plan.seed + 1)
    rows = pd.concat([rows, spoilt, twice], ignore_index=True).sample(frac=1, random_state=plan.seed)
    account = plan.design == "accounts"
    who = [f"{'K' if account else 'p'}{u}{'' if account else '@kund.example'}" for u in rows["unit"]]
    stamp = pd.to_datetime(rows["day"]) + pd.Timedelta(hours=10)
    return _WRITERS[plan.tool](rows, who, stamp, path, account)


def _plain(rows: pd.DataFrame, who: list[str], stamp: pd.Series, path: Path, account: bool) -> Path:
    table = pd.DataFrame(
        {
            "Response ID": rows["id"],
            "Date": stamp.dt.strftime("%Y-%m-%d"),
            "NPS": rows["score"],
            "Comment": rows["comment"],
            "Account ID" if account else "Email": who,
        }
    )
    table.to_csv(path.with_suffix(".csv"), index=False)
    return path.with_suffix(".csv")


def _nordic(rows: pd.DataFrame, who: list[str], stamp: pd.Series, path: Path, account: bool) -> Path:
    question = "Hur troligt är det att du skulle rekommendera oss till en vän eller kollega? (0-10)"
    table = pd.DataFrame(
        {
            "Svars-ID": rows["id"],
            "Datum": stamp.dt.strftime("%d.%m.%Y %H:%M"),
            question: rows["score"],
            "Kommentar": rows["comment"],
            "Kundnummer" if account else "E-post": who,
        }
    )
    table.to_csv(path.with_suffix(".csv"), index=False, sep=";", encoding="cp1252")
    return path.with_suffix(".csv")


def _surveymonkey(rows: pd.DataFrame, who: list[str], stamp: pd.Series, path: Path, account: bool) -> Path:
    question = "How likely is it that you would recommend us to a friend or colleague?"
    heads = ["Respondent ID", "Collector ID", "Start Date", "End Date", "Email Address", "Custom Data 1", question,
             "Why did you choose that score?"]  # fmt: skip
    second = ["", "", "", "", "", "", "", "Open-Ended Response"]
    ends = {"0": "Not at all likely - 0", "10": "Extremely likely - 10"}
    table = pd.DataFrame(
        {
            0: rows["id"],
            1: "4711",
            2: stamp.dt.strftime("%m/%d/%Y %I:%M:%S %p"),
            3: stamp.dt.strftime("%m/%d/%Y %I:%M:%S %p"),
            4: [""] * len(rows) if account else who,
            5: who if account else [""] * len(rows),
            6: rows["score"].map(lambda score: ends.get(score, score)),
            7: rows["comment"],
        }
    )
    whole = pd.concat([pd.DataFrame([heads, second]), table], ignore_index=True)
    whole.to_csv(path.with_suffix(".csv"), index=False, header=False)
    return path.with_suffix(".csv")


def _hubspot(rows: pd.DataFrame, who: list[str], stamp: pd.Series, path: Path, account: bool) -> Path:
    table = pd.DataFrame(
        {
            "hs_object_id": rows["id"],
            "hs_submission_timestamp": stamp.dt.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "hs_survey_type": "NPS",
            "hs_value": rows["score"],
            "hs_content": rows["comment"],
            "hs_submission_name" if not account else "associated_company_id": who,
        }
    )
    table.to_csv(path.with_suffix(".csv"), index=False)
    return path.with_suffix(".csv")


def _delighted(rows: pd.DataFrame, who: list[str], stamp: pd.Series, path: Path, account: bool) -> Path:
    table = pd.DataFrame(
        {
            "id": rows["id"],
            "person_email": [""] * len(rows) if account else who,
            "score": rows["score"],
            "comment": rows["comment"],
            "created_at": stamp.astype("int64") // 10 ** (9 if stamp.dtype == "datetime64[ns]" else 6),
            "updated_at": stamp.astype("int64") // 10 ** (9 if stamp.dtype == "datetime64[ns]" else 6),
            "company_id": who if account else [""] * len(rows),
        }
    )
    table.to_csv(path.with_suffix(".csv"), index=False)
    return path.with_suffix(".csv")


def _typeform(rows: pd.DataFrame, who: list[str], stamp: pd.Series, path: Path, account: bool) -> Path:
    table = pd.DataFrame(
        {
            "#": rows["id"],
            "How likely are you to recommend us to a friend or colleague?": rows["score"],
            "What is the main reason for your score?": rows["comment"],
            "account_id" if account else "email": who,
            "Start Date (UTC)": stamp.dt.strftime("%Y-%m-%d %H:%M:%S"),
            "Submit Date (UTC)": stamp.dt.strftime("%Y-%m-%d %H:%M:%S"),
            "Network ID": "abc",
        }
    )
    table.to_csv(path.with_suffix(".csv"), index=False)
    return path.with_suffix(".csv")


def _workbook(rows: pd.DataFrame, who: list[str], stamp: pd.Series, path: Path, account: bool) -> Path:
    table = pd.DataFrame(
        {
            "Response ID": rows["id"],
            "Completed": stamp,
            "Likelihood to recommend (0-10)": pd.to_numeric(rows["score"]),
            "Comment": rows["comment"],
            "Customer number" if account else "E-mail": who,
        }
    )
    table.to_excel(path.with_suffix(".xlsx"), index=False)
    return path.with_suffix(".xlsx")


_WRITERS: Final = {
    "plain": _plain,
    "nordic": _nordic,
    "surveymonkey": _surveymonkey,
    "hubspot": _hubspot,
    "delighted": _delighted,
    "typeform": _typeform,
    "workbook": _workbook,
}
# Headers that do not say that the customer is an account of several people: told, as a user who is asked would.
_UNITS: Final = {
    "nordic": "Kundnummer",
    "surveymonkey": "Custom Data 1",
    "hubspot": "associated_company_id",
    "delighted": "company_id",
    "workbook": "Customer number",
}


def tried(seed: int) -> dict[str, Any]:
    """Draw, write, read and judge one study; return what was drawn and what was said."""
    plan = drawn_plan(seed)
    row: dict[str, Any] = {**asdict(plan), "outcome": "", "why": ""}
    folder = Path(tempfile.mkdtemp(prefix="study-"))
    try:
        answers = answers_of(plan)
        path = export_of(plan, answers, folder / "answers")
        header = _UNITS.get(plan.tool) if plan.design == "accounts" else None
        told = Help(columns={"account_id": header} if header else {})
        list(start_study(folder / "study", [path], timezone="UTC", told=told))
        result = summary.summarise(Study.open(folder / "study"))
        row |= compared(plan, answers, result)
    except BadInput as error:
        row |= {"outcome": "refused", "why": str(error)[:300]}
    except Exception:  # noqa: BLE001 - a crash is counted, and is a fault of ours
        row |= {"outcome": "crashed", "why": traceback.format_exc()[-300:]}
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return row


def compared(plan: Plan, answers: pd.DataFrame, result: summary.Summary) -> dict[str, Any]:
    """Compare counts, scores and verdict with what was drawn."""
    verdict, change = result["verdict"], result["verdict"]["change"]
    points = 100 * ((answers["score"] >= 9).astype(int) - (answers["score"] <= 6).astype(int))
    n_right = result["n"] == len(answers)
    score_right = n_right and result["nps"] is not None and abs(result["nps"] - points.mean()) < 1e-9
    waves = {wave["wave"]: (wave["n"], wave["nps"]) for wave in result["waves"]}
    names = [f"{2024 + wave // 4}-Q{1 + wave % 4}" for wave in range(plan.waves)]
    own = points.groupby(answers["wave"]).agg(["size", "mean"])
    waves_right = list(waves) == names and all(
        waves[name][0] == own["size"][at] and abs((waves[name][1] or 0) - own["mean"][at]) < 1e-9
        for at, name in enumerate(names)
    )
    said = "none" if change is None else change["verdict"]
    year = verdict["year"]["verdict"] if verdict["year"] else ""
    return {
        "outcome": "right" if score_right and waves_right else "wrong number",
        "why": "" if score_right and waves_right else f"n {result['n']} of {len(answers)}, waves {list(waves)}",
        "found_design": verdict["design"],
        "said": said,
        "year": year,
        "shown": said in ("up", "down"),
        "false": (said in ("up", "down") and plan.effect == 0) or (said == "up" and plan.effect < 0),
        "trend": verdict["trend"]["verdict"] if verdict["trend"] else "",
    }


def run(studies: int, first: int) -> Iterator[dict[str, Any]]:
    """Yield every study's row, two at a time."""
    with ProcessPoolExecutor(2) as pool:
        yield from pool.map(tried, range(first, first + studies), chunksize=5)


def table_of(rows: pd.DataFrame) -> pd.DataFrame:
    """Return one row for each design: studies, questions asked, wrong numbers, false verdicts, what was promised."""
    parts = []
    for design, part in [*rows.groupby("design"), ("all", rows)]:
        told = part[part["outcome"].isin(["right", "wrong number"])]
        still, promised = told[told["effect"] == 0], told[told["promised"]]
        parts.append(
            {
                "design": design,
                "studies": len(part),
                "asked": int((part["outcome"] == "refused").sum()),
                "crashed": int((part["outcome"] == "crashed").sum()),
                "wrong_number": int((part["outcome"] == "wrong number").sum()),
                "without_effect": len(still),
                "shown_false": int(still["false"].sum()),
                "promised": len(promised),
                "shown_true": int((promised["said"] == "down").sum()),
                "trend_false": int(still["trend"].isin(["up", "down"]).sum()),
                "with_trend": int((still["trend"] != "").sum()),
            }
        )
    return pd.DataFrame(parts)


if __name__ == "__main__":
    told = [word for word in sys.argv[1:] if word != "--keep"]
    count = int(told[0]) if told else 1000
    begin = int(told[1]) if len(told) > 1 else 1
    every = pd.DataFrame(list(run(count, begin)))
    every.to_csv(Path(tempfile.gettempdir()) / "thousand_studies_rows.csv", index=False)
    summed = table_of(every)
    print(summed.to_string(index=False))
    if "--keep" in sys.argv:
        summed.assign(version=metadata.version("nps-utils")).to_csv(FILE, index=False, lineterminator="\n")
    odd = every[~every["outcome"].isin(["right"])]
    print(
        json.dumps(
            odd.groupby(["outcome", "tool", "design"]).size().reset_index().astype(str).to_dict("records"), indent=1
        )
    )
