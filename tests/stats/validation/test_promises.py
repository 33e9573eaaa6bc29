"""Promises are judged by the rows they speak of, and broken ones are said."""

from __future__ import annotations

import pandas as pd
import pytest

from nps_utils.figures import methods as pictures
from nps_utils.pages.page import alt_text
from nps_utils.stats.validation.promises import Evidence, largest_alarms, largest_sizes, promises, versions
from nps_utils.tables import methods as told


def evidence() -> Evidence:
    """Return evidence made up by hand: every promise is kept, by a known margin."""

    def covered(methods: list[str], n: list[int], first: list[float]) -> pd.DataFrame:
        return pd.DataFrame({"method": methods, "n": n, "coverage_first_percentile": first, "coverage_least": first})

    sizes = pd.DataFrame(
        {
            "method": ["score", "score", "welch"],
            "n_before": [10, 10, 10],
            "n_after": [10, 40, 40],
            "size": [0.050, 0.054, 0.160],
        }
    )
    alarms = pd.DataFrame(
        {
            "method": ["sequence", "sequence", "difference_sequence", "fixed"],
            "per_look": [5, 5, 5, 5],
            "false_alarms": [0.02, 0.03, 0.01, 0.40],
            "final_width": [10.0, 20.0, 30.0, 5.0],
        }
    )
    # At n = 5 nothing is promised, so .80 there breaks nothing.
    one = covered(["score", "score", "wald", "wald"], [5, 10, 5, 10], [0.80, 0.95, 0.5, 0.7])
    return Evidence(
        one=one,
        finite=covered(["score", "exact"], [12, 12], [0.95, 0.96]).assign(population=20),
        change=covered(["score", "wald"], [10, 10], [0.946, 0.8]),
        size=sizes,
        target=pd.DataFrame({"size_largest": [0.05]}),
        panel=pd.DataFrame({"coverage": [0.95, 0.96]}),
        mean=pd.DataFrame({"coverage": [0.95]}),
        mix=pd.DataFrame({"segment": ["a", "total"], "coverage": [0.5, 0.95]}),
        trend=pd.DataFrame({"slope": [0.05], "scatter": [0.04], "equal": [0.05]}),
        alarms=alarms,
        clustered=pd.DataFrame({"accounts": [8, 20], "by_account": [0.97, 0.95]}),
        account_change=pd.DataFrame({"by_account": [0.03, 0.05], "by_answer": [0.2, 0.4]}),
        account_trend=pd.DataFrame({"slope": [0.04], "equal": [0.05]}),
        account_mix=pd.DataFrame({"by_account": [0.96, 0.95], "by_answer": [0.4, 0.6]}),
        account_looks=pd.DataFrame({"sequence": [0.0, 0.04], "control": [0.1, 0.1]}),
        experiment=pd.DataFrame({"plain": [0.05], "adjusted": [0.04]}),
        segments=pd.DataFrame({"shrunk": [0.95]}),
        ranks=pd.DataFrame({"coverage": [0.99]}),
    )


def test_all_kept() -> None:
    """Rows that a promise does not speak of (n = 5, single segments, answers without accounts) break nothing."""
    kept = promises(evidence())
    assert kept["kept"].all()
    assert set(kept["target"]) == {0.95, 0.05}
    said = f"{len(kept)} of {len(kept)} methods hold their nominal 95 % or 5 % in the worst case that was tried."
    assert told.promises_sentence(kept) == said


@pytest.mark.parametrize(
    ("part", "column", "value", "what"),
    [
        ("one", "coverage_first_percentile", 0.92, "one score"),
        ("size", "size", 0.056, "no change"),
        ("account_change", "by_account", 0.10, "no change"),
        ("account_mix", "by_account", 0.85, "mix or real"),
        ("account_looks", "sequence", 0.2, "weekly looks"),
        ("experiment", "adjusted", 0.15, "no effect"),
        ("alarms", "false_alarms", 0.08, "weekly looks"),
        ("ranks", "coverage", 0.88, "ranks"),
        ("clustered", "by_account", 0.91, "accounts alike"),
    ],
)
def test_a_broken_promise_is_named(part: str, column: str, value: float, what: str) -> None:
    """One number past its promise makes exactly the promises that rest on it unkept, and the sentence says which."""
    whole = evidence()
    table = getattr(whole, part).copy()
    table[column] = value
    kept = promises(whole._replace(**{part: table}))
    assert what in set(kept.loc[~kept["kept"], "what"])
    assert "the worst case of the others: " in told.promises_sentence(kept)


def test_worst_cases_are_the_largest() -> None:
    """Largest over nulls and mixes; widths are means."""
    assert largest_sizes(evidence().size)["size"].tolist() == [0.050, 0.054, 0.160]
    row = largest_alarms(evidence().alarms).set_index("method").loc["sequence"]
    assert row["false_alarms"] == 0.03
    assert row["final_width"] == 15.0


def test_pictures_say_what_they_show() -> None:
    """Title and text hold the numbers; every method has a name."""
    whole = evidence()
    assert "95.0 %" in alt_text(pictures.coverage(whole.one))
    assert "16.0 %" in alt_text(pictures.false_alarms(largest_sizes(whole.size)))
    assert "40.0 %" in alt_text(pictures.looking(largest_alarms(whole.alarms)))
    assert set(promises(whole)["method"]) <= set(told.METHODS)


def test_versions_are_those_installed() -> None:
    """As the library itself says."""
    found = versions().set_index("library")["version"]
    assert found["pandas"] == pd.__version__
