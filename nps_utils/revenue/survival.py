"""Who left after answering: follow-up from the survey date, so that nobody is counted before having answered."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple, TypeAlias

import numpy as np
import pandas as pd
from scipy import stats
from statsmodels.duration.survfunc import SurvfuncRight, survdiff

from nps_utils.checks import BadValue, check_choice, check_columns, check_fraction, check_whole
from nps_utils.exports.cells.amounts import account_ids, is_among, numbered_accounts
from nps_utils.exports.cells.date_cells import dates
from nps_utils.revenue.by_band import LEAST_EVENTS, ORDER, band_of
from nps_utils.revenue.cox import cox_by_band
from nps_utils.revenue.fitting import attempt_fit
from nps_utils.scale import Band
from nps_utils.stats.arithmetic.multiplicity import Adjustment, adjusted

Which: TypeAlias = Literal["first", "each"]


def follow_up(
    responses: pd.DataFrame,
    accounts: pd.DataFrame,
    *,
    until: str | pd.Timestamp,
    which: Which = "first",
    grace_days: int = 0,
    day_first: bool | None = None,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Follow accounts from an answer to leaving, to the next answer, or to the end of the data.

    Parameters
    ----------
    responses
        account_id, score, responded_at.
    accounts
        account_id, churned_on (empty while the account stays).
    until
        The last day for which churn is known; accounts still there are followed up to it.
    which
        `first`: each account once, from its first answer. `each`: every answer starts a new follow-up, which ends with
        the account's next answer; errors then need clusters by account.
    grace_days
        Days after the answer that do not count: notice may have been given before it.

    Returns
    -------
    follow
        account_id, band, score, answered_on, days (followed, counted from the end of the grace), left (True or False).
    left_out
        reason, answers: how many answers were not followed, and why. Answers in are rows of `follow` plus these.

    Examples
    --------
    >>> responses = pd.DataFrame({"account_id": ["a", "b"], "score": [3, 9],
    ...                           "responded_at": ["2024-01-01", "2024-02-01"]})
    >>> accounts = pd.DataFrame({"account_id": ["a", "b"], "churned_on": ["2024-03-01", None]})
    >>> follow_up(responses, accounts, until="2024-06-30")[0][["band", "days", "left"]].to_numpy().tolist()
    [['detractor', 60, True], ['promoter', 150, False]]
    """
    check_choice("which", which, ("first", "each"))
    check_whole("grace_days", grace_days)
    check_columns(list(responses.columns), ("account_id", "score", "responded_at"), what="the responses")
    check_columns(list(accounts.columns), ("account_id", "churned_on"), what="the table of accounts")
    end = pd.Timestamp(until).tz_localize(None).normalize()
    rows, ids = _answers(responses)
    ends = pd.Series(
        dates(accounts["churned_on"], name="churned_on", day_first=day_first).to_numpy(),
        index=account_ids(accounts["account_id"])[0].to_numpy(),
    )
    ends = ends[ends.index.notna()]
    if ends.index.duplicated().any():
        raise BadValue(f"account {ends.index[ends.index.duplicated()][0]} is twice in the table of accounts.")
    known = np.append(is_among(ids, ends.index), False)[rows["account"]]
    left_on = ends.reindex(ids).to_numpy()
    rows["churned_on"] = np.append(left_on, np.array("NaT", dtype=left_on.dtype))[rows["account"]]
    rows["begin"] = rows["answered_on"] + pd.Timedelta(days=grace_days)
    tests = {
        "no_account": rows["account"] < 0,
        "not_among_accounts": ~known,
        "answered_after_leaving": rows["churned_on"] <= rows["answered_on"],
        "left_within_grace": rows["churned_on"] <= rows["begin"],
        "answered_after_the_end": rows["begin"] >= end,
    }
    again = "later_answer" if which == "first" else "another_answer_that_day"
    reasons = ["", *tests, again, "no_score_or_date"]
    why = np.select([np.asarray(where) for where in tests.values()], [*range(1, len(tests) + 1)], default=0)
    used = rows[why == 0].sort_values(["account", "answered_on"], kind="stable")
    if which == "first":
        twice = used["account"].duplicated()
        stop = pd.Series(pd.NaT, index=used.index, dtype="datetime64[s]")
    else:
        stop = used.groupby("account")["begin"].shift(-1)
        # Two answers of an account on one day leave no time between them: the later one is followed.
        twice = stop == used["begin"]
    why[used.index[twice]] = reasons.index(again)
    used, stop = used[~twice], stop[~twice]
    left_out = np.append(why[why > 0], np.full(len(responses) - len(rows), len(reasons) - 1))
    out = pd.Series(left_out).value_counts().rename_axis("reason").reset_index(name="answers")
    out["reason"] = pd.array(reasons, dtype="str").take(out["reason"].to_numpy(dtype=np.intp))
    last = stop.fillna(end)
    last = last.where(last <= end, end)
    left = used["churned_on"].notna() & (used["churned_on"] <= last)
    days = (used["churned_on"].where(left, last) - used["begin"]).dt.days
    table = used.assign(account_id=ids.take(used["account"]), band=band_of(used["score"]), days=days, left=left)
    table = table[["account_id", "band", "score", "answered_on", "days", "left"]]
    if table.empty:
        listed = ", ".join(f"{row.reason} {row.answers:,}" for row in out.itertuples())
        raise BadValue(f"no answer can be followed: {listed}.")
    return table.reset_index(drop=True), out


