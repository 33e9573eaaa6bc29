"""A change that knows the accounts: against 33 reference values, matrices written out, `compare`, and simulation."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest
from numpy.typing import NDArray
from scipy import optimize, stats

from nps_utils import clustered_change, compare, count_bands, score
from nps_utils.checks import BadInput
from nps_utils.stats import account_change
from nps_utils.stats.weighting.weighted_interval import weighted_score

Floats = NDArray[np.float64]

REFERENCE = pd.read_csv(Path(__file__).parents[1] / "reference" / "small_clusters.csv")
_COLUMNS = {"estimate": "change", "n_star": "n_worth_before", "n_star_after": "n_worth_after", "p": "pvalue"}


def accounts_of(listed: str, weights: str = "") -> pd.DataFrame:
    """Write out `40*0/0/6`: forty accounts of no detractor, no passive and six promoters; one weight per account."""
    parts = [part.rpartition("*") for part in listed.split()]
    counts = [counted for times, _, counted in parts for _ in range(int(times or 1))]
    each = [float(weight) for weight in weights.split()] or [1.0] * len(counts)
    rows = [
        (f"account {at}", value, weight)
        for at, (counted, weight) in enumerate(zip(counts, each, strict=True))
        for value, n in zip((3, 8, 10), map(int, counted.split("/")), strict=True)
        for _ in range(n)
    ]
    return pd.DataFrame(rows, columns=["account_id", "score", "weight"])


def two_waves(before: str, after: str) -> pd.DataFrame:
    """Return both waves; accounts are in the same order."""
    return pd.concat([accounts_of(before).assign(wave=1), accounts_of(after).assign(wave=2)], ignore_index=True)


def drawn(seed: int, *, accounts: int = 7, same: float = 0.5, mix: tuple[float, float] = (0.2, 0.5)) -> pd.DataFrame:
    """Draw two waves of accounts of unequal size and mood, a share of them in both."""
    rng = np.random.default_rng(seed)
    first, later = np.arange(accounts), np.arange(accounts) + round((1 - same) * accounts)
    mood = rng.normal(size=2 * accounts)
    waves = []
    for wave, names in ((1, first), (2, later)):
        account = np.repeat(names, 1 + rng.poisson(np.exp(rng.normal(1.0, 0.7, accounts))))
        latent = 0.6 * mood[account] + 0.8 * rng.normal(size=len(account))
        value = np.select([latent < stats.norm.ppf(mix[0]), latent < stats.norm.ppf(mix[1])], [3, 8], 10)
        waves.append(pd.DataFrame({"wave": wave, "account_id": account.astype(str), "score": value}))
    return pd.concat(waves, ignore_index=True)


@pytest.mark.parametrize("case", REFERENCE.to_dict("records"), ids=REFERENCE["case"])
def test_reference_values_are_found_again(case: dict[str, Any]) -> None:
    """33 cases that two programs written apart agree on; see tests/reference/README.md."""
    if case["kind"] == "one":
        weights = "" if pd.isna(case["weights"]) else case["weights"]
        answers = accounts_of(case["accounts"], weights)
        found = weighted_score(answers, cluster="account_id", weight="weight", confidence_level=case["level"]).iloc[0]
        names = _COLUMNS | {"estimate": "nps", "n_star": "n_worth"}
    else:
        answers, names = two_waves(case["accounts"], case["accounts_after"]), _COLUMNS
        found = clustered_change(answers, confidence_level=case["level"]).iloc[0]
    numbers = ["estimate", "se", "df", "design_effect", "n_star", "n_star_after", "low", "high", "p"]
    wanted = {name: case[name] for name in numbers if name in case}
    ours = {name: found.get(names.get(name, name), np.nan) for name in wanted}
    np.testing.assert_allclose(list(ours.values()), list(wanted.values()), atol=6e-7, rtol=0)


# --- an independent program: matrices, root finders, no sums in closed form -----------------------------------------


def points_of(answers: pd.DataFrame) -> Floats:
    """Return scores as -1, 0, 1."""
    return np.asarray((answers["score"] >= 9).astype(float) - (answers["score"] <= 6).astype(float))


def by_matrices(y: Floats, x: Floats, account: Floats, block: Floats, contrast: Floats) -> tuple[float, float]:
    """CR2 of a regression and its degrees of freedom where answers of one `block` correlate by .02.

    Bell and McCaffrey (2002): residuals of each cluster times (I - H)^(-1/2); df = trace^2 / trace of the square.
    """
    bread = np.linalg.inv(x.T @ x)
    hat = x @ bread @ x.T
    covariance = 0.02 * (block[:, None] == block) + 0.98 * np.eye(len(y))
    residual = y - hat @ y
    pulls, variance = [], 0.0
    for name in np.unique(account):
        rows = account == name
        value, vector = np.linalg.eigh(np.eye(rows.sum()) - hat[np.ix_(rows, rows)])
        assert value.min() > 1e-9
        adjustment = vector @ np.diag(value**-0.5) @ vector.T
        pull = (np.eye(len(y)) - hat)[rows].T @ adjustment @ x[rows] @ bread @ contrast
        variance += float((residual[rows] @ adjustment @ x[rows] @ bread @ contrast) ** 2)
        pulls.append(pull)
    matrix = np.array(pulls) @ covariance @ np.array(pulls).T
    return variance, float(np.trace(matrix) ** 2 / np.sum(matrix**2))


def limits_of(shares: Floats, n: float, z: float) -> tuple[float, float]:
    """Score limits by bracketed roots, the variance at each score by the most likely mix with that score."""
    low, _, high = (float(share) for share in shares)

    def statistic(at: float) -> float:
        # Tango (1998): detractors' share r of the most likely mix with promoters - detractors = at.
        a, b, c = 2.0, -high - low + (2 - high + low) * at, -low * at * (1 - at)
        r = (np.sqrt(max(b * b - 4 * a * c, 0.0)) - b) / (2 * a)
        variance = 2 * r + at - at * at
        return float((high - low - at) * np.sqrt(n) / np.sqrt(max(variance, 1e-300)))

    def limit(sign: int, least: float, most: float) -> float:
        return float(optimize.brentq(lambda at: statistic(at) - sign * z, least, most, xtol=1e-15))

    return limit(1, -1 + 1e-14, high - low), limit(-1, high - low, 1 - 1e-14)


def by_hand(answers: pd.DataFrame, level: float) -> dict[str, float]:
    """The whole computation of a change, apart from ours."""
    y, wave = points_of(answers), answers["wave"].to_numpy() == 2
    account = np.array([float(name) for name in answers["account_id"]])
    x = np.column_stack([np.ones(len(y)), wave.astype(float)])
    variance, df = by_matrices(y, x, account, account + 1000.0 * x[:, 1], np.array([0.0, 1.0]))
    sides = [(y[rows], account[rows]) for rows in (~wave, wave)]
    shares = [np.array([np.mean(points == band) for band in (-1, 0, 1)]) for points, _ in sides]
    sizes = [len(points) for points, _ in sides]
    alike = [
        n**2 / np.sum(np.unique(names, return_counts=True)[1] ** 2.0)
        for n, (_, names) in zip(sizes, sides, strict=True)
    ]
    plain = sum(np.var(points) / len(points) for points, _ in sides)
    nu = min(df, sum(2 * (1 - share.max()) * n for share, n in zip(shares, sizes, strict=True)))
    change = float(sides[1][0].mean() - sides[0][0].mean())

    def interval(tail: float) -> tuple[float, float]:
        z, t = stats.norm.isf(tail), stats.t.isf(tail, max(nu, 0.5))
        factor = (z / t) ** 2 / max(variance / plain, nu / (nu + 1))
        worth = [min(max(n * factor, least), n) for n, least in zip(sizes, alike, strict=True)]
        (low_1, high_1), (low_2, high_2) = (limits_of(share, n, z) for share, n in zip(shares, worth, strict=True))
        t_1, t_2 = (points.mean() for points, _ in sides)
        return change - np.hypot(t_2 - low_2, high_1 - t_1), change + np.hypot(high_2 - t_2, t_1 - low_1)

    low, high = interval((1 - level) / 2)
    nearest = (lambda tail: interval(tail)[0]) if change > 0 else (lambda tail: interval(tail)[1])
    pvalue = 2 * optimize.brentq(nearest, 1e-6, 0.4999, xtol=1e-14)
    return {
        "change": 100 * change,
        "low": 100 * low,
        "high": 100 * high,
        "pvalue": pvalue,
        "se": 100 * np.sqrt(variance),
        "df": nu,
        "design_effect": variance / plain,
    }


@pytest.mark.parametrize("same", [0.0, 0.5, 1.0])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_change_is_what_matrices_and_root_finders_give(seed: int, same: float) -> None:
    """ClubSandwich's CR2 of `lm(y ~ wave)` by its matrices, then every step apart from ours."""
    answers = drawn(seed, same=same)
    wanted = by_hand(answers, 0.9)
    found = clustered_change(answers, confidence_level=0.9).iloc[0]
    np.testing.assert_allclose([found[name] for name in wanted], list(wanted.values()), rtol=1e-7)


