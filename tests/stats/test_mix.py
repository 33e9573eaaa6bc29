"""Mix or real: the parts add up, pure cases are pure, and intervals agree with redrawing the counts."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nps_utils.checks import BadInput
from nps_utils.scale import COUNTS
from nps_utils.stats.counts import count_bands
from nps_utils.stats.each import mix_each
from nps_utils.stats.mix import mix_change, mix_of
from nps_utils.stats.verdicts.independence import UNIT, with_units

Rows = list[tuple[int, int, int]]
WAVE = st.lists(st.tuples(*[st.integers(0, 60)] * 3), min_size=3, max_size=3).filter(
    lambda rows: sum(map(sum, rows)) > 0
)


def table(before: Rows, after: Rows) -> pd.DataFrame:
    """Return band counts of segments s0, s1, ... in waves a and b."""
    parts = [
        pd.DataFrame(rows, columns=list(COUNTS)).assign(segment=[f"s{i}" for i in range(len(rows))], wave=wave)
        for wave, rows in (("a", before), ("b", after))
    ]
    return pd.concat(parts, ignore_index=True)


def split(before: Rows, after: Rows) -> pd.DataFrame:
    """Return the parts of the change from a to b."""
    return mix_change(table(before, after), segment="segment", before="a", after="b")


def pooled(rows: Rows) -> float:
    """Return the score of all segments together."""
    return float(100 * sum(row[2] - row[0] for row in rows) / sum(map(sum, rows)))


@given(before=WAVE, after=WAVE)
@settings(max_examples=60, deadline=None)
def test_parts_add_up_to_the_pooled_change(before: Rows, after: Rows) -> None:
    """Within and mix sum to the change of the pooled score, empty segments or not; swapping waves flips both."""
    found, back = split(before, after), split(after, before)
    total = found.iloc[-1]
    assert total["within"] + total["mix"] == pytest.approx(pooled(after) - pooled(before), abs=1e-9)
    assert total["change"] == pytest.approx(pooled(after) - pooled(before), abs=1e-9)
    assert found["within"].iloc[:-1].sum() == pytest.approx(total["within"], abs=1e-9)
    assert (back["within"].iloc[-1], back["mix_low"].iloc[-1]) == pytest.approx(
        (-total["within"], -total["mix_high"]), abs=1e-9
    )


def test_kitagawa_by_hand() -> None:
    """Two segments, worked with pencil: scores 50 -> 60 and -20 -> 0, shares .8 -> .5."""
    before, after = [(10, 20, 50), (10, 4, 6)], [(5, 10, 35), (20, 10, 20)]
    found = split(before, after)
    assert found["nps_before"].tolist()[:2] == pytest.approx([50, -20])
    assert found["nps_after"].tolist()[:2] == pytest.approx([60, 0])
    assert found["within"].tolist() == pytest.approx([0.65 * 10, 0.35 * 20, 13.5])
    centre = (36 + 30) / 2
    assert found["mix"].tolist() == pytest.approx([-0.3 * (55 - centre), 0.3 * (-10 - centre), -19.5])


def test_pure_cases_are_pure() -> None:
    """The same shares: no mix. The same scores: nothing within."""
    same_shares = split([(10, 20, 70), (20, 20, 10)], [(20, 20, 60), (15, 20, 15)]).iloc[-1]
    assert same_shares["mix"] == pytest.approx(0)
    same_scores = split([(10, 20, 70), (20, 20, 10)], [(5, 10, 35), (40, 40, 20)]).iloc[-1]
    assert same_scores["within"] == pytest.approx(0)


def test_intervals_agree_with_redrawn_counts() -> None:
    """Standard errors equal the spread of 4,000 redrawn surveys, computed by the textbook formula alone."""
    rng = np.random.default_rng(2)
    before = np.array([(60, 90, 150), (40, 40, 40), (20, 60, 100)])
    after = np.array([(50, 60, 190), (60, 80, 60), (30, 30, 40)])
    one, two = (
        rng.multinomial(wave.sum(), wave.ravel() / wave.sum(), size=4000).reshape(-1, 3, 3) for wave in (before, after)
    )
    shares = [wave.sum(axis=2) / wave.sum(axis=(1, 2))[0] for wave in (one, two)]
    scores = [100 * (wave[:, :, 2] - wave[:, :, 0]) / wave.sum(axis=2) for wave in (one, two)]
    within = (shares[0] + shares[1]) / 2 * (scores[1] - scores[0])
    centre = sum((share * nps).sum(axis=1, keepdims=True) for share, nps in zip(shares, scores, strict=True)) / 2
    mix = (shares[1] - shares[0]) * ((scores[0] + scores[1]) / 2 - centre)
    found = split([tuple(row) for row in before.tolist()], [tuple(row) for row in after.tolist()])
    for name, drawn in (("within", within), ("mix", mix)):
        width = (found[f"{name}_high"] - found[f"{name}_low"]) / 2 / 1.959964
        expected = [*drawn.std(axis=0), drawn.sum(axis=1).std()]
        assert width.tolist() == pytest.approx(expected, rel=0.06)


def test_simpson_is_said() -> None:
    """Every segment rises and the total falls: the total row warns with both numbers."""
    found = split([(10, 20, 70), (40, 20, 10)], [(2, 4, 15), (300, 160, 100)])
    assert (found["within"].iloc[:2] > 0).all()
    assert found["change"].iloc[-1] < 0
    assert "signs differ" in found["warning"].iloc[-1]
    assert found["warning"].iloc[:2].tolist() == ["", ""]


def test_a_new_segment_is_mix() -> None:
    """A segment of one wave only has no change within and no limits for it."""
    found = split([(10, 20, 70), (0, 0, 0)], [(10, 20, 70), (30, 10, 10)])
    assert found["within"].tolist()[1:] == pytest.approx([0, 0])
    assert np.isnan(found["within_low"].iloc[1])
    assert found["mix"].iloc[-1] == pytest.approx(found["change"].iloc[-1])


def test_unanimous_segments_are_not_certain() -> None:
    """Five promoters of five in both waves give a width within."""
    found = split([(0, 0, 5), (5, 5, 5)], [(0, 0, 5), (5, 5, 5)])
    assert found["within_high"].iloc[0] > 1


def test_senseless_input_is_named() -> None:
    """A wave without answers, one wave twice, a segment called total, a level like 95."""
    counts = table([(1, 2, 3), (3, 2, 1)], [(1, 2, 3), (3, 2, 1)])
    with pytest.raises(BadInput, match=r"'c'.*a, b"):
        mix_change(counts, segment="segment", before="a", after="c")
    with pytest.raises(BadInput, match="both 'a'"):
        mix_change(counts, segment="segment", before="a", after="a")
    with pytest.raises(BadInput, match="total"):
        mix_change(counts.replace({"segment": {"s0": "total"}}), segment="segment", before="a", after="b")
    with pytest.raises(BadInput, match=r"0\.95"):
        mix_change(counts, segment="segment", before="a", after="b", confidence_level=95)
    with pytest.raises(BadInput, match="country"):
        mix_change(counts, segment="country", before="a", after="b")


def by_account(rng: np.random.Generator, accounts: int, *, alike: float, shares: tuple[float, float]) -> pd.DataFrame:
    """Counts of two waves by segment and account: accounts of unequal size, other ones in each wave."""
    parts = []
    for wave, large in zip("ab", shares, strict=True):
        segment = np.where(rng.random(accounts) < large, "large", "small")
        mixes = np.where((segment == "large")[:, np.newaxis], (0.04, 0.06, 0.90), (0.3, 0.3, 0.4))
        own = np.array([rng.dirichlet(mix * (1 / alike - 1)) for mix in mixes])
        sizes = 1 + rng.poisson(rng.lognormal(1.6, 0.8, accounts))
        counts = rng.multinomial(sizes, own / own.sum(axis=1, keepdims=True))
        named = [f"{wave}{i}" for i in range(accounts)]
        parts.append(pd.DataFrame(counts, columns=list(COUNTS)).assign(wave=wave, segment=segment, account=named))
    return pd.concat(parts, ignore_index=True)


def whole(counts: pd.DataFrame, cluster: str | None) -> pd.Series:
    """Return the total row of the split from a to b."""
    return mix_change(counts, segment="segment", before="a", after="b", cluster=cluster).iloc[-1]


def test_errors_by_account_are_those_of_leaving_accounts_out() -> None:
    """Beside the delete-one-account jackknife of the parts, which knows no formula of theirs."""
    counts = by_account(np.random.default_rng(3), 120, alike=0.2, shares=(0.6, 0.4))
    found = whole(counts, "account")
    left = pd.DataFrame([whole(counts[counts["account"] != name], None) for name in counts["account"].unique()])
    for part in ("within", "mix"):
        values, each = left[part].to_numpy(dtype=float), len(left) / 2
        sides = values[: int(each)], values[int(each) :]
        jackknife = np.sqrt(sum((each - 1) / each * np.sum((side - side.mean()) ** 2) for side in sides))
        width = (found[f"{part}_high"] - found[f"{part}_low"]) / 2
        assert width / jackknife == pytest.approx(2.0, rel=0.12)


def test_accounts_of_one_answer_are_answers() -> None:
    """The intervals of independent answers but for Student's t, and the same parts; so with accounts not known."""
    rng = np.random.default_rng(4)
    answers = np.eye(3, dtype=int)[rng.choice(3, 400, p=(0.2, 0.3, 0.5))]
    frame = {"wave": ["a", "b"] * 200, "segment": ["x", "x", "y", "y"] * 100, "account": [f"a{i}" for i in range(400)]}
    counts = pd.DataFrame(answers, columns=list(COUNTS)).assign(**frame)
    plain = whole(counts, None)
    for own in (whole(counts, "account"), whole(counts.assign(account=None), "account")):
        for name in ("within_low", "within_high", "mix_low", "mix_high"):
            assert own[name] == pytest.approx(plain[name], abs=0.35)


