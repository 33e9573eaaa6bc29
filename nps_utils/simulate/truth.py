"""The true values behind a simulated study, and how they are written down as TOML."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

import pandas as pd

from nps_utils.simulate import plan as planned
from nps_utils.simulate.answers import effect, frame_file, truth
from nps_utils.simulate.money import realised_slopes
from nps_utils.simulate.plan import Plan
from nps_utils.simulate.remarks import LANGUAGES, pools
from nps_utils.simulate.survey import Company

PERSONAL_NUMBERS = "19121212-1212|251248-9996|999990019"


def planted_truth(company: Company, exports: Mapping[str, pd.DataFrame], plan: Plan) -> dict[str, Any]:
    """Return everything that was planted with its true value, ready to be written as TOML.

    Parameters
    ----------
    company
        The simulated `Company`.
    exports
        File stem -> rows of that export with `planted`, the reason for which a row must be rejected, or "".
    plan
        The sizes of the effects.
    """
    answers = company.answers
    return {
        "about": "What is true in this invented study. NPS in points, -100..100. asked: expected among everyone asked;"
        " answering: expected among those who answer (the unhappy answer less); observed: the answers kept.",
        "plan": asdict(plan),
        "rows": _rows(exports),
        "rejected": _reasons(pd.concat(exports.values())),
        "rejected_by_file": {stem: _reasons(rows) for stem, rows in exports.items()},
        "kept": {"label_disagrees": _total(exports, "label_disagrees"), "anonymous": _total(exports, "anonymous")},
        "frame": _frame(frame_file(answers, plan)),
        "drop": _drop(answers, plan),
        "fix": _fix(answers, plan),
        "mix": _mix(answers),
        "noise": _noise(answers),
        "alone": _alone(answers, plan),
        "revenue": _revenue(company, plan),
        "followup": _followup(answers, plan),
        "comments": _comments(pd.concat(exports.values())),
        "wave": _table(truth(answers, ["touchpoint", "wave"])),
        "segment": _table(truth(answers[answers["touchpoint"] == "relationship"], ["wave", "segment"])),
        "size": _table(truth(answers[answers["touchpoint"] == "after_delivery"], ["wave", "size"])),
        "cause": _causes(answers),
    }


def _rows(exports: Mapping[str, pd.DataFrame]) -> dict[str, Any]:
    counts: dict[str, Any] = {f"{stem}": len(rows) for stem, rows in exports.items()}
    rejected = sum(int((rows["planted"] != "").sum()) for rows in exports.values())
    total = sum(counts.values())
    return {**counts, "rows_in": total, "rejected": rejected, "responses": total - rejected}


def _reasons(rows: pd.DataFrame) -> dict[str, int]:
    counts = rows.loc[rows["planted"] != "", "planted"].value_counts().sort_index()
    return {str(reason): int(n) for reason, n in counts.items()}


def _total(exports: Mapping[str, pd.DataFrame], flag: str) -> int:
    return sum(int(rows[flag].sum()) for rows in exports.values() if flag in rows.columns)


def _frame(frame: pd.DataFrame) -> dict[str, Any]:
    asked, since = pd.to_datetime(frame["asked_at"]), pd.to_datetime(frame["customer_since"].replace("", None))
    return {
        "askings": len(frame),
        "people": int(frame["respondent_id"].nunique()),
        "own_staff": int(frame.loc[frame["role"] == "employee", "respondent_id"].nunique()),
        "people_who_left": int(frame.loc[frame["active"] == "no", "respondent_id"].nunique()),
        "asked_within_30_days_as_customer": int((asked - since < pd.Timedelta(days=30)).sum()),
    }


def _drop(answers: pd.DataFrame, plan: Plan) -> dict[str, Any]:
    here = _of(answers, "relationship", planned.DROP_WAVE)
    return {
        "what": "A failed release broke the invoice export: the relationship score fell in this wave and recovered"
        " with the fix; the cause is in the comments.",
        "touchpoint": "relationship",
        "wave": planned.DROP_WAVE,
        "effect": -plan.drop,
        "effect_among_asked": effect(here, here, plan, replace(plan, drop=0.0)),
        "recovered_in": planned.ALONE_FROM,
    }


def _fix(answers: pd.DataFrame, plan: Plan) -> dict[str, Any]:
    here = _of(answers, "relationship", planned.FIX_WAVE)
    with_fix, without = here.assign(early_fix="yes"), here.assign(early_fix="no")
    return {
        "what": "A random half of the accounts (accounts.early_fix; random within pairs of one size and similar"
        " number of people) had the fix in this wave, the others one wave later.",
        "wave": planned.FIX_WAVE,
        "effect": plan.fix_effect,
        "effect_among_asked": effect(with_fix, without, plan, plan),
        "groups": _table(truth(here, ["early_fix"])),
    }


def _mix(answers: pd.DataFrame) -> dict[str, Any]:
    before, after = planned.WAVES[planned.WAVES.index(planned.MIX_WAVE) - 1], planned.MIX_WAVE
    shares = {
        wave: _of(answers, "after_delivery", wave)["size"].value_counts(normalize=True).to_dict()
        for wave in (before, after)
    }
    return {
        "what": "A campaign brought small accounts, which always score lower here. Within a size nothing changed.",
        "touchpoint": "after_delivery",
        "by": "size",
        "before": before,
        "wave": after,
        "within": 0.0,
        "nps_by_size": planned.MOMENTS["after_delivery"],
        "share_before": {str(k): float(v) for k, v in shares[before].items()},
        "share": {str(k): float(v) for k, v in shares[after].items()},
    }


def _noise(answers: pd.DataFrame) -> dict[str, Any]:
    first, second = planned.NOISE_WAVES
    seen = truth(answers[answers["touchpoint"] == "after_order"], ["wave"]).set_index("wave")["nps_observed"]
    return {
        "what": "Nothing changed between these waves; the seed was chosen so that the observed difference is"
        " noticeable, but no test at 5 % finds it.",
        "touchpoint": "after_order",
        "before": first,
        "wave": second,
        "effect": 0.0,
        "observed_change": float(seen[second] - seen[first]),
    }


def _alone(answers: pd.DataFrame, plan: Plan) -> dict[str, Any]:
    late = answers[(answers["touchpoint"] == "relationship") & (answers["wave"] >= planned.ALONE_FROM)]
    here = late[late["segment"] == planned.ALONE_SEGMENT]
    return {
        "what": "Support for this segment was moved: its relationship score fell and stayed down, no other did.",
        "segment": planned.ALONE_SEGMENT,
        "from_wave": planned.ALONE_FROM,
        "effect": -plan.alone,
        "effect_among_asked": effect(here, here, plan, replace(plan, alone=0.0)),
    }


def _revenue(company: Company, plan: Plan) -> dict[str, Any]:
    return {
        "what": "growth(t+1) = intercept + slope * (true relationship NPS of the account in t) + noise; growth is a"
        " proportion per quarter of recurring revenue. Growth does not lead NPS: what is left in the quarter before"
        " the score and in the same one comes from accounts that stay happier than others.",
        "slope": plan.revenue_slope,
        "intercept": plan.growth_at_zero,
        "noise_sd": plan.revenue_noise,
        "churn_risk_at_30": plan.churn_at_30,
        "log_churn_risk_per_point": -plan.churn_per_point,
        "churned": int(company.accounts["churned_on"].notna().sum()),
        "accounts_without_revenue": sorted(
            set(company.accounts["account_id"]) - set(company.revenue["account_id"])
        ),
        "sd_of_true_account_nps": float(company.moods["nps_true"].std()),
        "realised_slope": realised_slopes(company.revenue, company.moods),
    }  # fmt: skip


def _followup(answers: pd.DataFrame, plan: Plan) -> dict[str, Any]:
    later = answers[answers["called"] == 1]
    return {
        "what": "Half of the detractors of the relationship survey, at random, were called. A call adds this much to"
        " later answers, reached or not; the rest of their rise is regression to the mean.",
        "effect": plan.followup_effect,
        "effect_among_asked_again": effect(later, later, plan, replace(plan, followup_effect=0.0)),
        "contacted": int(answers["contacted_at"].notna().sum()),
    }


def _comments(rows: pd.DataFrame) -> dict[str, Any]:
    kept = rows[rows["planted"] == ""]
    text = kept["comment"]
    nothing = {str(phrase) for language in LANGUAGES for phrase in pools()[language]["nothing"]}
    return {
        "what": "Comments of the answers that are kept. Every e-mail address, telephone and personal number is invented"
        " or a published test number.",
        "written": int((text != "").sum()),
        "no_content": int(text.isin(nothing).sum()),
        "with_email": int(text.str.contains("@post.example", regex=False).sum()),
        "with_phone": int(text.str.contains(r"070-174 06|\+4670174|\+44 7700 900|\+46 70 174", regex=True).sum()),
        "with_personal_number": int(text.str.contains(PERSONAL_NUMBERS).sum()),
        "testimonials": int((kept["testimonial"] != "").sum()),
        "may_be_quoted": int((kept["consent_to_quote"] == "true").sum()),
    }


def _causes(answers: pd.DataFrame) -> list[dict[str, Any]]:
    written = answers[answers["answered"] & (answers["comment"] != "")]
    table = written.groupby("wave").agg(comments=("comment", "size")).reset_index()
    for cause in ("invoice_export", "fixed", "public_support"):
        table[cause] = table["wave"].map((written["cause"] == cause).groupby(written["wave"]).sum())
    return _table(table)


def _of(answers: pd.DataFrame, touchpoint: str, wave: str) -> pd.DataFrame:
    return answers[(answers["touchpoint"] == touchpoint) & (answers["wave"] == wave)]


def _table(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(k): v for k, v in row.items()} for row in table.to_dict("records")]


def as_toml(values: Mapping[str, Any], *, digits: int = 2) -> str:
    """Write nested mappings, lists of mappings, text, numbers and lists as TOML; NPS rounded to `digits`."""
    lines: list[str] = []
    _write(values, (), lines, digits)
    return "\n".join(lines).lstrip("\n") + "\n"


def _write(values: Mapping[str, Any], path: Sequence[str], lines: list[str], digits: int) -> None:
    inner = {k: v for k, v in values.items() if isinstance(v, Mapping) or (isinstance(v, list) and _records(v))}
    lines += [f"{_key(key)} = {_scalar(value, digits)}" for key, value in values.items() if key not in inner]
    for key, value in inner.items():
        name = ".".join([*path, _key(key)])
        for part in value if isinstance(value, list) else [value]:
            lines += ["", f"[[{name}]]" if isinstance(value, list) else f"[{name}]"]
            _write(part, [*path, _key(key)], lines, digits)


def _records(value: list[Any]) -> bool:
    return bool(value) and isinstance(value[0], Mapping)


def _key(key: str) -> str:
    return key if key.replace("_", "").replace("-", "").isalnum() else json.dumps(key)


def _scalar(value: Any, digits: int) -> str:
    if isinstance(value, float):
        # Small rates keep their figures; points are rounded.
        return repr(float(f"{value:.4g}") if abs(value) < 0.1 else round(value, digits) + 0.0)
    return json.dumps(value, ensure_ascii=False, default=int)