# --- the same as score and compare where accounts have one answer ---------------------------------------------------


def test_one_answer_an_account_is_score_and_compare_to_the_last_digit() -> None:
    """Same, partly the same and different accounts; every baseline; groups, one of them without the baseline."""
    rng = np.random.default_rng(4)
    rows = [(w, g, f"{g}{i}") for w in "abc" for g in "xy" for i in rng.choice(60, rng.integers(5, 50), replace=False)]
    answers = pd.DataFrame(rows, columns=["wave", "segment", "account_id"])
    answers["score"] = rng.choice([10, 10, 9, 8, 7, 3, 0], len(answers))
    answers = answers[(answers["wave"] != "a") | (answers["segment"] != "y")]
    counts = count_bands(answers, by=["segment", "wave"])
    for baseline in ("previous", "first", "all_pairs", "a"):
        found = clustered_change(answers, by="segment", baseline=baseline)
        wanted = compare(counts, across="wave", baseline=baseline).drop(columns="family")
        pd.testing.assert_frame_equal(found[wanted.columns], wanted, check_exact=True)
    alone = answers.assign(account_id=None)
    wanted = compare(counts, across="wave", baseline="rest").drop(columns="family")
    for found in (clustered_change(alone, by="segment", baseline="rest"),
                  clustered_change(alone, by="segment", baseline="rest", cluster=None)):  # fmt: skip
        pd.testing.assert_frame_equal(found[wanted.columns], wanted, check_exact=True)
    single = weighted_score(answers, by=["segment", "wave"], cluster="account_id")
    plain = score(counts)
    pd.testing.assert_frame_equal(
        single[["nps", "low", "high", "n"]], plain[["nps", "low", "high", "n"]], check_exact=True
    )