def test_parts_by_account_hold_where_answers_alone_do_not() -> None:
    """12 and 40 unequal accounts that correlate by .3: 95 % less three errors of so few draws, plain .75 at most.

    With 800 draws each: .98 and .94 within, .99 and .97 by mix; of independent answers .61 to .66, .42 to .44.
    """
    rng = np.random.default_rng(5)
    shares, levels = ((0.6, 0.4), (0.4, 0.6)), np.array([86.0, 10.0])
    true = {"within": 0.0, "mix": float((np.array(shares[1]) - shares[0]) @ levels)}
    for accounts in (12, 40):
        held = dict.fromkeys(("within", "mix", "plain within", "plain mix"), 0)
        for _ in range(120):
            counts = by_account(rng, accounts, alike=0.3, shares=(0.6, 0.4))
            for kind, cluster in (("", "account"), ("plain ", None)):
                row = whole(counts, cluster)
                for part, value in true.items():
                    held[kind + part] += row[f"{part}_low"] <= value <= row[f"{part}_high"]
        assert min(held["within"], held["mix"]) >= 0.88 * 120
        assert max(held["plain within"], held["plain mix"]) <= 0.75 * 120


def test_one_account_says_nothing_of_others() -> None:
    """All limits are those of the scale."""
    counts = by_account(np.random.default_rng(6), 8, alike=0.2, shares=(0.5, 0.5))
    one = counts.assign(account=counts["account"].where(counts["wave"] == "b", "a"))
    row = mix_change(one, segment="segment", before="a", after="b", cluster="account").iloc[-1]
    assert (row["within_low"], row["mix_high"]) == (-200, 200)


