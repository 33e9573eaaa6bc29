"""The simulated company as a whole, and its answers as each tool would export them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from nps_utils.simulate import answers as asking
from nps_utils.simulate import customers, dirt, money
from nps_utils.simulate.plan import ALONE_FROM, ALONE_SEGMENT, DROP_WAVE, FIX_WAVE, WAVES, Array, Plan
from nps_utils.simulate.remarks import BANDS, remark

TIMEZONE = "Europe/Stockholm"
WRITES = (0.72, 0.50, 0.62)  # share of detractors, passives and promoters who leave a comment
# Share of comments about a planted cause, by band.
BROKEN, BROKEN_FIXED, RELIEF, ALONE = (0.70, 0.42, 0.06), (0.10, 0.04, 0.0), (0.0, 0.10, 0.16), (0.85, 0.55, 0.06)
TESTIMONIAL, CONSENT = 0.35, 0.7  # of promoters asked by Trustmary; of those who wrote one
COUNTRY_NAMES = {"SE": "Sverige", "NO": "Norge", "DK": "Danmark", "NL": "Nederland", "GB": "United Kingdom"}
SURVEYS = {
    "hubspot": "Fjordlogic NPS", "superoffice": "Kundeundersøkelse", "trustmary": "srv_0007_delivery",
    "surveymonkey": "428800117",
}  # fmt: skip
SECOND_FILE = 0.6  # the second HubSpot file starts at this point of the last wave


@dataclass(frozen=True)
class Company:
    """A simulated company: all that is true about it, and all it would have on file.

    `answers` is the frame with what everyone would say; `answers.answered` tells who did.
    """

    plan: Plan
    accounts: pd.DataFrame
    people: pd.DataFrame
    moods: pd.DataFrame
    revenue: pd.DataFrame
    answers: pd.DataFrame


def company(plan: Plan | None = None) -> Company:
    """Simulate a company.

    Examples
    --------
    >>> small = company(Plan(seed=1, accounts=30))
    >>> small.answers["score"].between(0, 10).all(), len(small.accounts)
    (np.True_, 30)
    """
    plan = plan or Plan()
    accounts = customers.accounts(plan)
    people = customers.people(accounts, plan)
    moods = money.moods(accounts, plan)
    accounts["churned_on"] = money.churn(accounts, moods, plan)
    revenue = money.revenue(accounts, moods, plan)
    asked = asking.frame(people, accounts, plan)
    answers = asking.true_answers(asked, accounts, moods, plan)
    answers = answers.merge(accounts[["account_id", "name"]], on="account_id", suffixes=("", "_of_account"))
    answers = answers.sort_values(["asked_at", "respondent_id"], kind="stable").reset_index(drop=True)
    return Company(plan, accounts, people, moods, revenue, _identified(_with_comments(answers, plan)))


def _with_comments(answers: pd.DataFrame, plan: Plan) -> pd.DataFrame:
    """Add `comment`, `cause` and `testimonial`; empty where nothing was written."""
    rng = plan.rng("comments")
    band = np.digitize(answers["score"], [7, 9])
    writes = rng.random(len(answers)) < plan.comments * np.asarray(WRITES)[band]
    cause = _causes(answers, band, rng.random(len(answers)), plan)
    spare = ~answers["answered"] & (rng.random(len(answers)) < 0.1)
    texts = {name: [""] * len(answers) for name in ("comment", "cause", "testimonial")}
    languages = answers["language"].tolist()
    for i in np.flatnonzero((answers["answered"] | spare) & writes).tolist():
        made = remark(languages[i], BANDS[band[i]], rng=rng, cause=cause[i])
        texts["comment"][i], texts["cause"][i] = made.text, made.cause
    promoter = ((answers["touchpoint"] == "after_delivery") & answers["answered"] & (band == 2)).to_numpy()
    wrote = promoter & (rng.random(len(answers)) < TESTIMONIAL)
    for i in np.flatnonzero(wrote).tolist():
        texts["testimonial"][i] = remark(languages[i], "promoter", rng=rng, empty=False).text
    consent = np.where(wrote & (rng.random(len(answers)) < CONSENT), "true", "")
    return answers.assign(band=band, **texts, consent_to_quote=consent)


def _causes(answers: pd.DataFrame, band: NDArray[np.int64], draw: Array, plan: Plan) -> NDArray[np.object_]:
    """Return the planted cause each comment would name, or ""."""
    wave, fixed = answers["wave"].to_numpy(str), (answers["early_fix"] == "yes").to_numpy()
    relationship = (answers["touchpoint"] == "relationship").to_numpy()
    public = (answers["segment"] == ALONE_SEGMENT).to_numpy()
    broken = (wave == DROP_WAVE) | ((wave == FIX_WAVE) & ~fixed)
    relief = ((wave == FIX_WAVE) & fixed) | ((wave == ALONE_FROM) & ~public)
    rules = [  # later ones win
        (broken & (plan.drop > 0), BROKEN, "invoice_export"),
        (relief & (plan.fix_effect > 0), RELIEF, "fixed"),
        ((wave == FIX_WAVE) & fixed & (band < 2) & (plan.drop > 0), BROKEN_FIXED, "invoice_export"),
        (public & (wave >= ALONE_FROM) & (plan.alone > 0), ALONE, "public_support"),
    ]
    cause: NDArray[np.object_] = np.full(len(answers), "", dtype=object)
    for where, shares, name in rules:
        cause = np.where(relationship & where & (draw < np.asarray(shares)[band]), name, cause)
    return cause


def _identified(answers: pd.DataFrame) -> pd.DataFrame:
    """Add `tool` and `response_id`: each tool's ids in order of answering; some long, some with leading zeros."""
    moment = answers["touchpoint"].map({"after_order": "surveymonkey", "after_delivery": "trustmary"})
    nordic = answers["country"].isin(["NO", "DK"])
    tool = np.where(nordic, "superoffice", "hubspot")
    table = answers.assign(tool=np.where(moment.isna(), tool, moment))
    nth = table.sort_values("responded_at", kind="stable").groupby("tool").cumcount().sort_index() + 101
    write = {
        "hubspot": lambda n: f"28410{7 * n:07d}",
        "superoffice": lambda n: f"{3 * n:07d}",
        "trustmary": lambda n: f"{'aKx7'[n % 4 :]}{'QmZ4'[: n % 4]}r{5 * n:06d}",
        "surveymonkey": lambda n: f"1180042{11 * n:011d}",
    }
    table["response_id"] = [write[name](n) for name, n in zip(table["tool"], nth, strict=True)]
    return table