def survival_by_band(
    follow: pd.DataFrame, *, at: Sequence[int] = (90, 180, 365), confidence_level: float = 0.95
) -> pd.DataFrame:
    """Return the share of each band still there after so many days (Kaplan and Meier 1958).

    Limits are those of log(-log S). Before a band's first event they would have no width; the lower one is then the
    exact one for no event among those followed that long. Once the last one followed has left there are none either;
    the upper one is then that of the beta product procedure (Fay, Brittain and Proschan 2013, Biostatistics 14:723),
    which is the exact one where nobody is censored, and knows how few the last ones were.

    Returns
    -------
    One row per band and time: band, days, followed (at the start), at_risk (still followed), events (so far), survival
    (0..1), low, high, limit (nobody, or nobody followed that long).

    Examples
    --------
    >>> follow = pd.DataFrame({"account_id": range(4), "band": "detractor", "days": [10, 20, 100, 100],
    ...                        "left": [True, False, False, False]})
    >>> survival_by_band(follow, at=[50])[["band", "survival"]].round(6).to_numpy().tolist()
    [['detractor', 0.75], ['passive', nan], ['promoter', nan]]
    """
    check_fraction("confidence_level", confidence_level)
    check_columns(list(follow.columns), ("account_id", "band", "days", "left"), what="the follow-up")
    for days in at:
        check_whole("at", days, least=1)
    rows = [
        {"band": band, "days": days, **_survival(follow[follow["band"] == band], days, confidence_level)}
        for band in ORDER
        for days in at
    ]
    return pd.DataFrame(rows)