@pytest.mark.parametrize("accounts", [None, 12, 70, 2000])
def test_many_changes_at_a_time_are_each_by_itself(accounts: int | None) -> None:
    """Counts taken apart once for all pairs give what each pair's own counts do."""
    rng = np.random.default_rng(accounts or 1)
    n = 900
    table = pd.DataFrame(
        {
            "touchpoint": rng.choice(["order", "relationship"], n),
            "wave": rng.choice(["2026-Q1", "2026-Q2", "2026-Q3", "2026-Q4"], n, p=[0.1, 0.2, 0.3, 0.4]),
            "size": rng.choice(np.array(["small", "mid", "large", None], dtype=object), n),
            "score": rng.choice([3, 6, 7, 8, 9, 10], n),
        }
    )
    # A segment of some waves only, and some answers of nobody known.
    table.loc[(table["size"] == "mid") & (table["wave"] == "2026-Q2"), "size"] = "small"
    if accounts is not None:
        account = pd.Series(rng.integers(0, accounts, n)).map("a{}".format).astype("string")
        table["account_id"] = account.mask(pd.Series(rng.random(n) < 0.05))
    found = mix_each(table, segments=["size"])
    assert len(found) == 2 * 3
    for _, row in found.iterrows():
        here = table[table["touchpoint"] == row["touchpoint"]].dropna(subset="size")
        alone = mix_of(here, segment="size", before=row["before"], after=row["after"]).iloc[-1]
        one, other = row[alone.drop("size").index], alone.drop("size")
        told = [name for name in one.index if isinstance(one[name], str)]
        assert one[told].tolist() == other[told].tolist()
        # Accounts are added up in another order: the last of sixteen digits may differ.
        all_at_once, by_itself = (side.drop(told).astype(float).to_numpy() for side in (one, other))
        np.testing.assert_allclose(all_at_once, by_itself, rtol=1e-12, atol=1e-12)


def test_taken_apart_by_hand() -> None:
    """Parts from pandas' own grouping, for answers of accounts some of which are not known."""
    rng = np.random.default_rng(4)
    table = pd.DataFrame({"wave": rng.choice(["1", "2"], 300), "size": rng.choice(["s", "m", "l"], 300)})
    table = table.assign(
        score=rng.integers(0, 11, 300), account_id=rng.choice(np.array([*"abcd", None], dtype=object), 300)
    )
    code = np.select([table["score"] >= 9, table["score"] <= 6], [1.0, -1.0], 0.0)
    mean = table.assign(code=code).pivot_table(index="size", columns="wave", values="code", aggfunc="mean")
    share = pd.crosstab(table["size"], table["wave"], normalize="columns")
    counts = count_bands(with_units(table), by=["wave", "size", UNIT])
    parts = mix_change(counts, segment="size", before="1", after="2", cluster=UNIT).set_index("size")
    within = 100 * (mean["2"] - mean["1"]) * (share["1"] + share["2"]) / 2
    np.testing.assert_allclose(parts["within"].drop("total"), within.loc[parts.index[:-1]], rtol=1e-12)
    mixed = ((share["2"] - share["1"]) * (mean["1"] + mean["2"]) / 2).sum()
    assert float(parts["mix"].loc["total"]) == pytest.approx(100 * float(mixed), rel=1e-12)