def all_asked(company: Company) -> pd.DataFrame:
    """Return the askings as canonical responses, answered or not, with text scores and times in UTC."""
    table = company.answers
    at = table["responded_at"].dt.tz_localize(TIMEZONE, ambiguous=True, nonexistent="shift_forward")
    return pd.DataFrame(
        {
            "response_id": table["response_id"],
            "respondent_id": table["respondent_id"],
            "respondent_name": table["name"],
            "email": table["email"],
            "account_id": table["account_id"],
            "account_name": table["name_of_account"],
            "country": table["country"].map(COUNTRY_NAMES),
            "survey": table["tool"].map(SURVEYS),
            "survey_type": "NPS",
            "touchpoint": table["touchpoint"],
            "score": table["score"].astype(str),
            "comment": table["comment"],
            "testimonial": table["testimonial"],
            "consent_to_quote": table["consent_to_quote"],
            "language": table["language"],
            "channel": table["channel"],
            "status": "Besvart",
            "responded_at": at.dt.tz_convert("UTC"),
            "sort_at": at.dt.tz_convert("UTC"),
            "date_text": "",
            "wave": table["wave"],
            "tool": table["tool"],
            "answered": table["answered"],
        }
    )


def exports(company: Company) -> dict[str, pd.DataFrame]:
    """Return the rows of each export file by file stem; `planted` says why a row must be rejected, or ""."""
    plan = company.plan
    rng = plan.rng("dirt")
    table = all_asked(company)
    files = {}
    for tool in SURVEYS:
        of_tool = table[table["tool"] == tool].drop(columns="tool")
        kept = of_tool[of_tool["answered"]].sort_values("sort_at", kind="stable").drop(columns="answered")
        silent = of_tool[~of_tool["answered"]].drop(columns="answered")
        if tool == "superoffice" and plan.dirt:
            kept = _without_contact(kept, rng)
        files[tool] = dirt.plant(kept, silent, tool, rng) if plan.dirt else kept.assign(planted="")
    if plan.dirt:
        files["hubspot"] = _disagreeing(files["hubspot"], rng)
        files["hubspot"], files["hubspot_2026q3"] = _split(files["hubspot"])
    return files


def _without_contact(kept: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    picked = kept.index.isin(kept.sample(dirt.ANONYMOUS, random_state=rng).index)
    table = kept.assign(anonymous=picked)
    table.loc[picked, ["email", "respondent_name", "account_name", "respondent_id", "account_id"]] = ""
    return table


def _disagreeing(rows: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Give a few good rows the label of another band."""
    twins = rows["response_id"].duplicated(keep=False)
    passives = rows[(rows["planted"] == "") & rows["score"].isin(["7", "8"]) & ~twins]
    picked = rows.index.isin(passives.sample(dirt.LABELS, random_state=rng).index)
    return rows.assign(score_label=np.where(picked, "PROMOTER", ""), label_disagrees=picked)


def _split(rows: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Split the last wave between two files that overlap by a few good rows."""
    late = rows.index[(rows["wave"] == WAVES[-1]).to_numpy()]
    start = late[int(SECOND_FILE * len(late))]
    first, second = rows.loc[: start - 1], rows.loc[start:]
    good = (first["planted"] == "") & ~first["label_disagrees"] & ~first["response_id"].duplicated(keep=False)
    twice = first[good].tail(dirt.TWICE)
    second = pd.concat([twice.assign(planted="same_response_in_two_exports"), second])
    return first.reset_index(drop=True), second.reset_index(drop=True)