def hazard_by_band(
    follow: pd.DataFrame, *, reference: Band = "promoter", confidence_level: float = 0.95, adjust: Adjustment = "holm"
) -> pd.DataFrame:
    """Compare how fast bands leave: Cox regression with errors clustered by account.

    Efron's ties; it gives the numbers of statsmodels' PHReg and of lifelines' CoxPHFitter(cluster_col=...).

    Returns
    -------
    One row per band other than the reference: band, hazard_ratio, low, high, pvalue, pvalue_adjusted, events, n,
    accounts, logrank_pvalue (all bands at once; accounts taken as independent), proportional_pvalue (small: the ratio
    changes over time), limit.

    Raises
    ------
    BadValue
        A row has no band, or another: it would be a group of its own in the test of all bands.

    Examples
    --------
    >>> follow = pd.DataFrame({"account_id": range(3), "band": ["detractor", "passive", "promoter"], "days": [5, 9, 9],
    ...                        "left": [True, False, False]})
    >>> hazard_by_band(follow)["limit"].iloc[0]
    '1 event: too few for hazard ratios (10 are needed).'
    """
    check_choice("reference", reference, ORDER)
    check_fraction("confidence_level", confidence_level)
    check_columns(list(follow.columns), ("account_id", "band", "days", "left"), what="the follow-up")
    for unknown in follow.loc[~follow["band"].isin(ORDER), "band"].head(1):
        told = "empty" if pd.isna(unknown) else repr(unknown)
        raise BadValue(f"band in the follow-up is {told}: give {', '.join(ORDER)}, and leave out rows without a band.")
    events = follow.groupby("band")["left"].sum().reindex(list(ORDER), fill_value=0)
    others = [band for band in ORDER if band != reference]
    sizes = {"n": len(follow), "accounts": follow["account_id"].nunique()}
    limit = _hazard_limit(follow, events)
    names = ("hazard_ratio", "low", "high", "pvalue", "logrank_pvalue", "proportional_pvalue")
    found: dict[str, dict[str, float]] = {band: dict.fromkeys(names, np.nan) for band in others}
    if int(events.sum()) >= LEAST_EVENTS and follow["band"].nunique() == len(ORDER):
        # The log-rank test needs no ratio, so it also speaks where a band has no event.
        days, left, band = (follow[name].to_numpy() for name in ("days", "left", "band"))
        logrank = float(survdiff(days, left.astype(int), band)[1])
        found = {band: row | {"logrank_pvalue": logrank} for band, row in found.items()}
    if not limit:
        limit = _fit_cox(follow, others, found, confidence_level)
    rows = [{"band": band, **found[band], "events": int(events[band]), **sizes, "limit": limit} for band in others]
    table = pd.DataFrame(rows)
    table["pvalue_adjusted"] = adjusted(table["pvalue"].to_numpy(dtype=float), adjust=adjust)
    order = ["band", *names[:4], "pvalue_adjusted", "events", "n", "accounts", *names[4:], "limit"]
    return table.loc[:, order]


def _answers(responses: pd.DataFrame) -> tuple[pd.DataFrame, pd.Index[str]]:
    """Return account, score and day of the answers that have a score and a day, and the accounts by number."""
    when = pd.to_datetime(responses["responded_at"], utc=True, format="ISO8601").dt.tz_localize(None).dt.normalize()
    known = (responses["score"].notna() & when.notna()).to_numpy()
    if not known.any():
        raise BadValue("no response has a score and a date: nobody can be followed.")
    codes, ids = numbered_accounts(responses["account_id"])
    score = responses["score"].array[known]
    band_of(pd.Series(score))  # which says what is no score
    rows = pd.DataFrame({"account": codes[known], "score": score.astype(int)})
    return rows.assign(answered_on=when.array[known].astype("datetime64[s]")), ids