def test_weights_of_one_change_nothing_and_their_unit_does_not_matter() -> None:
    """Weights 1 are none; weights times 7 are the same weights."""
    answers = drawn(5).assign(
        one=1.0, weight=lambda rows: 1 + (np.arange(len(rows)) % 3), seven=lambda r: 7 * r["weight"]
    )
    plain, ones = clustered_change(answers), clustered_change(answers, weight="one")
    pd.testing.assert_frame_equal(plain, ones, check_exact=True)
    pd.testing.assert_frame_equal(
        clustered_change(answers, weight="weight"), clustered_change(answers, weight="seven"), rtol=1e-9
    )


# --- what holds for any answers -------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(5))
def test_interval_and_pvalue_agree_and_time_reversed_is_the_change_reversed(seed: int) -> None:
    """At the level 1 - p the interval ends at zero; waves swapped flip the signs; bands swapped too."""
    answers = drawn(10 + seed, accounts=4 + seed, same=seed / 5)
    row = clustered_change(answers).iloc[0]
    touching = clustered_change(answers, confidence_level=1 - row["pvalue"]).iloc[0]
    assert min(abs(touching["low"]), abs(touching["high"])) < 1e-6
    turned = clustered_change(answers.assign(wave=3 - answers["wave"])).iloc[0]
    assert (turned["low"], turned["high"], turned["pvalue"]) == pytest.approx(
        (-row["high"], -row["low"], row["pvalue"])
    )
    mirror = clustered_change(answers.assign(score=answers["score"].map({3: 10, 8: 8, 10: 3}))).iloc[0]
    assert (mirror["low"], mirror["se"], mirror["df"]) == pytest.approx((-row["high"], row["se"], row["df"]))


def test_groups_are_as_if_alone_and_only_the_adjustment_knows_the_family() -> None:
    """Two groups in one call, and each in a call of its own."""
    answers = pd.concat([drawn(seed).assign(segment=name) for seed, name in ((1, "x"), (2, "y"))])
    both = clustered_change(answers, by=["segment"])
    assert both["segment"].tolist() == ["x", "y"]
    alone = pd.concat([clustered_change(rows) for _, rows in answers.groupby("segment")], ignore_index=True)
    columns = ["change", "low", "high", "pvalue", "se", "df", "n_worth_before", "n_worth_after", "clusters_after"]
    pd.testing.assert_frame_equal(both[columns], alone[columns], rtol=1e-9)
    assert both["pvalue_adjusted"].min() == pytest.approx(min(2 * both["pvalue"].min(), 1.0))
    assert both["family"].iloc[0].startswith("2 comparisons: each wave with the previous one within each segment")