def _survival(rows: pd.DataFrame, days: int, confidence_level: float) -> dict[str, object]:
    empty: dict[str, object] = {"followed": len(rows), "at_risk": 0, "events": 0}
    nothing = dict.fromkeys(("survival", "low", "high"), np.nan)
    if rows.empty:
        return empty | nothing | {"limit": "nobody in this band."}
    at_risk = int((rows["days"] >= days).sum())
    events = int((rows["left"] & (rows["days"] <= days)).sum())
    sizes = empty | {"at_risk": at_risk, "events": events}
    if at_risk == 0 and not (rows["left"] & (rows["days"] == rows["days"].max())).any():
        return sizes | nothing | {"limit": f"nobody was followed for {days} days."}
    if events == 0:
        alpha = 1 - confidence_level
        return sizes | {"survival": 1.0, "low": float((alpha / 2) ** (1 / at_risk)), "high": 1.0, "limit": ""}
    curve = SurvfuncRight(rows["days"].to_numpy(), rows["left"].to_numpy(dtype=int))
    step = int(np.searchsorted(curve.surv_times, days, side="right")) - 1
    survival, se = float(curve.surv_prob[step]), float(curve.surv_prob_se[step])
    if survival == 0:
        low, high = 0.0, _none_left(curve, 0.5 + confidence_level / 2)
    else:
        spread = float(stats.norm.ppf(0.5 + confidence_level / 2)) * se / (survival * np.log(survival))
        low, high = (float(survival ** np.exp(sign * spread)) for sign in (-1, 1))
    return sizes | {"survival": survival, "low": low, "high": high, "limit": ""}


def _none_left(curve: SurvfuncRight, level: float) -> float:
    """Return the upper limit of a curve that has come down to nothing.

    Of Y at risk d leave: the share that stays is at most beta(Y - d + 1, d). The product over all times of leaving has
    the mean and the second moment that such betas have; its quantile is that of the beta distribution with those.
    """
    at_risk, left = (np.asarray(part, dtype=float) for part in (curve.n_risk, curve.n_events))
    stays = at_risk - left + 1
    mean = float(np.prod(stays / (at_risk + 1)))
    second = float(np.prod(stays * (stays + 1) / ((at_risk + 1) * (at_risk + 2))))
    strength = (mean - second) / (second - mean**2)
    return float(stats.beta.ppf(level, mean * strength, (1 - mean) * strength))


def _hazard_limit(follow: pd.DataFrame, events: pd.Series[int]) -> str:
    total = int(events.sum())
    present = [band for band in ORDER if (follow["band"] == band).any()]
    if len(present) < len(ORDER):
        missing = ", ".join(band for band in ORDER if band not in present)
        return f"nobody in: {missing}. Bands cannot be compared."
    if total < LEAST_EVENTS:
        return f"{total} event{'s' * (total != 1)}: too few for hazard ratios (10 are needed)."
    none = ", ".join(band for band in ORDER if events[band] == 0)
    return f"no event in: {none}. No ratio can be estimated." if none else ""


def _fit_cox(
    follow: pd.DataFrame, others: list[Band], found: dict[str, dict[str, float]], confidence_level: float
) -> str:
    """Fill in the ratios; return why they are missing, "" where they are not."""
    places = pd.Index([*others, *(name for name in ORDER if name not in others)])
    columns = follow["days"].to_numpy(dtype=float), follow["left"].to_numpy(dtype=bool)
    band, accounts = places.get_indexer(pd.Index(follow["band"])), pd.factorize(follow["account_id"])[0]
    fit, limit = attempt_fit(lambda: cox_by_band(*columns, band, accounts))
    if fit is None or not np.isfinite(fit.errors).all():
        return limit or "the fit has no standard errors."
    quantile = float(stats.norm.ppf(0.5 + confidence_level / 2))
    for place, name in enumerate(others):
        b, se = float(fit.coefficients[place]), float(fit.errors[place])
        found[name] |= {
            "hazard_ratio": float(np.exp(b)),
            "low": float(np.exp(b - quantile * se)),
            "high": float(np.exp(b + quantile * se)),
            "pvalue": float(2 * stats.norm.sf(abs(b) / se)),
            "proportional_pvalue": float(fit.proportional[place]),
        }
    return limit


class Followed(NamedTuple):
    """Accounts followed from their first answer.

    `follow` and `left_out` as `follow_up` returns them; `until`: the last day known; `horizon`: the most days that at
    least half of the accounts could be followed for; `customers`: those accounts, with `churned` and `stayed` by then.
    """

    follow: pd.DataFrame
    left_out: pd.DataFrame
    until: pd.Timestamp
    horizon: int
    customers: pd.DataFrame