def test_rest_is_all_other_levels_together() -> None:
    """Against relabelled waves; the same account on both sides is one account."""
    answers = pd.concat([drawn(3), drawn(4).query("wave == 2").assign(wave=3)], ignore_index=True)
    found = clustered_change(answers, baseline="rest").set_index("after")
    for wave in (1, 2, 3):
        told = answers.assign(wave=np.where(answers["wave"] == wave, "z", "rest"))
        wanted = clustered_change(told).iloc[0]
        row = found.loc[wave]
        assert row["n_before"] == wanted["n_before"]
        assert (row["low"], row["high"], row["df"]) == pytest.approx((wanted["low"], wanted["high"], wanted["df"]))


def test_other_frames_and_missing_accounts() -> None:
    """Polars gives the same; an answer without an account, or with a blank one, is an account of its own."""
    answers = drawn(6)
    pd.testing.assert_frame_equal(clustered_change(pl.from_pandas(answers)), clustered_change(answers))
    answers.loc[[0, 1], "account_id"] = None
    answers.loc[2, "account_id"] = "  "
    named = answers.assign(account_id=answers["account_id"].mask(answers.index < 3, "own " + answers.index.astype(str)))
    pd.testing.assert_frame_equal(clustered_change(answers), clustered_change(named))


def test_one_account_says_nothing_about_others_and_no_interval_is_without_width() -> None:
    """One account in either wave: no p; two accounts that answer alike: as wide as two answers."""
    alone = clustered_change(two_waves("3/0/9 1/1/1", "0/1/2")).iloc[0]
    assert (alone["low"], alone["high"]) == (-200, 200)
    assert alone[["pvalue", "se", "df", "design_effect"]].isna().all()
    assert alone["change"] == pytest.approx(100 * (2 / 3 - 6 / 15))
    pair = pd.DataFrame({"score": [9, 3, 9, 3], "account_id": [*"aabb"]})
    row = weighted_score(pair, cluster="account_id").iloc[0]
    assert row["low"] < -80
    assert row["high"] > 80
    still = clustered_change(pd.concat([pair.assign(wave=1), pair.assign(wave=2)])).iloc[0]
    assert still["low"] < -100
    assert still["pvalue"] == 1


@pytest.mark.parametrize(
    ("change", "options", "message"),
    [
        ({"score": 11}, {}, r'row 0, column "score": 11 '),
        ({"wave": None}, {}, 'responses, row 0, column "wave" is empty'),
        ({}, {"across": "wve"}, 'Did you mean "wave"'),
        ({}, {"cluster": "acount_id"}, 'Did you mean "account_id"'),
        ({}, {"by": "wave"}, "cannot be a group as well"),
        ({}, {"baseline": "last"}, "neither one of previous, first, all_pairs, rest nor a level"),
        ({}, {"adjust": "hölm"}, "adjust"),
        ({}, {"confidence_level": 95}, r"Write 0\.95"),
        ({}, {"by": "account_id", "across": "person"}, "no group has two levels"),
        ({"weight": 0.0}, {"weight": "weight"}, r'row 0, column "weight": 0\.0 is not a weight'),
        ({}, {"stratum": "account_id"}, "one cluster only in"),
    ],
)
def test_nonsense_is_refused(change: dict[str, Any], options: dict[str, Any], message: str) -> None:
    """The message names the row, the column and the value, or the argument."""
    answers = drawn(7).assign(weight=1.0)
    answers = answers.assign(person=answers["account_id"]).astype({"score": object, "wave": object})
    for column, value in change.items():
        answers.loc[0, column] = value
    with pytest.raises(BadInput, match=message):
        clustered_change(answers, **options)


# --- it holds where it should: few draws here, thousands in the design ----------------------------------------------


def surveys(rng: np.random.Generator, draws: int, names: NDArray[np.int64], sizes: NDArray[np.int64], mood: Floats,
            mix: tuple[float, float]) -> pd.DataFrame:  # fmt: skip
    """Draw many surveys at once: rows of `names`, `sizes` and `mood` (latent, with their share of the variance)."""
    share = float(np.var(mood)) if mood.any() else 0.0
    account = np.repeat(np.arange(names.size), sizes.ravel())
    latent = mood.ravel()[account] + np.sqrt(max(1 - share, 0.0)) * rng.normal(size=len(account))
    value = np.select([latent < stats.norm.ppf(mix[0]), latent < stats.norm.ppf(mix[1])], [3, 8], 10)
    draw = np.repeat(np.arange(draws), names.shape[1])[account]
    return pd.DataFrame({"draw": draw, "account_id": names.ravel()[account], "score": value})


def equal(rng: np.random.Generator, shape: tuple[int, int]) -> NDArray[np.int64]:
    """Six answers each."""
    return np.full(shape, 6)


def lopsided(rng: np.random.Generator, shape: tuple[int, int]) -> NDArray[np.int64]:
    """Lognormal, median 6."""
    return np.maximum(1, np.round(6 * np.exp(0.8 * rng.normal(size=shape)))).astype(np.int64)


def giant(rng: np.random.Generator, shape: tuple[int, int]) -> NDArray[np.int64]:
    """Half of all answers in one account."""
    sizes = np.full(shape, 6)
    sizes[:, 0] = 6 * (shape[1] - 1)
    return sizes


Sizes = Callable[[np.random.Generator, tuple[int, int]], NDArray[np.int64]]


@pytest.mark.parametrize("mix", [(0.15, 0.45), (0.05, 0.10)], ids=["+40", "+85"])
@pytest.mark.parametrize("sizes", [equal, lopsided, giant])
@pytest.mark.parametrize("accounts", [5, 12, 30])
def test_intervals_of_a_score_hold_the_truth(accounts: int, sizes: Sizes, mix: tuple[float, float]) -> None:
    """600 surveys each, accounts alike by .1, answers of unequal weight: .93 less twice the error of simulation."""
    rng, draws = np.random.default_rng(accounts), 600
    names = np.arange(draws * accounts).reshape(draws, accounts)
    mood = np.sqrt(0.1) * rng.normal(size=names.shape)
    answers = surveys(rng, draws, names, sizes(rng, names.shape), mood, mix)
    answers["weight"] = np.exp(0.4 * rng.normal(size=len(answers)))
    truth = 100 * (1 - mix[1] - mix[0])
    for weight in (None, "weight"):
        table = weighted_score(answers, by="draw", cluster="account_id", weight=weight)
        assert ((table["low"] <= truth) & (truth <= table["high"])).mean() >= 0.93 - 0.02


@pytest.mark.parametrize("sizes", [equal, lopsided, giant])
@pytest.mark.parametrize("same", [0.0, 0.5, 1.0])
@pytest.mark.parametrize("accounts", [8, 20])
def test_no_change_is_rarely_called_one(accounts: int, same: float, sizes: Sizes) -> None:
    """300 pairs of waves each, correlation .05 of the account and .05 of account and wave; `compare` reaches .70."""
    rng, draws = np.random.default_rng(accounts), 300
    every = np.sqrt(0.05) * rng.normal(size=(draws, 2 * accounts))
    waves = []
    for wave, start in ((1, 0), (2, round((1 - same) * accounts))):
        columns = np.arange(start, start + accounts)
        names = np.arange(draws)[:, None] * 2 * accounts + columns
        mood = every[:, columns] + np.sqrt(0.05) * rng.normal(size=names.shape)
        waves.append(surveys(rng, draws, names, sizes(rng, names.shape), mood, (0.15, 0.45)).assign(wave=wave))
    table = clustered_change(pd.concat(waves, ignore_index=True), by="draw", adjust="none")
    assert (table["pvalue"] < 0.05).mean() <= 0.05 + 0.03


@pytest.mark.parametrize("baseline", ["previous", "rest"])
def test_pairs_of_many_accounts_are_compared_a_few_at_a_time(baseline: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of ten million answers the sums of all pairs took gigabytes; each pair has the same numbers by itself."""
    draws = np.random.default_rng(3)
    table = pd.DataFrame(
        {
            "wave": draws.integers(1, 6, 600),
            "part": draws.choice([*"abc"], 600),
            "account_id": draws.integers(0, 40, 600),
            "score": draws.integers(0, 11, 600),
        }
    )
    whole = clustered_change(table, by="part", baseline=baseline)
    for most in (1, 100, 300):
        monkeypatch.setattr(account_change, "_MOST_CELLS", most)
        pd.testing.assert_frame_equal(clustered_change(table, by="part", baseline=baseline), whole, check_exact=True)
